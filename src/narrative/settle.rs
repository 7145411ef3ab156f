//! Decides which drafts are facts beside the others of their sentence, and remembers them: parts of a total, kinds
//! before their sum, a stock before what is new, a plan before what was done (rules R4, R8, R11).

use super::clause::Before;
use super::grammar::{Grammar, has};
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Carriers, Word};
use super::list::Item;
use super::memory::{Dealt, Draft, Memory};
use super::time::Moment;
use super::walk::Walk;
use crate::fact::Scope;

/// So many figures of one clause, each with its subject, are its kinds.
const KINDS: usize = 3;

impl Walk<'_> {
    /// Decides which new drafts are facts, and remembers them.
    pub(super) fn settle(&mut self, from: usize) {
        for at in from..self.drafts.len() {
            let Some(draft) = self.drafts.get_mut(at) else { return };
            let rate = draft.amount.rate;
            let new = *draft;
            let whole =
                |other: &&mut Draft| other.summed && other.indicator == new.indicator && other.scope == new.scope && other.amount.value > new.amount.value;
            if self.memory.parts
                && new.dated
                && new.indicator.is_some()
                && !rate
                && let Some(total) = self.drafts.iter_mut().take(at).rfind(whole)
            {
                // 累计公开2.3万条，其中2020年公开2310条: the whole is of all years.
                total.scope = Some(Scope::Cumulative);
                self.memory.parts = false;
            }
            let other = self.memory.total.filter(|total| total.scope != new.scope && total.clause < self.memory.since && new.clause >= self.memory.since);
            if other.is_some_and(|total| self.memory.parts && total.indicator == new.indicator && new.indicator.is_some()) {
                // 公开96条，其中头版6条；自开通以来累计2.3万条，当年850条: another matter.
                self.memory.parts = false;
            }
            if self.memory.parts && !rate && new.full && self.memory.total.is_none() && new.clause >= self.memory.since && self.memory.since > 0 {
                // …其中因信息公开引起的2件；被提起行政诉讼11件: another matter.
                self.memory.parts = false;
            }
            let Some(draft) = self.drafts.get_mut(at) else { return };
            if let Some(indicator) = draft.indicator
                && !rate
                && self.memory.part(self.grammar, indicator, draft)
            {
                draft.indicator = None;
                draft.kind |= Grammar::is(self.grammar.broad, draft.topic);
            }
            let draft = *draft;
            if draft.indicator.is_none() && draft.kind && !draft.named {
                // 网站公开预算10条、招考5条: the first of the kinds is no more a total than the others.
                let first = self.drafts.iter_mut().take(at).rfind(|_| true);
                let alike = first.filter(|first| first.kind && first.clause == draft.clause && first.topic == draft.topic && !first.summed);
                alike.into_iter().for_each(|first| first.indicator = None);
            }
            if let Some(total) = self.memory.total.filter(|_| self.memory.parts && !rate && draft.indicator.is_some()) {
                let is_whole = |other: &&mut Draft| other.amount.span == total.amount.span && other.indicator == draft.indicator && other.scope == draft.scope;
                self.drafts.iter_mut().take(at).filter(is_whole).for_each(|whole| whole.whole = true);
            }
            if draft.summed
                && !rate
                && self
                    .drafts
                    .iter()
                    .take(at)
                    .any(|part| part.named && part.indicator.is_some() && part.indicator == draft.indicator && part.scope == draft.scope)
            {
                let own = self.drafts.get_mut(at).filter(|own| !own.named);
                own.into_iter().for_each(|own| own.whole = true);
            }
            if has(self.grammar.acts.fresh, draft.act) && draft.scope == Some(Scope::Cumulative) && !draft.undated && self.memory.moment == Moment::Since {
                // 开通以来累计发布3.6万条，新增2100条: what is new is of this year.
                self.drafts.iter_mut().skip(at).take(1).for_each(|draft| draft.scope = Some(Scope::CurrentYear));
            }
            if has(self.grammar.acts.fresh, draft.act) {
                // 累计3.6万条，新增2100条: the first is a stock.
                for other in self.drafts.iter_mut().take(at).filter(|other| other.undated && other.indicator == draft.indicator) {
                    other.scope = Some(Scope::Cumulative);
                }
            }
            if !draft.partial && !rate && draft.indicator.is_some() {
                // 截至11月底收到16件，全年收到19件: the first is a part of the year.
                let like = |other: &&mut Draft| other.partial && other.indicator == draft.indicator && other.carriers == draft.carriers;
                self.drafts.iter_mut().take(at).filter(like).filter(|other| other.amount.value < draft.amount.value).for_each(|other| other.indicator = None);
            }
            if draft.summed {
                self.sum(at, draft);
            } else {
                self.split(at, draft);
            }
            if draft.summed && !draft.noun {
                // 建议4件、提案6件，共10件: the total stands for its kinds.
                for other in self
                    .drafts
                    .iter_mut()
                    .take(at)
                    .filter(|other| other.kind && !other.named && other.indicator == draft.indicator && other.scope == draft.scope)
                {
                    other.indicator = None;
                }
            }
            self.memory.topics.push(draft.topic);
            if draft.indicator.is_some() {
                self.memory
                    .series
                    .push(draft.clause, Item { carriers: draft.carriers, topic: draft.topic, act: draft.act, kind: draft.kind, moment: self.dealt_to });
            }
            if !draft.carriers.is_empty() {
                self.memory.name(draft.carriers);
                self.memory.shown = self.memory.shown.and(draft.carriers);
                self.memory.said = self.memory.said.and(draft.carriers);
            }
            if rate {
                self.memory.asked_open = false;
                continue;
            }
            if draft.indicator.is_some() && Grammar::is(self.grammar.asking, draft.topic) && !self.memory.parts {
                let carriers = if draft.carriers.is_empty() || draft.carriers == Carriers::LINE { Carriers::OTHER } else { draft.carriers };
                if !self.memory.asked_open {
                    self.memory.asked = Carriers::default();
                    self.memory.asked_list = Dealt::default();
                }
                self.memory.asked = self.memory.asked.and(carriers);
                self.memory.asked_list.push(carriers);
                self.memory.asked_all = self.memory.asked_all.and(carriers);
                self.memory.asked_open = true;
            }
            // 较2021年的22宗增加9宗；其中…: the parts are not those of the figure compared with.
            let beside = self.clause.compare && self.memory.total.is_some_and(|total| total.indicator == draft.indicator && total.scope != draft.scope);
            if !self.memory.parts && draft.indicator.is_some() && !beside {
                self.memory.total = Some(draft);
                self.memory.total_earlier = false;
            }
            self.memory.last = Some(draft);
            self.memory.opening = (0, 0);
        }
    }

    /// 线上申请11件、信函申请4件，共15件申请: what comes before a total of the same are its parts, unless they are told
    /// apart by channel, or some were carried in.
    fn sum(&mut self, at: usize, total: Draft) {
        let Some(indicator) = total.indicator else { return };
        let turned = self.drafts.iter().take(at).any(|draft| draft.act != 0 && draft.act == self.grammar.acts.turn_in);
        let channelled = self.grammar.is_channelled(indicator);
        // 图解12张、短视频7条，共推出解读23件: kinds are counted by their own words.
        let measured = |draft: &Draft| draft.amount.measure == total.amount.measure || draft.kind && !total.kind;
        let like = |draft: &Draft| draft.indicator == Some(indicator) && draft.scope == total.scope && measured(draft);
        // 文件38件、动态912条，合计950条: whatever they are counted by.
        let sorts = |draft: &&Draft| draft.indicator == Some(indicator) && draft.scope == total.scope && !draft.named;
        if !total.noun && self.drafts.iter().take(at).filter(sorts).map(|draft| draft.amount.value).sum::<f64>() == total.amount.value {
            self.drafts.iter_mut().take(at).filter(|draft| sorts(&&**draft)).for_each(|draft| draft.indicator = None);
            return;
        }
        let apart = |draft: &Draft| draft.named && channelled && self.grammar.channel(draft.carriers) != self.grammar.channel(total.carriers);
        let all: f64 = self.drafts.iter().take(at).filter(|draft| like(draft) && !apart(draft)).map(|draft| draft.amount.value).sum();
        if all == total.amount.value {
            self.drafts.iter_mut().take(at).filter(|draft| like(draft) && !apart(draft)).for_each(|draft| draft.indicator = None);
            return;
        }
        let part = |draft: &Draft| like(draft) && !apart(draft) && !draft.summed && draft.amount.value < total.amount.value;
        let sum: f64 = self.drafts.iter().take(at).filter(|draft| part(draft)).map(|draft| draft.amount.value).sum();
        let of_kind = |draft: &Draft| part(draft) && draft.kind && !total.kind && draft.named;
        self.drafts.iter_mut().take(at).filter(|draft| of_kind(draft)).for_each(|draft| draft.indicator = None);
        if sum == total.amount.value || !(channelled || turned || total.kind) {
            self.drafts.iter_mut().take(at).filter(|draft| part(draft)).for_each(|draft| draft.indicator = None);
        }
    }

    /// 办理提案43件，主办29件、协办14件: what adds up to the figure before it is its parts, unless told apart by channel.
    fn split(&mut self, at: usize, last: Draft) {
        let like = |draft: &&Draft| draft.indicator == last.indicator && draft.scope == last.scope && draft.amount.measure == last.amount.measure;
        let channelled = last.indicator.is_some_and(|one| self.grammar.is_channelled(one));
        if last.indicator.is_none() || last.amount.rate {
            return;
        }
        let mut sum = 0.0;
        for (parts, draft) in self.drafts.get(..=at).unwrap_or_default().iter().rev().take_while(like).enumerate() {
            if parts > 1 && draft.amount.value == sum {
                self.drafts.iter_mut().take(at + 1).skip(at + 1 - parts).for_each(|part| part.indicator = None);
                return;
            }
            if draft.named || draft.noun && channelled {
                return;
            }
            sum += draft.amount.value;
        }
    }

    /// 合计298条，全部挂在门户网站: where all of it was published is said afterwards.
    pub(super) fn place(&mut self, tokens: &[Token]) {
        let before = Before::read(self.grammar, tokens);
        let published = |draft: &&mut Draft| {
            draft.carriers.is_empty() && draft.clause + 1 == self.clause.number && Grammar::is(self.grammar.broad, draft.topic) && draft.indicator.is_some()
        };
        if self.clause.all.is_some() && before.topic == 0 && before.carriers.0.count_ones() == 1 {
            self.drafts.last_mut().filter(published).into_iter().for_each(|draft| (draft.carriers, draft.named) = (before.carriers, true));
        }
    }

    /// 被申请行政复议7件，其中因信息公开引起的2件: only these are ours.
    pub(super) fn narrow(&mut self, from: usize) {
        let Some(total) = self.memory.total.filter(|total| total.indicator.is_some() && !total.amount.rate) else { return };
        if !Grammar::is(self.grammar.caused, total.topic) || !self.drafts.iter().skip(from).any(|draft| draft.topic == total.topic && draft.indicator.is_some())
        {
            return;
        }
        let whole = |draft: &&mut Draft| draft.amount.span == total.amount.span;
        self.drafts.iter_mut().take(from).filter(whole).for_each(|whole| whole.indicator = None);
        self.memory.total = None;
    }

    /// 预决算公开4条、机构职能公开2条、招聘公示公开7条: where the subject of each stands before its verb, one after the
    /// other, none of them is a total; nor is what comes behind several kinds (rule R4).
    pub(super) fn leave_kinds(&mut self) {
        let broad = |draft: &Draft| Grammar::is(self.grammar.broad, draft.topic) && draft.carriers.is_empty() && !draft.summed && !draft.implied;
        let mut kinds = (0, 0);
        for draft in self.drafts.iter_mut().filter(|draft| broad(draft)) {
            kinds = if kinds.0 == draft.clause { kinds } else { (draft.clause, 0) };
            if draft.kind && draft.indicator.is_none() {
                kinds.1 += 1;
            } else if kinds.1 + 1 >= KINDS {
                draft.indicator = None;
            }
        }
        let ends = |token: &Token| matches!(token.kind, Kind::Mark(Mark::Comma | Mark::Semicolon | Mark::Stop) | Kind::Index);
        let nominal = |token: &Token| token.kind == Kind::Gap || matches!(token.kind, Kind::Word(word) if word.topic != 0 && word.carriers.is_empty());
        let subject_first = |item: &[Token]| {
            let amount = item.iter().position(|token| matches!(token.kind, Kind::Amount(_)));
            let before = amount.and_then(|at| item.get(at.checked_sub(2)?..at));
            matches!(before, Some([subject, Token { kind: Kind::Word(Word { act: 1.., topic: 0, .. }), .. }]) if nominal(subject))
        };
        for clause in self.tokens.split(ends) {
            let items = clause.split(|token| token.kind == Kind::Mark(Mark::Enumeration));
            if items.filter(|item| subject_first(item)).count() < KINDS {
                continue;
            }
            let (from, to) = (clause.first().map_or(0, |token| token.from), clause.last().map_or(0, |token| token.to));
            let is_kind = |draft: &&mut Draft| {
                let home = draft.indicator.is_some_and(|one| Grammar::is(self.grammar.broad, self.grammar.home(one)));
                home && draft.carriers.is_empty() && !draft.summed && !draft.implied && (from..to).contains(&draft.amount.span.0)
            };
            self.drafts.iter_mut().filter(is_kind).for_each(|draft| draft.indicator = None);
        }
    }

    /// 预计500条，实际563条: the plan is no fact beside what was done.
    pub(super) fn perform(&mut self) {
        (self.memory.plan, self.memory.outlook) = (false, false);
        for draft in self.drafts.iter_mut().filter(|draft| draft.scope == Some(Scope::NextYearPlan)) {
            draft.indicator = None;
        }
    }
}

