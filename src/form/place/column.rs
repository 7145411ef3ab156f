//! Columns whose label no form has: one that is damaged may take the only place left, and what stands under any other is
//! told. Never is a cell blank, or inferred, whose value may stand there.

use super::{Doubt, OpenRow, Placed, Placer, Trouble};
use crate::form::header::{Columns, Heading};
use crate::form::recognise::FoundRow;
use crate::form::value::{CellText, looks_like_value};
use crate::form::vocabulary::Label;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Values that are told in one message.
const TOLD: usize = 20;

impl<'d> Placer<'d> {
    /// Labels of columns that are torn over two cells, as 采购 | 总金额: the numbers below may be torn alike.
    pub(super) fn torn_labels(&self, found: &FoundRow<'_>) -> Vec<Heading> {
        let position = |core: &str| self.table.column_labels.iter().position(|known| known == core);
        let heading = |two: &[(usize, Rc<[Label]>)]| {
            let [(first, before), (last, after)] = two else { return None };
            let ([before], [after]) = (&before[..], &after[..]) else { return None };
            if *last != first + 1 || position(&before.core).or(position(&after.core)).is_some() {
                return None;
            }
            let label = u16::try_from(position(&format!("{}{}", before.core, after.core))?).ok()?;
            let (first, last) = (&found.row.cells[*first], &found.row.cells[*last]);
            Some(Heading { label, start: first.column, end: last.column.saturating_add(last.columns), yuan: None })
        };
        found.labels.windows(2).filter_map(heading).collect()
    }

    /// The values of a row that stand under labels that no form has and that take no place of the form's.
    pub(super) fn strange(&self, found: &FoundRow<'_>, from: usize, columns: &Columns) -> Vec<(usize, Box<str>)> {
        let under = |column: u16, start: u16, end: u16| start <= column && column < end;
        let mut strange = Vec::new();
        for foreign in self.header.foreign.iter().filter(|f| !f.of_other_form) {
            for (i, cell) in found.row.cells.iter().enumerate().skip(from).filter(|(_, c)| under(c.column, foreign.start, foreign.end)) {
                let placed = columns.spans.iter().flatten().any(|(start, end)| under(cell.column, *start, *end));
                if !placed && cell.text.contains(|c: char| c.is_numeric()) && looks_like_value(cell.text.trim()) {
                    strange.push((i, foreign.label.clone()));
                }
            }
        }
        strange
    }

