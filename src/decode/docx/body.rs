//! The text of a document, element by element: what a person sees with all changes accepted. Keeps its
//! own stack, so that no file can exhaust the program's.

use super::super::xml::{Event, Tag, Xml};
use super::super::{Limits, Unreadable};
use super::numbering::Numbering;
use super::properties::{CellProperties, ParagraphProperties, RowProperties, RunProperties, is_placeholder};
use super::styles::Styles;
use super::table::Table;
use crate::document::{Block, Document, Paragraph, Place};
use std::borrow::Cow;
use std::collections::HashMap;

/// What the other parts say, for the reading of the text.
pub(super) struct Context<'p> {
    pub styles: Styles,
    pub numbering: Numbering,
    /// The texts of notes, by kind and identifier.
    pub notes: HashMap<(Note, String), String>,
    /// Documents put into this one whole, by identifier.
    pub chunks: HashMap<String, Vec<Block<'static>>>,
    pub limits: &'p Limits,
}

impl<'p> Context<'p> {
    /// Where no other part says anything.
    pub fn new(limits: &'p Limits) -> Context<'p> {
        Context { styles: Styles::default(), numbering: Numbering::default(), notes: HashMap::new(), chunks: HashMap::new(), limits }
    }
}

/// The kinds of notes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Note {
    Foot,
    End,
}

/// An element that is open and means something.
enum Open {
    Paragraph,
    Run,
    /// Text that is shown: `w:t`.
    Text,
    Table,
    Row,
    /// A cell, and its properties once it has told them.
    Cell,
    TextBox,
    /// Deleted, or the hint of an empty control.
    Hidden,
    /// A content control, and whether it shows its hint only.
    Control(bool),
    /// Several ways to say the same, and whether one was read.
    Alternatives(bool),
    Other,
}

/// A place that paragraphs and tables follow each other in: the page, a cell, a text box.
#[derive(Default)]
struct Flow {
    blocks: Vec<Block<'static>>,
    /// Text whose paragraph goes on in the next one.
    joined: String,
}

#[derive(Default)]
struct OpenParagraph {
    text: String,
    properties: ParagraphProperties,
    /// Text that is not bold.
    plain: bool,
    /// What text boxes in it hold.
    boxes: Vec<Block<'static>>,
}

struct Body<'p> {
    context: Context<'p>,
    open: Vec<Open>,
    flows: Vec<Flow>,
    paragraphs: Vec<OpenParagraph>,
    tables: Vec<Table>,
    /// Tables seen so far.
    number: u32,
    /// Hidden elements that are open.
    hidden: usize,
    run: RunProperties,
    /// Notes whose signs were read since the last block of the page.
    notes: Vec<String>,
}

