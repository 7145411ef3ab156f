//! The numbers that a word processor generates in front of paragraphs: 一、（一）1. They are not in the
//! text, yet a person reads them, and without them labels and headings lose half of what tells them.

use super::super::xml::{Event, Xml};
use super::super::{Limits, Unreadable};
use super::counting::written;
use super::styles::Styles;
use std::collections::HashMap;

const LEVELS: usize = 9;
/// Longest text around a number, in bytes; what is longer is no number.
const LONGEST_TEXT: usize = 200;

/// The lists of a document, and how far each has counted.
#[derive(Default)]
pub(super) struct Numbering {
    /// The kinds of lists by their identifiers.
    kinds: HashMap<u32, Kind>,
    /// The lists by the number that paragraphs name them by.
    lists: HashMap<u32, List>,
    /// How far each kind has counted on each level: lists of one kind count on.
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
}

#[derive(Default)]
struct Kind {
    levels: [Level; LEVELS],
    /// It is defined by the list of this style.
    by_style: Option<String>,
}

#[derive(Clone)]
struct Level {
    start: u32,
    format: String,
    /// `（%1）`: the text with the places of the numbers.
    text: String,
    /// It begins anew after this level, counted from 1; 0 for never.
    restart: Option<u8>,
    /// Numbers of the levels above are written in digits.
    legal: bool,
    /// The style whose paragraphs are of this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Level { start: 1, format: "decimal".to_string(), text: String::new(), restart: None, legal: false, style: None }
    }
}

#[derive(Default)]
struct List {
    kind: u32,
    starts: [Option<u32>; LEVELS],
    levels: HashMap<usize, Level>,
    used: bool,
}

impl Numbering {
    pub fn read(text: &str, limits: &Limits) -> Result<Numbering, Unreadable> {
        let mut xml = Xml::new(text, limits);
        let mut numbering = Numbering::default();
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.name() == "abstractNum" => {
                    let id = tag.number("abstractNumId").unwrap_or_default();
                    numbering.kinds.insert(id, Kind::read(&mut xml)?);
                }
                Event::Start(tag) if tag.name() == "num" => {
                    let id = tag.number("numId").unwrap_or_default();
                    numbering.lists.insert(id, List::read(&mut xml)?);
                }
                Event::Eof => return Ok(numbering),
                _ => {}
            }
        }
    }

    /// The number in front of the next paragraph of a list; none for bullets and unknown lists.
    /// `style` is that of the paragraph: a level may be bound to one.
    pub fn next(&mut self, list: u32, level: Option<u8>, style: Option<&str>, styles: &Styles) -> Option<String> {
        let named = self.lists.get(&list)?.kind;
        let kind = self.defined(named, styles);
        let definition = self.kinds.get(&kind)?;
        let bound = || style.and_then(|s| definition.levels.iter().position(|l| l.style.as_deref() == Some(s)));
        let level = level.map(usize::from).or_else(bound).unwrap_or(0).min(LEVELS - 1);
        let list = self.lists.get_mut(&list)?;
        let levels: [&Level; LEVELS] = std::array::from_fn(|l| list.levels.get(&l).unwrap_or(&definition.levels[l]));
        let counts = self.counts.entry(kind).or_default();
        if !list.used {
            list.used = true;
            // A list that begins at a number of its own does so once.
            for l in (0..LEVELS).filter(|l| list.starts[*l].is_some()) {
                counts[l] = None;
            }
        }
        let start = |l: usize| list.starts[l].unwrap_or(levels[l].start);
        counts[level] = Some(counts[level].map_or(start(level), |n| n.saturating_add(1)));
        for (below, count) in counts.iter_mut().enumerate().skip(level + 1) {
            if levels[below].restart.is_none_or(|after| level < usize::from(after)) {
                *count = None;
            }
        }
        for (above, count) in counts.iter_mut().enumerate().take(level) {
            count.get_or_insert(start(above));
        }
        if levels[level].format == "bullet" {
            return None;
        }
        let number = |l: usize| {
            let format = if levels[level].legal { "decimal" } else { &levels[l].format };
            counts.get(l).copied().flatten().map(|n| written(n, format)).unwrap_or_default()
        };
        let mut text = String::new();
        let mut rest = levels[level].text.chars().peekable();
        while let Some(c) = rest.next() {
            match rest.peek().and_then(|d| d.to_digit(10)) {
                Some(place @ 1..=9) if c == '%' => {
                    rest.next();
                    text.push_str(&number(place as usize - 1));
                }
                _ => text.push(c),
            }
        }
        Some(text).filter(|t| !t.trim().is_empty())
    }

    /// The kind that defines a kind: some are defined by the list of a style.
    fn defined(&self, kind: u32, styles: &Styles) -> u32 {
        let style = self.kinds.get(&kind).and_then(|k| k.by_style.as_deref());
        let list = style.and_then(|style| styles.list(Some(style))).and_then(|list| self.lists.get(&list));
        list.map_or(kind, |list| list.kind)
    }
}

impl Kind {
    /// Reads the element that has just begun.
    fn read(xml: &mut Xml<'_>) -> Result<Kind, Unreadable> {
        let mut kind = Kind::default();
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.name() == "lvl" => {
                    let place = tag.number::<usize>("ilvl").unwrap_or(0);
                    let level = Level::read(xml)?;
                    if let Some(slot) = kind.levels.get_mut(place) {
                        *slot = level;
                    }
                }
                Event::Start(tag) => {
                    if tag.name() == "numStyleLink" {
                        kind.by_style = tag.attribute("val").map(|v| v.into_owned());
                    }
                    xml.skip()?;
                }
                Event::End | Event::Eof => return Ok(kind),
                Event::Text(_) => {}
            }
        }
    }
}

impl List {
    /// Reads the element that has just begun.
    fn read(xml: &mut Xml<'_>) -> Result<List, Unreadable> {
        let mut list = List::default();
        let mut place = 0;
        let mut depth = 1;
        while depth > 0 {
            match xml.next()? {
                Event::Start(tag) if tag.name() == "lvl" => {
                    list.levels.insert(place, Level::read(xml)?);
                }
                Event::Start(tag) => {
                    depth += 1;
                    match tag.name() {
                        "abstractNumId" => list.kind = tag.number("val").unwrap_or_default(),
                        "lvlOverride" => place = tag.number("ilvl").unwrap_or(0),
                        "startOverride" if place < LEVELS => list.starts[place] = tag.number("val"),
                        _ => {}
                    }
                }
                Event::End => depth -= 1,
                Event::Eof => break,
                Event::Text(_) => {}
            }
        }
        Ok(list)
    }
}

impl Level {
    /// Reads the element that has just begun.
    fn read(xml: &mut Xml<'_>) -> Result<Level, Unreadable> {
        let mut level = Level::default();
        xml.inside(|tag| {
            let value = || tag.attribute("val").map(|v| v.into_owned());
            match tag.name() {
                "start" => level.start = tag.number("val").unwrap_or(1),
                "numFmt" => level.format = value().unwrap_or_default(),
                "lvlText" => level.text = value().filter(|t| t.len() <= LONGEST_TEXT).unwrap_or_default(),
                "lvlRestart" => level.restart = tag.number("val"),
                "isLgl" => level.legal = tag.is_on(),
                "pStyle" => level.style = value(),
                // The same once more for programs that do not know a format.
                "Fallback" => return false,
                _ => {}
            }
            true
        })?;
        Ok(level)
    }
}
