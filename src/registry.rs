//! The registry of offices, `config/offices.csv`, and finding an office by any of the ways its name
//! is written. A name that is not in the registry is never taken for one that is.

use crate::form::label::fold;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::HashMap;

/// A registered office.
#[derive(Debug, Clone, Deserialize, PartialEq)]
pub struct Office {
    /// 12-digit statistical division code, as text.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Other names, separated by `;`.
    pub aliases: String,
    /// District (区 or 县) it belongs to.
    pub district: String,
    /// 6-digit code of the district, as text.
    pub district_code: String,
    /// City.
    pub city: String,
    /// Province.
    pub province: String,
    /// First year it exists.
    #[serde(default)]
    pub valid_from: Option<i32>,
    /// Last year it exists.
    #[serde(default)]
    pub valid_to: Option<i32>,
    /// What it is: street, town, department; for people only.
    #[serde(default)]
    pub kind: Option<String>,
}

impl Office {
    /// Whether it exists in a year.
    pub fn exists_in(&self, year: i32) -> bool {
        self.valid_from.is_none_or(|from| from <= year) && self.valid_to.is_none_or(|to| year <= to)
    }
}

/// The registered offices, sorted by district and code.
#[derive(Debug)]
pub struct Registry {
    /// The offices.
    pub offices: Vec<Office>,
    /// Offices by every accepted writing of their name, folded, without province, city and district.
    names: HashMap<String, Vec<u32>>,
    codes: HashMap<String, u32>,
    longest: usize,
}

/// What looking up a name gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// One office.
    Found(u32),
    /// Several offices of this name; the text does not say which.
    Several(Vec<u32>),
    /// No registered office.
    Unknown,
}

/// The columns a registry must have.
const COLUMNS: [&str; 7] = ["code", "name", "aliases", "district", "district_code", "city", "province"];

impl Registry {
    /// Reads `offices.csv`; `bytes` in UTF-8 (with or without mark) or GB18030, as Excel saves it.
    ///
    /// # Errors
    /// Names the line, the column or the code that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Registry> {
        let Ok((text, _)) = crate::decode::to_text(bytes) else {
            bail!("config/offices.csv: not a text in UTF-8 or GB18030, or empty");
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().context("config/offices.csv")?.clone();
        if let Some(column) = COLUMNS.iter().find(|c| !header.iter().any(|h| h == **c)) {
            bail!("config/offices.csv: line 1: column `{column}` is missing; needed: {}", COLUMNS.join(","));
        }
        let mut offices: Vec<Office> = Vec::new();
        let mut lines: HashMap<String, u64> = HashMap::new();
        for record in reader.into_records() {
            let record = record.context("config/offices.csv")?;
            let line = record.position().map_or(0, csv::Position::line);
            let office: Office = record.deserialize(Some(&header)).with_context(|| format!("config/offices.csv: line {line}"))?;
            if office.code.is_empty() || office.name.is_empty() || office.district_code.is_empty() {
                bail!("config/offices.csv: line {line}: code, name and district_code must be filled in");
            }
            let clash = offices.iter().position(|o| o.code == office.code && overlap(o, &office));
            if let Some(clash) = clash {
                let first = lines[&offices[clash].code];
                bail!("config/offices.csv: line {line}: code {} stands in line {first} already ({})", office.code, offices[clash].name);
            }
            lines.entry(office.code.clone()).or_insert(line);
            offices.push(office);
        }
        if offices.is_empty() {
            bail!("config/offices.csv: no office in it");
        }
        Ok(Registry::of(offices))
    }

    /// A registry without offices.
    pub fn empty() -> Registry {
        Registry::of(Vec::new())
    }

    fn of(mut offices: Vec<Office>) -> Registry {
        offices.sort_by(|a, b| (&a.district_code, &a.code).cmp(&(&b.district_code, &b.code)));
        let mut names: HashMap<String, Vec<u32>> = HashMap::new();
        let mut codes = HashMap::new();
        for (index, office) in (0u32..).zip(&offices) {
            codes.insert(office.code.clone(), index);
            let aliases = office.aliases.split([';', '；']).map(str::trim).filter(|a| !a.is_empty());
            for writing in std::iter::once(office.name.as_str()).chain(aliases).flat_map(writings) {
                let known = names.entry(writing).or_default();
                if !known.contains(&index) {
                    known.push(index);
                }
            }
        }
        let longest = names.keys().map(|n| n.chars().count()).max().unwrap_or(0);
        Registry { offices, names, codes, longest }
    }

