//! The digits between two row labels of a table that lost its cell borders: what of the text is digits,
//! which borders have survived, and which characters belong to the next label.

use super::label::{fold, narrow, ordinal};
use super::split::Sign;
use super::value::CellText;
use std::ops::Range;

/// The text between a label and the next.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// The digits as they stand, without the next row's number.
    pub text: String,
    /// Where they stand in the running text.
    pub bytes: Range<usize>,
    /// The last digit, where it may be the next row's number whose dot was lost.
    doubtful_end: bool,
    /// Whether it begins on a line of its own.
    own_line: bool,
    /// Whether it holds nothing but digits, marks, units and borders.
    clean: bool,
}

/// The label behind a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    /// Its number in the form, if it has one in Arabic digits.
    pub number: Option<u8>,
}

/// How a run parts into cells.
pub(super) enum Fields {
    /// By borders that survived: the text of each cell.
    Plain(Vec<String>),
    /// Not by borders alone: what it may read.
    Glued(Vec<Vec<Sign>>),
    /// It holds something that is no digit.
    Unreadable,
}

const MARKS: [char; 9] = ['-', '—', '–', '─', '−', '―', '/', '\\', '无'];
const UNITS: [char; 10] = ['件', '项', '条', '个', '宗', '份', '次', '起', '元', '万'];
/// What may stand between a run and the next label: its number, brackets and quotes.
const FURNITURE: &str = "一二三四五六七八九十()[]、.,:;“”\"'‘’第*#·■●◆》《_";

/// Whether a text begins with 四、 or （四）: a new part or row, whatever its label.
fn opens_with_number(text: &str) -> bool {
    let folded = fold(&text[..text.char_indices().nth(8).map_or(text.len(), |(end, _)| end)]);
    ordinal(&folded, None).is_some_and(|(ordinal, _)| ordinal.level < 3)
}

/// Whether a piece may be a whole cell: a mark, or a number that does not begin with a needless zero.
fn is_cell(text: &str) -> bool {
    let digits: String = text.chars().map(narrow).filter(char::is_ascii_digit).collect();
    let needless = digits.len() > 1 && digits.starts_with('0') && !text.contains(['.', '．']);
    !needless && (!digits.is_empty() || text.chars().any(|c| MARKS.contains(&narrow(c))))
}

/// Whether a word between blanks is a whole cell: nothing but marks, or nothing but a number.
fn is_word(word: &str) -> bool {
    let is_mark = |c| MARKS.contains(&narrow(c));
    word.chars().all(is_mark) || is_cell(word) && !word.contains(is_mark)
}

/// What blanks and bars part.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == '|').filter(|word| !word.is_empty())
}

fn is_value(c: char) -> bool {
    c.is_ascii_digit() || c.is_whitespace() || MARKS.contains(&c) || UNITS.contains(&c) || matches!(c, ',' | '.' | '|' | '+')
}

