//! Tables without ruled columns: numbers that stand below one another, with labels before them. Level
//! lines, where there are any, part the rows; else labels are put together by which number they frame.

mod columns;

use super::layout::{Piece, Sheet};
use super::lines::{Line, text};
use super::table::{Cell, Table, begins_anew, is_value, words};
use super::{Glyph, Page};
use columns::Span;

/// Lines of labels between two rows of numbers, at most.
const LABELS_BETWEEN: usize = 5;
/// Lines of header above the first row, at most.
const HEADER: usize = 8;
/// Base lines closer than this part of the size of letters stand in one row, side by side.
const OVERLAPS: f32 = 0.9;

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
                let item = left > items - slack && runs.last().is_some_and(|r| r.left() < items - slack && r.right() < items + slack);
                item || value && left > numbers - slack && runs.last().is_some_and(|r| !r.value)
            });
            match runs.last_mut() {
                Some(run) if !begins && left - run.right() <= if value || run.value { 0.35 } else { 1.0 } * line.size => {
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
pub(super) fn tables(sheet: &mut Sheet<'_>, page: &Page, above: &mut Vec<Span>) {
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(sheet.pieces.len());
    let mut lines: Vec<Line<'_>> = Vec::new();
    for piece in std::mem::take(&mut sheet.pieces) {
        match piece {
            Piece::Line(line) => lines.push(line),
            Piece::Table(table) => {
                pieces.extend(within(std::mem::take(&mut lines), page, above));
                above.clear();
                pieces.push(Piece::Table(table));
            }
        }
    }
    pieces.extend(within(lines, page, above));
    sheet.pieces = pieces;
}

/// Lines that follow each other, those that make a table put into one.
fn within<'p>(lines: Vec<Line<'p>>, page: &Page, above: &mut Vec<Span>) -> Vec<Piece<'p>> {
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
fn columns(strips: &[Strip<'_>]) -> Option<Vec<(f32, f32)>> {
    let rows = || strips.iter().filter(|s| s.is_row());
    let mut spans: Vec<(f32, f32)> = rows().flat_map(|s| s.values()).map(|r| (r.left(), r.right())).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f32, f32)> = Vec::new();
    for span in spans {
        match columns.last_mut() {
            Some(last) if span.0 < last.1 => last.1 = last.1.max(span.1),
            _ => columns.push(span),
        }
    }
    let place = |run: &Run<'_>| columns.iter().position(|c| c.0 <= run.middle() && run.middle() <= c.1);
    let clear = rows().all(|s| s.values().windows(2).all(|pair| place(&pair[0]) != place(&pair[1])));
    clear.then_some(columns)
}

/// The line where the header of a table begins: lines of several labels, or labels above the numbers.
fn with_header(strips: &[Strip<'_>], begin: usize, from: usize) -> usize {
    let first = &strips[begin];
    let zone = first.labels().last().map_or(first.left_of_values(), Run::right);
    let mut header = begin;
    // The first line of a label that goes on beside its numbers.
    let cut = |above: &Strip<'_>, row: &Strip<'_>| {
        let rest = row.labels().last().is_none_or(|label| !begins_anew(&label.text));
        let numbered = |run: &Run<'_>| begins_anew(&run.text) && run.text.starts_with(['（', '(', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
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
        if !near || !row && !label || below > 4 {
            break;
        }
        last = index;
        if row {
            (end, below) = (index, 0);
        }
    }
    // Lines below the last row are the rest of its label only if they are few and end there.
    if last - end <= 2 { last } else { end }
}

impl Strip<'_> {
    fn left_of_values(&self) -> f32 {
        self.values().first().map_or(f32::INFINITY, Run::left)
    }
}

/// A label of a row: where it stands, and what it says.
struct Label {
    strips: Vec<usize>,
    text: String,
    left: f32,
}

/// Lines as a table, and its columns of numbers; `above` are those that it goes on with, if any.
fn table(strips: &[Strip<'_>], page: &Page, above: &[Span]) -> Option<(Table, Vec<Span>)> {
    let labels_end = columns::labels_end(strips);
    let values = columns::with_header(strips, columns(strips)?, labels_end, above)?;
    let zone = values.first()?.0;
    // Between two columns the border is half-way.
    let mut edges: Vec<f32> = vec![if labels_end < zone { labels_end.max(zone - 4.0 * strips[0].size) } else { zone }];
    edges.extend(values.windows(2).map(|w| (w[0].1 + w[1].0) / 2.0));
    let item_left = item_column(strips);
    let rows = rows(strips, page, item_left);
    let group_columns = strips.iter().map(|s| groups(s, item_left).len()).max().unwrap_or(0);
    let label_columns = group_columns + 1;
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
    for group in group_pieces(strips, item_left) {
        let Some(row) = group.strips.first().and_then(|s| row_of(*s)) else { continue };
        let column = (0..group_columns).find(|c| group.left < item_left && *c + 1 == group_columns || group.left < 0.0).unwrap_or(0);
        put(row, column, &group.text);
    }
    for (index, strip) in strips.iter().enumerate() {
        let Some(row) = row_of(index) else { continue };
        for run in &strip.runs[groups(strip, item_left).len()..] {
            if !run.value && (run.left() < labels_end || run.right() <= edges[0]) {
                put(row, group_columns, &run.text);
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
        for column in group_columns..count {
            if !cells.iter().any(|c| c.row == row && c.column == column) {
                cells.push(Cell::new(row, column, 1, 1));
            }
        }
    }
    cells.sort_by_key(|c| (c.row, c.column));
    let left = strips.iter().flat_map(|s| s.runs.first()).map(Run::left).fold(f32::INFINITY, f32::min);
    let mut xs: Vec<f32> = (0..label_columns).map(|c| left + (edges[0] - left) * c as f32 / label_columns as f32).collect();
    xs.extend(&edges);
    xs.push(values.last()?.1 + strips[0].size);
    let ys = (0..=rows.len()).map(|r| strips[0].y - strips[0].size + r as f32).collect();
    Some((Table { xs, ys, cells, ..Table::default() }, values))
}

/// Where the labels of rows begin, if other labels (三、 本年度办理结果) stand before them.
fn item_column(strips: &[Strip<'_>]) -> f32 {
    let second = strips.iter().filter(|s| s.is_row() && s.labels().len() > 1).filter_map(|s| s.labels().last());
    let numbered =
        strips.iter().filter_map(|s| s.runs[..s.values].last()).filter(|run| begins_anew(&run.text) && run.text.starts_with(|c: char| c.is_ascii_digit()));
    let lefts = second.chain(numbered).map(Run::left);
    let left = lefts.fold(f32::INFINITY, f32::min) - 1.0;
    if left.is_finite() { left } else { f32::NEG_INFINITY }
}

/// The labels of groups in a line: those that end before the labels of rows begin.
fn groups<'s, 'p>(strip: &'s Strip<'p>, item_left: f32) -> &'s [Run<'p>] {
    let count = strip.labels().iter().take_while(|r| r.right() < item_left).count();
    &strip.runs[..count]
}

/// The labels of groups, put together where they take several lines.
fn group_pieces(strips: &[Strip<'_>], item_left: f32) -> Vec<Label> {
    let mut pieces: Vec<Label> = Vec::new();
    for (index, strip) in strips.iter().enumerate() {
        for run in groups(strip, item_left) {
            let above = pieces.iter_mut().rev().find(|p| (p.left - run.left()).abs() < 1.5 * strip.size);
            match above {
                Some(piece) if !begins_anew(&run.text) && piece.strips.last().is_some_and(|s| strip.y - strips[*s].y < 6.0 * strip.size) => {
                    piece.text.push('\n');
                    piece.text.push_str(&run.text);
                    piece.strips.push(index);
                }
                _ => pieces.push(Label { strips: vec![index], text: run.text.clone(), left: run.left() }),
            }
        }
    }
    pieces
}

/// Which lines make a row.
fn rows(strips: &[Strip<'_>], page: &Page, item_left: f32) -> Vec<Vec<usize>> {
    let (top, bottom) = (strips[0].y, strips[strips.len() - 1].y);
    let right = strips.iter().flat_map(|s| s.values()).map(Run::right).fold(0.0, f32::max);
    // Level lines under the last column part the rows, if there are enough of them.
    let mut rules: Vec<f32> = page
        .rulings
        .iter()
        .filter(|r| r.right - r.left > r.bottom - r.top && r.left < right && r.right >= right && r.top > top && r.top < bottom)
        .map(|r| r.top)
        .collect();
    rules.sort_by(f32::total_cmp);
    rules.dedup_by(|b, a| *b - *a < 3.0);
    let numbers = strips.iter().filter(|s| !s.values().is_empty()).count();
    if rules.len() + 1 >= numbers && !rules.is_empty() {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); rules.len() + 1];
        for (index, strip) in strips.iter().enumerate() {
            rows[rules.partition_point(|y| *y < strip.y - 0.35 * strip.size)].push(index);
        }
        rows.retain(|r| !r.is_empty());
        return rows;
    }
    by_labels(strips, item_left)
}

/// Rows by their labels: the lines of a label stand around the numbers of its row.
fn by_labels(strips: &[Strip<'_>], item_left: f32) -> Vec<Vec<usize>> {
    let first = strips.iter().position(Strip::is_row).unwrap_or(0);
    let item = |s: &Strip<'_>| s.labels().get(groups(s, item_left).len()).map(|run| begins_anew(&run.text));
    let with_item: Vec<usize> = (0..strips.len()).filter(|i| item(&strips[*i]).is_some()).collect();
    let goes_on = |pair: &&[usize]| item(&strips[pair[1]]) == Some(false) && pair.iter().any(|i| strips[*i].values().is_empty());
    // How far apart the lines of one label are.
    let pitch = with_item.windows(2).filter(goes_on).map(|w| strips[w[1]].y - strips[w[0]].y).fold(f32::INFINITY, f32::min);
    // Rows of one line are further apart than lines of one label, or the two cannot be told apart.
    let numbers: Vec<f32> = strips.iter().filter(|s| !s.values().is_empty()).map(|s| s.y).collect();
    let row_pitch = numbers.windows(2).map(|w| w[1] - w[0]).fold(f32::INFINITY, f32::min);
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for (index, strip) in strips.iter().enumerate() {
        let joins = index >= first
            && rows.last().is_some_and(|row| {
                let above = row.iter().rev().find(|i| item(&strips[**i]).is_some()).copied().unwrap_or(row[0]);
                let limit = if pitch < 3.0 * strip.size { 1.2 * pitch } else { 1.75 * strip.size };
                // Below a label that stands beside its numbers, another line is more likely a row that is blank.
                let beside = !strips[row[0]].labels().is_empty() && !strips[row[0]].values().is_empty();
                let limit = if beside { limit.min(1.75 * strip.size) } else { limit };
                let near = strip.y - strips[above].y < limit.min(0.92 * row_pitch);
                let numbered = !strip.values().is_empty() && row.iter().any(|i| !strips[*i].values().is_empty());
                let labelled = index > first || item(&strips[above]) == Some(true) && strips[above].runs.len() == 1;
                // Lines that overlap are of one row: parts of a broken number, or of a label beside it.
                let tied = |i: usize| !strips[i].values().is_empty() || item(&strips[i]).is_some();
                let overlaps = row.last().is_some_and(|last| {
                    (index > first || !strips[*last].values().is_empty()) && tied(*last) && tied(index) && strip.y - strips[*last].y < OVERLAPS * strip.size
                });
                overlaps || near && labelled && item(strip) != Some(true) && !numbered
            });
        match rows.last_mut() {
            Some(row) if joins => row.push(index),
            _ => rows.push(vec![index]),
        }
    }
    balance(strips, &mut rows);
    rows
}

/// A label that its number parts in two equal halves was joined to the row above with its first half.
fn balance(strips: &[Strip<'_>], rows: &mut [Vec<usize>]) {
    for index in 1..rows.len() {
        let (above, below) = rows.split_at_mut(index);
        let (Some(above), Some(below)) = (above.last_mut(), below.first_mut()) else { continue };
        let number = |row: &[usize]| row.iter().copied().find(|i| !strips[*i].values().is_empty());
        // The row below begins with its numbers: its label begins in the last line of the row above.
        let (Some(of_above), Some(of_below)) = (number(above), number(below)) else { continue };
        if below.first() != Some(&of_below) || !strips[of_below].labels().is_empty() {
            continue;
        }
        let Some(last) = above.last().copied().filter(|l| *l > of_above) else { continue };
        if strips[of_below].y - strips[last].y < strips[last].y - strips[of_above].y {
            above.pop();
            below.insert(0, last);
        }
    }
}
