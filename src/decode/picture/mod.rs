//! Pictures of pages as files of their own (PNG, JPEG): photos, screenshots and scans. A picture becomes a PDF of one page,
//! and is read as a scan like any other. What belongs together cannot be told from pictures: each is a page by itself.

mod png;

use super::{Decoded, Limits, Recogniser, Unreadable, pdf};

/// Whether bytes are a PNG.
pub(super) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Whether bytes are a JPEG.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
}

/// A picture is nothing to read as long as nobody recognises it.
pub(super) fn read(_: &[u8], _: &Limits) -> Result<Decoded, Unreadable> {
    Err(Unreadable::Scan)
}

/// Reads a picture by what `recognise` sees on it.
pub(super) fn read_with(bytes: &[u8], limits: &Limits, recognise: &Recogniser<'_>) -> Result<Decoded, Unreadable> {
    let page = match is_png(bytes) {
        true => {
            let picture = png::gray(bytes, limits)?;
            page(picture.width, picture.height, "/ColorSpace /DeviceGray /BitsPerComponent 8", &picture.dots)
        }
        false => {
            let (width, height, parts) = frame(bytes).ok_or(Unreadable::Damaged)?;
            let colours = match parts {
                1 => "Gray",
                4 => "CMYK",
                _ => "RGB",
            };
            page(width, height, &format!("/ColorSpace /Device{colours} /BitsPerComponent 8 /Filter /DCTDecode"), bytes)
        }
    };
    pdf::read_with(&page, limits, Some(recognise))
}

/// The width and height of a JPEG and of how many colours it is made; none if it is cut before it says so.
fn frame(bytes: &[u8]) -> Option<(usize, usize, u8)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1).filter(|_| bytes[at] == 0xff)?;
        let number = |from: usize| Some(usize::from(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?)));
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => return Some((number(at + 7)?, number(at + 5)?, *bytes.get(at + 9)?)),
            _ => at += 2 + number(at + 2)?,
        }
    }
}

/// A PDF of one page, as wide as a sheet of A4, with nothing but a picture on it.
fn page(width: usize, height: usize, kind: &str, content: &[u8]) -> Vec<u8> {
    const UPRIGHT: usize = 595;
    const ACROSS: usize = 842;
    let wide = if width > height { ACROSS } else { UPRIGHT };
    let tall = (wide * height).div_ceil(width.max(1)).max(1);
    let draw = format!("{wide} 0 0 {tall} 0 0 cm /P Do");
    let heads = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {tall}] /Resources << /XObject << /P 4 0 R >> >> /Contents 5 0 R >>"),
        format!("<< /Type /XObject /Subtype /Image /Width {width} /Height {height} {kind} /Length {} >>", content.len()),
        format!("<< /Length {} >>", draw.len()),
    ];
    let streams: [Option<&[u8]>; 5] = [None, None, None, Some(content), Some(draw.as_bytes())];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, (head, stream)) in (1..).zip(heads.iter().zip(streams)) {
        places.push(pdf.len());
        pdf.extend(format!("{number} 0 obj\n{head}\n").into_bytes());
        if let Some(stream) = stream {
            pdf.extend(b"stream\n");
            pdf.extend(stream);
            pdf.extend(b"\nendstream\n");
        }
        pdf.extend(b"endobj\n");
    }
    let table = pdf.len();
    let rows: String = places.iter().map(|at| format!("{at:010} 00000 n \n")).collect();
    pdf.extend(format!("xref\n0 6\n0000000000 65535 f \n{rows}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    pdf
}
