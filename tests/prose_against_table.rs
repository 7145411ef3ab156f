//! What the prose says of applications, reviews and lawsuits is held against the tables: a difference is found, in
//! both its places, and no way of saying the same is taken for one.

#[path = "support/mod.rs"]
mod support;

use huizong::finding::Lang;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use std::path::Path;
use std::sync::LazyLock;
use support::prose::{Paragraph, write};
use support::render::markdown;
use support::{Case, CellText, FilledForm, Flaws, Layout, Length, Office, Rng};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load(Path::new("config")).expect("the project's configuration"));

const OFFICE: &str = "望湖街街道";

/// A form of 2021 with matters of every kind, and no two numbers equal that could be taken for one another.
fn form() -> FilledForm {
    let forms = (0..).map(|seed| Case::any(seed, Flaws::NONE).form());
    let mut form = forms.into_iter().find(|form| form.year >= 2021 && form.is_complete()).expect("a complete form");
    let numbers = [
        (("applications.received", Some("total")), 41),
        (("applications.received", Some("natural_person")), 33),
        (("applications.carried_in", Some("total")), 5),
        (("outcomes.total", Some("total")), 43),
        (("applications.carried_out", Some("total")), 3),
        (("reconsideration.total", None), 9),
        (("litigation.direct.total", None), 4),
        (("litigation.after_reconsideration.total", None), 2),
    ];
    for (key, number) in numbers {
        form.cells.insert(key, CellText::Number(number));
        form.truth.insert(key, number);
    }
    form
}

/// Received, carried in, closed, carried out, reviews, direct lawsuits, lawsuits after review, received from persons.
fn numbers(form: &FilledForm) -> [i64; 8] {
    let total = |indicator| form.meant((indicator, Some("total")));
    let review = |indicator| form.meant((indicator, None));
    [
        total("applications.received"),
        total("applications.carried_in"),
        total("outcomes.total"),
        total("applications.carried_out"),
        review("reconsideration.total"),
        review("litigation.direct.total"),
        review("litigation.after_reconsideration.total"),
        form.meant(("applications.received", Some("natural_person"))),
    ]
}

fn reading(form: &FilledForm, office: &str, sentence: &str) -> Reading {
    let mut rng = Rng::new(7);
    let mut prose = write(&mut rng, &Office::new("云州市", "青岚区", office), form, Length::Short);
    prose.overview = vec![Paragraph { heading: None, text: sentence.to_string() }];
    let report = markdown(form, &prose, &Layout::official(), Flaws::NONE, &mut rng);
    read("2021/report.md", report.text.as_bytes(), &[], &SETTINGS)
}

/// The rules that a sentence breaks. In it R, I, C, O, V, D, A, N stand for the numbers of the table.
fn broken(sentence: &str) -> Vec<String> {
    let form = form();
    let reading = reading(&form, OFFICE, &filled(&form, sentence));
    reading.findings.iter().filter(|finding| finding.rule.starts_with("narrative.")).map(|finding| finding.rule.clone()).collect()
}

/// Puts numbers into a sentence: {R+I} and the like.
fn filled(form: &FilledForm, sentence: &str) -> String {
    let numbers = numbers(form);
    let value = |name: char| "RICOVDAN".find(name).map_or(0, |at| numbers[at]);
    let mut out = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let (expression, behind) = after.split_once('}').expect("a closing brace");
        out.push_str(before);
        let (mut sum, mut sign) = (0, 1);
        for part in expression.split_inclusive(['+', '-']) {
            let name = part.trim_end_matches(['+', '-']);
            sum += sign * name.parse().unwrap_or_else(|_| value(name.chars().next().unwrap_or(' ')));
            sign = if part.ends_with('-') { -1 } else { 1 };
        }
        out.push_str(&sum.to_string());
        rest = behind;
    }
    out.push_str(rest);
    out
}

