//! A table element to rows: which cells it has, where spanning cells push the others, what its rows say.
//! Serves HTML pages and the tables that converters write into Markdown.

use super::attribute;
use super::tree::Node;
use crate::decode::{Reached, within};
use crate::document::{Cell, Place, Row};
use scraper::ElementRef;
use std::borrow::Cow;

/// Most columns that a cell may claim, as in browsers.
const WIDEST_SPAN: usize = 1000;

/// The rows of a table as elements, group by group: head, body, foot. Rows of tables within it are not its own.
pub(in crate::decode) fn row_groups<'p>(table: Node<'p>) -> Vec<Vec<ElementRef<'p>>> {
    if table.value().as_element().is_none_or(|e| e.name() != "table") {
        return vec![table.children().filter_map(ElementRef::wrap).collect()];
    }
    let mut groups: Vec<(u8, Vec<ElementRef<'p>>)> = Vec::new();
    for group in table.children().filter_map(ElementRef::wrap) {
        let order = match group.value().name() {
            "thead" => 0,
            "tbody" => 1,
            "tfoot" => 2,
            _ => continue,
        };
        let rows = group.children().filter_map(ElementRef::wrap).filter(|e| e.value().name() == "tr");
        groups.push((order, rows.collect()));
    }
    // A foot may be written before the body.
    groups.sort_by_key(|(order, _)| *order);
    groups.into_iter().map(|(_, rows)| rows).collect()
}

/// The cells of a row as elements.
pub(in crate::decode) fn cells<'p>(row: ElementRef<'p>) -> impl Iterator<Item = ElementRef<'p>> {
    let of_table = row.value().name() == "tr";
    row.children().filter_map(ElementRef::wrap).filter(move |e| !of_table || matches!(e.value().name(), "td" | "th"))
}

/// Whether an element is built like a table though it is none: boxes for rows, in each of them boxes for cells, of which
/// some hold numbers, or whose style says so.
pub(in crate::decode) fn is_drawn(element: ElementRef<'_>) -> bool {
    const DEEPEST: usize = 6;
    let is_box = |e: &ElementRef<'_>| matches!(e.value().name(), "div" | "ul" | "li" | "dl" | "dd" | "dt" | "section" | "p" | "span");
    let boxes = |e: ElementRef<'_>| e.children().filter_map(ElementRef::wrap).all(|e| is_box(&e));
    let bare = |e: ElementRef<'_>| e.children().all(|n| n.value().as_text().is_none_or(|text| text.trim().is_empty()));
    let is_number = |cell: ElementRef<'_>| {
        let mut digits = cell.text().flat_map(str::chars).filter(|c| !c.is_whitespace()).peekable();
        digits.peek().is_some() && digits.all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    if !matches!(element.value().name(), "div" | "ul" | "dl" | "section") || !bare(element) || !boxes(element) {
        return false;
    }
    let (mut rows, mut wide, mut numbers) = (0, 0, 0);
    for row in element.children().filter_map(ElementRef::wrap) {
        if !bare(row) || !boxes(row) {
            return false;
        }
        let mut count = 0;
        for cell in cells(row) {
            if cell.descendants().filter(|n| n.value().is_element()).count() > DEEPEST {
                return false;
            }
            count += 1;
            numbers += usize::from(is_number(cell));
        }
        rows += 1;
        wide += usize::from(count > 1);
    }
    let styled = element.value().attr("style").is_some_and(|style| style.replace(' ', "").contains("display:table"));
    rows > 1 && wide * 2 > rows && (numbers > 0 || styled)
}

/// The rows of a table. Rows and cells that `shown` denies are left out; `line` and `text` tell of elements.
///
/// # Errors
/// If the table asks for more than `most` cells, those covered by spanning ones among them.
pub(in crate::decode) fn rows<'p>(
    table: Node<'p>,
    most: usize,
    shown: &dyn Fn(ElementRef<'p>) -> bool,
    line: &dyn Fn(ElementRef<'p>) -> u32,
    text: &mut dyn FnMut(ElementRef<'p>) -> String,
) -> Result<Vec<Row<'static>>, Reached> {
    let mut found = Vec::new();
    let mut claimed = 0;
    for group in row_groups(table) {
        let group: Vec<ElementRef<'p>> = group.into_iter().filter(|row| shown(*row)).collect();
        // How many rows each column is still covered from above. A cell ends with its group.
        let mut covered: Vec<usize> = Vec::new();
        for (nth, row) in group.iter().enumerate() {
            let mut of_row = Vec::new();
            let mut column = 0;
            for cell in cells(*row).filter(|cell| shown(*cell)) {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let columns = span(cell, "colspan").clamp(1, WIDEST_SPAN);
                let rest = group.len() - nth;
                let rows = match span(cell, "rowspan") {
                    0 => rest,
                    rows => rows.min(rest),
                };
                claimed += columns * rows;
                within("table_cells", claimed, most)?;
                let end = column + columns;
                if covered.len() < end {
                    covered.resize(end, 0);
                }
                covered[column..end].iter_mut().for_each(|below| *below = rows.max(*below));
                let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
                of_row.push(Cell { text: Cow::Owned(text(cell)), column: small(column), columns: small(columns), rows: small(rows) });
                column = end;
            }
            covered.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
            if !of_row.is_empty() {
                found.push(Row { number: found.len() as u32 + 1, at: Place::line(line(*row)), cells: of_row, loose: false });
            }
        }
    }
    Ok(found)
}

/// What a cell claims to span; 1 if it does not say, or nothing sensible.
fn span(cell: ElementRef<'_>, name: &str) -> usize {
    let digits = |text: &str| text.trim().trim_start_matches('+').chars().take_while(char::is_ascii_digit).take(9).collect::<String>();
    attribute(cell.value(), name).and_then(|value| digits(value).parse().ok()).unwrap_or(1)
}
