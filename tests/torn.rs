//! Text that lost its cell borders: no number of it is read wrong, and most of it is read.

#[path = "support/mod.rs"]
mod support;

use huizong::fact::State;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("the project's configuration"));
const SHARED: &str = "../shared";

fn fact<'r>(reading: &'r Reading, indicator: &str, applicant: Option<&str>) -> Option<&'r huizong::fact::Fact> {
    reading.facts.iter().find(|f| {
        let item = &SETTINGS.catalog.items[usize::from(f.item)];
        item.indicator == indicator && item.applicant.as_deref() == applicant
    })
}

/// Reports taken from web pages, where the machine has them beside the project.
#[test]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn real_reports_without_borders_are_read() {
    for report in ["reports/pingtan-2019.txt", "reports/pingtan-2020.txt", "reports/pingtan-2021.txt"] {
        let shared = Path::new(SHARED);
        let (Ok(gold), Ok(bytes)) = (std::fs::read_to_string(shared.join("gold/real.json")), std::fs::read(shared.join(report))) else {
            eprintln!("skipped: {SHARED} has no {report}");
            continue;
        };
        let gold: Value = serde_json::from_str(&gold).expect("gold is JSON");
        let reading = read(report, &bytes, &[], &SETTINGS);
        assert_eq!(reading.year.map(i64::from), gold[report]["year"].as_i64());
        let (mut wrong, mut lost, mut arithmetic) = (Vec::new(), Vec::new(), 0);
        for (key, value) in gold[report]["cells"].as_object().expect("cells") {
            let (indicator, applicant) = key.split_once('|').map_or((key.as_str(), None), |(i, a)| (i, Some(a)));
            let related = applicant.is_some() || indicator.starts_with("reconsideration") || indicator.starts_with("litigation");
            arithmetic += usize::from(related);
            let read = fact(&reading, indicator, applicant).filter(|f| matches!(f.state, State::Reported | State::Inferred)).and_then(|f| f.number());
            match read {
                None if related => lost.push(key.clone()),
                None => {}
                Some(number) if Some(number) == value.as_f64() => {}
                Some(number) => wrong.push(format!("{key}: {value} read as {number}")),
            }
        }
        eprintln!(
            "{report}: {} of {arithmetic} lost; {} figures in prose",
            lost.len(),
            reading.facts.iter().filter(|f| f.cell == (0, 0, 0) && f.state == State::Reported).count()
        );
        for f in &reading.findings {
            eprintln!("  {} {}", f.at.line, f.message(&SETTINGS.rules, huizong::finding::Lang::Zh));
        }
        assert!(wrong.is_empty(), "{report}:\n{}", wrong.join("\n"));
        assert!(lost.len() * 10 <= arithmetic, "{report}: {} of {arithmetic} lost: {}", lost.len(), lost.join(", "));
    }
}
