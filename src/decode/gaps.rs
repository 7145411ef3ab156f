//! Rows of tables that were copied as plain text: cells parted by tabs or wide gaps, or a label with
//! nothing but numbers behind it.

/// The cells of a table row; none for running text.
pub(super) fn row(line: &str) -> Option<Vec<&str>> {
    if line.trim_start_matches([' ', '\u{3000}']).trim_end().contains('\t') {
        return Some(line.split('\t').map(str::trim).collect());
    }
    let line = line.trim();
    if line.is_empty() || line.len() > 400 || line.contains(['。', '；', '：']) {
        return None;
    }
    let wide: Vec<&str> = line.split("  ").map(str::trim).filter(|t| !t.is_empty()).collect();
    if wide.len() > 2 {
        return Some(wide);
    }
    // `行政许可 0 0 0`: a label and nothing but numbers behind it.
    let words: Vec<&str> = line.split_whitespace().collect();
    let numbers = words.iter().rev().take_while(|w| w.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.' | b'-' | b'/'))).count();
    let (label, values) = words.split_at(words.len() - numbers);
    (!label.is_empty() && !values.is_empty() && words.len() <= 40).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_gaps_and_trailing_numbers_make_rows() {
        assert_eq!(row("规章\t0\t\t0"), Some(vec!["规章", "0", "", "0"]));
        assert_eq!(row("规章    0    12    0"), Some(vec!["规章", "0", "12", "0"]));
        assert_eq!(row("行政许可 0 12"), Some(vec!["行政许可", "0", "12"]));
        assert_eq!(row("\u{3000}\u{3000}2020年，本街道公开信息82条。"), None);
        assert_eq!(row("2021年1月20日"), None);
    }
}
