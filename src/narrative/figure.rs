//! One figure of a sentence: what governs it, of which time it is, and what later figures need of it where it states
//! nothing.

use super::after::After;
use super::attach::Attacher;
use super::clause::{Before, Difference, foreign};
use super::grammar::{Grammar, has};
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Role, Word};
use super::list::Item;
use super::number::Amount;
use super::time::Moment;
use super::walk::Walk;

/// How far the value reached may stand behind the value left.
const REACH: usize = 14;

/// What governs a figure.
struct Governing<'a> {
    /// The words before it, as far as they are its own.
    own: &'a [Token],
    /// What they say, or what the list says that is dealt with.
    before: Before,
    /// The item of the list.
    item: Option<Item>,
    /// What the words after it say.
    after: After,
}

impl<'a> Walk<'a> {
    /// Drafts what a figure states, and remembers it.
    pub(super) fn figure(&mut self, at: usize, amount: Amount) {
        let portion = !self.memory.parts && self.is_portion(at);
        self.memory.parts |= portion;
        self.state(at, amount);
        self.memory.parts &= !portion;
    }

    fn state(&mut self, at: usize, amount: Amount) {
        let mut governing = self.governing(at, &amount);
        let Governing { own, before, item, after } = &mut governing;
        if self.glyphs.get(amount.span.1 as usize).is_some_and(|glyph| glyph.ch == '倍') {
            // 为2021年的1.5倍，共计54件: the year was one to compare with.
            let first = self.memory.first.unwrap_or_default();
            (self.memory.moment, self.memory.base) = (first, first);
        }
        let again = self.memory.last.is_some_and(|last| last.amount.value == amount.value && !last.amount.rate);
        if again && before.bare() && self.role(at + 1) == Role::Total {
            // 四场合计到课255人次: the four just counted.
            self.clause.own = at + 1;
            return;
        }
        if before.only_carriers() && self.role(at + 1) == Role::Total && amount.value < 10.0 {
            // 书记信箱、镇长信箱两处合计来件56件: how many were listed.
            return;
        }
        if amount.lone && (self.clause.negated.is_some() || self.role(at + 1) == Role::Negation) {
            // 无一件结转下年, 发布会一场未开: not one.
            return;
        }
        let began = std::mem::replace(&mut self.clause.own, at + 1);
        let share = own.iter().any(|token| token.role() == Role::Share);
        if amount.rate && before.rates.as_slice().is_empty() && has(self.grammar.acts.rates, after.act) && after.act != 0 && !after.gap && !before.gap {
            // 99.5%的按时办结率.
            before.rates.add(after.act);
        }
        let follows_another = self.before(began) == Some(Kind::Mark(Mark::Enumeration));
        if follows_another || self.is_listed(at) {
            before.meant = 0;
        }
        // 计划由现有的26块增加到40块: what there is is no plan.
        let standing = self.memory.plan && has(self.grammar.acts.stock, before.act) && self.moves(at);
        let planned = standing.then_some(self.memory.moment);
        if standing {
            (self.memory.plan, self.memory.moment) = (false, Moment::Year(0));
        }
        let by = own.iter().rposition(|token| token.role() == Role::From);
        if let Some(by) = by.filter(|_| before.difference == Difference::Left && !self.moves(at)) {
            // 公开工作由3名兼职人员承担: no value left, for none was reached.
            *before = Before::counted(self.grammar, own.get(by + 1..).unwrap_or_default(), amount.measure);
        }
        let cause = |token: &Token| matches!(token.role(), Role::Cause | Role::Effect);
        let themed = own.iter().any(|token| matches!(token.kind, Kind::Word(word) if word.theme));
        let caused = self.memory.parts && themed && own.iter().any(cause);
        before.marked |= caused;
        let aside = self.clause.aside || self.clause.mean && !amount.rate || share && (amount.rate || amount.measure.is_none()) || self.aimed(at);
        if amount.lone && self.role_before(at) == Role::Parts {
            // 其中一条播放量达41万次: that of a single one.
            self.clause.aside = true;
            return;
        }
        if amount.foreign && before.act == 0 && !before.carriers.is_empty() && amount.value < 10.0 {
            // 微信、抖音两个账号分别…: how many were listed.
            self.clause.own = began;
        }
        let intended = self.memory.plan || self.memory.moment == Moment::Year(1);
        if amount.foreign || aside || self.heading || (self.clause.aim && !intended) {
            if before.difference == Difference::Left {
                self.clause.own = began;
            }
            if !before.rates.as_slice().is_empty() && !before.gap {
                // 满意率提升1.2个百分点，达到98.7%: the rate is still spoken of.
                self.memory.rated = Some(*before);
            }
            return;
        }
        let Some(moment) = self.moment_of(before, *item, began, intended) else { return };
        if self.awaits_matter(at, before) {
            self.unclaimed = Some((*before, amount, moment));
            return;
        }
        let attacher = Attacher { grammar: self.grammar, memory: self.memory, clause: self.clause.number };
        let from = self.drafts.len();
        attacher.attach(before, after, &amount, moment, *item, self.drafts);
        if let Some(moment) = planned {
            (self.memory.plan, self.memory.moment) = (true, moment);
        }
        if caused {
            self.narrow(from);
        }
        if from == self.drafts.len() {
            self.pass(&governing, &amount, moment, follows_another);
            return;
        }
        self.clause.figured = true;
        (self.memory.led, self.memory.anew) = (false, false);
        self.settle(from);
        self.answer(from);
        self.claim();
    }

