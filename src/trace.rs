//! From a published total back to the offices, files and cells it came from, with those that are missing
//! or blank. Read from the published tables alone: what is explained is what was published.

use crate::aggregate::{Contribution, Derived, adds, contribute};
use crate::fact::{Fact, Qualifier, Scope, State};
use crate::failure::Failure;
use crate::form::label::likeness;
use crate::published::Published;
use crate::settings::Statute;
use crate::tables::{DIVISION_TOTALS, FACTS, FINDINGS, REPORTS};
use anyhow::Result;
use polars::prelude::*;
use std::collections::BTreeMap;

/// What is asked for.
#[derive(Debug)]
pub struct Question<'q> {
    /// The published year.
    pub year: i32,
    /// Code of a district, city or province.
    pub division: &'q str,
    /// Identifier of the indicator.
    pub indicator: &'q str,
    /// Applicant column; the total where none is named.
    pub applicant: Option<&'q str>,
    /// Channel of a figure in prose; each where none is named.
    pub channel: Option<&'q str>,
}

/// A total and its parts.
#[derive(Debug)]
pub struct Trace {
    /// Name of the division.
    pub division: String,
    /// The item, in the catalog.
    pub item: u16,
    /// The channel, for a figure in prose.
    pub channel: Option<String>,
    /// The published total; none where nothing was stated, or where the indicator is not added up.
    pub total: Option<f64>,
    /// Its unit.
    pub unit: String,
    /// Offices of the division.
    pub offices: usize,
    /// The parts, by office.
    pub parts: Vec<Part>,
}

/// What one office has to do with a total: a fact, or that there is none.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// District.
    pub district: String,
    /// Code of the office.
    pub office_code: String,
    /// Its name.
    pub office: String,
    /// `added`, `not_added` (of another time, or the upper end of a range), `blank`, `not_applicable`, `unreadable`,
    /// `not_stated` (the report says nothing of it) or `missing` (there is no report).
    pub status: &'static str,
    /// What it adds to the total.
    pub added: Option<f64>,
    /// Of a rate, the count by which it is weighted.
    pub weight: Option<f64>,
    /// The fact as published; none where there is none.
    pub stated: Option<Stated>,
}

/// A fact as published.
#[derive(Debug, Clone)]
pub struct Stated {
    fact: Fact,
    indicator: String,
    unit: Option<String>,
    raw: Option<String>,
    source_file: String,
    source_cell: Option<String>,
}

/// Traces a total, for each channel that was asked for.
///
/// # Errors
/// If the year was not published, or does not know the division, indicator, applicant or channel.
pub fn trace(published: &Published, question: &Question<'_>, statute: &Statute) -> Result<Vec<Trace>> {
    let item = item(question, statute)?;
    let year = year(published, question)?;
    let totals = published.table(&DIVISION_TOTALS, year)?;
    let division = division(&totals, question)?;
    let offices = offices(published, year, &division)?;
    let facts = facts(&published.table(&FACTS, year)?, &division, statute)?;
    let derived = Derived::new(&statute.forms, &statute.catalog);
    let of_item = |fact: &Fact| fact.item == item || derived.whole(fact.item) == Some(item);
    let mut channels: Vec<Option<u8>> = facts.values().flatten().filter(|s| of_item(&s.fact)).map(|s| s.fact.channel).collect();
    if let Some(id) = question.channel {
        channels = vec![Some(channel_of(id, statute)?)];
    }
    channels.sort_unstable();
    channels.dedup();
    if channels.is_empty() {
        channels.push(None);
    }
    let one = |channel: Option<u8>| {
        let id = channel.map(|c| statute.narrative.channels()[usize::from(c)].id.clone());
        let (total, unit) = total(&totals, &division, item, id.as_deref(), statute)?;
        let mut parts = Vec::new();
        for office in &offices {
            let stated = facts.get(&office.office_code).map_or(&[][..], Vec::as_slice);
            let mine: Vec<&Stated> = stated.iter().filter(|s| of_item(&s.fact) && s.fact.channel == channel).collect();
            parts.extend(parts_of(office, stated, &mine, (item, channel), &derived, statute));
        }
        Ok(Trace { division: division.name.clone(), item, channel: id, total, unit, offices: offices.len(), parts })
    };
    channels.into_iter().map(one).collect()
}

