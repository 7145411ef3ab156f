//! Attaches a figure to what it speaks of: topic, verb, measure word and carriers together name indicator and
//! channel. What the clause leaves out is taken from what was said before, nearest first.

use super::after::After;
use super::clause::Before;
use super::grammar::{Grammar, Indicator, IndicatorKind, has};
use super::lexicon::Carriers;
use super::list::Item;
use super::memory::{Draft, Memory, Topics};
use super::number::Amount;
use super::time::Moment;
use crate::fact::Scope;

/// See the head of the file.
pub struct Attacher<'a> {
    /// The rules.
    pub grammar: &'a Grammar,
    /// What was said before.
    pub memory: &'a Memory,
    /// The number of the clause.
    pub clause: u32,
}

/// What governs a figure.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    topic: u8,
    act: u8,
    second: u8,
    kind: bool,
    /// Noun and verb are both its own.
    full: bool,
    /// The noun is its own.
    noun: bool,
}

impl Attacher<'_> {
    /// Drafts the figure; several drafts where one figure states several things, none where it states nothing.
    pub fn attach(&self, before: &Before, after: &After, amount: &Amount, moment: Moment, item: Option<Item>, drafts: &mut Vec<Draft>) {
        let mut before = *before;
        if let Some(Item { carriers, topic, act, kind, .. }) = item {
            before.kind |= kind;
            if carriers.is_empty() && topic == 0 && act == 0 && before.bare() {
                return;
            }
            let alone = carriers.is_empty() && topic != 0 && self.memory.last.is_some();
            before.carriers = if alone { Carriers::OTHER } else { carriers };
            if before.vague && !carriers.is_empty() {
                // 督查平台、热线分别转来事项5件、43件: the matters are those of the carriers.
                (before.topic, before.adjacent) = (0, false);
            }
            if topic != 0 && before.topic == 0 {
                before.topic = topic;
                before.adjacent = true;
                before.gap = false;
            }
            if has(self.grammar.acts.rates, act) {
                before.rates.add(act);
            } else if act != 0 && before.act == 0 {
                before.act = act;
            }
        }
        if amount.rate {
            return self.rates(&before, after, amount, moment, drafts);
        }
        let mut after = after.own(self.grammar);
        if after.vague && Grammar::is(self.grammar.asking, self.grammar.topic_of(before.carriers)) {
            // 热线反映的12件事项: the matters are those of the carrier.
            after.topic = 0;
        }
        let after = &after;
        let Some(head) = self.head(&before, after, amount) else {
            return;
        };
        let head = match drafts.as_slice() {
            // 受理并办结来件17件、工单204件: both verbs are shared.
            [.., one, two]
                if before.act == 0
                    && head.second == 0
                    && two.clause == self.clause
                    && one.amount.span == two.amount.span
                    && one.topic == two.topic
                    && one.act != two.act
                    && Grammar::is(self.grammar.asking, head.topic) =>
            {
                Head { act: one.act, second: two.act, ..head }
            }
            _ => head,
        };
        let channels = before.carriers.each();
        if before.apiece && channels.clone().count() > 1 {
            for carriers in channels {
                self.push(&Before { carriers, ..before }, after, amount, moment, head, drafts);
            }
            return;
        }
        if before.scattered && before.listed.as_slice().is_empty() {
            return;
        }
        self.push(&before, after, amount, moment, head, drafts);
        if head.second != 0 {
            self.push(&before, after, amount, moment, Head { act: head.second, ..head }, drafts);
        }
        if before.each || amount.value == 0.0 {
            for &topic in before.listed.as_slice() {
                self.push(&before, after, amount, moment, Head { topic, ..head }, drafts);
            }
        }
    }

    fn push(&self, before: &Before, after: &After, amount: &Amount, moment: Moment, head: Head, drafts: &mut Vec<Draft>) {
        let Some(indicator) = self.grammar.indicator(head.topic, head.act, amount.measure) else {
            return;
        };
        let Some(entry) = self.grammar.entry(indicator) else {
            return;
        };
        if entry.kind == IndicatorKind::Rate || (amount.measure.is_none() && !after.empty) {
            return;
        }
        // One figure for two indicators belongs to neither: 新闻发布会、在线访谈共5场.
        if amount.lone && self.idle(before, after, head, entry) {
            return;
        }
        let shared = before.listed.as_slice().iter().any(|&topic| {
            let other = self.grammar.indicator(topic, head.act, amount.measure);
            other.is_some_and(|other| other != indicator)
        });
        if shared && !before.each && amount.value != 0.0 {
            return;
        }
        let named = self.named(before, after);
        // 1—10月转办件987件，全年转办1202件: the first was a part of the second.
        let passed_on = before.loose && !head.noun && named.is_empty() && self.memory.last.is_some_and(|last| last.scope.is_some() && !last.wide);
        if passed_on || (before.bare() && amount.measure.is_none() && Grammar::is(self.grammar.broad, head.topic)) {
            // 受理3012件，转办912件: passed on, not received.
            return;
        }
        let inherited = self.inherited(before, head, indicator, amount);
        let beside = self.memory.last.is_some_and(|last| last.clause == self.clause);
        // 人大建议12件、会办5件: of the same kind, if no noun says otherwise.
        let as_before = self.memory.last.filter(|last| !head.noun && last.topic == head.topic && last.clause == self.clause).map(|last| last.kind);
        let kind = as_before.unwrap_or(head.kind) && !before.besides;
        let carriers = match (named.is_empty(), before.suggested.is_empty()) {
            (false, _) => named,
            (true, false) if inherited.is_empty() || !beside => before.suggested,
            _ => inherited,
        };
        let fresh = has(self.grammar.acts.fresh, head.act);
        let undated = moment == Moment::Year(0) && before.moment.is_none() && !self.memory.dated;
        // 新装12块，累计达到86块: more than what was new.
        let grown =
            before.total && before.act == 0 && self.memory.last.is_some_and(|last| last.indicator == Some(indicator) && last.amount.value < amount.value);
        let stock = (grown
            && entry.channel.is_some()
            && drafts.iter().filter(|one| one.indicator == Some(indicator)).map(|one| one.amount.value).sum::<f64>() < amount.value)
            || has(self.grammar.acts.stock, head.act)
            || (undated && !fresh && (before.total || head.act == 0));
        let turn = head.act != 0 && (head.act == self.grammar.acts.turn_in || head.act == self.grammar.acts.turn_out);
        let scope = match moment {
            _ if self.memory.plan => Some(Scope::NextYearPlan),
            _ if turn => Some(Scope::CurrentYear),
            Moment::Year(0) | Moment::Whole | Moment::Part | Moment::Event if entry.standing => Some(Scope::Cumulative),
            Moment::Year(0) | Moment::Whole if stock && entry.channel.is_some() => Some(Scope::Cumulative),
            Moment::Part if entry.occasional => Some(Scope::CurrentYear),
            moment => moment.scope(),
        };
        let fact = !self.memory.wide && scope.is_some();
        let same = drafts.last().is_some_and(|last| last.amount.span == amount.span && last.indicator == Some(indicator) && last.carriers == carriers);
        if !same {
            let home = self.grammar.home(indicator);
            drafts.push(Draft {
                amount: *amount,
                indicator: fact.then_some(indicator),
                topic: if Grammar::is(self.grammar.asking, home) { home } else { head.topic },
                act: head.act,
                noun: head.noun,
                verbal: head.full && (before.adjacent || before.topic == 0),
                full: head.full,
                carriers,
                named: !named.is_empty(),
                dated: before.moment == Some(Moment::Year(0)),
                partial: self.memory.partial || moment == Moment::Part,
                passing: moment == Moment::Event && !entry.occasional,
                kind,
                scope,
                summed: before.total,
                undated: before.total && !fresh && !self.memory.dated && scope == Some(Scope::CurrentYear),
                wide: self.memory.wide,
                elsewhere: self.memory.wide.then_some(indicator),
                clause: self.clause,
                ..Draft::default()
            });
        }
    }

    /// Whether a 一 counts nothing: 办结一件、公开一件, 编一本手册, 各出一名联络员. It counts where it stands behind its
    /// noun (申请一件), with a time, a total or a carrier, after other figures, or as a session held or persons set to work
    /// (举办一期培训班, 配备一名专职人员).
    fn idle(&self, before: &Before, after: &After, head: Head, entry: &Indicator) -> bool {
        if before.apiece {
            return true;
        }
        let session = (entry.zero.as_deref() == Some("次") || (entry.kind == IndicatorKind::Stock && head.kind)) && head.full;
        let behind = before.topic != 0 && before.adjacent;
        let beside = self.memory.last.is_some_and(|last| !last.amount.lone || last.topic == head.topic && last.indicator.is_some());
        let spoken = head.noun && (before.total || before.moment.is_some() || !self.named(before, after).is_empty());
        !(session || behind || beside || spoken)
    }

    /// What governs the figure; `None` if that is nothing of ours.
    fn head(&self, before: &Before, after: &After, amount: &Amount) -> Option<Head> {
        let mut head = Head { topic: before.topic, act: before.act, second: before.second, kind: before.kind, ..Head::default() };
        let strong = has(self.grammar.acts.strong, after.act) || has(self.grammar.acts.strong, head.act);
        if !before.adjacent {
            if after.topic != 0 {
                (head.topic, head.kind) = (after.topic, after.kind);
            } else if after.gap && amount.measure.is_some() && before.topic == 0 && !strong && !has(self.grammar.acts.attends, head.act) {
                return None;
            }
        }
        if before.adjacent
            && after.topic != 0
            && head.topic != 0
            && !self.grammar.counts(head.topic, amount.measure)
            && self.grammar.counts(after.topic, amount.measure)
            && (before.act == 0 || !Grammar::is(self.grammar.foreign, head.topic))
        {
            // 经办人员144人次受训: who they were, and what they did.
            (head.topic, head.kind) = (after.topic, after.kind);
        }
        if before.adjacent && before.act == 0 && Grammar::is(self.grammar.foreign, head.topic) && has(self.grammar.acts.attends, after.act) {
            // 信息员93人次听课: who they were.
            head.topic = 0;
        }
        // 公开力量保持1名专职人员、17名兼职人员: a kind, like those after it.
        head.kind |= before.adjacent && after.kind && after.topic == head.topic;
        let strong = has(self.grammar.acts.strong, after.act);
        let fits = |topic: u8, act: u8| self.grammar.indicator(topic, act, amount.measure).is_some();
        // 共有217条信息在网站公开: having is not what was done with them.
        let having = has(self.grammar.acts.stock, head.act) || (has(self.grammar.acts.strong, head.act) && self.grammar.knows(self.grammar.turning, head.act));
        let topic = if head.topic != 0 { head.topic } else { self.memory.last.map_or(0, |last| last.topic) };
        let idle = topic != 0 && !fits(topic, head.act) && fits(topic, after.act) && (having || has(self.grammar.acts.attends, after.act));
        let standing = before.total || self.memory.moment == Moment::Since;
        if has(self.grammar.acts.stock, head.act) && standing && !fits(head.topic, head.act) && fits(head.topic, 0) {
            // 共有申请12件, 历年公开信息存量1.3万条: no more than the noun says.
            head.act = 0;
        }
        let sent = before.topic == 0 && after.topic != 0 && after.act == 0 && !has(self.grammar.acts.strong, head.act);
        if sent && !before.gap && !fits(head.topic, head.act) && fits(head.topic, 0) {
            // 选派4人参训.
            head.act = 0;
        }
        if after.act != 0 && (head.act == 0 || strong || idle) && !(before.adjacent && self.memory.parts && !strong) {
            head.act = after.act;
        }
        if before.mixed && self.memory.parts && Grammar::is(self.grammar.published, head.topic) {
            return None;
        }
        if before.per_unit && amount.value == 1.0 && !before.total {
            // 各科室明确1名联络员: as many as there are of them.
            return None;
        }
        let turning = self.grammar.turning;
        let about_it = head.topic == turning || head.topic == 0 && self.memory.topics.contains(turning);
        let handled = head.act != 0 && self.grammar.indicator(turning, head.act, amount.measure).is_some();
        if before.moment == Some(Moment::Year(1)) && !self.memory.plan && about_it && handled {
            // 转2023年继续办理2宗: not done this year.
            head.act = self.grammar.acts.turn_out;
        }
        if before.meant != 0 && head.topic == before.topic && self.memory.total.is_none() && self.grammar.knows(before.meant, head.act) {
            // 收到要求公开补偿材料的申请23份: where nothing else was received, all that was.
            head.topic = before.meant;
        }
        if before.object && head.act == 0 {
            // 对1件申请延长期限: what was done is not known.
            return None;
        }
        if head.act == self.grammar.acts.turn && head.act != 0 {
            let spoken = |topics: &Topics| topics.contains(self.grammar.turning);
            if head.topic == 0 && !spoken(&self.memory.topics) && !spoken(&self.memory.earlier) {
                // 转入新系统12件: carried over into what, and what, is not said.
                return None;
            }
            // 其中结转1件 came with what was received; 结转1件 is left over.
            head.act = if self.memory.parts { self.grammar.acts.turn_in } else { self.grammar.acts.turn_out };
        }
        let vague = before.vague && self.memory.last.is_some_and(|last| last.clause == self.clause && Grammar::is(self.grammar.asking, last.topic));
        let usual = self.grammar.acts.usual_topic(head.act);
        // 解答问题640人次: what was explained does not matter.
        let explained = before.topic != 0 && Grammar::is(self.grammar.greeting, usual) && (before.vague || !self.grammar.counts(before.topic, amount.measure));
        let attendant = has(self.grammar.acts.attends, before.act)
            && before.adjacent
            && (Grammar::is(self.grammar.foreign, before.topic) || self.grammar.indicator(before.topic, before.act, amount.measure).is_none())
            && {
                let spoken = self.memory.topic_for(self.grammar, before.act);
                let entry = self.grammar.indicator(spoken, before.act, amount.measure).and_then(|one| self.grammar.entry(one));
                entry.is_some_and(|entry| entry.zero.is_none())
            };
        if vague || explained || attendant {
            // 反映的712件事项已办结709件; 惠及企业512家.
            head.topic = 0;
        }
        head.noun = head.topic != 0;
        head.full = head.noun && head.act != 0;
        if Grammar::is(self.grammar.foreign, head.topic) && head.topic != 0 {
            return None;
        }
        let events = before.gap && self.grammar.happens(self.memory.topic_for(self.grammar, head.act), amount.measure);
        let attended = has(self.grammar.acts.attends, head.act) && head.topic == 0 && !events;
        if before.gap && after.topic == 0 && !strong && !attended {
            let topic = self.grammar.acts.usual_topic(head.act);
            if topic == 0 || before.carriers.is_empty() || !Grammar::is(self.grammar.broad, topic) {
                return None;
            }
            return Some(Head { topic, kind: true, noun: true, ..head });
        }
        let attend = self.grammar.acts.attends.trailing_zeros() as u8;
        let came = head.act == 0 || head.act == attend;
        let host = self.memory.last.filter(|last| before.person && before.topic != last.topic && came && last.indicator.is_some());
        let host = host.filter(|last| self.grammar.indicator(last.topic, attend, amount.measure).is_some_and(|one| self.grammar.home(one) == last.topic));
        let host = host.filter(|last| !self.grammar.happens(last.topic, amount.measure));
        if let Some(host) = host.filter(|_| Grammar::is(self.grammar.greeting, head.topic)) {
            // 举办开放日3期，接待市民180人: they came to the open days.
            (head.topic, head.act) = (host.topic, attend);
        }
        let form = Grammar::is(self.grammar.broad, head.topic) && head.act == 0 && before.carriers.is_empty();
        let kin = self.memory.total.filter(|_| self.memory.parts).or(self.memory.last.filter(|last| last.clause == self.clause));
        if let Some(kin) = kin.filter(|kin| form && Grammar::is(self.grammar.published, kin.topic)) {
            // 文字解读34篇、短视频9条: the forms of one matter.
            head.topic = kin.topic;
        }
        if head.topic == 0 {
            self.supply_topic(before, after, amount, &mut head)?;
        } else if head.act == 0 && !before.besides {
            self.supply_verb(&mut head, amount);
        }
        (head.topic != 0).then_some(head)
    }

    /// Finds the topic of a figure without noun.
    fn supply_topic(&self, before: &Before, after: &After, amount: &Amount, head: &mut Head) -> Option<()> {
        let carriers = self.named(before, after);
        if head.act != 0 {
            let turning = [self.grammar.acts.turn_in, self.grammar.acts.turn_out].contains(&head.act);
            if turning && !self.memory.topics.contains(self.grammar.turning) && self.memory.last.is_some_and(|last| last.topic != self.grammar.turning) {
                // 收到工单9件，1件跨年办理: what is carried over are not applications.
                return None;
            }
            let usual = self.grammar.acts.usual_topic(head.act);
            let outcome = self.memory.last.is_some_and(|last| last.topic == self.grammar.turning && last.amount.measure == amount.measure);
            if outcome && carriers.is_empty() && Grammar::is(self.grammar.broad, usual) {
                // 受理申请9件，公开5件: how they were answered.
                return None;
            }
            let of_carriers = carriers.each().map(|one| self.grammar.topic_of(one));
            let fitting =
                |topic: &u8| *topic != 0 && self.grammar.knows(*topic, head.act) && self.grammar.indicator(*topic, head.act, amount.measure).is_some();
            let spoken = self.memory.topic_for(self.grammar, head.act);
            let standing = has(self.grammar.acts.stock | self.grammar.acts.fresh, head.act);
            let last = self.memory.last.map_or(0, |last| last.topic);
            let spoken = match spoken {
                0 if standing && !before.person && self.grammar.indicator(last, head.act, amount.measure).is_some() => last,
                spoken => spoken,
            };
            let spoken = match self.memory.opening {
                (topic, _) if spoken == 0 && topic != 0 && carriers.is_empty() && self.grammar.happens(topic, amount.measure) => topic,
                // 全市发布会举办68场，我局参与其中4场.
                _ if spoken == 0 && usual == 0 && carriers.is_empty() && !before.gap && self.grammar.happens(last, amount.measure) => last,
                _ => spoken,
            };
            let asked = self.grammar.other_topic;
            // 收到群里反映的问题206件: what is taken in through a carrier are requests.
            let brought = before.vague && !carriers.is_empty() && self.grammar.knows(asked, head.act);
            let carried = of_carriers.into_iter().find(fitting).or(brought.then_some(asked).filter(fitting));
            let opened = self.memory.opening.0;
            head.topic = match carried {
                Some(topic) => topic,
                // 开设在线访谈栏目，全年播出8期.
                None if carriers.is_empty() && !before.gap && self.grammar.happens(opened, amount.measure) => opened,
                // 受理诉求412件，派发我局216件.
                None if usual != 0
                    && Grammar::is(self.grammar.asking, spoken)
                    && self.memory.last.is_some_and(|last| last.topic == spoken && last.amount.measure == amount.measure) =>
                {
                    spoken
                }
                None if usual != 0 => usual,
                None if carriers.is_empty() || self.channelled(spoken, head.act, amount) => spoken,
                None => 0,
            };
            if before.person && !has(self.grammar.acts.attends, head.act) && usual == 0 && spoken == 0 && carried.is_none() {
                return None;
            }
            return Some(());
        }
        // 覆盖企业12家、职工300人: they took part as well.
        let beside = self.memory.last.filter(|last| before.person && last.clause == self.clause && has(self.grammar.acts.attends, last.act));
        if let Some(last) = beside {
            (head.topic, head.act) = (last.topic, last.act);
            return Some(());
        }
        let asked = Grammar::is(self.grammar.asking, self.grammar.topic_of(carriers)) && !carriers.is_empty();
        if (before.person && !asked) || before.title {
            return None;
        }
        let last = self.memory.last.filter(|last| !last.implied);
        // 阅读量：公众号41万次，微博9000次: still the same of another account.
        let beside = |last: &Draft| last.clause == self.clause && Grammar::is(self.grammar.asking, last.topic);
        let alike = last.filter(|last| (Grammar::is(self.grammar.leaning, last.topic) || beside(last)) && last.amount.measure == amount.measure);
        let alike = alike.filter(|last| last.named && before.only_carriers() && !carriers.is_empty());
        // 三项合计120件: of what was just counted.
        let again = last.filter(|last| before.above && before.bare() && last.amount.measure == amount.measure);
        if let Some(last) = alike.or(again) {
            (head.topic, head.act) = (last.topic, last.act);
            return Some(());
        }
        if !carriers.is_empty() {
            head.topic = match self.memory.total.filter(|_| self.memory.parts).or(last.filter(|_| self.memory.parts)) {
                Some(total) => {
                    head.act = total.act;
                    total.topic
                }
                // 粉丝方面，抖音1.9万人.
                None if Grammar::is(self.grammar.leaning, self.memory.opening.0) && self.grammar.counts(self.memory.opening.0, amount.measure) => {
                    self.memory.opening.0
                }
                None => self.grammar.topic_of(carriers),
            };
            if head.act == 0 && !before.besides {
                self.supply_verb(head, amount);
            }
            return Some(());
        }
        if memory_opening(self.memory, self.grammar, amount, head) {
            return Some(());
        }
        // A bare figure speaks of what the last one did, if a word or another measure sets it off.
        let last =
            last.filter(|last| before.marked || self.memory.led || self.memory.wide || last.indicator.is_none() || last.amount.measure != amount.measure)?;
        (head.topic, head.act) = (last.topic, last.act);
        Some(())
    }

    fn channelled(&self, topic: u8, act: u8, amount: &Amount) -> bool {
        let indicator = self.grammar.indicator(topic, act, amount.measure);
        indicator.is_some_and(|indicator| self.grammar.is_channelled(indicator))
    }

    /// A noun without verb shares the verb of the figure before it: 承办建议9件、提案14件.
    fn supply_verb(&self, head: &mut Head, amount: &Amount) {
        let total = self.memory.total.filter(|_| self.memory.parts);
        let last = self.memory.last.filter(|last| last.clause == self.clause || (last.full && last.topic == head.topic));
        let shared = [total, last].into_iter().flatten().map(|draft| draft.act);
        if let Some(act) = shared.into_iter().find(|&act| self.grammar.indicator(head.topic, act, amount.measure).is_some()) {
            head.act = act;
        }
    }

    /// The carriers named with the figure.
    fn named(&self, before: &Before, after: &After) -> Carriers {
        if before.above && !self.memory.shown.is_empty() {
            return self.memory.shown;
        }
        if before.carriers.is_empty() { after.carriers } else { before.carriers }
    }

    /// Whether a figure is counted in another measure word than its indicator usually is.
    fn unusual(&self, indicator: u16, amount: &Amount) -> bool {
        let name = amount.measure.and_then(|measure| self.grammar.measures.get(usize::from(measure)));
        let entry = self.grammar.entry(indicator);
        name.zip(entry).is_some_and(|(name, entry)| **name != *entry.unit)
    }

    /// The carriers a figure takes over from what was said before (rules R2, R13).
    fn inherited(&self, before: &Before, head: Head, indicator: u16, amount: &Amount) -> Carriers {
        let memory = self.memory;
        let leans = Grammar::is(self.grammar.leaning, head.topic);
        if let Some(last) = memory.last {
            let same = last.topic == head.topic || last.indicator == Some(indicator);
            let beside = last.clause == self.clause;
            let same = same && (last.wide || !(head.full && last.clause < memory.since));
            let elsewhere = last.wide && !memory.wide && Grammar::is(self.grammar.broad, head.topic);
            let opens = elsewhere || before.total || matches!(before.moment, Some(Moment::Whole | Moment::Year(_)));
            let anew = head.full && opens && !memory.parts && !Grammar::is(self.grammar.asking, head.topic);
            let whole = memory.total.filter(|total| leans && memory.parts && total.topic != head.topic && !total.carriers.is_empty());
            if let Some(total) = whole.filter(|_| memory.series.several().is_some()) {
                // 新媒体发稿5216篇，其中微信、微博…，粉丝21.4万: those of all.
                return total.carriers;
            }
            if leans && before.total && last.named && last.clause + 1 >= self.clause && last.carriers.0.count_ones() == 1 && memory.order_is(last.carriers) {
                // 在抖音、快手投放短视频65条，播放量合计670万次.
                return last.carriers;
            }
            if (before.bare() || leans) && before.total && !memory.said.is_empty() && !memory.anew {
                // 网站103条、公众号206条，合计309条: over all that was said.
                return memory.said;
            }
            if last.scope == Some(Scope::Cumulative) && last.topic == head.topic && moment_is_year(before) && !last.carriers.is_empty() {
                // 微博自开通以来累计发文2.3万条，当年发文850条.
                return last.carriers;
            }
            if Grammar::is(self.grammar.published, last.topic) && Grammar::is(self.grammar.broad, head.topic) && last.named && last.clause + 1 == self.clause {
                // 通过网站、公众号发布解读20篇，公开信息760条.
                return last.carriers;
            }
            // 公众号粉丝1.2万人，发布信息300条: the account is the subject of both.
            let account = Grammar::is(self.grammar.leaning, last.topic) && Grammar::is(self.grammar.broad, head.topic);
            let boards = last.indicator.and_then(|indicator| self.grammar.entry(indicator)).and_then(|entry| entry.channel);
            if let Some(channel) = boards.filter(|_| Grammar::is(self.grammar.broad, head.topic) && self.unusual(indicator, amount)) {
                // 公开栏87块，更新内容520期: issues are those of the boards.
                return Carriers(1 << channel);
            }
            if (memory.led && before.bare()) || (memory.anew && !head.noun && !memory.lead.is_empty()) {
                return memory.lead;
            }
            let asking = |topic: u8| Grammar::is(self.grammar.asking, topic);
            if asking(head.topic) && last.named && last.clause + 1 == self.clause && last.clause >= memory.since && asking(self.grammar.topic_of(last.carriers))
            {
                // 热线接听来电312次，受理诉求286件.
                return last.carriers;
            }
            let several = memory.series.several().is_some_and(|items| items.iter().any(|item| item.carriers != last.carriers));
            let account = account && last.clause + 1 >= self.clause && !last.carriers.is_empty() && !several;
            if before.bare() || account || (same && !anew) || (beside && leans) {
                return last.carriers;
            }
        }
        if memory.last.is_none() && Grammar::is(self.grammar.asking, head.topic) && Grammar::is(self.grammar.asking, self.grammar.topic_of(memory.said)) {
            // 热线满意率98%，工单总量2640件: its orders.
            return memory.said;
        }
        let shows = |carriers: Carriers| !Grammar::is(self.grammar.asking, self.grammar.topic_of(carriers)) && !carriers.is_empty();
        if !head.noun && Grammar::is(self.grammar.broad, head.topic) && memory.lead.is_empty() && shows(memory.carriers) && memory.spoken {
            return memory.carriers;
        }
        if leans && !memory.carriers.is_empty() {
            return memory.carriers;
        }
        if memory.lead.is_empty() && memory.last.is_none() && Grammar::is(self.grammar.asking, head.topic) && !head.noun {
            return memory.carriers;
        }
        memory.lead
    }
}

/// Whether the report year is named with a figure.
fn moment_is_year(before: &Before) -> bool {
    matches!(before.moment, Some(Moment::Year(0) | Moment::Whole))
}

/// A bare figure after a clause without one speaks of what that clause names: 均建有公开栏，共计64块.
fn memory_opening(memory: &Memory, grammar: &Grammar, amount: &Amount, head: &mut Head) -> bool {
    let (topic, act) = memory.opening;
    let fits = topic != 0 && grammar.indicator(topic, act, amount.measure).is_some();
    if fits {
        (head.topic, head.act) = (topic, act);
    }
    fits
}
