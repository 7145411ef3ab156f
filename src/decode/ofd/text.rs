//! The text objects of a page, glyph by glyph: where the pen stands is told in distances, and one
//! glyph may stand for several characters.

use super::geometry::Matrix;
use super::xml::{Broken, Element, each, numbers};
use crate::decode::page::{Glyph, Text};
use unicode_width::UnicodeWidthChar;

/// How a run of text lies on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// As it is read.
    Level,
    /// Downward: turned to the right.
    Right,
    /// Upside down.
    Over,
    /// Upward: turned to the left.
    Left,
    /// At a slant, as watermarks are.
    Slanted,
}

impl Turn {
    /// Of the direction in which a line of the text runs.
    fn of((x, y): (f32, f32)) -> Turn {
        /// The tangent of about 11 degrees: scans lie askew, but never so far.
        const ASKEW: f32 = 0.2;
        match (y.abs() <= ASKEW * x.abs(), x.abs() <= ASKEW * y.abs()) {
            (true, _) if x >= 0.0 => Turn::Level,
            (true, _) => Turn::Over,
            (_, true) if y > 0.0 => Turn::Right,
            (_, true) => Turn::Left,
            _ => Turn::Slanted,
        }
    }
}

/// A run of text as it lies on the page.
#[derive(Debug)]
pub struct Run {
    /// How it lies.
    pub turn: Turn,
    /// Its glyphs in the order of drawing.
    pub glyphs: Vec<Glyph>,
}

/// The runs of a text object, at most `most` glyphs each; `to_page` leads from the object to the page.
///
/// # Errors
/// If the XML is broken.
pub fn runs(object: &Element<'_>, to_page: Matrix, most: usize) -> Result<Vec<Run>, Broken> {
    let mut runs = Vec::new();
    let size = object.number("Size").filter(|s| *s > 0.0).unwrap_or(10.0 / 72.0 * 25.4);
    let stretch = object.number("HScale").filter(|s| *s > 0.0).unwrap_or(1.0);
    let (sin, cos) = object.number("CharDirection").unwrap_or(0.0).to_radians().sin_cos();
    let downward = object.number("ReadDirection").is_some_and(|d| d.rem_euclid(360.0) == 90.0);
    let along = to_page.turn(cos, sin);
    let (width, height) = (along.0.hypot(along.1), length(to_page.turn(-sin, cos)));
    let merged = merged(object)?;
    let mut start = (0.0, 0.0);
    each(object.inner(), &["TextCode"], |code| {
        start = (code.number("X").unwrap_or(start.0), code.number("Y").unwrap_or(start.1));
        let shapes = shapes(&visible(&code.text()), &merged);
        if shapes.len() > most {
            // More than a page may hold: the caller counts and refuses it.
            runs.push(Run { turn: Turn::Level, glyphs: shapes.into_iter().map(|text| Glyph { text, x: 0.0, y: 0.0, width: 0.0, size: 0.0 }).collect() });
            return Ok(());
        }
        let steps = shapes.len().saturating_sub(1);
        let delta = |name| code.attribute(name).map(|list| deltas(&list, steps)).unwrap_or_default();
        let (right, down) = (delta("DeltaX"), delta("DeltaY"));
        let natural = right.iter().chain(&down).all(|d| *d == 0.0);
        let (mut x, mut y) = start;
        let mut glyphs = Vec::with_capacity(shapes.len());
        for (step, text) in shapes.into_iter().enumerate() {
            let em = em(&text) * size * stretch;
            let (dx, dy) = match (natural, downward) {
                (true, false) => (em, 0.0),
                (true, true) => (0.0, size),
                _ => (at(&right, step), at(&down, step)),
            };
            // The next glyph may stand a column away, or close up.
            let pen = if dx > 0.0 && dy == 0.0 && step < steps { em.min(dx) } else { em };
            let (left, base) = to_page.apply(x, y);
            glyphs.push(Glyph { text, x: left, y: base, width: pen * width, size: size * height });
            (x, y) = (x + dx, y + dy);
        }
        glyphs.retain(|g| g.text != Text::Several("".into()) && [g.x, g.y, g.width, g.size].iter().all(|n| n.abs() < FAR));
        runs.push(Run { turn: Turn::of(along), glyphs });
        Ok::<(), Broken>(())
    })?;
    Ok(runs)
}

/// What is farther off than this stands on no page, in points.
const FAR: f32 = 1.0e6;

fn length((x, y): (f32, f32)) -> f32 {
    x.hypot(y)
}

/// The text without what only sets the XML out.
fn visible(text: &str) -> String {
    let text = if text.contains(['\n', '\r']) { text.trim() } else { text };
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Characters that share glyphs, by `CGTransform`.
#[derive(Debug)]
struct Merged {
    from: usize,
    codes: usize,
    glyphs: usize,
}

fn merged(object: &Element<'_>) -> Result<Vec<Merged>, Broken> {
    let mut all = Vec::new();
    each(object.inner(), &["CGTransform"], |transform| {
        let count = |name, least: usize| transform.number(name).map_or(least, |n| (n as usize).clamp(least, 1 << 20));
        all.push(Merged { from: count("CodePosition", 0), codes: count("CodeCount", 1), glyphs: count("GlyphCount", 1) });
        Ok::<(), Broken>(())
    })?;
    all.retain(|m| m.codes != m.glyphs);
    Ok(all)
}

/// The text of each glyph; empty for a glyph that only continues the one before.
fn shapes(text: &str, merged: &[Merged]) -> Vec<Text> {
    let mut shapes = Vec::new();
    let mut codes = text.chars();
    let mut position = 0;
    while let Some(first) = codes.next() {
        let Some(shared) = merged.iter().find(|m| m.from == position) else {
            shapes.push(Text::One(first));
            position += 1;
            continue;
        };
        let several: Vec<char> = std::iter::once(first).chain(codes.by_ref().take(shared.codes - 1)).collect();
        let own = shared.glyphs.min(several.len()) - 1;
        shapes.extend(several[..own].iter().copied().map(Text::One));
        shapes.push(Text::Several(several[own..].iter().collect()));
        let silent = shared.glyphs.saturating_sub(several.len()).min(1 << 8);
        shapes.extend(std::iter::repeat_n(Text::Several("".into()), silent));
        position += several.len();
    }
    shapes
}

/// The distances of a list such as `5 g 3 2.5 4`, where `g n w` is n times w, as far as they are needed.
fn deltas(list: &str, most: usize) -> Vec<f32> {
    let mut all: Vec<f32> = Vec::new();
    let mut tokens = list.split_ascii_whitespace();
    while let Some(token) = tokens.next() {
        let (times, delta) = match token {
            "g" | "G" => {
                let times = tokens.next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
                (times.max(0.0) as usize, tokens.next().unwrap_or_default())
            }
            _ => (1, token),
        };
        let Some(delta) = numbers(delta).first().copied() else { continue };
        all.extend(std::iter::repeat_n(delta, times.min(most.saturating_sub(all.len()))));
        if all.len() >= most {
            break;
        }
    }
    all
}

/// A list that is too short goes on with its last distance.
fn at(deltas: &[f32], step: usize) -> f32 {
    deltas.get(step).or(deltas.last()).copied().unwrap_or(0.0)
}

/// Widths in fonts are rarely told: Han characters are square, others half as wide.
fn em(text: &Text) -> f32 {
    let of = |c: char| if c.width_cjk() == Some(2) { 1.0 } else { 0.5 };
    match text {
        Text::One(c) => of(*c),
        Text::Several(several) => several.chars().map(of).sum(),
    }
}
