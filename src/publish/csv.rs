//! CSV for people with a spreadsheet: UTF-8 with a byte order mark, RFC 4180, empty for nothing,
//! whole numbers without a decimal point, and no text that the spreadsheet would run as a formula.

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

/// The rows of a frame; with `year`, it is put in front.
///
/// # Errors
/// If the frame has a column of a type that no published table has.
pub fn rows(frame: &DataFrame, year: Option<i32>) -> Result<Vec<u8>> {
    let mut columns = frame.columns().iter().map(Values::of).collect::<Result<Vec<_>>>()?;
    let year = year.map(|y| format!("{y},"));
    let mut out = Vec::with_capacity(frame.height() * 240);
    for row in 0..frame.height() {
        if let Some(year) = &year {
            out.extend_from_slice(year.as_bytes());
        }
        for column in &mut columns {
            column.write(row, &mut out)?;
            out.push(b',');
        }
        out.pop();
        out.extend_from_slice(b"\r\n");
    }
    Ok(out)
}

/// A column, with what is needed to write its next value.
enum Values {
    Text(Text),
    Number(Float64Chunked),
    Count(UInt32Chunked),
    Year(Int32Chunked),
    Day(Int32Chunked),
}

/// A column of texts. Most rows say the same as the row before: such a text needs no second look.
struct Text {
    values: StringChunked,
    /// Where the last text stands in the output, if it stands there as it is.
    last: Range<usize>,
}

impl Values {
    fn of(column: &Column) -> Result<Values> {
        let series = column.as_materialized_series();
        Ok(match series.dtype() {
            DataType::String => Values::Text(Text { values: series.str()?.rechunk().into_owned(), last: 0..0 }),
            DataType::Float64 => Values::Number(series.f64()?.rechunk().into_owned()),
            DataType::UInt32 => Values::Count(series.u32()?.rechunk().into_owned()),
            DataType::Int32 => Values::Year(series.i32()?.rechunk().into_owned()),
            DataType::Date => Values::Day(series.date()?.physical().rechunk().into_owned()),
            other => bail!("column {}: no CSV for the type {other}", column.name()),
        })
    }

    fn write(&mut self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Values::Text(text) => text.write(row, out),
            Values::Number(values) => {
                if let Some(value) = values.get(row) {
                    write_number(value, out)?;
                }
            }
            Values::Count(values) => {
                if let Some(value) = values.get(row) {
                    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
                }
            }
            Values::Year(values) => {
                if let Some(value) = values.get(row) {
                    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
                }
            }
            Values::Day(values) => {
                if let Some(day) = values.get(row).and_then(chrono::NaiveDate::from_epoch_days) {
                    write!(out, "{day}")?;
                }
            }
        }
        Ok(())
    }
}

impl Text {
    fn write(&mut self, row: usize, out: &mut Vec<u8>) {
        let Some(text) = self.values.get(row) else { return };
        let start = out.len();
        if !text.is_empty() && out[self.last.clone()] == *text.as_bytes() {
            out.extend_from_slice(text.as_bytes());
        } else {
            write_text(text, out);
        }
        let as_it_is = out.len() - start == text.len();
        self.last = if as_it_is { start..out.len() } else { 0..0 };
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
        let text = String::from_utf8(rows(&frame, Some(2020)).expect("rows")).expect("text");
        assert_eq!(text, "2020,'=1+1,-5\r\n2020,'-,0.5\r\n2020,\"，\"\"x\"\"\",\r\n2020,,1000000000000\r\n");
    }
}
