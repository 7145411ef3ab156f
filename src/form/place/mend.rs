//! Numbers with blanks between their digits, or letters for some of them (2 0, 1O, l2): where the relations of the table
//! hold with what they are meant to be, they are that, and this is told; else they stay unreadable.

use super::{Doubt, Placed, Placer, Trouble};
use crate::form::value::{CellText, meant};

/// Cells that are told in one message.
const TOLD: usize = 20;

impl<'d> Placer<'d> {
    pub(super) fn mend(&mut self, cells: &mut [Option<Placed<'d>>]) {
        let unreadable = |placed: &Placed<'_>| placed.value == CellText::Unreadable && placed.cell.2 > 0;
        let meant: Vec<Option<f64>> = cells.iter().map(|c| c.as_ref().filter(|p| unreadable(p)).and_then(|p| meant(&p.raw))).collect();
        if meant.iter().all(Option::is_none) {
            return;
        }
        // For each cell, how many relations hold with what is meant, and how many do not.
        let mut verdicts = vec![(0, 0); cells.len()];
        for equation in &self.table.equations {
            let number = |c: &usize| match cells[*c].as_ref().map(|placed| placed.value) {
                Some(CellText::Number(number, _)) => Ok(Some(number)),
                Some(CellText::Blank | CellText::NotApplicable) | None => Ok(None),
                Some(CellText::Unreadable) => meant[*c].map(Some).ok_or(()),
            };
            let side = |side: &[usize]| side.iter().map(number).collect::<Result<Vec<_>, ()>>();
            let (Ok(parts), Ok(totals)) = (side(&equation.parts), side(&equation.totals)) else { continue };
            // Where one side is blank, nothing is compared.
            if parts.iter().all(Option::is_none) || totals.iter().all(Option::is_none) {
                continue;
            }
            let sum = |side: &[Option<f64>]| side.iter().flatten().sum::<f64>();
            let holds = sum(&parts) == sum(&totals);
            for &cell in equation.parts.iter().chain(&equation.totals).filter(|c| meant[**c].is_some()) {
                let (kept, broken) = &mut verdicts[cell];
                *(if holds { kept } else { broken }) += 1;
            }
        }
        let mut told = Vec::new();
        let mut at = None;
        for (cell, (kept, broken)) in verdicts.into_iter().enumerate() {
            if let (Some(number), Some(placed)) = (meant[cell], cells[cell].as_mut().filter(|_| kept > broken)) {
                placed.value = CellText::Number(number, false);
                placed.split = true;
                at = at.or(Some(placed.at));
                told.push(format!("{} → {number}", placed.raw.trim()));
            }
        }
        if let Some(at) = at {
            let count = told.len();
            told.truncate(TOLD);
            self.troubles.push(Trouble { kind: Doubt::Mended(count), at, values: told.join(" | ") });
        }
    }
}
