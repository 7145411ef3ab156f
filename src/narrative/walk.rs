//! Walks through the tokens of a sentence, clause by clause, and drafts its figures.

use super::clause::Before;
use super::glyph::Glyph;
use super::grammar::Grammar;
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Carriers, Role, Word};
use super::list::{Item, LIST};
use super::memory::{Draft, Memory};
use super::number::Amount;
use super::time::Moment;

/// What is known of the clause being read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clause {
    /// Its first token, and its number in the sentence.
    pub(super) from: usize,
    pub(super) number: u32,
    /// The first token that may belong to the next figure.
    pub(super) own: usize,
    pub(super) figured: bool,
    /// The clause before, if it had no figure: where it begins and ends.
    pub(super) prelude: Option<(usize, usize)>,
    /// Carriers that are themselves counted: 微博29个.
    pub(super) counted: Carriers,
    /// The carriers before the bracket that the clause begins with, if a share stands there: 网站占54%（497条）.
    pub(super) outer: Carriers,
    pub(super) compare: bool,
    pub(super) compared: Option<Moment>,
    pub(super) aside: bool,
    pub(super) mean: bool,
    pub(super) aim: bool,
    /// Where 均 or 未 stands.
    pub(super) all: Option<usize>,
    pub(super) negated: Option<usize>,
    pub(super) nil: bool,
    pub(super) cause: bool,
}

/// Reads one sentence after the other.
pub struct Walk<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) tokens: &'a [Token],
    pub(super) drafts: &'a mut Vec<Draft>,
    pub(super) memory: &'a mut Memory,
    pub(super) clause: Clause,
    pub(super) list: [Item; LIST],
    pub(super) listed: usize,
    pub(super) dealt: usize,
    /// What the items of the list have in common.
    pub(super) shared: Before,
    /// The year that 分别 dealt the figure to.
    pub(super) dealt_to: Option<Moment>,
    /// What the office is, if a district or county, and the text to compare it with.
    pub(super) own_area: Option<char>,
    pub(super) glyphs: &'a [Glyph],
    pub(super) heading: bool,
    /// The time before a bracket, which holds again behind it.
    pub(super) outside: Option<(Moment, Moment)>,
    /// A figure of the year before whose noun is still to come: 与上年的1204条相比.
    pub(super) awaiting: Option<Amount>,
    /// Noun and verb of what stands before the first point: 通过四种载体公开：一是….
    pub(super) headline: (u8, u8),
    /// A rate whose matter is still to come: 满意率99%，承办工单820件.
    pub(super) unclaimed: Option<(Before, Amount, Moment)>,
}

impl<'a> Walk<'a> {
    /// Begins a sentence.
    pub fn new(grammar: &'a Grammar, tokens: &'a [Token], drafts: &'a mut Vec<Draft>, memory: &'a mut Memory, heading: bool) -> Self {
        let (clause, list) = (Clause::default(), [Item::default(); LIST]);
        Walk {
            grammar,
            tokens,
            drafts,
            memory,
            clause,
            list,
            listed: 0,
            dealt: 0,
            shared: Before::default(),
            dealt_to: None,
            own_area: None,
            glyphs: &[],
            heading,
            outside: None,
            awaiting: None,
            headline: (0, 0),
            unclaimed: None,
        }
    }

    /// Sets whose figures of 全区 or 全县 are the office's own.
    pub fn at_level(self, own_area: Option<char>, glyphs: &'a [Glyph]) -> Self {
        Walk { own_area, glyphs, ..self }
    }

    /// Whether a word for an area names that of the office: 全区 where it is a district.
    fn own_level(&self, at: usize) -> bool {
        let Some((token, area)) = self.tokens.get(at).zip(self.own_area) else {
            return false;
        };
        self.glyphs.get(token.from as usize..token.to as usize).unwrap_or_default().iter().any(|glyph| glyph.ch == area)
    }

    /// Reads it to its end.
    pub fn run(mut self) {
        let mut passed = 0;
        for (at, token) in self.tokens.iter().enumerate() {
            if at < passed {
                continue;
            }
            if let Some(close) = self.named_in_bracket(at) {
                passed = close + 1;
                continue;
            }
            match token.kind {
                Kind::Mark(mark) => self.mark(at, mark),
                Kind::Index => {
                    let outlook = self.memory.outlook;
                    if matches!(self.before(at), Some(Kind::Mark(Mark::Colon))) {
                        let before = Before::read(self.grammar, self.tokens.get(self.clause.from..at).unwrap_or_default());
                        let usual = self.grammar.acts.usual_topic(before.act);
                        let named = before.topic != 0 && !Grammar::is(self.grammar.foreign, before.topic);
                        self.headline = if named { (before.topic, before.act) } else { (usual, before.act) };
                    }
                    *self.memory = Memory { outlook, plan: outlook, opening: self.headline, ..Memory::default() };
                    self.clause = Clause { from: at + 1, own: at + 1, number: self.clause.number + 1, ..Clause::default() };
                }
                Kind::Time(moment) => self.time(at, moment),
                Kind::Amount(amount) => self.figure(at, amount),
                Kind::Word(word) => self.word(at, word),
                Kind::Gap | Kind::Title => {}
            }
        }
        self.end_clause(self.tokens.len());
        self.name_rates();
        self.leave_kinds();
    }

