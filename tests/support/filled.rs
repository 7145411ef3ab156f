//! A filled form: what an office wrote into each cell, and what it meant to write.

use std::collections::BTreeMap;

use super::statute::{self, APPLICANTS, Edition, REVIEW_GROUPS, Section};

/// A cell's identifier: indicator, and in section three the applicant column.
pub type CellKey = (&'static str, Option<&'static str>);

/// What stands in a cell, before it is printed in some way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellText {
    /// A number in the cell's own unit: a count, or whole yuan for money.
    Number(i64),
    /// Nothing.
    Blank,
    /// A mark for "not applicable", as it is written.
    Mark(&'static str),
    /// Other words, which no reader can take for a number.
    Words(&'static str),
}

/// One office's form of one year.
#[derive(Clone, Debug)]
pub struct FilledForm {
    /// The report year.
    pub year: u16,
    /// The form that section two follows.
    pub section_two: Edition,
    /// The form that section three follows; another than section two's in a hybrid.
    pub section_three: Edition,
    /// A section that the report leaves out altogether.
    pub missing: Option<Section>,
    /// Every cell of the sections that are there.
    pub cells: BTreeMap<CellKey, CellText>,
    /// What each cell would read if the office had filled it and made no mistake.
    pub truth: BTreeMap<CellKey, i64>,
}

impl FilledForm {
    /// True if the report has this section.
    pub fn has(&self, section: Section) -> bool {
        self.missing != Some(section)
    }

    /// What stands in a cell; `Blank` for a cell that the form does not have.
    pub fn text(&self, key: CellKey) -> &CellText {
        self.cells.get(&key).unwrap_or(&CellText::Blank)
    }

    /// The number that stands in a cell, if it is one.
    pub fn number(&self, key: CellKey) -> Option<i64> {
        match self.cells.get(&key) {
            Some(CellText::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// What a cell would read in a complete and faultless form; 0 for a cell that the form does not have.
    pub fn meant(&self, key: CellKey) -> i64 {
        self.truth.get(&key).copied().unwrap_or(0)
    }

    /// Writes a number into a cell without changing what was meant.
    pub fn write(&mut self, key: CellKey, text: CellText) {
        self.cells.insert(key, text);
    }

    /// True if every cell of section three holds a number, so that all its relations can be judged.
    pub fn is_complete(&self) -> bool {
        self.missing.is_none() && self.cells.iter().filter(|((_, applicant), _)| applicant.is_some()).all(|(_, text)| matches!(text, CellText::Number(_)))
    }
}

/// The cells of one section, in the order of the form.
pub fn section_keys(section: Section, edition: Edition) -> Vec<CellKey> {
    match section {
        Section::ActiveDisclosure => {
            statute::blocks(edition).iter().flat_map(|block| block.rows).flat_map(|(_, cells)| cells.iter().map(|cell| (*cell, None))).collect()
        }
        Section::Applications => statute::application_rows(edition).flat_map(|row| APPLICANTS.map(|(applicant, _)| (row.indicator, Some(applicant)))).collect(),
        Section::Reviews => REVIEW_GROUPS.iter().flat_map(|group| group.cells.map(|cell| (cell, None))).collect(),
    }
}
