//! HTML tables inside Markdown, as PDF converters write them where cells are merged.

use super::lines::Lines;
use super::markup::clean;
use crate::document::{Cell, Place, Row};
use scraper::{ElementRef, Html, Selector};
use std::borrow::Cow;

/// Most rows or columns that a cell may claim to span.
const WIDEST_SPAN: u16 = 64;

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

fn rows(html: &str, first_line: u32) -> Vec<Row<'static>> {
    let (Ok(row), Ok(cell)) = (Selector::parse("tr"), Selector::parse("td, th")) else { return Vec::new() };
    let fragment = Html::parse_fragment(html);
    // How many rows each column is still covered from above.
    let mut covered: Vec<u16> = Vec::new();
    let mut found = Vec::new();
    let lower = html.to_ascii_lowercase();
    let mut begins = memchr::memmem::find_iter(lower.as_bytes(), b"<tr");
    let mut line = |last: u32| begins.next().map_or(last, |at| first_line + lower.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() as u32);
    let mut at = first_line;
    for (number, element) in (1u32..).zip(fragment.select(&row)) {
        at = line(at);
        let mut cells = Vec::new();
        let mut column = 0usize;
        for element in element.select(&cell) {
            while covered.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            let (columns, rows) = (span(&element, "colspan"), span(&element, "rowspan"));
            let end = column + usize::from(columns);
            if covered.len() < end {
                covered.resize(end, 0);
            }
            covered[column..end].fill(rows);
            let text = clean(element.inner_html().trim()).trim().to_string();
            cells.push(Cell { text: Cow::Owned(text), column: u16::try_from(column).unwrap_or(u16::MAX), columns, rows });
            column = end;
        }
        covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        found.push(Row { number, at: Place::line(at), cells });
    }
    found
}

fn span(element: &ElementRef<'_>, name: &str) -> u16 {
    element.value().attr(name).and_then(|n| n.trim().parse().ok()).unwrap_or(1).clamp(1, WIDEST_SPAN)
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
