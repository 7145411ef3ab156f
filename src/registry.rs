//! The registry of offices, `config/offices.csv`, and finding an office by any of the ways its name
//! is written. A name that is not in the registry is never taken for one that is.

use crate::failure::{Failure, line_of};
use crate::finding::shown;
use crate::form::label::fold;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

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
    /// Codes of the offices that took it over after `valid_to`, separated by `;`: one where it was merged
    /// into another or got a new code, several where it was split.
    #[serde(default)]
    pub successor: Option<String>,
}

impl Office {
    /// Whether it exists in a year.
    pub fn exists_in(&self, year: i32) -> bool {
        self.valid_from.is_none_or(|from| from <= year) && self.valid_to.is_none_or(|to| year <= to)
    }

    /// District and name, as people say it.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.district, self.name)
    }

    /// The codes of the offices that took it over.
    pub fn successors(&self) -> impl Iterator<Item = &str> {
        parted(self.successor.as_deref().unwrap_or_default())
    }

    /// The years in which it exists: `2015–2020`, open at an end that the registry leaves open.
    pub fn years(&self) -> String {
        let year = |year: Option<i32>| year.map(|y| y.to_string()).unwrap_or_default();
        format!("{}–{}", year(self.valid_from), year(self.valid_to))
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
    /// The last letters of all names: most texts end with another.
    endings: HashSet<char>,
    /// What may stand before the name of each office: its province, city and district, each in its writings.
    places: Vec<[Vec<String>; 3]>,
    /// Every writing of the name of each office, the longest first.
    writings: Vec<Vec<String>>,
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
    /// Names the line, the column and the value that is wrong, and what to do.
    pub fn parse(bytes: &[u8]) -> Result<Registry, Failure> {
        let Ok((text, _)) = crate::decode::to_text(bytes) else {
            return Err(Failure::new("名录是空的，或不是 UTF-8、GB18030 文本", "the registry is empty, or no text in UTF-8 or GB18030"));
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| Failure::new("名录无法读取", "the registry cannot be read").because(e))?.clone();
        if let Some(column) = COLUMNS.iter().find(|c| !header.iter().any(|h| h == **c)) {
            let needed = COLUMNS.join(",");
            return Err(Failure::new(
                format!("第 1 行：缺少 {column} 列。需要这些列：{needed}"),
                format!("line 1: column `{column}` is missing; needed: {needed}"),
            ));
        }
        let mut offices: Vec<Office> = Vec::new();
        // The offices of a code: where each stands in the text, and its number.
        let mut known: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        let mut successors: Vec<(usize, String)> = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(|e| Failure::new("名录无法读取", "the registry cannot be read").because(e))?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let row = Row { text: &text, at: start(&text, &record), header: &header, record: &record };
            let office = row.office()?;
            let same = known.entry(office.code.clone()).or_default();
            if let Some((first, clash)) = same.iter().find(|(_, index)| overlap(&offices[*index], &office)) {
                let (first, name) = (line_of(&text, *first), &offices[*clash].name);
                return Err(row.refuse(
                    "code",
                    &format!("第 {first} 行已有这个代码（{name}），且年份重叠。请改正代码，或填写 valid_from、valid_to"),
                    &format!("stands in line {first} already ({name}) for the same years; correct it, or fill in valid_from and valid_to"),
                ));
            }
            same.push((row.at, offices.len()));
            if let Some(unknown) = office.successor.clone() {
                successors.push((row.line(), unknown));
            }
            offices.push(office);
        }
        let unknown = successors.iter().find_map(|(line, codes)| Some((line, parted(codes).find(|code| !known.contains_key(*code))?)));
        if let Some((line, code)) = unknown {
            let zh = format!("第 {line} 行 successor 列：名录中没有代码“{code}”的单位。请先登记接替的单位");
            return Err(Failure::new(zh, format!("line {line}: column `successor`: no office has the code `{code}`; register the one that took over")));
        }
        if offices.is_empty() {
            return Err(Failure::new("名录中没有单位", "there is no office in the registry"));
        }
        Ok(Registry::of(offices))
    }

    /// A registry without offices.
    pub fn empty() -> Registry {
        Registry::of(Vec::new())
    }

    fn of(mut offices: Vec<Office>) -> Registry {
        offices.sort_by(|a, b| (&a.district_code, &a.code).cmp(&(&b.district_code, &b.code)));
        let writings: Vec<Vec<String>> = offices.iter().map(writings).collect();
        let mut names: HashMap<String, Vec<u32>> = HashMap::new();
        for (index, writings) in (0u32..).zip(&writings) {
            for writing in writings {
                let known = names.entry(writing.clone()).or_default();
                if !known.contains(&index) {
                    known.push(index);
                }
            }
        }
        let codes = offices.iter().map(|office| office.code.clone()).zip(0u32..).collect();
        let longest = names.keys().map(|n| n.chars().count()).max().unwrap_or(0);
        let endings = names.keys().filter_map(|n| n.chars().next_back()).collect();
        let places = offices.iter().map(places).collect();
        Registry { offices, names, codes, longest, endings, places, writings }
    }

    /// An office by its number.
    pub fn office(&self, number: u32) -> &Office {
        &self.offices[number as usize]
    }

    /// The number of an office's district: that of the first office of the district.
    pub fn district(&self, office: u32) -> u32 {
        let code = &self.office(office).district_code;
        self.offices.partition_point(|o| o.district_code < *code) as u32
    }

    /// Every writing of an office's name, the longest first.
    pub fn writings(&self, office: u32) -> &[String] {
        &self.writings[office as usize]
    }

    /// The office of a 12-digit code.
    pub fn by_code(&self, code: &str) -> Option<u32> {
        self.codes.get(code).copied()
    }

    /// The office a text names: the text ends with a known writing of its name, and before that
    /// stands nothing but its province, city and district. `year` leaves out offices of other years.
    pub fn by_name(&self, text: &str, year: Option<i32>) -> Lookup {
        let text = fold(text);
        if !text.ends_with(|c| self.endings.contains(&c)) {
            return Lookup::Unknown;
        }
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let first = starts.len().saturating_sub(self.longest);
        // The longest writing first: 丽景街街道 is not 街道 with something before it.
        for (n, &at) in starts.iter().enumerate().skip(first) {
            let Some(known) = self.names.get(&text[at..]) else { continue };
            let here = |index: &&u32| {
                let office = self.office(**index);
                year.is_none_or(|y| office.exists_in(y)) && (n == 0 || is_place(&text[..at], &self.places[**index as usize]))
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

    /// The office a path names: by the file's name, then by the folders from the innermost outwards. Of
    /// several of that name it is the one whose district the path names.
    pub fn of_path(&self, path: &str, year: Option<i32>) -> Lookup {
        let stem = |part: &str| part.rsplit_once('.').map_or(part, |(stem, _)| stem).to_string();
        let named = path.rsplit(['/', '!']).map(|part| self.in_path(&stem(part), year)).find(|found| *found != Lookup::Unknown);
        match named {
            Some(Lookup::Several(candidates)) => self.in_district(&candidates, path).map_or(Lookup::Several(candidates), Lookup::Found),
            Some(found) => found,
            None => Lookup::Unknown,
        }
    }

    /// The office a name belongs to in other years only: the registry knows it, but not in this year.
    pub fn in_other_years(&self, name: &str, year: Option<i32>) -> Option<&Office> {
        match (self.by_name(name, year), self.by_name(name, None)) {
            (Lookup::Unknown, Lookup::Found(office)) => Some(self.office(office)),
            _ => None,
        }
    }

    /// Of offices that share a name, the one whose district a text names.
    pub fn in_district(&self, candidates: &[u32], text: &str) -> Option<u32> {
        let folded = fold(text);
        let named = |index: &&u32| {
            let office = self.office(**index);
            folded.contains(&office.district) || folded.contains(&office.district_code)
        };
        let mut found = candidates.iter().filter(named);
        found.next().copied().filter(|_| found.next().is_none())
    }

    /// The registered name most like an unknown one, as a hint.
    pub fn nearest(&self, name: &str) -> Option<&Office> {
        const LIKE_ENOUGH: f32 = 0.7;
        let wanted: Vec<char> = fold(name).chars().collect();
        let likeness = |office: &Office| {
            let own = || office.city.chars().chain(office.district.chars()).chain(office.name.chars());
            nearness(&wanted, own, LIKE_ENOUGH).max(nearness(&wanted, || office.name.chars(), LIKE_ENOUGH))
        };
        let scored = self.offices.iter().map(|o| (likeness(o), o)).filter(|(score, _)| *score > LIKE_ENOUGH);
        scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, o)| o)
    }
}

