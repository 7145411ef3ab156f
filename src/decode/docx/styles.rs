//! What the styles of a document say about its paragraphs: headings, lists, tables of contents.

use super::super::xml::{Event, Xml};
use super::super::{Limits, Unreadable};
use super::properties::ParagraphProperties;
use std::collections::HashMap;

/// The paragraph styles of a document by their identifiers.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    /// The style of paragraphs that name none.
    default: Option<String>,
}

#[derive(Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    properties: ParagraphProperties,
}

/// Most styles that one is based on, one upon the other: a ring of styles ends here.
const DEEPEST: usize = 16;

impl Styles {
    pub fn read(text: &str, limits: &Limits) -> Result<Styles, Unreadable> {
        let mut xml = Xml::new(text, limits);
        let mut styles = Styles::default();
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.name() == "style" => {
                    let id = tag.attribute("styleId").unwrap_or_default().into_owned();
                    let of_paragraphs = tag.attribute("type").is_none_or(|t| t == "paragraph");
                    let default = matches!(tag.attribute("default").as_deref(), Some("1" | "true" | "on"));
                    let style = Style::read(&mut xml)?;
                    if of_paragraphs && default {
                        styles.default = Some(id.clone());
                    }
                    if of_paragraphs {
                        styles.styles.insert(id, style);
                    }
                }
                Event::Eof => return Ok(styles),
                _ => {}
            }
        }
    }

    /// A style and those it is based on, nearest first.
    fn line(&self, id: Option<&str>) -> impl Iterator<Item = &Style> {
        let first = id.or(self.default.as_deref()).and_then(|id| self.styles.get(id));
        std::iter::successors(first, |style| self.styles.get(style.based_on.as_deref()?)).take(DEEPEST)
    }

    /// Whether paragraphs of a style are headings or titles.
    pub fn is_heading(&self, id: Option<&str>) -> bool {
        let level = self.line(id).find_map(|s| s.properties.outline_level);
        let named = |s: &Style| ["heading ", "标题", "title", "subtitle"].iter().any(|n| s.name.starts_with(n));
        level.map_or_else(|| self.line(id).any(named), |level| level < ParagraphProperties::BODY_LEVEL)
    }

    /// Whether paragraphs of a style are lines of a table of contents, which say nothing of their own.
    pub fn is_contents(&self, id: Option<&str>) -> bool {
        self.line(id).any(|s| s.name.strip_prefix("toc ").or(s.name.strip_prefix("contents ")).is_some_and(|n| n.parse::<u8>().is_ok()))
    }

    /// The list that a style puts its paragraphs in.
    pub fn list(&self, id: Option<&str>) -> Option<u32> {
        self.line(id).find_map(|s| s.properties.list)
    }

    /// The level in that list.
    pub fn list_level(&self, id: Option<&str>) -> Option<u8> {
        self.line(id).find_map(|s| s.properties.list_level)
    }
}

impl Style {
    /// Reads the element that has just begun.
    fn read(xml: &mut Xml<'_>) -> Result<Style, Unreadable> {
        let mut style = Style::default();
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.name() {
                    "name" => {
                        style.name = tag.attribute("val").unwrap_or_default().to_lowercase();
                        xml.skip()?;
                    }
                    "basedOn" => {
                        style.based_on = tag.attribute("val").map(|v| v.into_owned());
                        xml.skip()?;
                    }
                    "pPr" => style.properties = ParagraphProperties::read(xml)?,
                    _ => xml.skip()?,
                },
                Event::End | Event::Eof => return Ok(style),
                Event::Text(_) => {}
            }
        }
    }
}
