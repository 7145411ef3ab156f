//! Text that lost its cell borders: no number of it is read wrong, and most of it is read.

#[path = "support/mod.rs"]
mod support;

use huizong::fact::State;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;
use support::glued::{self, Glue};
use support::{Case, CellText, Fault, FilledForm, Flaws, Rng, plant};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("the project's configuration"));
const SHARED: &str = "../shared";

fn fact<'r>(reading: &'r Reading, indicator: &str, applicant: Option<&str>) -> Option<&'r huizong::fact::Fact> {
    reading.facts.iter().find(|f| {
        let item = &SETTINGS.catalog.items[usize::from(f.item)];
        item.indicator == indicator && item.applicant.as_deref() == applicant
    })
}

/// A form whose arithmetic holds or, with a fault, does not, and its report without cell borders.
fn torn(seed: u64, fault: Option<Fault>) -> (FilledForm, String) {
    let case = Case::any(seed, Flaws::NONE);
    let mut form = case.form();
    if let Some(fault) = fault {
        plant(&mut form, &mut Rng::new(seed), fault);
    }
    let made = case.make_with(form);
    let mut rng = Rng::for_name(seed, "glue");
    let text = glued::render(&made.form, &made.prose, &Glue::random(&mut rng), &mut rng);
    (made.form, text)
}

/// What was read wrong, and of how many cells of tables three and four how many were read.
fn compare(form: &FilledForm, reading: &Reading) -> (Vec<String>, usize, usize) {
    let (mut wrong, mut all, mut read) = (Vec::new(), 0, 0);
    for (key, text) in &form.cells {
        let found = fact(reading, key.0, key.1).and_then(|f| Some((f.state, f.number()?)));
        if key.1.is_some() || key.0.starts_with("reconsideration") || key.0.starts_with("litigation") {
            all += 1;
            read += usize::from(found.is_some());
        }
        let Some((state, number)) = found else { continue };
        let right = match text {
            CellText::Number(written) => number == *written as f64,
            CellText::Blank => state == State::Inferred && number == form.meant(*key) as f64,
            _ => false,
        };
        if !right {
            wrong.push(format!("{} {:?}: {text:?} read as {number}", key.0, key.1));
        }
    }
    (wrong, all, read)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_number_of_a_torn_report_is_wrong(seed in any::<u64>(), faulty in any::<bool>(), fault in 0..Fault::ALL.len()) {
        let (form, text) = torn(seed, faulty.then_some(Fault::ALL[fault]));
        let reading = read("2020/report.txt", text.as_bytes(), &[], &SETTINGS);
        let (wrong, ..) = compare(&form, &reading);
        prop_assert!(wrong.is_empty(), "seed {seed}\n{}\n{text}", wrong.join("\n"));
    }
}

/// Where the office has filled each cell and the figures add up, nine tenths at least are read.
#[test]
fn most_cells_of_torn_tables_are_read() {
    let (mut all, mut read_cells, mut reports) = (0, 0, 0);
    for seed in 0..200 {
        let (form, text) = torn(seed, None);
        if !form.is_complete() {
            continue;
        }
        let reading = read("2020/report.txt", text.as_bytes(), &[], &SETTINGS);
        let (_, cells, found) = compare(&form, &reading);
        (all, read_cells, reports) = (all + cells, read_cells + found, reports + 1);
    }
    assert!(reports > 50 && read_cells * 10 >= all * 9, "{read_cells} of {all} cells of {reports} reports");
}

/// Where blanks part the cells, blank cells are lost: of fewer values than columns nobody knows which are whose.
#[test]
fn a_row_with_too_few_values_is_not_placed() {
    let text = "丽川街道办事处2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（五）项\n信息内容  上一年项目数量  本年增/减  处理决定数量\n\
                行政许可 12 -3 40\n其他对外管理服务事项 - -6\n第二十条第（六）项\n信息内容  上一年项目数量  本年增/减  处理决定数量\n行政处罚 12 -6\n行政强制  8  0  2\n";
    let reading = read("2020/report.txt", text.as_bytes(), &[], &SETTINGS);
    let number = |indicator: &str| fact(&reading, indicator, None).map(|f| (f.state, f.number()));
    assert_eq!(number("licensing.items_change"), Some((State::Reported, Some(-3.0))));
    assert_eq!(number("coercive_measures.decisions"), Some((State::Reported, Some(2.0))));
    for indicator in ["public_services.items_change", "public_services.decisions", "penalties.items_last_year", "penalties.items_change"] {
        assert_eq!(number(indicator), Some((State::Unreadable, None)), "{indicator}");
    }
}

