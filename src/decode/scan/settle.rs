//! What stands in a strip, where it was read several times: numbers only where two ways of reading agree.

use super::{Seen, Strip};
use crate::decode::page::is_wide;

/// Stands for what cannot be told.
const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// How sure a reader of Latin must at least be to be heard: it takes Han characters for digits.
const HEARD: f32 = 20.0;

/// The text of a strip. Of `seen`, the first two are Chinese, the others Latin.
pub(super) fn settle(strip: &Strip, seen: &[Seen], sure: f32) -> String {
    let [first, second] = [0, 1].map(|way| seen.get(way).cloned().unwrap_or_default());
    let text = prose(&first, &second);
    if !strip.in_cell {
        return text;
    }
    let heard = seen.iter().enumerate().filter(|(way, seen)| *way < 2 || seen.confidence >= HEARD);
    let numbers: Vec<(String, f32)> = heard.filter_map(|(_, seen)| Some((number(&seen.text)?, seen.confidence))).collect();
    let is_han = text.chars().any(|c| is_wide(c) && c.is_alphabetic());
    if numbers.is_empty() {
        // No label is without a Han character.
        return if is_han { text } else { UNKNOWN.to_string() };
    }
    // Of what cannot have this many digits nothing is believed.
    let votes = |value: &str| numbers.iter().filter(|(other, _)| other == value).count();
    let shaped = numbers.iter().map(|(value, _)| value).filter(|value| strip.shape.fits(value));
    let Some(value) = shaped.reduce(|best, other| if votes(other) > votes(best) { other } else { best }) else { return doubtful(&numbers[0].0) };
    let surest = numbers.iter().filter(|(other, _)| other == value).map(|(_, sure)| *sure).fold(0.0, f32::max);
    let digits = |text: &str| text.chars().map(plain).filter(char::is_ascii_digit).collect::<String>();
    let other = |seen: &Seen| !digits(&seen.text).is_empty() && digits(&seen.text) != digits(value);
    let contested = seen.iter().any(other) || votes(value) < numbers.len();
    // A flat mark is a dash, which readers of letters are not sure of.
    let flat = value == "-" && strip.shape.length > 2.0;
    let agreed = match votes(value) {
        0 | 1 => false,
        2 => flat || surest >= (100.0 + sure) / 2.0 && !contested,
        _ => flat || surest >= sure,
    };
    if agreed { value.clone() } else { doubtful(value) }
}

/// A number that nobody should take for one: what was seen, and a mark behind it.
fn doubtful(value: &str) -> String {
    format!("{value}{UNKNOWN}")
}

/// A text that is a number or a mark in its place, in plain characters.
fn number(text: &str) -> Option<String> {
    let plain: String = text.trim().chars().map(plain).collect();
    // Grains beside a number are seen as marks; but (5) is less than nothing, and .5 has lost its 0.
    let bracketed = plain.starts_with('(') && plain.ends_with(')');
    let plain = if bracketed { plain } else { plain.trim_start_matches(['(', '\'', '|']).trim_end_matches([')', '.', ',', '\'', '|']).to_string() };
    if plain.is_empty() {
        return None;
    }
    if plain.chars().all(|c| matches!(c, '一' | '-')) {
        // However long it is seen.
        return Some("-".to_string());
    }
    if plain == "/" {
        return Some(plain);
    }
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let unit = digits.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit()) && matches!(unit, "" | "%" | "元" | "万元" | "件" | "项" | "条" | "个" | "次");
    is_number.then_some(plain)
}

fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '，' => ',',
        '．' => '.',
        '—' | '–' | '－' | '_' | '─' | '―' | '~' => '-',
        '／' => '/',
        '％' => '%',
        c => c,
    }
}

/// Running text: the first reading, but for numbers that the second does not have.
fn prose(first: &Seen, second: &Seen) -> String {
    let text = if first.text.is_empty() { &second.text } else { &first.text };
    let mut others = runs(&second.text).into_iter().filter(|run| is_digits(run)).collect::<Vec<_>>().into_iter();
    let runs = runs(&brackets(text));
    let mut out = String::with_capacity(text.len());
    for (at, run) in runs.iter().enumerate() {
        // The number of a row or paragraph counts nothing.
        let counts = is_digits(run) && !(at == 0 && runs.get(1).is_some_and(|next| next.starts_with(['、', '.', ')', '）'])));
        // The other numbers are looked for from where the last one stood.
        let rest = others.clone();
        if !counts || others.any(|other| other == *run) {
            out.push_str(run);
        } else {
            others = rest;
            out.extend(run.chars().map(|_| UNKNOWN));
        }
    }
    out
}

/// A text cut into numbers and what stands between them.
fn runs(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().map(|c| if matches!(c, '０'..='９') { plain(c) } else { c }).collect();
    let numeral = |at: usize| {
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        digit(at) || matches!(chars[at], '.' | ',') && at > 0 && digit(at - 1) && digit(at + 1)
    };
    let places: Vec<usize> = (0..chars.len()).collect();
    places.chunk_by(|a, b| numeral(*a) == numeral(*b)).map(|run| run.iter().map(|at| chars[*at]).collect()).collect()
}

