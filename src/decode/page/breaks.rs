//! Tables that go on over the end of a page: one table again, its repeated header dropped and the
//! cells and rows that the page end has cut put together.

use super::table::{Cell, Table, begins_anew, is_unit, is_value};

/// How far edges of columns may lie apart on two pages and still be the same.
const NEAR: f32 = 4.0;
/// How far a page may be shifted for its binding.
const BINDING: f32 = 60.0;

/// Whether `below`, first on its page, goes on with `above`, last on the page before.
pub(super) fn goes_on(above: &Table, below: &Table) -> bool {
    let width = |t: &Table| t.right() - t.left();
    (width(above) - width(below)).abs() <= NEAR * 2.0 && (above.left() - below.left()).abs() <= BINDING || lacks_first_columns(above, below)
}

/// Whether the second part has all columns but the first ones, in which a cell over several rows goes on: some
/// programs draw no border around the rest of such a cell.
fn lacks_first_columns(above: &Table, below: &Table) -> bool {
    let edge = |x: &f32| above.xs.iter().position(|known| (known - x).abs() <= NEAR);
    let Some(missing) = edge(&below.left()).filter(|first| *first > 0) else { return false };
    let goes_on =
        |column: usize| above.cells.iter().any(|c| c.row + c.rows == above.rows() && c.rows > 1 && (c.column..c.column + c.columns).contains(&column));
    (above.right() - below.right()).abs() <= NEAR && below.xs.iter().all(|x| edge(x).is_some()) && (0..missing).all(goes_on)
}

/// Puts the second part under the first.
pub(super) fn join(above: &mut Table, mut below: Table) {
    if lacks_first_columns(above, &below) {
        below.put_first(above.left());
    }
    let shift = above.left() - below.left();
    below.xs.iter_mut().for_each(|x| *x += shift);
    let xs = union(&above.xs, &below.xs);
    above.spread(&xs);
    below.spread(&xs);
    let repeated = repeated_header(above, &below);
    below.drop_rows(repeated);
    if below.rows() == 0 {
        return;
    }
    let joint = above.rows();
    // A row is cut if what stands on the second page completes it; else only cells over several rows are.
    let cut = is_cut(above, &below);
    let offset = if cut { joint - 1 } else { joint };
    let mut rest: Vec<Cell> = Vec::new();
    for cell in std::mem::take(&mut below.cells) {
        let open = above.open_bottom || below.open_top;
        let over = above.cells.iter_mut().find(|a| a.row + a.rows == joint && a.column == cell.column && a.columns == cell.columns);
        match over {
            Some(over) if cell.row == 0 && (cut || (over.rows > 1 || cell.rows > 1) && completes(over, &cell, open)) => {
                over.rows += cell.rows - usize::from(cut);
                over.append(&cell);
            }
            _ => rest.push(Cell { row: cell.row + offset, ..cell }),
        }
    }
    above.cells.extend(rest);
    above.cells.sort_by_key(|c| (c.row, c.column));
    // Heights of later pages do not matter any more; the number of rows does.
    let bottom = above.bottom();
    above.ys.extend((0..below.rows() - usize::from(cut)).map(|_| bottom));
    above.pages.extend(below.pages.iter().skip(usize::from(cut)));
    above.open_bottom = below.open_bottom;
}

fn union(a: &[f32], b: &[f32]) -> Vec<f32> {
    let mut all = a.to_vec();
    all.extend(b.iter().filter(|x| a.iter().all(|known| (known - **x).abs() > NEAR)));
    all.sort_by(f32::total_cmp);
    all
}

impl Table {
    /// Lays the columns over finer edges.
    fn spread(&mut self, xs: &[f32]) {
        let nearest = |x: f32| {
            let distance = |i: &usize| (xs[*i] - x).abs();
            (0..xs.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
        };
        let places: Vec<usize> = self.xs.iter().map(|x| nearest(*x)).collect();
        for cell in &mut self.cells {
            let (first, last) = (places[cell.column], places[cell.column + cell.columns]);
            // Edges that fall together leave a cell one column wide, and that the last at most.
            cell.column = first.min(xs.len().saturating_sub(2));
            cell.columns = last.saturating_sub(cell.column).max(1);
        }
        self.xs = xs.to_vec();
    }

    /// Puts a blank cell over all rows before the first column.
    fn put_first(&mut self, left: f32) {
        self.xs.insert(0, left);
        self.cells.iter_mut().for_each(|c| c.column += 1);
        self.cells.push(Cell::new(0, 0, self.rows(), 1));
        self.cells.sort_by_key(|c| (c.row, c.column));
    }

    fn drop_rows(&mut self, count: usize) {
        self.cells.retain(|c| c.row >= count);
        self.cells.iter_mut().for_each(|c| c.row -= count);
        self.ys.drain(..count);
        self.pages.drain(..count.min(self.pages.len()));
    }

    fn row(&self, row: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |c| c.row == row)
    }
}