/// Reads the main part of a document.
pub(super) fn read(text: &str, context: Context<'_>) -> Result<Document<'static>, Unreadable> {
    let mut xml = Xml::new(text, context.limits);
    let mut body = Body {
        context,
        open: Vec::new(),
        flows: vec![Flow::default()],
        paragraphs: Vec::new(),
        tables: Vec::new(),
        number: 0,
        hidden: 0,
        run: RunProperties::default(),
        notes: Vec::new(),
    };
    loop {
        match xml.next()? {
            Event::Start(tag) => body.start(&tag, &mut xml)?,
            Event::End => body.end()?,
            Event::Text(text) => {
                if let Some(Open::Text) = body.open.last() {
                    body.write(&text);
                }
            }
            Event::Eof => break,
        }
    }
    let page = body.flows.pop().unwrap_or_default();
    Ok(Document { blocks: page.close() })
}

impl Body<'_> {
    fn start(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        let open = match tag.name() {
            "t" => Open::Text,
            "r" => {
                self.run = RunProperties::default();
                Open::Run
            }
            "p" => {
                self.paragraphs.push(OpenParagraph::default());
                Open::Paragraph
            }
            "tbl" => {
                self.number += 1;
                self.tables.push(Table::new(self.number));
                Open::Table
            }
            "tr" if matches!(self.place(), Some(Open::Table)) => {
                self.tables.last_mut().map(Table::begin_row);
                Open::Row
            }
            "tc" if matches!(self.place(), Some(Open::Row)) => {
                self.tables.last_mut().map(Table::begin_cell);
                self.flows.push(Flow::default());
                Open::Cell
            }
            "txbxContent" => {
                self.flows.push(Flow::default());
                Open::TextBox
            }
            "del" | "moveFrom" => self.hide(),
            "sdt" => Open::Control(false),
            "sdtContent" if matches!(self.open.last(), Some(Open::Control(true))) => self.hide(),
            "AlternateContent" => Open::Alternatives(false),
            "Choice" => match self.open.last_mut() {
                Some(Open::Alternatives(read)) if !*read => {
                    *read = true;
                    Open::Other
                }
                _ => return xml.skip(),
            },
            "Fallback" => match self.open.last() {
                Some(Open::Alternatives(false)) => Open::Other,
                _ => return xml.skip(),
            },
            _ => return self.property(tag, xml),
        };
        self.open.push(open);
        Ok(())
    }

    /// Elements that say something of the open one, or stand for a character.
    fn property(&mut self, tag: &Tag<'_>, xml: &mut Xml<'_>) -> Result<(), Unreadable> {
        match tag.name() {
            "pPr" if !self.paragraphs.is_empty() => {
                let properties = ParagraphProperties::read(xml)?;
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.properties = properties;
                }
                return Ok(());
            }
            "rPr" => {
                self.run = RunProperties::read(xml)?;
                return Ok(());
            }
            "trPr" => {
                let row = RowProperties::read(xml)?;
                if let Some(table) = self.tables.last_mut() {
                    table.row = row;
                }
                return Ok(());
            }
            "tcPr" => {
                let cell = CellProperties::read(xml)?;
                if let Some(table) = self.tables.last_mut() {
                    table.cell = cell;
                }
                return Ok(());
            }
            "sdtPr" => {
                let placeholder = is_placeholder(xml)?;
                if let Some(Open::Control(hint)) = self.open.last_mut() {
                    *hint = placeholder;
                }
                return Ok(());
            }
            "tab" | "ptab" => self.write("\t"),
            "br" | "cr" => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "sym" => self.write(&symbol(tag)),
            "altChunk" => {
                let blocks = tag.attribute("id").and_then(|id| self.context.chunks.remove(id.as_ref())).filter(|_| self.hidden == 0);
                self.show(blocks.unwrap_or_default());
                return xml.skip();
            }
            "footnoteReference" => self.note(Note::Foot, tag),
            "endnoteReference" => self.note(Note::End, tag),
            // Not shown: what changes were, how a field is computed, how Han characters sound.
            "instrText" | "delText" | "delInstrText" | "fldData" | "ffData" | "rt" | "tblPr" | "tblGrid" | "sectPr" | "binData" => return xml.skip(),
            _ => {}
        }
        self.open.push(Open::Other);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        match self.open.pop() {
            Some(Open::Paragraph) => self.end_paragraph(),
            Some(Open::Run) => self.run = RunProperties::default(),
            Some(Open::Hidden) => self.hidden -= 1,
            Some(Open::TextBox) => {
                let blocks = self.flows.pop().unwrap_or_default().close();
                match self.paragraphs.last_mut() {
                    Some(paragraph) => paragraph.boxes.extend(blocks),
                    None => self.show(blocks),
                }
            }
            Some(Open::Cell) => {
                let blocks = self.flows.pop().unwrap_or_default().close();
                if let Some(table) = self.tables.last_mut() {
                    let properties = std::mem::take(&mut table.cell);
                    table.end_cell(properties, blocks);
                }
            }
            Some(Open::Row) => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_row(self.context.limits)?;
                }
            }
            Some(Open::Table) => {
                let blocks = self.tables.pop().map(Table::end).unwrap_or_default();
                self.show(blocks);
            }
            _ => {}
        }
        Ok(())
    }

    /// The innermost open table, row or cell, or text box.
    fn place(&self) -> Option<&Open> {
        self.open.iter().rev().find(|o| matches!(o, Open::Table | Open::Row | Open::Cell | Open::TextBox))
    }

    fn hide(&mut self) -> Open {
        self.hidden += 1;
        Open::Hidden
    }

    /// Text of the open paragraph.
    fn write(&mut self, text: &str) {
        if self.hidden > 0 || self.run.hidden {
            return;
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
            paragraph.plain |= !self.run.bold && !text.trim().is_empty();
        }
    }

    fn note(&mut self, kind: Note, tag: &Tag<'_>) {
        let id = tag.attribute("id").unwrap_or_default().into_owned();
        self.notes.extend(self.context.notes.remove(&(kind, id)).filter(|_| self.hidden == 0));
    }

    fn end_paragraph(&mut self) {
        let Some(OpenParagraph { mut text, properties, plain, boxes }) = self.paragraphs.pop() else { return };
        let Some(flow) = self.flows.last_mut() else { return };
        let style = properties.style.as_deref();
        if properties.joined || self.hidden > 0 {
            flow.joined.push_str(&text);
        } else {
            text.insert_str(0, &std::mem::take(&mut flow.joined));
            let styles = &self.context.styles;
            let list = properties.list.or_else(|| styles.list(style)).filter(|list| *list > 0);
            let level = properties.list_level.or_else(|| styles.list_level(style));
            if let Some(number) = properties.written {
                text = numbered(&number, &text);
            } else if let Some(number) = list.and_then(|list| self.context.numbering.next(list, level, style, styles)) {
                text = numbered(&number, &text);
            }
            let bold = !plain && text.chars().count() <= LONGEST_HEADING && !text.trim_end().ends_with(['。', '；']);
            let marked = properties.outline_level.map_or_else(|| styles.is_heading(style), |level| level < ParagraphProperties::BODY_LEVEL);
            if !styles.is_contents(style) {
                let heading = !text.trim().is_empty() && (marked || bold);
                flow.blocks.push(Block::Paragraph(Paragraph { text: Cow::Owned(text), heading, at: Place::default() }));
            }
        }
        self.show(boxes);
    }

    /// Puts blocks where the flow now is; on the page, notes follow the block that has their sign.
    fn show(&mut self, blocks: Vec<Block<'static>>) {
        let on_page = self.flows.len() == 1;
        let Some(flow) = self.flows.last_mut() else { return };
        flow.blocks.extend(blocks);
        if on_page {
            let notes = self.notes.drain(..);
            flow.blocks.extend(notes.map(|text| Block::Paragraph(Paragraph { text: Cow::Owned(text), heading: false, at: Place::default() })));
        }
    }
}

