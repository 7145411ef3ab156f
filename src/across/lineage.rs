//! Which reports of two years are of the same office: by its code, by the `successor` that the registry
//! names for an office that ended, or by the name of an office that is not registered.

use crate::groups::Groups;
use crate::read::Reading;
use crate::registry::Registry;
use std::collections::BTreeMap;

/// The reports of one office, or of offices that were merged or split, in two years. All are there.
#[derive(Debug)]
pub struct Line<'r> {
    /// This year's.
    pub now: Vec<&'r Reading>,
    /// Last year's.
    pub before: Vec<&'r Reading>,
}

impl<'r> Line<'r> {
    /// Both reports, where it is one office in both years.
    pub fn pair(&self) -> Option<(&'r Reading, &'r Reading)> {
        match (self.now.as_slice(), self.before.as_slice()) {
            ([now], [before]) => Some((now, before)),
            _ => None,
        }
    }
}

/// The offices of one line, by code.
#[derive(Default)]
struct Codes<'a> {
    now: Vec<&'a str>,
    before: Vec<&'a str>,
}

/// The lines whose reports are all there, in the order of their codes.
pub fn lines<'r>(year: i32, now: &[&'r Reading], before: &[&'r Reading], registry: &Registry) -> Vec<Line<'r>> {
    let registered = |readings: &[&'r Reading]| -> BTreeMap<&str, &'r Reading> {
        readings.iter().filter_map(|r| Some((registry.office(r.office?).code.as_str(), *r))).collect()
    };
    let (of_now, of_before) = (registered(now), registered(before));
    let mut lines = Vec::new();
    for codes in grouped(&links(year, registry)) {
        let all = |codes: &[&str], of: &BTreeMap<&str, &'r Reading>| codes.iter().map(|c| of.get(c).copied()).collect::<Option<Vec<_>>>();
        if let (Some(now), Some(before)) = (all(&codes.now, &of_now), all(&codes.before, &of_before)) {
            lines.push(Line { now, before });
        }
    }
    let (of_now, of_before) = (unregistered(now), unregistered(before));
    for (name, now) in &of_now {
        if let (Some(now), Some(Some(before))) = (now, of_before.get(name)) {
            lines.push(Line { now: vec![now], before: vec![before] });
        }
    }
    lines
}

/// The reports of unregistered offices by name; none where a name has several.
fn unregistered<'r>(readings: &[&'r Reading]) -> BTreeMap<&'r str, Option<&'r Reading>> {
    let mut named = BTreeMap::new();
    for reading in readings {
        if let (None, Some(name)) = (reading.office, reading.unregistered.as_deref()) {
            named.entry(name).and_modify(|known| *known = None).or_insert(Some(*reading));
        }
    }
    named
}

/// From each office of last year to those of this year that it became: (code before, code now).
fn links(year: i32, registry: &Registry) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    let there: std::collections::BTreeSet<&str> = registry.offices.iter().filter(|o| o.exists_in(year)).map(|o| o.code.as_str()).collect();
    for office in registry.offices.iter().filter(|o| o.exists_in(year - 1)) {
        let successors: Vec<&str> = office.successors().filter(|_| !office.exists_in(year)).collect();
        if successors.is_empty() && there.contains(office.code.as_str()) {
            links.push((office.code.as_str(), office.code.as_str()));
        }
        links.extend(successors.into_iter().map(|successor| (office.code.as_str(), successor)));
    }
    links
}

/// The links that hang together, each as one group.
fn grouped<'a>(links: &[(&'a str, &'a str)]) -> Vec<Codes<'a>> {
    let mut groups = Groups::new(links.len());
    let (mut by_before, mut by_now) = (BTreeMap::new(), BTreeMap::new());
    for (at, (before, now)) in links.iter().enumerate() {
        groups.join(at, *by_before.entry(*before).or_insert(at));
        groups.join(at, *by_now.entry(*now).or_insert(at));
    }
    let codes = |group: Vec<usize>| {
        let mut codes = Codes::default();
        for (before, now) in group.into_iter().map(|at| links[at]) {
            if !codes.before.contains(&before) {
                codes.before.push(before);
            }
            if !codes.now.contains(&now) {
                codes.now.push(now);
            }
        }
        codes
    };
    groups.members().into_iter().map(codes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(offices: &str, year: i32) -> Vec<String> {
        let header = "code,name,aliases,district,district_code,city,province,valid_from,valid_to,successor\n";
        let text = header.to_string() + &offices.replace('+', ",,青岚区,990101,云州市,江岭省,");
        let registry = Registry::parse(text.as_bytes()).expect("offices");
        let links = links(year, &registry);
        grouped(&links).iter().map(|g| format!("{} → {}", g.before.join("+"), g.now.join("+")).replace("99010100", "")).collect()
    }

    #[test]
    fn offices_that_were_renamed_merged_and_split_are_followed() {
        let plain = "990101001000,甲街道+,,\n990101002000,乙街道+,,\n";
        assert_eq!(groups(plain, 2021), ["1000 → 1000", "2000 → 2000"]);
        let renamed = "990101001000,甲街道+,2020,\n990101001000,新甲街道+2021,,\n";
        assert_eq!(groups(renamed, 2021), ["1000 → 1000"]);
        let recoded = "990101001000,甲街道+,2020,990101009000\n990101009000,甲街道+2021,,\n";
        assert_eq!(groups(recoded, 2021), ["1000 → 9000"]);
        assert_eq!(groups(recoded, 2022), ["9000 → 9000"]);
        let merged = "990101001000,甲街道+,,\n990101002000,乙街道+,2020,990101001000\n990101003000,丙街道+,,\n";
        assert_eq!(groups(merged, 2021), ["1000+2000 → 1000", "3000 → 3000"]);
        assert_eq!(groups(merged, 2020), ["1000 → 1000", "2000 → 2000", "3000 → 3000"]);
        let split = "990101001000,甲街道+,2020,990101001000;990101002000\n990101001000,甲街道+2021,,\n990101002000,乙街道+2021,,\n";
        assert_eq!(groups(split, 2021), ["1000 → 1000+2000"]);
        let ended = "990101001000,甲街道+,2020,\n990101002000,乙街道+2021,,\n";
        assert_eq!(groups(ended, 2021), Vec::<String>::new());
    }
}
