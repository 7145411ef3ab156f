//! Archives: names, nesting, and hostile ones.

use super::SETTINGS;
use super::pack::{deflated, zip};
use huizong::decode::{Limits, Packed, Unreadable, is_archive, unpack};

fn names(files: &[Packed]) -> Vec<&str> {
    files.iter().map(|f| f.name.as_str()).collect()
}

fn limit(file: &Packed) -> Option<&'static str> {
    if let Err(Unreadable::Limit(reached)) = &file.content { Some(reached.name) } else { None }
}

#[test]
fn archives_are_folders() {
    let (gbk, ..) = encoding_rs::GBK.encode("临溪区/三河镇.md");
    let inner = zip(&[(b"b.txt", b"inside")]);
    let bytes = zip(&[(&gbk, b"report"), (b"folder/", b""), (b"../../up.md", b"up"), (b"in.zip", &inner)]);
    assert!(is_archive(&bytes));
    let files = unpack("a.zip", &bytes, &SETTINGS.limits);
    assert_eq!(names(&files), ["a.zip!/临溪区/三河镇.md", "a.zip!/up.md", "a.zip!/in.zip!/b.txt"]);
    assert_eq!(files[2].content.as_deref(), Ok(&b"inside"[..]));
}

#[test]
fn documents_are_no_archives() {
    assert!(!is_archive(&zip(&[(b"word/document.xml", b"<a/>")])));
    assert!(!is_archive(&zip(&[(b"xl/workbook.xml", b"<a/>")])));
    assert!(!is_archive(b"# Report"));
    // A document inside an archive does not make it one.
    let inner = zip(&[(b"word/document.xml", b"<a/>")]);
    assert!(is_archive(&zip(&[(b"a.docx", &inner)])));
}

#[test]
fn one_bad_file_leaves_the_others() {
    let mut bytes = zip(&[(b"good.md", b"good"), (b"bad.md", b"bad content")]);
    let at = bytes.windows(11).position(|w| w == b"bad content").expect("stored");
    bytes[at] = b'B';
    let files = unpack("a.zip", &bytes, &SETTINGS.limits);
    assert_eq!(files[0].content.as_deref(), Ok(&b"good"[..]));
    assert_eq!(files[1].content, Err(Unreadable::Damaged));
    // Encrypted: the first flag of both headers.
    let mut bytes = zip(&[(b"locked.md", b"xxxxxxxxxxxxxxxxx")]);
    for sign in [b"PK\x03\x04", b"PK\x01\x02"] {
        let at = bytes.windows(4).position(|w| w == sign).expect("a header");
        bytes[at + if sign[2] == 3 { 6 } else { 8 }] |= 1;
    }
    assert_eq!(unpack("a.zip", &bytes, &SETTINGS.limits)[0].content, Err(Unreadable::Encrypted));
}

#[test]
fn what_asks_for_too_much_or_is_broken_is_named() {
    let limits = &Limits { unpacked_mib: 1, archive_files: 20, ..SETTINGS.limits.clone() };
    let mut nested = zip(&[(b"a.md", b"deep")]);
    for _ in 0..10 {
        nested = zip(&[(b"in.zip", &nested)]);
    }
    let files = unpack("a.zip", &nested, limits);
    assert_eq!((files.len(), limit(&files[0])), (1, Some("archive_depth")));
    let many: Vec<(&[u8], &[u8])> = vec![(b"a", b"a"); limits.archive_files + 1];
    assert_eq!(limit(&unpack("a.zip", &zip(&many), limits)[0]), Some("archive_files"));
    let zeros = vec![0u8; 400 << 10];
    let bomb = deflated(&[("a", &zeros), ("b", &zeros), ("c", &zeros)]);
    assert!(bomb.len() < 100_000);
    let files = unpack("a.zip", &bomb, limits);
    assert_eq!((files.len(), limit(&files[2])), (3, Some("unpacked_mib")));
    let whole = zip(&[(b"a.md", b"a"), (b"b.md", b"b")]);
    assert_eq!(unpack("a.zip", &whole[..whole.len() - 30], limits)[0].content, Err(Unreadable::Damaged));
    assert_eq!(unpack("a.zip", &zip(&[]), limits)[0].content, Err(Unreadable::Empty));
    // Two files of one name: only one can be had, so the archive is told to be broken.
    let files = unpack("a.zip", &zip(&[(b"a.md", b"1"), (b"a.md", b"2")]), limits);
    assert_eq!(files.last().map(|f| (f.name.as_str(), &f.content)), Some(("a.zip", &Err(Unreadable::Damaged))));
}
