//! PDF files made to break a reader: broken, locked, without end. Each is read on a small stack, as the
//! workers of a run have, and must end in a reading or in a reason.

use huizong::read::{Reading, Status, read};
use huizong::settings::Settings;
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let mut settings = Settings::load_for_parsing(Path::new("config")).expect("the project's configuration");
    // The limits of the project take their time where nothing is optimised.
    settings.limits.unpacked_mib = 8;
    settings.limits.page_marks = 20_000;
    settings
});

/// Reads bytes as a worker would.
fn reading(bytes: Vec<u8>) -> Reading {
    let worker = std::thread::Builder::new().stack_size(2 << 20);
    worker.spawn(move || read("2021/report.pdf", &bytes, &[], &SETTINGS)).expect("a thread").join().expect("no panic")
}

fn rules(reading: &Reading) -> Vec<&str> {
    reading.findings.iter().map(|f| f.rule.as_ref()).collect()
}

fn reason(reading: &Reading) -> String {
    assert_eq!(reading.status, Status::Unreadable);
    let english = |f: &huizong::finding::Finding| f.message(&SETTINGS.rules, huizong::finding::Lang::En);
    reading.findings.iter().map(english).collect::<Vec<_>>().join("\n")
}

/// A file of these objects; the first is its catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.7\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1).expect("a string");
    }
    let start = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).expect("a string");
    for place in places {
        writeln!(out, "{place:010} 00000 n ").expect("a string");
    }
    write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).expect("a string");
    out.into_bytes()
}

