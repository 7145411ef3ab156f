//! What a run knows of other runs and other years: last year's reports, and what was published before.

use crate::fixture::{STREET, TOWN, report};
use crate::input::column;
use crate::sandbox::{Sandbox, finished};
use huizong::{assemble, news, published::Published, read, settings::Settings};

/// A report that carries over `open` applications of natural persons beyond those received, and has `carried`
/// from the year before.
fn carrying(office: &str, year: i32, carried: u32, open: u32) -> String {
    let row = |label: &str, number: u32| (format!("|{label}|0|0|0|0|0|0|0|"), format!("|{label}|{number}|0|0|0|0|0|{number}|"));
    let mut text = report(office, year, 7);
    for (label, number) in [("二、上年结转政府信息公开申请数量", carried), ("四、结转下年度继续办理", open)] {
        let (blank, filled) = row(label, number);
        assert!(text.contains(&blank), "{label}");
        text = text.replace(&blank, &filled);
    }
    let closed = 7 + carried - open;
    for label in ["三、本年度办理结果（一）予以公开", "三、本年度办理结果（七）总计"] {
        text = text.replace(&format!("|{label}|7|0|0|0|0|0|7|"), &format!("|{label}|{closed}|0|0|0|0|0|{closed}|"));
    }
    text
}

fn rules(sandbox: &Sandbox, year: i32) -> Vec<String> {
    sandbox.findings("out", year).into_iter().map(|(rule, _)| rule).filter(|rule| !rule.starts_with("cell.")).collect()
}

/// The year before is read for comparison though it is not asked for, and is neither published nor counted.
#[test]
fn last_year_is_read_for_comparison_only() {
    let sandbox = Sandbox::new();
    sandbox.write("data/reports/2019/望云街街道.md", carrying(STREET, 2019, 0, 3));
    sandbox.write("data/reports/2019/竹溪乡.md", carrying(TOWN, 2019, 0, 2));
    sandbox.write("data/reports/2018/竹溪乡.md", carrying(TOWN, 2018, 0, 6));
    sandbox.write("data/reports/2020/望云街街道.md", carrying(STREET, 2020, 3, 1));
    sandbox.write("data/reports/2020/竹溪乡.md", carrying(TOWN, 2020, 1, 0));
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    sandbox.run(&["check", "--year", "2020", "--lang", "en"]).status(0);
    sandbox.expect("last_year_is_read");
    assert_eq!(rules(&sandbox, 2020), ["carry_over", "carry_over"], "one for the column, one for the total");
    assert!(!sandbox.path("out/facts/year=2019").exists());
    let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    assert_eq!((run["files"]["found"].as_u64(), run["files"]["counted"].as_u64(), run["files"]["other_years"].as_u64()), (Some(5), Some(2), Some(3)));
    // Alone or among others, a year gives the same.
    let alone = sandbox.data("out");
    finished(sandbox.command(&["aggregate", "--output", "all"])).status(0);
    assert!(alone.iter().all(|(file, bytes)| sandbox.data("all")[file] == *bytes));
}

/// What two offices carried over is what the one that took them over carries in.
#[test]
fn merged_offices_are_compared_as_a_sum() {
    for (carried, wanted) in [(5, &[][..]), (3, &["carry_over", "carry_over"])] {
        let sandbox = Sandbox::new();
        let header = "code,name,aliases,district,district_code,city,province,valid_from,valid_to,successor\n";
        let offices = "990103001000,望云街街道办事处,望云街街道,青石区,990103,云州市,江岭省,,,\n\
            990103101000,竹溪乡人民政府,,青石区,990103,云州市,江岭省,,2019,990103001000\n";
        sandbox.write("config/offices.csv", format!("{header}{offices}"));
        sandbox.write("data/reports/2019/望云街街道.md", carrying(STREET, 2019, 0, 3));
        sandbox.write("data/reports/2019/竹溪乡.md", carrying(TOWN, 2019, 0, 2));
        sandbox.write("data/reports/2020/望云街街道.md", carrying(STREET, 2020, carried, 0));
        finished(sandbox.command(&["aggregate"])).status(0);
        assert_eq!(rules(&sandbox, 2020), wanted, "{carried} carried in");
        // Where one of the two reports is not there, nothing can be said.
        std::fs::remove_file(sandbox.path("data/reports/2019/竹溪乡.md")).expect("removed");
        finished(sandbox.command(&["aggregate"])).status(0);
        assert_eq!(rules(&sandbox, 2020), [""; 0]);
    }
    let sandbox = Sandbox::with_reports();
    let spoilt = "code,name,aliases,district,district_code,city,province,valid_to,successor\n\
        990103001000,望云街街道办事处,,青石区,990103,云州市,江岭省,2019,990103009000\n";
    sandbox.write("config/offices.csv", spoilt);
    sandbox.run(&["check"]).status(1).says("990103009000");
    sandbox.write("config/offices.csv", spoilt.replace("2019", ""));
    sandbox.run(&["check", "--lang", "en"]).status(1).says("valid_to");
    sandbox.expect("successor_wrong");
}

