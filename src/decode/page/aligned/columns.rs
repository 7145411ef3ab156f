//! Columns that no number fills: only the header above them tells that they are there. Without them the
//! numbers of a row with blanks would move together and stand below the wrong labels.

use super::{Run, Strip};
use crate::decode::page::Glyph;
use crate::decode::page::table::begins_anew;

/// Where a column, or a label of the header, begins and ends.
pub(super) type Span = (f32, f32);

/// Where the labels of rows end. Lines of a label beside which no number stands may be the longest.
pub(super) fn labels_end(strips: &[Strip<'_>]) -> f32 {
    let beside = strips.iter().filter(|s| s.is_row()).filter_map(|s| s.labels().last()).map(Run::right).fold(f32::NEG_INFINITY, f32::max);
    let numbers = strips.iter().filter(|s| s.is_row()).map(Strip::left_of_values).fold(f32::INFINITY, f32::min);
    let rest = strips.iter().filter(|s| s.values().is_empty()).flat_map(|s| &s.runs);
    rest.filter(|run| run.left() < beside && run.right() < numbers).map(Run::right).fold(beside, f32::max)
}

/// Splits lines before each header: what stands below another header has other columns.
pub(super) fn between_headers(strips: &[Strip<'_>], begin: usize, end: usize) -> Vec<(usize, usize)> {
    let labels_end = labels_end(&strips[begin..=end]);
    let is_header = |strip: &Strip<'_>| strip.values().is_empty() && strip.runs.iter().any(|run| run.left() > labels_end + strip.size);
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut from = begin;
    for index in begin + 1..=end {
        if is_header(&strips[index]) && strips[from..index].iter().any(Strip::is_row) {
            found.push((from, index - 1));
            from = index;
        }
    }
    found.push((from, end));
    found
}

/// Adds the columns that only the header names to those of the numbers. None where header and numbers
/// cannot be brought together: then nobody can say whose a number is. A table without a header that goes on from
/// the page before has the columns found there, `above`.
pub(super) fn with_header(strips: &[Strip<'_>], values: Vec<Span>, labels_end: f32, above: &[Span]) -> Option<Vec<Span>> {
    let header = &strips[..strips.iter().position(Strip::is_row)?];
    let size = strips[0].size;
    let mut columns = values.clone();
    let mut named: Vec<bool> = vec![false; values.len()];
    // From the numbers upwards: a label over labels spans their columns and is none itself.
    for strip in header.iter().rev() {
        // A numbered line of its own is a title over all columns.
        if strip.runs.len() == 1 && strip.runs.iter().all(|run| begins_anew(&run.text)) {
            continue;
        }
        for label in strip.runs.iter().flat_map(|run| labels(run, size)).filter(|l| l.0 > labels_end - size / 2.0) {
            let below = |column: &Span| column.0 < label.1 && label.0 < column.1;
            for (value, named) in values.iter().zip(&mut named) {
                *named |= below(value);
            }
            if !columns.iter().any(below) {
                columns.push(label);
            }
        }
    }
    if columns.len() == values.len() && !above.is_empty() && !named.iter().all(|named| *named) {
        return continued(&values, above);
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

/// The columns above, if each of these is one of them.
fn continued(values: &[Span], above: &[Span]) -> Option<Vec<Span>> {
    let of = |value: &Span| {
        let mut same = (0..above.len()).filter(|i| above[*i].0 < value.1 && value.0 < above[*i].1);
        same.next().filter(|_| same.next().is_none())
    };
    let places: Vec<usize> = values.iter().map(of).collect::<Option<_>>()?;
    places.windows(2).all(|pair| pair[0] < pair[1]).then(|| above.to_vec())
}

/// The labels of a run: labels of narrow columns stand closer to each other than words in other lines.
fn labels(run: &Run<'_>, size: f32) -> Vec<Span> {
    const BETWEEN: f32 = 0.4;
    let printed: Vec<&Glyph> = run.glyphs.iter().copied().filter(|g| !g.is_blank()).collect();
    let parts = printed.chunk_by(|a, b| b.x - a.right() < BETWEEN * size);
    parts.filter_map(|part| Some((part.first()?.x, part.last()?.right()))).collect()
}
