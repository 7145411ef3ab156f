//! Real reports with known contents, where the machine has them beside the project; else skipped.

use huizong::fact::State;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const SHARED: &str = "../shared";

/// The report and what must be read from it; none, with the reason printed, where there is none.
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn known(report: &str) -> Option<(Reading, Value, Settings)> {
    let shared = Path::new(SHARED);
    let (Ok(gold), Ok(bytes)) = (std::fs::read_to_string(shared.join("gold/real.json")), std::fs::read(shared.join(report))) else {
        eprintln!("skipped: {SHARED} has no {report}");
        return None;
    };
    let settings = Settings::load_for_parsing(Path::new("config")).expect("the project's configuration");
    let gold: Value = serde_json::from_str(&gold).expect("gold is JSON");
    let reading = read(report, &bytes, &[], &settings);
    Some((reading, gold[report].clone(), settings))
}

/// The cells that differ: a number that is not the one stated, or that nobody stated.
fn wrong_cells(reading: &Reading, gold: &Value, settings: &Settings, all: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, value) in gold["cells"].as_object().expect("cells") {
        let (indicator, applicant) = key.split_once('|').map_or((key.as_str(), None), |(i, a)| (i, Some(a)));
        let is_it = |f: &&huizong::fact::Fact| {
            let item = &settings.catalog.items[usize::from(f.item)];
            item.indicator == indicator && item.applicant.as_deref() == applicant
        };
        let fact = reading.facts.iter().find(is_it);
        let read = fact.filter(|f| f.state == State::Reported).and_then(|f| f.number());
        if read != value.as_f64() && (all || read.is_some()) {
            wrong.push(format!("{key}: {value} read as {read:?}"));
        }
    }
    wrong
}

#[test]
fn a_torn_report_of_2020_is_read_exactly() {
    let Some((reading, gold, settings)) = known("reports/lijing-2020.md") else { return };
    assert_eq!(reading.year.map(i64::from), gold["year"].as_i64());
    let wrong = wrong_cells(&reading, &gold, &settings, true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let channels = settings.narrative.channels();
    let key = |indicator: &str, channel: Option<&str>, value: f64, unit: &str, qualifier: &str, scope: &str| {
        format!("{indicator} {} {value} {unit} {qualifier} {scope}", channel.unwrap_or("-"))
    };
    let read: BTreeSet<String> = reading
        .facts
        .iter()
        .filter(|f| settings.catalog.items[usize::from(f.item)].section == "narrative")
        .map(|f| {
            let channel = f.channel.map(|c| channels[usize::from(c)].id.as_str());
            let item = &settings.catalog.items[usize::from(f.item)];
            key(&item.indicator, channel, f.value, f.unit(&reading.text).unwrap_or_default(), f.qualifier.id(), f.scope.id())
        })
        .collect();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
    let stated: BTreeSet<String> = gold["narrative"]
        .as_array()
        .expect("narrative")
        .iter()
        .map(|g| {
            let value = g["value"].as_f64().expect("a value");
            key(&text(&g["indicator"]), g["channel"].as_str(), value, &text(&g["unit"]), &text(&g["qualifier"]), &text(&g["scope"]))
        })
        .collect();
    assert_eq!(read, stated);
    let errors: Vec<String> = reading
        .findings
        .iter()
        .filter(|f| settings.rules.get(&f.rule).severity == huizong::finding::Severity::Error)
        .map(|f| f.message(&settings.rules, huizong::finding::Lang::En))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn no_number_of_another_torn_report_is_wrong() {
    let Some((reading, gold, settings)) = known("reports/kewei-2024.md") else { return };
    let wrong = wrong_cells(&reading, &gold, &settings, false);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_blank_form_is_read_as_wholly_blank() {
    let Some((reading, ..)) = known("reports/blank-form-2021.docx") else { return };
    assert_eq!((reading.format.as_str(), reading.form.as_str()), ("docx", "2021"));
    assert_eq!(reading.cells_found, reading.cells_expected);
    let filled: Vec<_> = reading.facts.iter().filter(|f| f.state != State::Blank).collect();
    assert!(filled.is_empty(), "{filled:?}");
    assert_eq!(reading.facts.len(), reading.cells_expected as usize);
}

#[test]
fn a_page_of_a_content_system_is_read_exactly() {
    let Some((reading, gold, settings)) = known("reports/shuyang-fgj-2023.html") else { return };
    assert_eq!(reading.year.map(i64::from), gold["year"].as_i64());
    let wrong = wrong_cells(&reading, &gold, &settings, true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(reading.published_on.map(|d| d.to_string()).as_deref(), Some("2024-01-17"));
    let rules: Vec<&str> = reading.findings.iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(rules, ["report.unregistered_office", "cell.inferred"]);
}

#[test]
fn a_printed_report_is_read_exactly() {
    let Some((reading, gold, settings)) = known("reports/huaian-2024.pdf") else { return };
    assert_eq!(reading.year.map(i64::from), gold["year"].as_i64());
    let wrong = wrong_cells(&reading, &gold, &settings, true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let errors = reading.findings.iter().filter(|f| settings.rules.get(&f.rule).severity == huizong::finding::Severity::Error);
    let errors: Vec<String> = errors.map(|f| f.message(&settings.rules, huizong::finding::Lang::En)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    // No figure is broken where its line or page ends.
    let received = |f: &&huizong::fact::Fact| settings.catalog.items[usize::from(f.item)].indicator == "applications_received";
    assert_eq!(reading.facts.iter().find(received).and_then(|f| f.number()), Some(3119.0));
    assert!(reading.facts.iter().all(|f| f.at.page > 0), "places have pages");
}

#[test]
fn a_printed_budget_is_no_report() {
    let Some((reading, ..)) = known("reports/not-a-report-budget-2025.pdf") else { return };
    assert_eq!(reading.form, "none");
}

/// What real offices say of applications and reviews agrees with their tables, as far as can be told.
#[test]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn prose_of_real_reports_raises_no_alarm() {
    let Ok(files) = std::fs::read_dir(Path::new(SHARED).join("reports")) else {
        eprintln!("skipped: {SHARED} has no reports");
        return;
    };
    let settings = Settings::load_for_parsing(Path::new("config")).expect("the project's configuration");
    for path in files.flatten().map(|file| file.path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).expect("a report");
        let reading = read(&path.to_string_lossy(), &bytes, &[], &settings);
        let alarms = reading.findings.iter().filter(|finding| finding.rule.starts_with("narrative."));
        let told: Vec<String> = alarms.map(|f| f.message(&settings.rules, huizong::finding::Lang::En)).collect();
        assert!(told.is_empty(), "{}: {told:#?}", path.display());
    }
}
