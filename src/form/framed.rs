//! Prose that stands in tables: a sheet saved as a web page is one table with the report's title, headings and paragraphs
//! in it, each alone in its row. What no form calls a label and stands alone so is taken out of the table as a paragraph.

use super::Forms;
use super::heading::heading;
use super::value::looks_like_value;
use super::vocabulary::Memo;
use crate::document::{Block, Cell, Document, Grid, Paragraph, Row};
use std::borrow::Cow;

impl Forms {
    /// Makes paragraphs of the rows that are prose. The rows left keep the numbers of their table and their own.
    pub fn unframe<'t>(&self, document: &mut Document<'t>, memo: &mut Memo) {
        let alone = |block: &Block<'_>| matches!(block, Block::Grid(grid) if grid.rows.iter().any(|row| lone(row).is_some()));
        if !document.blocks.iter().any(alone) {
            return;
        }
        let mut blocks = Vec::with_capacity(document.blocks.len());
        for block in std::mem::take(&mut document.blocks) {
            match block {
                Block::Grid(grid) => self.part(grid, &mut blocks, memo),
                paragraph @ Block::Paragraph(_) => blocks.push(paragraph),
            }
        }
        document.blocks = blocks;
    }

    fn part<'t>(&self, grid: Grid<'t>, blocks: &mut Vec<Block<'t>>, memo: &mut Memo) {
        let (number, width) = (grid.number, grid.width());
        let mut rows: Vec<Row<'t>> = Vec::new();
        // What begins with a table begins with its title; and lines of prose follow each other.
        let mut among_prose = blocks.is_empty();
        for row in grid.rows {
            among_prose = match lone(&row) {
                Some(cell) => self.is_prose(cell, width, among_prose, memo),
                None => row.cells.iter().all(Cell::is_blank) && among_prose,
            };
            match lone(&row).filter(|_| among_prose) {
                Some(cell) => {
                    close(&mut rows, number, blocks);
                    let line = |text: &str| Paragraph { text: Cow::Owned(text.trim().to_string()), heading: false, at: row.at };
                    blocks.extend(cell.text.lines().filter(|line| !line.trim().is_empty()).map(line).map(Block::Paragraph));
                }
                None => rows.push(row),
            }
        }
        close(&mut rows, number, blocks);
    }

    /// Whether a text alone in its row is none of the table's.
    fn is_prose(&self, cell: &Cell<'_>, width: u16, among_prose: bool, memo: &mut Memo) -> bool {
        let text = cell.text.trim();
        let known = |memo: &mut Memo| self.vocabulary.labels(text, memo).is_none_or(|labels| labels.iter().any(|label| !label.words.is_empty()));
        let apart = is_sentence(text) || among_prose || cell.column == 0 && cell.columns >= width || heading(text, false, self).is_some();
        apart && !looks_like_value(text) && !known(memo)
    }
}

/// The one cell of a row that holds text; none if there are several.
fn lone<'r, 't>(row: &'r Row<'t>) -> Option<&'r Cell<'t>> {
    let mut filled = row.cells.iter().filter(|cell| !cell.is_blank());
    filled.next().filter(|_| filled.next().is_none())
}

fn is_sentence(text: &str) -> bool {
    text.contains('。')
}

fn close<'t>(rows: &mut Vec<Row<'t>>, number: u32, blocks: &mut Vec<Block<'t>>) {
    if !rows.is_empty() {
        blocks.push(Block::Grid(Grid { number, rows: std::mem::take(rows) }));
    }
}
