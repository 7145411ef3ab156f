//! Which number belongs in which cell. A row's values are laid under the columns in every way the
//! row allows, and the way that fits header, label, neighbours and the form's own arithmetic best is
//! taken. Where two ways fit alike and differ in a number, nothing is chosen and the doubt is told.

mod broken;
mod column;
mod lone;
mod mend;

use super::header::{Columns, Foreign, Header, Heading};
use super::label::likeness;
use super::layout::{Layout, filled, only_layout, under, values_of};
use super::recognise::{FoundRow, FoundTable};
use super::rows::{Evidence, RowKind, resolve};
use super::value::CellText;
use super::vocabulary::{Label, WordKind};
use super::{Forms, Table, grouped};
use crate::document::Place;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

/// The cells of one table, placed.
#[derive(Debug)]
pub struct PlacedTable<'d> {
    /// One entry for each of `Table::cells`; none where the report has no such cell.
    pub cells: Vec<Option<Placed<'d>>>,
    /// What could not be placed, or not for certain.
    pub troubles: Vec<Trouble<'d>>,
}

/// A cell as found in the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<'d> {
    /// What it holds.
    pub value: CellText,
    /// Its text as it stands.
    pub raw: Cow<'d, str>,
    /// Its page and line.
    pub at: Place,
    /// 1-based number of its grid in the document, of its row in the grid, and of its column.
    pub cell: (u32, u32, u32),
    /// Whether its number was split off a run of digits that has lost its cell borders.
    pub split: bool,
}

/// A doubt about placing.
#[derive(Debug, PartialEq)]
pub struct Trouble<'d> {
    /// What the doubt is.
    pub kind: Doubt<'d>,
    /// Where the row stands.
    pub at: Place,
    /// The values of the row as they stand.
    pub values: String,
}

/// The kinds of doubt about placing.
#[derive(Debug, PartialEq)]
pub enum Doubt<'d> {
    /// A row with values that the form does not have, by its label: kept and named, never added to another.
    UnknownRow(String),
    /// The values of a row of the form fit its columns in more than one way.
    Ambiguous(usize),
    /// A row of the form was known by its neighbours only: it has no label.
    ByOrder(usize),
    /// The values of a row of the form do not stand under their header: neighbours and arithmetic placed them.
    AgainstHeader(usize),
    /// The column of a cell of the form was known by its neighbours only: no form has its label.
    ColumnByOrder(usize, Box<str>),
    /// Values under a label that no form has may be those of cells that are blank.
    ColumnLost(Box<str>),
    /// Values under a label that no form has, where none of the form's is missing.
    ColumnUnknown(Box<str>),
    /// So many cells have blanks between their digits, or letters for some, and were read by the arithmetic.
    Mended(usize),
    /// So many cells were split off runs of digits that have lost their cell borders.
    Split(usize),
    /// A cell stands twice with different texts.
    Twice(usize, Cow<'d, str>, Cow<'d, str>),
}

impl FoundTable<'_> {
    /// Places the cells of this table; none if the table was not found.
    pub fn place<'d>(&'d self, forms: &'d Forms, index: usize) -> Option<PlacedTable<'d>> {
        let form = self.form?;
        let table = &forms.forms[form].tables[index];
        if let Some(torn) = &self.torn {
            return Some(torn.place(table, index as u32 + 1));
        }
        if table.is_one_row()
            && !self.is_one_full_row(table)
            && let Some(cells) = grouped::place(table, form, index, &self.rows)
        {
            return Some(PlacedTable { cells, troubles: Vec::new() });
        }
        let kinds = resolve(forms, form, index, &self.rows);
        let mut placer = Placer { form, index, table, header: Header::default(), rows: Vec::new(), nameless: Vec::new(), troubles: Vec::new() };
        // What stands below a row, unless it is another row of the form.
        let below = self.rows.iter().zip(&kinds).skip(1).map(|(row, kind)| Some(row).filter(|_| !kind.is_labelled() || table.is_one_row())).chain([None]);
        for ((found, kind), below) in self.rows.iter().zip(&kinds).zip(below) {
            placer.take(found, *kind, below);
        }
        placer.decide();
        Some(placer.finish())
    }

    /// Whether one row holds just as many values as the table has cells, side by side.
    fn is_one_full_row(&self, table: &Table) -> bool {
        let mut rows = self.rows.iter().filter(|r| r.has_values);
        let first = rows.next();
        let from = |r: &FoundRow<'_>| r.labels.iter().filter(|(cell, _)| r.begins_at(*cell)).map(|(cell, _)| cell + 1).max().unwrap_or(0);
        rows.next().is_none() && first.is_some_and(|r| only_layout(r, from(r), table.cells.len()).is_some())
    }
}

