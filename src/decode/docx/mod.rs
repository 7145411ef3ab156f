//! Word documents (DOCX), and what other word processors save under other names in the same format.
//! The main part is read for its text; the parts beside it say which paragraphs are headings or
//! numbered. Headers, footers and comments are no part of a report; notes follow their paragraph.

mod body;
mod chunk;
mod counting;
mod numbering;
mod parts;
mod properties;
mod styles;
mod table;

use super::xml::{Event, Xml};
use super::{Decoded, Limits, Unreadable, charset, package, to_text};
use crate::document::{Block, Document, Paragraph, number_grids};
use body::{Context, Note};
use parts::Parts;
use std::borrow::Cow;

/// Whether bytes are a Word document.
pub(super) fn is_docx(bytes: &[u8]) -> bool {
    package::has_part(bytes, "word/document")
}

/// Whether bytes are a Word document in one XML file: all parts of a DOCX one behind the other, or the format of 2003.
pub(super) fn is_xml(bytes: &[u8]) -> bool {
    parts::is_flat(bytes) || is_of_2003(bytes)
}

fn is_of_2003(bytes: &[u8]) -> bool {
    const HEAD: usize = 4 << 10;
    let head = charset::glance(&bytes[..bytes.len().min(HEAD)]);
    head.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml") && head.contains("http://schemas.microsoft.com/office/word/2003/wordml")
}

/// Reads a Word document.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let mut left = limits.unpacked_mib << 20;
    Ok(Decoded { document: document(bytes, &mut left, 0, limits)?, ..Decoded::default() })
}

/// The document in a file, of which no more than `left` bytes may be unpacked. `depth` is in how many others it lies.
fn document(bytes: &[u8], left: &mut u64, depth: usize, limits: &Limits) -> Result<Document<'static>, Unreadable> {
    let mut context = Context::new(limits);
    if is_of_2003(bytes) {
        let (text, _) = to_text(bytes).map_err(|_| Unreadable::Damaged)?;
        context.styles = styles::Styles::read(&text, limits)?;
        return body::read(&text, context).map(tidy);
    }
    let mut parts = Parts::open(bytes, *left, limits)?;
    let main = parts.relations("")?.into_iter().find(|r| r.kind == "officeDocument").map_or_else(|| "word/document.xml".to_string(), |r| r.target);
    let Some(text) = parts.part(&main)? else { return Err(Unreadable::Damaged) };
    for relation in parts.relations(&main)? {
        if relation.kind == "aFChunk" {
            let Some(chunk) = parts.bytes(&relation.target)? else { continue };
            *left = parts.left();
            let blocks = chunk::read(&relation.target, &chunk, left, depth + 1, limits)?;
            if let Parts::Zip(package) = &mut parts {
                package.allow(*left);
            }
            context.chunks.insert(relation.id, blocks);
            continue;
        }
        let known = matches!(relation.kind.as_str(), "styles" | "numbering" | "footnotes" | "endnotes");
        let Some(part) = (if known { parts.part(&relation.target)? } else { None }) else { continue };
        match relation.kind.as_str() {
            "styles" => context.styles = styles::Styles::read(&part, limits)?,
            "numbering" => context.numbering = numbering::Numbering::read(&part, limits)?,
            kind => notes(&part, if kind == "footnotes" { Note::Foot } else { Note::End }, &mut context)?,
        }
    }
    *left = parts.left();
    body::read(&text, context).map(tidy)
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
    number_grids(&mut blocks);
    Document { blocks }
}
