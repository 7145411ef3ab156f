//! A night in which nothing changed reads nothing and writes nothing but that it ran; whatever does change is seen.

use crate::fixture::{OFFICES, STREET, TOWN, report};
use crate::sandbox::{Done, Sandbox, finished};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

const RUN: [&str; 3] = ["aggregate", "--lang", "en"];

/// Longer than the clock of any file system that counts in fractions of a second takes to tick.
fn settle() {
    std::thread::sleep(Duration::from_millis(60));
}

fn outcome(sandbox: &Sandbox, file: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(&sandbox.read(file)).expect("JSON");
    value["outcome"].as_str().expect("an outcome").to_string()
}

/// Runs, and tells whether anything was read.
#[track_caller]
fn run(sandbox: &Sandbox, arguments: &[&str]) -> (Done, bool) {
    settle();
    let done = finished(sandbox.command(arguments));
    assert!(matches!(done.status, Some(0 | 3)), "{}", done.err());
    let outcome = outcome(sandbox, "out/run.json");
    assert_eq!(self::outcome(sandbox, "out/attempt.json"), outcome);
    assert!(outcome == "published" || outcome == "unchanged", "{outcome}");
    (done, outcome == "published")
}

/// The files of the published run, each with what tells that it was written anew.
fn files(sandbox: &Sandbox) -> BTreeMap<String, (u64, i64, i64)> {
    sandbox
        .data("out")
        .into_keys()
        .map(|name| {
            let metadata = fs::metadata(sandbox.path("out").join(&name)).expect("published");
            (name, (metadata.ino(), metadata.mtime(), metadata.mtime_nsec()))
        })
        .collect()
}

#[test]
fn nothing_is_read_or_written_where_nothing_changed() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/空.md", "");
    let (first, read) = run(&sandbox, &RUN);
    assert!(read);
    let before = files(&sandbox);
    let first_run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    for _ in 0..2 {
        let (again, read) = run(&sandbox, &RUN);
        assert!(!read);
        assert_eq!((again.status, again.out()), (first.status, first.out()), "it ends as before and says the same");
        assert!(again.err().contains("空.md") && again.err().contains("nothing was read"), "{}", again.err());
        assert!(files(&sandbox) == before);
        let status = finished(sandbox.command(&["status", "--lang", "en"])).status(3).out();
        assert!(status.contains("nothing changed") && !status.contains("failed"), "{status}");
        sandbox.nothing_left_behind("out");
    }
    let run_json: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    assert_ne!(run_json["run"], first_run["run"]);
    for same in ["inputs", "outputs", "files", "config_hash", "version"] {
        assert_eq!(run_json[same], first_run[same], "{same}");
    }
    assert_eq!(run_json["years"][0]["new"].as_array().map(Vec::len), Some(0));
    // The other language and the other formats are said of what was published.
    let (zh, read) = run(&sandbox, &["aggregate", "--lang", "zh", "--threads", "1"]);
    assert!(!read && zh.out().contains("共找到 3 个文件"), "{}", zh.out());
    let (csv, read) = run(&sandbox, &["aggregate", "--format", "csv", "--lang", "en"]);
    assert!(!read && csv.out().starts_with("year,"), "{}", csv.out());
    let (quiet, read) = run(&sandbox, &["aggregate", "--quiet", "--lang", "en"]);
    assert!(!read && quiet.out().is_empty() && quiet.err().lines().count() == 1, "{}", quiet.err());
    finished(sandbox.command(&["status", "--max-age", "1h", "--lang", "en"])).status(3).says("could not be read");
    fs::remove_file(sandbox.path("data/reports/2020/空.md")).expect("removed");
    assert!(run(&sandbox, &RUN).1);
    finished(sandbox.command(&["status", "--max-age", "1h"])).status(0);
    assert!(!run(&sandbox, &["aggregate", "--lang", "en", "--fail-on", "error"]).1, "what fails a run is no part of the results");
}

#[test]
fn an_open_finding_still_fails_a_run() {
    let sandbox = Sandbox::with_reports();
    fs::remove_file(sandbox.path("data/reports/2020/竹溪乡.md")).expect("removed");
    let first = run(&sandbox, &["aggregate", "--fail-on", "error"]);
    assert_eq!((first.0.status, first.1), (Some(3), true), "an office is missing");
    let again = run(&sandbox, &["aggregate", "--fail-on", "error"]);
    assert_eq!((again.0.status, again.1), (Some(3), false));
    let again = run(&sandbox, &["aggregate"]);
    assert_eq!((again.0.status, again.1), (Some(0), false));
}

