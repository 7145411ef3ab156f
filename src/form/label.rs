//! Labels as they are compared: without blanks, markup, brackets and quotes, with the printed
//! ordinal (一、 （一） 1.) set apart, because converters tear and decorate labels in every way.

use crate::document::is_letter;

/// A printed ordinal: its level (一、 = 1, （一） = 2, 1. = 3) and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ordinal {
    /// 1 for 一、  2 for （一）  3 for 1.
    pub level: u8,
    /// The number, from 1.
    pub number: u8,
}

/// One label, or one of several that a converter put into one cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fragment {
    /// The printed ordinal, if any.
    pub ordinal: Option<Ordinal>,
    /// Letters and digits only.
    pub core: String,
}

/// Folds a text for comparison: blanks, `<br>` and emphasis go, full-width ASCII becomes ASCII.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.char_indices();
    // What stays as it is, is copied in runs: most of a text.
    let mut copied = 0;
    while let Some((start, c)) = rest.next() {
        if ('\u{4e00}'..='\u{9fff}').contains(&c) || c.is_ascii_alphanumeric() {
            continue;
        }
        out.push_str(&text[copied..start]);
        match c {
            '<' => {
                let tag = text[start..].get(..8).unwrap_or(&text[start..]);
                match tag.find('>') {
                    Some(end) if tag[1..].starts_with(['b', 'B', '/']) => {
                        let last = start + end;
                        rest.by_ref().take_while(|(at, _)| *at < last).for_each(drop);
                    }
                    _ => out.push(c),
                }
            }
            '&' if text[start..].starts_with("&nbsp;") => {
                rest.nth(4);
            }
            '*' | '\\' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' => {}
            c if c.is_whitespace() => {}
            '㈠'..='㈩' => {
                let digit = "一二三四五六七八九十".chars().nth(c as usize - '㈠' as usize);
                out.push('(');
                out.extend(digit);
                out.push(')');
            }
            c => out.push(narrow(c)),
        }
        copied = rest.offset();
    }
    out.push_str(&text[copied..]);
    out
}

