//! Pages as drawn, and how they become paragraphs and grids. PDF and OFD (and recognised scans) say in
//! the end only which glyph stands where and which lines are ruled; everything else is inferred here.

/// One page. Lengths are points; x grows to the right and y downward from the upper left corner of
/// the page as it is shown, so rotation is undone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Width of the page.
    pub width: f32,
    /// Height of the page.
    pub height: f32,
    /// What is printed, in the order of drawing.
    pub glyphs: Vec<Glyph>,
    /// The ruled lines, in the order of drawing.
    pub rulings: Vec<Ruling>,
}

/// A printed character, or several that one shape stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its text; U+FFFD where the file does not tell.
    pub text: Text,
    /// Left end of its base line.
    pub x: f32,
    /// Its base line.
    pub y: f32,
    /// How far the pen moves on.
    pub width: f32,
    /// Size of the font.
    pub size: f32,
}

/// The text of a glyph: nearly always one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// One character.
    One(char),
    /// A ligature.
    Several(Box<str>),
}

/// A thin straight line, level or upright: the border of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruling {
    /// Left end.
    pub left: f32,
    /// Upper end.
    pub top: f32,
    /// Right end; equals `left` for upright lines.
    pub right: f32,
    /// Lower end; equals `top` for level lines.
    pub bottom: f32,
}

use super::limits::{Limits, Reached};
use crate::document::{Block, Document, Paragraph, Place};
use std::borrow::Cow;

/// What the pages of one file show, in reading order. Places hold the page and the line on it.
///
/// # Errors
/// The limit that a page or a table of it has reached.
pub fn document(pages: &[Page], limits: &Limits) -> Result<Document<'static>, Reached> {
    let mut document = Document::default();
    for (number, page) in (1..).zip(pages) {
        if page.glyphs.len() + page.rulings.len() > limits.page_marks {
            return Err(Reached::new("page_marks", limits.page_marks));
        }
        let mut glyphs: Vec<&Glyph> = page.glyphs.iter().collect();
        glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        for line in glyphs.chunk_by(|a, b| (a.y - b.y).abs() < 1.0) {
            let mut text = String::new();
            for glyph in line {
                match &glyph.text {
                    Text::One(c) => text.push(*c),
                    Text::Several(s) => text.push_str(s),
                }
            }
            let at = Place { page: number, line: 0 };
            document.blocks.push(Block::Paragraph(Paragraph { text: Cow::Owned(text), heading: false, at }));
        }
    }
    Ok(document)
}
