//! A table of a document: cells to columns and rows, merged ones among them. Tables that only lay a
//! page out give back what they hold.

use super::super::prose::{is_numbered, is_prose};
use super::super::{Limits, Unreadable, within};
use super::properties::{CellProperties, Merge, RowProperties};
use crate::document::{Block, Cell, Grid, Paragraph, Place, Row};
use std::borrow::Cow;

/// Most columns that a cell may claim to cover; word processors allow 63.
const WIDEST_SPAN: u16 = 64;

/// A table that is being read.
pub(super) struct Table {
    /// 1-based number in the file.
    number: u32,
    rows: Vec<Vec<TableCell>>,
    /// Cells so far, covered places among them.
    places: usize,
    pub row: RowProperties,
    pub cell: CellProperties,
    /// The cells of the row that is being read.
    open: Vec<(CellProperties, Vec<Block<'static>>)>,
    /// The first cells of merges that reach down to the row before: column, row, cell.
    merges: Vec<(u16, usize, usize)>,
}

struct TableCell {
    blocks: Vec<Block<'static>>,
    column: u16,
    columns: u16,
    rows: u16,
}

impl Table {
    pub fn new(number: u32) -> Table {
        Table { number, rows: Vec::new(), places: 0, row: RowProperties::default(), cell: CellProperties::default(), open: Vec::new(), merges: Vec::new() }
    }

    pub fn begin_row(&mut self) {
        self.row = RowProperties::default();
        self.open.clear();
    }

    pub fn begin_cell(&mut self) {
        self.cell = CellProperties::default();
    }

    /// Ends a cell that holds these blocks.
    pub fn end_cell(&mut self, properties: CellProperties, blocks: Vec<Block<'static>>) {
        match self.open.last_mut() {
            Some((before, held)) if properties.across == Merge::Covered => {
                before.columns = before.columns.saturating_add(properties.columns.max(1));
                held.extend(blocks.into_iter().filter(|b| !is_blank(b)));
            }
            _ => self.open.push((properties, blocks)),
        }
    }

    pub fn end_row(&mut self, limits: &Limits) -> Result<(), Unreadable> {
        let row = self.rows.len();
        let mut column = self.row.before.min(WIDEST_SPAN);
        let mut cells: Vec<TableCell> = Vec::new();
        let mut merges = Vec::new();
        for (properties, blocks) in std::mem::take(&mut self.open) {
            let columns = properties.columns.clamp(1, WIDEST_SPAN);
            self.places += usize::from(columns);
            let above = self.merges.iter().find(|m| m.0 == column && properties.down == Merge::Covered).copied();
            if let Some((_, first, cell)) = above {
                // What a covered cell holds is not shown.
                let first = &mut self.rows[first][cell];
                first.rows = first.rows.saturating_add(1);
                merges.extend(above);
            } else {
                if properties.down != Merge::None {
                    merges.push((column, row, cells.len()));
                }
                cells.push(TableCell { blocks, column, columns, rows: 1 });
            }
            column = column.saturating_add(columns);
        }
        within("table_cells", self.places, limits.table_cells)?;
        if !self.row.deleted {
            self.merges = merges;
            self.rows.push(cells);
        }
        Ok(())
    }

    /// What the table shows: a grid, or several where prose stands between its rows.
    pub fn end(self) -> Vec<Block<'static>> {
        let width = self.rows.iter().flatten().map(|c| c.column.saturating_add(c.columns)).max().unwrap_or(0);
        let single = self.rows.iter().all(|cells| cells.len() <= 1);
        let mut shown = Vec::new();
        let mut rows: Vec<Row<'static>> = Vec::new();
        for (number, cells) in (1u32..).zip(self.rows) {
            let prose = match cells.as_slice() {
                [cell] => cell.column == 0 && cell.columns >= width && cell.blocks.iter().any(reads_like_prose),
                _ => false,
            };
            let nested = cells.iter().flat_map(|c| &c.blocks).any(|b| matches!(b, Block::Grid(_)));
            if single || prose || nested {
                flush(&mut rows, self.number, &mut shown);
                shown.extend(cells.into_iter().flat_map(|c| c.blocks));
            } else {
                let cells = cells.into_iter().map(|c| Cell { text: Cow::Owned(text_of(c.blocks)), column: c.column, columns: c.columns, rows: c.rows });
                rows.push(Row { number, at: Place::default(), cells: cells.collect(), loose: false });
            }
        }
        flush(&mut rows, self.number, &mut shown);
        shown
    }
}

fn flush(rows: &mut Vec<Row<'static>>, number: u32, shown: &mut Vec<Block<'static>>) {
    if !rows.is_empty() {
        shown.push(Block::Grid(Grid { number, rows: std::mem::take(rows) }));
    }
}

fn is_blank(block: &Block<'_>) -> bool {
    matches!(block, Block::Paragraph(p) if p.text.trim().is_empty())
}

fn reads_like_prose(block: &Block<'_>) -> bool {
    matches!(block, Block::Paragraph(p) if is_prose(&p.text) || is_numbered(&p.text))
}

/// The paragraphs of a cell as its lines.
fn text_of(blocks: Vec<Block<'static>>) -> String {
    let mut lines = blocks.into_iter().filter_map(|b| if let Block::Paragraph(Paragraph { text, .. }) = b { Some(text) } else { None });
    let first = lines.next().unwrap_or_default().into_owned();
    let text = lines.fold(first, |all, line| all + "\n" + &line);
    if text.starts_with('\n') || text.ends_with('\n') { text.trim_matches('\n').to_string() } else { text }
}
