//! Draws one page: its objects, and those of the units they refer to, become glyphs and ruled lines.
//! Of pictures is kept where they lie; a text at a slant is a watermark and left out.

use super::geometry::{Line, Matrix, filled, stretches, stroked, thin};
use super::text::{Run, Turn, runs};
use super::xml::{Broken, Element, each, numbers};
use crate::decode::page::{Glyph, Page, Ruling, Text};
use crate::decode::{Limits, Reached, Unreadable, within};
use std::collections::HashMap;

/// Points in a millimetre.
pub const POINTS: f32 = 72.0 / 25.4;

/// What objects refer to by number.
#[derive(Debug, Clone, Default)]
pub struct Resources {
    /// The XML inside composite units.
    pub units: HashMap<String, String>,
    /// Paths of pictures.
    pub pictures: HashMap<String, String>,
}

/// A picture on a page.
#[derive(Debug)]
pub struct Picture {
    /// Its path; none if the file does not tell it, or shows only part of it.
    pub path: Option<String>,
    /// From the unit square to the page.
    pub place: Matrix,
    /// Its area, in square points.
    pub area: f32,
}

/// A page while it is drawn.
#[derive(Debug)]
pub struct Drawing<'r> {
    /// What it shows so far.
    pub page: Page,
    /// The pictures on it.
    pub pictures: Vec<Picture>,
    /// Shapes that are no lines of tables: a page may be drawn with outlines of characters.
    pub shapes: usize,
    resources: &'r Resources,
    limits: &'r Limits,
    marks: usize,
    /// From millimetres of the file to points of the page.
    base: Matrix,
    /// Glyphs of each direction: level, right, over, left.
    turned: [usize; 4],
}

/// How deep units may lie in units.
const DEEPEST: usize = 8;
const OBJECTS: [&str; 4] = ["TextObject", "PathObject", "ImageObject", "CompositeObject"];