const AGREEING: &[&str] = &[
    "全年新收政府信息公开申请{R}件。",
    "全年共受理政府信息公开申请{R+I}件（含上年结转{I}件），办结{C}件，结转下年度{O}件。",
    "本年度收到依申请公开{R}件，上年结转{I}件，答复{C}件。",
    "收到政府信息公开申请{R+I}件，办结{C}件，结转{O}件。",
    "收到自然人政府信息公开申请{N}件。",
    "本年新收的申请中已办结{C-I}件。",
    "全年网上收到政府信息公开申请{R-1}件，信函收到政府信息公开申请1件。",
    "全区共收到政府信息公开申请{R+85}件，我街道收到{R}件。",
    "因政府信息公开被申请行政复议{V}件，被提起行政诉讼{D+A}件。",
    "2020年收到政府信息公开申请{R+7}件。",
    "收到政府信息公开申请不足{R+1}件。",
    "收到政府信息公开申请超过{R-1}件。",
    "新收政府信息公开申请{R}件，其中转办2件、转送其他机关1件。",
    "本年度没有变化，依申请公开工作平稳有序。",
];

#[test]
fn every_way_of_saying_the_same_agrees() {
    for sentence in AGREEING {
        assert_eq!(broken(sentence), Vec::<String>::new(), "{sentence}");
    }
}

const DIFFERING: &[(&str, &str)] = &[
    ("全年新收政府信息公开申请{R+I+3}件。", "narrative.applications_received"),
    ("本年度未收到政府信息公开申请。", "narrative.applications_received"),
    ("收到政府信息公开申请{R-1}件（自然人{N}件、企业{R-1-N}件）。", "narrative.applications_received"),
    ("收到政府信息公开申请{R+I+100}余件。", "narrative.applications_received"),
    ("全年共办结政府信息公开申请{C+3}件。", "narrative.applications_closed"),
    ("新收政府信息公开申请{R}件，上年结转{I+1}件。", "narrative.applications_carried_in"),
    ("新收政府信息公开申请{R}件，结转下年度办理{O+2}件。", "narrative.applications_carried_out"),
    ("因政府信息公开被申请行政复议{V+1}件。", "narrative.reviews"),
    ("未发生因政府信息公开引发的行政复议。", "narrative.reviews"),
    ("因政府信息公开被提起行政诉讼{D+A+2}件。", "narrative.lawsuits"),
    ("全年无政府信息公开行政诉讼案件。", "narrative.lawsuits"),
    // What is said of another scope is no contradiction, but worth knowing.
    ("全区共收到政府信息公开申请{R+85}件。", "narrative.other_scope"),
    ("全区共收到政府信息公开申请{R}件，我街道收到3件。", "narrative.other_scope"),
];

#[test]
fn what_differs_is_found_under_its_rule() {
    for (sentence, rule) in DIFFERING {
        assert_eq!(broken(sentence), [*rule], "{sentence}");
    }
}

#[test]
fn a_finding_names_both_places_in_both_languages() {
    let form = form();
    let [received, ..] = numbers(&form);
    let reading = reading(&form, OFFICE, &filled(&form, "全年新收政府信息公开申请{R+I+3}件。"));
    let finding = reading.findings.iter().find(|finding| finding.rule == "narrative.applications_received").expect("a finding");
    assert!(finding.at.line > 0);
    assert_eq!(finding.expected, Some(received as f64));
    let item = SETTINGS.catalog.find("applications", "applications.received", Some("total"));
    let cell = reading.facts.iter().find(|fact| Some(fact.item) == item).expect("the cell");
    let (grid, row, column) = cell.cell;
    for (lang, words) in [(Lang::Zh, ["第", "行"]), (Lang::En, ["line", "table 3"])] {
        let message = finding.message(&SETTINGS.rules, lang);
        for part in [format!("t{grid}:r{row}:c{column}"), finding.at.line.to_string(), cell.at.line.to_string(), "全年新收政府信息公开申请".to_string()]
        {
            assert!(message.contains(&part), "{message} lacks {part}");
        }
        assert!(words.iter().all(|word| message.contains(word)) && !message.contains('{'), "{message}");
    }
}

#[test]
fn reports_that_agree_raise_no_alarm() {
    for seed in 0..400 {
        let case = Case::any(seed, Flaws::NONE);
        let made = case.make();
        let reading = read("2020/report.md", made.report.text.as_bytes(), &[], &SETTINGS);
        let alarms = reading.findings.iter().filter(|finding| finding.rule.starts_with("narrative."));
        let alarms: Vec<String> = alarms.map(|finding| finding.message(&SETTINGS.rules, Lang::En)).collect();
        assert!(alarms.is_empty(), "{seed} {}\n{}", alarms.join("\n"), made.report.text);
    }
}