struct Placer<'d> {
    form: usize,
    index: usize,
    table: &'d Table,
    header: Header,
    rows: Vec<OpenRow<'d>>,
    /// Rows of values without any label, each with how many of `rows` stand above it.
    nameless: Vec<(usize, &'d FoundRow<'d>)>,
    troubles: Vec<Trouble<'d>>,
}

/// A row of the form whose layout is being decided.
struct OpenRow<'d> {
    found: &'d FoundRow<'d>,
    row: usize,
    label: Option<usize>,
    by: Evidence,
    /// The layout that the header tells, if it tells one that is possible.
    told: Option<Layout>,
    /// The columns that its header gives it.
    columns: Rc<Columns>,
    /// Its values that stand under labels that no form has, with these.
    strange: Vec<(usize, Box<str>)>,
    /// The units of money that the header names for its columns, in yuan.
    yuan: Vec<Option<f64>>,
    /// The ways to lay it, best first.
    layouts: Vec<(i32, Layout)>,
    chosen: Option<usize>,
    /// The columns that its only number may belong to, where that is not certain.
    rivals: Vec<usize>,
}

impl OpenRow<'_> {
    /// How much better the best layout is than the next that puts a number elsewhere.
    fn margin(&self) -> i32 {
        let others = (1..self.layouts.len()).filter(|&l| self.filled(l) != self.filled(0));
        others.map(|l| self.layouts[0].0 - self.layouts[l].0).min().unwrap_or(i32::MAX)
    }

    /// Its grid and the number of its cells.
    fn shape(&self) -> (u32, usize) {
        (self.found.grid.number, self.found.row.cells.len())
    }

    /// The cell in which the values of a layout begin.
    fn begins(&self, layout: usize) -> Option<usize> {
        self.layouts[layout].1.first().copied().flatten()
    }

    /// The layout without its blank cells.
    fn filled(&self, layout: usize) -> Layout {
        let text = |i: &usize| !self.found.row.cells[*i].is_blank();
        self.layouts[layout].1.iter().map(|cell| cell.filter(text)).collect()
    }
}

/// What it weighs that a layout stands under its header, or begins where the grid's plain rows do.
const HEADER: i32 = 12;
/// Two layouts whose scores differ by less are both possible.
const CLEAR_MARGIN: i32 = 5;

impl<'d> Placer<'d> {
    fn take(&mut self, found: &'d FoundRow<'d>, kind: RowKind, below: Option<&FoundRow<'_>>) {
        let width = found.row.cells.len();
        if self.header.grid != found.grid.number {
            if self.header.width != width {
                self.header.clear();
            }
            self.header.grid = found.grid.number;
            self.header.open = false;
        }
        match kind {
            RowKind::Header => self.read_header(found),
            RowKind::Unknown => {
                self.header.open = false;
                if found.has_values {
                    if found.labels.is_empty() {
                        self.nameless.push((self.rows.len(), found));
                    }
                    let values = values_of(found, None);
                    let label: String = found.labels.iter().map(|(c, _)| found.row.cells[*c].text.trim()).collect::<Vec<_>>().join(" ");
                    self.troubles.push(Trouble { kind: Doubt::UnknownRow(label), at: found.row.at, values });
                }
            }
            RowKind::Data { row, label, by } => {
                self.header.open = false;
                self.header.width = width;
                self.tell_other_columns(found, row);
                let (mut layouts, told) = self.layouts(found, row, label);
                if self.is_broken_off(found, row, &layouts, below) {
                    layouts.clear();
                }
                let yuan = self.units(found, row, &layouts);
                let columns = self.columns(row);
                let strange = self.strange(found, label.map_or(0, |l| l + 1), &columns);
                self.rows.push(OpenRow { found, row, label, by, told, columns, strange, yuan, layouts, chosen: None, rivals: Vec::new() });
            }
        }
    }

