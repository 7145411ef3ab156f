//! What the words may say together: which topic, verb and measure word make which indicator. Built from the
//! configuration, asked by the reader; adding an indicator needs none of this changed.

use super::lexicon::Carriers;
use crate::finding::Bilingual;
use serde::Deserialize;

/// Where information appears or requests come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The identifier in the published tables.
    pub id: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
}

/// What a figure of an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// Counted over the year.
    Count,
    /// A share between 0 and 1.
    Rate,
    /// As it stands at the end of the year.
    Stock,
}

/// A sentence with the figure that must be read in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentence, of a report of 2023.
    pub text: String,
    /// The value.
    pub value: f64,
    /// The channel, if it has one.
    pub channel: Option<String>,
    /// The qualifier, `exact` if not given.
    pub qualifier: Option<String>,
    /// The scope, `current_year` if not given.
    pub scope: Option<String>,
}

/// A figure that offices state in prose.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// The identifier in the published tables.
    pub id: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// The usual unit.
    pub unit: String,
    /// Count, rate or stock.
    pub kind: IndicatorKind,
    /// Whether figures of several offices may be added.
    pub summable: bool,
    /// The counts that a rate refers to, by preference: its weight when rates are averaged.
    pub weighted_by: Vec<String>,
    /// What counts and what does not.
    pub definition: Bilingual,
    /// Sentences that state it.
    pub examples: Vec<Example>,
    /// Sentences that do not.
    pub counterexamples: Vec<String>,
    /// Whether it is told apart by channel.
    pub channelled: bool,
    /// The channel it always has.
    pub channel: Option<u8>,
    /// The unit of a nought without one; `None` if negation states nothing.
    pub zero: Option<Box<str>>,
    /// Whether its events may be dated without being parts of a whole.
    pub occasional: bool,
    /// Whether it is always a stock.
    pub standing: bool,
    /// The section it is read in.
    pub section: String,
}

/// One way to state an indicator, of a given topic.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The indicator.
    pub indicator: u16,
    /// The verbs, one bit each; bit 0: without a verb.
    pub acts: u32,
    /// The measure words, one bit each.
    pub measures: u128,
    /// Whether the verbs were named, not left open.
    pub chosen: bool,
}

/// What is known of verbs; sets have one bit for each.
#[derive(Debug, Default)]
pub struct Acts {
    /// The topic of each verb without object, 0 = none.
    pub topics: [u8; 32],
    /// The rate each verb states with 均, 0 = none.
    pub rates_of: [u8; 32],
    /// The rate each verb states behind a percentage, 0 = none.
    pub shares_of: [u8; 32],
    /// Names of rates.
    pub rates: u32,
    /// Those that decide among several.
    pub strong: u32,
    /// Those that go in pairs with one figure.
    pub compound: u32,
    /// Those that speak of who took part.
    pub attends: u32,
    /// Those that state a stock.
    pub stock: u32,
    /// Those that state something new.
    pub fresh: u32,
    /// 结转 as such, from the year before, and to the year after.
    pub turn: u8,
    /// See `turn`.
    pub turn_in: u8,
    /// See `turn`.
    pub turn_out: u8,
    /// Not yet done: what a year before left came in from it.
    pub turn_left: u8,
    /// Taken in: what is taken of the year before came in from it.
    pub turn_taken: u8,
}

impl Acts {
    /// The topic of a verb without object, 0 = none.
    pub fn usual_topic(&self, act: u8) -> u8 {
        self.topics.get(usize::from(act)).copied().unwrap_or(0)
    }

    /// The rate a verb states with 均, 0 = none.
    pub fn rate_of(&self, act: u8) -> u8 {
        self.rates_of.get(usize::from(act)).copied().unwrap_or(0)
    }

    /// The rate a verb states behind a percentage, 0 = none.
    pub fn share_of(&self, act: u8) -> u8 {
        self.shares_of.get(usize::from(act)).copied().unwrap_or(0)
    }
}

/// All rules.
#[derive(Debug, Default)]
pub struct Grammar {
    /// The measure words.
    pub measures: Vec<Box<str>>,
    /// The topic each channel stands for where no noun does.
    pub channel_topics: Vec<u8>,
    /// The same for other carriers.
    pub other_topic: u8,
    /// Topics that take the carrier named last.
    pub leaning: u64,
    /// Topics that are none of ours.
    pub foreign: u64,
    /// The one of these whose nouns are other matters of an office, which lend their subject to what they stand before.
    pub matter: u8,
    /// Topics of which an unknown word makes a kind.
    pub broad: u64,
    /// Topics that are figures of their own as parts of what was published.
    pub published: u64,
    /// Topics of which persons are met: those who come to what is held are its participants.
    pub greeting: u64,
    /// Topics of which only what disclosure caused is counted.
    pub caused: u64,
    /// Topics of which rates are stated by channel.
    pub asking: u64,
    /// Topics of which rates are stated at all.
    pub rated: u64,
    /// The topic whose matters are carried over the turn of the year.
    pub turning: u8,
    /// The topic each indicator is first of all about.
    pub homes: Vec<u8>,
    /// The verbs.
    pub acts: Acts,
    /// The rules of each topic.
    pub rules: Vec<Vec<Rule>>,
    /// The channels.
    pub channels: Vec<Channel>,
    /// The indicators.
    pub indicators: Vec<Indicator>,
}

