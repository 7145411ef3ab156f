//! Glyphs to lines of text. Lines are formed by base lines, never by the boxes of glyphs, and blanks
//! are set where a gap is wider than the letter-spacing around it and Latin letters or digits stand there.

use super::radicals::plain;
use super::{Glyph, Page, Text};
use std::collections::HashMap;

/// Glyphs on one base line, from left to right.
#[derive(Debug, Clone)]
pub(super) struct Line<'p> {
    pub glyphs: Vec<&'p Glyph>,
    /// Its base line.
    pub y: f32,
    /// The size of most of its glyphs.
    pub size: f32,
}

impl<'p> Line<'p> {
    pub fn new(mut glyphs: Vec<&'p Glyph>) -> Line<'p> {
        glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
        // The largest glyphs carry the line; raised small ones do not move it.
        let mut sizes: Vec<f32> = glyphs.iter().filter(|g| !g.is_blank()).map(|g| g.size).collect();
        sizes.sort_by(f32::total_cmp);
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let y = glyphs.iter().find(|g| g.size >= size * 0.95).map_or(0.0, |g| g.y);
        Line { glyphs, y, size }
    }

    pub fn left(&self) -> f32 {
        self.glyphs.iter().find(|g| !g.is_blank()).map_or(0.0, |g| g.x)
    }

    pub fn right(&self) -> f32 {
        self.glyphs.iter().rev().find(|g| !g.is_blank()).map_or(0.0, |g| g.right())
    }

    pub fn width(&self) -> f32 {
        self.right() - self.left()
    }

    pub fn text(&self) -> String {
        text(&self.glyphs)
    }
}

impl Glyph {
    pub(super) fn right(&self) -> f32 {
        self.x + self.width
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self.text, Text::One(c) if c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}')
    }

    pub(super) fn middle(&self) -> f32 {
        self.x + self.width / 2.0
    }

    /// Where the middle of its height is, about.
    pub(super) fn height(&self) -> f32 {
        self.y - self.size * 0.35
    }

    fn first(&self) -> char {
        match &self.text {
            Text::One(c) => *c,
            Text::Several(text) => text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER),
        }
    }
}

/// The glyphs that a reader sees as text: each once, on the page, without a watermark behind them.
pub(super) fn visible(page: &Page) -> Vec<&Glyph> {
    // Bold letters are drawn twice, a hair apart.
    const TWICE: f32 = 0.6;
    let cell = |v: f32| (v / TWICE).floor() as i32;
    let mut seen: HashMap<(i32, i32), Vec<&Glyph>> = HashMap::with_capacity(page.glyphs.len());
    let mut kept: Vec<&Glyph> = Vec::with_capacity(page.glyphs.len());
    for glyph in &page.glyphs {
        let inside = (-glyph.size..page.width + glyph.size).contains(&glyph.x) && (0.0..page.height + glyph.size).contains(&glyph.y);
        let finite = [glyph.x, glyph.y, glyph.width, glyph.size].iter().all(|v| v.is_finite());
        if !inside || !finite || matches!(glyph.text, Text::One(c) if c.is_control() && !c.is_whitespace()) {
            continue;
        }
        let (x, y) = (cell(glyph.x), cell(glyph.y));
        let near = |dx: i32, dy: i32| seen.get(&(x.saturating_add(dx), y.saturating_add(dy))).into_iter().flatten();
        let again = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)))
            .flat_map(|(dx, dy)| near(dx, dy))
            .any(|g| g.text == glyph.text && (g.x - glyph.x).abs() < TWICE && (g.y - glyph.y).abs() < TWICE);
        if !again {
            let bucket = seen.entry((x, y)).or_default();
            // Where many different glyphs lie on one point, the page is broken; what is kept for comparing is bounded.
            if bucket.len() < 8 {
                bucket.push(glyph);
            }
            kept.push(glyph);
        }
    }
    without_watermark(kept)
}

/// Leaves out glyphs far larger than the text that lies over them.
fn without_watermark(mut glyphs: Vec<&Glyph>) -> Vec<&Glyph> {
    let mut sizes: Vec<f32> = glyphs.iter().map(|g| g.size).collect();
    sizes.sort_by(f32::total_cmp);
    let Some(usual) = sizes.get(sizes.len() / 2).copied() else { return glyphs };
    let large = |g: &Glyph| g.size > usual * 2.5 && g.size > 30.0;
    if glyphs.iter().filter(|g| large(g)).count() > 200 {
        return glyphs;
    }
    let text: Vec<(f32, f32)> = glyphs.iter().filter(|g| !large(g) && !g.is_blank()).map(|g| (g.middle(), g.height())).collect();
    let behind = |g: &Glyph| {
        let over = text.iter().filter(|(x, y)| (g.x..g.right()).contains(x) && (g.y - g.size * 0.85..g.y + g.size * 0.1).contains(y));
        over.take(2).count() == 2
    };
    glyphs.retain(|g| !large(g) || !behind(g));
    glyphs
}

