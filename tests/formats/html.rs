//! Web pages.

use super::support::html::{Dress, from_markdown, page};
use super::support::prose::{self, Length, Office};
use super::support::{Case, FilledForm, Flaws, Prose, Rng, official};
use super::{SETTINGS, figures, parsed, said, wrong_cells};
use huizong::finding::Lang;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;

fn report(seed: u64) -> (FilledForm, Prose, Rng) {
    let form = Case::any(seed, Flaws::NONE).form();
    let mut rng = Rng::for_name(seed, "page");
    let prose = prose::write(&mut rng, &Office::new("云州市", "青岚区", "望湖街街道"), &form, Length::Short);
    (form, prose, rng)
}

/// A report in some dress is read cell by cell, its figures in prose as those of the clean page, and without a doubt.
fn check(seed: u64, dress: Dress, gbk: bool) -> Result<(), TestCaseError> {
    let (form, prose, mut rng) = report(seed);
    let pieces = official::pieces(&form, &prose, Flaws::NONE, &mut rng);
    let text = page(&pieces, dress, if gbk { "gb2312" } else { "utf-8" }, &mut rng);
    let bytes = if gbk { encoding_rs::GBK.encode(&text).0.into_owned() } else { text.clone().into_bytes() };
    let reading = parsed("2020/report.html", &bytes);
    let wrong = wrong_cells(&form, &reading);
    prop_assert!(wrong.is_empty(), "{seed} {dress:?}\n{}\n\n{text}", wrong.join("\n"));
    prop_assert_eq!(reading.encoding, Some(if gbk { "gb18030" } else { "UTF-8" }));
    let clean = parsed("2020/report.html", page(&pieces, Dress::Clean, "utf-8", &mut rng).as_bytes());
    prop_assert_eq!(figures(&reading), figures(&clean), "{} {:?}\n{}", seed, dress, text);
    prop_assert_eq!(&reading.title, &clean.title);
    let told = |r: &Reading| {
        let rules = &SETTINGS.rules;
        r.findings
            .iter()
            .filter(|f| !matches!(f.rule.as_str(), "report.year_mismatch" | "report.unregistered_office"))
            .map(|f| f.message(rules, Lang::En))
            .collect::<Vec<_>>()
    };
    prop_assert_eq!(told(&reading), told(&clean), "{} {:?}\n{}", seed, dress, text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, rng_seed: RngSeed::Fixed(2021), ..ProptestConfig::default() })]

    #[test]
    fn a_clean_page_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Clean, gbk)?;
    }

    #[test]
    fn a_page_pasted_from_word_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Pasted, gbk)?;
    }

    #[test]
    fn tag_soup_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Soup, gbk)?;
    }

    #[test]
    fn cells_that_are_paragraphs_are_read(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Lines, gbk)?;
    }

    #[test]
    fn a_sheet_saved_as_a_page_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Sheet, gbk)?;
    }

    #[test]
    fn a_page_says_what_the_same_markdown_says(seed in any::<u64>(), flaws in any::<u32>(), torn in any::<bool>()) {
        let case = Case { plain_text: false, ..Case::any(seed, if torn { Flaws::from_bits(flaws) } else { Flaws::NONE }) };
        let markdown = case.make().report.text;
        let (text, html) = (parsed("2020/report.md", markdown.as_bytes()), parsed("2020/report.html", from_markdown(&markdown).as_bytes()));
        prop_assert_eq!(said(&text), said(&html), "{:?}\n{}", case, markdown);
    }
}

/// The smallest report: a title and one table.
fn small(body: &str) -> String {
    format!("<h1>云州市青岚区望湖街街道办事处2021年政府信息公开工作年度报告</h1><h2>二、主动公开政府信息情况</h2>{body}")
}

fn values(body: &str, indicator: &str) -> Vec<(Option<f64>, u32)> {
    let reading = parsed("2021/报告.html", small(body).as_bytes());
    let is_it = |f: &&huizong::fact::Fact| SETTINGS.catalog.items[usize::from(f.item)].indicator == indicator;
    reading.facts.iter().filter(is_it).map(|f| (f.number(), f.at.line)).collect()
}

