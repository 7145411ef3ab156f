//! The shape of a file in `config/forms`, exactly as typed. `form::Form` is what it becomes.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    pub id: String,
    pub first_year: i32,
    pub last_year: Option<i32>,
    pub source: String,
    pub section: Vec<SectionFile>,
    pub table: Vec<TableFile>,
    #[serde(default)]
    pub relation: Vec<RelationFile>,
    #[serde(default)]
    pub sum: Vec<SumFile>,
    #[serde(default)]
    pub continuity: Vec<super::Continuity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SumFile {
    pub table: String,
    pub indicator: String,
    pub parts: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionFile {
    pub id: String,
    pub ordinal: String,
    pub headings: Vec<String>,
    #[serde(default)]
    pub words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub names: String,
    #[serde(default)]
    pub columns_are_applicants: bool,
    #[serde(default)]
    pub note_labels: Vec<String>,
    #[serde(default)]
    pub print: String,
    #[serde(default)]
    pub group: Vec<GroupFile>,
    pub block: Vec<BlockFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupFile {
    #[serde(default)]
    pub ordinal: String,
    pub labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockFile {
    pub columns: Vec<ColumnFile>,
    pub rows: Vec<RowFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFile {
    pub id: String,
    pub labels: Vec<String>,
    pub unit: String,
    pub printed_unit: Option<String>,
    #[serde(default = "yes")]
    pub unit_printed: bool,
    #[serde(default)]
    pub signed: bool,
    #[serde(default)]
    pub decimal: bool,
    pub group: Option<String>,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowFile {
    pub id: String,
    #[serde(default)]
    pub ordinal: String,
    pub group: Option<String>,
    pub labels: Vec<String>,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelationFile {
    pub rule: String,
    pub table: String,
    pub over: Over,
    pub parts: Vec<String>,
    pub totals: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Over {
    Columns,
    Rows,
    Cells,
}

fn yes() -> bool {
    true
}

/// A value that has the right shape and means nothing.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct WrongValue {
    /// The value as typed.
    pub value: String,
    message: String,
}

impl WrongValue {
    pub fn new(value: &str, message: String) -> WrongValue {
        WrongValue { value: value.to_string(), message }
    }
}
