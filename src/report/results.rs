//! A published year as rows, and the totals of all years beside it: what every page, sheet and letter
//! is made of. Read from the published tables, so that nothing here can differ from them.

use crate::divisions::stem;
use crate::failure::Failure;
use crate::finding::shown;
use crate::published::Published;
use crate::settings::Statute;
use crate::tables::{DIVISION_TOTALS, FACTS, FINDINGS, REPORTS};
use anyhow::Result;
use polars::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// How many divisions are named where one is not known.
const MOST_NAMED: usize = 30;

/// What a number is of: its item in the catalog, and the channel of a figure in prose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Of {
    /// Place in the catalog.
    pub item: u16,
    /// Channel of a figure in prose.
    pub channel: Option<String>,
}

/// A division with its totals.
#[derive(Debug, Clone)]
pub struct Division {
    /// `district`, `city` or `province`.
    pub level: String,
    /// Six digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Offices that should report.
    pub offices_expected: u32,
    /// Offices that did.
    pub offices_reported: u32,
    /// The totals.
    pub totals: HashMap<Of, Total>,
}

/// A total, or an office's own number.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// The sum or mean; none where nobody states a number.
    pub value: Option<f64>,
    /// Unit.
    pub unit: String,
    /// `exact`, `at_least`, `at_most` or `approx`.
    pub qualifier: String,
    /// Offices that state a number.
    pub offices_with_value: u32,
}

/// An office and what it handed in.
#[derive(Debug, Clone, Default)]
pub struct Office {
    /// Code; none for an unregistered office.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Code of its district; none for an unregistered office.
    pub district_code: Option<String>,
    /// Name of its district.
    pub district: String,
    /// Its report; none if it is missing.
    pub report: Option<Report>,
    /// Findings of severity error.
    pub errors: u32,
    /// Findings of severity warning.
    pub warnings: u32,
    /// What it states: numbers that are added up, of this year.
    pub values: HashMap<Of, Stated>,
}

/// What an office states for one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// Its number; of several in the prose their sum, as in the totals.
    pub value: f64,
    /// `exact`, `at_least`, `at_most` or `approx`.
    pub qualifier: String,
}

/// A report that was read.
#[derive(Debug, Clone)]
pub struct Report {
    /// Path relative to the input folder.
    pub source_file: String,
    /// Form of its tables.
    pub form: String,
    /// `read`, `partly_read`, `unreadable`.
    pub status: String,
    /// Cells that its form has.
    pub cells_expected: u32,
    /// Cells found.
    pub cells_found: u32,
}

/// A finding as published.
#[derive(Debug, Clone)]
pub struct Found {
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Rule.
    pub rule: String,
    /// Code of the office.
    pub office_code: Option<String>,
    /// Name of the office.
    pub office: String,
    /// Code of its district.
    pub district_code: Option<String>,
    /// Name of its district.
    pub district: String,
    /// Indicator, where it is about one.
    pub indicator: Option<String>,
    /// Applicant column, where it is about one.
    pub applicant: Option<String>,
    /// What the rule asks for.
    pub expected: Option<f64>,
    /// What stands there.
    pub actual: Option<f64>,
    /// The one change that would make all relations hold.
    pub suggestion: Option<String>,
    /// File, page and line.
    pub source_file: Option<String>,
    /// Page.
    pub source_page: Option<u32>,
    /// Line.
    pub source_line: Option<u32>,
    /// What a person should know, in Chinese.
    pub message_zh: String,
    /// The same in English.
    pub message_en: String,
    /// What people decided about it: `accepted` or `confirmed`.
    pub decision: Option<String>,
    /// Why.
    pub decision_note: Option<String>,
}

impl Found {
    /// Whether people decided that it may stay as it is.
    pub fn accepted(&self) -> bool {
        self.decision.as_deref() == Some("accepted")
    }
}

