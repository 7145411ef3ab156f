//! Any filled form, in any layout and with any mix of flaws, is read back cell by cell.

#[path = "support/mod.rs"]
mod support;

use huizong::fact::State;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;
use support::{Case, Flaws, Rendered, State as Truth};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load(Path::new("config")).expect("the project's configuration"));

fn parsed(name: &str, text: &str) -> Reading {
    read(name, text.as_bytes(), &[], &SETTINGS)
}

/// What differs between what was rendered and what was read.
fn differences(rendered: &Rendered, reading: &Reading) -> Vec<String> {
    let mut wrong = Vec::new();
    for known in &rendered.known {
        let (indicator, applicant) = &known.key;
        let fact = reading.facts.iter().find(|f| {
            let item = &SETTINGS.catalog.items[usize::from(f.item)];
            item.indicator == *indicator && item.applicant.as_deref() == applicant.as_deref()
        });
        let Some(fact) = fact else {
            wrong.push(format!("{indicator} {applicant:?}: no fact"));
            continue;
        };
        let fits = match (&known.state, fact.state) {
            (Truth::Reported(value), State::Reported) => fact.number() == Some(*value),
            (Truth::Blank, State::Blank) => true,
            (Truth::Blank, State::Inferred) => fact.number() == Some(known.meant as f64),
            (Truth::NotApplicable, State::NotApplicable) => true,
            (Truth::Unreadable, State::Unreadable) => true,
            _ => false,
        };
        if !fits {
            wrong.push(format!("{indicator} {applicant:?}: {:?} at line {} read as {:?} {:?}", known.state, known.line, fact.state, fact.number()));
        }
    }
    wrong
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let made = case.make();
    let name = "2020/report.md";
    let reading = parsed(name, &made.report.text);
    let wrong = differences(&made.report, &reading);
    prop_assert!(wrong.is_empty(), "{case:?}\n{}\n\n{}", wrong.join("\n"), made.report.text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_clean_report_is_read_cell_by_cell(seed in any::<u64>()) {
        check(&Case::any(seed, Flaws::NONE))?;
    }

    #[test]
    fn a_torn_report_is_read_cell_by_cell(seed in any::<u64>(), flaws in any::<u32>()) {
        check(&Case::any(seed, Flaws::from_bits(flaws)))?;
    }
}
