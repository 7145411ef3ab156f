//! Which part of the report is where, which table a row belongs to, and which form a table follows.
//! Headings are known by their words before their numbers, rows by their labels before their place.

use super::Forms;
use super::heading::{Heading, headings};
use super::torn::{self, TornTable};
use super::value::looks_like_value;
use super::vocabulary::{Label, Memo, WordKind};
use crate::document::{Block, Document, Grid, Place, Row};
use std::ops::Range;
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
    /// The table as it stands in the running text, where it has lost its cell borders.
    pub(super) torn: Option<TornTable>,
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
    /// The labels of the paragraph right before its grid.
    pub caption: Option<Rc<[Label]>>,
    /// Whether any cell holds a number or a mark.
    pub has_values: bool,
}

impl FoundRow<'_> {
    /// Whether it stands right below another row, over the end of a page too.
    pub fn follows(&self, above: &FoundRow<'_>) -> bool {
        match self.grid.number.checked_sub(above.grid.number) {
            Some(0) => self.row.number == above.row.number + 1,
            Some(1) => self.row.number == 1 && above.grid.rows.last().is_some_and(|last| last.number == above.row.number),
            _ => false,
        }
    }

    /// Whether it has no label that a form has.
    pub fn is_unknown(&self) -> bool {
        self.labels.iter().all(|(_, labels)| labels.iter().all(|l| l.words.is_empty()))
    }
}

/// Recognises the parts and tables of a document. `year` decides between forms where the tables do not.
pub fn outline<'d>(document: &'d Document<'d>, forms: &'d Forms, year: Option<i32>, memo: &mut Memo) -> Outline<'d> {
    let headings = headings(document, forms);
    let mut heading = headings.iter().peekable();
    let empty = || FoundTable { form: None, telling: false, rows: Vec::new(), torn: None };
    let mut tables: Vec<FoundTable<'d>> = forms.forms[0].tables.iter().map(|_| empty()).collect();
    let mut home = None;
    let mut current: Option<usize> = None;
    let mut votes = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(_) => {
                while let Some(found) = heading.next_if(|h| h.block == index) {
                    home = Some(found.section);
                    current = forms.forms[0].tables.iter().position(|t| t.id == found.section);
                }
            }
            Block::Grid(grid) => {
                let caption = index.checked_sub(1).and_then(|before| caption(&document.blocks[before], forms, memo));
                for row in &grid.rows {
                    let mut found = FoundRow::read(grid, row, forms, memo);
                    if let Some(table) = found.table(forms, current, &mut votes).or_else(|| found.blank_of(forms, current)) {
                        current = Some(table);
                        found.caption.clone_from(&caption);
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
    let taken = find_torn(document, forms, year, &mut tables);
    Outline { parts: parts(document, &headings, &taken), tables }
}

/// Looks for tables in the running text where the grids do not hold them, and tells which bytes of
/// which paragraphs they take.
fn find_torn(document: &Document<'_>, forms: &Forms, year: Option<i32>, tables: &mut [FoundTable<'_>]) -> Vec<(usize, Range<usize>)> {
    let rows_in_grids = |table: &FoundTable<'_>| table.rows.iter().filter(|r| r.has_values).count();
    let most = |t: usize| forms.forms.iter().map(|f| f.tables[t].rows.len()).min().unwrap_or(0);
    let lacking: Vec<usize> = (0..tables.len()).filter(|&t| rows_in_grids(&tables[t]) < most(t)).collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    let mut taken = Vec::new();
    for found in torn::find(document, forms, year, &lacking) {
        let table = &mut tables[found.table];
        if found.rows_in_text > 0 && found.rows_with_values > rows_in_grids(table) {
            taken.extend(found.paragraphs.iter().cloned());
            (table.form, table.telling) = (Some(found.form), found.telling);
            table.torn = Some(found);
        }
    }
    taken
}

/// The prose under each heading; `taken` are the bytes of paragraphs that belong to tables.
fn parts<'d>(document: &'d Document<'d>, headings: &[Heading<'d>], taken: &[(usize, Range<usize>)]) -> Vec<Part<'d>> {
    let mut parts: Vec<Part<'d>> = Vec::new();
    let mut heading = headings.iter().peekable();
    for (index, block) in document.blocks.iter().enumerate() {
        let Block::Paragraph(paragraph) = block else { continue };
        let add = |parts: &mut Vec<Part<'d>>, bytes: Range<usize>| {
            let text = paragraph.text.get(bytes).unwrap_or_default();
            if let Some(part) = parts.last_mut().filter(|_| !text.trim().is_empty()) {
                part.passages.push(Passage { text, heading: paragraph.heading, at: paragraph.at });
            }
        };
        let mut tables: Vec<&Range<usize>> = taken.iter().filter(|(block, _)| *block == index).map(|(_, bytes)| bytes).collect();
        tables.sort_unstable_by_key(|bytes| bytes.start);
        let mut tables = tables.into_iter().peekable();
        let mut from = 0;
        loop {
            let table = tables.next_if(|t| heading.peek().is_none_or(|h| h.block != index || t.start < h.bytes.start));
            if let Some(table) = table {
                add(&mut parts, from..table.start.max(from));
                from = from.max(table.end);
            } else if let Some(found) = heading.next_if(|h| h.block == index) {
                add(&mut parts, from..found.bytes.start.max(from));
                parts.push(Part { section: found.section, passages: Vec::new() });
                from = from.max(found.bytes.end);
            } else {
                break;
            }
        }
        add(&mut parts, from..paragraph.text.len());
    }
    parts
}

