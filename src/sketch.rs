//! How alike the prose of two reports is, without keeping the prose: a sample of the pieces of wording
//! (shingles) that stand in it. The sample is drawn by hash, so a piece that two reports share is in
//! both samples or in neither. Knows nothing of years and offices but the names it is told to leave out.

use crate::document::is_letter;
use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Characters in a piece of wording.
const PIECE: usize = 6;
/// One piece in so many is kept.
const KEPT: u64 = 4;
/// What is shorter and has no sentence in it is a heading, whatever the file marks.
const HEADING: usize = 30;

/// The pieces of wording kept of a text, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch(Vec<u32>);

impl Sketch {
    /// The sketch of some paragraphs. Years and `names` are passed over, for a copy changes them; other
    /// figures are not, for to fill in new ones is what an honest office does.
    pub fn of<'t>(paragraphs: impl Iterator<Item = &'t str>, names: &[String]) -> Sketch {
        let names: Vec<(&str, Finder<'_>)> = names.iter().map(|name| (name.as_str(), Finder::new(name.as_str()))).collect();
        let mut letters: Vec<char> = Vec::new();
        for text in paragraphs.filter(|text| !is_heading(text)) {
            let mut text = Cow::Borrowed(text);
            for (name, finder) in &names {
                if finder.find(text.as_bytes()).is_some() {
                    text = Cow::Owned(text.replace(name, ""));
                }
            }
            letters.extend(text.chars().filter(|c| is_letter(*c)));
        }
        let letters = without_years(&letters);
        let mut kept: Vec<u32> = letters.windows(PIECE).map(hash).filter(|h| h % KEPT == 0).map(|h| (h >> 32) as u32).collect();
        kept.sort_unstable();
        kept.dedup();
        Sketch(kept)
    }

    /// The pieces, sorted.
    pub fn pieces(&self) -> &[u32] {
        &self.0
    }

    /// The sketch without some pieces, which are sorted.
    #[must_use]
    pub fn without(&self, mut left_out: &[u32]) -> Sketch {
        let kept = self.0.iter().filter(|&piece| {
            while let [first, rest @ ..] = left_out
                && first < piece
            {
                left_out = rest;
            }
            left_out.first() != Some(piece)
        });
        Sketch(kept.copied().collect())
    }

    /// About how many characters of text it stands for.
    pub fn characters(&self) -> usize {
        self.0.len() * KEPT as usize
    }

    /// The share of pieces that two texts have in common, of all that stand in either: 0 to 1. None if it is less than
    /// `least`, which is seen long before the end.
    pub fn likeness(&self, other: &Sketch, least: f64) -> Option<f64> {
        /// Pieces that are looked at before it is asked whether enough can still be in common.
        const STRETCH: usize = 32;
        let (mut a, mut b, mut common) = (self.0.as_slice(), other.0.as_slice(), 0usize);
        let all = a.len() + b.len();
        let share = |common: usize| if all == 0 { 0.0 } else { common as f64 / (all - common) as f64 };
        while !a.is_empty() && !b.is_empty() {
            let (mut x, mut y) = (0, 0);
            for _ in 0..STRETCH.min(a.len()).min(b.len()) {
                let (one, other) = (a[x], b[y]);
                x += usize::from(one <= other);
                y += usize::from(other <= one);
                common += usize::from(one == other);
            }
            (a, b) = (&a[x..], &b[y..]);
            if share(common + a.len().min(b.len())) < least {
                return None;
            }
        }
        Some(share(common)).filter(|share| *share >= least)
    }
}

fn is_heading(text: &str) -> bool {
    text.chars().nth(HEADING).is_none() && !text.contains(['。', '；', ';', '！'])
}

/// The letters without four digits that are a year.
fn without_years(letters: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(letters.len());
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let mut at = 0;
    while at < letters.len() {
        let alone = !digit(at + 4) && (at == 0 || !digit(at - 1));
        if alone && (1..4).all(|n| digit(at + n)) && matches!(letters[at..at + 2], ['2', '0'] | ['1', '9']) {
            at += 4;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    out
}

/// A hash that spreads over all its bits and is the same on every machine.
fn hash(piece: &[char]) -> u64 {
    let mixed = |h: u64| {
        let h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        h ^ (h >> 31)
    };
    piece.iter().fold(0x9e37_79b9_7f4a_7c15, |h, &c| mixed(h ^ u64::from(u32::from(c))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        Sketch::of([text].into_iter(), &["望湖街街道".to_string(), "白鹭镇".to_string()])
    }

    /// Three hundred characters that repeat nothing.
    fn prose() -> String {
        (0..300u32).filter_map(|n| char::from_u32(0x4e00 + n * 7)).collect::<String>() + "。"
    }

    #[test]
    fn a_copy_with_another_name_and_year_is_a_copy() {
        let original = format!("2020年，望湖街街道{}共82条。", prose());
        let copy = format!("2021 年，白鹭镇{}共 82 条。", prose());
        assert_eq!(sketch(&original), sketch(&copy));
        assert_eq!(sketch(&original).likeness(&sketch(&copy), 0.6), Some(1.0));
    }

    #[test]
    fn figures_are_part_of_the_wording() {
        assert_eq!(without_years(&"12020年与2019年82条20201".chars().collect::<Vec<_>>()).iter().collect::<String>(), "12020年与年82条20201");
        let figures = |n: u32| (0..60).map(|i| format!("{}{}条", char::from_u32(0x4e00 + i * 7).unwrap_or(' '), i * 13 + n)).collect::<String>() + "。";
        assert!(sketch(&figures(1)).likeness(&sketch(&figures(500)), 0.0).is_some_and(|likeness| likeness < 0.3));
    }

    #[test]
    fn headings_and_nothing_are_like_nothing() {
        assert_eq!(sketch("（一）主动公开情况").characters(), 0);
        assert_eq!(sketch("").likeness(&sketch(""), 0.0), Some(0.0));
        assert_eq!(sketch("").likeness(&sketch(""), 0.6), None);
        let size = sketch(&prose()).characters();
        assert!((200..400).contains(&size), "{size} characters of 300");
    }

    #[test]
    fn likeness_is_that_of_sets() {
        use std::collections::BTreeSet;
        let mut seed = 1u32;
        let mut set = |of: u32, bound: u32| -> BTreeSet<u32> {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) % bound
            };
            (0..of).map(|_| next()).collect()
        };
        for round in 0..2000u32 {
            let (bound, of) = (1 + round % 300, round % 97);
            let (a, b, left_out) = (set(of, bound), set(round % 89, bound), set(round % 50, bound));
            let sketch = |set: &BTreeSet<u32>| Sketch(set.iter().copied().collect());
            let all = a.union(&b).count();
            let likeness = if all == 0 { 0.0 } else { a.intersection(&b).count() as f64 / all as f64 };
            for least in [0.0, 0.2, 0.5, 0.6, likeness, 1.0] {
                assert_eq!(sketch(&a).likeness(&sketch(&b), least), (likeness >= least).then_some(likeness), "{a:?} {b:?} {least}");
            }
            let sorted: Vec<u32> = left_out.iter().copied().collect();
            assert_eq!(sketch(&a).without(&sorted), sketch(&a.difference(&left_out).copied().collect()));
        }
    }
}
