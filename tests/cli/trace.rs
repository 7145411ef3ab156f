//! `huizong trace`: every total is the sum of the parts that it is traced to.

use crate::fixture::{STREET, report};
use crate::sandbox::{REPO, Sandbox, finished};
use huizong::published::Published;
use huizong::settings::Statute;
use huizong::trace::{Question, trace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Row = BTreeMap<String, String>;

fn totals(sandbox: &Sandbox, year: i32) -> Vec<Row> {
    let text = sandbox.read(&format!("out/division_totals/year={year}/division_totals.csv"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|r| r.expect("row")).collect()
}

#[test]
fn parts_make_the_published_total() {
    let sandbox = Sandbox::new();
    let (input, config) = (format!("{REPO}/data/reports"), format!("{REPO}/config"));
    finished(sandbox.command(&["aggregate", "--input", &input, "--config", &config, "--year", "2020", "--year", "2021"])).status(0);
    let statute = Statute::load(Path::new(&config)).expect("configuration");
    let published = Published::last(&sandbox.path("out")).expect("published");
    let mut traced = 0;
    for year in [2020, 2021] {
        let rows = totals(&sandbox, year);
        // Every kind of figure in prose, the derived sum, and some of the many cells.
        let some = |(n, row): &(usize, &Row)| {
            let city = row["level"] == "city";
            city && (row["section"] == "narrative" || row["indicator"] == "outcomes.other") || n % 97 == 0
        };
        for (_, row) in rows.iter().enumerate().filter(some) {
            let given = |name: &str| Some(row[name].as_str()).filter(|v| !v.is_empty());
            let question =
                Question { year, division: &row["division_code"], indicator: &row["indicator"], applicant: given("applicant"), channel: given("channel") };
            let traces = trace(&published, &question, &statute).expect("a trace");
            let mine = traces.iter().find(|t| t.channel.as_deref() == question.channel).expect("the channel");
            let total: Option<f64> = row["value"].parse().ok();
            let name = format!("{year} {question:?}");
            assert_eq!(mine.total.is_some(), total.is_some(), "{name}");
            let added: Vec<(f64, f64)> = mine.parts.iter().filter_map(|p| Some((p.added?, p.weight.unwrap_or(1.0)))).collect();
            let (sum, weights) = added.iter().fold((0.0, 0.0), |(s, w), (value, weight)| (s + value * weight, w + weight));
            if let Some(total) = total {
                let found = if row["unit"] == "ratio" { sum / weights } else { sum };
                assert!((found - total).abs() < 1e-6, "{name}: parts make {found}, published is {total}");
            }
            let offices: BTreeSet<&str> = mine.parts.iter().filter(|p| p.added.is_some()).map(|p| p.office_code.as_str()).collect();
            assert_eq!(offices.len().to_string(), row["offices_with_value"], "{name}: offices with a value");
            assert_eq!(mine.offices.to_string(), row["offices_expected"], "{name}: offices");
            let all: BTreeSet<&str> = mine.parts.iter().map(|p| p.office_code.as_str()).collect();
            assert_eq!(all.len(), mine.offices, "{name}: each office is named, with a value or without");
            traced += 1;
        }
    }
    assert!(traced > 50, "{traced} totals were traced");
}

#[test]
fn what_trace_prints() {
    let sandbox = Sandbox::new();
    sandbox.run(&["trace", "--year", "2020", "--division", "990103", "--indicator", "applications.received"]).status(1);
    sandbox.write("data/reports/2020/望云街街道.md", report(STREET, 2020, 7).replace("|规章|0|", "|规章||"));
    finished(sandbox.command(&["aggregate"])).status(0);
    let asked = ["trace", "--year", "2020", "--division", "990103", "--indicator", "applications.received"];
    sandbox.run(&asked).status(0).says("竹溪乡人民政府");
    sandbox.run(&[&asked[..], &["--applicant", "natural_person", "--lang", "en"]].concat()).status(0);
    sandbox.run(&[&asked[..], &["--format", "csv"]].concat()).status(0);
    sandbox.run(&[&asked[..], &["--format", "json"]].concat()).status(0);
    sandbox.run(&["trace", "--year", "2020", "--division", "990103", "--indicator", "regulations.made", "--lang", "en"]).status(0).says("blank");
    sandbox.run(&["trace", "--year", "2020", "--division", "990100", "--indicator", "info_disclosed", "--lang", "en"]).status(0).says("not_stated");
    for wrong in [
        ["--year", "2019", "--division", "990103", "--indicator", "applications.received"],
        ["--year", "2020", "--division", "990199", "--indicator", "applications.received"],
        ["--year", "2020", "--division", "990103", "--indicator", "application.recieved"],
    ] {
        sandbox.run(&[&["trace", "--lang", "en"][..], &wrong].concat()).status(1);
    }
    sandbox.run(&[&asked[..], &["--applicant", "nobody"]].concat()).status(1).says("natural_person");
    sandbox.run(&[&asked[..], &["--channel", "telegram"]].concat()).status(1).says("wechat");
    sandbox.expect("trace");
}
