//! The commands with their flags, streams and exit statuses.

use crate::fixture::{STREET, TOWN, report};
use crate::sandbox::{Done, REPO, Sandbox, expect, finished, wait};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};

const RUN: [&str; 3] = ["aggregate", "--year", "2020"];
const TOWN_FILE: &str = "data/reports/2020/竹溪乡.md";

/// Two offices of which one reports, with a wrong sum, an amount without a unit and a year too few in its folder.
fn faulty() -> Sandbox {
    let sandbox = Sandbox::new();
    let text = report(TOWN, 2020, 5).replace("（一）予以公开|5|0|0|0|0|0|5|", "（一）予以公开|5|0|0|0|0|0|6|").replace("135000元", "135000");
    sandbox.write("data/reports/2019/竹溪乡.md", text);
    sandbox
}

#[test]
fn help_and_version() {
    let sandbox = Sandbox::new();
    sandbox.run(&["--version"]).status(0);
    sandbox.run(&["-h"]).status(0);
    sandbox.run(&["--help"]).status(0).says("Exit status");
    for command in ["aggregate", "parse", "check", "trace", "status", "init", "dictionary"] {
        sandbox.run(&[command, "-h"]).status(0);
    }
    sandbox.expect("help");
}

#[test]
fn wrong_usage() {
    let sandbox = Sandbox::with_reports();
    let wrong: [&[&str]; 14] = [
        &[],
        &["agregate"],
        &["aggregate", "--year", "20x"],
        &["aggregate", "--year", "20"],
        &["aggregate", "--year"],
        &["aggregate", "2020"],
        &["aggregate", "--yaer", "2020"],
        &["aggregate", "--threads", "0"],
        &["aggregate", "--lang", "fr"],
        &["aggregate", "--log-format", "xml"],
        &["aggregate", "--format", "xlsx"],
        &["aggregate", "--fail-on", "info"],
        &["parse"],
        &["dictionary", "--year", "2020"],
    ];
    for arguments in wrong {
        let done = sandbox.run(arguments).status(2);
        assert!(done.stdout.is_empty(), "{arguments:?} prints to stdout");
    }
    sandbox.expect("wrong_usage");
    assert!(!sandbox.path("out").exists());
}

#[test]
fn aggregate_of_every_year_found_says_so() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2019/竹溪乡.md", report(TOWN, 2019, 3));
    let done = sandbox.run(&["aggregate"]).status(0);
    assert!(done.err().contains("2019（1 份）、2020（2 份）"));
    sandbox.write("data/reports/2019/竹溪乡.md", report(TOWN, 2019, 4));
    sandbox.run(&["aggregate", "--lang", "en"]).status(0);
    sandbox.run(&["check", "--lang", "en"]).status(0);
    // Years may be repeated and come in any order.
    let one = sandbox.data("out");
    finished(sandbox.command(&["aggregate", "--year", "2020", "--year", "2019", "--year", "2020", "--output", "other"])).status(0);
    assert!(sandbox.data("other") == one);
    sandbox.expect("aggregate_every_year");
}

#[test]
fn findings_are_printed_by_check() {
    let sandbox = faulty();
    let published = finished(sandbox.command(&["aggregate", "--year", "2020"])).status(0);
    assert!(!published.out().is_empty());
    let before = sandbox.published("out");
    sandbox.run(&["check", "--year", "2020"]).status(0).says("applications.row_total").says("相加为 5").says("填 6");
    sandbox.run(&["check", "--year", "2020", "--lang", "en"]).status(0).says("report.missing").says("report.year_mismatch");
    sandbox.expect("check_findings");
    assert!(sandbox.published("out") == before, "check publishes nothing");
    let fresh = faulty();
    finished(fresh.command(&["check", "--year", "2020"])).status(0);
    assert!(!fresh.path("out").exists(), "nor does it make a folder");
}

