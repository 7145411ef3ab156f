//! Paragraphs, tables and pages as official documents set them (GB/T 9704): 仿宋 for text, 黑体 for
//! headings, 小标宋 for titles, 28 mm on the left. The same content gives the same bytes.

use crate::form::{Content, PrintedCell};
use anyhow::Result;
use docx_rs::{
    AlignmentType, Docx, LineSpacing, LineSpacingType, PageMargin, Paragraph, Run, RunFonts, SpecialIndentType, Table, TableAlignmentType, TableCell,
    TableLayoutType, TableRow, VAlignType, VMergeType, WidthType,
};
use std::io::Cursor;

/// Twentieths of a point in a millimetre.
const MM: f32 = 56.7;

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Title of the document: 小标宋, size two.
    Title,
    /// Heading: 黑体, size three.
    Heading,
    /// Whom it is to: no indent.
    Address,
    /// Running text: 仿宋, size three, two characters in.
    Text,
    /// Who signs and when: on the right.
    Signed,
    /// A remark under a table: small.
    Note,
    /// In a table.
    Cell,
}

/// A document that is being written.
pub(super) struct Document {
    docx: Docx,
    paragraphs: u32,
}

impl Document {
    /// An empty document on A4.
    pub fn new() -> Document {
        let side = |mm: f32| (mm * MM) as i32;
        let margin = PageMargin { top: side(37.0), bottom: side(35.0), left: side(28.0), right: side(26.0), header: side(15.0), footer: side(17.5), gutter: 0 };
        let docx = Docx::new().page_size((210.0 * MM) as u32, (297.0 * MM) as u32).page_margin(margin);
        Document { docx: docx.created_at("2000-01-01T00:00:00Z").updated_at("2000-01-01T00:00:00Z"), paragraphs: 0 }
    }

    fn set(&mut self, text: &str, style: Style) -> Paragraph {
        let (font, size) = match style {
            Style::Title => ("方正小标宋简体", 44),
            Style::Heading => ("黑体", 32),
            Style::Address | Style::Text | Style::Signed => ("仿宋_GB2312", 32),
            Style::Note => ("仿宋_GB2312", 24),
            Style::Cell => ("仿宋_GB2312", 18),
        };
        let fonts = RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").east_asia(font);
        let clean: String = text.chars().filter(|c| !c.is_control()).collect();
        self.paragraphs += 1;
        // Numbered here, as the library would number all documents of a run together.
        let paragraph = Paragraph::new().id(format!("{:08X}", self.paragraphs)).add_run(Run::new().add_text(clean).size(size).fonts(fonts));
        let line = |points: i32| LineSpacing::new().line_rule(LineSpacingType::Exact).line(points * 20);
        let two_in = Some(SpecialIndentType::FirstLine(640));
        match style {
            // Each on a page of its own.
            Style::Title => paragraph.align(AlignmentType::Center).line_spacing(line(34)).page_break_before(self.paragraphs > 1),
            Style::Heading | Style::Text => paragraph.indent(None, two_in, None, None).line_spacing(line(29)),
            Style::Address => paragraph.line_spacing(line(29)),
            Style::Signed => paragraph.align(AlignmentType::Right).line_spacing(line(29)),
            Style::Note => paragraph.indent(None, Some(SpecialIndentType::FirstLine(480)), None, None),
            Style::Cell => paragraph.align(AlignmentType::Center),
        }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn paragraph(mut self, text: &str, style: Style) -> Document {
        let paragraph = self.set(text, style);
        Document { docx: self.docx.add_paragraph(paragraph), ..self }
    }

    /// Adds a table as the form prints it; `number` gives what stands in a cell for a number.
    #[must_use]
    pub fn table(mut self, print: &[Vec<PrintedCell>], number: &dyn Fn(usize) -> String) -> Document {
        let width = print.iter().flatten().map(|c| c.column + c.columns).max().unwrap_or(1);
        // Where labels stand in front, their columns are wider.
        let labels = print.last().map_or(0, |row| row.iter().filter(|c| matches!(c.content, Content::Label(_))).map(|c| c.columns).sum());
        let whole = (156.0 * MM) as usize;
        let narrow = whole / (width + labels);
        let grid: Vec<usize> = (0..width).map(|column| if column < labels { 2 * narrow } else { narrow }).collect();
        let mut rows = Vec::new();
        for row in 0..print.len() {
            let mut cells = Vec::new();
            let mut column = 0;
            while column < width {
                let Some((top, cell)) = covering(print, row, column) else { break };
                let text = match &cell.content {
                    Content::Label(label) => label.clone(),
                    Content::Number(index) => number(*index),
                };
                let paragraph = self.set(if top == row { &text } else { "" }, Style::Cell);
                let mut made = TableCell::new().add_paragraph(paragraph).vertical_align(VAlignType::Center);
                made = made.width(grid[column..column + cell.columns].iter().sum(), WidthType::Dxa);
                if cell.columns > 1 {
                    made = made.grid_span(cell.columns);
                }
                if cell.rows > 1 {
                    made = made.vertical_merge(if top == row { VMergeType::Restart } else { VMergeType::Continue });
                }
                cells.push(made);
                column += cell.columns;
            }
            rows.push(TableRow::new(cells).cant_split());
        }
        let table = Table::new(rows).set_grid(grid).layout(TableLayoutType::Fixed).width(whole, WidthType::Dxa).align(TableAlignmentType::Center);
        Document { docx: self.docx.add_table(table), ..self }
    }

    /// The file.
    ///
    /// # Errors
    /// Only what the library reports, which would be a fault of this program.
    pub fn bytes(self) -> Result<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        self.docx.build().pack(&mut bytes)?;
        Ok(bytes.into_inner())
    }
}

/// The cell that covers a place, and the row in which it begins.
fn covering(print: &[Vec<PrintedCell>], row: usize, column: usize) -> Option<(usize, &PrintedCell)> {
    let covers = |top: usize, cell: &&PrintedCell| top + cell.rows > row && (cell.column..cell.column + cell.columns).contains(&column);
    (0..=row).rev().find_map(|top| print[top].iter().find(|cell| covers(top, cell)).map(|cell| (top, cell)))
}
