//! Markdown as converters write it, and plain text as copied from Word or a web page: one reader, as
//! files mix both. Pipe tables have ragged rows and headers that are data, so they are not read by
//! the rules of a Markdown standard, which would cut and pad the rows. A line is a paragraph.

use super::lines::Lines;
use super::markup::{clean, is_marked};
use super::page::begins_anew;
use super::{drawn, gaps, html_table};
use crate::document::{Block, Cell, Document, Grid, Paragraph, Place, Row};
use std::borrow::Cow;

/// Reads a Markdown or plain text.
pub fn read(text: &str) -> Document<'_> {
    let mut reader = Reader::default();
    let mut lines = Lines::new(text);
    while let Some((number, line)) = lines.next() {
        if line.is_empty() {
            reader.parted = false;
            reader.close();
        } else if let Some(at) = html_table::begins(line) {
            reader.close();
            let rows = html_table::take(&line[at..], number, &mut lines);
            reader.grids += 1;
            reader.document.blocks.push(Block::Grid(Grid { number: reader.grids, rows }));
        } else if reader.open.is_none()
            && let Some(rows) = drawn::take(line, number, &mut lines)
        {
            rows.into_iter().for_each(|(line, cells)| reader.push(line, cells, false));
            reader.close();
        } else if is_ruler(line) {
            reader.rule(line);
        } else if let Some(row) = table_line(line, reader.open.is_some() || reader.rows_begin(line, lines.peek()), lines.rest) {
            let bare = reader.open.as_ref().is_some_and(|open| open.bare);
            let row = if bare { row } else { whole_row(row, &mut lines) };
            reader.row(number, row);
        } else if let Some(texts) = gaps::row(line, reader.open.is_some()) {
            let cells = (0u16..).zip(texts.cells).map(|(column, text)| cell(column, clean(something(text)))).collect();
            reader.push(number, cells, !texts.bordered);
        } else {
            reader.close();
            reader.document.blocks.extend(paragraph(line, number).map(Block::Paragraph));
        }
    }
    reader.close();
    reader.document
}

#[derive(Default)]
struct Reader<'t> {
    document: Document<'t>,
    grids: u32,
    open: Option<Open<'t>>,
    /// A ruler stands right above.
    parted: bool,
}

/// Ends the line of a cell that goes on in the next line of the table.
const BREAK: char = '\\';

/// Whether a cell goes on in the next line. Where nothing else is in it, the sign stands for a dash.
fn goes_on(text: &str) -> bool {
    text.ends_with(BREAK) && text.chars().any(char::is_alphabetic)
}

/// A table that is being read.
struct Open<'t> {
    grid: Grid<'t>,
    /// A line of dashes has parted its header.
    delimited: bool,
    /// Its rows are parted by rulers (`+---+`) and may take several lines.
    ruled: bool,
    /// The next line begins a row.
    begins: bool,
    /// No bars stand around its rows: one at an end parts a blank cell.
    bare: bool,
}

