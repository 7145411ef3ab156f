//! Workbooks of Excel up to 2003, by calamine. It lays a sheet out whole and takes the file's word for
//! its size, so what the file asks for is counted before.

use super::super::container::Container;
use super::super::{Decoded, Limits, OLE, Reached, Unreadable};
use super::number::plain;
use super::{Measure, Merge, Sheet, document};
use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};
use std::io::Cursor;

/// The names of the stream that holds the sheets, in two generations.
const STREAMS: [&str; 2] = ["Workbook", "Book"];

/// Whether bytes are such a workbook.
pub(in super::super) fn is_xls(bytes: &[u8]) -> bool {
    let named = |name: &str| {
        // A directory entry: the name in UTF-16, ended by a zero.
        let wide: Vec<u8> = name.encode_utf16().chain([0, 0]).flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    bytes.starts_with(OLE) && STREAMS.into_iter().any(named)
}

/// Reads a workbook.
pub(in super::super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let container = Container::open(bytes).ok_or(Unreadable::Damaged)?;
    let stream = STREAMS.into_iter().find_map(|name| container.stream(name)).ok_or(Unreadable::Damaged)?;
    weigh(&stream, limits)?;
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Unreadable::Encrypted,
        _ => Unreadable::Damaged,
    })?;
    let mut measure = Measure::new(limits);
    let mut sheets = Vec::new();
    for (number, listed) in (1u32..).zip(book.sheets_metadata().to_vec()) {
        if listed.visible != SheetVisible::Visible || listed.typ != SheetType::WorkSheet {
            continue;
        }
        let range = book.worksheet_range(&listed.name).map_err(|_| Unreadable::Damaged)?;
        let mut sheet = Sheet::default();
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let text = text(data);
            measure.take(&text)?;
            let row = sheet.rows.entry(top + row as u32).or_default();
            row.cells.push((u16::try_from(left as usize + column).unwrap_or(u16::MAX), text));
        }
        let merges = book.merge_cells_by_sheet_name(&listed.name).unwrap_or_default();
        let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        let ordered = merges.iter().filter(|m| m.start.0 <= m.end.0 && m.start.1 <= m.end.1);
        sheet.merges = ordered.map(|m| Merge { row: m.start.0, column: small(m.start.1), last_row: m.end.0, last_column: small(m.end.1) }).collect();
        sheets.push((number, sheet));
    }
    Ok(Decoded { document: document(sheets, limits)?, ..Decoded::default() })
}

fn text(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => plain(*number),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_string(),
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year}年{month}月{day}日")
        }
        other => other.to_string(),
    }
}

/// Places that all sheets together may have between their first and last cells.
const PLACES: u64 = 8_000_000;
/// Most sheets of a workbook.
const SHEETS: usize = 255;

/// Counts the places that the sheets reach over, by their cells and by what they say of themselves.
fn weigh(stream: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    const SHEET: u16 = 0x0085;
    const PASSWORD: u16 = 0x002f;
    let mut sheets = Vec::new();
    for (kind, data) in records(stream, 0) {
        match kind {
            SHEET => sheets.extend(long(data, 0)),
            PASSWORD if short(data, 0) != Some(0) => return Err(Unreadable::Encrypted),
            _ => {}
        }
    }
    let places = sheets.iter().try_fold(0u64, |sum, at| Some(sum.saturating_add(places(stream, usize::try_from(*at).ok()?)?)));
    match places.ok_or(Unreadable::Damaged)? > PLACES || sheets.len() > SHEETS {
        true => Err(Reached::new("table_cells", limits.table_cells).into()),
        false => Ok(()),
    }
}

/// The places that one sheet reaches over; none if it ends before it begins.
fn places(stream: &[u8], from: usize) -> Option<u64> {
    const BEGIN: u16 = 0x0809;
    const END: u16 = 0x000a;
    const DIMENSIONS: u16 = 0x0200;
    const ROW_OF_NUMBERS: u16 = 0x00bd;
    let (mut rows, mut columns) = ((u64::MAX, 0), (u64::MAX, 0));
    let (mut stated, mut parts) = (0, 0);
    for (kind, data) in records(stream, from) {
        match kind {
            BEGIN => parts += 1,
            END if parts <= 1 => break,
            END => parts -= 1,
            DIMENSIONS => {
                let (first, last, rest) = match data.len() {
                    14.. => (long(data, 0)?, long(data, 4)?, 8),
                    _ => (short(data, 0)?, short(data, 2)?, 4),
                };
                let (left, right) = (short(data, rest)?, short(data, rest + 2)?);
                stated = (last.checked_sub(first)? + 1).saturating_mul(right.checked_sub(left)? + 1).max(stated);
            }
            // Cells with a number, a text, a truth, a formula.
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x0006 | ROW_OF_NUMBERS => {
                let (row, column) = (short(data, 0)?, short(data, 2)?);
                let last = if kind == ROW_OF_NUMBERS { short(data, data.len().checked_sub(2)?)? } else { column };
                rows = (rows.0.min(row), rows.1.max(row));
                columns = (columns.0.min(column), columns.1.max(last).max(column));
            }
            _ => {}
        }
    }
    let held = if rows.0 > rows.1 { 0 } else { (rows.1 - rows.0 + 1) * (columns.1 - columns.0 + 1) };
    Some(stated.max(held))
}

/// The records of a stream from a place on: kind and content.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = from;
    std::iter::from_fn(move || {
        let head = stream.get(at..at.checked_add(4)?)?;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((u16::from_le_bytes([head[0], head[1]]), data))
    })
}

fn short(data: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?)))
}

fn long(data: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?)))
}
