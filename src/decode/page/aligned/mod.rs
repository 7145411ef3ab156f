//! Tables without ruled columns: numbers that stand below one another, with labels before them. Level
//! lines, where there are any, part the rows; else labels tell which lines make one (`rows`). Names of columns tell
//! where no number stands (`columns`).

mod columns;
mod rows;

use super::layout::{Piece, Sheet};
use super::lines::{Line, text};
use super::table::{Cell, Table, begins_anew, is_value, words};
use super::{Glyph, Page};
use columns::Span;

/// Lines of labels between two rows of numbers, at most.
const LABELS_BETWEEN: usize = 12;
/// Lines of a label below its numbers at the end of a table, at most.
const TAIL: usize = 4;
/// Lines of header above the first row, at most.
const HEADER: usize = 8;
/// Lines of one label are at most so far apart, in ems, where nothing else tells.
const PITCH: f32 = 1.75;
/// Base lines closer than this part of the size of letters stand in one row, side by side.
const OVERLAPS: f32 = 0.9;

/// Where the columns of a table stand: it may go on over a page.
#[derive(Default)]
pub(super) struct Columns {
    left: f32,
    values: Vec<Span>,
}

/// Words with no gap of a column between them.
struct Run<'p> {
    glyphs: Vec<&'p Glyph>,
    text: String,
    value: bool,
}

impl Run<'_> {
    fn left(&self) -> f32 {
        self.glyphs.first().map_or(0.0, |g| g.x)
    }

    fn right(&self) -> f32 {
        self.glyphs.iter().rev().find(|g| !g.is_blank()).map_or(0.0, |g| g.right())
    }

    fn middle(&self) -> f32 {
        (self.left() + self.right()) / 2.0
    }
}

/// A line of a table, taken apart: labels, and the numbers behind them.
struct Strip<'p> {
    y: f32,
    size: f32,
    runs: Vec<Run<'p>>,
    /// Index of the first number of those that end the line.
    values: usize,
    /// Whether its columns were found in other lines.
    known: bool,
}

