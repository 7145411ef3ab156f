//! PDF: what each page draws, as the interpreter of hayro-interpret calls it out, becomes a `Page`;
//! the rest is the page builder's work.

mod camera;
mod device;
mod survey;

use super::page::{self, Glyph, Page, Ruling, Text};
use super::scan::Photo;
use super::{Decoded, Limits, Reached, Recogniser, Unreadable, within};
use crate::finding::Finding;
use device::{Canvas, Drawn};
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use survey::Survey;

/// Whether bytes are a PDF. Some have a few bytes of another program before their header.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    bytes.starts_with(b"%PDF-") || memchr::memmem::find(head, b"\n%PDF-").is_some() || bytes.starts_with(b"\xef\xbb\xbf%PDF-")
}

/// Reads a PDF; pages that are pictures by `recognise`, if there is one.
pub(super) fn read(bytes: &[u8], limits: &Limits, recognise: Option<&Recogniser<'_>>) -> Result<Decoded, Unreadable> {
    survey::nested(bytes, limits)?;
    survey::unpacked(bytes, limits)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => Unreadable::Encrypted,
        _ => Unreadable::Damaged,
    })?;
    let sources = pdf.pages();
    if sources.is_empty() {
        return Err(Unreadable::Damaged);
    }
    within("pages", sources.len(), limits.pages)?;
    let cache = InterpreterCache::new();
    let mut shown = Vec::with_capacity(sources.len());
    let mut survey = Survey::default();
    let mut pictures = 0;
    for source in sources.iter() {
        survey.page(source, limits)?;
        let mut drawn = draw(source, &cache, limits)?;
        if let Some(recognise) = recognise.filter(|_| drawn.kind == Kind::Picture) {
            pictures += 1;
            within("recognised_pages", pictures, limits.recognised_pages)?;
            let photo = camera::photo(source, &cache, limits)?;
            let page = photo.map(|photo| photo.read(recognise, limits)).transpose()?.flatten();
            if let Some(page) = page {
                drawn = Shown { page, kind: Kind::Text, recognised: true, unknown: 0, large: 0 };
            }
        }
        shown.push(drawn);
    }
    if shown.iter().all(|s| s.kind != Kind::Text) {
        let pictures = shown.iter().any(|s| s.kind == Kind::Picture);
        return Err(if pictures { Unreadable::Scan } else { Unreadable::Empty });
    }
    let findings = doubts(&shown);
    let pages: Vec<Page> = shown.into_iter().map(|s| s.page).collect();
    let document = page::document(&pages, limits)?;
    Ok(Decoded { document, encoding: None, findings })
}

/// The picture that the first page is, upright as it is shown; none if it shows none that can be unpacked.
///
/// # Errors
/// `page_megadots`.
pub(super) fn photo(bytes: Vec<u8>, limits: &Limits) -> Result<Option<Photo>, Unreadable> {
    let pdf = Pdf::new(bytes).map_err(|_| Unreadable::Damaged)?;
    let source = pdf.pages().first().ok_or(Unreadable::Damaged)?;
    Ok(camera::photo(source, &InterpreterCache::new(), limits)?)
}

/// What a page consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Picture,
    Blank,
}

/// A page, and how far its text can be trusted.
struct Shown {
    page: Page,
    kind: Kind,
    /// Its text was recognised from a picture by another program.
    recognised: bool,
    /// Glyphs of which the file does not tell the character.
    unknown: usize,
    /// Pictures on it that may be tables.
    large: usize,
}

fn draw<'a>(source: &Source<'a>, cache: &InterpreterCache<'a>, limits: &Limits) -> Result<Shown, Reached> {
    let (width, height) = source.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = Affine::new(source.initial_transform(true).as_coeffs());
    let mut canvas = Canvas::new(area, limits.page_marks);
    let mut context = Context::new(transform, area, cache, source.xref(), InterpreterSettings::default());
    interpret_page(source, &mut context, &mut canvas);
    if canvas.is_full() {
        return Err(Reached::new("page_marks", limits.page_marks));
    }
    Ok(shown(canvas))
}

