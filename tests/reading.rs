//! Any filled form, in any layout and with any mix of flaws, is read back cell by cell.

#[path = "support/mod.rs"]
mod support;

use huizong::fact::State;
use huizong::finding::{Lang, Severity};
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;
use std::sync::LazyLock;
use support::{Case, Fault, Flaws, Rendered, Rng, State as Truth, plant};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load(Path::new("config")).expect("the project's configuration"));

fn parsed(name: &str, text: &str) -> Reading {
    read(name, text.as_bytes(), &[], &SETTINGS)
}

/// What differs between what was rendered and what was read.
fn differences(rendered: &Rendered, reading: &Reading) -> Vec<String> {
    let mut wrong = Vec::new();
    for known in &rendered.known {
        let (indicator, applicant) = &known.key;
        let fact = reading.facts.iter().find(|f| {
            let item = &SETTINGS.catalog.items[usize::from(f.item)];
            item.indicator == *indicator && item.applicant.as_deref() == applicant.as_deref()
        });
        let Some(fact) = fact else {
            wrong.push(format!("{indicator} {applicant:?}: no fact"));
            continue;
        };
        let fits = match (&known.state, fact.state) {
            (Truth::Reported(value), State::Reported) => fact.number() == Some(*value),
            (Truth::Blank, State::Blank) => true,
            (Truth::Blank, State::Inferred) => fact.number() == Some(known.meant as f64),
            (Truth::NotApplicable, State::NotApplicable) => true,
            (Truth::Unreadable, State::Unreadable) => true,
            _ => false,
        };
        if !fits {
            wrong.push(format!("{indicator} {applicant:?}: {:?} at line {} read as {:?} {:?}", known.state, known.line, fact.state, fact.number()));
        }
    }
    wrong
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let made = case.make();
    let name = "2020/report.md";
    let reading = parsed(name, &made.report.text);
    let wrong = differences(&made.report, &reading);
    prop_assert!(wrong.is_empty(), "{case:?}\n{}\n\n{}", wrong.join("\n"), made.report.text);
    Ok(())
}

/// The figures that the prose states are read, and no others.
fn check_prose(seed: u64) -> Result<(), TestCaseError> {
    let case = Case::any(seed, Flaws::NONE);
    let made = case.make();
    let reading = parsed("2020/report.md", &made.report.text);
    let channels = SETTINGS.narrative.channels();
    let mut read: Vec<(String, Option<String>, String, Option<String>)> = Vec::new();
    for fact in &reading.facts {
        let item = &SETTINGS.catalog.items[usize::from(fact.item)];
        if item.section == "narrative" && fact.scope == huizong::fact::Scope::CurrentYear {
            let channel = fact.channel.map(|c| channels[usize::from(c)].id.clone());
            read.push((item.indicator.clone(), channel, format!("{:?}", fact.number()), fact.unit(&reading.text).map(str::to_string)));
        }
    }
    let stated =
        made.prose.figures.iter().map(|f| (f.indicator.to_string(), f.channel.map(str::to_string), format!("{:?}", Some(f.value)), Some(f.unit.to_string())));
    let mut stated: Vec<_> = stated.collect();
    stated.sort();
    stated.dedup();
    read.sort();
    prop_assert!(
        read == stated,
        "{case:?}\nread but not stated: {:?}\nstated but not read: {:?}\n{}",
        read.iter().filter(|r| !stated.contains(r)).collect::<Vec<_>>(),
        stated.iter().filter(|s| !read.contains(s)).collect::<Vec<_>>(),
        made.report.text
    );
    Ok(())
}

