//! Columns that no number fills: only the header above them tells that they are there. Without them the
//! numbers of a row with blanks would move together and stand below the wrong labels.

use super::{Run, Strip};
use crate::decode::page::Glyph;

/// A label of the header: where it begins and ends.
type Span = (f32, f32);

/// Adds the columns that only the header names to those of the numbers. None where header and numbers
/// cannot be brought together: then nobody can say whose a number is.
pub(super) fn with_header(strips: &[Strip<'_>], values: Vec<Span>, labels_end: f32) -> Option<Vec<Span>> {
    let header = &strips[..strips.iter().position(Strip::is_row)?];
    let size = strips[0].size;
    let mut columns = values.clone();
    let mut named: Vec<bool> = vec![false; values.len()];
    // From the numbers upwards: a label over labels spans their columns and is none itself.
    for strip in header.iter().rev() {
        for label in strip.runs.iter().flat_map(|run| labels(run, size)).filter(|l| (l.0 + l.1) / 2.0 > labels_end) {
            let below = |column: &Span| column.0 < label.1 && label.0 < column.1;
            for (value, named) in values.iter().zip(&mut named) {
                *named |= below(value);
            }
            if !columns.iter().any(below) {
                columns.push(label);
            }
        }
    }
    columns.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A number beside its label, not below it, would make two columns of one.
    let is_new = |column: &Span| !values.contains(column);
    let beside = columns.windows(2).any(|pair| {
        let nameless = |column: &Span| values.iter().zip(&named).any(|(value, named)| value == column && !named);
        is_new(&pair[0]) && nameless(&pair[1]) || nameless(&pair[0]) && is_new(&pair[1])
    });
    (!beside).then_some(columns)
}

/// The labels of a run: labels of narrow columns stand closer to each other than words in other lines.
fn labels(run: &Run<'_>, size: f32) -> Vec<Span> {
    const BETWEEN: f32 = 0.4;
    let printed: Vec<&Glyph> = run.glyphs.iter().copied().filter(|g| !g.is_blank()).collect();
    let parts = printed.chunk_by(|a, b| b.x - a.right() < BETWEEN * size);
    parts.filter_map(|part| Some((part.first()?.x, part.last()?.right()))).collect()
}