    fn mark(&mut self, at: usize, mark: Mark) {
        match mark {
            Mark::Enumeration => {
                if self.clause.figured || self.clause.own > self.clause.from {
                    self.clause.own = at + 1;
                }
            }
            Mark::Colon if !self.clause.figured => {
                // 总数2035条，按渠道统计：
                let tokens = self.tokens.get(self.clause.from..at).unwrap_or_default();
                let neutral = |token: &Token| {
                    matches!(token.kind, Kind::Gap)
                        || matches!(token.kind, Kind::Word(word) if word.act == 0 && word.carriers.is_empty() && (word.topic == 0 || Grammar::is(self.grammar.foreign, word.topic)))
                };
                self.memory.parts |= self.memory.last.is_some() && tokens.iter().all(neutral) && tokens.len() < 5;
            }
            _ => {
                let within = mark == Mark::Comma && self.clause.figured && self.role_before(at) == Role::Within;
                self.end_clause(at);
                self.memory.parts |= (matches!(mark, Mark::Open | Mark::Colon) || within) && self.memory.last.is_some();
                if mark == Mark::Open {
                    self.outside = Some((self.memory.moment, self.memory.base));
                }
                if mark == Mark::Close {
                    self.memory.parts = false;
                    if let Some((moment, base)) = self.outside.take() {
                        (self.memory.moment, self.memory.base) = (moment, base);
                    }
                }
                if mark == Mark::Semicolon {
                    self.memory.asked_open = false;
                    if self.memory.moment == Moment::Since {
                        self.memory.moment = self.memory.base;
                    }
                    if let Some(first) = self.memory.first.filter(|&first| first == Moment::Year(0)) {
                        (self.memory.moment, self.memory.base) = (first, first);
                    }
                    self.memory.plan = self.memory.outlook;
                    self.memory.since = self.clause.number + 1;
                }
                let tokens = self.tokens.get(self.clause.from..at).unwrap_or_default();
                let share = tokens.iter().any(|token| token.role() == Role::Share);
                // 以网站（268条）、微信（715条）为主: a carrier with nothing but its figure in brackets.
                let inside =
                    matches!(self.tokens.get(at + 1..at + 3), Some([Token { kind: Kind::Amount(_), .. }, Token { kind: Kind::Mark(Mark::Close), .. }]));
                let carrier = matches!(self.before(at), Some(Kind::Word(Word { carriers, topic: 0, .. })) if !carriers.is_empty());
                let outer = if mark == Mark::Open && (share || inside && carrier) { Before::read(self.grammar, tokens).carriers } else { Carriers::default() };
                let prelude = (matches!(mark, Mark::Comma | Mark::Close) && !self.clause.figured).then_some((self.clause.from, at));
                self.clause = Clause { from: at + 1, own: at + 1, number: self.clause.number + 1, prelude, outer, ..Clause::default() };
            }
        }
    }

