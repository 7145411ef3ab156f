//! Rows of tables that were copied as plain text: cells parted by tabs or wide gaps, or a label with
//! nothing but numbers behind it.

/// Longest label of a row, in characters.
const LONGEST_LABEL: usize = 60;

/// The cells of a table row that is a line of text.
#[derive(Debug, PartialEq)]
pub(super) struct Fields<'t> {
    pub cells: Vec<&'t str>,
    /// Whether tabs part them, so that blank cells are seen too.
    pub bordered: bool,
}

/// The cells of a table row; none for running text. In a table that is `open`, less is needed.
pub(super) fn row(line: &str, open: bool) -> Option<Fields<'_>> {
    // Most lines of prose have no blank at all.
    if !line.contains(char::is_whitespace) {
        return None;
    }
    // Within a table a label may have nothing but tabs behind it: a row that is wholly blank.
    let body = if open { line } else { line.trim_end() };
    if body.trim_start_matches([' ', '\u{3000}']).contains('\t') && !is_running_text(body) {
        return Some(Fields { cells: line.split('\t').map(str::trim).collect(), bordered: true });
    }
    let line = line.trim();
    if line.is_empty() || line.len() > 2000 || line.contains(['。', '；', '：']) {
        return None;
    }
    let parted = memchr::memmem::find(line.as_bytes(), b"  ").is_some();
    if !parted && !line.split_whitespace().next_back().is_some_and(is_amount) {
        return None;
    }
    // `总计1000 0 1`: the digits of several cells run together; this is no row of cells any more.
    if line.split_whitespace().any(is_glued) {
        return None;
    }
    let wide: Vec<&str> = if parted { line.split("  ").map(str::trim).filter(|t| !t.is_empty()).collect() } else { Vec::new() };
    if wide.len() > 2 || wide.len() == 2 && (open || is_amount(wide[1])) {
        return Some(Fields { cells: wide.into_iter().flat_map(parted_amounts).collect(), bordered: false });
    }
    // `行政许可 0 0 0`: a label and nothing but numbers behind it.
    let words: Vec<&str> = line.split_whitespace().collect();
    let numbers = words.iter().rev().take_while(|w| is_amount(w)).count();
    let (label, values) = words.split_at(words.len() - numbers);
    // A sentence that a line end has cut behind a number is none.
    if values.len() < 3 && (line.contains('，') || label.iter().any(|w| w.contains(|c: char| c.is_ascii_digit()))) {
        return None;
    }
    // Longer than any label: a header and its row that have lost all borders.
    let long = label.iter().map(|w| w.chars().count()).sum::<usize>() > LONGEST_LABEL;
    (!label.is_empty() && !values.is_empty() && !long && words.len() <= 40).then_some(Fields { cells: words, bordered: false })
}

/// The label and the numbers in what wide gaps leave together: the longest label of a table, and its longest numbers, have but
/// one blank behind them.
fn parted_amounts(text: &str) -> Vec<&str> {
    let numbers = text.split(' ').rev().take_while(|word| is_amount(word)).count();
    let mut words: Vec<&str> = text.rsplitn(numbers + 1, ' ').map(str::trim).collect();
    words.reverse();
    words.retain(|word| !word.is_empty());
    words
}

/// A text of several sentences, which may have tabs where a table has lost its borders.
fn is_running_text(line: &str) -> bool {
    line.matches('。').nth(2).is_some() || line.len() > 4000
}

/// Whether the digits of several cells run together: behind a label, or with a zero before them.
fn is_glued(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let label = word.len() > digits.len() + 6 && word[..word.len() - digits.len()].ends_with(|c: char| c.is_alphabetic() || matches!(c, '）' | ')' | '”'));
    let only_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    only_digits && (label || digits.len() > 1 && digits.starts_with('0') && digits.len() == word.len())
}

/// A number, with a unit or without, or a dash.
pub(super) fn is_amount(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | '/' | '—' | '–' | '／' | '－' | '０'..='９'));
    rest.len() < word.len() && matches!(rest, "" | "件" | "项" | "个" | "元" | "万元")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str, open: bool) -> Option<Vec<&str>> {
        row(line, open).map(|fields| fields.cells)
    }

    #[test]
    fn tabs_gaps_and_trailing_numbers_make_rows() {
        assert_eq!(cells("规章\t0\t\t0", false), Some(vec!["规章", "0", "", "0"]));
        assert_eq!(cells("其他  处理\t\t", true), Some(vec!["其他  处理", "", ""]));
        assert_eq!(cells("规章    0    12    0", false), Some(vec!["规章", "0", "12", "0"]));
        assert_eq!(cells("行政规范性文件 0    12 10459   7", false), Some(vec!["行政规范性文件", "0", "12", "10459", "7"]));
        assert_eq!(cells("行政许可 0 12", false), Some(vec!["行政许可", "0", "12"]));
        assert_eq!(cells("\u{3000}\u{3000}2020年，本街道公开信息82条。", false), None);
        assert_eq!(cells("公众号编发文章 1640 篇，其中原创文章 294", false), None);
        assert_eq!(cells("2021年1月20日", false), None);
        assert_eq!(cells("（七）总计1000 0 0 1", false), None);
        assert_eq!(cells("（二）部分公开 0 0000 0 0", false), None);
    }
}
