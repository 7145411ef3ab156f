//! One document of a package: which pages it has, what lies under and over them, and where the things
//! are that they refer to.

use super::draw::{Drawing, Picture, Resources};
use super::package::Package;
use super::xml::{Element, each, numbers};
use crate::decode::page::{self, Page, Text};
use crate::decode::scan::Photo;
use crate::decode::{Limits, Unreadable, picture, within};
use hayro_interpret::kurbo::Affine;
use std::collections::HashMap;

/// What Document.xml says.
#[derive(Debug, Default)]
pub struct Outline {
    path: String,
    area: Option<[f32; 4]>,
    /// Number and path of each page.
    pages: Vec<(String, String)>,
    templates: HashMap<String, Template>,
    resources: Resources,
    /// The XML of the notes on a page, by the number of the page.
    notes: HashMap<String, Vec<String>>,
}

/// What lies under or over pages.
#[derive(Debug)]
struct Template {
    xml: String,
    over: bool,
}

/// A page as it is drawn.
#[derive(Debug)]
pub struct Leaf {
    /// Its text and lines.
    pub page: Page,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// Whether its text was recognised from its pictures.
    pub recognised: bool,
    /// Shapes other than lines on it.
    pub shapes: usize,
    /// What drawing it took.
    pub marks: usize,
}

/// A page that is 210 × 297 mm, where the file does not tell.
const A4: [f32; 4] = [0.0, 0.0, 210.0, 297.0];

impl Outline {
    /// Reads the Document.xml at `path`.
    ///
    /// # Errors
    /// If it is damaged or has too many pages. What it names but is not in the package is left out, save pages.
    pub fn read(package: &mut Package<'_>, path: String, limits: &Limits) -> Result<Outline, Unreadable> {
        const NAMES: [&str; 6] = ["PhysicalBox", "Page", "TemplatePage", "PublicRes", "DocumentRes", "Annotations"];
        let xml = package.text(&path)?;
        let mut outline = Outline { path, ..Outline::default() };
        let (mut resources, mut notes) = (Vec::new(), Vec::new());
        each(&xml, &NAMES, |found| {
            let id = found.attribute("ID").unwrap_or_default();
            let place = found.attribute("BaseLoc").unwrap_or_default();
            match found.name() {
                "PhysicalBox" => outline.area = outline.area.or(area(found)),
                "Page" => outline.pages.push((id, place)),
                "TemplatePage" => {
                    if let Some(path) = package.resolve(&outline.path, &place) {
                        let over = found.attribute("ZOrder").is_some_and(|z| z == "Foreground");
                        outline.templates.insert(id, Template { xml: package.text(&path)?, over });
                    }
                }
                "Annotations" => notes.extend(package.resolve(&outline.path, &found.text())),
                _ => resources.extend(package.resolve(&outline.path, &found.text())),
            }
            within("pages", outline.pages.len(), limits.pages).map_err(Unreadable::from)
        })?;
        for path in resources {
            outline.resources.add(package, &path)?;
        }
        for path in notes {
            outline.read_notes(package, &path)?;
        }
        Ok(outline)
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    fn read_notes(&mut self, package: &mut Package<'_>, list: &str) -> Result<(), Unreadable> {
        each(&package.text(list)?, &["Page"], |page| {
            let id = page.attribute("PageID").unwrap_or_default();
            each(page.inner(), &["FileLoc"], |file| {
                if let Some(path) = package.resolve(list, &file.text()) {
                    self.notes.entry(id.clone()).or_default().push(package.text(&path)?);
                }
                Ok(())
            })
        })
    }

    /// Draws a page, turned so that it can be read.
    ///
    /// # Errors
    /// If it is damaged, not there, or asks for too much.
    pub fn leaf(&self, number: usize, package: &mut Package<'_>, limits: &Limits) -> Result<Leaf, Unreadable> {
        let (id, place) = self.pages.get(number).ok_or(Unreadable::Damaged)?;
        let whole = package.resolve(&self.path, place).or_else(|| package.resolve(&self.path, &format!("{place}/Content.xml")));
        let path = whole.ok_or(Unreadable::Damaged)?;
        let xml = package.text(&path)?;
        let mut own_area = None;
        let mut resources = None;
        let mut templates: Vec<(&Template, bool)> = Vec::new();
        each(&xml, &["PhysicalBox", "Template", "PageRes"], |found| {
            match found.name() {
                "PhysicalBox" => own_area = own_area.or(area(found)),
                "Template" => {
                    let template = found.attribute("TemplateID").and_then(|id| self.templates.get(&id));
                    let over = found.attribute("ZOrder").map(|z| z == "Foreground");
                    templates.extend(template.map(|t| (t, over.unwrap_or(t.over))));
                }
                _ => {
                    if let Some(path) = package.resolve(&path, &found.text()).or_else(|| package.resolve(&self.path, &found.text())) {
                        resources.get_or_insert_with(|| self.resources.clone()).add(package, &path)?;
                    }
                }
            }
            Ok::<(), Unreadable>(())
        })?;
        let notes = self.notes.get(id).map_or(&[][..], Vec::as_slice);
        let draw = |drawing: &mut Drawing<'_>| {
            templates.iter().filter(|(_, over)| !over).try_for_each(|(t, _)| drawing.objects(&t.xml))?;
            drawing.objects(&xml)?;
            templates.iter().filter(|(_, over)| *over).try_for_each(|(t, _)| drawing.objects(&t.xml))?;
            notes.iter().try_for_each(|notes| drawing.annotations(notes))
        };
        let area = own_area.or(self.area).unwrap_or(A4);
        let mut drawing = Drawing::new(area, resources.as_ref().unwrap_or(&self.resources), limits);
        draw(&mut drawing)?;
        if let Some(mut turned) = drawing.turned() {
            draw(&mut turned)?;
            drawing = turned;
        }
        let (marks, shapes) = (drawing.marks(), drawing.shapes);
        Ok(Leaf { pictures: drawing.pictures, recognised: false, shapes, marks, page: drawing.page })
    }
}

