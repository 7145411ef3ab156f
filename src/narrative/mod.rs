//! Reads the figures that offices state in their own words. The way goes from characters to facts:
//! `glyph` sentences in plain characters → `lexer` words, amounts, times → `clause` what governs an
//! amount → `walk` clause by clause with a `memory`, each `figure` by itself → `attach` indicator and channel → `facts`.
//! All words stand in `config/narrative.toml`; the rules R1 to R13 are those of its head.

mod after;
mod attach;
mod calendar;
mod clause;
mod config;
mod facts;
mod figure;
mod glyph;
mod grammar;
mod lexer;
mod lexicon;
mod list;
mod memory;
mod number;
mod quotation;
mod rates;
mod schema;
mod sentence;
mod settle;
mod silence;
mod time;
mod turn;
mod wait;
mod walk;

pub use config::ConfigError;
pub use grammar::{Channel, Example, Indicator, IndicatorKind};
pub use sentence::{Sentence, sentences};

use crate::document::Place;
use crate::fact::Figure;
use glyph::{End, Glyph, Sentences};
use grammar::Grammar;
use lexicon::{Lexicon, Role};
use memory::Memory;
use walk::Walk;

/// A paragraph or heading of a report, with the section it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// The text; may hold line breaks.
    pub text: &'a str,
    /// Where it begins.
    pub at: Place,
    /// `overview` (section one: read for everything), `problems` (section five: only plans),
    /// `other` (section six: only fees).
    pub section: &'a str,
    /// Headings set the topic of what follows and state nothing themselves.
    pub heading: bool,
}

/// A figure with the place of its number in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// The figure.
    pub figure: Figure,
    /// Whether it is of another level than the office (全区, 全系统), and so no fact of it.
    pub wide: bool,
    /// Index of the passage.
    pub passage: u32,
    /// The bytes of the number, or of the word that stands for it, within that passage: from, to.
    pub span: (u32, u32),
}

/// Reads prose. Immutable; one reader serves all threads.
#[derive(Debug)]
pub struct Reader {
    lexicon: Lexicon,
    grammar: Grammar,
}

impl Reader {
    /// Builds a reader from the text of its configuration.
    pub fn parse(toml: &str) -> Result<Reader, ConfigError> {
        let (lexicon, grammar) = config::load(toml)?;
        Ok(Reader { lexicon, grammar })
    }

    /// The indicators, in the order of [`Figure::indicator`].
    pub fn indicators(&self) -> &[Indicator] {
        &self.grammar.indicators
    }

    /// The channels, in the order of [`Figure::channel`].
    pub fn channels(&self) -> &[Channel] {
        &self.grammar.channels
    }

    /// The channel of this identifier.
    pub fn channel(&self, id: &str) -> Option<u8> {
        self.grammar.channels.iter().position(|channel| channel.id == id).and_then(|at| u8::try_from(at).ok())
    }

    /// The figures of the passages of one report, of a given year, in the order of the text.
    pub fn read(&self, passages: &[Passage<'_>], year: i32) -> Vec<Figure> {
        self.read_marked(passages, year).into_iter().filter(|marked| !marked.wide).map(|marked| marked.figure).collect()
    }

    /// The same with the place of each number, and with the figures of other levels.
    pub fn read_marked(&self, passages: &[Passage<'_>], year: i32) -> Vec<Marked> {
        let mut facts = facts::Facts::new(&self.grammar, passages);
        let (mut glyphs, mut tokens, mut drafts) = (Vec::new(), Vec::new(), Vec::new());
        let mut memory = Memory::default();
        let mut sentences = Sentences::new(passages, self.lexicon.cues());
        let own_area = self.own_area(passages);
        while let Some((end, cue)) = sentences.next(&mut glyphs) {
            let passage = glyphs.first().and_then(|glyph: &Glyph| passages.get(glyph.passage as usize));
            let heading = end == End::Heading || passage.is_some_and(|passage| passage.heading);
            if cue || heading || glyphs.len() <= SHORT {
                lexer::cut(&self.lexicon, &glyphs, year, &mut tokens);
                Walk::new(&self.grammar, &tokens, &mut drafts, &mut memory, heading).at_level(own_area, &glyphs).run();
                memory.end_sentence(!drafts.is_empty());
                for draft in drafts.drain(..) {
                    facts.take(&draft, &glyphs);
                }
                facts.end_sentence();
            } else {
                memory = Memory::default();
            }
            if end == End::Paragraph && !heading && glyphs.last().is_none_or(|glyph| glyph.ch != ':') {
                memory = Memory::default();
            }
        }
        facts.finish()
    }

    /// What the office is, if it calls itself a district or county: the last character of 我区, 本县. An office within
    /// one speaks of 我区 too, but more often of 我街道.
    fn own_area(&self, passages: &[Passage<'_>]) -> Option<char> {
        let mut area = None;
        let mut balance = 0i32;
        for passage in passages {
            for (at, _) in passage.text.char_indices().filter(|&(_, ch)| matches!(ch, '我' | '本')) {
                let rest = passage.text.get(at..).unwrap_or_default();
                let Some((word, _)) = self.lexicon.longest(rest.chars()) else { continue };
                match self.lexicon.word(word).role {
                    Role::OwnArea => {
                        area = area.or(rest.chars().nth(1));
                        balance += 1;
                    }
                    Role::Own => balance -= 1,
                    _ => {}
                }
            }
        }
        let named = || passages.iter().find_map(|passage| government(passage.text)).filter(|_| balance == 0);
        area.filter(|_| balance > 0).or_else(named)
    }
}

/// The last character of the name of a district or county whose government opens the text: 2023年，石桥区人民政府公开….
fn government(text: &str) -> Option<char> {
    let (name, rest) = text.split_once("人民政府")?;
    let name = name.rsplit([',', '，', '。', '\n', '年']).next()?.trim();
    let other = rest.starts_with(|ch: char| ch.is_whitespace()) || rest.starts_with(['网', '门', '办', '官', '信', '和', '、', '的', '及', '印', '令', '关']);
    name.chars().last().filter(|ch| matches!(ch, '区' | '县' | '市' | '旗' | '州')).filter(|_| !other && (3..=8).contains(&name.chars().count()))
}

/// Sentences up to this length are read even without a number, since they may be headings.
const SHORT: usize = 24;