    fn read_header(&mut self, found: &FoundRow<'_>) {
        if !self.header.open {
            self.header.clear();
            self.header.open = true;
        }
        self.header.width = found.row.cells.len();
        let torn = self.torn_labels(found);
        self.header.labels.extend(&torn);
        for (cell, labels) in &found.labels {
            let cell = &found.row.cells[*cell];
            let (start, end) = (cell.column, cell.column.saturating_add(cell.columns.max(1)));
            if torn.iter().any(|label| label.start <= start && end <= label.end) {
                continue;
            }
            let here = |l: &Label| l.words.iter().any(|w| w.form == self.form && w.table == self.index);
            let mut strange = !labels.is_empty();
            for label in labels.iter() {
                strange &= !here(label);
                if let Some(column) = self.column_label(label) {
                    self.header.labels.push(Heading { label: column, start, end, yuan: label.yuan });
                    strange = false;
                }
            }
            if strange {
                let of_other_form = labels.iter().any(|l| l.is_of(self.index) && l.is_column());
                // Of a label over two rows the lower one counts.
                self.header.foreign.retain(|f| (f.start, f.end) != (start, end));
                self.header.foreign.push(Foreign { start, end, label: cell.text.trim().into(), of_other_form });
            }
        }
        let Header { labels, foreign, .. } = &mut self.header;
        foreign.retain(|f| !labels.iter().any(|l| l.start < f.end && f.start < l.end));
        self.header.settle();
    }

