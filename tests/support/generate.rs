//! Fills forms so that their arithmetic holds: by building every total from its parts.

use std::collections::BTreeMap;

use super::filled::{CellKey, CellText, FilledForm, section_keys};
use super::rng::Rng;
use super::statute::{APPLICANTS, ApplicationRow, Edition, REVIEW_GROUPS, Section, application_rows, blocks, is_outcome};

/// The kinds of office, by how much happens there and how it fills the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temperament {
    /// A street where next to nothing happens; every cell filled.
    Quiet,
    /// A street with many applications and decisions; every cell filled.
    Busy,
    /// Only 总计 is filled in sections three and four.
    TotalsOnly,
    /// Zeros are often left blank, here and there a row's 总计 too.
    PartlyBlank,
    /// Zeros are written as a mark such as `-`.
    Dashes,
    /// Section two of 2021 with the single （六） row of 2019 (from 2021 on; before, as `Busy`).
    Hybrid,
    /// The whole form of 2019 (from 2021 on; before, as `Busy`).
    OldForm,
    /// One section is left out.
    MissingSection,
}

impl Temperament {
    /// All of them, for tests that try each.
    pub const ALL: [Self; 8] = [Self::Quiet, Self::Busy, Self::TotalsOnly, Self::PartlyBlank, Self::Dashes, Self::Hybrid, Self::OldForm, Self::MissingSection];

    /// One at random, in something like their frequency among real offices.
    pub fn random(rng: &mut Rng) -> Self {
        match rng.below(20) {
            0..=7 => Self::Quiet,
            8..=12 => Self::Busy,
            13 => Self::TotalsOnly,
            14..=15 => Self::PartlyBlank,
            16 => Self::Dashes,
            17 => Self::Hybrid,
            18 => Self::OldForm,
            _ => Self::MissingSection,
        }
    }

    fn is_busy(self) -> bool {
        !matches!(self, Self::Quiet | Self::TotalsOnly | Self::Dashes)
    }
}

/// What one year's form leaves to the next one's, so that an office is consistent over the years.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// 四 of last year, per applicant column.
    pub carried_out: [i64; 6],
    /// Items on the lists at the end of last year, by block (`licensing`, `fees`, …).
    pub items: BTreeMap<String, i64>,
    /// Documents disclosed in total (form of 2019).
    pub disclosed: i64,
    /// Documents in force (form of 2021).
    pub in_force: Option<i64>,
}

/// A form of the given year, continuing `history`, which is brought up to date.
pub fn form(rng: &mut Rng, year: u16, temperament: Temperament, history: &mut History) -> FilledForm {
    let prescribed = Edition::of_year(year);
    let (section_two, section_three) = match temperament {
        Temperament::Hybrid => (prescribed, Edition::Y2019),
        Temperament::OldForm => (Edition::Y2019, Edition::Y2019),
        _ => (prescribed, prescribed),
    };
    let mut truth = BTreeMap::new();
    fill_disclosure(rng, section_two, temperament.is_busy(), history, &mut truth);
    fill_applications(rng, section_three, temperament.is_busy(), history, &mut truth);
    fill_reviews(rng, temperament.is_busy(), &mut truth);
    let missing = (temperament == Temperament::MissingSection).then(|| *rng.pick(&Section::ALL));

    let mut form = FilledForm { year, section_two, section_three, missing, cells: BTreeMap::new(), truth };
    let mark = rng.pick(&["-", "—", "/", "无", "不适用", "－"]);
    for section in Section::ALL {
        if !form.has(section) {
            continue;
        }
        let edition = if section == Section::ActiveDisclosure { section_two } else { section_three };
        for key in section_keys(section, edition) {
            let text = written(rng, temperament, key, form.meant(key), mark);
            form.write(key, text);
        }
    }
    form
}

/// How an office of this temperament writes a value into a cell.
fn written(rng: &mut Rng, temperament: Temperament, key: CellKey, value: i64, mark: &'static str) -> CellText {
    let (indicator, applicant) = key;
    let review = indicator.starts_with("reconsideration.") || indicator.starts_with("litigation.");
    let total = indicator.ends_with(".total");
    let blank = match temperament {
        Temperament::TotalsOnly => applicant.is_some_and(|applicant| applicant != "total") || (review && !total),
        Temperament::PartlyBlank if applicant == Some("total") => rng.chance(0.08),
        // Section four keeps its totals, or its only row could be all blank and so no row at all.
        Temperament::PartlyBlank if review && total => false,
        Temperament::PartlyBlank => value == 0 && rng.chance(0.5),
        _ => false,
    };
    match (blank, temperament) {
        (true, _) => CellText::Blank,
        (false, Temperament::Dashes) if value == 0 => CellText::Mark(mark),
        _ => CellText::Number(value),
    }
}

