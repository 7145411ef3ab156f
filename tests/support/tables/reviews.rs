//! Section four: one row of fifteen cells under one header row or three.

use super::super::filled::FilledForm;
use super::super::layout::{Flaw, Layout};
use super::super::statute::{REVIEW_COLUMNS, REVIEW_GROUPS};
use super::super::wording::Pen;
use super::{Part, Row, span, sprinkle_blank_rows};

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
                    bottom.extend(if repeated { columns.clone() } else { vec![String::new(); 5] });
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
