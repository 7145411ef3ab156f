//! The sample data in `data/reports`: what a run over them prints and publishes.

use crate::sandbox::{REPO, Sandbox, expect, finished};
use std::collections::BTreeMap;

/// A run over the sample data.
fn arguments<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    const INPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports");
    const CONFIG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    [first, &["--input", INPUT, "--config", CONFIG], more].concat()
}

#[test]
fn run_of_2020() {
    let sandbox = Sandbox::new();
    sandbox.run(&arguments(&["aggregate", "--year", "2020"], &[])).status(0);
    sandbox.run(&arguments(&["aggregate", "--year", "2020"], &["--lang", "en"])).status(0);
    sandbox.expect("sample_2020");
    let published = sandbox.published("out");
    expect("sample_2020_district_summary.csv", &published["district_summary/year=2020/district_summary.csv"]);
    expect("sample_2020_division_totals.csv", &published["division_totals/year=2020/division_totals.csv"]);
    for (file, bytes) in &published {
        if file.ends_with(".csv") {
            assert!(bytes.starts_with("\u{feff}year,".as_bytes()), "{file}: mark and first column");
            assert!(bytes.ends_with(b"\r\n"), "{file}: line ends");
        }
    }
}

#[test]
fn findings_of_every_year() {
    let sandbox = Sandbox::new();
    sandbox.run(&arguments(&["check"], &[])).status(0);
    sandbox.run(&arguments(&["check"], &["--lang", "en"])).status(0);
    sandbox.expect("sample_check");
}

#[test]
fn threads_and_repetition_change_no_byte() {
    let sandbox = Sandbox::new();
    let mut first = None;
    for threads in ["1", "2", "8", "1"] {
        // The last run goes over the output of the first.
        let output = format!("out-{threads}");
        // It is to read everything again.
        let _ = std::fs::remove_file(sandbox.path(&output).join(".current/.manifest"));
        let _ = std::fs::remove_dir_all(sandbox.path(&output).join(".cache"));
        let run = arguments(&["aggregate", "--threads", threads, "--output", &output], &[]);
        let done = finished(sandbox.command(&run)).status(0);
        let printed = done.out().replace(&output, "OUT");
        let mut published = sandbox.published(&output);
        let mut run: serde_json::Value = serde_json::from_slice(&published.remove("run.json").expect("run.json")).expect("JSON");
        let run_is = run.as_object_mut().expect("an object");
        for name in ["started", "finished", "output"] {
            assert!(run_is.remove(name).is_some(), "run.json: {name}");
        }
        for name in ["seconds", "run", "peak_memory_mib"] {
            assert!(run_is.remove(name).is_some(), "run.json: {name}");
        }
        // Only a run over the output of another has news.
        for year in run_is["years"].as_array_mut().expect("years") {
            for name in ["new", "resolved"] {
                year.as_object_mut().expect("a year").remove(name);
            }
        }
        assert_eq!(published.len(), 40, "five tables of four years in two formats");
        let (wanted, said, books) = first.get_or_insert_with(|| (published.clone(), printed.clone(), run.clone()));
        for (file, bytes) in wanted.iter() {
            assert!(published[file] == *bytes, "{file} differs with --threads {threads}");
        }
        assert_eq!(printed, *said);
        assert!(run == *books, "run.json differs by more than its clock with --threads {threads}");
        sandbox.nothing_left_behind(&output);
    }
}

/// A year on its own gives what it gives among others.
#[test]
fn years_do_not_depend_on_each_other() {
    let sandbox = Sandbox::new();
    finished(sandbox.command(&arguments(&["aggregate", "--output", "all"], &[]))).status(0);
    for year in ["2019", "2020", "2021", "2022"] {
        finished(sandbox.command(&arguments(&["aggregate", "--output", "each", "--year", year], &[]))).status(0);
    }
    let (all, each) = (sandbox.data("all"), sandbox.data("each"));
    assert!(all.keys().eq(each.keys()));
    for (file, bytes) in &all {
        assert!(each[file] == *bytes, "{file} differs");
    }
}

type Row = BTreeMap<String, String>;

