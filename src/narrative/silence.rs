//! What a clause states without a number: nothing, by 未收到 and 无 (rule R6), and everything, by 均 and 全部
//! with a verb of completion (rule R7).

use super::attach::Attacher;
use super::clause::Before;
use super::grammar::Grammar;
use super::lexer::{Kind, Token};
use super::lexicon::{Carriers, Role, Word};
use super::list::Item;
use super::memory::Draft;
use super::number::Amount;
use super::time::Moment;
use super::turn::turned;
use super::walk::Walk;
use crate::fact::Scope;

impl Walk<'_> {
    /// 未收到申请, 无行政复议和行政诉讼, 行政复议：无 — each noun a nought (rule R6).
    pub(super) fn negate(&mut self, at: usize, end: usize) {
        if self.memory.wide || self.clause.aim || self.heading {
            return;
        }
        let after = self.tokens.get(at + 1..end).unwrap_or_default();
        let trailing = after.iter().all(|token| matches!(token.kind, Kind::Word(word) if word.role.is_filler() && word.topic == 0 || self.vague(&word)));
        let caused = self.tokens.get(self.clause.from..at).unwrap_or_default().iter().any(|token| token.role() == Role::Cause);
        let span = if trailing && (self.clause.nil || self.clause.own <= at && !caused) { self.clause.from..at } else { at + 1..end };
        let from = span.start;
        let tokens = self.tokens.get(span).unwrap_or_default();
        let foreign_noun = |token: &Token| matches!(token.kind, Kind::Word(Word { topic, plain: false, .. }) if Grammar::is(self.grammar.foreign, topic));
        let counted = |token: &Token| matches!(token.kind, Kind::Amount(Amount { foreign: false, lone: false, .. }));
        // 无因公开工作引发的行政复议: what stands in the cause is not what there was none of.
        let effect = tokens.iter().position(|token| token.role() == Role::Effect);
        let outside = effect.filter(|_| self.clause.cause).and_then(|at| tokens.get(at..)).unwrap_or(tokens);
        if outside.iter().any(|token| foreign_noun(token) || counted(token)) {
            return;
        }
        let behind = Before::read(self.grammar, tokens).carriers;
        // 局网站“我要写信”栏目未收到来信: where none came in.
        let before = || Before::read(self.grammar, self.tokens.get(self.clause.from..at).unwrap_or_default()).carriers;
        let carriers = if behind.is_empty() { before() } else { behind };
        let known = self.drafts.len();
        let mut cause = self.clause.cause;
        let mut carried = false;
        for (place, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Gap if self.clause.nil && !trailing && !cause => return,
                Kind::Word(word) => {
                    let next_topic = match tokens.get(place + 1).map(|token| token.kind) {
                        Some(Kind::Word(Word { topic, plain: false, .. })) => topic,
                        _ => 0,
                    };
                    if cause && word.topic == self.grammar.turning && next_topic != 0 && next_topic != word.topic {
                        // 无因政府信息公开申请行政复议: 申请 is what was not done.
                        cause = false;
                        continue;
                    }
                    // 因信息公开被诉至法院的案件: the noun itself is the effect.
                    let effect = word.topic != 0 && word.topic != self.grammar.turning && !Grammar::is(self.grammar.foreign | self.grammar.broad, word.topic);
                    cause = (cause || word.role == Role::Cause) && word.role != Role::Effect && !effect;
                    let act = turned(self.grammar, self.tokens, from + place, word.act);
                    let act = if act == self.grammar.acts.turn { self.grammar.acts.turn_out } else { act };
                    let turn = act != 0 && (act == self.grammar.acts.turn_in || act == self.grammar.acts.turn_out);
                    let gap_before = place > 0 && tokens.get(place - 1).is_some_and(|token| token.kind == Kind::Gap);
                    let next = tokens.get(place + 1).map(|token| token.kind);
                    let attribute = matches!(next, Some(Kind::Word(Word { topic, .. })) if topic != 0) && (word.plain || word.topic == self.grammar.turning);
                    if cause || (word.plain && gap_before) || (attribute && !turn) {
                        continue;
                    }
                    let (topic, act) = match (turn, word.topic) {
                        (true, _) => (self.grammar.turning, act),
                        (false, 0) if word.act != 0 && place + 1 == tokens.len() && self.memory.topics.contains(self.grammar.turning) => {
                            (self.grammar.turning, word.act)
                        }
                        (false, 0) => continue,
                        (false, topic) if carried && topic == self.grammar.turning => continue,
                        (false, topic) => (topic, 0),
                    };
                    carried |= turn;
                    self.nought(topic, act, at, carriers);
                }
                _ => {}
            }
        }
        let last = self.memory.last.filter(|last| last.indicator.is_some() && !last.amount.rate && !Grammar::is(self.grammar.asking, last.topic));
        if let Some(last) = last.filter(|_| trailing && self.drafts.len() == known && self.clause.from + 4 >= end.saturating_sub(1)) {
            // 行政诉讼2021年2件，2022年未再发生; 上年复议3件、诉讼1件，本年均为零: each of them.
            let series = self.memory.series;
            let alike = |items: &[Item]| items.iter().any(|item| item.topic == last.topic) && items.iter().all(|item| item.carriers == last.carriers);
            match series.several().filter(|items| alike(items)) {
                Some(items) => items.iter().for_each(|item| self.nought(item.topic, 0, at, item.carriers)),
                None => self.nought(last.topic, 0, at, last.carriers),
            }
        }
    }

    /// 行政复议零案件: a noun that adds nothing to the one before it.
    fn vague(&self, word: &Word) -> bool {
        word.plain && Grammar::is(self.grammar.foreign, word.topic)
    }

    /// 行政复议零发生、行政诉讼零发生 — each noun before it a nought.
    pub(super) fn negate_before(&mut self, at: usize) {
        let from = self.clause.own.max(self.clause.from).min(at);
        let tokens = self.tokens.get(from..at).unwrap_or_default();
        let cause = tokens.iter().any(|token| token.role() == Role::Cause);
        let effect = tokens.iter().rposition(|token| token.role() == Role::Effect).filter(|_| cause);
        let tokens = tokens.get(effect.unwrap_or(0)..).unwrap_or_default();
        let nouns = tokens.iter().filter_map(|token| match token.kind {
            Kind::Word(Word { topic, plain: false, .. }) if topic != 0 => Some(topic),
            _ => None,
        });
        let mut nouns = nouns.peekable();
        if nouns.peek().is_none() {
            // 零发生行政复议: it stands before its noun.
            self.clause.negated = self.clause.negated.or(Some(at));
            self.clause.nil = true;
            return;
        }
        let carriers = Before::read(self.grammar, tokens).carriers;
        if !(self.memory.wide || self.clause.aim || self.heading) {
            nouns.for_each(|topic| self.nought(topic, 0, at, carriers));
        }
        self.clause.own = at + 1;
    }

    fn nought(&mut self, topic: u8, act: u8, at: usize, carriers: Carriers) {
        let Some(indicator) = self.grammar.indicator(topic, act, None) else {
            return;
        };
        let Some(entry) = self.grammar.entry(indicator) else {
            return;
        };
        if entry.zero.is_some() && (!entry.channelled || !carriers.is_empty()) {
            let mut draft = self.implied(indicator, topic, act, 0.0, at, carriers);
            draft.scope = draft.scope.or(Some(Scope::CurrentYear));
            self.drafts.push(draft);
            self.memory.topics.push(topic);
        }
    }

    /// 均已办结, 全部按时答复: a rate of 1 (rule R7), if figures or a noun say of what.
    pub(super) fn accomplish(&mut self, at: usize, end: usize) {
        if self.memory.wide || self.clause.aim || self.clause.negated.is_some() || self.heading || self.clause.aside {
            return;
        }
        let tokens = self.tokens.get(at + 1..end).unwrap_or_default();
        // What follows the verb is not what was done: 办理完毕并反馈投诉人.
        let closing = |token: &Token| matches!(token.kind, Kind::Word(word) if self.grammar.acts.rate_of(word.act) != 0);
        let until = tokens.iter().rposition(closing).map_or(end, |place| at + place + 2);
        let own = Before::read(self.grammar, self.tokens.get(self.clause.from..until).unwrap_or_default());
        if own.topic != 0 && Grammar::is(self.grammar.foreign, own.topic) {
            return;
        }
        let mut done = [0u8; 2];
        for (place, token) in tokens.iter().enumerate() {
            let Kind::Word(word) = token.kind else { continue };
            let rate = self.grammar.acts.rate_of(word.act);
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
                if tokens.iter().any(|token| token.kind == Kind::Time(Moment::Part)) {
                    // 均在7月办复: when all of it was done, not a part of it.
                    draft.scope = draft.scope.or(self.memory.base.scope());
                }
                draft.named = !own.carriers.is_empty();
                self.drafts.push(draft);
                self.memory.asked_open = false;
            }
        }
    }

    fn implied(&self, indicator: u16, topic: u8, act: u8, value: f64, at: usize, carriers: Carriers) -> Draft {
        let span = self.tokens.get(at).map_or((0, 0), |token| (token.from, token.to));
        Draft {
            amount: Amount { value, rate: value == 1.0, span, ..Amount::default() },
            indicator: Some(indicator),
            topic,
            act,
            noun: true,
            verbal: true,
            full: true,
            carriers,
            scope: if self.memory.plan { Some(Scope::NextYearPlan) } else { self.memory.moment.scope() },
            implied: true,
            clause: self.clause.number,
            ..Draft::default()
        }
    }

    /// A carrier named only for a later figure covers a rate stated before it (rule R13).
    pub(super) fn name_rates(&mut self) {
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