impl<'t> Reader<'t> {
    fn open(&mut self) -> &mut Open<'t> {
        self.open.get_or_insert_with(|| {
            self.grids += 1;
            Open { grid: Grid { number: self.grids, rows: Vec::new() }, delimited: false, ruled: false, begins: true, bare: false }
        })
    }

    fn close(&mut self) {
        self.document.blocks.extend(self.open.take().map(|open| Block::Grid(open.grid)));
    }

    /// Whether rows with bars begin below a ruler: the table has a header of one cell, which is a line of its own.
    fn rows_begin(&mut self, line: &str, next: Option<&str>) -> bool {
        let begins = std::mem::take(&mut self.parted) && line.contains('|') && next.is_some_and(|next| next.contains('|'));
        if begins {
            self.open().bare = true;
        }
        begins
    }

    fn rule(&mut self, line: &str) {
        self.parted = self.open.is_none();
        let corner = line.trim_start().starts_with(['+', '├', '┌', '└', '╔', '╠']);
        if corner || self.open.is_some() {
            let open = self.open();
            open.ruled |= corner;
            open.begins = true;
        }
    }

    fn row(&mut self, line: u32, row: Cow<'t, str>) {
        let open = self.open();
        if is_delimiter(&row, open.grid.rows.len() <= 1 && !open.delimited) {
            // Tables saved by a program without names have their columns numbered.
            if open.grid.rows.len() == 1 && is_numbering(&open.grid.rows[0]) {
                open.grid.rows.clear();
            }
            open.bare = !row.starts_with('|');
            open.delimited = true;
            return;
        }
        let cells = cells(row, open.grid.rows.last().map_or(0, |row| row.cells.len()), open.bare);
        let broken = open.grid.rows.last().is_some_and(|last| last.cells.iter().any(|c| goes_on(&c.text)));
        if (open.ruled && !open.begins || broken)
            && let Some(last) = open.grid.rows.last_mut()
        {
            for (above, below) in last.cells.iter_mut().zip(cells).filter(|(_, below)| !below.text.is_empty()) {
                above.text = Cow::Owned(format!("{}\n{}", above.text.trim_end_matches(BREAK), below.text));
            }
            return;
        }
        open.begins = false;
        self.push(line, cells, false);
    }

    fn push(&mut self, line: u32, cells: Vec<Cell<'t>>, loose: bool) {
        let rows = &mut self.open().grid.rows;
        let mut push = |cells| {
            let number = rows.len() as u32 + 1;
            rows.push(Row { number, at: Place::line(line), cells, loose });
        };
        match unstacked(&cells) {
            Some(rows) => rows.into_iter().for_each(push),
            None => push(cells),
        }
    }
}

/// Several rows that a converter has put into one, a line for each in every cell; none if it is one.
fn unstacked<'t>(cells: &[Cell<'t>]) -> Option<Vec<Vec<Cell<'t>>>> {
    // What is borrowed is a piece of one line.
    if cells.iter().all(|c| matches!(c.text, Cow::Borrowed(_)) || !c.text.contains('\n')) {
        return None;
    }
    let lines = |cell: &Cell<'_>| cell.text.split('\n').filter(|l| !l.trim().is_empty()).count();
    let numbers = |cell: &Cell<'_>| cell.text.split_whitespace().all(|w| w.bytes().all(|b| b.is_ascii_digit()));
    let count = cells.iter().map(lines).max().unwrap_or(0);
    let full_lines = || cells.iter().filter(|c| lines(c) == count);
    let stacked = count > 1 && full_lines().filter(|c| numbers(c)).count() >= 3 && full_lines().filter(|c| !numbers(c)).count() == 1;
    // A label and numbers that their narrow cells have broken look alike: but no number begins with 0, and no label in its middle.
    let zero = |c: &Cell<'_>| numbers(c) && c.text.trim_start().starts_with('0');
    let labels = |c: &Cell<'_>| c.text.split('\n').filter(|l| !l.trim().is_empty()).all(begins_anew);
    let stacked = stacked && (full_lines().any(zero) || full_lines().any(|c| !numbers(c) && labels(c)));
    if !stacked {
        return None;
    }
    let line = |cell: &Cell<'_>, n: usize| match lines(cell) == count {
        true => cell.text.split('\n').filter(|l| !l.trim().is_empty()).nth(n).unwrap_or("").trim().to_string(),
        false if n == 0 => cell.text.to_string(),
        false => String::new(),
    };
    Some((0..count).map(|n| cells.iter().map(|c| Cell { text: Cow::Owned(line(c, n)), ..*c }).collect()).collect())
}

fn is_numbering(row: &Row<'_>) -> bool {
    let numbers: Vec<usize> = row.cells.iter().filter(|c| !c.text.is_empty()).filter_map(|c| c.text.parse().ok()).collect();
    let counted = numbers.windows(2).all(|w| w[1] == w[0] + 1) && numbers.first().is_some_and(|n| *n <= 1);
    numbers.len() > 2 && counted && row.cells.iter().all(|c| c.text.is_empty() || c.text.parse::<usize>().is_ok())
}

