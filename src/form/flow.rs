//! A document as one running text, as it is read where a table has lost its cell borders: all
//! paragraphs and cells one behind the other, with the way back to where each letter stands.

use super::label::narrow;
use crate::document::{Block, Document, Place, is_letter};
use std::ops::Range;

/// The running text.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// The text; blocks and rows are parted by line breaks, cells by tabs.
    pub text: String,
    marks: Vec<Mark>,
}

/// Where a paragraph or row begins in the running text.
#[derive(Debug)]
struct Mark {
    start: usize,
    at: Place,
    /// Index of the block, for paragraphs.
    paragraph: Option<usize>,
}

/// A letter or digit of the running text, full-width forms folded, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letter {
    pub letter: char,
    pub start: usize,
    pub end: usize,
}

/// Ends of sentences: no table goes over one.
const STOPS: [char; 5] = ['。', '！', '？', '；', ';'];

impl Flow {
    pub fn of(document: &Document<'_>) -> Flow {
        let mut flow = Flow::default();
        for (index, block) in document.blocks.iter().enumerate() {
            match block {
                Block::Paragraph(paragraph) => {
                    flow.marks.push(Mark { start: flow.text.len(), at: paragraph.at, paragraph: Some(index) });
                    flow.text.push_str(&paragraph.text);
                    flow.text.push('\n');
                }
                Block::Grid(grid) => {
                    for row in &grid.rows {
                        flow.marks.push(Mark { start: flow.text.len(), at: row.at, paragraph: None });
                        for (n, cell) in row.cells.iter().enumerate() {
                            if n > 0 {
                                flow.text.push('\t');
                            }
                            flow.text.push_str(&cell.text);
                        }
                        flow.text.push('\n');
                    }
                }
            }
        }
        flow
    }

    /// The parts of the text between the ends of sentences.
    pub fn stretches(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.text.match_indices(STOPS).map(|(at, stop)| at + stop.len()).chain([self.text.len()]).map(move |end| std::mem::replace(&mut start, end)..end)
    }

    /// The letters and digits of a part.
    pub fn letters(&self, range: Range<usize>) -> Vec<Letter> {
        let text = &self.text[range.clone()];
        let letter = |(at, c): (usize, char)| Letter { letter: narrow(c), start: range.start + at, end: range.start + at + c.len_utf8() };
        text.char_indices().map(letter).filter(|l| is_letter(l.letter)).collect()
    }

    /// The page and line of a letter.
    pub fn place(&self, at: usize) -> Place {
        self.mark(at).map(|m| self.marks[m].at).unwrap_or_default()
    }

    /// Whether a letter stands in a paragraph, not in a grid.
    pub fn in_paragraph(&self, at: usize) -> bool {
        self.mark(at).is_some_and(|m| self.marks[m].paragraph.is_some())
    }

    /// The paragraphs under a part of the text: index of the block, and the bytes of its text.
    pub fn paragraphs(&self, range: &Range<usize>) -> Vec<(usize, Range<usize>)> {
        let first = self.mark(range.start).unwrap_or(0);
        let under = self.marks[first.min(self.marks.len())..].iter().enumerate().take_while(|(_, m)| m.start < range.end);
        let bytes = |(n, mark): (usize, &Mark)| {
            let end = self.marks.get(first + n + 1).map_or(self.text.len(), |next| next.start) - 1;
            let part = range.start.max(mark.start)..range.end.min(end);
            Some((mark.paragraph?, part.start.checked_sub(mark.start)?..part.end.checked_sub(mark.start)?))
        };
        under.filter_map(bytes).filter(|(_, part)| part.start < part.end).collect()
    }

    fn mark(&self, at: usize) -> Option<usize> {
        self.marks.partition_point(|m| m.start <= at).checked_sub(1)
    }
}
