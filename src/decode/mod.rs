//! Bytes to documents. Each format has one file here and one row in `DECODERS`; what a file is, is
//! told by its content first and by its name second. Decoders know nothing of forms and offices.

mod charset;
mod gaps;
mod html_table;
mod lines;
mod markup;
mod text;

pub use charset::{Charset, to_text};

use crate::document::Document;
use std::path::Path;

/// A format that the program reads.
#[derive(Debug)]
pub struct Decoder {
    /// Name in the published tables: `markdown`.
    pub format: &'static str,
    /// File name extensions, in small letters.
    pub extensions: &'static [&'static str],
    /// Reads decoded text.
    pub read: for<'t> fn(&'t str) -> Document<'t>,
}

/// The formats that can be read.
pub const DECODERS: &[Decoder] = &[
    Decoder { format: "markdown", extensions: &["md", "markdown"], read: text::read },
    Decoder { format: "text", extensions: &["txt", "text"], read: text::read },
];

/// Formats known by their first bytes that are not read (yet): name and magic bytes.
const FOREIGN: &[(&str, &[u8])] = &[
    ("pdf", b"%PDF-"),
    ("zip", b"PK\x03\x04"),
    ("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("rar", b"Rar!\x1a\x07"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("gzip", b"\x1f\x8b"),
    ("png", b"\x89PNG"),
    ("jpeg", b"\xff\xd8\xff"),
];

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A format there is no reader for; what it is, as far as known.
    Unsupported(String),
    /// Nothing but blanks.
    Empty,
    /// Called a text, but its bytes are none.
    NotText,
}

/// The decoder for a file of this name and content.
///
/// # Errors
/// `Unsupported` for formats without a reader.
pub fn decoder(path: &Path, bytes: &[u8]) -> Result<&'static Decoder, Unreadable> {
    if let Some((name, _)) = FOREIGN.iter().find(|(_, magic)| bytes.starts_with(magic)) {
        return Err(Unreadable::Unsupported((*name).to_string()));
    }
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = DECODERS.iter().find(|d| d.extensions.contains(&extension.as_str()));
    known.ok_or(Unreadable::Unsupported(extension))
}