/// A planted fault is found under its rules, in its place, and nothing else is.
fn check_fault(seed: u64, flaws: Flaws, fault: Fault) -> Result<(), TestCaseError> {
    let case = Case::any(seed, flaws);
    let mut form = case.form();
    let Some(planted) = plant(&mut form, &mut Rng::new(seed), fault) else { return Ok(()) };
    let made = case.make_with(form);
    let reading = parsed("2020/report.md", &made.report.text);
    let wrong = differences(&made.report, &reading);
    prop_assert!(wrong.is_empty(), "{case:?}\n{}\n\n{}", wrong.join("\n"), made.report.text);
    let item = |f: &huizong::finding::Finding| f.item.map(|i| &SETTINGS.catalog.items[usize::from(i)]);
    let mut expected: Vec<_> = planted.breaks.clone();
    for finding in reading.findings.iter().filter(|f| SETTINGS.rules.get(&f.rule).severity == Severity::Error) {
        let fits = |b: &support::Break| {
            b.rule == finding.rule
                && b.indicator.is_none_or(|i| item(finding).is_some_and(|item| item.indicator == i))
                && b.applicant.is_none_or(|a| item(finding).is_some_and(|item| item.applicant.as_deref() == Some(a)))
        };
        let at = expected.iter().position(fits);
        prop_assert!(at.is_some(), "{case:?} {planted:?}\nnot expected: {}", finding.message(&SETTINGS.rules, Lang::En));
        expected.remove(at.unwrap_or_default());
        if planted.repairable {
            let repair = format!("→ {}", huizong::finding::number(planted.right as f64));
            prop_assert!(finding.suggestion.ends_with(&repair), "{planted:?}: {}", finding.suggestion);
        }
    }
    prop_assert!(expected.is_empty(), "{case:?} {planted:?}\nnot found: {expected:?}\n{}", made.report.text);
    Ok(())
}

// The same cases in every run, so that a red run means a change. With half of all flaws at once a lone number
// beside blanks now and then cannot be placed: it is told, not read, and these tests ask for each cell. That no
// number is wrong in any case is what `examples/sweep.rs` looks at.
proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(2020), ..ProptestConfig::default() })]

    #[test]
    fn a_clean_report_is_read_cell_by_cell(seed in any::<u64>()) {
        check(&Case::any(seed, Flaws::NONE))?;
    }

    #[test]
    fn the_figures_of_the_prose_are_read_and_no_others(seed in any::<u64>()) {
        check_prose(seed)?;
    }

    #[test]
    fn a_torn_report_is_read_cell_by_cell(seed in any::<u64>(), flaws in any::<u32>()) {
        check(&Case::any(seed, Flaws::from_bits(flaws)))?;
    }

    #[test]
    fn a_planted_fault_is_found_and_nothing_else_is(seed in any::<u64>(), flaws in any::<u32>(), torn in any::<bool>(), fault in 0..Fault::ALL.len()) {
        check_fault(seed, if torn { Flaws::from_bits(flaws) } else { Flaws::NONE }, Fault::ALL[fault])?;
    }
}

#[test]
fn a_text_among_the_values_of_a_row_without_label_takes_no_other_with_it() {
    let report = std::fs::read_to_string("tests/files/三河镇人民政府2022.md").expect("a report");
    let zeros = format!("|{}", " 0 |".repeat(15));
    assert!(report.contains(&zeros));
    let reading = parsed("2022/三河镇.md", &report.replace(&zeros, "| 1 | 2 | 0 | 0 | 3 | 0 | 4 | 0 | 0 | 4 | 0 | 0 | 约五件 | 0 | 5 |"));
    let states = |state: State| reading.facts.iter().filter(|f| f.cell.0 == 3 && f.state == state).count();
    assert_eq!((states(State::Reported), states(State::Unreadable), states(State::Blank)), (14, 1, 0));
}

/// The report with a dense table three: the rows of the applicants, an outcome for all, a balance that holds.
fn with_applications(header: &str, row: impl Fn([u32; 7]) -> String) -> Reading {
    let report = std::fs::read_to_string("tests/files/三河镇人民政府2022.md").expect("a report");
    let names = "自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计";
    let zeros = " 0 | 0 | 0 | 0 | 0 | 0 | 0 |";
    let lines = report.lines().map(|line| {
        let filled = ["一、本年新收", "（一）予以公开", "（七）总计"].iter().any(|label| line.contains(label));
        let is_row = line.contains(zeros) && !line.contains(&zeros.repeat(2));
        match () {
            () if line.contains(names) => line.replace(names, header),
            () if is_row && filled => line.replace(zeros, &row([4, 5, 6, 1, 2, 3, 21])),
            () if is_row => line.replace(zeros, &row([0; 7])),
            () => line.to_string(),
        }
    });
    parsed("2022/三河镇.md", &lines.collect::<Vec<_>>().join("\n"))
}

