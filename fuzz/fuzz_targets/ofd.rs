//! The parts of an OFD, parted by zero bytes, packed here so that the XML is what mutates: page, resources,
//! template, notes, document. A part that is left out is a plain one.
#![no_main]

use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

const ROOT: &[u8] = b"<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>";
const DOCUMENT: &[u8] = b"<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea><PublicRes>R.xml</PublicRes>\
<TemplatePage ID='7' BaseLoc='T.xml'/></CommonData><Pages><Page ID='1' BaseLoc='P.xml'/><Page ID='2' BaseLoc='P.xml'/></Pages>\
<Annotations>A.xml</Annotations></Document>";
const LIST: &[u8] = b"<Annotations><Page PageID='1'><FileLoc>N.xml</FileLoc></Page></Annotations>";

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|b| *b == 0);
    let mut part = |plain: &'static [u8]| parts.next().filter(|p| !p.is_empty()).unwrap_or(plain).to_vec();
    let (page, resources, template, notes) = (part(b"<P/>"), part(b"<Res/>"), part(b"<P/>"), part(b"<N/>"));
    let document = part(DOCUMENT);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let files: [(&str, &[u8]); 7] =
        [("OFD.xml", ROOT), ("D.xml", &document), ("P.xml", &page), ("R.xml", &resources), ("T.xml", &template), ("A.xml", LIST), ("N.xml", &notes)];
    for (name, content) in files {
        zip.start_file(name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).expect("a new name");
        zip.write_all(content).expect("memory takes all");
    }
    let ofd = zip.finish().expect("a zip").into_inner();
    huizong::read::read("2020/report.ofd", &ofd, &[], &SETTINGS);
});
