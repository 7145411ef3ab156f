//! Which part of the report is where, which table a row belongs to, and which form a table follows.
//! Headings are known by their words before their numbers, rows by their labels before their place.

use super::Forms;
use super::label::{Ordinal, core, fold, likeness, ordinal};
use super::value::looks_like_value;
use super::vocabulary::{Label, Memo, WordKind};
use crate::document::{Block, Document, Grid, Place, Row};
use std::rc::Rc;

/// What was recognised of a document.
#[derive(Debug)]
pub struct Outline<'d> {
    /// The parts found, in reading order. Text before the first heading belongs to none.
    pub parts: Vec<Part<'d>>,
    /// For each table of the forms, what was found of it.
    pub tables: Vec<FoundTable<'d>>,
}

/// A part of the report: its heading and the prose under it.
#[derive(Debug)]
pub struct Part<'d> {
    /// Identifier of the section.
    pub section: &'d str,
    /// The paragraphs under the heading.
    pub passages: Vec<Passage<'d>>,
}

/// A paragraph of a part.
#[derive(Debug)]
pub struct Passage<'d> {
    /// Its text.
    pub text: &'d str,
    /// Whether it is marked as a heading.
    pub heading: bool,
    /// Where it begins.
    pub at: Place,
}

/// The rows that belong to one table of the form, from wherever in the document they were.
#[derive(Debug)]
pub struct FoundTable<'d> {
    /// Index of the form the table follows, none if it was not found.
    pub form: Option<usize>,
    /// Whether its labels tell that form from all others: table four is the same in every form.
    pub telling: bool,
    /// Its rows in reading order.
    pub(super) rows: Vec<FoundRow<'d>>,
}

/// A row of a grid with its labels read.
#[derive(Debug)]
pub(super) struct FoundRow<'d> {
    pub grid: &'d Grid<'d>,
    pub row: &'d Row<'d>,
    /// Whether the row stands under the heading of its own section.
    pub at_home: bool,
    /// Whether the row stands in a section that has no table of the form.
    pub in_prose: bool,
    /// The labels of each cell that holds text: (index of the cell, labels).
    pub labels: Vec<(usize, Rc<[Label]>)>,
    /// Whether any cell holds a number or a mark.
    pub has_values: bool,
}

/// Recognises the parts and tables of a document. `year` decides between forms where the tables do not.
pub fn outline<'d>(document: &'d Document<'d>, forms: &'d Forms, year: Option<i32>, memo: &mut Memo) -> Outline<'d> {
    let headings = headings(document, forms);
    let mut heading = headings.iter().peekable();
    let mut parts: Vec<Part<'d>> = Vec::new();
    let mut tables: Vec<FoundTable<'d>> = forms.forms[0].tables.iter().map(|_| FoundTable { form: None, telling: false, rows: Vec::new() }).collect();
    let mut current: Option<usize> = None;
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) => {
                let mut text: &str = &paragraph.text;
                if let Some(found) = heading.next_if(|h| h.block == index) {
                    parts.push(Part { section: found.section, passages: Vec::new() });
                    current = forms.forms[0].tables.iter().position(|t| t.id == found.section);
                    text = &text[found.length..];
                }
                if let Some(part) = parts.last_mut()
                    && !text.trim().is_empty()
                {
                    part.passages.push(Passage { text, heading: paragraph.heading, at: paragraph.at });
                }
            }
            Block::Grid(grid) => {
                let home = parts.last().map(|p| p.section);
                for row in &grid.rows {
                    let mut found = FoundRow::read(grid, row, forms, memo);
                    if let Some(table) = found.table(forms, current).or_else(|| found.blank_of(forms, current)) {
                        current = Some(table);
                        found.at_home = home == Some(forms.forms[0].tables[table].id.as_str());
                        found.in_prose = home.is_some_and(|h| forms.forms[0].tables.iter().all(|t| t.id != h));
                        tables[table].rows.push(found);
                    }
                }
            }
        }
    }
    for (index, table) in tables.iter_mut().enumerate() {
        table.drop_others(index);
        table.settle(forms, index, year);
    }
    Outline { parts, tables }
}

