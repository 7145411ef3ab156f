//! Columns that no number fills: only the header above them tells that they are there. Without them the
//! numbers of a row with blanks would move together and stand below the wrong labels.

use super::{Run, Strip, least, most};
use crate::decode::page::Glyph;
use crate::decode::page::table::begins_anew;

/// Where a column, or a label of the header, begins and ends.
pub(super) type Span = (f32, f32);

/// Where the labels of rows end. Lines of a label beside which no number stands may be the longest, or the only ones.
pub(super) fn labels_end(strips: &[Strip<'_>]) -> f32 {
    let numbers = least(strips.iter().filter(|s| s.is_row()).map(Strip::left_of_values));
    let alone = || strips.iter().filter(|s| s.values().is_empty()).flat_map(|s| &s.runs).filter(|run| run.right() < numbers);
    let beside = most(strips.iter().filter(|s| s.is_row()).filter_map(|s| s.labels().last()).map(Run::right));
    let beside = if beside.is_finite() { beside } else { most(alone().filter(|run| begins_anew(&run.text)).map(Run::right)) };
    most(alone().filter(|run| run.left() < beside).map(Run::right)).max(beside)
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
pub(super) fn with_names(strips: &[Strip<'_>], values: Vec<Span>, labels_end: f32, above: &[Span]) -> Option<Vec<Span>> {
    let header = &strips[..strips.iter().position(Strip::is_row)?];
    let size = strips[0].size;
    let labels = labels_above(header, labels_end - size / 2.0);
    let names = names(&labels);
    let is_named = |value: &Span| labels.iter().any(|label| overlap(label, value));
    let new: Vec<Span> = names.iter().copied().filter(|name| !values.iter().any(|value| overlap(name, value))).collect();
    if new.is_empty() && !above.is_empty() && !values.iter().all(is_named) {
        return continued(&values, above);
    }
    let mut columns: Vec<Span> = values.iter().chain(&new).copied().collect();
    columns.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A number beside its label, not below it, would make two columns of one.
    let nameless = |column: &Span| values.contains(column) && !is_named(column);
    let beside = columns.windows(2).any(|pair| new.contains(&pair[0]) && nameless(&pair[1]) || nameless(&pair[0]) && new.contains(&pair[1]));
    if beside { in_pairs(&names, &values) } else { Some(columns) }
}

fn overlap(a: &Span, b: &Span) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// The labels of a header behind `begin`, from the numbers upwards.
fn labels_above(header: &[Strip<'_>], begin: f32) -> Vec<Span> {
    // A numbered line of its own is a title over all columns.
    let is_title = |strip: &Strip<'_>| strip.runs.len() == 1 && strip.runs.iter().all(|run| begins_anew(&run.text));
    let lines = header.iter().rev().filter(|strip| !is_title(strip));
    lines.flat_map(|strip| strip.runs.iter().flat_map(|run| labels(run, strip.size))).filter(|label| label.0 > begin).collect()
}

/// What each column is named, all its lines together: a label over several names is none.
fn names(labels: &[Span]) -> Vec<Span> {
    let mut names: Vec<Span> = Vec::new();
    for label in labels {
        let mut below = names.iter_mut().filter(|name| overlap(name, label));
        match (below.next(), below.next()) {
            (None, _) => names.push(*label),
            (Some(name), None) => *name = (name.0.min(label.0), name.1.max(label.1)),
            _ => {}
        }
    }
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    names
}

/// The columns of numbers that stand beside their names, not below them: names set to the left and numbers to the
/// right. None unless there are as many names as columns, none stands behind its numbers, and each stands clear of
/// the next with them.
fn in_pairs(names: &[Span], values: &[Span]) -> Option<Vec<Span>> {
    let columns: Vec<Span> = names.iter().zip(values).map(|(name, value)| (name.0.min(value.0), name.1.max(value.1))).collect();
    let behind = names.iter().zip(values).any(|(name, value)| name.0 >= value.1);
    (names.len() == values.len() && !behind && columns.windows(2).all(|pair| pair[0].1 < pair[1].0)).then_some(columns)
}

/// The columns above, if each of these is one of them.
fn continued(values: &[Span], above: &[Span]) -> Option<Vec<Span>> {
    let of = |value: &Span| {
        let mut same = (0..above.len()).filter(|i| overlap(&above[*i], value));
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