fn told(reading: &Reading, rule: &str) -> usize {
    reading.findings.iter().filter(|f| f.rule == rule).count()
}

/// The cells of a row of table three, from left to right.
fn applicants(reading: &Reading, indicator: &str) -> Vec<(State, Option<f64>)> {
    const COLUMNS: [&str; 7] = [
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_organization",
        "legal_service_organization",
        "other_organization",
        "total",
    ];
    let item = |f: &huizong::fact::Fact| &SETTINGS.catalog.items[usize::from(f.item)];
    let fact = |column: &str| reading.facts.iter().find(|f| item(f).indicator == indicator && item(f).applicant.as_deref() == Some(column));
    COLUMNS.iter().filter_map(|column| fact(column).map(|f| (f.state, f.number()))).collect()
}

#[test]
fn a_column_whose_label_is_damaged_takes_the_place_that_is_left_and_this_is_told() {
    let cells = |numbers: [u32; 7]| numbers.map(|n| format!(" {n} |")).concat();
    // With a blank column beside it, too.
    let wide = |n: [u32; 7]| format!(" {} | | {} | {} | {} | {} | {} | {} |", n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
    let right: Vec<_> = [4.0, 5.0, 6.0, 1.0, 2.0, 3.0, 21.0].map(|n| (State::Reported, Some(n))).to_vec();
    for damaged in ["商业企-lk", "囗厂匚", "mk商?"] {
        let names = format!("自然人 | {damaged} | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计");
        let names_wide = names.replacen("|", "| |", 1);
        for reading in [with_applications(&names, cells), with_applications(&names_wide, wide)] {
            assert_eq!(applicants(&reading, "outcomes.granted"), right, "{damaged}");
            assert_eq!((told(&reading, "table.column_by_order"), told(&reading, "cell.inferred")), (1, 0), "{damaged}");
        }
    }
}

#[test]
fn a_label_with_one_other_letter_is_that_label() {
    let cells = |numbers: [u32; 7]| numbers.map(|n| format!(" {n} |")).concat();
    for (company, other) in [("商业企亚", "其他"), ("商业企业", "构其他")] {
        let reading = with_applications(&format!("自然人 | {company} | 科研机构 | 社会公益组织 | 法律服务机构 | {other} | 总计"), cells);
        assert_eq!(applicants(&reading, "outcomes.granted"), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0, 21.0].map(|n| (State::Reported, Some(n))));
        assert_eq!(told(&reading, "table.column_by_order"), 0, "{company} {other}");
    }
}

#[test]
fn values_under_a_label_that_cannot_be_told_are_told_and_nothing_is_inferred_in_their_place() {
    // Three labels are damaged where two columns are missing, and one of the numbers too: nobody knows which is which.
    let row = |n: [u32; 7]| format!(" {} | | {} | | {} | {} | {} | {} |", n[0], n[1], n[3], n[4], n[5], n[6]);
    let reading = with_applications("自然人 | 商X | 丿丿 | xx | 社会公益组织 | 法律服务机构 | 其他 | 总计", row);
    let granted = applicants(&reading, "outcomes.granted");
    assert!(granted.iter().all(|(state, _)| *state != State::Inferred), "{granted:?}");
    assert_eq!([granted[1].0, granted[2].0], [State::Unreadable; 2]);
    assert!(told(&reading, "table.column_lost") + told(&reading, "cell.ambiguous") > 0);
}

#[test]
fn a_column_that_the_form_does_not_have_is_told_and_takes_no_place() {
    let row = |n: [u32; 7]| format!(" {} | {} | {} | {} | {} | {} | {} | {} |", n[0], n[1], n[2], n[3], n[4], n[5], n[1] + n[2] + n[3] + n[4] + n[5], n[6]);
    let reading = with_applications("自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 小计 | 总计", row);
    assert_eq!(applicants(&reading, "outcomes.granted").last(), Some(&(State::Reported, Some(21.0))));
    assert_eq!((told(&reading, "table.column_unknown"), told(&reading, "table.column_lost")), (1, 0));
}

