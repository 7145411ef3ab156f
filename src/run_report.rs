//! `run.json`: what ran, on what, with which outcome. The only published file with a clock in it.

use crate::assemble::Year;
use crate::attempt::peak_memory_mib;
use crate::cli::Common;
use crate::console::{Console, Stages};
use crate::finding::Severity;
use crate::pipeline::{Outcome, Readings};
use crate::read::{Reading, Status};
use crate::settings::Settings;
use serde::Serialize;
use serde_json::{Value, json};

/// What became of each file found. The sum of all is the number of files.
#[derive(Debug, PartialEq, Eq)]
pub struct Books {
    /// Added up, or kept as the report of an unregistered office.
    pub counted: usize,
    /// Another file of the office and year was taken.
    pub duplicate: usize,
    /// Something else than a yearly report.
    pub not_a_report: usize,
    /// A report whose year cannot be told.
    pub without_year: usize,
    /// Not readable.
    pub unreadable: usize,
    /// Of another year than those asked for.
    pub other_years: usize,
}

/// Balances the books of a run.
pub fn books(all: &Readings) -> Books {
    let count = |test: &dyn Fn(&Reading) -> bool| all.readings.iter().filter(|r| test(r)).count();
    let readable = |r: &Reading| !matches!(r.status, Status::Unreadable | Status::Duplicate);
    Books {
        counted: count(&|r| r.counts() && r.year.is_some()),
        duplicate: all.count(Status::Duplicate),
        not_a_report: count(&|r| readable(r) && !r.counts()),
        without_year: count(&|r| r.counts() && r.year.is_none()),
        unreadable: all.count(Status::Unreadable),
        other_years: all.other_years,
    }
}

/// The content of `run.json`. The files are many, and are written from where they lie.
#[derive(Debug, Serialize)]
pub struct Run<'r> {
    /// All else.
    #[serde(flatten)]
    pub told: Value,
    inputs: Vec<Input<'r>>,
}

/// A file that was read.
#[derive(Debug, Serialize)]
struct Input<'r> {
    source_file: &'r str,
    content_hash: Option<&'r str>,
    year: Option<i32>,
    status: &'static str,
}

/// The content of `run.json`.
pub fn json<'r>(
    common: &Common,
    started: chrono::DateTime<chrono::Local>,
    console: &Console,
    all: &'r Readings,
    years: &[Year<'_>],
    outcomes: &[Outcome],
    settings: &Settings,
) -> Run<'r> {
    let books = books(all);
    let of_year = |year: &Year<'_>| {
        let expected = settings.registry.offices.iter().filter(|o| o.exists_in(year.year)).count();
        let news = outcomes.iter().find(|o| o.year == year.year).and_then(|o| o.news.as_ref());
        let missing: Vec<Value> = year.missing(settings).iter().map(|o| json!({ "office_code": o.code, "office": o.name, "district": o.district })).collect();
        json!({
            "year": year.year,
            "offices_expected": expected,
            "offices_reported": expected - missing.len(),
            "missing": missing,
            "accepted": year.accepted(),
            "new": news.map(|n| &n.new),
            "resolved": news.map(|n| &n.resolved),
            "findings": { "error": year.count(Severity::Error, settings), "warning": year.count(Severity::Warning, settings), "info": year.count(Severity::Info, settings) },
        })
    };
    let input = |r: &'r Reading| Input { source_file: &r.source_file, content_hash: r.content_hash.as_deref(), year: r.year, status: r.status.id() };
    let mut told = json!({
        "program": "huizong",
        "version": env!("CARGO_PKG_VERSION"),
        "input": common.input,
        "output": common.output,
        "config": common.config,
        "config_hash": settings.config_hash,
        "files": {
            "found": all.files, "counted": books.counted, "duplicate": books.duplicate, "not_a_report": books.not_a_report,
            "without_year": books.without_year, "unreadable": books.unreadable, "other_years": books.other_years, "left_out": all.left_out,
        },
        "recalled": all.recalled,
        "years": years.iter().map(of_year).collect::<Vec<_>>(),
        "outputs": outcomes.iter().flat_map(|o| o.tables.facts.iter().chain(&o.tables.others)).collect::<Vec<_>>(),
    });
    ran(&mut told, "published", started, console);
    Run { told, inputs: all.readings.iter().map(input).collect() }
}

/// The `run.json` of a night in which nothing changed, made of the one before: it ran, and there is no news.
/// None if that one cannot be read.
pub fn again(before: &[u8], started: chrono::DateTime<chrono::Local>, console: &Console) -> Option<Value> {
    let mut run: Value = serde_json::from_slice(before).ok()?;
    for year in run.get_mut("years")?.as_array_mut()? {
        let year = year.as_object_mut()?;
        year.insert("new".to_string(), json!([]));
        year.insert("resolved".to_string(), json!([]));
    }
    ran(&mut run, "unchanged", started, console);
    Some(run)
}

/// When and how it ran.
fn ran(run: &mut Value, outcome: &str, started: chrono::DateTime<chrono::Local>, console: &Console) {
    let time = |t: chrono::DateTime<chrono::Local>| t.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
    run["run"] = json!(console.run);
    run["outcome"] = json!(outcome);
    run["started"] = json!(time(started));
    run["finished"] = json!(time(chrono::Local::now()));
    run["seconds"] = seconds(&console.stages);
    run["peak_memory_mib"] = json!(peak_memory_mib());
}

fn seconds(stages: &Stages) -> Value {
    stages.seconds().into_iter().map(|(name, took)| (name.to_string(), took.into())).collect::<serde_json::Map<_, _>>().into()
}

/// The numbers of a run for the log: what became of the files, how long each stage took, how much memory.
pub fn numbers(run: &Value, stages: &Stages) -> Value {
    json!({ "outcome": run["outcome"], "files": run["files"], "seconds": seconds(stages), "peak_memory_mib": peak_memory_mib() })
}
