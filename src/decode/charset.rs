//! Bytes to text: byte order mark, then strict UTF-8, then strict GB18030. Never a guess that could
//! turn one number into another: what is none of these is refused.

use super::Unreadable;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The encoding of a text, as published: `UTF-8`, `gb18030`, `UTF-16LE`.
pub type Charset = &'static str;

/// Decodes a text.
///
/// # Errors
/// `Empty` for nothing but blanks, `NotText` for bytes that no encoding of a text gives.
pub fn to_text(bytes: &[u8]) -> Result<(Cow<'_, str>, Charset), Unreadable> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (utf16_without_mark(bytes).unwrap_or(UTF_8), bytes),
    };
    let strict = |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| (text, encoding.name()));
    let (text, name) = strict(encoding).or_else(|| strict(GB18030)).ok_or(Unreadable::NotText)?;
    if text.bytes().take(4096).any(|b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)) {
        return Err(Unreadable::NotText);
    }
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok((text, name))
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
