//! Workbooks of Excel 2007 and later. Read cell by cell, so that a sheet which claims to reach to
//! XFD1048576 costs no more than the cells it has. Hidden sheets, rows and columns are not read:
//! they hold lists to choose from and last year's figures, and nobody sees them in print.

use super::super::package::Package;
use super::super::xml::{Event, Tag, Xml};
use super::super::{Decoded, Limits, Unreadable, within};
use super::number::{Format, shown};
use super::{Measure, Merge, Sheet, document};
use std::collections::HashMap;

/// Reads a workbook.
pub(in super::super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.relations("")?.into_iter().find(|r| r.kind == "officeDocument").map_or_else(|| "xl/workbook.xml".to_string(), |r| r.target);
    if main.ends_with(".bin") {
        return Err(Unreadable::Unsupported("xlsb".to_string()));
    }
    let Some(text) = package.part(&main)? else { return Err(Unreadable::Damaged) };
    let (listed, from_1904) = workbook(&text, limits)?;
    let relations = package.relations(&main)?;
    let mut book = Book { strings: Vec::new(), formats: Vec::new(), from_1904, limits };
    for relation in &relations {
        let known = matches!(relation.kind.as_str(), "sharedStrings" | "styles");
        let Some(part) = (if known { package.part(&relation.target)? } else { None }) else { continue };
        match relation.kind.as_str() {
            "styles" => book.formats = formats(&part, limits)?,
            _ => book.strings = strings(&part, limits)?,
        }
    }
    let mut measure = Measure::new(limits);
    let mut sheets = Vec::new();
    for (number, (id, hidden)) in (1u32..).zip(listed) {
        let Some(relation) = relations.iter().find(|r| r.id == id && r.kind == "worksheet" && !hidden) else { continue };
        let Some(part) = package.part(&relation.target)? else { return Err(Unreadable::Damaged) };
        sheets.push((number, book.sheet(&part, &mut measure)?));
    }
    Ok(Decoded { document: document(sheets, limits)?, ..Decoded::default() })
}

