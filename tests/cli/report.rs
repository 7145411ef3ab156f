//! What people open: the same numbers as in the published tables, in every format, whatever offices are called.

use crate::fixture::{STREET, TOWN, report};
use crate::input::column;
use crate::sandbox::{REPO, Sandbox, finished, names};
use calamine::{Data, Reader, Xlsx};
use huizong::read::read;
use huizong::settings::Settings;
use std::collections::BTreeMap;
use std::io::Cursor;

const FOLDER: &str = "out/publish/year=2020";
const FORM: &str = "政府信息公开工作年度报告统计表";

/// Every file for people with its content.
fn for_people(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_string()];
    while let Some(at) = open.pop() {
        for name in names(&sandbox.path(&at)) {
            let path = format!("{at}/{name}");
            match sandbox.path(&path).is_dir() {
                true => open.push(path),
                false => drop(files.insert(path.clone(), std::fs::read(sandbox.path(&path)).expect("a file"))),
            }
        }
    }
    files
}

/// The sample reports of a year of each form, published with all that people open.
fn samples() -> Sandbox {
    let sandbox = Sandbox::new();
    let (input, config) = (format!("{REPO}/data/reports"), format!("{REPO}/config"));
    finished(sandbox.command(&["aggregate", "--report", "--year", "2020", "--year", "2022", "--input", &input, "--config", &config])).status(0);
    sandbox
}

/// The totals of the statutory tables: division, indicator and applicant to the number, none where it is blank.
fn totals(sandbox: &Sandbox, year: i32, level: &str) -> BTreeMap<(String, String, String), Option<f64>> {
    let text = sandbox.read(&format!("out/division_totals/year={year}/division_totals.csv"));
    let of = |name: &str| column(&text, name);
    let (levels, codes, sections) = (of("level"), of("division_code"), of("section"));
    let (indicators, applicants, values) = (of("indicator"), of("applicant"), of("value"));
    let rows = (0..levels.len()).filter(|row| levels[*row] == level && sections[*row] != "narrative");
    rows.map(|row| ((codes[row].clone(), indicators[row].clone(), applicants[row].clone()), values[row].parse().ok())).collect()
}

fn workbook(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook")
}

#[test]
fn the_form_of_each_district_reads_back_as_its_totals() {
    let sandbox = samples();
    let settings = Settings::load_for_parsing(std::path::Path::new(&format!("{REPO}/config"))).expect("configuration");
    for year in [2020, 2022] {
        let totals = totals(&sandbox, year, "district");
        for (code, name) in [("990101", "青岚区"), ("990102", "临溪区")] {
            let file = format!("out/publish/year={year}/{FORM}-{name}.docx");
            let reading = read(&file, &std::fs::read(sandbox.path(&file)).expect("the form"), &[], &settings);
            assert_eq!(reading.year, Some(year));
            let cells = reading.facts.iter().filter(|f| settings.catalog.items[usize::from(f.item)].section != "narrative");
            let mut seen = 0;
            for fact in cells {
                let item = &settings.catalog.items[usize::from(fact.item)];
                let of = (code.to_string(), item.indicator.clone(), item.applicant.clone().unwrap_or_default());
                assert_eq!(fact.number(), totals[&of], "{file}: {of:?}");
                seen += 1;
            }
            let form = &settings.forms.forms[settings.forms.of_year(year).expect("a form")];
            assert_eq!(seen, form.tables.iter().map(|t| t.cells.len()).sum::<usize>(), "{file}: every cell of the form");
        }
    }
    // Of one district there is one form.
    let one = std::fs::read(sandbox.path(&format!("{FOLDER}/{FORM}-临溪区.docx"))).expect("the form");
    finished(sandbox.command(&["report", "--year", "2020", "--division", "990102"])).status(0);
    let forms: Vec<String> = names(&sandbox.path(FOLDER)).into_iter().filter(|name| name.ends_with(".docx")).collect();
    assert_eq!(forms, [format!("{FORM}.docx")]);
    assert!(std::fs::read(sandbox.path(&format!("{FOLDER}/{FORM}.docx"))).is_ok_and(|form| form == one));
}

