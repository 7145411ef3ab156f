//! Spreadsheets through the whole reading of one report: files as they are, and the XML of parts, packed
//! here as the sheet, its texts and its styles, or as the content of an OpenDocument file.
#![no_main]

use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

mod packed;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") || bytes.starts_with(OLE) {
        // Panics of the reader of old workbooks are caught by the pipeline; here, what is none counts.
        let _ = std::panic::catch_unwind(|| huizong::read::read("2020/report.xls", bytes, &[], &SETTINGS));
        return;
    }
    if memchr::memmem::find(bytes, b"table:table").is_some() {
        let files: [(&str, &[u8]); 2] = [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", bytes)];
        huizong::read::read("2020/report.ods", &packed::zip(&files), &[], &SETTINGS);
        return;
    }
    let mut parts = bytes.split(|b| *b == 0);
    let names = [("s1", "worksheet"), ("sharedStrings", "sharedStrings"), ("styles", "styles")];
    let links: String = names.iter().map(|(n, kind)| format!("<Relationship Id=\"{n}\" Type=\"{KIND}/{kind}\" Target=\"{n}.xml\"/>")).collect();
    let links = format!("<Relationships>{links}</Relationships>");
    let workbook: &[u8] = b"<workbook><sheets><sheet name=\"1\" r:id=\"s1\"/></sheets></workbook>";
    let mut files: Vec<(&str, &[u8])> = vec![("xl/workbook.xml", workbook), ("xl/_rels/workbook.xml.rels", links.as_bytes())];
    files.extend(["xl/s1.xml", "xl/sharedStrings.xml", "xl/styles.xml"].into_iter().zip(&mut parts));
    huizong::read::read("2020/report.xlsx", &packed::zip(&files), &[], &SETTINGS);
});
