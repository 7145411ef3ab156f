//! Prints a report as OFD, the way producers of finished pages do: glyphs and lines at their places,
//! nothing that says what is a table. Takes the Markdown of a rendered report.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

use super::rng::Rng;

/// How lines of tables are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A stroke for each side of each cell.
    Strokes,
    /// A thin filled box for each side.
    Fills,
    /// A stroked box for each cell.
    Boxes,
    /// All lines of a page in one path.
    OnePath,
}

/// How text is cut into objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// An object for each line of a cell or paragraph.
    Lines,
    /// An object for each glyph.
    Glyphs,
    /// Cut anywhere, within numbers too.
    Pieces,
    /// One object for each row of a table: distances jump over the columns.
    Rows,
}

/// How a producer writes.
#[derive(Clone, Copy, Debug)]
pub struct Producer {
    /// Lines of tables.
    pub lines: Lines,
    /// Objects of text.
    pub texts: Texts,
    /// Distances as `g n w` where they repeat.
    pub grouped: bool,
    /// Objects in points, scaled by their transformation.
    pub points: bool,
    /// Lines in a template under each page.
    pub template: bool,
    /// Absolute paths.
    pub absolute: bool,
    /// Merged label cells lose the lines within them.
    pub merged: bool,
}

impl Producer {
    /// What word processors print: an object for each line of a cell, a stroke for each side.
    pub const USUAL: Self = Self { lines: Lines::Strokes, texts: Texts::Lines, grouped: true, points: false, template: false, absolute: false, merged: false };

    /// Any producer.
    pub fn random(rng: &mut Rng) -> Self {
        Self {
            lines: *rng.pick(&[Lines::Strokes, Lines::Fills, Lines::Boxes, Lines::OnePath]),
            texts: *rng.pick(&[Texts::Lines, Texts::Glyphs, Texts::Pieces, Texts::Rows]),
            grouped: rng.chance(0.5),
            points: rng.chance(0.5),
            template: rng.chance(0.3),
            absolute: rng.chance(0.3),
            merged: rng.chance(0.5),
        }
    }
}

/// The pages being printed, in millimetres.
struct Printer<'a> {
    producer: Producer,
    rng: &'a mut Rng,
    pages: Vec<Sheet>,
    y: f32,
}

/// The XML of a page: what is text and what is lines.
#[derive(Default)]
struct Sheet {
    texts: String,
    lines: String,
    path: String,
}

const LEFT: f32 = 20.0;
const WIDTH: f32 = 170.0;
const TOP: f32 = 25.0;
const BOTTOM: f32 = 272.0;

/// A report in Markdown as an OFD. `labels` is the number of label columns of section three.
pub fn ofd(markdown: &str, labels: usize, producer: Producer, rng: &mut Rng) -> Vec<u8> {
    let mut printer = Printer { producer, rng, pages: vec![Sheet::default()], y: TOP };
    let mut table: Vec<Vec<String>> = Vec::new();
    for line in markdown.lines().chain([""]) {
        let row = line.strip_prefix('|').and_then(|l| l.strip_suffix('|'));
        match row {
            Some(row) if row.chars().all(|c| matches!(c, '-' | '|' | ' ')) && row.contains("--") => {}
            Some(row) => table.push(row.split('|').map(|cell| cell.trim().replace("**", "")).collect()),
            None => {
                if !table.is_empty() {
                    printer.table(&std::mem::take(&mut table), labels);
                }
                printer.paragraph(line);
            }
        }
    }
    printer.finish()
}

