//! One page to its pieces from top to bottom: ruled tables with their text, and the lines of text
//! around them.

use super::lines::{Line, lines, visible};
use super::table::{Table, Word, words};
use super::{Glyph, Page, joints, ruled, spill};

/// A page taken apart.
#[derive(Debug)]
pub(super) struct Sheet<'p> {
    pub number: u32,
    pub width: f32,
    pub height: f32,
    /// From top to bottom.
    pub pieces: Vec<Piece<'p>>,
}

/// A piece of a page.
#[derive(Debug)]
pub(super) enum Piece<'p> {
    Line(Line<'p>),
    Table(Table),
}

impl Piece<'_> {
    pub fn top(&self) -> f32 {
        match self {
            Piece::Line(line) => line.y - line.size * 0.8,
            Piece::Table(table) => table.top(),
        }
    }
}

/// Takes a page apart. Tables of more than `most` cells are drawings.
pub(super) fn sheet(page: &Page, number: u32, most: usize) -> Sheet<'_> {
    let glyphs = visible(page);
    let mut rulings = page.rulings.clone();
    rulings.extend(joints::uprights(&page.rulings, &glyphs));
    let mut tables = ruled::tables(&rulings, most);
    // A word belongs to the innermost table around it; a frame with one cell is none.
    loop {
        let (spilled, glyphs) = spill::part(&glyphs, &tables);
        let rows = lines(&glyphs);
        let mut inside: Vec<Vec<Word<'_>>> = vec![Vec::new(); tables.len()];
        let mut outside: Vec<&Glyph> = Vec::new();
        for row in &rows {
            let walls = |left: f32, right: f32, y: f32| {
                let between = |t: &Table| t.holds(left, y) && t.xs.iter().any(|x| (left..=right).contains(x));
                tables.iter().any(between)
            };
            for word in words(row, walls).into_iter().filter_map(Word::new) {
                match tables.iter().rposition(|t| t.holds(word.at.0, word.at.1)) {
                    Some(table) => inside[table].push(word),
                    None => outside.extend(word.glyphs),
                }
            }
        }
        for word in spilled {
            match tables.iter().rposition(|t| t.holds(word.at.0, word.at.1)) {
                Some(table) => inside[table].push(word),
                None => outside.extend(word.glyphs),
            }
        }
        let before = tables.len();
        let mut inside = inside.iter();
        tables.retain_mut(|table| inside.next().is_some_and(|words| table.fill(words)));
        if tables.len() == before {
            let mut pieces: Vec<Piece<'_>> = lines(&outside).into_iter().map(Piece::Line).collect();
            pieces.extend(tables.into_iter().map(Piece::Table));
            pieces.sort_by(|a, b| a.top().total_cmp(&b.top()));
            return Sheet { number, width: page.width, height: page.height, pieces };
        }
    }
}
