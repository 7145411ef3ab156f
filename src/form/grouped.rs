//! Tables whose one row has its columns in groups (复议、两类诉讼 × five results) are drawn in many
//! ways: as one wide row, a row or a table for each group, a row for each result, or a list. Where
//! the labels around a value name its group and its column, it needs no counting of cells.

use super::place::Placed;
use super::recognise::FoundRow;
use super::vocabulary::{Label, WordKind};
use super::{Table, label};
use std::borrow::Cow;

/// What a label around a value says.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Group(usize),
    /// Index of the label among the columns of a group.
    Column(usize),
    /// Something else; it ends what a label before it covers.
    Other,
}

/// A label above the current rows: the columns it covers, and its row.
struct Above {
    start: u16,
    end: u16,
    row: u32,
    says: Says,
}

/// Places all values by the labels around them; none if some value has no group or no column, or two
/// values claim one cell.
pub(super) fn place<'d>(table: &Table, form: usize, index: usize, rows: &'d [FoundRow<'d>]) -> Option<Vec<Option<Placed<'d>>>> {
    let mut cells: Vec<Option<Placed<'d>>> = table.cells.iter().map(|_| None).collect();
    let says = |l: &Label| says(table, form, index, l);
    let mut above: Vec<Above> = Vec::new();
    let mut pieces: Vec<(u16, String)> = Vec::new();
    let mut grid = 0;
    // The last row with values in the grid: labels above it are those of another group.
    let mut values_above = 0;
    let mut carried = None;
    let mut placed_any = false;
    for found in rows {
        if found.grid.number != grid {
            grid = found.grid.number;
            above.clear();
            pieces.clear();
            values_above = 0;
            // A table for each group may be told by the paragraph above it.
            let named = found.caption.iter().flat_map(|c| c.iter()).map(&says).filter_map(|s| if let Says::Group(g) = s { Some(g) } else { None });
            carried = named.reduce(|_, last| last);
        }
        if !found.has_values {
            read_above(table, found, &says, &mut above, &mut pieces);
            continue;
        }
        let own: Vec<Says> = found.labels.iter().flat_map(|(_, l)| l.iter()).map(&says).collect();
        let columns = own.iter().filter(|s| matches!(s, Says::Column(_))).count();
        if columns > 1 {
            // A header and its row in one: no label here stands beside its value.
            return None;
        }
        let own_group = own.iter().find_map(|s| if let Says::Group(g) = s { Some(*g) } else { None });
        let own_column = own.iter().find_map(|s| if let Says::Column(c) = s { Some(*c) } else { None });
        carried = own_group.or(carried);
        let label_end = found.labels.iter().map(|(cell, _)| cell + 1).max().unwrap_or(0);
        let values = &found.row.cells[label_end.min(found.row.cells.len())..];
        if found.row.loose {
            // Where blank cells are lost, only a row without any stands below its labels.
            let named = above.iter().filter(|a| a.row > values_above && matches!(a.says, Says::Column(_))).count();
            let in_group = table.cells.iter().filter(|c| c.group == table.cells[0].group).count();
            let full = if own_column.is_some() { 1 } else { in_group };
            let fits = if own_column.is_some() || named == 0 { values.len() % full == 0 } else { values.len() == named };
            if !fits {
                return None;
            }
        }
        values_above = found.row.number;
        for cell in values {
            let blank = cell.is_blank();
            let over = |wanted: fn(Says) -> Option<usize>| {
                let here = above.iter().filter(|a| a.start <= cell.column && cell.column < a.end);
                here.filter_map(|a| Some((a.row, wanted(a.says)?))).max_by_key(|(row, _)| *row).map(|(_, value)| value)
            };
            let group = own_group.or_else(|| over(|s| if let Says::Group(g) = s { Some(g) } else { None })).or(carried);
            let column = own_column.or_else(|| over(|s| if let Says::Column(c) = s { Some(c) } else { None }));
            let named = group.zip(column).and_then(|(group, column)| (0..table.cells.len()).filter(|&c| table.cells[c].group == Some(group)).nth(column));
            let at = match named {
                Some(at) if cells[at].is_none() => at,
                _ if blank => continue,
                _ => return None,
            };
            cells[at] = Some(Placed {
                value: table.cells[at].format.read(&cell.text, None),
                raw: Cow::Borrowed(&cell.text),
                at: found.row.at,
                cell: (grid, found.row.number, u32::from(cell.column) + 1),
                split: false,
            });
            placed_any = true;
        }
    }
    placed_any.then_some(cells)
}

fn says(table: &Table, form: usize, index: usize, label: &Label) -> Says {
    let here = || label.words.iter().filter(|w| w.form == form && w.table == index);
    if let Some(group) = here().find_map(|w| if let WordKind::Group(g) = w.kind { Some(g) } else { None }) {
        return Says::Group(group);
    }
    if here().any(|w| w.kind == WordKind::Column) {
        return column(table, &label.core).map_or(Says::Other, Says::Column);
    }
    Says::Other
}

/// The place of a column label within a group; all groups have the same columns.
fn column(table: &Table, core: &str) -> Option<usize> {
    let first = table.cells.first()?.group;
    table.cells.iter().filter(|c| c.group == first).position(|c| c.columns.iter().any(|l| l == core))
}

/// Notes the labels of a header row. In a flattened header a label covers the blank cells behind it.
fn read_above(table: &Table, found: &FoundRow<'_>, says: &impl Fn(&Label) -> Says, above: &mut Vec<Above>, pieces: &mut Vec<(u16, String)>) {
    let row = found.row.number;
    let width = found.row.cells.last().map_or(0, |c| c.column + c.columns.max(1));
    let starts: Vec<u16> = found.labels.iter().map(|(cell, _)| found.row.cells[*cell].column).collect();
    let mut broken: Vec<(u16, String)> = Vec::new();
    for (n, (cell, labels)) in found.labels.iter().enumerate() {
        let cell = &found.row.cells[*cell];
        let next = starts.get(n + 1).copied().unwrap_or(width);
        for label in labels.iter() {
            let mut said = says(label);
            if label.words.is_empty() {
                // 结果 above 维持: a label broken over two rows.
                let piece = label::core(&cell.text);
                let upper = pieces.iter().find(|(start, _)| *start == cell.column).map_or("", |(_, text)| text.as_str());
                said = column(table, &format!("{upper}{piece}")).map_or(said, Says::Column);
                broken.push((cell.column, piece));
            }
            let end = match said {
                Says::Group(_) => next.max(cell.column + cell.columns.max(1)),
                _ => cell.column + cell.columns.max(1),
            };
            above.push(Above { start: cell.column, end, row, says: said });
        }
    }
    if !broken.is_empty() {
        *pieces = broken;
    }
}
