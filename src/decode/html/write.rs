//! The report's block of a page to paragraphs and grids, as a reader sees them: blanks folded, blocks and
//! `<br>` ending lines, tables that only place things passed over.

use super::content::Content;
use super::table;
use super::tree::{Node, Page, Step, walk};
use super::{attribute, is_block, is_heading};
use crate::decode::Reached;
use crate::document::{Block, Grid, Paragraph, Place, Row};
use scraper::ElementRef;
use scraper::node::Element;
use std::borrow::Cow;

/// What a page was written out to.
pub(super) struct Written {
    pub blocks: Vec<Block<'static>>,
    /// Pictures large enough to show a table.
    pub pictures: usize,
}

/// Writes out the report's block. Lines that hold nothing stay as empty paragraphs.
///
/// # Errors
/// If a table is larger than `most_cells`.
pub(super) fn write<'p>(page: &'p Page, content: &Content<'p>, most_cells: usize) -> Result<Written, Reached> {
    let mut writer = Writer { page, content, most_cells, done: Written { blocks: Vec::new(), pictures: 0 }, reached: None };
    if let Some((title, id)) = content.title {
        let text = Cow::Owned(title.split_whitespace().collect::<Vec<_>>().join(" "));
        writer.done.blocks.push(Block::Paragraph(Paragraph { text, heading: true, at: Place::line(page.line(id)) }));
    }
    writer.block(content.root, 0);
    match writer.reached {
        Some(reached) => Err(reached),
        None => Ok(writer.done),
    }
}

struct Writer<'p, 'c> {
    page: &'p Page,
    content: &'c Content<'p>,
    most_cells: usize,
    done: Written,
    reached: Option<Reached>,
}

impl<'p> Writer<'p, '_> {
    /// Writes out a block, without its first lines.
    fn block(&mut self, root: Node<'p>, skip: usize) {
        let mut pen = Pen::new(self.page.line(root.id()));
        let mut left = skip;
        walk(root, |step| {
            let Step::Enter(node) = step else { return pen.step(self.page, step) };
            let Some(element) = ElementRef::wrap(node) else { return pen.step(self.page, step) };
            if !self.content.shows(element) {
                return false;
            }
            self.done.pictures += usize::from(is_large_picture(element.value()));
            let is_table = element.value().name() == "table";
            if !(is_table && self.content.is_data(node) || !is_table && table::is_drawn(element)) {
                return pen.step(self.page, step);
            }
            pen.end_line();
            self.paragraphs(&mut pen, &mut left);
            self.grid(node);
            pen.line = pen.line.max(self.page.line(node.id()));
            false
        });
        pen.end_line();
        self.paragraphs(&mut pen, &mut left);
    }

    fn paragraphs(&mut self, pen: &mut Pen, skip: &mut usize) {
        let lines = std::mem::take(&mut pen.lines);
        let skipped = lines.len().min(*skip);
        *skip -= skipped;
        let heading = |line: Paragraph<'static>| Paragraph { heading: line.heading || self.content.is_title(&line.text), ..line };
        self.done.blocks.extend(lines.into_iter().skip(skipped).map(heading).map(Block::Paragraph));
    }

    fn grid(&mut self, table: Node<'p>) {
        let (page, content) = (self.page, self.content);
        for caption in table.children().filter_map(ElementRef::wrap).filter(|e| e.value().name() == "caption" && content.shows(*e)) {
            self.block(*caption, 0);
        }
        let last = table::row_groups(table).into_iter().flatten().last().and_then(|row| table::cells(row).last());
        let last = last.filter(|cell| content.is_overfull(*cell));
        let mut behind = None;
        let shown = |element: ElementRef<'p>| content.shows(element);
        let line = |element: ElementRef<'p>| page.line(element.id());
        let mut text = |cell: ElementRef<'p>| {
            let lines = lines(page, content, *cell);
            if Some(cell) != last {
                return joined(lines);
            }
            // A table that was never closed: what follows it has come to lie in its last cell.
            let first = lines.into_iter().next().map(|line| line.text.into_owned()).unwrap_or_default();
            let own = first.chars().count() <= LONGEST_VALUE && !first.contains('、');
            behind = Some((cell, usize::from(own)));
            if own { first } else { String::new() }
        };
        let rows = match table::rows(table, self.most_cells, &shown, &line, &mut text) {
            Ok(rows) => rows,
            Err(reached) => {
                self.reached = Some(reached);
                return;
            }
        };
        if let Some(stated) = metadata(&rows) {
            self.done.blocks.extend(stated);
        } else if !rows.is_empty() {
            self.done.blocks.push(Block::Grid(Grid { number: 0, rows }));
        }
        if let Some((cell, skip)) = behind {
            self.block(*cell, skip);
        }
    }
}

/// Longest text of the last cell of a table that was never closed.
const LONGEST_VALUE: usize = 16;

