//! Reports printed in traditional characters (政府信息公開工作年度報告) become what they are in simplified ones, character
//! by character, before anything is recognised. So no form, rule or word has to know of them.

use crate::document::{Block, Document};
use std::borrow::Cow;
use std::collections::HashMap;

/// The traditional characters and their simplified forms, from `config/traditional.txt`.
#[derive(Debug)]
pub struct Traditional {
    /// Characters that every such report has in its title or opening, and no simplified text.
    telling: Vec<char>,
    simplified: HashMap<char, char>,
}

/// Paragraphs at the beginning that are looked at.
const HEAD: usize = 40;

impl Traditional {
    /// Reads the text of `config/traditional.txt`.
    ///
    /// # Errors
    /// Names the line that holds something else than characters and pairs of them, or says that none tells such a report.
    pub fn parse(text: &str) -> Result<Traditional, String> {
        let (mut telling, mut simplified) = (Vec::new(), HashMap::new());
        for (line, words) in (1..).zip(text.lines()).filter(|(_, words)| !words.starts_with('#')) {
            for word in words.split_whitespace() {
                let mut pair = word.chars();
                match (pair.next(), pair.next(), pair.next()) {
                    (Some(alone), None, _) => telling.push(alone),
                    (Some(from), Some(to), None) => {
                        simplified.insert(from, to);
                    }
                    _ => return Err(format!("line {line}: `{word}` is no pair of characters")),
                }
            }
        }
        if telling.is_empty() {
            return Err("no character stands by itself: by which are reports in traditional characters known?".to_string());
        }
        Ok(Traditional { telling, simplified })
    }

    /// Makes a document in traditional characters one in simplified ones; returns whether it was such.
    pub fn simplify(&self, document: &mut Document<'_>) -> bool {
        let paragraphs = || document.blocks.iter().filter_map(Block::paragraph);
        let is_told = |character: char| {
            let mut utf8 = [0; 4];
            let character = character.encode_utf8(&mut utf8).as_bytes();
            paragraphs().take(HEAD).any(|p| memchr::memmem::find(p.text.as_bytes(), character).is_some())
        };
        if !self.telling.iter().all(|character| is_told(*character)) {
            return false;
        }
        for block in &mut document.blocks {
            match block {
                Block::Paragraph(paragraph) => self.mend(&mut paragraph.text),
                Block::Grid(grid) => grid.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| self.mend(&mut cell.text)),
            }
        }
        true
    }

    fn mend(&self, text: &mut Cow<'_, str>) {
        if text.chars().any(|c| self.simplified.contains_key(&c)) {
            *text = Cow::Owned(text.chars().map(|c| self.simplified.get(&c).copied().unwrap_or(c)).collect());
        }
    }
}