/// How like a name is to the wanted one; 0 if by its letters alone, whatever their order, it is not above `least`.
fn nearness<L: Iterator<Item = char>>(wanted: &[char], letters: impl Fn() -> L, least: f32) -> f32 {
    let (mut all, mut common) = (wanted.len(), 0);
    for letter in letters() {
        all += 1;
        common += usize::from(wanted.contains(&letter));
    }
    if 2.0 * common as f32 <= least * all as f32 {
        return 0.0;
    }
    crate::form::label::likeness(wanted, &letters().collect::<Vec<_>>()).unwrap_or(0.0)
}

/// Where a record starts. Its own position may be before the line break, which csv steps over.
fn start(text: &str, record: &csv::StringRecord) -> usize {
    let at = record.position().map_or(0, |p| p.byte() as usize);
    at + text.bytes().skip(at).take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// A line of the registry, with what is needed to say what is wrong in it.
struct Row<'r> {
    text: &'r str,
    at: usize,
    header: &'r csv::StringRecord,
    record: &'r csv::StringRecord,
}

impl Row<'_> {
    fn line(&self) -> usize {
        line_of(self.text, self.at)
    }

    fn office(&self) -> Result<Office, Failure> {
        let (columns, fields) = (self.header.len(), self.record.len());
        if columns != fields {
            let zh = format!("第 {} 行有 {fields} 列，应有 {columns} 列。请检查逗号和引号", self.line());
            let en = format!("line {} has {fields} columns instead of {columns}; check its commas and quotes", self.line());
            return Err(Failure::new(zh, en));
        }
        let office: Office = self.record.deserialize(Some(self.header)).map_err(|e| self.undeserialised(&e))?;
        let text_zh = "请在 Excel 中把该列的单元格格式设为“文本”，再填写完整代码";
        let text_en = "in Excel format the column as text, then enter the whole code";
        if !is_code(&office.code, 12) {
            return Err(self.refuse("code", &format!("应为 12 位数字。{text_zh}"), &format!("should have 12 digits; {text_en}")));
        }
        if office.name.is_empty() {
            return Err(self.refuse("name", "请填写单位名称", "enter the name of the office"));
        }
        if !is_code(&office.district_code, 6) {
            return Err(self.refuse("district_code", &format!("应为 6 位数字。{text_zh}"), &format!("should have 6 digits; {text_en}")));
        }
        if !office.code.starts_with(&office.district_code) {
            let code = &office.code;
            let zh = format!("与 code 列“{code}”的前 6 位不一致。请改正其中一个");
            return Err(self.refuse("district_code", &zh, &format!("should be the first six digits of the code `{code}`; correct one of them")));
        }
        if office.successors().next().is_some() && office.valid_to.is_none() {
            let zh = "填了接替的单位，就要在 valid_to 列填写本单位的最后年份";
            return Err(self.refuse("successor", zh, "an office that was taken over needs its last year in valid_to"));
        }
        Ok(office)
    }

    /// Of the columns only the years are no texts.
    fn undeserialised(&self, error: &csv::Error) -> Failure {
        let field = match error.kind() {
            csv::ErrorKind::Deserialize { err, .. } => err.field(),
            _ => None,
        };
        match field.and_then(|f| self.header.get(usize::try_from(f).ok()?)) {
            Some(column) => self.refuse(column, "应为年份（如 2020），或留空", "should be a year like 2020, or nothing"),
            None => {
                let zh = format!("第 {} 行无法读取，请检查表头是否有重复的列", self.line());
                Failure::new(zh, format!("line {} cannot be read; check the header for columns that stand twice", self.line()))
            }
        }
    }

    /// What is wrong with the value of a column, and what to do.
    fn refuse(&self, column: &str, zh: &str, en: &str) -> Failure {
        let at = self.header.iter().position(|h| h == column).unwrap_or_default();
        let value = shown(self.record.get(at).unwrap_or_default());
        let (said_zh, said_en) = match value.is_empty() {
            true => ("为空".to_string(), "is empty".to_string()),
            false => (format!("为“{value}”"), format!("says `{value}`")),
        };
        Failure::new(format!("第 {} 行 {column} 列{said_zh}：{zh}", self.line()), format!("line {}: column `{column}` {said_en}: {en}", self.line()))
    }
}

