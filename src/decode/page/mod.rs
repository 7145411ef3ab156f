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