/// Longest paragraph that is looked at for what it says of the table below it, in bytes.
const LONGEST_CAPTION: usize = 90;

fn caption(block: &Block<'_>, forms: &Forms, memo: &mut Memo) -> Option<Rc<[Label]>> {
    let Block::Paragraph(paragraph) = block else { return None };
    let text = paragraph.text.trim();
    let text = text.trim_end_matches(['：', ':', '。']);
    let text = text.strip_suffix("情况").unwrap_or(text);
    if text.len() <= LONGEST_CAPTION { forms.vocabulary.labels(text, memo) } else { None }
}

/// Cells of a row that are looked at: more than any form has, less than hurts.
const WIDEST_ROW: usize = 256;

/// Bytes of a text that may be a label: more than any form has.
const LONGEST_LABEL: usize = 600;

impl<'d> FoundRow<'d> {
    fn read(grid: &'d Grid<'d>, row: &'d Row<'d>, forms: &Forms, memo: &mut Memo) -> Self {
        let mut labels = Vec::new();
        let mut has_values = false;
        for (index, cell) in row.cells.iter().enumerate().take(WIDEST_ROW) {
            // Most cells are plain numbers, which need no other look.
            if !cell.text.is_empty() && cell.text.bytes().all(|b| b.is_ascii_digit()) {
                has_values = true;
                continue;
            }
            let text = cell.text.trim();
            if text.is_empty() {
                continue;
            }
            if text.len() > LONGEST_LABEL {
                has_values |= looks_like_value(text);
                continue;
            }
            match forms.vocabulary.labels(text, memo) {
                Some(read) => labels.push((index, read)),
                None => has_values = true,
            }
        }
        FoundRow { grid, row, at_home: false, in_prose: false, labels, caption: None, has_values }
    }

    /// Whether no value stands before a cell: a text among the values is no label.
    pub(super) fn begins_at(&self, cell: usize) -> bool {
        let is_value = |text: &str| !text.is_empty() && looks_like_value(text);
        !self.row.cells.iter().take(cell).any(|c| is_value(c.text.trim()))
    }

    /// A table whose row has no label may have it wholly blank.
    fn blank_of(&self, forms: &Forms, current: Option<usize>) -> Option<usize> {
        let unlabelled = |t: &usize| forms.forms.iter().all(|f| f.tables[*t].is_one_row());
        let wide = |t: &usize| self.row.cells.len() >= forms.forms[0].tables[*t].cells.len();
        current.filter(unlabelled).filter(wide)
    }

    /// The table this row belongs to: the one that knows most of its labels, else the one before. `votes` is scratch.
    fn table(&self, forms: &Forms, current: Option<usize>, votes: &mut Vec<u32>) -> Option<usize> {
        if self.labels.is_empty() && !self.has_values {
            return None;
        }
        votes.clear();
        votes.resize(forms.forms[0].tables.len(), 0);
        // 总计 and 其他 stand in several tables and in others that are none of the form's.
        let telling = |l: &&Label| !(l.is_row() && l.is_column());
        let labels = || self.labels.iter().flat_map(|(_, l)| l.iter());
        let all = labels().any(|l| telling(&l) && !l.words.is_empty());
        for label in labels().filter(|l| all || l.ordinal.is_some() || telling(l)) {
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
