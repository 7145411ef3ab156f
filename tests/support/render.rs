//! Renders a filled form and its prose as Markdown or plain text, and says what a reader must find.

use super::filled::{CellKey, CellText, FilledForm};
use super::layout::{Flaw, Flaws, Layout};
use super::prose::{Paragraph, Prose};
use super::rng::Rng;
use super::statute::Section;
use super::tables::{self, Part, Row};
use super::wording::Pen;

/// What a reader must find in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// This value.
    Reported(f64),
    /// Nothing (which a reader may infer to be the meant value, keeping the blank).
    Blank,
    /// A mark for "not applicable".
    NotApplicable,
    /// Words where a number should be.
    Unreadable,
}

/// One cell of a rendered report.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its identifier.
    pub key: CellKey,
    /// What a reader must find.
    pub state: State,
    /// What the office meant: the only value that may be inferred for a blank.
    pub meant: i64,
    /// The text of the cell without its padding.
    pub raw: String,
    /// The line of the report that it stands on, from 1.
    pub line: usize,
}

/// A report and what stands in it.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The report.
    pub text: String,
    /// Every cell of the form in it, in the order of the report.
    pub known: Vec<Known>,
    /// True if the heading of a missing section is there, without its table.
    pub bare_heading: bool,
}

/// As Markdown.
pub fn markdown(form: &FilledForm, prose: &Prose, layout: &Layout, flaws: Flaws, rng: &mut Rng) -> Rendered {
    render(form, prose, layout, Pen { flaws, plain_text: false, rng })
}

/// As plain text: headings without marks, cells separated by tabs.
pub fn plain_text(form: &FilledForm, prose: &Prose, layout: &Layout, flaws: Flaws, rng: &mut Rng) -> Rendered {
    render(form, prose, layout, Pen { flaws, plain_text: true, rng })
}

fn render(form: &FilledForm, prose: &Prose, layout: &Layout, pen: Pen<'_>) -> Rendered {
    let bold_headings = pen.flaws.has(Flaw::HeadingDrift);
    let mut page = Page {
        pen,
        padded: layout.padded,
        gap: if layout.tight && !layout.padded { "" } else { " " },
        drift: bold_headings,
        text: String::with_capacity(12_000),
        lines: 0,
        known: Vec::with_capacity(200),
    };
    page.title(form, prose, layout);
    if let Some(preamble) = &prose.preamble {
        page.paragraph(preamble);
    }
    page.heading(2, "一、", "总体情况");
    page.paragraphs(&prose.overview);

    let wrong = page.pen.flaws.has(Flaw::WrongOrdinal).then(|| page.pen.rng.below(3));
    let bare_heading = form.missing.is_some() && page.pen.rng.chance(0.5);
    for (number, section) in Section::ALL.into_iter().enumerate() {
        let present = form.has(section);
        if present || bare_heading {
            let ordinals = ["二、", "三、", "四、", "五、"];
            let ordinal = ordinals[number + usize::from(wrong == Some(number))];
            let words = match section {
                Section::Reviews if layout.older_wording => "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
                _ => section.heading(),
            };
            page.heading(2, ordinal, words);
        }
        if present {
            let parts = match section {
                Section::ActiveDisclosure => tables::disclosure(&mut page.pen, form, layout),
                Section::Applications => tables::applications(&mut page.pen, form, layout),
                Section::Reviews => tables::reviews(&mut page.pen, form, layout),
            };
            page.parts(form, &parts);
        } else if bare_heading {
            page.paragraph("有关情况见附件。");
        }
    }
    let words = if layout.older_wording { "存在的主要问题及下一步改进措施" } else { "存在的主要问题及改进情况" };
    page.heading(2, "五、", words);
    page.paragraphs(&prose.problems);
    page.heading(2, "六、", "其他需要报告的事项");
    page.paragraph(&prose.other);
    page.paragraph(&prose.office.sign_name);
    let (year, month, day) = prose.date;
    page.line(&format!("{year}年{month}月{day}日"));
    Rendered { text: page.text, known: page.known, bare_heading }
}

