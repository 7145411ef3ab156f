//! Spreadsheets of OpenDocument, as LibreOffice and WPS save them. Rows and cells may be repeated a
//! million times in one word; only those that hold something count.

use super::super::package::Package;
use super::super::xml::{Event, Tag, Xml};
use super::super::{Decoded, Limits, Unreadable};
use super::number::plain;
use super::{Measure, Merge, Sheet, SheetRow, document};

/// Reads a spreadsheet.
pub(in super::super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    if package.part("META-INF/manifest.xml")?.is_some_and(|m| m.contains("encryption-data")) {
        return Err(Unreadable::Encrypted);
    }
    let Some(text) = package.part("content.xml")? else { return Err(Unreadable::Damaged) };
    let mut reader = Reader { xml: Xml::new(&text, limits), measure: Measure::new(limits), hidden_styles: Vec::new() };
    let sheets = reader.sheets()?;
    Ok(Decoded { document: document(sheets, limits)?, ..Decoded::default() })
}

struct Reader<'x> {
    xml: Xml<'x>,
    measure: Measure<'x>,
    /// Styles of sheets that are not shown.
    hidden_styles: Vec<String>,
}

impl Reader<'_> {
    fn sheets(&mut self) -> Result<Vec<(u32, Sheet)>, Unreadable> {
        let mut sheets = Vec::new();
        let mut number = 0;
        let mut style = None;
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.name() {
                    "style" => style = tag.attribute("name").map(|n| n.into_owned()),
                    "table-properties" if tag.attribute("display").as_deref() == Some("false") => self.hidden_styles.extend(style.take()),
                    "table" => {
                        number += 1;
                        let hidden = tag.attribute("style-name").is_some_and(|s| self.hidden_styles.iter().any(|h| *h == s));
                        if hidden {
                            self.xml.skip()?;
                        } else {
                            sheets.push((number, self.sheet()?));
                        }
                    }
                    // Changes that were made before, and what the file has in store for forms.
                    "tracked-changes" | "forms" => self.xml.skip()?,
                    _ => {}
                },
                Event::Eof => return Ok(sheets),
                _ => {}
            }
        }
    }

    fn sheet(&mut self) -> Result<Sheet, Unreadable> {
        let mut sheet = Sheet::default();
        let mut next = 0u32;
        let mut depth = 1;
        while depth > 0 {
            match self.xml.next()? {
                Event::Start(tag) if tag.name() == "table-row" => {
                    let repeated = repeats(&tag, "number-rows-repeated");
                    let hidden = tag.attribute("visibility").is_some_and(|v| v != "visible");
                    let (row, merges) = self.row(next)?;
                    if !hidden && !row.cells.is_empty() {
                        for n in 1..repeated {
                            row.cells.iter().try_for_each(|(_, text)| self.measure.take(text))?;
                            sheet.rows.insert(next.saturating_add(n), SheetRow { cells: row.cells.clone(), drawn: row.drawn });
                        }
                    }
                    if !hidden {
                        sheet.merges.extend(merges);
                        sheet.rows.insert(next, row);
                    }
                    next = next.saturating_add(repeated);
                }
                // Drawings over the sheet.
                Event::Start(tag) if tag.name() == "shapes" => self.xml.skip()?,
                Event::Start(_) => depth += 1,
                Event::End => depth -= 1,
                Event::Text(_) => {}
                Event::Eof => break,
            }
        }
        Ok(sheet)
    }

    fn row(&mut self, row: u32) -> Result<(SheetRow, Vec<Merge>), Unreadable> {
        let mut held = SheetRow::default();
        let mut merges = Vec::new();
        let mut column = 0u16;
        loop {
            match self.xml.next()? {
                Event::Start(tag) if matches!(tag.name(), "table-cell" | "covered-table-cell") => {
                    let repeated = u16::try_from(repeats(&tag, "number-columns-repeated")).unwrap_or(u16::MAX);
                    let (columns, rows) = (repeats(&tag, "number-columns-spanned"), repeats(&tag, "number-rows-spanned"));
                    let covered = tag.name() == "covered-table-cell";
                    let number = match tag.attribute("value-type").as_deref() {
                        Some("float" | "currency") => tag.number::<f64>("value").filter(|n| n.is_finite()),
                        _ => None,
                    };
                    let text = self.text()?;
                    let text = number.map_or(text, plain);
                    if covered {
                    } else if text.trim().is_empty() {
                        held.drawn += usize::from(if repeated <= WIDEST_TABLE { repeated } else { 0 });
                    } else {
                        for n in 0..repeated {
                            self.measure.take(&text)?;
                            held.cells.push((column.saturating_add(n), text.clone()));
                        }
                    }
                    if columns > 1 || rows > 1 {
                        let last_column = column.saturating_add(u16::try_from(columns - 1).unwrap_or(u16::MAX));
                        merges.push(Merge { row, column, last_row: row.saturating_add(rows - 1), last_column });
                    }
                    column = column.saturating_add(repeated);
                }
                Event::Start(_) => self.xml.skip()?,
                Event::End | Event::Eof => return Ok((held, merges)),
                Event::Text(_) => {}
            }
        }
    }

    /// The text of the cell that has just begun, as it is shown.
    fn text(&mut self) -> Result<String, Unreadable> {
        let mut all = String::new();
        let (mut depth, mut lines) = (1, 0);
        let mut inside = 0;
        while depth > 0 {
            match self.xml.next()? {
                Event::Start(tag) => {
                    depth += 1;
                    match tag.name() {
                        "p" => {
                            if lines > 0 {
                                all.push('\n');
                            }
                            lines += 1;
                            inside = depth;
                        }
                        "s" => all.extend(std::iter::repeat_n(' ', repeats(&tag, "c").min(1000) as usize)),
                        "tab" => all.push('\t'),
                        "line-break" => all.push('\n'),
                        "annotation" | "ruby-text" | "frame" => {
                            self.xml.skip()?;
                            depth -= 1;
                        }
                        _ => {}
                    }
                }
                Event::End => {
                    depth -= 1;
                    if depth < inside {
                        inside = 0;
                    }
                }
                Event::Text(text) if inside > 0 => all.push_str(&text),
                Event::Text(_) => {}
                Event::Eof => break,
            }
        }
        Ok(all)
    }
}

/// Blank cells in a row up to which they may be those of a table; more fill the sheet to its edge.
const WIDEST_TABLE: u16 = 64;

fn repeats(tag: &Tag<'_>, name: &str) -> u32 {
    tag.number::<u32>(name).unwrap_or(1).max(1)
}
