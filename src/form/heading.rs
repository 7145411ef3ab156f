//! Where the parts of a report begin. Headings are known by their words before their numbers; in
//! running text, where they lost their lines, by both.

use super::Forms;
use super::label::{Ordinal, core, fold, likeness, narrow, numeral, ordinal};
use crate::document::{Block, Document, is_letter};
use std::ops::Range;

/// The heading of a section: some bytes of a paragraph.
pub(super) struct Heading<'d> {
    /// Index of the paragraph among the blocks.
    pub block: usize,
    /// Identifier of the section.
    pub section: &'d str,
    /// Where in the paragraph it stands.
    pub bytes: Range<usize>,
    strength: u8,
}

/// The headings of the sections in reading order.
pub(super) fn headings<'d>(document: &Document<'_>, forms: &'d Forms) -> Vec<Heading<'d>> {
    let mut found: Vec<Heading<'d>> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let Block::Paragraph(paragraph) = block else { continue };
        if let Some((section, length, strength)) = heading(&paragraph.text, paragraph.heading, forms) {
            found.push(Heading { block: index, section, bytes: 0..length, strength });
        }
    }
    // Inside a part, sub-headings repeat the words of a section: only the best of each name counts.
    let best = |section: &str| found.iter().filter(|h| h.section == section).map(|h| h.strength).max();
    let keep: Vec<bool> = found.iter().map(|h| Some(h.strength) == best(h.section)).collect();
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next() == Some(true));
    add_inner(document, forms, &mut found);
    found
}

/// Headings that lost their line: `……成效。二、主动公开政府信息情况 第二十条……`. Looked for where a section
/// has no heading of its own; the words must be the official ones and a number must stand before them.
fn add_inner<'d>(document: &Document<'_>, forms: &'d Forms, found: &mut Vec<Heading<'d>>) {
    let sections = || forms.forms.iter().flat_map(|f| &f.sections);
    let order: Vec<&str> = forms.forms[0].sections.iter().map(|s| s.id.as_str()).collect();
    let rank = |section: &str| order.iter().position(|id| *id == section).unwrap_or_default();
    let mut inner: Vec<Heading<'d>> = Vec::new();
    for (block, paragraph) in document.blocks.iter().enumerate().filter_map(|(n, b)| Some((n, b.paragraph()?))) {
        if paragraph.text.len() < SHORTEST_RUN_ON {
            continue;
        }
        for (at, _) in paragraph.text.match_indices(PART_NUMBERS).filter(|(at, _)| stands_free(&paragraph.text[..*at])) {
            let text = &paragraph.text[at..];
            let head = &text[..text.char_indices().nth(60).map_or(text.len(), |(end, _)| end)];
            let folded = fold(head);
            let Some((Ordinal { level: 1, .. }, length)) = ordinal(&folded, None) else { continue };
            let letters = core(&folded[length..]);
            let names =
                sections().flat_map(|s| s.headings.iter().map(move |h| (s, h))).filter(|(_, h)| h.chars().count() >= 4 && letters.starts_with(h.as_str()));
            if let Some((section, known)) = names.max_by_key(|(_, h)| h.len()) {
                inner.push(Heading { block, section: &section.id, bytes: at..at + end_of(text, known), strength: 0 });
            }
        }
    }
    // A list of contents names them too: of several, the last that the order of the form allows counts.
    let mut after = (usize::MAX, 0);
    for section in order.iter().rev() {
        let own = found.iter().filter(|h| h.section == *section).map(|h| (h.block, h.bytes.start)).min();
        let at = own.or_else(|| inner.iter().filter(|h| h.section == *section).map(|h| (h.block, h.bytes.start)).filter(|at| *at < after).max());
        if own.is_none() {
            inner.retain(|h| rank(h.section) != rank(section) || Some((h.block, h.bytes.start)) == at);
        } else {
            inner.retain(|h| h.section != *section);
        }
        after = at.unwrap_or(after);
    }
    found.append(&mut inner);
    found.sort_by_key(|h| (h.block, h.bytes.start));
}

/// The numbers of the parts, and the shortest text that may hold one within.
const PART_NUMBERS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
const SHORTEST_RUN_ON: usize = 60;

/// Whether a number behind this text may open a part: a sentence, a table or a gap ends here.
fn stands_free(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || c.is_ascii_digit() || !is_letter(narrow(c)) && !matches!(c, '、' | '“' | '（' | '('))
}

