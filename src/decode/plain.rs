//! Plain text, as copied from Word or a web page: a line is a paragraph, and lines parted by tabs or
//! wide gaps, or ending in several numbers, are the rows of a table.

use super::lines::Lines;
use crate::document::{Block, Cell, Document, Grid, Paragraph, Place, Row};
use std::borrow::Cow;

/// Reads a plain text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut grid: Option<Grid<'_>> = None;
    let mut grids = 0;
    for (number, line) in Lines::new(text) {
        let at = Place::line(number);
        if let Some(texts) = row(line) {
            let current = grid.get_or_insert_with(|| {
                grids += 1;
                Grid { number: grids, rows: Vec::new() }
            });
            let cell = |(i, text)| Cell { text: Cow::Borrowed(text), column: u16::try_from(i).unwrap_or(u16::MAX), columns: 1, rows: 1 };
            let count = current.rows.len() as u32;
            current.rows.push(Row { number: count + 1, at, cells: texts.into_iter().enumerate().map(cell).collect() });
            continue;
        }
        let text = line.trim();
        if !text.is_empty() {
            document.blocks.extend(grid.take().map(Block::Grid));
            document.blocks.push(Block::Paragraph(Paragraph { text: Cow::Borrowed(text), heading: false, at }));
        }
    }
    document.blocks.extend(grid.take().map(Block::Grid));
    document
}

/// The cells of a table row; none for running text.
fn row(line: &str) -> Option<Vec<&str>> {
    if line.trim_start_matches([' ', '\u{3000}']).trim_end().contains('\t') {
        return Some(line.split('\t').map(str::trim).collect());
    }
    let line = line.trim();
    if line.is_empty() || line.len() > 400 || line.contains(['。', '；', '：']) {
        return None;
    }
    let wide: Vec<&str> = line.split("  ").map(str::trim).filter(|t| !t.is_empty()).collect();
    if wide.len() > 2 {
        return Some(wide);
    }
    // `行政许可 0 0 0`: a label and nothing but numbers behind it.
    let words: Vec<&str> = line.split_whitespace().collect();
    let numbers = words.iter().rev().take_while(|w| w.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.' | b'-' | b'/'))).count();
    let (label, values) = words.split_at(words.len() - numbers);
    (!label.is_empty() && !values.is_empty() && words.len() <= 40).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_gaps_and_trailing_numbers_make_rows() {
        assert_eq!(row("规章\t0\t\t0"), Some(vec!["规章", "0", "", "0"]));
        assert_eq!(row("规章    0    12    0"), Some(vec!["规章", "0", "12", "0"]));
        assert_eq!(row("行政许可 0 12"), Some(vec!["行政许可", "0", "12"]));
        assert_eq!(row("\u{3000}\u{3000}2020年，本街道公开信息82条。"), None);
        assert_eq!(row("2021年1月20日"), None);
    }
}
