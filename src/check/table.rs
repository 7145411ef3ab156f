//! The checks of one table: cells that are no proper numbers, and relations that do not hold. A check
//! never changes a fact; what would repair a table is said as a suggestion only.

use crate::document::SEAM;
use crate::finding::{Finding, number};
use crate::form::infer::Known;
use crate::form::value::CellText;
use crate::form::{Equation, Placed, Table};

/// A table of a report with what is known of its cells.
pub struct TableView<'a> {
    /// The table of the form.
    pub table: &'a Table,
    /// Its cells as they stand in the report.
    pub cells: &'a [Option<Placed<'a>>],
    /// Its cells as known after inferring.
    pub known: &'a [Known],
    /// The item of a cell in the catalog.
    pub item: &'a dyn Fn(usize) -> u16,
}

/// Checks a table.
pub fn table(view: &TableView<'_>) -> Vec<Finding> {
    let mut findings = cells(view);
    findings.extend(relations(view));
    findings.extend(inferred(view));
    findings
}

fn of_cell(view: &TableView<'_>, rule: &str, cell: usize) -> Finding {
    let form = &view.table.cells[cell];
    let at = view.cells[cell].as_ref().map(|c| c.at).unwrap_or_default();
    let row = if form.zh.row.is_empty() { (&view.table.zh, &view.table.en) } else { (&form.zh.row, &form.en.row) };
    Finding::new(rule).about((view.item)(cell)).at(at).both("row", row.0, row.1).both("column", &form.zh.column, &form.en.column)
}

fn cells(view: &TableView<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (cell, placed) in view.cells.iter().enumerate() {
        let Some(placed) = placed else { continue };
        let format = &view.table.cells[cell].format;
        if let CellText::Number(value, _) = placed.value
            && placed.raw.contains(SEAM)
        {
            findings.push(of_cell(view, "cell.joined", cell).with("found", placed.raw.trim().replace(SEAM, " | ")).actual(value));
        }
        match placed.value {
            // A whole row that could not be laid under its columns has a finding of its own.
            CellText::Unreadable if placed.cell.2 > 0 => {
                findings.push(of_cell(view, "cell.unreadable", cell).with("found", placed.raw.trim()));
            }
            CellText::Number(value, _) if value < 0.0 && !format.signed => {
                findings.push(of_cell(view, "cell.negative", cell).actual(value));
            }
            CellText::Number(value, _) if !format.decimal && value.fract() != 0.0 => {
                findings.push(of_cell(view, "cell.fraction", cell).actual(value));
            }
            CellText::Number(value, false) if value != 0.0 && !format.unit_printed => {
                findings.push(of_cell(view, "cell.unit_unknown", cell).actual(value));
            }
            _ => {}
        }
    }
    findings
}

fn inferred(view: &TableView<'_>) -> Option<Finding> {
    // A number split off a run of digits was no blank; it has a finding of its own.
    let inferred = |c: &usize| matches!(view.known[*c], Known::Inferred(_)) && !view.cells[*c].as_ref().is_some_and(|p| p.split);
    let count = (0..view.known.len()).filter(inferred).count();
    let first = (0..view.known.len()).find(inferred)?;
    let at = view.cells[first].as_ref().map(|c| c.at).unwrap_or_default();
    Some(Finding::new("cell.inferred").at(at).actual(count as f64).both("table", &view.table.zh, &view.table.en))
}

/// A relation whose operands are all known and do not agree.
struct Broken<'a> {
    equation: &'a Equation,
    parts: f64,
    totals: f64,
}

fn relations(view: &TableView<'_>) -> Vec<Finding> {
    let sum = |side: &[usize]| side.iter().try_fold(0.0, |sum, &c| Some(sum + view.known[c].value()?));
    let judged: Vec<Broken<'_>> =
        view.table.equations.iter().filter_map(|e| Some(Broken { equation: e, parts: sum(&e.parts)?, totals: sum(&e.totals)? })).collect();
    if judged.iter().all(|e| e.parts == e.totals) {
        return Vec::new();
    }
    let (held, broken): (Vec<Broken<'_>>, Vec<Broken<'_>>) = judged.into_iter().partition(|e| e.parts == e.totals);
    broken
        .iter()
        .map(|one| {
            let total = one.equation.totals[0];
            let finding = of_cell(view, &one.equation.rule, total).numbers(one.parts, one.totals);
            let finding = match view.table.cells[total].group {
                // A relation inside a group of columns is named by the group.
                Some(group) if one.equation.in_row => finding_of_group(finding, view, group),
                _ => finding,
            };
            finding.suggest(repair(view, one, &held, &broken))
        })
        .collect()
}

fn finding_of_group(finding: Finding, view: &TableView<'_>, group: usize) -> Finding {
    let title = &view.table.groups[group].title;
    let english = view.table.cells.iter().find(|c| c.group == Some(group)).and_then(|c| c.en.column.split(':').next());
    finding.group(title, english.unwrap_or(title))
}

/// The one cell whose change alone would make this relation and all that broke with it hold, if there
/// is exactly one: a relation shows that something is wrong, several together show where.
fn repair(view: &TableView<'_>, broken: &Broken<'_>, held: &[Broken<'_>], all: &[Broken<'_>]) -> Option<String> {
    let difference = broken.totals - broken.parts;
    let operands = broken.equation.parts.iter().chain(&broken.equation.totals);
    let mut repairs = operands.filter_map(|&cell| {
        let Known::Stated(old) = view.known[cell] else { return None };
        // Raising a part by the difference mends the relation, raising a total breaks it further.
        let change = |e: &Equation| if e.parts.contains(&cell) { 1.0 } else { -1.0 };
        let new = old + change(broken.equation) * difference;
        let has = |e: &Equation| e.parts.contains(&cell) || e.totals.contains(&cell);
        let spoils = held.iter().any(|e| has(e.equation));
        let mends = all.iter().filter(|e| has(e.equation)).all(|e| e.totals - e.parts == change(e.equation) * (new - old));
        let evidence = all.iter().filter(|e| has(e.equation)).count() > 1;
        (new >= 0.0 && !spoils && mends && evidence).then_some((cell, old, new))
    });
    let one = repairs.next()?;
    if repairs.next().is_some() {
        return None;
    }
    let title = &view.table.cells[one.0].zh;
    Some(format!("{} · {}: {} → {}", title.row, title.column, number(one.1), number(one.2)))
}
