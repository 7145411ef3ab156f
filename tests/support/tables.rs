//! Lays the three tables of a form out as grids of text, whole or torn.
//!
//! What is never made, because no reader could know the answer:
//! - a row moved to the left of its columns, unless its seven values are all there or it holds 总计 alone (as in
//!   the one real conversion that did this);
//! - a header row lost that alone says which column is which;
//! - a label that lost so much that it may be another row's (see `wording`);
//! - a group label lost where a row's label is not unique in the form and its neighbours do not tell either
//!   (`3.其他` keeps its place behind the two labels that stand nowhere else).

use super::filled::{CellKey, CellText, FilledForm};
use super::layout::{Flaw, Layout};
use super::statute::{
    APPLICANT_HEADERS, APPLICANTS, ApplicationRow, BALANCE_NOTE, Block, RESULTS, REVIEW_COLUMNS,
    REVIEW_GROUPS, application_rows, blocks,
};
use super::wording::Pen;

/// One row of a grid: its cells, and which of them are cells of the form.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The text of each cell.
    pub cells: Vec<String>,
    /// Column and identifier of the form's cells in this row.
    pub keys: Vec<(usize, CellKey)>,
}

impl Row {
    fn of(cells: impl IntoIterator<Item = String>) -> Self {
        Self {
            cells: cells.into_iter().collect(),
            keys: Vec::new(),
        }
    }

    fn blank(width: usize) -> Self {
        Self::of(vec![String::new(); width])
    }

    fn widen(mut self, width: usize) -> Self {
        while self.cells.len() < width {
            self.cells.push(String::new());
        }
        self
    }

    fn push(&mut self, cell: String, key: Option<CellKey>) {
        if let Some(key) = key {
            self.keys.push((self.cells.len(), key));
        }
        self.cells.push(cell);
    }