    /// The official column label that a header cell shows, if any.
    fn column_label(&self, label: &Label) -> Option<u16> {
        let mut here = label.words.iter().filter(|w| w.form == self.form && w.table == self.index).peekable();
        if here.peek().is_some() {
            let at = || self.table.column_labels.iter().position(|known| **known == *label.core);
            return if here.any(|w| w.kind == WordKind::Column) { u16::try_from(at()?).ok() } else { None };
        }
        let torn: Vec<char> = label.core.chars().collect();
        let official = self.table.cells.iter().flat_map(|c| c.columns.iter().zip(&c.column_ids));
        let like = official.filter_map(|(l, id)| Some((likeness(&torn, &l.chars().collect::<Vec<_>>())?, *id)));
        like.filter(|(score, _)| *score >= 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
    }

    /// All ways to lay the row, best first, and the one of them that the header tells.
    fn layouts(&mut self, found: &FoundRow<'_>, row: usize, label: Option<usize>) -> (Vec<(i32, Layout)>, Option<Layout>) {
        let cells = &found.row.cells;
        let wanted = self.table.rows[row].cells.clone();
        let count = wanted.len();
        let from = label.map_or(0, |l| l + 1);
        // Of fewer values than columns, where blank cells are lost, nobody can tell which are whose.
        if found.row.loose && found.has_values && cells.len() < from + count {
            return (Vec::new(), None);
        }
        let columns = self.columns(row);
        let header = &columns.spans;
        let in_order = header.windows(2).all(|w| w[0].is_none() || w[1].is_none() || w[0] < w[1]);
        if in_order
            && !self.header.irregular
            && let Some(only) = only_layout(found, from, count)
        {
            return (vec![(0, only)], None);
        }
        let filled = filled(found, from, header, &self.header.foreign);
        let under_header = under(header, found, from);
        let mut candidates: Vec<Layout> = under_header.iter().cloned().collect();
        let (first, last) = (filled.first().copied(), filled.last().copied());
        let start_min = last.map_or(from, |l| (l + 1).saturating_sub(count).max(from));
        let start_max = first.unwrap_or(from).max(start_min);
        for start in start_min..=start_max {
            candidates.push((start..start + count).map(|i| (i < cells.len()).then_some(i)).collect());
        }
        // A row much shorter than the form's is something else.
        candidates.retain(|layout| filled.is_empty() || layout.iter().filter(|c| c.is_none()).count() <= count / 3);
        candidates.retain(|layout| filled.iter().all(|i| layout.contains(&Some(*i))));
        if candidates.is_empty() {
            candidates = self.with_gaps(cells.len(), &filled, count);
        }
        let mut scored: Vec<(i32, Layout)> = Vec::new();
        for layout in candidates {
            if scored.iter().any(|(_, known)| *known == layout) {
                continue;
            }
            let mut score = self.arithmetic(found, row, &layout);
            let told = Some(&layout) == under_header.as_ref();
            score += if told { HEADER } else { 0 };
            score += if label.is_some() && layout.first() == Some(&Some(from)) { 4 } else { 0 };
            score += if layout.last() == Some(&cells.len().checked_sub(1)) { 3 } else { 0 };
            // A row that ends early lacks its last cells; elsewhere a layout that hangs over is odd.
            let hanging = layout.iter().filter(|c| c.is_none()).count() as i32;
            score -= if told { 2 * hanging } else { 10 * hanging };
            scored.push((score, layout));
        }
        scored.sort_by_key(|l| Reverse(l.0));
        let told = under_header.filter(|header| scored.iter().any(|(_, layout)| layout == header));
        (scored, told)
    }

    /// Layouts that skip blank cells between the values: a converter has put in empty columns.
    fn with_gaps(&self, width: usize, filled: &[usize], count: usize) -> Vec<Layout> {
        let (Some(&first), Some(&last)) = (filled.first(), filled.last()) else { return Vec::new() };
        let span: Vec<usize> = (first..=last.min(width)).collect();
        let blanks: Vec<usize> = span.iter().copied().filter(|i| !filled.contains(i)).collect();
        let surplus = span.len().saturating_sub(count);
        if filled.len() > count || surplus == 0 || surplus > 2 || blanks.len() < surplus || blanks.len() > 16 {
            return Vec::new();
        }
        let without = |skipped: &[usize]| span.iter().copied().filter(|i| !skipped.contains(i)).map(Some).collect::<Layout>();
        match surplus {
            1 => blanks.iter().map(|&b| without(&[b])).collect(),
            _ => blanks.iter().enumerate().flat_map(|(n, &a)| blanks[n + 1..].iter().map(move |&b| [a, b])).map(|pair| without(&pair)).collect(),
        }
    }

    /// Numbers of a row under columns of another form are told, as they have no place in this one.
    fn tell_other_columns(&mut self, found: &'d FoundRow<'d>, row: usize) {
        let other = |column: u16| self.header.foreign.iter().any(|f| f.of_other_form && f.start <= column && column < f.end);
        let values: Vec<&str> = found.row.cells.iter().filter(|c| other(c.column)).map(|c| c.text.trim()).filter(|t| !t.is_empty()).collect();
        if !values.is_empty() {
            let label = self.table.rows[row].title.clone();
            self.troubles.push(Trouble { kind: Doubt::UnknownRow(label), at: found.row.at, values: values.join(" | ") });
        }
    }

    /// The units of money that the header names, for rows that hold money.
    fn units(&self, found: &FoundRow<'_>, row: usize, layouts: &[(i32, Layout)]) -> Vec<Option<f64>> {
        let money = self.table.cells[self.table.rows[row].cells.clone()].iter().any(|c| c.format.is_money());
        let Some((_, layout)) = layouts.first().filter(|_| money) else { return Vec::new() };
        layout.iter().map(|cell| self.header.yuan(found.row.cells[(*cell)?].column)).collect()
    }

    /// The columns that the header gives to each cell of a form row, if it names enough of them.
    fn columns(&mut self, row: usize) -> Rc<Columns> {
        let block = self.table.rows[row].block;
        if let Some((_, known)) = self.header.columns.iter().find(|(of, _)| *of == block) {
            return known.clone();
        }
        let columns = Rc::new(self.header.columns_of(&self.table.cells[self.table.rows[row].cells.clone()]));
        self.header.columns.push((block, columns.clone()));
        columns
    }

    /// How well a layout agrees with the relations inside the row. Blanks count as nothing here:
    /// this weighs layouts and proves no report wrong.
    fn arithmetic(&self, found: &FoundRow<'_>, row: usize, layout: &Layout) -> i32 {
        let range = self.table.rows[row].cells.clone();
        let value = |cell: usize| {
            let text = &found.row.cells[layout[cell - range.start]?].text;
            match self.table.cells[cell].format.read(text, None) {
                CellText::Number(number, _) => Some(number),
                _ => None,
            }
        };
        let mut score = 0;
        for equation in self.table.equations.iter().filter(|e| e.in_row && e.parts.iter().all(|c| range.contains(c))) {
            let parts: Vec<f64> = equation.parts.iter().filter_map(|&c| value(c)).collect();
            let totals: Vec<f64> = equation.totals.iter().filter_map(|&c| value(c)).collect();
            let (sum, total): (f64, f64) = (parts.iter().sum(), totals.iter().sum());
            score += match (totals.is_empty(), parts.is_empty()) {
                (false, _) if sum == total => {
                    if sum > 0.0 {
                        10
                    } else {
                        2
                    }
                }
                (false, true) => 2,
                (false, false) => -8,
                (true, false) => {
                    if sum > 0.0 {
                        -5
                    } else {
                        -1
                    }
                }
                (true, true) => 0,
            };
        }
        score
    }

    /// Chooses a layout for each row. What the rows that are plain have in common helps those that
    /// are not; where a doubt is left, the columns decide, then the neighbours.
    fn decide(&mut self) {
        if self.rows.iter().all(|row| row.layouts.len() == 1) {
            self.rows.iter_mut().for_each(|row| row.chosen = Some(0));
            return;
        }
        self.learn();
        for row in &mut self.rows {
            row.chosen = if row.layouts.is_empty() || row.margin() < CLEAR_MARGIN { None } else { Some(0) };
        }
        for i in 0..self.rows.len() {
            if self.rows[i].chosen.is_none() {
                self.rows[i].chosen = self.settle(i);
            }
        }
        self.try_usual_columns();
        self.doubt_lone_numbers();
    }

    /// If the columns do not add up as chosen, but would if each row filled the columns that this office fills most, or
    /// if each lone number were its row's total, then that is how the rows are to be read.
    fn try_usual_columns(&mut self) {
        let chosen: Vec<Option<usize>> = self.rows.iter().map(|r| r.chosen).collect();
        let broken = self.broken(&chosen);
        if broken == 0 {
            return;
        }
        let mut fills: HashMap<usize, usize> = HashMap::new();
        for row in &self.rows {
            let filled = row.chosen.map(|l| row.filled(l)).unwrap_or_default();
            filled.iter().enumerate().filter(|(_, c)| c.is_some()).for_each(|(column, _)| *fills.entry(column).or_default() += 1);
        }
        let usual = |row: &OpenRow<'_>| {
            let weight = |l: &usize| {
                row.filled(*l).iter().enumerate().filter(|(_, c)| c.is_some()).map(|(column, _)| fills.get(&column).copied().unwrap_or(0)).sum::<usize>()
            };
            (0..row.layouts.len()).filter(|&l| !row.layouts[l].1.contains(&None)).max_by_key(|l| (weight(l), Reverse(*l))).or(row.chosen)
        };
        let as_total = |row: &OpenRow<'_>| self.as_total(row).or(row.chosen);
        let others: [Vec<Option<usize>>; 2] = [self.rows.iter().map(usual).collect(), self.rows.iter().map(as_total).collect()];
        let best = others.into_iter().map(|other| (self.broken(&other), other)).min_by_key(|(broken, _)| *broken);
        if let Some((_, other)) = best.filter(|(least, _)| *least < broken) {
            self.rows.iter_mut().zip(other).for_each(|(row, layout)| row.chosen = layout);
        }
    }

