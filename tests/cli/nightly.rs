//! What a run knows of other runs and other years: last year's reports, and what was published before.

use crate::fixture::{STREET, TOWN, report};
use crate::sandbox::{Sandbox, finished};

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
