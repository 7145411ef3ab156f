//! The properties of paragraphs, rows, cells and runs, as far as they change what a person reads.
//! Each is read from an element that has just begun.

use super::super::Unreadable;
use super::super::xml::Xml;

/// What `w:pPr` says.
#[derive(Default)]
pub(super) struct ParagraphProperties {
    pub style: Option<String>,
    /// 0 to 8 for headings, 9 for body text.
    pub outline_level: Option<u8>,
    /// The list whose numbers it takes; 0 for none.
    pub list: Option<u32>,
    pub list_level: Option<u8>,
    /// Its number as the program wrote it last, in files of 2003.
    pub written: Option<String>,
    /// Its end was deleted: it goes on in the next paragraph.
    pub joined: bool,
}

impl ParagraphProperties {
    /// The outline level of what is no heading.
    pub const BODY_LEVEL: u8 = 9;

    pub fn read(xml: &mut Xml<'_>) -> Result<ParagraphProperties, Unreadable> {
        let mut found = ParagraphProperties::default();
        xml.inside(|tag| {
            match tag.name() {
                "pStyle" => found.style = tag.attribute("val").map(|v| v.into_owned()),
                "outlineLvl" => found.outline_level = tag.number("val"),
                "numId" => found.list = tag.number("val"),
                "t" => found.written = tag.attribute("val").map(|v| v.into_owned()),
                "ilvl" => found.list_level = tag.number("val"),
                "del" | "moveFrom" => found.joined = true,
                // What was so before a change, and the frame of the page.
                "pPrChange" | "sectPr" => return false,
                _ => {}
            }
            true
        })?;
        Ok(found)
    }
}

/// What `w:trPr` says.
#[derive(Default)]
pub(super) struct RowProperties {
    /// Columns left free before its first cell.
    pub before: u16,
    /// It was deleted in a tracked change.
    pub deleted: bool,
}

impl RowProperties {
    pub fn read(xml: &mut Xml<'_>) -> Result<RowProperties, Unreadable> {
        let mut found = RowProperties::default();
        xml.inside(|tag| {
            match tag.name() {
                "gridBefore" => found.before = tag.number("val").unwrap_or(0),
                "del" => found.deleted = true,
                "trPrChange" => return false,
                _ => {}
            }
            true
        })?;
        Ok(found)
    }
}

/// How a cell is merged with those above or before it.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Merge {
    #[default]
    None,
    /// The first of the merged cells.
    First,
    /// Covered by the first.
    Covered,
}

/// What `w:tcPr` says.
#[derive(Clone, Copy)]
pub(super) struct CellProperties {
    pub columns: u16,
    /// With the cells above.
    pub down: Merge,
    /// With the cells before, in files of old programs.
    pub across: Merge,
    /// It was deleted in a tracked change.
    pub deleted: bool,
}

impl Default for CellProperties {
    fn default() -> Self {
        CellProperties { columns: 1, down: Merge::None, across: Merge::None, deleted: false }
    }
}

impl CellProperties {
    pub fn read(xml: &mut Xml<'_>) -> Result<CellProperties, Unreadable> {
        let mut found = CellProperties::default();
        xml.inside(|tag| {
            let merge = || if tag.attribute("val").as_deref() == Some("restart") { Merge::First } else { Merge::Covered };
            match tag.name() {
                "gridSpan" => found.columns = tag.number::<u64>("val").map_or(1, |n| u16::try_from(n).unwrap_or(u16::MAX)),
                "vMerge" | "vmerge" => found.down = merge(),
                "hMerge" | "hmerge" => found.across = merge(),
                "cellDel" => found.deleted = true,
                "tcPrChange" => return false,
                _ => {}
            }
            true
        })?;
        Ok(found)
    }
}

/// What `w:rPr` says.
#[derive(Clone, Copy, Default)]
pub(super) struct RunProperties {
    pub hidden: bool,
    pub bold: bool,
}

impl RunProperties {
    pub fn read(xml: &mut Xml<'_>) -> Result<RunProperties, Unreadable> {
        let mut found = RunProperties::default();
        xml.inside(|tag| {
            match tag.name() {
                "vanish" => found.hidden = tag.is_on(),
                "b" => found.bold = tag.is_on(),
                "rPrChange" => return false,
                _ => {}
            }
            true
        })?;
        Ok(found)
    }
}

/// Whether `w:sdtPr` says that a content control shows nothing but the hint of what to fill in.
pub(super) fn is_placeholder(xml: &mut Xml<'_>) -> Result<bool, Unreadable> {
    let mut placeholder = false;
    xml.inside(|tag| {
        placeholder |= tag.name() == "showingPlcHdr" && tag.is_on();
        true
    })?;
    Ok(placeholder)
}
