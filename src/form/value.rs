//! The text of a table cell as a number, or as the lack of one. Blank is not zero.

use super::config::WrongValue;
use super::label::narrow;
use crate::document::SEAM;
use anyhow::{Result, bail};

/// How the numbers of a column are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Format {
    /// The unit kept: 件, 项 or 元.
    pub unit: String,
    /// What a number without a unit is multiplied by: 10,000 where the form prints 万元.
    pub scale: f64,
    /// Whether the form prints the unit. If not, an amount without a unit is worth a finding.
    pub unit_printed: bool,
    /// Whether the number may be negative (本年增/减).
    pub signed: bool,
    /// Whether it may have decimals.
    pub decimal: bool,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellText {
    /// A number in the unit of its column; whether the cell itself names a unit of money.
    Number(f64, bool),
    /// Nothing, or only blanks.
    Blank,
    /// A mark for "does not apply": - — / 无 不适用.
    NotApplicable,
    /// Anything else.
    Unreadable,
}

/// The largest number that a cell may hold: more is the digits of several cells run together.
const LARGEST: f64 = 1e12;

/// Units of money and what they are in yuan.
const MONEY: [(&str, f64); 6] = [("万元人民币", 1e4), ("亿元", 1e8), ("万元", 1e4), ("人民币元", 1.0), ("元", 1.0), ("万", 1e4)];

/// Measure words that may follow a count.
const MEASURES: [&str; 17] = ["件次", "件", "项", "条", "个", "宗", "份", "次", "起", "部", "例", "笔", "家", "人", "篇", "类", "批"];

impl Format {
    pub(super) fn new(unit: &str, printed: &str, unit_printed: bool, signed: bool, decimal: bool) -> Result<Format> {
        let money = |name: &str| MONEY.iter().find(|(word, _)| *word == name).map(|(_, yuan)| *yuan);
        let scale = match (money(unit), money(printed)) {
            (Some(kept), Some(written)) => written / kept,
            (None, None) if unit == printed && MEASURES.contains(&unit) => 1.0,
            _ => {
                let valid = format!("元 (from 元, 万元, 亿元) and the measure words {}", MEASURES.join(" "));
                bail!(WrongValue::new(printed, format!("unit `{unit}` printed as `{printed}`: valid are {valid}")))
            }
        };
        Ok(Format { unit: unit.to_string(), scale, unit_printed, signed, decimal })
    }

    /// A kept value in the unit in which the form prints it: yuan in 万元.
    pub fn printed(&self, value: f64) -> f64 {
        value / self.scale
    }

    /// Whether the column holds money.
    pub fn is_money(&self) -> bool {
        self.unit == "元"
    }

    /// Reads a cell of this column. `yuan` is the unit that the report's own header names for it.
    pub fn read(&self, text: &str, yuan: Option<f64>) -> CellText {
        let yuan = yuan.filter(|_| self.is_money());
        let usual = yuan.unwrap_or(self.scale);
        if let [b'0'..=b'9'] | [b'1'..=b'9', _, ..] = text.as_bytes()
            && text.len() <= 9
            && usual == 1.0
            && let Ok(number) = text.parse::<u32>()
        {
            return CellText::Number(f64::from(number), yuan.is_some());
        }
        let folded = fold_number(text);
        let (printed, text) = (text, folded.as_str());
        if text.is_empty() {
            return CellText::Blank;
        }
        let is_dash = |c: char| matches!(c, '-' | '—' | '–' | '─' | '−' | '―' | '/' | '\\');
        let dashes = text.chars().all(is_dash);
        if text == "零" {
            return CellText::Number(0.0, false);
        }
        if dashes || matches!(text, "无" | "不适用" | "N/A") {
            return CellText::NotApplicable;
        }
        // A dash in a line of its own is the mark of one cell, and what follows stood in another.
        if !self.signed && printed.lines().next().is_some_and(|line| !line.trim().is_empty() && line.trim().chars().all(is_dash)) {
            return CellText::Unreadable;
        }
        let text = text.trim_end_matches(['。', '、', ';', ',', '.']);
        let (sign, digits) = self.sign(text);
        let end = digits.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.'))).unwrap_or(digits.len());
        let Some(number) = plain_number(&digits[..end]) else { return CellText::Unreadable };
        let (scale, stated) = match &digits[end..] {
            "" => (usual, yuan.is_some()),
            unit if self.is_money() => match MONEY.iter().find(|(word, _)| *word == unit) {
                Some((_, yuan)) => (*yuan, true),
                None => return CellText::Unreadable,
            },
            unit if MEASURES.contains(&unit) => (self.scale, false),
            _ => return CellText::Unreadable,
        };
        // 961.7 × 10,000 is not exact in binary; two decimals of a yuan are.
        let value = if scale == 1.0 { number } else { (number * scale * 100.0).round() / 100.0 };
        if value > LARGEST {
            return CellText::Unreadable;
        }
        CellText::Number(if sign { -value } else { value }, stated)
    }