/// Longest paragraph that is a heading for being bold.
const LONGEST_HEADING: usize = 40;

impl Flow {
    /// All its blocks, a joined paragraph at the end among them.
    fn close(mut self) -> Vec<Block<'static>> {
        if !self.joined.trim().is_empty() {
            self.blocks.push(Block::Paragraph(Paragraph { text: Cow::Owned(self.joined), heading: false, at: Place::default() }));
        }
        self.blocks
    }
}

/// A generated number and the text behind it. A blank parts them where they could run together.
fn numbered(number: &str, text: &str) -> String {
    let closed = number.ends_with(['、', '）', ')', '】', '：']);
    let gap = if closed || text.is_empty() || text.starts_with(char::is_whitespace) { "" } else { " " };
    format!("{number}{gap}{text}")
}

/// A character of a symbol font. Those that no other font has stay as they are: a cell with one is
/// unreadable, but not blank.
fn symbol(tag: &Tag<'_>) -> String {
    let code = tag.attribute("char").and_then(|c| u32::from_str_radix(c.trim(), 16).ok()).unwrap_or(0xfffd);
    let wingdings = tag.attribute("font").is_some_and(|f| f == "Wingdings");
    let symbols = tag.attribute("font").is_some_and(|f| f == "Symbol");
    let code = match code {
        0xf081..=0xf08a if wingdings => code - 0xf081 + '①' as u32,
        // Digits, brackets and signs of the Symbol font stand where ASCII has them.
        0xf020..=0xf040 if symbols => code - 0xf000,
        _ => code,
    };
    char::from_u32(code).unwrap_or('\u{fffd}').to_string()
}