/// A paragraph that opens a section: `length` bytes of it are the heading.
struct Heading<'d> {
    block: usize,
    section: &'d str,
    length: usize,
    strength: u8,
}

fn headings<'d>(document: &Document<'_>, forms: &'d Forms) -> Vec<Heading<'d>> {
    let mut found: Vec<Heading<'d>> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let Block::Paragraph(paragraph) = block else { continue };
        if let Some((section, length, strength)) = heading(&paragraph.text, paragraph.heading, forms) {
            found.push(Heading { block: index, section, length, strength });
        }
    }
    // Inside a part, sub-headings repeat the words of a section: only the best of each name counts.
    let best = |section: &str| found.iter().filter(|h| h.section == section).map(|h| h.strength).max();
    let keep: Vec<bool> = found.iter().map(|h| Some(h.strength) == best(h.section)).collect();
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next() == Some(true));
    found
}

/// Longest heading, in bytes of the paragraph as it stands.
const LONGEST_HEADING: usize = 160;

fn heading<'d>(text: &str, marked: bool, forms: &'d Forms) -> Option<(&'d str, usize, u8)> {
    let text_start = text.len() - text.trim_start().len();
    let short = text.len() <= LONGEST_HEADING && !text.trim_end().ends_with(['。', '；', ';', '，']);
    let first = text.trim_start().chars().next()?;
    if !short && !"一二三四五六第".contains(first) {
        return None;
    }
    let folded = fold(text.get(..LONGEST_HEADING.min(text.len())).unwrap_or_else(|| clip(text)));
    let (number, words) = match ordinal_of_part(&folded) {
        Some((ordinal, length)) => (Some(ordinal), &folded[length..]),
        None => (None, folded.as_str()),
    };
    let level = number.map(|o| o.level);
    let letters = core(words);
    if letters.is_empty() {
        return None;
    }
    for section in forms.forms.iter().flat_map(|f| &f.sections) {
        let exact = short && section.headings.contains(&letters);
        let strength = match level {
            Some(1) => 3,
            None => 2,
            Some(_) => 1,
        };
        if exact {
            return Some((&section.id, text.len(), strength));
        }
        // The sentence runs on behind the heading: 一、总体情况2021年，我街道……
        if level == Some(1) && number_is(number, &section.ordinal) {
            for known in &section.headings {
                if known.chars().count() >= 4 && letters.starts_with(known.as_str()) && !short {
                    return Some((&section.id, text_start + end_of(&text[text_start..], known), strength));
                }
            }
        }
    }
    if !short || letters.chars().count() > 34 {
        return None;
    }
    let letters_list: Vec<char> = letters.chars().collect();
    for section in forms.forms.iter().flat_map(|f| &f.sections) {
        let same_number = number_is(number, &section.ordinal) && level == Some(1);
        let unnumbered = number.is_none() && marked;
        let alike = |known: &String| likeness(&letters_list, &known.chars().collect::<Vec<_>>()).is_some_and(|l| l >= 0.85);
        let worded = !section.words.is_empty() && section.words.iter().all(|w| letters.contains(w.as_str()));
        if level == Some(1) && section.headings.iter().any(alike) || (same_number || unnumbered) && worded {
            return Some((&section.id, text.len(), if level == Some(1) { 3 } else { 1 }));
        }
    }
    None
}