/// A report whose row of 予以公开 adds up to `parts` beside a total of 5.
fn unbalanced(parts: u32) -> String {
    let row = "|三、本年度办理结果（一）予以公开|5|0|0|0|0|0|5|";
    let text = report(TOWN, 2020, 5);
    assert!(text.contains(row));
    text.replace(row, &format!("|三、本年度办理结果（一）予以公开|{parts}|0|0|0|0|0|5|"))
}

fn year_of_run(sandbox: &Sandbox) -> serde_json::Value {
    let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    run["years"][0].clone()
}

const FINDINGS: &str = "out/findings/year=2020/findings.csv";

#[test]
fn the_summary_says_what_is_new_and_what_is_resolved() {
    let sandbox = Sandbox::with_reports();
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    assert!(year_of_run(&sandbox)["new"].is_null(), "nothing was published before");
    // An error comes.
    sandbox.write("data/reports/2020/竹溪乡.md", unbalanced(6));
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    let ids = column(&sandbox.read(FINDINGS), "finding_id");
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit())), "{ids:?}");
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    let new = year_of_run(&sandbox)["new"].as_array().expect("new").iter().map(|i| i["finding_id"].as_str().expect("id").to_string()).collect::<Vec<_>>();
    assert!(!new.is_empty() && new.iter().all(|id| ids.contains(id)));
    // Edits elsewhere and another file name change no identifier.
    sandbox.write("data/reports/2020/补正/竹溪乡人民政府（新）.md", format!("\n\n{}", unbalanced(6).replace("不够通俗", "还不够通俗")));
    std::fs::remove_file(sandbox.path("data/reports/2020/竹溪乡.md")).expect("removed");
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    assert_eq!(column(&sandbox.read(FINDINGS), "finding_id"), ids);
    assert_eq!(year_of_run(&sandbox)["new"].as_array().map(Vec::len), Some(0));
    // Another number is another finding.
    sandbox.write("data/reports/2020/补正/竹溪乡人民政府（新）.md", unbalanced(90));
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(0);
    let run = year_of_run(&sandbox);
    assert_eq!(run["new"].as_array().map(Vec::len), run["resolved"].as_array().map(Vec::len));
    // All is well again.
    sandbox.write("data/reports/2020/补正/竹溪乡人民政府（新）.md", report(TOWN, 2020, 5));
    sandbox.run(&["aggregate", "--year", "2020", "--lang", "en"]).status(0);
    sandbox.expect("news");
}

/// The day of a finding is that on which it was first published.
#[test]
fn a_finding_keeps_the_day_on_which_it_was_first_published() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/竹溪乡.md", unbalanced(6));
    finished(sandbox.command(&["aggregate"])).status(0);
    let days = column(&sandbox.read(FINDINGS), "first_seen");
    let settings = Settings::load(&sandbox.path("config")).expect("settings");
    let readings = [
        read::read("2020/竹溪乡.md", unbalanced(6).as_bytes(), &[], &settings),
        read::read("2020/望云街街道.md", report(STREET, 2020, 7).replace("|规章|0|", "|规章|若干|").as_bytes(), &[], &settings),
    ];
    let mut year = assemble::year(2020, &readings, &[], &settings);
    let published = Published::last(&sandbox.path("out")).expect("published");
    let later = chrono::NaiveDate::from_ymd_opt(2099, 1, 2).expect("a day");
    let news = news::compare(&mut year, Some(&published), later, &settings).expect("news");
    assert_eq!(news.new.iter().map(|i| i.rule.as_str()).collect::<Vec<_>>(), ["cell.unreadable"]);
    for finding in &year.findings {
        let day = finding.first_seen.expect("a day").to_string();
        assert_eq!(day == "2099-01-02", finding.finding.rule == "cell.unreadable", "{finding:?}");
        assert!(day == "2099-01-02" || days.contains(&day));
    }
}

