//! Tables with level lines only, drawn cell by cell: where the line below one cell meets that below the next, a
//! column ends, though no upright line says so. Words that run over such a place say that the cells there are one.

use super::lines::lines;
use super::{Glyph, Ruling};

/// Ends of lines closer together than this are one place.
const NEAR: f32 = 1.5;
/// A border of a cell is at least this long.
const SHORT: f32 = 5.0;
/// More lines than this are a drawing.
const MOST: usize = 2000;

/// Lines on one height.
struct Level {
    y: f32,
    /// From where to where they cover it, from left to right.
    parts: Vec<(f32, f32)>,
}

impl Level {
    fn left(&self) -> f32 {
        self.parts.first().map_or(0.0, |part| part.0)
    }

    fn right(&self) -> f32 {
        self.parts.iter().map(|part| part.1).fold(f32::NEG_INFINITY, f32::max)
    }

    /// Where one part ends and another begins.
    fn joints(&self) -> Vec<f32> {
        let meets = |x: &f32| self.parts.iter().any(|(left, _)| (left - x).abs() <= NEAR);
        let mut joints: Vec<f32> = self.parts.iter().map(|part| part.1).filter(meets).collect();
        joints.sort_by(f32::total_cmp);
        joints.dedup_by(|b, a| *b - *a <= NEAR);
        joints
    }

    /// Whether a line stands over the middle of a column.
    fn covers(&self, column: (f32, f32)) -> bool {
        let middle = (column.0 + column.1) / 2.0;
        self.parts.iter().any(|(left, right)| (*left..=*right).contains(&middle))
    }

    /// Whether it is of one table with the line above it: where both stand, they are parted at the same places.
    fn is_like(&self, above: &Level) -> bool {
        let (from, to) = (self.left().max(above.left()), self.right().min(above.right()));
        let within = |level: &Level| -> Vec<f32> { level.joints().into_iter().filter(|x| *x > from + NEAR && *x < to - NEAR).collect() };
        let (a, b) = (within(self), within(above));
        let shared = a.iter().filter(|x| b.iter().any(|y| (*x - y).abs() <= NEAR)).count();
        shared > 0 && shared * 5 >= a.len().max(b.len()) * 3
    }
}

/// The upright lines that the joints of level lines stand for.
pub(super) fn uprights(rulings: &[Ruling], glyphs: &[&Glyph]) -> Vec<Ruling> {
    let (level, upright): (Vec<&Ruling>, Vec<&Ruling>) = rulings.iter().partition(|r| r.right - r.left >= r.bottom - r.top);
    let levels = levels(&level);
    if levels.len() > MOST || level.len() > MOST * 4 {
        return Vec::new();
    }
    let tables = levels.chunk_by(|above, below| below.is_like(above));
    tables.filter(|table| !is_parted(table, &upright)).flat_map(|table| walls(table, glyphs)).collect()
}

fn levels(rulings: &[&Ruling]) -> Vec<Level> {
    let mut sorted: Vec<&Ruling> = rulings.iter().copied().filter(|r| r.right - r.left >= SHORT && r.top.is_finite()).collect();
    sorted.sort_by(|a, b| a.top.total_cmp(&b.top));
    let heights = sorted.chunk_by(|a, b| b.top - a.top <= NEAR);
    let level = |height: &[&Ruling]| {
        let mut parts: Vec<(f32, f32)> = height.iter().map(|r| (r.left, r.right)).collect();
        parts.sort_by(|a, b| a.0.total_cmp(&b.0));
        Level { y: height[0].top, parts }
    };
    heights.map(level).collect()
}

/// Whether upright lines part a table already, or it is none.
fn is_parted(table: &[Level], upright: &[&Ruling]) -> bool {
    let (Some(first), Some(last)) = (table.first(), table.last()) else { return true };
    let (left, right) = extent(table);
    let inside = |r: &&&Ruling| r.left > left + SHORT && r.left < right - SHORT && r.bottom > first.y + NEAR && r.top < last.y - NEAR;
    table.len() < 3 || upright.iter().any(|r| inside(&r))
}

fn extent(table: &[Level]) -> (f32, f32) {
    (table.iter().map(Level::left).fold(f32::INFINITY, f32::min), table.iter().map(Level::right).fold(f32::NEG_INFINITY, f32::max))
}

/// The walls of the cells of a table.
fn walls(table: &[Level], glyphs: &[&Glyph]) -> Vec<Ruling> {
    /// Lines of numbers in one row, at most: more are rows that no line parts.
    const LINES: usize = 5;
    let (left, right) = extent(table);
    let mut edges: Vec<f32> = table.iter().flat_map(Level::joints).chain([left, right]).collect();
    edges.sort_by(f32::total_cmp);
    edges.dedup_by(|b, a| *b - *a <= NEAR);
    let bands: Vec<(f32, f32)> = table.windows(2).map(|pair| (pair[0].y, pair[1].y)).collect();
    let mut open: Vec<Vec<bool>> = Vec::with_capacity(bands.len());
    for (top, bottom) in &bands {
        let inside: Vec<&Glyph> = glyphs.iter().copied().filter(|g| (*top..*bottom).contains(&g.height()) && (left..right).contains(&g.middle())).collect();
        let lines = lines(&inside);
        let numbers = lines.iter().filter(|l| l.glyphs.iter().rev().find(|g| !g.is_blank()).is_some_and(|g| is_digit(g)));
        if numbers.count() > LINES {
            return Vec::new();
        }
        open.push(edges.iter().map(|x| lines.iter().any(|line| runs_over(&line.glyphs, *x))).collect());
    }
    // A cell over several rows has no walls beside its words either.
    let is_one = |band: usize, edge: usize| {
        let column = |i: usize| (edges[i], edges[i + 1]);
        edge > 0 && edge + 1 < edges.len() && !table[band].covers(column(edge - 1)) && !table[band].covers(column(edge))
    };
    for band in (1..bands.len()).chain((1..bands.len()).rev()) {
        let (above, below) = open.split_at_mut(band);
        let (Some(above), Some(below)) = (above.last_mut(), below.first_mut()) else { continue };
        for (edge, (above, below)) in above.iter_mut().zip(below).enumerate() {
            if is_one(band, edge) && (*above || *below) {
                (*above, *below) = (true, true);
            }
        }
    }
    let mut walls = Vec::new();
    for ((top, bottom), open) in bands.iter().zip(&open) {
        for (x, _) in edges.iter().zip(open).filter(|(_, open)| !**open) {
            walls.push(Ruling { left: *x, top: *top, right: *x, bottom: *bottom });
        }
    }
    walls
}

fn is_digit(glyph: &Glyph) -> bool {
    matches!(glyph.text, super::Text::One(c) if c.is_ascii_digit() || matches!(c, '０'..='９'))
}

/// Whether words on one line run over a place.
fn runs_over(glyphs: &[&Glyph], x: f32) -> bool {
    let printed: Vec<&Glyph> = glyphs.iter().copied().filter(|g| !g.is_blank()).collect();
    let cut = |g: &&Glyph| g.x + 0.25 * g.width < x && x < g.right() - 0.25 * g.width;
    // Two numbers may nearly touch: only words run over a wall between their letters.
    let between = |pair: &[&Glyph]| {
        !(is_digit(pair[0]) && is_digit(pair[1])) && pair[0].middle() < x && x < pair[1].middle() && pair[1].x - pair[0].right() < 0.3 * pair[0].size
    };
    printed.iter().any(cut) || printed.windows(2).any(between)
}
