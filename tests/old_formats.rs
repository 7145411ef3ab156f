//! Old formats through LibreOffice, where it is installed: every cell as in the report it was made from,
//! alone and in an archive, beside files that cannot be converted.

mod pipeline;

use huizong::convert;
use huizong::document::Block;
use huizong::fact::{Fact, State};
use huizong::finding::Lang;
use huizong::read::{Reading, Status, read};
use huizong::settings::Settings;
use std::io::{Cursor, Write};
use std::path::Path;

/// Made by LibreOffice from the report beside it.
const DOC: &str = "tests/files/三河镇人民政府2022.doc";
const SOURCE: &str = "tests/files/三河镇人民政府2022.md";

#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn installed() -> bool {
    let found = convert::program().is_some();
    if !found {
        eprintln!("skipped: LibreOffice is not installed");
    }
    found
}

fn settings() -> Settings {
    Settings::load(Path::new("config")).expect("the project's configuration")
}

/// Which item has which state and value; lines differ between formats.
fn facts(reading: &Reading) -> Vec<(u16, Option<u8>, State, Option<f64>)> {
    let one = |f: &Fact| (f.item, f.channel, f.state, f.number());
    reading.facts.iter().map(one).collect()
}

fn container(streams: &[&str]) -> Vec<u8> {
    let name = |name: &&str| name.encode_utf16().chain(std::iter::repeat(0)).take(32).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain(vec![0; 504]).chain(streams.iter().flat_map(name)).collect()
}

#[test]
fn a_word_file_gives_every_cell_of_the_report_it_was_made_from() {
    if !installed() {
        return;
    }
    let doc = std::fs::read(DOC).expect("the sample");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("三河镇.wps", zip::write::SimpleFileOptions::default()).expect("a file");
    zip.write_all(&doc).expect("content");
    let zip = zip.finish().expect("a zip").into_inner();
    let broken = container(&["Root Entry", "WordDocument"]);
    let all = pipeline::read_all(&[("2022/a.doc", &doc), ("2022/b.doc", &broken), ("2022/d.doc", b"{\\rtf1 \\pard 2022\\par}")], false);
    let settings = settings();
    let expected = read(SOURCE, &std::fs::read(SOURCE).expect("the source"), &[], &settings);
    let of = |name: &str| all.readings.iter().find(|r| r.source_file == name).expect(name);
    // In a run of its own: side by side they would be copies of each other.
    let packed = pipeline::read_all(&[("2022/c.zip", &zip)], false);
    let (alone, packed) = (of("2022/a.doc"), &packed.readings[0]);
    assert_eq!(packed.source_file, "2022/c.zip!/三河镇.wps");
    assert_eq!((alone.format.as_str(), packed.format.as_str()), ("doc", "wps"));
    assert!(alone.content_hash == Some(blake3(&doc)) && alone.content_hash == packed.content_hash, "the hash is that of the file itself");
    for reading in [alone, packed] {
        assert_eq!((reading.year, &reading.title, reading.office), (expected.year, &expected.title, expected.office));
        assert_eq!(facts(reading), facts(&expected));
        assert!(reading.facts.len() > 100, "a whole form");
    }
    let (refused, other) = (of("2022/b.doc"), of("2022/d.doc"));
    assert_eq!(refused.status, Status::Unreadable);
    let message = refused.findings[0].message(&settings.rules, Lang::En);
    assert!(message.contains("LibreOffice cannot open it"), "{message}");
    assert_eq!((other.format.as_str(), other.form.as_str()), ("rtf", "none"), "read, but no report");
}

fn blake3(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[test]
fn nested_and_merged_tables_keep_every_cell() {
    const SHARED: &str = "../shared/reports/doc";
    if !installed() || !Path::new(SHARED).is_dir() {
        return;
    }
    let program = convert::program().expect("LibreOffice");
    let names = ["poi-innertable.doc", "poi-table-merges.doc"];
    let put = |place: usize, to: &Path| std::fs::copy(Path::new(SHARED).join(names[place]), to).map(drop);
    let converted = convert::to_docx(&program, names.len(), put, std::time::Duration::from_secs(120), &|| false).expect("room");
    let cells = ["A B C D E 1 2 3 4 F G H I J", "A B C D E F G H I J K"];
    for (docx, expected) in converted.files.into_iter().zip(cells) {
        let bytes = std::fs::read(docx.expect("converted")).expect("a file");
        let decoder = huizong::decode::decoder(Path::new("a.docx"), &bytes).expect("a decoder");
        let huizong::decode::Read::Bytes(read) = decoder.read else { panic!("DOCX is bytes") };
        let document = read(&bytes, &settings().limits).expect("a document").document;
        let mut found: Vec<String> = Vec::new();
        for block in &document.blocks {
            let texts: Vec<&str> = match block {
                Block::Paragraph(paragraph) => vec![&paragraph.text],
                Block::Grid(grid) => grid.rows.iter().flat_map(|r| &r.cells).map(|c| &*c.text).collect(),
            };
            found.extend(texts.iter().flat_map(|t| t.split_whitespace()).map(str::to_string));
        }
        found.sort();
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(found.concat(), expected.concat());
    }
}
