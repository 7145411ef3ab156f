//! Walks through the tokens of a sentence, clause by clause, and drafts its figures.

use super::attach::Attacher;
use super::clause::{After, Before, Difference, foreign};
use super::grammar::{Grammar, has};
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Carriers, Role, Word};
use super::memory::{Dealt, Draft, Memory};
use super::number::Amount;
use super::time::Moment;
use crate::fact::{Qualifier, Scope};

/// The items of a list that 分别 or 各 deals with.
const LIST: usize = 8;

/// One item of a list: its carriers, noun, verb or rate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Item {
    carriers: Carriers,
    topic: u8,
    act: u8,
}

/// What is known of the clause being read.
#[derive(Debug, Clone, Copy, Default)]
struct Clause {
    /// Its first token, and its number in the sentence.
    from: usize,
    number: u32,
    /// The first token that may belong to the next figure.
    own: usize,
    figured: bool,
    compare: bool,
    compared: Option<Moment>,
    aside: bool,
    aim: bool,
    /// Where 均 or 未 stands.
    all: Option<usize>,
    negated: Option<usize>,
    nil: bool,
    cause: bool,
}

/// Reads one sentence after the other.
pub struct Walk<'a> {
    grammar: &'a Grammar,
    tokens: &'a [Token],
    drafts: &'a mut Vec<Draft>,
    memory: &'a mut Memory,
    clause: Clause,
    list: [Item; LIST],
    listed: usize,
    dealt: usize,
    /// What the items of the list have in common.
    shared: Before,
    own_area: bool,
    heading: bool,
}

impl<'a> Walk<'a> {
    /// Begins a sentence.
    pub fn new(grammar: &'a Grammar, tokens: &'a [Token], drafts: &'a mut Vec<Draft>, memory: &'a mut Memory, own_area: bool, heading: bool) -> Self {
        let (clause, list) = (Clause::default(), [Item::default(); LIST]);
        Walk { grammar, tokens, drafts, memory, clause, list, listed: 0, dealt: 0, shared: Before::default(), own_area, heading }
    }

