//! What a page draws, as the interpreter calls it out: glyphs with their text, thin lines, pictures.

use crate::decode::page::{Ruling, Text};
use hayro_interpret::font::{Glyph as Shown, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};

/// Fills and strokes up to this many points are lines; thicker ones are shading.
const THIN: f64 = 2.5;

/// Units of a font's em.
const EM: f64 = 1000.0;

/// A glyph as drawn, in whatever direction it runs.
pub(super) struct Drawn {
    pub text: Text,
    /// Where its base line begins, on the page as shown.
    pub origin: Point,
    /// How far the pen moves, along its own base line.
    pub width: f64,
    /// Size of the font.
    pub size: f64,
    /// Quarter turns clockwise that it runs away from level; none for slanted glyphs.
    pub turn: Option<u8>,
    /// Whether it is drawn at all: recognised text lies invisible over the picture of its page.
    pub visible: bool,
}

/// Collects what one page draws.
pub(super) struct Canvas {
    /// The page as shown.
    pub area: Rect,
    /// Most glyphs and lines that are kept.
    pub most: usize,
    pub glyphs: Vec<Drawn>,
    pub rulings: Vec<Ruling>,
    /// Areas of the pictures.
    pub pictures: Vec<f64>,
    /// Whether curves or fills are drawn: text turned into outlines.
    pub shapes: usize,
    clips: Vec<Rect>,
}

impl Canvas {
    pub fn new(area: Rect, most: usize) -> Canvas {
        Canvas { area, most, glyphs: Vec::new(), rulings: Vec::new(), pictures: Vec::new(), shapes: 0, clips: vec![area] }
    }

    /// Whether more was drawn than may be kept.
    pub fn is_full(&self) -> bool {
        self.glyphs.len() + self.rulings.len() > self.most
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.area)
    }

    /// Keeps a straight line if it is level or upright and inside what is shown.
    fn line(&mut self, from: Point, to: Point) {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if dx.min(dy) > 1.0 || dx.max(dy) < 0.1 || self.is_full() {
            return;
        }
        let clip = self.clip().inflate(1.0, 1.0);
        let line = Rect::from_points(from, to);
        if line.x0 > clip.x1 || line.x1 < clip.x0 || line.y0 > clip.y1 || line.y1 < clip.y0 {
            return;
        }
        let line = line.intersect(clip);
        let (left, right, top, bottom) = match dx >= dy {
            true => (line.x0, line.x1, line.center().y, line.center().y),
            false => (line.center().x, line.center().x, line.y0, line.y1),
        };
        if [left, right, top, bottom].iter().all(|v| v.is_finite()) {
            self.rulings.push(Ruling { left: left as f32, top: top as f32, right: right as f32, bottom: bottom as f32 });
        }
    }

    /// A filled box: a line if it is thin, else shading.
    fn filled(&mut self, area: Rect) {
        let (width, height) = (area.width(), area.height());
        let (middle, thin_x, thin_y) = (area.center(), width <= THIN, height <= THIN);
        if thin_y {
            self.line(Point::new(area.x0, middle.y), Point::new(area.x1, middle.y));
        }
        // A dot of a dotted line may belong to a level or an upright one.
        if thin_x {
            self.line(Point::new(middle.x, area.y0), Point::new(middle.x, area.y1));
        }
        if !thin_x && !thin_y {
            self.shapes += 1;
        }
    }

    fn fill(&mut self, path: &BezPath, transform: Affine) {
        let mut boxes: Vec<Rect> = Vec::new();
        for part in parts(path) {
            let area = transform.transform_rect_bbox(part);
            // A frame is drawn as one box inside another, with the space between filled.
            match boxes.last().copied() {
                Some(outer) if is_frame(outer, area) => {
                    boxes.pop();
                    let inner = area;
                    self.filled(Rect::new(outer.x0, outer.y0, outer.x1, inner.y0));
                    self.filled(Rect::new(outer.x0, inner.y1, outer.x1, outer.y1));
                    self.filled(Rect::new(outer.x0, outer.y0, inner.x0, outer.y1));
                    self.filled(Rect::new(inner.x1, outer.y0, outer.x1, outer.y1));
                }
                _ => boxes.push(area),
            }
        }
        for area in boxes {
            self.filled(area);
        }
    }

    fn stroke(&mut self, path: &BezPath, transform: Affine, width: f64) {
        let [a, b, c, d, ..] = transform.as_coeffs();
        let width = width * (a * d - b * c).abs().sqrt();
        let mut start = Point::ORIGIN;
        let mut last = Point::ORIGIN;
        for element in path.elements() {
            let to = match *element {
                PathEl::MoveTo(to) => {
                    (start, last) = (to, to);
                    continue;
                }
                PathEl::LineTo(to) => to,
                PathEl::ClosePath => start,
                PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
                    self.shapes += 1;
                    last = to;
                    continue;
                }
            };
            let (from, end) = (transform * last, transform * to);
            last = to;
            if width <= THIN {
                self.line(from, end);
            } else {
                // A short thick stroke is a thin line of the other direction, drawn across.
                let half = width / 2.0;
                let area = Rect::from_points(from, end);
                let area = if area.width() >= area.height() { area.inflate(0.0, half) } else { area.inflate(half, 0.0) };
                self.filled(area);
            }
        }
    }
}