    /// Tells of columns that were known by their order only, and of values under labels that no form has. Where the
    /// arithmetic speaks against an order, or a cell that has no label of its own is blank beside such a value, the cells
    /// are unreadable.
    pub(super) fn tell_columns(&mut self, cells: &mut [Option<Placed<'d>>]) {
        self.tell_by_order(cells);
        let mut lost: BTreeMap<Box<str>, Vec<(usize, usize)>> = BTreeMap::new();
        let mut unknown: BTreeMap<Box<str>, Vec<(usize, usize)>> = BTreeMap::new();
        for (r, row) in self.rows.iter().enumerate() {
            let Some(layout) = row.chosen.map(|l| &row.layouts[l].1) else { continue };
            let dropped = || row.strange.iter().filter(|(cell, _)| !layout.contains(&Some(*cell)));
            let values = dropped().map(|(cell, _)| row.found.row.cells[*cell].text.trim()).collect::<Vec<_>>().join(" | ");
            if values.is_empty() {
                continue;
            }
            let first = self.table.rows[row.row].cells.start;
            let is_open = |k: &usize| !row.columns.named[*k] && cells[first + k].as_ref().is_none_or(|c| c.value == CellText::Blank);
            let open: Vec<usize> = (0..row.columns.named.len()).filter(is_open).collect();
            for (cell, label) in dropped() {
                let told = if open.is_empty() { &mut unknown } else { &mut lost };
                told.entry(label.clone()).or_default().push((r, *cell));
            }
            for k in open {
                let place = (row.found.grid.number, row.found.row.number, 0);
                cells[first + k] =
                    Some(Placed { value: CellText::Unreadable, raw: Cow::Owned(values.clone()), at: row.found.row.at, cell: place, split: false });
            }
        }
        let lost = lost.into_iter().map(|(label, at)| (Doubt::ColumnLost(label), at));
        for (kind, at) in lost.chain(unknown.into_iter().map(|(label, at)| (Doubt::ColumnUnknown(label), at))) {
            let trouble = self.trouble(kind, &at);
            self.troubles.push(trouble);
        }
    }

    fn tell_by_order(&mut self, cells: &mut [Option<Placed<'d>>]) {
        let mut columns: BTreeMap<(usize, usize, Box<str>), Vec<usize>> = BTreeMap::new();
        for (r, row) in self.rows.iter().enumerate().filter(|(_, row)| row.chosen.is_some()) {
            for (column, label) in &row.columns.by_order {
                columns.entry((self.table.rows[row.row].block, *column, label.clone())).or_default().push(r);
            }
        }
        for ((_, column, label), rows) in columns {
            let cell = |row: &OpenRow<'_>| self.table.rows[row.row].cells.start + column;
            let verdicts: Vec<bool> = rows.iter().filter_map(|&r| self.adds_up(cell(&self.rows[r]), cells)).collect();
            let against = verdicts.iter().filter(|holds| !**holds).count();
            let trusted = against * 4 <= verdicts.len();
            let places: Vec<(usize, usize)> = rows
                .iter()
                .filter_map(|&r| Some((r, self.rows[r].layouts[self.rows[r].chosen?].1.get(column).copied().flatten()?)))
                .filter(|&(r, at)| !self.rows[r].found.row.cells[at].text.trim().is_empty())
                .collect();
            if places.is_empty() {
                continue;
            }
            let kind = if trusted { Doubt::ColumnByOrder(cell(&self.rows[rows[0]]), label) } else { Doubt::ColumnLost(label) };
            let trouble = self.trouble(kind, &places);
            self.troubles.push(trouble);
            if !trusted {
                for &(r, _) in &places {
                    let doubted = cells[cell(&self.rows[r])].as_mut().filter(|placed| placed.value != CellText::Unreadable);
                    // Its column is what nobody knows.
                    doubted.into_iter().for_each(|placed| (placed.value, placed.cell.2) = (CellText::Unreadable, 0));
                }
            }
        }
    }

    /// Whether the relation of its row holds with a cell; none if it does not tell, for want of other numbers.
    fn adds_up(&self, cell: usize, cells: &[Option<Placed<'_>>]) -> Option<bool> {
        let number = |c: &usize| match cells[*c].as_ref().map(|placed| placed.value) {
            Some(CellText::Number(number, _)) => Ok(Some(number)),
            Some(CellText::Blank | CellText::NotApplicable) | None => Ok(None),
            Some(CellText::Unreadable) => Err(()),
        };
        // A text where a number is due speaks against the column.
        let Ok(own) = number(&cell) else { return Some(false) };
        let equation = self.table.equations.iter().find(|e| e.in_row && (e.parts.contains(&cell) || e.totals.contains(&cell)))?;
        let side = |side: &[usize]| side.iter().map(number).collect::<Result<Vec<_>, ()>>().ok();
        let (parts, totals) = (side(&equation.parts)?, side(&equation.totals)?);
        let sum = |side: &[Option<f64>]| side.iter().flatten().sum::<f64>();
        let told = parts.iter().chain(&totals).flatten().count() > usize::from(own.is_some());
        let holds = sum(&parts) == sum(&totals);
        (told && (!holds || own.is_some_and(|own| own != 0.0))).then_some(holds)
    }

    /// What is told of some cells, given as rows and places in these.
    fn trouble(&self, kind: Doubt<'d>, at: &[(usize, usize)]) -> Trouble<'d> {
        let text = |&(row, cell): &(usize, usize)| self.rows[row].found.row.cells[cell].text.trim();
        let values = at.iter().take(TOLD).map(text).collect::<Vec<_>>().join(" | ");
        Trouble { kind, at: at.first().map(|&(row, _)| self.rows[row].found.row.at).unwrap_or_default(), values }
    }
}