    /// Weighs the layouts once more by what the plain rows show: in which cell the values of their
    /// grid begin, and which columns this office fills at all.
    fn learn(&mut self) {
        const ENOUGH: usize = 4;
        let plain: Vec<&OpenRow<'_>> = self.rows.iter().filter(|r| !r.layouts.is_empty() && r.margin() >= 2 * CLEAR_MARGIN - 2).collect();
        // Rows of another length may lack cells before their values: what they begin with tells nothing.
        let mut begins: HashMap<(u32, usize), Vec<usize>> = HashMap::new();
        for row in &plain {
            begins.entry(row.shape()).or_default().extend(row.begins(0));
        }
        let width = self.table.rows.first().map_or(0, |r| r.cells.len());
        let mut fills = vec![0usize; width];
        for row in plain.iter().filter(|r| r.layouts[0].1.len() == width) {
            row.filled(0).iter().enumerate().for_each(|(column, cell)| fills[column] += usize::from(cell.is_some()));
        }
        let seen = plain.len();
        let usual = |shape: (u32, usize)| {
            let all = begins.get(&shape)?;
            let most = all.iter().max_by_key(|b| all.iter().filter(|a| a == b).count())?;
            (all.len() >= ENOUGH && all.iter().filter(|b| *b == most).count() * 4 >= all.len() * 3).then_some(*most)
        };
        let usual: HashMap<(u32, usize), Option<usize>> = begins.keys().map(|&shape| (shape, usual(shape))).collect();
        for row in &mut self.rows {
            let begin = if row.told.is_some() { None } else { usual.get(&row.shape()).copied().flatten() };
            for l in 0..row.layouts.len() {
                // It fills only columns that are seldom filled, and leaves one blank that mostly is.
                let filled = row.filled(l);
                let seldom = |column: usize| filled[column].is_none() || fills[column] * 3 < seen;
                let mostly = |column: usize| filled[column].is_none() && fills[column] * 5 > seen * 3;
                let strange = filled.len() == width && seen >= ENOUGH && (0..width).all(seldom) && (0..width).any(mostly) && filled.iter().any(Option::is_some);
                let as_usual = begin.is_some() && row.begins(l) == begin;
                row.layouts[l].0 += if as_usual { HEADER } else { 0 } - if strange { 2 * HEADER } else { 0 };
            }
            row.layouts.sort_by_key(|l| Reverse(l.0));
        }
    }