/// The boxes around the parts of a path; parts with curves are boxes too thick to be lines, or are not.
fn parts(path: &BezPath) -> Vec<Rect> {
    let mut parts: Vec<Rect> = Vec::new();
    let mut open: Option<Rect> = None;
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) => parts.extend(open.replace(Rect::from_points(to, to))),
            PathEl::LineTo(to) | PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
                open = Some(open.map_or(Rect::from_points(to, to), |area| area.union_pt(to)));
            }
            PathEl::ClosePath => {}
        }
    }
    parts.extend(open);
    parts
}

fn is_frame(outer: Rect, inner: Rect) -> bool {
    let sides = [inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1];
    sides.iter().all(|side| (0.0..=THIN).contains(side)) && inner.width() > THIN && inner.height() > THIN
}

/// Quarter turns of a direction, clockwise on the page; none if it is slanted.
fn quarter_turns(x: f64, y: f64) -> Option<u8> {
    // A page put askew on a scanner is level all the same.
    const SKEW: f64 = 0.1;
    let length = x.hypot(y);
    match (x / length, y / length) {
        (x, y) if x > 0.0 && y.abs() < SKEW => Some(0),
        (x, y) if y > 0.0 && x.abs() < SKEW => Some(1),
        (x, y) if x < 0.0 && y.abs() < SKEW => Some(2),
        (x, y) if y < 0.0 && x.abs() < SKEW => Some(3),
        _ => None,
    }
}

fn text_of(glyph: &Shown<'_>) -> Text {
    match glyph.as_unicode() {
        Some(BfString::Char(c)) => Text::One(c),
        Some(BfString::String(text)) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Text::One(c),
                (Some(_), Some(_)) => Text::Several(text.into_boxed_str()),
                (None, _) => Text::One(char::REPLACEMENT_CHARACTER),
            }
        }
        None => Text::One(char::REPLACEMENT_CHARACTER),
    }
}

impl<'a> Device<'a> for Canvas {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        match mode {
            DrawMode::Fill(_) => self.fill(path, props.transform),
            DrawMode::Stroke(stroke) => self.stroke(path, props.transform, f64::from(stroke.line_width)),
            DrawMode::FillAndStroke(_, stroke) => {
                self.fill(path, props.transform);
                self.stroke(path, props.transform, f64::from(stroke.line_width));
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let area = self.clip().intersect(clip.path.bounding_box());
        self.clips.push(area);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let visible = !matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            let [a, b, c, d, x, y] = (props.transform * glyph.transform()).as_coeffs();
            let advance = match &**glyph {
                Shown::Outline(outline) => outline.advance_width(),
                Shown::Type3(drawn) => drawn.advance_width(),
            };
            let size = c.hypot(d) * EM;
            let drawn = Drawn {
                text: text_of(glyph),
                origin: Point::new(x, y),
                width: advance.map_or(size, |advance| f64::from(advance) * a.hypot(b)),
                size,
                turn: quarter_turns(a, b),
                visible,
            };
            let shown = self.clip().inflate(2.0, 2.0).contains(drawn.origin);
            if shown && drawn.width.is_finite() && size.is_finite() && size > 0.1 && !self.is_full() {
                self.glyphs.push(drawn);
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let dots = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let area = props.transform.transform_rect_bbox(dots).intersect(self.clip());
        let area = Rect::new(area.x0, area.y0, area.x1.max(area.x0), area.y1.max(area.y0));
        if area.width() <= THIN || area.height() <= THIN {
            self.filled(area);
        } else {
            self.pictures.push(area.area());
        }
    }
}
