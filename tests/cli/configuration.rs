//! The configuration folder: what is wrong in it is refused before any report is read, with the file,
//! the line and what would be valid.

use crate::fixture::OFFICES;
use crate::sandbox::{Done, REPO, Sandbox, finished};
use std::fs;

const RUN: [&str; 5] = ["aggregate", "--year", "2020", "--lang", "en"];

/// A registry that must be refused, with what the message must name.
#[track_caller]
fn refused(sandbox: &Sandbox, offices: &[u8], names: &[&str]) {
    sandbox.write("config/offices.csv", offices);
    let mut done = sandbox.run(&RUN).status(1).says("config/offices.csv");
    for name in names {
        done = done.says(name);
    }
    assert!(done.stdout.is_empty() && sandbox.published("out").is_empty());
    assert!(!done.err().contains("Caused by"), "one line for a person, not a trace");
}

#[test]
fn registry_that_is_wrong() {
    let sandbox = Sandbox::with_reports();
    let with = |line: &str| format!("{OFFICES}{line}\n").into_bytes();
    refused(&sandbox, &with("990103001000,旧营乡人民政府,,青石区,990103,云州市,江岭省"), &["line 4", "990103001000", "line 2"]);
    refused(
        &sandbox,
        OFFICES.replace(",district_code", ",district_no").as_bytes(),
        &["line 1", "district_code", "code,name,aliases,district,district_code,city,province"],
    );
    refused(&sandbox, OFFICES.replacen("code,name", "name,name", 1).as_bytes(), &["code"]);
    refused(&sandbox, &with("990103102000,旧营乡人民政府,青石区"), &["line 4"]);
    refused(&sandbox, &with("990103102000,,,青石区,990103,云州市,江岭省"), &["line 4", "name"]);
    refused(&sandbox, OFFICES.lines().next().unwrap_or_default().as_bytes(), &[]);
    // Line ends of Windows do not shift the line.
    refused(&sandbox, String::from_utf8_lossy(&with("990103102000,,,青石区,990103,云州市,江岭省")).replace('\n', "\r\n").as_bytes(), &["line 4", "name"]);
    refused(&sandbox, b"", &["empty"]);
    refused(&sandbox, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[]);
    let dated = OFFICES.replace("province\n", "province,valid_from\n").replace("江岭省\n", "江岭省,去年\n");
    refused(&sandbox, dated.as_bytes(), &["line 2", "valid_from"]);
    sandbox.expect("registry_wrong");
}

/// Codes that a spreadsheet has turned into numbers lose their digits: never a silent match or miss.
#[test]
fn registry_with_spoilt_codes() {
    let sandbox = Sandbox::with_reports();
    refused(&sandbox, OFFICES.replace("990103001000", "9.90103E+11").as_bytes(), &["line 2", "9.90103E+11"]);
    refused(&sandbox, OFFICES.replace("990103001000", "99010300100").as_bytes(), &["line 2"]);
    refused(&sandbox, OFFICES.replace(",990103,", ",99013,").as_bytes(), &["line 2"]);
    sandbox.expect("registry_spoilt_codes");
}

#[test]
fn registry_is_not_there() {
    let sandbox = Sandbox::with_reports();
    fs::remove_file(sandbox.path("config/offices.csv")).expect("removed");
    sandbox.run(&RUN).status(1).says("config/offices.csv");
    sandbox.run(&["check", "--lang", "en"]).status(1).says("config/offices.csv");
    // Reading a single report and the dictionary need none.
    let parse = finished(sandbox.command(&["parse", "data/reports/2020/竹溪乡.md"])).status(0);
    assert!(parse.out().contains("applications.received"));
    finished(sandbox.command(&["dictionary"])).status(0);
    sandbox.expect("registry_not_there");
    assert!(!sandbox.path("out").exists(), "no output folder is made for nothing");
}

