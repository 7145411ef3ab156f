//! 退回通知: for each office whose report is wrong or missing, a letter that says where, what stands
//! there, what was expected and by when. Chinese only, as its readers are.

use super::Sheet;
use super::results::{Found, Office, Results};
use super::word::{Document, Style};
use crate::settings::{LetterSettings, Statute};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// Longest file name, in bytes, without its ending.
const LONGEST: usize = 150;
/// Findings that are the district's own to settle, not the office's.
const OF_DISTRICT: [&str; 2] = ["report.unregistered_office", "report.year_mismatch"];

/// District code, office code, name.
type Who<'r> = (Option<&'r str>, Option<&'r str>, &'r str);

/// The letters of a year, each as a Word file and as text.
///
/// # Errors
/// Only what the library reports.
pub fn letters(results: &Results, statute: &Statute) -> Result<Vec<Sheet>> {
    let mut findings: HashMap<Who<'_>, Vec<&Found>> = HashMap::new();
    let of_office = |f: &&Found| f.severity != "info" && !f.accepted() && !OF_DISTRICT.contains(&f.rule.as_str());
    for finding in results.findings.iter().filter(of_office) {
        findings.entry((finding.district_code.as_deref(), finding.office_code.as_deref(), &finding.office)).or_default().push(finding);
    }
    let mut names: HashMap<&str, usize> = HashMap::new();
    for office in &results.offices {
        *names.entry(office.name.as_str()).or_default() += 1;
    }
    let mut taken: HashSet<String> = HashSet::new();
    let mut letters = Vec::new();
    for office in &results.offices {
        let Some(found) = findings.get(&(office.district_code.as_deref(), office.code.as_deref(), office.name.as_str())) else { continue };
        // The name alone, unless two districts have an office of that name.
        let shared = names.get(office.name.as_str()).is_some_and(|n| *n > 1);
        let plain = file_name(&if shared { format!("{}{}", office.district, office.name) } else { office.name.clone() });
        let mut name = plain.clone();
        let mut again = 2;
        // Disks of other systems take A and a for the same.
        while !taken.insert(name.to_lowercase()) {
            name = format!("{plain}-{again}");
            again += 1;
        }
        let letter = Letter::new(office, found, results.year, &statute.letter);
        letters.push(Sheet { path: format!("退回通知/{name}.docx"), bytes: letter.word()? });
        letters.push(Sheet { path: format!("退回通知/{name}.md"), bytes: letter.text().into_bytes() });
    }
    Ok(letters)
}

/// A name that any disk takes: without separators and control characters, not too long.
pub(super) fn file_name(name: &str) -> String {
    // Marks that turn the direction of writing hide what a file is.
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let safe = |c: char| if c.is_control() || hidden(c) || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let mut short: String = name.chars().map(safe).collect();
    while short.len() > LONGEST {
        short.pop();
    }
    let short = short.trim().trim_start_matches('.').trim_end_matches('.');
    if short.is_empty() { "未具名单位".to_string() } else { short.to_string() }
}

struct Letter {
    title: String,
    address: String,
    opening: String,
    points: Vec<String>,
    closing: Vec<String>,
    signed: String,
}

impl Letter {
    fn new(office: &Office, found: &[&Found], year: i32, settings: &LetterSettings) -> Letter {
        let days = settings.working_days;
        let missing = office.report.is_none();
        let (title, opening) = match missing {
            true => (format!("关于报送{year}年政府信息公开工作年度报告的通知"), format!("截至目前，尚未收到你单位{year}年政府信息公开工作年度报告。")),
            false => (
                format!("关于核对更正{year}年政府信息公开工作年度报告的通知"),
                format!("你单位报送的{year}年政府信息公开工作年度报告收悉。经核对，有以下 {} 处需要核实：", found.len()),
            ),
        };
        let mut closing = vec![match missing {
            true => format!("请于收到本通知之日起{days}个工作日内报送。"),
            false => format!("请对照原始台账逐项核实，于收到本通知之日起{days}个工作日内将更正后的报告重新报送；核实无误的，请书面说明情况。"),
        }];
        closing.extend(Some(settings.contact.clone()).filter(|c| !c.is_empty()));
        let district = if office.district.is_empty() { "　　" } else { &office.district };
        Letter {
            title,
            address: format!("{}：", office.name),
            opening,
            points: match missing {
                true => Vec::new(),
                false => (1..).zip(found).map(|(number, f)| format!("{number}．{}", point(f))).collect(),
            },
            closing,
            signed: settings.issuer.replace("{district}", district),
        }
    }

    fn word(&self) -> Result<Vec<u8>> {
        let mut document = Document::new().paragraph(&self.title, Style::Title).paragraph("", Style::Text);
        document = document.paragraph(&self.address, Style::Address).paragraph(&self.opening, Style::Text);
        for text in self.points.iter().chain(&self.closing) {
            document = document.paragraph(text, Style::Text);
        }
        document.paragraph("", Style::Text).paragraph(&self.signed, Style::Signed).paragraph(DATE, Style::Signed).bytes()
    }

    fn text(&self) -> String {
        let mut text = format!("# {}\n\n{}\n\n{}\n\n", self.title, escaped(&self.address), self.opening);
        for line in self.points.iter().chain(&self.closing) {
            text.push_str(&escaped(line));
            text.push_str("\n\n");
        }
        text + &format!("{}\n\n{DATE}\n", escaped(&self.signed))
    }
}

/// Left open for whoever sends it: the files carry no clock.
const DATE: &str = "　　年　　月　　日";

/// What a finding asks of the office: what was found, where, and the one repair that fits.
fn point(finding: &Found) -> String {
    let mut text = finding.message_zh.clone();
    if let Some(suggestion) = &finding.suggestion {
        let suggestion = suggestion.replace(": ", "：由").replace(" → ", "改为");
        text.push_str(&format!("仅有一种改法能使各项关系全部成立（{suggestion}），供核对时参考。"));
    }
    match (&finding.source_file, finding.source_page, finding.source_line) {
        (Some(file), Some(page), _) => format!("{text}（见{file}第{page}页）"),
        (Some(file), None, Some(line)) => format!("{text}（见{file}第{line}行）"),
        (Some(file), None, None) => format!("{text}（见{file}）"),
        (None, ..) => text,
    }
}

/// Text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}