/// A published year.
#[derive(Debug)]
pub struct Results {
    /// The year.
    pub year: i32,
    /// Its divisions: districts, cities, provinces, each by code.
    pub divisions: Vec<Division>,
    /// The divisions of other published years.
    pub other_years: BTreeMap<i32, Vec<Division>>,
    /// Its offices by district and code, those without a report among them; unregistered ones last.
    pub offices: Vec<Office>,
    /// Its findings in published order.
    pub findings: Vec<Found>,
}

impl Results {
    /// Reads a published year, whole or of one division (the code of a district, city or province).
    ///
    /// # Errors
    /// If it was not published, or knows no such division.
    pub fn read(published: &Published, year: i32, division: Option<&str>, statute: &Statute) -> Result<Results> {
        let years = published.years();
        if !years.contains(&year) {
            let known = |join| years.iter().map(i32::to_string).collect::<Vec<_>>().join(join);
            return Err(Failure::new(
                format!("{year} 年没有发布过；已发布：{}", known("、")),
                format!("{year} was not published; published are {}", known(", ")),
            )
            .into());
        }
        let items = Items::new(statute);
        let of_year = |year: i32| -> Result<Vec<Division>> {
            let mut divisions = divisions(&published.table(&DIVISION_TOTALS, year)?, &items)?;
            divisions.retain(|d| division.is_none_or(|wanted| within(&d.code, wanted)));
            Ok(divisions)
        };
        let other_years = years.iter().copied().filter(|y| *y != year).map(|y| Ok((y, of_year(y)?))).collect::<Result<_>>()?;
        let divisions = of_year(year)?;
        if let Some(wanted) = division.filter(|wanted| !divisions.iter().any(|d| d.code == *wanted)) {
            return Err(unknown(wanted, &published.table(&DIVISION_TOTALS, year)?)?.into());
        }
        let mut findings = findings(&published.table(&FINDINGS, year)?)?;
        let mine = |code: &Option<String>| division.is_none_or(|wanted| code.as_deref().is_some_and(|code| within(code, wanted)));
        findings.retain(|f| mine(&f.district_code));
        let mut offices = offices(&published.table(&REPORTS, year)?, &published.table(&FACTS, year)?, &findings, &items)?;
        offices.retain(|o| mine(&o.district_code));
        Ok(Results { year, divisions, other_years, offices, findings })
    }

    /// The districts.
    pub fn districts(&self) -> impl Iterator<Item = &Division> {
        self.divisions.iter().filter(|d| d.level == "district")
    }
}

/// Refuses a division that a year does not have, and names those it has.
fn unknown(wanted: &str, totals: &DataFrame) -> Result<Failure> {
    let rows = Rows(totals);
    let known: BTreeMap<Option<&str>, Option<&str>> = rows.texts("division_code")?.iter().zip(rows.texts("division")?.iter()).collect();
    let known: Vec<String> =
        known.into_iter().take(MOST_NAMED).map(|(code, name)| format!("{} {}", code.unwrap_or_default(), name.unwrap_or_default())).collect();
    let zh = format!("--division {}：没有这个区划。可用：{}", shown(wanted), known.join("、"));
    Ok(Failure::new(zh, format!("--division {}: no such division; there are: {}", shown(wanted), known.join(", "))))
}

/// Whether a district or city lies in a division: 640104 in 640100 in 640000.
pub(super) fn within(code: &str, division: &str) -> bool {
    code.starts_with(stem(division))
}

/// The catalog by names.
struct Items<'s>(HashMap<(&'s str, &'s str, Option<&'s str>), u16>);

impl<'s> Items<'s> {
    fn new(statute: &'s Statute) -> Items<'s> {
        let items = (0u16..).zip(&statute.catalog.items);
        Items(items.map(|(at, i)| ((i.section.as_str(), i.indicator.as_str(), i.applicant.as_deref()), at)).collect())
    }

    fn of(&self, section: &str, indicator: &str, applicant: Option<&str>, channel: Option<&str>) -> Option<Of> {
        let item = *self.0.get(&(section, indicator, applicant))?;
        Some(Of { item, channel: channel.map(str::to_string) })
    }
}

/// Columns of a frame by name, row by row.
struct Rows<'f>(&'f DataFrame);

