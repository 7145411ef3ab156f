//! A report as the notices print it: paragraphs, and tables with their merged cells. What writers of web
//! pages and office files put into their formats.

use super::filled::{CellKey, CellText, FilledForm};
use super::layout::Flaws;
use super::prose::{Paragraph, Prose};
use super::rng::Rng;
use super::statute::{APPLICANT_HEADERS, APPLICANTS, BALANCE_NOTE, RESULTS, REVIEW_COLUMNS, REVIEW_GROUPS, Section, application_rows, blocks};
use super::wording::Pen;

/// A piece of a report, in reading order.
#[derive(Clone, Debug)]
pub enum Piece {
    /// The title.
    Title(String),
    /// A heading: 2 for 一、, 3 for （一）.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A table, row by row: the cells that begin in each.
    Table(Vec<Vec<Cell>>),
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// Columns it covers.
    pub columns: usize,
    /// Rows it covers.
    pub rows: usize,
    /// Which cell of the form it is, if it holds a value.
    pub key: Option<CellKey>,
}

fn label(text: &str, columns: usize, rows: usize) -> Cell {
    Cell { text: text.to_owned(), columns, rows, key: None }
}

/// A filled form and its prose, piece by piece.
pub fn pieces(form: &FilledForm, prose: &Prose, flaws: Flaws, rng: &mut Rng) -> Vec<Piece> {
    let mut pen = Pen { flaws, plain_text: true, rng };
    let mut done = vec![Piece::Title(format!("{}{}年政府信息公开工作年度报告", prose.office.title_name, form.year))];
    done.extend(prose.preamble.clone().map(Piece::Text));
    done.push(Piece::Heading(2, "一、总体情况".to_owned()));
    paragraphs(&prose.overview, &mut done);
    for (ordinal, section) in ["二", "三", "四"].into_iter().zip(Section::ALL) {
        if form.has(section) {
            done.push(Piece::Heading(2, format!("{ordinal}、{}", section.heading())));
            done.push(Piece::Table(match section {
                Section::ActiveDisclosure => disclosure(&mut pen, form),
                Section::Applications => applications(&mut pen, form),
                Section::Reviews => reviews(&mut pen, form),
            }));
        }
    }
    done.push(Piece::Heading(2, "五、存在的主要问题及改进情况".to_owned()));
    paragraphs(&prose.problems, &mut done);
    done.push(Piece::Heading(2, "六、其他需要报告的事项".to_owned()));
    done.push(Piece::Text(prose.other.clone()));
    done.push(Piece::Text(prose.office.sign_name.clone()));
    let (year, month, day) = prose.date;
    done.push(Piece::Text(format!("{year}年{month}月{day}日")));
    done
}

fn paragraphs(paragraphs: &[Paragraph], done: &mut Vec<Piece>) {
    let mut ordinals = ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）"].into_iter();
    for paragraph in paragraphs {
        if let Some(heading) = &paragraph.heading {
            done.push(Piece::Heading(3, format!("{}{heading}", ordinals.next().unwrap_or_default())));
        }
        done.push(Piece::Text(paragraph.text.clone()));
    }
}

fn value(pen: &mut Pen<'_>, form: &FilledForm, key: CellKey, columns: usize) -> Cell {
    Cell { text: pen.cell(key, form.text(key)), columns, rows: 1, key: Some(key) }
}

fn disclosure(pen: &mut Pen<'_>, form: &FilledForm) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for block in blocks(form.section_two) {
        // Four columns throughout: the last ones of a narrow block are merged.
        let widths: &[usize] = match block.columns.len() {
            1 => &[3],
            2 => &[1, 2],
            _ => &[1, 1, 1],
        };
        rows.push(vec![label(block.caption, 4, 1)]);
        let names = block.columns.iter().zip(widths).map(|(name, width)| label(name, *width, 1));
        rows.push([label("信息内容", 1, 1)].into_iter().chain(names).collect());
        for (name, cells) in block.rows {
            let mut row = vec![label(name, 1, 1)];
            row.extend(cells.iter().zip(widths).map(|(cell, width)| value(pen, form, (cell, None), *width)));
            rows.push(row);
        }
    }
    rows
}

fn applications(pen: &mut Pen<'_>, form: &FilledForm) -> Vec<Vec<Cell>> {
    let names = APPLICANTS.map(|(_, name)| name);
    let mut rows = vec![
        vec![label(BALANCE_NOTE, 3, 3), label(APPLICANT_HEADERS.0, 7, 1)],
        vec![label(names[0], 1, 2), label(APPLICANT_HEADERS.1, 5, 1), label(names[6], 1, 2)],
        names[1..6].iter().map(|name| label(name, 1, 1)).collect(),
    ];
    let all: Vec<_> = application_rows(form.section_three).collect();
    for (at, row) in all.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| all[at]);
        let mut cells = Vec::new();
        if row.result && before.is_none_or(|b| !b.result) {
            cells.push(label(RESULTS, 1, all.iter().filter(|r| r.result).count()));
        }
        if let Some(group) = row.group
            && before.and_then(|b| b.group) != row.group
        {
            cells.push(label(group, 1, all.iter().filter(|r| r.group == Some(group)).count()));
        }
        let width = 1 + usize::from(!row.result) + usize::from(row.group.is_none());
        cells.push(label(row.label, width, 1));
        cells.extend(APPLICANTS.map(|(applicant, _)| value(pen, form, (row.indicator, Some(applicant)), 1)));
        rows.push(cells);
    }
    rows
}

fn reviews(pen: &mut Pen<'_>, form: &FilledForm) -> Vec<Vec<Cell>> {
    let columns = |rows| REVIEW_COLUMNS.map(|name| label(name, 1, rows));
    let middle = columns(2).into_iter().chain(REVIEW_GROUPS[1..].iter().map(|g| label(g.inner.unwrap_or_default(), 5, 1)));
    let values = REVIEW_GROUPS.iter().flat_map(|group| group.cells).map(|cell| value(pen, form, (cell, None), 1));
    vec![
        vec![label(REVIEW_GROUPS[0].outer, 5, 1), label(REVIEW_GROUPS[1].outer, 10, 1)],
        middle.collect(),
        columns(1).into_iter().chain(columns(1)).collect(),
        values.collect(),
    ]
}
