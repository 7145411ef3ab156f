//! Archives as folders: a zip that is no document is unpacked in memory, and archives within it too.
//! Names are only told, never written to, so that they can be anything.

use super::package::{Package, ZIP};
use super::{DECODERS, Limits, Reached, Unreadable, legacy, within};
use encoding_rs::GB18030;
use std::path::Path;

/// A file in an archive.
#[derive(Debug)]
pub struct Packed {
    /// Where it lies: `archive.zip!/folder/report.docx`; the archive itself if that cannot be read.
    pub name: String,
    /// Its bytes, or why they cannot be had.
    pub content: Result<Vec<u8>, Unreadable>,
}

/// Whether bytes are an archive: a zip that is no document.
pub fn is_archive(bytes: &[u8]) -> bool {
    const EMPTY: &[u8] = b"PK\x05\x06";
    (bytes.starts_with(ZIP) || bytes.starts_with(EMPTY)) && !DECODERS.iter().any(|d| (d.known_by)(bytes)) && legacy::kind(Path::new(""), bytes).is_none()
}

/// The files in an archive and in those within it, in the order they are stored.
pub fn unpack(name: &str, bytes: &[u8], limits: &Limits) -> Vec<Packed> {
    let mut unpacking = Unpacking { files: Vec::new(), left: limits.unpacked_mib << 20, limits };
    if let Err(reason) = unpacking.archive(name, bytes, 1) {
        unpacking.files.push(Packed { name: name.to_string(), content: Err(reason) });
    }
    unpacking.files
}

struct Unpacking<'l> {
    files: Vec<Packed>,
    /// Bytes that may still be unpacked.
    left: u64,
    limits: &'l Limits,
}

impl Unpacking<'_> {
    /// # Errors
    /// If the archive cannot be read any further: then what is in it is not all there.
    fn archive(&mut self, name: &str, bytes: &[u8], depth: usize) -> Result<(), Unreadable> {
        within("archive_depth", depth, self.limits.archive_depth)?;
        let mut package = Package::open(bytes, self.limits)?;
        if package.len() == 0 {
            return Err(Unreadable::Empty);
        }
        for index in 0..package.len() {
            let Some(inner) = shown(&package.name(index)) else { continue };
            if self.files.len() >= self.limits.archive_files {
                return Err(Reached::new("archive_files", self.limits.archive_files).into());
            }
            package.allow(self.left);
            let content = package.bytes(index);
            self.left -= content.as_ref().map_or(0, |c| c.len() as u64).min(self.left);
            let inner = format!("{name}!/{inner}");
            match content {
                Err(reason @ Unreadable::Limit(_)) => return Err(reason),
                Ok(bytes) if is_archive(&bytes) => {
                    if let Err(reason) = self.archive(&inner, &bytes, depth + 1) {
                        self.files.push(Packed { name: inner, content: Err(reason) });
                    }
                }
                content => self.files.push(Packed { name: inner, content }),
            }
        }
        // Of two files with one name only the last can be had.
        if package.has_doubles() { Err(Unreadable::Damaged) } else { Ok(()) }
    }
}

/// A name as a path without ways out of the archive; none for a folder. Chinese programs for Windows
/// write names in GBK and do not say so.
fn shown(raw: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_string(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    if text.ends_with(['/', '\\']) {
        return None;
    }
    let parts: Vec<String> = text
        .split(['/', '\\'])
        .filter(|part| !matches!(part.trim(), "" | "." | ".."))
        .map(|part| part.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect())
        .collect();
    Some(if parts.is_empty() { "?".to_string() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_stay_inside_and_readable() {
        assert_eq!(shown("2021/三河镇.docx".as_bytes()).as_deref(), Some("2021/三河镇.docx"));
        let (gbk, ..) = encoding_rs::GBK.encode("临溪区\\三河镇.docx");
        assert_eq!(shown(&gbk).as_deref(), Some("临溪区/三河镇.docx"));
        assert_eq!(shown(b"../../etc/passwd").as_deref(), Some("etc/passwd"));
        assert_eq!(shown(b"/a/./b\x1b[31m.md").as_deref(), Some("a/b\u{fffd}[31m.md"));
        assert_eq!(shown(b"..").as_deref(), Some("?"));
        assert_eq!(shown(b"folder/"), None);
    }
}