#[test]
fn parse_prints_facts() {
    let sandbox = faulty();
    sandbox.run(&["parse", "data/reports/2019/竹溪乡.md"]).status(0);
    sandbox.expect("parse_facts");
    assert!(!sandbox.path("out").exists());
    // Of several files, one after the other; what cannot be read is said, and the rest is printed.
    let sandbox = Sandbox::with_reports();
    sandbox.write("空.md", "");
    let both = sandbox.run(&["parse", "--format", "csv", "空.md", TOWN_FILE, "没有.md"]).status(3);
    assert!(both.err().contains("空.md") && both.err().contains("没有.md"));
    let alone = finished(sandbox.command(&["parse", "--format", "csv", TOWN_FILE])).status(0);
    assert_eq!(both.out(), alone.out());
}

/// `--quiet` says nothing unless something failed: a file that cannot be read has failed.
#[test]
fn quiet() {
    let sandbox = Sandbox::with_reports();
    let silent = |done: Done| done.stdout.is_empty() && done.stderr.is_empty();
    assert!(silent(finished(sandbox.command(&["aggregate", "--quiet"])).status(0)));
    assert_eq!(sandbox.data("out").len(), 10);
    // What is asked for is printed all the same.
    let check = finished(sandbox.command(&["check", "--quiet", "--year", "2020", "--format", "csv"])).status(0);
    assert!(check.out().starts_with("year,severity,rule") && check.stderr.is_empty());
    assert!(!finished(sandbox.command(&["parse", "--quiet", TOWN_FILE])).status(0).out().is_empty());
    // Failures are told.
    sandbox.run(&["aggregate", "--quiet", "--year", "2018"]).status(1);
    sandbox.write("data/reports/2020/空.md", "");
    let mut mute = Vec::new();
    for arguments in
        [["aggregate", "--quiet", "--year", "2020"].as_slice(), &["aggregate", "--quiet", "--lang", "en"], &["parse", "--quiet", "data/reports/2020/空.md"]]
    {
        let done = sandbox.run(arguments).status(3);
        if !done.err().contains("空.md") {
            mute.push(arguments.join(" "));
        }
    }
    assert!(mute.is_empty(), "exit status 3 without a word of why: {mute:#?}");
    sandbox.expect("quiet");
}

#[test]
fn language_comes_from_the_flag_then_the_locale() {
    let sandbox = Sandbox::with_reports();
    let said = |variables: &[(&str, &str)], flags: &[&str]| {
        let mut command = sandbox.command(&[&RUN, flags].concat());
        command.envs(variables.iter().copied());
        if finished(command).status(0).out().contains("files found") { "en" } else { "zh" }
    };
    type Variables<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Variables<'_>, &[&str], &str); 12] = [
        (&[], &[], "zh"),
        (&[("LANG", "C")], &[], "zh"),
        (&[("LC_ALL", "POSIX")], &[], "zh"),
        (&[("LANG", "C.UTF-8")], &[], "zh"),
        (&[("LANG", "zh_CN.UTF-8")], &[], "zh"),
        (&[("LANG", "zh_CN.GBK")], &[], "zh"),
        (&[("LANG", "en_US.UTF-8")], &[], "en"),
        (&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")], &[], "zh"),
        (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_GB.UTF-8")], &[], "en"),
        (&[("LANG", "en_US.UTF-8"), ("LC_ALL", "")], &[], "en"),
        (&[("LANG", "en_US.UTF-8")], &["--lang", "zh"], "zh"),
        (&[("LANG", "zh_CN.UTF-8")], &["--lang", "en"], "en"),
    ];
    for (variables, flags, wanted) in cases {
        assert_eq!(said(variables, flags), wanted, "{variables:?} {flags:?}");
    }
    // The data do not change with the language.
    let zh = sandbox.data("out");
    finished(sandbox.command(&[&RUN[..], &["--lang", "en"]].concat())).status(0);
    assert!(sandbox.data("out") == zh);
}

/// A message is in one language: an English one has no Chinese but names and quotations, a Chinese one is Chinese.
#[test]
fn failures_are_told_in_the_language_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("taken", "");
    sandbox.write("bad/offices.csv", "code,name\n1,2\n");
    let failing: [&[&str]; 6] = [
        &["aggregate"],
        &["aggregate", "--input", "nowhere"],
        &["aggregate", "--input", "taken"],
        &["aggregate", "--output", "taken"],
        &["check", "--config", "bad"],
        &["check", "--config", "none"],
    ];
    let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut wrong = Vec::new();
    for arguments in failing {
        for language in ["zh", "en"] {
            let done = sandbox.run(&[arguments, &["--lang", language]].concat()).status(1);
            let text = done.err();
            let mixed = match language {
                "en" => text.contains(chinese),
                // Beside paths, names of columns and the system's own words there must be Chinese.
                _ => text.trim_start_matches("错误：").chars().filter(|c| chinese(*c)).count() < 6 || text.contains(" cannot ") || text.contains(" is no "),
            };
            if mixed {
                wrong.push(text);
            }
        }
    }
    assert!(wrong.is_empty(), "in two languages, or in the wrong one:\n{}", wrong.concat());
    sandbox.expect("failures_in_both_languages");
}

