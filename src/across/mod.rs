//! The checks of one year against the year before, and of offices against each other. A check never
//! changes a fact. What either year leaves blank is not compared.

mod copies;
mod figures;
mod lineage;

use crate::finding::Finding;
use crate::read::Reading;
use crate::settings::Settings;

/// What a report of a year says that does not go with last year's or with another office's: each
/// finding with the report it is about. Both years hold only reports that count.
pub fn compare<'r>(year: i32, now: &[&'r Reading], before: &[&'r Reading], settings: &Settings) -> Vec<(&'r Reading, Finding)> {
    let lines = lineage::lines(year, now, before, &settings.registry);
    let of_figures = || [figures::continuity(&lines, settings), figures::jumps(year, &lines, settings)].concat();
    let (mut findings, copies) = rayon::join(of_figures, || copies::copies(now, &lines, settings));
    findings.extend(copies);
    findings
}
