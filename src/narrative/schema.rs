//! The shape of `config/narrative.toml`. Names keep their place in the text, so that errors can tell the line.

use super::grammar::{Example, IndicatorKind};
use crate::finding::Bilingual;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

pub(super) type Name = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) measures: Vec<Name>,
    pub(super) channel: Vec<ChannelEntry>,
    pub(super) carriers: OtherCarriers,
    pub(super) topic: Vec<TopicEntry>,
    pub(super) act: Vec<ActEntry>,
    /// Words that say that something is about disclosure; they may have other uses.
    pub(super) themes: Vec<Name>,
    pub(super) words: BTreeMap<Name, Vec<Name>>,
    pub(super) indicator: Vec<IndicatorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelEntry {
    pub(super) id: Name,
    pub(super) zh: String,
    pub(super) en: String,
    /// The topic its name stands for where no other noun does.
    pub(super) topic: Name,
    pub(super) words: Vec<Name>,
    /// Names that only repeat the carrier before them.
    #[serde(default)]
    pub(super) apposed: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OtherCarriers {
    pub(super) topic: Name,
    pub(super) other: Vec<Name>,
    pub(super) apposed: Vec<Name>,
    pub(super) lines: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicEntry {
    pub(super) id: Name,
    #[serde(default)]
    pub(super) nouns: Vec<Name>,
    /// Nouns that need to stand unmodified.
    #[serde(default)]
    pub(super) plain: Vec<Name>,
    /// Nouns for a kind within it, but only where another of its nouns stands in the sentence: 建议 beside 提案.
    #[serde(default)]
    pub(super) weak: Vec<Name>,
    /// Nouns for a kind within the topic.
    #[serde(default)]
    pub(super) kinds: Vec<Name>,
    /// Figures of it have a carrier of their own by nature, and lean on the one named last.
    #[serde(default)]
    pub(super) leans: bool,
    /// A figure governed by it is none of ours.
    #[serde(default)]
    pub(super) foreign: bool,
    /// The same, and what it stands before has it for a subject: 消防 in 消防培训.
    #[serde(default)]
    pub(super) matter: bool,
    /// Nouns that have a subject, and mean their topic only if that is disclosure or not named: 培训, but not 消防培训.
    #[serde(default)]
    pub(super) about: Vec<Name>,
    /// Persons are met: those who come to what is held are its participants.
    #[serde(default)]
    pub(super) greeting: bool,
    /// Of all there are, only those that disclosure caused are counted.
    #[serde(default)]
    pub(super) caused: bool,
    /// As a part of what was published it is a figure of its own.
    #[serde(default)]
    pub(super) published: bool,
    /// An unknown word before the noun makes a kind of it, no other thing.
    #[serde(default)]
    pub(super) broad: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActEntry {
    pub(super) id: Name,
    #[serde(default)]
    pub(super) words: Vec<Name>,
    /// Verbs that are attributes where another verb stands.
    #[serde(default)]
    pub(super) loose: Vec<Name>,
    /// Verbs of one character, which are verbs only right before a number.
    #[serde(default)]
    pub(super) short: Vec<Name>,
    /// The topic of the verb without an object.
    pub(super) topic: Option<Name>,
    /// The rate it states together with 均 or 全部, or after a percentage.
    pub(super) all: Option<Name>,
    /// The rate it states behind a percentage only: 九成六得到群众满意.
    pub(super) share: Option<Name>,
    /// It is itself the name of a rate.
    #[serde(default)]
    pub(super) rate: bool,
    /// It says which way a matter is carried over the turn of the year.
    pub(super) turn: Option<Name>,
    /// Of several verbs in a clause it decides.
    #[serde(default)]
    pub(super) strong: bool,
    /// Two of these side by side with one figure state it twice: 受理并办结.
    #[serde(default)]
    pub(super) compound: bool,
    /// Its topic must have been named in the same sentence by an event.
    #[serde(default)]
    pub(super) attends: bool,
    /// What it states is a stock: 现有.
    #[serde(default)]
    pub(super) stock: bool,
    /// What it states is of this year: 新增.
    #[serde(default)]
    pub(super) fresh: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorEntry {
    pub(super) id: Name,
    pub(super) zh: String,
    pub(super) en: String,
    pub(super) unit: Name,
    pub(super) kind: IndicatorKind,
    pub(super) summable: bool,
    #[serde(default)]
    pub(super) weighted_by: Vec<String>,
    pub(super) definition: Bilingual,
    #[serde(default)]
    pub(super) channelled: bool,
    /// The channel it always has.
    pub(super) channel: Option<Name>,
    /// The unit of a nought without one; without it negation states nothing.
    pub(super) zero: Option<Name>,
    /// Events may be dated without being parts of a whole.
    #[serde(default)]
    pub(super) occasional: bool,
    /// It is always a stock, whatever the verb: 粉丝.
    #[serde(default)]
    pub(super) standing: bool,
    #[serde(default)]
    pub(super) section: Option<Name>,
    #[serde(rename = "when")]
    pub(super) rules: Vec<RuleEntry>,
    #[serde(default)]
    pub(super) examples: Vec<Example>,
    #[serde(default)]
    pub(super) counterexamples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub(super) topic: Name,
    pub(super) acts: Option<Vec<Name>>,
    #[serde(default)]
    pub(super) without: Vec<Name>,
    pub(super) measures: Option<Vec<Name>>,
}
