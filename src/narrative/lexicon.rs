//! The words of the language and their search: what a word can be (carrier, topic, act, function word), and
//! a trie that finds the longest word at a place, which is how Chinese text is cut without blanks.

use crate::fact::Qualifier;
use crate::numeral;
use std::collections::BTreeMap;

/// What a function word does in a clause. The names are those of the lists in `config/narrative.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// None: a content word.
    #[default]
    None,
    /// Says nothing about a figure: 的、等、工作、按期.
    Filler,
    /// The same, and names a level: 省级、区级.
    Level,
    /// The same; before ， it says that parts follow: 2087件工单中，…
    Within,
    /// The same; behind a time it says by when: 6月底前.
    By,
    /// The same, or a number; where it begins a clause it may stand for what was just counted: 两项均已回复.
    Again,
    /// A measure word with its number in the list.
    Measure(u8),
    /// Stands where a measure word stands, but counts nothing: 个工作日、万平方米.
    NotCount,
    /// Bounds or weakens the number that follows: 近、超过.
    Before(Qualifier),
    /// The same after the measure word: 以上、左右.
    After(Qualifier),
    /// 未收到、没有: what follows is nought.
    Negation,
    /// 无、零: the same, but only with a noun directly after it, or at the end.
    Nil,
    /// 均、全部: with a verb of completion a rate of 1.
    All,
    /// 各: each of what is listed before.
    Each,
    /// 分别: the figures belong to the list in its order.
    Respectively,
    /// 其中、包括: parts of a total follow.
    Parts,
    /// 共、累计: a total follows.
    Total,
    /// 达、为: leads to the figure.
    Copula,
    /// 实际: done, not planned.
    Actual,
    /// 综合、总体: over all that was said.
    Overall,
    /// 和、及: joins the items of a list.
    Link,
    /// 每、平均、占: the numbers of the clause are not totals.
    Aside,
    /// 占: a percentage after it is a share.
    Share,
    /// 较、同比: a comparison.
    Compare,
    /// 增加、下降: the number after it is a difference.
    Change,
    /// 增至、提升到: the number after it is the value reached.
    Reach,
    /// 由、从: the number after it is the value left.
    From,
    /// 至、到: a direction in time.
    Until,
    /// 截至: a date after it is no part of the year.
    AsOf,
    /// 将、拟: a plan, if a verb follows.
    PlanLead,
    /// 预计、下一步: a plan.
    Plan,
    /// 确保、做到: an aim, nothing achieved.
    Aim,
    /// 在、面向: a noun follows that is not the subject.
    Preposition,
    /// 全市、全系统: another level than the office.
    Wide,
    /// 我镇、本单位: the office itself.
    Own,
    /// 我区: the office is a district itself, so its 全区 is its own.
    OwnArea,
    /// 因: what follows, up to 引发, is a cause.
    Cause,
    /// 平均: the number after it is no total, but a rate may be one.
    Mean,
    /// 在: a place follows, or a number that is reached: 在230万次上下.
    At,
    /// 零发生、为零: what stands before it is nought.
    NilAfter,
    /// 各社区: units that each have as many.
    PerUnit,
    /// 另有: what follows was not done with what was said before.
    Besides,
    /// 无关: what was counted is none of ours.
    Unrelated,
    /// 引发、被: ends a cause.
    Effect,
    /// 干部、居民: persons, who are counted only where something was done with them.
    Person,
    /// 的: what stands before it is an attribute.
    Of,
    /// 未因: what follows, up to 引发, is a cause, and nothing came of it.
    NegatedCause,
    /// 上述: the carriers named before.
    Above,
    /// 一是、二是: a new point begins.
    Index,
    /// 双百: a rate of 1.
    Perfect,
    /// 今年.
    ThisYear,
    /// 去年.
    LastYear,
    /// 明年.
    NextYear,
    /// 前年.
    Older,
    /// 全年: the whole of the year that is spoken of.
    WholeYear,
    /// 历年、开通以来.
    Since,
    /// 近三年: several years.
    ManyYears,
    /// 上半年、期间: a part of the year.
    PartOfYear,
    /// 疫情期间.
    Event,
    /// 等、各类: what stands before is only some of it.
    Such,
    /// 类: what stands before is a sort of what was counted.
    Sort,
}

