//! Packages: files of several parts in a zip, as word processors and spreadsheets save them. Counts
//! what is unpacked, so that a small file cannot fill the memory.

use super::xml::{Event, Xml};
use super::{Limits, Reached, Unreadable, to_text, within};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// How every zip begins, an empty one excepted.
pub(super) const ZIP: &[u8] = b"PK\x03\x04";

/// The names in the directory of a zip; where that is lost, those in front of the files themselves.
pub(super) fn names(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    const HEADER: usize = 46;
    let number = |at: usize| Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let long = |at: usize| usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok();
    let tail = bytes.len().saturating_sub(22 + 0xffff);
    let end = memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06").map(|at| tail + at);
    let directory = end.and_then(|end| long(end + 16)).filter(|at| bytes.get(*at..).is_some_and(|d| d.starts_with(b"PK\x01\x02")));
    let mut next = directory.or_else(|| bytes.starts_with(ZIP).then_some(0));
    std::iter::from_fn(move || {
        let at = next?;
        let name = match directory {
            Some(_) => {
                bytes.get(at..).filter(|b| b.starts_with(b"PK\x01\x02"))?;
                let (name, extra, comment) = (number(at + 28)?, number(at + 30)?, number(at + 32)?);
                next = Some(at + HEADER + name + extra + comment);
                bytes.get(at + HEADER..at + HEADER + name)?
            }
            None => {
                let length = number(at + 26)?;
                next = memchr::memmem::find(&bytes[at + 4..], ZIP).map(|found| at + 4 + found);
                bytes.get(at + 30..at + 30 + length)?
            }
        };
        Some(name)
    })
}

/// Whether bytes are a package with a part whose name begins so: `word/document`, `xl/workbook`.
pub(super) fn has_part(bytes: &[u8], beginning: &str) -> bool {
    let same = |(a, b): (&u8, u8)| a.eq_ignore_ascii_case(&b) || *a == b'\\' && b == b'/';
    bytes.starts_with(ZIP) && names(bytes).any(|name| name.len() >= beginning.len() && name.iter().zip(beginning.bytes()).all(same))
}

/// A link from one part to another.
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type: `styles`, `worksheet`. Strict and transitional files differ in the words before.
    pub kind: String,
    /// The part it leads to.
    pub target: String,
}

/// An open package.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
    limits: &'b Limits,
}

impl<'b> Package<'b> {
    pub fn open(bytes: &'b [u8], limits: &'b Limits) -> Result<Package<'b>, Unreadable> {
        within("archive_files", names(bytes).take(limits.archive_files + 1).count(), limits.archive_files)?;
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        Ok(Package { archive, left: limits.unpacked_mib << 20, limits })
    }

    /// How many bytes may still be unpacked.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Sets how many bytes may still be unpacked.
    pub fn allow(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// How many parts there are.
    pub fn len(&self) -> usize {
        self.archive.len()
    }

    /// The name of a part as it is stored.
    pub fn name(&self, index: usize) -> Vec<u8> {
        self.archive.by_index_data(index).map(|part| part.name_raw().to_vec()).unwrap_or_default()
    }

    /// Whether several parts have the same name: all but one of them cannot be read.
    pub fn has_doubles(&self) -> bool {
        self.archive.has_duplicate_names()
    }

    /// The bytes of a part.
    pub fn bytes(&mut self, index: usize) -> Result<Vec<u8>, Unreadable> {
        let part = self.archive.by_index(index).map_err(|e| broken(&e))?;
        let mut content = Vec::new();
        part.take(self.left + 1).read_to_end(&mut content).map_err(|_| Unreadable::Damaged)?;
        self.left = self.left.checked_sub(content.len() as u64).ok_or(Reached { name: "unpacked_mib", value: self.limits.unpacked_mib })?;
        Ok(content)
    }

    /// Where a part stands, by its name in any letters and with any slashes.
    pub fn find(&self, name: &str) -> Option<usize> {
        let same = |raw: &[u8]| raw.len() == name.len() && raw.iter().zip(name.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b) || *a == b'\\' && b == b'/');
        self.archive.file_names_raw().position(same)
    }

    /// The text of a part; none if there is no such part.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(index) = self.find(name) else { return Ok(None) };
        let bytes = self.bytes(index)?;
        let (text, _) = to_text(&bytes).map_err(|_| Unreadable::Damaged)?;
        Ok(Some(text.into_owned()))
    }

    /// Where the links of a part lead; of the package itself for an empty name.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Unreadable> {
        let (base, name) = relations_part(part);
        let Some(text) = self.part(&name)? else { return Ok(Vec::new()) };
        relations(&text, &base, self.limits)
    }
}

/// The folder of a part, and the part that holds its links.
pub(super) fn relations_part(part: &str) -> (String, String) {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let base = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let name = format!("{base}_rels/{file}.rels");
    (base, name)
}

/// The links in the text of a part, for a part in the folder `base`.
pub(super) fn relations(text: &str, base: &str, limits: &Limits) -> Result<Vec<Relation>, Unreadable> {
    let mut xml = Xml::new(text, limits);
    let mut found = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.name() == "Relationship" && tag.attribute("TargetMode").as_deref() != Some("External") => {
                let word = |name| tag.attribute(name).map(|v| v.into_owned()).unwrap_or_default();
                let kind = word("Type").rsplit('/').next().unwrap_or_default().to_string();
                found.push(Relation { id: word("Id"), kind, target: joined(base, &word("Target")) });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A path from the root of the package.
fn joined(base: &str, target: &str) -> String {
    let path = if target.starts_with('/') { target.to_string() } else { format!("{base}{target}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn broken(error: &ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => Unreadable::Encrypted,
        ZipError::InvalidPassword => Unreadable::Encrypted,
        ZipError::CompressionMethodNotSupported(method) => Unreadable::Unsupported(format!("zip, method {method}")),
        _ => Unreadable::Damaged,
    }
}
