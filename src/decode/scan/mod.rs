//! Pictures of pages: rulings are found, what is printed is cut into lines, cell by cell, and what another program
//! recognises in each line becomes a `Page` like that of any other file. Where it is in doubt over a number, the
//! number is told to be unreadable: a wrong one is worse than none.

mod marks;
mod raster;
mod rulings;
mod settle;
mod strips;

pub use raster::{Raster, over_paper, shade};

use super::page::{Glyph, Page, Ruling, Text, ruled};
use super::{Limits, Reached, within};
use settle::settle;

/// A line of print, cut out of its page.
#[derive(Debug)]
pub struct Strip {
    /// What it looks like.
    pub picture: Raster,
    /// Whether it stands in a cell of a table.
    in_cell: bool,
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    /// How tall the letters of the page are.
    letter: usize,
    shape: Shape,
}

/// What can be told of a line without reading it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Shape {
    /// Marks that stand beside one another: as many as digits, if it is a number that is printed well.
    marks: usize,
    /// How often its length is its height.
    length: f32,
}

impl Shape {
    /// Whether a number may look so: its digits are counted, or fit by their width. They are about three quarters as
    /// wide as they are tall.
    fn fits(self, number: &str) -> bool {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let between = (digits.max(1) - 1) as f32;
        let signs = (number.len() - digits) as f32;
        digits == 0 || self.marks == digits || (0.66 * between + 0.1..=0.9 * between + 0.8 + 0.6 * signs).contains(&self.length)
    }
}

/// What somebody reads in a strip.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// The text.
    pub text: String,
    /// How sure of its least sure word, of 100.
    pub confidence: f32,
}

/// Who reads strips: for each of them, what it is seen as in Chinese, in Chinese again by another way, and for those
/// that may be numbers twice in Latin letters and digits. None if that cannot be had.
pub type Recogniser<'r> = dyn Fn(&[&Strip]) -> Option<Vec<Vec<Seen>>> + 'r;

/// The picture of a page.
#[derive(Debug)]
pub(super) struct Photo {
    pub raster: Raster,
    /// Dots a point.
    pub per_point: f32,
}

/// Where a page lies upright, the lines of Han characters on it are read at least so surely.
const UPRIGHT: f32 = 50.0;

impl Photo {
    /// Reads the picture of a page, whichever side of it is up; none if nobody could.
    ///
    /// # Errors
    /// The limit that its marks reach.
    pub fn read(self, recognise: &Recogniser<'_>, limits: &Limits) -> Result<Option<Page>, Reached> {
        let sheet = Sheet::of(self.raster.clone(), self.per_point, limits)?;
        let all: Vec<&Strip> = sheet.strips.iter().collect();
        let Some(seen) = recognise(&all) else { return Ok(None) };
        let as_it_is = sure(&all, &seen);
        const FEW: usize = 10;
        if as_it_is.unwrap_or(if all.len() < FEW { UPRIGHT } else { 0.0 }) >= UPRIGHT {
            return Ok(Some(sheet.page(&seen, limits)));
        }
        // A table that is too wide for its page lies on its side, either way; or the page was laid in upside down.
        let mut best: Option<(f32, Sheet)> = None;
        for quarters in [1, 3, 2] {
            let turned = Sheet::of(self.raster.quarters(quarters), self.per_point, limits)?;
            let lines = turned.longest();
            let Some(seen) = recognise(&lines) else { return Ok(None) };
            let before = best.as_ref().map(|(sure, _)| *sure).or(as_it_is);
            if let Some(sure) = sure(&lines, &seen).filter(|sure| *sure >= UPRIGHT && Some(*sure) > before) {
                best = Some((sure, turned));
            }
        }
        let Some((_, turned)) = best else { return Ok(Some(sheet.page(&seen, limits))) };
        let seen = recognise(&turned.strips.iter().collect::<Vec<_>>());
        Ok(seen.map(|seen| turned.page(&seen, limits)))
    }
}

/// How surely lines are read on the whole; none if there is none that is long enough to tell.
fn sure(strips: &[&Strip], seen: &[Vec<Seen>]) -> Option<f32> {
    let lines = strips.iter().zip(seen).filter(|(strip, _)| strip.is_line());
    let sure: Vec<f32> = lines.map(|(_, seen)| seen.first().map_or(0.0, |seen| seen.confidence)).collect();
    (!sure.is_empty()).then(|| sure.iter().sum::<f32>() / sure.len() as f32)
}

/// The picture of a page taken apart.
struct Sheet {
    width: f32,
    height: f32,
    per_point: f32,
    rulings: Vec<Ruling>,
    strips: Vec<Strip>,
}

impl Sheet {
    fn of(raster: Raster, per_point: f32, limits: &Limits) -> Result<Sheet, Reached> {
        let (raster, mut ink) = raster.levelled(per_point);
        let rulings = rulings::take(&mut ink, per_point);
        let marks = marks::marks(&ink, per_point);
        within("page_marks", marks.len() + rulings.len(), limits.page_marks)?;
        let tables = ruled::tables(&rulings, limits.table_cells);
        let strips = strips::strips(&raster, &marks, &tables, per_point);
        Ok(Sheet { width: raster.width as f32 / per_point, height: raster.height as f32 / per_point, per_point, rulings, strips })
    }

    /// Its longest lines: enough to tell whether it lies upright.
    fn longest(&self) -> Vec<&Strip> {
        const ENOUGH: usize = 12;
        let mut lines: Vec<&Strip> = self.strips.iter().filter(|strip| strip.is_line()).collect();
        lines.sort_by(|a, b| b.shape.length.total_cmp(&a.shape.length));
        lines.truncate(ENOUGH);
        lines
    }

    fn page(self, seen: &[Vec<Seen>], limits: &Limits) -> Page {
        let enough = f32::from(limits.recognition_confidence);
        let read = |(strip, seen): (&Strip, &Vec<Seen>)| strip.glyphs(&settle(strip, seen, enough), self.per_point);
        let glyphs = self.strips.iter().zip(seen).flat_map(read).collect();
        Page { width: self.width, height: self.height, glyphs, rulings: self.rulings }
    }
}

impl Strip {
    /// Whether it may be a number and nothing else.
    pub fn may_be_number(&self) -> bool {
        const LONGEST: f32 = 10.0;
        self.in_cell && self.shape.length < LONGEST
    }

    /// Whether it is long enough to be more than a word.
    fn is_line(&self) -> bool {
        (4.0..60.0).contains(&self.shape.length)
    }

    /// The glyphs of its text, side by side over its length.
    fn glyphs(&self, text: &str, per_point: f32) -> Vec<Glyph> {
        // The whole line is in doubt or told; where each of its letters stands does not matter.
        let size = (self.bottom - self.top).max(self.letter) as f32 / per_point;
        let width = |c: char| if c.is_ascii() { 1.0 } else { 2.0 };
        let length = (self.right - self.left) as f32 / per_point;
        let unit = length / text.chars().map(width).sum::<f32>();
        // Letters of a strip lie on one base line, whatever hangs down.
        let y = (self.top + self.bottom) as f32 / 2.0 / per_point + 0.35 * size;
        let mut x = self.left as f32 / per_point;
        let glyph = |c: char| {
            let glyph = Glyph { text: Text::One(c), x, y, width: unit * width(c), size };
            x += glyph.width;
            glyph
        };
        text.chars().map(glyph).collect()
    }
}
