//! Pages as drawn, and how they become paragraphs and grids. PDF and OFD (and recognised scans) say in
//! the end only which glyph stands where and which lines are ruled; everything else is inferred here.

mod aligned;
mod breaks;
mod joints;
mod layout;
mod lines;
mod margins;
mod prose;
mod radicals;
pub(super) mod ruled;
mod spill;
mod table;
#[cfg(test)]
mod tests;

use super::limits::{Limits, Reached};
use crate::document::{Block, Document, Paragraph, Place};
use crate::finding::Finding;
use layout::{Piece, Sheet};
pub(super) use lines::is_wide;
use std::borrow::Cow;
pub(super) use table::{Table, begins_anew};

/// One page. Lengths are points; x grows to the right and y downward from the upper left corner of
/// the page as it is shown, so rotation is undone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Width of the page.
    pub width: f32,
    /// Height of the page.
    pub height: f32,
    /// What is printed, in the order of drawing.
    pub glyphs: Vec<Glyph>,
    /// The ruled lines, in the order of drawing.
    pub rulings: Vec<Ruling>,
}

/// A printed character, or several that one shape stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its text; U+FFFD where the file does not tell.
    pub text: Text,
    /// Left end of its base line.
    pub x: f32,
    /// Its base line.
    pub y: f32,
    /// How far the pen moves on.
    pub width: f32,
    /// Size of the font.
    pub size: f32,
}

/// The text of a glyph: nearly always one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// One character.
    One(char),
    /// A ligature.
    Several(Box<str>),
}

/// A thin straight line, level or upright: the border of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruling {
    /// Left end.
    pub left: f32,
    /// Upper end.
    pub top: f32,
    /// Right end; equals `left` for upright lines.
    pub right: f32,
    /// Lower end; equals `top` for level lines.
    pub bottom: f32,
}

/// Numbers of pages in short: 1–3, 7.
fn spans(pages: &[u32]) -> String {
    let spans: Vec<String> = pages
        .chunk_by(|a, b| a + 1 == *b)
        .filter_map(|span| match span {
            [] => None,
            [one] => Some(one.to_string()),
            [first, .., last] => Some(format!("{first}–{last}")),
        })
        .collect();
    spans.join(", ")
}

/// How many pictures of a page of text are large enough to be tables, by the parts of the page that they cover: a
/// picture may be cut into strips.
pub(super) fn large(parts: impl Iterator<Item = f32>) -> usize {
    const LARGE: f32 = 0.08;
    let (mut count, mut covered) = (0, 0.0);
    for part in parts {
        count += usize::from(part > LARGE);
        covered += part;
    }
    count.max(usize::from(covered > LARGE))
}

/// What to say of large pictures on pages of text, given how many each page has.
pub(super) fn pictures(large: impl Iterator<Item = usize>) -> Option<Finding> {
    let found: Vec<(u32, usize)> = (1..).zip(large).filter(|(_, count)| *count > 0).collect();
    let count: usize = found.iter().map(|(_, count)| count).sum();
    let (first, _) = found.first()?;
    Some(Finding::new("report.pictures").at(Place { page: *first, line: 0 }).with("found", count.to_string()))
}

/// What a person should know of pages: the rule, and of which of all pages, in their order, it is so; none if of none.
pub(super) fn told(rule: &str, is_so: impl Iterator<Item = bool>) -> Option<Finding> {
    let pages: Vec<u32> = (1..).zip(is_so).filter(|(_, so)| *so).map(|(number, _)| number).collect();
    let first = pages.first()?;
    Some(Finding::new(rule).at(Place { page: *first, line: 0 }).with("found", spans(&pages)))
}

/// What the pages of one file show, in reading order. Places hold the page; drawn pages have no lines.
///
/// # Errors
/// The limit that a page has reached.
pub fn document(pages: &[Page], limits: &Limits) -> Result<Document<'static>, Reached> {
    if pages.iter().any(|p| p.glyphs.len() + p.rulings.len() > limits.page_marks) {
        return Err(Reached::new("page_marks", limits.page_marks));
    }
    let mut sheets: Vec<Sheet<'_>> = (1..).zip(pages).map(|(number, page)| layout::sheet(page, number, limits.table_cells)).collect();
    margins::strip(&mut sheets);
    let mut columns = aligned::Columns::default();
    for (sheet, page) in sheets.iter_mut().zip(pages) {
        aligned::tables(sheet, page, &mut columns);
    }
    Ok(assemble(sheets))
}

/// The pieces of all pages as one document.
fn assemble(sheets: Vec<Sheet<'_>>) -> Document<'static> {
    let frames = prose::frames(&sheets);
    let mut writer = Writer::default();
    for (sheet, frame) in sheets.into_iter().zip(frames) {
        let mut first = true;
        for piece in sheet.pieces {
            match piece {
                Piece::Line(line) => writer.line(prose::Row::new(&line, sheet.number, frame)),
                Piece::Table(table) => writer.table(table, sheet.number, first),
            }
            first = false;
        }
    }
    writer.close_table();
    writer.document
}

/// Writes a document piece by piece; the last table and the last line may go on.
#[derive(Default)]
struct Writer {
    document: Document<'static>,
    table: Option<Table>,
    last: Option<prose::Row>,
    grids: u32,
}

impl Writer {
    fn line(&mut self, row: prose::Row) {
        self.close_table();
        let goes_on = self.last.as_ref().is_some_and(|last| last.goes_on_in(&row));
        match self.document.blocks.last_mut() {
            Some(Block::Paragraph(paragraph)) if goes_on => prose::append(paragraph.text.to_mut(), &row.text),
            _ => {
                let at = Place { page: row.page, line: 0 };
                self.document.blocks.push(Block::Paragraph(Paragraph { text: Cow::Owned(row.text.clone()), heading: row.is_heading(), at }));
            }
        }
        self.last = Some(row);
    }

    fn table(&mut self, mut table: Table, page: u32, first: bool) {
        table.pages = vec![page; table.rows()];
        self.last = None;
        match &mut self.table {
            Some(above) if first && breaks::goes_on(above, &table) => breaks::join(above, table),
            _ => {
                self.close_table();
                self.table = Some(table);
            }
        }
    }

    fn close_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        self.grids += 1;
        self.document.blocks.push(Block::Grid(table.into_grid(self.grids)));
    }
}