/// Whether a bit is in a set.
pub fn has(set: u32, bit: u8) -> bool {
    set & (1u32 << (bit & 31)) != 0
}

impl Grammar {
    /// The indicator that topic, verb and measure word state together.
    pub fn indicator(&self, topic: u8, act: u8, measure: Option<u8>) -> Option<u16> {
        let rules = self.rules.get(usize::from(topic))?;
        let fits = |rule: &&Rule| has(rule.acts, act) && measure.is_none_or(|m| rule.measures & (1u128 << (m & 127)) != 0);
        rules.iter().find(fits).map(|rule| rule.indicator)
    }

    /// What is declared of an indicator.
    pub fn entry(&self, indicator: u16) -> Option<&Indicator> {
        self.indicators.get(usize::from(indicator))
    }

    /// Whether an indicator is told apart by channel.
    pub fn is_channelled(&self, indicator: u16) -> bool {
        self.entry(indicator).is_some_and(|entry| entry.channelled)
    }

    /// Several carriers not told apart: the last channel.
    pub fn all_carriers(&self) -> Carriers {
        Carriers(1 << self.channels.len().saturating_sub(1))
    }

    /// Whether anything of a topic is counted with this measure word.
    pub fn counts(&self, topic: u8, measure: Option<u8>) -> bool {
        let fits = |rule: &Rule| measure.is_none_or(|m| rule.measures & (1u128 << (m & 127)) != 0);
        self.rules.get(usize::from(topic)).is_some_and(|rules| rules.iter().any(fits))
    }

    /// Whether a topic is one of events, counted with this measure word: 宣讲12场.
    pub fn happens(&self, topic: u8, measure: Option<u8>) -> bool {
        let event = self.indicator(topic, 0, measure).and_then(|indicator| self.entry(indicator));
        measure.is_some() && event.is_some_and(|event| event.zero.as_deref() == Some("次"))
    }

    /// Whether a topic has rules that name this verb, or any rate if the verb is one.
    pub fn knows(&self, topic: u8, act: u8) -> bool {
        let asked = if has(self.acts.rates, act) { self.acts.rates } else { 1u32 << (act & 31) };
        self.rules.get(usize::from(topic)).is_some_and(|rules| rules.iter().any(|rule| rule.chosen && rule.acts & asked != 0))
    }

    /// The topic a set of carriers stands for.
    pub fn topic_of(&self, carriers: Carriers) -> u8 {
        let first = carriers.0.trailing_zeros() as usize;
        match self.channel_topics.get(first) {
            Some(&topic) => topic,
            None if carriers.is_empty() => 0,
            None => self.other_topic,
        }
    }

    /// The channel of a set of carriers: their own if they are of one class, else the last channel, `all`.
    pub fn channel(&self, carriers: Carriers) -> Option<u8> {
        let channels = carriers.0 & !(Carriers::OTHER.0 | Carriers::LINE.0);
        let all = self.channels.len().checked_sub(1)? as u8;
        match channels.count_ones() {
            0 => None,
            1 if carriers.0 & Carriers::OTHER.0 == 0 => Some(channels.trailing_zeros() as u8),
            _ => Some(all),
        }
    }

    /// The topic an indicator is first of all about.
    pub fn home(&self, indicator: u16) -> u8 {
        self.homes.get(usize::from(indicator)).copied().unwrap_or(0)
    }

    /// Whether a topic is in a set of topics.
    pub fn is(set: u64, topic: u8) -> bool {
        set & (1u64 << (topic & 63)) != 0
    }
}

impl Grammar {
    /// Works out what follows from the rules, once they are complete.
    pub fn complete(mut self) -> Self {
        let turns = 1u32 << (self.acts.turn_out & 31);
        for (topic, rules) in self.rules.iter().enumerate() {
            for rule in rules.iter().filter(|rule| rule.chosen) {
                if self.is_channelled(rule.indicator) && rule.acts & self.acts.rates != 0 {
                    self.asking |= 1u64 << (topic & 63);
                }
                if rule.acts & self.acts.rates != 0 {
                    self.rated |= 1u64 << (topic & 63);
                }
                if rule.acts & turns != 0 && self.turning == 0 {
                    self.turning = topic as u8;
                }
            }
        }
        self
    }
}
