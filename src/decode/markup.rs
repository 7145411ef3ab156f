//! Markup inside a line: emphasis, tags, links, entities, escapes. What is left is what a person reads.

use std::borrow::Cow;

/// A text without its markup; `<br>` becomes a line break.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if is_marked(text) { Cow::Owned(strip(text)) } else { Cow::Borrowed(text) }
}

/// Whether a text may hold any markup. Without a way out in the middle, many bytes are looked at at a time.
pub(super) fn is_marked(text: &str) -> bool {
    let of_markup = |b: &u8| matches!(b, b'*' | b'<' | b'&' | b'\\' | b'`' | b'$' | b'[' | b'_');
    text.as_bytes().iter().fold(false, |found, b| found | of_markup(b))
}

fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, length): (Cow<'_, str>, usize) = match c {
            '\\' => match rest[1..].chars().next() {
                Some(next) if next.is_ascii_punctuation() => (rest[1..2].into(), 2),
                _ => ("\\".into(), 1),
            },
            '*' | '`' => ("".into(), 1),
            '_' if rest.starts_with("__") => ("".into(), 2),
            '$' => ("".into(), 1),
            '<' => tag(rest).unwrap_or(("<".into(), 1)),
            '&' => entity(rest).unwrap_or(("&".into(), 1)),
            '[' | '!' => link(rest).unwrap_or_else(|| (rest[..1].into(), 1)),
            c => (rest[..c.len_utf8()].into(), c.len_utf8()),
        };
        out.push_str(&kept);
        rest = &rest[length..];
    }
    out
}

/// `[text](address)` or `![text](address)`: what stays of it and its length.
fn link(text: &str) -> Option<(Cow<'_, str>, usize)> {
    const LONGEST: usize = 2000;
    let picture = text.starts_with("![");
    if !picture && !text.starts_with('[') {
        return None;
    }
    let near = &text.as_bytes()[..text.len().min(LONGEST)];
    let middle = memchr::memmem::find(near, b"](")?;
    let end = middle + memchr::memchr(b')', &near[middle..])?;
    Some((if picture { "".into() } else { text[1..middle].into() }, end + 1))
}

/// An HTML tag or comment: a line break or nothing, and its length.
fn tag(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let second = text.as_bytes().get(1)?;
    if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!')) {
        return None;
    }
    let near = &text.as_bytes()[..text.len().min(300)];
    let end = memchr::memchr(b'>', near)?;
    let name = text[1..end].trim_start_matches('/').to_ascii_lowercase();
    if name == "sup" && second != &b'/' {
        // A note's number is none of the cell's.
        let close = memchr::memmem::find(near, b"</")?;
        return Some(("".into(), close));
    }
    let breaks = ["br", "p", "div"].iter().any(|t| name.strip_prefix(t).is_some_and(|tail| !tail.starts_with(|c: char| c.is_ascii_alphanumeric())));
    Some((if breaks { "\n".into() } else { "".into() }, end + 1))
}

/// `&nbsp;` or `&#65288;`: the character and the length.
fn entity(text: &str) -> Option<(Cow<'_, str>, usize)> {
    const NAMED: [(&str, &str); 14] = [
        ("nbsp", "\u{a0}"),
        ("amp", "&"),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("ldquo", "“"),
        ("rdquo", "”"),
        ("lsquo", "‘"),
        ("rsquo", "’"),
        ("mdash", "—"),
        ("ndash", "–"),
        ("emsp", "\u{3000}"),
        ("ensp", " "),
    ];
    let end = memchr::memchr(b';', &text.as_bytes()[..text.len().min(12)])?;
    let name = text.get(1..end)?;
    let number = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")).map(|n| u32::from_str_radix(n, 16));
    let number = number.or_else(|| name.strip_prefix('#').map(str::parse));
    match number {
        Some(code) => Some((char::from_u32(code.ok()?)?.to_string().into(), end + 1)),
        None => NAMED.iter().find(|(n, _)| *n == name).map(|(_, c)| ((*c).into(), end + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn markup_goes_and_text_stays() {
        let cases = [
            ("**一是**见[附件](http://a/b)<br>。", "一是见附件\n。"),
            ("&nbsp;0", "\u{a0}0"),
            ("<span style='a'>0</span>", "0"),
            ("&#65288;一&#xFF09;", "（一）"),
            (r"\(一\) a\_b", "(一) a_b"),
            ("$0$ `1`", "0 1"),
            ("3<sup>1</sup>", "3"),
            ("a < b & c", "a < b & c"),
            ("![图](x.png)", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(clean(text), expected);
        }
    }
}