    /// A clause ends: what it said without figures is drawn from it, and what later clauses need is kept.
    fn end_clause(&mut self, end: usize) {
        let tokens = self.tokens.get(self.clause.from..end).unwrap_or_default();
        self.order(tokens);
        self.memory.first = self.memory.first.or(Some(self.memory.base));
        if let Some(at) = self.clause.negated {
            self.negate(at, end);
        }
        if let Some(at) = self.clause.all {
            self.accomplish(at, end);
        }
        if self.clause.figured {
            self.memory.lead = self.clause.counted;
            return;
        }
        self.place(tokens);
        self.years(tokens);
        if self.clause.compare && !tokens.iter().any(|token| matches!(token.kind, Kind::Amount(_))) {
            // 与上年相比，…由526条减至478条: the value left is of that year.
            self.memory.left = self.clause.compared.filter(|moment| *moment != Moment::Year(0)).or(self.memory.left);
        }
        let before = Before::read(self.grammar, tokens);
        if !before.rates.as_slice().is_empty() && !before.gap {
            // 回访满意率，热线98.2%、信箱97%: the rate is spoken of.
            self.memory.rated = Some(before);
        }
        if !before.carriers.is_empty() {
            self.memory.lead = before.carriers;
            self.memory.anew = true;
            let carrier = before.topic == 0 || before.topic == self.grammar.topic_of(before.carriers);
            self.memory.led = self.memory.last.is_some() && before.act == 0 && carrier && !before.gap;
            self.memory.name(before.carriers);
        }
        let asked = self.grammar.topic_of(before.carriers);
        if before.topic == 0 && Grammar::is(self.grammar.asking, asked) {
            self.memory.asked_topic = asked;
        }
        let usual = self.grammar.acts.usual_topic(before.act);
        if before.topic != 0 {
            self.memory.opening = (before.topic, before.act);
        } else if Grammar::is(self.grammar.broad, usual) && !before.carriers.is_empty() {
            // 公众号发布占六成，共计738条.
            self.memory.opening = (usual, before.act);
        }
        let changed = tokens.iter().any(|token| token.role() == Role::Change);
        for token in tokens {
            if let Kind::Word(Word { topic, plain: false, .. }) = token.kind
                && !Grammar::is(self.grammar.foreign, topic)
            {
                self.memory.topics.push(topic);
                if (self.clause.compare || changed) && topic != 0 {
                    // 申请量较上年翻了一番，达到24件.
                    self.memory.opening = (topic, 0);
                }
            }
        }
        if let Some(Kind::Word(Word { topic, plain: true, .. })) = tokens.first().map(|token| token.kind)
            && topic == self.grammar.turning
        {
            // 申请办理全程留痕，答复率100%.
            self.memory.topics.push(topic);
        }
    }

    fn time(&mut self, at: usize, moment: Moment) {
        let clause = self.tokens.get(at + 1..).unwrap_or_default();
        let ahead = |few: usize, test: fn(&Word) -> bool| {
            let words = clause.iter().take(few).map_while(|token| match token.kind {
                Kind::Word(word) => Some(word),
                _ => None,
            });
            words.into_iter().any(|word| test(&word))
        };
        if self.clause.compare || ahead(2, |word| word.role == Role::Compare) {
            self.clause.compared = Some(moment);
            return;
        }
        let as_of = matches!(self.role_before(at), Role::AsOf | Role::Until);
        // 6月底前办复: by when, not since when.
        let by = self.role(at + 1) == Role::By;
        self.memory.partial = (as_of || by) && moment == Moment::Part;
        if self.memory.partial {
            return;
        }
        if moment != Moment::Year(0) && (self.turns(at) || self.taken(at)) {
            return;
        }
        if moment == Moment::Since
            && self.tokens.get(at).is_some_and(|token| token.to - token.from == 2)
            && matches!(self.before(at), Some(Kind::Time(Moment::Year(0) | Moment::Part | Moment::Event | Moment::Edge | Moment::Whole)))
        {
            self.memory.moment = Moment::Year(0);
            return;
        }
        if moment == Moment::Whole {
            // 台风期间发布67条；全年发布5400条: the first is a part of the year.
            self.drafts.iter_mut().filter(|draft| draft.passing).for_each(|draft| draft.indicator = None);
        }
        self.memory.time(moment);
    }

    /// Whether a year stands between a verb of receiving and a figure: 承接上年1件.
    fn taken(&self, at: usize) -> bool {
        let counted = matches!(self.tokens.get(at + 1).map(|token| token.kind), Some(Kind::Amount(_)));
        counted && matches!(self.before(at), Some(Kind::Word(Word { act, .. })) if act != 0 && act == self.grammar.acts.turn_taken)
    }

    /// Whether the clause speaks of carrying over, whose years are no scope.
    fn turns(&self, at: usize) -> bool {
        let turns = [self.grammar.acts.turn, self.grammar.acts.turn_in, self.grammar.acts.turn_out];
        let near = |token: &&Token| matches!(token.kind, Kind::Word(Word { act, .. }) if act != 0 && turns.contains(&act));
        let inside = |token: &&Token| !matches!(token.kind, Kind::Mark(_) | Kind::Amount(_));
        let after = self.tokens.iter().skip(at + 1).take(8).take_while(inside).any(|token| near(&token));
        after || self.tokens.iter().take(at).rev().take(4).take_while(inside).any(|token| near(&token))
    }

