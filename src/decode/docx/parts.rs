//! The parts of a Word document: in a zip, or one behind the other in a single XML file ("Word XML", flat OPC).

use super::super::package::{Package, Relation, relations, relations_part};
use super::super::{Limits, Reached, Unreadable, charset, mime, to_text};

/// The parts of a document, by their names.
pub(super) enum Parts<'b> {
    Zip(Package<'b>),
    Flat(Vec<Part>, &'b Limits),
}

/// A part of a single file.
pub(super) struct Part {
    name: String,
    content: Vec<u8>,
}

/// How the root element of a single file says what it is.
const NAMESPACE: &str = "http://schemas.microsoft.com/office/2006/xmlPackage";
/// Bytes looked at to tell what a file is.
const HEAD: usize = 4 << 10;

/// Whether bytes are a single file with the parts of a Word document.
pub(super) fn is_flat(bytes: &[u8]) -> bool {
    let head = charset::glance(&bytes[..bytes.len().min(HEAD)]);
    head.contains(NAMESPACE) && head.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml")
}

impl<'b> Parts<'b> {
    /// Opens a zip, of which no more than `left` bytes may be unpacked, or a single file.
    pub fn open(bytes: &'b [u8], left: u64, limits: &'b Limits) -> Result<Parts<'b>, Unreadable> {
        if is_flat(bytes) {
            return Ok(Parts::Flat(flat(bytes, limits)?, limits));
        }
        let mut package = Package::open(bytes, limits)?;
        package.allow(left);
        Ok(Parts::Zip(package))
    }

    /// How many bytes may still be unpacked.
    pub fn left(&self) -> u64 {
        match self {
            Parts::Zip(package) => package.left(),
            // Nothing is packed in it.
            Parts::Flat(_, limits) => limits.unpacked_mib << 20,
        }
    }

    /// The bytes of a part; none if there is no such part.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        match self {
            Parts::Zip(package) => package.find(name).map(|index| package.bytes(index)).transpose(),
            Parts::Flat(parts, _) => Ok(parts.iter().find(|p| p.name.eq_ignore_ascii_case(name)).map(|p| p.content.clone())),
        }
    }

    /// The text of a part; none if there is no such part.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        let (text, _) = to_text(&bytes).map_err(|_| Unreadable::Damaged)?;
        Ok(Some(text.into_owned()))
    }

    /// Where the links of a part lead; of the package itself for an empty name.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Unreadable> {
        match self {
            Parts::Zip(package) => package.relations(part),
            Parts::Flat(_, limits) => {
                let limits = *limits;
                let (base, name) = relations_part(part);
                self.part(&name)?.map_or(Ok(Vec::new()), |text| relations(&text, &base, limits))
            }
        }
    }
}

/// The parts in the text of a single file. Each is XML as it stands, or bytes in base 64.
fn flat(bytes: &[u8], limits: &Limits) -> Result<Vec<Part>, Unreadable> {
    let (text, _) = to_text(bytes).map_err(|_| Unreadable::Damaged)?;
    let mut parts = Vec::new();
    for part in text.split("<pkg:part ").skip(1) {
        if parts.len() >= limits.archive_files {
            return Err(Reached::new("archive_files", limits.archive_files).into());
        }
        let name = part.split_once("pkg:name=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(name, _)| name.trim_start_matches('/').to_string());
        let inside = |element: &str| {
            let (_, rest) = part.split_once(&format!("<pkg:{element}"))?;
            let (content, _) = rest.split_once('>')?.1.rsplit_once(&format!("</pkg:{element}>"))?;
            Some(content)
        };
        let content = inside("xmlData").map(|xml| xml.as_bytes().to_vec()).or_else(|| inside("binaryData").map(|data| mime::base64(data.as_bytes())));
        // A part without an end: the file is cut.
        let (Some(name), Some(content)) = (name, content) else { return Err(Unreadable::Damaged) };
        parts.push(Part { name, content });
    }
    Ok(parts)
}
