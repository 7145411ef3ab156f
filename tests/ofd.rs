//! Reports printed as OFD, by producers of many habits, are read back cell by cell; real files are read
//! without loss where the machine has them beside the project.

#[path = "support/mod.rs"]
mod support;

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
