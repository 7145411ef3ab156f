//! Documents that programs put into a Word document whole (altChunk): web pages, texts, other Word documents.

use super::super::{Limits, Read, Unreadable, decoder, to_text, within};
use crate::document::{Block, Cell, Document, Grid, Paragraph, Row};
use std::borrow::Cow;
use std::path::Path;

/// The blocks of such a document. `left` is how many bytes may still be unpacked, `depth` in how many others it lies.
pub(super) fn read(name: &str, bytes: &[u8], left: &mut u64, depth: usize, limits: &Limits) -> Result<Vec<Block<'static>>, Unreadable> {
    within("archive_depth", depth, limits.archive_depth)?;
    let decoder = decoder(Path::new(name), bytes).map_err(|reason| match reason {
        // Not converted alone: the file around it is no such format.
        Unreadable::Legacy(format) => Unreadable::Unsupported(format!("altChunk, {format}")),
        other => other,
    })?;
    match decoder.read {
        _ if decoder.format == "docx" => Ok(super::document(bytes, left, depth, limits)?.blocks),
        Read::Bytes(read) => Ok(read(bytes, limits)?.document.blocks),
        Read::Pages(read) => Ok(read(bytes, limits, None)?.document.blocks),
        Read::Text(read) => Ok(owned(read(&to_text(bytes)?.0))),
    }
}

/// A document that borrows from no text.
fn owned(document: Document<'_>) -> Vec<Block<'static>> {
    let text = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    let cell = |c: Cell<'_>| Cell { text: text(c.text), column: c.column, columns: c.columns, rows: c.rows };
    let row = |r: Row<'_>| Row { number: r.number, at: r.at, cells: r.cells.into_iter().map(cell).collect(), loose: r.loose };
    let block = |block| match block {
        Block::Paragraph(p) => Block::Paragraph(Paragraph { text: text(p.text), heading: p.heading, at: p.at }),
        Block::Grid(g) => Block::Grid(Grid { number: g.number, rows: g.rows.into_iter().map(row).collect() }),
    };
    document.blocks.into_iter().map(block).collect()
}
