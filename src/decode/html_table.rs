//! HTML tables inside Markdown, as PDF converters write them where cells are merged.

use super::html::tree::{self, Bounds};
use super::html::{table, write};
use super::lines::Lines;
use super::markup::clean;
use crate::document::Row;
use scraper::ElementRef;

/// Where a table begins in a line, if one does.
pub(super) fn begins(line: &str) -> Option<usize> {
    let at = memchr::memchr_iter(b'<', line.as_bytes()).find(|&at| {
        let name = line.as_bytes().get(at + 1..at + 6);
        name.is_some_and(|n| n.eq_ignore_ascii_case(b"table"))
    })?;
    matches!(line.as_bytes().get(at + 6), None | Some(b'>' | b' ' | b'\t')).then_some(at)
}

/// Reads the rows of the table that begins in `first`, and walks over its lines.
pub(super) fn take<'t>(first: &str, number: u32, lines: &mut Lines<'t>) -> Vec<Row<'t>> {
    let mut html = first.to_string();
    let ends = |text: &str| text.to_ascii_lowercase().contains("</table");
    if !ends(first) {
        for (_, line) in lines.by_ref() {
            html.push('\n');
            html.push_str(line);
            if ends(line) {
                break;
            }
        }
    }
    rows(&html, number)
}

/// What one table may ask for; a text has no other limits.
const BOUNDS: Bounds = Bounds { nesting: 64, nodes: 500_000 };
const MOST_CELLS: usize = 200_000;

fn rows(html: &str, first_line: u32) -> Vec<Row<'static>> {
    let (page, _) = tree::build(html, BOUNDS);
    let tables = page.html.tree.root().descendants().filter_map(ElementRef::wrap).find(|e| e.value().name() == "table");
    let Some(element) = tables else { return Vec::new() };
    let line = |row: ElementRef<'_>| first_line + page.line(row.id()).saturating_sub(1);
    let mut text = |cell: ElementRef<'_>| clean(&write::text(&page, cell)).into_owned();
    table::rows(*element, MOST_CELLS, &|_| true, &line, &mut text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_give_columns() {
        let html = "<table><tr><td rowspan=2>a</td><td colspan=\"2\">b</td></tr><tr><td>1</td><td>2<br>3</td></tr></table>";
        let rows = take(html, 7, &mut Lines::new(""));
        let cells: Vec<Vec<(u16, u16, &str)>> = rows.iter().map(|r| r.cells.iter().map(|c| (c.column, c.columns, c.text.as_ref())).collect()).collect();
        assert_eq!(cells, [vec![(0, 1, "a"), (1, 2, "b")], vec![(1, 1, "1"), (2, 1, "2\n3")]]);
        assert_eq!(begins("x <TABLE border=1>"), Some(2));
        assert_eq!(begins("<tablet>"), None);
    }
}