#[test]
fn log_as_json_lines() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/空.md", "");
    sandbox.write("taken", "");
    let json = ["--log-format", "json"];
    let runs: [(&[&str], i32); 6] = [
        (&["aggregate"], 3),
        (&["aggregate", "--year", "2018", "--lang", "en"], 1),
        (&["aggregate", "--input", "nowhere"], 1),
        (&["aggregate", "--output", "taken"], 1),
        (&["parse", "data/reports/2020/空.md", TOWN_FILE], 3),
        (&["check", "--quiet", "--config", "none"], 1),
    ];
    for (arguments, status) in runs {
        let done = finished(sandbox.command(&[arguments, &json].concat()));
        // What parse prints to stdout stands elsewhere; identifier, seconds and memory are of this run alone.
        let same = |line: &str| {
            let mut value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            let members = value.as_object_mut().expect("an object");
            assert!(members.remove("run").is_some_and(|run| run.is_string()), "{line}");
            for name in ["seconds", "peak_memory_mib"] {
                members.entry(name).and_modify(|value| *value = "[MEASURED]".into());
            }
            format!("{value}\n")
        };
        let told = Done { stdout: Vec::new(), stderr: done.err().lines().map(same).collect::<String>().into_bytes(), ..done };
        sandbox.note(&format!("huizong {} {}", arguments.join(" "), json.join(" ")), &told);
        let done = told.status(status);
        assert!(!done.stderr.is_empty(), "{arguments:?} leaves no trace in the log");
        for line in done.err().lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {line}"));
            assert!(value["message"].is_string() && value["level"].is_string(), "{line}");
            let time = value["time"].as_str().expect("time");
            assert!(time.len() >= 24 && time.as_bytes()[10] == b'T', "{time}");
        }
    }
    sandbox.expect("log_json");
}