#[test]
fn a_report_in_traditional_characters_says_the_same() {
    let simplified = std::fs::read_to_string("tests/files/三河镇人民政府2022.md").expect("a report");
    let table = std::fs::read_to_string("config/traditional.txt").expect("the table");
    let mut traditional = simplified.clone();
    for pair in table.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
        let mut pair = pair.chars();
        if let (Some(to), Some(from)) = (pair.next(), pair.next()) {
            // 只 and 面 are more often themselves.
            traditional = if "只面准台范里后干余松谷".contains(from) { traditional } else { traditional.replace(from, &to.to_string()) };
        }
    }
    for words in ["政府信息公開工作年度報告", "行政許可", "總計", "社會公益組織", "結轉下年度繼續辦理", "微信公眾號"] {
        assert!(traditional.contains(words), "{words}\n{traditional}");
    }
    let (known, read) = (parsed("2022/三河镇.md", &simplified), parsed("2022/三河镇.md", &traditional));
    assert_eq!((told(&known, "report.traditional"), told(&read, "report.traditional")), (0, 1));
    let numbers = |reading: &Reading| reading.facts.iter().map(|f| (f.item, f.state, f.number(), f.channel)).collect::<Vec<_>>();
    assert_eq!(numbers(&read), numbers(&known));
    assert_eq!((read.office, &read.title, read.findings.len()), (known.office, &known.title, known.findings.len() + 1));
}

#[test]
fn numbers_with_blanks_or_letters_are_read_where_the_arithmetic_tells_and_else_are_unreadable() {
    let damaged = |n: [u32; 7]| {
        let spaced = |n: u32| n.to_string().chars().map(String::from).collect::<Vec<_>>().join(" ");
        format!(" {} | {} | {} | {} | {} | {} | {} |", n[0], n[1], n[2], if n[3] == 1 { "l".into() } else { "O".to_string() }, n[4], n[5], spaced(n[6]))
    };
    let names = "自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计";
    let reading = with_applications(names, damaged);
    let granted = applicants(&reading, "outcomes.granted");
    assert_eq!((granted[3], granted[6]), ((State::Inferred, Some(1.0)), (State::Inferred, Some(21.0))));
    assert_eq!((told(&reading, "cell.mended"), told(&reading, "cell.unreadable")), (1, 0));
    // Another number: it does not add up.
    let wrong = |n: [u32; 7]| if n[0] == 4 { " 4 | 5 | 6 | 1 | 2 | 3 | 2 2 |".to_string() } else { damaged(n) };
    let reading = with_applications(names, wrong);
    assert_eq!(applicants(&reading, "outcomes.granted")[6], (State::Unreadable, None));
    assert!(told(&reading, "cell.unreadable") > 0);
}

#[test]
fn values_in_one_cell_are_parted_where_the_form_has_as_many() {
    let names = "自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计";
    let right: Vec<_> = [4.0, 5.0, 6.0, 1.0, 2.0, 3.0, 21.0].map(|n| (State::Reported, Some(n))).to_vec();
    for sep in [" ", "<br>", "  "] {
        let row = |n: [u32; 7]| format!(" {} | | | | | | |", n.map(|n| n.to_string()).join(sep));
        let reading = with_applications(names, row);
        assert_eq!(applicants(&reading, "outcomes.granted"), right, "{sep}");
    }
    // One is missing: nobody knows which.
    let reading = with_applications(names, |n| format!(" {} | | | | | | |", n[1..].iter().map(u32::to_string).collect::<Vec<_>>().join(" ")));
    assert_eq!(applicants(&reading, "outcomes.granted"), [(State::Unreadable, None); 7]);
    assert!(told(&reading, "cell.ambiguous") > 0);
}

