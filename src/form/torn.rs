//! Tables that lost their cell borders: text taken from web pages prints `（一）予以公开7000007（二）…`.
//! Row labels in the order of the form part the text into runs of digits; borders that survived split
//! a run plainly, else the form's arithmetic does (`split`), or the run stays unreadable.

use super::flow::{Flow, Letter};
use super::label::narrow;
use super::place::{Doubt, Placed, PlacedTable, Trouble};
use super::run::{Fields, Next, Run};
use super::split::{Solved, Strip, only_split, solve};
use super::value::CellText;
use super::vocabulary::{Vocabulary, Word, WordKind};
use super::{Forms, Table};
use crate::document::{Document, Place};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A table found in the running text.
#[derive(Debug)]
pub(super) struct TornTable {
    /// Index of the table and of the form it follows.
    pub table: usize,
    pub form: usize,
    /// Whether its labels tell that form from all others.
    pub telling: bool,
    /// How many of its rows hold anything.
    pub rows_with_values: usize,
    /// How many of these stand in paragraphs, not in grids.
    pub rows_in_text: usize,
    /// What of which paragraphs it takes.
    pub paragraphs: Vec<(usize, Range<usize>)>,
    rows: Vec<TornRow>,
    score: i32,
}

/// A row of a torn table: what stands between its label and the next.
#[derive(Debug)]
struct TornRow {
    row: usize,
    run: Run,
    at: Place,
    /// The unit of money that the header names, in yuan.
    yuan: Option<f64>,
}

/// A label in the running text.
struct Token {
    start: usize,
    end: usize,
    words: Arc<[Word]>,
}

impl Token {
    fn is(&self, form: usize, table: usize, kind: impl Fn(WordKind) -> bool) -> bool {
        self.words.iter().any(|w| w.form == form && w.table == table && kind(w.kind))
    }

    fn heads(&self, form: usize, table: usize) -> bool {
        self.is(form, table, |k| matches!(k, WordKind::Column | WordKind::Note))
    }

    /// The row that it names. 其他 and 总计 are columns too: as rows they have digits behind them.
    fn row(&self, form: usize, table: usize) -> Option<usize> {
        self.words.iter().find_map(|w| match w.kind {
            WordKind::Row(row) if w.form == form && w.table == table => Some(row),
            _ => None,
        })
    }

    fn is_row_only(&self) -> bool {
        self.words.iter().all(|w| matches!(w.kind, WordKind::Row(_)))
    }
}

/// Labels between two ends of sentences: fewer are prose, more are a flood.
const LABELS: Range<usize> = 6..4096;
/// Rows looked at of one table between two ends of sentences.
const ROWS: usize = 400;

/// Finds the wanted tables in the running text.
pub(super) fn find(document: &Document<'_>, forms: &Forms, year: Option<i32>, wanted: &[usize]) -> Vec<TornTable> {
    let flow = Flow::of(document);
    let of_year = year.and_then(|y| forms.of_year(y));
    let mut found: Vec<TornTable> = Vec::new();
    for stretch in flow.stretches() {
        let tokens = tokens(&forms.vocabulary, &flow.letters(stretch.clone()));
        if !LABELS.contains(&tokens.len()) {
            continue;
        }
        let text = Stretch { forms, flow: &flow, tokens, end: stretch.end };
        for &index in wanted {
            let mut read: Vec<TornTable> = (0..forms.forms.len()).filter_map(|form| text.table(&forms.forms[form].tables[index], form, index)).collect();
            read.sort_by_key(|t| (t.score, Some(t.form) == of_year));
            let second = read.len().checked_sub(2).map(|n| read[n].score);
            let Some(mut best) = read.pop() else { continue };
            best.telling = second.is_none_or(|second| second < best.score);
            match found.iter_mut().find(|f| f.table == index) {
                Some(known) if known.score >= best.score => {}
                Some(known) => *known = best,
                None => found.push(best),
            }
        }
    }
    found
}

