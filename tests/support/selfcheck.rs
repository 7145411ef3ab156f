//! Checks the makers themselves: a test that uses a report is worth no more than what it knows of it.

use std::collections::BTreeSet;

use super::filled::{CellKey, section_keys};
use super::statute::{APPLICANTS, REVIEW_GROUPS, application_rows, is_outcome};
use super::*;

fn made(seed: u64, year: u16, temperament: Temperament) -> (Rng, FilledForm) {
    let mut rng = Rng::new(seed);
    let form = generate::form(&mut rng, year, temperament, &mut History::default());
    (rng, form)
}

fn office() -> Office {
    Office::new("云州市", "青岚区", "望湖街街道")
}

#[test]
fn the_forms_have_as_many_cells_as_the_notices() {
    for (edition, counts) in [(Edition::Y2019, [22, 161, 15]), (Edition::Y2021, [10, 175, 15])] {
        for (section, count) in Section::ALL.into_iter().zip(counts) {
            let keys: BTreeSet<CellKey> = section_keys(section, edition).into_iter().collect();
            assert_eq!(keys.len(), count, "{section:?} of {edition:?}");
        }
    }
}

#[test]
fn what_is_meant_adds_up() {
    for seed in 0..200 {
        for temperament in Temperament::ALL {
            let year = 2019 + (seed % 4) as u16;
            let (_, form) = made(seed, year, temperament);
            let at = |row, applicant| form.meant((row, Some(applicant)));
            for row in application_rows(form.section_three) {
                let parts: i64 = APPLICANTS[..6].iter().map(|(applicant, _)| at(row.indicator, applicant)).sum();
                assert_eq!(parts, at(row.indicator, "total"), "{}", row.indicator);
            }
            for (applicant, _) in APPLICANTS {
                let outcomes: i64 = application_rows(form.section_three).filter(|row| is_outcome(row)).map(|row| at(row.indicator, applicant)).sum();
                assert_eq!(outcomes, at("outcomes.total", applicant));
                assert_eq!(
                    at("applications.received", applicant) + at("applications.carried_in", applicant),
                    outcomes + at("applications.carried_out", applicant)
                );
            }
            for group in REVIEW_GROUPS {
                let parts: i64 = group.cells[..4].iter().map(|cell| form.meant((cell, None))).sum();
                assert_eq!(parts, form.meant((group.cells[4], None)));
            }
        }
    }
}

#[test]
fn an_office_is_consistent_over_the_years() {
    for seed in 0..50 {
        let (mut rng, mut history) = (Rng::new(seed), History::default());
        let forms: Vec<FilledForm> = (2019..=2022).map(|year| generate::form(&mut rng, year, Temperament::Busy, &mut history)).collect();
        for pair in forms.windows(2) {
            for (applicant, _) in APPLICANTS {
                assert_eq!(pair[0].meant(("applications.carried_out", Some(applicant))), pair[1].meant(("applications.carried_in", Some(applicant))));
            }
        }
        let items = |form: &FilledForm, column| form.meant((column, None));
        assert_eq!(items(&forms[0], "licensing.items_last_year") + items(&forms[0], "licensing.items_change"), items(&forms[1], "licensing.items_last_year"));
        assert_eq!(
            items(&forms[2], "normative_documents.in_force") + items(&forms[3], "normative_documents.issued")
                - items(&forms[3], "normative_documents.repealed"),
            items(&forms[3], "normative_documents.in_force")
        );
    }
}

#[test]
fn every_cell_is_rendered_once_on_the_line_that_is_said() {
    for seed in 0..1000 {
        let flaws = Flaws::random(&mut Rng::new(seed), (seed % 4) as f64 / 3.0);
        let case = Case::any(seed, flaws);
        let made = case.make();
        let known = &made.report.known;
        let keys: BTreeSet<CellKey> = known.iter().map(|known| known.key).collect();
        assert_eq!(keys.len(), known.len(), "a cell twice: {case:?}");
        assert_eq!(keys, made.form.cells.keys().copied().collect(), "cells lost: {case:?}");
        let lines: Vec<&str> = made.report.text.lines().collect();
        for known in known {
            assert!(lines[known.line - 1].contains(&known.raw), "{known:?}: {case:?}");
        }
    }
}

#[test]
fn numbers_read_back_from_their_text() {
    for seed in 0..300 {
        let (mut rng, form) = made(seed, 2019 + (seed % 4) as u16, Temperament::Busy);
        let prose = prose::write(&mut rng, &office(), &form, Length::Short);
        let flaws = Flaws::NONE.with(Flaw::Units).with(Flaw::FullWidthDigits).with(Flaw::Commas);
        let made = render::markdown(&form, &prose, &Layout::official(), flaws, &mut rng);
        for known in &made.known {
            let plain: String = known
                .raw
                .chars()
                .map(|character| match character {
                    '０'..='９' => char::from_u32(character as u32 - '０' as u32 + '0' as u32).expect("a digit"),
                    '．' => '.',
                    '－' => '-',
                    other => other,
                })
                .filter(|character| character.is_ascii_digit() || ".-".contains(*character))
                .collect();
            let in_wan = known.key.0 == "fees.amount" || known.raw.ends_with("万元");
            let value = plain.parse::<f64>().expect("a number") * if in_wan { 1e4 } else { 1.0 };
            let State::Reported(expected) = known.state else { panic!("{known:?}") };
            assert!((value - expected).abs() < 1e-6, "seed {seed}: {known:?}");
        }
    }
}

#[test]
fn a_planted_fault_is_a_fault() {
    for seed in 0..100 {
        for fault in Fault::ALL {
            let (mut rng, mut form) = made(seed, 2020 + (seed % 3) as u16, Temperament::Busy);
            let planted = plant(&mut form, &mut rng, fault).expect("busy forms are complete");
            assert_ne!(Some(planted.right), planted.wrong);
            assert_eq!(form.number(planted.cell), planted.wrong);
            assert!(!planted.breaks.is_empty());
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let text = |seed| {
        let (mut rng, form) = made(seed, 2021, Temperament::Busy);
        let prose = prose::write(&mut rng, &office(), &form, Length::Full);
        render::markdown(&form, &prose, &Layout::official(), Flaws::all(), &mut rng).text
    };
    assert_eq!(text(3), text(3));
    assert_ne!(text(3), text(4));
}
