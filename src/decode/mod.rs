//! Bytes to documents. Each format has one file here and one row in `DECODERS`; what a file is, is
//! told by its content first and by its name second. Decoders know nothing of forms and offices.

mod archive;
mod charset;
mod container;
mod docx;
mod drawn;
mod gaps;
mod html;
mod html_table;
mod legacy;
mod limits;
mod lines;
mod loose;
mod markup;
mod mime;
mod ofd;
mod package;
pub mod page;
mod pdf;
mod picture;
mod prose;
mod scan;
mod sheet;
mod text;
mod traditional;
mod xml;

pub use archive::{Packed, is_archive, unpack};
pub use charset::{Charset, charset, to_text};
pub use legacy::CONVERTED;
pub use limits::{Limits, Reached};
pub use scan::{Raster, Recogniser, Seen, Strip};
pub use text::read as read_text;
pub use traditional::Traditional;

use crate::document::Document;
use crate::finding::Finding;
use limits::within;
use std::path::Path;

/// A format that the program reads.
#[derive(Debug)]
pub struct Decoder {
    /// Name in the published tables: `markdown`.
    pub format: &'static str,
    /// File name extensions, in small letters.
    pub extensions: &'static [&'static str],
    /// Whether bytes are of this format, whatever their file is called. Never for texts, which may be of any.
    pub known_by: fn(&[u8]) -> bool,
    /// How it is read.
    pub read: Read,
}

/// How a format is read.
#[derive(Debug)]
pub enum Read {
    /// From decoded text, from which the document borrows.
    Text(for<'t> fn(&'t str) -> Document<'t>),
    /// From its bytes.
    Bytes(fn(&[u8], &Limits) -> Result<Decoded, Unreadable>),
    /// From its bytes, of which pages may be pictures: what is on these, by somebody who recognises it, if there is one.
    Pages(ReadPages),
}

/// Reads pages that may be pictures.
pub type ReadPages = fn(&[u8], &Limits, Option<&Recogniser<'_>>) -> Result<Decoded, Unreadable>;

/// What was read from bytes.
#[derive(Debug, Default)]
pub struct Decoded {
    /// Paragraphs and grids.
    pub document: Document<'static>,
    /// Encoding, for formats that are text.
    pub encoding: Option<Charset>,
    /// What a person should know of the file: tables that are pictures, pages that are scans.
    pub findings: Vec<Finding>,
}

/// The formats that can be read, those known by their content first.
pub const DECODERS: &[Decoder] = &[
    Decoder { format: "pdf", extensions: &["pdf"], known_by: pdf::is_pdf, read: Read::Pages(pdf::read) },
    Decoder { format: "ofd", extensions: &["ofd"], known_by: ofd::is_ofd, read: Read::Pages(ofd::read) },
    Decoder { format: "docx", extensions: &["docx", "docm", "dotx"], known_by: docx::is_docx, read: Read::Bytes(docx::read) },
    Decoder { format: "word-xml", extensions: &["xml"], known_by: docx::is_xml, read: Read::Bytes(docx::read) },
    Decoder { format: "xlsx", extensions: &["xlsx", "xlsm"], known_by: sheet::is_xlsx, read: Read::Bytes(sheet::read_xlsx) },
    Decoder { format: "ods", extensions: &["ods"], known_by: sheet::is_ods, read: Read::Bytes(sheet::read_ods) },
    Decoder { format: "xls", extensions: &["xls", "et"], known_by: sheet::is_xls, read: Read::Bytes(sheet::read_xls) },
    Decoder { format: "html", extensions: &["html", "htm", "xhtml", "shtml"], known_by: html::is_html, read: Read::Bytes(html::read) },
    Decoder { format: "mhtml", extensions: &["mht", "mhtml"], known_by: mime::is_mhtml, read: Read::Bytes(mime::read) },
    Decoder { format: "png", extensions: &["png"], known_by: picture::is_png, read: Read::Pages(picture::read) },
    Decoder { format: "jpeg", extensions: &["jpg", "jpeg"], known_by: picture::is_jpeg, read: Read::Pages(picture::read) },
    Decoder { format: "tiff", extensions: &["tif", "tiff"], known_by: picture::is_tiff, read: Read::Pages(picture::read) },
    Decoder { format: "markdown", extensions: &["md", "markdown"], known_by: |_| false, read: Read::Text(text::read) },
    Decoder { format: "text", extensions: &["txt", "text"], known_by: |_| false, read: Read::Text(text::read) },
];

/// How the container of the old office formats begins: doc, xls, wps, and all that have a password.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Formats known by their first bytes that are not read: name and magic bytes.
const FOREIGN: &[(&str, &[u8])] = &[
    ("zip", b"PK\x03\x04"),
    ("doc", OLE),
    ("rar", b"Rar!\x1a\x07"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("gzip", b"\x1f\x8b"),
    ("bigtiff", b"II+\0"),
    ("bigtiff", b"MM\0+"),
    ("gif", b"GIF8"),
];

/// Whether bytes are one picture, and no document.
pub fn is_picture(bytes: &[u8]) -> bool {
    picture::is_one(bytes)
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A format there is no reader for; what it is, as far as known.
    Unsupported(String),
    /// A format of old word processors, to be converted first; which one.
    Legacy(&'static str),
    /// Nothing but blanks.
    Empty,
    /// Called a text, but its bytes are none.
    NotText,
    /// Broken: truncated, or not what it begins like.
    Damaged,
    /// Locked with a password.
    Encrypted,
    /// Pictures of pages, without text.
    Scan,
    /// A web page that holds no text: scripts or frames fetch it from elsewhere.
    NoText,
    /// It asks for more than it may.
    Limit(Reached),
}

impl From<Reached> for Unreadable {
    fn from(reached: Reached) -> Unreadable {
        Unreadable::Limit(reached)
    }
}

/// The decoder for a file of this name and content.
///
/// # Errors
/// `Legacy` for formats that need another program, `Unsupported` for those without a reader.
pub fn decoder(path: &Path, bytes: &[u8]) -> Result<&'static Decoder, Unreadable> {
    if is_locked(bytes) {
        return Err(Unreadable::Encrypted);
    }
    if let Some(known) = DECODERS.iter().find(|d| (d.known_by)(bytes)) {
        return Ok(known);
    }
    if let Some(format) = legacy::kind(path, bytes) {
        if legacy::is_locked(bytes) {
            return Err(Unreadable::Encrypted);
        }
        return Err(Unreadable::Legacy(format));
    }
    if let Some((name, _)) = FOREIGN.iter().find(|(_, magic)| bytes.starts_with(magic)) {
        return Err(Unreadable::Unsupported((*name).to_string()));
    }
    let extension = extension(path);
    let known = DECODERS.iter().find(|d| d.extensions.contains(&extension.as_str()));
    known.ok_or(Unreadable::Unsupported(extension))
}

/// Whether bytes are an office document with a password: then it lies in a container of the old formats.
fn is_locked(bytes: &[u8]) -> bool {
    const STREAM: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    bytes.starts_with(OLE) && memchr::memmem::find(bytes, STREAM).is_some()
}

/// The extension of a file's name, in small letters.
pub fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}