/// A row that goes on in the next lines: a line break stands inside one of its cells.
fn whole_row<'t>(first: Cow<'t, str>, lines: &mut Lines<'t>) -> Cow<'t, str> {
    let mut row = first;
    while row.starts_with('|')
        && !row.trim_end().ends_with('|')
        && let Some(next) = lines.peek()
        && !next.trim().is_empty()
        && !next.trim_start().starts_with('|')
        && next.trim_end().ends_with('|')
    {
        row = Cow::Owned(format!("{row}\n{next}"));
        lines.next();
    }
    row
}

/// The row in a line of a table, if it is one: it begins with a bar, or bars part it and a line of
/// dashes follows or a table is open.
fn table_line<'t>(line: &'t str, open: bool, rest: &str) -> Option<Cow<'t, str>> {
    const BARS: [char; 4] = ['│', '┃', '║', '｜'];
    let trimmed = line.trim().trim_start_matches('>').trim_start();
    if trimmed.starts_with('|') {
        return Some(Cow::Borrowed(trimmed));
    }
    if trimmed.starts_with(BARS) {
        return Some(Cow::Owned(trimmed.replace(BARS, "|")));
    }
    if !trimmed.contains('|') {
        return None;
    }
    let next = rest.split('\n').next().unwrap_or("");
    (open || is_delimiter(next, true) && next.contains('|')).then_some(Cow::Borrowed(trimmed))
}

/// `|---|:---:|`: parts the header from the rest and holds nothing. `|-|--|` might be a row of marks;
/// it is a delimiter only where one is due.
fn is_delimiter(row: &str, due: bool) -> bool {
    let dashes = row.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t' | b'\r'));
    dashes && (row.contains("---") || due && row.contains('-'))
}

/// A line drawn between rows: `+----+----+`, `----  -----`, `├──┼──┤`.
fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    let drawn = |c: char| matches!(c, '+' | '-' | '=' | ' ' | '─'..='╿');
    // The first character tells nearly all lines of text apart.
    line.chars().all(drawn) && line.len() >= 3 && !line.starts_with(['│', '┃', '║']) && line.contains(['-', '=', '─', '━', '═'])
}