fn value(body: &str, indicator: &str) -> Option<f64> {
    values(body, indicator).first().and_then(|v| v.0)
}

const REGULATIONS: &str = "<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数<tr><td>规章<td>0<td>0<td>0";

#[test]
fn what_a_reader_does_not_see_is_not_read() {
    let hidden = [
        "<td style='display : none'>7",
        "<td hidden>7",
        "<td><span style=\"mso-hide:all\">7</span>3",
        "<td><s>7</s>3",
        "<td><!-- 7 -->3",
        "<td><script>7</script>3",
        "<td>3<sup>[7]</sup>",
        "<td>3<sup style='font-weight:bold'>[7]</sup>",
        "<td><sup style='font-weight:bold'>3</sup>",
        "<td>3&#8203;",
        "<td><input type=hidden value=7>3",
        "<td><input value=3>",
        "<td><select><option>7</select>3",
    ];
    for cells in hidden {
        let cells = if cells.contains('3') { cells.to_owned() } else { format!("{cells}<td>3") };
        let body = format!("<table>{REGULATIONS}<tr><td>行政规范性文件{cells}<td>1<td>5</table>");
        assert_eq!(value(&body, "normative_documents.issued"), Some(3.0), "{body}");
        assert_eq!(value(&body, "normative_documents.in_force"), Some(5.0), "{body}");
    }
}

#[test]
fn what_a_reader_sees_apart_is_not_run_together() {
    for cell in ["<p>1</p><p>2</p>", "1<br>2", "<div>1</div>2", "1 2", "<table><tr><td>1<td>2</table>"] {
        let body = format!("<table>{REGULATIONS}<tr><td>行政规范性文件<td>{cell}<td>1<td>5</table>");
        assert_eq!(value(&body, "normative_documents.issued"), None, "{cell}");
        assert_eq!(value(&body, "normative_documents.in_force"), Some(5.0), "{cell}");
    }
}

#[test]
fn a_table_that_was_never_closed_keeps_its_cells_and_what_follows() {
    let body = format!(
        "\n<table>{REGULATIONS}\n<tr><td>行政规范性文件<td>2<td>1<td>5\n<h2>四、政府信息公开行政复议、行政诉讼情况</h2>\n<table><tr><td colspan=5>行政复议<td colspan=5>未经复议直接起诉<td colspan=5>复议后起诉<tr>{}\n<tr>{}</table><h2>五、存在的主要问题及改进情况</h2><p>培训不够。</p>",
        "<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计".repeat(3),
        "<td>1<td>0<td>0<td>0<td>1".repeat(3)
    );
    assert_eq!(values(&body, "normative_documents.in_force"), [(Some(5.0), 3)]);
    assert_eq!(values(&body, "litigation.direct.total"), [(Some(1.0), 6)]);
}

#[test]
fn each_row_may_be_a_table_of_its_own() {
    let row = |cells: &str| format!("<table><tr>{cells}</table>");
    let body = [row("<td>信息内容<td>本年处理决定数量"), row("<td>行政许可<td>4"), row("<td>行政处罚<td>6")].concat();
    assert_eq!((value(&body, "licensing.decisions"), value(&body, "penalties.decisions")), (Some(4.0), Some(6.0)));
}

#[test]
fn lines_of_numbers_and_kept_blanks_are_rows() {
    for body in [
        "<p>行政许可 <span>4</span></p><p>行政处罚 6</p>",
        "<pre>行政许可\t4\n行政处罚\t6</pre>",
        "<div>行政许可&nbsp;&nbsp;&nbsp;4<br>行政处罚&nbsp;&nbsp;&nbsp;6</div>",
    ] {
        assert_eq!((value(body, "licensing.decisions"), value(body, "penalties.decisions")), (Some(4.0), Some(6.0)), "{body}");
    }
}

