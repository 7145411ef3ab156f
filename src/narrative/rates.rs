//! Attaches rates: which rates a percentage states, of what, and through which channels (rules R5, R7, R13).

use super::after::After;
use super::attach::Attacher;
use super::clause::{Before, foreign};
use super::grammar::Grammar;
use super::lexicon::Carriers;
use super::memory::{Draft, Memory};
use super::number::Amount;
use super::time::Moment;
use crate::fact::Scope;

impl Attacher<'_> {
    /// Drafts the rates a percentage states.
    pub(super) fn rates(&self, before: &Before, after: &After, amount: &Amount, moment: Moment, drafts: &mut Vec<Draft>) {
        let mut rates = before.rates;
        let mut resumed = None;
        let bare = before.bare();
        let mut before = *before;
        let open = rates.as_slice().is_empty() && self.memory.last_rate(drafts).is_none();
        if let Some(rated) = self.memory.rated.filter(|_| open && bare && before.marked) {
            before = Before { marked: true, ..rated };
            rates = rated.rates;
        } else if let Some(rated) = self.memory.rated.filter(|_| rates.as_slice().is_empty() && before.only_carriers()) {
            before = Before { carriers: before.carriers, ..rated };
            rates = rated.rates;
        }
        if rates.as_slice().is_empty() && bare {
            (before.topic, before.carriers) = (after.topic, after.carriers);
        }
        let before = &before;
        let own = before.topic;
        if rates.as_slice().is_empty() {
            let acts = &self.grammar.acts;
            let found = if before.gap { 0 } else { acts.rate_of(after.act).max(acts.share_of(after.act)) };
            let before_it = if found == 0 && before.each { acts.rate_of(before.act) } else { 0 };
            match self.memory.last_rate(drafts) {
                _ if found != 0 => rates.add(found),
                _ if before_it != 0 => rates.add(before_it),
                Some(last) if bare && before.marked => {
                    rates.add(last);
                    resumed = drafts.last().copied();
                }
                _ => return,
            }
        } else if before.gap || (before.modified && own == 0 && before.carriers.is_empty()) {
            return;
        }
        if Grammar::is(self.grammar.foreign, own) && own != 0 {
            return;
        }
        for &rate in rates.as_slice() {
            let of_carriers = before.carriers.each().map(|one| self.grammar.topic_of(one)).find(|&topic| self.grammar.knows(topic, rate));
            let topic = match of_carriers {
                _ if resumed.is_some() => resumed.map_or(0, |last| last.topic),
                _ if own != 0 && self.grammar.knows(own, rate) => own,
                _ if own != 0 && !self.outlet(own) => return,
                Some(topic) => topic,
                None => self.memory.topic_for(self.grammar, rate),
            };
            let Some(indicator) = self.grammar.indicator(topic, rate, None) else {
                continue;
            };
            let named = before.carriers;
            let carriers = match resumed {
                Some(last) => last.carriers,
                None if named.is_empty() => self.asked(before, topic, own != 0),
                None => named,
            };
            let scope = if self.memory.plan { Some(Scope::NextYearPlan) } else { moment.scope() };
            let fact = scope.is_some() && !self.memory.wide;
            drafts.push(Draft {
                amount: *amount,
                indicator: fact.then_some(indicator),
                topic,
                act: rate,
                noun: own != 0,
                verbal: true,
                full: true,
                carriers,
                named: !named.is_empty(),
                scope,
                undated: before.total && !self.memory.dated && scope == Some(Scope::CurrentYear),
                wide: self.memory.wide,
                elsewhere: self.memory.wide.then_some(indicator),
                clause: self.clause,
                ..Draft::default()
            });
        }
    }

    /// The carriers of a rate that names none: those of the figures it follows.
    pub fn asked(&self, before: &Before, topic: u8, noun: bool) -> Carriers {
        if before.above && !self.memory.shown.is_empty() {
            return self.memory.shown;
        }
        if !Grammar::is(self.grammar.asking, topic) {
            return Carriers::default();
        }
        if before.overall && !self.memory.asked_all.is_empty() {
            return self.memory.asked_all;
        }
        if before.overall && self.memory.last.is_none() && !self.memory.asked_before.is_empty() {
            return self.memory.asked_before;
        }
        let beside = self.memory.last.filter(|last| last.clause == self.clause && last.named && Grammar::is(self.grammar.asking, last.topic) && !before.each);
        if let Some(last) = beside.filter(|last| !last.amount.rate) {
            // 受理来信37封，受理12345工单1980件、办结率99%: of the figure beside it.
            return last.carriers;
        }
        if self.memory.topics.contains(topic) || !noun {
            if !self.memory.asked.is_empty() {
                return self.memory.asked;
            }
            if !noun && self.memory.lead.is_empty() {
                return self.memory.carriers;
            }
        }
        self.memory.lead
    }

    /// Whether a noun is only that of a carrier.
    fn outlet(&self, topic: u8) -> bool {
        self.grammar.channel_topics.contains(&topic) && topic != foreign(self.grammar)
    }
}

impl Memory {
    /// The rate stated last among these drafts.
    fn last_rate(&self, drafts: &[Draft]) -> Option<u8> {
        drafts.last().filter(|draft| draft.amount.rate && !draft.implied).map(|draft| draft.act)
    }
}
