//! Section three: label columns, header rows, and what a page break makes of them.

use super::super::filled::{CellKey, CellText, FilledForm};
use super::super::layout::{Flaw, Layout};
use super::super::statute::{APPLICANT_HEADERS, APPLICANTS, ApplicationRow, BALANCE_NOTE, RESULTS, application_rows};
use super::super::wording::Pen;
use super::{Part, Row, span, sprinkle_blank_rows};

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
        let wanted = if self.pushed && labels.len() < columns { columns - 1 } else { columns };
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
    let placement = Placement { labels: columns, pushed, repeated: layout.spans_repeated };
    let note_as_row = pen.flaws.has(Flaw::NoteRow);
    let header = application_header(pen, layout, placement, layout.note_in_header && !note_as_row);

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
fn second_piece(pen: &mut Pen<'_>, lines: Vec<Line>, header: &[Row], placement: Placement) -> Vec<Row> {
    if pen.flaws.has(Flaw::RepeatedHeader) {
        let mut rows = header.to_vec();
        rows.extend(lines.into_iter().map(|line| placement.place(line)));
        return rows;
    }
    let narrower = placement.labels > 1 && !placement.repeated;
    let labels = placement.labels - usize::from(narrower);
    let mut rows = vec![Row::blank(labels + 7)];
    for line in lines {
        let pulled = placement.pushed && labels == 2 && line.labels.len() < 3 && line.anchored && pen.rng.chance(0.5);
        rows.push(Placement { labels, pushed: pulled, ..placement }.place_short(line));
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

fn application_header(pen: &mut Pen<'_>, layout: &Layout, placement: Placement, with_note: bool) -> Vec<Row> {
    let repeated = layout.spans_repeated;
    let columns = placement.labels - usize::from(placement.pushed);
    let names: Vec<String> = APPLICANTS.map(|(_, label)| pen.header(label)).to_vec();
    let corner = if with_note { pen.header(BALANCE_NOTE) } else { String::new() };
    let corner_below = if repeated { corner.clone() } else { String::new() };
    let row = |first: &str, cells: Vec<String>| Row::of(span(first, columns, repeated).into_iter().chain(cells)).widen(placement.width());
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
    middle.push(if total_on_top { String::new() } else { names[6].clone() });
    let mut bottom = names.clone();
    if total_on_top {
        top[6].clone_from(&names[6]);
    }
    if !repeated {
        bottom[0].clear();
        bottom[6].clear();
    }
    let mut rows = vec![row(&corner, top), row(&corner_below, middle), row(&corner_below, bottom)];
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
            let shown = if (first || every) && !lost { pen.label(label) } else { String::new() };
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
        // A group label in the column of 三, which stands empty there.
        if layout.label_columns == 3 && labels.len() == 3 && labels[0].is_empty() {
            let lit = !labels[1].is_empty() && !layout.spans_repeated;
            if lit && pen.strikes(Flaw::ShiftedLabel, 0.3) {
                labels.swap(0, 1);
            }
        }
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
    Line { labels: vec![label], values, anchored: false }
}

fn data_line(pen: &mut Pen<'_>, form: &FilledForm, row: &ApplicationRow, labels: Vec<String>) -> Line {
    let keys = APPLICANTS.map(|(applicant, _)| (row.indicator, Some(applicant)));
    let blanks = keys.iter().filter(|key| *form.text(**key) == CellText::Blank).count();
    let has_total = *form.text(keys[6]) != CellText::Blank;
    let values = keys.iter().map(|key| (Some(*key), pen.cell(*key, form.text(*key)))).collect();
    Line { labels, values, anchored: blanks == 0 || (blanks == 6 && has_total) }
}