    /// Reads it to its end.
    pub fn run(mut self) {
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                Kind::Mark(mark) => self.mark(at, mark),
                Kind::Index => {
                    *self.memory = Memory::default();
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
    }

    fn mark(&mut self, at: usize, mark: Mark) {
        match mark {
            Mark::Enumeration => {
                if self.clause.figured {
                    self.clause.own = at + 1;
                }
            }
            Mark::Colon if !self.clause.figured => {}
            _ => {
                self.end_clause(at);
                self.memory.parts |= matches!(mark, Mark::Open | Mark::Colon) && self.memory.last.is_some();
                if mark == Mark::Close {
                    self.memory.parts = false;
                }
                if mark == Mark::Semicolon {
                    self.memory.asked_closed = true;
                    self.memory.plan = false;
                    self.memory.since = self.clause.number + 1;
                }
                self.clause = Clause { from: at + 1, own: at + 1, number: self.clause.number + 1, ..Clause::default() };
            }
        }
    }

    /// A clause ends: what it said without figures is drawn from it, and what later clauses need is kept.
    fn end_clause(&mut self, end: usize) {
        let tokens = self.tokens.get(self.clause.from..end).unwrap_or_default();
        if let Some(at) = self.clause.negated {
            self.negate(at, end);
        }
        if let Some(at) = self.clause.all {
            self.accomplish(at, end);
        }
        if self.clause.figured {
            if self.memory.moment == Moment::Since {
                self.memory.moment = self.memory.base;
            }
            self.memory.lead = Carriers::default();
            return;
        }
        let before = Before::read(self.grammar, tokens);
        if !before.carriers.is_empty() {
            self.memory.lead = before.carriers;
            self.memory.name(before.carriers);
        }
        if before.topic != 0 {
            self.memory.opening = (before.topic, before.act);
        }
        for token in tokens {
            if let Kind::Word(Word { topic, plain: false, .. }) = token.kind
                && !Grammar::is(self.grammar.foreign, topic)
            {
                self.memory.topics.push(topic);
            }
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
        let as_of = matches!(self.before(at), Some(Kind::Word(Word { role: Role::AsOf | Role::Until, .. })));
        if as_of && moment == Moment::Part {
            return;
        }
        if moment != Moment::Year(0) && self.turns(at) {
            return;
        }
        if moment == Moment::Since
            && self.tokens.get(at).is_some_and(|token| token.to - token.from == 2)
            && matches!(self.before(at), Some(Kind::Time(Moment::Year(0) | Moment::Part | Moment::Edge | Moment::Whole)))
        {
            self.memory.moment = Moment::Year(0);
            return;
        }
        self.memory.time(moment);
    }

    /// Whether the clause speaks of carrying over, whose years are no scope.
    fn turns(&self, at: usize) -> bool {
        let turns = [self.grammar.acts.turn, self.grammar.acts.turn_in, self.grammar.acts.turn_out];
        let near = |token: &&Token| matches!(token.kind, Kind::Word(Word { act, .. }) if act != 0 && turns.contains(&act));
        let inside = |token: &&Token| !matches!(token.kind, Kind::Mark(_) | Kind::Amount(_));
        let after = self.tokens.iter().skip(at + 1).take(8).take_while(inside).any(|token| near(&token));
        after || self.tokens.iter().take(at).rev().take(4).take_while(inside).any(|token| near(&token))
    }

    fn before(&self, at: usize) -> Option<Kind> {
        at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| token.kind)
    }

    fn word(&mut self, at: usize, word: Word) {
        match word.role {
            Role::Compare => self.clause.compare = true,
            Role::Aside => self.clause.aside = true,
            Role::Aim => self.clause.aim = true,
            Role::Plan => self.memory.plan = true,
            Role::PlanLead => {
                let next = self.tokens.get(at + 1).map(|token| token.kind);
                let leads = matches!(next, Some(Kind::Word(Word { act, role, .. })) if act != 0 || role == Role::Plan);
                self.memory.plan |= leads || matches!(next, Some(Kind::Time(Moment::Year(1))));
            }
            Role::Parts => self.memory.parts |= self.memory.last.is_some() || self.memory.total.is_some(),
            Role::Wide => self.memory.wide |= !self.own_area && self.subject(at),
            Role::Own => {
                let wide = self.tokens.get(self.clause.from..at).unwrap_or_default();
                if !wide.iter().any(|token| matches!(token.kind, Kind::Word(Word { role: Role::Wide, .. }))) {
                    self.memory.wide = false;
                }
            }
            Role::All => self.clause.all = self.clause.all.or(Some(at)),
            Role::Negation | Role::NegatedCause => {
                self.clause.negated = self.clause.negated.or(Some(at));
                self.clause.cause |= word.role == Role::NegatedCause;
            }
            Role::Nil if self.clause.negated.is_none() => {
                self.clause.negated = Some(at);
                self.clause.nil = true;
            }
            Role::Respectively => self.deal(at),
            Role::Link if self.clause.figured => self.clause.own = at + 1,
            _ => {}
        }
    }

    /// Whether a word for another level stands as the subject, not as an attribute or place.
    fn subject(&self, at: usize) -> bool {
        match self.before(at) {
            None | Some(Kind::Mark(_) | Kind::Time(_) | Kind::Index) => true,
            Some(Kind::Word(word)) => match word.role {
                Role::Preposition => false,
                Role::Parts | Role::Filler | Role::Total | Role::Link => true,
                _ => !word.carriers.is_empty(),
            },
            _ => false,
        }
    }

    /// Notes the list before 分别; without one, that of the requests just counted.
    fn deal(&mut self, at: usize) {
        self.listed = 0;
        self.dealt = 0;
        let from = self.clause.own.max(self.clause.from).min(at);
        let own = self.tokens.get(from..at).unwrap_or_default();
        self.shared = Before::default();
        let mut item = Item::default();
        for token in own {
            let link = match token.kind {
                Kind::Mark(Mark::Enumeration) => true,
                Kind::Word(word) => {
                    if word.role != Role::Link {
                        item.act = if word.act != 0 && !word.loose { word.act } else { item.act };
                        item.carriers = item.carriers.and(word.carriers);
                        item.topic = if word.topic != 0 { word.topic } else { item.topic };
                    }
                    word.role == Role::Link
                }
                _ => false,
            };
            if link {
                self.note(item);
                item = Item::default();
            }
        }
        if self.listed > 0 {
            self.note(item);
            self.complete_list();
        } else if let Some(last) = self.memory.last.filter(|last| self.memory.asked_list.as_slice().len() < 2 && !last.carriers.is_empty()) {
            self.shared = Before::read(self.grammar, own);
            for _ in 0..LIST {
                self.note(Item { carriers: last.carriers, ..Item::default() });
            }
        } else if self.memory.asked_list.as_slice().len() > 1 {
            self.shared = Before::read(self.grammar, own);
            let asked = self.memory.asked_list;
            for &carriers in asked.as_slice() {
                self.note(Item { carriers, ..Item::default() });
            }
        }
    }

    /// What stands with the first or last item only is common to all: 收到A、B来信, 收到和办结A.
    fn complete_list(&mut self) {
        let Some(items) = self.list.get_mut(..self.listed) else { return };
        let (Some(first), Some(last)) = (items.first().copied(), items.last().copied()) else { return };
        let verbs = first.carriers.is_empty() && first.topic == 0;
        for item in items {
            if item.act == 0 {
                item.act = first.act;
            }
            if verbs && item.carriers.is_empty() && item.topic == 0 && item.act != 0 {
                (item.carriers, item.topic) = (last.carriers, last.topic);
            }
        }
    }

    fn note(&mut self, item: Item) {
        if let Some(slot) = self.list.get_mut(self.listed) {
            *slot = item;
            self.listed += 1;
        }
    }

    fn figure(&mut self, at: usize, amount: Amount) {
        let own = self.tokens.get(self.clause.own..at).unwrap_or_default();
        let mut before = Before::read(self.grammar, own);
        let after = After::read(self.grammar, self.tokens.get(at + 1..).unwrap_or_default());
        let mut item = None;
        if self.dealt < self.listed {
            let since = own.iter().rposition(|token| matches!(token.kind, Kind::Word(Word { role: Role::Respectively, .. })));
            let tail = Before::read(self.grammar, own.get(since.map_or(0, |at| at + 1)..).unwrap_or_default());
            if tail.carriers.is_empty() && (self.dealt == 0 || tail.bare()) {
                item = self.list.get(self.dealt).copied();
                if self.dealt == 0 && self.shared.bare() {
                    self.shared = tail;
                }
                self.dealt += 1;
                before = self.shared;
            } else {
                self.listed = 0;
            }
        }
        let began = std::mem::replace(&mut self.clause.own, at + 1);
        if amount.foreign || self.clause.aside || self.heading || (self.clause.aim && !self.memory.plan) {
            if before.difference == Difference::Left {
                self.clause.own = began;
            }
            return;
        }
        let moment = match before.difference {
            Difference::Certain => return,
            Difference::Possible if self.clause.compare => return,
            Difference::None if self.clause.compare => match self.clause.compared {
                Some(moment) if moment != Moment::Year(0) => moment,
                _ => return,
            },
            Difference::Left if before.moment.is_none() => {
                // 由93%提升到95%: what governs the value left governs the value reached.
                self.clause.own = began;
                return;
            }
            Difference::Reached if before.moment.is_none() => Moment::Year(0),
            _ => self.memory.moment,
        };
        let attacher = Attacher { grammar: self.grammar, memory: self.memory, clause: self.clause.number };
        let from = self.drafts.len();
        attacher.attach(&before, &after, &amount, moment, item.map(|item| (item.carriers, item.topic, item.act)), self.drafts);
        if from == self.drafts.len() {
            if before.gap || before.person || after.gap || Grammar::is(self.grammar.foreign, before.topic) {
                self.memory.topics.push(foreign(self.grammar));
            }
            if amount.measure.is_some() && !before.carriers.is_empty() {
                self.clause.figured = true;
                self.memory.name(before.carriers);
            }
            return;
        }
        self.clause.figured = true;
        self.settle(from);
    }

    /// Decides which new drafts are facts, and remembers them.
    fn settle(&mut self, from: usize) {
        for at in from..self.drafts.len() {
            let Some(draft) = self.drafts.get_mut(at) else { return };
            let rate = draft.amount.rate;
            if let Some(indicator) = draft.indicator
                && !rate
                && self.memory.part(self.grammar, indicator, draft)
            {
                draft.indicator = None;
            }
            let draft = *draft;
            self.memory.topics.push(draft.topic);
            if !draft.carriers.is_empty() {
                self.memory.name(draft.carriers);
                self.memory.shown = self.memory.shown.and(draft.carriers);
            }
            if rate {
                self.memory.asked_closed = true;
                continue;
            }
            if draft.indicator.is_some() && Grammar::is(self.grammar.asking, draft.topic) && !self.memory.parts {
                let carriers = if draft.carriers.is_empty() { Carriers::OTHER } else { draft.carriers };
                if self.memory.asked_closed {
                    self.memory.asked = Carriers::default();
                    self.memory.asked_list = Dealt::default();
                }
                self.memory.asked = self.memory.asked.and(carriers);
                self.memory.asked_list.push(carriers);
                self.memory.asked_all = self.memory.asked_all.and(carriers);
                self.memory.asked_closed = false;
            }
            if !self.memory.parts && draft.indicator.is_some() {
                self.memory.total = Some(draft);
                self.memory.total_earlier = false;
            }
            self.memory.last = Some(draft);
            self.memory.opening = (0, 0);
        }
    }

    fn implied(&self, indicator: u16, topic: u8, act: u8, value: f64, at: usize, carriers: Carriers) -> Draft {
        let span = self.tokens.get(at).map_or((0, 0), |token| (token.from, token.to));
        let amount = Amount { value, upper: None, qualifier: Qualifier::Exact, rate: value == 1.0, measure: None, foreign: false, span };
        let scope = if self.memory.plan { Some(Scope::NextYearPlan) } else { self.memory.moment.scope() };
        let clause = self.clause.number;
        Draft { amount, indicator: Some(indicator), topic, act, full: true, carriers, named: false, kind: false, scope, implied: true, wide: false, clause }
    }

    /// 未收到申请, 无行政复议和行政诉讼, 行政复议：无 — each noun a nought (rule R6).
    fn negate(&mut self, at: usize, end: usize) {
        if self.memory.wide || self.clause.aim || self.heading {
            return;
        }
        let after = self.tokens.get(at + 1..end).unwrap_or_default();
        let trailing = after.iter().all(|token| matches!(token.kind, Kind::Word(Word { role: Role::Filler, topic: 0, .. })));
        let span = if self.clause.nil && trailing { self.clause.from..at } else { at + 1..end };
        let tokens = self.tokens.get(span).unwrap_or_default();
        let foreign_noun = |token: &Token| matches!(token.kind, Kind::Word(Word { topic, plain: false, .. }) if Grammar::is(self.grammar.foreign, topic));
        let counted = |token: &Token| matches!(token.kind, Kind::Amount(Amount { foreign: false, .. }));
        if tokens.iter().any(|token| foreign_noun(token) || counted(token)) {
            return;
        }
        let carriers = Before::read(self.grammar, tokens).carriers;
        let mut cause = self.clause.cause;
        let mut turned = false;
        for (place, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Gap if self.clause.nil && !trailing && !cause => return,
                Kind::Word(word) => {
                    cause = (cause || word.role == Role::Cause) && word.role != Role::Effect;
                    let act = super::clause::turned(self.grammar, tokens, place, word.act);
                    let turn = act != 0 && (act == self.grammar.acts.turn_in || act == self.grammar.acts.turn_out);
                    let gap_before = place > 0 && tokens.get(place - 1).is_some_and(|token| token.kind == Kind::Gap);
                    let next = tokens.get(place + 1).map(|token| token.kind);
                    let attribute = matches!(next, Some(Kind::Word(Word { topic, .. })) if topic != 0);
                    if cause || (word.plain && gap_before) || (attribute && !turn) {
                        continue;
                    }
                    let (topic, act) = match (turn, word.topic) {
                        (true, _) => (self.grammar.turning, act),
                        (false, 0) => continue,
                        (false, topic) if turned && topic == self.grammar.turning => continue,
                        (false, topic) => (topic, 0),
                    };
                    turned |= turn;
                    self.nought(topic, act, at, carriers);
                }
                _ => {}
            }
        }
    }