fn shown(canvas: Canvas) -> Shown {
    let visible = canvas.glyphs.iter().filter(|g| g.visible).count();
    let hidden = canvas.glyphs.len() - visible;
    // Invisible text lies over the picture of its page. Where the page itself is text, it is a copy.
    let recognised = hidden > visible;
    let part = 1.0 / canvas.area.area();
    let covered = canvas.pictures.iter().sum::<f64>() * part;
    let picture = covered > 1.0 / 3.0 || canvas.shapes > 50;
    let mut glyphs = canvas.glyphs;
    if !recognised {
        glyphs.retain(|g| g.visible);
    }
    let printed = glyphs.iter().filter(|g| !is_blank(&g.text)).count();
    // A scanned page may carry a stamped number.
    let kind = match printed {
        0 if picture => Kind::Picture,
        0 => Kind::Blank,
        1..30 if covered > 0.5 => Kind::Picture,
        _ => Kind::Text,
    };
    let unknown = glyphs.iter().filter(|g| g.text == Text::One(char::REPLACEMENT_CHARACTER)).count();
    let large = if kind == Kind::Text && !recognised { page::large(canvas.pictures.iter().map(|area| (area * part) as f32)) } else { 0 };
    let page = upright(glyphs, canvas.rulings, canvas.area);
    Shown { page, kind, recognised, unknown, large }
}

fn is_blank(text: &Text) -> bool {
    matches!(text, Text::One(c) if c.is_whitespace())
}

/// Turns a page so that most of its text is level; slanted text is a watermark and is left out.
fn upright(glyphs: Vec<Drawn>, rulings: Vec<Ruling>, area: Rect) -> Page {
    let mut turns = [0usize; 4];
    for glyph in &glyphs {
        if let Some(turn) = glyph.turn {
            turns[usize::from(turn)] += 1;
        }
    }
    let turn = (0..4u8).rev().max_by_key(|t| turns[usize::from(*t)]).unwrap_or(0);
    let (width, height) = (area.width(), area.height());
    // From the page as shown to the page with level text.
    let back = match turn {
        1 => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, width]),
        2 => Affine::new([-1.0, 0.0, 0.0, -1.0, width, height]),
        3 => Affine::new([0.0, 1.0, -1.0, 0.0, height, 0.0]),
        _ => Affine::IDENTITY,
    };
    let (width, height) = if turn % 2 == 1 { (height, width) } else { (width, height) };
    let glyphs = glyphs.into_iter().filter(|g| g.turn.is_some()).map(|drawn| {
        let origin = back * drawn.origin;
        Glyph { text: drawn.text, x: origin.x as f32, y: origin.y as f32, width: drawn.width as f32, size: drawn.size as f32 }
    });
    let rulings = rulings.into_iter().map(|r| {
        let line = back.transform_rect_bbox(Rect::new(r.left.into(), r.top.into(), r.right.into(), r.bottom.into()));
        Ruling { left: line.x0 as f32, top: line.y0 as f32, right: line.x1 as f32, bottom: line.y1 as f32 }
    });
    Page { width: width as f32, height: height as f32, glyphs: glyphs.collect(), rulings: rulings.collect() }
}

/// What a person should know of pages that are no plain text.
fn doubts(shown: &[Shown]) -> Vec<Finding> {
    type Is = fn(&Shown) -> bool;
    let doubtful: [(&str, Is); 3] = [
        ("report.pages_scanned", |page| page.kind == Kind::Picture),
        ("report.pages_recognised", |page| page.kind == Kind::Text && page.recognised),
        ("report.pages_garbled", Shown::is_garbled),
    ];
    doubtful
        .into_iter()
        .filter_map(|(rule, is_so)| page::told(rule, shown.iter().map(is_so)))
        .chain(page::pictures(shown.iter().map(|page| page.large)))
        .collect()
}

impl Shown {
    /// So many characters are unknown that numbers may be among them.
    fn is_garbled(&self) -> bool {
        const FEW: usize = 3;
        self.unknown > FEW && self.unknown * 100 > self.page.glyphs.len()
    }
}