impl<'r> Drawing<'r> {
    /// An empty page, `area` being its left and upper edge, width and height in millimetres.
    pub fn new([x, y, width, height]: [f32; 4], resources: &'r Resources, limits: &'r Limits) -> Drawing<'r> {
        let page = Page { width: width * POINTS, height: height * POINTS, ..Page::default() };
        let base = Matrix::shift(-x, -y).then(Matrix::scale(POINTS));
        Drawing { page, pictures: Vec::new(), shapes: 0, resources, limits, marks: 0, base, turned: [0; 4] }
    }

    /// The same page, empty, turned so that most of its text can be read; none if it can be read as it is.
    pub fn turned(&self) -> Option<Drawing<'r>> {
        let [level, right, over, left] = self.turned;
        let most = right.max(over).max(left);
        if most <= level {
            return None;
        }
        let (width, height) = (self.page.width, self.page.height);
        let (turn, width, height) = match most {
            n if n == over => ([-1.0, 0.0, 0.0, -1.0, width, height], width, height),
            n if n == right => ([0.0, -1.0, 1.0, 0.0, 0.0, width], height, width),
            _ => ([0.0, 1.0, -1.0, 0.0, height, 0.0], height, width),
        };
        let base = self.base.then(Matrix { of: turn });
        let page = Page { width, height, ..Page::default() };
        Some(Drawing { page, pictures: Vec::new(), shapes: 0, turned: [0; 4], marks: 0, base, ..*self })
    }

    /// Marks drawn so far.
    pub fn marks(&self) -> usize {
        self.marks
    }

    /// Draws the objects in the XML of a page, template or unit.
    ///
    /// # Errors
    /// If the XML is broken, or holds more than a page may.
    pub fn objects(&mut self, xml: &str) -> Result<(), Unreadable> {
        self.within(xml, self.base, 0)
    }

    /// Draws what people have typed onto a page, but no stamps and watermarks.
    ///
    /// # Errors
    /// If the XML is broken, or holds more than a page may.
    pub fn annotations(&mut self, xml: &str) -> Result<(), Unreadable> {
        each(xml, &["Annot"], |annotation| {
            let kind = annotation.attribute("Subtype").or(annotation.attribute("Type")).unwrap_or_default();
            if matches!(kind.as_str(), "Stamp" | "Watermark") || annotation.flag("Visible") == Some(false) {
                return Ok(());
            }
            each(annotation.inner(), &["Appearance"], |appearance| {
                let place = origin(appearance).then(self.base);
                each(appearance.inner(), &["TextObject"], |object| self.text(object, place))
            })
        })
    }

    fn within(&mut self, xml: &str, base: Matrix, depth: usize) -> Result<(), Unreadable> {
        each(xml, &OBJECTS, |object| {
            self.mark(1)?;
            if object.flag("Visible") == Some(false) || object.number("Alpha") == Some(0.0) {
                return Ok(());
            }
            match object.name() {
                "TextObject" => self.text(object, base),
                "PathObject" => self.path(object, base),
                "ImageObject" => self.picture(object, base),
                _ => self.unit(object, base, depth),
            }
        })
    }

    fn mark(&mut self, marks: usize) -> Result<(), Unreadable> {
        self.marks = self.marks.saturating_add(marks);
        Ok(within("page_marks", self.marks, self.limits.page_marks)?)
    }

    fn text(&mut self, object: &Element<'_>, base: Matrix) -> Result<(), Unreadable> {
        for run in runs(object, placed(object, base), self.limits.page_marks)? {
            self.mark(run.glyphs.len())?;
            let direction = match run.turn {
                Turn::Level => 0,
                Turn::Right => 1,
                Turn::Over => 2,
                Turn::Left => 3,
                Turn::Slanted => continue,
            };
            self.turned[direction] += run.glyphs.len();
            match run.turn {
                Turn::Level => self.page.glyphs.extend(run.glyphs),
                _ => self.page.glyphs.extend(upright(run)),
            }
        }
        Ok(())
    }

    fn path(&mut self, object: &Element<'_>, base: Matrix) -> Result<(), Unreadable> {
        let to_page = placed(object, base);
        let mut data = String::new();
        each(object.inner(), &["AbbreviatedData"], |d| {
            data.push_str(&d.text());
            Ok::<(), Broken>(())
        })?;
        let most = self.limits.page_marks;
        let all = stretches(&data, to_page, most).ok_or(Reached::new("page_marks", most))?;
        let (stroke, fill) = (object.flag("Stroke").unwrap_or(true), object.flag("Fill").unwrap_or(false));
        for stretch in &all {
            self.mark(stretch.points.len())?;
            let before = self.page.rulings.len();
            match filled(stretch).filter(|_| fill) {
                Some(line) => self.rule(line),
                None if stroke => stroked(stretch).for_each(|line| self.rule(line)),
                None => {}
            }
            self.shapes += usize::from(stretch.bends && self.page.rulings.len() == before);
        }
        Ok(())
    }

    fn rule(&mut self, [left, top, right, bottom]: Line) {
        self.page.rulings.push(Ruling { left, top, right, bottom });
    }

    fn picture(&mut self, object: &Element<'_>, base: Matrix) -> Result<(), Unreadable> {
        let place = numbers(&object.attribute("Boundary").unwrap_or_default());
        let [x, y, width, height] = <[f32; 4]>::try_from(place).unwrap_or_default();
        let ((left, top), (right, bottom)) = (base.apply(x, y), base.apply(x + width, y + height));
        let bounds = [left.min(right), top.min(bottom), left.max(right), top.max(bottom)];
        // Some producers paint the lines of a table with pictures.
        if let Some(line) = thin(bounds) {
            self.rule(line);
            return Ok(());
        }
        let area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]);
        // A mask says which part of a picture is seen.
        let id = object.attribute("ResourceID").filter(|_| object.attribute("ImageMask").is_none());
        let path = id.and_then(|id| self.resources.pictures.get(&id).cloned());
        let within = if object.attribute("CTM").is_some() { Matrix::IDENTITY } else { Matrix { of: [width, 0.0, 0.0, height, 0.0, 0.0] } };
        self.pictures.push(Picture { path, area, place: within.then(placed(object, base)) });
        Ok(())
    }

    fn unit(&mut self, object: &Element<'_>, base: Matrix, depth: usize) -> Result<(), Unreadable> {
        let resources = self.resources;
        let Some(unit) = object.attribute("ResourceID").and_then(|id| resources.units.get(&id)) else { return Ok(()) };
        if depth == DEEPEST {
            return Err(Unreadable::Damaged);
        }
        // Units in units multiply: what is read again costs marks, whatever it draws.
        self.mark(unit.len() / 64)?;
        self.within(unit, placed(object, base), depth + 1)
    }
}

/// From an object to the page: its own transformation, then its place.
fn placed(object: &Element<'_>, base: Matrix) -> Matrix {
    Matrix::of_list(&object.numbers("CTM")).then(origin(object)).then(base)
}

/// The shift to where an object lies.
fn origin(object: &Element<'_>) -> Matrix {
    match object.numbers("Boundary")[..] {
        [x, y, ..] => Matrix::shift(x, y),
        _ => Matrix::IDENTITY,
    }
}

/// A run that is turned, on a page that is not: one glyph in its middle, so that its order is kept.
fn upright(run: Run) -> Option<Glyph> {
    let (first, last) = (run.glyphs.first()?, run.glyphs.last()?);
    let (x, y, size) = ((first.x + last.x) / 2.0, (first.y + last.y) / 2.0, first.size);
    let mut text = String::new();
    for glyph in &run.glyphs {
        match &glyph.text {
            Text::One(c) => text.push(*c),
            Text::Several(several) => text.push_str(several),
        }
    }
    let width = run.glyphs.iter().map(|g| g.width).sum::<f32>().min(size);
    Some(Glyph { text: Text::Several(text.into()), x: x - width / 2.0, y: y + size / 3.0, width, size })
}
