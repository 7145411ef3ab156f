//! The statutory forms: what `config/forms` declares, made ready for reading. A form is data; a
//! later year's form is one more file there. Knows nothing of files, formats and offices.

mod config;
mod flow;
mod framed;
mod grouped;
mod header;
mod heading;
pub mod infer;
pub mod label;
mod layout;
mod place;
mod print;
mod recognise;
mod rows;
mod run;
mod split;
mod spread;
mod torn;
pub mod value;
mod vocabulary;

pub use place::{Doubt, Placed, PlacedTable, Trouble};
pub use print::{Content, PrintedCell};
pub use recognise::{FoundTable, Outline, Part, Passage, outline};
pub use vocabulary::Memo;

use crate::failure::line_of;
use anyhow::{Context, Result, bail};
use config::{BlockFile, FormFile, Over, RelationFile, TableFile, WrongValue};
use label::{Ordinal, core, ordinal};
use vocabulary::Vocabulary;

/// All forms, by rising first year.
#[derive(Debug)]
pub struct Forms {
    /// The forms.
    pub forms: Vec<Form>,
    vocabulary: Vocabulary,
    /// The letters that headings of sections begin with.
    heading_openings: Vec<char>,
}

/// A statutory form.
#[derive(Debug)]
pub struct Form {
    /// Identifier, the year it was made for: `2019`.
    pub id: String,
    /// First report year.
    pub first_year: i32,
    /// Last report year, none while the form is in use.
    pub last_year: Option<i32>,
    /// The document that prescribes it.
    pub source: String,
    /// The parts of the report in their order.
    pub sections: Vec<Section>,
    /// The tables in their order. Tables of all forms share their identifiers.
    pub tables: Vec<Table>,
    /// Indicators of other forms that are sums of this form's, so that one series runs through all years.
    pub sums: Vec<Sum>,
    /// What ties its numbers to those of the year before.
    pub continuities: Vec<Continuity>,
}

/// A relation between two years of one office: `this` = the sum of `before` of last year + `plus` − `minus`
/// of this year; in a table of applicants, column by column.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continuity {
    /// The rule it belongs to.
    pub rule: String,
    /// The rule of the single applicants, where they weigh less than the total.
    pub column_rule: Option<String>,
    /// The table of all its indicators.
    pub table: String,
    /// The indicator of this year.
    pub this: String,
    /// Indicators of last year.
    pub before: Vec<String>,
    /// Indicators of this year that are added.
    #[serde(default)]
    pub plus: Vec<String>,
    /// Indicators of this year that are taken off.
    #[serde(default)]
    pub minus: Vec<String>,
    /// Whether it holds for the sum of offices that were merged or split.
    #[serde(default)]
    pub adds_up: bool,
}

/// An indicator that is the sum of others.
#[derive(Debug)]
pub struct Sum {
    /// The table of all of them.
    pub table: String,
    /// The indicator that is the sum.
    pub indicator: String,
    /// What the names of the parts begin with.
    stem: String,
}

impl Sum {
    /// Whether an indicator is one of the parts.
    pub fn covers(&self, table: &str, indicator: &str) -> bool {
        table == self.table && indicator.strip_prefix(&self.stem).is_some_and(|tail| tail.starts_with('.'))
    }
}

/// A part of the report under a heading.
#[derive(Debug)]
pub struct Section {
    /// Identifier: `overview`.
    pub id: String,
    /// The printed number: 一.
    pub ordinal: String,
    /// The official heading.
    pub title: String,
    headings: Vec<String>,
    words: Vec<String>,
}

/// A table of the form.
#[derive(Debug)]
pub struct Table {
    /// Identifier, also the `section` of its facts.
    pub id: String,
    /// Title in Chinese.
    pub zh: String,
    /// Title in English.
    pub en: String,
    /// Labels that group rows or columns.
    pub groups: Vec<Group>,
    /// The rows that hold numbers, from top to bottom.
    pub rows: Vec<TableRow>,
    /// The cells, row by row.
    pub cells: Vec<FormCell>,
    /// The relations between the cells.
    pub equations: Vec<Equation>,
    /// Each different column label once: headers are read by these numbers.
    column_labels: Vec<String>,
    /// The table as the official form prints it, row by row.
    pub print: Vec<Vec<PrintedCell>>,
}

/// A label that groups rows or columns.
#[derive(Debug)]
pub struct Group {
    /// Printed ordinal.
    pub ordinal: Option<Ordinal>,
    /// The label as compared.
    pub core: String,
    /// The label as printed, with its ordinal.
    pub title: String,
}