/// The labels of the forms among letters.
fn tokens(vocabulary: &Vocabulary, letters: &[Letter]) -> Vec<Token> {
    let mut found: Vec<(Range<usize>, Arc<[Word]>)> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        match vocabulary.opening(&letters[at..]) {
            Some((length, words)) => {
                found.push((at..at + length, words));
                at += length;
            }
            None => at += 1,
        }
    }
    if LABELS.contains(&found.len()) {
        add_torn_labels(vocabulary, letters, &mut found);
    }
    found.into_iter().map(|(range, words)| Token { start: letters[range.start].start, end: letters[range.end - 1].end, words }).collect()
}

/// Adds row labels that have lost characters: letters before digits that no label ends with.
fn add_torn_labels(vocabulary: &Vocabulary, letters: &[Letter], found: &mut Vec<(Range<usize>, Arc<[Word]>)>) {
    const MOST: usize = 100;
    const LENGTHS: std::ops::RangeInclusive<usize> = 4..=60;
    let is_digit = |l: &Letter| l.letter.is_ascii_digit();
    let mut tried = 0;
    let mut at = 0;
    for segment in letters.chunk_by(|a, b| is_digit(a) == is_digit(b)) {
        let range = at..at + segment.len();
        at = range.end;
        let first = found.partition_point(|(r, _)| r.end <= range.start);
        let inside = found[first..].iter().take_while(|(r, _)| r.end <= range.end).count();
        let ends: Vec<usize> = std::iter::once(range.start).chain(found[first..first + inside].iter().map(|(r, _)| r.end)).collect();
        // A Latin letter before digits is a digit that was misread (O for 0), not the end of a label.
        let misread = letters[range.end - 1].letter.is_ascii_alphabetic();
        if is_digit(&segment[0]) || misread || range.end == letters.len() || ends.last() == Some(&range.end) || inside > 8 || tried > MOST {
            continue;
        }
        tried += 1;
        let torn = |start: usize| letters[start..range.end].iter().map(|l| l.letter).collect::<Vec<char>>();
        let like = |start: usize| Some((start, vocabulary.likest_row(&torn(start))?));
        let likest = ends.iter().copied().filter(|s| LENGTHS.contains(&(range.end - s))).filter_map(like).max_by(|a, b| a.1.0.total_cmp(&b.1.0));
        if let Some((start, (_, words))) = likest {
            let kept = found[first..first + inside].iter().take_while(|(r, _)| r.end <= start).count();
            found.splice(first + kept..first + inside, [(start..range.end, words)]);
        }
    }
}

/// The running text between two ends of sentences, with the labels in it.
struct Stretch<'f> {
    forms: &'f Forms,
    flow: &'f Flow,
    tokens: Vec<Token>,
    end: usize,
}