impl<'f> Rows<'f> {
    fn texts(&self, name: &str) -> Result<&'f StringChunked> {
        Ok(self.0.column(name)?.str()?)
    }

    fn numbers(&self, name: &str) -> Result<&'f Float64Chunked> {
        Ok(self.0.column(name)?.f64()?)
    }

    fn counts(&self, name: &str) -> Result<&'f UInt32Chunked> {
        Ok(self.0.column(name)?.u32()?)
    }
}

fn owned(texts: &StringChunked, row: usize) -> Option<String> {
    texts.get(row).map(str::to_string)
}

fn divisions(frame: &DataFrame, items: &Items<'_>) -> Result<Vec<Division>> {
    let rows = Rows(frame);
    let (level, code, name) = (rows.texts("level")?, rows.texts("division_code")?, rows.texts("division")?);
    let (section, indicator) = (rows.texts("section")?, rows.texts("indicator")?);
    let (applicant, channel) = (rows.texts("applicant")?, rows.texts("channel")?);
    let (value, unit, qualifier) = (rows.numbers("value")?, rows.texts("unit")?, rows.texts("qualifier")?);
    let (expected, reported, with) = (rows.counts("offices_expected")?, rows.counts("offices_reported")?, rows.counts("offices_with_value")?);
    let mut divisions: Vec<Division> = Vec::new();
    for row in 0..frame.height() {
        let (Some(level), Some(code)) = (level.get(row), code.get(row)) else { continue };
        if divisions.last().is_none_or(|d| d.level != level || d.code != code) {
            divisions.push(Division {
                level: level.to_string(),
                code: code.to_string(),
                name: owned(name, row).unwrap_or_default(),
                offices_expected: expected.get(row).unwrap_or(0),
                offices_reported: reported.get(row).unwrap_or(0),
                totals: HashMap::new(),
            });
        }
        let of = items.of(section.get(row).unwrap_or(""), indicator.get(row).unwrap_or(""), applicant.get(row), channel.get(row));
        if let (Some(of), Some(division)) = (of, divisions.last_mut()) {
            let total = Total {
                value: value.get(row),
                unit: owned(unit, row).unwrap_or_default(),
                qualifier: owned(qualifier, row).unwrap_or_default(),
                offices_with_value: with.get(row).unwrap_or(0),
            };
            division.totals.insert(of, total);
        }
    }
    Ok(divisions)
}

fn findings(frame: &DataFrame) -> Result<Vec<Found>> {
    let rows = Rows(frame);
    let texts = |name| rows.texts(name);
    let (severity, rule, indicator, applicant) = (texts("severity")?, texts("rule")?, texts("indicator")?, texts("applicant")?);
    let (district_code, district, office_code, office) = (texts("district_code")?, texts("district")?, texts("office_code")?, texts("office")?);
    let (suggestion, file, zh, en) = (texts("suggestion")?, texts("source_file")?, texts("message_zh")?, texts("message_en")?);
    let (decision, note) = (texts("decision")?, texts("decision_note")?);
    let (expected, actual) = (rows.numbers("expected")?, rows.numbers("actual")?);
    let (page, line) = (rows.counts("source_page")?, rows.counts("source_line")?);
    let found = |row| Found {
        severity: owned(severity, row).unwrap_or_default(),
        rule: owned(rule, row).unwrap_or_default(),
        office_code: owned(office_code, row),
        office: owned(office, row).unwrap_or_default(),
        district_code: owned(district_code, row),
        district: owned(district, row).unwrap_or_default(),
        indicator: owned(indicator, row),
        applicant: owned(applicant, row),
        expected: expected.get(row),
        actual: actual.get(row),
        suggestion: owned(suggestion, row),
        source_file: owned(file, row),
        source_page: page.get(row),
        source_line: line.get(row),
        message_zh: owned(zh, row).unwrap_or_default(),
        message_en: owned(en, row).unwrap_or_default(),
        decision: owned(decision, row),
        decision_note: owned(note, row),
    };
    Ok((0..frame.height()).map(found).collect())
}