/// 一、 or 第一部分: the number of a part.
fn ordinal_of_part(folded: &str) -> Option<(Ordinal, usize)> {
    if let Some(rest) = folded.strip_prefix('第') {
        let digit = rest.chars().next()?;
        let number = "一二三四五六七八九".chars().position(|c| c == digit)? as u8 + 1;
        let after = &rest[digit.len_utf8()..];
        let word = ["部分", "章"].into_iter().find(|w| after.starts_with(w))?;
        let mut length = folded.len() - after.len() + word.len();
        length += folded[length..].chars().next().filter(|c| "、:,.".contains(*c)).map_or(0, char::len_utf8);
        return Some((Ordinal { level: 1, number }, length));
    }
    ordinal(folded, None)
}

fn number_is(number: Option<Ordinal>, printed: &str) -> bool {
    number.is_some_and(|o| "一二三四五六七八九".chars().nth(usize::from(o.number) - 1).is_some_and(|c| printed.starts_with(c)))
}

/// Bytes of `text` up to the end of `known`, whose letters it begins with after its ordinal.
fn end_of(text: &str, known: &str) -> usize {
    let mut wanted = known.chars().peekable();
    let first = wanted.peek().copied();
    let mut begun = false;
    for (at, c) in text.char_indices() {
        let narrow = super::label::narrow(c);
        if !begun && Some(narrow) != first {
            continue;
        }
        begun = true;
        if wanted.peek() == Some(&narrow) {
            wanted.next();
            if wanted.peek().is_none() {
                return at + c.len_utf8();
            }
        }
    }
    text.len()
}

