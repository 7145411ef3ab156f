//! What stands before a figure in its clause: nouns, verbs and carriers. What follows it stands in `after`.
//! The noun nearest to the figure says what is counted; an unknown word in between says that it is not ours.

use super::grammar::{Grammar, has};
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Carriers, Role, Word};
use super::time::Moment;
use super::turn::turned;

/// How many words before a noun its subject is looked for.
const NEAR: usize = 8;

/// How many rates, verbs or nouns of one list are told apart.
pub const FEW: usize = 4;

/// A short list without allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Few {
    items: [u8; FEW],
    count: u8,
}

impl Few {
    /// Adds an item unless it is there or there is no room.
    pub fn add(&mut self, item: u8) {
        if !self.as_slice().contains(&item)
            && let Some(slot) = self.items.get_mut(usize::from(self.count))
        {
            *slot = item;
            self.count += 1;
        }
    }

    /// The items.
    pub fn as_slice(&self) -> &[u8] {
        self.items.get(..usize::from(self.count)).unwrap_or_default()
    }
}

/// The words before a figure, from the last boundary on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before {
    /// The noun that governs the figure; 0 = none.
    pub topic: u8,
    /// Nouns of other topics in one list with it.
    pub listed: Few,
    /// A noun stands there that is not in one list with it.
    pub parted: bool,
    /// Whether nothing but function words stands between noun and figure.
    pub adjacent: bool,
    /// The noun names a kind within its topic.
    pub kind: bool,
    /// A form of what the noun names stands behind it: 政策解读视频.
    pub formed: bool,
    /// The verb; 0 = none.
    pub act: u8,
    /// A second verb of the same standing: 受理并办结.
    pub second: u8,
    /// The verb is one that is often only an attribute: 转办.
    pub loose: bool,
    /// The names of rates.
    pub rates: Few,
    /// The carriers.
    pub carriers: Carriers,
    /// The carrier a noun suggests where none is named: 短视频.
    pub suggested: Carriers,
    /// An unknown word stands right before the figure.
    pub gap: bool,
    /// An unknown word stands right before the name of the rate.
    pub modified: bool,
    /// A title in 《》 stands right before the figure.
    pub title: bool,
    /// Persons stand there.
    pub person: bool,
    /// 共、达, a time or 新增: a figure without noun or verb speaks of what was said before.
    pub marked: bool,
    /// 共、累计.
    pub total: bool,
    /// 均、各.
    pub each: bool,
    /// 各.
    pub apiece: bool,
    /// 各 with a verb between it and the figure: 各配备1块 is no total.
    pub scattered: bool,
    /// 综合、总体.
    pub overall: bool,
    /// 上述.
    pub above: bool,
    /// 各科室 stands before the verb.
    pub per_unit: bool,
    /// 另有.
    pub besides: bool,
    /// 对 stands right before the figure: what was done comes after it.
    pub object: bool,
    /// The noun is one that adds nothing behind another, and its topic was set to none of ours for want of one.
    pub vague: bool,
    /// What the noun would be, were it not one of an unknown subject: 要求公开批文的申请.
    pub meant: u8,
    /// The measure word of the figure.
    pub measure: Option<u8>,
    /// The noun is listed together with something unknown: 行政公文和政策解读信息.
    pub mixed: bool,
    /// What is left to read stands before ：.
    pub colon: bool,
    /// 等平台: of those listed before it, even if not all are known.
    pub several: bool,
    /// 的 stands right before the noun.
    pub attributed: bool,
    /// Carriers stand behind ：, so that those before it are not the figure's.
    pub headed: bool,
    /// The figure is a difference.
    pub difference: Difference,
    /// The time named there.
    pub moment: Option<Moment>,
}

/// Whether a figure is a change, or a value that a change left or reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Difference {
    /// Neither.
    #[default]
    None,
    /// 增加 stands right before it.
    Certain,
    /// 增加 stands before it with a noun between.
    Possible,
    /// 由, 从: the value left.
    Left,
    /// 增至: the value reached.
    Reached,
}

impl Before {
    /// Whether nothing says what is counted.
    pub fn bare(&self) -> bool {
        self.topic == 0 && self.act == 0 && self.carriers.is_empty() && !self.gap && !self.title && !self.person && self.rates.as_slice().is_empty()
    }

    /// Whether carriers are all that is said.
    pub fn only_carriers(&self) -> bool {
        !self.carriers.is_empty() && Before { carriers: Carriers::default(), ..*self }.bare()
    }

