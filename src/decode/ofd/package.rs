//! The files inside an OFD, found the way producers write their paths: absolute or relative, to the
//! package or to the file that names them, with either slash and in any case.

use crate::decode::package::{self, names};
use crate::decode::{Limits, Unreadable, to_text};
use std::collections::HashMap;

/// An opened package with its files by path.
pub struct Package<'b> {
    inner: package::Package<'b>,
    /// Numbers of the files by path, in small letters and with `/`.
    places: HashMap<String, usize>,
}

/// Whether bytes are an OFD, one cut off among them.
pub fn is_ofd(bytes: &[u8]) -> bool {
    let is_root = |name: &[u8]| matches!(path(name).as_str(), "ofd.xml" | "encryptions.xml");
    bytes.starts_with(package::ZIP) && names(bytes).any(is_root)
}

impl<'b> Package<'b> {
    /// Opens a package.
    ///
    /// # Errors
    /// If it is no zip, is encrypted or holds too many files.
    pub fn open(bytes: &'b [u8], limits: &'b Limits) -> Result<Package<'b>, Unreadable> {
        let inner = package::Package::open(bytes, limits)?;
        let mut places = HashMap::new();
        for place in 0..inner.len() {
            places.entry(path(&inner.name(place))).or_insert(place);
        }
        if places.contains_key("encryptions.xml") {
            return Err(Unreadable::Encrypted);
        }
        Ok(Package { inner, places })
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
        self.inner.bytes(place)
    }
}

/// The path of a file as it is stored, in small letters.
fn path(stored: &[u8]) -> String {
    normal(&String::from_utf8_lossy(stored)).to_lowercase()
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
