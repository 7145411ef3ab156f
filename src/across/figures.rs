//! Figures of two years: the relations that the forms declare between them, and figures that are far
//! from last year's.

use super::lineage::Line;
use crate::catalog::joined;
use crate::fact::{Fact, Scope, State};
use crate::finding::Finding;
use crate::form::Continuity;
use crate::read::Reading;
use crate::settings::Settings;
use std::borrow::Cow;

/// A figure is far from last year's if one is so many times the other …
const TIMES: f64 = 10.0;
/// … and they differ by so much: a 3 after a 0 says nothing.
const DIFFERENCE: f64 = 100.0;
/// The column of the form that sums up the others.
const TOTAL: &str = "total";

/// A declared relation, for one column.
struct Relation<'s> {
    rule: &'s str,
    this: u16,
    before: Vec<u16>,
    plus: Vec<u16>,
    minus: Vec<u16>,
    adds_up: bool,
}

fn relations(settings: &Settings) -> Vec<Relation<'_>> {
    let mut declared: Vec<&Continuity> = Vec::new();
    for one in settings.forms.forms.iter().flat_map(|f| &f.continuities) {
        if !declared.contains(&one) {
            declared.push(one);
        }
    }
    let catalog = &settings.catalog;
    let mut relations = Vec::new();
    for one in declared {
        for item in catalog.items.iter().filter(|i| i.section == one.table && i.indicator == one.this) {
            let applicant = item.applicant.as_deref();
            let find = |name: &String| catalog.find(&one.table, name, applicant);
            let all = |names: &[String]| names.iter().map(find).collect::<Option<Vec<u16>>>();
            let of_total = applicant.is_none_or(|a| a == TOTAL);
            let rule = one.column_rule.as_deref().filter(|_| !of_total).unwrap_or(&one.rule);
            if let (Some(this), Some(before), Some(plus), Some(minus)) = (find(&one.this), all(&one.before), all(&one.plus), all(&one.minus)) {
                relations.push(Relation { rule, this, before, plus, minus, adds_up: one.adds_up });
            }
        }
    }
    relations
}

/// The form cell of an item. Facts stand in the order of the catalog.
fn cell(facts: &[Fact], item: u16) -> Option<&Fact> {
    let at = facts.partition_point(|f| f.item < item);
    facts.get(at).filter(|f| f.item == item)
}

/// The sum of some items over some reports; none if any is blank.
fn sum(reports: &[Cow<'_, [Fact]>], items: &[u16]) -> Option<f64> {
    reports.iter().flat_map(|facts| items.iter().map(|&item| cell(facts, item)?.number())).sum()
}

/// The facts of some reports.
fn open<'r>(readings: &[&'r Reading]) -> Vec<Cow<'r, [Fact]>> {
    readings.iter().map(|reading| reading.open()).collect()
}

/// The files of last year, for messages.
fn files(readings: &[&Reading]) -> String {
    readings.iter().map(|r| r.source_file.as_str()).collect::<Vec<_>>().join("、")
}

/// Where the relations between two years do not hold.
pub fn continuity<'r>(lines: &[Line<'r>], settings: &Settings) -> Vec<(&'r Reading, Finding)> {
    let relations = relations(settings);
    let mut findings = Vec::new();
    for line in lines {
        let (now, before) = (open(&line.now), open(&line.before));
        for relation in relations.iter().filter(|r| r.adds_up || line.pair().is_some()) {
            let expected = || Some(sum(&before, &relation.before)? + sum(&now, &relation.plus)? - sum(&now, &relation.minus)?);
            let (Some(expected), Some(actual)) = (expected(), sum(&now, &[relation.this])) else { continue };
            if expected == actual {
                continue;
            }
            // Of offices that were split the finding stands with the first.
            let reading = line.now[0];
            let (row, column) = title(relation.this, settings);
            let at = cell(&now[0], relation.this).map(|f| f.at).unwrap_or_default();
            let finding = Finding::new(relation.rule).about(relation.this).at(at).numbers(expected, actual);
            findings.push((reading, finding.both("row", row.0, row.1).both("column", column.0, column.1).with("other", files(&line.before))));
        }
    }
    findings
}

/// Row and column of an item, each in both languages.
fn title(item: u16, settings: &Settings) -> ((&str, &str), (&str, &str)) {
    let item = settings.catalog.item(item);
    ((&item.zh.0, &item.en.0), (&item.zh.1, &item.en.1))
}

/// Figures that are far from last year's.
pub fn jumps<'r>(year: i32, lines: &[Line<'r>], settings: &Settings) -> Vec<(&'r Reading, Finding)> {
    // Before the unified form the same words counted other things.
    if settings.forms.of_year(year - 1).is_none() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (now, before) in lines.iter().filter_map(Line::pair) {
        let last = comparable(&before.open(), settings);
        for (key, fact) in comparable(&now.open(), settings) {
            let Ok(was) = last.binary_search_by_key(&key, |(key, _)| *key).map(|at| last[at].1) else { continue };
            let (low, high) = (fact.value.min(was.value).max(0.0), fact.value.max(was.value));
            // A fee that is raised for the first time is no slip of the pen.
            let first_money = low == 0.0 && settings.catalog.item(key.0).unit == "元";
            if high - low < DIFFERENCE || high < low * TIMES || first_money {
                continue;
            }
            let ((zh, en), column) = title(key.0, settings);
            let part = match key.1 {
                Some(channel) => {
                    let channel = &settings.narrative.channels()[usize::from(channel)];
                    (channel.zh.as_str(), channel.en.as_str())
                }
                None => column,
            };
            let finding = Finding::new("figure.jump").about(key.0).at(fact.at).numbers(was.value, fact.value);
            findings.push((now, finding.both("row", &joined(zh, part.0), &joined(en, part.1)).with("other", &before.source_file)));
        }
    }
    findings
}

/// An item, and the channel of a figure in prose.
type Key = (u16, Option<u8>);

/// The figures of a report that another year's may be compared with: cells that are no single applicant,
/// and figures in prose about the year that are stated once.
fn comparable(facts: &[Fact], settings: &Settings) -> Vec<(Key, Fact)> {
    let stated = |fact: &&Fact| {
        let item = settings.catalog.item(fact.item);
        let known = matches!(fact.state, State::Reported | State::Inferred) && fact.scope == Scope::CurrentYear && fact.number().is_some();
        known && item.unit != "ratio" && item.applicant.as_deref().is_none_or(|a| a == TOTAL)
    };
    let mut figures: Vec<(Key, Fact)> = facts.iter().filter(stated).map(|fact| ((fact.item, fact.channel), *fact)).collect();
    figures.sort_by_key(|(key, _)| *key);
    figures.chunk_by(|a, b| a.0 == b.0).filter_map(|same| if let [one] = same { Some(*one) } else { None }).collect()
}
