//! The ways to lay the values of a row under the columns of the form, as far as the row itself, its
//! label and its header tell.

use super::header::{Foreign, Span};
use super::recognise::FoundRow;

/// A way to lay the values of a row under its columns: for each column the index of a cell.
pub(super) type Layout = Vec<Option<usize>>;

/// The cells with text from `from` on. A merged cell that the converter has repeated counts once.
pub(super) fn filled(found: &FoundRow<'_>, from: usize, header: &[Span], foreign: &[Foreign]) -> Vec<usize> {
    let cells = &found.row.cells;
    let mut filled: Vec<usize> = Vec::new();
    let told = header.iter().all(Option::is_some);
    let is_under = |column: u16, (start, end): (u16, u16)| start <= column && column < end;
    let strange = |i: usize| {
        let column = cells[i].column;
        told && foreign.iter().any(|f| is_under(column, (f.start, f.end))) && !header.iter().flatten().any(|span| is_under(column, *span))
    };
    for i in (from..cells.len().min(256)).filter(|&i| !cells[i].is_blank() && !strange(i)) {
        let repeats = filled.last().is_some_and(|&last| {
            let same = cells[last].text.trim() == cells[i].text.trim();
            let covers = |(start, end): (u16, u16)| start <= cells[last].column && cells[i].column < end;
            same && (header.len() == 1 || header.iter().flatten().copied().any(covers))
        });
        if !repeats {
            filled.push(i);
        }
    }
    filled
}

/// The one way to lay a row that has just as many values as columns, side by side.
pub(super) fn only_layout(found: &FoundRow<'_>, from: usize, count: usize) -> Option<Layout> {
    let mut filled = (from..found.row.cells.len()).filter(|&i| !found.row.cells[i].is_blank());
    let first = filled.next()?;
    let side_by_side = filled.by_ref().take(count - 1).eq(first + 1..first + count);
    (side_by_side && filled.next().is_none()).then(|| (first..first + count).map(Some).collect())
}

/// The layout that the header tells, if it can be that of this row.
pub(super) fn under(header: &[Span], found: &FoundRow<'_>, from: usize) -> Option<Layout> {
    let cell_under = |span: &Span| {
        let (start, end) = (*span)?;
        found.row.cells.iter().position(|c| c.column < end && c.column + c.columns.max(1) > start)
    };
    let layout: Layout = header.iter().map(cell_under).collect();
    let once = (0..layout.len()).all(|k| layout[k].is_none() || !layout[..k].contains(&layout[k]));
    let placed = layout.iter().any(Option::is_some);
    (placed && once && layout.iter().flatten().all(|&i| i >= from)).then_some(layout)
}

/// The values of a row as they stand, for messages.
pub(super) fn values_of(found: &FoundRow<'_>, label: Option<usize>) -> String {
    let skip = |i: usize| found.labels.iter().any(|(c, _)| *c == i) || label.is_some_and(|l| i <= l);
    let texts = found.row.cells.iter().enumerate().filter(|(i, c)| !skip(*i) && !c.is_blank());
    texts.map(|(_, c)| c.text.trim()).take(20).collect::<Vec<_>>().join(" | ")
}