#[test]
fn formats_of_what_is_printed() {
    let sandbox = faulty();
    sandbox.write("data/reports/2020/望云街街道.md", report(STREET, 2020, 7));
    for arguments in [["check", "--year", "2020"].as_slice(), &["parse", "data/reports/2020/望云街街道.md"], &["dictionary"], &["aggregate", "--year", "2020"]]
    {
        let run = |format: &str| finished(sandbox.command(&[arguments, &["--format", format]].concat())).status(0).out();
        let csv = run("csv");
        assert!(csv.lines().count() > 1 && csv.ends_with("\r\n") && !csv.starts_with('\u{feff}'), "{arguments:?}: {csv}");
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let header: Vec<String> = reader.headers().expect("header").iter().map(str::to_string).collect();
        let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("row")).collect();
        let array: serde_json::Value = serde_json::from_str(&run("json")).expect("JSON");
        let array = array.as_array().expect("an array");
        let lines: Vec<serde_json::Value> = run("ndjson").lines().map(|l| serde_json::from_str(l).expect("JSON line")).collect();
        assert_eq!(*array, lines, "{arguments:?}: json and ndjson");
        assert_eq!(array.len(), records.len(), "{arguments:?}: json and csv");
        for (object, record) in array.iter().zip(&records) {
            let keys: BTreeSet<&str> = object.as_object().expect("object").keys().map(String::as_str).collect();
            assert_eq!(keys, header.iter().map(String::as_str).collect(), "{arguments:?}");
            for (name, text) in header.iter().zip(record) {
                let same = match &object[name] {
                    serde_json::Value::Null => text.is_empty(),
                    serde_json::Value::String(string) => string == text || format!("'{string}") == text,
                    number => number.as_f64().zip(text.parse::<f64>().ok()).is_some_and(|(a, b)| a == b),
                };
                assert!(same, "{arguments:?}: {name}: {} and {text}", object[name]);
            }
        }
    }
    // What the table for people looks like, and the machine formats of a small result.
    for format in ["table", "csv", "json", "ndjson"] {
        sandbox.run(&["check", "--year", "2020", "--lang", "en", "--format", format]).status(0);
        sandbox.run(&["aggregate", "--year", "2020", "--format", format]).status(0);
    }
    sandbox.expect("formats");
}

/// A result without rows is still a result: a header, an empty array, nothing.
#[test]
fn formats_of_nothing() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("空.md", "");
    let out = |arguments: &[&str], format: &str| finished(sandbox.command(&[arguments, &["--format", format]].concat())).out();
    let check = out(&["check", "--year", "2020"], "csv");
    assert!(check.starts_with("year,severity,rule,") && check.lines().count() == 1, "{check:?}");
    assert_eq!(out(&["check", "--year", "2020"], "json"), "[]\n");
    assert_eq!(out(&["check", "--year", "2020"], "ndjson"), "");
    let facts = out(&["parse", TOWN_FILE], "csv").lines().next().map(str::to_string);
    assert_eq!(out(&["parse", "空.md"], "csv").lines().next().map(str::to_string), facts, "the header of facts");
    assert_eq!(out(&["parse", "空.md"], "json"), "[]\n");
}