    /// Reads the tokens before a figure, nearest first.
    pub fn read(grammar: &Grammar, tokens: &[Token]) -> Before {
        Before::counted(grammar, tokens, None)
    }

    /// The same before a figure with a measure word.
    pub fn counted(grammar: &Grammar, tokens: &[Token], measure: Option<u8>) -> Before {
        let mut before = Before { measure, ..Before::default() };
        let mut verb = Verb::default();
        let mut linked = false;
        let mut hidden = 0;
        before.object = matches!(tokens.last().map(|token| token.kind), Some(Kind::Word(Word { role: Role::Preposition, act: 0, .. })));
        for (at, token) in tokens.iter().enumerate().rev() {
            if at < hidden {
                continue;
            }
            match token.kind {
                // 沟口镇全年办结率…: the office by its own name.
                Kind::Gap if matches!(tokens.get(at + 1).map(|token| token.kind), Some(Kind::Word(Word { role: Role::Own, .. }))) => {}
                Kind::Gap => {
                    // What stands before a carrier is its name or owner, what stands before ： a heading.
                    let named = before.colon && !before.carriers.is_empty() || tokens.get(at + 1).is_some_and(is_named);
                    // 办结率、面复率、满意率: a rate that is not known among others.
                    let among = before.rates.as_slice().len() > 1 || !before.rates.as_slice().is_empty() && linked;
                    before.gap |= before.topic == 0 && !verb.any() && !named && !among;
                    let next = tokens.get(at + 2).map(|token| token.kind);
                    let last = matches!(tokens.get(at + 1).map(|token| token.kind), Some(Kind::Word(word)) if word.role.is_filler());
                    if before.several && (linked || last) && matches!(next, Some(Kind::Word(word)) if !word.carriers.is_empty()) {
                        // 民声在线、镇长信箱等平台: a carrier that is not known among others.
                        before.carriers = before.carriers.and(Carriers::OTHER);
                    }
                    verb.apart = true;
                    linked = false;
                }
                Kind::Title => before.title |= before.topic == 0 && !verb.any(),
                Kind::Mark(Mark::Enumeration) => linked = true,
                Kind::Mark(Mark::Colon) => {
                    before.colon = true;
                    before.headed |= !before.carriers.is_empty();
                }
                Kind::Time(moment) => {
                    before.marked = true;
                    before.moment = before.moment.or(Some(moment));
                }
                // 自开通以来突破10万人: a time, not the value left.
                Kind::Word(Word { role: Role::From, .. }) if matches!(tokens.get(at + 1).map(|token| token.kind), Some(Kind::Time(Moment::Since))) => {}
                Kind::Word(word) => {
                    before.word(grammar, tokens, at, word, &mut verb, linked);
                    linked = word.role == Role::Link;
                    if word.role == Role::Parts && before.total {
                        // 收到申请（含上年结转）共21件: what is included does not govern.
                        hidden = at;
                    }
                }
                _ => {}
            }
        }
        if before.vague && (!before.carriers.is_empty() || before.overall) {
            // 平台受理事项12件: the matters are those of the carrier; 两类事项综合满意率: of what was just counted.
            (before.topic, before.adjacent) = (0, false);
        }
        before.act = verb.first;
        before.second = verb.second;
        before.loose = verb.passing && verb.any();
        before
    }