impl<'p> Strip<'p> {
    /// `known` are columns found in other lines: where labels of rows begin, and where numbers do. A
    /// full label may leave no gap before either.
    fn new(line: &Line<'p>, known: Option<(f32, f32)>) -> Strip<'p> {
        let mut runs: Vec<Run<'_>> = Vec::new();
        for word in words(line, |_, _, _| false) {
            let value = is_value(text(&word).trim());
            let left = word.first().map_or(0.0, |g| g.x);
            let slack = 0.4 * line.size;
            let begins = known.is_some_and(|(items, numbers)| {
                let beside = |r: &Run<'_>| r.left() < items - slack && r.right() < items + slack && left - r.right() > 0.15 * line.size;
                let item = left > items - slack && runs.last().is_some_and(beside);
                item || value && left > numbers - slack && runs.last().is_some_and(|r| !r.value)
            });
            match runs.last_mut() {
                Some(run) if !begins && left - run.right() <= if value || run.value { 0.3 } else { 1.0 } * line.size => {
                    run.glyphs.extend(word);
                    run.value = false;
                }
                _ => runs.push(Run { glyphs: word, text: String::new(), value }),
            }
        }
        for run in &mut runs {
            run.text = text(&run.glyphs);
            run.value = is_value(run.text.trim());
        }
        let values = runs.len() - runs.iter().rev().take_while(|r| r.value).count();
        Strip { y: line.y, size: line.size, runs, values, known: known.is_some() }
    }

    fn labels(&self) -> &[Run<'p>] {
        &self.runs[..self.values]
    }

    fn values(&self) -> &[Run<'p>] {
        &self.runs[self.values..]
    }

    /// Whether it looks like a row: numbers in columns, behind a label or several of them.
    fn is_row(&self) -> bool {
        match (self.labels().last(), self.values()) {
            (_, []) => false,
            (Some(label), [value, ..]) => self.known || value.left() - label.right() > self.size,
            (None, values) => values.len() >= 3,
        }
    }
}

/// Turns lines of a page that make a table into one. `above` are the columns of the last table, on this page or the
/// one before, that may go on.
pub(super) fn tables(sheet: &mut Sheet<'_>, page: &Page, above: &mut Columns) {
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(sheet.pieces.len());
    let mut lines: Vec<Line<'_>> = Vec::new();
    for piece in std::mem::take(&mut sheet.pieces) {
        match piece {
            Piece::Line(line) => lines.push(line),
            Piece::Table(table) => {
                pieces.extend(within(std::mem::take(&mut lines), page, above));
                *above = Columns::default();
                pieces.push(Piece::Table(table));
            }
        }
    }
    pieces.extend(within(lines, page, above));
    sheet.pieces = pieces;
}

/// Lines that follow each other, those that make a table put into one.
fn within<'p>(lines: Vec<Line<'p>>, page: &Page, above: &mut Columns) -> Vec<Piece<'p>> {
    let strips: Vec<Strip<'_>> = lines.iter().map(|line| Strip::new(line, None)).collect();
    let mut found: Vec<(usize, usize, Table)> = Vec::new();
    let mut at = 0;
    while let Some(first) = (at..strips.len()).find(|i| strips[*i].is_row()) {
        let mut last = first;
        let goes_on = |from: usize, to: usize| {
            let size = strips[from].size;
            to - from <= LABELS_BETWEEN + 1
                && strips[from + 1..=to].iter().all(|s| s.size < size * 1.12 && s.size > size / 1.12)
                && !lines[from + 1..to].iter().any(|l| l.text().ends_with('。'))
                && (from..to).all(|i| strips[i + 1].y - strips[i].y < 4.5 * size)
        };
        while let Some(next) = (last + 1..strips.len().min(last + LABELS_BETWEEN + 2)).find(|i| strips[*i].is_row() && goes_on(last, *i)) {
            last = next;
        }
        at = last + 1;
        let rows = strips[first..=last].iter().filter(|s| s.is_row());
        // A sentence may end in a number, but not far behind the words before it.
        let apart = |s: &Strip<'_>| s.labels().last().is_some_and(|label| s.left_of_values() - label.right() > 2.0 * s.size);
        if rows.clone().count() < 3 && rows.clone().all(|s| s.values().len() < 4) && !rows.clone().all(apart) {
            continue;
        }
        let from = found.last().map_or(0, |(_, end, _)| end + 1);
        for (begin, end) in parts(&strips, first, last) {
            let from = from.max(found.last().map_or(0, |(_, end, _)| end + 1));
            let Some(known) = columns(&strips[begin..=end]).and_then(|c| Some((item_column(&strips[begin..=end]), c.first()?.0))) else { continue };
            let whole: Vec<Strip<'_>> = lines.iter().map(|line| Strip::new(line, Some(known))).collect();
            let begin = with_header(&whole, begin, from);
            let end = with_tail(&whole, end);
            for (begin, end) in columns::between_headers(&whole, begin, end) {
                if let Some((table, columns)) = table(&whole[begin..=end], page, above) {
                    *above = columns;
                    at = at.max(end + 1);
                    found.push((begin, end, table));
                }
            }
        }
    }
    let mut pieces = Vec::with_capacity(lines.len());
    let mut found = found.into_iter().peekable();
    for (index, line) in lines.into_iter().enumerate() {
        match found.peek() {
            Some((begin, end, _)) if (*begin..=*end).contains(&index) => {
                if index == *end
                    && let Some((.., table)) = found.next()
                {
                    pieces.push(Piece::Table(table));
                }
            }
            _ => pieces.push(Piece::Line(line)),
        }
    }
    pieces
}

