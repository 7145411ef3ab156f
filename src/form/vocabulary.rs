//! What the labels of all forms may mean, and reading the labels in a cell by it. The same labels come
//! back in every report, so what was read once is kept in a memo.

use super::Form;
use super::flow::Letter;
use super::label::{Fragment, Ordinal, core, fragments, likeness};
use super::value::looks_like_value;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;
use std::sync::Arc;

/// What a label may mean in one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    pub form: usize,
    pub table: usize,
    pub kind: WordKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordKind {
    Row(usize),
    Group(usize),
    Column,
    Note,
}

/// The labels of all forms.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    words: HashMap<String, Arc<[Word]>>,
    /// The labels by their first letter, the longest first: for finding them in running text.
    openings: HashMap<char, Vec<Vec<char>>>,
}

/// A label found in a cell.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    /// The printed ordinal.
    pub ordinal: Option<Ordinal>,
    /// The label as compared.
    pub core: Box<str>,
    /// What it may mean; nothing for a label that no form has.
    pub words: Arc<[Word]>,
    /// The unit of money that the label names, in yuan: 采购总金额（万元）.
    pub yuan: Option<f64>,
}

impl Label {
    /// Whether it may belong to a table.
    pub fn is_of(&self, table: usize) -> bool {
        self.words.iter().any(|w| w.table == table)
    }

    /// Whether it may name a row.
    pub fn is_row(&self) -> bool {
        self.words.iter().any(|w| matches!(w.kind, WordKind::Row(_)))
    }

    /// Whether it may name a column.
    pub fn is_column(&self) -> bool {
        self.words.iter().any(|w| w.kind == WordKind::Column)
    }
}

/// The labels of the cells read so far, by their text as it stands.
#[derive(Debug, Default)]
pub struct Memo {
    known: HashMap<Box<str>, Rc<[Label]>, BuildHasherDefault<Mixed>>,
    /// Whether letters may be misread.
    misread: bool,
}

impl Memo {
    /// For a report that was recognised from pictures: a label that no form has is the one that it is clearly most like.
    pub fn of_recognised() -> Memo {
        Memo { misread: true, ..Memo::default() }
    }
}

/// A plain hash of a text. The memo is asked for every label of every table, and as it is bounded, no report can make it slow.
#[derive(Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..piece.len()].copy_from_slice(piece);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

/// Texts a memo keeps; reports have about a hundred different ones, a flood of others is not kept.
const MEMO: usize = 4096;

impl Vocabulary {
    pub fn build(forms: &[Form], notes: &[Vec<Vec<String>>]) -> Vocabulary {
        let mut words: HashMap<String, Vec<Word>> = HashMap::new();
        for (f, form) in forms.iter().enumerate() {
            for (t, table) in form.tables.iter().enumerate() {
                let mut add = |core: String, kind| {
                    let word = Word { form: f, table: t, kind };
                    let known = words.entry(core).or_default();
                    if !known.contains(&word) {
                        known.push(word);
                    }
                };
                for (r, row) in table.rows.iter().enumerate() {
                    row.cores.iter().for_each(|c| add(c.iter().collect(), WordKind::Row(r)));
                }
                for (g, group) in table.groups.iter().enumerate() {
                    add(group.core.clone(), WordKind::Group(g));
                }
                for cell in &table.cells {
                    cell.columns.iter().for_each(|c| add(c.clone(), WordKind::Column));
                }
                for note in &notes[f][t] {
                    add(core(note), WordKind::Note);
                }
            }
        }
        let mut openings: HashMap<char, Vec<Vec<char>>> = HashMap::new();
        // Headings end what stands before them too.
        let headings = forms.iter().flat_map(|f| &f.sections).flat_map(|s| &s.headings);
        let mut labels: Vec<&String> = words.keys().chain(headings).collect();
        labels.sort_unstable();
        labels.dedup();
        for core in labels {
            let letters: Vec<char> = core.chars().collect();
            openings.entry(letters.first().copied().unwrap_or_default()).or_default().push(letters);
        }
        openings.values_mut().for_each(|list| list.sort_by_key(|letters| Reverse(letters.len())));
        Vocabulary { words: words.into_iter().map(|(core, words)| (core, words.into())).collect(), openings }
    }

    /// The longest label that a run of letters begins with: its length in letters and what it may mean.
    pub fn opening(&self, letters: &[Letter]) -> Option<(usize, Arc<[Word]>)> {
        let begins = |label: &&Vec<char>| label.len() <= letters.len() && label.iter().zip(letters).all(|(a, b)| *a == b.letter);
        let label = self.openings.get(&letters.first()?.letter)?.iter().find(begins)?;
        let core: String = label.iter().collect();
        Some((label.len(), self.words.get(&core).cloned().unwrap_or_default()))
    }

