//! What stands in quotation marks and brackets: names of accounts, titles, document numbers. Mostly gaps, since a
//! name may hold digits and words that mean nothing there.

use super::lexer::{Cutter, Kind};
use super::lexicon::Word;
use crate::numeral;

/// How far a closing quotation mark is looked for.
const QUOTATION: usize = 60;

impl Cutter<'_> {
    /// A title: a gap, unless it is the name of a newspaper or ends with a noun.
    pub(super) fn title(&mut self, at: usize) -> usize {
        let Some(close) = self.close(at, '》') else {
            return self.push(Kind::Gap, at, at + 1);
        };
        if let Some((word, length)) = self.numbers.longest(at + 1)
            && at + 1 + length == close
        {
            let word = self.numbers.lexicon.word(word);
            return self.push(Kind::Word(word), at, close + 1);
        }
        if let Some(word) = self.tail(at, close).or_else(|| self.suffix(at, close, 1).filter(|word| !word.carriers.is_empty())) {
            return self.push(Kind::Word(word), at, close + 1);
        }
        self.push(Kind::Title, at, close + 1)
    }

    /// A quotation is a name and a gap, unless all of it is known words.
    pub(super) fn quotation(&mut self, at: usize, open: char) -> usize {
        let close = match open {
            '“' | '〝' => '”',
            '‘' => '’',
            '「' => '」',
            '『' => '』',
            '【' => '】',
            _ => '"',
        };
        if at < self.title_end {
            return at + 1;
        }
        let Some(close) = self.close(at, close) else {
            return at + 1;
        };
        if let Some(word) = self.line(at + 1, close) {
            // “云州12345便民服务平台”: a name that says which line it is.
            return self.push(Kind::Word(word), at, close + 1);
        }
        if let Some(word) = self.tail(at, close).filter(|_| !self.known(at + 1, close)) {
            // “望江大喇叭”, “一把手访谈”: a name that says what it is.
            return self.push(Kind::Word(word), at, close + 1);
        }
        if self.known(at + 1, close) {
            self.title_end = close + 1;
            return at + 1;
        }
        if let Some(last) = self.tokens.last_mut()
            && let Kind::Word(Word { topic: 0, act: 0, carriers, apposed: false, .. }) = last.kind
            && !carriers.is_empty()
        {
            // 公众号“滨江晨光”796条: the name of the carrier.
            last.to = close as u32 + 1;
            return close + 1;
        }
        self.push(Kind::Gap, at, close + 1)
    }

    /// The word of a given length that a name ends with.
    fn suffix(&self, at: usize, close: usize, length: usize) -> Option<Word> {
        let from = close.checked_sub(length).filter(|&from| from > at)?;
        let (word, found) = self.numbers.longest(from)?;
        (found == length).then(|| self.numbers.lexicon.word(word))
    }

    /// The carrier or noun that a name ends with: 《便企服务手册》 is a handbook; 《…意见》 and 《…通知》 are not counted.
    fn tail(&self, at: usize, close: usize) -> Option<Word> {
        let word = [4, 3, 2].into_iter().find_map(|length| self.suffix(at, close, length))?;
        let noun = word.topic != 0 && !word.plain && !word.kind && !word.weak && word.act == 0 && !word.apposed;
        let carrier = !word.carriers.is_empty() && !word.apposed;
        (noun || carrier).then_some(word)
    }

    /// The numbered line that a name has in it.
    fn line(&self, from: usize, to: usize) -> Option<Word> {
        let at = (from..to).find(|&at| self.numbers.ch(at).is_ascii_digit())?;
        let (word, length) = self.numbers.longest(at)?;
        let word = self.numbers.lexicon.word(word);
        let numbered = length >= 5 && !word.carriers.is_empty();
        let named = at > from && at + length == to
            || (at + length..to).any(|at| {
                let last = self.numbers.longest(at);
                last.is_some_and(|(word, length)| at + length == to && !self.numbers.lexicon.word(word).carriers.is_empty())
            });
        (numbered && named).then_some(word)
    }

    /// Whether a stretch consists of content words only, or is one word.
    fn known(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            let Some((word, length)) = self.numbers.longest(at) else {
                return false;
            };
            let word = self.numbers.lexicon.word(word);
            let noun = !word.carriers.is_empty() || word.topic != 0;
            if !(noun || at == from && at + length == to) {
                return false;
            }
            at += length;
        }
        at == to
    }

    fn close(&self, at: usize, close: char) -> Option<usize> {
        let glyphs = self.numbers.glyphs.get(at + 1..)?;
        glyphs.iter().take(QUOTATION).position(|glyph| glyph.ch == close).map(|offset| at + 1 + offset)
    }

    /// （一） or a bracketed ordinal, or a bracketed year of a document number.
    pub(super) fn bracketed(&mut self, at: usize) -> Option<usize> {
        let digits = (at + 1..at + 6).take_while(|&i| {
            let ch = self.numbers.ch(i);
            ch.is_ascii_digit() || numeral::digit(ch).is_some() || ch == '十'
        });
        let end = at + 1 + digits.count();
        if end == at + 1 || self.numbers.ch(end) != ')' {
            return None;
        }
        if end == at + 5 {
            return Some(self.document_number(at));
        }
        Some(self.push(Kind::Index, at, end + 1))
    }

    /// 〔2021〕30号, also with its second bracket lost.
    pub(super) fn document_number(&mut self, at: usize) -> usize {
        let mut end = at + 1;
        while matches!(self.numbers.ch(end), '0'..='9' | '〕' | ']' | ')' | '第') && end < at + 16 {
            end += 1;
        }
        end += usize::from(self.numbers.ch(end) == '号');
        self.push(Kind::Gap, at, end)
    }
}
