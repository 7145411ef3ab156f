//! Reads `config/narrative.toml`: its shape, its errors in words with the line and the valid names, and the
//! building of lexicon and grammar from it.

use super::grammar::{Channel, Grammar, Indicator, Rule};
use super::lexicon::{Carriers, Gathering, Lexicon, Role, Word};
use super::schema::{File, Name};
use crate::fact::Qualifier;
use toml::Spanned;

/// What is wrong with the configuration, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ConfigError {
    /// 1-based line of the text.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Names of one sort, with their numbers.
struct Names<'a> {
    sort: &'static str,
    list: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn new(sort: &'static str, names: impl Iterator<Item = &'a Name>) -> Self {
        Names { sort, list: names.map(|name| name.get_ref().as_str()).collect() }
    }
}

/// Turns spans into lines, and texts into errors.
struct Source<'a> {
    text: &'a str,
}

impl Source<'_> {
    fn error(&self, at: usize, message: String) -> ConfigError {
        let before = self.text.get(..at).unwrap_or(self.text);
        ConfigError { line: before.matches('\n').count() + 1, message }
    }

    /// A value of the wrong type, or no TOML at all: with the key, and what would be right where that is known.
    fn misshapen(&self, error: &toml::de::Error) -> ConfigError {
        let at = error.span().map_or(0, |span| span.start);
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = self.text.lines().nth(before.matches('\n').count()).unwrap_or_default();
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        let right = match key {
            "unit" | "zero" => format!("; a measure word or `{RATIO}`: {}", self.measures()),
            "kind" => "; one of: count, rate, stock".to_owned(),
            "section" => format!("; one of: {}", SECTIONS.join(", ")),
            _ => String::new(),
        };
        let key = if key.is_empty() || key.contains(['[', '{', '"']) { String::new() } else { format!("`{key}`: ") };
        self.error(at, format!("{key}{}{right}", error.message().trim_end()))
    }

    /// The measure words, as far as they can be read.
    fn measures(&self) -> String {
        let table = self.text.parse::<toml::Table>().unwrap_or_default();
        let list = table.get("measures").and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Whether a unit is a measure word.
    fn unit(&self, measures: &Names<'_>, unit: &Name) -> Result<String, ConfigError> {
        if unit.get_ref() != RATIO {
            self.find(measures, unit)?;
        }
        Ok(unit.get_ref().clone())
    }

    fn find(&self, names: &Names<'_>, name: &Name) -> Result<usize, ConfigError> {
        names.list.iter().position(|known| known == name.get_ref()).ok_or_else(|| {
            let known = names.list.join(", ");
            self.error(name.span().start, format!("unknown {} `{}`; known are: {known}", names.sort, name.get_ref()))
        })
    }

    fn few(&self, names: &Names<'_>, most: usize) -> Result<(), ConfigError> {
        if names.list.len() <= most {
            return Ok(());
        }
        Err(self.error(0, format!("there are {} {}s; at most {most} are possible", names.list.len(), names.sort)))
    }

    fn add(&self, words: &mut Gathering, list: &[Name], word: Word) -> Result<(), ConfigError> {
        for text in list {
            for member in family(text.get_ref()) {
                if member.is_empty() || member.contains(['{', '|', '}']) {
                    return Err(self.error(text.span().start, format!("`{}` is no word and no family like {{甲|乙}}率", text.get_ref())));
                }
                words.add(&member, word).map_err(|()| self.error(text.span().start, format!("`{member}` stands in two lists that exclude each other")))?;
            }
        }
        Ok(())
    }
}

/// The words a family stands for: `{市|县}长{|公开}信箱` are four. A plain word is its own family.
fn family(text: &str) -> Vec<String> {
    let parts = text.split_once('{').and_then(|(head, rest)| rest.split_once('}').map(|(choices, tail)| (head, choices, tail)));
    let Some((head, choices, tail)) = parts else {
        return vec![text.to_owned()];
    };
    let tails = family(tail);
    choices.split('|').flat_map(|choice| tails.iter().map(move |tail| format!("{head}{choice}{tail}"))).collect()
}

/// The unit of rates.
const RATIO: &str = "ratio";

/// The sections a figure may be read in.
const SECTIONS: [&str; 2] = ["overview", "other"];

