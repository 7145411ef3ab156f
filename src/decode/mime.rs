//! Web pages saved with all their parts in one file (MHTML): browsers and WPS call it .mht, word processors also .doc
//! and .xls. The pages in it are read, in their order; pictures and styles are left out.

use super::{Decoded, Limits, Unreadable, html};
use crate::document::number_grids;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Bytes looked at to tell what a file is.
const HEAD: usize = 8 << 10;

/// Whether bytes are such a file: a header of a message first, that names several related parts or a page.
pub(super) fn is_mhtml(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(HEAD)].trim_ascii_start();
    let first = head.split(|b| *b == b':').next().unwrap_or_default();
    let is_header = !first.is_empty() && first.len() <= 40 && first.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    if !is_header {
        return false;
    }
    let (headers, _) = split_headers(head);
    value(headers, "mime-version").is_some() && content_type(headers).is_some_and(|t| t.starts_with("multipart/") || t.starts_with("text/html"))
}

/// Reads the pages of such a file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let mut pages = Vec::new();
    parts(bytes.trim_ascii_start(), limits.archive_depth, &mut pages);
    let mut whole: Option<Decoded> = None;
    let mut reason = Unreadable::Damaged;
    for page in pages.iter().take(limits.archive_files) {
        match (html::read(page, limits), &mut whole) {
            (Ok(read), None) => whole = Some(read),
            (Ok(read), Some(whole)) => {
                whole.document.blocks.extend(read.document.blocks);
                whole.findings.extend(read.findings);
            }
            // Of pages that only hold frames nothing is lost; what asks for too much is told.
            (Err(limit @ Unreadable::Limit(_)), _) => return Err(limit),
            (Err(why), _) => reason = why,
        }
    }
    let mut read = whole.ok_or(reason)?;
    number_grids(&mut read.document.blocks);
    Ok(read)
}

/// Collects the pages in a part and the parts within it.
fn parts<'b>(bytes: &'b [u8], depth: usize, pages: &mut Vec<Cow<'b, [u8]>>) {
    let (headers, body) = split_headers(bytes);
    let Some(kind) = content_type(headers) else { return };
    if kind.starts_with("multipart/") {
        let Some(boundary) = parameter(&value(headers, "content-type").unwrap_or_default(), "boundary").filter(|_| depth > 0) else { return };
        let line = format!("--{boundary}");
        let mut starts = memchr::memmem::find_iter(body, line.as_bytes()).filter(|at| *at == 0 || body[at - 1] == b'\n').peekable();
        while let Some(start) = starts.next() {
            let end = starts.peek().copied().unwrap_or(body.len());
            let part = &body[start + line.len()..end];
            if !part.starts_with(b"--") {
                parts(part.trim_ascii_start(), depth - 1, pages);
            }
        }
    } else if kind.starts_with("text/html") || kind.starts_with("application/xhtml") {
        let encoding = value(headers, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
        let content = match encoding.trim() {
            "quoted-printable" => Cow::Owned(quoted_printable(body)),
            "base64" => Cow::Owned(base64(body)),
            _ => Cow::Borrowed(body),
        };
        let charset = parameter(&value(headers, "content-type").unwrap_or_default(), "charset");
        pages.push(as_declared(content, charset.as_deref()));
    }
}

/// A page in UTF-8 with its mark, if it is in the encoding that the header of its part names; else as it is, to be told.
fn as_declared<'b>(page: Cow<'b, [u8]>, charset: Option<&str>) -> Cow<'b, [u8]> {
    const MARK: &str = "\u{feff}";
    let encoding = charset.and_then(|name| Encoding::for_label(name.as_bytes())).filter(|e| !e.is_single_byte() && Encoding::for_bom(&page).is_none());
    match encoding.and_then(|e| e.decode_without_bom_handling_and_without_replacement(&page)) {
        Some(text) => Cow::Owned(format!("{MARK}{text}").into_bytes()),
        None => page,
    }
}

/// The headers of a part and what follows the blank line behind them.
fn split_headers(bytes: &[u8]) -> (&[u8], &[u8]) {
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"].map(|end| memchr::memmem::find(bytes, end).map(|at| (at, at + end.len())));
    match ends.into_iter().flatten().min() {
        Some((end, body)) => (&bytes[..end], &bytes[body..]),
        None => (bytes, &[]),
    }
}

/// The value of a header, its further lines joined.
fn value(headers: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(headers);
    let mut lines =
        text.lines().skip_while(|line| !line.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) || !line[name.len()..].starts_with(':'));
    let mut value = lines.next()?[name.len() + 1..].trim().to_string();
    for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(line.trim());
    }
    Some(value)
}

fn content_type(headers: &[u8]) -> Option<String> {
    value(headers, "content-type").map(|kind| kind.to_ascii_lowercase())
}

/// A parameter of a header's value: boundary="----=_Next".
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim().eq_ignore_ascii_case(name)).then(|| value.trim().trim_matches('"').to_string()).filter(|v| !v.is_empty())
    })
}

fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16)).map(|d| d as u8);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest[0] != b'=' {
            out.push(rest[0]);
            at += 1;
        } else if let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) {
            out.push(high << 4 | low);
            at += 3;
        } else {
            // A line goes on in the next; blanks may stand behind the sign.
            let blanks = rest[1..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
            let joined = rest.get(1 + blanks) == Some(&b'\n');
            at += if joined { blanks + 2 } else { 1 };
            out.extend((!joined).then_some(b'='));
        }
    }
    out
}

/// The bytes that a text in base 64 stands for; what is no digit of it is passed over.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
    let digits: Vec<u8> = text.iter().copied().take_while(|b| *b != b'=').filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    // One digit too many is what is left of a cut text.
    let whole = digits.len() - usize::from(digits.len() % 4 == 1);
    GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(&digits[..whole]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded_as_they_say() {
        assert_eq!(quoted_printable(b"a=3D=\r\nb=E6=96=B0 = x= \nc"), "a=b新 = xc".as_bytes());
        assert_eq!(base64(b"5paw\r\n5paw\r\nYQ=="), "新新a".as_bytes());
        assert_eq!(
            value(b"A: 1\nContent-Type: multipart/related;\n\tboundary=\"x;y\"\nB: 2", "content-type").as_deref(),
            Some("multipart/related; boundary=\"x;y\"")
        );
    }

    #[test]
    fn messages_are_told_from_texts() {
        assert!(is_mhtml(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b"));
        assert!(is_mhtml(b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"b\"\r\n\r\n"));
        assert!(!is_mhtml("一、总体情况: MIME-Version: 1.0".as_bytes()));
        assert!(!is_mhtml(b"<html>"));
    }
}
