//! Rows of which a converter has put all values into one cell, parted by blanks or line breaks: each value gets a cell of
//! its own, where the form has just as many in the row that the label names.

use super::Forms;
use super::value::looks_like_value;
use super::vocabulary::{Memo, WordKind};
use crate::document::{Block, Cell, Document, Row};
use std::borrow::Cow;

/// Rows with at least so many values are no number with blanks between its digits.
const MANY: usize = 5;

impl Forms {
    /// Spreads such rows over their cells.
    pub fn spread(&self, document: &mut Document<'_>, memo: &mut Memo) {
        let grids = document.blocks.iter_mut().filter_map(Block::grid_mut);
        for row in grids.flat_map(|grid| &mut grid.rows) {
            if let Some((at, values)) = values_in_one_cell(row)
                && self.has_row_of(row, at, values.len(), memo)
            {
                spread(row, at, values);
            }
        }
    }

    /// Whether some form has a row of this label with so many cells; a row without a label is that of a table with one row.
    fn has_row_of(&self, row: &Row<'_>, at: usize, count: usize, memo: &mut Memo) -> bool {
        let Some(label) = row.cells[..at].iter().rfind(|c| !c.text.trim().is_empty()) else {
            return count > MANY && self.forms.iter().flat_map(|f| &f.tables).any(|t| t.is_one_row() && t.cells.len() == count);
        };
        let labels = self.vocabulary.labels(label.text.trim(), memo);
        let words = labels.as_deref().and_then(<[_]>::last).map(|l| &l.words[..]).unwrap_or_default();
        words.iter().any(|w| matches!(w.kind, WordKind::Row(r) if self.forms[w.form].tables[w.table].rows[r].cells.len() == count))
    }
}

/// The cell that holds all values of a row, and the values; none if they may be one number.
fn values_in_one_cell(row: &Row<'_>) -> Option<(usize, Vec<String>)> {
    let at = row.cells.iter().rposition(|c| !c.text.trim().is_empty())?;
    let text = row.cells[at].text.trim();
    if text.len() < 3 || !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '—' | '/')) {
        return None;
    }
    let values: Vec<&str> = text.split_whitespace().collect();
    if values.len() < 2 || !values.iter().all(|v| looks_like_value(v)) {
        return None;
    }
    let parted = text.contains('\n') || text.contains("  ") || text.contains('\t');
    let letter_spaced = !parted && values.len() < MANY && values[0] != "0" && values.iter().all(|v| v.len() == 1);
    let thousands = !text.contains('\n') && values[0].len() <= 3 && values[1..].iter().all(|v| v.len() == 3);
    (!letter_spaced && !thousands).then(|| (at, values.into_iter().map(str::to_string).collect()))
}

fn spread(row: &mut Row<'_>, at: usize, values: Vec<String>) {
    let first = row.cells[at].column;
    row.cells.truncate(at + values.len());
    for (n, value) in values.into_iter().enumerate() {
        match row.cells.get_mut(at + n) {
            Some(cell) => cell.text = Cow::Owned(value),
            None => row.cells.push(Cell { text: Cow::Owned(value), column: first.saturating_add(n as u16), columns: 1, rows: 1 }),
        }
    }
    // A cell that covered several columns covers one of them now.
    row.cells[at].columns = 1;
}
