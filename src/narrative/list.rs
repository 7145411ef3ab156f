//! Lists whose items figures are dealt to in order: A、B、C分别为1、2、3 (rule R5).

use super::clause::Before;
use super::grammar::{Grammar, has};
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Carriers, Role, Word};
use super::memory::Dealt;
use super::time::Moment;
use super::walk::Walk;

/// The items of a list that 分别 or 各 deals with.
pub const LIST: usize = 8;

/// How many tokens a bracket may hold that only names carriers.
const INSIDE: usize = 10;

/// One item of a list: its carriers, noun, verb or rate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Item {
    /// The carriers.
    pub carriers: Carriers,
    /// The noun.
    pub topic: u8,
    /// The verb, or the name of a rate.
    pub act: u8,
    /// The noun names a kind within its topic.
    pub kind: bool,
    /// The year.
    pub moment: Option<Moment>,
}

impl Item {
    /// The item; with nothing known in it, a carrier that is not known: 热线和“城市留言板”分别派来….
    fn or_other(self, unknown: bool) -> Item {
        let empty = self.carriers.is_empty() && self.topic == 0;
        Item { carriers: if unknown && empty { Carriers::OTHER } else { self.carriers }, ..self }
    }
}

impl Walk<'_> {
    /// Notes the list before 分别; without one, that of the requests just counted.
    pub(super) fn deal(&mut self, at: usize) {
        self.listed = 0;
        self.dealt = 0;
        let from = self.clause.own.max(self.clause.from).min(at);
        let own = self.tokens.get(from..at).unwrap_or_default();
        self.shared = Before::default();
        // 热线、信箱、平台三类渠道，分别收到…: the list is the clause before.
        let passing = |role: Role| role.is_filler() || matches!(role, Role::Total | Role::Own | Role::Parts | Role::Measure(_));
        let empty = own.iter().all(|token| matches!(token.kind, Kind::Time(_)) || matches!(token.kind, Kind::Word(word) if passing(word.role)));
        let prelude = self.clause.prelude.and_then(|(from, to)| self.tokens.get(from..to)).filter(|_| empty && from == self.clause.from);
        let own = prelude.unwrap_or(own);
        let mut item = Item::default();
        let mut inside = false;
        // A carrier was listed; an unknown word stands in this item.
        let (mut carried, mut unknown) = (false, false);
        for (place, token) in own.iter().enumerate() {
            let next = own.get(place + 1).map(|next| next.kind);
            let owner = matches!(next, Some(Kind::Word(Word { carriers, apposed: false, .. })) if !carriers.is_empty() && carriers != Carriers::OTHER && !self.several_carriers(carriers));
            inside = token.kind == Kind::Mark(Mark::Open) || inside && token.kind != Kind::Mark(Mark::Close);
            let link = match token.kind {
                Kind::Mark(Mark::Enumeration) => !inside,
                Kind::Word(word) => {
                    if word.role != Role::Link {
                        item.act = if word.act != 0 && !word.loose { word.act } else { item.act };
                        // 局长信箱、区长信箱两类信箱: the last word only repeats them.
                        let several = self.several_carriers(word.carriers);
                        let other = item.topic != 0 || unknown && carried;
                        let repeats = word.apposed && carried || (word.apposed || several) && !item.carriers.is_empty() || several && other;
                        item.carriers = if repeats || owner { item.carriers } else { item.carriers.and(word.carriers) };
                        let vague = !item.carriers.is_empty() && Grammar::is(self.grammar.foreign, word.topic);
                        item.topic = if word.topic != 0 && !vague { word.topic } else { item.topic };
                        item.kind |= word.kind;
                    }
                    word.role == Role::Link
                }
                Kind::Time(moment @ Moment::Year(_)) => {
                    item.moment = Some(moment);
                    false
                }
                _ => false,
            };
            unknown |= token.kind == Kind::Gap;
            if link {
                self.note(item.or_other(unknown && carried));
                carried |= !item.carriers.is_empty();
                (item, unknown) = (Item::default(), false);
            }
        }
        let said = Before::read(self.grammar, own);
        let order = self.memory.order;
        let last = self.memory.last.filter(|last| empty && !last.amount.rate && order.as_slice().len() > 1 && self.figures(at) == order.as_slice().len());
        if let Some(last) = last.filter(|_| self.listed == 0 && self.memory.series.several().is_none()) {
            // 通过网站、公众号、抖音共答复留言189条，分别为74条、69条、46条.
            order.as_slice().iter().for_each(|&carriers| self.note(Item { carriers, topic: last.topic, act: last.act, ..Item::default() }));
            self.shared = said;
            return;
        }
        let undated = self.listed == 0 && item.carriers.is_empty();
        if let Some(years) = self.memory.years.filter(|_| undated && self.figures(at) == 2) {
            // 2023年和2024年，承办建议分别为46件和51件.
            years.iter().for_each(|&moment| self.note(Item { moment: Some(moment), ..item }));
            self.shared = said;
            return;
        }
        let of_years = |items: &[Item]| items.len() == self.figures(at) && items.iter().all(|item| item.moment.is_some());
        if undated && self.memory.series.several().is_some_and(of_years) && self.resume() {
            // 2022年、2023年受理分别为1874件和2206件，办结率分别为96.1%和98.7%.
            self.shared = said;
            return;
        }
        let repeated = said.carriers.is_empty() || self.several_carriers(said.carriers);
        if self.listed > 0 {
            self.note(item.or_other(unknown && carried));
            self.complete_list();
        } else if empty && self.resume() {
            self.shared = said;
        } else if repeated && (said.topic != 0 || said.act != 0) && self.memory.order.as_slice().len() > 1 {
            // 三个平台推送量分别为: of the carriers just named, in their order.
            self.shared = Before { carriers: Carriers::default(), ..said };
            let order = self.memory.order;
            for &carriers in order.as_slice() {
                self.note(Item { carriers, ..Item::default() });
            }
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
        } else if said.topic != 0 {
            // “咨询”“投诉”栏目来信分别为203条、57条: names that are not known.
            self.shared = said;
            for _ in 0..LIST {
                self.note(item);
            }
        }
    }

    /// How many figures follow one another behind 分别.
    fn figures(&self, at: usize) -> usize {
        let rest = self.tokens.get(at + 1..).unwrap_or_default();
        rest.iter().step_by(2).take_while(|token| matches!(token.kind, Kind::Amount(_))).count()
    }

    /// Lays out the figures of the last clause that had several, to be stated once more for another year.
    pub(super) fn resume(&mut self) -> bool {
        let series = self.memory.series;
        let Some(items) = series.several() else { return false };
        self.shared = Before::default();
        (self.listed, self.dealt) = (0, 0);
        items.iter().for_each(|&item| self.note(item));
        true
    }

    /// Whether a set is that of several carriers not told apart.
    pub(super) fn several_carriers(&self, carriers: Carriers) -> bool {
        carriers == self.grammar.all_carriers()
    }

    /// What stands with the first or last item only is common to all: 收到A、B来信, 收到和办结A.
    fn complete_list(&mut self) {
        let Some(items) = self.list.get_mut(..self.listed) else {
            return;
        };
        let (Some(first), Some(last)) = (items.first().copied(), items.last().copied()) else {
            return;
        };
        if !items.iter().all(|item| item.moment.is_some()) {
            // 2022年公开数、解读数分别为: one year for all of them.
            items.iter_mut().for_each(|item| item.moment = None);
        }
        self.cross_list();
        let Some(items) = self.list.get_mut(..self.listed) else {
            return;
        };
        let empty = |item: &Item| *item == Item { moment: item.moment, ..Item::default() };
        if items.iter().rev().skip(1).all(empty) && last.topic | last.act != 0 {
            // 委员、代表满意率分别为, 2022年、2023年受理工单分别为: of each of them.
            items.iter_mut().for_each(|item| *item = Item { moment: item.moment, ..last });
            return;
        }
        if first.topic != 0 && first.topic == last.topic {
            // 以图表、动漫和撰稿三种形式解读，分别推出: what stands between them is another of the kind.
            items.iter_mut().filter(|item| empty(item)).for_each(|item| item.topic = last.topic);
        }
        if has(self.grammar.acts.rates, last.act) && items.iter().rev().skip(1).all(|item| item.act == 0 && !item.carriers.is_empty()) {
            // 热线、信箱、网站留言三类诉求办结率依次为: of each of them.
            items.iter_mut().for_each(|item| item.act = last.act);
        }
        let verbs = first.carriers.is_empty() && first.topic == 0;
        let (front, _) = items.split_at(items.len().saturating_sub(1));
        if !last.carriers.is_empty() && front.iter().all(|item| !item.carriers.is_empty() && item.topic == 0) {
            // 微信、抖音粉丝数分别为: the noun is common to all.
            items.iter_mut().for_each(|item| item.topic = last.topic);
        }
        for item in items {
            if item.act == 0 {
                item.act = first.act;
            }
            if verbs && item.carriers.is_empty() && item.topic == 0 && item.act != 0 {
                (item.carriers, item.topic) = (last.carriers, last.topic);
            }
        }
    }

    /// 公众号、视频号阅读量和播放量分别为1、2: carriers and nouns in pairs.
    fn cross_list(&mut self) {
        let items = self.list.get(..self.listed).unwrap_or_default();
        let both = |item: &Item| !item.carriers.is_empty() && item.topic != 0;
        let Some(middle) = items.iter().position(both).filter(|&middle| middle > 0 && self.listed == 2 * middle + 1) else {
            return;
        };
        let carriers = items.iter().take(middle).all(|item| !item.carriers.is_empty() && item.topic == 0);
        let nouns = items.iter().skip(middle + 1).all(|item| item.carriers.is_empty() && item.topic != 0);
        if carriers && nouns {
            let list = self.list;
            for (slot, (carrier, noun)) in self.list.iter_mut().zip(list.iter().take(middle + 1).zip(list.iter().skip(middle))) {
                *slot = Item { carriers: carrier.carriers, ..*noun };
            }
            self.listed = middle + 1;
        }
    }

    fn note(&mut self, item: Item) {
        if let Some(slot) = self.list.get_mut(self.listed) {
            *slot = item;
            self.listed += 1;
        }
    }

    /// Keeps the carriers of a clause that names several, in their order.
    pub(super) fn order(&mut self, tokens: &[Token]) {
        let mut order = Dealt::default();
        for (at, token) in tokens.iter().enumerate() {
            // “云城融媒”视频号: the first only owns the second.
            let owner = tokens.get(at + 1).is_some_and(|next| matches!(next.kind, Kind::Word(Word { carriers, .. }) if !carriers.is_empty()));
            if let Kind::Word(Word { carriers, apposed: false, .. }) = token.kind
                && !(carriers.is_empty() || owner || self.several_carriers(carriers))
            {
                order.push(carriers);
            }
        }
        if order.as_slice().len() > 1 {
            self.memory.order = order;
        }
    }

    /// Keeps the years of a clause that only lists them: 2023年和2024年，承办建议分别为46件和51件.
    pub(super) fn years(&mut self, tokens: &[Token]) {
        let mut years = tokens.iter().filter_map(|token| match token.kind {
            Kind::Time(moment @ Moment::Year(_)) => Some(moment),
            _ => None,
        });
        let plain = |token: &Token| {
            matches!(token.kind, Kind::Time(_) | Kind::Mark(Mark::Enumeration))
                || matches!(token.kind, Kind::Word(word) if (word.role.is_filler() || matches!(word.role, Role::Link | Role::Own)) && word.topic | word.act == 0)
        };
        if let (Some(one), Some(two), None) = (years.next(), years.next(), years.next())
            && tokens.iter().all(plain)
        {
            self.memory.years = Some([one, two]);
        }
    }

    /// Whether a list before a figure, of carriers mostly, has as many items as figures follow one another.
    pub(super) fn matched(&self, own: &[Token], at: usize) -> bool {
        let carrier =
            |token: &Token| matches!(token.kind, Kind::Word(Word { carriers, apposed: false, .. }) if !carriers.is_empty() && !self.several_carriers(carriers));
        let rest = self.tokens.get(at..).unwrap_or_default();
        let figures = rest.iter().step_by(2).take_while(|token| matches!(token.kind, Kind::Amount(_))).count();
        let links = rest.iter().skip(1).step_by(2).take_while(|token| token.links()).count();
        let items = own.iter().filter(|token| token.links()).count() + 1;
        own.iter().filter(|token| carrier(token)).count() > 1 && items == figures.min(links + 1)
    }

    /// Where a bracket ends that only names carriers: 官微（微博、微信）.
    pub(super) fn named_in_bracket(&self, at: usize) -> Option<usize> {
        let open = |at: usize| self.tokens.get(at).is_some_and(|token| token.kind == Kind::Mark(Mark::Open));
        if !open(at) || matches!(self.before(at), None | Some(Kind::Amount(_) | Kind::Mark(_))) {
            return None;
        }
        let inside = self.tokens.get(at + 1..)?;
        let length = inside.iter().take(INSIDE).position(|token| token.kind == Kind::Mark(Mark::Close))?;
        let inside = inside.get(..length)?;
        let plain = |token: &Token| match token.kind {
            Kind::Gap | Kind::Mark(Mark::Enumeration) => true,
            Kind::Word(word) => !word.carriers.is_empty() || word.role.is_filler() || word.role == Role::Link,
            _ => false,
        };
        let carrier = |token: &Token| matches!(token.kind, Kind::Word(word) if !word.carriers.is_empty());
        (inside.iter().all(plain) && inside.iter().any(carrier)).then_some(at + 1 + length)
    }
}
