//! XML as far as OFD needs it: elements by their local names, whatever their prefix. An element knows
//! its attributes and the text between its tags; nothing is built as a tree, so depth costs nothing.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// The XML is cut off or not well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// An element.
#[derive(Debug)]
pub struct Element<'x> {
    start: BytesStart<'x>,
    inner: &'x str,
}

/// Calls `visit` for each element of these names, in order. What stands inside such an element is left to it; all other
/// elements are looked into.
///
/// # Errors
/// If the XML is broken; what was visited before stays visited. Errors of `visit` end it too.
pub fn each<'x, E: From<Broken>>(xml: &'x str, names: &[&str], mut visit: impl FnMut(&Element<'x>) -> Result<(), E>) -> Result<(), E> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event().map_err(|_| Broken)?;
        match event {
            Event::Start(start) if is_one(&start, names) => {
                let from = position(&reader);
                let span = reader.read_to_end(start.to_end().name()).map_err(|_| Broken)?;
                let inner = xml.get(from..usize::try_from(span.end).unwrap_or(from)).ok_or(Broken)?;
                visit(&Element { start, inner })?;
            }
            Event::Empty(start) if is_one(&start, names) => visit(&Element { start, inner: "" })?,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(Broken.into()),
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn is_one(start: &BytesStart<'_>, names: &[&str]) -> bool {
    names.contains(&start.local_name().into_inner())
}

impl<'x> Element<'x> {
    /// Its name without a prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The XML between its tags.
    pub fn inner(&self) -> &'x str {
        self.inner
    }

    /// An attribute, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let found = self.start.attributes().with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name)?;
        quick_xml::escape::unescape(&found.value).ok().map(Cow::into_owned)
    }

    /// An attribute that is a number.
    pub fn number(&self, name: &str) -> Option<f32> {
        self.attribute(name).and_then(|text| finite(&text))
    }

    /// An attribute that is several numbers.
    pub fn numbers(&self, name: &str) -> Vec<f32> {
        self.attribute(name).map(|text| numbers(&text)).unwrap_or_default()
    }

    /// An attribute that is yes or no.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.attribute(name)?.trim() {
            "true" | "True" | "TRUE" | "1" => Some(true),
            "false" | "False" | "FALSE" | "0" => Some(false),
            _ => None,
        }
    }

    /// The text between its tags, that of elements in it too; an entity that nobody knows is U+FFFD.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut reader = Reader::from_str(self.inner);
        reader.config_mut().check_end_names = false;
        loop {
            match reader.read_event() {
                Ok(Event::Text(part)) => text.push_str(&part.xml10_content()),
                Ok(Event::CData(part)) => text.push_str(&part.xml10_content()),
                Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                    Ok(Some(c)) => text.push(c),
                    _ => text.push(named(&entity.xml10_content())),
                },
                Ok(Event::Eof) | Err(_) => return text,
                Ok(_) => {}
            }
        }
    }
}

/// The five entities that every XML knows.
fn named(entity: &str) -> char {
    match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// The numbers of a list parted by blanks or commas; what is none is left out.
pub fn numbers(text: &str) -> Vec<f32> {
    text.split([' ', '\t', '\n', '\r', ',']).filter_map(finite).collect()
}

fn finite(text: &str) -> Option<f32> {
    text.trim().parse::<f32>().ok().filter(|n| n.is_finite())
}
