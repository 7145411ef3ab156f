//! Precision and recall over the annotated cases, which lie outside the project.

use huizong::document::Place;
use huizong::narrative::{Passage, Reader};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// The built-in configuration.
pub const CONFIG: &str = include_str!("../../config/narrative.toml");

/// The reader of the built-in configuration.
pub fn reader() -> &'static Reader {
    static READER: LazyLock<Reader> = LazyLock::new(|| match Reader::parse(CONFIG) {
        Ok(reader) => reader,
        Err(error) => panic!("config/narrative.toml: {error}"),
    });
    &READER
}

/// Indicator, channel, value, qualifier, scope.
pub type Fact = (String, Option<String>, String, String, String);

/// The facts of a text, read as one passage of the overview.
pub fn facts(reader: &Reader, text: &str, year: i32) -> Vec<Fact> {
    let passage = Passage { text, at: Place::line(1), section: "overview", heading: false };
    let figures = reader.read(&[passage], year);
    figures
        .into_iter()
        .map(|figure| {
            let channel = figure.channel.map(|channel| reader.channels()[usize::from(channel)].id.clone());
            let id = reader.indicators()[usize::from(figure.indicator)].id.clone();
            (id, channel, format!("{}", (figure.value * 1e6).round() / 1e6), figure.qualifier.id().into(), figure.scope.id().into())
        })
        .collect()
}

#[derive(Default, Clone, Copy)]
struct Score {
    right: usize,
    missed: usize,
    extra: usize,
}

impl Score {
    fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.extra).max(1) as f64
    }
    fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed).max(1) as f64
    }
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.missed + self.extra).max(1) as f64
    }
}

fn line(out: &mut String, name: &str, score: Score) {
    let _ = writeln!(
        out,
        "{name:32} F1 {:.4}  P {:.4}  R {:.4}  right {:4} missed {:3} extra {:3}",
        score.f1(),
        score.precision(),
        score.recall(),
        score.right,
        score.missed,
        score.extra
    );
}

/// The cases in a text, one per line.
fn parse(text: &str) -> Vec<serde_json::Value> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("a case per line")).collect()
}

/// The annotated cases of the file that NARRATIVE_CASES names, or of the development set; `None`, with a printed
/// reason, where it is not at hand.
#[allow(clippy::print_stdout, reason = "a test that does nothing says so")]
pub fn cases(name: &str) -> Option<Vec<serde_json::Value>> {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = std::env::var("NARRATIVE_CASES").unwrap_or_else(|_| format!("{root}/../shared/gold/{name}"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(parse(&text)),
        Err(error) => {
            println!("skipped: {path}: {error}");
            None
        }
    }
}

#[test]
fn annotated_cases() {
    let Some(cases) = cases("narrative_dev.jsonl") else {
        return;
    };
    let score = evaluate("annotated cases", &cases);
    if std::env::var_os("NARRATIVE_CASES").is_none() {
        hold("", score);
    }
}

/// The sets that stand in this repository, by the names that they have in the baseline.
const SETS: [(&str, &str); 16] = [
    ("second", include_str!("second.jsonl")),
    ("third", include_str!("third.jsonl")),
    ("fourth", include_str!("fourth.jsonl")),
    ("fifth", include_str!("fifth.jsonl")),
    ("sixth", include_str!("sixth.jsonl")),
    ("seventh", include_str!("seventh.jsonl")),
    ("eighth", include_str!("eighth.jsonl")),
    ("ninth", include_str!("ninth.jsonl")),
    ("tenth", include_str!("tenth.jsonl")),
    ("eleventh", include_str!("eleventh.jsonl")),
    ("twelfth", include_str!("twelfth.jsonl")),
    ("thirteenth", include_str!("thirteenth.jsonl")),
    ("fourteenth", include_str!("fourteenth.jsonl")),
    ("fifteenth", include_str!("fifteenth.jsonl")),
    ("sixteenth", include_str!("sixteenth.jsonl")),
    ("seventeenth", include_str!("seventeenth.jsonl")),
];

#[test]
fn own_cases() {
    if std::env::var_os("NARRATIVE_CASES").is_none() {
        for (name, cases) in SETS {
            hold(&format!("{name}_"), evaluate(name, &parse(cases)));
        }
    }
}

/// Compares with the baseline, which may only rise.
fn hold(set: &str, score: Score) {
    let baseline = include_str!("../narrative_baseline.txt");
    for (name, score) in [("f1", score.f1()), ("precision", score.precision())] {
        let line = baseline.lines().find_map(|line| line.strip_prefix(&format!("{set}{name} ")));
        let least: f64 = line.and_then(|value| value.trim().parse().ok()).unwrap_or(1.0);
        assert!(score + 5e-5 >= least, "{set}{name} {score:.4} is below the baseline {least:.4}");
        assert!(score < least + 5e-5, "{set}{name} {score:.4}: raise the baseline in tests/narrative_baseline.txt");
    }
}

/// Reads all cases and prints scores and faults: overall, by indicator, by channel, by phenomenon.
#[allow(clippy::print_stdout, reason = "the report of `make eval`")]
fn evaluate(title: &str, cases: &[serde_json::Value]) -> Score {
    let reader = reader();
    let mut overall = Score::default();
    let mut by: BTreeMap<String, Score> = BTreeMap::new();
    let mut faults = String::new();
    for case in cases {
        let text = case["text"].as_str().unwrap_or_default();
        let year = case["year"].as_i64().unwrap_or_default() as i32;
        let mut found = facts(reader, text, year);
        let mut expected: Vec<Fact> = case["expect"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fact| {
                let word = |key: &str| fact[key].as_str().map(str::to_owned);
                (
                    word("indicator").unwrap_or_default(),
                    word("channel"),
                    format!("{}", fact["value"].as_f64().unwrap_or(f64::NAN)),
                    word("qualifier").unwrap_or_default(),
                    word("scope").unwrap_or_default(),
                )
            })
            .collect();
        let mut right = Vec::new();
        expected.retain(|fact| match found.iter().position(|other| other == fact) {
            Some(at) => {
                right.push(found.remove(at));
                false
            }
            None => true,
        });
        let mut note = |fact: &Fact, add: fn(&mut Score)| {
            add(&mut overall);
            add(by.entry(format!("indicator {}", fact.0)).or_default());
            add(by.entry(format!("channel {}", fact.1.as_deref().unwrap_or("none"))).or_default());
            for tag in case["phenomena"].as_array().into_iter().flatten() {
                add(by.entry(format!("phenomenon {}", tag.as_str().unwrap_or_default())).or_default());
            }
        };
        right.iter().for_each(|fact| note(fact, |score| score.right += 1));
        expected.iter().for_each(|fact| note(fact, |score| score.missed += 1));
        found.iter().for_each(|fact| note(fact, |score| score.extra += 1));
        if !(expected.is_empty() && found.is_empty()) {
            let _ = writeln!(faults, "{} {text}", case["id"].as_str().unwrap_or_default());
            expected.iter().for_each(|fact| {
                let _ = writeln!(faults, "    missed {fact:?}");
            });
            found.iter().for_each(|fact| {
                let _ = writeln!(faults, "    extra  {fact:?}");
            });
        }
    }
    let mut out = String::new();
    line(&mut out, "overall", overall);
    for (name, score) in &by {
        line(&mut out, name, *score);
    }
    println!("{title}: {} cases\n{out}\n{faults}", cases.len());
    overall
}