fn told(reading: &Reading) -> Vec<String> {
    let mut told: Vec<String> = reading.findings.iter().map(|f| format!("{} {}", f.rule, f.message(&SETTINGS.rules, Lang::En))).collect();
    told.retain(|t| !t.starts_with("report.section_missing") && !t.starts_with("report.unregistered_office"));
    told
}

fn rules(name: &str, bytes: &[u8]) -> Vec<String> {
    told(&parsed(name, bytes))
}

#[test]
fn pages_that_cannot_be_read_say_why() {
    let table = |cells: &str| small(&format!("<table>{REGULATIONS}{cells}</table>"));
    // Smaller limits and pages than in earnest, for tests are not optimised.
    let mut settings = Settings::load_for_parsing(Path::new("config")).expect("the project's configuration");
    (settings.limits.html_nodes, settings.limits.table_cells) = (50_000, 10_000);
    let hostile = [
        (small(&"<div>".repeat(10_000)), "nesting"),
        (small(&"<font color=red><i id=x>".repeat(10_000)), "nesting"),
        (small(&"<table><tr><td>".repeat(10_000)), "nesting"),
        (small(&"<p>行".repeat(50_000)), "html_nodes"),
        (small(&format!("<p {}>", (0..50_000).map(|n| format!("a{n} ")).collect::<String>())), "html_nodes"),
        (table(&"<tr><td rowspan=1000000 colspan=1000000>1<td>2".repeat(300)), "table_cells"),
        (table(&"<tr><td>1<td>2<td>3<td>4".repeat(3_000)), "table_cells"),
    ];
    for (page, limit) in hostile {
        let told = told(&read("2021/a.html", page.as_bytes(), &[], &settings));
        assert!(told.len() == 1 && told[0].contains(&format!("the limit {limit} = ")), "{told:?}");
    }
    let empty = [
        "<html><frameset cols=20%,80%><frame src=a.htm><frame src=b.htm></frameset></html>",
        "<!doctype html><html><head><script src=app.js></script></head><body><div id=app></div><noscript>请启用脚本</noscript></body></html>",
    ];
    for page in empty {
        let told = rules("2021/a.html", page.as_bytes());
        assert!(told.len() == 1 && told[0].contains("holds no text"), "{told:?}");
    }
    let noise: Vec<u8> = b"<html><body>".iter().copied().chain((0..9000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)).collect();
    assert!(rules("2021/a.html", &noise)[0].contains("no text in UTF-8"));
}

#[test]
fn tables_that_are_pictures_are_told() {
    let body = "<p><img src=/u/1.png></p><h2>三、收到和处理政府信息公开申请情况</h2><img src='data:image/png;base64,logo' width=700><img src=/icon/doc.gif><img src=q.png width=90>";
    let told = rules("2021/a.html", small(body).as_bytes());
    assert!(told.iter().any(|t| t.starts_with("report.pictures The text has 2 pictures")), "{told:?}");
    let (form, prose, mut rng) = report(3);
    let page = page(&official::pieces(&form, &prose, Flaws::NONE, &mut rng), Dress::Clean, "utf-8", &mut rng).replace("<h2>二", "<img src=photo.jpg><h2>二");
    assert!(!rules("2020/a.html", page.as_bytes()).iter().any(|t| t.starts_with("report.pictures")), "all tables are there");
}