impl Run {
    /// Reads what stands behind a label; `next` is the label that follows in the same sentence.
    pub fn read(text: &str, range: Range<usize>, next: Option<Next>) -> Run {
        const LONGEST: usize = 400;
        let whole = &text[range.clone()];
        let lead = whole.len() - whole.trim_start_matches(|c: char| matches!(narrow(c), ')' | '”' | '"' | '：' | ':' | '*' | '、')).len();
        let gap = &whole[lead..];
        let mut end = gap.find(|c| !is_value(narrow(c))).unwrap_or(gap.len());
        let next = next.filter(|_| !opens_with_number(&gap[end..]));
        let mut clean = true;
        let mut doubtful_end = false;
        if let Some(next) = next {
            // Behind the digits only the next label's number may stand.
            let mut kept = gap.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '"' | '‘'));
            if let Some(before) = kept.strip_suffix(|c: char| matches!(narrow(c), '.' | '、' | ')' | ',' | '．')) {
                let before = before.trim_end();
                if let Some(before) = before.strip_suffix(|c: char| narrow(c).is_ascii_digit()) {
                    kept = before.trim_end_matches(['（', '(']);
                }
            } else if let Some(before) = kept.strip_suffix(|c: char| ('①'..='⑳').contains(&c)) {
                kept = before;
            } else {
                let number = next.number.and_then(|n| char::from_digit(u32::from(n), 10));
                doubtful_end = number.is_some_and(|n| kept.ends_with(|c: char| narrow(c) == n));
            }
            kept = kept.trim_end_matches(|c: char| FURNITURE.contains(narrow(c)) && !c.is_ascii_digit());
            end = kept.len().max(gap[..end.min(kept.len())].len());
            clean = gap[..end].chars().all(|c| is_value(narrow(c)));
        } else if let Some(next) = gap[end..].chars().next() {
            // The last run of a sentence: a heading or a line of its own may follow, no mere letter.
            clean = FURNITURE.contains(narrow(next)) || gap[..end].ends_with(['\n', '\u{3000}', '\t']) || opens_with_number(&gap[end..]);
        }
        let shown = gap.floor_char_boundary(end.min(LONGEST));
        clean &= shown == end;
        let text = gap[..shown].trim_matches([' ', '\n', '\r', '\u{3000}', '\u{a0}']).to_string();
        Run {
            text,
            bytes: range.start + lead..range.start + lead + end,
            doubtful_end,
            own_line: gap.trim_start_matches([' ', '\u{3000}', '\r']).starts_with('\n'),
            clean,
        }
    }

    /// Whether there is nothing between the labels.
    pub fn is_blank(&self) -> bool {
        self.clean && self.text.trim().is_empty()
    }

    /// The cells of the run, `count` of them; `signed` tells which may be negative.
    pub fn fields(&self, count: usize, signed: &impl Fn(usize) -> bool) -> Fields {
        if !self.clean {
            return Fields::Unreadable;
        }
        if self.doubtful_end && count > 1 {
            let whole = signs(&self.text, words(&self.text).count() <= count + 1);
            let without = whole.as_ref().map(|w| w[..w.len() - 1].to_vec());
            return Fields::Glued(without.into_iter().chain(whole).collect());
        }
        if self.text.contains(['\t', '|']) {
            // Tabs and bars show blank cells too.
            let inner = self.text.trim_matches(' ');
            let inner = inner.strip_prefix(['\t', '|']).unwrap_or(inner);
            let inner = inner.strip_suffix(['\t', '|']).unwrap_or(inner);
            let fields: Vec<String> = inner.split(['\t', '|']).map(|f| f.trim().to_string()).collect();
            if fields.len() == count {
                return Fields::Plain(fields);
            }
        }
        let any_signed = (0..count).any(signed);
        // A line may be cut within a number, unless each cell has a line of its own.
        let breaks = self.text.matches('\n').count();
        if breaks > 0 && !(self.own_line && breaks + 1 == count) {
            if any_signed && self.text.contains(MARKS) {
                return Fields::Glued(Vec::new());
            }
            let whole = if count > 1 { signs(&self.text, words(&self.text).count() <= count) } else { None };
            return Fields::Glued(whole.into_iter().collect());
        }
        // Dashes side by side are one mark, if so there is one word for each cell.
        if words(&self.text).count() == count && words(&self.text).all(is_word) {
            return Fields::Plain(words(&self.text).map(str::to_string).collect());
        }
        let loose = pieces(&self.text, false);
        let tight = if any_signed { pieces(&self.text, true) } else { loose.clone() };
        let negative = |text: &String| text.chars().nth(1).is_some() && text.starts_with(|c| MARKS.contains(&narrow(c)));
        let in_place = tight.iter().enumerate().all(|(c, text)| !negative(text) || signed(c));
        if tight.len() == count && in_place && (loose.len() != count || loose == tight) {
            // A piece that no cell can hold: the blanks are no borders, or the label goes on.
            return if tight.iter().all(|text| is_cell(text)) { Fields::Plain(tight) } else { Fields::Unreadable };
        }
        if tight.iter().any(negative) {
            // `2648-18538` may be 2648·-18·538 or 2648·-·18538.
            return Fields::Glued(Vec::new());
        }
        // More words than cells: the blanks are no borders.
        Fields::Glued(signs(&self.text, words(&self.text).count() <= count).into_iter().collect())
    }

    /// The signs of a run that borders have parted, for the relations that it shares with others; none
    /// if some cell holds no number.
    pub fn as_read(&self, values: &[CellText]) -> Option<Vec<Sign>> {
        let mut run = Vec::new();
        for value in values {
            match value {
                CellText::Number(number, _) if *number >= 0.0 && *number < 1e9 && number.fract() == 0.0 => {
                    let digits = format!("{number:.0}");
                    run.extend(digits.bytes().enumerate().map(|(n, b)| Sign { digit: Some(b - b'0'), begins: n == 0 }));
                }
                CellText::NotApplicable => run.push(Sign { digit: None, begins: true }),
                _ => return None,
            }
        }
        Some(run)
    }
}

