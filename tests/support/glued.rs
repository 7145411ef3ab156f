//! Renders a filled form as text that lost its cell borders, as crawlers take it from web pages: rows as
//! running text, the digits of neighbouring cells together, the next row's number glued on.

#![allow(clippy::explicit_auto_deref, reason = "without the star the type of the list cannot be told")]

use super::filled::{CellKey, CellText, FilledForm};
use super::prose::Prose;
use super::rng::Rng;
use super::statute::{self, APPLICANTS, BALANCE_NOTE, RESULTS, REVIEW_COLUMNS, REVIEW_GROUPS, Section};

/// How the borders were lost.
#[derive(Clone, Debug)]
pub struct Glue {
    /// What stands between headings, captions and tables.
    pub joint: &'static str,
    /// What ends a row.
    pub row_end: &'static str,
    /// How often a border survives as a blank.
    pub survives: f64,
    /// Rows of which every border survives.
    pub whole_rows: f64,
    /// What follows the number of a row: 1. or 1、
    pub dot: &'static str,
    /// Lines are cut after so many characters, wherever that is.
    pub wrap: Option<usize>,
    /// Rows that have a letter among their digits.
    pub letters: f64,
    /// Labels that lost a character.
    pub torn_labels: f64,
    /// Amounts with 元.
    pub money_unit: bool,
}

impl Glue {
    /// Any.
    pub fn random(rng: &mut Rng) -> Glue {
        let mostly = |rng: &mut Rng, share: f64, value: f64| if rng.chance(share) { 0.0 } else { value };
        Glue {
            joint: *rng.pick(&["", "", " ", "\n"]),
            row_end: *rng.pick(&["", "", "", " ", "\n"]),
            survives: mostly(rng, 0.4, 0.2),
            whole_rows: mostly(rng, 0.5, 0.1),
            dot: *rng.pick(&[".", ".", ".", "．", "、", ". ", ""]),
            wrap: if rng.chance(0.1) { Some(40 + rng.below(80)) } else { None },
            letters: mostly(rng, 0.9, 0.05),
            torn_labels: mostly(rng, 0.8, 0.05),
            money_unit: rng.chance(0.5),
        }
    }
}

/// The report as text.
pub fn render(form: &FilledForm, prose: &Prose, glue: &Glue, rng: &mut Rng) -> String {
    let mut page = Page { form, glue, rng, text: String::new() };
    let name = &prose.office.title_name;
    page.text.push_str(&format!("标题: {name}{}年政府信息公开工作年度报告\n发布时间: {}-01-20 10:00\n正文\n", form.year, form.year + 1));
    page.text.push_str(&format!("{name}{}年政府信息公开工作年度报告 ", form.year));
    page.text.push_str("本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况等六个部分。");
    page.text.push_str("一、总体情况");
    for paragraph in &prose.overview {
        page.text.push_str(&paragraph.text);
    }
    for (section, ordinal) in Section::ALL.into_iter().zip(["二、", "三、", "四、"]) {
        if form.has(section) {
            page.text.push_str(&format!("{ordinal}{}{}", section.heading(), glue.joint));
            match section {
                Section::ActiveDisclosure => page.disclosure(),
                Section::Applications => page.applications(),
                Section::Reviews => page.reviews(),
            }
        }
    }
    page.text.push_str("五、存在的主要问题及改进情况");
    for paragraph in &prose.problems {
        page.text.push_str(&paragraph.text);
    }
    page.text.push_str(&format!("六、其他需要报告的事项{}", prose.other));
    match glue.wrap {
        None => page.text,
        Some(width) => page.text.chars().enumerate().flat_map(|(n, c)| [Some(c), (n % width == width - 1).then_some('\n')]).flatten().collect(),
    }
}

struct Page<'a> {
    form: &'a FilledForm,
    glue: &'a Glue,
    rng: &'a mut Rng,
    text: String,
}

impl Page<'_> {
    fn row(&mut self, label: &str, keys: &[CellKey]) {
        let mut label: Vec<char> = label.chars().collect();
        if label.len() > 9 && self.rng.chance(self.glue.torn_labels) {
            label.remove(4 + self.rng.below(label.len() - 5));
        }
        self.text.extend(label);
        let whole = self.rng.chance(self.glue.whole_rows);
        let mut cells = String::new();
        for (n, key) in keys.iter().enumerate() {
            if n == 0 && self.rng.chance(self.glue.survives) || n > 0 && (whole || self.rng.chance(self.glue.survives)) {
                cells.push(' ');
            }
            match self.form.text(*key) {
                CellText::Number(number) => cells.push_str(&self.number(key.0, *number)),
                CellText::Blank => {}
                CellText::Mark(mark) => cells.push_str(mark),
                CellText::Words(words) => cells.push_str(words),
            }
        }
        if self.rng.chance(self.glue.letters) {
            cells = cells.replacen('0', "O", 1 + self.rng.below(3));
        }
        self.text.push_str(&cells);
        self.text.push_str(self.glue.row_end);
    }

    fn number(&self, indicator: &str, number: i64) -> String {
        match indicator {
            "fees.amount" => format!("{}.{:04}", number / 10_000, number % 10_000).trim_end_matches('0').trim_end_matches('.').to_string(),
            "procurement.amount" if self.glue.money_unit => format!("{number}元"),
            _ => number.to_string(),
        }
    }

    fn disclosure(&mut self) {
        for block in statute::blocks(self.form.section_two) {
            self.text.push_str(&format!("{}{}信息内容{}", block.caption, self.glue.joint, block.columns.concat()));
            for (label, cells) in block.rows {
                let keys: Vec<CellKey> = cells.iter().map(|cell| (*cell, None)).collect();
                self.row(label, &keys);
            }
        }
    }

    fn applications(&mut self) {
        let organisations: String = APPLICANTS[1..6].iter().map(|(_, label)| *label).collect();
        self.text.push_str(&format!("{BALANCE_NOTE}申请人情况自然人法人或其他组织总计{organisations}"));
        let (mut result, mut group) = (false, None);
        for row in statute::application_rows(self.form.section_three) {
            let mut label = String::new();
            if row.result && !result {
                label.push_str(RESULTS);
            }
            if row.group.is_some() && row.group != group {
                label.push_str(row.group.unwrap_or_default());
            }
            (result, group) = (row.result, row.group);
            self.text.push_str(&label);
            let keys = APPLICANTS.map(|(applicant, _)| (row.indicator, Some(applicant)));
            self.row(&row.label.replacen('.', self.glue.dot, 1), &keys);
        }
    }

    fn reviews(&mut self) {
        let columns = REVIEW_COLUMNS.concat();
        self.text.push_str(&format!("行政复议行政诉讼{columns}未经复议直接起诉复议后起诉{columns}{columns}"));
        let keys: Vec<CellKey> = REVIEW_GROUPS.iter().flat_map(|group| group.cells.map(|cell| (cell, None))).collect();
        self.row("", &keys);
    }
}
