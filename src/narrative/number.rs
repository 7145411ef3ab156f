//! Numbers in running text: torn by blanks and line ends, with 万, 余, %, 成, ranges and measure words —
//! and the many digits that are no number: dates, telephones, document numbers, addresses on the net.

use super::glyph::{Gap, Glyph};
use super::lexicon::{Carriers, Lexicon, Role, Word};
use super::time::Moment;
use crate::fact::Qualifier;
use crate::numeral::{self, Digits};

/// An amount in the text.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Amount {
    /// The number; a fraction if `rate`.
    pub value: f64,
    /// The upper end, if it is a range.
    pub upper: Option<f64>,
    /// How exactly it is stated, by the words within and after it.
    pub qualifier: Qualifier,
    /// Whether it is a percentage.
    pub rate: bool,
    /// The measure word, as its number in the list.
    pub measure: Option<u8>,
    /// Whether what follows shows that nothing of ours is counted: 工作日、栋.
    pub foreign: bool,
    /// Whether it is a 一, which in 办结一件、公开一件 or 编一本手册 counts nothing.
    pub lone: bool,
    /// The glyphs of the number itself.
    pub span: (u32, u32),
}

/// What digits turned out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Digital {
    /// An amount, up to a glyph.
    Amount(Amount, usize),
    /// A time, up to a glyph.
    Time(Moment, usize),
    /// A word that consists of digits: 12345.
    Word(u16, usize),
    /// Nothing of interest, up to a glyph.
    Nothing(usize),
}

/// Reads numbers in one sentence.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    /// The sentence.
    pub glyphs: &'a [Glyph],
    /// The words.
    pub lexicon: &'a Lexicon,
    /// The report year.
    pub year: i32,
}

/// A number without its surroundings.
#[derive(Clone, Copy)]
struct Bare {
    value: f64,
    end: usize,
    qualifier: Qualifier,
    rate: bool,
    /// Whether it is a single Chinese digit, which needs a measure word to count.
    slight: bool,
}

