//! A table while it is being built: the edges of its columns and rows on the page, and its cells.
//! Glyphs are given to cells word by word, so that a number too wide for its column stays whole.

use super::Glyph;
use super::lines::{Line, is_wide, lines};
use crate::document::{self, Grid, Place, Row, SEAM};
use std::borrow::Cow;

/// A table on one page, or joined over several.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::decode) struct Table {
    /// Edges of the columns, one more than there are columns.
    pub xs: Vec<f32>,
    /// Edges of the rows, one more than there are rows; those of the first page once it is joined.
    pub ys: Vec<f32>,
    /// Cells by the row and column where they begin.
    pub cells: Vec<Cell>,
    /// Pages on which its rows stand, 1-based; empty while it is on one page.
    pub pages: Vec<u32>,
    /// Its first row has no border above.
    pub open_top: bool,
    /// Its last row has no border below.
    pub open_bottom: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::decode) struct Cell {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
    pub text: String,
    /// Its last line reaches to its border, so that the text may go on.
    pub full: bool,
}

impl Cell {
    pub fn new(row: usize, column: usize, rows: usize, columns: usize) -> Cell {
        Cell { row, column, rows, columns, text: String::new(), full: false }
    }
}

impl Table {
    pub fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    pub fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    pub fn top(&self) -> f32 {
        self.ys.first().copied().unwrap_or_default()
    }

    pub fn bottom(&self) -> f32 {
        self.ys.last().copied().unwrap_or_default()
    }

    pub fn left(&self) -> f32 {
        self.xs.first().copied().unwrap_or_default()
    }

    pub fn right(&self) -> f32 {
        self.xs.last().copied().unwrap_or_default()
    }

    pub fn area(&self) -> f32 {
        (self.right() - self.left()) * (self.bottom() - self.top())
    }

    pub fn holds(&self, x: f32, y: f32) -> bool {
        (self.left()..self.right()).contains(&x) && (self.top()..self.bottom()).contains(&y)
    }

    /// The index of the cell over each field, row by row.
    fn fields(&self) -> Vec<usize> {
        let mut fields = vec![0; self.rows() * self.columns()];
        for (index, cell) in self.cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.rows {
                let first = row * self.columns() + cell.column;
                fields[first..first + cell.columns].fill(index);
            }
        }
        fields
    }

    /// The borders that cross a height, from left to right.
    pub fn walls_at(&self, y: f32) -> Vec<f32> {
        let row = self.ys.partition_point(|edge| *edge <= y).clamp(1, self.rows().max(1)) - 1;
        let here = self.cells.iter().filter(|c| (c.row..c.row + c.rows).contains(&row));
        let mut walls: Vec<f32> = here.flat_map(|c| [self.xs[c.column], self.xs[c.column + c.columns]]).collect();
        walls.sort_by(f32::total_cmp);
        walls.dedup();
        walls
    }

    /// Tells the cell at a place inside the table.
    pub fn finder(&self) -> impl Fn(f32, f32) -> usize {
        let fields = self.fields();
        move |x, y| {
            let column = self.xs.partition_point(|edge| *edge <= x).clamp(1, self.columns()) - 1;
            let row = self.ys.partition_point(|edge| *edge <= y).clamp(1, self.rows()) - 1;
            fields[row * self.columns() + column]
        }
    }

    /// Fills the cells with words; true if it is a table at all and not a frame around text.
    pub(super) fn fill(&mut self, words: &[Word<'_>]) -> bool {
        let cell_at = self.finder();
        let mut inside: Vec<Vec<&Glyph>> = vec![Vec::new(); self.cells.len()];
        for word in words {
            let (x, y) = word.at;
            inside[cell_at(x, y)].extend(&word.glyphs);
        }
        drop(cell_at);
        let filled = inside.iter().filter(|glyphs| !glyphs.is_empty()).count();
        // One short text may be the label of a row that is blank; a long one stands in a frame.
        let short = inside.iter().map(Vec::len).sum::<usize>() < 40;
        if self.columns() < 2 || filled == 0 || filled == 1 && !short {
            return false;
        }
        let written: Vec<Vec<Line<'_>>> = inside.iter().map(|glyphs| lines(glyphs)).collect();
        // What a column keeps free at its sides is seen at its fullest line.
        let mut fullest = vec![0.0f32; self.columns()];
        for (cell, lines) in self.cells.iter().zip(&written).filter(|(c, _)| c.columns == 1) {
            fullest[cell.column] = lines.iter().map(Line::width).fold(fullest[cell.column], f32::max);
        }
        for (cell, lines) in self.cells.iter_mut().zip(&written) {
            let width = self.xs[cell.column + cell.columns] - self.xs[cell.column];
            (cell.text, cell.full) = text(lines, width, if cell.columns == 1 { fullest[cell.column] } else { 0.0 });
        }
        true
    }
}