#[test]
fn workbook_and_page_hold_the_published_numbers() {
    let sandbox = samples();
    let files = for_people(&sandbox, FOLDER);
    let mut book = workbook(&files[&format!("{FOLDER}/汇总.xlsx")]);
    assert_eq!(book.sheet_names(), ["说明", "区县汇总", "各单位一览", "三张表汇总", "问题清单", "明细", "字段说明"]);

    // The statutory tables hold every total of every district, and no other number.
    let sorted = |mut numbers: Vec<f64>| {
        numbers.sort_by(f64::total_cmp);
        numbers
    };
    let printed = book.worksheet_range("三张表汇总").expect("sheet");
    let printed = sorted(printed.used_cells().filter_map(|(_, _, cell)| if let Data::Float(number) = cell { Some(*number) } else { None }).collect());
    assert_eq!(printed, sorted(totals(&sandbox, 2020, "district").into_values().flatten().collect()));

    // The sheets that are published tables hold what those hold: codes as text, numbers as numbers.
    for (sheet, table) in [("区县汇总", "district_summary"), ("明细", "facts")] {
        let text = sandbox.read(&format!("out/{table}/year=2020/{table}.csv"));
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("row")).collect();
        let range = book.worksheet_range(sheet).expect("sheet");
        assert_eq!(range.height(), rows.len() + 1, "{sheet}");
        for (shown, row) in range.rows().skip(1).zip(&rows) {
            for (cell, text) in shown.iter().zip(row) {
                match cell {
                    Data::Float(number) => assert_eq!(text.parse(), Ok(*number), "{sheet}: {row:?}"),
                    // That a number is exact goes without saying.
                    Data::Empty => assert!(text.is_empty() || text == "exact", "{sheet}: {row:?}"),
                    // A word for an identifier, or the text itself.
                    Data::String(_) => assert!(!text.is_empty(), "{sheet}: {row:?}"),
                    other => panic!("{sheet}: {other:?}"),
                }
            }
        }
        let codes: Vec<String> =
            range.rows().skip(1).filter_map(|row| row.iter().find(|c| c.to_string().starts_with("9901")).map(|c| format!("{c:?}"))).collect();
        assert_eq!(codes.len(), rows.len());
        assert!(codes.iter().all(|code| code.starts_with("String")), "{sheet}: codes are text");
    }

    let page = String::from_utf8(files[&format!("{FOLDER}/index.html")].clone()).expect("UTF-8");
    let data = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("the data of the page");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    for level in ["district", "city", "province"] {
        let mut shown = BTreeMap::new();
        for division in data["divisions"].as_array().expect("divisions").iter().filter(|d| d["level"] == level) {
            for total in division["totals"].as_array().expect("totals") {
                let item = &data["items"][total[0].as_u64().expect("place") as usize];
                let applicant = item["applicantEn"].as_str().unwrap_or("").to_string();
                if item["channelZh"].is_null() {
                    shown.insert((division["code"].to_string(), item["id"].to_string(), applicant), total[1].as_f64());
                }
            }
        }
        let published = totals(&sandbox, 2020, level);
        assert_eq!(shown.len(), published.len(), "{level}");
        let sorted = |numbers: Vec<Option<f64>>| {
            let mut texts: Vec<String> = numbers.into_iter().map(|n| n.map_or(String::new(), |n| n.to_string())).collect();
            texts.sort();
            texts
        };
        assert_eq!(sorted(shown.into_values().collect()), sorted(published.into_values().collect()), "{level}");
    }

    let letters =
        |ending: &str| files.keys().filter(|f| f.contains("退回通知/") && f.ends_with(ending)).map(|f| f.rsplit('/').next().unwrap_or("")).collect::<Vec<_>>();
    assert_eq!(letters(".md"), ["云台乡人民政府.md", "柳溪镇人民政府.md"], "one is missing, one does not add up");
    assert_eq!(letters(".docx").len(), 2);
    let letter = String::from_utf8(files[&format!("{FOLDER}/退回通知/柳溪镇人民政府.md")].clone()).expect("UTF-8");
    assert!(["18", "8", "10个工作日", "13", "青岚区"].iter().all(|part| letter.contains(part)), "{letter}");
}