/// As Excel saves it: GB18030 with CRLF, UTF-8 with a mark, semicolons of both widths, empty lines at the end.
#[test]
fn registry_from_excel() {
    let sandbox = Sandbox::with_reports();
    let check = ["check", "--year", "2020", "--format", "csv"];
    let wanted = finished(sandbox.command(&check)).status(0).out();
    let offices = OFFICES.replace("望云街街道,", "望云街街道；望云街,").replace('\n', "\r\n");
    let encoded = [
        encoding_rs::GB18030.encode(&offices).0.into_owned(),
        format!("\u{feff}{offices}").into_bytes(),
        [b"\xff\xfe".as_slice(), &offices.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
        format!("{offices},,,,,,\r\n,,,,,,\r\n").into_bytes(),
        offices.replace("code,name,aliases", "\"code\",\"name\", aliases ").into_bytes(),
    ];
    for (number, bytes) in encoded.iter().enumerate() {
        sandbox.write("config/offices.csv", bytes);
        let done = finished(sandbox.command(&check));
        assert_eq!((done.status, done.out()), (Some(0), wanted.clone()), "variant {number}: {}", done.err());
    }
}

/// A run with a file of the repository's configuration in which one text is replaced by another, and the line of that.
/// The transcript says `line [LINE]`: the file grows, and the line is compared with the file itself.
#[track_caller]
fn broken(sandbox: &Sandbox, file: &str, from: &str, to: &str) -> (Done, usize) {
    let good = fs::read_to_string(format!("{REPO}/config/{file}")).expect("configuration");
    let comment = |at: &usize| good[..*at].rsplit('\n').next().unwrap_or_default().starts_with('#');
    let at = good.match_indices(from).map(|(at, _)| at).find(|at| !comment(at)).unwrap_or_else(|| panic!("{file} has no `{from}`"));
    let line = 1 + good[..at].matches('\n').count();
    sandbox.write(&format!("config/{file}"), format!("{}{to}{}", &good[..at], &good[at + from.len()..]));
    let done = finished(sandbox.command(&RUN));
    let stderr = done.err().replace(&format!("line {line}"), "line [LINE]").into_bytes();
    sandbox.note(&format!("huizong {}", RUN.join(" ")), &Done { status: done.status, stdout: done.stdout.clone(), stderr });
    fs::remove_file(sandbox.path(&format!("config/{file}"))).expect("removed");
    (done, line)
}

/// Each broken text is refused, with the file, its line and the valid names.
#[track_caller]
fn all_refused(name: &str, cases: &[(&str, &str, &str, &[&str])]) {
    let sandbox = Sandbox::with_reports();
    let mut wrong = Vec::new();
    for (file, from, to, names) in cases {
        let (done, line) = broken(&sandbox, file, from, to);
        let said = done.err();
        let mut lacks: Vec<String> = Vec::new();
        let path = format!("config/{file}");
        let line = format!("line {line}");
        if done.status != Some(1) {
            lacks.push(format!("status 1 (it is {:?})", done.status));
        } else {
            lacks.extend([path.as_str(), line.as_str()].iter().chain(*names).filter(|n| !said.contains(**n)).map(|n| format!("`{n}`")));
        }
        if !lacks.is_empty() {
            wrong.push(format!("{file}: `{}` for `{}` lacks {} in:\n{said}", to.trim(), from.trim(), lacks.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} broken configurations are not refused as they should:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    sandbox.expect(name);
    assert!(sandbox.published("out").is_empty());
}

/// What may go wrong in the file of a form.
const FORM: [(&str, &str, &[&str]); 9] = [
    // A wrong key.
    ("headings = ", "heading = ", &["heading", "headings"]),
    ("first_year = ", "frist_year = ", &["frist_year", "first_year"]),
    // A wrong value.
    ("over = \"columns\"", "over = \"colums\"", &["colums", "columns", "rows", "cells"]),
    ("unit = \"件\"", "unit = \"箱\"", &["箱", "件", "元"]),
    ("rule = \"applications.row_total\"", "rule = \"applications.rowtotal\"", &["applications.rowtotal", "applications.row_total"]),
    ("table = \"applications\"\nover", "table = \"aplications\"\nover", &["aplications", "active_disclosure", "applications", "reviews"]),
    ("group = \"不予公开\"", "group = \"不公开\"", &["不公开", "不予公开", "无法提供"]),
    ("totals = [\"total\"]", "totals = [\"totall\"]", &["totall", "natural_person", "total"]),
    // No TOML at all.
    ("[[section]]", "[[section", &[]),
];

#[test]
fn form_of_2019_that_is_wrong() {
    all_refused("wrong_form_2019", &FORM.map(|(from, to, names)| ("forms/2019.toml", from, to, names)));
}

#[test]
fn form_of_2021_that_is_wrong() {
    all_refused("wrong_form_2021", &FORM.map(|(from, to, names)| ("forms/2021.toml", from, to, names)));
}

#[test]
fn rules_that_are_wrong() {
    let file = "rules.toml";
    all_refused(
        "wrong_rules_toml",
        &[
            (file, "severity = \"error\"", "severty = \"error\"", &["severty", "severity"]),
            (file, "title.zh = ", "title.cn = ", &["cn", "zh", "en"]),
            (file, "severity = \"warning\"", "severity = \"warn\"", &["warn", "info", "warning", "error"]),
            (file, "id = \"cell.negative\"", "id = \"cell.negativ\"", &["cell.negativ", "cell.negative"]),
            (file, "id = \"cell.fraction\"", "id = \"cell.negative\"", &["cell.negative"]),
            (file, "{difference}", "{diference}", &["diference", "difference"]),
            (file, "[[rule]]", "[[rule", &[]),
        ],
    );
}

#[test]
fn narrative_that_is_wrong() {
    let file = "narrative.toml";
    let good = fs::read_to_string(format!("{REPO}/config/{file}")).expect("configuration");
    // The first key of the first table is renamed, and the first value of `unit` made a number.
    let key = good.lines().find_map(|l| l.split_once(" = ").map(|(key, _)| key.trim().to_string())).unwrap_or_else(|| panic!("config/{file} is empty"));
    let from = format!("{key} = ");
    let to = format!("{key}x = ");
    let wrong_key = format!("{key}x");
    all_refused("wrong_narrative_toml", &[(file, &from, &to, &[&wrong_key, &key]), (file, "unit = \"", "unit = 5 # \"", &["unit"]), (file, "[[", "[[[", &[])]);
}

/// A file in the folder replaces the built-in one, and the hash in run.json tells them apart.
#[test]
fn configuration_replaces_what_is_built_in() {
    let sandbox = Sandbox::with_reports();
    let hash = || {
        finished(sandbox.command(&RUN)).status(0);
        let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
        run["config_hash"].as_str().expect("hash").to_string()
    };
    let built_in = hash();
    let rules = fs::read_to_string(format!("{REPO}/config/rules.toml")).expect("rules");
    sandbox.write("config/rules.toml", &rules);
    assert_eq!(hash(), built_in, "the same text");
    sandbox.write("config/rules.toml", rules.replace("title.zh = \"缺报\"", "title.zh = \"未交\""));
    assert_ne!(hash(), built_in);
    fs::remove_file(sandbox.path("data/reports/2020/竹溪乡.md")).expect("removed");
    finished(sandbox.command(&["check", "--year", "2020"])).status(0).says("未交");
}

/// A folder named on the command line that is not there is a slip of the pen, not a wish for the defaults.
#[test]
fn configuration_folder_that_is_not_there() {
    let sandbox = Sandbox::with_reports();
    for arguments in
        [["dictionary", "--config", "confg"].as_slice(), &["parse", "--config", "confg", "data/reports/2020/竹溪乡.md"], &["aggregate", "--config", "confg"]]
    {
        sandbox.run(arguments).status(1).says("confg");
    }
    sandbox.expect("configuration_folder_not_there");
}

/// The message names the folder that was asked for, so that the file can be found.
#[test]
fn messages_name_the_real_folder() {
    let sandbox = Sandbox::with_reports();
    fs::create_dir(sandbox.path("einstellungen")).expect("folder");
    let run = ["aggregate", "--config", "einstellungen"];
    sandbox.write("einstellungen/offices.csv", "code,name\n");
    sandbox.run(&run).status(1).says("einstellungen/offices.csv");
    sandbox.write("einstellungen/offices.csv", OFFICES);
    sandbox.write("einstellungen/rules.toml", "[[rule]]\nidd = 1\n");
    sandbox.run(&run).status(1).says("einstellungen/rules.toml");
    fs::remove_file(sandbox.path("einstellungen/rules.toml")).expect("removed");
    sandbox.write("einstellungen/forms/2019.toml", "idd = 1\n");
    sandbox.run(&run).status(1).says("einstellungen/forms/2019.toml");
    sandbox.expect("messages_name_the_real_folder");
}

/// A form of a later year is one more file: no program is changed for it.
#[test]
fn later_form_is_one_more_file() {
    let sandbox = Sandbox::with_reports();
    let form = fs::read_to_string(format!("{REPO}/config/forms/2021.toml")).expect("form");
    let until = |text: &str, year: i32| text.replacen("first_year = 2021", &format!("first_year = 2021\nlast_year = {year}"), 1);
    sandbox.write("config/forms/2021.toml", until(&form, 2029));
    let later = form.replacen("id = \"2021\"", "id = \"2030\"", 1).replacen("first_year = 2021", "first_year = 2030", 1);
    sandbox.write("config/forms/2030.toml", later);
    sandbox.write("data/reports/2030/竹溪乡.md", crate::fixture::report(crate::fixture::TOWN, 2030, 5));
    finished(sandbox.command(&["aggregate", "--year", "2030"])).status(0);
    let outdated: Vec<String> = sandbox.findings("out", 2030).into_iter().filter(|(rule, _)| rule == "report.form_outdated").map(|(_, m)| m).collect();
    assert!(!outdated.is_empty() && outdated.iter().all(|m| m.contains("2030")), "{outdated:?}");
    // Two forms that claim the same year are refused.
    sandbox.write("config/forms/2021.toml", until(&form, 2031));
    sandbox.run(&["aggregate", "--year", "2030"]).status(1).says("2030");
    sandbox.expect("later_form");
}