    /// The row label that a torn one is clearly most like.
    pub fn likest_row(&self, torn: &[char]) -> Option<(f32, Arc<[Word]>)> {
        const LIKE_ENOUGH: f32 = 0.75;
        const CLEARLY_BETTER: f32 = 0.08;
        let mut best: Option<(f32, &Arc<[Word]>)> = None;
        let mut second = 0.0;
        for label in self.openings.values().flatten() {
            let Some(score) = likeness(torn, label) else { continue };
            let Some(words) = self.words.get(&label.iter().collect::<String>()) else { continue };
            if best.is_none_or(|(b, _)| score > b) {
                second = best.map_or(second, |(b, _)| b);
                best = Some((score, words));
            } else {
                second = score.max(second);
            }
        }
        let (score, words) = best?;
        let clear = score >= LIKE_ENOUGH && score - second >= CLEARLY_BETTER && words.iter().any(|w| matches!(w.kind, WordKind::Row(_)));
        clear.then(|| (score, words.clone()))
    }

    /// The labels in the text of a cell; none if it may be a value.
    pub fn labels(&self, text: &str, memo: &mut Memo) -> Option<Rc<[Label]>> {
        if let Some(known) = memo.known.get(text) {
            return Some(known.clone());
        }
        if looks_like_value(text) {
            return None;
        }
        let parts = fragments(text).into_iter().flat_map(|f| self.split(f));
        let labels = parts.map(|f| self.label(f));
        let labels: Rc<[Label]> = if memo.misread { labels.map(|l| self.corrected(l)).collect() } else { labels.collect() };
        if memo.known.len() < MEMO {
            memo.known.insert(text.into(), labels.clone());
        }
        Some(labels)
    }

    fn label(&self, fragment: Fragment) -> Label {
        const UNITS: [(&str, f64); 3] = [("亿元", 1e8), ("万元", 1e4), ("元", 1.0)];
        let unit = UNITS.iter().find(|(unit, _)| fragment.core.ends_with(unit));
        let yuan = unit.map(|(_, yuan)| *yuan);
        let known = |core: &str| self.words.get(core).cloned();
        let bare = unit.map(|(unit, _)| fragment.core.trim_end_matches(unit).trim_end_matches("单位"));
        let (core, words) = match (known(&fragment.core), bare.and_then(|b| Some((b, known(b)?)))) {
            (None, Some((bare, words))) => (bare.into(), words),
            (words, _) => (fragment.core.as_str().into(), words.unwrap_or_default()),
        };
        Label { ordinal: fragment.ordinal, core, words, yuan }
    }

    /// A label with misread letters as the row label that it is clearly most like. Its number is often read as letters (①
    /// as 包), and the label of its group may stand before it.
    fn corrected(&self, label: Label) -> Label {
        const SHORTEST: usize = 4;
        const NUMBER: usize = 3;
        if !label.words.is_empty() {
            return label;
        }
        let letters: Vec<char> = label.core.chars().collect();
        let is_group = |length: &usize| {
            let words = self.words.get(&letters[..*length].iter().collect::<String>());
            words.is_some_and(|words| words.iter().any(|w| matches!(w.kind, WordKind::Group(_))))
        };
        let row = (0..letters.len()).rev().find(is_group).unwrap_or(0);
        let from = |skipped: usize| letters.get(row + skipped..).filter(|rest| rest.len() >= SHORTEST).and_then(|rest| self.likest_row(rest));
        let likest = (0..=NUMBER).filter_map(from).reduce(|best, other| if other.0 > best.0 { other } else { best });
        match likest {
            Some((_, words)) => Label { words, ..label },
            None => label,
        }
    }

    /// Splits a label that is several known labels in a row: 行政复议结果维持, as converters write
    /// the levels of a header into one cell.
    fn split(&self, fragment: Fragment) -> Vec<Fragment> {
        let known = |core: &str| self.words.contains_key(core);
        let mut ends: Vec<usize> = fragment.core.char_indices().map(|(at, _)| at).skip(1).collect();
        if known(&fragment.core) || ends.len() > 60 {
            return vec![fragment];
        }
        ends.push(fragment.core.len());
        let mut pieces: Vec<&str> = Vec::new();
        let mut start = 0;
        while start < fragment.core.len() {
            let longest = ends.iter().rev().copied().filter(|&end| end > start).find(|&end| known(&fragment.core[start..end]));
            let Some(end) = longest else { return vec![fragment] };
            pieces.push(&fragment.core[start..end]);
            start = end;
        }
        let piece = |(i, core): (usize, &&str)| Fragment { ordinal: fragment.ordinal.filter(|_| i == 0), core: (*core).to_string() };
        pieces.iter().enumerate().map(piece).collect()
    }
}