    pub(super) fn before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| token.kind)
    }

    /// What the word at a place does; nothing if there is none.
    pub(super) fn role(&self, at: usize) -> Role {
        self.tokens.get(at).map_or(Role::None, Token::role)
    }

    /// What the word before a place does.
    pub(super) fn role_before(&self, at: usize) -> Role {
        at.checked_sub(1).map_or(Role::None, |at| self.role(at))
    }

    fn word(&mut self, at: usize, word: Word) {
        match word.role {
            Role::Compare => self.clause.compare = true,
            Role::Aside => self.clause.aside = true,
            Role::Mean => self.clause.mean = true,
            Role::Aim => self.clause.aim = true,
            Role::Plan => {
                self.memory.plan = true;
                // 下一步，一是…；二是…: all the points are plans.
                self.memory.outlook |= self.memory.last.is_none() && matches!(self.tokens.get(at + 1).map(|token| token.kind), Some(Kind::Mark(_)));
            }
            Role::PlanLead => {
                let next = self.tokens.get(at + 1).map(|token| token.kind);
                // 计划公开信息300条: a noun may begin with its verb; 将信息 is an object.
                let long = self.tokens.get(at).is_some_and(|token| token.to - token.from > 1);
                let leads = matches!(next, Some(Kind::Word(Word { act, role, topic, .. })) if act != 0 || matches!(role, Role::Copula | Role::Plan | Role::PlanLead | Role::Reach | Role::Aim | Role::Preposition | Role::At) || (long && topic != 0));
                self.memory.plan |= leads || matches!(next, Some(Kind::Time(Moment::Year(1))));
            }
            Role::Actual => self.perform(),
            Role::AsOf if self.memory.plan => self.perform(),
            Role::Parts if matches!(self.before(at), Some(Kind::Amount(_))) => {}
            Role::Parts => self.memory.parts |= !self.drafts.is_empty() || self.memory.last.is_some() || self.memory.total.is_some(),
            Role::Wide if self.subject(at) || self.addressed(at) => self.memory.wide = !self.own_level(at),
            Role::Own | Role::OwnArea if word.role == Role::Own || self.own_level(at) => {
                let wide = self.tokens.get(self.clause.from..at).unwrap_or_default();
                // 热线中心向我局派发: what comes to the office is its own.
                let given = matches!(self.role_before(at), Role::Preposition | Role::At);
                if given || !wide.iter().any(|token| token.role() == Role::Wide) {
                    self.memory.wide = false;
                }
            }
            // 我区 said by an office within it.
            Role::OwnArea if self.subject(at) => self.memory.wide = true,
            Role::All => self.clause.all = self.clause.all.or(Some(at)),
            Role::Negation | Role::NegatedCause => {
                self.clause.negated = self.clause.negated.or(Some(at));
                self.clause.cause |= word.role == Role::NegatedCause;
            }
            Role::Nil if self.clause.negated.is_none() => {
                self.clause.negated = Some(at);
                self.clause.nil = true;
            }
            Role::NilAfter => self.negate_before(at),
            Role::Unrelated => self.retract(),
            Role::Respectively => self.deal(at),
            Role::Each if self.several(at) => self.deal(at),
            Role::Link if self.clause.figured => self.clause.own = at + 1,
            _ => {}
        }
    }

    /// Whether several figures of one list follow: 各为420条、150条.
    fn several(&self, at: usize) -> bool {
        let is_figure = |token: &Token| matches!(token.kind, Kind::Amount(_));
        matches!(self.tokens.get(at + 1..at + 4), Some([one, link, other]) if is_figure(one) && link.links() && is_figure(other))
    }

    /// Whether a word for another level stands as the subject, not as an attribute or place.
    fn subject(&self, at: usize) -> bool {
        match self.before(at) {
            None | Some(Kind::Mark(_) | Kind::Time(_) | Kind::Index) => true,
            Some(Kind::Word(word)) => match word.role {
                Role::Preposition | Role::At => false,
                Role::Parts | Role::Total | Role::Link => true,
                role if role.is_filler() => true,
                _ => !word.carriers.is_empty(),
            },
            _ => false,
        }
    }

    /// Whether a word for another level names those to whom matters were passed on: 向全区各部门派单.
    fn addressed(&self, at: usize) -> bool {
        let passed_on = |token: &Token| matches!(token.kind, Kind::Word(word) if word.loose || Grammar::is(self.grammar.asking, word.topic));
        let towards = at.checked_sub(1).and_then(|at| self.tokens.get(at)).is_some_and(|token| token.role() == Role::Preposition);
        towards && self.tokens.get(at + 1).is_some_and(passed_on)
    }

    /// 均与信息公开无关: what this part of the sentence counted is none of ours.
    fn retract(&mut self) {
        for draft in self.drafts.iter_mut().filter(|draft| draft.clause >= self.memory.since) {
            (draft.indicator, draft.elsewhere) = (None, None);
        }
    }
}
