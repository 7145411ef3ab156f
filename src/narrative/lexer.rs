//! Cuts a sentence into tokens: words of the lexicon, amounts, times, marks, titles; what is not known is a
//! gap, and the gaps matter, since an unknown noun before a figure means that something else is counted.

use super::glyph::Glyph;
use super::lexicon::{Lexicon, Role, Word};
use super::number::{Amount, Digital, Numbers};
use super::time::Moment;
use crate::fact::Qualifier;
use crate::numeral;

/// A mark of punctuation, by what it parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// ，
    Comma,
    /// ；
    Semicolon,
    /// 、
    Enumeration,
    /// ：
    Colon,
    /// （
    Open,
    /// ）
    Close,
    /// 。！？
    Stop,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A word of the lexicon.
    Word(Word),
    /// An amount.
    Amount(Amount),
    /// A time.
    Time(Moment),
    /// Punctuation.
    Mark(Mark),
    /// A title in 《》.
    Title,
    /// An ordinal that begins a new point.
    Index,
    /// Unknown text.
    Gap,
}

/// A piece of the sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// The first glyph.
    pub from: u32,
    /// The glyph after the last.
    pub to: u32,
}

impl Token {
    /// What it does as a function word; nothing if it is no word.
    pub fn role(&self) -> Role {
        match self.kind {
            Kind::Word(word) => word.role,
            _ => Role::None,
        }
    }

    /// Whether it joins the items of a list: 、和.
    pub fn links(&self) -> bool {
        self.kind == Kind::Mark(Mark::Enumeration) || self.role() == Role::Link
    }
}

/// Cuts `glyphs` into `tokens`.
pub fn cut(lexicon: &Lexicon, glyphs: &[Glyph], year: i32, tokens: &mut Vec<Token>) {
    tokens.clear();
    let numbers = Numbers { glyphs, lexicon, year };
    let mut cutter = Cutter { numbers, tokens, title_end: 0 };
    let mut at = 0;
    while at < glyphs.len() {
        let next = cutter.step(at).max(at + 1);
        at = next;
    }
    let nouns = |weak: bool| {
        move |token: &Token| {
            if let Kind::Word(word) = token.kind
                && word.topic != 0
                && word.weak == weak
            {
                Some(word.topic)
            } else {
                None
            }
        }
    };
    if tokens.iter().any(|token| nouns(true)(token).is_some()) {
        let firm = tokens.iter().filter_map(nouns(false)).fold(0u64, |set, topic| set | 1 << (topic & 63));
        for token in tokens.iter_mut() {
            if nouns(true)(token).is_some_and(|topic| firm & (1 << (topic & 63)) == 0) {
                token.kind = Kind::Gap;
            }
        }
    }
}

pub(super) struct Cutter<'a> {
    pub(super) numbers: Numbers<'a>,
    pub(super) tokens: &'a mut Vec<Token>,
    /// Quotation marks up to here were already looked at.
    pub(super) title_end: usize,
}

