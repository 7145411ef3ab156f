//! Frames on stdout: as a table aligned by display width, as CSV, JSON or JSON lines.

use crate::finding::number;
use crate::publish::csv_rows;
use anyhow::Result;
use polars::prelude::*;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Aligned columns for people.
    Table,
    /// CSV with a line of names.
    Csv,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Ndjson,
}

/// Prints a frame. A closed pipe is no error.
///
/// # Errors
/// If stdout cannot be written to.
pub fn print(frame: &DataFrame, format: Format, out: &mut dyn Write) -> Result<()> {
    match format {
        Format::Table => table(frame, out),
        Format::Csv => {
            let names: Vec<&str> = frame.columns().iter().map(|c| c.name().as_str()).collect();
            write!(out, "{}\r\n", names.join(","))?;
            Ok(out.write_all(&csv_rows(frame, None)?)?)
        }
        Format::Json => {
            let rows = (0..frame.height()).map(|row| object(frame, row)).collect::<Result<Vec<_>>>()?;
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            Ok(writeln!(out)?)
        }
        Format::Ndjson => {
            for row in 0..frame.height() {
                writeln!(out, "{}", serde_json::Value::Object(object(frame, row)?))?;
            }
            Ok(())
        }
    }
}

fn object(frame: &DataFrame, row: usize) -> Result<serde_json::Map<String, serde_json::Value>> {
    let mut object = serde_json::Map::new();
    for column in frame.columns() {
        let value = match column.get(row)? {
            AnyValue::Null => serde_json::Value::Null,
            AnyValue::String(text) => text.into(),
            AnyValue::Float64(value) if value.fract() == 0.0 && value.abs() < 9e15 => (value as i64).into(),
            AnyValue::Float64(value) => value.into(),
            AnyValue::UInt32(value) => value.into(),
            AnyValue::Int32(value) => value.into(),
            other => other.to_string().into(),
        };
        object.insert(column.name().to_string(), value);
    }
    Ok(object)
}

/// Widest cell of a printed table, in columns of the terminal.
const WIDEST: usize = 60;

fn table(frame: &DataFrame, out: &mut dyn Write) -> Result<()> {
    let mut rows: Vec<Vec<(String, bool)>> = vec![frame.columns().iter().map(|c| (c.name().to_string(), false)).collect()];
    for row in 0..frame.height() {
        let cells = frame.columns().iter().map(|column| {
            Ok(match column.get(row)? {
                AnyValue::Null => (String::new(), false),
                AnyValue::Float64(value) => (number(value), true),
                AnyValue::UInt32(value) => (value.to_string(), true),
                AnyValue::String(text) => (crate::finding::shown(text), false),
                other => (other.to_string(), false),
            })
        });
        rows.push(cells.collect::<Result<_>>()?);
    }
    let width = |column: usize| rows.iter().map(|r| r[column].0.width().min(WIDEST)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..frame.width()).map(width).collect();
    for row in &rows {
        let mut line = String::new();
        for ((text, right), width) in row.iter().zip(&widths) {
            let text = clip(text);
            let padding = " ".repeat(width.saturating_sub(text.width()));
            line.push_str(&if *right { format!("{padding}{text}  ") } else { format!("{text}{padding}  ") });
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn clip(text: &str) -> String {
    if text.width() <= WIDEST {
        return text.to_string();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 3 > WIDEST {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}