#[test]
fn the_same_results_give_the_same_files() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 5).replace("|规章|0|", "|规章|若干|"));
    finished(sandbox.command(&["aggregate", "--report"])).status(0);
    let first = for_people(&sandbox, FOLDER);
    let tables = sandbox.data("out");
    finished(sandbox.command(&["report", "--year", "2020"])).status(0);
    finished(sandbox.command(&["report"])).status(0);
    let again = for_people(&sandbox, FOLDER);
    assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    assert!(first.iter().all(|(file, bytes)| again[file] == *bytes), "report gives what aggregate --report gave");
    assert_eq!(sandbox.data("out"), tables, "report does not touch the tables");
    finished(sandbox.command(&["report", "--division", "990103"])).status(0);
    let district = for_people(&sandbox, FOLDER);
    assert_eq!(district[&format!("{FOLDER}/{FORM}.docx")], first[&format!("{FOLDER}/{FORM}.docx")], "there is one district only");

    // What cannot be made is said, and changes nothing.
    sandbox.run(&["report", "--division", "640104", "--lang", "en"]).status(1).says("640104").says("990103 青石区");
    sandbox.run(&["report", "--division", "", "--lang", "zh"]).status(1).says("没有这个区划");
    sandbox.run(&["report", "--year", "2018", "--lang", "en"]).status(1).says("2018 was not published; published are 2020");
    sandbox.run(&["report", "--output", "nowhere", "--lang", "en"]).status(1).says("nothing has been published yet");
    assert_eq!(for_people(&sandbox, FOLDER), district);
    sandbox.nothing_left_behind("out");
}

#[test]
fn an_accepted_finding_gives_no_letter() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 5).replace("|规章|0|", "|规章|若干|"));
    let letters = || {
        finished(sandbox.command(&["aggregate", "--report"])).status(0);
        let folder = sandbox.path(&format!("{FOLDER}/退回通知"));
        if folder.exists() { names(&folder) } else { Vec::new() }
    };
    assert_eq!(letters(), ["竹溪乡人民政府.docx", "竹溪乡人民政府.md"]);
    let ids = column(&sandbox.read("out/findings/year=2020/findings.csv"), "finding_id");
    for (decision, wanted) in [("confirmed", 2), ("accepted", 0)] {
        let lines: String = ids.iter().map(|id| format!("{id},{decision},原件如此,张,2026-01-05\n")).collect();
        sandbox.write("config/reviewed.csv", format!("finding_id,decision,note,by,on\n{lines}"));
        assert_eq!(letters().len(), wanted, "{decision}");
    }
}

#[test]
fn hostile_names_of_offices_are_text_and_nothing_else() {
    let long = "长".repeat(500);
    let hostile = [
        "=cmd|' /C calc'!A0",
        "</script><script>alert(1)</script>",
        &long,
        "甲\u{202e}乙\u{200f}",
        "../../../外面",
        "{data}{script}",
        "CON",
        "con",
        "-->&amp;'",
    ];
    let sandbox = Sandbox::with_reports();
    let mut offices = sandbox.read("config/offices.csv");
    for (number, name) in hostile.iter().enumerate() {
        offices += &format!("9901032{number:02}000,\"{name}\",,青石区,990103,云州市,江岭省\n");
    }
    sandbox.write("config/offices.csv", offices);
    sandbox.write("data/reports/2020/望云街街道.md", report(STREET, 2020, 7).replace("|规章|0|", "|规章|{data}'\"=1+1|"));
    finished(sandbox.command(&["aggregate", "--report"])).status(0);
    let files = for_people(&sandbox, FOLDER);
    let letters = names(&sandbox.path(&format!("{FOLDER}/退回通知")));
    assert_eq!(letters.len(), 2 * (hostile.len() + 1), "{letters:?}");
    assert!(letters.iter().all(|name| name.len() < 200 && !name.starts_with('.') && !name.contains(['\u{202e}', '\u{200f}', '|', '<'])), "{letters:?}");
    assert_eq!(letters.iter().map(|n| n.to_lowercase()).collect::<std::collections::BTreeSet<_>>().len(), letters.len(), "{letters:?}");

    let page = String::from_utf8(files[&format!("{FOLDER}/index.html")].clone()).expect("UTF-8");
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (2, 2), "nothing opens or closes a script");
    assert!(!page.contains("<script>alert"));
    let data = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("the data of the page");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    let shown: Vec<&str> = data["offices"].as_array().expect("offices").iter().filter_map(|o| o["name"].as_str()).collect();
    assert!(hostile[..2].iter().all(|name| shown.contains(name)), "{shown:?}");

    let mut book = workbook(&files[&format!("{FOLDER}/汇总.xlsx")]);
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).expect("formulas");
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{sheet} holds a formula");
    }
    let list = book.worksheet_range("各单位一览").expect("sheet");
    assert!(list.used_cells().any(|(_, _, cell)| *cell == Data::String(hostile[0].to_string())));
}
