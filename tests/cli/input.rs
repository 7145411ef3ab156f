//! What lies in the folder of reports: whatever it is, the run goes on and a finding says what it was.

use crate::fixture::{OFFICES, STREET, TOWN, report};
use crate::sandbox::{Done, Sandbox, finished, skip};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Two clean reports and something odd: checked and published; the figures of the two stay the same.
#[track_caller]
fn oddity(name: &str, status: i32, put: impl FnOnce(&Sandbox)) -> Sandbox {
    let sandbox = Sandbox::with_reports();
    put(&sandbox);
    sandbox.run(&["check", "--year", "2020"]).status(status);
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(status);
    sandbox.expect(name);
    let summary = sandbox.read("out/district_summary/year=2020/district_summary.csv");
    assert_eq!(column(&summary, "applications_received"), ["12"], "the readable reports count");
    assert_eq!(column(&summary, "offices_missing"), ["0"]);
    sandbox.nothing_left_behind("out");
    sandbox
}

/// A column of a published CSV.
pub fn column(csv: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let at = reader.headers().expect("header").iter().position(|h| h == name).unwrap_or_else(|| panic!("column {name}"));
    reader.records().map(|r| r.expect("row")[at].to_string()).collect()
}

/// The one finding of a rule.
#[track_caller]
fn only(sandbox: &Sandbox, rule: &str) -> String {
    let findings = sandbox.findings("out", 2020);
    let messages: Vec<&String> = findings.iter().filter(|(r, _)| r == rule).map(|(_, m)| m).collect();
    assert_eq!(messages.len(), 1, "{rule} in {findings:?}");
    messages[0].clone()
}

#[test]
fn empty_file() {
    let sandbox = oddity("empty_file", 3, |s| {
        s.write("data/reports/2020/空.md", "");
        s.write("data/reports/2020/空格.txt", " \r\n\u{3000}\n");
        s.write("data/reports/2020/空标记.md", "\u{feff}");
    });
    let findings = sandbox.findings("out", 2020);
    assert_eq!(findings.iter().filter(|(rule, message)| rule == "report.unreadable" && message.contains("empty")).count(), 3, "{findings:?}");
}

#[test]
fn binary_called_markdown() {
    let sandbox = oddity("binary_called_markdown", 3, |s| {
        // An ELF header and noise with zeros: neither text nor a format that is known by its first bytes.
        let mut noise = 2_463_534_242u32;
        let mut bytes = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend((0..4096).map(|_| {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            noise as u8
        }));
        s.write("data/reports/2020/程序.md", bytes);
    });
    assert!(only(&sandbox, "report.unreadable").contains("no text"));
}