#[test]
fn an_accepted_finding_no_longer_fails_a_run() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/竹溪乡.md", unbalanced(6));
    let run = ["aggregate", "--year", "2020", "--fail-on", "error"];
    finished(sandbox.command(&run)).status(3);
    let table = sandbox.read(FINDINGS);
    let decisions: String = column(&table, "finding_id").iter().map(|id| format!("{id},accepted,原件如此，已电话核实,张,2026-01-05\n")).collect();
    sandbox.write("config/reviewed.csv", format!("finding_id,decision,note,by,on\n{decisions}"));
    sandbox.run(&run).status(0);
    sandbox.run(&["check", "--year", "2020", "--fail-on", "warning", "--lang", "en"]).status(0);
    let accepted = sandbox.read(FINDINGS);
    assert_eq!(column(&accepted, "finding_id"), column(&table, "finding_id"), "they stay in the data");
    assert!(column(&accepted, "decision").iter().all(|d| d == "accepted"));
    assert!(column(&accepted, "decided_on").iter().all(|d| d == "2026-01-05"));
    // Whoever accepted one number has not accepted another.
    sandbox.write("data/reports/2020/竹溪乡.md", unbalanced(600));
    finished(sandbox.command(&run)).status(3);
    // A confirmed one still counts.
    sandbox.write("data/reports/2020/竹溪乡.md", unbalanced(6));
    sandbox.write("config/reviewed.csv", format!("finding_id,decision,note,by,on\n{}", decisions.replace("accepted", "confirmed")));
    finished(sandbox.command(&run)).status(3);
    sandbox.write("config/reviewed.csv", "finding_id,decision,note,by,on\n0011223344556677,accepted,,张,2026-01-05\n");
    sandbox.run(&run).status(1).says("reviewed.csv");
    sandbox.expect("reviewed");
}

#[test]
fn status_tells_whether_the_night_went_well() {
    let sandbox = Sandbox::with_reports();
    sandbox.run(&["status"]).status(1);
    finished(sandbox.command(&["aggregate"])).status(0);
    finished(sandbox.command(&["status", "--max-age", "26h"])).status(0).says("2020");
    finished(sandbox.command(&["status", "--max-age", "26h", "--quiet"])).status(0);
    finished(sandbox.command(&["status", "--max-age", "0s", "--lang", "en"])).status(3).says("too old");
    let json: serde_json::Value = serde_json::from_str(&finished(sandbox.command(&["status", "--format", "json"])).status(0).out()).expect("JSON");
    assert_eq!((json[0]["ok"].as_str(), json[0]["year"].as_i64(), json[0]["offices_missing"].as_i64()), (Some("true"), Some(2020), Some(0)));
    // Findings only where they are asked about.
    sandbox.write("data/reports/2020/竹溪乡.md", unbalanced(6));
    finished(sandbox.command(&["aggregate"])).status(0);
    finished(sandbox.command(&["status"])).status(0);
    finished(sandbox.command(&["status", "--fail-on", "error", "--lang", "en"])).status(3).says("open findings");
    // A run that fails leaves the results, and is seen.
    let offices = sandbox.read("config/offices.csv");
    sandbox.write("config/offices.csv", "code\n");
    finished(sandbox.command(&["aggregate"])).status(1);
    let failed = finished(sandbox.command(&["status", "--lang", "en"])).status(3).says("did not end well");
    assert!(failed.out().contains("offices.csv"), "the reason is said: {}", failed.out());
    // So is one that was killed: its process is gone.
    sandbox.write("config/offices.csv", offices);
    let attempt = sandbox.read("out/attempt.json").replace("\"failed\"", "\"running\"");
    let pid = format!("\"pid\": {}", attempt.split("\"pid\": ").nth(1).and_then(|t| t.split(',').next()).expect("a pid"));
    sandbox.write("out/attempt.json", attempt.replace(&pid, "\"pid\": 2147483646"));
    finished(sandbox.command(&["status", "--lang", "en"])).status(3).says("killed without a word");
    // The next one puts it right; a missing office is told.
    std::fs::remove_file(sandbox.path("data/reports/2020/竹溪乡.md")).expect("removed");
    finished(sandbox.command(&["aggregate"])).status(0);
    finished(sandbox.command(&["status", "--lang", "en"])).status(0).says("青石区竹溪乡人民政府");
    sandbox.expect("status_of_nothing");
}

#[test]
fn init_writes_a_registry_and_never_over_one() {
    let sandbox = Sandbox::with_reports();
    let mine = sandbox.read("config/offices.csv");
    let init = ["init", "--district", "640104"];
    sandbox.run(&init).status(1).says("--force");
    assert_eq!(sandbox.read("config/offices.csv"), mine);
    sandbox.run(&[&init[..], &["--config", "new/config"]].concat()).status(0);
    let written = sandbox.read("new/config/offices.csv");
    assert_eq!(column(&written, "code").len(), 16);
    assert!(written.contains("640104011000,丽景街街道办事处,丽景街街道;丽景街办事处,兴庆区,640104,银川市,宁夏回族自治区"));
    sandbox.run(&[&init[..], &["--force", "--lang", "en"]].concat()).status(0);
    assert_eq!(sandbox.read("config/offices.csv"), written);
    sandbox.run(&["init", "--district", "110115", "--force"]).status(0).says("非政府单位");
    sandbox.run(&["init", "--district", "640199", "--force", "--lang", "en"]).status(1).says("640104 兴庆区");
    sandbox.expect("init");
    let left: Vec<String> = crate::sandbox::names(&sandbox.path("config"));
    assert_eq!(left, ["offices.csv"]);
}