/// District code, office code, name: unregistered offices, which have no codes, come last.
type Who = (bool, String, String, String);

fn who(district_code: Option<&str>, code: Option<&str>, name: &str) -> Who {
    (code.is_none(), district_code.unwrap_or_default().to_string(), code.unwrap_or_default().to_string(), name.to_string())
}

fn offices(reports: &DataFrame, facts: &DataFrame, findings: &[Found], items: &Items<'_>) -> Result<Vec<Office>> {
    let mut offices: BTreeMap<Who, Office> = BTreeMap::new();
    let rows = Rows(reports);
    let (district_code, district) = (rows.texts("district_code")?, rows.texts("district")?);
    let (code, name) = (rows.texts("office_code")?, rows.texts("office")?);
    let (file, form, status) = (rows.texts("source_file")?, rows.texts("form")?, rows.texts("status")?);
    let (expected, found) = (rows.counts("cells_expected")?, rows.counts("cells_found")?);
    for row in 0..reports.height() {
        let Some(name) = name.get(row).filter(|_| status.get(row) != Some("duplicate")) else { continue };
        let office = offices.entry(who(district_code.get(row), code.get(row), name)).or_insert_with(|| Office {
            code: owned(code, row),
            name: name.to_string(),
            district_code: owned(district_code, row),
            district: owned(district, row).unwrap_or_default(),
            ..Office::default()
        });
        let report = Report {
            source_file: owned(file, row).unwrap_or_default(),
            form: owned(form, row).unwrap_or_default(),
            status: owned(status, row).unwrap_or_default(),
            cells_expected: expected.get(row).unwrap_or(0),
            cells_found: found.get(row).unwrap_or(0),
        };
        // A file that could not be read does not stand for one that could.
        if office.report.is_none() || report.status != "unreadable" {
            office.report = Some(report);
        }
    }
    for finding in findings.iter().filter(|f| !f.office.is_empty()) {
        let office = offices.entry(who(finding.district_code.as_deref(), finding.office_code.as_deref(), &finding.office)).or_insert_with(|| Office {
            code: finding.office_code.clone(),
            name: finding.office.clone(),
            district_code: finding.district_code.clone(),
            district: finding.district.clone(),
            ..Office::default()
        });
        office.errors += u32::from(finding.severity == "error");
        office.warnings += u32::from(finding.severity == "warning");
    }
    values(facts, &mut offices, items)?;
    Ok(offices.into_values().collect())
}

/// The numbers that each office states and that are added up.
fn values(facts: &DataFrame, offices: &mut BTreeMap<Who, Office>, items: &Items<'_>) -> Result<()> {
    let rows = Rows(facts);
    let texts = |name| rows.texts(name);
    let (district_code, code, name) = (texts("district_code")?, texts("office_code")?, texts("office")?);
    let (section, indicator) = (texts("section")?, texts("indicator")?);
    let (applicant, channel) = (texts("applicant")?, texts("channel")?);
    let (value, qualifier, scope, state) = (rows.numbers("value")?, texts("qualifier")?, texts("scope")?, texts("state")?);
    for row in 0..facts.height() {
        let adds = matches!(state.get(row), Some("reported" | "inferred")) && scope.get(row) == Some("current_year");
        let Some(value) = value.get(row).filter(|_| adds) else { continue };
        let Some(of) = items.of(section.get(row).unwrap_or(""), indicator.get(row).unwrap_or(""), applicant.get(row), channel.get(row)) else { continue };
        let who = who(district_code.get(row), code.get(row), name.get(row).unwrap_or(""));
        let qualifier = qualifier.get(row).unwrap_or_default();
        let Some(office) = offices.get_mut(&who) else { continue };
        match office.values.get_mut(&of) {
            None => drop(office.values.insert(of, Stated { value, qualifier: qualifier.to_string() })),
            // 20至30 adds "at least 20", not 50.
            Some(known) if qualifier == "at_most" && known.qualifier == "at_least" => {}
            Some(known) => known.value += value,
        }
    }
    Ok(())
}