/// The pieces of a run between blanks, units and marks. `tight`: a dash before digits is their sign.
fn pieces(text: &str, tight: bool) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut unit = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let narrowed = narrow(c);
        let is_unit = UNITS.contains(&narrowed);
        let is_mark = MARKS.contains(&narrowed);
        let closes = narrowed.is_whitespace() || narrowed == '|' || is_mark || unit && !is_unit;
        if closes && !current.is_empty() {
            pieces.push(std::mem::take(&mut current));
        }
        unit = is_unit;
        if narrowed.is_whitespace() || narrowed == '|' {
            continue;
        }
        let sign = tight && is_mark && narrowed != '/' && characters.peek().is_some_and(|next| narrow(*next).is_ascii_digit());
        if is_mark && !sign {
            pieces.push(c.to_string());
        } else {
            current.push(c);
        }
    }
    if !current.is_empty() {
        pieces.push(current);
    }
    pieces
}

/// The signs of a run; `borders`: a blank begins a cell. A line break may stand within a number. None
/// if there is anything but digits, blanks and marks.
fn signs(text: &str, borders: bool) -> Option<Vec<Sign>> {
    let mut signs = Vec::new();
    let mut begins = true;
    for c in text.chars().map(narrow) {
        match c {
            '\n' | '\r' => {}
            c if c.is_whitespace() || c == '|' => begins |= borders,
            '0'..='9' => {
                signs.push(Sign { digit: Some(c as u8 - b'0'), begins });
                begins = false;
            }
            '件' | '项' | '条' | '个' | '宗' | '份' | '次' | '起' => begins = true,
            c if MARKS.contains(&c) => {
                signs.push(Sign { digit: None, begins: true });
                begins = true;
            }
            _ => return None,
        }
    }
    Some(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, follows: bool) -> (String, bool) {
        let run = Run::read(text, 0..text.len(), follows.then_some(Next { number: Some(2) }));
        (run.text, run.clean)
    }

    #[test]
    fn a_run_ends_before_the_next_label() {
        let clean = |text: &str| (text.to_string(), true);
        assert_eq!(run("30000032.", true), clean("3000003"));
        assert_eq!(run("）0000000三、", true), clean("0000000"));
        assert_eq!(run("\n0 0 0\n0 0 0 0\n（2）", true), clean("0 0 0\n0 0 0 0"));
        assert_eq!(run("0000000 3．“", true), clean("0000000"));
        assert_eq!(run("75394432.52元三、", true), clean("75394432.52元"));
        assert!(!run("2OOOOO2二、", true).1);
        assert!(!run("0000000其中", false).1);
        assert_eq!(run("000000000000000 五、存在的", false), clean("000000000000000"));
    }

    #[test]
    fn surviving_borders_part_a_run_plainly() {
        let fields = |text: &str, count: usize, signed: bool| match Run::read(text, 0..text.len(), Some(Next { number: Some(9) })).fields(count, &|_| signed) {
            Fields::Plain(fields) => fields.join("|"),
            Fields::Glued(runs) => format!("glued {}", runs.len()),
            Fields::Unreadable => "unreadable".to_string(),
        };
        assert_eq!(fields("4 0 0 0 0 0 4", 7, false), "4|0|0|0|0|0|4");
        assert_eq!(fields("\t4\t\t0\t", 3, false), "4||0");
        assert_eq!(fields("35-15", 2, true), "35|-15");
        assert_eq!(fields("3件0件12件", 3, false), "3件|0件|12件");
        assert_eq!(fields("3---3", 5, false), "3|-|-|-|3");
        assert_eq!(fields("3———3", 5, false), "3|—|—|—|3");
        assert_eq!(fields("\n3\n－\n—\n3", 4, false), "3|－|—|3");
        assert_eq!(fields("396442278", 3, true), "glued 1");
        assert_eq!(fields("3 0 0 0 0 0 39", 7, false), "glued 2");
        assert_eq!(fields("2648-18538", 3, true), "glued 0");
        assert_eq!(fields("2-3", 3, true), "glued 0");
        assert_eq!(fields("2 - 3", 3, true), "2|-|3");
    }
}
