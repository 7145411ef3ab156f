//! The time a figure speaks of, as words and dates name it, measured from the report year (rule R8).

use crate::fact::Scope;

/// A time named in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A year, counted from the report year: 0, −1 the year before, 1 the year to come.
    Year(i8),
    /// The whole of the year that is spoken of: 全年.
    Whole,
    /// A part of it: 12月, 上半年.
    Part,
    /// A time of some days within it, named by what happened: 疫情期间, 国庆假期.
    Event,
    /// Its first or last day, which says nothing.
    Edge,
    /// Since the beginning: 历年, 开通以来.
    Since,
    /// Several years together.
    ManyYears,
}

impl Default for Moment {
    /// What names no time is of the report year.
    fn default() -> Moment {
        Moment::Year(0)
    }
}

impl Moment {
    /// The year of a number like 2021, if it is one.
    pub fn of_year(number: i32, report_year: i32) -> Option<Moment> {
        (1949..=2099).contains(&number).then(|| Moment::Year((number - report_year).clamp(-100, 100) as i8))
    }

    /// A year of which only a part is meant. A past year's months are as much past as the year.
    pub fn narrowed(self, part: Moment) -> Moment {
        if self == Moment::Year(0) && part == Moment::Part { part } else { self }
    }

    /// The months from one to another: all twelve are the year.
    pub fn between(self, first: f64, last: f64) -> Moment {
        if self != Moment::Year(0) && first == 1.0 && last == 12.0 { Moment::Edge } else { self }
    }

    /// The scope of a figure of this time; `None` if such a figure is no fact.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Moment::Year(0) | Moment::Whole | Moment::Edge | Moment::Event => Some(Scope::CurrentYear),
            Moment::Year(-1) => Some(Scope::PreviousYear),
            Moment::Year(1) => Some(Scope::NextYearPlan),
            Moment::Since => Some(Scope::Cumulative),
            Moment::Year(_) | Moment::Part | Moment::ManyYears => None,
        }
    }
}
