//! Section two as one merged grid or one small table per clause.

use super::super::filled::{CellText, FilledForm};
use super::super::layout::{Flaw, Layout};
use super::super::statute::{Block, blocks};
use super::super::wording::Pen;
use super::{Part, Row, span, sprinkle_blank_rows};

/// Section two: one merged grid, or one table per clause.
pub fn disclosure(pen: &mut Pen<'_>, form: &FilledForm, layout: &Layout) -> Vec<Part> {
    let all = blocks(form.section_two);
    let headless = pen.flaws.has(Flaw::LostHeader).then(|| pen.rng.below(all.len()));
    let local = pen.flaws.has(Flaw::LocalRow).then(|| pen.rng.below(3));
    let captions_as_lines = pen.rng.chance(0.5);
    let mut grid = Vec::new();
    let mut parts = Vec::new();
    for (number, block) in all.iter().enumerate() {
        let width = if layout.one_grid { 4 } else { block.columns.len() + 1 };
        let caption = pen.header(block.caption);
        let mut rows = Vec::new();
        if layout.one_grid || !captions_as_lines {
            rows.push(Row::of(span(&caption, width, layout.spans_repeated)));
        }
        let lost = layout.one_grid && headless == Some(number) && is_numeric(form, block);
        rows.extend(block_rows(pen, form, block, layout, lost, local == Some(number)));
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
    let last_is_free = |row: &Row| row.cells.last().is_some_and(|cell| cell.trim().is_empty()) && row.keys.iter().all(|(column, _)| *column < 3);
    if rest.iter().all(last_is_free) {
        rest.iter_mut().for_each(|row| row.cells.truncate(3));
    }
    rest.insert(0, Row::blank(rest[0].cells.len()));
    vec![Part::Table(grid), Part::Table(rest)]
}

fn is_numeric(form: &FilledForm, block: &Block) -> bool {
    block.rows.iter().flat_map(|(_, cells)| *cells).all(|cell| matches!(form.text((cell, None)), CellText::Number(_)))
}

/// The header row and the data rows of one clause.
fn block_rows(pen: &mut Pen<'_>, form: &FilledForm, block: &Block, layout: &Layout, headless: bool, with_local_row: bool) -> Vec<Row> {
    let single = block.columns.len() == 1 && layout.one_grid;
    let copies = if single && layout.spans_repeated { 3 } else { 1 };
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
        let numbers: Vec<String> = block.columns.iter().map(|_| pen.rng.between(0, 30).to_string()).collect();
        let mut row = Row::of([label.to_owned()]);
        row.cells.extend(std::iter::repeat_n(String::new(), pushed));
        for number in numbers {
            row.cells.extend(std::iter::repeat_n(number, copies));
        }
        rows.push(row);
    }
    rows
}