impl Stretch<'_> {
    fn table(&self, table: &Table, form: usize, index: usize) -> Option<TornTable> {
        let events = if table.is_one_row() { self.one_row(table, form, index)? } else { self.rows(table, form, index)? };
        let heads = self.tokens.iter().filter(|t| t.heads(form, index)).count().min(table.cells.len());
        let first = self.begin(events.first()?.0, form, index);
        let end = events.last().map(|(_, row)| row.run.bytes.end)?;
        let rows: Vec<TornRow> = events.into_iter().map(|(_, row)| row).collect();
        let in_text = |r: &&TornRow| !r.run.is_blank() && self.flow.in_paragraph(r.run.bytes.start);
        let range = self.tokens[first].start..end;
        Some(TornTable {
            table: index,
            form,
            telling: false,
            rows_with_values: rows.iter().filter(|r| !r.run.is_blank()).count(),
            rows_in_text: rows.iter().filter(in_text).count(),
            paragraphs: self.flow.paragraphs(&range),
            score: 3 * rows.len() as i32 + heads as i32 - table.rows.len() as i32,
            rows,
        })
    }

    /// The text behind a label, up to the next.
    fn run(&self, token: usize) -> Run {
        let next = self.tokens.get(token + 1);
        let end = next.map_or(self.end, |t| t.start);
        let number = |t: &Token| {
            let row = |w: &Word| if let WordKind::Row(r) = w.kind { self.forms.forms[w.form].tables[w.table].rows[r].ordinal } else { None };
            t.words.iter().filter_map(row).find(|o| o.level == 3).map(|o| o.number)
        };
        Run::read(&self.flow.text, self.tokens[token].end..end, next.map(|t| Next { number: number(t) }))
    }

    /// The first label of the header above a label: those before it that stand close together.
    fn begin(&self, token: usize, form: usize, index: usize) -> usize {
        const FAR: usize = 48;
        let belongs = |t: &Token| t.words.iter().any(|w| w.form == form && w.table == index);
        let close = |n: usize| self.tokens[n].start - self.tokens[n - 1].end < FAR && belongs(&self.tokens[n - 1]);
        (1..=token).rev().take_while(|&n| close(n)).last().map_or(token, |n| n - 1)
    }

    /// The rows of a table with row labels: the longest sequence in the order of the form.
    fn rows(&self, table: &Table, form: usize, index: usize) -> Option<Vec<(usize, TornRow)>> {
        let header = self.tokens.iter().position(|t| t.heads(form, index) && t.row(form, index).is_none());
        let mut events: Vec<(usize, usize, Run, u32)> = Vec::new();
        for (n, token) in self.tokens.iter().enumerate().skip(header.unwrap_or(0)) {
            let Some(row) = token.row(form, index) else { continue };
            let run = self.run(n);
            let weight = match (run.is_blank(), token.is_row_only()) {
                (false, _) => 4,
                (true, true) => 1,
                (true, false) => continue,
            };
            events.push((n, row, run, weight));
            if events.len() > ROWS {
                return None;
            }
        }
        // The heaviest sequence; of two as heavy, the one whose rows follow each other.
        let mut best: Vec<(u32, Option<usize>)> = Vec::with_capacity(events.len());
        for (e, event) in events.iter().enumerate() {
            let follows = |b: usize| best[b].0 + u32::from(events[b].1 + 1 == event.1);
            let before = (0..e).filter(|&b| events[b].1 < event.1).max_by_key(|&b| follows(b));
            best.push((4 * event.3 + before.map_or(0, follows), before));
        }
        let mut at = (0..best.len()).max_by_key(|&e| best[e].0);
        let mut chain = Vec::new();
        while let Some(e) = at {
            chain.push(e);
            at = best[e].1;
        }
        chain.reverse();
        let filled = chain.iter().filter(|&&e| !events[e].2.is_blank()).count();
        let headed = header.is_some() || chain.len() * 4 >= table.rows.len() * 3;
        if !headed || chain.len() * 2 < table.rows.len() || filled * 3 < table.rows.len() {
            return None;
        }
        let yuan = |n: usize, row: usize| table.cells[table.rows[row].cells.clone()].iter().find_map(|c| self.yuan(n, &c.columns, form, index));
        let torn = |e: usize| {
            let (n, row, run, _) = &events[e];
            (*n, TornRow { row: *row, run: run.clone(), at: self.flow.place(self.tokens[*n].start), yuan: yuan(*n, *row) })
        };
        Some(chain.into_iter().map(torn).collect())
    }

    /// The unit of money behind the last label above a row that names one of its columns.
    fn yuan(&self, token: usize, columns: &[String], form: usize, index: usize) -> Option<f64> {
        let names = |t: &&Token| t.is(form, index, |k| k == WordKind::Column) && columns.contains(&super::label::core(&self.flow.text[t.start..t.end]));
        let header = self.tokens[..token].iter().rev().find(names)?;
        let behind: String = self.flow.text[header.end..].chars().take(10).map(narrow).filter(|c| !c.is_whitespace()).collect();
        let behind = behind.strip_prefix('(')?.trim_start_matches("单位").trim_start_matches(':');
        [("亿元", 1e8), ("万元", 1e4), ("元", 1.0)].iter().find(|(unit, _)| behind.starts_with(unit)).map(|(_, yuan)| *yuan)
    }

    /// The one row of a table without row labels: it follows the labels of all its columns.
    fn one_row(&self, table: &Table, form: usize, index: usize) -> Option<Vec<(usize, TornRow)>> {
        let columns: Vec<usize> = (0..self.tokens.len()).filter(|&n| self.tokens[n].is(form, index, |k| k == WordKind::Column)).collect();
        let cores: Vec<String> = columns.iter().map(|&n| super::label::core(&self.flow.text[self.tokens[n].start..self.tokens[n].end])).collect();
        let count = table.cells.len();
        let fits = |from: &usize| (0..count).all(|c| table.cells[c].columns.contains(&cores[from + c]));
        let from = (0..(columns.len() + 1).saturating_sub(count)).rev().find(fits)?;
        let last = columns[from + count - 1];
        let row = TornRow { row: 0, run: self.run(last), at: self.flow.place(self.tokens[last].start), yuan: None };
        Some(vec![(last, row)])
    }
}