    /// What governs a figure: the words before it, or where a list deals figures out, the next of its items.
    fn governing(&mut self, at: usize, amount: &Amount) -> Governing<'a> {
        let tokens = self.tokens;
        let mut own = tokens.get(self.clause.own..at).unwrap_or_default();
        let mut before = Before::counted(self.grammar, own, amount.measure);
        let after = After::read(self.grammar, tokens.get(at + 1..).unwrap_or_default(), amount.measure);
        if before.bare() && !self.clause.outer.is_empty() && amount.measure.is_some() {
            before.carriers = self.clause.outer;
        }
        let several = self.is_listed(at) && matches!(tokens.get(at + 2).map(|token| token.kind), Some(Kind::Amount(_)));
        let to_deal = several && self.dealt >= self.listed;
        let from = tokens.iter().take(at).rposition(|token| token.role() == Role::From);
        if let Some(from) = from.filter(|_| to_deal && before.difference == Difference::Left && before.moment == Some(Moment::Year(-1))) {
            // 复议、诉讼由上年的4件、2件分别降为1件、0件.
            self.deal(from);
            self.clause.own = from;
            own = tokens.get(from..at).unwrap_or_default();
        }
        if several && self.dealt >= self.listed && self.matched(own, at) {
            // 热线、信箱、平台受理量为1518件、36件、52件: in their order, though it is not said.
            self.deal(at);
            self.clause.own = at;
            own = &[];
        }
        if several && self.dealt >= self.listed && self.clause.compare && before.bare() {
            // 复议2起、诉讼1起，较上年的5起、3起: in their order.
            self.resume();
        }
        if self.dealt >= self.listed {
            return Governing { own, before, item: None, after };
        }
        let since = own.iter().rposition(|token| matches!(token.role(), Role::Respectively | Role::Each));
        let tail = Before::read(self.grammar, own.get(since.map_or(0, |at| at + 1)..).unwrap_or_default());
        // 分别为73人次和68人次，合计141人次: what they come to is none of them.
        if !tail.carriers.is_empty() || self.dealt > 0 && (!tail.bare() || tail.total) {
            self.listed = 0;
            return Governing { own, before, item: None, after };
        }
        let item = self.list.get(self.dealt).copied();
        if self.dealt == 0 && self.shared.bare() {
            self.shared = tail;
        }
        self.dealt += 1;
        let before = Before { difference: tail.difference, moment: self.shared.moment.or(tail.moment), ..self.shared };
        Governing { own, before, item, after }
    }

    /// The time a figure is of; none if it is no figure of its own: a change, or a value left before the one reached.
    fn moment_of(&mut self, before: &Before, item: Option<Item>, began: usize, intended: bool) -> Option<Moment> {
        // 2022年、2023年分别公开312条、345条: each year its own figure.
        self.dealt_to = item.and_then(|item| item.moment);
        let moment = match before.difference {
            Difference::Certain => {
                // 粉丝增长2.1万、总数达6.8万: the noun is still spoken of.
                if before.topic != 0 {
                    self.memory.opening = (before.topic, 0);
                }
                return None;
            }
            Difference::Possible if self.clause.compare => return None,
            Difference::None if self.clause.compare && has(self.grammar.acts.fresh, before.act) => return None,
            Difference::None if self.clause.compare => self.clause.compared.filter(|moment| *moment != Moment::Year(0))?,
            Difference::Left if self.memory.left.is_some() && before.moment.is_none() => self.memory.left?,
            Difference::Left if !matches!(before.moment, Some(Moment::Year(..0))) => {
                // 由93%提升到95%: what governs the value left governs the value reached.
                self.clause.own = began;
                return None;
            }
            Difference::Reached if before.moment.is_none() && !intended => {
                (self.memory.moment, self.memory.base) = (Moment::Year(0), Moment::Year(0));
                Moment::Year(0)
            }
            _ => self.dealt_to.unwrap_or(self.memory.moment),
        };
        if before.difference == Difference::Left {
            self.memory.left = Some(moment);
        }
        Some(moment)
    }

    /// Remembers of a figure that states nothing what later figures need.
    fn pass(&mut self, Governing { own, before, after, .. }: &Governing<'_>, amount: &Amount, moment: Moment, follows_another: bool) {
        let foreign_noun = Grammar::is(self.grammar.foreign, before.topic);
        if !foreign_noun && amount.measure.is_some() {
            // 回访诉求人1800人次，满意的占95%: they are spoken of, though not counted.
            self.memory.topics.push(before.topic);
        }
        if has(self.grammar.acts.fresh, before.act) && Grammar::is(self.grammar.leaning, before.topic) {
            // 粉丝净增2270人、达到1.12万人: the noun is still spoken of.
            self.memory.opening = (before.topic, 0);
        }
        if follows_another && (before.gap || foreign_noun) {
            // 网站公开预算信息10条、救助对象22条: items by subject, none of them a total.
            let first = self.drafts.last_mut().filter(|first| first.kind && first.clause == self.clause.number && !first.summed && !first.amount.rate);
            first.filter(|first| Grammar::is(self.grammar.broad, first.topic)).into_iter().for_each(|first| first.indicator = None);
        }
        if moment == Moment::Year(-1) && before.bare() && amount.measure.is_some() && self.drafts.is_empty() {
            self.awaiting = Some(*amount);
        }
        if !self.memory.parts && (before.gap || before.person || after.gap || foreign_noun) {
            self.memory.topics.push(foreign(self.grammar));
        }
        if amount.measure.is_some() && !before.carriers.is_empty() {
            self.clause.figured = true;
            self.memory.name(before.carriers);
            let reached = has(self.grammar.acts.attends, before.act);
            if reached || before.act == 0 && (before.gap || before.vague || foreign_noun) {
                // 客户端下载量4.6万次，微信群覆盖3.8万人，全年发布稿件2480篇: the account is spoken of.
                self.clause.counted = before.carriers;
            }
            if before.act == 0 && !before.gap && own.last().is_some_and(|token| matches!(token.kind, Kind::Word(word) if !word.carriers.is_empty())) {
                self.clause.counted = self.clause.counted.and(before.carriers);
            }
        }
    }

    /// Whether another item follows a figure: 12件、….
    fn is_listed(&self, at: usize) -> bool {
        matches!(self.tokens.get(at + 1).map(|token| token.kind), Some(Kind::Mark(Mark::Enumeration)))
    }

    /// Whether a figure says how many of those before it were such: 推文556篇，原创的有319篇; 来信112封，求助类61封.
    fn is_portion(&self, at: usize) -> bool {
        let behind = |steps: usize| at.checked_sub(steps).and_then(|at| self.tokens.get(at));
        let of = |steps: usize| behind(steps).is_some_and(|token| token.role() == Role::Of);
        let plain = |word: Word| word.topic == 0 && word.carriers.is_empty() && (word.role.is_filler() || word.role == Role::Copula);
        let being = behind(1).is_some_and(|token| matches!(token.kind, Kind::Word(word) if plain(word)));
        let sort = behind(1).is_some_and(|token| token.role() == Role::Sort);
        let earlier = self.memory.total.is_some_and(|total| total.clause < self.clause.number);
        earlier && (of(1) || being && of(2) || sort)
    }

    /// 不少于600条的目标: what was to be reached.
    fn aimed(&self, at: usize) -> bool {
        let after = self.tokens.get(at + 1..).unwrap_or_default();
        let of = self.role(at + 1) == Role::Of;
        let aim = |token: &Token| token.role() == Role::Aside;
        of && after.iter().take(4).take_while(|token| !matches!(token.kind, Kind::Mark(_) | Kind::Amount(_))).any(aim)
    }

    /// Whether what follows in the sentence says that a value changed: 由3件增至5件.
    fn moves(&self, at: usize) -> bool {
        let rest = self.tokens.iter().skip(at + 1).take_while(|token| !matches!(token.kind, Kind::Mark(Mark::Semicolon | Mark::Stop)));
        rest.take(REACH).any(|token| matches!(token.role(), Role::Reach | Role::Until | Role::Change | Role::Copula))
    }
}