    /// Settles a row that alone leaves a doubt, or not.
    fn settle(&self, i: usize) -> Option<usize> {
        let own = &self.rows[i];
        let possible: Vec<usize> = (0..own.layouts.len()).filter(|&l| own.layouts[0].0 - own.layouts[l].0 < CLEAR_MARGIN).collect();
        let broken: Vec<usize> = possible.iter().map(|&l| self.broken_columns(i, l)).collect();
        let least = broken.iter().min().copied();
        let fits: Vec<usize> = possible.iter().zip(&broken).filter(|(_, b)| Some(**b) == least).map(|(l, _)| *l).collect();
        let neighbours = |layout: usize, same_label: bool| {
            let near = |r: &&OpenRow<'_>| r.shape() == own.shape() && (!same_label || r.label == own.label);
            self.rows.iter().filter(near).filter(|r| r.chosen.is_some_and(|c| r.begins(c) == own.begins(layout))).count()
        };
        for same_label in [true, false] {
            let backing: Vec<usize> = fits.iter().map(|&l| neighbours(l, same_label)).collect();
            let most = backing.iter().max().copied().unwrap_or(0);
            let mut backed = fits.iter().zip(&backing).filter(|(_, b)| **b == most);
            if let (Some((one, _)), None) = (backed.next(), backed.next()) {
                return Some(*one);
            }
        }
        None
    }

