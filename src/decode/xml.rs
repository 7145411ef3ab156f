//! XML of office packages, read event by event: local names only, since producers differ in prefixes
//! and namespaces; nesting bounded; entities never expanded, so that none can grow, and never lost.

use super::{Limits, Unreadable, within};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Raw};
use std::borrow::Cow;

/// What comes next in a file.
pub(super) enum Event<'x> {
    /// An element begins.
    Start(Tag<'x>),
    /// The innermost open element ends.
    End,
    /// Text of the innermost open element, or a piece of it.
    Text(Cow<'x, str>),
    /// Nothing more.
    Eof,
}

/// The start of an element.
pub(super) struct Tag<'x> {
    raw: BytesStart<'x>,
}

impl Tag<'_> {
    /// Its name without the prefix.
    pub fn name(&self) -> &str {
        local(self.raw.name().into_inner())
    }

    /// The value of an attribute by its name without the prefix.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let found = self.raw.attributes().with_checks(false).flatten().find(|a| local(a.key.into_inner()) == name)?;
        let Cow::Borrowed(value) = found.value else { return Some(found.value) };
        Some(if value.contains('&') { quick_xml::escape::unescape(value).unwrap_or(Cow::Borrowed(value)) } else { Cow::Borrowed(value) })
    }

    /// The value of an attribute that is a whole number.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Whether an on-off property is on: `<w:b/>`, `<w:b w:val="1"/>`, but not `<w:b w:val="0"/>`.
    pub fn is_on(&self) -> bool {
        !matches!(self.attribute("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// A name without its prefix. Names are short: a plain look is the quickest.
fn local(name: &str) -> &str {
    name.bytes().rposition(|b| b == b':').map_or(name, |colon| &name[colon + 1..])
}

/// A reader of one part.
pub(super) struct Xml<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    depth: usize,
    deepest: usize,
}

impl<'x> Xml<'x> {
    pub fn new(text: &'x str, limits: &Limits) -> Xml<'x> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Xml { text, reader, depth: 0, deepest: limits.nesting }
    }

    /// The next event.
    ///
    /// # Errors
    /// `Damaged` for what is no XML or ends too early, `Limit` for elements nested too deep.
    pub fn next(&mut self) -> Result<Event<'x>, Unreadable> {
        loop {
            return Ok(match self.reader.read_event().map_err(|_| Unreadable::Damaged)? {
                Raw::Start(raw) => {
                    self.depth += 1;
                    within("nesting", self.depth, self.deepest)?;
                    Event::Start(Tag { raw })
                }
                Raw::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Event::End
                }
                Raw::Text(text) => Event::Text(text.into_inner()),
                Raw::CData(text) => Event::Text(text.into_inner()),
                Raw::GeneralRef(name) => Event::Text(resolved(&name)),
                Raw::Eof if self.depth > 0 => return Err(Unreadable::Damaged),
                Raw::Eof => Event::Eof,
                _ => continue,
            });
        }
    }

    /// Passes over the rest of the element that has just begun.
    pub fn skip(&mut self) -> Result<(), Unreadable> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Event::Eof = self.next()? {
                break;
            }
        }
        Ok(())
    }

    /// Visits all elements inside the one that has just begun, but not what is inside those for which
    /// `visit` answers no.
    pub fn inside(&mut self, mut visit: impl FnMut(&Tag<'_>) -> bool) -> Result<(), Unreadable> {
        let outside = self.depth.saturating_sub(1);
        if let Some((inside, behind)) = self.plain_inside() {
            elements(inside, &mut visit);
            *self.reader.get_mut() = behind.as_bytes();
        }
        while self.depth > outside {
            match self.next()? {
                Event::Start(tag) if !visit(&tag) => self.skip()?,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(())
    }

    /// What stands inside the element that has just begun, and what follows from its end on, where it is plain: nothing
    /// but elements, none of them called like it. Properties are, and to read them event by event takes most of the time.
    fn plain_inside(&self) -> Option<(&'x str, &'x str)> {
        let (before, rest) = self.text.split_at_checked(self.text.len().checked_sub(self.reader.get_ref().len())?)?;
        // An empty element ends where it begins.
        let tag = before.strip_suffix('>').filter(|tag| !tag.ends_with('/'))?;
        let tag = &tag[tag.rfind('<')? + 1..];
        let name = &tag[..name_length(tag)];
        for at in memchr::memchr_iter(b'<', rest.as_bytes()) {
            let next = &rest[at + 1..];
            match next.strip_prefix('/') {
                Some(end) if end.strip_prefix(name).is_some_and(|end| end.starts_with('>')) => return Some(rest.split_at(at)),
                None if next.starts_with(name) || next.starts_with(['!', '?']) => return None,
                _ => {}
            }
        }
        None
    }

    /// All text of the element that has just begun.
    pub fn text(&mut self) -> Result<String, Unreadable> {
        let outside = self.depth.saturating_sub(1);
        let mut all = String::new();
        while self.depth > outside {
            match self.next()? {
                Event::Text(text) => all.push_str(&text),
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(all)
    }
}

/// Visits the elements of a plain piece, but not what is inside those for which `visit` answers no.
fn elements(piece: &str, mut visit: impl FnMut(&Tag<'_>) -> bool) {
    let mut rest = piece;
    while let Some((_, tag)) = rest.split_once('<') {
        let Some((content, behind)) = tag_end(tag).and_then(|end| Some((tag.get(..end)?, tag.get(end + 1..)?))) else { return };
        rest = behind;
        if content.starts_with('/') {
            continue;
        }
        let (content, empty) = content.strip_suffix('/').map_or((content, false), |content| (content, true));
        let name = &content[..name_length(content)];
        if !visit(&Tag { raw: BytesStart::from_content(content, name.len()) }) && !empty {
            rest = rest.split_once(&format!("</{name}>")).map_or("", |(_, behind)| behind);
        }
    }
}

/// Bytes of the name at the beginning of a tag.
fn name_length(tag: &str) -> usize {
    tag.bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(tag.len())
}

/// Where a tag ends: values may hold its sign.
fn tag_end(tag: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', &tag.as_bytes()[at..])?;
        let quote = tag.as_bytes()[at];
        if quote == b'>' {
            return Some(at);
        }
        at += 2 + memchr::memchr(quote, &tag.as_bytes()[at + 1..])?;
    }
}

/// The character that a reference stands for. What is not known stays as it is written: a cell with
/// it is unreadable, but nothing is lost.
fn resolved(name: &str) -> Cow<'static, str> {
    let number = name.strip_prefix("#x").map(|n| u32::from_str_radix(n, 16)).or_else(|| name.strip_prefix('#').map(str::parse));
    let known = match number {
        Some(code) => code.ok().and_then(char::from_u32).map(|c| Cow::Owned(c.to_string())),
        None => quick_xml::escape::resolve_predefined_entity(name).map(Cow::Borrowed),
    };
    known.unwrap_or_else(|| Cow::Owned(format!("&{name};")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Reached;
    use crate::settings::Settings;
    use std::path::Path;

    fn limits() -> Limits {
        Settings::load_for_parsing(Path::new("config")).expect("settings").limits
    }

    fn all_text(xml: &str) -> Result<String, Unreadable> {
        let limits = limits();
        let mut xml = Xml::new(xml, &limits);
        let mut all = String::new();
        loop {
            match xml.next()? {
                Event::Text(text) => all.push_str(&text),
                Event::Eof => return Ok(all),
                _ => {}
            }
        }
    }

    #[test]
    fn entities_are_neither_expanded_nor_lost() {
        assert_eq!(all_text("<a>1&lt;2 &amp; &#x4e00;&#65;</a>").as_deref(), Ok("1<2 & 一A"));
        let bomb = "<!DOCTYPE a [<!ENTITY x \"1234567890\"><!ENTITY y SYSTEM \"file:///etc/passwd\">]><a>1&x;2&y;</a>";
        assert_eq!(all_text(bomb).as_deref(), Ok("1&x;2&y;"));
    }

    #[test]
    fn what_is_deep_or_broken_is_refused() {
        let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        assert_eq!(all_text(&deep), Err(Unreadable::Limit(Reached::new("nesting", limits().nesting))));
        for broken in ["<a><b></a>", "<a>", "<a", "<a></a></a>", "<a><b></b>"] {
            assert_eq!(all_text(broken), Err(Unreadable::Damaged), "{broken}");
        }
    }

    /// The elements that are visited inside the first, with what was read behind it; a name that begins with `no` is not
    /// looked into.
    fn visited(xml: &str) -> Result<(Vec<String>, String), Unreadable> {
        let limits = limits();
        let mut xml = Xml::new(xml, &limits);
        xml.next()?;
        xml.next()?;
        let mut names = Vec::new();
        xml.inside(|tag| {
            names.push(format!("{}{}", tag.name(), tag.attribute("v").unwrap_or_default()));
            !tag.name().starts_with("no")
        })?;
        Ok((names, xml.text()?))
    }

    #[test]
    fn what_is_inside_an_element_is_visited_however_it_is_written() {
        let plain = visited("<a><w:p x='>'><w:b v=\"1>2\"/> <c v='3'><no><e/></no><no/><f/></c ></w:p>behind</a>");
        assert_eq!(plain, Ok((["b1>2", "c3", "no", "no", "f"].map(String::from).to_vec(), "behind".to_string())));
        let names = |names: &[&str]| Ok((names.iter().map(ToString::to_string).collect(), "behind".to_string()));
        assert_eq!(visited("<a><p/><b/>behind</a>"), names(&[]));
        assert_eq!(visited("<a><p></p>behind</a>"), names(&[]));
        assert_eq!(visited("<a><p><!-- </p> --><b/></p>behind</a>"), names(&["b"]));
        assert_eq!(visited("<a><p><![CDATA[</p>]]><b/></p>behind</a>"), names(&["b"]));
        assert_eq!(visited("<a><p><pp/><p><b/></p><c/></p>behind</a>"), names(&["pp", "p", "b", "c"]));
        assert_eq!(visited("<a><p ><b/></p >behind</a>"), names(&["b"]));
        for broken in ["<a><p><b/>", "<a><p><b/></a>", "<a><p><b/></p>"] {
            assert_eq!(visited(broken), Err(Unreadable::Damaged), "{broken}");
        }
    }

    #[test]
    fn attributes_are_found_by_their_local_name() {
        let limits = limits();
        let mut xml = Xml::new("<w:p x:val=\"a&amp;b\" w:n='12'><w:q><w:r/></w:q>text</w:p>", &limits);
        let Ok(Event::Start(tag)) = xml.next() else { panic!("a start") };
        assert_eq!((tag.name(), tag.attribute("val").as_deref(), tag.number::<u16>("n")), ("p", Some("a&b"), Some(12)));
        assert_eq!(xml.text().as_deref(), Ok("text"));
    }
}
