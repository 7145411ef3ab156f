//! The words for a thing that a person should look at. Findings are data: their text is made from the
//! rule's template in `config/rules.toml` only when it is shown.

use crate::document::Place;
use crate::failure::{Failure, line_of};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Usually wrong.
    Warning,
    /// Wrong, or missing.
    Error,
}

impl Severity {
    /// The identifier that stands in the published tables.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// The two languages of everything a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The text of this language.
    pub fn of<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The text of a language.
    pub fn of(&self, lang: Lang) -> &str {
        lang.of(&self.zh, &self.en)
    }
}

/// A rule as `config/rules.toml` declares it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which entry the program speaks of.
    pub id: String,
    /// The published name, where it is not the id.
    pub name: Option<String>,
    /// How much a finding of this rule matters.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: Bilingual,
    /// What was found and what to do, with names in braces.
    pub text: Bilingual,
    /// When the rule holds.
    pub definition: Bilingual,
    /// Where it comes from.
    pub source: String,
    /// What the prose is compared with, for rules that compare.
    pub compares: Option<Comparison>,
}

/// A figure of the prose and the cells of a table that must agree with it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The indicator in the prose.
    pub stated: String,
    /// The table.
    pub table: String,
    /// The column that holds totals, in a table with applicants.
    pub total: Option<String>,
    /// The ways to read the sentence, each a sum of rows; those after `-` are taken off. Any of them explains the figure.
    pub readings: Vec<Vec<String>>,
    /// Words for applicants: a sentence with one of them may state that applicant's share alone.
    #[serde(default)]
    pub applicants: Vec<String>,
}

impl Rule {
    /// The name in the published tables.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// The rules by their identifiers.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    rule: Vec<Rule>,
}

/// Every rule that the program applies. `config/rules.toml` declares exactly these.
pub const RULES: &[&str] = &[
    "applications.row_total",
    "applications.outcome_total",
    "applications.balance",
    "reviews.group_total",
    "cell.unreadable",
    "cell.negative",
    "cell.fraction",
    "cell.unit_unknown",
    "cell.inferred",
    "cell.split",
    "cell.joined",
    "cell.mended",
    "cell.ambiguous",
    "cell.conflict",
    "table.row_unknown",
    "table.row_missing",
    "table.row_by_order",
    "table.row_shifted",
    "table.column_by_order",
    "table.column_lost",
    "table.column_unknown",
    "narrative.applications_received",
    "narrative.applications_closed",
    "narrative.applications_carried_in",
    "narrative.applications_carried_out",
    "narrative.reviews",
    "narrative.lawsuits",
    "narrative.other_scope",
    "report.missing",
    "report.missing_unreadable",
    "report.duplicate",
    "report.copy",
    "report.unregistered_office",
    "report.office_of_other_years",
    "report.year_mismatch",
    "report.office_mismatch",
    "report.year_unknown",
    "report.not_a_report",
    "report.unreadable",
    "report.unsupported_format",
    "report.scanned",
    "report.pages_scanned",
    "report.picture_file",
    "report.pages_recognised",
    "report.pages_garbled",
    "report.not_converted",
    "report.table_missing",
    "report.section_missing",
    "report.form_outdated",
    "report.wrong_extension",
    "report.traditional",
    "report.pictures",
    "carry_over",
    "carry_over.column",
    "normative_documents.continuity",
    "items.continuity",
    "figure.jump",
    "copy.previous_year",
    "copy.sibling_office",
];

impl Rules {
    /// Reads the rules.
    ///
    /// # Errors
    /// Names the line, or the rule that is missing, double or unknown, or whose texts name different things.
    pub fn parse(text: &str) -> Result<Rules, Failure> {
        let file: RulesFile = toml::from_str(text).map_err(|e| Failure::new("规则有误", "the rules are wrong").because(e))?;
        let line = |at: Option<usize>| line_of(text, at.unwrap_or_default());
        let mut seen = BTreeSet::new();
        for rule in &file.rule {
            let id = rule.id.as_str();
            let quoted = format!("\"{id}\"");
            if !RULES.contains(&id) {
                let (line, known) = (line(text.find(&quoted)), RULES.join(", "));
                return Err(Failure::new(
                    format!("第 {line} 行：没有名为 {id} 的规则。可用：{known}"),
                    format!("line {line}: no rule is called `{id}`; there are: {known}"),
                ));
            }
            if !seen.insert(id) {
                let line = line(text.rfind(&quoted));
                return Err(Failure::new(format!("第 {line} 行：规则 {id} 出现两次"), format!("line {line}: rule `{id}` is declared twice")));
            }
            let (zh, en) = (names(&rule.text.zh), names(&rule.text.en));
            if let Some(name) = zh.symmetric_difference(&en).next() {
                let line = line(text.find(&format!("{{{name}")));
                let list = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join(", ");
                let (zh, en) = (list(&zh), list(&en));
                return Err(Failure::new(
                    format!("第 {line} 行：规则 {id} 的 {{{name}}} 只在一种语言里有。中文有：{zh}；英文有：{en}"),
                    format!("line {line}: `{{{name}}}` of rule `{id}` stands in one language only; in Chinese: {zh}; in English: {en}"),
                ));
            }
        }
        if let Some(id) = RULES.iter().find(|id| !seen.contains(**id)) {
            return Err(Failure::new(format!("缺少规则 {id}"), format!("rule `{id}` is missing")));
        }
        Ok(Rules { rules: file.rule })
    }

