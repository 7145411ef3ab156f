//! Spreadsheets: XLSX, ODS, XLS. Each format gives the filled cells of its sheets; here they become
//! paragraphs and grids. Everything in a spreadsheet stands in cells, prose too, so a row that holds
//! one text alone has to be told apart from a row of a table that is blank but for its label.
//!
//! The place of a cell is told as a person finds it: the number of its sheet, its row and its column.

mod number;
mod ods;
mod xls;
mod xlsx;

use super::package;
use super::prose::{is_numbered, is_prose};
use super::{Limits, Reached, Unreadable, within};
use crate::document::{Block, Cell, Document, Grid, Paragraph, Place, Row};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) use ods::read as read_ods;
pub(super) use xls::{is_xls, read as read_xls};
pub(super) use xlsx::read as read_xlsx;

/// Whether bytes are a workbook of Excel 2007 or later.
pub(super) fn is_xlsx(bytes: &[u8]) -> bool {
    package::has_part(bytes, "xl/workbook")
}

/// Whether bytes are a spreadsheet of OpenDocument: its type stands at the very beginning.
pub(super) fn is_ods(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(160)];
    bytes.starts_with(package::ZIP) && memchr::memmem::find(head, b"opendocument.spreadsheet").is_some()
}

/// The filled cells of one sheet. Rows and columns are counted from 0.
#[derive(Default)]
struct Sheet {
    rows: BTreeMap<u32, SheetRow>,
    merges: Vec<Merge>,
}

#[derive(Default)]
struct SheetRow {
    cells: Vec<(u16, String)>,
    /// Cells that are there without text: the blank cells of a table have borders.
    drawn: usize,
}

/// Cells shown as one.
#[derive(Clone, Copy)]
struct Merge {
    row: u32,
    column: u16,
    last_row: u32,
    last_column: u16,
}

/// What the sheets of one file hold so far, for the limits.
struct Measure<'l> {
    cells: usize,
    /// Cells without text.
    blank: usize,
    bytes: u64,
    limits: &'l Limits,
}

impl<'l> Measure<'l> {
    fn new(limits: &'l Limits) -> Measure<'l> {
        Measure { cells: 0, blank: 0, bytes: 0, limits }
    }

    /// Counts a cell without text. Sheets may be drawn far beyond what they hold.
    fn pass(&mut self) -> Result<(), Unreadable> {
        const BLANK_TO_FILLED: usize = 10;
        self.blank += 1;
        Ok(within("table_cells", self.blank / BLANK_TO_FILLED, self.limits.table_cells)?)
    }

    /// Counts a cell.
    fn take(&mut self, text: &str) -> Result<(), Unreadable> {
        self.cells += 1;
        self.bytes += text.len() as u64;
        within("table_cells", self.cells, self.limits.table_cells)?;
        if self.bytes > self.limits.unpacked_mib << 20 {
            return Err(Reached { name: "unpacked_mib", value: self.limits.unpacked_mib }.into());
        }
        Ok(())
    }
}

/// A row of a sheet with its merged cells.
struct ShownRow {
    number: u32,
    cells: Vec<Cell<'static>>,
    drawn: usize,
}

impl ShownRow {
    fn texts(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_blank()).count()
    }

    fn end(&self) -> u16 {
        self.cells.iter().filter(|c| !c.is_blank()).map(|c| c.column.saturating_add(c.columns)).max().unwrap_or(0)
    }
}

/// What a row of a sheet is to a reader.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Prose,
    TableRow,
    /// A numbered line between rows: a heading, or a row that is blank but for its label.
    Either,
    /// Right below a table and under one of its labels: its last row, blank but for the label, or what follows it.
    Last,
}

/// The document that the sheets make, in their order.
fn document(sheets: Vec<(u32, Sheet)>, limits: &Limits) -> Result<Document<'static>, Unreadable> {
    let mut document = Document::default();
    for (number, sheet) in sheets {
        sheet.show(number, limits, &mut document.blocks)?;
    }
    Ok(document)
}