#[test]
fn a_file_is_what_its_content_is() {
    let page = small(&format!("<table>{REGULATIONS}<tr><td>行政规范性文件<td>2<td>1<td>5</table>"));
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let variants: [(&str, Vec<u8>); 6] = [
        ("2021/a.md", page.clone().into_bytes()),
        ("2021/a.xls", format!("\u{feff}\n<!-- saved -->\n<HTML xmlns:x='urn:x'>{page}").into_bytes()),
        ("2021/a.txt", format!("<?xml version='1.0' encoding='gbk'?><!DOCTYPE html>{page}").into_bytes()),
        ("2021/a.doc", utf16),
        ("2021/a.htm", encoding_rs::GBK.encode(&page).0.into_owned()),
        ("2021/a.2021年报", page.clone().into_bytes()),
    ];
    for (name, bytes) in variants {
        let reading = parsed(name, &bytes);
        assert_eq!((reading.format.as_str(), reading.year), ("html", Some(2021)), "{name}");
        let told = rules(name, &bytes).into_iter().filter(|t| t.starts_with("report.wrong_extension")).count();
        assert_eq!(told, usize::from(!name.ends_with("htm") && !name.ends_with("年报")), "{name}");
    }
    // Markdown may begin with a table of HTML.
    let markdown =
        format!("<table><tr><td>序号</td></tr></table>\n\n# 云州市青岚区望湖街街道办事处2021年政府信息公开工作年度报告\n\n{}", "一行正文。\n".repeat(9));
    assert_eq!(parsed("2021/a.md", markdown.as_bytes()).format, "markdown");
    // And it may be all tables of HTML in a box, so that hardly a line has no tag.
    let markdown = format!(
        "<div class=\"content\">\n\n# 云州市青岚区望湖街街道办事处2021年政府信息公开工作年度报告\n\n{}\n</div>\n",
        "<table>\n<tr>\n<td>0</td>\n</tr>\n</table>\n".repeat(9)
    );
    assert_eq!(parsed("2021/a.md", markdown.as_bytes()).format, "markdown");
}

#[test]
fn encodings_of_pages_are_told_from_their_bytes_first() {
    let page = |charset: &str| small("").replace("<h1>", &format!("<meta http-equiv='Content-Type' content='text/html; charset={charset}'><h1>"));
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let mut torn = gbk(&page("gbk"));
    torn.extend(b"<p>\xb9\xab</p>".iter().chain("<p>".repeat(2).as_bytes()));
    torn.extend(gbk(&"正文。".repeat(2000)));
    torn.extend(b"\xb9</p>");
    let known: [(&str, Vec<u8>, &str); 5] = [
        ("UTF-8 that says it is GBK", page("gbk").into_bytes(), "UTF-8"),
        ("GBK that says it is UTF-8", gbk(&page("utf-8")), "gb18030"),
        ("GBK as servers name it", gbk(&page("iso-8859-1")), "gb18030"),
        (
            "Big5",
            encoding_rs::BIG5.encode(&page("big5").replace(|c: char| !c.is_ascii() && !"年2021政府信息公工作度告".contains(c), "")).0.into_owned(),
            "Big5",
        ),
        ("a character cut in two", torn, "gb18030"),
    ];
    for (what, bytes, encoding) in known {
        let reading = parsed("2021/a.html", &bytes);
        assert_eq!((reading.encoding, reading.year), (Some(encoding), Some(2021)), "{what}");
    }
}

#[test]
fn tables_built_of_boxes_keep_their_blank_cells() {
    let row =
        |cells: &[&str]| format!("<div class=row>{}</div>\n", cells.iter().map(|c| format!("<div class=cell><span>{c}</span></div>")).collect::<String>());
    let table = [row(&["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]), row(&["规章", "", "5", ""]), row(&["行政规范性文件", "7", "", "9"])];
    let page = format!("<h1>三河镇人民政府2022年政府信息公开工作年度报告</h1><h2>二、主动公开政府信息情况</h2><div class=t>{}</div>", table.concat());
    let reading = parsed("2022/report.html", format!("<!DOCTYPE html><html><body>{page}</body></html>").as_bytes());
    let number = |name: &str| {
        let fact = reading.facts.iter().find(|f| SETTINGS.catalog.items[usize::from(f.item)].indicator == name);
        fact.and_then(huizong::fact::Fact::number)
    };
    let names = [
        "regulations.issued",
        "regulations.repealed",
        "regulations.in_force",
        "normative_documents.issued",
        "normative_documents.repealed",
        "normative_documents.in_force",
    ];
    assert_eq!(names.map(number), [None, Some(5.0), None, Some(7.0), None, Some(9.0)]);
}