impl Role {
    /// Whether the word states something without a number: 未收到, 均.
    pub fn states(self) -> bool {
        matches!(self, Role::Negation | Role::NegatedCause | Role::Nil | Role::NilAfter | Role::All | Role::Perfect)
    }

    /// Whether the word says nothing about a figure by itself.
    pub fn is_filler(self) -> bool {
        matches!(self, Role::Filler | Role::Level | Role::Within | Role::By | Role::Again | Role::Such | Role::Sort)
    }
}

/// A set of channels, one bit each; the two highest bits are carriers without a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carriers(pub u16);

impl Carriers {
    /// A carrier that is no channel of the list: 信访、其他平台.
    pub const OTHER: Carriers = Carriers(1 << 15);
    /// Another hotline, which may be merged with a listed one: 12315.
    pub const LINE: Carriers = Carriers(1 << 14);
    /// How many channels there may be.
    pub const MOST: usize = 14;

    /// Whether none is named.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its members one by one.
    pub fn each(self) -> impl Iterator<Item = Carriers> + Clone {
        (0..u16::BITS).map(move |bit| Carriers(self.0 & (1 << bit))).filter(|one| !one.is_empty())
    }

    /// The carriers of both.
    pub fn and(self, other: Carriers) -> Carriers {
        Carriers(self.0 | other.0)
    }
}

/// A word and all it can be. Noughts stand for "not that".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Word {
    /// Where the information appears or the request comes from.
    pub carriers: Carriers,
    /// What is counted; 0 = no noun of the list.
    pub topic: u8,
    /// What was done; 0 = no verb of the list.
    pub act: u8,
    /// What it does as a function word.
    pub role: Role,
    /// A noun that means its topic only if no unknown word stands before it: 申请, but not 低保申请.
    pub plain: bool,
    /// A noun for a kind within its topic: 专职人员 within 工作人员.
    pub kind: bool,
    /// A noun that means its topic only beside another noun of it.
    pub weak: bool,
    /// A verb that is often only an attribute: 转办工单.
    pub loose: bool,
    /// A verb of one character, one only right before a number: 收12件, but not in 征收12件 and 收缩.
    pub short: bool,
    /// A noun with a subject, which must be disclosure.
    pub about: bool,
    /// It says that something is about disclosure.
    pub theme: bool,
    /// A carrier that only repeats the one before it: 12315热线, 微博平台.
    pub apposed: bool,
}

impl Word {
    /// Lays another use of the same word over this one; `Err` if the two exclude each other.
    fn merge(&mut self, other: Word) -> Result<(), ()> {
        let noun = |word: &Word| (word.topic, word.plain, word.kind, word.weak);
        let verb = |word: &Word| (word.act, word.loose);
        let clash = (self.topic != 0 && other.topic != 0 && noun(self) != noun(&other))
            || (self.act != 0 && other.act != 0 && verb(self) != verb(&other))
            || (self.role != Role::None && other.role != Role::None && self.role != other.role);
        if clash {
            return Err(());
        }
        self.carriers = self.carriers.and(other.carriers);
        self.topic |= other.topic;
        self.act |= other.act;
        if self.role == Role::None {
            self.role = other.role;
        }
        self.plain |= other.plain;
        self.kind |= other.kind;
        self.weak |= other.weak;
        self.loose |= other.loose;
        self.short |= other.short;
        self.theme |= other.theme;
        self.about |= other.about;
        self.apposed |= other.apposed;
        Ok(())
    }
}

/// Words being gathered from the configuration.
#[derive(Debug, Default)]
pub struct Gathering {
    words: BTreeMap<Vec<char>, Word>,
}

impl Gathering {
    /// Adds a use of a word; `Err` if it already has a use that excludes this one.
    pub fn add(&mut self, text: &str, word: Word) -> Result<(), ()> {
        let key: Vec<char> = text.chars().map(numeral::plain).collect();
        self.words.entry(key).or_default().merge(word)
    }

    /// How many words there are; [`Lexicon`] can number [`Gathering::MOST`].
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// How many words there may be.
    pub const MOST: usize = u16::MAX as usize;