/// The half-width form of a full-width ASCII character; every other character as it is.
pub fn narrow(c: char) -> char {
    match c {
        '〔' | '【' | '［' => '(',
        '〕' | '】' | '］' => ')',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Letters and digits of a text, folded: what two writings of one label have in common.
pub fn core(text: &str) -> String {
    let mut letters = fold(text);
    letters.retain(is_letter);
    letters
}

/// Splits a label cell at its ordinals: `三、本年度办理结果（一）予以公开` gives two fragments.
pub fn fragments(text: &str) -> Vec<Fragment> {
    let folded = fold(text);
    let mut found = Vec::new();
    let mut current = Fragment::default();
    let mut at = 0;
    let mut previous = None;
    while let Some(c) = folded[at..].chars().next() {
        if let Some((ordinal, length)) = ordinal(&folded[at..], previous) {
            if current.ordinal.is_some() || !current.core.is_empty() {
                found.push(std::mem::take(&mut current));
            }
            current.ordinal = Some(ordinal);
            at += length;
            previous = Some('.');
            continue;
        }
        if is_letter(c) {
            current.core.push(c);
        }
        previous = Some(c);
        at += c.len_utf8();
    }
    if current.ordinal.is_some() || !current.core.is_empty() {
        found.push(current);
    }
    found
}

/// The ordinal at the start of a folded text and its length in bytes. `previous` is the character
/// before it: a numeral inside a number or word is none.
pub fn ordinal(folded: &str, previous: Option<char>) -> Option<(Ordinal, usize)> {
    let first = folded.chars().next()?;
    let make = |level, number, length| Some((Ordinal { level, number }, length));
    if first == '(' {
        let (number, length) = small_number(&folded[1..])?;
        let closing = folded[1 + length..].chars().next()?;
        // Only （一） is an ordinal of the form; （1） is taken for one too, at the third level.
        let level = if folded.as_bytes()[1].is_ascii_digit() { 3 } else { 2 };
        // （七总计: the closing bracket was lost.
        return if closing == ')' {
            make(level, number, 2 + length)
        } else if level == 2 {
            make(level, number, 1 + length)
        } else {
            None
        };
    }
    if let Some(number) = circled(first) {
        return make(3, number, first.len_utf8());
    }
    let (number, length) = small_number(folded)?;
    let after = folded[length..].chars().next()?;
    if first.is_ascii_digit() {
        let inside = previous.is_some_and(|c| c.is_ascii_alphanumeric());
        let next = folded[length + after.len_utf8()..].chars().next();
        let decimal = next.is_some_and(|c| c.is_ascii_digit());
        let marked = matches!(after, '.' | '、' | ')' | '．' | '。' | ',') && !decimal;
        if marked && !inside {
            return make(3, number, length + after.len_utf8());
        }
        // `1属于国家秘密`: the dot was lost. A measure word after the digit makes it a number.
        let bare = previous.is_none() && after.is_alphabetic() && !"件项条元年月日万个亿".contains(after);
        return if bare { make(3, number, length) } else { None };
    }
    let inside = previous.is_some_and(|c| "一二三四五六七八九十第".contains(c));
    (matches!(after, '、' | '.' | ',') && !inside).then(|| make(1, number, length + after.len_utf8())).flatten()
}

fn circled(c: char) -> Option<u8> {
    ('①'..='⑳').contains(&c).then(|| (c as u32 - '①' as u32 + 1) as u8)
}

/// The digit that a numeral stands for: 1 for 一, 9 for 九.
pub fn numeral(c: char) -> Option<u8> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// A small number (1 to 99) in Chinese or Arabic numerals at the start of a text, and its length.
pub fn small_number(text: &str) -> Option<(u8, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return (digits <= 2).then(|| Some((text[..digits].parse().ok()?, digits))).flatten();
    }
    let mut number = 0u8;
    let mut length = 0;
    for c in text.chars().take(3) {
        match numeral(c) {
            Some(digit) => number += digit,
            None if c == '十' => number = number.max(1) * 10,
            None => break,
        }
        length += c.len_utf8();
    }
    (number > 0).then_some((number, length))
}

/// How well a torn label fits an official one, from 0 to 1, or none if it cannot be that label:
/// characters may be lost (up to half) and few may be added, but the order stays.
pub fn likeness(torn: &[char], official: &[char]) -> Option<f32> {
    const LONGEST: usize = 96;
    if torn.len() < 2 || torn.len() > LONGEST || official.len() > LONGEST {
        return None;
    }
    let mut lengths = [0u8; LONGEST + 1];
    for &a in torn {
        let mut diagonal = 0;
        for (j, &b) in official.iter().enumerate() {
            let above = lengths[j + 1];
            lengths[j + 1] = if a == b { diagonal + 1 } else { above.max(lengths[j]) };
            diagonal = above;
        }
    }
    let common = lengths[official.len()] as usize;
    let lost = official.len() - common;
    let added = torn.len() - common;
    let fits = common >= 2 && lost * 2 <= official.len() && added * 5 <= torn.len();
    fits.then(|| 2.0 * common as f32 / (torn.len() + official.len()) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(u8, u8, String)> {
        let key = |f: Fragment| (f.ordinal.map_or(0, |o| o.level), f.ordinal.map_or(0, |o| o.number), f.core);
        fragments(text).into_iter().map(key).collect()
    }

    #[test]
    fn labels_split_at_their_ordinals_only() {
        let one = |level, number, core: &str| (level, number, core.to_string());
        assert_eq!(parts("(四)<br>无法 提供"), [one(2, 4, "无法提供")]);
        assert_eq!(parts("三、本年度办理结果（一）予以公开"), [one(1, 3, "本年度办理结果"), one(2, 1, "予以公开")]);
        assert_eq!(parts("三、本年度办理结果（三）不予公开1.属于国家秘密").len(), 3);
        assert_eq!(parts("1. 属于国家秘密"), [one(3, 1, "属于国家秘密")]);
        assert_eq!(parts("１、属于国家秘密"), [one(3, 1, "属于国家秘密")]);
        assert_eq!(parts("3.危及“三安全一稳定”"), [one(3, 3, "危及三安全一稳定")]);
        assert_eq!(parts("（二）部分公开（区分处理的，只计这一情形，不计其他情形）").len(), 1);
        assert_eq!(parts("三 、本 年 度办 理 结果"), [one(1, 3, "本年度办理结果")]);
        assert_eq!(parts("第二十条第（一）项"), [one(0, 0, "第二十条第"), one(2, 1, "项")]);
        assert_eq!(parts("（七总计"), [one(2, 7, "总计")]);
        assert_eq!(parts("㈦总计"), [one(2, 7, "总计")]);
        assert_eq!(parts("〔七〕总计"), [one(2, 7, "总计")]);
        assert_eq!(parts("12件"), [one(0, 0, "12件")]);
    }

    #[test]
    fn a_torn_label_is_like_its_own_and_not_like_another() {
        let like = |a: &str, b: &str| likeness(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert!(like("保护三方法权益", "保护第三方合法权益").is_some());
        assert!(like("属于行政查询", "属于行政查询事项").is_some());
        assert!(like("其他", "其他法律行政法规禁止公开").is_none());
        assert!(like("规章", "规范性文件").is_none());
        assert!(like("", "总计").is_none());
    }
}