impl Sheet {
    fn show(self, number: u32, limits: &Limits, blocks: &mut Vec<Block<'static>>) -> Result<(), Unreadable> {
        let rows = self.merged(limits)?;
        let kinds = kinds(&rows);
        let mut table: Vec<ShownRow> = Vec::new();
        let mut places = 0;
        for (index, (row, kind)) in rows.into_iter().zip(&kinds).enumerate() {
            let gap = table.last().is_some_and(|last| last.number + 1 < row.number);
            if gap {
                table.extend(blank_below(&table));
            }
            if matches!(kind, Kind::Prose | Kind::Either) || gap {
                blocks.extend(grid(std::mem::take(&mut table), number, &mut places, limits)?);
            }
            if *kind != Kind::TableRow {
                let at = Place::line(row.number);
                for cell in row.cells.iter().filter(|c| !c.is_blank()) {
                    let lines = cell.text.split('\n').map(str::trim).filter(|l| !l.is_empty());
                    let heading = index == 0 && !is_prose(&cell.text);
                    blocks.extend(lines.map(|line| Block::Paragraph(Paragraph { text: Cow::Owned(line.to_string()), heading, at })));
                }
            }
            if *kind != Kind::Prose {
                table.push(row);
            }
        }
        table.extend(blank_below(&table));
        blocks.extend(grid(table, number, &mut places, limits)?);
        Ok(())
    }

    /// The rows with merged cells as one; what covered cells hold is not shown.
    fn merged(mut self, limits: &Limits) -> Result<Vec<ShownRow>, Unreadable> {
        self.merges.sort_by_key(|m| m.row);
        let mut places = 0;
        let mut coming = self.merges.into_iter().peekable();
        let mut open: Vec<Merge> = Vec::new();
        let mut shown = Vec::with_capacity(self.rows.len());
        for (row, mut held) in self.rows {
            open.retain(|m| m.last_row >= row);
            while let Some(merge) = coming.next_if(|m| m.row <= row) {
                if merge.last_row >= row {
                    open.push(merge);
                }
            }
            places += open.len();
            within("table_cells", places, limits.table_cells)?;
            held.cells.sort_by_key(|c| c.0);
            let mut cells: Vec<Cell<'static>> = Vec::new();
            for (column, text) in held.cells {
                let over = open.iter().find(|m| m.column <= column && column <= m.last_column);
                let (columns, rows) = match over {
                    Some(m) if m.row == row && m.column == column => (m.last_column - m.column + 1, m.last_row - m.row + 1),
                    Some(_) => continue,
                    None => (1, 1),
                };
                cells.push(Cell { text: Cow::Owned(text), column, columns, rows: u16::try_from(rows).unwrap_or(u16::MAX) });
            }
            // A merged cell without text, and what a merge from above covers: neither may be taken for plain blank cells.
            let textless: Vec<Merge> = open.iter().copied().filter(|m| m.row < row || !cells.iter().any(|c| c.column == m.column)).collect();
            cells.extend(textless.iter().map(|m| {
                let rows = if m.row < row { COVERED } else { u16::try_from(m.last_row - m.row + 1).unwrap_or(u16::MAX) };
                Cell { text: Cow::Borrowed(""), column: m.column, columns: m.last_column - m.column + 1, rows }
            }));
            cells.sort_by_key(|c| c.column);
            shown.push(ShownRow { number: row + 1, cells, drawn: held.drawn });
        }
        Ok(shown)
    }
}

/// The rows of what is no cell but covered by one above.
const COVERED: u16 = 0;

/// Fewest cells without text that make a row with one text a row of a table.
const DRAWN: usize = 3;

