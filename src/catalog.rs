//! Every item a number can belong to, of all forms and of the prose, in the order of the published
//! tables: by section, indicator and applicant. A fact names its item by its place in this list.

use crate::form::Forms;
use crate::narrative::Reader;
use std::collections::BTreeMap;
use std::ops::Range;

/// One kind of number.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// `active_disclosure`, `applications`, `reviews` or `narrative`.
    pub section: String,
    /// Identifier: `outcomes.granted`.
    pub indicator: String,
    /// Applicant column, in the table of applications.
    pub applicant: Option<String>,
    /// Usual unit; the unit of form cells.
    pub unit: String,
    /// Name in Chinese, for form cells (row, column).
    pub zh: (String, String),
    /// Name in English.
    pub en: (String, String),
    /// Definition in both languages.
    pub definition: (String, String),
    /// Forms that have it; none for narrative indicators.
    pub forms: Vec<usize>,
}

/// Row and column in one name; a table of one row has no rows, prose no columns.
pub fn joined(row: &str, column: &str) -> String {
    match (row, column) {
        (row, "") => row.to_string(),
        ("", column) => column.to_string(),
        _ => format!("{row} · {column}"),
    }
}

/// The list of items.
#[derive(Debug)]
pub struct Catalog {
    /// The items, sorted.
    pub items: Vec<Item>,
    /// Item of each cell: by form, table, cell.
    cells: Vec<Vec<Vec<u16>>>,
    /// The cells of each form and table in the order of their items.
    in_order: Vec<Vec<Vec<usize>>>,
    /// Item of each narrative indicator.
    narrative: Vec<u16>,
}

impl Catalog {
    /// Puts together the items of the forms and the prose.
    pub fn build(forms: &Forms, narrative: &Reader) -> Catalog {
        let mut items: BTreeMap<(String, String, Option<String>), Item> = BTreeMap::new();
        for (f, form) in forms.forms.iter().enumerate() {
            for table in &form.tables {
                for cell in &table.cells {
                    let key = (table.id.clone(), cell.indicator.clone(), cell.applicant.clone());
                    let pair = |t: &crate::form::CellTitle| (t.row.clone(), t.column.clone());
                    let item = items.entry(key).or_insert_with(|| Item {
                        section: table.id.clone(),
                        indicator: cell.indicator.clone(),
                        applicant: cell.applicant.clone(),
                        unit: cell.format.unit.clone(),
                        zh: pair(&cell.zh),
                        en: pair(&cell.en),
                        definition: (
                            format!("《{}》表，“{}”行，“{}”列。", table.zh, cell.zh.row, cell.zh.column),
                            format!("Table \"{}\", row \"{}\", column \"{}\".", table.en, cell.en.row, cell.en.column),
                        ),
                        forms: Vec::new(),
                    });
                    item.forms.push(f);
                }
            }
        }
        for indicator in narrative.indicators() {
            let item = Item {
                section: "narrative".to_string(),
                indicator: indicator.id.clone(),
                applicant: None,
                unit: indicator.unit.clone(),
                zh: (indicator.zh.clone(), String::new()),
                en: (indicator.en.clone(), String::new()),
                definition: (indicator.definition.zh.clone(), indicator.definition.en.clone()),
                forms: Vec::new(),
            };
            items.insert(("narrative".to_string(), indicator.id.clone(), None), item);
        }
        let index: BTreeMap<&(String, String, Option<String>), u16> = items.keys().zip(0u16..).collect();
        let of_cell = |table: &crate::form::Table, cell: &crate::form::FormCell| index[&(table.id.clone(), cell.indicator.clone(), cell.applicant.clone())];
        let of_table = |table: &crate::form::Table| table.cells.iter().map(|cell| of_cell(table, cell)).collect();
        let cells: Vec<Vec<Vec<u16>>> = forms.forms.iter().map(|form| form.tables.iter().map(of_table).collect()).collect();
        let sorted = |items: &Vec<u16>| {
            let mut cells: Vec<usize> = (0..items.len()).collect();
            cells.sort_by_key(|cell| items[*cell]);
            cells
        };
        let in_order = cells.iter().map(|form| form.iter().map(sorted).collect()).collect();
        let narrative = narrative.indicators().iter().map(|i| index[&("narrative".to_string(), i.id.clone(), None)]).collect();
        Catalog { cells, in_order, narrative, items: items.into_values().collect() }
    }

    /// The items of a row of a table, or with `*` at the end those of all rows whose names begin so: they stand together.
    pub fn row(&self, section: &str, term: &str) -> Range<u16> {
        let place = |item: &Item, name: &str| (item.section.as_str(), item.indicator.as_str()).cmp(&(section, name));
        let (name, any_ending) = term.strip_suffix('*').map_or((term, false), |stem| (stem, true));
        let first = self.items.partition_point(|item| place(item, name).is_lt());
        let is_of = |item: &Item| item.section == section && (item.indicator == name || any_ending && item.indicator.starts_with(name));
        let end = first + self.items[first..].partition_point(is_of);
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        place(first)..place(end)
    }

    /// What is known of an item.
    pub fn item(&self, item: u16) -> &Item {
        &self.items[usize::from(item)]
    }

    /// The item of a form cell.
    pub fn cell(&self, form: usize, table: usize, cell: usize) -> u16 {
        self.cells[form][table][cell]
    }

    /// The cells of a table in the order of their items.
    pub fn in_order(&self, form: usize, table: usize) -> &[usize] {
        &self.in_order[form][table]
    }

    /// The item of a narrative indicator.
    pub fn indicator(&self, indicator: u16) -> u16 {
        self.narrative[usize::from(indicator)]
    }

    /// The narrative indicator of an item, if it is one.
    pub fn narrative_index(&self, item: u16) -> Option<usize> {
        self.narrative.iter().position(|i| *i == item)
    }

    /// The item of these identifiers.
    pub fn find(&self, section: &str, indicator: &str, applicant: Option<&str>) -> Option<u16> {
        let name = |item: &Item| (item.section.as_str(), item.indicator.as_str(), item.applicant.as_deref()).cmp(&(section, indicator, applicant));
        u16::try_from(self.items.binary_search_by(name).ok()?).ok()
    }
}