    /// The number of an office's district: that of the first office of the district.
    pub fn district(&self, office: u32) -> u32 {
        let code = &self.offices[office as usize].district_code;
        self.offices.partition_point(|o| o.district_code < *code) as u32
    }

    /// The office of a 12-digit code.
    pub fn by_code(&self, code: &str) -> Option<u32> {
        self.codes.get(code).copied()
    }

    /// The office a text names: the text ends with a known writing of its name, and before that
    /// stands nothing but its province, city and district. `year` leaves out offices of other years.
    pub fn by_name(&self, text: &str, year: Option<i32>) -> Lookup {
        let text = fold(text);
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let first = starts.len().saturating_sub(self.longest);
        // The longest writing first: 丽景街街道 is not 街道 with something before it.
        for (n, &at) in starts.iter().enumerate().skip(first) {
            let Some(known) = self.names.get(&text[at..]) else { continue };
            let here = |index: &&u32| {
                let office = &self.offices[**index as usize];
                (n == 0 || is_place(&text[..at], office)) && year.is_none_or(|y| office.exists_in(y))
            };
            let found: Vec<u32> = known.iter().filter(here).copied().collect();
            match found.as_slice() {
                [] => {}
                [one] => return Lookup::Found(*one),
                _ => return Lookup::Several(found),
            }
        }
        Lookup::Unknown
    }

    /// The office whose name, anywhere in a file or folder name, is the longest known one.
    pub fn in_path(&self, text: &str, year: Option<i32>) -> Lookup {
        let folded: String = fold(text);
        // Names are parted by anything but letters; a year sticks to them.
        let is_letter = |c: char| c.is_alphabetic();
        for word in folded.split(|c: char| !is_letter(c)).filter(|w| !w.is_empty()) {
            let name = strip_report_words(word);
            match self.by_name(name, year) {
                Lookup::Unknown => {}
                found => return found,
            }
        }
        folded.split(|c: char| !c.is_ascii_digit()).filter(|d| d.len() == 12).find_map(|d| self.by_code(d)).map_or(Lookup::Unknown, Lookup::Found)
    }

    /// Of offices that share a name, the one whose district a text names.
    pub fn in_district(&self, candidates: &[u32], text: &str) -> Option<u32> {
        let folded = fold(text);
        let named = |index: &&u32| {
            let office = &self.offices[**index as usize];
            folded.contains(&office.district) || folded.contains(&office.district_code)
        };
        let mut found = candidates.iter().filter(named);
        found.next().copied().filter(|_| found.next().is_none())
    }

    /// The registered name most like an unknown one, as a hint.
    pub fn nearest(&self, name: &str) -> Option<&Office> {
        let wanted: Vec<char> = fold(name).chars().collect();
        let likeness = |o: &Office| {
            let own: Vec<char> = format!("{}{}{}", o.city, o.district, o.name).chars().collect();
            let short: Vec<char> = o.name.chars().collect();
            let like = |a: &[char]| crate::form::label::likeness(&wanted, a).unwrap_or(0.0);
            like(&own).max(like(&short))
        };
        let scored = self.offices.iter().map(|o| (likeness(o), o)).filter(|(score, _)| *score > 0.7);
        scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, o)| o)
    }
}

fn overlap(a: &Office, b: &Office) -> bool {
    let span = |o: &Office| (o.valid_from.unwrap_or(i32::MIN), o.valid_to.unwrap_or(i32::MAX));
    let ((a1, a2), (b1, b2)) = (span(a), span(b));
    a1 <= b2 && b1 <= a2
}

