//! Plants one arithmetic fault in a form and says which rules it must break.
//!
//! The expectation follows from the form's relations alone (the pattern table of the arithmetic): a wrong cell
//! breaks each relation that it is an operand of, and no other.

use super::filled::{CellKey, CellText, FilledForm};
use super::rng::Rng;
use super::statute::{APPLICANTS, REVIEW_GROUPS, Section, application_rows, is_outcome};

/// The kinds of fault, by the place of the wrong cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An outcome row in an applicant column.
    Outcome,
    /// An outcome row in the 总计 column.
    OutcomeRowTotal,
    /// （七） in an applicant column.
    OutcomeTotal,
    /// （七） in the 总计 column.
    GrandTotal,
    /// 一, 二 or 四 in an applicant column.
    Balance,
    /// 一, 二 or 四 in the 总计 column.
    BalanceTotal,
    /// One of the four results of a review group.
    ReviewPart,
    /// The 总计 of a review group.
    ReviewTotal,
    /// A number below zero where only 本年增/减 may be negative (it stands in no relation).
    Negative,
    /// Words in a cell that wants a number (it stands in no relation).
    Unreadable,
}

impl Fault {
    /// All of them, for tests that try each.
    pub const ALL: [Self; 10] = [
        Self::Outcome,
        Self::OutcomeRowTotal,
        Self::OutcomeTotal,
        Self::GrandTotal,
        Self::Balance,
        Self::BalanceTotal,
        Self::ReviewPart,
        Self::ReviewTotal,
        Self::Negative,
        Self::Unreadable,
    ];
}

/// One rule that must be reported as broken, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Break {
    /// The rule's identifier.
    pub rule: &'static str,
    /// The row for `applications.row_total` and `cell.*`, the group's total for `reviews.group_total`.
    pub indicator: Option<&'static str>,
    /// The column for `applications.outcome_total` and `applications.balance`.
    pub applicant: Option<&'static str>,
}

/// A planted fault.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The wrong cell.
    pub cell: CellKey,
    /// What it should read.
    pub right: i64,
    /// What it reads; none where words were written.
    pub wrong: Option<i64>,
    /// Every rule that must be reported, and no other.
    pub breaks: Vec<Break>,
    /// True if exactly one cell's change repairs all relations, so that a repair can be suggested.
    pub repairable: bool,
}

/// What stands in a cell that somebody did not fill with a number.
const WORDS: [&str; 4] = ["详见附件", "见附表", "待核实", "已公开"];

/// Plants `fault`; none if the form is not complete enough for the verdict to be certain.
pub fn plant(form: &mut FilledForm, rng: &mut Rng, fault: Fault) -> Option<Planted> {
    if !form.is_complete() {
        return None;
    }
    let cell = place(form, rng, fault)?;
    let right = form.number(cell)?;
    let (text, wrong) = match fault {
        Fault::Negative => {
            let wrong = -rng.between(1, 20);
            (CellText::Number(wrong), Some(wrong))
        }
        Fault::Unreadable => (CellText::Words(WORDS[rng.below(WORDS.len())]), None),
        _ => {
            let slip = rng.between(1, 9);
            let wrong = if right >= slip && rng.chance(0.5) { right - slip } else { right + slip };
            (CellText::Number(wrong), Some(wrong))
        }
    };
    form.write(cell, text);
    let breaks = breaks_of(fault, cell);
    let repairable = cell.1.is_some() && breaks.len() > 1;
    Some(Planted { cell, right, wrong, breaks, repairable })
}

fn place(form: &FilledForm, rng: &mut Rng, fault: Fault) -> Option<CellKey> {
    let outcomes: Vec<&'static str> = application_rows(form.section_three).filter(|row| is_outcome(row)).map(|row| row.indicator).collect();
    let balance = ["applications.received", "applications.carried_in", "applications.carried_out"];
    let applicant = APPLICANTS[rng.below(6)].0;
    let group = rng.pick(&REVIEW_GROUPS);
    let key = match fault {
        Fault::Outcome => (*rng.pick(&outcomes), Some(applicant)),
        Fault::OutcomeRowTotal => (*rng.pick(&outcomes), Some("total")),
        Fault::OutcomeTotal => ("outcomes.total", Some(applicant)),
        Fault::GrandTotal => ("outcomes.total", Some("total")),
        Fault::Balance => (*rng.pick(&balance), Some(applicant)),
        Fault::BalanceTotal => (*rng.pick(&balance), Some("total")),
        Fault::ReviewPart => (group.cells[rng.below(4)], None),
        Fault::ReviewTotal => (group.cells[4], None),
        Fault::Negative | Fault::Unreadable => (*rng.pick(&["licensing.decisions", "penalties.decisions"]), None),
    };
    form.has(section_of(key)).then_some(key)
}

fn section_of((indicator, applicant): CellKey) -> Section {
    if applicant.is_some() {
        Section::Applications
    } else if indicator.starts_with("reconsideration.") || indicator.starts_with("litigation.") {
        Section::Reviews
    } else {
        Section::ActiveDisclosure
    }
}

fn breaks_of(fault: Fault, (indicator, applicant): CellKey) -> Vec<Break> {
    let row = Break { rule: "applications.row_total", indicator: Some(indicator), applicant: None };
    let outcomes = Break { rule: "applications.outcome_total", indicator: None, applicant };
    let balance = Break { rule: "applications.balance", indicator: None, applicant };
    let cell = |rule| Break { rule, indicator: Some(indicator), applicant: None };
    match fault {
        Fault::Outcome | Fault::OutcomeRowTotal => vec![row, outcomes],
        Fault::OutcomeTotal | Fault::GrandTotal => vec![row, outcomes, balance],
        Fault::Balance | Fault::BalanceTotal => vec![row, balance],
        Fault::ReviewPart | Fault::ReviewTotal => {
            let total = REVIEW_GROUPS.iter().find(|group| group.cells.contains(&indicator)).map(|group| group.cells[4]);
            vec![Break { rule: "reviews.group_total", indicator: total, applicant: None }]
        }
        Fault::Negative => vec![cell("cell.negative")],
        Fault::Unreadable => vec![cell("cell.unreadable")],
    }
}
