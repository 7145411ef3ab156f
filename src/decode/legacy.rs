//! Formats of old word processors, told apart by their content. They are not read here: an office suite
//! turns them into DOCX first.

use super::container::Container;
use super::{OLE, extension};
use std::path::Path;

/// The extensions of formats that are converted before they are read.
pub const CONVERTED: [&str; 4] = ["doc", "wps", "rtf", "odt"];

/// How a zip with the type of an open document in front begins, behind the header of its first file.
const OPEN_TEXT: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.text";

/// The format, if it is one of these.
pub fn kind(path: &Path, bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"{\\rtf") {
        return Some("rtf");
    }
    if bytes.starts_with(b"PK\x03\x04") && bytes.get(30..).is_some_and(|rest| rest.starts_with(OPEN_TEXT)) {
        return Some("odt");
    }
    if !bytes.starts_with(OLE) || holds(bytes, "EncryptedPackage") {
        return None;
    }
    let extension = extension(path);
    // Any of them may hold another as an attachment, then the name decides.
    let table = holds(bytes, "Workbook") && matches!(extension.as_str(), "xls" | "xlt" | "et" | "ett");
    let text = holds(bytes, "WordDocument") && !table;
    match extension.as_str() {
        "wps" | "wpt" => Some("wps"),
        _ if text => Some("doc"),
        _ => None,
    }
}

/// Whether a text has a password, as its first bytes say.
pub fn is_locked(bytes: &[u8]) -> bool {
    let text = Container::open(bytes).and_then(|container| container.stream("WordDocument"));
    text.is_some_and(|text| text.get(11).is_some_and(|flags| flags & 1 != 0))
}

/// Whether the container has a stream of this name. Its directory holds names in UTF-16.
fn holds(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A container as far as its kind can be told: the beginning and the names of streams.
    fn container(names: &[&str]) -> Vec<u8> {
        let entry = |name: &&str| name.encode_utf16().chain(std::iter::repeat(0)).take(32).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        OLE.iter().copied().chain(vec![0; 504]).chain(names.iter().flat_map(entry)).collect()
    }

    #[test]
    fn kinds_are_told_by_content() {
        let of = |name: &str, bytes: &[u8]| kind(Path::new(name), bytes);
        let text = container(&["Root Entry", "WordDocument", "1Table"]);
        assert_eq!(of("a.doc", &text), Some("doc"));
        assert_eq!(of("a.bin", &text), Some("doc"));
        assert_eq!(of("a.wps", &text), Some("wps"));
        assert_eq!(of("a.doc", &container(&["Root Entry", "WordDocument", "ObjectPool", "Workbook"])), Some("doc"));
        assert_eq!(of("a.xls", &container(&["Root Entry", "Workbook", "WordDocument"])), None);
        assert_eq!(of("a.xls", &container(&["Root Entry", "Workbook"])), None);
        assert_eq!(of("a.doc", &container(&["Root Entry", "EncryptionInfo", "EncryptedPackage"])), None);
        assert_eq!(of("a.doc", b"{\\rtf1\\ansi}"), Some("rtf"));
        let odt: Vec<u8> = b"PK\x03\x04".iter().copied().chain([0; 26]).chain(OPEN_TEXT.iter().copied()).collect();
        assert_eq!(of("a.odt", &odt), Some("odt"));
        assert_eq!(of("a.doc", "一、总体情况".as_bytes()), None);
        assert_eq!(of("a.doc", &OLE[..5]), None);
    }
}
