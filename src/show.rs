//! Frames on stdout: as a table aligned by display width, as CSV, JSON or JSON lines.

use crate::batch::Batch;
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
    /// CSV with a line of names, without a byte order mark: for pipelines.
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
        Format::Table => {
            let names: Vec<Heading> = frame.columns().iter().map(|c| Heading { title: c.name().to_string(), rate: false }).collect();
            table(frame, &names, out)
        }
        Format::Csv => {
            let names: Vec<&str> = frame.columns().iter().map(|c| c.name().as_str()).collect();
            write!(out, "{}\r\n", names.join(","))?;
            Ok(out.write_all(&csv_rows(&Batch::from(frame), None)?)?)
        }
        Format::Json => {
            let rows = (0..frame.height()).map(|row| object(frame, row)).collect::<Result<Vec<_>>>()?;
            Ok(writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?)
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
            AnyValue::Float64(value) if value.fract() == 0.0 && value.abs() < 9e15 => (value as i64).into(),
            AnyValue::Float64(value) => value.into(),
            AnyValue::UInt32(value) => value.into(),
            AnyValue::Int32(value) => value.into(),
            other => text(&other).into(),
        };
        object.insert(column.name().to_string(), value);
    }
    Ok(object)
}

/// A value in words, without the quotes that polars puts around texts.
fn text(value: &AnyValue<'_>) -> String {
    value.get_str().map_or_else(|| value.to_string(), str::to_string)
}

/// Widest cell of a printed table, in columns of the terminal.
const WIDEST: usize = 60;

/// A column of a table for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What stands above it.
    pub title: String,
    /// Whether its numbers are rates, shown as percentages.
    pub rate: bool,
}

/// Prints a frame as a table for people, with a heading for each column.
///
/// # Errors
/// If stdout cannot be written to.
pub fn table(frame: &DataFrame, headings: &[Heading], out: &mut dyn Write) -> Result<()> {
    let is_right = |column: &Column| column.dtype().is_primitive_numeric();
    let title = |(column, heading): (&Column, &Heading)| (heading.title.clone(), is_right(column));
    let mut rows: Vec<Vec<(String, bool)>> = vec![frame.columns().iter().zip(headings).map(title).collect()];
    for row in 0..frame.height() {
        let cells = frame.columns().iter().zip(headings).map(|(column, heading)| {
            let cell = match column.get(row)? {
                AnyValue::Null => String::new(),
                AnyValue::Float64(value) if heading.rate => format!("{:.1}%", value * 100.0),
                AnyValue::Float64(value) => number(value),
                other => crate::finding::shown(&text(&other)),
            };
            Ok((cell, is_right(column)))
        });
        rows.push(cells.collect::<Result<_>>()?);
    }
    // A path that is cut off leads nowhere.
    let widest: Vec<usize> = frame.columns().iter().map(|c| if c.name() == "source_file" { usize::MAX } else { WIDEST }).collect();
    let width = |column: usize| rows.iter().map(|r| r[column].0.width().min(widest[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..frame.width()).map(width).collect();
    for row in &rows {
        let mut line = String::new();
        for (((text, right), width), widest) in row.iter().zip(&widths).zip(&widest) {
            let text = clip(text, *widest);
            let padding = " ".repeat(width.saturating_sub(text.width()));
            line.push_str(&if *right { format!("{padding}{text}  ") } else { format!("{text}{padding}  ") });
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn clip(text: &str, widest: usize) -> String {
    if text.width() <= widest {
        return text.to_string();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 3 > widest {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}