impl Numbers<'_> {
    pub(super) fn ch(&self, at: usize) -> char {
        self.glyphs.get(at).map_or('\0', |glyph| glyph.ch)
    }

    fn gap(&self, at: usize) -> Gap {
        self.glyphs.get(at).map_or(Gap::None, |glyph| glyph.gap)
    }

    pub(super) fn starts(&self, at: usize, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, ch)| self.ch(at + offset) == ch)
    }

    pub(super) fn longest(&self, at: usize) -> Option<(u16, usize)> {
        self.lexicon.longest(self.glyphs.get(at..)?.iter().map(|glyph| glyph.ch))
    }

    /// Reads what begins with a digit.
    pub fn arabic(&self, from: usize) -> Digital {
        if let Some(end) = self.no_number(from) {
            return Digital::Nothing(end);
        }
        let run = self.run_end(from);
        if self.ch(run) == '-' && self.ch(run + 1) == '0' && self.ch(run + 2).is_ascii_digit() {
            // 2023-001: a number in a register.
            let end = (run..).find(|&at| !(self.ch(at).is_ascii_digit() || self.ch(at) == '-')).unwrap_or(run);
            return Digital::Nothing(end);
        }
        if let Some((word, length)) = self.longest(from)
            && (length == run - from || (length > run - from && !self.ch(run).is_ascii_digit()) || self.torn_line(from, length))
            && (length > 3 || self.named(from + length) || self.beside_line(from))
        {
            return Digital::Word(word, from + length);
        }
        if let Some((moment, end)) = self.year(from) {
            return Digital::Time(moment, end);
        }
        if (3..=8).contains(&(run - from)) && self.line_name(run) {
            return Digital::Nothing(run);
        }
        let Some((value, end)) = self.digits(from) else {
            return Digital::Nothing(self.joined_end(from));
        };
        if let Some((moment, end)) = self.month(from, value, end) {
            return Digital::Time(moment, end);
        }
        let bare = self.scaled(Bare { value, end, qualifier: Qualifier::Exact, rate: false, slight: false });
        self.amount(from, bare)
    }

    /// Reads what begins with a Chinese numeral, if it is an amount or a time.
    pub fn chinese(&self, from: usize) -> Option<Digital> {
        let text = self.glyphs.get(from..)?.iter().map(|glyph| glyph.ch);
        let hundred = self.starts(from, "百分之");
        if hundred {
            let inner = self.chinese_bare(from + 3).or_else(|| {
                let (value, end) = self.digits(from + 3)?;
                Some(Bare { value, end, qualifier: Qualifier::Exact, rate: false, slight: false })
            })?;
            let bare = Bare { value: percent(inner.value), rate: true, slight: false, ..inner };
            return Some(self.amount(from, bare));
        }
        let reading = numeral::chinese(text)?;
        if reading.chars == 4
            && self.ch(from + 4) == '年'
            && let Some(moment) = Moment::of_year(reading.value as i32, self.year)
        {
            return Some(Digital::Time(moment, from + 5));
        }
        let bare = self.chinese_bare(from)?;
        if let Some((moment, end)) = self.month(from, bare.value, bare.end) {
            return Some(Digital::Time(moment, end));
        }
        match self.amount(from, bare) {
            Digital::Amount(amount, end) => {
                let bound = amount.qualifier != Qualifier::Exact || amount.rate;
                let apart = matches!(self.ch(end), '\0' | ',' | ';' | '。' | '、' | ')');
                let counts = amount.measure.is_some() || amount.foreign || bound || (apart && !bare.slight);
                (counts && !(bare.slight && amount.foreign)).then_some(Digital::Amount(amount, end))
            }
            other => Some(other),
        }
    }

    /// A Chinese numeral with decimals (九十八点五), 成, 余 and 万.
    fn chinese_bare(&self, from: usize) -> Option<Bare> {
        let reading = numeral::chinese(self.glyphs.get(from..)?.iter().map(|glyph| glyph.ch))?;
        let mut end = from + reading.chars;
        let mut value = reading.value;
        if self.ch(end) == '点' {
            let mut place = 1.0;
            let mut at = end + 1;
            while let Some(digit) = numeral::digit(self.ch(at)) {
                place /= 10.0;
                value += digit as f64 * place;
                at += 1;
            }
            if at > end + 1 {
                end = at;
                // Sums of tenths are not quite tenths.
                value = (value * 1e9).round() / 1e9;
            }
        }
        let slight = reading.chars == 1 && numeral::digit(self.ch(from)).is_some();
        Some(self.scaled(Bare { value, end, qualifier: Qualifier::Exact, rate: false, slight }))
    }

    /// Takes the 余, 多, 万, 成 and % that follow a number.
    fn scaled(&self, mut bare: Bare) -> Bare {
        if bare.value >= 1.0 && bare.value <= 10.0 && self.ch(bare.end) == '成' {
            let mut end = bare.end + 1;
            let half = numeral::digit(self.ch(end)).filter(|digit| (1..=9).contains(digit));
            end += usize::from(half.is_some() || self.ch(end) == '半');
            let tenths = half.map_or(if self.ch(end - 1) == '半' { 5.0 } else { 0.0 }, |digit| digit as f64);
            let counted = self.measure(end).is_some_and(|(role, _)| matches!(role, Role::Measure(_)));
            let closed = !counted && numeral::multiplier(self.ch(end)).is_none();
            if closed {
                return Bare { value: (bare.value * 10.0 + tenths) / 100.0, end, rate: true, slight: false, ..bare };
            }
        }
        for _ in 0..3 {
            match self.ch(bare.end) {
                '%' => {
                    return Bare { value: percent(bare.value), end: bare.end + 1, rate: true, slight: false, ..bare };
                }
                '余' | '多' | '来' | '几' | '+' if bare.value > 0.0 => {
                    bare.qualifier = Qualifier::AtLeast;
                    bare.end += 1;
                    bare.slight = false;
                }
                ch => match numeral::multiplier(ch).filter(|&by| by >= 100) {
                    Some(by) => {
                        bare.value = (bare.value * by as f64 * 1e6).round() / 1e6;
                        bare.end += 1;
                        bare.slight = false;
                        if let Some((rest, end)) = self.thousand(bare.end).filter(|_| by == 10_000) {
                            // 1万2千.
                            (bare.value, bare.end) = (bare.value + rest, end);
                        }
                    }
                    None => break,
                },
            }
        }
        bare
    }

    /// Whether the name of a line ends at a blank or line end, and a number of its own begins behind it: 热线12345 1876件.
    fn torn_line(&self, from: usize, length: usize) -> bool {
        let next = from + length;
        let digits = (next..).take_while(|&at| self.ch(at).is_ascii_digit()).count();
        length > 3 && self.ch(next - 1).is_ascii_digit() && self.gap(next) != Gap::None && digits != 3
    }

    /// Whether short digits are listed behind the name of a line: 12345、110、119.
    fn beside_line(&self, from: usize) -> bool {
        let Some(end) = from.checked_sub(1).filter(|&at| self.ch(at) == '、') else { return false };
        let start = (0..end).rev().take_while(|&at| self.ch(at).is_ascii_digit()).last();
        let name = start.and_then(|start| Some((self.longest(start)?, start)));
        name.is_some_and(|((word, length), start)| start + length == end && !self.lexicon.word(word).carriers.is_empty())
    }

    /// Whether short digits are a name, since nothing that counts follows: 110联动.
    fn named(&self, at: usize) -> bool {
        let word = self.longest(at).map(|(word, _)| self.lexicon.word(word));
        let counted = word.is_some_and(|word| matches!(word.role, Role::Measure(_) | Role::NotCount | Role::After(_)) || word.theme && word.topic == 0);
        let number =
            numeral::multiplier(self.ch(at)).is_some() || matches!(self.ch(at), '多' | '余' | '来' | '几' | '+' | '%' | '-' | '—' | '~' | '至' | '.' | ',');
        let closed = self.ch(at) <= '\u{2fff}' || matches!(self.ch(at), '、' | '。');
        !(counted || number || closed)
    }

    /// A digit with 千 behind it.
    fn thousand(&self, at: usize) -> Option<(f64, usize)> {
        let digit = self.ch(at).to_digit(10).filter(|_| self.ch(at + 1) == '千')?;
        Some((f64::from(digit) * 1000.0, at + 2))
    }

    /// Completes a number by its range, measure word and the words after it.
    fn amount(&self, from: usize, bare: Bare) -> Digital {
        let mut amount = Amount {
            value: bare.value,
            qualifier: bare.qualifier,
            rate: bare.rate,
            lone: bare.slight && bare.value == 1.0,
            span: (from as u32, bare.end as u32),
            ..Amount::default()
        };
        let mut end = bare.end;
        let first = self.measure(end);
        let after_first = first.map_or(end, |(_, next)| next);
        let last_month = |high: &Bare| self.month(from, bare.value, high.end);
        // 提案4件到11月底已办结: what was counted ends before the month.
        let range = self.range(after_first).filter(|high| first.is_none() || last_month(high).is_none());
        if let Some(high) = range {
            if let Some((moment, end)) = last_month(&high) {
                return Digital::Time(moment.between(bare.value, high.value), end);
            }
            amount.value = if high.rate && !bare.rate { percent(bare.value) } else { bare.value };
            amount.rate |= high.rate;
            amount.upper = Some(high.value);
            end = high.end;
            amount.span.1 = end as u32;
        }
        if let Some((role, next)) = self.measure(end) {
            match role {
                Role::Measure(measure) => amount.measure = Some(measure),
                _ => amount.foreign = true,
            }
            end = self.second_measure(next);
            // 12次/年: how often, not how many.
            amount.foreign |= self.ch(end) == '/' && matches!(self.ch(end + 1), '年' | '季' | '月' | '周' | '日' | '天');
            amount.foreign |= self.line_name(end) && !amount.rate && self.longest(end).is_some_and(|(word, _)| self.lexicon.word(word).apposed);
        }
        match self.longest(end).map(|(word, length)| (self.lexicon.word(word).role, length)) {
            Some((Role::After(qualifier), length)) => {
                amount.qualifier = qualifier;
                end += length;
            }
            _ => {
                let apart = matches!(self.ch(end), '\0' | ',' | ';' | '。' | '、' | ')' | '(' | ':');
                amount.foreign |= amount.measure.is_none() && !amount.rate && !apart;
            }
        }
        Digital::Amount(amount, end)
    }

    /// Whether a number is the name of a telephone line: 8890平台、96345服务热线.
    fn line_name(&self, at: usize) -> bool {
        let line = |at: usize| self.longest(at).map(|(word, length)| (self.lexicon.word(word), length));
        match line(at) {
            Some((Word { apposed: true, topic: 0, .. } | Word { carriers: Carriers::OTHER, .. }, _)) => true,
            Some((word, length)) if word.role.is_filler() => matches!(line(at + length), Some((Word { apposed: true, topic: 0, .. }, _))),
            _ => false,
        }
    }

    /// The measure word at a place, and where it ends.
    pub(super) fn measure(&self, at: usize) -> Option<(Role, usize)> {
        let (word, length) = self.longest(at)?;
        let role = self.lexicon.word(word).role;
        if role == Role::NotCount
            && length == 2
            && let Some((next, longer)) = self.longest(at + 1).filter(|&(_, longer)| longer > 1)
            && self.lexicon.word(next).topic != 0
            && let Some((word, 1)) = self.lexicon.longest(std::iter::once(self.ch(at))).filter(|_| longer > 1)
        {
            // 712件·事项, not 件事·项.
            return Some((self.lexicon.word(word).role, at + 1)).filter(|(role, _)| matches!(role, Role::Measure(_)));
        }
        matches!(role, Role::Measure(_) | Role::NotCount).then_some((role, at + length))
    }

    /// Passes over the second of a pair: 条（篇）, 篇/条.
    fn second_measure(&self, at: usize) -> usize {
        match (self.ch(at), self.measure(at + 1)) {
            ('(', Some((_, next))) if self.ch(next) == ')' => next + 1,
            ('/', Some((_, next))) => next,
            _ => at,
        }
    }

    /// The upper end of a range: —3500, 至30.
    fn range(&self, at: usize) -> Option<Bare> {
        let mut at = at;
        match self.ch(at) {
            '至' | '到' => at += 1,
            '-' | '—' | '~' | '─' | '―' => {
                while matches!(self.ch(at), '-' | '—' | '~' | '─' | '―') {
                    at += 1;
                }
            }
            _ => return None,
        }
        if self.ch(at).is_ascii_digit() {
            if self.year(at).is_some() {
                return None;
            }
            let (value, end) = self.digits(at)?;
            return Some(self.scaled(Bare { value, end, qualifier: Qualifier::Exact, rate: false, slight: false }));
        }
        self.chinese_bare(at)
    }

    /// Where an unbroken run of digits ends.
    pub(super) fn run_end(&self, from: usize) -> usize {
        let rest = self.glyphs.get(from + 1..).unwrap_or_default();
        let length = rest.iter().take_while(|glyph| glyph.ch.is_ascii_digit() && glyph.gap == Gap::None).count();
        from + 1 + length
    }

    /// Where digits end, whatever separates them.
    fn joined_end(&self, from: usize) -> usize {
        let rest = self.glyphs.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|glyph| glyph.ch.is_ascii_digit() || matches!(glyph.ch, '.' | ',' | '-' | '/')).count().max(1)
    }

    /// Whether digits that follow a blank or a line end belong to the number before it.
    fn joins(&self, from: usize, at: usize) -> bool {
        let Some(glyph) = self.glyphs.get(at).filter(|glyph| glyph.ch.is_ascii_digit()) else {
            return false;
        };
        if glyph.gap == Gap::None {
            return true;
        }
        let before = self.glyphs.get(from..at).unwrap_or_default();
        let long = before.len() >= 4 && before.iter().all(|glyph| glyph.ch != ',');
        // A line end may part a hotline or a year from a figure; a blank parts short groups only.
        !long && (glyph.gap == Gap::Line || self.run_end(at) - at <= 3)
    }

    /// Whether three digits follow a mark. A line or a scan may tear them, if a measure word shows that they are one
    /// number: 1,↵245件.
    fn thousands(&self, at: usize) -> bool {
        let three = (at + 1..at + 4).all(|at| self.ch(at).is_ascii_digit()) && !(self.ch(at + 4).is_ascii_digit() && self.gap(at + 4) == Gap::None);
        let whole = (at + 1..at + 4).all(|at| self.gap(at) == Gap::None);
        three && (whole || self.measure(at + 4).is_some())
    }

    /// Arabic digits with thousands marks, blanks and decimals.
    pub(super) fn digits(&self, from: usize) -> Option<(f64, usize)> {
        let mut digits = Digits::default();
        let mut at = from;
        loop {
            let ch = self.ch(at);
            let mark = match ch {
                ',' => self.thousands(at),
                '.' => self.ch(at + 1).is_ascii_digit() && !self.dotted_year(at + 1),
                _ => false,
            };
            let digit = ch.is_ascii_digit() && (at == from || self.joins(from, at));
            let before = digits;
            if !(mark || digit) || !digits.push(ch) {
                return before.value().map(|value| (value, at));
            }
            at += 1;
        }
    }
}

/// A percentage as a fraction, without the dust of binary division: 99.9 is 0.999.
fn percent(value: f64) -> f64 {
    (value * 1e8).round() / 1e10
}