/// A report being written.
struct Page<'a> {
    pen: Pen<'a>,
    padded: bool,
    gap: &'static str,
    drift: bool,
    text: String,
    lines: usize,
    known: Vec<Known>,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines += 1;
    }

    fn paragraph(&mut self, text: &str) {
        self.line(text);
        self.line("");
    }

    fn title(&mut self, form: &FilledForm, prose: &Prose, layout: &Layout) {
        let gap = if self.pen.flaws.has(Flaw::SpacedTitle) { " " } else { "" };
        let degree = *self.pen.rng.pick(&["年", "年", "年", "年度"]);
        let rest = format!("{gap}{}{gap}{degree}{gap}政府信息公开工作年度报告", form.year);
        let mark = if self.pen.plain_text { "" } else { "# " };
        let name = &prose.office.title_name;
        if layout.title_in_two_lines {
            self.paragraph(&format!("{mark}{name}"));
            self.paragraph(&format!("{mark}{}", rest.trim_start()));
        } else {
            self.paragraph(&format!("{mark}{name}{rest}"));
        }
    }

    fn heading(&mut self, level: usize, ordinal: &str, words: &str) {
        let mut ordinal = ordinal.to_owned();
        let mut level = level;
        let mut bold = "";
        if self.drift {
            level = self.pen.rng.below(5) + 1;
            if self.pen.rng.chance(0.4) {
                bold = "**";
            }
            if self.pen.rng.chance(0.5) {
                ordinal = ordinal.replace('（', "(").replace('）', ")");
            }
        }
        if self.pen.plain_text {
            self.line(&format!("{ordinal}{words}"));
        } else {
            self.paragraph(&format!("{} {bold}{ordinal}{words}{bold}", "#".repeat(level)));
        }
    }

    fn paragraphs(&mut self, paragraphs: &[Paragraph]) {
        let ordinals = ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）"];
        let cut_wanted = self.pen.flaws.has(Flaw::CutParagraph);
        let cut = cut_wanted.then(|| self.pen.rng.below(paragraphs.len()));
        let mut headings = ordinals.iter();
        for (number, paragraph) in paragraphs.iter().enumerate() {
            if let Some(heading) = &paragraph.heading {
                self.heading(3, headings.next().unwrap_or(&""), heading);
            }
            let place = if cut == Some(number) { cut_place(&paragraph.text) } else { None };
            match place.and_then(|place| paragraph.text.split_at_checked(place)) {
                Some((before, after)) => {
                    self.paragraph(before);
                    self.paragraph(after);
                }
                None => self.paragraph(&paragraph.text),
            }
        }
    }

    fn parts(&mut self, form: &FilledForm, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Line(line) => self.paragraph(line),
                Part::Table(rows) if self.pen.plain_text => self.tabbed(form, rows),
                Part::Table(rows) => self.grid(form, rows),
            }
        }
    }

    fn tabbed(&mut self, form: &FilledForm, rows: &[Row]) {
        for (number, row) in rows.iter().enumerate() {
            if number == 0 && row.is_blank() {
                continue;
            }
            self.line(&row.cells.join("\t"));
            self.know(form, row);
        }
        self.line("");
    }

    fn grid(&mut self, form: &FilledForm, rows: &[Row]) {
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let mut widths = vec![0; columns];
        if self.padded {
            for row in rows {
                for (width, cell) in widths.iter_mut().zip(&row.cells) {
                    *width = (*width).max(width_of(cell));
                }
            }
        }
        for (number, row) in rows.iter().enumerate() {
            let mut line = String::from("|");
            for (cell, width) in row.cells.iter().zip(&widths) {
                if self.padded || !cell.is_empty() {
                    line.push_str(self.gap);
                }
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(width_of(cell))));
                line.push_str(self.gap);
                line.push('|');
            }
            self.line(&line);
            self.know(form, row);
            if number == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "-".repeat((width + 2).max(3))).collect();
                self.line(&format!("|{}|", rules.join("|")));
            }
        }
        self.line("");
    }

    fn know(&mut self, form: &FilledForm, row: &Row) {
        for (column, key) in &row.keys {
            let state = match form.text(*key) {
                CellText::Number(number) => State::Reported(*number as f64),
                CellText::Blank => State::Blank,
                CellText::Mark(_) => State::NotApplicable,
                CellText::Words(_) => State::Unreadable,
            };
            let raw = row.cells[*column].clone();
            self.known.push(Known { key: *key, state, meant: form.meant(*key), raw, line: self.lines });
        }
    }
}

/// Columns that a text takes on a terminal, as the converters that pad tables count them.
fn width_of(text: &str) -> usize {
    text.chars().map(|character| if character < '\u{2e80}' { 1 } else { 2 }).sum()
}

/// A byte position in mid-word, away from any figure; none in a short paragraph.
fn cut_place(text: &str) -> Option<usize> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let quiet = |(_, character): &(usize, char)| ('\u{4e00}'..='\u{9fff}').contains(character);
    let window = 5;
    let half = characters.len() / 2;
    (half..characters.len())
        .chain((0..half).rev())
        .filter(|place| *place >= window && place + window < characters.len())
        .find(|place| characters[place - window..place + window].iter().all(quiet))
        .map(|place| characters[place].0)
}
