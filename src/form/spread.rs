//! Rows of which a converter has put several values into one cell, or the end of the label beside a value: each value gets
//! a cell of its own, where the form has just as many in the row that the label names.

use super::Forms;
use super::value::looks_like_value;
use super::vocabulary::{Label, Memo, Word, WordKind};
use crate::document::{Block, Cell, Document, Grid, Row, is_letter};
use std::borrow::Cow;
use std::collections::HashSet;

/// Rows with at least so many values are no number with blanks between its digits.
const MANY: usize = 5;

impl Forms {
    /// Spreads such rows over their cells.
    pub fn spread(&self, document: &mut Document<'_>, memo: &mut Memo) {
        let shares = |grid: &&mut Grid<'_>| grid.rows.iter().flat_map(|row| &row.cells).any(|cell| may_share(cell.text.trim()));
        let mut grids: Vec<&mut Grid<'_>> = document.blocks.iter_mut().filter_map(Block::grid_mut).collect();
        if !grids.iter().any(&shares) {
            return;
        }
        let merged = merged_columns(&grids);
        for grid in grids.iter_mut().filter(|grid| shares(grid) || merged.iter().any(|(width, _)| *width == grid.width())) {
            let width = grid.width();
            let merged: Vec<u16> = merged.iter().filter(|of| of.0 == width).map(|of| of.1).collect();
            for row in &mut grid.rows {
                self.part_label(row, memo);
                let Some(Values { behind, at, values, all, several }) = values_behind_label(row, &merged) else { continue };
                let count = self.cells_of(row, at, values.len(), memo);
                if several && count == Some(values.len()) {
                    spread(row, at, values);
                } else if several && self.cells_of(row, at, all.len(), memo) == Some(all.len()) {
                    spread(row, at, all);
                } else if count.is_some_and(|count| values.len() < count) {
                    // Some cells are blank, and which is not told any more.
                    spread(row, behind, values);
                    row.loose = true;
                }
            }
        }
    }

    /// How many cells the row has that the label names, which should be `wanted`. A row without a label is that of a table
    /// with one row, or the shortest that has so many values.
    fn cells_of(&self, row: &Row<'_>, at: usize, wanted: usize, memo: &mut Memo) -> Option<usize> {
        let Some(label) = row.cells[..at].iter().rfind(|c| !c.text.trim().is_empty()) else {
            let alone = row.cells[at..].iter().filter(|c| !c.is_blank()).count() == 1;
            let tables = self.forms.iter().flat_map(|f| &f.tables).filter(|t| !alone || t.is_one_row());
            return tables.flat_map(|t| &t.rows).map(|r| r.cells.len()).filter(|cells| *cells > MANY && *cells >= wanted).min();
        };
        let labels = self.vocabulary.labels(label.text.trim(), memo)?;
        let words = &labels.last()?.words;
        let cells = |w: &Word| if let WordKind::Row(r) = w.kind { Some(self.forms[w.form].tables[w.table].rows[r].cells.len()) } else { None };
        let mut counts = words.iter().filter_map(cells);
        let first = counts.next()?;
        Some(if counts.any(|c| c == wanted) { wanted } else { first })
    }

    /// A label and the value behind it, where they share cells: `行政规范性 | 文件0`, `行政许可 0`.
    fn part_label(&self, row: &mut Row<'_>, memo: &mut Memo) {
        let shared = |(at, cell): (usize, &Cell<'_>)| label_and_value(cell.text.trim()).map(|(end, value)| (at, end.to_string(), value.to_string()));
        let Some((at, end, value)) = row.cells.iter().enumerate().find_map(shared) else { return };
        let mut is_row = |label: &str| self.vocabulary.labels(label, memo).is_some_and(|labels| labels.last().is_some_and(Label::is_row));
        let begun = at.checked_sub(1).map(|before| format!("{}{end}", row.cells[before].text.trim()));
        if let Some(whole) = begun.filter(|whole| whole.len() > end.len() && is_row(whole)) {
            row.cells[at - 1].text = Cow::Owned(whole);
            row.cells[at].text = Cow::Owned(value);
        } else if is_row(&end) {
            let others = row.cells[at + 1..].iter().map(|c| c.text.trim()).filter(|t| !t.is_empty()).map(str::to_string);
            let values: Vec<String> = std::iter::once(value).chain(others).collect();
            let both = std::mem::replace(&mut row.cells[at].text, Cow::Owned(end));
            match self.cells_of(row, at + 1, values.len(), memo) {
                // The number counts a note, and is none of the row's.
                Some(count) if values.len() > count => row.cells[at].text = both,
                count => {
                    row.loose |= count != Some(values.len());
                    spread(row, at + 1, values);
                }
            }
        }
    }
}

/// Whether a cell may hold more than one thing, a value among them. Told at a glance: hardly any does.
fn may_share(text: &str) -> bool {
    let number = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',');
    let valued = text.ends_with(|c: char| c.is_ascii_digit()) && !text.bytes().all(number);
    valued || begins_with_value(text) && text.contains(char::is_whitespace)
}

fn begins_with_value(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '—' | '/'))
}

