//! The words for what a report shows, whatever its format: paragraphs and table grids, in reading
//! order, each knowing where it stands. Knows nothing of forms, offices or figures.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Stands in the text of a cell where a number was put together that its narrow cell broke over two lines; has no width.
pub const SEAM: char = '\u{2060}';

/// One decoded report. `'t` is the life of the decoded text, so that a plain text costs no copies.
#[derive(Debug, Default, PartialEq)]
pub struct Document<'t> {
    /// Paragraphs and tables in reading order.
    pub blocks: Vec<Block<'t>>,
}

/// A piece of a document.
#[derive(Debug, PartialEq)]
pub enum Block<'t> {
    /// Running text or a heading.
    Paragraph(Paragraph<'t>),
    /// A table as the file draws it; the form's table may lie over several of them.
    Grid(Grid<'t>),
}

/// A paragraph or heading, without its markup.
#[derive(Debug, PartialEq)]
pub struct Paragraph<'t> {
    /// The text; may hold line breaks where the file breaks its lines.
    pub text: Cow<'t, str>,
    /// Whether the file marks it as a heading. Depth is left out: conversions get it wrong.
    pub heading: bool,
    /// Where it begins.
    pub at: Place,
}

/// A table as drawn in the file. Rows may differ in length.
#[derive(Debug, PartialEq)]
pub struct Grid<'t> {
    /// 1-based number of the table in the file.
    pub number: u32,
    /// The rows, separators and all-blank artefacts of the format left out only if they hold no cell.
    pub rows: Vec<Row<'t>>,
}

/// A row of a grid.
#[derive(Debug, PartialEq)]
pub struct Row<'t> {
    /// 1-based number of the row in its grid.
    pub number: u32,
    /// Where it stands.
    pub at: Place,
    /// The cells that begin in this row, by rising column.
    pub cells: Vec<Cell<'t>>,
    /// Whether it is text without the markup of a table, so that cells that were blank may be lost.
    pub loose: bool,
}

/// A cell of a row.
#[derive(Debug, PartialEq)]
pub struct Cell<'t> {
    /// The text as it stands, inner line breaks as `\n`.
    pub text: Cow<'t, str>,
    /// 0-based column in which the cell begins.
    pub column: u16,
    /// Number of columns it covers, at least 1.
    pub columns: u16,
    /// Number of rows it covers, at least 1.
    pub rows: u16,
}

impl<'t> Block<'t> {
    /// The paragraph, if it is one.
    pub fn paragraph(&self) -> Option<&Paragraph<'t>> {
        if let Block::Paragraph(paragraph) = self { Some(paragraph) } else { None }
    }

    /// The grid, if it is one.
    pub fn grid_mut(&mut self) -> Option<&mut Grid<'t>> {
        if let Block::Grid(grid) = self { Some(grid) } else { None }
    }
}

impl Grid<'_> {
    /// The column behind its last one.
    pub fn width(&self) -> u16 {
        let last = |row: &Row<'_>| row.cells.last().map_or(0, |cell| cell.column.saturating_add(cell.columns));
        self.rows.iter().map(last).max().unwrap_or(0)
    }
}

/// Numbers the grids in their order.
pub fn number_grids(blocks: &mut [Block<'_>]) {
    for (number, grid) in (1..).zip(blocks.iter_mut().filter_map(Block::grid_mut)) {
        grid.number = number;
    }
}

impl Cell<'_> {
    /// Whether it holds nothing but blanks.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// Whether a character is a letter or digit; most are common Han characters, which need no table.
pub(crate) fn is_letter(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || c.is_alphanumeric()
}

/// A place in a file, as precisely as its format tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// 1-based page, for formats with pages; 0 = none.
    pub page: u32,
    /// 1-based line, for formats with lines; 0 = none.
    pub line: u32,
}

impl Place {
    /// The place of a line in a text file.
    pub fn line(line: u32) -> Self {
        Place { page: 0, line }
    }
}
