//! Prose that is last year's or another office's. Wording that more than half of a district shares is
//! nobody's own (statute, the district's pattern) and is left out before reports are compared.

use super::lineage::Line;
use crate::finding::Finding;
use crate::read::Reading;
use crate::settings::Settings;
use crate::sketch::Sketch;
use std::collections::{HashMap, HashSet};

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
    let mut findings = Vec::new();
    for (reading, before) in lines.iter().filter_map(Line::pair) {
        let own = |r: &Reading| common.removed(&r.sketch, district(reading, settings));
        let (a, b) = (own(reading), own(before));
        let likeness = a.likeness(&b);
        if a.characters().min(b.characters()) >= SHORTEST && likeness >= ALIKE {
            findings.push((reading, found("copy.previous_year", likeness, before)));
        }
    }
    let own: Vec<Sketch> = now.iter().map(|r| common.removed(&r.sketch, district(r, settings))).collect();
    for (reading, nearest) in now.iter().zip(siblings(&own)) {
        let Some((other, likeness)) = nearest else { continue };
        let office = now[other].office.map(|o| &settings.registry.offices[o as usize]);
        let name = office.map(|o| format!("{}{}", o.district, o.name)).or_else(|| now[other].unregistered.clone()).unwrap_or_default();
        findings.push((*reading, found("copy.sibling_office", likeness, now[other]).with("office", name)));
    }
    findings
}

fn found(rule: &str, likeness: f64, other: &Reading) -> Finding {
    Finding::new(rule).with("percent", format!("{:.0}%", likeness * 100.0)).with("other", &other.source_file)
}

/// The district of a report, by number; none for an unregistered office.
fn district(reading: &Reading, settings: &Settings) -> Option<u32> {
    reading.office.map(|o| settings.registry.district(o))
}

/// Wording that is nobody's own.
struct Common {
    everywhere: HashSet<u32>,
    in_district: HashSet<(u32, u32)>,
}

impl Common {
    fn of(readings: &[&Reading], settings: &Settings) -> Common {
        let mut all: Vec<(u32, u32)> = Vec::new();
        let mut reports: HashMap<u32, usize> = HashMap::new();
        for reading in readings {
            let district = district(reading, settings).unwrap_or(u32::MAX);
            *reports.entry(district).or_default() += 1;
            all.extend(reading.sketch.pieces().iter().map(|&piece| (piece, district)));
        }
        all.sort_unstable();
        let is_common = |having: usize, of: usize| having >= COMMON && having * 2 > of;
        let mut common = Common { everywhere: HashSet::new(), in_district: HashSet::new() };
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            if is_common(same.len(), readings.len()) {
                common.everywhere.insert(same[0].0);
                continue;
            }
            for here in same.chunk_by(|a, b| a.1 == b.1) {
                if is_common(here.len(), reports[&here[0].1]) {
                    common.in_district.insert((here[0].1, here[0].0));
                }
            }
        }
        common
    }

    fn removed(&self, sketch: &Sketch, district: Option<u32>) -> Sketch {
        let district = district.unwrap_or(u32::MAX);
        sketch.without(|piece| self.everywhere.contains(&piece) || self.in_district.contains(&(district, piece)))
    }
}

/// For each text the one most like it, if any is alike.
fn siblings(texts: &[Sketch]) -> Vec<Option<(usize, f64)>> {
    let mut marked: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, text) in texts.iter().enumerate().filter(|(_, t)| t.characters() >= SHORTEST) {
        for piece in text.pieces().iter().take(MARKS) {
            marked.entry(*piece).or_default().push(at);
        }
    }
    let mut compared: HashSet<(usize, usize)> = HashSet::new();
    let mut nearest: Vec<Option<(usize, f64)>> = vec![None; texts.len()];
    let mut note = |at: usize, other: usize, likeness: f64| {
        if nearest[at].is_none_or(|(known, best)| likeness > best || likeness == best && other < known) {
            nearest[at] = Some((other, likeness));
        }
    };
    for together in marked.values() {
        for (n, &a) in together.iter().enumerate() {
            for &b in together[n + 1..].iter().take(COMPARED) {
                if !compared.insert((a, b)) {
                    continue;
                }
                let likeness = texts[a].likeness(&texts[b]);
                if likeness >= ALIKE {
                    note(a, b, likeness);
                    note(b, a, likeness);
                }
            }
        }
    }
    nearest
}