/// The parts of a list that is separated by `;`.
fn parted(list: &str) -> impl Iterator<Item = &str> {
    list.split([';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

fn is_code(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

fn overlap(a: &Office, b: &Office) -> bool {
    let span = |o: &Office| (o.valid_from.unwrap_or(i32::MIN), o.valid_to.unwrap_or(i32::MAX));
    let ((a1, a2), (b1, b2)) = (span(a), span(b));
    a1 <= b2 && b1 <= a2
}

/// Every writing of the name and the aliases of an office, the longest first.
fn writings(office: &Office) -> Vec<String> {
    let mut all: Vec<String> = std::iter::once(office.name.as_str()).chain(parted(&office.aliases)).flat_map(writings_of).collect();
    all.sort_by_key(|name| std::cmp::Reverse(name.len()));
    all.dedup();
    all
}

/// The ways one name is written: 丽景街街道 = 丽景街街道办事处 = 丽景街办事处; 掌政镇 = 掌政镇人民政府.
/// 街道 is taken off once only: 丽景街街道 is not 丽景街道.
fn writings_of(name: &str) -> Vec<String> {
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

/// The writings of an office's province, city and district.
fn places(office: &Office) -> [Vec<String>; 3] {
    let short = |name: &str| name.trim_end_matches(['省', '市']).trim_end_matches("自治区").to_string();
    let region = |name: &str| ["回族", "壮族", "维吾尔"].iter().fold(short(name), |n, people| n.trim_end_matches(people).to_string());
    let mut places = [vec![office.province.clone(), region(&office.province)], vec![office.city.clone(), short(&office.city)], vec![office.district.clone()]];
    places.iter_mut().for_each(|writings| writings.retain(|w| !w.is_empty()));
    places
}

/// Whether a text is made of province, city and district, in this order.
fn is_place(text: &str, places: &[Vec<String>; 3]) -> bool {
    let mut rest = text;
    for writings in places {
        if let Some(behind) = writings.iter().find_map(|w| rest.strip_prefix(w.as_str())) {
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
        let street = [
            "望河街街道",
            "望河街街道办事处",
            "望河街办事处",
            "青岚区望河街街道办事处",
            "云州市青岚区望河街街道办",
            "江岭省云州市青岚区望河街街道",
            "云州青岚区望河街街道",
        ];
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
    fn a_wrong_registry_is_refused_with_line_column_and_value() {
        let message = |text: &str| Registry::parse(text.as_bytes()).expect_err("must fail");
        let with = |line: &str| message(&format!("{OFFICES}{line}\n"));
        let refused = |failure: Failure, zh: &[&str], en: &[&str]| {
            assert!(zh.iter().all(|t| failure.zh.contains(t)) && en.iter().all(|t| failure.en.contains(t)), "{failure:?}");
        };
        refused(with("990101001000,另一街道,,青岚区,990101,云州市,江岭省"), &["第 5 行 code 列", "第 2 行已有"], &["line 5: column `code`", "line 2 already"]);
        refused(
            with("9.90101E+11,某镇,,青岚区,990101,云州市,江岭省"),
            &["第 5 行 code 列为“9.90101E+11”", "文本"],
            &["line 5: column `code` says `9.90101E+11`", "as text"],
        );
        refused(with("990101002000,某镇,,青岚区,99010,云州市,江岭省"), &["district_code 列为“99010”", "6 位"], &["`district_code` says `99010`", "6 digits"]);
        refused(with("990101002000,某镇,,临溪区,990102,云州市,江岭省"), &["“990102”", "“990101002000”"], &["`990102`", "`990101002000`"]);
        refused(with("990101002000,,,青岚区,990101,云州市,江岭省"), &["第 5 行 name 列"], &["line 5: column `name`"]);
        let excel = |text: &str| message(&text.replace('\n', "\r\n"));
        refused(excel(&format!("{OFFICES}\n990101002000,,,青岚区,990101,云州市,江岭省\n")), &["第 6 行 name 列"], &["line 6: column `name`"]);
        refused(with("990101002000,某镇,青岚区"), &["第 5 行有 3 列"], &["line 5 has 3 columns instead of 7"]);
        refused(message("code,name\n1,2\n"), &["缺少 aliases 列"], &["column `aliases` is missing"]);
        let dated = "code,name,aliases,district,district_code,city,province,valid_from\n990101001000,某镇,,青岚区,990101,云州市,江岭省,去年\n";
        refused(message(dated), &["第 2 行 valid_from 列为“去年”", "应为年份"], &["line 2: column `valid_from` says `去年`", "a year"]);
    }

    #[test]
    fn an_office_of_other_years_is_known_as_such() {
        let dated = "code,name,aliases,district,district_code,city,province,valid_from,valid_to\n\
            990101001000,望河街街道,,青岚区,990101,云州市,江岭省,2015,2019\n";
        let registry = Registry::parse(dated.as_bytes()).expect("offices");
        let years = |year| registry.in_other_years("青岚区望河街街道办事处", Some(year)).map(Office::years);
        assert_eq!((years(2019), years(2020).as_deref()), (None, Some("2015–2019")));
        assert_eq!(registry.in_other_years("别处街道", Some(2020)), None);
    }

    #[test]
    fn a_path_names_an_office_by_file_then_folder() {
        let registry = Registry::parse(OFFICES.as_bytes()).expect("offices");
        assert_eq!(registry.of_path("2020/青岚区/望河街街道办事处2020年年报.pdf", Some(2020)), Lookup::Found(0));
        assert_eq!(registry.of_path("2020/望河街街道/扫描件.pdf", Some(2020)), Lookup::Found(0));
        assert_eq!(registry.of_path("2020/临溪区/城关镇.pdf", Some(2020)), Lookup::Found(2));
        assert_eq!(registry.of_path("2020/城关镇.pdf", Some(2020)), Lookup::Several(vec![1, 2]));
        assert_eq!(registry.of_path("2020/说明.pdf", Some(2020)), Lookup::Unknown);
    }
}
