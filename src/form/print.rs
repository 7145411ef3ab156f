//! A table as the official form prints it: which label and which number stand where, and which cells
//! are merged. Declared in `config/forms` as text, one line a row.

use super::config::TableFile;
use anyhow::{Result, bail, ensure};

/// A printed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedCell {
    /// What stands in it.
    pub content: Content,
    /// Column of its left edge, from 0.
    pub column: usize,
    /// Columns it covers.
    pub columns: usize,
    /// Rows it covers.
    pub rows: usize,
}

/// What stands in a printed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A label.
    Label(String),
    /// The number of a cell of the form, by its place in `Table::cells`.
    Number(usize),
}

/// The printed rows of a table with so many cells for numbers; each row holds the printed cells whose upper edge is there.
pub(super) fn printed(file: &TableFile, cells: usize) -> Result<Vec<Vec<PrintedCell>>> {
    let text = if file.print.is_empty() { plain(file) } else { file.print.clone() };
    let marks: Vec<Vec<&str>> = text.trim().lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let width = marks.first().map_or(0, Vec::len);
    let mut rows: Vec<Vec<PrintedCell>> = Vec::new();
    // For every place the cell that covers it: the row it begins in, and which of that row's cells it is.
    let mut covering: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut numbers = 0;
    for (row, line) in marks.iter().enumerate() {
        let place = |column: usize| format!("table `{}`: `print`, line {}, cell {}", file.id, row + 1, column + 1);
        ensure!(line.len() == width, "{}: the line has {} cells, the first one {width}", place(line.len()), line.len());
        rows.push(Vec::new());
        covering.push(Vec::new());
        for (column, mark) in line.iter().enumerate() {
            let by = match *mark {
                "<" if column > 0 => covering[row][column - 1],
                "^" if row > 0 => covering[row - 1][column],
                "<" | "^" => bail!("{}: there is no cell on that side to belong to", place(column)),
                label => {
                    let content = if label == "=" { Content::Number(numbers) } else { Content::Label(label.to_string()) };
                    numbers += usize::from(label == "=");
                    rows[row].push(PrintedCell { content, column, columns: 1, rows: 1 });
                    (row, rows[row].len() - 1)
                }
            };
            let cell = &mut rows[by.0][by.1];
            ensure!(column >= cell.column, "{}: the merged cell is no rectangle", place(column));
            cell.columns = cell.columns.max(column - cell.column + 1);
            cell.rows = cell.rows.max(row - by.0 + 1);
            covering[row].push(by);
        }
    }
    ensure!(numbers == cells, "table `{}`: `print` has {numbers} cells for numbers (=), the blocks have {cells}", file.id);
    let area: usize = rows.iter().flatten().map(|c| c.columns * c.rows).sum();
    ensure!(area == width * rows.len(), "table `{}`: `print` has a merged cell that is no rectangle", file.id);
    Ok(rows)
}

/// For a form that does not say how it is printed: block under block, labels in front.
fn plain(file: &TableFile) -> String {
    let width = file.block.iter().map(|b| b.columns.len()).max().unwrap_or(0) + 1;
    let line = |first: &str, cells: Vec<&str>| {
        let mut line = vec![first];
        line.extend(cells);
        line.resize(width, "<");
        line.join("|")
    };
    let label = |labels: &[String]| labels.first().cloned().unwrap_or_default().replace('|', "｜");
    let mut lines = Vec::new();
    for block in &file.block {
        let columns: Vec<String> = block.columns.iter().map(|c| label(&c.labels)).collect();
        lines.push(line("", columns.iter().map(String::as_str).collect()));
        lines.extend(block.rows.iter().map(|row| line(&label(&row.labels), vec!["="; block.columns.len()])));
    }
    lines.join("\n")
}
