//! Reports printed as OFD, by producers of many habits, are read back cell by cell; real files are read
//! without loss where the machine has them beside the project.

#[path = "support/mod.rs"]
mod support;

use huizong::decode::decoder;
use huizong::document::{Block, Document};
use huizong::fact::State;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;
use support::ofd::{Lines, Producer, Texts, ofd};
use support::{Case, Flaws, Rendered, Rng, State as Truth};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load(Path::new("config")).expect("the project's configuration"));

/// What differs between what was printed and what was read.
fn differences(rendered: &Rendered, reading: &Reading) -> Vec<String> {
    let differs = |known: &support::Known| {
        let (indicator, applicant) = &known.key;
        let fact = reading.facts.iter().find(|f| {
            let item = &SETTINGS.catalog.items[usize::from(f.item)];
            item.indicator == *indicator && item.applicant.as_deref() == applicant.as_deref()
        });
        let Some(fact) = fact else { return Some(format!("{indicator} {applicant:?}: no fact")) };
        let fits = match (&known.state, fact.state) {
            (Truth::Reported(value), State::Reported) => fact.number() == Some(*value),
            (Truth::Blank, State::Blank) => true,
            (Truth::Blank, State::Inferred) => fact.number() == Some(known.meant as f64),
            (Truth::NotApplicable, State::NotApplicable) | (Truth::Unreadable, State::Unreadable) => true,
            _ => false,
        };
        (!fits).then(|| format!("{indicator} {applicant:?}: {:?} read as {:?} {:?}", known.state, fact.state, fact.number()))
    };
    rendered.known.iter().filter_map(differs).collect()
}

fn check(seed: u64, producer: Option<Producer>) -> Result<(), TestCaseError> {
    let mut case = Case::any(seed, Flaws::NONE);
    case.plain_text = false;
    let made = case.make();
    let mut rng = Rng::new(seed);
    let producer = producer.unwrap_or_else(|| Producer::random(&mut rng));
    // Cells that say twice what a merged one says once are not merged.
    let producer = Producer { merged: producer.merged && !case.layout.spans_repeated && !case.layout.outer_in_every_row, ..producer };
    let bytes = ofd(&made.report.text, case.layout.label_columns, producer, &mut rng);
    let reading = read("2020/report.ofd", &bytes, &[], &SETTINGS);
    prop_assert!(reading.format == "ofd" && reading.year.is_some(), "{:?}", reading.findings);
    let wrong = differences(&made.report, &reading);
    prop_assert!(wrong.is_empty(), "{case:?}\n{producer:?}\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn every_habit_of_producers_is_read() {
    for lines in [Lines::Strokes, Lines::Fills, Lines::Boxes, Lines::OnePath] {
        for texts in [Texts::Lines, Texts::Glyphs, Texts::Pieces, Texts::Rows] {
            for (seed, twist) in [(11, false), (12, true)] {
                let producer = Producer { lines, texts, grouped: twist, points: twist, template: !twist, absolute: twist, merged: twist };
                check(seed, Some(producer)).unwrap_or_else(|e| panic!("{e}"));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn any_report_of_any_producer_is_read(seed: u64) {
        check(seed, None)?;
    }
}

const SHARED: &str = "../shared/reports/ofd";

/// The real files, where the machine has them.
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn real_files() -> Vec<(String, Vec<u8>)> {
    let Ok(folder) = std::fs::read_dir(SHARED) else {
        eprintln!("skipped: there is no {SHARED}");
        return Vec::new();
    };
    let mut files: Vec<(String, Vec<u8>)> = folder
        .filter_map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name()?.to_string_lossy().to_string();
            name.ends_with(".ofd").then(|| (name, std::fs::read(&path).expect("a file")))
        })
        .collect();
    files.sort();
    files
}

fn document_of(name: &str, bytes: &[u8]) -> Document<'static> {
    let decoder = decoder(Path::new(name), bytes).expect("a decoder");
    assert_eq!(decoder.format, "ofd", "{name}");
    let huizong::decode::Read::Pages(read) = decoder.read else { panic!("OFD is bytes") };
    read(bytes, &SETTINGS.limits, None).expect(name).document
}

/// What all text codes of a package say, found without an XML reader.
fn text_codes(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut all = String::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("a file");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("content");
        let Ok(xml) = String::from_utf8(content) else { continue };
        for code in xml.split("<ofd:TextCode").skip(1) {
            let code = code.split("</ofd:TextCode>").next().expect("an end");
            all.push_str(code.split_once('>').expect("a start").1);
        }
    }
    all.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn sorted(text: &str) -> Vec<char> {
    let mut all: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    all.sort_unstable();
    all
}

#[test]
fn real_files_lose_nothing_but_page_numbers() {
    for (name, bytes) in real_files() {
        let document = document_of(&name, &bytes);
        let mut read = String::new();
        for block in &document.blocks {
            match block {
                Block::Paragraph(paragraph) => read.push_str(&paragraph.text),
                Block::Grid(grid) => grid.rows.iter().flat_map(|r| &r.cells).for_each(|cell| read.push_str(&cell.text)),
            }
        }
        let (mut missing, mut added) = (sorted(&text_codes(&bytes)), Vec::new());
        for c in sorted(&read) {
            match missing.iter().position(|m| *m == c) {
                Some(place) => drop(missing.remove(place)),
                None => added.push(c),
            }
        }
        assert!(added.is_empty(), "{name} has gained {added:?}");
        // At the foot of a page: — 1 —
        let numbers = missing.iter().filter(|c| c.is_ascii_digit()).count();
        assert!(missing.len() == 3 * numbers && missing.iter().all(|c| c.is_ascii_digit() || *c == '—') && numbers <= 2, "{name} has lost {missing:?}");
    }
}

#[test]
fn tables_of_real_files_are_grids() {
    for (name, bytes) in real_files() {
        let rows: Vec<usize> = match name.as_str() {
            "form-shizhengfu.ofd" => vec![11],
            "table-spec-suwell.ofd" => vec![5],
            "letter-bengshan.ofd" | "gongwen-luqiao-test.ofd" | "text-charpath-suwell.ofd" => vec![],
            _ => continue,
        };
        let document = document_of(&name, &bytes);
        let grids = document.blocks.iter().filter_map(|b| if let Block::Grid(grid) = b { Some(grid.rows.len()) } else { None });
        assert_eq!(grids.collect::<Vec<_>>(), rows, "{name}");
    }
}
