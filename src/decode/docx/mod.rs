//! Word documents (DOCX), and what other word processors save under other names in the same format.
//! The main part is read for its text; the parts beside it say which paragraphs are headings or
//! numbered. Headers, footers and comments are no part of a report; notes follow their paragraph.

mod body;
mod counting;
mod numbering;
mod properties;
mod styles;
mod table;

use super::package::{self, Package};
use super::xml::{Event, Xml};
use super::{Decoded, Limits, Unreadable};
use crate::document::{Block, Document, Paragraph};
use body::{Context, Note};
use std::borrow::Cow;
use std::collections::HashMap;

/// Whether bytes are a Word document.
pub(super) fn is_docx(bytes: &[u8]) -> bool {
    package::has_part(bytes, "word/document")
}

/// Reads a Word document.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.relations("")?.into_iter().find(|r| r.kind == "officeDocument").map_or_else(|| "word/document.xml".to_string(), |r| r.target);
    let Some(text) = package.part(&main)? else { return Err(Unreadable::Damaged) };
    let mut context = Context { styles: Default::default(), numbering: Default::default(), notes: HashMap::new(), limits };
    for relation in package.relations(&main)? {
        let known = matches!(relation.kind.as_str(), "styles" | "numbering" | "footnotes" | "endnotes");
        let Some(part) = (if known { package.part(&relation.target)? } else { None }) else { continue };
        match relation.kind.as_str() {
            "styles" => context.styles = styles::Styles::read(&part, limits)?,
            "numbering" => context.numbering = numbering::Numbering::read(&part, limits)?,
            kind => notes(&part, if kind == "footnotes" { Note::Foot } else { Note::End }, &mut context)?,
        }
    }
    let document = body::read(&text, context)?;
    Ok(Decoded { document: tidy(document), ..Decoded::default() })
}

/// The texts of the notes in a part.
fn notes(part: &str, kind: Note, context: &mut Context<'_>) -> Result<(), Unreadable> {
    let mut xml = Xml::new(part, context.limits);
    loop {
        match xml.next()? {
            Event::Start(tag) if matches!(tag.name(), "footnote" | "endnote") => {
                let id = tag.attribute("id").unwrap_or_default().into_owned();
                let text = xml.text()?;
                if !text.trim().is_empty() {
                    context.notes.insert((kind, id), text.trim().to_string());
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Paragraphs as other formats have them: one a line, none that is blank.
fn tidy(document: Document<'static>) -> Document<'static> {
    let mut blocks = Vec::with_capacity(document.blocks.len());
    for block in document.blocks {
        match block {
            Block::Paragraph(p) if p.text.contains('\n') => {
                let lines = p.text.split('\n').filter(|line| !line.trim().is_empty());
                blocks.extend(lines.map(|line| Block::Paragraph(Paragraph { text: Cow::Owned(line.trim().to_string()), heading: p.heading, at: p.at })));
            }
            Block::Paragraph(p) if p.text.trim().is_empty() => {}
            Block::Paragraph(p) => {
                let text = if p.text.trim().len() == p.text.len() { p.text } else { Cow::Owned(p.text.trim().to_string()) };
                blocks.push(Block::Paragraph(Paragraph { text, ..p }));
            }
            grid => blocks.push(grid),
        }
    }
    Document { blocks }
}