    /// True if no cell holds anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// What stands under a section heading: tables and lines between them.
#[derive(Clone, Debug)]
pub enum Part {
    /// A line of its own, such as a caption.
    Line(String),
    /// A table; its first row is the header row.
    Table(Vec<Row>),
}

/// A label repeated over the cells that it spans, or in the first of them.
fn span(label: &str, width: usize, repeated: bool) -> Vec<String> {
    (0..width)
        .map(|place| {
            if place == 0 || repeated {
                label.to_owned()
            } else {
                String::new()
            }
        })
        .collect()
}

fn sprinkle_blank_rows(pen: &mut Pen<'_>, rows: &mut Vec<Row>, from: usize) {
    if !pen.flaws.has(Flaw::BlankRows) {
        return;
    }
    for _ in 0..=pen.rng.below(2) {
        let place = from + pen.rng.below(rows.len() + 1 - from);
        let width = rows.last().map_or(1, |row| row.cells.len());
        rows.insert(place, Row::blank(width));
    }
}

/// Section two: one merged grid, or one table per clause.
pub fn disclosure(pen: &mut Pen<'_>, form: &FilledForm, layout: &Layout) -> Vec<Part> {
    let all = blocks(form.section_two);
    let headless = pen
        .flaws
        .has(Flaw::LostHeader)
        .then(|| pen.rng.below(all.len()));
    let local = pen.flaws.has(Flaw::LocalRow).then(|| pen.rng.below(3));
    let captions_as_lines = pen.rng.chance(0.5);
    let mut grid = Vec::new();
    let mut parts = Vec::new();
    for (number, block) in all.iter().enumerate() {
        let width = if layout.one_grid {
            4
        } else {
            block.columns.len() + 1
        };
        let caption = pen.header(block.caption);
        let mut rows = Vec::new();
        if layout.one_grid || !captions_as_lines {
            rows.push(Row::of(span(&caption, width, layout.spans_repeated)));
        }
        let lost = layout.one_grid && headless == Some(number) && is_numeric(form, block);
        rows.extend(block_rows(
            pen,
            form,
            block,
            layout,
            lost,
            local == Some(number),
        ));
        if layout.one_grid {
            grid.extend(rows.into_iter().map(|row| row.widen(4)));
        } else {
            if captions_as_lines {
                parts.push(Part::Line(caption));
            }
            parts.push(Part::Table(rows));
        }
    }
    if grid.is_empty() {
        return parts;
    }
    sprinkle_blank_rows(pen, &mut grid, 1);
    if !pen.flaws.has(Flaw::PageBreak) {
        return vec![Part::Table(grid)];
    }
    let at = 2 + pen.rng.below(grid.len() - 3);
    let mut rest = grid.split_off(at);
    let last_is_free = |row: &Row| {
        row.cells.last().is_some_and(|cell| cell.trim().is_empty())
            && row.keys.iter().all(|(column, _)| *column < 3)
    };
    if rest.iter().all(last_is_free) {
        rest.iter_mut().for_each(|row| row.cells.truncate(3));
    }
    rest.insert(0, Row::blank(rest[0].cells.len()));
    vec![Part::Table(grid), Part::Table(rest)]
}

fn is_numeric(form: &FilledForm, block: &Block) -> bool {
    block
        .rows
        .iter()
        .flat_map(|(_, cells)| *cells)
        .all(|cell| matches!(form.text((cell, None)), CellText::Number(_)))
}

/// The header row and the data rows of one clause.
fn block_rows(
    pen: &mut Pen<'_>,
    form: &FilledForm,
    block: &Block,
    layout: &Layout,
    headless: bool,
    with_local_row: bool,
) -> Vec<Row> {
    let single = block.columns.len() == 1 && layout.one_grid;
    let copies = if single && layout.spans_repeated {
        3
    } else {
        1
    };
    // A number that spans three columns may end up in the middle one.
    let pushed = usize::from(single && copies == 1 && pen.flaws.has(Flaw::PushedValues));
    let mut rows = Vec::new();
    if !headless {
        let mut header = Row::of([pen.header("信息内容")]);
        for column in block.columns {
            let label = pen.header(column);
            header.cells.extend(std::iter::repeat_n(label, copies));
        }
        rows.push(header);
    }
    for (label, cells) in block.rows {
        let mut row = Row::of([pen.label(label)]);
        row.cells.extend(std::iter::repeat_n(String::new(), pushed));
        for cell in *cells {
            let key = (*cell, None);
            let text = pen.cell(key, form.text(key));
            row.push(text.clone(), Some(key));
            row.cells.extend(std::iter::repeat_n(text, copies - 1));
        }
        rows.push(row);
    }
    if with_local_row {
        let label = match block.caption {
            "第二十条第（一）项" => "其他主动公开文件",
            "第二十条第（五）项" => "行政确认",
            _ => "行政检查",
        };
        let numbers: Vec<String> = block
            .columns
            .iter()
            .map(|_| pen.rng.between(0, 30).to_string())
            .collect();
        let mut row = Row::of([label.to_owned()]);
        row.cells.extend(std::iter::repeat_n(String::new(), pushed));
        for number in numbers {
            row.cells.extend(std::iter::repeat_n(number, copies));
        }
        rows.push(row);
    }
    rows
}

/// One data row of section three, before it is placed: its labels, outermost first, and its values.
struct Line {
    labels: Vec<String>,
    values: Vec<(Option<CellKey>, String)>,
    /// True if the values tell their columns by themselves: all there, or 总计 alone.
    anchored: bool,
}

/// How the rows of one piece of section three are placed.
#[derive(Clone, Copy)]
struct Placement {
    /// Columns for labels.
    labels: usize,
    /// Rows that use all label columns have their values one to the right; all others a blank at the end.
    pushed: bool,
    /// Merged label cells are written in each cell.
    repeated: bool,
}

impl Placement {
    fn width(self) -> usize {
        self.labels + 7
    }