fn kinds(rows: &[ShownRow]) -> Vec<Kind> {
    let full: Vec<bool> = rows.iter().map(|r| r.texts() >= 2).collect();
    let first = full.iter().position(|f| *f);
    let beside = |i: usize, j: usize| rows.get(j).is_some_and(|r| full[j] && r.number.abs_diff(rows[i].number) == 1);
    // A lone text in a table has rows of the table on both sides, other lone texts among them.
    let next = |i: usize| rows[i + 1].number - rows[i].number == 1;
    let (mut above, mut below) = (vec![false; rows.len()], vec![false; rows.len()]);
    for i in 1..rows.len() {
        above[i] = next(i - 1) && (full[i - 1] || above[i - 1]);
    }
    for i in (1..rows.len()).rev() {
        below[i - 1] = next(i - 1) && (full[i] || below[i]);
    }
    let inside = |i: usize| above[i] && below[i];
    let under_label = |i: usize, column: u16| {
        let table = (0..i).rev().find(|j| full[*j]).map(|j| &rows[j]);
        table.is_some_and(|r| r.cells.iter().any(|c| c.column == column && !c.is_blank()))
    };
    let kind = |i: usize, before: Option<Kind>| {
        let row = &rows[i];
        let Some(cell) = row.cells.iter().find(|c| !c.is_blank()) else {
            return if row.drawn >= DRAWN && first.is_some_and(|f| f < i) { Kind::TableRow } else { Kind::Prose };
        };
        if full[i] {
            return Kind::TableRow;
        }
        let nearby = || (i.saturating_sub(NEAR)..(i + NEAR).min(rows.len())).filter(|j| full[*j]).map(|j| &rows[j]);
        // Merged just as a label of a row nearby that has more texts.
        let same = |c: &Cell<'_>| !c.is_blank() && (c.column, c.columns) == (cell.column, cell.columns);
        if cell.columns >= 2 && (above[i] || below[i]) && nearby().any(|r| r.cells.iter().any(same)) {
            return Kind::TableRow;
        }
        let near: u16 = nearby().map(ShownRow::end).max().unwrap_or(0);
        let text = cell.text.trim();
        if is_prose(text) || cell.columns >= 2 && cell.column.saturating_add(cell.columns) >= near {
            Kind::Prose
        } else if is_numbered(text) && (beside(i, i + 1) || i > 0 && beside(i, i - 1)) {
            Kind::Either
        } else if row.drawn >= DRAWN && (beside(i, i + 1) || i > 0 && beside(i, i - 1)) || inside(i) {
            Kind::TableRow
        } else if matches!(before, Some(Kind::TableRow | Kind::Last)) && above[i] && !is_numbered(text) && under_label(i, cell.column) {
            Kind::Last
        } else {
            Kind::Prose
        }
    };
    let mut kinds: Vec<Kind> = Vec::with_capacity(rows.len());
    for i in 0..rows.len() {
        kinds.push(kind(i, kinds.last().copied()));
    }
    kinds
}

/// Rows above and below that tell how wide the table is that a row may belong to.
const NEAR: usize = 40;

/// The free row below a table: where nothing was filled in, the last row of a form leaves no other trace.
fn blank_below(table: &[ShownRow]) -> Option<ShownRow> {
    table.last().map(|last| ShownRow { number: last.number + 1, cells: Vec::new(), drawn: 0 })
}

/// The grid of some rows, with the blank cells between the filled ones.
fn grid(rows: Vec<ShownRow>, number: u32, places: &mut usize, limits: &Limits) -> Result<Option<Block<'static>>, Unreadable> {
    let filled = |r: &ShownRow| r.cells.iter().filter(|c| !c.is_blank()).map(|c| c.column).min();
    let Some(first) = rows.iter().filter_map(filled).min() else { return Ok(None) };
    let end = rows.iter().map(ShownRow::end).max().unwrap_or(first);
    *places += rows.len() * usize::from(end - first);
    within("table_cells", *places, limits.table_cells)?;
    let rows = rows.into_iter().map(|row| {
        let mut cells: Vec<Cell<'static>> = Vec::new();
        let mut next = first;
        for cell in row.cells.into_iter().filter(|c| c.column >= first && c.column < end) {
            cells.extend((next..cell.column).map(blank));
            next = next.max(cell.column.saturating_add(cell.columns));
            if cell.rows != COVERED {
                cells.push(cell);
            }
        }
        cells.extend((next..end).map(blank));
        Row { number: row.number, at: Place::line(row.number), cells, loose: false }
    });
    Ok(Some(Block::Grid(Grid { number, rows: rows.collect() })))
}

fn blank(column: u16) -> Cell<'static> {
    Cell { text: Cow::Borrowed(""), column, columns: 1, rows: 1 }
}
