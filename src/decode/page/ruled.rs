//! Ruled lines to tables. Lines that cross make a lattice; where a line is missing between two of its
//! fields they are one cell. Only positions count: not in which order or how often a line was drawn.

use super::Ruling;
use super::table::{Cell, Table};
use crate::groups::Groups;

/// Lines closer together than this are one: double lines, joints that are a little off.
const NEAR: f32 = 3.0;
/// A gap up to this wide is part of a dashed line.
const DASH: f32 = 3.5;
/// Shorter lines border no cell.
const SHORT: f32 = 5.0;
/// More lines than this are a drawing.
const MOST: usize = 2000;

/// A straight line: at which place across, from where to where along.
#[derive(Debug, Clone, Copy)]
struct Stroke {
    at: f32,
    from: f32,
    to: f32,
}

/// The tables ruled on a page, without text, the outer before those inside them. One that would have
/// more than `most` fields is a drawing.
pub(in crate::decode) fn tables(rulings: &[Ruling], most: usize) -> Vec<Table> {
    let (level, upright): (Vec<&Ruling>, Vec<&Ruling>) = rulings.iter().partition(|r| r.right - r.left >= r.bottom - r.top);
    let levels = strokes(level.iter().map(|r| Stroke { at: (r.top + r.bottom) / 2.0, from: r.left, to: r.right }));
    let uprights = strokes(upright.iter().map(|r| Stroke { at: (r.left + r.right) / 2.0, from: r.top, to: r.bottom }));
    if levels.len() > MOST || uprights.len() > MOST {
        return Vec::new();
    }
    let mut tables: Vec<Table> = groups(&levels, &uprights).into_iter().filter_map(|(l, u)| lattice(&l, &u, most)).collect();
    tables.sort_by(|a, b| b.area().total_cmp(&a.area()));
    tables
}

/// Puts lines on one height together: what overlaps or nearly touches is one line.
fn strokes(lines: impl Iterator<Item = Stroke>) -> Vec<Stroke> {
    let mut lines: Vec<Stroke> = lines.filter(|s| s.at.is_finite() && s.from.is_finite() && s.to.is_finite()).collect();
    lines.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut merged: Vec<Stroke> = Vec::new();
    let mut begin = 0;
    while begin < lines.len() {
        let mut end = begin + 1;
        while end < lines.len() && lines[end].at - lines[begin].at <= NEAR && lines[end].at - lines[end - 1].at <= NEAR * 0.8 {
            end += 1;
        }
        let group = &mut lines[begin..end];
        let at = group.iter().map(|s| s.at).sum::<f32>() / group.len() as f32;
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let first = merged.len();
        for stroke in group.iter() {
            match merged.get_mut(first..).and_then(<[Stroke]>::last_mut) {
                Some(last) if stroke.from <= last.to + DASH => last.to = last.to.max(stroke.to),
                _ => merged.push(Stroke { at, ..*stroke }),
            }
        }
        begin = end;
    }
    merged.retain(|s| s.to - s.from >= SHORT);
    merged
}

/// Lines that hang together through crossings: (levels, uprights).
fn groups(levels: &[Stroke], uprights: &[Stroke]) -> Vec<(Vec<Stroke>, Vec<Stroke>)> {
    let mut groups = Groups::new(levels.len() + uprights.len());
    for (u, upright) in uprights.iter().enumerate() {
        for (l, level) in levels.iter().enumerate() {
            let meets = |at: f32, line: &Stroke| (line.from - NEAR..=line.to + NEAR).contains(&at);
            if meets(upright.at, level) && meets(level.at, upright) {
                groups.join(l, levels.len() + u);
            }
        }
    }
    let lines = |group: Vec<usize>| {
        let split = group.partition_point(|line| *line < levels.len());
        let (level, upright) = group.split_at(split);
        (level.iter().map(|l| levels[*l]).collect(), upright.iter().map(|u| uprights[*u - levels.len()]).collect())
    };
    groups.members().into_iter().map(lines).collect()
}

/// The places of lines, each once.
fn edges(lines: &[Stroke], ends: (f32, f32)) -> (Vec<f32>, bool, bool) {
    let mut places: Vec<f32> = lines.iter().map(|s| s.at).collect();
    places.sort_by(f32::total_cmp);
    places.dedup_by(|b, a| *b - *a <= NEAR);
    // A table cut by the page's edge, or drawn without outer border, ends where its crossing lines end.
    let open_first = places.first().is_none_or(|first| first - ends.0 > SHORT);
    if open_first {
        places.insert(0, ends.0);
    }
    let open_last = places.last().is_none_or(|last| ends.1 - last > SHORT);
    if open_last {
        places.push(ends.1);
    }
    (places, open_first, open_last)
}

/// The cells between crossing lines.
fn lattice(levels: &[Stroke], uprights: &[Stroke], most: usize) -> Option<Table> {
    if levels.is_empty() || uprights.is_empty() || levels.len() + uprights.len() < 3 {
        return None;
    }
    let ends = |lines: &[Stroke]| {
        let from = lines.iter().map(|s| s.from).fold(f32::INFINITY, f32::min);
        (from, lines.iter().map(|s| s.to).fold(f32::NEG_INFINITY, f32::max))
    };
    let (xs, ..) = edges(uprights, ends(levels));
    let (ys, open_top, open_bottom) = edges(levels, ends(uprights));
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    if columns == 0 || rows == 0 || columns.saturating_mul(rows) > most || columns > usize::from(u16::MAX) || rows > usize::from(u16::MAX) {
        return None;
    }
    let right_of = borders(uprights, &xs, &ys);
    let below = borders(levels, &ys, &xs);
    // wall(row, column): a line parts the field from its right neighbour; floor: from the one below.
    let wall = |row: usize, column: usize| right_of[(column + 1) * rows + row];
    let floor = |row: usize, column: usize| below[(row + 1) * columns + column];
    let mut taken = vec![false; rows * columns];
    let mut cells = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            if taken[row * columns + column] {
                continue;
            }
            let mut last = column;
            while last + 1 < columns && !wall(row, last) && !taken[row * columns + last + 1] {
                last += 1;
            }
            let joins = |r: usize| (column..=last).all(|c| !floor(r - 1, c) && !taken[r * columns + c]) && (column..last).all(|c| !wall(r, c));
            let mut bottom = row;
            while bottom + 1 < rows && joins(bottom + 1) {
                bottom += 1;
            }
            for r in row..=bottom {
                taken[r * columns + column..=r * columns + last].fill(true);
            }
            cells.push(Cell::new(row, column, bottom - row + 1, last - column + 1));
        }
    }
    Some(Table { xs, ys, cells, open_top, open_bottom, ..Table::default() })
}

/// For each place across and each field along, whether a line stands there over most of the field.
fn borders(lines: &[Stroke], across: &[f32], along: &[f32]) -> Vec<bool> {
    let fields = along.len() - 1;
    let mut covered = vec![0.0f32; across.len() * fields];
    for line in lines {
        let Some(place) = across.iter().position(|at| (at - line.at).abs() <= NEAR) else { continue };
        for field in 0..fields {
            let overlap = line.to.min(along[field + 1]) - line.from.max(along[field]);
            covered[place * fields + field] += overlap.max(0.0);
        }
    }
    (0..covered.len()).map(|i| covered[i] > 0.55 * (along[i % fields + 1] - along[i % fields])).collect()
}