    fn sign<'t>(&self, text: &'t str) -> (bool, &'t str) {
        let negative = ["-", "−", "－", "–", "—"];
        let less = ["减少", "减"];
        let more = ["增加", "增"];
        let strip = |marks: &[&str]| marks.iter().find_map(|mark| text.strip_prefix(mark));
        if let Some(rest) = strip(&negative) {
            return (true, rest);
        }
        if let Some(rest) = text.strip_prefix('+') {
            return (false, rest);
        }
        if let Some(rest) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).filter(|_| self.signed) {
            return (true, rest);
        }
        match (self.signed, strip(&less), strip(&more)) {
            (true, Some(rest), _) => (true, rest),
            (true, _, Some(rest)) => (false, rest),
            _ => (false, text),
        }
    }
}

/// Whether a text could be the value of some cell: a number, a mark, nothing. Labels are not.
pub fn looks_like_value(text: &str) -> bool {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    if text.len() <= LONGEST_MISREAD && text.chars().map(narrow).all(|c| c.is_ascii_digit() || is_misread(c).is_some()) {
        return true;
    }
    // A number of which the file does not tell all digits.
    if let Some(known) = text.strip_suffix(char::REPLACEMENT_CHARACTER) {
        return !known.chars().any(char::is_alphabetic);
    }
    let mut characters = text.chars().map(narrow).filter(|c| !c.is_whitespace() && !matches!(*c, '*' | SEAM));
    match characters.next() {
        None => true,
        Some(mut last) if last.is_ascii_digit() => {
            /// One more than any unit has.
            const ENOUGH: usize = 6;
            let mut words = String::new();
            for c in characters {
                if words.is_empty() && (c.is_ascii_digit() || matches!(c, ',' | '.')) {
                    last = c;
                } else if words.len() < ENOUGH * char::len_utf8('元') {
                    words.push(c);
                } else {
                    return false;
                }
            }
            match words.as_str() {
                "" => last != '.',
                "。" | "、" | ";" => true,
                words => MEASURES.contains(&words) || MONEY.iter().any(|(word, _)| *word == words),
            }
        }
        Some('-' | '—' | '–' | '─' | '−' | '―' | '/' | '\\' | '+') => {
            characters.all(|c| c.is_ascii_digit() || matches!(c, '-' | '—' | '–' | '─' | '−' | '―' | '/' | '\\' | '.' | ','))
        }
        Some('(') => {
            let opens = characters.next().is_some_and(|c| c.is_ascii_digit());
            opens && characters.find(|c| !c.is_ascii_digit()) == Some(')') && characters.next().is_none()
        }
        Some('无' | '零') => characters.next().is_none(),
        Some('N') => characters.eq("/A".chars()),
        Some('不') => characters.eq("适用".chars()),
        Some('增' | '减') => {
            let rest: String = characters.collect();
            let digits = rest.trim_start_matches(['加', '少']);
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        }
        Some(_) => false,
    }
}