/// A row of the form.
#[derive(Debug)]
pub struct TableRow {
    /// Printed ordinal.
    pub ordinal: Option<Ordinal>,
    /// Index of its group in the table.
    pub group: Option<usize>,
    /// Its labels as compared, the official one first; none for a row without a label.
    pub cores: Vec<Vec<char>>,
    /// The label as printed, with its ordinal.
    pub title: String,
    /// Its cells in `Table::cells`.
    pub cells: std::ops::Range<usize>,
    /// Index of its block: rows of one block have the same columns.
    pub block: usize,
}

/// A cell of the form, where a number belongs.
#[derive(Debug)]
pub struct FormCell {
    /// Identifier of the indicator: `outcomes.granted`.
    pub indicator: String,
    /// Identifier of the applicant column, in the table of applications.
    pub applicant: Option<String>,
    /// Row of the table.
    pub row: usize,
    /// Column labels as compared, the official one first.
    pub columns: Vec<String>,
    /// The same as indices into `Table::column_labels`.
    column_ids: Vec<u16>,
    /// Index of the column's group in the table.
    pub group: Option<usize>,
    /// Row and column as printed: for messages.
    pub zh: CellTitle,
    /// Row and column in English.
    pub en: CellTitle,
    /// How its number is written.
    pub format: value::Format,
}

/// The names of a cell's row and column.
#[derive(Debug, Clone)]
pub struct CellTitle {
    /// Row.
    pub row: String,
    /// Column.
    pub column: String,
}

/// A relation between cells: the sum of the parts equals the sum of the totals.
#[derive(Debug)]
pub struct Equation {
    /// The rule it belongs to.
    pub rule: String,
    /// Indices into `Table::cells`.
    pub parts: Vec<usize>,
    /// Indices into `Table::cells`.
    pub totals: Vec<usize>,
    /// Whether all its cells stand in one row of the form.
    pub in_row: bool,
}

impl Forms {
    /// Reads form files given as (file name, text).
    ///
    /// # Errors
    /// Names the file, the line and what would be valid.
    pub fn parse(files: &[(String, String)]) -> Result<Forms> {
        let mut parsed = Vec::new();
        for (name, text) in files {
            let file: FormFile = toml::from_str(text).with_context(|| format!("config/{name}"))?;
            let notes = file.table.iter().map(|t| t.note_labels.clone()).collect::<Vec<_>>();
            let built = Form::build(file).map_err(|e| in_line(e, text)).with_context(|| format!("config/{name}"))?;
            parsed.push((built, notes));
        }
        if parsed.is_empty() {
            bail!("config/forms: no form (*.toml)");
        }
        parsed.sort_by_key(|(form, _)| form.first_year);
        let (mut forms, notes): (Vec<Form>, Vec<_>) = parsed.into_iter().unzip();
        // A new form ends the one before it.
        for i in 1..forms.len() {
            forms[i - 1].last_year = forms[i - 1].last_year.or(Some(forms[i].first_year - 1));
        }
        for pair in forms.windows(2) {
            if pair[0].last_year.is_none_or(|last| last >= pair[1].first_year) {
                bail!("config/forms: the forms {} and {} both claim the year {}", pair[0].id, pair[1].id, pair[1].first_year);
            }
        }
        let ids = |form: &Form| form.tables.iter().map(|t| t.id.clone()).collect::<Vec<_>>();
        if let Some(other) = forms.iter().find(|f| ids(f) != ids(&forms[0])) {
            bail!("config/forms: the forms {} and {} must have the same tables in the same order", forms[0].id, other.id);
        }
        let vocabulary = Vocabulary::build(&forms, &notes);
        let headings = forms.iter().flat_map(|form| &form.sections).flat_map(|section| &section.headings);
        let mut heading_openings: Vec<char> = headings.filter_map(|heading| heading.chars().next()).collect();
        heading_openings.sort_unstable();
        heading_openings.dedup();
        Ok(Forms { forms, vocabulary, heading_openings })
    }

    /// The index of the form prescribed for a report year, none before the first form.
    pub fn of_year(&self, year: i32) -> Option<usize> {
        self.forms.iter().position(|f| f.first_year <= year && f.last_year.is_none_or(|last| year <= last))
    }
}