/// A whole table of long runs of digits: so many ways to split each that none is sought. Found by fuzzing.
#[test]
fn long_runs_of_digits_end_soon() {
    let case = Case::any(7, Flaws::NONE);
    let made = case.make_with(case.form());
    let mut rng = Rng::for_name(7, "glue");
    let glue = Glue { survives: 0.0, whole_rows: 0.0, wrap: None, letters: 0.0, torn_labels: 0.0, ..Glue::random(&mut rng) };
    let text = glued::render(&made.form, &made.prose, &glue, &mut rng);
    for digits in ["1234567891", "9876543219876543", "111111111111111111111111111111111111111111111111"] {
        let longer = text.replace("00", digits);
        let reading = read("2020/report.txt", longer.as_bytes(), &[], &SETTINGS);
        assert!(reading.facts.iter().filter(|f| f.cell.0 > 1).all(|f| f.state != State::Reported), "{digits}");
    }
}

/// Floods of digits and labels end soon, and nothing is read of them.
#[test]
fn floods_are_no_tables() {
    let labels = "第二十条第（一）项信息内容规章123规范性文件45行政许可6其他7自然人总计重复申请0000000";
    for text in ["0123456789".repeat(100_000), labels.repeat(5_000), format!("一、总体情况{}五、", "12".repeat(100_000))] {
        let reading = read("2020/report.txt", text.as_bytes(), &[], &SETTINGS);
        assert!(reading.facts.iter().all(|f| f.number().is_none()));
    }
}

/// Reports taken from web pages, where the machine has them beside the project.
#[test]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn real_reports_without_borders_are_read() {
    for report in ["reports/pingtan-2019.txt", "reports/pingtan-2020.txt", "reports/pingtan-2021.txt"] {
        let shared = Path::new(SHARED);
        let (Ok(gold), Ok(bytes)) = (std::fs::read_to_string(shared.join("gold/real.json")), std::fs::read(shared.join(report))) else {
            eprintln!("skipped: {SHARED} has no {report}");
            continue;
        };
        let gold: Value = serde_json::from_str(&gold).expect("gold is JSON");
        let reading = read(report, &bytes, &[], &SETTINGS);
        assert_eq!(reading.year.map(i64::from), gold[report]["year"].as_i64());
        let (mut wrong, mut lost, mut arithmetic) = (Vec::new(), Vec::new(), 0);
        for (key, value) in gold[report]["cells"].as_object().expect("cells") {
            let (indicator, applicant) = key.split_once('|').map_or((key.as_str(), None), |(i, a)| (i, Some(a)));
            let related = applicant.is_some() || indicator.starts_with("reconsideration") || indicator.starts_with("litigation");
            arithmetic += usize::from(related);
            let read = fact(&reading, indicator, applicant).filter(|f| matches!(f.state, State::Reported | State::Inferred)).and_then(|f| f.number());
            match read {
                None if related => lost.push(key.clone()),
                None => {}
                Some(number) if Some(number) == value.as_f64() => {}
                Some(number) => wrong.push(format!("{key}: {value} read as {number}")),
            }
        }
        assert!(wrong.is_empty(), "{report}:\n{}", wrong.join("\n"));
        assert!(lost.len() * 10 <= arithmetic, "{report}: {} of {arithmetic} lost: {}", lost.len(), lost.join(", "));
    }
}

/// Before the forms there were other tables: their cells are none of a form's.
#[test]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn reports_before_the_forms_have_no_cells() {
    for report in ["reports/pingtan-2018.txt", "reports/pingtan-county-2011.txt", "reports/pingtan-localtax-2013.txt"] {
        let Ok(bytes) = std::fs::read(Path::new(SHARED).join(report)) else {
            eprintln!("skipped: {SHARED} has no {report}");
            continue;
        };
        let reading = read(report, &bytes, &[], &SETTINGS);
        assert_eq!(reading.form, "legacy", "{report}");
        assert!(reading.facts.iter().all(|f| f.cell == (0, 0, 0)), "{report}");
    }
}
