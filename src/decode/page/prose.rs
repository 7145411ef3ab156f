//! Lines to paragraphs, over line and page ends. A line goes on in the next one if nothing more fitted
//! into it and the next is not indented; what ends early, changes size or leaves a gap ends a paragraph.

use super::layout::{Piece, Sheet};
use super::lines::{Line, is_wide};

/// A line of running text.
#[derive(Debug)]
pub(super) struct Row {
    pub page: u32,
    pub text: String,
    left: f32,
    right: f32,
    y: f32,
    size: f32,
    /// Width of its first word: what would have had to fit into the line before.
    first: f32,
    frame: Frame,
}

/// Where the text of a page begins and ends.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Frame {
    left: f32,
    right: f32,
    /// Distance of lines of one paragraph.
    pitch: f32,
    /// Size of most text.
    size: f32,
}

/// The frames of pages of one width: pages with little text learn from the others.
pub(super) fn frames(sheets: &[Sheet<'_>]) -> Vec<Frame> {
    let mut known: Vec<(f32, Frame)> = Vec::new();
    for sheet in sheets {
        if known.iter().all(|(width, _)| (width - sheet.width).abs() > 5.0) {
            let alike: Vec<&Sheet<'_>> = sheets.iter().filter(|s| (s.width - sheet.width).abs() <= 5.0).collect();
            known.push((sheet.width, frame(&alike)));
        }
    }
    let of = |sheet: &Sheet<'_>| known.iter().find(|(width, _)| (width - sheet.width).abs() <= 5.0).map_or(Frame::default(), |(_, f)| *f);
    sheets.iter().map(of).collect()
}

fn frame(sheets: &[&Sheet<'_>]) -> Frame {
    let lines = || sheets.iter().flat_map(|s| s.pieces.iter()).filter_map(|p| if let Piece::Line(l) = p { Some(l) } else { None });
    // Long lines show the measure; headings and signatures do not.
    let widest = lines().map(|l| l.width()).fold(0.0, f32::max);
    let long: Vec<&Line<'_>> = lines().filter(|l| l.width() > widest * 0.7).collect();
    let quantile = |mut values: Vec<f32>, part: f32| {
        values.sort_by(f32::total_cmp);
        let index = ((values.len() as f32 - 1.0) * part).round() as usize;
        values.get(index).copied().unwrap_or_default()
    };
    let mut pitches = Vec::new();
    for sheet in sheets {
        for pair in sheet.pieces.windows(2) {
            if let [Piece::Line(a), Piece::Line(b)] = pair
                && a.width() > widest * 0.7
            {
                pitches.push(b.y - a.y);
            }
        }
    }
    Frame {
        left: quantile(long.iter().map(|l| l.left()).collect(), 0.1),
        right: quantile(long.iter().map(|l| l.right()).collect(), 0.9),
        pitch: quantile(pitches, 0.3),
        size: quantile(long.iter().map(|l| l.size).collect(), 0.5),
    }
}

impl Row {
    pub fn new(line: &Line<'_>, page: u32, frame: Frame) -> Row {
        let text = line.text();
        let mut printed = line.glyphs.iter().filter(|g| !g.is_blank());
        let begin = line.left();
        let mut end = begin;
        for glyph in printed.by_ref() {
            let wide = matches!(glyph.text, super::Text::One(c) if is_wide(c));
            if end > begin && (wide || glyph.x - end > 0.3 * glyph.size) {
                break;
            }
            end = glyph.right();
            if wide {
                break;
            }
        }
        Row { page, text, left: begin, right: line.right(), y: line.y, size: line.size, first: end - begin, frame }
    }

    fn is_centred(&self) -> bool {
        let (before, after) = (self.left - self.frame.left, self.frame.right - self.right);
        before > 2.0 * self.size && (before - after).abs() < 2.0 * self.size
    }

    /// Larger than running text, and no sentence.
    pub fn is_heading(&self) -> bool {
        self.size > self.frame.size * 1.12 && !self.text.ends_with(['。', '；', '，'])
    }

    /// Whether `next` goes on with the paragraph of this line, which began with `first`.
    pub fn goes_on_in(&self, next: &Row) -> bool {
        let same_size = (self.size / next.size).max(next.size / self.size) < 1.12;
        let same_page = self.page == next.page;
        let gap = next.y - self.y;
        let pitch = self.frame.pitch * (self.size / self.frame.size.max(1.0)).max(1.0);
        if !same_size || same_page && gap > 1.5 * pitch.max(1.2 * self.size) {
            return false;
        }
        if opens(&next.text) && (ends(&self.text) || opens(&self.text)) {
            return false;
        }
        let free = self.frame.right - self.right;
        // What would not have fitted, with a mark that may not begin a line.
        let needed = next.first + 1.3 * self.size;
        // A title over several lines.
        if self.is_heading() && next.is_heading() {
            return same_page && !opens(&next.text) && (next.is_centred() || free < needed);
        }
        let indented = next.left > next.frame.left + 1.3 * next.size;
        if indented || next.is_centred() && self.is_centred() {
            return false;
        }
        free < needed || !ends(&self.text) && free < needed + 2.5 * self.size
    }
}

/// Joins a line to the text before it.
pub(super) fn append(text: &mut String, line: &str) {
    let letters = text.ends_with(|c: char| c.is_ascii_alphabetic()) && line.starts_with(|c: char| c.is_ascii_alphabetic());
    if letters {
        text.push(' ');
    }
    text.push_str(line);
}

fn ends(text: &str) -> bool {
    text.ends_with(['。', '；', '：', '！', '？', ';', ':', '!', '?', '”'])
}

/// Whether a line opens a part of a report: 一、 （一） 1.
fn opens(text: &str) -> bool {
    let numerals = |t: &str| t.trim_start_matches(|c| "一二三四五六七八九十".contains(c)).len();
    let rest = text.strip_prefix(['（', '(']).unwrap_or(text);
    let after = &rest[rest.len() - numerals(rest)..];
    after.len() < rest.len() && (after.starts_with('、') || rest.len() < text.len() && after.starts_with(['）', ')']))
}
