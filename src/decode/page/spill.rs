//! Text too long for its cell, which some programs print over the cells beside it. Drawn in one go, it belongs as a
//! whole to the cell in which it was set, or its letters would be mixed with the numbers that it lies over.

use super::lines::is_wide;
use super::table::{Table, Word};
use super::{Glyph, Text};

/// Parts glyphs, in the order of drawing, into texts that run over borders and all others.
pub(super) fn part<'p>(glyphs: &[&'p Glyph], tables: &[Table]) -> (Vec<Word<'p>>, Vec<&'p Glyph>) {
    let (mut spilled, mut others) = (Vec::new(), Vec::with_capacity(glyphs.len()));
    for stroke in glyphs.chunk_by(|a, b| follows(a, b)) {
        match tables.iter().rev().find_map(|table| Spilled::of(stroke, table)) {
            Some(text) => spilled.push((stroke, text)),
            None => others.extend(stroke),
        }
    }
    // Where one text may be either, the others of the page tell.
    let (begin, centred) = (spilled.iter().filter(|(_, s)| s.begins).count(), spilled.iter().filter(|(_, s)| s.centred).count());
    let word = |(stroke, text): (&[&'p Glyph], Spilled)| {
        let from_left = text.begins && !(text.centred && centred > begin);
        Word { glyphs: stroke.to_vec(), at: (if from_left { text.first } else { text.middle }, text.height) }
    };
    (spilled.into_iter().map(word).collect(), others)
}

/// A text that runs over the borders of its cell.
struct Spilled {
    /// The middle of its first letter, and its own.
    first: f32,
    middle: f32,
    height: f32,
    /// Whether a cell begins where it does.
    begins: bool,
    /// Whether it has the middle of a cell.
    centred: bool,
}

impl Spilled {
    /// None if a text does not run over a border of the table.
    fn of(stroke: &[&Glyph], table: &Table) -> Option<Spilled> {
        const FEWEST: usize = 4;
        let (first, last) = (stroke.first()?, stroke.last()?);
        let height = first.height();
        if stroke.len() < FEWEST || !is_label(stroke) || !table.holds(first.middle(), height) {
            return None;
        }
        // A border between two letters may part two texts; one that cuts a letter, or stands within brackets, does not.
        let mark = |marks: &str, beyond: &dyn Fn(&Glyph) -> bool| stroke.iter().any(|g| matches!(g.text, Text::One(c) if marks.contains(c)) && beyond(g));
        let inside = |x: f32| mark("“‘（(《", &|g| g.x < x) && mark("”’）)》", &|g| g.right() > x);
        let cuts = |x: f32| stroke.iter().any(|g| g.x + 0.2 * g.width < x && x < g.right() - 0.2 * g.width) || inside(x);
        let walls = table.walls_at(height);
        walls.iter().find(|x| cuts(**x))?;
        let cell = |x: f32| walls.windows(2).find(|w| w[0] <= x && x < w[1]);
        let middle = (first.x + last.right()) / 2.0;
        let begins = cell(first.middle()).is_some_and(|w| first.x - w[0] < 1.5 * first.size);
        let centred = cell(middle).is_some_and(|w| (middle - (w[0] + w[1]) / 2.0).abs() < 0.2 * first.size);
        Some(Spilled { first: first.middle(), middle, height, begins, centred })
    }
}

/// Whether a glyph was set right behind another. Marks are often narrower or wider than their font says.
fn follows(before: &Glyph, glyph: &Glyph) -> bool {
    let letter = |g: &Glyph| matches!(g.text, Text::One(c) if c.is_alphanumeric());
    let digit = |g: &Glyph| matches!(g.text, Text::One(c) if c.is_ascii_digit());
    let loose = !(digit(before) || digit(glyph) || letter(before) && letter(glyph));
    let slack = if loose { 0.6 } else { 0.08 } * glyph.size;
    (glyph.y - before.y).abs() < 0.02 * glyph.size && (glyph.size - before.size).abs() < 0.08 * glyph.size && (glyph.x - before.right()).abs() < slack
}

/// Whether glyphs are words, not a number with its unit.
fn is_label(glyphs: &[&Glyph]) -> bool {
    glyphs.iter().filter(|g| matches!(g.text, Text::One(c) if is_wide(c) && c.is_alphabetic())).count() > 2
}
