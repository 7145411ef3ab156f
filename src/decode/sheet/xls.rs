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
const PLACES: u64 = 16_000_000;

/// Counts the places that the sheets reach over, by their cells and by what they say of themselves.
fn weigh(stream: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    const BEGIN: u16 = 0x0809;
    const DIMENSIONS: u16 = 0x0200;
    const SHEET: u16 = 0x0085;
    const PASSWORD: u16 = 0x002f;
    let too_much = Err(Unreadable::Limit(Reached::new("table_cells", limits.table_cells)));
    let short = |at: usize| Some(u64::from(u16::from_le_bytes(stream.get(at..at + 2)?.try_into().ok()?)));
    let long = |at: usize| Some(u64::from(u32::from_le_bytes(stream.get(at..at + 4)?.try_into().ok()?)));
    let (mut sheets, mut parts) = (0u64, 0u64);
    let (mut rows, mut columns) = ((u64::MAX, 0), (u64::MAX, 0));
    let mut most = 0u64;
    let mut at = 0;
    while let (Some(kind), Some(length)) = (short(at), short(at + 2)) {
        let data = at + 4;
        match kind as u16 {
            BEGIN => {
                parts += 1;
                (rows, columns) = ((u64::MAX, 0), (u64::MAX, 0));
            }
            SHEET => sheets += 1,
            PASSWORD if short(data) != Some(0) => return Err(Unreadable::Encrypted),
            DIMENSIONS => {
                let rows = if length < 14 { (short(data), short(data + 2), data + 4) } else { (long(data), long(data + 4), data + 8) };
                let (Some(first), Some(last), Some(left), Some(right)) = (rows.0, rows.1, short(rows.2), short(rows.2 + 2)) else { break };
                if first > last || left > right {
                    return Err(Unreadable::Damaged);
                }
                most = most.max((last - first + 1) * (right - left + 1));
            }
            // Cells with a number, a text, a formula; several in a row.
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x0006 | 0x00bd => {
                let (Some(row), Some(column)) = (short(data), short(data + 2)) else { break };
                let last = if kind == 0x00bd && length >= 6 { short(at + 4 + length as usize - 2).unwrap_or(column) } else { column };
                rows = (rows.0.min(row), rows.1.max(row));
                columns = (columns.0.min(column), columns.1.max(last));
                most = most.max((rows.1 - rows.0 + 1) * (columns.1.saturating_sub(columns.0) + 1));
            }
            _ => {}
        }
        at = data + length as usize;
    }
    // Several entries may name the same sheet, so each is taken for the widest.
    if most.saturating_mul(sheets.max(parts).max(1)) > PLACES { too_much } else { Ok(()) }
}
