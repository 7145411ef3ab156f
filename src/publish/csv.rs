//! CSV for people with a spreadsheet: UTF-8 with a byte order mark, RFC 4180, empty for nothing,
//! whole numbers without a decimal point, and no text that the spreadsheet would run as a formula.

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

/// The rows of a frame; with `year`, it is put in front.
///
/// # Errors
/// If the frame has a column of a type that no published table has.
pub fn rows(frame: &DataFrame, year: Option<i32>) -> Result<Vec<u8>> {
    let columns = frame.columns().iter().map(Values::of).collect::<Result<Vec<_>>>()?;
    let year = year.map(|y| y.to_string());
    let mut out = Vec::with_capacity(frame.height() * 200);
    for row in 0..frame.height() {
        if let Some(year) = &year {
            out.extend_from_slice(year.as_bytes());
        }
        for (at, column) in columns.iter().enumerate() {
            if at > 0 || year.is_some() {
                out.push(b',');
            }
            column.write(row, &mut out)?;
        }
        out.extend_from_slice(b"\r\n");
    }
    Ok(out)
}

enum Values {
    Text(StringChunked),
    Number(Float64Chunked),
    Count(UInt32Chunked),
    Year(Int32Chunked),
    Day(Int32Chunked),
}

impl Values {
    fn of(column: &Column) -> Result<Values> {
        let series = column.as_materialized_series();
        Ok(match series.dtype() {
            DataType::String => Values::Text(series.str()?.rechunk().into_owned()),
            DataType::Float64 => Values::Number(series.f64()?.rechunk().into_owned()),
            DataType::UInt32 => Values::Count(series.u32()?.rechunk().into_owned()),
            DataType::Int32 => Values::Year(series.i32()?.rechunk().into_owned()),
            DataType::Date => Values::Day(series.date()?.physical().rechunk().into_owned()),
            other => bail!("column {}: no CSV for the type {other}", column.name()),
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Values::Text(values) => {
                if let Some(text) = values.get(row) {
                    write_text(text, out);
                }
            }
            Values::Number(values) => {
                if let Some(value) = values.get(row) {
                    write_number(value, out)?;
                }
            }
            Values::Count(values) => {
                if let Some(value) = values.get(row) {
                    write!(out, "{value}")?;
                }
            }
            Values::Year(values) => {
                if let Some(value) = values.get(row) {
                    write!(out, "{value}")?;
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

fn write_number(value: f64, out: &mut Vec<u8>) -> Result<()> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        write!(out, "{}", value as i64)?;
    } else {
        write!(out, "{value}")?;
    }
    Ok(())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    let text = defused(text);
    let plain = !text.bytes().any(|b| matches!(b, b',' | b'"' | b'\r' | b'\n'));
    if plain {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
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
