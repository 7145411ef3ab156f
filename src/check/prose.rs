//! The prose against the tables. What a rule compares stands with it in `config/rules.toml`; a difference is a
//! finding only if no reading of the sentence explains it: offices count what was carried in among what they
//! received, state the share of one applicant, give parts without their sum, or speak of a whole district.

use crate::catalog::Catalog;
use crate::document::Place;
use crate::fact::{Fact, Figure, Qualifier, Scope, State};
use crate::finding::{Comparison, Finding, number};
use crate::narrative::Marked;
use crate::settings::Settings;

/// How far 约 and 近 may be from the number they stand for.
const ABOUT: f64 = 0.2;

/// The rule of figures that speak of another level than the table.
const OTHER_SCOPE: &str = "narrative.other_scope";

/// Compares what the prose states with the tables.
pub fn prose(stated: &[Marked], facts: &[Fact], settings: &Settings) -> Vec<Finding> {
    let rules = settings.rules.iter().filter_map(|rule| Some((rule.id.as_str(), rule.compares.as_ref()?)));
    rules.filter_map(|(rule, comparison)| compare(rule, comparison, stated, facts, settings)).collect()
}

fn compare(rule: &str, comparison: &Comparison, stated: &[Marked], facts: &[Fact], settings: &Settings) -> Option<Finding> {
    let of_year = |marked: &&Marked| {
        let indicator = settings.narrative.indicators().get(usize::from(marked.figure.indicator));
        indicator.is_some_and(|indicator| indicator.id == comparison.stated) && marked.figure.scope == Scope::CurrentYear
    };
    let (others, own): (Vec<&Marked>, Vec<&Marked>) = stated.iter().filter(of_year).partition(|marked| marked.wide);
    let (others, own) = (figures(&others), figures(&own));
    if others.is_empty() && own.is_empty() {
        return None;
    }
    let table = Side::of(comparison, facts, &settings.catalog);
    if table.cells().is_empty() {
        return None;
    }
    let (agreeing, differing): (Vec<&Figure>, Vec<&Figure>) = own.iter().partition(|figure| table.agrees(figure));
    // Beside a figure that agrees, smaller ones are parts of it.
    let part = |figure: &Figure| agreeing.iter().any(|whole| figure.value < whole.value);
    let sum = own.iter().map(|figure| figure.value).sum();
    let together = own.len() > 1 && table.readings.contains(&sum);
    let odd = differing.into_iter().find(|figure| !part(figure) && !together);
    let whole = others.iter().find(|figure| table.agrees(figure));
    match (odd, whole) {
        // The table is that of the whole district, the sentence speaks of the office; or the other way round.
        (Some(own), Some(_)) => Some(finding(OTHER_SCOPE, own, &table)),
        (Some(own), None) => Some(finding(rule, own, &table)),
        (None, None) if own.is_empty() => others.first().map(|other| finding(OTHER_SCOPE, other, &table)),
        (None, _) => None,
    }
}

fn figures<'m>(marked: &[&'m Marked]) -> Vec<&'m Figure> {
    marked.iter().map(|marked| &marked.figure).collect()
}

fn finding(rule: &str, figure: &Figure, table: &Side<'_>) -> Finding {
    let cells = table.cells();
    let expected = table.readings.first().copied().unwrap_or(f64::NAN);
    let (zh, en) = place(figure.at);
    let (row_zh, row_en) = cells.first().map_or(("", ""), |fact| table.title(fact));
    let (cell_zh, cell_en) = cells.first().map_or_else(Default::default, |fact| place(fact.at));
    let mut cell: Vec<String> = cells.iter().map(|fact| fact.cell).map(|(grid, row, column)| format!("t{grid}:r{row}:c{column}")).collect();
    let mut cell_zh = Vec::from([cell_zh]);
    let mut cell_en = Vec::from([cell_en]);
    cell_zh.append(&mut cell.clone());
    cell_en.append(&mut cell);
    let mut also: Vec<String> = table.readings.iter().copied().skip(1).filter(|value| *value != expected).map(number).collect();
    also.dedup();
    let (or_zh, or_en) = match also.is_empty() {
        true => (String::new(), String::new()),
        false => (format!("（换一种口径为 {}）", also.join("、")), format!(" (in another reading {})", also.join(", "))),
    };
    let finding = Finding::new(rule).at(figure.at).numbers(expected, figure.value).with("quote", figure.raw.trim()).both("place", &zh, &en);
    let finding = finding.both("row", row_zh, row_en).both("cell", &cell_zh.join(" "), &cell_en.join(" ")).both("or", &or_zh, &or_en);
    cells.iter().take(1).fold(finding, |finding, fact| finding.about(fact.item))
}

