//! From drafts to figures: the channel by name, ranges as two bounds, units, the text of the clause, the line;
//! each fact once (rules R1, R2, R10, R12).

use super::glyph::Glyph;
use super::grammar::Grammar;
use super::memory::Draft;
use super::{Marked, Passage};
use crate::document::Place;
use crate::fact::{Figure, Qualifier, Scope};
use std::collections::HashSet;

/// A clause longer than this many characters is quoted in part.
const QUOTE: usize = 120;

/// What makes a fact the same as another.
type Key = (u16, Option<u8>, u64, Option<u8>, Qualifier, Scope, bool);

/// Gathers the facts of one report.
pub struct Facts<'r> {
    grammar: &'r Grammar,
    passages: &'r [Passage<'r>],
    known: HashSet<Key>,
    found: Vec<Marked>,
    /// The largest number of items without channel in the sentences before, and in this one.
    total: (f64, f64),
    /// Where the last line count stopped: passage, offset, line breaks before it.
    counted: (u32, u32, u32),
}

impl<'r> Facts<'r> {
    /// Begins a report.
    pub fn new(grammar: &'r Grammar, passages: &'r [Passage<'r>]) -> Self {
        Facts { grammar, passages, known: HashSet::new(), found: Vec::new(), total: (0.0, 0.0), counted: (0, 0, 0) }
    }

    /// The facts in the order of the text.
    pub fn finish(self) -> Vec<Marked> {
        self.found
    }

    /// A sentence ends.
    pub fn end_sentence(&mut self) {
        self.total.0 = self.total.0.max(self.total.1);
    }

    /// Whether a figure without channel is less than a total of an earlier sentence: items about one subject (R4).
    fn topical(&mut self, draft: &Draft, channel: Option<u8>) -> bool {
        let broad = Grammar::is(self.grammar.broad, draft.topic) && draft.indicator.is_some_and(|one| Grammar::is(self.grammar.broad, self.grammar.home(one)));
        if !broad || channel.is_some() || draft.scope != Some(Scope::CurrentYear) || draft.implied {
            return false;
        }
        self.total.1 = self.total.1.max(draft.amount.value);
        draft.amount.value < self.total.0
    }

    /// Takes a draft of a sentence, if it is a fact of this section.
    pub fn take(&mut self, draft: &Draft, glyphs: &[Glyph]) {
        let wide = draft.indicator.is_none();
        let (Some(indicator), Some(scope)) = (draft.indicator.or(draft.elsewhere), draft.scope) else {
            return;
        };
        let Some(first) = glyphs.get(draft.amount.span.0 as usize) else {
            return;
        };
        let Some(passage) = self.passages.get(first.passage as usize) else {
            return;
        };
        let Some(entry) = self.grammar.entry(indicator) else {
            return;
        };
        // Of what section five says only plans are figures: nothing there becomes this year's.
        let planned = passage.section == "problems" && scope == Scope::NextYearPlan && entry.section == "overview";
        if entry.section != passage.section && !planned {
            return;
        }
        let named = if entry.channelled { self.grammar.channel(draft.carriers) } else { None };
        let channel = entry.channel.or(named);
        if !wide && self.topical(draft, channel) {
            return;
        }
        let amount = &draft.amount;
        let values = match amount.upper {
            Some(upper) => [Some((amount.value, Qualifier::AtLeast)), Some((upper, Qualifier::AtMost))],
            None => [Some((amount.value, amount.qualifier)), None],
        };
        for (value, qualifier) in values.into_iter().flatten() {
            if !self.known.insert((indicator, channel, value.to_bits(), amount.measure, qualifier, scope, wide)) {
                continue;
            }
            let unit = match amount.measure {
                _ if amount.rate => Some("ratio".into()),
                Some(measure) => self.grammar.measures.get(usize::from(measure)).cloned(),
                None if draft.implied => entry.zero.clone(),
                None => None,
            };
            let at = self.place(first);
            let raw = quote(self.passages, glyphs, amount.span);
            let figure = Figure { indicator, channel, value, unit, qualifier, scope, whole: draft.whole, raw, at };
            self.found.push(Marked { figure, wide, passage: first.passage, span: span(self.passages, glyphs, amount.span) });
        }
    }

    /// The line a character stands in. Counting goes on from the last one, so that it stays linear.
    fn place(&mut self, glyph: &Glyph) -> Place {
        let Some(passage) = self.passages.get(glyph.passage as usize) else {
            return Place::default();
        };
        if self.counted.0 != glyph.passage || self.counted.1 > glyph.at {
            self.counted = (glyph.passage, 0, 0);
        }
        let between = passage.text.as_bytes().get(self.counted.1 as usize..glyph.at as usize).unwrap_or_default();
        let breaks = self.counted.2 + between.iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.counted = (glyph.passage, glyph.at, breaks);
        let line = if passage.at.line == 0 { 0 } else { passage.at.line + breaks };
        Place { page: passage.at.page, line }
    }
}

/// The bytes of a stretch of glyphs within the passage it begins in.
fn span(passages: &[Passage<'_>], glyphs: &[Glyph], (from, to): (u32, u32)) -> (u32, u32) {
    let Some(first) = glyphs.get(from as usize) else {
        return (0, 0);
    };
    let inside = glyphs.get(from as usize..to as usize).unwrap_or_default();
    let last = inside.iter().rev().find(|glyph| glyph.passage == first.passage).unwrap_or(first);
    (first.at, last.at + width(passages, last))
}

/// How many bytes a character takes in its text.
fn width(passages: &[Passage<'_>], glyph: &Glyph) -> u32 {
    let text = passages.get(glyph.passage as usize).and_then(|passage| passage.text.get(glyph.at as usize..));
    text.and_then(|text| text.chars().next()).map_or(0, |ch| ch.len_utf8() as u32)
}

/// The clause around a figure as it stands in the text, from mark to mark.
fn quote(passages: &[Passage<'_>], glyphs: &[Glyph], (from, to): (u32, u32)) -> Box<str> {
    let (from, to) = (from as usize, (to as usize).min(glyphs.len()));
    let ends = |glyph: &Glyph| matches!(glyph.ch, ',' | ';' | '。' | '!' | '?');
    let before = glyphs.get(..from).unwrap_or_default().iter().rev().take(QUOTE).take_while(|glyph| !ends(glyph)).count();
    let after = glyphs.get(to..).unwrap_or_default().iter().take(QUOTE).take_while(|glyph| !ends(glyph)).count();
    let mut rest = glyphs.get(from - before..to + after).unwrap_or_default();
    let mut text = String::new();
    while let Some(first) = rest.first() {
        let here = rest.iter().take_while(|glyph| glyph.passage == first.passage).count();
        let (part, next) = rest.split_at(here);
        if let (Some(last), Some(passage)) = (part.last(), passages.get(first.passage as usize)) {
            text.push_str(passage.text.get(first.at as usize..(last.at + width(passages, last)) as usize).unwrap_or_default());
        }
        rest = next;
    }
    text.into_boxed_str()
}