/// The lines of a cell; tables in it are text like the rest.
fn lines(page: &Page, content: &Content<'_>, cell: Node<'_>) -> Vec<Paragraph<'static>> {
    let mut pen = Pen::new(page.line(cell.id()));
    pen.in_cell = true;
    walk(cell, |step| match step {
        Step::Enter(node) if ElementRef::wrap(node).is_some_and(|e| !content.shows(e)) => false,
        step => pen.step(page, step),
    });
    pen.end_line();
    pen.lines
}

/// The text of a cell, without the markup of the page it stands in.
pub(in crate::decode) fn text(page: &Page, cell: ElementRef<'_>) -> String {
    let mut pen = Pen::new(0);
    pen.in_cell = true;
    walk(*cell, |step| pen.step(page, step));
    pen.end_line();
    joined(pen.lines)
}

fn joined(mut lines: Vec<Paragraph<'static>>) -> String {
    if lines.len() > 1 {
        lines.retain(|line| !line.text.trim().is_empty());
    }
    lines.iter().map(|line| line.text.as_ref()).collect::<Vec<_>>().join("\n")
}

/// Writes text as a browser shows it, line by line.
struct Pen {
    lines: Vec<Paragraph<'static>>,
    text: String,
    /// Where the line began, and the line of the source that the pen is at.
    began: u32,
    line: u32,
    /// Blanks wait for what follows them; `Some(true)` if the source breaks its line there.
    blank: Option<bool>,
    /// Whether text stands in a cell, whose blanks count as its content.
    in_cell: bool,
    /// How many open elements keep blanks, make headings, make bold letters.
    kept: usize,
    headings: usize,
    bold: usize,
    /// Characters of the line that are not bold.
    plain: usize,
}

impl Pen {
    fn new(line: u32) -> Pen {
        Pen { lines: Vec::new(), text: String::new(), began: line, line, blank: None, in_cell: false, kept: 0, headings: 0, bold: 0, plain: 0 }
    }

    fn step(&mut self, page: &Page, step: Step<'_>) -> bool {
        match step {
            Step::Enter(node) => match (node.value().as_text(), node.value().as_element()) {
                (Some(text), _) => {
                    self.write(text);
                    false
                }
                (_, Some(element)) => self.enter(page, node, element),
                _ => {
                    let comment = node.value().as_comment().map_or(0, |text| memchr::memchr_iter(b'\n', text.as_bytes()).count());
                    self.line += comment as u32;
                    true
                }
            },
            Step::Leave(node) => {
                if let Some(element) = node.value().as_element() {
                    self.leave(element);
                }
                true
            }
        }
    }

    fn enter(&mut self, page: &Page, node: Node<'_>, element: &Element) -> bool {
        match page.line(node.id()) {
            0 => {}
            line => self.line = line,
        }
        let name = element.name();
        match name {
            "br" if self.headings > 0 && !self.in_cell => self.text.push('\n'),
            "br" => {
                let first = self.text.is_empty();
                self.end_line();
                if first && !self.in_cell {
                    self.lines.push(Paragraph { text: Cow::Borrowed(""), heading: false, at: Place::line(self.line) });
                }
            }
            "input" if self.in_cell && attribute(element, "type").is_none_or(|t| matches!(t, "text" | "number")) => {
                self.write(attribute(element, "value").unwrap_or(""))
            }
            "sup" if self.is_note(node) => return false,
            _ => {}
        }
        if is_block(name) {
            self.end_line();
            self.headings += usize::from(is_heading(name));
            self.kept += usize::from(name == "pre");
        }
        self.bold += usize::from(is_bold(element));
        true
    }

    fn leave(&mut self, element: &Element) {
        let name = element.name();
        if is_block(name) {
            let nothing = self.text.is_empty() && name == "p" && !self.in_cell;
            let before = self.lines.len();
            self.end_line();
            if nothing && before == self.lines.len() && self.lines.last().is_none_or(|l| l.at.line < self.line) {
                self.lines.push(Paragraph { text: Cow::Borrowed(""), heading: false, at: Place::line(self.line) });
            }
            self.headings -= usize::from(is_heading(name));
            self.kept -= usize::from(name == "pre");
        }
        self.bold -= usize::from(is_bold(element));
    }