impl Form {
    fn build(file: FormFile) -> Result<Form> {
        let sections = file.section.iter().map(|s| {
            let title = s.headings.first().with_context(|| format!("section {}: no heading", s.id))?;
            Ok(Section {
                id: s.id.clone(),
                ordinal: s.ordinal.clone(),
                title: title.clone(),
                headings: s.headings.iter().map(|h| core(h)).collect(),
                words: s.words.clone(),
            })
        });
        let sections = sections.collect::<Result<Vec<_>>>()?;
        let mut tables = Vec::new();
        for table in &file.table {
            if !sections.iter().any(|s| s.id == table.id) {
                bail!(WrongValue::new(&table.id, format!("table `{}`: there is no section of this name", table.id)));
            }
            let built = Table::build(table).with_context(|| format!("table `{}`", table.id))?;
            tables.push(built);
        }
        for relation in &file.relation {
            let valid = || tables.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
            let at = file.table.iter().position(|t| t.id == relation.table);
            let wrong = || WrongValue::new(&relation.table, format!("relation {}: no table `{}`; there are: {}", relation.rule, relation.table, valid()));
            let at = at.ok_or_else(wrong)?;
            tables[at].relate(relation, &file.table[at])?;
        }
        for one in &file.continuity {
            let table = tables.iter().find(|t| t.id == one.table);
            let names = std::iter::once(&one.this).chain(&one.before).chain(&one.plus).chain(&one.minus);
            for name in names {
                if !table.is_some_and(|t| t.cells.iter().any(|c| c.indicator == *name)) {
                    bail!(WrongValue::new(name, format!("continuity {}: table `{}` has no `{name}`", one.rule, one.table)));
                }
            }
        }
        let sum = |s: config::SumFile| Sum { table: s.table, indicator: s.indicator, stem: s.parts.trim_end_matches(".*").to_string() };
        let sums = file.sum.into_iter().map(sum).collect();
        let continuities = file.continuity;
        Ok(Form { sums, continuities, id: file.id, first_year: file.first_year, last_year: file.last_year, source: file.source, sections, tables })
    }

    /// The section of this identifier.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.id == id)
    }
}

impl Table {
    fn build(file: &TableFile) -> Result<Table> {
        let group = |g: &config::GroupFile| {
            let label = g.labels.first().cloned().unwrap_or_default();
            Group { ordinal: printed_ordinal(&g.ordinal), core: core(&label), title: titled(&g.ordinal, &label) }
        };
        let groups: Vec<Group> = file.group.iter().map(group).collect();
        let find = |name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => match groups.iter().position(|g| g.core == core(name)) {
                Some(index) => Ok(Some(index)),
                None => {
                    let groups: Vec<&str> = file.group.iter().flat_map(|g| &g.labels).map(String::as_str).collect();
                    bail!(WrongValue::new(name, format!("no group `{name}`; there are: {}", groups.join(", "))))
                }
            },
        };
        let mut table = Table {
            id: file.id.clone(),
            zh: file.zh.clone(),
            en: file.en.clone(),
            groups: Vec::new(),
            rows: Vec::new(),
            cells: Vec::new(),
            equations: Vec::new(),
            column_labels: Vec::new(),
            print: Vec::new(),
        };
        for (index, block) in file.block.iter().enumerate() {
            for row in &block.rows {
                let first = table.cells.len();
                let label = row.labels.first().cloned().unwrap_or_default();
                let row_group = find(&row.group)?;
                let title = titled(&row.ordinal, &label);
                table.cells.extend(cells(file, block, row, table.rows.len(), &title, &find)?);
                table.rows.push(TableRow {
                    ordinal: printed_ordinal(&row.ordinal),
                    group: row_group,
                    cores: row.labels.iter().map(|l| core(l).chars().collect()).collect(),
                    title: match row_group.filter(|_| !row.ordinal.contains('（')) {
                        Some(g) => format!("{}{title}", groups[g].title),
                        None => title,
                    },
                    cells: first..table.cells.len(),
                    block: index,
                });
            }
        }
        for cell in &mut table.cells {
            if cell.zh.row.is_empty() {
                continue;
            }
            cell.zh.row = table.rows[cell.row].title.clone();
        }
        for cell in &mut table.cells {
            let labels = &mut table.column_labels;
            let number = |label: &String| {
                let at = labels.iter().position(|known| known == label).unwrap_or_else(|| {
                    labels.push(label.clone());
                    labels.len() - 1
                });
                u16::try_from(at).context("too many column labels")
            };
            cell.column_ids = cell.columns.iter().map(number).collect::<Result<_>>()?;
        }
        table.groups = groups;
        table.print = print::printed(file, table.cells.len())?;
        Ok(table)
    }

    /// Whether its one row has no label of its own.
    pub fn is_one_row(&self) -> bool {
        self.rows.iter().all(|r| r.cores.is_empty())
    }

    /// The index of a cell by its identifiers.
    pub fn cell(&self, indicator: &str, applicant: Option<&str>) -> Option<usize> {
        self.cells.iter().position(|c| c.indicator == indicator && c.applicant.as_deref() == applicant)
    }

    /// Expands a declared relation into its equations.
    fn relate(&mut self, relation: &RelationFile, file: &TableFile) -> Result<()> {
        let rule = &relation.rule;
        let column_ids: Vec<&str> = file.block.iter().flat_map(|b| &b.columns).map(|c| c.id.as_str()).collect();
        let row_ids: Vec<&str> = file.block.iter().flat_map(|b| &b.rows).map(|r| r.id.as_str()).collect();
        let ids = if relation.over == Over::Rows { &row_ids } else { &column_ids };
        let expand = |names: &[String], but: &[String]| -> Result<Vec<usize>> {
            let mut found = Vec::new();
            for name in names {
                let fits = |id: &str| match name.strip_suffix(".*") {
                    Some(stem) => id.strip_prefix(stem).is_some_and(|tail| tail.starts_with('.')) && !but.iter().any(|b| b == id),
                    None => id == name,
                };
                let before = found.len();
                found.extend((0..ids.len()).filter(|&i| fits(ids[i])));
                if found.len() == before {
                    bail!(WrongValue::new(name, format!("relation {rule}: no `{name}`; there are: {}", ids.join(", "))));
                }
            }
            Ok(found)
        };
        let totals = expand(&relation.totals, &[])?;
        let parts = expand(&relation.parts, &relation.totals)?;
        let mut push = |parts: Vec<usize>, totals: Vec<usize>, in_row| {
            self.equations.push(Equation { rule: rule.clone(), parts, totals, in_row });
        };
        match relation.over {
            Over::Cells => push(parts, totals, true),
            Over::Columns => {
                for row in &self.rows {
                    let at = |c: &usize| row.cells.start + c;
                    push(parts.iter().map(at).collect(), totals.iter().map(at).collect(), true);
                }
            }
            Over::Rows => {
                for column in 0..column_ids.len() {
                    let at = |r: &usize| self.rows[*r].cells.start + column;
                    push(parts.iter().map(at).collect(), totals.iter().map(at).collect(), false);
                }
            }
        }
        Ok(())
    }
}