/// A line or page in words.
fn place(at: Place) -> (String, String) {
    match at {
        Place { line: 0, page: 0 } => (String::new(), String::new()),
        Place { line: 0, page } => (format!("第 {page} 页"), format!("page {page}")),
        Place { line, .. } => (format!("第 {line} 行"), format!("line {line}")),
    }
}

/// What the table says of a comparison.
struct Side<'a> {
    comparison: &'a Comparison,
    facts: &'a [Fact],
    catalog: &'a Catalog,
    /// What the readings of the sentence come to.
    readings: Vec<f64>,
}

impl<'a> Side<'a> {
    fn of(comparison: &'a Comparison, facts: &'a [Fact], catalog: &'a Catalog) -> Side<'a> {
        let side = Side { comparison, facts, catalog, readings: Vec::new() };
        Side { readings: side.readings(None), ..side }
    }

    /// The numbers of a row, or of all rows whose names begin alike, in one column.
    fn known(&self, term: &str, applicant: Option<&str>) -> impl Iterator<Item = &'a Fact> {
        let row = self.catalog.row(&self.comparison.table, term);
        let is_of = move |fact: &&Fact| row.contains(&fact.item) && self.catalog.item(fact.item).applicant.as_deref() == applicant;
        self.facts.iter().filter(is_of).filter(|fact| matches!(fact.state, State::Reported | State::Inferred) && !fact.value.is_nan())
    }

    /// The cells of the first reading, as far as they hold numbers.
    fn cells(&self) -> Vec<&'a Fact> {
        let terms = self.comparison.readings.iter().take(1).flatten();
        terms.flat_map(|term| self.known(term, self.comparison.total.as_deref())).collect()
    }

    /// What a cell is called: its row, or its column in a table of one row.
    fn title(&self, fact: &Fact) -> (&'a str, &'a str) {
        let item = self.catalog.item(fact.item);
        if item.zh.0.is_empty() { (&item.zh.1, &item.en.1) } else { (&item.zh.0, &item.en.0) }
    }

    /// What the readings of the sentence come to, for all applicants or for one; a blank adds nothing.
    fn readings(&self, applicant: Option<&str>) -> Vec<f64> {
        let column = applicant.or(self.comparison.total.as_deref());
        let value = |terms: &Vec<String>| {
            let (mut any, mut sum) = (false, 0.0);
            for term in terms {
                let (sign, name) = term.strip_prefix('-').map_or((1.0, term.as_str()), |name| (-1.0, name));
                for fact in self.known(name, column) {
                    any |= sign > 0.0;
                    sum += sign * fact.value;
                }
            }
            any.then_some(sum)
        };
        self.comparison.readings.iter().filter_map(value).collect()
    }

    /// Whether any reading explains a figure.
    fn agrees(&self, figure: &Figure) -> bool {
        let fits = |value: f64| match figure.qualifier {
            Qualifier::Exact => value == figure.value,
            Qualifier::AtLeast => value >= figure.value,
            Qualifier::AtMost => value <= figure.value,
            Qualifier::Approx => (value - figure.value).abs() <= ABOUT * figure.value,
        };
        // Applicants in a bracket are the parts of the figure before it.
        let clause = figure.raw.split(['(', '（']).next().unwrap_or_default();
        let share = self.comparison.applicants.iter().any(|word| clause.contains(word.as_str()));
        self.readings.iter().copied().any(fits) || share && self.of_applicants().any(fits)
    }

    /// The readings for each applicant alone, and for all but the first: 法人及其他组织.
    fn of_applicants(&self) -> impl Iterator<Item = f64> {
        let items = self.catalog.items.iter().filter(|item| item.section == self.comparison.table);
        let mut names: Vec<&str> = items.filter_map(|item| item.applicant.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let each = names.into_iter().filter(|name| Some(*name) != self.comparison.total.as_deref()).flat_map(|name| self.readings(Some(name)));
        let each: Vec<f64> = each.collect();
        let rest: Vec<f64> = self.readings.iter().flat_map(|total| each.iter().map(move |one| total - one)).collect();
        each.into_iter().chain(rest)
    }
}
