//! CSV for people with a spreadsheet: UTF-8 with a byte order mark, RFC 4180, empty for nothing,
//! whole numbers without a decimal point, and no text that the spreadsheet would run as a formula.

use crate::batch::{Batch, Pointed, Values};
use crate::tables::{Table, YEAR};
use anyhow::{Result, bail};
use polars::prelude::*;
use std::borrow::Cow;
use std::io::Write;

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
    let columns = batch.columns.iter().map(Cells::of).collect::<Result<Vec<_>>>()?;
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
    Number(Float64Chunked),
    Count(UInt32Chunked),
    Year(Int32Chunked),
    Day(Int32Chunked),
}

/// Texts as they are written, and which of them each row has.
struct Pieces<'b> {
    written: Vec<u8>,
    ends: Vec<usize>,
    rows: &'b [u32],
}

impl<'b> Cells<'b> {
    fn of(values: &'b Values) -> Result<Cells<'b>> {
        let column = match values {
            Values::Pointed(texts) => return Ok(Cells::Pointed(Pieces::of(texts))),
            Values::Plain(column) => column,
        };
        let series = column.as_materialized_series();
        Ok(match series.dtype() {
            DataType::String => Cells::Text(series.str()?.rechunk().into_owned()),
            DataType::Float64 => Cells::Number(series.f64()?.rechunk().into_owned()),
            DataType::UInt32 => Cells::Count(series.u32()?.rechunk().into_owned()),
            DataType::Int32 => Cells::Year(series.i32()?.rechunk().into_owned()),
            DataType::Date => Cells::Day(series.date()?.physical().rechunk().into_owned()),
            other => bail!("column {}: no CSV for the type {other}", column.name()),
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        let mut digits = itoa::Buffer::new();
        match self {
            Cells::Pointed(pieces) => {
                out.extend_from_slice(pieces.of_row(row));
                return Ok(());
            }
            Cells::Text(values) => values.get(row).iter().for_each(|text| write_text(text, out)),
            Cells::Number(values) => values.get(row).map_or(Ok(()), |value| write_number(value, out))?,
            Cells::Count(values) => values.get(row).iter().for_each(|value| out.extend_from_slice(digits.format(*value).as_bytes())),
            Cells::Year(values) => values.get(row).iter().for_each(|value| out.extend_from_slice(digits.format(*value).as_bytes())),
            Cells::Day(values) => {
                if let Some(day) = values.get(row).and_then(chrono::NaiveDate::from_epoch_days) {
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
        let (mut written, mut ends) = (Vec::new(), vec![0]);
        for text in std::iter::once("").chain(texts.texts.iter().map(|t| &**t)) {
            write_text(text, &mut written);
            written.push(b',');
            ends.push(written.len());
        }
        Pieces { written, ends, rows: &texts.rows }
    }

    fn of_row(&self, row: usize) -> &[u8] {
        let number = self.rows[row] as usize;
        &self.written[self.ends[number]..self.ends[number + 1]]
    }
}

fn write_number(value: f64, out: &mut Vec<u8>) -> Result<()> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        out.extend_from_slice(itoa::Buffer::new().format(value as i64).as_bytes());
    } else {
        write!(out, "{value}")?;
    }
    Ok(())
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