    fn place(self, line: Line) -> Row {
        let columns = self.labels;
        let skip = line.labels.len().saturating_sub(columns);
        let mut labels: Vec<String> = line.labels.into_iter().skip(skip).collect();
        let wanted = if self.pushed && labels.len() < columns {
            columns - 1
        } else {
            columns
        };
        while labels.len() < wanted {
            let filler = match labels.last() {
                Some(last) if self.repeated => last.clone(),
                _ => String::new(),
            };
            labels.push(filler);
        }
        let mut row = Row::of(labels);
        for (key, text) in line.values {
            row.push(text, key);
        }
        row.widen(self.width())
    }
}

/// Section three.
pub fn applications(pen: &mut Pen<'_>, form: &FilledForm, layout: &Layout) -> Vec<Part> {
    let columns = layout.label_columns;
    let pushed = pen.flaws.has(Flaw::PushedValues) && columns > 1 && !layout.spans_repeated;
    let placement = Placement {
        labels: columns,
        pushed,
        repeated: layout.spans_repeated,
    };
    let note_as_row = pen.flaws.has(Flaw::NoteRow);
    let header = application_header(
        pen,
        layout,
        placement,
        layout.note_in_header && !note_as_row,
    );

    let mut lines = application_lines(pen, form, layout);
    let at = 2 + pen.rng.below(lines.len() - 3);
    let rest = pen.flaws.has(Flaw::PageBreak).then(|| lines.split_off(at));

    let mut rows = header.clone();
    if note_as_row {
        let note = pen.header(BALANCE_NOTE);
        rows.push(Row::of([note]).widen(placement.width()));
    }
    let data_from = rows.len();
    rows.extend(lines.into_iter().map(|line| placement.place(line)));
    if rest.is_none() && pen.flaws.has(Flaw::RepeatedHeader) {
        let place = data_from + at;
        rows.splice(place..place, header.clone());
    }
    sprinkle_blank_rows(pen, &mut rows, data_from);
    let mut parts = vec![Part::Table(rows)];
    if let Some(rest) = rest {
        parts.push(Part::Table(second_piece(pen, rest, &header, placement)));
    }
    parts
}

/// What follows a page break: with the header again, or under a blank header and one label column narrower.
fn second_piece(
    pen: &mut Pen<'_>,
    lines: Vec<Line>,
    header: &[Row],
    placement: Placement,
) -> Vec<Row> {
    if pen.flaws.has(Flaw::RepeatedHeader) {
        let mut rows = header.to_vec();
        rows.extend(lines.into_iter().map(|line| placement.place(line)));
        return rows;
    }
    let narrower = placement.labels > 1 && !placement.repeated;
    let labels = placement.labels - usize::from(narrower);
    let mut rows = vec![Row::blank(labels + 7)];
    for line in lines {
        let pulled = placement.pushed
            && labels == 2
            && line.labels.len() < 3
            && line.anchored
            && pen.rng.chance(0.5);
        rows.push(
            Placement {
                labels,
                pushed: pulled,
                ..placement
            }
            .place_short(line),
        );
    }
    sprinkle_blank_rows(pen, &mut rows, 1);
    rows
}

impl Placement {
    /// As `place`, but a row under 三 keeps only its own label once the outer column is gone.
    fn place_short(self, mut line: Line) -> Row {
        if self.pushed {
            let own = line.labels.pop().unwrap_or_default();
            line.labels = vec![own];
        }
        self.place(line)
    }
}

fn application_header(
    pen: &mut Pen<'_>,
    layout: &Layout,
    placement: Placement,
    with_note: bool,
) -> Vec<Row> {
    let repeated = layout.spans_repeated;
    let columns = placement.labels - usize::from(placement.pushed);
    let names: Vec<String> = APPLICANTS.map(|(_, label)| pen.header(label)).to_vec();
    let corner = if with_note {
        pen.header(BALANCE_NOTE)
    } else {
        String::new()
    };
    let corner_below = if repeated {
        corner.clone()
    } else {
        String::new()
    };
    let row = |first: &str, cells: Vec<String>| {
        Row::of(span(first, columns, repeated).into_iter().chain(cells)).widen(placement.width())
    };
    if layout.header_rows == 1 {
        return vec![row(&corner, names)];
    }
    let (all, organisations) = APPLICANT_HEADERS;
    let (all, organisations) = (pen.header(all), pen.header(organisations));
    // Where values are pushed about, the header's 总计 was lifted to the top row too.
    let total_on_top = placement.pushed;
    let mut top = span(&all, 7, repeated);
    let mut middle = vec![names[0].clone()];
    middle.extend(span(&organisations, 5, repeated));
    middle.push(if total_on_top {
        String::new()
    } else {
        names[6].clone()
    });
    let mut bottom = names.clone();
    if total_on_top {
        top[6].clone_from(&names[6]);
    }
    if !repeated {
        bottom[0].clear();
        bottom[6].clear();
    }
    let mut rows = vec![
        row(&corner, top),
        row(&corner_below, middle),
        row(&corner_below, bottom),
    ];
    if pen.flaws.has(Flaw::LostHeader) && !total_on_top {
        rows.remove(0);
    }
    rows
}

fn application_lines(pen: &mut Pen<'_>, form: &FilledForm, layout: &Layout) -> Vec<Line> {
    let every = layout.outer_in_every_row;
    let own_rows = layout.label_columns == 1 && !every;
    let mut lines = Vec::new();
    let mut before: Option<&ApplicationRow> = None;
    for row in application_rows(form.section_three) {
        let first_result = row.result && before.is_none_or(|before| !before.result);
        let first_of_group = row.group.is_some() && before.and_then(|row| row.group) != row.group;
        before = Some(row);
        let outer = row.result.then_some((RESULTS, first_result));
        let group = row.group.map(|group| (group, first_of_group));
        let mut labels = Vec::new();
        for (label, first) in outer.into_iter().chain(group) {
            let lost = pen.strikes(Flaw::LostOuterLabel, if every { 0.3 } else { 0.5 });
            let shown = if (first || every) && !lost {
                pen.label(label)
            } else {
                String::new()
            };
            if !own_rows {
                labels.push(shown);
            } else if !shown.is_empty() {
                lines.push(heading_line(pen, shown));
            }
        }
        let label = pen.label(row.label);
        let shifted = row.group.is_some() && !first_of_group && !layout.spans_repeated;
        if shifted && pen.strikes(Flaw::ShiftedLabel, 0.3) {
            labels.clear();
        }
        labels.push(label);
        if layout.label_columns == 1 {
            labels = vec![labels.concat()];
        }
        lines.push(data_line(pen, form, row, labels));
    }
    lines
}

/// A row that holds nothing but an outer label.
fn heading_line(pen: &mut Pen<'_>, label: String) -> Line {
    let values = (0..7).map(|_| (None, pen.blank())).collect();
    Line {
        labels: vec![label],
        values,
        anchored: false,
    }
}

fn data_line(
    pen: &mut Pen<'_>,
    form: &FilledForm,
    row: &ApplicationRow,
    labels: Vec<String>,
) -> Line {
    let keys = APPLICANTS.map(|(applicant, _)| (row.indicator, Some(applicant)));
    let blanks = keys
        .iter()
        .filter(|key| *form.text(**key) == CellText::Blank)
        .count();
    let has_total = *form.text(keys[6]) != CellText::Blank;
    let values = keys
        .iter()
        .map(|key| (Some(*key), pen.cell(*key, form.text(*key))))
        .collect();
    Line {
        labels,
        values,
        anchored: blanks == 0 || (blanks == 6 && has_total),
    }
}

/// Section four: one row of fifteen cells.
pub fn reviews(pen: &mut Pen<'_>, form: &FilledForm, layout: &Layout) -> Vec<Part> {
    let repeated = layout.spans_repeated;
    let mut rows = Vec::new();
    if layout.header_rows == 1 {
        let joint = *pen.rng.pick(&["", " ", "-"]);
        let mut cells = Vec::new();
        for group in REVIEW_GROUPS {
            let over = group.inner.unwrap_or(group.outer);
            for column in REVIEW_COLUMNS {
                cells.push(pen.header(&format!("{over}{joint}{column}")));
            }
        }
        rows.push(Row::of(cells));
    } else {
        let (mut top, mut middle, mut bottom) = (Vec::new(), Vec::new(), Vec::new());
        for group in REVIEW_GROUPS {
            let columns = REVIEW_COLUMNS.map(|column| pen.header(column)).to_vec();
            let over = pen.header(group.outer);
            match group.inner {
                None => {
                    top.extend(span(&over, 5, repeated));
                    bottom.extend(if repeated {
                        columns.clone()
                    } else {
                        vec![String::new(); 5]
                    });
                    middle.extend(columns);
                }
                Some(inner) => {
                    let lit = repeated || inner == "未经复议直接起诉";
                    top.extend(span(if lit { &over } else { "" }, 5, repeated));
                    middle.extend(span(&pen.header(inner), 5, repeated));
                    bottom.extend(columns);
                }
            }
        }
        if !pen.flaws.has(Flaw::LostHeader) {
            rows.push(Row::of(top));
        }
        rows.push(Row::of(middle));
        rows.push(Row::of(bottom));
    }
    let data_from = rows.len();
    let mut row = Row::default();
    for cell in REVIEW_GROUPS.iter().flat_map(|group| group.cells) {
        let key = (cell, None);
        let text = pen.cell(key, form.text(key));
        row.push(text, Some(key));
    }
    rows.push(row);
    sprinkle_blank_rows(pen, &mut rows, data_from);
    vec![Part::Table(rows)]
}