/// The parts of one office: its facts with what they add, or why there is none.
fn parts_of(office: &Part, stated: &[Stated], mine: &[&Stated], (item, channel): (u16, Option<u8>), derived: &Derived, statute: &Statute) -> Vec<Part> {
    if mine.is_empty() {
        return vec![office.clone()];
    }
    let all: Vec<Fact> = stated.iter().map(|s| s.fact).collect();
    let mut contribution: Option<Contribution> = None;
    contribute(&all, derived, &statute.catalog, &statute.narrative, &mut |one| {
        if (one.item, one.channel) == (item, channel) {
            contribution = Some(one);
        }
    });
    // Of a range only the lower end is added; what several facts add together stands with the first where
    // they do not simply add up.
    let at_least = mine.iter().any(|s| adds(&s.fact) && s.fact.qualifier == Qualifier::AtLeast);
    let counts = |s: &Stated| contribution.is_some() && adds(&s.fact) && !(at_least && s.fact.qualifier == Qualifier::AtMost);
    let simply: f64 = mine.iter().filter(|s| counts(s)).map(|s| s.fact.value).sum();
    let mut rest = contribution.filter(|c| c.value != simply).map(|c| c.value);
    let together = rest.is_some();
    let part = |s: &&Stated| {
        let added = match (counts(s), together) {
            (false, _) => None,
            (true, false) => Some(s.fact.value),
            (true, true) => rest.take(),
        };
        let status = match s.fact.state {
            _ if added.is_some() => "added",
            State::Reported | State::Inferred => "not_added",
            state => state.id(),
        };
        let weight = contribution.and_then(|c| c.weight).filter(|_| added.is_some());
        Part { status, added, weight, stated: Some((*s).clone()), ..office.clone() }
    };
    mine.iter().map(part).collect()
}

/// The traces as a frame, one row a part.
///
/// # Errors
/// Only what polars reports, which would be a fault of this program.
pub fn frame(traces: &[Trace], question: &Question<'_>, statute: &Statute) -> PolarsResult<DataFrame> {
    let rows: Vec<(&Trace, &Part)> = traces.iter().flat_map(|t| t.parts.iter().map(move |p| (t, p))).collect();
    let text = |value: &dyn Fn(&Trace, &Part) -> Option<String>| rows.iter().map(|(t, p)| value(t, p)).collect::<Vec<Option<String>>>();
    let number = |value: &dyn Fn(&Trace, &Part) -> Option<f64>| rows.iter().map(|(t, p)| value(t, p)).collect::<Vec<Option<f64>>>();
    let of_fact = |value: &dyn Fn(&Stated) -> Option<String>| text(&|_, p| p.stated.as_ref().and_then(value));
    let place = |value: &dyn Fn(&Stated) -> u32| rows.iter().map(|(_, p)| p.stated.as_ref().map(value).filter(|n| *n > 0)).collect::<Vec<Option<u32>>>();
    let item = |t: &Trace| statute.catalog.item(t.item);
    df!(
        "year" => vec![question.year; rows.len()],
        "division_code" => vec![question.division; rows.len()],
        "division" => text(&|t, _| Some(t.division.clone())),
        "section" => text(&|t, _| Some(item(t).section.clone())),
        "indicator" => text(&|t, p| Some(p.stated.as_ref().map_or_else(|| item(t).indicator.clone(), |s| s.indicator.clone()))),
        "applicant" => text(&|t, _| item(t).applicant.clone()),
        "channel" => text(&|t, _| t.channel.clone()),
        "total" => number(&|t, _| t.total),
        "district" => text(&|_, p| Some(p.district.clone())),
        "office_code" => text(&|_, p| Some(p.office_code.clone())),
        "office" => text(&|_, p| Some(p.office.clone())),
        "status" => text(&|_, p| Some(p.status.to_string())),
        "added" => number(&|_, p| p.added),
        "weight" => number(&|_, p| p.weight),
        "value" => number(&|_, p| p.stated.as_ref().and_then(|s| s.fact.number())),
        "unit" => of_fact(&|s| s.unit.clone()),
        "qualifier" => of_fact(&|s| Some(s.fact.qualifier.id().to_string())),
        "scope" => of_fact(&|s| Some(s.fact.scope.id().to_string())),
        "state" => of_fact(&|s| Some(s.fact.state.id().to_string())),
        "raw" => of_fact(&|s| s.raw.clone()),
        "source_file" => of_fact(&|s| Some(s.source_file.clone())),
        "source_page" => place(&|s| s.fact.at.page),
        "source_line" => place(&|s| s.fact.at.line),
        "source_cell" => of_fact(&|s| s.source_cell.clone()),
    )
}