/// The ways one name is written: 丽景街街道 = 丽景街街道办事处 = 丽景街办事处; 掌政镇 = 掌政镇人民政府.
/// 街道 is taken off once only: 丽景街街道 is not 丽景街道.
fn writings(name: &str) -> Vec<String> {
    let name = fold(name);
    let mut all = vec![name.clone()];
    let mut add = |stem: &str, tails: &[&str]| all.extend(tails.iter().map(|tail| format!("{stem}{tail}")));
    let street = name.strip_suffix("街道办事处").or_else(|| name.strip_suffix("街道办")).or_else(|| name.strip_suffix("街道"));
    if let Some(stem) = street {
        add(stem, &["街道", "街道办事处", "街道办", "办事处"]);
    } else if let Some(stem) = name.strip_suffix("办事处").filter(|s| s.chars().count() > 1) {
        add(stem, &["办事处", "街道办事处", "街道办", "街道"]);
    } else if let Some(stem) = name.strip_suffix("人民政府").or_else(|| name.strip_suffix("政府")) {
        add(stem, &["", "人民政府", "政府"]);
    } else if name.ends_with(['镇', '乡']) || name.ends_with("苏木") {
        add(&name, &["人民政府", "政府"]);
    } else if let Some(stem) = name.strip_suffix("管理委员会").or_else(|| name.strip_suffix("管委会")) {
        add(stem, &["", "管理委员会", "管委会"]);
    } else if name.ends_with("开发区") || name.ends_with("园区") || name.ends_with("管理区") {
        add(&name, &["管理委员会", "管委会"]);
    }
    all.sort();
    all.dedup();
    all.retain(|n| n.chars().count() > 1);
    all
}

/// Whether a text is made of the office's province, city and district, in this order.
fn is_place(text: &str, office: &Office) -> bool {
    let mut rest = text;
    let short = |name: &str| name.trim_end_matches(['省', '市']).trim_end_matches("自治区").to_string();
    let region = |name: &str| ["回族", "壮族", "维吾尔"].iter().fold(short(name), |n, people| n.trim_end_matches(people).to_string());
    let places = [
        vec![office.province.clone(), region(&office.province)],
        vec![office.city.clone(), short(&office.city)],
        vec![office.district.clone()],
    ];
    for writings in &places {
        if let Some(behind) = writings.iter().filter(|w| !w.is_empty()).find_map(|w| rest.strip_prefix(w.as_str())) {
            rest = behind;
        }
        rest = rest.strip_prefix("人民政府").unwrap_or(rest);
    }
    rest.is_empty()
}

/// A file name without what every report is called: what is left may name an office.
fn strip_report_words(word: &str) -> &str {
    const AROUND: [&str; 12] = ["年度", "年", "政府信息公开", "信息公开", "政务公开", "工作", "年度报告", "报告", "年报", "关于", "的", "度"];
    let mut name = word;
    loop {
        let before = name;
        for part in AROUND {
            name = name.strip_suffix(part).unwrap_or(name);
            name = name.strip_prefix(part).unwrap_or(name);
        }
        if name == before {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICES: &str = "\u{feff}code,name,aliases,district,district_code,city,province\n\
        990101001000,望河街街道,,青岚区,990101,云州市,江岭省\n\
        990101100000,城关镇,城关,青岚区,990101,云州市,江岭省\n\
        990102100000,城关镇,,临溪区,990102,云州市,江岭省\n";

    #[test]
    fn a_name_is_known_in_each_of_its_writings_and_no_other() {
        let registry = Registry::parse(OFFICES.as_bytes()).expect("offices");
        let street = ["望河街街道", "望河街街道办事处", "望河街办事处", "青岚区望河街街道办事处", "云州市青岚区望河街街道办", "江岭省云州市青岚区望河街街道", "云州青岚区望河街街道"];
        for name in street {
            assert_eq!(registry.by_name(name, None), Lookup::Found(0), "{name}");
        }
        for name in ["望河街道", "望河街", "临溪区望河街街道", "新望河街街道", "街道办事处", ""] {
            assert_eq!(registry.by_name(name, None), Lookup::Unknown, "{name}");
        }
        assert_eq!(registry.by_name("城关镇人民政府", None), Lookup::Several(vec![1, 2]));
        assert_eq!(registry.by_name("临溪区城关镇", None), Lookup::Found(2));
        assert_eq!(registry.in_path("2020年望河街街道政府信息公开年报", None), Lookup::Found(0));
        assert_eq!(registry.in_path("990102100000", None), Lookup::Found(2));
    }

    #[test]
    fn a_wrong_registry_is_refused_with_its_line() {
        let message = |text: &str| format!("{:#}", Registry::parse(text.as_bytes()).expect_err("must fail"));
        let double = format!("{OFFICES}990101001000,另一街道,,青岚区,990101,云州市,江岭省\n");
        assert!(message(&double).contains("line 5: code 990101001000 stands in line 2 already"), "{}", message(&double));
        assert!(message("code,name\n1,2\n").contains("column `aliases` is missing"));
    }
}