impl Cutter<'_> {
    /// Takes one token; returns where the next begins.
    fn step(&mut self, at: usize) -> usize {
        let ch = self.numbers.ch(at);
        if let Some(mark) = mark(ch) {
            if mark == Mark::Open
                && let Some(end) = self.bracketed(at)
            {
                return end;
            }
            return self.push(Kind::Mark(mark), at, at + 1);
        }
        match ch {
            '《' => self.title(at),
            '“' | '"' | '‘' | '「' | '『' | '〝' | '【' => self.quotation(at, ch),
            '”' | '’' | '」' | '』' | '〞' | '】' | '》' => at + 1,
            '〔' | '[' => self.document_number(at),
            '第' => self.ordinal(at),
            '0'..='9' => self.digital(at),
            'a'..='z' | 'A'..='Z' => self.latin(at),
            _ => self.text(at),
        }
    }

    pub(super) fn push(&mut self, kind: Kind, from: usize, to: usize) -> usize {
        if kind == Kind::Gap
            && let Some(last) = self.tokens.last_mut()
            && last.kind == Kind::Gap
        {
            last.to = to as u32;
            return to;
        }
        self.tokens.push(Token { kind, from: from as u32, to: to as u32 });
        to
    }

    /// Whether a clause or sentence begins here.
    fn at_start(&self) -> bool {
        match self.tokens.last().map(|token| token.kind) {
            None => true,
            Some(Kind::Mark(mark)) => !matches!(mark, Mark::Enumeration | Mark::Open),
            _ => false,
        }
    }

    fn digital(&mut self, at: usize) -> usize {
        if self.at_start()
            && let Some(end) = self.index(at)
        {
            return self.push(Kind::Index, at, end);
        }
        self.place(self.numbers.arabic(at), at)
    }

    fn place(&mut self, digital: Digital, at: usize) -> usize {
        match digital {
            Digital::Amount(amount, end) => {
                let amount = self.bounded(amount);
                self.push(Kind::Amount(amount), at, end)
            }
            Digital::Time(moment, end) => self.push(Kind::Time(moment), at, end),
            Digital::Word(word, end) => {
                let kind = self.kind(self.numbers.lexicon.word(word), at, end - at);
                self.push(kind, at, end)
            }
            Digital::Nothing(end) => self.push(Kind::Gap, at, end),
        }
    }

    /// Whether a word like 两项 refers to what was just counted or listed, and is no number: where it begins a clause, or
    /// stands behind a list, and something is said of them all (两项均已回复, 两项已办结34件). 承办建议两项 is a number.
    fn refers(&self, end: usize) -> bool {
        let Some(next) = self.numbers.longest(end).map(|(word, _)| self.numbers.lexicon.word(word)) else { return false };
        let clause = || self.tokens.iter().rev().take_while(|token| token.links() || !matches!(token.kind, Kind::Mark(_) | Kind::Amount(_)));
        let of_all = matches!(next.role, Role::All | Role::Total | Role::Overall);
        self.at_start() && (of_all || next.act != 0) || of_all && clause().any(Token::links)
    }

    /// Applies a 近, 超过, 不足 before the number.
    fn bounded(&mut self, mut amount: Amount) -> Amount {
        while let Some(Token { kind: Kind::Word(Word { role: Role::Before(qualifier), .. }), .. }) = self.tokens.last() {
            // 近 and 约 weaken, but a bound stays a bound: 约20余条.
            if amount.qualifier == Qualifier::Exact {
                amount.qualifier = *qualifier;
            }
            self.tokens.pop();
        }
        amount
    }

    /// 1. 2、 3) at the beginning of a clause, if no thousandth or list of numbers.
    fn index(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while self.numbers.ch(end).is_ascii_digit() && end < at + 2 {
            end += 1;
        }
        let after = self.numbers.ch(end + 1);
        let year = after.is_ascii_digit() && self.numbers.ch(end + 5) == '年';
        let marked = matches!(self.numbers.ch(end), '.' | '、' | ')');
        (marked && (!after.is_ascii_digit() || year)).then_some(end + 1)
    }

    /// 第二十条, 第3次: never a count.
    fn ordinal(&mut self, at: usize) -> usize {
        if let Some((word, length)) = self.numbers.longest(at) {
            let kind = self.kind(self.numbers.lexicon.word(word), at, length);
            return self.push(kind, at, at + length);
        }
        let end = match self.numbers.ch(at + 1) {
            '0'..='9' => match self.numbers.arabic(at + 1) {
                Digital::Amount(_, end) | Digital::Time(_, end) | Digital::Word(_, end) | Digital::Nothing(end) => end,
            },
            ch if numeral::is_numeral(ch) => match self.numbers.chinese(at + 1) {
                Some(Digital::Amount(_, end)) => end,
                _ => (at + 1..).find(|&i| !numeral::is_numeral(self.numbers.ch(i))).unwrap_or(at + 1),
            },
            _ => at + 1,
        };
        self.push(Kind::Gap, at, end)
    }

    fn latin(&mut self, at: usize) -> usize {
        if let Some((word, length)) = self.numbers.longest(at) {
            let word = self.numbers.lexicon.word(word);
            return self.push(Kind::Word(word), at, at + length);
        }
        let glyphs = self.numbers.glyphs.get(at..).unwrap_or_default();
        let tail =
            glyphs.iter().take_while(|glyph| glyph.ch.is_ascii_alphanumeric() || matches!(glyph.ch, '.' | '/' | ':' | '@' | '_' | '-' | '+' | '&' | '?' | '='));
        self.push(Kind::Gap, at, at + tail.count().max(1))
    }

    /// What a word of the lexicon is as a token.
    fn kind(&self, word: Word, at: usize, length: usize) -> Kind {
        match word.role {
            Role::Index if self.at_start() => Kind::Index,
            Role::Index => Kind::Gap,
            Role::ThisYear => Kind::Time(Moment::Year(0)),
            Role::LastYear => Kind::Time(Moment::Year(-1)),
            Role::NextYear => Kind::Time(Moment::Year(1)),
            Role::Older => Kind::Time(Moment::Year(-2)),
            Role::WholeYear => Kind::Time(Moment::Whole),
            Role::Since => Kind::Time(Moment::Since),
            Role::ManyYears => Kind::Time(Moment::ManyYears),
            Role::PartOfYear => Kind::Time(Moment::Part),
            Role::Event => Kind::Time(Moment::Event),
            Role::Again if self.refers(at + length) => Kind::Word(Word { role: Role::Above, ..Word::default() }),
            Role::Perfect => Kind::Amount(Amount { value: 1.0, rate: true, span: (at as u32, (at + length) as u32), ..Amount::default() }),
            _ => Kind::Word(word),
        }
    }

    /// Where a noun begins that overlaps the word found and ends beyond it, if unknown text would be left behind that
    /// word: not 政策宣传·单 but 政策·宣传单.
    fn overlap(&self, at: usize, length: usize) -> Option<usize> {
        let end = at + length;
        let next = self.numbers.ch(end);
        let known = next <= '\u{2fff}' || next >= '\u{f900}' || numeral::is_numeral(next);
        let measure = |(id, _)| matches!(self.numbers.lexicon.word(id).role, Role::Measure(_));
        let next = self.numbers.longest(end);
        if length < 2 || known || !next.is_none_or(measure) {
            return None;
        }
        // 承办·件 counts, 宣传单 is a word.
        let least = if next.is_some() { 3 } else { 2 };
        (1..length).find(|&cut| {
            let word = self.numbers.longest(at + cut).filter(|&(_, longer)| longer >= least && at + cut + longer > end);
            word.is_some_and(|(id, _)| self.numbers.lexicon.word(id).topic != 0 || !self.numbers.lexicon.word(id).carriers.is_empty())
        })
    }

    /// Whether a verb of one character stands alone before a number: 收12件, 播了四期.
    fn counts(&self, at: usize, end: usize) -> bool {
        let number = |at: usize| self.numbers.ch(at).is_ascii_digit() || numeral::is_numeral(self.numbers.ch(at));
        let alone = self.tokens.last().is_none_or(|token| token.kind != Kind::Gap || (token.to as usize) < at);
        alone && (number(end) || self.numbers.ch(end) == '了' && number(end + 1))
    }

    fn text(&mut self, at: usize) -> usize {
        let ch = self.numbers.ch(at);
        // 数百、几十: an amount without a number.
        if matches!(ch, '数' | '几') && numeral::multiplier(self.numbers.ch(at + 1)).is_some() {
            let end = (at + 1..).find(|&i| numeral::multiplier(self.numbers.ch(i)).is_none()).unwrap_or(at + 1);
            return self.push(Kind::Gap, at, end);
        }
        // 上百、上千: a bound within the numeral.
        if ch == '上'
            && matches!(self.numbers.ch(at + 1), '百' | '千' | '万' | '亿')
            && let Some(Digital::Amount(mut amount, end)) = self.numbers.chinese(at + 1)
        {
            amount.qualifier = Qualifier::AtLeast;
            return self.push(Kind::Amount(amount), at, end);
        }
        if ch == '零'
            && let Some(Digital::Amount(amount, end)) = self.numbers.chinese(at)
            && amount.measure.is_some()
        {
            // 微博零条: a number, no negation.
            return self.place(Digital::Amount(amount, end), at);
        }
        if let Some((id, length)) = self.numbers.longest(at) {
            if let Some(cut) = self.overlap(at, length) {
                let within = self.numbers.glyphs.get(at..at + cut).unwrap_or_default();
                let prefix = self.numbers.lexicon.longest(within.iter().map(|glyph| glyph.ch));
                let kind = prefix.filter(|&(_, length)| length == cut).map_or(Kind::Gap, |(id, _)| self.kind(self.numbers.lexicon.word(id), at, cut));
                return self.push(kind, at, at + cut);
            }
            let word = self.numbers.lexicon.word(id);
            if word.short && !self.counts(at, at + length) {
                return self.push(Kind::Gap, at, at + length);
            }
            let number = if word.role == Role::Again && !self.refers(at + length) { self.numbers.chinese(at) } else { None };
            if let Some(number) = number {
                return self.place(number, at);
            }
            let kind = self.kind(word, at, length);
            return self.push(kind, at, at + length);
        }
        let numeral = numeral::is_numeral(ch);
        if numeral && let Some(digital) = self.numbers.chinese(at) {
            return self.place(digital, at);
        }
        let mut end = at + 1;
        if numeral {
            while numeral::is_numeral(self.numbers.ch(end)) {
                end += 1;
            }
        }
        self.push(Kind::Gap, at, end)
    }
}

fn mark(ch: char) -> Option<Mark> {
    Some(match ch {
        ',' => Mark::Comma,
        ';' => Mark::Semicolon,
        '、' => Mark::Enumeration,
        ':' => Mark::Colon,
        '(' => Mark::Open,
        ')' => Mark::Close,
        '。' | '!' | '?' => Mark::Stop,
        _ => return None,
    })
}