impl TornTable {
    /// Places the cells that can be told; `number` is that of the table among the grids.
    pub(super) fn place<'d>(&self, table: &'d Table, number: u32) -> PlacedTable<'d> {
        let mut cells: Vec<Option<Placed<'d>>> = table.cells.iter().map(|_| None).collect();
        let mut troubles = Vec::new();
        let mut strips: Vec<Strip> = Vec::new();
        let mut doubtful: Vec<(usize, Option<usize>)> = Vec::new();
        let mut split = 0;
        for (r, row) in self.rows.iter().enumerate() {
            let range = table.rows[row.row].cells.clone();
            let count = range.len();
            let signed = |c: usize| table.cells[range.start + c].format.signed;
            let mut put = |c: usize, value, raw: &str, split| {
                let cell = (number, row.row as u32 + 1, c as u32 + 1);
                cells[range.start + c] = Some(Placed { value, raw: Cow::Owned(raw.to_string()), at: row.at, cell, split });
            };
            match row.run.fields(count, &signed) {
                _ if row.run.is_blank() => (0..count).for_each(|c| put(c, CellText::Blank, "", false)),
                Fields::Plain(texts) => {
                    let format = |c: usize| &table.cells[range.start + c].format;
                    let values: Vec<CellText> = texts.iter().enumerate().map(|(c, text)| format(c).read(text, row.yuan)).collect();
                    values.iter().zip(&texts).enumerate().for_each(|(c, (value, text))| put(c, *value, text, false));
                    if let Some(run) = row.run.as_read(&values) {
                        strips.push(Strip { first: range.start, count, runs: vec![run] });
                    }
                }
                Fields::Glued(runs) => {
                    let related = table.equations.iter().any(|e| e.parts.iter().chain(&e.totals).any(|c| range.contains(c)));
                    match only_split(&runs, count) {
                        _ if related => {
                            strips.push(Strip { first: range.start, count, runs });
                            doubtful.push((r, Some(strips.len() - 1)));
                        }
                        // No zero can begin a number: as many cells as digits, whatever may be blank.
                        Some(only) => {
                            only.iter().enumerate().for_each(|(c, value)| put(c, number_of(*value), &row.run.text, true));
                            split += count;
                        }
                        None => doubtful.push((r, None)),
                    }
                }
                Fields::Unreadable => doubtful.push((r, None)),
            }
        }
        let filled = self.rows.iter().all(|r| !r.run.is_blank()) && cells.iter().flatten().all(|c| c.value != CellText::Blank);
        let solved = solve(&table.equations, &strips, filled);
        for (r, strip) in doubtful {
            let row = &self.rows[r];
            let range = table.rows[row.row].cells.clone();
            let unknown: Solved = vec![None; range.len()];
            let known = strip.map_or(&unknown, |s| &solved[s]);
            for (c, value) in known.iter().enumerate() {
                let (value, column) = value.map_or((CellText::Unreadable, 0), |v| (number_of(v), c as u32 + 1));
                let raw = Cow::Owned(row.run.text.clone());
                cells[range.start + c] = Some(Placed { value, raw, at: row.at, cell: (number, row.row as u32 + 1, column), split: column > 0 });
            }
            let told = known.iter().flatten().count();
            split += told;
            if told < range.len() {
                troubles.push(Trouble { kind: Doubt::Ambiguous(row.row), at: row.at, values: row.run.text.clone() });
            }
        }
        if split > 0 {
            let at = self.rows.first().map(|r| r.at).unwrap_or_default();
            troubles.push(Trouble { kind: Doubt::Split(split), at, values: String::new() });
        }
        PlacedTable { cells, troubles }
    }
}

fn number_of(value: Option<u32>) -> CellText {
    value.map_or(CellText::NotApplicable, |value| CellText::Number(f64::from(value), false))
}