fn rows(sandbox: &Sandbox, table: &str, year: i32) -> Vec<Row> {
    let text = sandbox.read(&format!("out/{table}/year={year}/{table}.csv"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|r| r.expect("row")).collect()
}

/// The totals, added up once more from the facts by plain loops.
#[test]
fn totals_are_the_sums_of_the_facts() {
    let sandbox = Sandbox::new();
    finished(sandbox.command(&arguments(&["aggregate"], &[]))).status(0);
    let number = |row: &Row, name: &str| row[name].parse::<f64>().ok();
    for year in 2019..=2022 {
        let facts = rows(&sandbox, "facts", year);
        let keys = ["section", "indicator", "applicant", "channel"];
        let key = |row: &Row, indicator: &str| [row["section"].clone(), indicator.to_string(), row["applicant"].clone(), row["channel"].clone()];
        // Per district and key the value of each office.
        let mut sums: BTreeMap<(String, [String; 4]), BTreeMap<String, f64>> = BTreeMap::new();
        for fact in &facts {
            let counted = ["reported", "inferred"].contains(&fact["state"].as_str()) && fact["scope"] == "current_year" && !fact["office_code"].is_empty();
            let Some(value) = number(fact, "value").filter(|_| counted && fact["unit"] != "ratio") else { continue };
            let mut names = vec![fact["indicator"].as_str()];
            if fact["indicator"].starts_with("outcomes.other.") {
                names.push("outcomes.other");
            }
            for name in names {
                *sums.entry((fact["district_code"].clone(), key(fact, name))).or_default().entry(fact["office_code"].clone()).or_default() += value;
            }
        }
        let mut compared = 0;
        for total in rows(&sandbox, "division_totals", year).iter().filter(|t| t["level"] == "district" && t["unit"] != "ratio") {
            let offices = sums.remove(&(total["division_code"].clone(), keys.map(|k| total[k].clone()))).unwrap_or_default();
            let name = format!("{year} {} {:?}", total["division"], keys.map(|k| &total[k]));
            assert_eq!(number(total, "offices_with_value"), Some(offices.len() as f64), "{name}: offices_with_value");
            let close = |a: Option<f64>, b: Option<f64>| a == b || a.zip(b).is_some_and(|(a, b)| (a - b).abs() < 1e-6);
            let some = |value: f64| (!offices.is_empty()).then_some(value);
            assert!(close(number(total, "value"), some(offices.values().sum())), "{name}: value {}", total["value"]);
            assert!(close(number(total, "minimum"), some(offices.values().copied().fold(f64::INFINITY, f64::min))), "{name}: minimum");
            assert!(close(number(total, "maximum"), some(offices.values().copied().fold(f64::NEG_INFINITY, f64::max))), "{name}: maximum");
            compared += 1;
        }
        assert!(compared > 300, "{year}: {compared} totals");
        assert!(sums.is_empty(), "{year}: facts that no total holds: {:?}", sums.keys().next());
        // The city and the province are the sums of the districts.
        let totals = rows(&sandbox, "division_totals", year);
        for level in ["city", "province"] {
            for total in totals.iter().filter(|t| t["level"] == level && t["unit"] != "ratio") {
                let parts: Vec<f64> =
                    totals.iter().filter(|t| t["level"] == "district" && keys.iter().all(|k| t[*k] == total[*k])).filter_map(|t| number(t, "value")).collect();
                let wanted = (!parts.is_empty()).then(|| parts.iter().sum::<f64>());
                assert_eq!(number(total, "value"), wanted, "{year} {level} {:?}", keys.map(|k| &total[k]));
            }
            assert!(totals.iter().any(|t| t["level"] == level));
        }
    }
}

/// In the sample the stated total of disclosed items is the sum of its channels; a phrase like 公开一件 or
/// 再公布一次 states nothing.
#[test]
fn stated_totals_agree_with_their_channels() {
    let sandbox = Sandbox::new();
    finished(sandbox.command(&arguments(&["aggregate"], &[]))).status(0);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for year in 2019..=2022 {
        let mut files: BTreeMap<String, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for fact in rows(&sandbox, "facts", year).iter().filter(|f| f["indicator"] == "info_disclosed" && f["scope"] == "current_year") {
            let (totals, channels) = files.entry(fact["source_file"].clone()).or_default();
            if fact["channel"].is_empty() { totals } else { channels }.push(fact["value"].parse().expect("a number"));
        }
        for (file, (totals, channels)) in files {
            compared += 1;
            if !totals.is_empty() && totals != [channels.iter().sum::<f64>()] {
                wrong.push(format!("{file}: totals {totals:?}, channels {channels:?}"));
            }
        }
    }
    assert!(compared > 90 && wrong.is_empty(), "{} of {compared} reports:\n{}", wrong.len(), wrong.join("\n"));
}

/// The oddities that data/README.md lists are found where it says, and nothing else that is an error.
#[test]
fn oddities_of_the_readme_are_found() {
    let readme = std::fs::read_to_string(format!("{REPO}/data/README.md")).expect("data/README.md");
    let sandbox = Sandbox::new();
    finished(sandbox.command(&arguments(&["aggregate"], &[]))).status(0);
    let mut errors: Vec<(i32, String, String)> = Vec::new();
    for year in 2019..=2022 {
        for row in rows(&sandbox, "findings", year) {
            if row["severity"] == "error" {
                errors.push((year, row["rule"].clone(), row["source_file"].clone()));
            }
        }
    }
    for (year, rule, file) in &errors {
        let told = readme.lines().any(|l| l.starts_with(&format!("| {year}")) && l.contains(&format!("`{rule}`")));
        assert!(told, "{year} {rule} {file} is not told in data/README.md");
    }
    let rules = ["applications.row_total", "applications.outcome_total", "reviews.group_total", "report.missing", "report.duplicate"];
    assert!(rules.iter().all(|rule| errors.iter().any(|(_, found, _)| found == rule)), "{errors:?}");
}