/// The words of a text and the number behind them.
fn label_and_value(text: &str) -> Option<(&str, &str)> {
    let number = text.rfind(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))?;
    let (end, value) = text.split_at(number + text[number..].chars().next()?.len_utf8());
    (value.starts_with(|c: char| c.is_ascii_digit()) && end.trim_end().ends_with(|c| is_letter(c) || matches!(c, '”' | '）' | ')')))
        .then(|| (end.trim_end(), value))
}

/// The values of a row that are not in cells of their own.
struct Values {
    /// The first cell behind the label, and the first with a value.
    behind: usize,
    at: usize,
    values: Vec<String>,
    /// The same, if each blank parts two.
    all: Vec<String>,
    /// Whether some cell holds several.
    several: bool,
}

/// The values behind the label of a row, if some cells hold several or others of the grid do; in `merged` columns each blank
/// parts two.
fn values_behind_label(row: &Row<'_>, merged: &[u16]) -> Option<Values> {
    if merged.is_empty() && row.cells.iter().all(|cell| several(cell.text.trim()).is_none()) {
        return None;
    }
    let is_value = |cell: &Cell<'_>| looks_like_value(cell.text.trim()) || several(cell.text.trim()).is_some();
    let behind = row.cells.iter().rposition(|c| !is_value(c)).map_or(0, |label| label + 1);
    let at = (behind..row.cells.len()).find(|i| !row.cells[*i].is_blank())?;
    let filled: Vec<&Cell<'_>> = row.cells[at..].iter().filter(|c| !c.is_blank()).collect();
    let parts = |cell: &&Cell<'_>| -> Vec<String> {
        let text = cell.text.trim();
        let whole = |values: &[&str]| may_be_one(text, values) || filled.len() > 1 && may_be_broken(text, values);
        match several(text) {
            Some(values) if merged.contains(&cell.column) || !whole(&values) => values.into_iter().map(str::to_string).collect(),
            _ => vec![text.to_string()],
        }
    };
    let parted: Vec<Vec<String>> = filled.iter().map(parts).collect();
    let several = parted.iter().any(|p| p.len() > 1);
    let all = || filled.iter().flat_map(|c| c.text.split_whitespace()).map(str::to_string).collect();
    (several || !merged.is_empty()).then(|| Values { behind, at, values: parted.concat(), all: all(), several })
}

/// The columns that a converter has made of several, each with the width of its grid: more than one of their cells holds
/// values that cannot be one. A converter that loses borders tears a table into many grids; those of one width are one table.
fn merged_columns(grids: &[&mut Grid<'_>]) -> Vec<(u16, u16)> {
    // Of each such cell the column, and how long its first part is if it may be a broken number.
    let mut found: Vec<((u16, u16), Option<usize>)> = Vec::new();
    for grid in grids {
        let width = grid.width();
        for cell in grid.rows.iter().flat_map(|row| &row.cells) {
            let text = cell.text.trim();
            if let Some(values) = several(text).filter(|values| !may_be_one(text, values)) {
                found.push(((width, cell.column), may_be_broken(text, &values).then(|| values[0].len())));
            }
        }
    }
    found.sort_unstable();
    // The first part of a number fills its line: in one column all are equally long.
    let several = |of: &[((u16, u16), Option<usize>)]| {
        let surely = of.iter().filter(|(_, first)| first.is_none()).count();
        surely > 1 || of.iter().filter_map(|(_, first)| *first).collect::<HashSet<_>>().len() > 1
    };
    found.chunk_by(|a, b| a.0 == b.0).filter(|of| several(of)).map(|of| of[0].0).collect()
}

/// The values in a text, if there are several.
fn several(text: &str) -> Option<Vec<&str>> {
    if text.len() < 3 || !begins_with_value(text) {
        return None;
    }
    text.split_whitespace().nth(1)?;
    let values: Vec<&str> = text.split_whitespace().collect();
    values.iter().all(|v| looks_like_value(v)).then_some(values)
}

/// Whether values may be one number with blanks in it: 1 234, or 2 0.
fn may_be_one(text: &str, values: &[&str]) -> bool {
    let parted = text.contains('\n') || text.contains("  ") || text.contains('\t');
    let letter_spaced = !parted && values.len() < MANY && values[0] != "0" && values.iter().all(|v| v.len() == 1);
    let thousands = !text.contains('\n') && values[0].len() <= 3 && values[1..].iter().all(|v| v.len() == 3);
    letter_spaced || thousands
}

/// Whether values may be one number that the end of a line has broken: no part is longer than the first, which fills its line.
fn may_be_broken(text: &str, values: &[&str]) -> bool {
    text.contains('\n')
        && !values[0].starts_with('0')
        && values[0].ends_with(|c: char| c.is_ascii_digit())
        && values[1..].iter().all(|v| v.len() <= values[0].len())
}

fn spread(row: &mut Row<'_>, at: usize, values: Vec<String>) {
    let first = row.cells.get(at).or(row.cells.last()).map_or(0, |c| c.column);
    row.cells.truncate(at);
    let cell = |(n, value)| Cell { text: Cow::Owned(value), column: first.saturating_add(n), columns: 1, rows: 1 };
    row.cells.extend((0u16..).zip(values).map(cell));
}