/// The sheets by the identifiers of their parts, whether each is hidden, and whether days count from 1904.
fn workbook(text: &str, limits: &Limits) -> Result<(Vec<(String, bool)>, bool), Unreadable> {
    let mut xml = Xml::new(text, limits);
    let mut sheets = Vec::new();
    let mut from_1904 = false;
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.name() == "sheet" => {
                let hidden = tag.attribute("state").is_some_and(|s| s != "visible");
                // `sheetId` is another thing.
                sheets.push((tag.attribute("id").unwrap_or_default().into_owned(), hidden));
            }
            Event::Start(tag) if tag.name() == "workbookPr" => from_1904 = matches!(tag.attribute("date1904").as_deref(), Some("1" | "true")),
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

/// The texts that cells share.
fn strings(text: &str, limits: &Limits) -> Result<Vec<String>, Unreadable> {
    let mut xml = Xml::new(text, limits);
    let mut strings = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.name() == "si" => strings.push(rich_text(&mut xml)?),
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text of the element that has just begun, without the phonetic marks above it.
fn rich_text(xml: &mut Xml<'_>) -> Result<String, Unreadable> {
    let mut all = String::new();
    let mut depth = 1;
    while depth > 0 {
        match xml.next()? {
            Event::Start(tag) if tag.name() == "t" => all.push_str(&xml.text()?),
            Event::Start(tag) if tag.name() == "rPh" => xml.skip()?,
            Event::Start(_) => depth += 1,
            Event::End => depth -= 1,
            Event::Text(_) => {}
            Event::Eof => break,
        }
    }
    // Characters that XML cannot hold are written `_x000D_`.
    Ok(if all.contains("_x000") { all.replace("_x000D_", "").replace("_x000A_", "\n").replace("_x0009_", "\t") } else { all })
}

/// The number formats of the cell styles, in their order.
fn formats(text: &str, limits: &Limits) -> Result<Vec<Format>, Unreadable> {
    let mut xml = Xml::new(text, limits);
    let mut codes: HashMap<u32, Format> = HashMap::new();
    let mut formats = Vec::new();
    let mut of_cells = false;
    loop {
        match xml.next()? {
            Event::Start(tag) => match tag.name() {
                "numFmt" => {
                    let id = tag.number("numFmtId").unwrap_or_default();
                    codes.entry(id).or_insert_with(|| Format::of(&tag.attribute("formatCode").unwrap_or_default()));
                }
                "cellXfs" => of_cells = true,
                "cellStyleXfs" | "dxfs" | "cellStyles" => of_cells = false,
                "xf" if of_cells => {
                    let id = tag.number("numFmtId").unwrap_or_default();
                    formats.push(codes.get(&id).cloned().unwrap_or_else(|| Format::built_in(id)));
                }
                _ => {}
            },
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

struct Book<'l> {
    strings: Vec<String>,
    formats: Vec<Format>,
    from_1904: bool,
    limits: &'l Limits,
}

/// Where the next row and cell stand, if they do not say so.
#[derive(Default)]
struct Cursor {
    row: u32,
    column: u16,
    hidden: bool,
}

impl Book<'_> {
    fn sheet(&self, text: &str, measure: &mut Measure<'_>) -> Result<Sheet, Unreadable> {
        let mut xml = Xml::new(text, self.limits);
        let mut sheet = Sheet::default();
        let mut hidden_columns: Vec<(u32, u32)> = Vec::new();
        let mut at = Cursor::default();
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.name() {
                    "col" if is_hidden(&tag) => {
                        let (first, last) = (tag.number("min").unwrap_or(1), tag.number("max").unwrap_or(0));
                        hidden_columns.push((first, last));
                    }
                    "row" => {
                        at.row = tag.number::<u32>("r").map_or(at.row + 1, |r| r.max(1));
                        at.column = 0;
                        at.hidden = is_hidden(&tag);
                    }
                    "c" => {
                        let (row, column) = tag.attribute("r").and_then(|r| position(&r)).unwrap_or((at.row.saturating_sub(1), at.column));
                        let next = column.saturating_add(1);
                        (at.row, at.column) = (row.saturating_add(1), next);
                        let seen = !at.hidden && !hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(next)));
                        let format = tag.number::<usize>("s").and_then(|s| self.formats.get(s));
                        let kind = tag.attribute("t").map(|t| t.into_owned()).unwrap_or_default();
                        let value = self.value(&mut xml, &kind, format)?;
                        if value.trim().is_empty() {
                            measure.pass()?;
                        }
                        if seen && value.trim().is_empty() {
                            sheet.rows.entry(row).or_default().drawn += 1;
                        } else if seen {
                            measure.take(&value)?;
                            sheet.rows.entry(row).or_default().cells.push((column, value));
                        }
                    }
                    "mergeCell" => {
                        sheet.merges.extend(tag.attribute("ref").and_then(|r| range(&r)));
                        within("table_cells", sheet.merges.len(), self.limits.table_cells)?;
                    }
                    _ => {}
                },
                Event::Eof => return Ok(sheet),
                _ => {}
            }
        }
    }

    /// The text of the cell that has just begun. Of a formula, the value that was kept with it.
    fn value(&self, xml: &mut Xml<'_>, kind: &str, format: Option<&Format>) -> Result<String, Unreadable> {
        let mut value = String::new();
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.name() == "v" => value = xml.text()?,
                Event::Start(tag) if tag.name() == "is" => value = rich_text(xml)?,
                Event::Start(_) => xml.skip()?,
                Event::End | Event::Eof => break,
                Event::Text(_) => {}
            }
        }
        Ok(match kind {
            "s" => value.trim().parse().ok().and_then(|i: usize| self.strings.get(i)).cloned().ok_or(Unreadable::Damaged)?,
            "" | "n" => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => shown(number, format.unwrap_or(&Format::Plain), self.from_1904),
                _ => value,
            },
            "b" => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_string(),
            _ => value,
        })
    }
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    matches!(tag.attribute("hidden").as_deref(), Some("1" | "true"))
}

/// `C7` as row and column from 0.
fn position(text: &str) -> Option<(u32, u16)> {
    let text = text.trim().trim_start_matches('$');
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = text[..letters].bytes().try_fold(0u16, |n, b| n.checked_mul(26)?.checked_add(u16::from(b.to_ascii_uppercase() - b'A') + 1))?;
    let row: u32 = text[letters..].trim_start_matches('$').parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// `A1:C7` as the merge of these cells.
fn range(text: &str) -> Option<Merge> {
    let (first, last) = text.split_once(':')?;
    let ((row, column), (last_row, last_column)) = (position(first)?, position(last)?);
    (row <= last_row && column <= last_column).then_some(Merge { row, column, last_row, last_column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read() {
        assert_eq!(position("A1"), Some((0, 0)));
        assert_eq!(position("$AB$12"), Some((11, 27)));
        assert_eq!(position("XFD1048576"), Some((1_048_575, 16383)));
        for wrong in ["", "7", "A", "A0", "ZZZZZZZ1", "A99999999999"] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
    }
}