impl Cell {
    fn append(&mut self, other: &Cell) {
        if !self.text.is_empty() && !other.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&other.text);
        self.full = other.full;
    }
}

/// Rows at the top of the second part that repeat those at the top of the first.
fn repeated_header(above: &Table, below: &Table) -> usize {
    let plain = |c: &Cell| (c.column, c.columns, c.text.split_whitespace().collect::<String>());
    let mut count = 0;
    let mut worded = false;
    while count < above.rows().min(below.rows()) {
        let (first, second): (Vec<_>, Vec<_>) = (above.row(count).map(plain).collect(), below.row(count).map(plain).collect());
        // A row with numbers is no header; two of them may well be alike.
        if first != second || first.iter().any(|(.., text)| is_value(text)) {
            break;
        }
        worded |= first.iter().any(|(.., text)| !text.is_empty());
        count += 1;
    }
    let ends_there = below.cells.iter().all(|c| c.row >= count || c.row + c.rows <= count);
    if worded && ends_there { count } else { 0 }
}

/// Whether the first row of the second part is the rest of the last row of the first.
fn is_cut(above: &Table, below: &Table) -> bool {
    let last = above.rows() - 1;
    let ending: Vec<&Cell> = above.cells.iter().filter(|c| c.row + c.rows == last + 1).collect();
    let beginning: Vec<&Cell> = below.row(0).collect();
    let alike = ending.len() == beginning.len() && ending.iter().zip(&beginning).all(|(a, b)| (a.column, a.columns) == (b.column, b.columns));
    let pairs: Vec<(&Cell, &Cell)> = ending.into_iter().zip(beginning).collect();
    let single: Vec<(&Cell, &Cell)> = pairs.iter().copied().filter(|(a, b)| a.rows == 1 && b.rows == 1).collect();
    // No cell may hold two numbers, a number below a label, or a label that begins anew. Digits that fill their cell may
    // go on; that they are one number is for the arithmetic of the form to say.
    let fits = |a: &Cell, b: &Cell| match (is_value(&a.text), is_value(&b.text)) {
        _ if a.text.is_empty() || b.text.is_empty() || is_unit(&b.text) => true,
        (true, true) => a.full,
        (false, false) => !begins_anew(&b.text),
        _ => false,
    };
    if !alike || single.is_empty() || !pairs.iter().all(|(a, b)| fits(a, b)) {
        return false;
    }
    // A number of which the label stands on the other page only.
    let (first, second) = (Half::new(single.iter().map(|(a, _)| *a)), Half::new(single.iter().map(|(_, b)| *b)));
    if first.labels != second.labels && (if first.labels { second.values } else { first.values }) {
        return true;
    }
    // A label of which the rest stands on the second page.
    let goes_on = |(a, b): &(&Cell, &Cell)| !b.text.is_empty() && !a.text.is_empty() && !begins_anew(&b.text) && (begins_anew(&a.text) || a.full);
    let certain = |(a, _): &(&Cell, &Cell)| above.open_bottom || below.open_top || begins_anew(&a.text) && a.full;
    single.iter().any(|pair| goes_on(pair) && (!second.values || certain(pair)))
}

/// What stands in one half of a row that may be cut.
struct Half {
    labels: bool,
    values: bool,
}

impl Half {
    fn new<'c>(cells: impl Iterator<Item = &'c Cell> + Clone) -> Half {
        let is_label = |c: &Cell| !c.text.is_empty() && !is_value(&c.text) && !is_unit(&c.text);
        Half { labels: cells.clone().any(is_label), values: cells.into_iter().any(|c| is_value(&c.text)) }
    }
}

/// Whether a cell over several rows is the rest of the one above it.
fn completes(over: &Cell, cell: &Cell, open: bool) -> bool {
    let (a, b) = (over.text.trim(), cell.text.trim());
    if is_value(a) || is_value(b) {
        return false;
    }
    // The blank corner of a header is no label whose text stands below.
    b.is_empty() || a.is_empty() && over.rows > 1 && over.row > 0 || !begins_anew(b) && (begins_anew(a) || open || over.full)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns narrower than what counts as the same edge, over three pages.
    #[test]
    fn edges_that_fall_together_stay_within_the_table() {
        let page = |xs: &[f32]| {
            let cells = (0..xs.len() - 1).map(|column| Cell { text: format!("{column}栏"), ..Cell::new(0, column, 1, 1) }).collect();
            Table { xs: xs.to_vec(), ys: vec![0.0, 10.0], cells, ..Table::default() }
        };
        let mut table = page(&[0.0, 50.0, 97.0]);
        join(&mut table, page(&[0.0, 50.0, 98.0, 100.0]));
        join(&mut table, page(&[0.0, 49.0, 96.0, 99.0]));
        assert!(table.cells.iter().all(|c| c.columns > 0 && c.column + c.columns < table.xs.len()), "{:?}", table.cells);
        assert_eq!(table.rows(), 3);
    }
}