/// Converters of drawn pages take several narrow columns for one.
#[test]
fn values_of_columns_that_a_converter_has_made_one_are_parted() {
    let names = " | 自然人 商业企业 | 科研机构 社会公益组织 | 法律服务机构 其他 | 总计";
    let right: Vec<_> = [4.0, 5.0, 6.0, 1.0, 2.0, 3.0, 21.0].map(|n| (State::Reported, Some(n))).to_vec();
    let row = |n: [u32; 7]| format!(" | {} {} | {} {} | {} {} | {} |", n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
    let reading = with_applications(names, row);
    assert_eq!(applicants(&reading, "outcomes.granted"), right);
    // One of them is blank: which of its two columns a number alone belongs to is not told.
    let lone = |n: [u32; 7]| if n[0] == 4 { " | 4 5 | 6 | 2 3 | 21 |".to_string() } else { row(n) };
    let reading = with_applications(names, lone);
    assert_eq!(applicants(&reading, "outcomes.granted"), [(State::Unreadable, None); 7]);
    assert!(told(&reading, "cell.ambiguous") > 0);
}

/// Converters of drawn pages lose the border between the labels and the first column.
#[test]
fn a_label_that_shares_cells_with_a_value_is_parted_from_it() {
    let report = std::fs::read_to_string("tests/files/三河镇人民政府2022.md").expect("a report");
    for row in ["| 行政规范性 | 文件13 | 2 | 55 |", "| 行政规范性文件<br>13 | 2 | 55 | |", "| 行政规范性文件13 | 2 | 55 |", "| 行政规范性文件 13 | 2 | | 55 |"]
    {
        let shown = |line: &str| if line.starts_with("| 行政规范性文件") { row.to_string() } else { line.to_string() };
        let reading = parsed("2022/三河镇.md", &report.lines().map(shown).collect::<Vec<_>>().join("\n"));
        let number = |name: &str| {
            let fact = reading.facts.iter().find(|f| SETTINGS.catalog.items[usize::from(f.item)].indicator == name);
            fact.and_then(huizong::fact::Fact::number)
        };
        let read = ["issued", "repealed", "in_force"].map(|x| number(&format!("normative_documents.{x}")));
        assert_eq!(read, [Some(13.0), Some(2.0), Some(55.0)], "{row}");
    }
}

#[test]
fn tables_for_each_kind_of_case_are_told_apart_by_the_lines_above_them() {
    let report = std::fs::read_to_string("tests/files/三河镇人民政府2022.md").expect("a report");
    let (before, _) = report.split_once("| 行政复议 结果维持").expect("table four");
    let table = |title: &str, values: &str| format!("{title}\n\n| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n|---|---|---|---|---|\n| {values} |\n\n");
    let tables = [
        table("（一）行政复议情况", "1 | 2 | 0 | 0 | 3"),
        table("（二）未经复议直接起诉", "0 | 1 | 0 | 4 | 5"),
        table("（三）复议后起诉：", "2 | 0 | 0 | 0 | 2"),
    ];
    let reading = parsed("2022/三河镇.md", &format!("{before}{}", tables.concat()));
    let number = |name: &str| {
        let fact = reading.facts.iter().find(|f| SETTINGS.catalog.items[usize::from(f.item)].indicator == name);
        fact.and_then(huizong::fact::Fact::number)
    };
    let totals = ["reconsideration.total", "litigation.direct.total", "litigation.after_reconsideration.total"].map(number);
    assert_eq!((totals, number("litigation.direct.pending")), ([Some(3.0), Some(5.0), Some(2.0)], Some(4.0)));
}

#[test]
fn a_number_put_together_from_two_lines_is_told() {
    let names = "自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计";
    let reading =
        with_applications(names, |n| format!(" {} | {} | {} | {} | {} | {} | {} |", n[0], n[1], n[2], n[3], n[4], n[5], n[6]).replace("21", "2\u{2060}1"));
    assert_eq!(applicants(&reading, "outcomes.granted")[6], (State::Reported, Some(21.0)));
    let finding = reading.findings.iter().find(|f| f.rule == "cell.joined").expect("it is told");
    assert!(finding.message(&SETTINGS.rules, Lang::En).contains("(2 | 1) and was read as 21"));
    assert!(reading.facts.iter().any(|f| f.number() == Some(21.0) && f.raw.of(&reading.text) == Some("2\n1")));
}