fn is_digits(run: &str) -> bool {
    run.starts_with(|c: char| c.is_ascii_digit())
}

/// Round brackets are often seen as pointed ones: what is closed by a round one was opened by one.
fn brackets(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = chars.clone();
    let is_close = |c: &char| matches!(c, '》' | '〉' | '）' | ')');
    for (at, c) in chars.iter().enumerate() {
        let closing = || chars[at + 1..].iter().find(|c| is_close(c));
        if matches!(c, '《' | '〈') && matches!(closing(), Some('）' | ')')) {
            out[at] = '（';
        }
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::*;
    use crate::decode::Raster;

    fn read(in_cell: bool, marks: usize, length: f32, seen: &[(&str, f32)]) -> String {
        let shape = Shape { marks, length };
        let strip = Strip { picture: Raster::blank(1, 1), in_cell, left: 0, top: 0, right: 1, bottom: 1, letter: 1, shape };
        let seen: Vec<Seen> = seen.iter().map(|(text, confidence)| Seen { text: (*text).to_string(), confidence: *confidence }).collect();
        settle(&strip, &seen, 60.0)
    }

    #[test]
    fn a_number_needs_two_readings_and_as_many_digits_as_are_seen() {
        let cell = |marks, length, seen: &[(&str, f32)]| read(true, marks, length, seen);
        assert_eq!(cell(2, 1.4, &[("17", 90.0), ("17", 80.0), ("17", 96.0), ("17", 96.0)]), "17");
        // Two are not enough where another sees another number, or where they are not sure.
        assert_eq!(cell(2, 1.6, &[("35", 62.0), ("355", 40.0), ("35", 88.0), ("55)", 39.0)]), "35\u{fffd}");
        assert_eq!(cell(2, 1.6, &[("37", 72.0), ("7", 45.0), ("37", 83.0), ("(37", 30.0)]), "37");
        assert_eq!(cell(2, 1.6, &[("了", 72.0), ("了", 45.0), ("37", 70.0), ("37", 65.0)]), "37\u{fffd}");
        assert_eq!(cell(1, 0.5, &[("人", 40.0), ("了", 30.0), ("4", 97.0), ("4", 95.0)]), "4", "seen by the Latin ones");
        assert_eq!(cell(1, 3.0, &[("一", 96.0), ("一", 80.0), ("-", 83.0), ("—", 70.0)]), "-");
        assert_eq!(cell(1, 4.0, &[("一", 55.0), ("口", 10.0), ("-", 50.0), ("", 0.0)]), "-", "nothing else is so flat");
        assert_eq!(cell(3, 2.0, &[("033", 64.0), ("633", 83.0), ("633", 96.0), ("633", 90.0)]), "633");
        // A digit was overlooked, by all who agree.
        assert_eq!(cell(2, 1.3, &[("12", 89.0), ("2", 66.0), ("2", 71.0), ("2", 66.0)]), "12\u{fffd}");
        assert_eq!(cell(2, 1.3, &[("17", 89.0), ("11", 95.0), ("17", 60.0), ("11", 66.0)]), "17\u{fffd}", "two against two");
        assert_eq!(cell(2, 1.3, &[("17", 95.0), ("11", 70.0), ("71", 60.0), ("", 0.0)]), "17\u{fffd}");
        assert_eq!(cell(2, 1.3, &[("17", 50.0), ("17", 40.0), ("17", 59.0), ("", 0.0)]), "17\u{fffd}", "nobody is sure");
    }

    #[test]
    fn a_cell_with_ink_is_never_blank() {
        assert_eq!(read(true, 1, 0.5, &[("", 0.0), ("", 0.0), ("", 0.0), ("", 0.0)]), "\u{fffd}");
        assert_eq!(read(true, 1, 0.5, &[("|", 50.0), ("]", 0.0), ("i", 40.0), ("l", 30.0)]), "\u{fffd}");
        assert_eq!(read(false, 1, 0.5, &[("", 0.0), ("", 0.0)]), "");
    }

    #[test]
    fn labels_stay_labels() {
        assert_eq!(read(true, 1, 1.0, &[("总", 97.0), ("总", 95.0), ("a", 45.0), ("3", 9.0)]), "总");
        assert_eq!(read(true, 8, 8.0, &[("1、属于国家秘密", 87.0), ("工、属于国家秘密", 4.0)]), "1、属于国家秘密");
        assert_eq!(read(true, 8, 8.0, &[("(二)部分公开《区分处理的)", 87.0), ("", 0.0)]), "(二)部分公开（区分处理的)");
    }

    #[test]
    fn numbers_in_prose_are_doubted_one_by_one() {
        let prose = |a, b| read(false, 30, 30.0, &[(a, 90.0), (b, 80.0)]);
        assert_eq!(prose("公开信息302条，其中网站1,245条。", "公开信息302条，其中网站1,245条，"), "公开信息302条，其中网站1,245条。");
        assert_eq!(prose("公开302条，网站17条，占５％", "公开802条，网站17条，占5%"), "公开\u{fffd}\u{fffd}\u{fffd}条，网站17条，占5％");
        assert_eq!(prose("见《公开条例》〈修订)", "见《公开条例》(修订)"), "见《公开条例》（修订)");
    }
}