/// Function words by the name of their list.
const ROLES: [(&str, Role); 63] = [
    ("filler", Role::Filler),
    ("level", Role::Level),
    ("within", Role::Within),
    ("by", Role::By),
    ("again", Role::Again),
    ("not_count", Role::NotCount),
    ("before_at_least", Role::Before(Qualifier::AtLeast)),
    ("before_at_most", Role::Before(Qualifier::AtMost)),
    ("before_approx", Role::Before(Qualifier::Approx)),
    ("after_at_least", Role::After(Qualifier::AtLeast)),
    ("after_at_most", Role::After(Qualifier::AtMost)),
    ("after_approx", Role::After(Qualifier::Approx)),
    ("negation", Role::Negation),
    ("nil", Role::Nil),
    ("all", Role::All),
    ("each", Role::Each),
    ("respectively", Role::Respectively),
    ("parts", Role::Parts),
    ("total", Role::Total),
    ("copula", Role::Copula),
    ("actual", Role::Actual),
    ("overall", Role::Overall),
    ("link", Role::Link),
    ("aside", Role::Aside),
    ("share", Role::Share),
    ("compare", Role::Compare),
    ("change", Role::Change),
    ("reach", Role::Reach),
    ("from", Role::From),
    ("until", Role::Until),
    ("as_of", Role::AsOf),
    ("plan_lead", Role::PlanLead),
    ("plan", Role::Plan),
    ("aim", Role::Aim),
    ("preposition", Role::Preposition),
    ("wide", Role::Wide),
    ("own", Role::Own),
    ("own_area", Role::OwnArea),
    ("mean", Role::Mean),
    ("at", Role::At),
    ("nil_after", Role::NilAfter),
    ("per_unit", Role::PerUnit),
    ("besides", Role::Besides),
    ("unrelated", Role::Unrelated),
    ("cause", Role::Cause),
    ("effect", Role::Effect),
    ("person", Role::Person),
    ("of", Role::Of),
    ("negated_cause", Role::NegatedCause),
    ("above", Role::Above),
    ("index", Role::Index),
    ("perfect", Role::Perfect),
    ("this_year", Role::ThisYear),
    ("last_year", Role::LastYear),
    ("next_year", Role::NextYear),
    ("older", Role::Older),
    ("since", Role::Since),
    ("part_of_year", Role::PartOfYear),
    ("event", Role::Event),
    ("such", Role::Such),
    ("sort", Role::Sort),
    ("whole_year", Role::WholeYear),
    ("many_years", Role::ManyYears),
];

