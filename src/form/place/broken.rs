//! Numbers that a narrow cell has broken over two lines, which a converter then took for two rows: `2674` and below it `7`.
//! Both are doubted, as neither is the number.

use super::super::layout::Layout;
use super::super::recognise::FoundRow;
use super::super::value::CellText;
use super::{Doubt, OpenRow, Placed, Placer, Trouble, values_of};
use crate::document::Cell;
use std::borrow::Cow;

impl<'d> Placer<'d> {
    /// Whether narrow cells have broken the numbers of a row over two lines, of which this is one: the row does not add up, and
    /// would if the digits below were put behind these.
    pub(super) fn is_broken_off(&self, found: &FoundRow<'_>, row: usize, layouts: &[(i32, Layout)], below: Option<&FoundRow<'_>>) -> bool {
        // The end of a row that was broken is no better than its beginning.
        let ends = |above: &OpenRow<'_>| above.row == row && above.layouts.is_empty() && found.follows(above.found);
        if self.rows.last().is_some_and(ends) {
            return true;
        }
        let (Some((_, layout)), Some(below)) = (layouts.first(), below) else { return false };
        let text = |nth: usize| layout[nth].map(|i| found.row.cells[i].text.trim()).unwrap_or_default();
        if !below.has_values || !below.follows(found) || self.holds(row, &|nth| Cow::Borrowed(text(nth))) {
            return false;
        }
        let filled: Vec<usize> = (0..layout.len()).filter(|&nth| is_digits(text(nth))).collect();
        let ends: Vec<&Cell<'_>> = below.row.cells.iter().filter(|cell| is_digits(cell.text.trim())).collect();
        let in_order = ends.len() == filled.len();
        let end = |nth: usize| {
            let column = found.row.cells[layout[nth]?].column;
            if in_order { ends.get(filled.iter().position(|n| *n == nth)?) } else { ends.iter().find(|cell| cell.column == column) }
        };
        let whole = |nth: usize| Cow::Owned(format!("{}{}", text(nth), end(nth).map_or("", |cell| cell.text.trim())));
        !ends.is_empty() && (self.holds(row, &whole) || found.row.loose && below.is_unknown())
    }

    /// A cell is not blank if a number stands right above or below it in a row without any label, which may have been
    /// broken off from this one.
    pub(super) fn doubt_blanks(&mut self, cells: &mut [Option<Placed<'d>>]) {
        for (above, nameless) in &self.nameless {
            let beside = self.rows.iter().skip(above.saturating_sub(1)).take(2);
            for open in beside.filter(|open| nameless.follows(open.found) || open.found.follows(nameless)) {
                let Some(chosen) = open.chosen else { continue };
                let first = self.table.rows[open.row].cells.start;
                let mut doubted = false;
                for (cell, at) in (first..).zip(&open.layouts[chosen].1) {
                    let column = at.map(|i| open.found.row.cells[i].column);
                    let beside = nameless.row.cells.iter().find(|beside| Some(beside.column) == column && !beside.is_blank());
                    let blank = cells[cell].as_mut().filter(|placed| placed.value == CellText::Blank);
                    if let (Some(placed), Some(beside)) = (blank, beside) {
                        (placed.value, placed.raw, placed.cell.2) = (CellText::Unreadable, Cow::Borrowed(beside.text.as_ref()), 0);
                        doubted = true;
                    }
                }
                if doubted {
                    let values = format!("{} / {}", values_of(open.found, open.label), values_of(nameless, None));
                    self.troubles.push(Trouble { kind: Doubt::Ambiguous(open.row), at: open.found.row.at, values });
                }
            }
        }
    }

    /// Whether the relations inside a row hold between the texts of its cells, counted from its first.
    fn holds<'t>(&self, row: usize, text: &dyn Fn(usize) -> Cow<'t, str>) -> bool {
        let range = self.table.rows[row].cells.clone();
        let value = |cell: &usize| match self.table.cells[*cell].format.read(&text(cell - range.start), None) {
            CellText::Number(number, _) => Some(number),
            _ => None,
        };
        let sum = |cells: &[usize]| cells.iter().filter_map(value).sum::<f64>();
        let mut own = self.table.equations.iter().filter(|e| e.in_row && e.parts.iter().all(|c| range.contains(c)));
        own.all(|e| sum(&e.parts) == sum(&e.totals))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