fn stream(dict: &str, content: &str) -> String {
    format!("<< {dict} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// A file of one page that draws `content`, with further objects from number 5 on.
fn page(content: &str, resources: &str, more: &[String]) -> Vec<u8> {
    let font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {font} {resources} >> >>"),
        stream("", content),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

fn form(content: &str, draws: &str) -> String {
    stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << {draws} >> >>"), content)
}

#[test]
fn plain_text_is_read() {
    let reading = reading(page("BT /F 12 Tf 72 700 Td (Disclosure 2021) Tj ET", "", &[]));
    assert_eq!(rules(&reading), ["report.not_a_report"]);
}

#[test]
fn broken_files_are_named_as_such() {
    let whole = page("BT /F 12 Tf 72 700 Td (Disclosure 2021) Tj ET", "", &[]);
    for length in (0..whole.len()).step_by(7) {
        reading(whole[..length].to_vec());
    }
    assert!(reason(&reading(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec())).contains("damaged"));
    let none = file(&["<< /Type /Catalog /Pages 2 0 R >>".to_string(), "<< /Type /Pages /Kids [] /Count 0 >>".to_string()]);
    assert!(reason(&reading(none)).contains("damaged"));
    assert!(reason(&reading(page("", "", &[]))).contains("empty"));
}

#[test]
fn pictures_of_pages_are_scans() {
    let picture = stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "0");
    let scan = page("q 595 0 0 842 0 0 cm /P Do Q", "/XObject << /P 5 0 R >>", &[picture]);
    assert!(reason(&reading(scan)).contains("scanned"));
}

#[test]
fn a_large_picture_on_a_page_of_text_is_told() {
    let text = "BT /F 12 Tf 72 700 Td (Disclosure of government information 2021) Tj ET";
    let told = |place: &str| {
        let picture = stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "0");
        rules(&reading(page(&format!("{text} q {place} cm /P Do Q"), "/XObject << /P 5 0 R >>", &[picture]))).contains(&"report.pictures")
    };
    assert!(told("450 0 0 120 72 400"), "as a table");
    assert!(!told("60 0 0 60 72 400"), "as a crest");
}

#[test]
fn forms_that_draw_forms_come_to_an_end() {
    // Each of 30 forms draws the next one ten times.
    let forms: Vec<String> = (0..30).map(|n| form(&"/N Do ".repeat(10), &format!("/N {} 0 R", n + 6))).chain([form("0 0 1 1 re f", "")]).collect();
    assert!(reason(&reading(page("/N Do", "/XObject << /N 5 0 R >>", &forms))).contains("page_marks"));
    // One that draws itself.
    reading(page("/N Do", "/XObject << /N 5 0 R >>", &[form("/N Do /N Do", "/N 5 0 R")]));
}

#[test]
fn a_page_may_not_draw_for_ever() {
    let marks = SETTINGS.limits.page_marks;
    assert!(reason(&reading(page(&"0 0 m 9 9 l S\n".repeat(marks * 4), "", &[]))).contains("page_marks"));
    let text = format!("BT /F 1 Tf ({}) Tj ET", "1".repeat(100_000));
    assert!(reason(&reading(page(&text, "", &[]))).contains("page_marks"));
}

#[test]
fn packed_streams_may_not_fill_the_memory() {
    // Zeros pack about a thousand to one, and so do their packed bytes.
    let zeros = vec![0u8; (SETTINGS.limits.unpacked_mib as usize + 1) << 20];
    let mut packed = Vec::new();
    let mut packer = flate2::Compress::new(flate2::Compression::best(), true);
    packed.reserve(4 << 20);
    packer.compress_vec(&zeros, &mut packed, flate2::FlushCompress::Finish).expect("packed");
    let mut bytes = page("", "", &[]);
    let place = bytes.len();
    bytes.extend_from_slice(format!("9 0 obj\n<< /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).as_bytes());
    bytes.extend_from_slice(&packed);
    bytes.extend_from_slice(b"\nendstream\nendobj\n");
    assert!(place < bytes.len());
    assert!(reason(&reading(bytes)).contains("unpacked_mib"));
}

#[test]
fn deep_nesting_takes_no_stack() {
    for (open, close) in [("[", "]"), ("<< /A ", " >>"), ("(", ")")] {
        let deep = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
        reading(page(&format!("{deep} TJ BT /F 12 Tf (1) Tj ET"), "", std::slice::from_ref(&deep)));
        reading(file(&["<< /Type /Catalog /Pages 2 0 R >>".to_string(), format!("<< /Type /Pages /Kids {deep} /Count 1 >>")]));
    }
    // Folders of pages that hold themselves.
    let round = file(&["<< /Type /Catalog /Pages 2 0 R >>".to_string(), "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>".to_string()]);
    assert!(reason(&reading(round)).contains("damaged"));
}

/// Reports of the sample data as real programs print them: in `tests/files/pdf`, a file called by its maker.
#[test]
fn prints_hold_what_their_texts_hold() {
    let printed = [("chromium", "data/reports/2022/青岚区", "松涛街道办事处"), ("rotated", "data/reports/2021/青岚区", "竹园乡")];
    for (maker, folder, name) in printed {
        // The sample data hand it in in a format of its own.
        let mut files = std::fs::read_dir(folder).expect("sample data").map(|e| e.expect("entry").path());
        let text = files.find(|path| path.file_stem().is_some_and(|stem| stem == name)).expect("the report in the sample data");
        let called = text.to_string_lossy().to_string();
        let pdf = read(&format!("{folder}/{name}.pdf"), &std::fs::read(format!("tests/files/pdf/{maker}.pdf")).expect("the print"), &[], &SETTINGS);
        let text = read(&called, &std::fs::read(&text).expect("the text"), &[], &SETTINGS);
        let facts = |reading: &Reading| -> Vec<String> {
            let item = |f: &huizong::fact::Fact| &SETTINGS.catalog.items[usize::from(f.item)];
            let all = reading.facts.iter();
            let mut all: Vec<String> = all.map(|f| format!("{} {:?} {:?} {:?}", item(f).indicator, item(f).applicant, f.channel, f.number())).collect();
            all.sort();
            all
        };
        assert_eq!(facts(&pdf), facts(&text), "{maker}");
        assert_eq!((rules(&pdf), pdf.year, pdf.office, pdf.published_on), (rules(&text), text.year, text.office, text.published_on), "{maker}");
        assert!(pdf.facts.iter().all(|f| f.at.page > 0), "{maker}: places have pages");
    }
}

#[test]
fn changed_bytes_end_in_a_reading_or_a_reason() {
    let folder = Path::new("tests/files/pdf");
    let mut seed = 7u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let files = std::fs::read_dir(folder).expect("files of real programs").map(|e| e.expect("entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "pdf")).collect();
    files.sort();
    for path in files {
        let whole = std::fs::read(&path).expect("a file");
        for _ in 0..5 {
            let mut bytes = whole.clone();
            for _ in 0..1 + next(60) {
                let at = next(bytes.len());
                bytes[at] = next(256) as u8;
            }
            bytes.truncate(bytes.len() - next(2) * next(whole.len()));
            reading(bytes);
        }
    }
}

#[test]
fn a_password_to_open_is_named_and_one_to_edit_is_not_needed() {
    let locked = std::fs::read("tests/files/pdf/locked.pdf").expect("the file");
    assert!(reason(&reading(locked)).contains("password"));
    let protected = std::fs::read("tests/files/pdf/protected.pdf").expect("the file");
    assert_ne!(reading(protected).status, Status::Unreadable);
}