/// Section two: lists of items move by their change, documents in force by issue and repeal.
fn fill_disclosure(rng: &mut Rng, edition: Edition, busy: bool, history: &mut History, truth: &mut BTreeMap<CellKey, i64>) {
    let issued = if rng.chance(0.3) { rng.between(1, 2) } else { 0 };
    let in_force_before = history.in_force.unwrap_or_else(|| rng.between(0, 3));
    let repealed = if rng.chance(0.2) { in_force_before.min(1) } else { 0 };
    let disclosed = if busy { rng.between(0, 3) } else { 0 };
    for cell in blocks(edition).iter().flat_map(|block| block.rows).flat_map(|(_, cells)| *cells) {
        let (block, column) = cell.rsplit_once('.').unwrap_or((cell, ""));
        let listed = history.items.entry(block.to_owned()).or_insert_with(|| if busy && block != "fees" { rng.between(0, 45) } else { 0 });
        let value = match (block, column) {
            // A street cannot make 规章; the row is there in every form.
            ("regulations", _) => 0,
            (_, "made") => disclosed,
            (_, "newly_disclosed") => disclosed,
            (_, "total_disclosed") => {
                history.disclosed += disclosed;
                history.disclosed
            }
            (_, "issued") => issued,
            (_, "repealed") => repealed,
            (_, "in_force") => in_force_before + issued - repealed,
            (_, "items_last_year") => *listed,
            (_, "items_change") => {
                let change = if busy { rng.between(-(*listed).min(8), 6) * rng.between(0, 1) } else { 0 };
                *listed += change;
                change
            }
            (_, "decisions") if busy => rng.between(0, 60) * rng.between(0, 40),
            (_, "decisions") => rng.between(0, 6) * rng.between(0, 1),
            (_, "projects") => rng.between(0, if busy { 9 } else { 1 }),
            ("procurement", "amount") => {
                let projects = truth.get(&("procurement.projects", None)).copied().unwrap_or(0);
                (0..projects).map(|_| rng.between(80, 4_000) * 100).sum()
            }
            // Written in 万元 with two decimals at most, hence whole hundreds of yuan.
            ("fees", "amount") if busy && rng.chance(0.4) => rng.between(3, 1_600) * 100,
            _ => 0,
        };
        truth.insert((cell, None), value);
    }
    history.in_force = Some(in_force_before + issued - repealed);
}

/// Section three, column by column: what came in is spread over the outcomes and what is carried out.
fn fill_applications(rng: &mut Rng, edition: Edition, busy: bool, history: &mut History, truth: &mut BTreeMap<CellKey, i64>) {
    let outcomes: Vec<&ApplicationRow> = application_rows(edition).filter(|row| is_outcome(row)).collect();
    for row in application_rows(edition) {
        for (applicant, _) in APPLICANTS {
            truth.insert((row.indicator, Some(applicant)), 0);
        }
    }
    for (column, (applicant, _)) in APPLICANTS.into_iter().take(6).enumerate() {
        let received = match (column, busy) {
            (0, true) => rng.between(0, 60),
            (0, false) => rng.between(0, 4) * rng.between(0, 1),
            (1, true) => rng.between(0, 9),
            (_, true) => rng.between(0, 5) * rng.between(0, 1) * rng.between(0, 1),
            _ => 0,
        };
        let carried_in = history.carried_out[column];
        let open = received + carried_in;
        let carried_out = if rng.chance(0.3) { open.min(rng.between(0, 3)) } else { 0 };
        history.carried_out[column] = carried_out;
        let mut add = |indicator: &'static str, number: i64| {
            for applicant in [applicant, "total"] {
                *truth.entry((indicator, Some(applicant))).or_insert(0) += number;
            }
        };
        add("applications.received", received);
        add("applications.carried_in", carried_in);
        add("outcomes.total", open - carried_out);
        add("applications.carried_out", carried_out);
        for _ in carried_out..open {
            // Most are granted or not held; the rest are spread over all outcomes.
            let outcome = match rng.below(10) {
                0..=4 => "outcomes.granted",
                5..=6 => "outcomes.unavailable.not_held",
                _ => rng.pick(&outcomes).indicator,
            };
            add(outcome, 1);
        }
    }
}

/// Section four, group by group.
fn fill_reviews(rng: &mut Rng, busy: bool, truth: &mut BTreeMap<CellKey, i64>) {
    for group in REVIEW_GROUPS {
        let mut total = 0;
        for (place, cell) in group.cells.into_iter().enumerate() {
            let value = match place {
                4 => total,
                _ if busy => rng.between(0, 4) * rng.between(0, 1) * rng.between(0, 1),
                _ => 0,
            };
            total += value;
            truth.insert((cell, None), value);
        }
    }
}
