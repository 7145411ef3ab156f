//! What a reader keeps in mind from clause to clause: what was last spoken of, through which carriers, of
//! which time, at which level. Forgotten by degrees at 。, and wholly at a new point.

use super::clause::Before;
use super::grammar::{Grammar, has};
use super::lexicon::Carriers;
use super::list::{Item, LIST};
use super::number::Amount;
use super::time::Moment;
use crate::fact::Scope;

/// A figure as read, before it is decided whether it is a fact.
#[derive(Debug, Clone, Copy, Default)]
pub struct Draft {
    /// The amount.
    pub amount: Amount,
    /// The indicator; none if it is no fact.
    pub indicator: Option<u16>,
    /// What is counted.
    pub topic: u8,
    /// What was done.
    pub act: u8,
    /// Its noun was named with the figure itself.
    pub noun: bool,
    /// The verb stands before the noun, or the noun after the figure: a clause, no mere name.
    pub verbal: bool,
    /// Noun and verb were both named with the figure itself.
    pub full: bool,
    /// The carriers.
    pub carriers: Carriers,
    /// They were named with the figure itself.
    pub named: bool,
    /// Parts of it are figures too.
    pub whole: bool,
    /// The report year is named with it.
    pub dated: bool,
    /// It is of a part of the year, up to a date: 截至11月30日.
    pub partial: bool,
    /// It is of some days of the year: 疫情期间. No fact beside one of the whole year.
    pub passing: bool,
    /// It counts a kind within its topic.
    pub kind: bool,
    /// Its scope; none if it is no fact.
    pub scope: Option<Scope>,
    /// The indicator's own unit is to be used: the figure is a word like 未收到 or 均.
    pub implied: bool,
    /// A 共 stands with it.
    pub summed: bool,
    /// A 累计 without a time: a stock, if something new is set against it.
    pub undated: bool,
    /// It is of another level.
    pub wide: bool,
    /// What it would state were it the office's own.
    pub elsewhere: Option<u16>,
    /// The clause of the sentence it stands in.
    pub clause: u32,
}

/// Topics in the order they were spoken of; the latest last.
#[derive(Debug, Clone, Copy, Default)]
pub struct Topics {
    items: [u8; 8],
    count: usize,
}

impl Topics {
    /// A topic is spoken of.
    pub fn push(&mut self, topic: u8) {
        if topic == 0 || self.items.get(self.count.wrapping_sub(1)) == Some(&topic) {
            return;
        }
        if self.count == self.items.len() {
            self.items.rotate_left(1);
            self.count -= 1;
        }
        if let Some(slot) = self.items.get_mut(self.count) {
            *slot = topic;
            self.count += 1;
        }
    }

    /// The oldest first.
    pub fn oldest(&self) -> impl Iterator<Item = u8> + '_ {
        self.items.iter().take(self.count).copied()
    }

    /// The latest first.
    pub fn latest(&self) -> impl Iterator<Item = u8> + '_ {
        self.items.iter().take(self.count).rev().copied()
    }

    /// Whether a topic was spoken of.
    pub fn contains(&self, topic: u8) -> bool {
        self.latest().any(|known| known == topic)
    }
}

/// The carriers of each request counted, in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dealt {
    items: [Carriers; 8],
    count: usize,
}

impl Dealt {
    /// One more.
    pub fn push(&mut self, carriers: Carriers) {
        if let Some(slot) = self.items.get_mut(self.count) {
            *slot = carriers;
            self.count += 1;
        }
    }

    /// All of them.
    pub fn as_slice(&self) -> &[Carriers] {
        self.items.get(..self.count).unwrap_or_default()
    }
}

/// The figures of one clause in their order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Series {
    items: [Item; LIST],
    count: usize,
    clause: u32,
}

impl Series {
    /// One more figure.
    pub fn push(&mut self, clause: u32, item: Item) {
        if self.clause != clause {
            *self = Series { clause, ..Series::default() };
        }
        if let Some(slot) = self.items.get_mut(self.count) {
            *slot = item;
            self.count += 1;
        }
    }

    /// The figures, if there are several.
    pub fn several(&self) -> Option<&[Item]> {
        self.items.get(..self.count).filter(|items| items.len() > 1)
    }
}