    /// Builds the trie. The words are sorted, so that those with a common beginning stand together.
    pub fn build(self) -> Lexicon {
        let mut lexicon =
            Lexicon { first: vec![0; 1 << 16].into_boxed_slice(), nodes: vec![Node::default()], edges: Vec::new(), words: Vec::new(), cues: Vec::new() };
        let (keys, words): (Vec<Vec<char>>, Vec<Word>) = self.words.into_iter().unzip();
        lexicon.cues = cues(&keys, &words);
        lexicon.words = words;
        // Stretches of words with the same first characters: the node, their number of characters, from, to.
        let mut open: Vec<(usize, usize, usize, usize)> = vec![(0, 0, 0, keys.len())];
        while let Some((node, depth, mut from, to)) = open.pop() {
            if keys.get(from).is_some_and(|key| key.len() == depth) {
                lexicon.nodes[node].word = Some(from as u16);
                from += 1;
            }
            lexicon.nodes[node].from = lexicon.edges.len() as u32;
            while let Some(&ch) = keys.get(from).filter(|_| from < to).and_then(|key| key.get(depth)) {
                let alike = keys[from..to].iter().take_while(|key| key.get(depth) == Some(&ch)).count();
                let child = lexicon.nodes.len();
                lexicon.nodes.push(Node::default());
                if depth > 0 {
                    lexicon.edges.push((ch, child as u32));
                } else if let Some(slot) = lexicon.first.get_mut(ch as usize) {
                    *slot = child as u32;
                }
                open.push((child, depth + 1, from, from + alike));
                from += alike;
            }
            lexicon.nodes[node].to = lexicon.edges.len() as u32;
        }
        lexicon
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Node {
    word: Option<u16>,
    /// Its edges, in the order of their characters: from, to.
    from: u32,
    to: u32,
}

/// All words, searched by the longest match.
#[derive(Debug)]
pub struct Lexicon {
    /// The node of each first character, 0 = none. Characters beyond the basic plane begin no word.
    first: Box<[u32]>,
    nodes: Vec<Node>,
    edges: Vec<(char, u32)>,
    words: Vec<Word>,
    /// See [`Lexicon::cues`].
    cues: Vec<char>,
}

/// Of each word that states something without a number one character, the one that the fewest words have.
fn cues(keys: &[Vec<char>], words: &[Word]) -> Vec<char> {
    let mut stating: Vec<&Vec<char>> = keys.iter().zip(words).filter(|(_, word)| word.role.states()).map(|(key, _)| key).collect();
    stating.sort_by_key(|key| key.len());
    let mut frequency = vec![0u16; 1 << 16];
    for slot in keys.iter().flatten().filter_map(|&ch| u16::try_from(ch as u32).ok()) {
        frequency[usize::from(slot)] += 1;
    }
    let mut cues = Vec::new();
    for key in stating {
        // Numerals are looked for anyway.
        if !key.iter().any(|ch| cues.contains(ch) || numeral::is_numeral(*ch) || ch.is_ascii_digit()) {
            cues.extend(key.iter().min_by_key(|&&ch| frequency.get(ch as usize)));
        }
    }
    cues
}

/// From this many edges on, halving finds one sooner than looking at each.
const MANY: usize = 8;

impl Lexicon {
    /// The longest word a text begins with, and its length in characters.
    #[inline]
    pub fn longest(&self, mut text: impl Iterator<Item = char>) -> Option<(u16, usize)> {
        let mut at = *self.first.get(text.next()? as usize)? as usize;
        let mut best = None;
        let mut length = 1;
        while at != 0 {
            let node = self.nodes[at];
            if let Some(word) = node.word {
                best = Some((word, length));
            }
            let Some(ch) = text.next() else { break };
            let edges = &self.edges[node.from as usize..node.to as usize];
            let edge = match edges.len() {
                MANY.. => edges.binary_search_by_key(&ch, |&(c, _)| c).ok().map(|found| &edges[found]),
                _ => edges.iter().find(|&&(c, _)| c == ch),
            };
            at = edge.map_or(0, |&(_, to)| to as usize);
            length += 1;
        }
        best
    }

    /// Characters of which every word that states something without a number has one.
    pub fn cues(&self) -> &[char] {
        &self.cues
    }

    /// A word by its number.
    #[inline]
    pub fn word(&self, id: u16) -> Word {
        self.words.get(usize::from(id)).copied().unwrap_or_default()
    }
}
