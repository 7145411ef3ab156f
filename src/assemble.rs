//! All readings of a year put together: which report of an office counts, which office has none, and
//! everything in the order of the published tables.

use crate::across;
use crate::finding::{Finding, Rule, Severity};
use crate::read::{Reading, Status};
use crate::registry::{Lookup, Office, Registry};
use crate::reviewed::{Decision, Verdict};
use crate::settings::Settings;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// One processed year.
#[derive(Debug)]
pub struct Year<'r> {
    /// The year.
    pub year: i32,
    /// Its files, sorted by district, office and path.
    pub readings: Vec<&'r Reading>,
    /// Its findings, sorted by district, office, path and line.
    pub findings: Vec<Filed<'r>>,
}

/// A finding with whom it concerns.
#[derive(Debug)]
pub struct Filed<'r> {
    /// The finding.
    pub finding: Cow<'r, Finding>,
    /// The registered office.
    pub office: Option<u32>,
    /// The name of an unregistered office.
    pub unregistered: Option<&'r str>,
    /// The file.
    pub source_file: Option<&'r str>,
    /// Whether it is about this file rather than about the office's report, whatever file that is in.
    of_file: bool,
    /// Identifies it from run to run; sixteen hexadecimal digits.
    pub id: String,
    /// When it was first published.
    pub first_seen: Option<chrono::NaiveDate>,
    /// What people decided about it.
    pub decision: Option<Decision>,
}

impl<'r> Filed<'r> {
    fn of(reading: &'r Reading, finding: Cow<'r, Finding>) -> Filed<'r> {
        Filed {
            unregistered: reading.unregistered.as_deref(),
            source_file: Some(&reading.source_file),
            of_file: !reading.counts() || reading.year.is_none(),
            ..Filed::about(finding, reading.office)
        }
    }

    /// All that it says, for telling whether it has changed.
    pub fn said(&self) -> Vec<u8> {
        // Every field: one that is added has to be named here.
        let Filed { finding, office, unregistered, source_file, of_file, id, first_seen, decision } = self;
        let later = format!("{first_seen:?} {decision:?}");
        let all = postcard::to_stdvec(&(finding.as_ref(), office, unregistered, source_file, of_file, id, later));
        all.unwrap_or_else(|_| format!("{self:?}").into_bytes())
    }

    fn about(finding: Cow<'r, Finding>, office: Option<u32>) -> Filed<'r> {
        Filed { finding, office, unregistered: None, source_file: None, of_file: false, id: String::new(), first_seen: None, decision: None }
    }

    /// Whether somebody decided that it may stay as it is.
    pub fn accepted(&self) -> bool {
        self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Accepted)
    }

    /// The rule of the finding.
    pub fn rule<'s>(&self, settings: &'s Settings) -> &'s Rule {
        settings.rules.get(&self.finding.rule)
    }
}

/// Settles which of several reports of one office and year is added up: the one published last, then
/// the fullest, then the first by path. The others are marked and keep one finding that says so.
pub fn settle_duplicates(readings: &mut [Reading], registry: &Registry) {
    let mut groups: BTreeMap<(i32, u32), Vec<usize>> = BTreeMap::new();
    for (index, reading) in readings.iter().enumerate() {
        if let (true, Some(year), Some(office)) = (reading.counts(), reading.year, reading.office) {
            groups.entry((year, office)).or_default().push(index);
        }
    }
    for ((year, office), mut group) in groups {
        // A scan is often handed in beside the file that was printed: that one has the numbers for sure.
        let order = |r: &Reading| (Reverse(r.published_on), r.is_recognised(), Reverse(r.cells_found), r.source_file.clone());
        group.sort_by_cached_key(|&i| order(&readings[i]));
        let (kept, others) = group.split_at(1);
        let other = readings[kept[0]].source_file.clone();
        let hash = readings[kept[0]].content_hash.clone();
        for &index in others {
            let reading = &mut readings[index];
            let rule = if reading.content_hash == hash { "report.copy" } else { "report.duplicate" };
            let finding = Finding::new(rule).with("other", &other).with("file", &reading.source_file);
            let finding = finding.with("office", registry.office(office).full_name()).with("year", year.to_string());
            reading.status = Status::Duplicate;
            reading.empty();
            reading.findings = vec![finding];
        }
    }
}

/// A file that cannot be read belongs to the office that its path names.
pub fn tie_unreadable(readings: &mut [Reading], registry: &Registry) {
    for reading in readings.iter_mut().filter(|r| r.status == Status::Unreadable) {
        if let Lookup::Found(office) = registry.of_path(&reading.source_file, reading.year) {
            reading.office = Some(office);
        }
    }
}

/// The years that some report speaks of.
pub fn years(readings: &[Reading]) -> Vec<i32> {
    let mut years: Vec<i32> = readings.iter().filter(|r| r.counts()).filter_map(|r| r.year).collect();
    years.sort_unstable();
    years.dedup();
    years
}