    fn word(&mut self, grammar: &Grammar, tokens: &[Token], at: usize, word: Word, verb: &mut Verb, linked: bool) {
        let next = tokens.get(at + 1).map(|token| token.kind);
        let of_noun = matches!(next, Some(Kind::Gap))
            || matches!(next, Some(Kind::Word(word)) if word.act == 0 && (word.topic != 0 || !word.carriers.is_empty() || word.role == Role::Person));
        if word.role == Role::Each && of_noun {
            // 各股室人员: which persons, not how many each.
            self.per_unit |= verb.any();
        } else {
            self.role(word.role, verb);
        }
        let previous = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.kind);
        if !word.carriers.is_empty() {
            self.carrier(grammar, tokens, at, word);
        }
        if has(grammar.acts.rates, word.act) && word.act != 0 {
            if self.topic == 0 && !verb.any() {
                self.rates.add(word.act);
                self.modified = previous == Some(Kind::Gap);
            }
        } else if word.act != 0 {
            // 12345热线承办件共2406件: what kind of matters they are; 物业选聘等公告: what they are about.
            let attribute = matches!(next, Some(Kind::Word(Word { role: Role::Of | Role::Measure(_), .. })))
                || matches!(next, Some(Kind::Word(Word { role: Role::Such, .. }))) && self.topic != 0;
            verb.take(grammar, turned(grammar, tokens, at, word.act), word.loose, attribute);
            if self.attributed && word.act == grammar.acts.turn_taken && !has(grammar.acts.compound, verb.first) {
                // 收到要求公开土地审批的申请: what they ask for was not done.
                verb.first = word.act;
            }
        } else if !(word.role.is_filler() || word.role == Role::Link) {
            verb.apart |= word.topic != 0 || !word.carriers.is_empty();
        }
        let headed = self.colon && !self.carriers.is_empty() && Grammar::is(grammar.foreign, word.topic);
        if word.topic != 0 && !headed {
            self.noun(grammar, tokens, at, word, verb, linked);
        }
    }

    /// A carrier counts unless the word beside it is the carrier meant: 12315热线, 融媒体中心公众号.
    fn carrier(&mut self, grammar: &Grammar, tokens: &[Token], at: usize, word: Word) {
        let behind = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at)).map(|token| token.kind);
        let line = |kind: Option<Kind>| matches!(kind, Some(Kind::Word(Word { carriers: Carriers::LINE, .. })));
        let (previous, next) = (behind(1), tokens.get(at + 1).map(|token| token.kind));
        // 网站、公众号两个平台: the last word only says how many they are.
        let all = grammar.all_carriers();
        let owner =
            matches!(next, Some(Kind::Word(Word { carriers, apposed: false, .. })) if !(carriers.is_empty() || carriers == Carriers::OTHER || carriers == all));
        // A second line beside a listed one is merged with it, several are not.
        let listed = previous == Some(Kind::Mark(Mark::Enumeration)) && line(behind(2));
        let platform = line(previous) && word.carriers == Carriers::OTHER;
        let of_requests =
            matches!(previous, Some(Kind::Word(Word { topic, .. })) if topic != 0 && Grammar::is(grammar.asking, topic)) && !is_carrier(behind(2));
        let unnamed = !(platform || of_requests || matches!(previous, Some(Kind::Gap | Kind::Title)));
        let numbered = (2..=3).take_while(|&steps| !matches!(behind(steps), Some(Kind::Mark(_)))).any(|steps| line(behind(steps)));
        let name = tokens.iter().take(at).rev().find(|token| !matches!(token.kind, Kind::Word(word) if word.role.is_filler()));
        let same = word.carriers == Carriers::OTHER
            && matches!(name.map(|token| token.kind), Some(Kind::Word(Word { carriers, .. })) if !carriers.is_empty() && carriers.0 & (Carriers::LINE.0 | Carriers::OTHER.0) == 0);
        let listing = matches!(previous, Some(Kind::Word(word)) if word.role.is_filler() && word.carriers.is_empty());
        // 镇长信箱、民声在线等平台: the last of the list may be unknown.
        let beyond = (3..=4).find(|&steps| behind(steps) == Some(Kind::Mark(Mark::Enumeration)));
        let of_list = is_carrier(behind(2)) || behind(2) == Some(Kind::Gap) && beyond.is_some_and(|steps| is_carrier(behind(steps + 1)));
        self.several |= word.apposed && word.carriers == Carriers::OTHER && listing && of_list;
        let told = next == Some(Kind::Mark(Mark::Open)) && word.carriers == Carriers::OTHER && !self.carriers.is_empty();
        let several = word.carriers == all && is_carrier(previous);
        if told || self.headed || several {
            // 网上信箱（局长信箱）: the bracket says which; 三类平台的留言：网站88条: those before ： are the headline.
        } else if word.apposed && previous == Some(Kind::Gap) && numbered {
            // 12333人社热线: the number says which line it is.
        } else if word.carriers == Carriers::LINE && listed {
            // 12345、12328、12315三条热线.
            self.carriers = self.carriers.and(Carriers::OTHER);
        } else if same {
            // 12345便民服务平台: one carrier.
        } else if word.apposed && word.topic != 0 {
            self.suggested = self.suggested.and(word.carriers);
        } else if word.apposed && word.carriers == Carriers::OTHER && unnamed {
            // 平台建设: which platform is not said; but 民意诉求平台.
        } else if !owner && (platform || !(word.apposed && is_carrier(previous))) {
            self.carriers = self.carriers.and(word.carriers);
        }
    }

    fn noun(&mut self, grammar: &Grammar, tokens: &[Token], at: usize, word: Word, verb: &Verb, linked: bool) {
        let previous = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.kind);
        let open = self.topic != 0 && self.measure.is_some() && !linked;
        let fits = |topic: u8| grammar.counts(topic, self.measure);
        let misfit = open && !Grammar::is(grammar.foreign, self.topic) && !Grammar::is(grammar.foreign, word.topic) && !fits(self.topic) && fits(word.topic);
        if open && Grammar::is(grammar.broad, self.topic) || misfit {
            if !fits(self.topic) && fits(word.topic) {
                // 宣讲惠民政策21场: policies are not counted in 场.
                self.topic = word.topic;
                self.kind = word.kind;
            }
            return;
        }
        let persons = |topic: u8| grammar.indicator(topic, 0, self.measure).is_some() && !grammar.happens(topic, self.measure);
        if word.about && self.measure.is_some() && Grammar::is(grammar.foreign, self.topic) && self.topic != 0 && persons(word.topic) && !verb.any() {
            // 培训各部门信息员36人次: who they were.
            self.topic = word.topic;
            return;
        }
        if self.vague && self.topic != word.topic && grammar.happens(word.topic, self.measure) && !verb.any() {
            // 政策宣讲进社区活动17场, “开放日”等活动6场: what they were stands before it.
            (self.topic, self.kind, self.vague) = (word.topic, word.kind, false);
            return;
        }
        if self.topic != 0 {
            // 以图文、视频等形式解读政策: what is listed further off is no part of this list.
            self.parted |= !linked;
            if linked && self.adjacent && !self.parted && word.topic != self.topic {
                self.listed.add(word.topic);
            } else if linked && self.adjacent {
                // 人大建议和政协提案: the kinds together are the whole.
                self.kind &= !word.kind || Grammar::is(grammar.broad, word.topic);
            }
            return;
        }
        if self.gap && !verb.any() {
            return;
        }
        if let Some(Kind::Word(Word { topic, act: 0, .. })) = previous
            && topic != 0
            && (word.plain || Grammar::is(grammar.broad, word.topic) && Grammar::is(grammar.published, topic))
        {
            // 政策解读信息: the noun before it says what it is; 政策解读视频: and in which form.
            self.formed |= !word.plain;
            if !(Grammar::is(grammar.foreign, topic) && Grammar::is(grammar.broad, word.topic)) {
                return;
            }
        }
        let linked_to = at.checked_sub(2).and_then(|at| tokens.get(at)).map(|token| token.kind);
        if let (true, Some(Kind::Gap), Some(Kind::Word(named))) = (word.plain && Grammar::is(grammar.foreign, word.topic), previous, linked_to)
            && named.topic != 0
            && named.act == 0
            && grammar.happens(named.topic, self.measure)
        {
            // 法治宣传“赶大集”活动33场: what was held stands before its name.
            (self.topic, self.adjacent) = (named.topic, !verb.any());
            return;
        }
        self.mixed = matches!(previous, Some(Kind::Word(Word { role: Role::Link, .. }))) && linked_to == Some(Kind::Gap);
        let modifier = match previous {
            Some(Kind::Word(Word { topic, act: 0, .. })) => topic,
            _ => 0,
        };
        self.topic = word.topic;
        self.attributed = matches!(previous, Some(Kind::Word(Word { role: Role::Of, .. }))) && !Grammar::is(grammar.broad, word.topic);
        self.vague = word.plain && Grammar::is(grammar.foreign, word.topic);
        if modifier == grammar.turning && modifier != 0 && Grammar::is(grammar.asking, word.topic) {
            // 依申请公开信件: the form in which they came.
            self.topic = modifier;
        }
        self.kind = word.kind || (previous == Some(Kind::Gap) && Grammar::is(grammar.asking, word.topic));
        self.kind |= self.formed && Grammar::is(grammar.published, word.topic);
        // 采购公告: of one subject only.
        self.kind |= Grammar::is(grammar.foreign, modifier) && modifier != 0 && Grammar::is(grammar.broad, word.topic);
        // 预决算等财政信息, 惠民领域各类信息: all there are.
        let such = |kind: Option<Kind>| matches!(kind, Some(Kind::Word(Word { role: Role::Such, .. })));
        let all = such(previous) || previous == Some(Kind::Gap) && such(linked_to);
        self.kind &= !(all && Grammar::is(grammar.broad, word.topic));
        let near =
            || tokens.get(at.saturating_sub(NEAR)..at).unwrap_or_default().iter().any(|token| matches!(token.kind, Kind::Word(Word { theme: true, .. })));
        let place = matches!(linked_to, Some(Kind::Word(Word { role: Role::Preposition | Role::At, .. })));
        if word.about && (modifier == grammar.matter && modifier != 0 || previous == Some(Kind::Gap) && !place && !near()) {
            // 消防培训, 税收业务培训: about something else.
            self.topic = grammar.matter;
        }
        self.adjacent = !verb.any();
        // 要求公开批文的申请: what it asks for says that it is another.
        let of_unknown = matches!(previous, Some(Kind::Word(Word { role: Role::Of, .. })))
            && (linked_to == Some(Kind::Gap) || matches!(linked_to, Some(Kind::Word(Word { topic, .. })) if topic != 0 && Grammar::is(grammar.foreign, topic)));
        if word.plain && (previous == Some(Kind::Gap) || of_unknown && !Grammar::is(grammar.broad, word.topic)) {
            if Grammar::is(grammar.broad, word.topic) {
                self.kind = !all;
            } else {
                self.meant = if of_unknown { self.topic } else { 0 };
                self.topic = foreign(grammar);
            }
        }
    }

    fn role(&mut self, role: Role, verb: &Verb) {
        match role {
            Role::Total => {
                self.total = true;
                self.marked = true;
            }
            Role::All => self.each = true,
            Role::Each => {
                self.each = true;
                self.apiece = true;
                self.scattered = self.topic != 0 || verb.any();
            }
            // 省级2件、市级5件: a figure without noun or verb speaks of what was said before.
            Role::Copula | Role::Level => self.marked = true,
            Role::Overall => self.overall = true,
            Role::PerUnit => self.per_unit |= verb.any(),
            Role::Besides => self.besides = true,
            Role::Above => self.above = true,
            Role::Person => self.person = true,
            Role::Change | Role::Reach | Role::From if self.difference == Difference::None => {
                let near = self.topic == 0 && !verb.any() && self.carriers.is_empty() && !self.gap && !self.colon && self.rates.as_slice().is_empty();
                self.difference = match (role, near) {
                    (Role::Reach, true) => Difference::Reached,
                    (Role::From, true) => Difference::Left,
                    (Role::Change, true) => Difference::Certain,
                    (Role::Change, false) => Difference::Possible,
                    _ => Difference::None,
                };
                self.marked |= role == Role::Reach;
            }
            _ => {}
        }
    }
}

