//! What offices say in prose: how it is added up, shown, and held against their tables.

use crate::fixture::{STREET, TOWN, report};
use crate::sandbox::Sandbox;

/// Two reports of 2020 with these overviews.
fn with_overviews(street: &str, town: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    for (name, office, overview) in [("street.md", STREET, street), ("town.md", TOWN, town)] {
        sandbox.write(&format!("data/reports/2020/{name}"), report(office, 2020, 3).replace("2020年，本机关公开工作总体平稳。", overview));
    }
    sandbox
}

/// A column of the only line of a published table.
fn column(sandbox: &Sandbox, table: &str, name: &str) -> String {
    let text = sandbox.read(&format!("out/{table}/year=2020/{table}.csv"));
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let at = lines.next().expect("names").split(',').position(|one| one == name).expect("the column");
    lines.next().expect("a line").split(',').nth(at).expect("a cell").to_string()
}

#[test]
fn a_whole_is_not_added_to_its_parts_and_a_bound_says_so() {
    let sandbox = with_overviews(
        "通过网站、公众号、公示栏等渠道公开信息共计876条：网站201条，公众号533条，公示栏142条。办理12345热线工单100件，办结率99%。",
        "通过网站公开信息100余条，通过公众号公开信息50条。办理12345热线工单300件，办结率95%。",
    );
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    for (name, value) in [
        ("items_disclosed", "1026"),
        ("items_disclosed_qualifier", "at_least"),
        ("hotline_cases", "400"),
        ("hotline_cases_qualifier", "exact"),
        ("completion_rate", "0.96"),
    ] {
        assert_eq!(column(&sandbox, "district_summary", name), value, "{name}");
    }
}

#[test]
fn a_share_without_channel_is_not_added_to_its_whole() {
    let sandbox = with_overviews("公开信息总数2035条，其中网站617条、公众号1325条、其他渠道93条。", "公开信息100条。");
    sandbox.run(&["aggregate", "--year", "2020"]).status(0);
    assert_eq!(column(&sandbox, "district_summary", "items_disclosed"), "2135");
}

#[test]
fn parse_marks_the_figures_in_their_sentences() {
    let sandbox = with_overviews("一年来平稳有序。通过“望云发布”公众号推送信息310余条，\n12345热线工单按时办结率99.5%。未收到政府信息公开申请。", "平稳。");
    for (lang, name) in [("zh", "parse_marks_zh"), ("en", "parse_marks_en")] {
        let done = sandbox.run(&["parse", "--lang", lang, "data/reports/2020/street.md"]).status(0);
        let out = done.out();
        assert!(out.contains("推送信息[310余]条，") && out.contains("12345热线工单按时办结率[99.5%]。"), "{name} {out}");
        assert!(out.contains("[未收到]政府信息公开申请。") && !out.contains("一年来平稳有序") && !out.contains('\u{1b}'), "{out}");
    }
    let zh = sandbox.run(&["parse", "--lang", "zh", "data/reports/2020/street.md"]).out();
    assert!(zh.contains("→ 主动公开信息数 · 微信：不少于 310 条") && zh.contains("→ 诉求办结率 · 12345热线：99.5%"), "{zh}");
    let en = sandbox.run(&["parse", "--lang", "en", "data/reports/2020/street.md"]).out();
    assert!(en.contains("→ information disclosed · WeChat: at least 310 条"), "{en}");
    // Three were received by the table.
    assert!(sandbox.run(&["parse", "--lang", "zh", "data/reports/2020/street.md"]).err().contains("narrative.applications_received"));
    let csv = sandbox.run(&["parse", "--format", "csv", "data/reports/2020/street.md"]).out();
    assert!(!csv.contains('→') && !csv.contains('['), "{csv}");
}
