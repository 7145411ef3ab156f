//! CSV for people with a spreadsheet: UTF-8 with a byte order mark, RFC 4180, empty for nothing,
//! whole numbers without a decimal point, and no text that the spreadsheet would run as a formula.

use crate::batch::{Batch, Pointed, Values};
use crate::tables::{Table, YEAR};
use anyhow::{Result, bail};
use polars::prelude::*;
use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

/// The byte order mark and the line of column names.
pub(super) fn header(table: &Table) -> Vec<u8> {
    let names: Vec<&str> = std::iter::once(YEAR.name).chain(table.columns.iter().map(|c| c.name)).collect();
    format!("\u{feff}{}\r\n", names.join(",")).into_bytes()
}

/// The rows of a batch; with `year`, it is put in front.
///
/// # Errors
/// If the batch has a column of a type that no published table has.
pub fn rows(batch: &Batch, year: Option<i32>) -> Result<Vec<u8>> {
    let mut columns: Vec<Cells<'_>> = Vec::with_capacity(batch.columns.len());
    for column in &batch.columns {
        let column = Cells::of(column)?;
        match (columns.last_mut(), column) {
            (Some(Cells::Pointed(before)), Cells::Pointed(behind)) => match before.joined(&behind) {
                Some(both) => *before = both,
                None => columns.push(Cells::Pointed(behind)),
            },
            (_, column) => columns.push(column),
        }
    }
    let year = year.map(|y| format!("{y},")).unwrap_or_default();
    let mut out = Vec::with_capacity(batch.height * 240);
    for row in 0..batch.height {
        out.extend_from_slice(year.as_bytes());
        for column in &columns {
            column.write(row, &mut out)?;
        }
        // In the place of the last comma.
        out.pop();
        out.extend_from_slice(b"\r\n");
    }
    Ok(out)
}

/// A column whose values are written one by one, each with a comma behind it.
enum Cells<'b> {
    Pointed(Pieces<'b>),
    Text(StringChunked),
    Number(Vec<Option<f64>>),
    Count(Vec<Option<u32>>),
    Year(Vec<Option<i32>>),
    Day(Vec<Option<i32>>),
}

/// Texts as they are written, and which of them each row has. Columns side by side whose texts come in few pairs are one.
#[derive(Default)]
struct Pieces<'b> {
    written: Vec<u8>,
    places: Vec<Range<usize>>,
    rows: Cow<'b, [u32]>,
}

/// Most pairs of texts that are looked for.
const PAIRS: usize = 1 << 16;

impl<'b> Cells<'b> {
    fn of(values: &'b Values) -> Result<Cells<'b>> {
        let column = match values {
            Values::Pointed(texts) => return Ok(Cells::Pointed(Pieces::of(texts))),
            Values::Plain(column) => column,
        };
        let series = column.as_materialized_series();
        Ok(match series.dtype() {
            DataType::String => Cells::Text(series.str()?.rechunk().into_owned()),
            DataType::Float64 => Cells::Number(series.f64()?.iter().collect()),
            DataType::UInt32 => Cells::Count(series.u32()?.iter().collect()),
            DataType::Int32 => Cells::Year(series.i32()?.iter().collect()),
            DataType::Date => Cells::Day(series.date()?.physical().iter().collect()),
            other => bail!("column {}: no CSV for the type {other}", column.name()),
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Cells::Pointed(pieces) => {
                out.extend_from_slice(pieces.piece(pieces.rows[row]));
                return Ok(());
            }
            Cells::Text(values) => values.get(row).iter().for_each(|text| write_text(text, out)),
            Cells::Number(values) => values[row].map_or(Ok(()), |value| write_number(value, out))?,
            Cells::Count(values) => values[row].iter().for_each(|value| write_whole(i64::from(*value), out)),
            Cells::Year(values) => values[row].iter().for_each(|value| write_whole(i64::from(*value), out)),
            Cells::Day(values) => {
                if let Some(day) = values[row].and_then(chrono::NaiveDate::from_epoch_days) {
                    write!(out, "{day}")?;
                }
            }
        }
        out.push(b',');
        Ok(())
    }
}

impl<'b> Pieces<'b> {
    fn of(texts: &'b Pointed) -> Pieces<'b> {
        let mut pieces = Pieces { rows: Cow::Borrowed(&texts.rows), ..Pieces::default() };
        for text in std::iter::once("").chain(texts.texts.iter().map(|t| &**t)) {
            pieces.add(|written| {
                write_text(text, written);
                written.push(b',');
            });
        }
        pieces
    }

    /// Adds a piece, and gives its number.
    fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> u32 {
        let start = self.written.len();
        write(&mut self.written);
        self.places.push(start..self.written.len());
        self.places.len() as u32 - 1
    }

    /// This column and the one behind it as one, unless there may be too many pairs.
    fn joined(&self, behind: &Pieces<'_>) -> Option<Pieces<'b>> {
        let (height, width) = (self.places.len(), behind.places.len());
        if height * width > PAIRS.min(self.rows.len()) {
            return None;
        }
        const NONE: u32 = u32::MAX;
        let mut numbers = vec![NONE; height * width];
        let mut both = Pieces::default();
        let mut rows = Vec::with_capacity(self.rows.len());
        for (&one, &other) in self.rows.iter().zip(behind.rows.iter()) {
            let number = &mut numbers[one as usize * width + other as usize];
            if *number == NONE {
                *number = both.add(|written| {
                    written.extend_from_slice(self.piece(one));
                    written.extend_from_slice(behind.piece(other));
                });
            }
            rows.push(*number);
        }
        Some(Pieces { rows: Cow::Owned(rows), ..both })
    }

    fn piece(&self, number: u32) -> &[u8] {
        &self.written[self.places[number as usize].clone()]
    }
}

fn write_number(value: f64, out: &mut Vec<u8>) -> Result<()> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value as i64 as f64 == value && value.abs() < EXACT {
        write_whole(value as i64, out);
    } else {
        write!(out, "{value}")?;
    }
    Ok(())
}

/// Most numbers in reports have one digit.
fn write_whole(value: i64, out: &mut Vec<u8>) {
    match value {
        0..=9 => out.push(b'0' + value as u8),
        _ => out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    let text = defused(text);
    let bytes = text.as_bytes();
    if memchr::memchr3(b',', b'"', b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_none() {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for &byte in bytes {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// A text that a spreadsheet would take for a formula gets a leading apostrophe.
fn defused(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let frame = df!("a" => ["=1+1", "-", "，\"x\"", ""], "b" => [Some(-5.0), Some(0.5), None, Some(1e12)]).expect("frame");
        let text = String::from_utf8(rows(&Batch::from(&frame), Some(2020)).expect("rows")).expect("text");
        assert_eq!(text, "2020,'=1+1,-5\r\n2020,'-,0.5\r\n2020,\"，\"\"x\"\"\",\r\n2020,,1000000000000\r\n");
    }
}