#[test]
fn dictionary_names_everything() {
    let sandbox = Sandbox::new();
    let csv = finished(sandbox.command(&["dictionary", "--format", "csv"])).status(0).out();
    expect("dictionary.csv", csv.as_bytes());
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("row")).collect();
    let mut known = BTreeSet::new();
    for row in &rows {
        assert!(known.insert((row[0].to_string(), row[1].to_string())) || &row[0] == "rule", "{} {} stands twice", &row[0], &row[1]);
        assert!((2..=3).chain(5..=6).all(|i| !row[i].trim().is_empty()), "{row:?} lacks a name or a definition");
    }
    // Whatever a run over the sample publishes stands in it.
    let (input, config) = (format!("{REPO}/data/reports"), format!("{REPO}/config"));
    finished(sandbox.command(&["aggregate", "--input", &input, "--config", &config])).status(0);
    let mut unknown = BTreeSet::new();
    for (file, bytes) in sandbox.data("out") {
        let Some((table, _)) = file.split_once('/').filter(|_| file.ends_with(".csv")) else { continue };
        let text = String::from_utf8(bytes).expect("UTF-8");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().expect("header").clone();
        for name in &header {
            if !known.contains(&("column".to_string(), format!("{table}.{name}"))) {
                unknown.insert(format!("column {table}.{name}"));
            }
        }
        for record in reader.records() {
            let record = record.expect("row");
            for (name, value) in header.iter().zip(&record) {
                if ["indicator", "rule", "applicant", "channel"].contains(&name) && !value.is_empty() && !known.contains(&(name.to_string(), value.to_string()))
                {
                    unknown.insert(format!("{name} {value}"));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "not in the dictionary: {unknown:#?}");
}

/// The rules and identifiers of the contract that this program has are called as there.
#[test]
fn dictionary_has_the_names_of_the_contract() {
    let sandbox = Sandbox::new();
    let csv = finished(sandbox.command(&["dictionary", "--format", "csv"])).status(0).out();
    let has = |kind: &str, id: &str| csv.lines().any(|l| l.starts_with(&format!("{kind},{id},")));
    let three = ["regulations.made", "regulations.issued", "regulations.in_force", "normative_documents.newly_disclosed", "normative_documents.repealed"];
    let two =
        ["licensing.items_last_year", "public_services.decisions", "penalties.items_change", "coercive_measures.decisions", "fees.items_change", "fees.amount"];
    let four = [
        "procurement.amount",
        "applications.carried_in",
        "applications.carried_out",
        "outcomes.granted",
        "outcomes.partly_granted",
        "outcomes.total",
        "outcomes.other",
    ];
    let five = [
        "outcomes.refused.security_and_stability",
        "outcomes.refused.administrative_inquiry",
        "outcomes.unavailable.unclear_after_correction",
        "outcomes.not_processed.reconfirmation",
        "outcomes.other.correction_overdue",
        "outcomes.other.fee_overdue",
        "outcomes.other.remaining",
        "reconsideration.upheld",
        "litigation.direct.corrected",
        "litigation.after_reconsideration.total",
    ];
    let missing: Vec<&str> = three.iter().chain(&two).chain(&four).chain(&five).copied().filter(|id| !has("indicator", id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let applicants = [
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_organization",
        "legal_service_organization",
        "other_organization",
        "total",
    ];
    assert!(applicants.iter().all(|id| has("applicant", id)));
    let rules = ["applications.row_total", "applications.outcome_total", "applications.balance", "reviews.group_total", "cell.unreadable", "cell.negative"];
    let reports = [
        "missing",
        "duplicate",
        "unregistered_office",
        "year_mismatch",
        "office_mismatch",
        "unreadable",
        "unsupported_format",
        "table_missing",
        "section_missing",
        "form_outdated",
    ];
    assert!(rules.iter().all(|id| has("rule", id)) && reports.iter().all(|id| has("rule", &format!("report.{id}"))));
}

#[test]
fn fail_on() {
    let faulty = faulty();
    let clean = Sandbox::with_reports();
    // Only a warning: the report of 2020 lies in the folder of 2019.
    let warned = Sandbox::with_reports();
    std::fs::rename(warned.path("data/reports/2020"), warned.path("data/reports/2019")).expect("moved");
    let wanted = [(&faulty, [3, 3, 0]), (&warned, [0, 3, 0]), (&clean, [0, 0, 0])];
    for (number, (sandbox, statuses)) in wanted.iter().enumerate() {
        for (level, status) in ["error", "warning", "never"].iter().zip(statuses) {
            let output = format!("out-{level}");
            let done = finished(sandbox.command(&["aggregate", "--year", "2020", "--fail-on", level, "--output", &output]));
            assert_eq!(done.status, Some(*status), "aggregate {number} --fail-on {level}");
            assert_eq!(sandbox.published(&output).len(), 11, "it is published all the same");
            let done = finished(sandbox.command(&["check", "--year", "2020", "--fail-on", level]));
            assert_eq!(done.status, Some(*status), "check {number} --fail-on {level}");
        }
        assert_eq!(finished(sandbox.command(&["check", "--year", "2020"])).status, Some(0), "never is the default");
    }
    // Why the status is 3 is said.
    faulty.run(&["aggregate", "--year", "2020", "--fail-on", "error", "--lang", "en"]).status(3);
    faulty.expect("fail_on");
}

/// `| head`: the reader has enough, which is no failure and no reason for words; the exit status stays what it was.
#[test]
fn closed_pipe() {
    let sandbox = faulty();
    // Enough findings and districts to fill any pipe.
    let offices: String = (0..2000).map(|n| format!("98{n:04}101000,某乡人民政府,,某{n}区,98{n:04},云州市,江岭省\n")).collect();
    sandbox.write("config/offices.csv", crate::fixture::OFFICES.to_string() + &offices);
    let head = |arguments: &[&str]| {
        let mut child = sandbox.command(arguments).spawn().expect("start");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut first).expect("a line");
        let done = wait(child);
        assert!(!first.is_empty(), "{arguments:?}: {}", done.err());
        assert_eq!(done.err(), "", "{arguments:?}");
        done.status
    };
    assert_eq!(head(&["dictionary"]), Some(0));
    assert_eq!(head(&["check", "--year", "2020"]), Some(0));
    assert_eq!(head(&["check", "--year", "2020", "--format", "ndjson"]), Some(0));
    // Closed before the first byte; the run is published and its status is not hidden.
    for (level, status) in [("never", 0), ("error", 3)] {
        let mut child = sandbox.command(&["aggregate", "--year", "2020", "--fail-on", level, "--output", level]).spawn().expect("start");
        drop(child.stdout.take());
        let done = wait(child);
        assert_eq!((done.status, done.err().as_str()), (Some(status), ""), "--fail-on {level}");
        assert_eq!(sandbox.published(level).len(), 11);
    }
}

/// A result that cannot be written out is not passed off as done.
#[test]
fn full_stdout() {
    let sandbox = faulty();
    let full = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        command.stdout(File::options().write(true).open("/dev/full").expect("/dev/full"));
        finished(command)
    };
    let report = "data/reports/2019/竹溪乡.md";
    for arguments in [
        ["dictionary"].as_slice(),
        &["dictionary", "--format", "json"],
        &["check", "--year", "2020"],
        &["parse", report],
        &["parse", "--format", "csv", report],
    ] {
        let done = full(arguments);
        assert_eq!(done.status, Some(1), "{arguments:?}: {}", done.err());
        assert!(!done.stderr.is_empty(), "{arguments:?}");
    }
    // What is published is published: 1 would say that it is not.
    let done = full(&["aggregate", "--year", "2020"]);
    assert_eq!(sandbox.published("out").len(), 11);
    assert_eq!(done.status, Some(3), "{}", done.err());
    assert!(!done.stderr.is_empty());
}

/// No bar and no colour where nobody watches.
#[test]
fn no_progress_bars_in_a_file() {
    let sandbox = Sandbox::with_reports();
    let mut command = sandbox.command(&RUN);
    command.env("TERM", "xterm-256color").env("CLICOLOR_FORCE", "1").env("FORCE_COLOR", "1");
    let done = finished(command).status(0);
    assert_eq!(done.err(), "");
    assert!(!done.out().contains('\u{1b}'));
}

/// On a terminal the work is seen; there too the result alone goes to stdout.
#[test]
fn progress_bars_on_a_terminal() {
    let sandbox = Sandbox::new();
    let run = format!("'{}' aggregate --input '{REPO}/data/reports' --config '{REPO}/config' > result", crate::sandbox::PROGRAM);
    let terminal = |more: &str| {
        let mut command = sandbox.prepared("script", &["--quiet", "--return", "--command", &format!("{run} {more}"), "/dev/null"]);
        command.env("TERM", "xterm").output()
    };
    match terminal("") {
        Ok(done) if done.status.success() => {
            let seen = String::from_utf8_lossy(&done.stdout).into_owned();
            assert!(seen.contains("读取报告"), "no bar on a terminal: {seen:?}");
            assert!(!sandbox.read("result").contains('\u{1b}'));
            for more in ["--quiet", "--year 2020 --log-format json"] {
                let seen = terminal(more).expect("as before").stdout;
                let seen = String::from_utf8_lossy(&seen);
                assert!(seen.lines().all(|line| more.contains("json") && line.starts_with('{')), "{more}: {seen:?}");
            }
        }
        other => crate::sandbox::skip("progress_bars_on_a_terminal", &format!("no `script` to make a terminal: {other:?}")),
    }
}