/// The longest number that may have letters for digits.
const LONGEST_MISREAD: usize = 9;

/// The digit that a letter is often written or recognised for.
fn is_misread(letter: char) -> Option<char> {
    match letter {
        'O' | 'o' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        _ => None,
    }
}

/// What a number is meant to be that has blanks between its digits, or letters for some; none if it is no such number.
pub(super) fn meant(text: &str) -> Option<f64> {
    let letters = text.trim().chars().map(narrow).filter(|c| !c.is_whitespace());
    let digits: String = letters.map(|c| is_misread(c).unwrap_or(c)).collect();
    plain_number(&digits).filter(|_| digits.len() <= LONGEST_MISREAD && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn fold_number(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '\u{200b}' | '\u{feff}'));
    for c in trimmed.chars() {
        match narrow(c) {
            // A blank between digits may be the border of two cells: it stays and stops the number.
            c if c.is_whitespace() && out.ends_with(|p: char| p.is_ascii_digit()) => out.push(' '),
            c if c.is_whitespace() || c == SEAM => {}
            c => {
                if !c.is_ascii_digit() && out.ends_with(' ') {
                    out.pop();
                }
                out.push(c);
            }
        }
    }
    out
}

/// Digits with thousands commas and decimals. A leading zero or a comma out of place is no number:
/// the digits of two cells may have run together.
fn plain_number(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let digits: String = if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next()?;
        if first.is_empty() || first.len() > 3 || !groups.all(|g| g.len() == 3) {
            return None;
        }
        whole.replace(',', "")
    } else {
        whole.to_string()
    };
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !plain(&digits) || fraction.is_some_and(|f| !plain(f)) || (digits.len() > 1 && digits.starts_with('0')) || digits.len() > 15 {
        return None;
    }
    match fraction {
        Some(fraction) => format!("{digits}.{fraction}").parse().ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::CellText::*;
    use super::*;

    #[test]
    fn cells_are_numbers_blanks_marks_or_unreadable() {
        let count = Format::new("件", "件", true, false, false).expect("unit");
        let change = Format::new("项", "项", true, true, false).expect("unit");
        let fee = Format::new("元", "万元", true, false, true).expect("unit");
        let cases = [
            (&count, "0", Number(0.0, false)),
            (&count, " 12 ", Number(12.0, false)),
            (&count, "１，２４５", Number(1245.0, false)),
            (&count, "123\u{2060}4", Number(1234.0, false)),
            (&count, "3件", Number(3.0, false)),
            (&count, "3 件", Number(3.0, false)),
            (&count, "", Blank),
            (&count, "\u{3000}\u{a0}", Blank),
            (&count, "-", NotApplicable),
            (&count, "——", NotApplicable),
            (&count, "／", NotApplicable),
            (&count, "无", NotApplicable),
            (&count, "详见附件", Unreadable),
            (&count, "1 2", Unreadable),
            (&count, "00", Unreadable),
            (&count, "1,2", Unreadable),
            (&count, "-3", Number(-3.0, false)),
            (&change, "－8", Number(-8.0, false)),
            (&change, "减少8", Number(-8.0, false)),
            (&change, "+2", Number(2.0, false)),
            (&change, "-", NotApplicable),
            (&fee, "96171.6", Number(961716000.0, false)),
            (&fee, "251000元", Number(251000.0, true)),
            (&fee, "1.2万元", Number(12000.0, true)),
            (&count, "零", Number(0.0, false)),
            (&count, "N/A", NotApplicable),
        ];
        for (format, text, expected) in cases {
            assert_eq!(format.read(text, None), expected, "{text}");
            assert_eq!(looks_like_value(text), !matches!(text, "详见附件"), "{text}");
        }
        assert_eq!(fee.read("5", Some(1.0)), Number(5.0, true));
        assert_eq!(count.read(&"9".repeat(400), None), Unreadable);
    }
}