    /// The rule of this identifier. All of `RULES` are there: `parse` saw to it.
    pub fn get(&self, id: &str) -> &Rule {
        self.rules.iter().find(|r| r.id == id).unwrap_or(&self.rules[0])
    }

    /// The rules in their declared order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }
}

/// The names in braces in a template; `nearest_zh` and `nearest_en` are one name in two languages.
fn names(template: &str) -> BTreeSet<&str> {
    let inside = template.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    inside.map(|(name, _)| name.trim_end_matches("_zh").trim_end_matches("_en")).collect()
}

/// A thing that a person should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Identifier of its rule.
    pub rule: String,
    /// The item it is about, in the catalog.
    pub item: Option<u16>,
    /// The number that was expected.
    pub expected: Option<f64>,
    /// The number that stands there.
    pub actual: Option<f64>,
    /// What would put it right, where that is known; never applied.
    pub suggestion: String,
    /// Where in the file.
    pub at: Place,
    values: Vec<(Cow<'static, str>, Bilingual)>,
}

impl Finding {
    /// A finding of a rule, about nothing in particular yet.
    pub fn new(rule: &str) -> Finding {
        Finding { rule: rule.to_string(), item: None, expected: None, actual: None, suggestion: String::new(), at: Place::default(), values: Vec::new() }
    }

    /// Where it is.
    #[must_use]
    pub fn at(self, at: Place) -> Finding {
        Finding { at, ..self }
    }

    /// What it is about.
    #[must_use]
    pub fn about(self, item: u16) -> Finding {
        Finding { item: Some(item), ..self }
    }

    /// The number that was expected and the one that stands there.
    #[must_use]
    pub fn numbers(self, expected: f64, actual: f64) -> Finding {
        Finding { expected: Some(expected), actual: Some(actual), ..self }
    }

    /// The number that stands there.
    #[must_use]
    pub fn actual(self, actual: f64) -> Finding {
        Finding { actual: Some(actual), ..self }
    }

    /// A name of the template, the same in both languages.
    #[must_use]
    pub fn with(self, name: &'static str, text: impl Into<String>) -> Finding {
        let text = text.into();
        self.both(name, &text, &text)
    }

    /// A name of the template, in Chinese and English.
    #[must_use]
    pub fn both(mut self, name: &'static str, zh: &str, en: &str) -> Finding {
        self.values.push((Cow::Borrowed(name), Bilingual { zh: shown(zh), en: shown(en) }));
        self
    }

    /// What it is about, apart from whom: its rule, the names it fills in that are no numbers or files, and
    /// its numbers. Line numbers are not in it, so it is the same after an edit elsewhere; the numbers are,
    /// for whoever accepted a difference of 1 has not accepted one of 1,000.
    pub fn about_what(&self) -> String {
        const NAMES: [&str; 4] = ["table", "row", "column", "found"];
        let mut out = self.rule.clone();
        for (_, text) in self.values.iter().filter(|(name, _)| NAMES.contains(&&**name)) {
            out.push('\0');
            out.extend(text.zh.chars().filter(|c| c.is_alphabetic()));
        }
        for number in [self.expected, self.actual] {
            let _ = write!(out, "\0{}", number.map(|n| n.to_string()).unwrap_or_default());
        }
        out
    }

    /// What would put it right.
    #[must_use]
    pub fn suggest(self, suggestion: Option<String>) -> Finding {
        Finding { suggestion: suggestion.unwrap_or_default(), ..self }
    }

    /// Names a group of columns instead of one.
    #[must_use]
    pub fn group(mut self, zh: &str, en: &str) -> Finding {
        self.values.retain(|(name, _)| *name != "column");
        self.both("column", zh, en)
    }

    /// The text of the finding.
    pub fn message(&self, rules: &Rules, lang: Lang) -> String {
        let mut out = String::new();
        let mut rest = rules.get(&self.rule).text.of(lang);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            match self.value(name, lang) {
                Some(text) => out.push_str(&text),
                None => {
                    let _ = write!(out, "{{{name}}}");
                }
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// What stands for a name of the template.
    pub fn value(&self, name: &str, lang: Lang) -> Option<String> {
        if let Some((_, text)) = self.values.iter().find(|(n, _)| *n == name) {
            return Some(text.of(lang).to_string());
        }
        match (name, self.expected, self.actual) {
            ("expected", Some(expected), _) => Some(number(expected)),
            ("actual", _, Some(actual)) => Some(number(actual)),
            ("difference", Some(expected), Some(actual)) => Some(number((expected - actual).abs())),
            _ => None,
        }
    }
}

/// A number for people: 1,204 or 73,802,895.9.
pub fn number(value: f64) -> String {
    let plain = format!("{}", value.abs());
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), ""), |(w, f)| (w, f));
    let mut out = String::from(if value < 0.0 { "-" } else { "" });
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Text from a file as it may be shown: no line breaks, control or direction marks, not too long.
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    let hidden = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let mut out: String = text.chars().take(LONGEST).map(|c| if hidden(c) { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}