/// Puts one year together. A file without a year stands under every year, but adds nothing. `earlier` are
/// reports of years that are not processed themselves: this year's are compared with last year's.
pub fn year<'r>(year: i32, readings: &'r [Reading], earlier: &'r [Reading], settings: &Settings) -> Year<'r> {
    let registry = &settings.registry;
    let mut mine: Vec<&Reading> = readings.iter().filter(|r| r.year.is_none_or(|y| y == year)).collect();
    mine.sort_by_key(|r| (who(r.office, r.unregistered.as_deref(), registry), r.source_file.as_str()));
    let mut findings: Vec<Filed<'r>> = Vec::new();
    for reading in &mine {
        findings.extend(reading.findings.iter().map(|finding| Filed::of(reading, Cow::Borrowed(finding))));
    }
    let mut reported = vec![false; registry.offices.len()];
    for reading in mine.iter().filter(|r| r.counts() && r.year.is_some()) {
        if let Some(office) = reading.office {
            reported[office as usize] = true;
        }
    }
    for (index, office) in (0u32..).zip(&registry.offices) {
        if office.exists_in(year) && !reported[index as usize] {
            let there = mine.iter().find(|r| r.status == Status::Unreadable && r.office == Some(index));
            let finding = match there {
                Some(reading) => Finding::new("report.missing_unreadable").with("file", &reading.source_file),
                None => Finding::new("report.missing"),
            };
            let finding = finding.with("office", office.full_name()).with("year", year.to_string());
            findings.push(Filed::about(Cow::Owned(finding), Some(index)));
        }
    }
    let counted = |all: &'r [Reading], year| all.iter().filter(move |r| r.counts() && r.year == Some(year));
    let before: Vec<&Reading> = counted(readings, year - 1).chain(counted(earlier, year - 1)).collect();
    let now: Vec<&Reading> = counted(readings, year).collect();
    let across = across::compare(year, &now, &before, settings);
    findings.extend(across.into_iter().map(|(reading, finding)| Filed::of(reading, Cow::Owned(finding))));
    findings.sort_by_cached_key(|f| {
        let who = who(f.office, f.unregistered, registry).map(|(d, o, n)| (d.to_string(), o.to_string(), n.to_string()));
        (who, f.source_file, f.finding.at, f.finding.rule.clone(), f.finding.item)
    });
    identify(year, &mut findings, settings);
    Year { year, readings: mine, findings }
}

/// Gives each finding its identifier: of the year, of whom it is about and of what it says. A report that counts is
/// known by its office, so that its findings keep their identifiers when the file is replaced; any other by its path.
fn identify(year: i32, findings: &mut [Filed<'_>], settings: &Settings) {
    let mut alike: HashMap<String, u32> = HashMap::new();
    for filed in findings {
        let of_file = filed.source_file.filter(|_| filed.of_file);
        let office = filed.office.map(|o| settings.registry.office(o).code.as_str()).or(filed.unregistered);
        let item = filed.finding.item.map(|i| settings.catalog.item(i));
        let (indicator, applicant) = item.map_or(("", ""), |i| (i.indicator.as_str(), i.applicant.as_deref().unwrap_or_default()));
        let said = [&year.to_string(), office.unwrap_or_default(), of_file.unwrap_or_default(), indicator, applicant, &filed.finding.about_what()].join("\0");
        // Of several that say the same, the second, third … in the order of their lines.
        let number = alike.entry(said.clone()).or_default();
        *number += 1;
        let hash = blake3::hash(format!("{said}\0{number}").as_bytes());
        filed.id = hash.to_hex().as_str().chars().take(16).collect();
        filed.decision = settings.reviewed.of(&filed.id).cloned();
    }
}

impl Year<'_> {
    /// How many findings have a severity.
    pub fn count(&self, severity: Severity, settings: &Settings) -> usize {
        self.findings.iter().filter(|f| f.rule(settings).severity == severity).count()
    }

    /// How many findings somebody has accepted.
    pub fn accepted(&self) -> usize {
        self.findings.iter().filter(|f| f.accepted()).count()
    }

    /// The registered offices of the year without a report, as they stand in the registry.
    pub fn missing<'s>(&self, settings: &'s Settings) -> Vec<&'s Office> {
        let missing = self.findings.iter().filter(|f| f.rule(settings).name() == "report.missing").filter_map(|f| f.office);
        missing.map(|o| settings.registry.office(o)).collect()
    }
}

/// Sort key: district, office, name. Unregistered offices, which have no codes, come first.
fn who<'a>(office: Option<u32>, unregistered: Option<&'a str>, registry: &'a Registry) -> Option<(&'a str, &'a str, &'a str)> {
    match office {
        Some(office) => {
            let office = registry.office(office);
            Some((&office.district_code, &office.code, &office.name))
        }
        None => unregistered.map(|name| ("", "", name)),
    }
}