    /// How many column relations a layout of an undecided row would leave unsatisfied.
    fn broken_columns(&self, open: usize, layout: usize) -> usize {
        let mut choice: Vec<Option<usize>> = self.rows.iter().map(|r| r.chosen).collect();
        choice[open] = Some(layout);
        self.broken(&choice)
    }

    /// How many column relations are unsatisfied if the rows are laid so; blanks count as nothing.
    fn broken(&self, choice: &[Option<usize>]) -> usize {
        let value = |cell: usize| -> Option<f64> {
            let row = self.table.cells[cell].row;
            let (i, open) = self.rows.iter().enumerate().find(|(_, r)| r.row == row)?;
            let at = open.layouts[choice[i]?].1[cell - self.table.rows[row].cells.start]?;
            match self.table.cells[cell].format.read(&open.found.row.cells[at].text, None) {
                CellText::Number(number, _) => Some(number),
                _ => None,
            }
        };
        let sum = |cells: &[usize]| cells.iter().filter_map(|&c| value(c)).sum::<f64>();
        self.table.equations.iter().filter(|e| !e.in_row && sum(&e.parts) != sum(&e.totals)).count()
    }

    fn finish(mut self) -> PlacedTable<'d> {
        let mut cells: Vec<Option<Placed<'d>>> = self.table.cells.iter().map(|_| None).collect();
        let mut home = vec![false; cells.len()];
        for open in &self.rows {
            let at = open.found.row.at;
            let Some(chosen) = open.chosen else {
                let values = values_of(open.found, open.label);
                for cell in self.table.rows[open.row].cells.clone() {
                    let place = (open.found.grid.number, open.found.row.number, 0);
                    cells[cell] = Some(Placed { value: CellText::Unreadable, raw: Cow::Owned(values.clone()), at, cell: place, split: false });
                }
                let cells = &self.table.cells[self.table.rows[open.row].cells.clone()];
                let columns: Vec<&str> = open.rivals.iter().map(|&c| cells[c].zh.column.as_str()).collect();
                let values = if columns.is_empty() { values } else { format!("{values} → {}", columns.join(" / ")) };
                self.troubles.push(Trouble { kind: Doubt::Ambiguous(open.row), at, values });
                continue;
            };
            if open.by == Evidence::Order {
                self.troubles.push(Trouble { kind: Doubt::ByOrder(open.row), at, values: values_of(open.found, None) });
            }
            let told = open.told.as_ref().and_then(|told| open.layouts.iter().position(|(_, layout)| layout == told));
            if told.is_some_and(|told| open.filled(told) != open.filled(chosen)) {
                let values = values_of(open.found, open.label);
                self.troubles.push(Trouble { kind: Doubt::AgainstHeader(open.row), at, values });
            }
            for (offset, index) in open.layouts[chosen].1.iter().enumerate() {
                let Some(index) = *index else { continue };
                let cell = self.table.rows[open.row].cells.start + offset;
                let source = &open.found.row.cells[index];
                let placed = Placed {
                    value: self.table.cells[cell].format.read(&source.text, open.yuan.get(offset).copied().flatten()),
                    raw: Cow::Borrowed(&source.text),
                    at,
                    cell: (open.found.grid.number, open.found.row.number, u32::from(source.column) + 1),
                    split: false,
                };
                let blank = placed.value == CellText::Blank;
                match &cells[cell] {
                    Some(known) if blank || known.value == placed.value => {}
                    Some(known) if known.value != CellText::Blank && home[cell] == open.found.at_home => {
                        let kind = Doubt::Twice(cell, known.raw.clone(), placed.raw);
                        self.troubles.push(Trouble { kind, at, values: values_of(open.found, open.label) });
                    }
                    Some(known) if known.value != CellText::Blank && home[cell] => {}
                    _ => {
                        cells[cell] = Some(placed);
                        home[cell] = open.found.at_home;
                    }
                }
            }
        }
        self.tell_columns(&mut cells);
        self.doubt_blanks(&mut cells);
        self.mend(&mut cells);
        PlacedTable { cells, troubles: self.troubles }
    }
}
