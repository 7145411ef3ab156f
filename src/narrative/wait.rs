//! Figures that stand before what they speak of: a rate before its matter, a figure of the year before whose noun
//! comes with that of this year.

use super::after::After;
use super::attach::Attacher;
use super::clause::Before;
use super::grammar::Grammar;
use super::lexer::{Kind, Token};
use super::lexicon::Word;
use super::memory::Draft;
use super::walk::Walk;
use crate::fact::Scope;

impl Walk<'_> {
    /// Whether a rate stands before all that was counted, and what it is a rate of comes later in the sentence.
    pub(super) fn awaits_matter(&self, at: usize, before: &Before) -> bool {
        let named = before.topic != 0 || !before.carriers.is_empty() || before.gap || before.modified || before.rates.as_slice().is_empty();
        let spoken =
            self.memory.topics.latest().next().is_some() || self.memory.asked_topic != 0 || self.memory.total.is_some() || !self.memory.asked.is_empty();
        let rated = |token: &Token| matches!(token.kind, Kind::Word(Word { topic, .. }) if topic != 0 && Grammar::is(self.grammar.rated, topic));
        !named && !spoken && self.tokens.iter().skip(at).any(rated)
    }

    /// Gives the rate that waited for its matter that of the figure just read.
    pub(super) fn claim(&mut self) {
        let last = self.drafts.last().copied().filter(|last| !last.amount.rate && Grammar::is(self.grammar.rated, last.topic));
        let Some((last, (before, amount, moment))) = last.and_then(|last| self.unclaimed.take().map(|rate| (last, rate))) else { return };
        let before = Before { topic: last.topic, carriers: last.carriers, ..before };
        let attacher = Attacher { grammar: self.grammar, memory: self.memory, clause: self.clause.number };
        attacher.rates(&before, &After::default(), &amount, moment, self.drafts);
    }

    /// Gives the figure that waited for a noun the noun of the first figure after it.
    pub(super) fn answer(&mut self, at: usize) {
        let Some(amount) = self.awaiting.take() else { return };
        let scope = Some(Scope::PreviousYear);
        let like = self.drafts.get(at).filter(|draft| draft.amount.measure == amount.measure && !draft.amount.rate && draft.scope != scope);
        if let Some(draft) = like.copied() {
            self.drafts.insert(at, Draft { amount, scope, ..draft });
        }
    }
}
