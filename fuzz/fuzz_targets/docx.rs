//! Word documents through the whole reading of one report. Bytes that are no zip are taken for the XML
//! of a part and packed here, as a fuzzer does not find its way through packed data.
#![no_main]

use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

mod packed;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        huizong::read::read("2020/report.docx", bytes, &[], &SETTINGS);
        return;
    }
    // A zero parts the text from styles, numbering and notes.
    let mut parts = bytes.split(|b| *b == 0);
    let text = parts.next().unwrap_or_default();
    let names = ["styles", "numbering", "footnotes"];
    let links: String = names.iter().map(|n| format!("<Relationship Id=\"{n}\" Type=\"{KIND}/{n}\" Target=\"{n}.xml\"/>")).collect();
    let links = format!("<Relationships>{links}</Relationships>");
    let names = names.map(|n| format!("word/{n}.xml"));
    let mut files: Vec<(&str, &[u8])> = vec![("word/document.xml", text), ("word/_rels/document.xml.rels", links.as_bytes())];
    files.extend(names.iter().map(String::as_str).zip(parts));
    huizong::read::read("2020/report.docx", &packed::zip(&files), &[], &SETTINGS);
});
