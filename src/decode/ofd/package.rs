//! The files inside an OFD, found the way producers write their paths: absolute or relative, to the
//! package or to the file that names them, with either slash and in any case.

use crate::decode::{Limits, Reached, Unreadable, to_text};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An opened package. What is unpacked is counted, all parts together.
#[derive(Debug)]
pub struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Places in the archive by path, in small letters and with `/`.
    places: HashMap<String, usize>,
    left: u64,
    limits: &'b Limits,
}

/// Whether bytes are an OFD, one cut off among them.
pub fn is_ofd(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"PK") {
        return false;
    }
    match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive.file_names_raw().any(|name| is_root(name)),
        Err(_) => [&b"OFD.xml"[..], b"Encryptions.xml"].iter().any(|name| begins_a_file(bytes, name)),
    }
}

fn is_root(name: &[u8]) -> bool {
    let name = name.trim_ascii_start();
    let name = name.strip_prefix(b"/").or(name.strip_prefix(b"\\")).or(name.strip_prefix(b"./")).unwrap_or(name);
    name.eq_ignore_ascii_case(b"OFD.xml") || name.eq_ignore_ascii_case(b"Encryptions.xml")
}

/// Whether a file of this name begins somewhere, as each does in a zip: 30 bytes of header, then the name.
fn begins_a_file(bytes: &[u8], name: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, name).any(|at| at >= 30 && bytes[at - 30..].starts_with(b"PK\x03\x04"))
}

impl<'b> Package<'b> {
    /// Opens a package.
    ///
    /// # Errors
    /// If it is no zip, is encrypted or holds too many files.
    pub fn open(bytes: &'b [u8], limits: &'b Limits) -> Result<Package<'b>, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Damaged)?;
        if archive.len() > limits.archive_files {
            return Err(Unreadable::Limit(Reached::new("archive_files", limits.archive_files)));
        }
        let mut places = HashMap::new();
        for (place, name) in archive.file_names_raw().enumerate() {
            places.entry(normal(&String::from_utf8_lossy(name)).to_lowercase()).or_insert(place);
        }
        if places.contains_key("encryptions.xml") {
            return Err(Unreadable::Encrypted);
        }
        Ok(Package { archive, places, left: limits.unpacked_mib << 20, limits })
    }

    /// The full path of the file that `from` means by `path`, if there is one.
    pub fn resolve(&self, from: &str, path: &str) -> Option<String> {
        let path = path.trim();
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = normal(&format!("{folder}/{path}"));
        let from_root = normal(path);
        let absolute = path.starts_with(['/', '\\']);
        let tried = if absolute { [from_root, beside] } else { [beside, from_root] };
        tried.into_iter().find(|p| self.places.contains_key(&p.to_lowercase()))
    }

    /// The text of a file by its full path.
    ///
    /// # Errors
    /// If it is not there, damaged or encrypted, or more than a file may hold.
    pub fn text(&mut self, path: &str) -> Result<String, Unreadable> {
        let bytes = self.bytes(path)?;
        to_text(&bytes).map(|(text, _)| text.into_owned()).map_err(|_| Unreadable::Damaged)
    }

    /// The bytes of a file by its full path.
    ///
    /// # Errors
    /// If it is not there, damaged or encrypted, or more than a file may hold.
    pub fn bytes(&mut self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let place = *self.places.get(&path.to_lowercase()).ok_or(Unreadable::Damaged)?;
        let file = self.archive.by_index(place).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::Encrypted,
            _ => Unreadable::Damaged,
        })?;
        let mut bytes = Vec::new();
        file.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged)?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(Unreadable::Limit(Reached { name: "unpacked_mib", value: self.limits.unpacked_mib }))?;
        Ok(bytes)
    }
}

/// A path from the root of the package, without `.` and `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.trim().split(['/', '\\']) {
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
