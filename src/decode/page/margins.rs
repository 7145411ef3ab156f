//! What stands in the margins of every page and belongs to none: page numbers, running heads and feet.

use super::layout::{Piece, Sheet};
use std::collections::HashMap;

/// The parts of a page's height in which heads and feet stand.
const HEAD: f32 = 0.14;
const FOOT: f32 = 0.86;
/// Lines at each end of a page that may be a head or foot.
const LINES: usize = 2;

/// Takes heads, feet and page numbers out of the pages.
pub(super) fn strip(sheets: &mut [Sheet<'_>]) {
    // What is printed in the margins, digits made alike, at which height, and on which pages.
    let mut printed: HashMap<(String, i32), Vec<usize>> = HashMap::new();
    let mut numbers: HashMap<i64, usize> = HashMap::new();
    for (page, sheet) in sheets.iter().enumerate() {
        for index in candidates(sheet) {
            let Piece::Line(line) = &sheet.pieces[index] else { continue };
            let text = line.text();
            if let Some(number) = bare_number(&text) {
                *numbers.entry(number - page as i64).or_default() += 1;
            }
            let (text, height) = alike(&text, line.y);
            for near in height - 1..=height + 1 {
                let pages = printed.entry((text.clone(), near)).or_default();
                if pages.last() != Some(&page) {
                    pages.push(page);
                }
            }
        }
    }
    let count = sheets.len();
    for (page, sheet) in sheets.iter_mut().enumerate() {
        let gone: Vec<usize> = candidates(sheet)
            .into_iter()
            .filter(|&index| {
                let Piece::Line(line) = &sheet.pieces[index] else { return false };
                let text = line.text();
                let worded = text.chars().any(char::is_alphabetic);
                let pages = printed.get(&alike(&text, line.y)).map_or(0, Vec::len);
                let repeated = worded && (pages >= 3 || pages == 2 && count == 2);
                let counted = bare_number(&text).is_some_and(|n| n == page as i64 + 1 || numbers.get(&(n - page as i64)).is_some_and(|seen| *seen > 1));
                repeated || counted || is_page_number(&text)
            })
            .collect();
        let mut index = 0;
        sheet.pieces.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
    }
}

/// A line as it is printed on other pages too: digits made alike, at about the same height.
fn alike(text: &str, y: f32) -> (String, i32) {
    let text = text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii_digit() { '#' } else { c });
    (text.collect(), (y / 4.0).round() as i32)
}

/// The lines at the ends of a page that stand in its margins.
fn candidates(sheet: &Sheet<'_>) -> Vec<usize> {
    let count = sheet.pieces.len();
    let in_margin = |index: &usize| match &sheet.pieces[*index] {
        Piece::Line(line) if *index < LINES => line.y < sheet.height * HEAD,
        Piece::Line(line) if *index + LINES >= count => line.y > sheet.height * FOOT,
        _ => false,
    };
    let lines = |index: usize| matches!(sheet.pieces[index], Piece::Line(_));
    let top = (0..count.min(LINES)).take_while(|i| lines(*i) && in_margin(i));
    let bottom = (count.saturating_sub(LINES)..count).rev().take_while(|i| lines(*i) && *i + LINES >= count && foot(sheet, *i));
    let mut found: Vec<usize> = top.chain(bottom).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn foot(sheet: &Sheet<'_>, index: usize) -> bool {
    matches!(&sheet.pieces[index], Piece::Line(line) if line.y > sheet.height * FOOT)
}

/// A line that is a number and nothing else.
fn bare_number(text: &str) -> Option<i64> {
    let text = text.trim();
    (text.len() <= 4).then(|| text.parse().ok())?
}

/// `— 3 —`, `第 3 页 共 8 页`, `3/8`, `Page 3 of 8`, an address of a printed web page.
fn is_page_number(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    if text.starts_with("http://") || text.starts_with("https://") || text.starts_with("file:///") {
        return true;
    }
    let dash = |c: char| matches!(c, '-' | '—' | '–' | '－' | '─' | '―' | '~' | '～' | '·' | '•' | '_' | '|' | '[' | ']' | '(' | ')');
    let inner = text.trim_matches(dash);
    let digits = |t: &str| !t.is_empty() && t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit());
    if inner.len() < text.len() && digits(inner) {
        return true;
    }
    if let Some((page, of)) = inner.split_once('/')
        && digits(page)
        && digits(of)
    {
        return page.parse::<u32>().ok() <= of.parse::<u32>().ok();
    }
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百".contains(c);
    let words: String = inner.chars().filter(|c| !numeral(*c) && !matches!(c, ',' | '，' | '/' | '／' | '|' | '.')).collect();
    inner.chars().any(numeral) && matches!(words.as_str(), "第页" | "第页共页" | "共页第页" | "第页(共页)" | "第页（共页）" | "page" | "pageof" | "页")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_told_from_text() {
        for text in ["— 3 —", "-12-", "第 3 页 共 8 页", "第三页", "3 / 8", "Page 3 of 8", "·2·", "第1页，共8页", "https://example.org/a?b=1 1/3"]
        {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["12", "3件", "第 3 页的数据", "2021年1月20日", "8/3", "—", "一、总体情况"] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
