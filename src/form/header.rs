//! The header above the rows of a table: which columns it names, which of them are none of the form's,
//! and the unit of money it states.

use super::FormCell;
use super::label::core;
use std::rc::Rc;

/// The columns that a header label covers: first and end.
pub(super) type Span = Option<(u16, u16)>;

/// A column that the form does not have, or whose label is damaged.
pub(super) struct Foreign {
    pub start: u16,
    pub end: u16,
    /// Its label as it stands.
    pub label: Box<str>,
    /// Whether another form has it: then its numbers are worth a word.
    pub of_other_form: bool,
}

/// A column label in a header.
#[derive(Clone, Copy)]
pub(super) struct Heading {
    /// The label, as an index into `Table::column_labels`.
    pub label: u16,
    pub start: u16,
    pub end: u16,
    /// The unit of money it names, in yuan.
    pub yuan: Option<f64>,
}

/// What stands above the current rows.
#[derive(Default)]
pub(super) struct Header {
    pub grid: u32,
    pub width: usize,
    /// The labels of the form's columns.
    pub labels: Vec<Heading>,
    /// Columns that the form does not have: 备注、小计, or a column of another form.
    pub foreign: Vec<Foreign>,
    pub open: bool,
    /// Whether some label covers several cells, or some column is none of the form's.
    pub irregular: bool,
    /// The columns it gives to the rows of each block, as far as asked for.
    pub columns: Vec<(usize, Rc<Columns>)>,
}

/// The columns that a header gives to the cells of a row of the form.
#[derive(Default)]
pub(super) struct Columns {
    /// Where each cell stands, as far as the header tells.
    pub spans: Vec<Span>,
    /// Whether the header names the column of each cell.
    pub named: Vec<bool>,
    /// Cells whose column has a label that no form has, and takes the only place left between its neighbours: with that label.
    pub by_order: Vec<(usize, Box<str>)>,
}

impl Header {
    /// The columns that it gives to each of some cells, if it names enough of them; columns between
    /// and beside named ones follow from those.
    pub fn columns_of(&self, wanted: &[FormCell]) -> Columns {
        let labels = self.merged();
        let matched = in_order(wanted, &labels);
        let hits = matched.iter().flatten().count();
        if hits == 0 || hits * 2 < wanted.len() {
            return Columns { spans: vec![None; wanted.len()], named: vec![false; wanted.len()], by_order: Vec::new() };
        }
        let mut spans: Vec<Span> = matched.iter().map(|m| m.map(|i| (labels[i].start, labels[i].end))).collect();
        let named = spans.iter().map(Option::is_some).collect();
        let by_order = self.by_order(&spans);
        by_order.iter().for_each(|(column, foreign)| spans[*column] = Some((foreign.start, foreign.end)));
        // What stands under a label that no form has does not follow from its neighbours.
        let is_free = |column: u16| !self.foreign.iter().any(|f| f.start <= column && column < f.end);
        for k in 1..spans.len() {
            if spans[k].is_none()
                && let Some((_, end)) = spans[k - 1]
                && is_free(end)
                && (k + 1 == spans.len() || spans[k + 1].is_none_or(|next| next.0 > end))
            {
                spans[k] = Some((end, end + 1));
            }
        }
        for k in (0..spans.len() - 1).rev() {
            if spans[k].is_none()
                && let Some((start, _)) = spans[k + 1]
                && start > 0
                && is_free(start - 1)
            {
                spans[k] = Some((start - 1, start));
            }
        }
        // A label of which letters were lost is still that label.
        let is_damaged = |(column, foreign): &(usize, &Foreign)| !wanted[*column].columns.iter().any(|label| is_torn(&foreign.label, label));
        let by_order = by_order.into_iter().filter(is_damaged).map(|(column, foreign)| (column, foreign.label.clone()));
        Columns { spans, named, by_order: by_order.collect() }
    }

