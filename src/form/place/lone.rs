//! Rows with a single number: beside blank cells nothing holds it in its place, so it needs more than its own row to
//! be certain.

use super::{OpenRow, Placer};

impl OpenRow<'_> {
    /// The column that a layout gives to the only number of the row; none if it has more.
    fn lone(&self, layout: usize) -> Option<usize> {
        let filled = self.filled(layout);
        let mut columns = (0..filled.len()).filter(|&column| filled[column].is_some());
        columns.next().filter(|_| columns.next().is_none())
    }
}

impl Placer<'_> {
    /// Takes back where the only number of a row was laid, if it may stand elsewhere and the columns do not tell: they
    /// do if all of them add up, and would not with the numbers of the rows like it, or of all rows in doubt, elsewhere.
    pub(super) fn doubt_lone_numbers(&mut self) {
        let chosen: Vec<Option<usize>> = self.rows.iter().map(|r| r.chosen).collect();
        let all_hold = self.broken(&chosen) == 0;
        let rivals: Vec<Option<usize>> = (0..self.rows.len()).map(|i| self.lone_rival(i)).collect();
        for (i, rival) in rivals.iter().enumerate() {
            let Some(rival) = *rival else { continue };
            let kind = |i: usize| {
                let row = &self.rows[i];
                (row.found.grid.number, row.label, chosen[i].and_then(|l| row.begins(l)))
            };
            let moved =
                |alike: bool| -> Vec<Option<usize>> { (0..chosen.len()).map(|r| rivals[r].filter(|_| !alike || kind(r) == kind(i)).or(chosen[r])).collect() };
            if all_hold && self.broken(&moved(true)) > 0 && self.broken(&moved(false)) > 0 {
                continue;
            }
            let row = &mut self.rows[i];
            row.rivals = row.chosen.into_iter().chain([rival]).filter_map(|layout| row.lone(layout)).collect();
            row.rivals.sort_unstable();
            row.chosen = None;
        }
    }

    /// Another layout that the only number of a row may have, if its own is not certain: beside blank cells nothing
    /// holds it in its place. It must stand under its header; without one, it may be the row's total.
    fn lone_rival(&self, i: usize) -> Option<usize> {
        let row = &self.rows[i];
        let own = row.lone(row.chosen?)?;
        let told = row.told.as_ref().and_then(|told| row.layouts.iter().position(|(_, layout)| layout == told));
        match told.and_then(|told| Some((told, row.lone(told)?))) {
            Some((told, column)) if column != own => Some(told),
            // The column beside the totals, and no row has a total: rows of an office that fills totals only, shifted by one.
            Some(_) if self.is_total(row, own + 1) && !self.has_totals() => self.as_total(row),
            Some(_) => None,
            None if self.is_total(row, own) => None,
            None => self.as_total(row),
        }
    }

    /// The layout in which the only number of a row is its total.
    pub(super) fn as_total(&self, row: &OpenRow<'_>) -> Option<usize> {
        (0..row.layouts.len()).find(|&l| row.lone(l).is_some_and(|column| self.is_total(row, column)))
    }

    /// Whether some row has a total, as laid now.
    fn has_totals(&self) -> bool {
        let filled = |row: &OpenRow<'_>, layout| row.filled(layout).iter().enumerate().any(|(column, cell)| cell.is_some() && self.is_total(row, column));
        self.rows.iter().any(|row| row.chosen.is_some_and(|layout| filled(row, layout)))
    }

    /// Whether a column of a row is the total of others.
    fn is_total(&self, row: &OpenRow<'_>, column: usize) -> bool {
        let cell = self.table.rows[row.row].cells.start + column;
        self.table.equations.iter().any(|e| e.in_row && e.totals.contains(&cell))
    }
}
