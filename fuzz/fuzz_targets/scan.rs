//! Any picture of a page, through all of the scan reader that needs no other program: rulings, marks, lines, and what is
//! believed of what somebody reads there. A file that begins like a picture is taken as it is.
#![no_main]

use huizong::decode::{Decoder, Read, Seen, Strip, decoder};
use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

/// A page of 150 by 200 points with nothing but a picture on it, eight dots a byte.
fn page(dots: &[u8], across: usize) -> Vec<u8> {
    let down = (dots.len() * 8 / across).max(1);
    let head = format!("/Width {across} /Height {down} /ColorSpace /DeviceGray /BitsPerComponent 1");
    let draw = "150 0 0 200 0 0 cm /P Do";
    let mut pdf = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
        3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 150 200] /Resources << /XObject << /P 4 0 R >> >> /Contents 5 0 R >>\nendobj\n"
        .to_vec();
    pdf.extend(format!("4 0 obj\n<< /Type /XObject /Subtype /Image {head} /Length {} >>\nstream\n", dots.len()).bytes());
    pdf.extend(dots);
    pdf.extend(format!("\nendstream\nendobj\n5 0 obj\n<< /Length {} >>\nstream\n{draw}\nendstream\nendobj\ntrailer\n<< /Size 6 /Root 1 0 R >>\n", draw.len()).bytes());
    pdf
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, dots)) = bytes.split_first() else { return };
    // What is seen depends on the strip alone; some readings agree, others do not.
    let recognise = |strips: &[&Strip]| {
        let seen = |strip: &&Strip, n: usize| {
            let sum: usize = strip.picture.dots.iter().map(|d| usize::from(*d)).sum::<usize>() + strip.picture.width + n * usize::from(*first & 3);
            let text = ["0", "12", "3,4", "规章", "一、总体情况", "", "—", "总计 5", "\u{fffd}7"][sum % 9];
            Seen { text: text.to_string(), confidence: (sum % 100) as f32 }
        };
        Some(strips.iter().map(|strip| (0..if strip.may_be_number() { 4 } else { 2 }).map(|n| seen(strip, n)).collect()).collect())
    };
    let is_picture = [b"\x89PNG".as_slice(), b"\xff\xd8\xff", b"II*\0", b"MM\0*"].iter().any(|head| bytes.starts_with(head));
    let pages = if is_picture { bytes.to_vec() } else { page(dots, 8 * (1 + usize::from(*first) % 40)) };
    if let Ok(Decoder { read: Read::Pages(read), .. }) = decoder(Path::new(""), &pages) {
        let _ = read(&pages, &SETTINGS.limits, Some(&recognise));
    }
});