/// Glyphs to lines, from top to bottom.
pub(super) fn lines<'p>(glyphs: &[&'p Glyph]) -> Vec<Line<'p>> {
    let mut sorted: Vec<&Glyph> = glyphs.to_vec();
    sorted.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut rows: Vec<Vec<&Glyph>> = Vec::new();
    let mut at = (f32::NEG_INFINITY, 0.0f32);
    for glyph in sorted {
        // Glyphs of different fonts may sit a little off the common base line.
        if let Some(row) = rows.last_mut().filter(|_| glyph.y - at.0 <= 0.3 * glyph.size.min(at.1)) {
            row.push(glyph);
            at.1 = at.1.max(glyph.size);
        } else {
            rows.push(vec![glyph]);
            at = (glyph.y, glyph.size);
        }
    }
    let mut lines: Vec<Line<'_>> = rows.into_iter().map(Line::new).filter(|l| l.glyphs.iter().any(|g| !g.is_blank())).collect();
    raise(&mut lines);
    lines
}

/// Puts raised and lowered small glyphs (notes, m²) into the line they belong to.
fn raise(lines: &mut Vec<Line<'_>>) {
    let mut index = 0;
    while index < lines.len() {
        let (small, y) = (lines[index].size, lines[index].y);
        let hosts = [index.checked_sub(1), Some(index + 1)];
        let host = hosts.into_iter().flatten().find(|&host| {
            lines.get(host).is_some_and(|line| {
                let beside = |g: &&Glyph| line.glyphs.iter().any(|b| !b.is_blank() && (g.x - b.right()).abs() < 0.3 * line.size);
                small < 0.8 * line.size && (y - line.y).abs() < 0.6 * line.size && lines[index].glyphs.iter().any(beside)
            })
        });
        match host {
            Some(host) => {
                let moved = lines[index].glyphs.clone();
                let mut glyphs = std::mem::take(&mut lines[host].glyphs);
                glyphs.extend(moved);
                let y = lines[host].y;
                lines[host] = Line { y, ..Line::new(glyphs) };
                lines.remove(index);
            }
            None => index += 1,
        }
    }
}

/// The text of glyphs on one base line, by rising x.
pub(super) fn text(glyphs: &[&Glyph]) -> String {
    let mut out = String::with_capacity(glyphs.len() * 3);
    let printed: Vec<&&Glyph> = glyphs.iter().filter(|g| !g.is_blank()).collect();
    let spacing = spacing(&printed);
    let size = printed.iter().map(|g| g.size).fold(0.0, f32::max);
    let base = printed.iter().find(|g| g.size >= 0.95 * size).map_or(0.0, |g| g.y);
    let mut before: Option<&Glyph> = None;
    let mut spaced = false;
    for glyph in glyphs {
        if glyph.is_blank() {
            spaced = before.is_some();
            continue;
        }
        if let Some(before) = before {
            let gap = glyph.x - before.right() - spacing;
            let em = before.size.max(glyph.size);
            let wide = gap > 1.5 * em;
            let apart = gap > 0.3 * em || spaced && gap > 0.1 * em;
            if wide || apart && !is_wide(last_char(before)) && !is_wide(glyph.first()) {
                out.push(' ');
            }
        }
        spaced = false;
        // A raised digit is a note or a power, never one more digit of the number before it.
        let raised = glyph.size < 0.8 * size && base - glyph.y > 0.2 * size;
        match &glyph.text {
            Text::One(c) => out.push(if raised { superscript(*c) } else { plain(*c) }),
            Text::Several(text) => out.extend(text.chars().map(plain)),
        }
        before = Some(glyph);
    }
    out
}

/// The usual gap between letters: not 0 where a text is letter-spaced.
fn spacing(printed: &[&&Glyph]) -> f32 {
    let mut gaps: Vec<f32> = printed.windows(2).map(|w| w[1].x - w[0].right()).collect();
    if gaps.len() < 3 {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    let size = printed[0].size;
    // Half of all gaps are as wide as this one or wider: they are no blanks between words.
    gaps[gaps.len() / 4].clamp(0.0, 2.0 * size)
}

fn last_char(glyph: &Glyph) -> char {
    match &glyph.text {
        Text::One(c) => *c,
        Text::Several(text) => text.chars().last().unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Whether a character is written without blanks around it: Han, kana, full-width forms and marks.
pub(in crate::decode) fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}'
        | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

fn superscript(c: char) -> char {
    match c {
        '0'..='9' => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c as usize - '0' as usize).unwrap_or(c),
        c => plain(c),
    }
}