/// Longest heading, in bytes of the paragraph as it stands.
const LONGEST_HEADING: usize = 160;

pub(super) fn heading<'d>(text: &str, marked: bool, forms: &'d Forms) -> Option<(&'d str, usize, u8)> {
    let text_start = text.len() - text.trim_start().len();
    let short = text.len() <= LONGEST_HEADING && !text.trim_end().ends_with(['。', '；', ';', '，']);
    let first = text.trim_start().chars().next()?;
    if !short && !"一二三四五六第".contains(first) {
        return None;
    }
    let folded = fold(text.get(..LONGEST_HEADING.min(text.len())).unwrap_or_else(|| clip(text)));
    let (number, words) = match ordinal_of_part(&folded) {
        Some((ordinal, length)) => (Some(ordinal), &folded[length..]),
        None => (None, folded.as_str()),
    };
    let level = number.map(|o| o.level);
    let of_part = level == Some(1);
    let unnumbered = number.is_none() && marked;
    let opening = words.chars().find(|c| is_letter(*c))?;
    if !of_part && !unnumbered && !forms.heading_openings.contains(&opening) {
        return None;
    }
    let letters: String = words.chars().filter(|c| is_letter(*c)).collect();
    for section in forms.forms.iter().flat_map(|f| &f.sections) {
        let exact = short && section.headings.contains(&letters);
        let strength = match level {
            Some(1) => 3,
            None => 2,
            Some(_) => 1,
        };
        if exact {
            return Some((&section.id, text.len(), strength));
        }
        // The sentence runs on behind the heading: 一、总体情况2021年，我街道……
        if level == Some(1) && number_is(number, &section.ordinal) {
            for known in &section.headings {
                if known.chars().count() >= 4 && letters.starts_with(known.as_str()) && !short {
                    return Some((&section.id, text_start + end_of(&text[text_start..], known), strength));
                }
            }
        }
    }
    if !short || letters.chars().count() > 34 {
        return None;
    }
    if !of_part && !unnumbered {
        return None;
    }
    let letters_list: Vec<char> = letters.chars().collect();
    for section in forms.forms.iter().flat_map(|f| &f.sections) {
        let same_number = of_part && number_is(number, &section.ordinal);
        let alike = |known: &String| {
            let known: Vec<char> = known.chars().collect();
            // Where the number tells too, one letter of four may be misread.
            let misread = known.iter().zip(&letters_list).filter(|(a, b)| a != b).count();
            likeness(&letters_list, &known).is_some_and(|l| l >= 0.85) || same_number && known.len() == letters_list.len() && misread * 4 <= known.len()
        };
        let worded = || !section.words.is_empty() && section.words.iter().all(|w| letters.contains(w.as_str()));
        if of_part && section.headings.iter().any(alike) || (same_number || unnumbered) && worded() {
            return Some((&section.id, text.len(), if of_part { 3 } else { 1 }));
        }
    }
    None
}

/// 一、 or 第一部分: the number of a part.
fn ordinal_of_part(folded: &str) -> Option<(Ordinal, usize)> {
    if let Some(rest) = folded.strip_prefix('第') {
        let digit = rest.chars().next()?;
        let number = numeral(digit)?;
        let after = &rest[digit.len_utf8()..];
        let word = ["部分", "章"].into_iter().find(|w| after.starts_with(w))?;
        let mut length = folded.len() - after.len() + word.len();
        length += folded[length..].chars().next().filter(|c| "、:,.".contains(*c)).map_or(0, char::len_utf8);
        return Some((Ordinal { level: 1, number }, length));
    }
    ordinal(folded, None)
}

fn number_is(number: Option<Ordinal>, printed: &str) -> bool {
    number.is_some_and(|o| printed.chars().next().and_then(numeral) == Some(o.number))
}

/// Bytes of `text` up to the end of `known`, whose letters it begins with after its ordinal.
fn end_of(text: &str, known: &str) -> usize {
    let mut wanted = known.chars().peekable();
    let first = wanted.peek().copied();
    let mut begun = false;
    for (at, c) in text.char_indices() {
        let narrow = narrow(c);
        if !begun && Some(narrow) != first {
            continue;
        }
        begun = true;
        if wanted.peek() == Some(&narrow) {
            wanted.next();
            if wanted.peek().is_none() {
                return at + c.len_utf8();
            }
        }
    }
    text.len()
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_HEADING)]
}
