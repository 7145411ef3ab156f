//! The data dictionary: every indicator, applicant, channel, rule and column with its names in both
//! languages, its unit and its definition.

use crate::catalog::joined;
use crate::settings::Statute;
use crate::tables::{TABLES, YEAR};
use polars::prelude::*;

#[derive(Default)]
struct Entries {
    kind: Vec<String>,
    id: Vec<String>,
    zh: Vec<String>,
    en: Vec<String>,
    unit: Vec<Option<String>>,
    definition_zh: Vec<String>,
    definition_en: Vec<String>,
}

impl Entries {
    fn add(&mut self, kind: &str, id: &str, names: (&str, &str), unit: Option<&str>, definition: (&str, &str)) {
        self.kind.push(kind.to_string());
        self.id.push(id.to_string());
        self.zh.push(names.0.to_string());
        self.en.push(names.1.to_string());
        self.unit.push(unit.map(str::to_string));
        self.definition_zh.push(definition.0.to_string());
        self.definition_en.push(definition.1.to_string());
    }
}

/// The dictionary as a frame.
///
/// # Errors
/// Only what polars reports, which would be a fault of this program.
pub fn frame(statute: &Statute) -> PolarsResult<DataFrame> {
    let mut entries = Entries::default();
    let mut last = None;
    for item in &statute.catalog.items {
        if last == Some((&item.section, &item.indicator)) {
            continue;
        }
        last = Some((&item.section, &item.indicator));
        let name = |(row, column): &(String, String)| if item.applicant.is_some() { row.clone() } else { joined(row, column) };
        let forms: Vec<&str> = item.forms.iter().map(|f| statute.forms.forms[*f].id.as_str()).collect();
        let (zh, en) = match (item.applicant.is_some(), forms.is_empty()) {
            (_, true) => item.definition.clone(),
            (true, false) => (
                format!("表三“{}”行，按申请人分列。格式：{}", item.zh.0, forms.join("、")),
                format!("Table three, row \"{}\", by applicant. Forms: {}", item.en.0, forms.join(", ")),
            ),
            (false, false) => (format!("{}格式：{}", item.definition.0, forms.join("、")), format!("{} Forms: {}", item.definition.1, forms.join(", "))),
        };
        entries.add("indicator", &item.indicator, (&name(&item.zh), &name(&item.en)), Some(&item.unit), (&zh, &en));
    }
    let mut applicants: Vec<(&str, &str, &str)> = Vec::new();
    for item in &statute.catalog.items {
        if let Some(applicant) = item.applicant.as_deref()
            && !applicants.iter().any(|a| a.0 == applicant)
        {
            applicants.push((applicant, &item.zh.1, &item.en.1));
        }
    }
    for (id, zh, en) in applicants {
        entries.add("applicant", id, (zh, en), None, ("表三的列。", "Column of table three."));
    }
    for channel in statute.narrative.channels() {
        entries.add("channel", &channel.id, (&channel.zh, &channel.en), None, ("正文数字的渠道。", "Channel of a figure in the prose."));
    }
    for rule in statute.rules.iter() {
        let zh = format!("{}依据：{}。程度：{}。", rule.definition.zh, rule.source, rule.severity.id());
        let en = format!("{} Source: {}. Severity: {}.", rule.definition.en, rule.source, rule.severity.id());
        entries.add("rule", rule.name(), (&rule.title.zh, &rule.title.en), None, (&zh, &en));
    }
    for table in TABLES {
        for column in std::iter::once(&YEAR).chain(table.columns) {
            entries.add("column", &format!("{}.{}", table.name, column.name), (column.zh, column.en), None, (column.definition_zh, column.definition_en));
        }
    }
    df!(
        "kind" => entries.kind, "id" => entries.id, "name_zh" => entries.zh, "name_en" => entries.en, "unit" => entries.unit,
        "definition_zh" => entries.definition_zh, "definition_en" => entries.definition_en,
    )
}