    /// The columns without a label of theirs, each with a label that no form has, where there are as many of these as of
    /// those between two named columns or behind the last; before the first, those that touch it.
    fn by_order(&self, spans: &[Span]) -> Vec<(usize, &Foreign)> {
        let mut found = Vec::new();
        let mut k = 0;
        while k < spans.len() {
            let first = k;
            k += spans[first..].iter().take_while(|s| s.is_none()).count();
            if k == first {
                k += 1;
                continue;
            }
            let (before, after) = (first.checked_sub(1).and_then(|b| spans[b]), spans.get(k).copied().flatten());
            let between = |f: &&Foreign| !f.of_other_form && before.is_none_or(|(_, end)| end <= f.start) && after.is_none_or(|(start, _)| f.end <= start);
            let mut strange: Vec<&Foreign> = self.foreign.iter().filter(between).collect();
            strange.sort_by_key(|f| f.start);
            match (before, after) {
                (Some(_), _) => {}
                // On the left stand the heads of the labels of rows.
                (None, Some((start, _))) => strange.retain(|f| f.end == start),
                (None, None) => strange.clear(),
            }
            if strange.len() == k - first {
                found.extend((first..k).zip(strange));
            }
        }
        found
    }

    /// The labels by rising column; a merged cell that the converter has repeated is one label.
    fn merged(&self) -> Vec<Heading> {
        let mut sorted = self.labels.clone();
        sorted.sort_by_key(|l| l.start);
        let mut merged: Vec<Heading> = Vec::new();
        for label in sorted {
            match merged.iter_mut().rev().find(|l| l.label == label.label && l.end >= label.start) {
                Some(known) => known.end = known.end.max(label.end),
                None => merged.push(label),
            }
        }
        merged
    }

    /// The unit that the header names for a column.
    pub fn yuan(&self, column: u16) -> Option<f64> {
        self.labels.iter().rev().find(|l| l.start <= column && column < l.end).and_then(|l| l.yuan)
    }

    /// Forgets all labels.
    pub fn clear(&mut self) {
        self.labels.clear();
        self.foreign.clear();
        self.columns.clear();
        self.irregular = false;
    }

    /// To be called when labels have changed.
    pub fn settle(&mut self) {
        self.columns.clear();
        self.irregular = self.is_irregular();
    }

    fn is_irregular(&self) -> bool {
        let side_by_side = |a: &Heading, b: &Heading| a.label == b.label && a.start != b.start && (a.end == b.start || b.end == a.start);
        let repeated = |(i, label): (usize, &Heading)| self.labels[..i].iter().any(|other| side_by_side(other, label));
        !self.foreign.is_empty() || self.labels.iter().enumerate().any(repeated)
    }
}

/// Whether a label is an official one but for letters that were lost, that ran over from beside it (构其他), or for one of
/// four or more that was misread.
fn is_torn(label: &str, official: &str) -> bool {
    let label = core(label);
    let mut letters = official.chars();
    let lost = !label.is_empty() && label.chars().all(|letter| letters.any(|o| o == letter));
    let other = label.chars().zip(official.chars()).filter(|(a, b)| a != b).count();
    let misread = label.chars().count() == official.chars().count() && other * 4 <= official.chars().count();
    lost || misread || !official.is_empty() && label.contains(official)
}

/// The header labels that name the wanted columns, in the same order: the longest common sequence.
fn in_order(wanted: &[FormCell], labels: &[Heading]) -> Vec<Option<usize>> {
    let (n, m) = (wanted.len(), labels.len());
    let names = |k: usize, l: usize| wanted[k].column_ids.contains(&labels[l].label);
    // As the form prints it.
    if n == m && (0..n).all(|k| names(k, k)) {
        return (0..n).map(Some).collect();
    }
    // Where every column is named once, their order does not matter: 总计 may come first.
    let named = |k: usize| {
        let mut found = (0..m).filter(|&l| names(k, l));
        found.next().filter(|_| found.next().is_none())
    };
    let by_name: Vec<Option<usize>> = (0..n).map(named).collect();
    let distinct = (0..n).all(|k| by_name[k].is_some() && !by_name[..k].contains(&by_name[k]));
    if distinct {
        return by_name;
    }
    let mut length = vec![vec![0u16; m + 1]; n + 1];
    for k in (0..n).rev() {
        for l in (0..m).rev() {
            length[k][l] = if names(k, l) { length[k + 1][l + 1] + 1 } else { length[k + 1][l].max(length[k][l + 1]) };
        }
    }
    let mut matched = vec![None; n];
    let (mut k, mut l) = (0, 0);
    while k < n && l < m {
        if names(k, l) && length[k][l] == length[k + 1][l + 1] + 1 {
            matched[k] = Some(l);
            (k, l) = (k + 1, l + 1);
        } else if length[k + 1][l] >= length[k][l + 1] {
            k += 1;
        } else {
            l += 1;
        }
    }
    matched
}
