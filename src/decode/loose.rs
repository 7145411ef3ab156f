//! Tables without the markup of tables, in formats that have paragraphs: rows written as lines of numbers,
//! and tables whose every cell is a paragraph, one below the other.

use super::gaps;
use crate::document::{Block, Cell, Grid, Paragraph, Row, number_grids};
use std::borrow::Cow;

/// Turns paragraphs that are rows or cells into grids, drops empty ones, and numbers all grids in order.
pub(super) fn grids(blocks: Vec<Block<'static>>) -> Vec<Block<'static>> {
    let mut done: Vec<Block<'static>> = Vec::new();
    let mut run: Vec<Paragraph<'static>> = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) if is_short(&paragraph) => run.push(paragraph),
            other => {
                settle(std::mem::take(&mut run), &mut done);
                done.push(other);
            }
        }
    }
    settle(run, &mut done);
    number_grids(&mut done);
    done
}

/// Most characters of a label or row.
const LONGEST: usize = 120;

fn is_short(paragraph: &Paragraph<'_>) -> bool {
    !paragraph.text.contains(['。', '；']) && paragraph.text.chars().count() <= LONGEST
}

/// What a paragraph is, if paragraphs are cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Label,
    Amount,
    /// A word that stands for a number: 无.
    Mark,
    Blank,
}

fn kind(paragraph: &Paragraph<'_>) -> Kind {
    match paragraph.text.trim() {
        "" => Kind::Blank,
        "无" | "零" | "不适用" => Kind::Mark,
        text if gaps::is_amount(text) => Kind::Amount,
        _ => Kind::Label,
    }
}

fn settle(run: Vec<Paragraph<'static>>, done: &mut Vec<Block<'static>>) {
    let kinds: Vec<Kind> = run.iter().map(kind).collect();
    if is_table(&kinds) {
        stacked(without_spacers(run, &kinds), done);
    } else {
        lines(run, done);
    }
}

/// Whether cells stand one below the other: several values, three of them in a row.
fn is_table(kinds: &[Kind]) -> bool {
    let is_value = |kind: &Kind| matches!(kind, Kind::Amount | Kind::Mark);
    let filled: Vec<Kind> = kinds.iter().copied().filter(|k| *k != Kind::Blank).collect();
    filled.iter().filter(|k| is_value(k)).count() >= 6 && filled.windows(4).any(|w| w[0] == Kind::Label && w[1..].iter().all(is_value))
}

/// An empty paragraph behind every other is a matter of looks; elsewhere it is a blank cell.
fn without_spacers(run: Vec<Paragraph<'static>>, kinds: &[Kind]) -> Vec<Paragraph<'static>> {
    let filled = kinds.iter().filter(|k| **k != Kind::Blank).count();
    let spaced = kinds.windows(2).filter(|w| w[0] != Kind::Blank && w[1] == Kind::Blank).count();
    if spaced * 10 < filled.saturating_sub(1) * 9 {
        return run;
    }
    let is_blank = |p: &Paragraph<'_>| p.text.trim().is_empty();
    let mut run = run.into_iter().peekable();
    // What stands before the run had its spacer too.
    let _ = run.next_if(is_blank);
    let mut kept: Vec<Paragraph<'static>> = Vec::new();
    while let Some(paragraph) = run.next() {
        let _ = run.next_if(is_blank);
        kept.push(paragraph);
    }
    kept
}

/// Puts labels and the cells behind them into rows. A label that no cell follows stays a paragraph, unless
/// its number says that it groups the rows below.
fn stacked(run: Vec<Paragraph<'static>>, done: &mut Vec<Block<'static>>) {
    let mut rows: Vec<Row<'static>> = Vec::new();
    let mut labels: Vec<Paragraph<'static>> = Vec::new();
    let mut begun = false;
    let mut run = run.into_iter().peekable();
    while let Some(paragraph) = run.next() {
        if kind(&paragraph) == Kind::Label {
            labels.push(paragraph);
            continue;
        }
        let mut cells = vec![paragraph];
        while let Some(cell) = run.next_if(|p| kind(p) != Kind::Label) {
            cells.push(cell);
        }
        let amounts = cells.iter().filter(|c| kind(c) == Kind::Amount).count();
        // A heading has no cells, though a mark or an empty line may stand behind it.
        let heading = labels.last().is_none_or(|l| l.heading || is_numbered(l)) || !begun;
        if labels.is_empty() || amounts == 0 && cells.len() < 3 && heading {
            close(&mut rows, done);
            done.extend(labels.drain(..).chain(cells).filter(|p| !p.text.trim().is_empty()).map(Block::Paragraph));
            continue;
        }
        begun = true;
        let own = row_labels(&labels);
        let above = labels.len() - own;
        if above > 0 {
            close(&mut rows, done);
        }
        done.extend(labels.drain(..above).map(Block::Paragraph));
        let at = labels.last().map(|l| l.at).unwrap_or_default();
        let texts = (0u16..).zip(labels.drain(..).chain(cells).map(|p| p.text));
        let cells = texts.map(|(column, text)| Cell { text, column, columns: 1, rows: 1 }).collect();
        rows.push(Row { number: rows.len() as u32 + 1, at, cells, loose: true });
    }
    close(&mut rows, done);
    done.extend(labels.into_iter().map(Block::Paragraph));
}

/// How many of the labels before a row's cells are its own: the last, and numbered ones right before it.
fn row_labels(labels: &[Paragraph<'_>]) -> usize {
    let before = labels.iter().rev().skip(1).take(2).take_while(|label| is_numbered(label)).count();
    1 + before
}

/// 三、 or （一） in front of a label.
fn is_numbered(label: &Paragraph<'_>) -> bool {
    let text = label.text.trim_start_matches(['（', '(']);
    let mark = text.chars().nth(1);
    !label.heading && text.starts_with(|c: char| "一二三四五六七八九".contains(c)) && mark.is_some_and(|c| "、）).．".contains(c))
}

fn close(rows: &mut Vec<Row<'static>>, done: &mut Vec<Block<'static>>) {
    if !rows.is_empty() {
        done.push(Block::Grid(Grid { number: 0, rows: std::mem::take(rows) }));
    }
}

/// Paragraphs that are rows by themselves: `行政许可 0 12`.
fn lines(run: Vec<Paragraph<'static>>, done: &mut Vec<Block<'static>>) {
    let mut rows: Vec<Row<'static>> = Vec::new();
    for paragraph in run {
        let texts = gaps::row(&paragraph.text, !rows.is_empty()).filter(|_| !paragraph.heading && !paragraph.text.contains('\n'));
        if let Some(texts) = texts {
            let cell = |(column, text): (u16, &str)| Cell { text: Cow::Owned(text.to_string()), column, columns: 1, rows: 1 };
            let cells = (0u16..).zip(texts.cells).map(cell).collect();
            rows.push(Row { number: rows.len() as u32 + 1, at: paragraph.at, cells, loose: !texts.bordered });
            continue;
        }
        close(&mut rows, done);
        if !paragraph.text.trim().is_empty() {
            done.push(Block::Paragraph(paragraph));
        }
    }
    close(&mut rows, done);
}