/// A change that a night may find, by what it is called.
type Change = (&'static str, fn(&Sandbox));

const FILE: &str = "data/reports/2020/竹溪乡.md";

#[test]
fn every_change_is_seen() {
    let changes: [Change; 16] = [
        ("a file comes", |s| s.write("data/reports/2019/竹溪乡.md", report(TOWN, 2019, 5))),
        ("a file goes", |s| fs::remove_file(s.path("data/reports/2019/竹溪乡.md")).expect("removed")),
        ("a file changes", |s| s.write(FILE, report(TOWN, 2020, 6))),
        ("a file changes, and its length and its own time do not", |s| {
            let modified = fs::metadata(s.path(FILE)).expect("metadata").modified().expect("a time");
            s.write(FILE, report(TOWN, 2020, 7));
            fs::File::options().write(true).open(s.path(FILE)).expect("file").set_modified(modified).expect("set back");
        }),
        ("another file takes its place", |s| {
            s.write("data/new.md", report(TOWN, 2020, 8));
            fs::rename(s.path("data/new.md"), s.path(FILE)).expect("renamed");
        }),
        ("a file is renamed", |s| fs::rename(s.path(FILE), s.path("data/reports/2020/乡.md")).expect("renamed")),
        ("a file is moved", |s| fs::rename(s.path("data/reports/2020/乡.md"), s.path(FILE.replace("2020/", "").as_str())).expect("renamed")),
        ("a link that leads nowhere comes", |s| s.link("梅.md", "data/reports/2020/梨.md")),
        ("the link leads somewhere", |s| s.write("data/reports/2020/梅.md", report(STREET, 2018, 3))),
        ("a system file comes", |s| s.write("data/reports/Thumbs.db", "")),
        ("the registry changes", |s| s.write("config/offices.csv", OFFICES.replace("望云街街道,", "望云街街道;望云,"))),
        ("a rule changes", |s| {
            let rules = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/rules.toml")).expect("rules");
            s.write("config/rules.toml", rules + "\n");
        }),
        ("a decision comes", |s| s.write("config/reviewed.csv", "finding_id,decision,note,by,on\n")),
        ("a published file goes", |s| fs::remove_file(s.path("out/facts/year=2020/facts.csv")).expect("removed")),
        ("a published file was spoilt", |s| s.write("out/reports/year=2020/reports.csv", "spoilt")),
        ("a published name goes", |s| fs::remove_file(s.path("out/findings")).expect("removed")),
    ];
    let sandbox = Sandbox::with_reports();
    assert!(run(&sandbox, &RUN).1);
    for (what, change) in changes {
        change(&sandbox);
        let seen = run(&sandbox, &RUN).1;
        assert!(seen, "{what}");
        let history = sandbox.data("out");
        assert!(!run(&sandbox, &RUN).1, "after: {what}");
        let _ = fs::remove_dir_all(sandbox.path("fresh"));
        let fresh = finished(sandbox.command(&["aggregate", "--output", "fresh"]));
        assert!(matches!(fresh.status, Some(0 | 3)), "{what}: {}", fresh.err());
        // The fresh one knows no years that went.
        for (name, content) in sandbox.data("fresh") {
            assert!(history.get(&name) == Some(&content), "{what}: {name} differs from that of a run from nothing");
        }
    }
    // So is a manifest that was damaged or deleted, and a question of another kind.
    let manifest = sandbox.path("out/.current/.manifest");
    for damaged in [b"".as_slice(), b"damaged", &[0; 4096]] {
        fs::write(&manifest, damaged).expect("damaged");
        assert!(run(&sandbox, &RUN).1);
        assert!(!run(&sandbox, &RUN).1);
    }
    fs::remove_file(&manifest).expect("removed");
    assert!(run(&sandbox, &RUN).1);
    for other in [&["aggregate", "--year", "2020"] as &[&str], &["aggregate", "--ocr"], &["aggregate", "--report"]] {
        assert!(run(&sandbox, other).1, "{other:?}");
        assert!(!run(&sandbox, other).1, "{other:?}");
    }
    // Who lays out by hand publishes anew; the next night starts from there.
    finished(sandbox.command(&["report"])).status(0);
    assert!(run(&sandbox, &RUN).1);
    assert!(!run(&sandbox, &RUN).1);
}

/// A file that changes while it is read is read again the next night.
#[test]
fn a_file_written_just_now_is_read_again() {
    let sandbox = Sandbox::with_reports();
    settle();
    for received in 10..15 {
        sandbox.write(FILE, report(TOWN, 2020, received));
        finished(sandbox.command(&RUN)).status(0);
        let summary = sandbox.read("out/division_totals/year=2020/division_totals.csv");
        sandbox.write(FILE, report(TOWN, 2020, received + 30));
        finished(sandbox.command(&RUN)).status(0);
        assert_ne!(sandbox.read("out/division_totals/year=2020/division_totals.csv"), summary);
    }
}