/// The cells of a row, of which there may be as many as in the row before; `bare` rows have no bars around them.
fn cells(row: Cow<'_, str>, before: usize, bare: bool) -> Vec<Cell<'_>> {
    match row {
        Cow::Borrowed(row) => {
            let mut cells = Vec::with_capacity(before);
            // Few rows have any markup: to look once is cheaper than at each cell.
            match is_marked(row) {
                true => cells.extend(split(row, bare).map(|(column, text)| cell(column, clean(something(text))))),
                false => cells.extend(split(row, bare).map(|(column, text)| cell(column, Cow::Borrowed(something(text))))),
            }
            cells
        }
        Cow::Owned(row) => split(&row, bare).map(|(column, text)| cell(column, Cow::Owned(clean(something(text)).into_owned()))).collect(),
    }
}

fn cell(column: u16, text: Cow<'_, str>) -> Cell<'_> {
    Cell { text, column, columns: 1, rows: 1 }
}

/// What programs write for "nothing" is nothing.
fn something(text: &str) -> &str {
    if !matches!(text.as_bytes().first(), Some(b'N' | b'n' | b'U')) {
        return text;
    }
    let nothing = matches!(text, "NaN" | "nan") || text.strip_prefix("Unnamed: ").is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    if nothing { "" } else { text }
}

/// The texts between the bars, without the blanks around them; `\|` is no bar.
fn split(row: &str, bare: bool) -> impl Iterator<Item = (u16, &str)> {
    let row = row.trim();
    let row = if bare { row } else { row.strip_prefix('|').unwrap_or(row) };
    let closed = !bare && row.ends_with('|') && !row.ends_with("\\|");
    let row = if closed { &row[..row.len() - 1] } else { row };
    let bars = memchr::memchr_iter(b'|', row.as_bytes()).filter(|&at| at == 0 || row.as_bytes()[at - 1] != b'\\');
    let (mut from, mut column) = (0, 0u16);
    bars.chain(std::iter::once(row.len())).map(move |end| {
        let found = (column, without_blanks(row, from, end));
        (from, column) = (end + 1, column.saturating_add(1));
        found
    })
}

/// A piece of a row without the blanks and tabs at its ends. Most texts in a report are cells: going by bytes is much faster here.
fn without_blanks(row: &str, mut from: usize, mut end: usize) -> &str {
    let blank = |at: usize| matches!(row.as_bytes()[at], b' ' | b'\t');
    while from < end && blank(from) {
        from += 1;
    }
    while from < end && blank(end - 1) {
        end -= 1;
    }
    &row[from..end]
}

/// A line of text as a paragraph without its markup; none for a blank line or a ruler.
fn paragraph(line: &str, number: u32) -> Option<Paragraph<'_>> {
    let trimmed = line.trim();
    let marks = trimmed.bytes().take_while(|b| *b == b'#').count();
    let mut heading = (1..=6).contains(&marks) && !trimmed[marks..].starts_with('#');
    let mut text = if heading { trimmed[marks..].trim_start().trim_end_matches('#').trim_end() } else { trimmed };
    if heading && text.ends_with('}') {
        text = text.split(" {#").next().unwrap_or(text);
    }
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
    let text = clean(text);
    (!ruler && !text.trim().is_empty()).then_some(Paragraph { text, heading, at: Place::line(number) })
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
        assert_eq!(rows("第一项\n---\na| b\n1| 2\n\n---\nc | d"), [["a", "b"], ["1", "2"]]);
    }

    #[test]
    fn tables_of_other_tools_are_tables() {
        assert_eq!(rows("|a|b|\n|-|-|\n|-|-|"), [["a", "b"], ["-", "-"]]);
        assert_eq!(rows("+---+---+\n| a | b |\n|   | c |\n+===+===+\n| 1 | 2 |\n+---+---+"), [["a", "b\nc"], ["1", "2"]]);
        assert_eq!(rows("┌──┬──┐\n│a │b │\n├──┼──┤\n│1 │2 │\n└──┴──┘"), [["a", "b"], ["1", "2"]]);
        assert_eq!(rows("| 0 | 1 | 2 |\n|---|---|---|\n| a | NaN | 1 |"), [["a", "", "1"]]);
        assert_eq!(rows("| 1.a<br>2.b | 0<br>1 | 0<br>0 | 0<br>1 |"), [["1.a", "0", "0", "0"], ["2.b", "1", "0", "1"]]);
        assert_eq!(rows("| 一、新收<br>申请 | 296<br>4 | 27<br>1 | 35<br>8 |"), [["一、新收\n申请", "296\n4", "27\n1", "35\n8"]]);
        assert_eq!(rows("| a \\\\ | 1 |\n| b | |\n| c | 2 |"), [["a \nb", "1"], ["c", "2"]]);
        assert_eq!(rows("| a | \\\\ |\n| | \\\\ |"), [["a", "\\"], ["", "\\"]]);
        assert_eq!(rows("a | b\n-|-\n1 | 2\nc | |"), [vec!["a", "b"], vec!["1", "2"], vec!["c", "", ""]]);
        assert_eq!(rows("a| b| c\n---|---|---\n| 1| 2\n3| 4| "), [["a", "b", "c"], ["", "1", "2"], ["3", "4", ""]]);
    }

    #[test]
    fn paragraphs_lose_their_markup_and_keep_their_line() {
        let document = read("\n## **五、存在的主要问题**\n\n**一是**见[附件](http://a/b)。\n---\n");
        let texts: Vec<_> =
            document.blocks.iter().map(|b| if let Block::Paragraph(p) = b { (p.text.as_ref(), p.heading, p.at.line) } else { ("", false, 0) }).collect();
        assert_eq!(texts, [("五、存在的主要问题", true, 2), ("一是见附件。", false, 4)]);
    }
}