#[test]
fn other_formats_called_markdown_or_not() {
    let sandbox = oddity("other_formats", 3, |s| {
        s.write("data/reports/2020/扫描件.md", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        s.write("data/reports/2020/压缩包.md", b"PK\x03\x04\x14\0\x06\0");
        s.write("data/reports/2020/照片.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF");
        s.write("data/reports/2020/没有扩展名", "# 说明\n");
    });
    let findings = sandbox.findings("out", 2020);
    assert_eq!(findings.iter().filter(|(rule, _)| rule == "report.unsupported_format").count(), 1, "{findings:?}");
    assert_eq!(findings.iter().filter(|(rule, _)| rule == "report.unreadable").count(), 3, "a broken archive, a broken PDF, and a picture: {findings:?}");
}

#[test]
fn old_format_without_libreoffice() {
    let sandbox = oddity("old_format", 3, |s| s.write("data/reports/2020/旧报告.doc", br"{\rtf1\ansi 2020}"));
    let message = only(&sandbox, "report.unsupported_format");
    assert!(message.contains("apt install libreoffice-writer") && message.contains("rtf"), "{message}");
}

#[test]
fn file_of_300_megabytes() {
    let sandbox = oddity("huge_file", 3, |s| {
        s.write("data/reports/2020/巨大.md", report(STREET, 2020, 99));
        // Sparse: it takes no room on the disk.
        fs::File::options().append(true).open(s.path("data/reports/2020/巨大.md")).and_then(|f| f.set_len(300 << 20)).expect("sparse file");
    });
    assert!(only(&sandbox, "report.unreadable").contains("300 MB"));
}

#[test]
fn encodings_are_read_right() {
    let text = report(STREET, 2020, 7);
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let encoded = [
        ("utf8", text.clone().into_bytes(), "UTF-8"),
        ("utf8-bom", marked(b"\xef\xbb\xbf", text.clone().into_bytes()), "UTF-8"),
        ("gb18030", encoding_rs::GB18030.encode(&text).0.into_owned(), "gb18030"),
        ("utf16le-bom", marked(b"\xff\xfe", utf16(u16::to_le_bytes)), "UTF-16LE"),
        ("utf16be-bom", marked(b"\xfe\xff", utf16(u16::to_be_bytes)), "UTF-16BE"),
        ("utf16le", utf16(u16::to_le_bytes), "UTF-16LE"),
        ("utf16be", utf16(u16::to_be_bytes), "UTF-16BE"),
    ];
    let sandbox = Sandbox::new();
    let mut wrong = Vec::new();
    let mut first = None;
    for (name, bytes, _) in &encoded {
        sandbox.write(&format!("{name}.md"), bytes);
        let done = finished(sandbox.command(&["parse", "--format", "csv", &format!("{name}.md")]));
        let found = done.out().replace(&format!("{name}.md"), "FILE");
        let first = first.get_or_insert_with(|| found.clone());
        if done.status != Some(0) || found != *first || found.lines().count() < 190 {
            wrong.push(format!("{name}: status {:?}, {} rows; {}", done.status, found.lines().count(), done.err().lines().next().unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "read otherwise than UTF-8:\n{}", wrong.join("\n"));
    // The encoding stands in the published table.
    for (name, bytes, _) in &encoded {
        sandbox.write(&format!("data/reports/2020/{name}.md"), bytes);
    }
    finished(sandbox.command(&["aggregate", "--year", "2020"])).status(0);
    let reports = sandbox.read("out/reports/year=2020/reports.csv");
    let names = column(&reports, "source_file");
    for (file, encoding) in names.iter().zip(column(&reports, "encoding")) {
        let (_, _, wanted) = encoded.iter().find(|(name, ..)| *file == format!("2020/{name}.md")).expect("a known file");
        assert_eq!(encoding, *wanted, "{file}");
    }
    assert_eq!(names.len(), encoded.len());
}

#[test]
fn link_loop() {
    let sandbox = oddity("link_loop", 3, |s| {
        s.link("..", "data/reports/2020/上级");
        s.link("自己", "data/reports/2020/自己");
    });
    let findings = sandbox.findings("out", 2020);
    assert_eq!(findings.iter().filter(|(rule, _)| rule == "report.unreadable").count(), 2, "{findings:?}");
}

#[test]
fn dangling_link() {
    let sandbox = oddity("dangling_link", 3, |s| s.link("不在了.md", "data/reports/2020/断链.md"));
    assert!(only(&sandbox, "report.unreadable").contains("link leads nowhere"));
}

#[test]
fn links_to_a_file_and_a_folder_are_followed() {
    let sandbox = Sandbox::new();
    sandbox.write("elsewhere/a.md", report(STREET, 2020, 7));
    sandbox.write("store/b.md", report(TOWN, 2020, 5));
    fs::create_dir_all(sandbox.path("data/reports/2020")).expect("folder");
    sandbox.link("../../../elsewhere", "data/reports/2020/街道");
    sandbox.link("../../../store/b.md", "data/reports/2020/乡.md");
    finished(sandbox.command(&["aggregate", "--year", "2020"])).status(0);
    let reports = sandbox.read("out/reports/year=2020/reports.csv");
    assert_eq!(column(&reports, "source_file"), ["2020/街道/a.md", "2020/乡.md"]);
}

/// The system refuses to read it, whoever runs the test: reading the start of one's memory is an error.
#[test]
fn file_that_fails_in_reading() {
    if !Path::new("/proc/self/mem").exists() {
        return skip("file_that_fails_in_reading", "no /proc/self/mem");
    }
    let sandbox = oddity("file_that_fails_in_reading", 3, |s| s.link("/proc/self/mem", "data/reports/2020/坏盘.md"));
    assert!(only(&sandbox, "report.unreadable").contains("Check disk and network"));
}

#[test]
fn pipe_instead_of_a_file() {
    let sandbox = oddity("pipe_instead_of_a_file", 3, |s| {
        assert!(Command::new("mkfifo").arg(s.path("data/reports/2020/管道.md")).status().expect("mkfifo").success());
    });
    assert!(only(&sandbox, "report.unreadable").contains("no regular file"));
}

#[test]
fn file_and_folder_without_permission() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/秘密.md", report(STREET, 2020, 99));
    sandbox.write("data/reports/2020/锁/里.md", report(STREET, 2020, 99));
    let Some(done) = without_permission(&sandbox, &[("data/reports/2020/秘密.md", "000"), ("data/reports/2020/锁", "000")], &["check", "--year", "2020"])
    else {
        return skip("file_and_folder_without_permission", "this user may read everything, and there is no setpriv");
    };
    sandbox.note("huizong check --year 2020", &done.status(3));
    sandbox.expect("without_permission");
}

/// Runs the program after some paths were given other permissions; none where permissions bind nobody.
pub fn without_permission(sandbox: &Sandbox, closed: &[(&str, &str)], arguments: &[&str]) -> Option<Done> {
    let change = |mode: &str, path: &str| assert!(Command::new("chmod").arg(mode).arg(sandbox.path(path)).status().expect("chmod").success());
    sandbox.write("probe", "");
    change("000", "probe");
    let bound = fs::read(sandbox.path("probe")).is_err();
    // The superuser may do everything, unless that power is taken from the program.
    let weak = ["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"];
    let can_weaken = || Command::new("setpriv").args(weak).arg("true").output().is_ok_and(|o| o.status.success());
    if !bound && !can_weaken() {
        return None;
    }
    closed.iter().for_each(|(path, mode)| change(mode, path));
    let done = match bound {
        true => finished(sandbox.command(arguments)),
        false => finished(sandbox.script(&format!("exec setpriv {} \"$@\"", weak.join(" ")), arguments)),
    };
    // So that the folder can be removed.
    closed.iter().for_each(|(path, _)| change("755", path));
    Some(done)
}

#[test]
fn folder_called_like_a_report() {
    let sandbox = oddity("folder_called_like_a_report", 0, |s| {
        fs::create_dir_all(s.path("data/reports/2020/空目录.md")).expect("folder");
        fs::rename(s.path("data/reports/2020/竹溪乡.md"), s.path("竹溪乡.md")).expect("moved");
        fs::create_dir_all(s.path("data/reports/2020/竹溪乡.md")).expect("folder");
        fs::rename(s.path("竹溪乡.md"), s.path("data/reports/2020/竹溪乡.md/正文.md")).expect("moved");
    });
    assert!(sandbox.findings("out", 2020).is_empty());
}

#[test]
fn what_systems_leave_behind_is_not_read() {
    let sandbox = oddity("leftovers", 0, |s| {
        for name in [".DS_Store", "Thumbs.db", "desktop.ini", "~$竹溪乡.docx", ".~lock.竹溪乡.md#", "._竹溪乡.md", "__MACOSX/竹溪乡.md"] {
            s.write(&format!("data/reports/2020/{name}"), b"\0\0\0\x01Bud1");
        }
    });
    assert!(sandbox.findings("out", 2020).is_empty());
}

#[test]
fn rows_of_10_000_cells() {
    let wide = |n: usize| "|0".repeat(n) + "|\n";
    let text = report(STREET, 2020, 7);
    let (before, behind) = text.split_once("## 三").expect("section three");
    let sandbox = Sandbox::new();
    let table = wide(10_000) + &"|---".repeat(10_000) + "|\n" + &wide(10_000) + &("|一、本年新收政府信息公开申请数量".to_string() + &wide(10_000));
    sandbox.write("data/reports/2020/望云街街道.md", format!("{before}{table}\n## 三{behind}"));
    // In the middle of the table itself as well.
    let row = "|三、本年度办理结果（一）予以公开|7|0|0|0|0|0|7|";
    assert!(text.contains(row));
    let torn = report(TOWN, 2020, 7).replace(row, &format!("{}{}", row.trim_end_matches('\n'), wide(10_000).trim_end_matches('\n')));
    sandbox.write("data/reports/2020/竹溪乡.md", torn);
    sandbox.run(&["check", "--year", "2020"]).status(0);
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(0);
    sandbox.expect("rows_of_10_000_cells");
    let reports = sandbox.read("out/reports/year=2020/reports.csv");
    assert_eq!(column(&reports, "status").len(), 2);
    assert!(!column(&reports, "status").contains(&"unreadable".to_string()), "{reports}");
    // What is beside the broken row is read.
    let facts = sandbox.read("out/facts/year=2020/facts.csv");
    assert!(facts.lines().filter(|l| l.contains("望云街") && l.contains("applications.received,natural_person,,7,")).count() == 1);
    assert!(facts.lines().filter(|l| l.contains("竹溪乡") && l.contains("applications.received,natural_person,,7,")).count() == 1);
}

#[test]
fn line_of_50_megabytes() {
    const LENGTH: usize = 50 << 20;
    let sandbox = Sandbox::new();
    let long = |unit: &str| unit.repeat(LENGTH / unit.len());
    let insert = |office: &str, line: String| report(office, 2020, 7).replace("## 二、", &format!("{line}\n\n## 二、"));
    sandbox.write("data/reports/2020/望云街街道.md", insert(STREET, long("2020年，本机关通过网站公开信息12条。")));
    sandbox.write("data/reports/2020/竹溪乡.md", insert(TOWN, long("| 1 ")));
    finished(sandbox.command(&["aggregate", "--year", "2020"])).status(0);
    let facts = sandbox.read("out/facts/year=2020/facts.csv");
    for office in ["望云街街道办事处", "竹溪乡人民政府"] {
        assert!(facts.lines().any(|l| l.contains(office) && l.contains("applications.received,natural_person,,7,")), "{office}: the tables are read");
    }
    // What is kept of such a line is short.
    assert!(facts.lines().all(|l| l.len() < 4000));
    assert!(sandbox.read("out/findings/year=2020/findings.csv").lines().all(|l| l.len() < 8000));
}

#[test]
fn number_of_400_digits() {
    let sandbox = Sandbox::with_reports();
    let digits = "9".repeat(400);
    let text = report(STREET, 2020, 7).replace("|规章|0|0|0|", &format!("|规章|{digits}|0|0|"));
    sandbox.write("data/reports/2020/望云街街道.md", text.replace("2020年，本机关公开工作", &format!("2020年公开信息{digits}条，公开工作")));
    sandbox.run(&["check", "--year", "2020"]).status(0);
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(0);
    sandbox.expect("number_of_400_digits");
    let facts = sandbox.read("out/facts/year=2020/facts.csv");
    let row = facts.lines().find(|l| l.contains("望云街") && l.contains("regulations.made")).expect("the cell");
    assert!(row.contains("unreadable") && !row.to_lowercase().contains("inf,"), "{row}");
    assert!(sandbox.findings("out", 2020).iter().any(|(rule, _)| rule == "cell.unreadable"));
    for (file, bytes) in sandbox.data("out") {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let odd = text.split([',', '\r', '\n']).find(|field| ["inf", "-inf", "nan", "infinity"].contains(field));
        assert!(!file.ends_with(".csv") || odd.is_none(), "{file}: {odd:?}");
    }
}

/// Numbers as a torn conversion makes them, digits of two cells in one: large, but numbers. Their sum is theirs.
#[test]
fn numbers_of_15_digits_are_added_up() {
    let sandbox = Sandbox::new();
    let value = 900_000_000_000_000_u64;
    let mut offices = OFFICES.lines().next().expect("header").to_string() + "\n";
    for number in 10..30 {
        offices += &format!("9901030{number}000,第{number}街道办事处,,青石区,990103,云州市,江岭省\n");
        let text = report(&format!("云州市青石区第{number}街道办事处"), 2020, 1).replace("|135000元|", &format!("|{value}元|"));
        sandbox.write(&format!("data/reports/2020/{number}.md"), text);
    }
    sandbox.write("config/offices.csv", offices);
    finished(sandbox.command(&["aggregate", "--year", "2020"])).status(0);
    let totals = sandbox.read("out/division_totals/year=2020/division_totals.csv");
    let row = totals.lines().find(|l| l.starts_with("2020,district,") && l.contains("procurement.amount")).expect("the total");
    let printed = row.split(',').nth(8).unwrap_or_default();
    // Either refused as unreadable, in every office, or added up right.
    assert!(printed.is_empty() || printed.parse() == Ok((20 * value) as f64), "20 × {value} makes {printed}");
}

#[test]
fn hostile_texts_and_names() {
    let sandbox = Sandbox::with_reports();
    // Formulas, control and direction marks, quotes and line breaks, in cells, titles and names.
    let formula = "=HYPERLINK(\"http://x\",\"y\")";
    let text = report(STREET, 2020, 7).replace("|规章|0|0|0|", &format!("|规章|{formula}|@SUM(A1)|-|"));
    sandbox.write("data/reports/2020/望云街街道.md", text);
    let stranger = report("=cmd|'/c calc'!A1\u{202e}办事处", 2020, 1).replace("\n|1|0|0|0|1|", "\n|1\u{1b}[31m|0|0|0|1|");
    // Far from the beginning, where it does not make the file a binary one.
    let stranger = stranger.replace("公开工作总体平稳。", &"公开工作总体平稳。".repeat(300));
    assert!(stranger.find('\u{1b}').is_some_and(|at| at > 8000));
    sandbox.write("data/reports/2020/=1+1,\"引号\"\n换行\u{1b}[31m.md", stranger);
    let check = sandbox.run(&["check", "--year", "2020"]).status(0);
    assert!(!check.out().contains(['\u{1b}', '\u{7}', '\u{202e}']), "control marks reach the terminal: {:?}", check.out());
    let name = "data/reports/2020/=1+1,\"引号\"\n换行\u{1b}[31m.md";
    let parse = finished(sandbox.command(&["parse", name])).status(0);
    assert!(!(parse.out() + &parse.err()).contains(['\u{1b}', '\u{7}', '\u{202e}']), "control marks reach the terminal through parse");
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    sandbox.expect("hostile_texts_and_names");
    for (file, bytes) in sandbox.data("out") {
        if file.ends_with(".csv") {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            for record in reader.records() {
                let record = record.unwrap_or_else(|e| panic!("{file}: {e}"));
                for field in &record {
                    let bad = field.starts_with(['=', '@', '+', '\t', '\r', '＝', '＋', '－', '＠']) || field.starts_with('-') && field.parse::<f64>().is_err();
                    assert!(!bad, "{file}: `{field}` is a formula for a spreadsheet");
                }
            }
        }
    }
}

#[test]
fn name_that_is_no_unicode() {
    use std::os::unix::ffi::OsStringExt;
    let sandbox = Sandbox::with_reports();
    let name = std::ffi::OsString::from_vec(encoding_rs::GB18030.encode("竹溪乡年报.md").0.into_owned());
    if fs::rename(sandbox.path("data/reports/2020/竹溪乡.md"), sandbox.path("data/reports/2020").join(name)).is_err() {
        return skip("name_that_is_no_unicode", "this file system takes only Unicode names");
    }
    finished(sandbox.command(&["aggregate", "--year", "2020"])).status(0);
    let facts = sandbox.read("out/facts/year=2020/facts.csv");
    assert!(facts.contains("竹溪乡人民政府"), "the report is read");
}

#[test]
fn folder_without_reports() {
    let sandbox = Sandbox::new();
    sandbox.run(&["aggregate"]).status(1);
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(1);
    sandbox.run(&["check"]).status(1);
    // Something lies there, but no report.
    sandbox.write("data/reports/说明.md", "# 说明\n\n本文件夹存放年度报告。\n");
    sandbox.run(&["aggregate"]).status(1);
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(1);
    sandbox.expect("folder_without_reports");
    assert!(sandbox.published("out").is_empty());
}

#[test]
fn nothing_but_unreadable_files_says_why() {
    let sandbox = Sandbox::new();
    sandbox.write("data/reports/2020/望云街街道.md", b"%PDF-1.7\n");
    sandbox.write("data/reports/2020/竹溪乡.md", "");
    let done = sandbox.run(&["aggregate", "--year", "2020"]);
    assert_eq!(done.status, Some(1));
    let said = done.out() + &done.err();
    for file in ["望云街街道.md", "竹溪乡.md"] {
        assert!(said.contains(file), "why {file} was not read is not said:\n{said}");
    }
    sandbox.expect("nothing_but_unreadable_files");
}

#[test]
fn input_is_not_there_or_a_file() {
    let sandbox = Sandbox::with_reports();
    sandbox.run(&["aggregate", "--input", "nowhere"]).status(1).says("nowhere");
    sandbox.run(&["aggregate", "--input", "config/offices.csv", "--lang", "en"]).status(1).says("config/offices.csv");
    sandbox.run(&["check", "--input", "nowhere"]).status(1);
    sandbox.expect("input_not_there");
    assert!(sandbox.published("out").is_empty());
}

#[test]
fn year_without_reports() {
    let sandbox = Sandbox::with_reports();
    sandbox.run(&["aggregate", "--year", "2018"]).status(1).says("2018");
    sandbox.run(&["aggregate", "--year", "2018", "--lang", "en"]).status(1);
    sandbox.run(&["check", "--year", "2018"]).status(1);
    assert!(sandbox.published("out").is_empty());
    // Among others it is published, as a year in which every office is missing, and that is said.
    sandbox.run(&["aggregate", "--year", "2018", "--year", "2020"]).status(0).says("2018");
    sandbox.expect("year_without_reports");
    let missing = sandbox.findings("out", 2018);
    assert_eq!(missing.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), ["report.missing"; 2]);
    let summary = sandbox.read("out/district_summary/year=2018/district_summary.csv");
    assert_eq!(column(&summary, "applications_received"), [""], "a sum over nothing is empty, not 0");
}

#[test]
fn office_that_ended_is_not_missing() {
    let sandbox = Sandbox::with_reports();
    let offices: String = OFFICES.lines().enumerate().map(|(i, line)| line.to_string() + if i == 0 { ",valid_from,valid_to\n" } else { ",,\n" }).collect();
    sandbox.write("config/offices.csv", offices + "990103102000,旧营乡人民政府,,青石区,990103,云州市,江岭省,,2019\n");
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    sandbox.expect("office_that_ended");
    assert!(sandbox.findings("out", 2020).is_empty());
    let summary = sandbox.read("out/district_summary/year=2020/district_summary.csv");
    assert_eq!(column(&summary, "offices_expected"), ["2"]);
}

/// The same folder named otherwise gives the same data: paths in it are relative to the input.
#[test]
fn how_the_folder_is_written_does_not_matter() {
    let sandbox = Sandbox::with_reports();
    let absolute = sandbox.path("data/reports").to_string_lossy().into_owned();
    let ways = ["data/reports", "data/reports/", "./data/../data/reports", &absolute];
    let mut first = None;
    for (number, way) in ways.iter().enumerate() {
        let output = format!("out{number}");
        finished(sandbox.command(&["aggregate", "--input", way, "--output", &output, "--quiet"])).status(0);
        let data = sandbox.data(&output);
        assert_eq!(data.len(), 10, "{way}");
        assert!(*first.get_or_insert_with(|| data.clone()) == data, "{way}: other data");
    }
}
