//! Prints one label, number or blank cell, with the flaws that live inside a cell.

use super::filled::{CellKey, CellText};
use super::layout::{Flaw, Flaws};
use super::rng::Rng;
use super::statute::{APPLICANTS, Edition, RESULTS, application_rows, blocks, is_money};

/// Writes cells for one report.
pub struct Pen<'a> {
    /// The damage to do.
    pub flaws: Flaws,
    /// True for plain text, where a cell cannot hold `<br>`.
    pub plain_text: bool,
    /// Decides where the damage falls.
    pub rng: &'a mut Rng,
}

impl Pen<'_> {
    /// True if the flaw is asked for and falls on this place.
    pub fn strikes(&mut self, flaw: Flaw, probability: f64) -> bool {
        self.flaws.has(flaw) && self.rng.chance(probability)
    }

    /// A row or group label.
    pub fn label(&mut self, label: &str) -> String {
        let mut text = label.to_owned();
        if self.strikes(Flaw::LostCharacters, 0.35) {
            text = lose_characters(self.rng, &text);
        }
        if self.strikes(Flaw::Ordinals, 0.7) {
            text = with_other_ordinal(self.rng, &text);
        }
        self.header(&text)
    }

    /// A column label or caption: as a label, but never with characters lost.
    pub fn header(&mut self, label: &str) -> String {
        let mut text = label.to_owned();
        if self.strikes(Flaw::HalfWidthBrackets, 0.6) {
            text = text.replace('（', "(").replace('）', ")");
        }
        if self.strikes(Flaw::LetterSpacing, 0.7) {
            let gap = *self.rng.pick(&["总 计", "总　计", "总  计"]);
            text = text.replace("总计", gap);
            if text == "其他" || text == "自然人" {
                text = spread(&text);
            }
        }
        if self.strikes(Flaw::Blanks, 0.4) {
            let blank = *self.rng.pick(&[" ", "　", "\u{a0}", "  "]);
            text = insert(self.rng, &text, blank);
        }
        if self.strikes(Flaw::Breaks, 0.4) {
            let gap = if self.plain_text { " " } else { "<br>" };
            text = insert(self.rng, &text, gap);
        }
        text
    }

    /// The content of a number cell.
    pub fn cell(&mut self, key: CellKey, text: &CellText) -> String {
        match text {
            CellText::Number(number) => self.number(key.0, *number),
            CellText::Blank => self.blank(),
            CellText::Mark(mark) => (*mark).to_owned(),
            CellText::Words(words) => (*words).to_owned(),
        }
    }

    /// A blank cell, which may hold spaces of a kind that trimming ASCII does not find.
    pub fn blank(&mut self) -> String {
        if self.strikes(Flaw::IdeographicSpaces, 0.5) {
            let count = self.rng.below(8) + 1;
            return self.rng.pick(&["　", "\u{a0}"]).repeat(count);
        }
        String::new()
    }

    fn number(&mut self, indicator: &str, number: i64) -> String {
        let commas = self.strikes(Flaw::Commas, 0.9);
        let (mut text, unit) = match indicator {
            "fees.amount" => (in_wan(number), "万元"),
            "procurement.amount" if self.strikes(Flaw::Units, 0.3) => {
                return format!("{}万元", in_wan(number));
            }
            _ if commas => (with_commas(number), if is_money(indicator) { "元" } else { "件" }),
            _ => (number.to_string(), if is_money(indicator) { "元" } else { "件" }),
        };
        if self.strikes(Flaw::FullWidthDigits, 0.5) {
            text = full_width(&text);
        }
        if self.strikes(Flaw::Units, 0.3) {
            text.push_str(unit);
        }
        text
    }
}

/// Yuan as 万元 with as many decimals as it takes.
fn in_wan(yuan: i64) -> String {
    let (whole, rest) = (yuan / 10_000, yuan % 10_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:04}").trim_end_matches('0').to_owned()
}

fn with_commas(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '0'..='9' => char::from_u32(character as u32 - '0' as u32 + '０' as u32).unwrap_or(character),
            ',' => '，',
            '.' => '．',
            '-' => '－',
            other => other,
        })
        .collect()
}

fn spread(text: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// Puts `what` between two characters of `text`.
fn insert(rng: &mut Rng, text: &str, what: &str) -> String {
    let count = text.chars().count();
    if count < 2 {
        return text.to_owned();
    }
    let place = rng.below(count - 1) + 1;
    text.chars().take(place).chain(what.chars()).chain(text.chars().skip(place)).collect()
}

fn with_other_ordinal(rng: &mut Rng, text: &str) -> String {
    match text.split_once('.') {
        Some((digit, rest)) if digit.len() == 1 && digit.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{digit}{}{rest}", rng.pick(&[". ", "、", "．", "."]))
        }
        _ => text.to_owned(),
    }
}

/// Loses one to three characters (a quarter at most) in the middle of a long label, unless what is left could then come from
/// another label of the form: a reader must be able to tell.
fn lose_characters(rng: &mut Rng, label: &str) -> String {
    let characters: Vec<char> = label.chars().collect();
    if characters.len() < 9 {
        return label.to_owned();
    }
    let count = (rng.below(3) + 1).min(characters.len() / 4);
    let start = 4 + rng.below(characters.len() - 5 - count);
    let left: String = characters[..start].iter().chain(&characters[start + count..]).collect();
    let body = body_of(&left);
    let possible = every_label().filter(|other| is_subsequence(&body, &body_of(other))).count();
    if possible == 1 { left } else { label.to_owned() }
}

/// Every distinct row label of both forms.
fn every_label() -> impl Iterator<Item = &'static str> {
    let two = [Edition::Y2019, Edition::Y2021].into_iter().flat_map(|edition| blocks(edition).iter().flat_map(|block| block.rows)).map(|(label, _)| *label);
    let three = application_rows(Edition::Y2021).map(|row| row.label);
    two.chain(three).chain(APPLICANTS.map(|(_, label)| label)).chain([RESULTS])
}

/// A label without its ordinal.
fn body_of(label: &str) -> String {
    label.trim_start_matches(|c: char| "（）一二三四五六七、.12345678".contains(c)).to_owned()
}

fn is_subsequence(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|wanted| rest.any(|character| character == wanted))
}