fn cells(
    file: &TableFile,
    block: &BlockFile,
    row: &config::RowFile,
    index: usize,
    title: &str,
    group: &impl Fn(&Option<String>) -> Result<Option<usize>>,
) -> Result<Vec<FormCell>> {
    let make = |column: &config::ColumnFile| {
        let label = column.labels.first().cloned().unwrap_or_default();
        let zh_column = match &column.group {
            Some(group) => format!("{group}·{label}"),
            None => label,
        };
        let printed = column.printed_unit.as_deref().unwrap_or(&column.unit);
        let format = value::Format::new(&column.unit, printed, column.unit_printed, column.signed, column.decimal)?;
        Ok(FormCell {
            indicator: file.names.replace("{row}", &row.id).replace("{column}", &column.id),
            applicant: file.columns_are_applicants.then(|| column.id.clone()),
            row: index,
            columns: column.labels.iter().map(|l| core(l)).collect(),
            column_ids: Vec::new(),
            group: group(&column.group)?,
            zh: CellTitle { row: title.to_string(), column: zh_column },
            en: CellTitle { row: row.en.clone(), column: column.en.clone() },
            format,
        })
    };
    block.columns.iter().map(make).collect()
}

/// Adds the line in which a wrong value stands.
fn in_line(error: anyhow::Error, text: &str) -> anyhow::Error {
    let value = error.chain().find_map(|e| e.downcast_ref::<WrongValue>()).map(|w| format!("\"{}\"", w.value));
    match value.and_then(|value| text.find(&value)) {
        Some(at) => error.context(format!("line {}", line_of(text, at))),
        None => error,
    }
}

fn printed_ordinal(text: &str) -> Option<Ordinal> {
    let folded = label::fold(text);
    ordinal(&folded, None).or_else(|| ordinal(&format!("{folded}、"), None)).map(|(o, _)| o)
}

fn titled(ordinal: &str, label: &str) -> String {
    match ordinal.chars().last() {
        Some('）' | '.') | None => format!("{ordinal}{label}"),
        Some(_) => format!("{ordinal}、{label}"),
    }
}