    fn nought(&mut self, topic: u8, act: u8, at: usize, carriers: Carriers) {
        let Some(indicator) = self.grammar.indicator(topic, act, None) else { return };
        let Some(entry) = self.grammar.indicators.get(usize::from(indicator)) else { return };
        if entry.zero.is_some() && (!entry.channelled || !carriers.is_empty()) {
            let mut draft = self.implied(indicator, topic, act, 0.0, at, carriers);
            draft.scope = draft.scope.or(Some(Scope::CurrentYear));
            self.drafts.push(draft);
            self.memory.topics.push(topic);
        }
    }

    /// 均已办结, 全部按时答复: a rate of 1 (rule R7), if figures or a noun say of what.
    fn accomplish(&mut self, at: usize, end: usize) {
        if self.memory.wide || self.clause.aim || self.clause.negated.is_some() || self.heading || self.clause.aside {
            return;
        }
        let tokens = self.tokens.get(at + 1..end).unwrap_or_default();
        let own = Before::read(self.grammar, self.tokens.get(self.clause.from..end).unwrap_or_default());
        if own.topic != 0 && Grammar::is(self.grammar.foreign, own.topic) {
            return;
        }
        let mut done = [0u8; 2];
        for (place, token) in tokens.iter().enumerate() {
            let Kind::Word(word) = token.kind else { continue };
            let rate = self.grammar.acts.rates_of.get(usize::from(word.act)).copied().unwrap_or(0);
            let counted = tokens.iter().skip(place).any(|token| matches!(token.kind, Kind::Amount(Amount { foreign: false, .. })));
            if rate == 0 || counted || done.contains(&rate) {
                continue;
            }
            done[usize::from(done[0] != 0)] = rate;
            let noun = if self.grammar.knows(own.topic, rate) { own.topic } else { 0 };
            let spoken = self.memory.topic_for(self.grammar, rate);
            let topic = if noun != 0 { noun } else { spoken };
            let attacher = Attacher { grammar: self.grammar, memory: self.memory, clause: self.clause.number };
            let carriers = if own.carriers.is_empty() { attacher.asked(&own, topic, noun != 0) } else { own.carriers };
            if let Some(indicator) = self.grammar.indicator(topic, rate, None) {
                let mut draft = self.implied(indicator, topic, rate, 1.0, at, carriers);
                draft.named = !own.carriers.is_empty();
                self.drafts.push(draft);
                self.memory.asked_closed = true;
            }
        }
    }

    /// A carrier named only for a later figure covers a rate stated before it (rule R13).
    fn name_rates(&mut self) {
        let mut later = Carriers::default();
        for draft in self.drafts.iter_mut().rev() {
            if draft.amount.rate && draft.carriers.is_empty() {
                draft.carriers = later;
            } else if draft.named && Grammar::is(self.grammar.asking, draft.topic) {
                later = draft.carriers;
            }
        }
    }
}