impl Printer<'_> {
    fn paragraph(&mut self, line: &str) {
        let title = line.starts_with("# ");
        let heading = line.starts_with('#');
        let text = line.trim_start_matches('#').trim().replace("**", "");
        if text.is_empty() {
            return;
        }
        let size = if title { 7.0 } else { 5.0 };
        let indent = if heading { 0.0 } else { 2.0 * size };
        for (number, line) in wrapped(&text, size, WIDTH - indent, WIDTH).into_iter().enumerate() {
            self.y += size * 1.6;
            if self.y > BOTTOM {
                self.turn();
                self.y += size;
            }
            let x = match (title, number) {
                (true, _) => LEFT + (WIDTH - width(&line, size)) / 2.0,
                (false, 0) => LEFT + indent,
                _ => LEFT,
            };
            let y = self.y;
            self.text(x, y, size, &line);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Sheet::default());
        self.y = TOP;
    }

    fn table(&mut self, rows: &[Vec<String>], labels: usize) {
        const SIZE: f32 = 3.2;
        const LEAD: f32 = 4.2;
        self.y += 4.0;
        let columns = rows.iter().map(Vec::len).max().unwrap_or(1);
        let applications = columns == labels + 7;
        let label = if applications { (WIDTH - 7.0 * 14.0) / labels as f32 } else { WIDTH / columns as f32 };
        let other = if applications { 14.0 } else { WIDTH / columns as f32 };
        let edge = |column: usize| {
            LEFT + if applications { label * column.min(labels) as f32 + other * column.saturating_sub(labels) as f32 } else { other * column as f32 }
        };
        let merged = self.producer.merged && applications;
        for (number, row) in rows.iter().enumerate() {
            // A label that is alone in its row covers the label columns behind it.
            let covers = |column: usize| {
                let blank = |c: usize| row.get(c).is_none_or(|cell| cell.is_empty());
                let mut end = column + 1;
                if merged && column < labels && !blank(column) {
                    while end < labels && (end..labels).all(blank) {
                        end += 1;
                    }
                }
                end
            };
            let mut cells: Vec<(usize, usize, Vec<String>)> = Vec::new();
            let mut column = 0;
            while column < columns {
                let end = covers(column);
                let text = row.get(column).map_or("", String::as_str).replace("<br>", "");
                let room = edge(end) - edge(column) - 1.6;
                cells.push((column, end, if text.is_empty() { Vec::new() } else { wrapped(&text, SIZE, room, room) }));
                column = end;
            }
            let most = cells.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1).max(1);
            let height = most as f32 * LEAD + 2.0;
            if self.y + height > BOTTOM {
                self.turn();
            }
            let (top, bottom) = (self.y, self.y + height);
            let mut baselines: Vec<Vec<(f32, String)>> = vec![Vec::new(); most];
            for (column, end, lines) in &cells {
                // A blank label with labels behind it lies under the one above.
                let below = |r: &[String]| (column + 1..labels).any(|c| !r.get(c).is_none_or(String::is_empty));
                let blank = |r: &[String]| r.get(*column).is_none_or(String::is_empty);
                let hangs = |r: &[String]| merged && *column + 1 < labels && blank(r) && below(r);
                let open_top = number > 3 && hangs(row) && top > TOP;
                let open_bottom = number > 2 && rows.get(number + 1).is_some_and(|next| hangs(next)) && !lines.is_empty() | hangs(row);
                self.cell([edge(*column), top, edge(*end), bottom], open_top, open_bottom);
                let above = (most - lines.len()) as f32 / 2.0;
                for (place, line) in lines.iter().enumerate() {
                    let value = *column >= labels && applications;
                    let x = if value { edge(*column) + (edge(*end) - edge(*column) - width(line, SIZE)) / 2.0 } else { edge(*column) + 0.8 };
                    if self.producer.texts == Texts::Rows && above.fract() == 0.0 {
                        baselines[place + above as usize].push((x, line.clone()));
                    } else {
                        self.text(x, top + 1.0 + (above + place as f32) * LEAD + SIZE, SIZE, line);
                    }
                }
            }
            for (place, line) in baselines.into_iter().enumerate() {
                self.row(&line, top + 1.0 + place as f32 * LEAD + SIZE, SIZE);
            }
            self.y = bottom;
        }
        self.y += 2.0;
    }

    /// The lines around a cell.
    fn cell(&mut self, [left, top, right, bottom]: [f32; 4], open_top: bool, open_bottom: bool) {
        let sides = [
            ([left, top, right, top], open_top),
            ([left, bottom, right, bottom], open_bottom),
            ([left, top, left, bottom], false),
            ([right, top, right, bottom], false),
        ];
        let sheet = self.pages.last_mut().expect("a page");
        let closed = !open_top && !open_bottom;
        for ([x, y, u, v], _) in sides.into_iter().filter(|(_, open)| !open) {
            let path = match self.producer.lines {
                Lines::Boxes if closed => break,
                Lines::Strokes | Lines::Boxes => {
                    format!(
                        "Boundary=\"{x:.3} {y:.3} {:.3} {:.3}\" LineWidth=\"0.35\"><ofd:AbbreviatedData>M 0 0 L {:.3} {:.3} </ofd:AbbreviatedData>",
                        u - x,
                        v - y,
                        u - x,
                        v - y
                    )
                }
                Lines::Fills => {
                    let (wide, high) = (u - x + 0.2, v - y + 0.2);
                    format!(
                        "Boundary=\"{:.3} {:.3} {wide:.3} {high:.3}\" Stroke=\"false\" Fill=\"true\"><ofd:FillColor Value=\"0 0 0\"/><ofd:AbbreviatedData>M 0 0 L {wide:.3} 0 L {wide:.3} {high:.3} L 0 {high:.3} C </ofd:AbbreviatedData>",
                        x - 0.1,
                        y - 0.1
                    )
                }
                Lines::OnePath => {
                    sheet.path += &format!("M {x:.3} {y:.3} L {u:.3} {v:.3} ");
                    continue;
                }
            };
            sheet.lines += &format!("<ofd:PathObject ID=\"9\" {path}</ofd:PathObject>");
        }
        if self.producer.lines == Lines::Boxes && closed {
            let (wide, high) = (right - left, bottom - top);
            sheet.lines += &format!(
                "<ofd:PathObject ID=\"9\" Boundary=\"{left:.3} {top:.3} {wide:.3} {high:.3}\"><ofd:AbbreviatedData>M 0 0 L {wide:.3} 0 L {wide:.3} {high:.3} L 0 {high:.3} C</ofd:AbbreviatedData></ofd:PathObject>"
            );
        }
    }

    /// Texts of several cells on one base line as one object.
    fn row(&mut self, texts: &[(f32, String)], y: f32, size: f32) {
        let mut all = String::new();
        let mut places = Vec::new();
        for (x, text) in texts {
            let mut x = *x;
            for c in text.chars() {
                all.push(c);
                places.push(x);
                x += advance(c, size);
            }
        }
        let Some(first) = places.first().copied() else { return };
        let steps: Vec<f32> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        self.object(first, y, size, &all, &steps);
    }

    fn text(&mut self, x: f32, y: f32, size: f32, text: &str) {
        let mut pieces: Vec<String> = Vec::new();
        for c in text.chars() {
            let cut = match self.producer.texts {
                Texts::Glyphs => true,
                Texts::Pieces => self.rng.chance(0.3),
                _ => false,
            };
            match pieces.last_mut() {
                Some(piece) if !cut => piece.push(c),
                _ => pieces.push(c.to_string()),
            }
        }
        let mut x = x;
        for piece in pieces {
            let steps: Vec<f32> = piece.chars().map(|c| advance(c, size)).collect();
            let wide: f32 = steps.iter().sum();
            self.object(x, y, size, &piece, &steps[..steps.len() - 1]);
            x += wide;
        }
    }

    fn object(&mut self, x: f32, y: f32, size: f32, text: &str, steps: &[f32]) {
        let scale = if self.producer.points { 25.4 / 72.0 } else { 1.0 };
        let ctm = if self.producer.points { " CTM=\"0.352778 0 0 0.352778 0 0\"" } else { "" };
        let steps: Vec<String> = steps.iter().map(|s| format!("{:.3}", s / scale)).collect();
        let list = if self.producer.grouped { grouped(&steps) } else { steps.join(" ") };
        let delta = if list.is_empty() { String::new() } else { format!(" DeltaX=\"{list}\"") };
        let wide = WIDTH;
        let (unit, rise) = (size / scale, size * 0.86 / scale);
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.pages.last_mut().expect("a page").texts += &format!(
            "<ofd:TextObject ID=\"9\"{ctm} Boundary=\"{x:.3} {:.3} {wide:.3} {size:.3}\" Font=\"3\" Size=\"{unit:.4}\"><ofd:TextCode X=\"0\" Y=\"{rise:.3}\"{delta}>{text}</ofd:TextCode></ofd:TextObject>",
            y - size * 0.86
        );
    }

    fn finish(self) -> Vec<u8> {
        let producer = self.producer;
        let page = |content: &str, template: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>{template}<ofd:Content><ofd:Layer ID=\"2\">{content}</ofd:Layer></ofd:Content></ofd:Page>"
            )
        };
        let base = if producer.absolute { "/Doc_0/" } else { "" };
        let mut files: Vec<(String, String)> = Vec::new();
        let (mut pages, mut templates) = (String::new(), String::new());
        for (number, sheet) in self.pages.iter().enumerate() {
            let one = if sheet.path.is_empty() {
                String::new()
            } else {
                format!("<ofd:PathObject ID=\"8\" Boundary=\"0 0 210 297\"><ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>", sheet.path)
            };
            let lines = format!("{one}{}", sheet.lines);
            let id = number + 100;
            pages += &format!("<ofd:Page ID=\"{id}\" BaseLoc=\"{base}Pages/Page_{number}/Content.xml\"/>");
            let (content, template) = if producer.template {
                templates += &format!("<ofd:TemplatePage ID=\"{}\" BaseLoc=\"{base}Tpls/Tpl_{number}/Content.xml\"/>", id + 5000);
                files.push((format!("Doc_0/Tpls/Tpl_{number}/Content.xml"), page(&lines, "")));
                (sheet.texts.clone(), format!("<ofd:Template TemplateID=\"{}\" ZOrder=\"Background\"/>", id + 5000))
            } else {
                (format!("{lines}{}", sheet.texts), String::new())
            };
            files.push((format!("Doc_0/Pages/Page_{number}/Content.xml"), page(&content, &template)));
        }
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        let space = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
        let document = format!(
            "{head}<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{templates}</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
        );
        let root = format!(
            "{head}<ofd:OFD {space} DocType=\"OFD\" Version=\"1.1\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        );
        let resources = format!("{head}<ofd:Res {space} BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"3\" FontName=\"宋体\"/></ofd:Fonts></ofd:Res>");
        files.push(("Doc_0/PublicRes.xml".to_string(), resources));
        files.insert(0, ("Doc_0/Document.xml".to_string(), document));
        files.insert(0, ("OFD.xml".to_string(), root));
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in files {
            zip.start_file(path, SimpleFileOptions::default()).expect("a file in a zip");
            zip.write_all(content.as_bytes()).expect("its content");
        }
        zip.finish().expect("a whole zip").into_inner()
    }
}

