//! Numbers of spreadsheets as a person sees them: 12, not 12.0; 98.5%, a date, an amount with its unit.
//! Rounding is left out: what is stored counts.

use std::fmt::Write;

/// A number in a number format of the file.
pub(super) fn shown(value: f64, format: &Format, from_1904: bool) -> String {
    match format {
        Format::Plain => plain(value),
        Format::Percent => plain(value * 100.0) + "%",
        Format::WithUnit(unit) => plain(value) + unit,
        Format::Date => date(value, from_1904).unwrap_or_else(|| plain(value)),
    }
}

/// A number in digits, to the 15 that spreadsheets keep.
pub(super) fn plain(value: f64) -> String {
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// What a number format does to a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Format {
    #[default]
    Plain,
    Percent,
    /// Words behind it: `0"件"`.
    WithUnit(String),
    Date,
}

impl Format {
    /// A format that comes with the program, by its number.
    pub fn built_in(id: u32) -> Format {
        match id {
            9 | 10 => Format::Percent,
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Format::Date,
            _ => Format::Plain,
        }
    }

    /// A format of the file, by its code: `#,##0"件"`, `yyyy"年"m"月"d"日"`.
    pub fn of(code: &str) -> Format {
        let mut signs = String::new();
        let mut unit = String::new();
        let mut rest = code.chars();
        while let Some(c) = rest.next() {
            match c {
                '"' => unit.extend(rest.by_ref().take_while(|c| *c != '"')),
                '\\' => unit.extend(rest.next()),
                // The width of a sign, and a sign that fills the cell.
                '_' | '*' => drop(rest.next()),
                '[' => drop(rest.by_ref().take_while(|c| *c != ']').count()),
                ';' => break,
                '0' | '#' | '?' => {
                    signs.push(c);
                    unit.clear();
                }
                c => signs.push(c.to_ascii_lowercase()),
            }
        }
        let digits = signs.contains(['0', '#', '?']);
        if signs.contains('%') {
            Format::Percent
        } else if !digits && signs.contains(['y', 'd']) {
            Format::Date
        } else if digits && !unit.trim().is_empty() {
            Format::WithUnit(unit.trim().to_string())
        } else {
            Format::Plain
        }
    }
}

/// The day that a number stands for: 44581 is 20 January 2022.
fn date(value: f64, from_1904: bool) -> Option<String> {
    // The first spreadsheets took 1900 for a leap year; so do all since.
    let epoch = if from_1904 { chrono::NaiveDate::from_ymd_opt(1904, 1, 1) } else { chrono::NaiveDate::from_ymd_opt(1899, 12, 30) }?;
    let days = (1.0..2_958_466.0).contains(&value).then_some(value as u64)?;
    let day = epoch.checked_add_days(chrono::Days::new(days))?;
    let mut text = String::new();
    write!(text, "{}", day.format("%Y年%-m月%-d日")).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_a_person_sees_them() {
        assert_eq!(plain(12.0), "12");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(96171.6), "96171.6");
        assert_eq!(plain(-3.0), "-3");
        assert_eq!(plain(123_456_789_012.0), "123456789012");
        let cases = [
            (0.985, "0.0%", "98.5%"),
            (12.0, "0\"件\"", "12件"),
            (3.5, "#,##0.00\\万\\元", "3.5万元"),
            (1234.0, "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", "1234"),
            (44581.0, "yyyy\"年\"m\"月\"d\"日\";@", "2022年1月20日"),
            (44581.5, "[$-804]yyyy/m/d h:mm", "2022年1月20日"),
            (7.0, "General", "7"),
            (7.0, "[Red]0", "7"),
        ];
        for (value, code, expected) in cases {
            assert_eq!(shown(value, &Format::of(code), false), expected, "{code}");
        }
        assert_eq!(shown(1e300, &Format::Date, false), plain(1e300));
    }
}