/// The item that is asked for.
fn item(question: &Question<'_>, statute: &Statute) -> Result<u16, Failure> {
    let catalog = &statute.catalog;
    let named: Vec<(u16, Option<&str>)> =
        (0u16..).zip(&catalog.items).filter(|(_, i)| i.indicator == question.indicator).map(|(at, i)| (at, i.applicant.as_deref())).collect();
    if named.is_empty() {
        let mut known: Vec<&str> = catalog.items.iter().map(|i| i.indicator.as_str()).collect();
        known.dedup();
        return Err(unknown("--indicator", question.indicator, &nearest(question.indicator, &known)));
    }
    let has_columns = named.iter().any(|(_, applicant)| applicant.is_some());
    let applicant = question.applicant.or(has_columns.then_some("total"));
    let columns: Vec<&str> = named.iter().filter_map(|(_, applicant)| *applicant).collect();
    let found = named.iter().find(|(_, a)| *a == applicant).map(|(at, _)| *at);
    found.ok_or_else(|| match columns.is_empty() {
        true => Failure::new("--applicant：该指标不分申请人", "--applicant: this indicator has no applicant columns"),
        false => unknown("--applicant", question.applicant.unwrap_or_default(), &columns),
    })
}

fn channel_of(id: &str, statute: &Statute) -> Result<u8, Failure> {
    let known = || statute.narrative.channels().iter().map(|c| c.id.as_str()).collect::<Vec<_>>();
    statute.narrative.channel(id).ok_or_else(|| unknown("--channel", id, &known()))
}

/// The year, if it was published.
fn year(published: &Published, question: &Question<'_>) -> Result<i32, Failure> {
    let years = published.years();
    if years.contains(&question.year) {
        return Ok(question.year);
    }
    let years: Vec<String> = years.iter().map(i32::to_string).collect();
    Err(unknown("--year", &question.year.to_string(), &years.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn unknown(flag: &str, given: &str, known: &[&str]) -> Failure {
    let (zh, en) = (known.join("、"), known.join(", "));
    Failure::new(format!("{flag} {given}：没有这一项。可用：{zh}"), format!("{flag} {given}: there is none; there are: {en}"))
}

/// The names most like an unknown one.
fn nearest<'n>(given: &str, known: &[&'n str]) -> Vec<&'n str> {
    let wanted: Vec<char> = given.chars().collect();
    let score = |name: &str| likeness(&wanted, &name.chars().collect::<Vec<_>>()).unwrap_or(0.0);
    let mut scored: Vec<(f32, &str)> = known.iter().map(|name| (score(name), *name)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(5).map(|(_, name)| name).collect()
}

/// A division of the published totals.
struct Division {
    code: String,
    name: String,
    /// How many digits of a district's code make it.
    digits: usize,
}

impl Division {
    fn has(&self, district: &str) -> bool {
        district.get(..self.digits) == self.code.get(..self.digits)
    }
}

fn division(totals: &DataFrame, question: &Question<'_>) -> Result<Division> {
    let (level, code, name) = (texts(totals, "level")?, texts(totals, "division_code")?, texts(totals, "division")?);
    let mut known: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for row in 0..totals.height() {
        if let (Some(level), Some(code), Some(name)) = (level.get(row), code.get(row), name.get(row)) {
            known.entry(code).or_insert((level, name));
        }
    }
    let Some((level, name)) = known.get(question.division) else {
        let known: Vec<String> = known.iter().map(|(code, (_, name))| format!("{code} {name}")).collect();
        return Err(unknown("--division", question.division, &known.iter().map(String::as_str).take(12).collect::<Vec<_>>()).into());
    };
    let digits = match *level {
        "province" => 2,
        "city" => 4,
        _ => 6,
    };
    Ok(Division { code: question.division.to_string(), name: (*name).to_string(), digits })
}

/// The published total of an item, and its unit.
fn total(totals: &DataFrame, division: &Division, item: u16, channel: Option<&str>, statute: &Statute) -> Result<(Option<f64>, String)> {
    let wanted = statute.catalog.item(item);
    let (code, section, indicator) = (texts(totals, "division_code")?, texts(totals, "section")?, texts(totals, "indicator")?);
    let (applicant, of_channel, value) = (texts(totals, "applicant")?, texts(totals, "channel")?, totals.column("value")?.f64()?);
    let is_it = |row: &usize| {
        code.get(*row) == Some(&division.code)
            && section.get(*row) == Some(&wanted.section)
            && indicator.get(*row) == Some(&wanted.indicator)
            && applicant.get(*row) == wanted.applicant.as_deref()
            && of_channel.get(*row) == channel
    };
    Ok(((0..totals.height()).find(is_it).and_then(|row| value.get(row)), wanted.unit.clone()))
}

/// The offices of a division by code: those whose report counts, and those without one.
fn offices(published: &Published, year: i32, division: &Division) -> Result<Vec<Part>> {
    let mut offices: BTreeMap<String, Part> = BTreeMap::new();
    let mut add = |frame: &DataFrame, which: &str, wanted: &[&str], status: &'static str| -> Result<()> {
        let (which, district_code, district) = (texts(frame, which)?, texts(frame, "district_code")?, texts(frame, "district")?);
        let (code, name) = (texts(frame, "office_code")?, texts(frame, "office")?);
        let text = |column: &StringChunked, row: usize| column.get(row).unwrap_or_default().to_string();
        for row in 0..frame.height() {
            let mine = which.get(row).is_some_and(|w| wanted.contains(&w)) && district_code.get(row).is_some_and(|d| division.has(d));
            if let Some(code) = code.get(row).filter(|_| mine) {
                let part = Part { district: text(district, row), office_code: code.to_string(), office: text(name, row), status, ..Part::default() };
                offices.entry(code.to_string()).or_insert(part);
            }
        }
        Ok(())
    };
    add(&published.table(&REPORTS, year)?, "status", &["read", "partly_read"], "not_stated")?;
    add(&published.table(&FINDINGS, year)?, "rule", &["report.missing"], "missing")?;
    Ok(offices.into_values().collect())
}