/// Distances with repetitions written as `g n w`.
fn grouped(steps: &[String]) -> String {
    let write = |same: &[String]| match same {
        [one] => one.clone(),
        [one, ..] => format!("g {} {one}", same.len()),
        [] => String::new(),
    };
    steps.chunk_by(|a, b| a == b).map(write).collect::<Vec<_>>().join(" ")
}

fn advance(c: char, size: f32) -> f32 {
    if c < '\u{2e80}' && !matches!(c, '—' | '“' | '”' | '‘' | '’' | '…') { size / 2.0 } else { size }
}

fn width(text: &str, size: f32) -> f32 {
    text.chars().map(|c| advance(c, size)).sum()
}

/// Text cut into lines; the first may be shorter. Numbers are not cut.
fn wrapped(text: &str, size: f32, first: f32, rest: f32) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut ascii = false;
    for c in text.chars() {
        let now = c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-' | '%');
        match words.last_mut() {
            Some(word) if ascii && now => word.push(c),
            _ => words.push(c.to_string()),
        }
        ascii = now;
    }
    let mut lines = vec![String::new()];
    for word in words {
        let room = if lines.len() == 1 { first } else { rest };
        let line = lines.last_mut().expect("a line");
        if !line.is_empty() && width(line, size) + width(&word, size) > room {
            lines.push(word);
        } else {
            line.push_str(&word);
        }
    }
    lines
}
