//! What is new since the last published run, and what is resolved: the findings of this run beside those
//! that were published before. The day on which a finding was first published stays with it.

use crate::assemble::Year;
use crate::published::Published;
use crate::settings::Settings;
use crate::tables::FINDINGS;
use chrono::NaiveDate;
use polars::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A finding that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its identifier.
    pub finding_id: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Its rule.
    pub rule: String,
    /// Code of the office.
    pub office_code: Option<String>,
    /// Name of the office.
    pub office: Option<String>,
}

/// What changed in a year since it was last published.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Findings that were not there.
    pub new: Vec<Item>,
    /// Findings that are no longer there.
    pub resolved: Vec<Item>,
}

/// Gives each finding of a year the day on which it was first published (of those that are new it is `today`, and
/// none where nothing is to be published), and says what changed; none if the year was not published before.
pub fn compare(year: &mut Year<'_>, before: Option<&Published>, today: Option<NaiveDate>, settings: &Settings) -> Option<News> {
    // Of another version of the program nothing can be said.
    let known = before.and_then(|b| b.table(&FINDINGS, year.year).ok()).and_then(|frame| known(&frame).ok());
    for finding in &mut year.findings {
        let seen = known.as_ref().and_then(|k| k.get(&finding.id)).and_then(|(_, day)| *day);
        finding.first_seen = seen.or(today);
    }
    let known = known?;
    let now: BTreeSet<&str> = year.findings.iter().map(|f| f.id.as_str()).collect();
    let new = year.findings.iter().filter(|f| !known.contains_key(&f.id)).map(|filed| {
        let office = filed.office.map(|o| settings.registry.office(o));
        let rule = filed.rule(settings);
        Item {
            finding_id: filed.id.clone(),
            severity: rule.severity.id().to_string(),
            rule: rule.name().to_string(),
            office_code: office.map(|o| o.code.clone()),
            office: office.map(|o| o.name.clone()).or_else(|| filed.unregistered.map(str::to_string)),
        }
    });
    let new = new.collect();
    let resolved = known.values().filter(|(item, _)| !now.contains(item.finding_id.as_str())).map(|(item, _)| item.clone()).collect();
    Some(News { new, resolved })
}

/// The published findings by identifier, with the day on which they were first published.
fn known(frame: &DataFrame) -> PolarsResult<BTreeMap<String, (Item, Option<NaiveDate>)>> {
    let text = |name: &str| frame.column(name)?.str();
    let (id, severity, rule, code, office) = (text("finding_id")?, text("severity")?, text("rule")?, text("office_code")?, text("office")?);
    let days = frame.column("first_seen")?.date()?.physical();
    let mut known = BTreeMap::new();
    for row in 0..frame.height() {
        let text = |column: &StringChunked| column.get(row).map(str::to_string);
        let item = Item {
            finding_id: text(id).unwrap_or_default(),
            severity: text(severity).unwrap_or_default(),
            rule: text(rule).unwrap_or_default(),
            office_code: text(code),
            office: text(office),
        };
        known.insert(item.finding_id.clone(), (item, days.get(row).and_then(NaiveDate::from_epoch_days)));
    }
    Ok(known)
}
