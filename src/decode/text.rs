//! Markdown as converters write it, and plain text as copied from Word or a web page: one reader, as
//! files mix both. Pipe tables have ragged rows and headers that are data, so they are not read by
//! the rules of a Markdown standard, which would cut and pad the rows. A line is a paragraph.

use super::gaps;
use super::lines::Lines;
use crate::document::{Block, Cell, Document, Grid, Paragraph, Place, Row};
use std::borrow::Cow;

/// Reads a Markdown or plain text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut grid: Option<Grid<'_>> = None;
    let mut grids = 0;
    let mut begin = || {
        grids += 1;
        Grid { number: grids, rows: Vec::new() }
    };
    let mut lines = Lines::new(text);
    while let Some((number, line)) = lines.next() {
        if let Some(first) = table_line(line, grid.is_some(), lines.rest) {
            let mut row = Cow::Borrowed(first);
            // A line break inside a cell: the row goes on where the next line does not begin one.
            while !row.trim_end().ends_with('|')
                && let Some(next) = lines.peek()
                && !next.trim().is_empty()
                && !next.trim_start().starts_with('|')
                && next.trim_end().ends_with('|')
            {
                row = Cow::Owned(format!("{}\n{}", row, next));
                lines.next();
            }
            let grid = grid.get_or_insert_with(&mut begin);
            if !is_delimiter(&row) {
                push(grid, number, cells(row));
            }
            continue;
        }
        if let Some(texts) = gaps::row(line) {
            let cells = (0u16..).zip(texts).map(|(column, text)| cell(column, text)).collect();
            push(grid.get_or_insert_with(&mut begin), number, cells);
            continue;
        }
        document.blocks.extend(grid.take().map(Block::Grid));
        document.blocks.extend(paragraph(line, number).map(Block::Paragraph));
    }
    document.blocks.extend(grid.take().map(Block::Grid));
    document
}

fn push<'t>(grid: &mut Grid<'t>, line: u32, cells: Vec<Cell<'t>>) {
    let number = grid.rows.len() as u32 + 1;
    grid.rows.push(Row { number, at: Place::line(line), cells });
}

/// The row in a line of a table, if it is one: it begins with a bar, or bars part it and a line of
/// dashes follows or a table is open.
fn table_line<'t>(line: &'t str, open: bool, rest: &str) -> Option<&'t str> {
    let trimmed = line.trim().trim_start_matches('>').trim_start();
    if trimmed.starts_with('|') {
        return Some(trimmed);
    }
    if !trimmed.contains('|') {
        return None;
    }
    let next = rest.split('\n').next().unwrap_or("");
    (open || is_delimiter(next) && next.contains('|')).then_some(trimmed)
}

/// `|---|:--:|`: parts the header from the rest and holds nothing.
fn is_delimiter(row: &str) -> bool {
    row.contains("--") && row.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t' | b'\r'))
}

fn cells(row: Cow<'_, str>) -> Vec<Cell<'_>> {
    match row {
        Cow::Borrowed(row) => {
            let mut cells = Vec::with_capacity(memchr::memchr_iter(b'|', row.as_bytes()).count());
            cells.extend(split(row).map(|(column, text)| cell(column, text)));
            cells
        }
        Cow::Owned(row) => split(&row).map(|(column, text)| own(cell(column, text))).collect(),
    }
}

fn cell(column: u16, text: &str) -> Cell<'_> {
    let text = if text.contains('\\') { Cow::Owned(unescape(text)) } else { Cow::Borrowed(text) };
    Cell { text, column, columns: 1, rows: 1 }
}

fn own(cell: Cell<'_>) -> Cell<'static> {
    Cell { text: Cow::Owned(cell.text.into_owned()), ..cell }
}

/// The texts between the bars, without the blanks around them; `\|` is no bar.
fn split(row: &str) -> impl Iterator<Item = (u16, &str)> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let closed = row.ends_with('|') && !row.ends_with("\\|");
    let row = if closed { &row[..row.len() - 1] } else { row };
    let mut rest = Some(row);
    let mut column = 0u16;
    std::iter::from_fn(move || {
        let text = rest?;
        let mut from = 0;
        let end = loop {
            match memchr::memchr(b'|', &text.as_bytes()[from..]) {
                Some(at) if from + at > 0 && text.as_bytes()[from + at - 1] == b'\\' => from += at + 1,
                Some(at) => break Some(from + at),
                None => break None,
            }
        };
        rest = end.map(|end| &text[end + 1..]);
        let found = (column, text[..end.unwrap_or(text.len())].trim_matches([' ', '\t']));
        column = column.saturating_add(1);
        Some(found)
    })
}