/// Builds lexicon and grammar from the text of the configuration.
pub fn load(text: &str) -> Result<(Lexicon, Grammar), ConfigError> {
    let source = Source { text };
    let file: File = toml::from_str(text).map_err(|error| source.misshapen(&error))?;
    let nobody: Name = Spanned::new(0..0, "none".to_owned());
    let measures = Names::new("measure", file.measures.iter());
    let channels = Names::new("channel", file.channel.iter().map(|entry| &entry.id));
    let topics = Names::new("topic", std::iter::once(&nobody).chain(file.topic.iter().map(|entry| &entry.id)));
    let acts = Names::new("act", std::iter::once(&nobody).chain(file.act.iter().map(|entry| &entry.id)));
    let sections = Names { sort: "section", list: SECTIONS.to_vec() };
    source.few(&measures, 128)?;
    source.few(&channels, Carriers::MOST)?;
    if let Some(last) = file.channel.last().filter(|last| last.id.get_ref() != "all") {
        return Err(source.error(last.id.span().start, "the last channel must be `all`, which stands for several".into()));
    }
    source.few(&topics, 64)?;
    source.few(&acts, 32)?;

    let mut words = Gathering::default();
    for (number, name) in file.measures.iter().enumerate() {
        let word = Word { role: Role::Measure(number as u8), ..Word::default() };
        source.add(&mut words, std::slice::from_ref(name), word)?;
    }
    for (list, texts) in &file.words {
        let mut roles = ROLES.iter();
        let Some(&(_, role)) = roles.find(|(name, _)| name == list.get_ref()) else {
            let known: Vec<&str> = ROLES.iter().map(|&(name, _)| name).collect();
            let message = format!("unknown list of words `{}`; known are: {}", list.get_ref(), known.join(", "));
            return Err(source.error(list.span().start, message));
        };
        source.add(&mut words, texts, Word { role, ..Word::default() })?;
    }
    source.add(&mut words, &file.themes, Word { theme: true, ..Word::default() })?;
    let mut grammar = Grammar {
        measures: measures.list.iter().map(|&name| name.into()).collect(),
        other_topic: source.find(&topics, &file.carriers.topic)? as u8,
        rules: vec![Vec::new(); topics.list.len()],
        ..Grammar::default()
    };
    for (number, entry) in file.channel.iter().enumerate() {
        let carriers = Carriers(1 << number);
        grammar.channel_topics.push(source.find(&topics, &entry.topic)? as u8);
        grammar.channels.push(Channel { id: entry.id.get_ref().clone(), zh: entry.zh.clone(), en: entry.en.clone() });
        source.add(&mut words, &entry.words, Word { carriers, ..Word::default() })?;
        source.add(&mut words, &entry.apposed, Word { carriers, apposed: true, ..Word::default() })?;
    }
    let other = Word { carriers: Carriers::OTHER, ..Word::default() };
    source.add(&mut words, &file.carriers.other, other)?;
    source.add(&mut words, &file.carriers.apposed, Word { apposed: true, ..other })?;
    source.add(&mut words, &file.carriers.lines, Word { carriers: Carriers::LINE, ..Word::default() })?;

    for (number, entry) in file.topic.iter().enumerate() {
        let topic = number as u8 + 1;
        let bit = 1u64 << topic;
        grammar.leaning |= if entry.leans { bit } else { 0 };
        grammar.foreign |= if entry.foreign || entry.matter { bit } else { 0 };
        grammar.matter = if entry.matter { topic } else { grammar.matter };
        grammar.published |= if entry.published { bit } else { 0 };
        grammar.greeting |= if entry.greeting { bit } else { 0 };
        grammar.caused |= if entry.caused { bit } else { 0 };
        grammar.broad |= if entry.broad { bit } else { 0 };
        let noun = Word { topic, ..Word::default() };
        source.add(&mut words, &entry.nouns, noun)?;
        source.add(&mut words, &entry.about, Word { about: true, ..noun })?;
        source.add(&mut words, &entry.plain, Word { plain: true, ..noun })?;
        source.add(&mut words, &entry.kinds, Word { kind: true, ..noun })?;
        source.add(&mut words, &entry.weak, Word { kind: true, weak: true, ..noun })?;
    }
    for (number, entry) in file.act.iter().enumerate() {
        let act = number as u8 + 1;
        let bit = 1u32 << act;
        let verb = Word { act, ..Word::default() };
        source.add(&mut words, &entry.words, verb)?;
        source.add(&mut words, &entry.loose, Word { loose: true, ..verb })?;
        source.add(&mut words, &entry.short, Word { short: true, ..verb })?;
        if let Some(topic) = &entry.topic {
            grammar.acts.topics[usize::from(act)] = source.find(&topics, topic)? as u8;
        }
        if let Some(rate) = &entry.share {
            grammar.acts.shares_of[usize::from(act)] = source.find(&acts, rate)? as u8;
        }
        if let Some(rate) = &entry.all {
            grammar.acts.rates_of[usize::from(act)] = source.find(&acts, rate)? as u8;
        }
        let flags = [
            (&mut grammar.acts.rates, entry.rate),
            (&mut grammar.acts.strong, entry.strong),
            (&mut grammar.acts.compound, entry.compound),
            (&mut grammar.acts.attends, entry.attends),
            (&mut grammar.acts.stock, entry.stock),
            (&mut grammar.acts.fresh, entry.fresh),
        ];
        for (set, on) in flags {
            *set |= if on { bit } else { 0 };
        }
        match entry.turn.as_ref().map(|name| (name.get_ref().as_str(), name)) {
            None => {}
            Some(("in", _)) => grammar.acts.turn_in = act,
            Some(("out", _)) => grammar.acts.turn_out = act,
            Some(("open", _)) => grammar.acts.turn = act,
            Some(("left", _)) => grammar.acts.turn_left = act,
            Some(("taken", _)) => grammar.acts.turn_taken = act,
            Some((_, name)) => return Err(source.error(name.span().start, "`turn` is one of: in, out, open, left, taken".into())),
        }
    }
    for (number, entry) in file.indicator.into_iter().enumerate() {
        let home = entry.rules.first().map_or(Ok(0), |rule| source.find(&topics, &rule.topic))?;
        grammar.homes.push(home as u8);
        for rule in &entry.rules {
            let topic = source.find(&topics, &rule.topic)?;
            let set = |names: &[Name]| -> Result<u32, ConfigError> { names.iter().try_fold(0, |set, name| Ok(set | 1u32 << source.find(&acts, name)?)) };
            let allowed = match &rule.acts {
                Some(names) => set(names)?,
                None => !grammar.acts.rates,
            } & !set(&rule.without)?;
            let measures = match &rule.measures {
                Some(list) => list.iter().try_fold(0u128, |set, name| Ok(set | 1 << source.find(&measures, name)?))?,
                None => u128::MAX,
            };
            grammar.rules[topic].push(Rule { indicator: number as u16, acts: allowed, measures, chosen: rule.acts.is_some() });
        }
        let channel = match &entry.channel {
            Some(name) => Some(source.find(&channels, name)? as u8),
            None => None,
        };
        grammar.indicators.push(Indicator {
            id: entry.id.get_ref().clone(),
            zh: entry.zh,
            en: entry.en,
            unit: source.unit(&measures, &entry.unit)?,
            kind: entry.kind,
            summable: entry.summable,
            weighted_by: entry.weighted_by.clone(),
            definition: entry.definition,
            examples: entry.examples,
            counterexamples: entry.counterexamples,
            channelled: entry.channelled || channel.is_some(),
            channel,
            zero: match &entry.zero {
                Some(zero) => Some(source.unit(&measures, zero)?.into()),
                None => None,
            },
            occasional: entry.occasional,
            standing: entry.standing,
            section: match &entry.section {
                Some(section) => SECTIONS[source.find(&sections, section)?].to_owned(),
                None => SECTIONS[0].to_owned(),
            },
        });
    }
    if words.len() > Gathering::MOST {
        return Err(source.error(0, format!("there are {} words; at most {} are possible", words.len(), Gathering::MOST)));
    }
    Ok((words.build(), grammar.complete()))
}
