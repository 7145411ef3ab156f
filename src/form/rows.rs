//! Which row of the form a torn row is. Labels decide, first exactly, then with characters lost;
//! the printed number, the group and the order of rows only help to tell like labels apart.

use super::label::{Fragment, fragments, likeness};
use super::recognise::FoundRow;
use super::vocabulary::{Label, Word, WordKind};
use super::{Forms, Table};
use std::rc::Rc;

/// What a row of a grid is in its table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum RowKind {
    /// Captions and column labels.
    Header,
    /// A row of the form; `label` is the last cell of its label, none where the label is lost.
    Data { row: usize, label: Option<usize>, by: Evidence },
    /// A row that the form does not have.
    Unknown,
}

impl RowKind {
    /// Whether its whole label says that it is a row of the form.
    pub fn is_labelled(self) -> bool {
        matches!(self, RowKind::Data { by: Evidence::Label, .. })
    }
}

/// What a row was known by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Evidence {
    Label,
    TornLabel,
    Order,
}

/// Likeness below which a torn label is not taken for an official one.
const LIKE_ENOUGH: f32 = 0.6;
/// How much better than the second the best label must be.
const CLEARLY_BETTER: f32 = 0.08;

pub(super) fn resolve(forms: &Forms, form: usize, index: usize, rows: &[FoundRow<'_>]) -> Vec<RowKind> {
    let table = &forms.forms[form].tables[index];
    let is_here = |w: &&Word| w.form == form && w.table == index;
    let mut kinds = vec![RowKind::Unknown; rows.len()];
    let mut groups = vec![None; rows.len()];
    let mut group = None;
    let mut seen_data = false;
    for (i, found) in rows.iter().enumerate() {
        let mut columns = 0;
        let mut notes = 0;
        let mut exact = None;
        for (cell, labels) in &found.labels {
            for label in labels.iter() {
                for word in label.words.iter().filter(is_here) {
                    match word.kind {
                        WordKind::Column if label.ordinal.is_none() => columns += 1,
                        WordKind::Note => notes += 1,
                        WordKind::Group(g) => group = Some(g),
                        WordKind::Row(row) => exact = better(table, group, exact, (row, *cell)),
                        WordKind::Column => {}
                    }
                }
            }
        }
        groups[i] = group;
        let header = !found.has_values && (columns > 1 || notes > 0 && exact.is_none() || columns == 1 && !seen_data);
        if header {
            kinds[i] = RowKind::Header;
        } else if let Some((row, cell)) = exact {
            kinds[i] = RowKind::Data { row, label: Some(cell), by: Evidence::Label };
            group = table.rows[row].group.or(group);
            groups[i] = group;
            seen_data = true;
        } else if table.is_one_row() {
            kinds[i] = match found.has_values {
                true => RowKind::Data {
                    row: 0,
                    label: found.labels.first().map(|l| l.0).filter(|l| found.labels.len() == 1 && found.begins_at(*l)),
                    by: Evidence::Label,
                },
                false => RowKind::Header,
            };
        } else if columns == 1 && !found.has_values {
            kinds[i] = RowKind::Header;
        }
    }
    blank_row(table, rows, &mut kinds);
    values_above(table, rows, &mut kinds);
    wrapped_labels(table, rows, &mut kinds);
    torn_labels(table, rows, &groups, &mut kinds);
    lost_labels(table, rows, &mut kinds);
    kinds
}

/// Of two rows with the same label, the one in the current group.
fn better(table: &Table, group: Option<usize>, old: Option<(usize, usize)>, new: (usize, usize)) -> Option<(usize, usize)> {
    match old {
        Some(old) if old.1 == new.1 && table.rows[new.0].group != group => Some(old),
        _ => Some(new),
    }
}

/// The row of a table without row labels is there even if all its cells are blank.
fn blank_row(table: &Table, rows: &[FoundRow<'_>], kinds: &mut [RowKind]) {
    if !table.is_one_row() || kinds.iter().any(|k| data_row(k).is_some()) {
        return;
    }
    if let Some(last) = (0..rows.len()).rev().find(|&i| rows[i].labels.is_empty()) {
        kinds[last] = RowKind::Data { row: 0, label: None, by: Evidence::Label };
    }
}

/// A row without values below one whose label only begins: （一） with the values, 予以公开 below it. A label wrapped within
/// its cell has its values in its first line.
fn values_above(table: &Table, rows: &[FoundRow<'_>], kinds: &mut [RowKind]) {
    for i in 1..rows.len() {
        let (above, found) = (&rows[i - 1], &rows[i]);
        let (RowKind::Unknown, RowKind::Data { row, label: Some(cell), .. }) = (kinds[i - 1], kinds[i]) else { continue };
        let Some((first, labels)) = above.labels.last() else { continue };
        if !above.has_values || found.has_values || above.grid.number != found.grid.number {
            continue;
        }
        let official = &table.rows[row];
        let (begins, ends) = (&above.row.cells[*first].text, &found.row.cells[cell].text);
        let own = fragments(ends).last().and_then(|label| label.ordinal);
        let is_whole = |label: &Fragment| label.ordinal == official.ordinal && official.cores.iter().any(|core| label.core.chars().eq(core.iter().copied()));
        let goes_on = match own {
            None => official.ordinal.is_some() && fragments(&format!("{begins}{ends}")).last().is_some_and(is_whole),
            // A group begins with its first row: below that, its name with values is no row of its own.
            Some(_) => {
                let names_group = labels.iter().all(|l| l.words.iter().any(|w| matches!(w.kind, WordKind::Group(g) if Some(g) == official.group)));
                let before = kinds[..i - 1].iter().rev().find_map(data_row);
                names_group && official.group.is_some() && before.is_some_and(|b| table.rows[b].group == official.group)
            }
        };
        if goes_on {
            kinds[i - 1] = RowKind::Data { row, label: Some(*first), by: Evidence::Label };
            kinds[i] = RowKind::Header;
        }
    }
}

/// Most rows that one label is wrapped over.
const WRAPS: usize = 4;

/// A label that a converter has wrapped over several rows, of which one holds the values, with a piece of it or without:
/// the pieces together are a label of the form.
fn wrapped_labels(table: &Table, rows: &[FoundRow<'_>], kinds: &mut [RowKind]) {
    let last = |i: usize| rows[i].labels.last().and_then(|(cell, labels)| Some((*cell, labels.last()?)));
    for start in 0..rows.len() {
        let mut joined: Vec<char> = Vec::new();
        for end in start..rows.len().min(start + WRAPS) {
            let piece = last(end);
            let between = piece.is_none() && end > start && rows[end].has_values;
            if kinds[end] != RowKind::Unknown || piece.is_none() && !between {
                break;
            }
            joined.extend(piece.iter().flat_map(|(_, piece)| piece.core.chars()));
            let with_values: Vec<usize> = (start..=end).filter(|&i| rows[i].has_values).collect();
            if end == start || between || with_values.len() > 1 {
                continue;
            }
            let free = |r: &usize| !kinds.iter().any(|k| data_row(k) == Some(*r));
            let whole = |r: &usize| table.rows[*r].cores.iter().any(|official| likeness(&joined, official).is_some_and(|l| l > 0.95));
            let mut fits = (0..table.rows.len()).filter(whole).filter(free);
            if let (Some(row), None) = (fits.next(), fits.next()) {
                let values = with_values.first().copied().unwrap_or(start);
                kinds[start..=end].fill(RowKind::Header);
                kinds[values] = RowKind::Data { row, label: last(values).map(|l| l.0), by: Evidence::Label };
                break;
            }
        }
    }
}

fn torn_labels(table: &Table, rows: &[FoundRow<'_>], groups: &[Option<usize>], kinds: &mut [RowKind]) {
    for i in 0..rows.len() {
        if kinds[i] != RowKind::Unknown || rows[i].labels.is_empty() {
            continue;
        }
        let taken: Vec<usize> = kinds.iter().filter_map(|k| if let RowKind::Data { row, .. } = k { Some(*row) } else { None }).collect();
        let before = kinds[..i].iter().rev().find_map(data_row);
        let after = kinds[i + 1..].iter().find_map(data_row);
        let mut scores: Vec<(f32, usize, usize)> = Vec::new();
        for (r, row) in table.rows.iter().enumerate().filter(|(r, _)| !taken.contains(r)) {
            let Some((mut score, cell)) = likest(&rows[i].labels, row, groups[i]) else { continue };
            let in_order = before.is_none_or(|b| b < r) && after.is_none_or(|a| r < a);
            score += if in_order { 0.1 } else { -0.15 };
            score += match (row.group, groups[i]) {
                (Some(own), Some(seen)) if own == seen => 0.1,
                (Some(_), Some(_)) => -0.1,
                _ => 0.0,
            };
            scores.push((score, r, cell));
        }
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let clear = scores.len() < 2 || scores[0].0 - scores[1].0 >= CLEARLY_BETTER;
        if let Some(&(score, row, cell)) = scores.first()
            && score >= LIKE_ENOUGH
            && clear
        {
            kinds[i] = RowKind::Data { row, label: Some(cell), by: Evidence::TornLabel };
        }
    }
}

/// How like the labels of a row are to a form row, and the cell the label ends in.
fn likest(labels: &[(usize, Rc<[Label]>)], row: &super::TableRow, group: Option<usize>) -> Option<(f32, usize)> {
    let mut best: Option<(f32, usize)> = None;
    let mut consider = |score: f32, cell: usize| {
        if best.is_none_or(|(b, _)| score >= b) {
            best = Some((score, cell));
        }
    };
    // A label may lie in one cell or be torn over neighbouring ones.
    let mut joined: Vec<char> = Vec::new();
    for (cell, fragments) in labels {
        for fragment in fragments.iter() {
            let torn: Vec<char> = fragment.core.chars().collect();
            joined.extend(&torn);
            let numbers = match (fragment.ordinal, row.ordinal) {
                (Some(printed), Some(own)) if printed == own => 0.1,
                (Some(printed), Some(own)) if printed.level == own.level => -0.35,
                (Some(_), Some(_)) => -0.1,
                _ => 0.0,
            };
            for official in &row.cores {
                if let Some(score) = likeness(&torn, official) {
                    consider(score + numbers, *cell);
                }
                if joined.len() > torn.len()
                    && let Some(score) = likeness(&joined, official)
                {
                    consider(score, *cell);
                }
            }
            // Only the number of the row is left.
            if torn.is_empty() && fragment.ordinal == row.ordinal && row.group == group {
                consider(LIKE_ENOUGH, *cell);
            }
        }
    }
    best
}

/// Rows that hold numbers and no label at all take the only places left between their neighbours.
fn lost_labels(table: &Table, rows: &[FoundRow<'_>], kinds: &mut [RowKind]) {
    let mut i = 0;
    while i < rows.len() {
        let start = i;
        while i < rows.len() && kinds[i] == RowKind::Unknown && rows[i].has_values && rows[i].labels.is_empty() {
            i += 1;
        }
        if i == start {
            i += 1;
            continue;
        }
        let before = kinds[..start].iter().rev().find_map(data_row).map_or(0, |r| r + 1);
        let after = kinds[i..].iter().find_map(data_row).unwrap_or(table.rows.len());
        if after >= before && after - before == i - start {
            for (offset, kind) in kinds[start..i].iter_mut().enumerate() {
                *kind = RowKind::Data { row: before + offset, label: None, by: Evidence::Order };
            }
        }
    }
}

fn data_row(kind: &RowKind) -> Option<usize> {
    match kind {
        RowKind::Data { row, .. } => Some(*row),
        _ => None,
    }
}