impl Table {
    /// As a grid of a document.
    pub fn into_grid(self, number: u32) -> Grid<'static> {
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let page = |row: usize| self.pages.get(row).copied().unwrap_or_default();
        let mut rows: Vec<Row<'static>> =
            (0..self.rows()).map(|row| Row { number: row as u32 + 1, at: Place { page: page(row), line: 0 }, cells: Vec::new(), loose: false }).collect();
        for cell in self.cells {
            let text = Cow::Owned(cell.text);
            rows[cell.row].cells.push(document::Cell { text, column: small(cell.column), columns: small(cell.columns), rows: small(cell.rows) });
        }
        Grid { number, rows }
    }
}

/// Glyphs that no border parts, and the place that says in which cell they stand.
#[derive(Debug, Clone)]
pub(super) struct Word<'p> {
    pub glyphs: Vec<&'p Glyph>,
    pub at: (f32, f32),
}

impl<'p> Word<'p> {
    /// A word that stands where its middle is, without the blanks around it; none if it is all blank.
    pub fn new(glyphs: Vec<&'p Glyph>) -> Option<Word<'p>> {
        let first = glyphs.iter().find(|g| !g.is_blank())?;
        let last = glyphs.iter().rev().find(|g| !g.is_blank())?;
        let at = ((first.x + last.right()) / 2.0, first.height());
        Some(Word { glyphs, at })
    }
}

/// The text of a cell, and whether its last line is full. A number that its narrow column broke is put
/// together again; every other line break stays.
/// `fullest` is the width of the fullest line of its column.
fn text(lines: &[Line<'_>], width: f32, fullest: f32) -> (String, bool) {
    let mut out = String::new();
    let widest = lines.iter().map(Line::width).fold(0.0, f32::max);
    let full = |line: &Line<'_>| line.width() > widest - 0.8 * line.size && width - line.width() < 1.6 * line.size;
    let too_wide = |line: &Line<'_>| line.width() > fullest - 0.8 * line.size && width - line.width() < 2.6 * line.size;
    let is_numeric = |t: &str| t.chars().all(|c| c.is_ascii_digit() || is_of_number(c) || matches!(c, '.' | ',' | SEAM));
    let mut goes_on = false;
    for (index, line) in lines.iter().enumerate() {
        let text = line.text();
        let numeric = is_numeric(&text) && is_numeric(&out);
        if index > 0 {
            out.push(if goes_on && numeric { SEAM } else { '\n' });
        }
        out.push_str(&text);
        goes_on = full(line) || numeric && fullest > 0.0 && too_wide(line);
    }
    (out, goes_on)
}

/// The words of lines: what no line break and no border may part. `walls` says whether a border stands
/// between two places on a height.
pub(super) fn words<'p>(line: &Line<'p>, walls: impl Fn(f32, f32, f32) -> bool) -> Vec<Vec<&'p Glyph>> {
    let mut words: Vec<Vec<&Glyph>> = Vec::new();
    let mut last: Option<&Glyph> = None;
    for glyph in &line.glyphs {
        if glyph.is_blank() {
            words.last_mut().into_iter().for_each(|word| word.push(glyph));
            last = None;
            continue;
        }
        let apart = last.is_none_or(|before| {
            let gap = glyph.x - before.right();
            let wide = |g: &Glyph| matches!(g.text, super::Text::One(c) if is_wide(c) && !is_of_number(c));
            // Full-width digits bring blanks of their own.
            let most = if matches!(glyph.text, super::Text::One(c) if is_wide(c)) { 0.02 } else { 0.1 };
            wide(before) || wide(glyph) || gap > 0.3 * glyph.size || gap > most * glyph.size && walls(before.right(), glyph.x, glyph.height())
        });
        match words.last_mut() {
            Some(word) if !apart => word.push(glyph),
            _ => words.push(vec![glyph]),
        }
        last = Some(glyph);
    }
    words
}

/// Whether a character is part of a number in full-width digits.
fn is_of_number(c: char) -> bool {
    matches!(c, '０'..='９' | '．' | '，')
}

/// Whether a text is what may stand behind a number.
pub(super) fn is_unit(text: &str) -> bool {
    matches!(text.trim(), "%" | "元" | "万元" | "件" | "项" | "条")
}

/// Whether a text is a number, with a unit or without, or a mark in its place.
pub(super) fn is_value(text: &str) -> bool {
    let text = text.trim();
    let number = text.trim_start_matches(['-', '—', '－', '+']);
    let unit = number.trim_start_matches(|c: char| c.is_ascii_digit() || is_of_number(c) || matches!(c, '.' | ',' | '\n' | SEAM));
    number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '０'..='９')) && (unit.is_empty() || is_unit(unit))
        || matches!(text, "-" | "—" | "－" | "/" | "／" | "——" | "--")
}

/// Whether a text begins with a number of its own: 三、 （四） 1. ①
pub(in crate::decode) fn begins_anew(text: &str) -> bool {
    let text = text.trim_start();
    let mut chars = text.chars();
    let (first, second) = (chars.next().unwrap_or(' '), chars.next().unwrap_or(' '));
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    match first {
        '（' | '(' | '第' => numeral(second),
        '①'..='⑳' | '㈠'..='㈩' | '⑴'..='⒛' => true,
        c if numeral(c) => matches!(second, '.' | '．' | '、' | ')' | '）') || numeral(second),
        _ => false,
    }
}
