//! Lays the three tables of a form out as grids of text, whole or torn: one file per section.
//!
//! What is never made, because no reader could know the answer:
//! - a row moved to the left of its columns, unless its seven values are all there or it holds 总计 alone (as in
//!   the one real conversion that did this);
//! - a header row lost that alone says which column is which;
//! - a label that lost so much that it may be another row's (see `wording`);
//! - a group label lost where a row's label is not unique in the form and its neighbours do not tell either
//!   (`3.其他` keeps its place behind the two labels that stand nowhere else).

mod applications;
mod disclosure;
mod reviews;

pub use applications::applications;
pub use disclosure::disclosure;
pub use reviews::reviews;

use super::filled::CellKey;
use super::layout::Flaw;
use super::wording::Pen;

/// One row of a grid: its cells, and which of them are cells of the form.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The text of each cell.
    pub cells: Vec<String>,
    /// Column and identifier of the form's cells in this row.
    pub keys: Vec<(usize, CellKey)>,
}

impl Row {
    fn of(cells: impl IntoIterator<Item = String>) -> Self {
        Self { cells: cells.into_iter().collect(), keys: Vec::new() }
    }

    fn blank(width: usize) -> Self {
        Self::of(vec![String::new(); width])
    }

    fn widen(mut self, width: usize) -> Self {
        while self.cells.len() < width {
            self.cells.push(String::new());
        }
        self
    }

    fn push(&mut self, cell: String, key: Option<CellKey>) {
        if let Some(key) = key {
            self.keys.push((self.cells.len(), key));
        }
        self.cells.push(cell);
    }

    /// True if no cell holds anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// What stands under a section heading: tables and lines between them.
#[derive(Clone, Debug)]
pub enum Part {
    /// A line of its own, such as a caption.
    Line(String),
    /// A table; its first row is the header row.
    Table(Vec<Row>),
}

/// A label repeated over the cells that it spans, or in the first of them.
fn span(label: &str, width: usize, repeated: bool) -> Vec<String> {
    (0..width).map(|place| if place == 0 || repeated { label.to_owned() } else { String::new() }).collect()
}

fn sprinkle_blank_rows(pen: &mut Pen<'_>, rows: &mut Vec<Row>, from: usize) {
    if !pen.flaws.has(Flaw::BlankRows) {
        return;
    }
    for _ in 0..=pen.rng.below(2) {
        let place = from + pen.rng.below(rows.len() + 1 - from);
        let width = rows.last().map_or(1, |row| row.cells.len());
        rows.insert(place, Row::blank(width));
    }
}