impl Leaf {
    /// Glyphs that leave ink.
    pub fn printed(&self) -> usize {
        self.page.glyphs.iter().filter(|g| !matches!(g.text, Text::One(c) if c.is_whitespace())).count()
    }

    /// How much of it each picture covers, as a part of the whole.
    fn parts(&self) -> impl Iterator<Item = f32> {
        let whole = self.page.width * self.page.height;
        self.pictures.iter().map(move |picture| picture.area / whole)
    }

    /// How much of it pictures cover.
    pub fn covered(&self) -> f32 {
        self.parts().sum()
    }

    /// Pictures on a page of text that may be tables.
    pub fn large(&self) -> usize {
        if self.recognised || self.is_scan() { 0 } else { page::large(self.parts()) }
    }

    /// Whether what it says is in pictures, or in outlines of characters. A scanned page may carry a stamped number.
    pub fn is_scan(&self) -> bool {
        match self.printed() {
            _ if self.recognised => false,
            0 => self.covered() > 1.0 / 3.0 || self.shapes > 50,
            1..30 => self.covered() > 0.5,
            _ => false,
        }
    }

    /// What its pictures look like together; none if one of them is of a kind that is not read: what it shows would be
    /// lost without a word.
    ///
    /// # Errors
    /// The limit that they reach.
    pub fn photo(&self, package: &mut Package<'_>, limits: &Limits) -> Result<Option<Photo>, Unreadable> {
        let mut sheet = picture::Sheet::new(self.page.width.into(), self.page.height.into());
        for Picture { path, place, .. } in &self.pictures {
            let Some(path) = path else { return Ok(None) };
            let put = package.bytes(path).and_then(|bytes| picture::put(&bytes, Affine::new(place.of.map(f64::from)), &mut sheet, limits));
            match put {
                Err(limit @ Unreadable::Limit(_)) => return Err(limit),
                Err(_) => return Ok(None),
                Ok(()) => {}
            }
        }
        sheet.photo(limits)
    }

    /// The same page, with what was recognised on its pictures.
    pub fn recognised(self, page: Page) -> Leaf {
        Leaf { page, recognised: true, ..self }
    }

    /// Whether so many characters are unknown that numbers may be among them.
    pub fn is_garbled(&self) -> bool {
        let unknown = self.page.glyphs.iter().filter(|g| g.text == Text::One(char::REPLACEMENT_CHARACTER)).count();
        unknown > 3 && unknown * 100 > self.page.glyphs.len()
    }
}

/// The left and upper edge, width and height of a page.
fn area(found: &Element<'_>) -> Option<[f32; 4]> {
    <[f32; 4]>::try_from(numbers(&found.text())).ok().filter(|[.., width, height]| *width > 0.0 && *height > 0.0)
}

impl Resources {
    /// Adds what a file of resources holds.
    fn add(&mut self, package: &mut Package<'_>, path: &str) -> Result<(), Unreadable> {
        let xml = package.text(path)?;
        let mut folder = String::new();
        each(&xml, &["Res"], |resources| {
            folder = resources.attribute("BaseLoc").unwrap_or_default();
            Ok::<(), Unreadable>(())
        })?;
        each(&xml, &["CompositeGraphicUnit", "MultiMedia"], |found| {
            let id = found.attribute("ID").unwrap_or_default();
            if found.name() == "CompositeGraphicUnit" {
                self.units.insert(id, found.inner().to_string());
                return Ok(());
            }
            each(found.inner(), &["MediaFile"], |file| {
                let name = file.text();
                let place = package.resolve(path, &format!("{folder}/{}", name.trim())).or_else(|| package.resolve(path, &name));
                self.pictures.extend(place.map(|place| (id.clone(), place)));
                Ok(())
            })
        })
    }
}