/// The facts of a division by office, in published order.
fn facts(frame: &DataFrame, division: &Division, statute: &Statute) -> Result<BTreeMap<String, Vec<Stated>>> {
    let of = |name: &str| texts(frame, name);
    let (district_code, code, section, indicator) = (of("district_code")?, of("office_code")?, of("section")?, of("indicator")?);
    let (applicant, channel, value, unit) = (of("applicant")?, of("channel")?, frame.column("value")?.f64()?, of("unit")?);
    let (qualifier, scope, state, raw) = (of("qualifier")?, of("scope")?, of("state")?, of("raw")?);
    let (file, cell) = (of("source_file")?, of("source_cell")?);
    let (page, line) = (frame.column("source_page")?.u32()?, frame.column("source_line")?.u32()?);
    let mut facts: BTreeMap<String, Vec<Stated>> = BTreeMap::new();
    for row in 0..frame.height() {
        let Some(code) = code.get(row).filter(|_| district_code.get(row).is_some_and(|d| division.has(d))) else { continue };
        let fact = || {
            Some(Fact {
                item: statute.catalog.find(section.get(row)?, indicator.get(row)?, applicant.get(row))?,
                channel: channel.get(row).and_then(|id| statute.narrative.channel(id)),
                qualifier: Qualifier::named(qualifier.get(row)?)?,
                scope: Scope::named(scope.get(row)?)?,
                state: State::named(state.get(row)?)?,
                value: value.get(row).unwrap_or(f64::NAN),
                raw: Default::default(),
                unit: Default::default(),
                whole: false,
                at: crate::document::Place { page: page.get(row).unwrap_or(0), line: line.get(row).unwrap_or(0) },
                cell: (0, 0, 0),
            })
        };
        let Some(fact) = fact() else { continue };
        let text = |column: &StringChunked| column.get(row).map(str::to_string);
        facts.entry(code.to_string()).or_default().push(Stated {
            fact,
            indicator: indicator.get(row).unwrap_or_default().to_string(),
            unit: text(unit),
            raw: text(raw),
            source_file: text(file).unwrap_or_default(),
            source_cell: text(cell),
        });
    }
    Ok(facts)
}

fn texts<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<&'f StringChunked> {
    frame.column(name)?.str()
}