fn clip(text: &str) -> &str {
    let mut end = LONGEST_HEADING.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Cells of a row that are looked at: more than any form has, less than hurts.
const WIDEST_ROW: usize = 256;

impl<'d> FoundRow<'d> {
    fn read(grid: &'d Grid<'d>, row: &'d Row<'d>, forms: &Forms, memo: &mut Memo) -> Self {
        let mut labels = Vec::new();
        let mut has_values = false;
        for (index, cell) in row.cells.iter().enumerate().take(WIDEST_ROW) {
            let text = cell.text.trim();
            if text.is_empty() {
                continue;
            }
            if looks_like_value(text) {
                has_values = true;
            } else if text.len() <= 600 {
                labels.push((index, forms.vocabulary.labels(text, memo)));
            }
        }
        FoundRow { grid, row, at_home: false, in_prose: false, labels, has_values }
    }

    /// A table whose row has no label may have it wholly blank.
    fn blank_of(&self, forms: &Forms, current: Option<usize>) -> Option<usize> {
        let unlabelled = |t: &usize| forms.forms.iter().all(|f| f.tables[*t].is_one_row());
        let wide = |t: &usize| self.row.cells.len() >= forms.forms[0].tables[*t].cells.len();
        current.filter(unlabelled).filter(wide)
    }

    /// The table this row belongs to: the one that knows most of its labels, else the one before.
    fn table(&self, forms: &Forms, current: Option<usize>) -> Option<usize> {
        if self.labels.is_empty() && !self.has_values {
            return None;
        }
        let mut votes = vec![0u32; forms.forms[0].tables.len()];
        // 总计 and 其他 stand in several tables and in others that are none of the form's.
        let telling = |l: &&Label| !(l.is_row() && l.is_column());
        let labels = || self.labels.iter().flat_map(|(_, l)| l.iter());
        let all: Vec<&Label> = if labels().any(|l| telling(&l) && !l.words.is_empty()) {
            labels().collect()
        } else {
            labels().filter(|l| l.ordinal.is_some() || telling(l)).collect()
        };
        for label in all {
            for (table, votes) in votes.iter_mut().enumerate() {
                *votes += u32::from(label.is_of(table));
            }
        }
        let most = votes.iter().max().copied().unwrap_or(0);
        let mut leaders = (0..votes.len()).filter(|&t| votes[t] == most);
        match (most, leaders.next(), leaders.next()) {
            (0, ..) => current,
            (_, Some(one), None) => Some(one),
            (_, one, _) => current.filter(|&c| votes[c] == most).or(one),
        }
    }
}

impl FoundTable<'_> {
    /// Leaves out rows of other tables that use the same labels: statistics in the prose, where the
    /// table itself stands elsewhere.
    fn drop_others(&mut self, index: usize) {
        let known = |row: &FoundRow<'_>| row.labels.iter().flat_map(|(_, l)| l.iter()).filter(|l| l.is_of(index)).count();
        let mut grids: Vec<(u32, usize)> = Vec::new();
        for row in &self.rows {
            match grids.last_mut().filter(|(grid, _)| *grid == row.grid.number) {
                Some((_, labels)) => *labels += known(row),
                None => grids.push((row.grid.number, known(row))),
            }
        }
        let most = grids.iter().map(|(_, labels)| *labels).max().unwrap_or(0);
        let at_home = self.rows.iter().any(|r| r.at_home && r.has_values);
        let real: Vec<u32> = grids.iter().filter(|(_, labels)| labels * 2 > most).map(|(grid, _)| *grid).collect();
        let comes_again = |row: &FoundRow<'_>| {
            let again = |label: &Label| {
                self.rows.iter().any(|r| real.contains(&r.grid.number) && r.labels.iter().flat_map(|(_, l)| l.iter()).any(|l| l.core == label.core))
            };
            row.labels.iter().flat_map(|(_, l)| l.iter()).filter(|l| l.is_row()).all(again)
        };
        let doubles: Vec<bool> = self
            .rows
            .iter()
            .map(|row| {
                let small = most >= 8 && !real.contains(&row.grid.number) && !row.at_home;
                at_home && row.in_prose || small && self.rows.iter().filter(|r| r.grid.number == row.grid.number).all(comes_again)
            })
            .collect();
        let mut doubles = doubles.into_iter();
        self.rows.retain(|_| doubles.next() == Some(false));
    }

    /// Decides which form the table follows: the one whose labels fit best, then that of the year.
    fn settle(&mut self, forms: &Forms, index: usize, year: Option<i32>) {
        let of_year = year.and_then(|y| forms.of_year(y));
        let mut scores: Vec<(i32, bool, usize)> = Vec::new();
        for (f, form) in forms.forms.iter().enumerate() {
            let table = &form.tables[index];
            let mut rows = vec![false; table.rows.len()];
            let mut score = 0;
            let blank_form = !self.rows.iter().any(|r| r.has_values);
            for row in &self.rows {
                let is_column = |l: &&Label| l.words.iter().any(|w| w.form == f && w.table == index && w.kind == WordKind::Column);
                let columns = row.labels.iter().flat_map(|(_, l)| l.iter()).filter(is_column).count();
                score += columns as i32;
                // Only the last label names the row: the ones before it are its groups.
                if let Some(label) = row.labels.last().and_then(|(_, l)| l.last()) {
                    for word in label.words.iter().filter(|w| w.form == f && w.table == index) {
                        // 其他 and 总计 are rows and columns: as rows they stand alone.
                        let heads_a_group = label.words.iter().any(|w| matches!(w.kind, WordKind::Group(_)));
                        if let WordKind::Row(r) = word.kind
                            && (row.has_values || columns == 0 && (blank_form || !heads_a_group))
                        {
                            rows[r] = true;
                        }
                    }
                }
            }
            let labelled = table.rows.iter().filter(|r| !r.cores.is_empty()).count() as i32;
            let found = rows.iter().filter(|r| **r).count() as i32;
            score += 3 * found - labelled;
            let only_values = table.is_one_row() && self.rows.iter().any(|r| r.at_home && r.has_values);
            if score + labelled <= 0 && !only_values {
                continue;
            }
            scores.push((score, Some(f) == of_year, f));
        }
        scores.sort_unstable_by(|a, b| b.cmp(a));
        self.form = scores.first().map(|s| s.2);
        self.telling = scores.len() == 1 || scores.len() > 1 && scores[0].0 > scores[1].0;
    }
}
