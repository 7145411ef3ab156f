//! Text as the reader sees it: characters in their plain form without blanks and line breaks, each knowing
//! where it stood, gathered sentence by sentence from passages that a page end may have torn apart.

use super::Passage;
use crate::numeral;

/// What was left out between a character and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing.
    None,
    /// Blanks.
    Blank,
    /// A line break, or the seam of two passages.
    Line,
}

/// A character in its plain form.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// Full-width forms as ASCII.
    pub ch: char,
    /// What was left out before it.
    pub gap: Gap,
    /// The passage it stands in.
    pub passage: u32,
    /// Its byte offset there.
    pub at: u32,
}

/// A sentence longer than this is cut at the next comma, so that no text can make the reader slow.
const LONG: usize = 1_000;
/// And here wherever it is.
const TOO_LONG: usize = 1_500;

/// How a sentence ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At a full stop, or cut for its length.
    Sentence,
    /// With its paragraph.
    Paragraph,
    /// It is a line of its own that only names what follows.
    Heading,
}

/// Runs through passages and fills a buffer with one sentence at a time.
pub struct Sentences<'p, 't> {
    passages: &'p [Passage<'t>],
    /// The characters that stand in words which state something without a number.
    cues: &'p [char],
    passage: usize,
    at: usize,
}

impl<'p, 't> Sentences<'p, 't> {
    /// Begins with the first passage.
    pub fn new(passages: &'p [Passage<'t>], cues: &'p [char]) -> Self {
        Sentences { passages, cues, passage: 0, at: 0 }
    }

    /// Fills `glyphs` with the next sentence. Returns how it ended and whether it may hold a figure.
    pub fn next(&mut self, glyphs: &mut Vec<Glyph>) -> Option<(End, bool)> {
        glyphs.clear();
        let mut cue = Cue::default();
        let mut gap = Gap::None;
        loop {
            let passage = self.passages.get(self.passage)?;
            for (offset, raw) in passage.text.get(self.at..).unwrap_or_default().char_indices() {
                let ch = numeral::plain(raw);
                match ch {
                    '\n' | '\r' if is_heading(glyphs) => {
                        self.at += offset + raw.len_utf8();
                        return Some((End::Heading, cue.found));
                    }
                    '\n' | '\r' => gap = Gap::Line,
                    ' ' | '\t' | '\u{feff}' | '\u{200b}' | '*' => gap = if gap == Gap::Line { gap } else { Gap::Blank },
                    _ => {
                        let at = (self.at + offset) as u32;
                        glyphs.push(Glyph { ch, gap, passage: self.passage as u32, at });
                        gap = Gap::None;
                        cue.take(ch, self.cues);
                        let stop = match ch {
                            '。' | '!' | '?' => true,
                            ',' | ';' | '、' => glyphs.len() > LONG,
                            _ => glyphs.len() > TOO_LONG,
                        };
                        if stop {
                            self.at += offset + raw.len_utf8();
                            return Some((End::Sentence, cue.found));
                        }
                    }
                }
            }
            let heading = is_heading(glyphs);
            let goes_on = !heading && self.goes_on(glyphs.last().map(|glyph| glyph.ch));
            self.passage += 1;
            self.at = 0;
            if heading {
                return Some((End::Heading, cue.found));
            }
            if !goes_on {
                return Some((End::Paragraph, cue.found));
            }
            gap = Gap::Line;
        }
    }

    /// Whether the present passage breaks off in mid-sentence and the next one carries it on.
    fn goes_on(&self, last: Option<char>) -> bool {
        let (Some(here), Some(next)) = (self.passages.get(self.passage), self.passages.get(self.passage + 1)) else {
            return false;
        };
        let open = last.is_some_and(|ch| !matches!(ch, '。' | '!' | '?' | ';' | ':' | '”'));
        open && !here.heading && !next.heading && here.section == next.section && begins_with_ordinal(plain(next.text)).is_none()
    }
}

/// A line of its own of at most so many characters may be a heading.
const TITLE: usize = 30;

/// Whether what was gathered up to the end of a line is a heading, though the file does not mark it: it begins
/// with an ordinal, is short, and has no punctuation of a sentence.
fn is_heading(glyphs: &[Glyph]) -> bool {
    let titled = (3..=TITLE).contains(&glyphs.len()) && glyphs.iter().all(|glyph| !matches!(glyph.ch, ',' | ';' | ':' | '。' | '!' | '?'));
    let Some(ordinal) = begins_with_ordinal(glyphs.iter().map(|glyph| glyph.ch)).filter(|_| titled) else {
        return false;
    };
    // 三是公开信息12条 states a figure; 第三次 is no ordinal of a point; a full line of text goes on in the next.
    let rest = glyphs.get(ordinal..).unwrap_or_default();
    !rest.is_empty() && rest.iter().all(|glyph| !glyph.ch.is_ascii_digit() && glyph.gap != Gap::Line)
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(numeral::plain).filter(|ch| !ch.is_whitespace() && *ch != '*')
}

/// How many characters of a paragraph its ordinal takes, if it begins a new point: 一、 （二） 3. 第四 三是.
fn begins_with_ordinal(text: impl Iterator<Item = char>) -> Option<usize> {
    let mut chars = text.take(5).peekable();
    let mut taken = 0;
    let bracket = chars.next_if(|&ch| ch == '(').is_some() | chars.next_if(|&ch| ch == '第').is_some();
    while chars.next_if(|ch| ch.is_ascii_digit() || numeral::digit(*ch).is_some() || *ch == '十').is_some() {
        taken += 1;
    }
    if taken == 0 {
        return None;
    }
    let closed = matches!(chars.next(), Some('、' | '.' | ')' | '是'));
    (bracket || closed).then_some(taken + usize::from(bracket) + usize::from(closed))
}

/// Notes whether a sentence has anything a figure could come from, so that most are passed over unread.
#[derive(Default)]
struct Cue {
    found: bool,
    numeral: bool,
}

impl Cue {
    #[inline]
    fn take(&mut self, ch: char, cues: &[char]) {
        let (numeral, plain) = match ch {
            '0'..='9' => (false, true),
            _ if cues.contains(&ch) => (false, true),
            _ if numeral::is_numeral(ch) => (true, false),
            '、' | '是' | ')' | '体' | '系' | '步' | '定' | '般' | '线' | '窗' | '站' => (false, false),
            _ => (false, self.numeral),
        };
        self.found |= plain;
        self.numeral = numeral;
    }
}