impl Memory {
    /// Whether a figure only repeats a part of the total before it (rule R4).
    pub fn part(&self, grammar: &Grammar, indicator: u16, draft: &Draft) -> bool {
        let broad = Grammar::is(grammar.broad, draft.topic) && grammar.home(indicator) == draft.topic;
        if broad && draft.kind && !draft.named {
            return true;
        }
        if self.parts
            && broad
            && !draft.named
            && self.total.is_none()
            && self.last.is_some_and(|last| last.kind && last.indicator.is_none() && last.topic == draft.topic)
        {
            // 发布财政信息380条，其中预决算公开197条: parts of what is none of ours.
            return true;
        }
        let own = draft.verbal || Grammar::is(grammar.leaning | grammar.published, draft.topic);
        let other = |total: Draft| Grammar::is(grammar.broad, total.topic) && total.indicator != Some(indicator);
        if self.parts && draft.amount.measure.is_none() && self.total.is_some_and(|total| total.topic == draft.topic && total.indicator != Some(indicator)) {
            // 受训286人次（线上172、线下114）: without a measure word they count what the total counts.
            return true;
        }
        let anew = self.total.is_some_and(|total| total.clause < self.since && total.amount.measure != draft.amount.measure);
        if self.parts && !anew && ((draft.noun && !own && self.total.is_some_and(other)) || (self.total.is_none() && draft.kind && !draft.named)) {
            // 公开512条，其中建议提案办理12件: items published about it.
            return true;
        }
        let Some(total) = self.total.filter(|total| total.indicator == Some(indicator)) else {
            return false;
        };
        let of_kind =
            draft.kind && !total.kind && !self.total_earlier && draft.amount.measure == total.amount.measure && !(draft.full && total.clause < self.since);
        let channelled = grammar.is_channelled(indicator);
        // 共受理48件，网络受理40件: ways of coming in, not more of them.
        // 印制手册共6000册，发放4800册: another thing done.
        let alike = draft.act == 0 || draft.act == total.act || has(grammar.acts.compound, draft.act);
        let again = !channelled && total.summed && total.amount.measure == draft.amount.measure && !self.total_earlier && !draft.noun && alike;
        if !self.parts && !of_kind && !again {
            return false;
        }
        // 网站公开12条，其他方式公开3条: carriers without a channel are carriers too.
        let told_apart =
            grammar.channel(draft.carriers) != grammar.channel(total.carriers) || total.carriers.is_empty() && Grammar::is(grammar.broad, draft.topic);
        // 其中12345热线3960件、“随手拍”402件: beside a channel, other carriers are told apart too.
        let by_carriers = self.last.is_some_and(|last| last.named && last.indicator == Some(indicator) && last.amount.span != total.amount.span);
        let other_way = total.carriers.is_empty() && by_carriers && Grammar::is(grammar.asking, draft.topic);
        let other_channel = channelled && draft.named && (told_apart || other_way);
        !other_channel && draft.scope == total.scope
    }
}