    /// The number of a note is none of the text's.
    fn is_note(&self, node: Node<'_>) -> bool {
        let mut inside = node.descendants().filter_map(|n| n.value().as_text()).flat_map(|t| t.chars());
        !self.text.is_empty() && inside.all(|c| c.is_ascii_digit() || c.is_whitespace() || "[]()［］（）〔〕*①②③④⑤⑥⑦⑧⑨".contains(c))
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            let breaks = c == '\n';
            self.line += u32::from(breaks);
            match c {
                '\n' if self.kept > 0 => self.end_line(),
                '\t' | '\n' | '\r' | '\x0c' | ' ' if self.kept == 0 => self.blank = Some(self.blank.unwrap_or(false) || breaks),
                // What has no width: soft hyphens, marks of direction, joiners.
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
                c => {
                    self.space(c);
                    if self.text.is_empty() {
                        self.began = self.line;
                    }
                    self.text.push(c);
                    self.plain += usize::from(self.bold == 0 && !c.is_whitespace());
                }
            }
        }
    }

    /// Writes the blank that waits before a character. A line break of the source between Han characters is none.
    fn space(&mut self, next: char) {
        let Some(broken) = self.blank.take() else { return };
        let Some(last) = self.text.chars().next_back().filter(|c| *c != '\n') else { return };
        let wide = |c: char| c >= '\u{2e80}';
        if !(broken && wide(last) && wide(next)) {
            self.text.push(' ');
        }
    }

    fn end_line(&mut self) {
        self.blank = None;
        let plain = std::mem::take(&mut self.plain);
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        // The blanks in a cell are what stands in it; around a paragraph they are its layout.
        let text = if self.in_cell { text.trim_matches(['\n', ' ', '\t']).to_string() } else { text.trim().to_string() };
        let bold = plain == 0 && !text.ends_with(['。', '；']) && text.chars().any(char::is_alphabetic);
        let heading = self.headings > 0 || bold;
        self.lines.push(Paragraph { text: Cow::Owned(text), heading, at: Place::line(self.began) });
    }
}

fn is_bold(element: &Element) -> bool {
    matches!(element.name(), "b" | "strong")
        || attribute(element, "style").is_some_and(|style| style.contains("font-weight:bold") || style.contains("font-weight: bold"))
}

/// Pictures that may show a table: not the icons and marks of the site, as far as the page tells their size.
fn is_large_picture(element: &Element) -> bool {
    const SMALLEST: u32 = 120;
    const MARKS: [&str; 9] = ["icon", "logo", "qrcode", "ewm", "share", "button", "banner", "emblem", "blank."];
    if element.name() != "img" {
        return false;
    }
    let style = attribute(element, "style").unwrap_or("");
    let styled = |name: &str| style.split(';').filter_map(|s| s.split_once(':')).find(|(n, _)| n.trim() == name).map(|(_, value)| value.trim());
    let small = |name: &str| {
        let value = attribute(element, name).or_else(|| styled(name))?;
        let number: String = value.chars().take_while(char::is_ascii_digit).collect();
        number.parse::<u32>().ok().filter(|_| !value.contains('%')).map(|n| n < SMALLEST)
    };
    let source = attribute(element, "src").unwrap_or("").to_ascii_lowercase();
    let source = if source.starts_with("data:") { "" } else { source.as_str() };
    small("width") != Some(true) && small("height") != Some(true) && !MARKS.iter().any(|mark| source.contains(mark))
}

/// The table in which a site states what it knows of a document: number, issuer, date. What it states
/// becomes paragraphs, `公开日期：2021-01-20`; the title stands alone.
fn metadata(rows: &[Row<'static>]) -> Option<Vec<Block<'static>>> {
    const TITLES: [&str; 6] = ["名称", "标题", "题名", "信息名称", "文件名称", "信息标题"];
    const NAMES: [&str; 24] = [
        "索引号",
        "发布机构",
        "发布单位",
        "发文机关",
        "发文机构",
        "公开日期",
        "发布日期",
        "发布时间",
        "成文日期",
        "生成日期",
        "发文日期",
        "文号",
        "发文字号",
        "主题分类",
        "分类",
        "信息分类",
        "关键词",
        "主题词",
        "有效性",
        "时效",
        "信息来源",
        "公开方式",
        "公开形式",
        "文件下载",
    ];
    let label = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：' | '【' | '】' | '[' | ']')).collect() };
    let is_label = |text: &str| NAMES.contains(&text) || TITLES.contains(&text);
    let known = rows.iter().flat_map(|r| &r.cells).filter(|c| NAMES.contains(&label(&c.text).as_str())).count();
    if known < 2 {
        return None;
    }
    let mut stated = Vec::new();
    for row in rows {
        let mut cells = row.cells.iter().peekable();
        while let Some(cell) = cells.next() {
            let name = label(&cell.text);
            let value = cells.next_if(|next| is_label(&name) && !is_label(&label(&next.text))).map_or("", |c| c.text.trim());
            let text = match is_label(&name) {
                true if value.is_empty() => continue,
                true if TITLES.contains(&name.as_str()) => value.to_string(),
                true => format!("{name}：{value}"),
                false if name.is_empty() => continue,
                false => cell.text.trim().to_string(),
            };
            stated.push(Block::Paragraph(Paragraph { text: Cow::Owned(text), heading: false, at: row.at }));
        }
    }
    Some(stated)
}
