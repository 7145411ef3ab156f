//! Bytes to text: byte order mark, then strict UTF-8, then what a web page declares, then strict GB18030.
//! Never a guess that could turn one number into another: what is none of these is refused.

use super::Unreadable;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The encoding of a text, as published: `UTF-8`, `gb18030`, `UTF-16LE`.
pub type Charset = &'static str;

/// The one of this name.
pub fn charset(name: &str) -> Option<Charset> {
    Encoding::for_label(name.as_bytes()).map(Encoding::name)
}

/// Decodes a text.
///
/// # Errors
/// `Empty` for nothing but blanks, `NotText` for bytes that no encoding of a text gives.
pub fn to_text(bytes: &[u8]) -> Result<(Cow<'_, str>, Charset), Unreadable> {
    decode(bytes, None)
}

/// Decodes a web page, which may declare its encoding.
///
/// # Errors
/// As `to_text`. A page that is all but right in the encoding that it declares is read, what is wrong in it marked.
pub(super) fn to_text_as_declared(bytes: &[u8]) -> Result<(Cow<'_, str>, Charset), Unreadable> {
    decode(bytes, declared(bytes))
}

fn decode<'b>(bytes: &'b [u8], declared: Option<&'static Encoding>) -> Result<(Cow<'b, str>, Charset), Unreadable> {
    let (encoding, bytes) = without_mark(bytes);
    let strict = |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| (text, encoding.name()));
    let mended = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let wrong = text.chars().filter(|c| *c == '\u{fffd}').count();
        (wrong * 1000 <= text.chars().count()).then_some((text, encoding.name()))
    };
    let found = strict(encoding).or_else(|| declared.and_then(strict)).or_else(|| strict(GB18030)).or_else(|| declared.and_then(mended));
    let (text, name) = found.ok_or(Unreadable::NotText)?;
    let head = &text.as_bytes()[..text.len().min(4096)];
    // Without a way out in the middle, the compiler looks at many bytes at a time.
    if head.iter().fold(false, |found, b| found | (*b < 0x20 && !(b'\t'..=b'\r').contains(b))) {
        return Err(Unreadable::NotText);
    }
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok((text, name))
}

/// The text of a file's first bytes, right in its ASCII letters.
pub(super) fn glance(head: &[u8]) -> Cow<'_, str> {
    let (encoding, head) = without_mark(head);
    encoding.decode_without_bom_handling(head).0
}

fn without_mark(bytes: &[u8]) -> (&'static Encoding, &[u8]) {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (utf16_without_mark(bytes).unwrap_or(UTF_8), bytes),
    }
}

/// The encoding that a page declares in `<meta charset>`, `<meta http-equiv>` or `<?xml encoding>`. One of
/// single bytes is none that a Chinese text can be in: a server's default.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    const HEAD: usize = 16 << 10;
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let after = |word: &'static [u8]| memchr::memmem::find_iter(&head, word).map(move |at| at + word.len());
    let label = |at: usize| {
        let rest = head[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest).trim_ascii_start();
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.')))?;
        Encoding::for_label(&rest[..end])
    };
    let found = after(b"charset").chain(after(b"encoding")).find_map(label)?;
    // GB2312 and GBK are the beginnings of GB18030.
    let found = if found == encoding_rs::GBK { GB18030 } else { found };
    (found.is_ascii_compatible() && !found.is_single_byte()).then_some(found)
}

/// UTF-16 saved without its mark: every other byte of its line breaks and digits is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    memchr::memchr(0, sample)?;
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Han characters have zero bytes in either place now and then; ASCII has them in one only.
    match (even, odd) {
        (even, odd) if odd > 3 * even => Some(UTF_16LE),
        (even, odd) if even > 3 * odd => Some(UTF_16BE),
        _ => None,
    }
}