/// The topic of figures that are none of ours.
pub fn foreign(grammar: &Grammar) -> u8 {
    grammar.foreign.trailing_zeros() as u8
}

/// Whether a token is a carrier that needs no name of its own, so that what stands before it governs nothing.
fn is_named(token: &Token) -> bool {
    matches!(token.kind, Kind::Word(Word { carriers, topic: 0, act: 0, .. }) if !carriers.is_empty() && carriers != Carriers::OTHER)
}

fn is_carrier(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Word(word)) if !word.carriers.is_empty())
}

/// The verb that counts among several.
#[derive(Default)]
struct Verb {
    first: u8,
    second: u8,
    loose: bool,
    /// It is loose as a word, not only as an attribute.
    passing: bool,
    strong: bool,
    /// Something other than a link stands between this verb and the next one to the left.
    apart: bool,
}

impl Verb {
    fn any(&self) -> bool {
        self.first != 0
    }

    fn take(&mut self, grammar: &Grammar, act: u8, passing: bool, attribute: bool) {
        let strong = has(grammar.acts.strong, act);
        let turns = |act: u8| act != 0 && (act == grammar.acts.turn_in || act == grammar.acts.turn_out);
        // 未办结转入本年度的申请: carried over is what they were.
        let loose = (passing || attribute) && !turns(act);
        let pair = has(grammar.acts.compound, act) && has(grammar.acts.compound, self.first) && !self.apart;
        // 到会居民共有1120人: how many came.
        let came = has(grammar.acts.attends, act) && has(grammar.acts.stock, self.first);
        if self.first == 0 || (self.loose && !loose) || (strong && !self.strong) || came {
            (self.first, self.loose, self.passing, self.strong) = (act, loose, passing, strong);
        } else if pair && !loose && !self.loose && self.second == 0 && act != self.first {
            self.second = act;
        }
        self.apart = false;
    }
}
