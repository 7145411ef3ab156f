//! The sentences that hold figures, as they stand in the report, with the place of each figure in them: for people
//! who want to see what was read and from where.

use super::{Marked, Passage};
use crate::document::Place;

/// A sentence with figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Its text on one line.
    pub text: String,
    /// Where its first figure stands.
    pub at: Place,
    /// Its figures in their order; spans are bytes of `text`.
    pub figures: Vec<Marked>,
}

/// At most so many bytes are shown around a figure.
const AROUND: usize = 600;

/// The sentences around the figures of these passages.
pub fn sentences(passages: &[Passage<'_>], marked: &[Marked]) -> Vec<Sentence> {
    let mut order: Vec<&Marked> = marked.iter().collect();
    order.sort_by_key(|one| (one.passage, one.span));
    let mut found: Vec<Sentence> = Vec::new();
    // Passage and bytes of the sentence being gathered.
    let mut here = (u32::MAX, 0, 0);
    let mut first = 0;
    for (at, one) in order.iter().enumerate() {
        let Some(passage) = passages.get(one.passage as usize) else { continue };
        if here.0 != one.passage || one.span.0 as usize >= here.2 {
            gather(&mut found, passages, here, order.get(first..at).unwrap_or_default());
            let (from, to) = around(passage.text, one.span);
            // What was shown with the sentence before is not shown again.
            let from = if here.0 == one.passage { from.max(here.2) } else { from };
            here = (one.passage, from, to);
            first = at;
        }
    }
    gather(&mut found, passages, here, order.get(first..).unwrap_or_default());
    found
}

fn gather(found: &mut Vec<Sentence>, passages: &[Passage<'_>], (passage, from, to): (u32, usize, usize), marked: &[&Marked]) {
    let (Some(passage), Some(first)) = (passages.get(passage as usize), marked.first()) else { return };
    let mut text = String::new();
    let mut figures: Vec<Marked> = marked.iter().map(|one| Marked { span: (0, 0), ..(*one).clone() }).collect();
    let mut blank = true;
    for (offset, ch) in passage.text.get(from..to).unwrap_or_default().char_indices() {
        let at = (from + offset) as u32;
        let gone = ch.is_whitespace() || ch.is_control();
        let length = if gone && blank { 0 } else { ch.len_utf8() };
        for (figure, original) in figures.iter_mut().zip(marked) {
            if original.span.0 == at {
                figure.span = (text.len() as u32, text.len() as u32);
            }
            if (original.span.0..original.span.1).contains(&at) && !gone {
                figure.span.1 = (text.len() + length) as u32;
            }
        }
        match (gone, blank) {
            (true, true) => {}
            (true, false) => text.push(' '),
            (false, _) => text.push(ch),
        }
        blank = gone;
    }
    text.truncate(text.trim_end().len());
    found.push(Sentence { text, at: first.figure.at, figures });
}

/// The sentence around a figure, from stop to stop.
fn around(text: &str, (from, to): (u32, u32)) -> (usize, usize) {
    let (from, to) = (from as usize, (to as usize).min(text.len()));
    let floor = (from.saturating_sub(AROUND)..=from).find(|&at| text.is_char_boundary(at)).unwrap_or(from);
    let ceiling = (to..=(to + AROUND).min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(to);
    let ends = |ch: char| matches!(ch, '。' | '!' | '?' | '！' | '？');
    let before = text.get(floor..from).unwrap_or_default();
    let after = text.get(to..ceiling).unwrap_or_default();
    let start = before.char_indices().rev().find(|(_, ch)| ends(*ch)).map_or(floor, |(at, ch)| floor + at + ch.len_utf8());
    let end = after.char_indices().find(|(_, ch)| ends(*ch)).map_or(ceiling, |(at, ch)| to + at + ch.len_utf8());
    (start, end)
}
