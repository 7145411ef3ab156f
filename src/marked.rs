//! Shows the sentences of a report that hold figures, each figure marked in its sentence, and below it what it was read
//! as: so that a clerk sees what the program understood, and from where.

use crate::document::Place;
use crate::fact::{Figure, Qualifier, Scope};
use crate::finding::{Lang, number, shown};
use crate::narrative::{Marked, Reader, Sentence};
use anyhow::Result;
use std::io::Write;

/// How a figure is set off in its sentence: what stands before it and behind it.
#[derive(Debug, Clone, Copy)]
pub struct Marks(&'static str, &'static str);

impl Marks {
    /// Colours for a terminal.
    pub const COLOUR: Marks = Marks("\u{1b}[1;33m", "\u{1b}[0m");
    /// Brackets for everything else.
    pub const BRACKETS: Marks = Marks("[", "]");
}

/// Prints the sentences.
///
/// # Errors
/// If they cannot be written out.
pub fn print(sentences: &[Sentence], reader: &Reader, marks: Marks, lang: Lang, out: &mut dyn Write) -> Result<()> {
    if sentences.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", lang.of("正文中的数字", "Figures in the prose"))?;
    for sentence in sentences {
        writeln!(out, "  {}{}", place(sentence.at, lang), with_marks(sentence, marks))?;
        for marked in &sentence.figures {
            writeln!(out, "      {}", read_as(marked, reader, lang))?;
        }
    }
    Ok(())
}

fn place(at: Place, lang: Lang) -> String {
    match (at.line, at.page, lang) {
        (0, 0, _) => String::new(),
        (0, page, Lang::Zh) => format!("第 {page} 页  "),
        (0, page, Lang::En) => format!("page {page}  "),
        (line, _, Lang::Zh) => format!("第 {line} 行  "),
        (line, _, Lang::En) => format!("line {line}  "),
    }
}

/// The sentence with marks around its figures. One number may state several figures.
fn with_marks(sentence: &Sentence, marks: Marks) -> String {
    let mut text = String::new();
    let mut done = 0;
    for (from, to) in sentence.figures.iter().map(|figure| (figure.span.0 as usize, figure.span.1 as usize)) {
        let (Some(before), Some(figure)) = (sentence.text.get(done..from), sentence.text.get(from..to)) else { continue };
        text.push_str(&plain(before));
        text.push_str(marks.0);
        text.push_str(&plain(figure));
        text.push_str(marks.1);
        done = to;
    }
    text.push_str(&plain(sentence.text.get(done..).unwrap_or_default()));
    text
}

/// Text of a file without what could steer a terminal. `shown` shortens what is long, so it goes piece by piece.
fn plain(text: &str) -> String {
    let pieces: Vec<char> = text.chars().collect();
    pieces.chunks(100).map(|piece| shown(&piece.iter().collect::<String>())).collect()
}

/// What a figure was read as: `96 → 主动公开信息数 · 网站：96 条`.
fn read_as(marked: &Marked, reader: &Reader, lang: Lang) -> String {
    let Figure { indicator, channel, value, unit, qualifier, scope, .. } = &marked.figure;
    let name = reader.indicators().get(usize::from(*indicator)).map_or("", |known| lang.of(&known.zh, &known.en));
    let through = channel.and_then(|channel| reader.channels().get(usize::from(channel))).map_or("", |known| lang.of(&known.zh, &known.en));
    let bound = match qualifier {
        Qualifier::Exact => "",
        Qualifier::AtLeast => lang.of("不少于 ", "at least "),
        Qualifier::AtMost => lang.of("不超过 ", "at most "),
        Qualifier::Approx => lang.of("约 ", "about "),
    };
    let amount = match unit.as_deref() {
        Some("ratio") => format!("{}%", number((value * 1e6).round() / 1e4)),
        Some(unit) => format!("{} {unit}", number(*value)),
        None => number(*value),
    };
    let time = match scope {
        Scope::CurrentYear => "",
        Scope::Cumulative => lang.of("（累计或存量）", " (cumulative or stock)"),
        Scope::PreviousYear => lang.of("（上年）", " (the year before)"),
        Scope::NextYearPlan => lang.of("（下年计划）", " (planned for next year)"),
    };
    let wide = if marked.wide { lang.of("（其他范围，不计入）", " (of another scope, not counted)") } else { "" };
    let dot = if through.is_empty() { "" } else { " · " };
    format!("→ {name}{dot}{through}{}{bound}{amount}{time}{wide}", lang.of("：", ": "))
}