/// See the head of the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Topics of this sentence.
    pub topics: Topics,
    /// The topic that carriers named in this sentence stand for.
    pub asked_topic: u8,
    /// Topics of the sentence before.
    pub earlier: Topics,
    /// The figure read last in this sentence, fact or not.
    pub last: Option<Draft>,
    /// The total whose parts may follow.
    pub total: Option<Draft>,
    /// The total is of the sentence before.
    pub total_earlier: bool,
    /// Parts follow.
    pub parts: bool,
    /// Carriers of an opening clause without figure.
    pub lead: Carriers,
    /// Carriers were named in a clause without figure after the last figure: 公众号，402条.
    pub led: bool,
    /// The opening clause stands after the last figure.
    pub anew: bool,
    /// The figures of the last clause that had several, and the carriers of the last that named several: for 分别.
    pub series: Series,
    /// See `series`.
    pub order: Dealt,
    /// What stands before a rate's difference: the value reached follows.
    pub rated: Option<Before>,
    /// The time of a value left, for the next one: 由2021年的3条增至5条，…由4条增至6条.
    pub left: Option<Moment>,
    /// Two years that a clause of this sentence lists: for 分别.
    pub years: Option<[Moment; 2]>,
    /// The time of the first clause, which holds again after ；.
    pub first: Option<Moment>,
    /// Noun and verb of a clause without figure, until the next figure.
    pub opening: (u8, u8),
    /// Carriers named last, even in the sentence before.
    pub carriers: Carriers,
    /// The first clause after the last ；.
    pub since: u32,
    /// They were named in this sentence.
    pub spoken: bool,
    /// Carriers of this point, for 上述渠道.
    pub shown: Carriers,
    /// Carriers of this sentence's figures.
    pub said: Carriers,
    /// Carriers of the requests a rate may speak of, and of all requests of the sentence.
    pub asked: Carriers,
    /// See `asked`.
    pub asked_all: Carriers,
    /// Those of all requests of the sentence before.
    pub asked_before: Carriers,
    /// The same one by one, for 分别.
    pub asked_list: Dealt,
    /// The next request belongs to the same group.
    pub asked_open: bool,
    /// The time spoken of.
    pub moment: Moment,
    /// The year it is a part of.
    pub base: Moment,
    /// A time was named in this sentence.
    pub dated: bool,
    /// The time is a date within the year up to which is counted.
    pub partial: bool,
    /// A plan is spoken of.
    pub plan: bool,
    /// All of the sentence is a plan, point by point.
    pub outlook: bool,
    /// Another level is spoken of.
    pub wide: bool,
}

impl Memory {
    /// Carriers are named.
    pub fn name(&mut self, carriers: Carriers) {
        if !carriers.is_empty() {
            self.carriers = carriers;
            self.spoken = true;
        }
    }

    /// A sentence ends: its time and level do not reach further, its subject may. One without figures adds to
    /// the subjects of the sentence before it.
    pub fn end_sentence(&mut self, figures: bool) {
        let mut earlier = if figures { Topics::default() } else { self.earlier };
        self.topics.oldest().for_each(|topic| earlier.push(topic));
        let asked_before = if self.asked_all.is_empty() { self.asked_before } else { self.asked_all };
        *self = Memory {
            asked_before,
            earlier,
            total: self.total,
            total_earlier: true,
            carriers: self.carriers,
            shown: self.shown,
            asked: self.asked,
            ..Memory::default()
        };
    }

    /// A time is named.
    pub fn time(&mut self, moment: Moment) {
        let dated = self.dated;
        self.dated |= moment != Moment::Edge;
        match moment {
            Moment::Edge => {}
            Moment::Whole => self.moment = self.base,
            Moment::Year(_) | Moment::ManyYears => {
                self.base = moment;
                self.moment = moment;
            }
            // Months of a past year are as past as the year.
            Moment::Part | Moment::Event if self.base != Moment::Year(0) => {}
            // 三季度整治期间, and 全年412条，国庆假期17条: a part.
            Moment::Event if dated => self.moment = Moment::Part,
            Moment::Part | Moment::Event | Moment::Since => self.moment = moment,
        }
    }

    /// Whether all the carriers named last are of one channel: 抖音、快手.
    pub fn order_is(&self, carriers: Carriers) -> bool {
        self.order.as_slice().len() > 1 && self.order.as_slice().iter().all(|&one| one == carriers)
    }

    /// The topic a verb without noun speaks of: the latest that goes with it.
    pub fn topic_for(&self, grammar: &Grammar, act: u8) -> u8 {
        let attends = has(grammar.acts.attends, act);
        let mut strange = false;
        for topic in self.topics.latest() {
            let foreign = Grammar::is(grammar.foreign, topic);
            if foreign && attends {
                return 0;
            }
            strange |= foreign;
            if grammar.knows(topic, act) {
                return topic;
            }
        }
        if grammar.knows(self.asked_topic, act) {
            return self.asked_topic;
        }
        // 工单968件，正在处置8件: this sentence has its own matters.
        if strange || self.topics.latest().any(|topic| Grammar::is(grammar.asking, topic)) {
            return 0;
        }
        self.earlier
            .latest()
            .take_while(|&topic| !Grammar::is(grammar.foreign, topic))
            .find(|&topic| Grammar::is(grammar.rated, topic) && grammar.knows(topic, act))
            .unwrap_or(0)
    }
}