/// Splits a stretch of lines where its numbers do not share columns.
fn parts(strips: &[Strip<'_>], first: usize, last: usize) -> Vec<(usize, usize)> {
    if columns(&strips[first..=last]).is_some() || first == last {
        return vec![(first, last)];
    }
    let gap = |i: &usize| strips[*i].y - strips[*i - 1].y;
    let Some(cut) = (first + 1..=last).filter(|i| strips[*i].is_row()).max_by(|a, b| gap(a).total_cmp(&gap(b))) else { return vec![(first, last)] };
    let before = (first..cut).rev().find(|i| strips[*i].is_row()).unwrap_or(first);
    let mut found = parts(strips, first, before);
    found.extend(parts(strips, cut, last));
    found
}

/// The spans of the columns of numbers, from left to right; none where two numbers of a row share one.
fn columns(strips: &[Strip<'_>]) -> Option<Vec<Span>> {
    let rows = || strips.iter().filter(|s| s.is_row());
    let columns = united(rows().flat_map(|s| s.values()).map(|r| (r.left(), r.right())).collect());
    let place = |run: &Run<'_>| columns.iter().position(|c| c.0 <= run.middle() && run.middle() <= c.1);
    let clear = rows().all(|s| s.values().windows(2).all(|pair| place(&pair[0]) != place(&pair[1])));
    clear.then_some(columns)
}

/// The least of some places; infinite without any.
fn least(places: impl Iterator<Item = f32>) -> f32 {
    places.fold(f32::INFINITY, f32::min)
}

/// The greatest of some places; minus infinite without any.
fn most(places: impl Iterator<Item = f32>) -> f32 {
    places.fold(f32::NEG_INFINITY, f32::max)
}

/// Spans from left to right, those that overlap made one.
fn united(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut united: Vec<Span> = Vec::new();
    for span in spans {
        match united.last_mut() {
            Some(last) if span.0 < last.1 => last.1 = last.1.max(span.1),
            _ => united.push(span),
        }
    }
    united
}

/// The line where the header of a table begins: lines of several labels, or labels above the numbers.
fn with_header(strips: &[Strip<'_>], begin: usize, from: usize) -> usize {
    let first = &strips[begin];
    let zone = first.labels().last().map_or(first.left_of_values(), Run::right);
    let mut header = begin;
    // The first line of a label that goes on beside its numbers.
    let cut = |above: &Strip<'_>, row: &Strip<'_>| {
        let rest = row.labels().last().is_none_or(|label| !begins_anew(&label.text));
        // Titles of sections are numbered 一、 too, but stand further above.
        let near = row.y - above.y < PITCH * row.size;
        let numbered = |run: &Run<'_>| begins_anew(&run.text) && (near || run.text.starts_with(|c: char| matches!(c, '（' | '(' | '1'..='9')));
        rest && above.runs.len() == 1 && above.runs.iter().all(|run| run.right() <= zone + row.size && numbered(run))
    };
    for index in (from.max(begin.saturating_sub(HEADER))..begin).rev() {
        let (strip, below) = (&strips[index], &strips[index + 1]);
        let same_size = strip.size < first.size * 1.12 && strip.size > first.size / 1.12;
        if !same_size || below.y - strip.y > 3.5 * first.size || strip.is_row() {
            break;
        }
        if strip.runs.len() > 1 || strip.runs.first().is_some_and(|run| run.left() > zone) || index + 1 == begin && cut(strip, first) {
            header = index;
        }
    }
    header
}

/// The line where a table ends: the rest of its last label may stand below the numbers, and rows that
/// are seen only where the columns are known.
fn with_tail(strips: &[Strip<'_>], mut end: usize) -> usize {
    let size = strips[end].size;
    let zone = strips[end].left_of_values();
    let (mut last, mut below) = (end, 0);
    for (index, strip) in strips.iter().enumerate().skip(end + 1) {
        let near = strip.y - strips[index - 1].y < 2.6 * size && strip.size < size * 1.12 && strip.size > size / 1.12;
        let row = !strip.values().is_empty() && strip.left_of_values() > zone - 2.0 * size && !strip.labels().is_empty();
        // The lower part of broken numbers overlaps the line of the others.
        let row = row || strip.labels().is_empty() && !strip.values().is_empty() && strip.y - strips[index - 1].y < OVERLAPS * size;
        let label = strip.values().is_empty() && strip.runs.iter().all(|run| run.right() < zone + size && !begins_anew(&run.text));
        below += 1;
        if !near || !row && !label || below > TAIL + 2 {
            break;
        }
        last = index;
        if row {
            (end, below) = (index, 0);
        }
    }
    // Lines below the last row are the rest of its label only if they are few and end there.
    if last - end <= TAIL { last } else { end }
}

impl Strip<'_> {
    fn left_of_values(&self) -> f32 {
        self.values().first().map_or(f32::INFINITY, Run::left)
    }
}

/// Lines as a table, and its columns of numbers; `above` are those that it goes on with, if any.
fn table(strips: &[Strip<'_>], page: &Page, above: &Columns) -> Option<(Table, Columns)> {
    let labels_end = columns::labels_end(strips);
    let values = columns::with_names(strips, columns(strips)?, labels_end, &above.values)?;
    let left = least(strips.iter().flat_map(|s| s.runs.first()).map(Run::left));
    // What goes on begins where it began, though a label of many rows may not reach so far.
    let left = if values == above.values { left.min(above.left) } else { left };
    // Between two columns the border is half-way; without labels, the first begins where the table does.
    let zone = values.first()?.0;
    let begin = if labels_end < zone { labels_end.max(zone - 4.0 * strips[0].size) } else { zone };
    let mut edges: Vec<f32> = vec![if labels_end.is_finite() { begin } else { left }];
    edges.extend(values.windows(2).map(|w| (w[0].1 + w[1].0) / 2.0));
    let item_left = item_column(strips);
    let rows = rows::rows(strips, page, (item_left, labels_end));
    let groups = Groups::new(strips, item_left);
    let label_columns = if labels_end.is_finite() { groups.columns.len() + 1 } else { 0 };
    let count = label_columns + values.len();
    let mut cells: Vec<Cell> = Vec::new();
    let row_of = |strip: usize| rows.iter().position(|r| r.contains(&strip));
    let mut put = |row: usize, column: usize, text: &str| match cells.iter_mut().find(|c: &&mut Cell| c.row == row && c.column == column) {
        Some(cell) => {
            cell.text.push('\n');
            cell.text.push_str(text);
        }
        None => {
            let mut cell = Cell::new(row, column, 1, 1);
            cell.text = text.to_string();
            cells.push(cell);
        }
    };
    for group in &groups.labels {
        if let Some(row) = row_of(group.strip) {
            put(row, group.column, &group.text);
        }
    }
    for (index, strip) in strips.iter().enumerate() {
        let Some(row) = row_of(index) else { continue };
        for run in &strip.runs[of_groups(strip, item_left).len()..] {
            if !run.value && label_columns > 0 && (run.left() < labels_end || run.right() <= edges[0]) {
                put(row, label_columns - 1, &run.text);
                continue;
            }
            // A line of header may say several labels without a gap: each of its words has its column.
            let mut parts: Vec<(usize, Vec<&Glyph>)> = Vec::new();
            let whole = run.value || run.right() - run.left() < 1.5 * strip.size;
            for glyph in &run.glyphs {
                let middle = if whole { run.middle() } else { glyph.middle() };
                let column = edges.partition_point(|e| *e <= middle).saturating_sub(1);
                match parts.last_mut() {
                    Some((last, glyphs)) if *last == column => glyphs.push(glyph),
                    _ => parts.push((column, vec![glyph])),
                }
            }
            for (column, glyphs) in parts {
                put(row, label_columns + column, text(&glyphs).trim());
            }
        }
    }
    // What was left out between two cells is blank.
    for row in 0..rows.len() {
        for column in groups.columns.len()..count {
            if !cells.iter().any(|c| c.row == row && c.column == column) {
                cells.push(Cell::new(row, column, 1, 1));
            }
        }
    }
    cells.sort_by_key(|c| (c.row, c.column));
    let mut xs: Vec<f32> = Vec::with_capacity(count + 1);
    if label_columns > 0 {
        let labels = groups.columns.iter().map(|c| c.0).chain([item_left]).skip(1);
        xs.extend([left].into_iter().chain(labels.map(|x| x.max(left).min(edges[0]))));
    }
    xs.extend(&edges);
    xs.push(values.last()?.1 + strips[0].size);
    let ys = (0..=rows.len()).map(|r| strips[0].y - strips[0].size + r as f32).collect();
    Some((Table { xs, ys, cells, ..Table::default() }, Columns { left, values }))
}

/// Where the labels of rows begin, if other labels (三、 本年度办理结果) stand before them: those numbered 1. 2. 3.
/// tell, or else labels behind others.
fn item_column(strips: &[Strip<'_>]) -> f32 {
    let last = |s: &Strip<'_>| s.labels().last().map(Run::left);
    let numbered = |s: &&Strip<'_>| s.labels().last().is_some_and(|run| begins_anew(&run.text) && run.text.starts_with(|c: char| c.is_ascii_digit()));
    let left = least(strips.iter().filter(numbered).filter_map(last));
    let left = if left.is_finite() { left } else { least(strips.iter().filter(|s| s.is_row() && s.labels().len() > 1).filter_map(last)) };
    if left.is_finite() { left - 1.0 } else { f32::NEG_INFINITY }
}

/// The labels of groups in a line: those that end before the labels of rows begin.
fn of_groups<'s, 'p>(strip: &'s Strip<'p>, item_left: f32) -> &'s [Run<'p>] {
    let count = strip.labels().iter().take_while(|r| r.right() < item_left).count();
    &strip.runs[..count]
}

/// The labels that stand before those of rows.
struct Groups {
    columns: Vec<Span>,
    labels: Vec<Group>,
}

/// A label of several rows: the line where it begins, its column, and what it says.
struct Group {
    strip: usize,
    column: usize,
    text: String,
}

impl Groups {
    fn new(strips: &[Strip<'_>], item_left: f32) -> Groups {
        let runs = || strips.iter().enumerate().flat_map(|(index, s)| of_groups(s, item_left).iter().map(move |run| (index, run)));
        let columns = united(runs().map(|(_, run)| (run.left(), run.right())).collect());
        let mut labels: Vec<Group> = Vec::new();
        // The line of each column in which something stood last.
        let mut last: Vec<Option<usize>> = vec![None; columns.len()];
        for (index, run) in runs() {
            let column = columns.partition_point(|c| c.1 < run.middle()).min(columns.len() - 1);
            let near = last[column].is_some_and(|above| strips[index].y - strips[above].y < 6.0 * strips[index].size);
            last[column] = Some(index);
            match labels.iter_mut().rev().find(|label| label.column == column) {
                Some(label) if near && !begins_anew(&run.text) => {
                    label.text.push('\n');
                    label.text.push_str(&run.text);
                }
                _ => labels.push(Group { strip: index, column, text: run.text.clone() }),
            }
        }
        Groups { columns, labels }
    }
}
