//! Numbers as Chinese offices write them: 三百零八、两千五、二〇二〇、１，０４８、1.2万. Shared by table
//! cells and prose; knows nothing of measure words, bounds or what is counted.

/// A number found at the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The number.
    pub value: f64,
    /// How many characters it takes.
    pub chars: usize,
}

/// The plain form of a character: full-width digits, letters and punctuation become ASCII, the
/// ideographic blank a blank. Everything else stays.
pub fn plain(ch: char) -> char {
    match ch {
        '！'..='～' => char::from_u32(ch as u32 - 0xFEE0).unwrap_or(ch),
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
        '−' | '‐' | '‑' | '‒' | '–' => '-',
        '﹪' => '%',
        _ => ch,
    }
}

/// The value of a Chinese digit: 零 to 九, 〇, 两, and the forms of accountants.
pub fn digit(ch: char) -> Option<u64> {
    Some(match ch {
        '零' | '〇' | '○' | '◯' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' | '兩' | '貳' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The power of ten a character multiplies by: 十、百、千、万、亿.
pub fn multiplier(ch: char) -> Option<u64> {
    Some(match ch {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

/// Whether a Chinese numeral may have a character.
pub fn is_numeral(ch: char) -> bool {
    digit(ch).is_some() || multiplier(ch).is_some()
}

/// Reads the Chinese numeral a text begins with, as far as it goes.
///
/// Both ways of writing are read: with places (一万二千三百零八, 两千五 for 2500, 百 for 100) and digit by
/// digit (二〇二〇). Numbers that only hint at an amount are not numbers: 三五 (次), 三四百, 几十.
pub fn chinese(text: impl Iterator<Item = char>) -> Option<Reading> {
    let mut sum = Places::default();
    let mut chars = 0;
    for ch in text {
        let taken = match (digit(ch), multiplier(ch)) {
            (Some(value), _) => sum.digit(value),
            (_, Some(value)) => sum.multiply(value),
            _ => break,
        };
        if !taken {
            return None;
        }
        chars += 1;
    }
    let value = sum.finish()?;
    Some(Reading { value: value as f64, chars })
}

/// A numeral being read from left to right.
#[derive(Default)]
struct Places {
    /// What stands before the last 亿.
    hundred_millions: u64,
    /// What stands before the last 万, since the last 亿.
    myriads: u64,
    /// What was added since the last 万 or 亿.
    section: u64,
    /// Digits waiting for their place, and how many.
    digits: u64,
    waiting: u32,
    /// The place of the last multiplier, for 两千五 and for the order of places.
    place: u64,
    /// Whether a 零 stands between the last multiplier and the digit.
    zero: bool,
    /// Whether any multiplier was met.
    placed: bool,
}

impl Places {
    fn digit(&mut self, value: u64) -> bool {
        if self.placed && self.waiting > 0 {
            // 三百零八: the zero holds no place of its own. Two digits side by side do not occur.
            if self.digits != 0 {
                return false;
            }
            self.waiting = 0;
        }
        if self.waiting >= 15 {
            return false;
        }
        self.zero |= value == 0;
        self.digits = self.digits * 10 + value;
        self.waiting += 1;
        true
    }

    fn multiply(&mut self, by: u64) -> bool {
        if self.waiting > 1 {
            return false;
        }
        let alone = self.waiting == 0 || (self.digits == 0 && by == 10);
        let factor = if alone { 1 } else { self.digits };
        match by {
            10_000 => {
                let section = self.section + if self.waiting == 1 { self.digits } else { 0 };
                let section = if section == 0 && !self.placed { factor } else { section };
                if section == 0 || self.myriads != 0 {
                    return false;
                }
                self.myriads = section;
                self.section = 0;
            }
            100_000_000 => {
                let before = self.myriads * 10_000 + self.section;
                let before = before + if self.waiting == 1 { self.digits } else { 0 };
                let before = if before == 0 && !self.placed { factor } else { before };
                if before == 0 || self.hundred_millions != 0 {
                    return false;
                }
                self.hundred_millions = before;
                self.myriads = 0;
                self.section = 0;
            }
            _ => {
                let within = self.section != 0 && self.place < 10_000;
                if (within && by >= self.place) || (alone && by != 10 && self.placed) {
                    return false;
                }
                self.section += factor * by;
            }
        }
        self.place = by;
        self.placed = true;
        self.digits = 0;
        self.waiting = 0;
        self.zero = false;
        true
    }

    fn finish(self) -> Option<u64> {
        let total = self.hundred_millions * 100_000_000 + self.myriads * 10_000 + self.section;
        match (self.placed, self.waiting) {
            (false, 0) => None,
            // 三五次, 七八个: an estimate, not thirty-five.
            (false, 2) if self.digits >= 12 && self.digits / 10 < self.digits % 10 => None,
            (false, _) => Some(self.digits),
            (true, 0) => Some(total),
            // 两千五 is 2500, 两千零五 is 2005, 二十五 is 25.
            (true, _) if self.zero || self.place == 10 => Some(total + self.digits),
            (true, _) => Some(total + self.digits * self.place / 10),
        }
    }
}

/// Reads a whole text as one number: Arabic digits of either width, with thousands marks or blanks,
/// decimals, a sign, 万 or 亿, or a Chinese numeral. `None` if anything else stands in it.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim_matches(|ch: char| plain(ch).is_whitespace());
    let first = plain(text.chars().next()?);
    if let Some(rest) = text.strip_prefix(|ch| matches!(plain(ch), '-' | '+')) {
        let sign = if first == '-' { -1.0 } else { 1.0 };
        return unsigned(rest).map(|value| sign * value);
    }
    unsigned(text)
}

fn unsigned(text: &str) -> Option<f64> {
    let count = text.chars().count();
    if let Some(reading) = chinese(text.chars())
        && reading.chars == count
    {
        return Some(reading.value);
    }
    let mut digits = Digits::default();
    let mut factor = 1.0;
    let mut scaled = false;
    for ch in text.chars().map(plain) {
        match (ch, multiplier(ch)) {
            (' ' | '\t', _) => {}
            (_, Some(by)) if digits.any() => {
                factor *= by as f64;
                scaled = true;
            }
            _ if scaled || !digits.push(ch) => return None,
            _ => {}
        }
    }
    digits.value().map(|value| value * factor)
}

/// Arabic digits being collected: thousands marks are checked for their places, one decimal point.
#[derive(Debug, Default, Clone, Copy)]
pub struct Digits {
    whole: f64,
    fraction: f64,
    scale: f64,
    count: u32,
    /// Digits from the first that is no nought.
    significant: u32,
    group: Option<u32>,
}

/// A number with more significant digits than this is none: it could not be kept exactly, and no office counts so far.
const SIGNIFICANT: u32 = 15;

impl Digits {
    /// Takes one more character; `false` if it cannot stand there.
    pub fn push(&mut self, ch: char) -> bool {
        match ch {
            '0'..='9' => {
                let value = f64::from(ch as u32 - '0' as u32);
                if self.scale > 0.0 {
                    self.fraction = self.fraction * 10.0 + value;
                    self.scale *= 10.0;
                } else {
                    self.whole = self.whole * 10.0 + value;
                }
                self.count = self.count.saturating_add(1);
                self.significant = self.significant.saturating_add(u32::from(self.significant > 0 || ch != '0'));
                if self.significant > SIGNIFICANT {
                    // What goes on is no number whatever follows; the sums stay small.
                    (self.whole, self.fraction) = (0.0, 0.0);
                    self.scale = self.scale.min(1e15);
                }
                if let Some(group) = &mut self.group {
                    *group += 1;
                }
            }
            ',' if self.scale == 0.0 => match self.group {
                None if (1..=3).contains(&self.count) => self.group = Some(0),
                Some(3) => self.group = Some(0),
                _ => return false,
            },
            '.' if self.scale == 0.0 && self.count > 0 && self.group.unwrap_or(3) == 3 => {
                self.scale = 1.0;
                self.group = None;
            }
            _ => return false,
        }
        true
    }

    /// Whether a digit was taken.
    pub fn any(&self) -> bool {
        self.count > 0
    }

    /// The number, if what was taken is one.
    pub fn value(&self) -> Option<f64> {
        let complete = self.any() && self.significant <= SIGNIFICANT && self.group.unwrap_or(3) == 3 && self.scale != 1.0;
        complete.then(|| if self.scale > 0.0 { self.whole + self.fraction / self.scale } else { self.whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_writing() {
        for (text, value) in [
            ("三百零八", 308.0),
            ("五千一百三十六", 5136.0),
            ("两千五", 2500.0),
            ("一百零六万", 1_060_000.0),
            ("一万二千", 12_000.0),
            ("二〇二〇", 2020.0),
            ("十", 10.0),
            ("十六", 16.0),
            ("百", 100.0),
            ("零", 0.0),
            ("一千零一十", 1010.0),
            ("一亿零二十", 100_000_020.0),
            ("1,245", 1245.0),
            ("１，０４８", 1048.0),
            ("1 245", 1245.0),
            ("1.2万", 12_000.0),
            ("-3", -3.0),
            ("41.05万", 410_500.0),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "三四百", "三五", "几十", "1,24", "1.", "12a", "万一千万", "—", "1.2.3", "一百百", "1234567890123456", "0.1234567890123456"]
        {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