/// A line of text as a paragraph without its markup; none for a blank line or a ruler.
fn paragraph(line: &str, number: u32) -> Option<Paragraph<'_>> {
    let trimmed = line.trim();
    let marks = trimmed.bytes().take_while(|b| *b == b'#').count();
    let mut heading = (1..=6).contains(&marks) && !trimmed[marks..].starts_with('#');
    let mut text = if heading { trimmed[marks..].trim_start().trim_end_matches('#').trim_end() } else { trimmed };
    text = text.trim_start_matches('>').trim_start();
    text = ["- ", "* ", "+ "].iter().find_map(|bullet| text.strip_prefix(bullet)).unwrap_or(text);
    for mark in ["**", "__"] {
        if let Some(inner) = text.strip_prefix(mark).and_then(|t| t.strip_suffix(mark))
            && !inner.contains(mark)
        {
            text = inner;
            heading |= !inner.ends_with(['。', '；']);
        }
    }
    let ruler = text.len() >= 3 && text.bytes().all(|b| matches!(b, b'-' | b'=' | b'*' | b'_' | b' '));
    if text.is_empty() || ruler {
        return None;
    }
    let marked = text.contains("**") || text.contains('\\') || text.contains("](") || text.contains('<');
    let text = if marked { Cow::Owned(plain(text)) } else { Cow::Borrowed(text) };
    (!text.trim().is_empty()).then_some(Paragraph { text, heading, at: Place::line(number) })
}

/// Text without emphasis, links, pictures and tags.
fn plain(text: &str) -> String {
    let text = unescape(&text.replace("**", ""));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['[', '<', '!']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((kept, length)) = link(rest).or_else(|| tag(rest)) {
            out.push_str(kept);
            rest = &rest[length..];
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..first]);
            rest = &rest[first..];
        }
    }
    out.push_str(rest);
    out
}

/// `[text](address)` or `![text](address)`: what stays of it and its length.
fn link(text: &str) -> Option<(&str, usize)> {
    const LONGEST: usize = 2000;
    let picture = text.starts_with("![");
    let start = if picture { 2 } else { 1 };
    if !text[start - 1..].starts_with('[') {
        return None;
    }
    let near = &text.as_bytes()[..text.len().min(LONGEST)];
    let middle = memchr::memmem::find(near, b"](")?;
    let end = middle + memchr::memchr(b')', &near[middle..])?;
    Some((if picture { "" } else { &text[start..middle] }, end + 1))
}

/// An HTML tag or comment: its length.
fn tag(text: &str) -> Option<(&str, usize)> {
    let second = text.as_bytes().get(1)?;
    if !text.starts_with('<') || !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!')) {
        return None;
    }
    let near = &text.as_bytes()[..text.len().min(300)];
    memchr::memchr(b'>', near).map(|end| ("", end + 1))
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {}
            _ => out.push(c),
        }
        if c == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation) {
            out.extend(characters.next());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let document = read(text);
        let grids = document.blocks.iter().filter_map(|b| if let Block::Grid(g) = b { Some(g) } else { None });
        grids.flat_map(|g| &g.rows).map(|r| r.cells.iter().map(|c| c.text.to_string()).collect()).collect()
    }

    #[test]
    fn ragged_rows_keep_every_cell() {
        assert_eq!(rows("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n|4|"), [vec!["a", "b"], vec!["1", "2", "3"], vec!["4"]]);
        assert_eq!(rows("a | b\n--|--\n1 | 2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(rows("| 危及“三安全\n一稳定” | 0 |"), [["危及“三安全\n一稳定”", "0"]]);
        assert_eq!(rows(r"| a \| b | c |"), [["a | b", "c"]]);
        assert!(rows("a | b in a sentence").is_empty());
    }

    #[test]
    fn paragraphs_lose_their_markup_and_keep_their_line() {
        let document = read("\n## **五、存在的主要问题**\n\n**一是**见[附件](http://a/b)<br>。\n---\n");
        let texts: Vec<_> = document.blocks.iter().map(|b| if let Block::Paragraph(p) = b { (p.text.as_ref(), p.heading, p.at.line) } else { ("", false, 0) }).collect();
        assert_eq!(texts, [("五、存在的主要问题", true, 2), ("一是见附件。", false, 4)]);
    }
}
