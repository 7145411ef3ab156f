//! The words for what a report states: a number (or the lack of one) for an item, and its provenance.

use crate::document::Place;
use serde::{Deserialize, Serialize};

/// How exactly a figure is stated. Ordered from the firmest to the weakest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Qualifier {
    /// The number itself.
    #[default]
    Exact,
    /// A lower bound: 余、以上、超过.
    AtLeast,
    /// An upper bound: 不足、以内.
    AtMost,
    /// 约、近、左右.
    Approx,
}

/// The time a figure speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// The report year.
    CurrentYear,
    /// Since the beginning, or a stock.
    Cumulative,
    /// The year before.
    PreviousYear,
    /// Planned for the year to come.
    NextYearPlan,
}

impl Qualifier {
    /// All, in order.
    pub const ALL: [Qualifier; 4] = [Qualifier::Exact, Qualifier::AtLeast, Qualifier::AtMost, Qualifier::Approx];

    /// The one of this identifier.
    pub fn named(id: &str) -> Option<Qualifier> {
        Qualifier::ALL.into_iter().find(|one| one.id() == id)
    }

    /// The identifier that stands in the published tables.
    pub fn id(self) -> &'static str {
        match self {
            Qualifier::Exact => "exact",
            Qualifier::AtLeast => "at_least",
            Qualifier::AtMost => "at_most",
            Qualifier::Approx => "approx",
        }
    }
}

impl Scope {
    /// The one of this identifier.
    pub fn named(id: &str) -> Option<Scope> {
        [Scope::CurrentYear, Scope::Cumulative, Scope::PreviousYear, Scope::NextYearPlan].into_iter().find(|one| one.id() == id)
    }

    /// The identifier that stands in the published tables.
    pub fn id(self) -> &'static str {
        match self {
            Scope::CurrentYear => "current_year",
            Scope::Cumulative => "cumulative",
            Scope::PreviousYear => "previous_year",
            Scope::NextYearPlan => "next_year_plan",
        }
    }
}

/// A figure stated in prose.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Index of the indicator in the narrative configuration.
    pub indicator: u16,
    /// Index of the channel in the narrative configuration, where one is named.
    pub channel: Option<u8>,
    /// The number; rates as fractions (0.99), counts in single units (1.2万 is 12000).
    pub value: f64,
    /// The measure word of the text, `ratio` for rates, none where the text lost it.
    pub unit: Option<Box<str>>,
    /// How exactly it is stated.
    pub qualifier: Qualifier,
    /// The time it speaks of.
    pub scope: Scope,
    /// Whether it is the whole of parts that are figures too: 共876条：网站201条、公众号675条.
    pub whole: bool,
    /// The clause as it stands in the report.
    pub raw: Box<str>,
    /// Where the figure stands.
    pub at: Place,
}

/// Whether a cell was filled in, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum State {
    /// The report states a number.
    Reported,
    /// Nothing, or only blanks, or no such cell in the report.
    Blank,
    /// A mark for "does not apply".
    NotApplicable,
    /// Other text, or a number that cannot be placed for certain.
    Unreadable,
    /// Follows from the form's own arithmetic.
    Inferred,
}

impl State {
    /// The one of this identifier.
    pub fn named(id: &str) -> Option<State> {
        [State::Reported, State::Blank, State::NotApplicable, State::Unreadable, State::Inferred].into_iter().find(|one| one.id() == id)
    }

    /// The identifier that stands in the published tables.
    pub fn id(self) -> &'static str {
        match self {
            State::Reported => "reported",
            State::Blank => "blank",
            State::NotApplicable => "not_applicable",
            State::Unreadable => "unreadable",
            State::Inferred => "inferred",
        }
    }
}

/// A piece of `Reading::text`. Facts are many: their texts lie together, and a fact stays small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    /// Length plus one; 0 = no text at all, which is not the same as an empty one.
    length: u32,
}

impl Span {
    /// Appends a text to the store. A text beyond 4 GB in all is left out.
    pub fn store(store: &mut String, text: &str) -> Span {
        match (u32::try_from(store.len()), u32::try_from(text.len() + 1)) {
            (Ok(start), Ok(length)) => {
                store.push_str(text);
                Span { start, length }
            }
            _ => Span::default(),
        }
    }

    /// The text, none if there is none.
    pub fn of(self, store: &str) -> Option<&str> {
        let start = self.start as usize;
        (self.length > 0).then(|| store.get(start..start + self.length as usize - 1)).flatten()
    }

    /// Appends a word right behind this text, and gives its length in bytes: 0 for none, or where it would not fit.
    pub fn store_behind(self, store: &mut String, word: Option<&str>) -> u8 {
        let end = self.start as usize + (self.length as usize).saturating_sub(1);
        let Some((word, length)) = word.and_then(|word| Some((word, u8::try_from(word.len()).ok()?))) else { return 0 };
        if self.length == 0 || end != store.len() {
            return 0;
        }
        store.push_str(word);
        length
    }

    /// The word of so many bytes right behind this text.
    fn behind(self, length: u8, store: &str) -> Option<&str> {
        let end = self.start as usize + (self.length as usize).saturating_sub(1);
        (length > 0).then(|| store.get(end..end + usize::from(length))).flatten()
    }
}

/// One row of the table of facts: what a report states, or leaves open, for one item.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The item, in the catalog.
    pub item: u16,
    /// The channel of a narrative figure, in the narrative configuration.
    pub channel: Option<u8>,
    /// How exactly it is stated.
    pub qualifier: Qualifier,
    /// The time it speaks of.
    pub scope: Scope,
    /// Whether and how it was filled in.
    pub state: State,
    /// The number in the item's unit; NaN where there is none.
    pub value: f64,
    /// The text as it stands; none where the report has no such cell.
    pub raw: Span,
    /// Length in bytes of the measure word of a narrative figure, which is stored right behind `raw`; 0 for form cells,
    /// whose unit is the item's.
    pub unit: u8,
    /// Where it stands.
    pub at: Place,
    /// Whether it is a narrative figure whose parts are facts too: to be added up without them.
    pub whole: bool,
    /// For form cells: number of the grid, row and column, from 1; all 0 where there is no such cell.
    pub cell: (u16, u16, u16),
}

impl Fact {
    /// The number, if there is one.
    pub fn number(&self) -> Option<f64> {
        (!self.value.is_nan()).then_some(self.value)
    }

    /// The measure word of a narrative figure.
    pub fn unit(self, store: &str) -> Option<&str> {
        self.raw.behind(self.unit, store)
    }
}
