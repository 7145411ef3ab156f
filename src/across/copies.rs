//! Prose that is last year's or another office's. Wording that more than half of a district shares is
//! nobody's own (statute, the district's pattern) and is left out before reports are compared.

use super::lineage::Line;
use crate::finding::Finding;
use crate::read::Reading;
use crate::registry::Office;
use crate::settings::Settings;
use crate::sketch::Sketch;
use rayon::prelude::*;
use std::collections::HashMap;

/// From this share on two texts are copies. Reports written anew share up to a third, habits of one author
/// among them; a copy in which name, year and every figure are new keeps seven tenths (`tests/across.rs`
/// measures both).
const ALIKE: f64 = 0.6;
/// Texts with less of their own, in characters, are not compared: two sentences may well be the same.
const SHORTEST: usize = 120;
/// Wording is common if more than half of the reports have it, and at least so many.
const COMMON: usize = 6;
/// Pieces by which reports are found that may be alike. Two texts that share six tenths have one of
/// the first twelve in common in all but one of 50,000 cases.
const MARKS: usize = 12;
/// Reports that one report is compared with for each of its marks.
const COMPARED: usize = 24;

/// Reports whose prose is last year's or another office's.
pub fn copies<'r>(now: &[&'r Reading], lines: &[Line<'r>], settings: &Settings) -> Vec<(&'r Reading, Finding)> {
    let common = Common::of(now, settings);
    let pairs: Vec<_> = lines.iter().filter_map(Line::pair).collect();
    let copied = |&(reading, before): &(&'r Reading, &'r Reading)| {
        let own = |r: &Reading| common.removed(&r.sketch, district(reading, settings));
        let (a, b) = (own(reading), own(before));
        let likeness = a.likeness(&b, ALIKE).filter(|_| a.characters().min(b.characters()) >= SHORTEST)?;
        Some((reading, found("copy.previous_year", likeness, before)))
    };
    let mut findings: Vec<_> = pairs.par_iter().filter_map(copied).collect();
    let own: Vec<Sketch> = now.par_iter().map(|r| common.removed(&r.sketch, district(r, settings))).collect();
    for (reading, nearest) in now.iter().zip(siblings(&own)) {
        let Some((other, likeness)) = nearest else { continue };
        let office = now[other].office.map(|o| settings.registry.office(o));
        let name = office.map(Office::full_name).or_else(|| now[other].unregistered.clone()).unwrap_or_default();
        findings.push((*reading, found("copy.sibling_office", likeness, now[other]).with("office", name)));
    }
    findings
}

fn found(rule: &str, likeness: f64, other: &Reading) -> Finding {
    Finding::new(rule).with("percent", format!("{:.0}%", likeness * 100.0)).with("other", &other.source_file)
}

/// The district of a report, by number; unregistered offices make up one of their own.
fn district(reading: &Reading, settings: &Settings) -> u32 {
    reading.office.map_or(u32::MAX, |o| settings.registry.district(o))
}

/// Wording that is nobody's own, in each district, sorted.
struct Common(HashMap<u32, Vec<u32>>);

impl Common {
    fn of(readings: &[&Reading], settings: &Settings) -> Common {
        let district = |reading: &&Reading| district(reading, settings);
        let mut reports: HashMap<u32, usize> = HashMap::new();
        for reading in readings {
            *reports.entry(district(reading)).or_default() += 1;
        }
        let pieces = |reading| {
            let district = district(reading);
            reading.sketch.pieces().iter().map(move |&piece| (piece, district))
        };
        let mut all: Vec<(u32, u32)> = readings.iter().flat_map(pieces).collect();
        all.par_sort_unstable();
        let is_common = |having: usize, of: usize| having >= COMMON && having * 2 > of;
        let mut common: HashMap<u32, Vec<u32>> = reports.keys().map(|district| (*district, Vec::new())).collect();
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            if is_common(same.len(), readings.len()) {
                common.values_mut().for_each(|here| here.push(same[0].0));
                continue;
            }
            for here in same.chunk_by(|a, b| a.1 == b.1).filter(|here| is_common(here.len(), reports[&here[0].1])) {
                common.entry(here[0].1).or_default().push(here[0].0);
            }
        }
        Common(common)
    }

    /// What is left of the prose of a report of a district.
    fn removed(&self, sketch: &Sketch, district: u32) -> Sketch {
        sketch.without(self.0.get(&district).map_or(&[], Vec::as_slice))
    }
}

/// For each text the one most like it, if any is alike.
fn siblings(texts: &[Sketch]) -> Vec<Option<(usize, f64)>> {
    let mut marks: Vec<(u32, usize)> = Vec::new();
    for (at, text) in texts.iter().enumerate().filter(|(_, t)| t.characters() >= SHORTEST) {
        marks.extend(text.pieces().iter().take(MARKS).map(|piece| (*piece, at)));
    }
    marks.par_sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for together in marks.chunk_by(|a, b| a.0 == b.0) {
        for (n, &(_, a)) in together.iter().enumerate() {
            pairs.extend(together[n + 1..].iter().take(COMPARED).map(|&(_, b)| (a, b)));
        }
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let alike: Vec<(usize, usize, f64)> = pairs.par_iter().filter_map(|&(a, b)| Some((a, b, texts[a].likeness(&texts[b], ALIKE)?))).collect();
    let mut nearest: Vec<Option<(usize, f64)>> = vec![None; texts.len()];
    for (a, b, likeness) in alike {
        for (at, other) in [(a, b), (b, a)] {
            if nearest[at].is_none_or(|(known, best)| likeness > best || likeness == best && other < known) {
                nearest[at] = Some((other, likeness));
            }
        }
    }
    nearest
}
