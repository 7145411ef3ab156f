//! How a report is laid out, and the damage that conversion does to it.
//!
//! A layout is honest: every choice here is one that careful offices make. A flaw is damage, taken one by one
//! from what conversions did to real reports.

use std::fmt;

use super::rng::Rng;

/// The layout of a report's tables and headings.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Section two as one merged grid, or as one small table per clause.
    pub one_grid: bool,
    /// Columns that hold labels in section three: 1, 2 or 3.
    pub label_columns: usize,
    /// Header rows of sections three and four: 1 or 3.
    pub header_rows: usize,
    /// Cells padded to equal width, as converters do.
    pub padded: bool,
    /// No blanks at all around the text of a cell (where cells are not padded).
    pub tight: bool,
    /// Outer labels (三、/（三）) in every row, or only in the first of their rows.
    pub outer_in_every_row: bool,
    /// Merged cells written into every cell that they covered, instead of the first only.
    pub spans_repeated: bool,
    /// The printed rule stands in the top left header cell.
    pub note_in_header: bool,
    /// The title is broken into issuer and rest.
    pub title_in_two_lines: bool,
    /// The name of an older wording in the headings of sections four and five.
    pub older_wording: bool,
}

impl Layout {
    /// What the official form looks like in a careful conversion.
    pub fn official() -> Self {
        Self {
            one_grid: true,
            label_columns: 3,
            header_rows: 3,
            padded: true,
            tight: false,
            outer_in_every_row: false,
            spans_repeated: false,
            note_in_header: true,
            title_in_two_lines: false,
            older_wording: false,
        }
    }

    /// The plainest Markdown: one header row, one label column, no padding.
    pub fn plain() -> Self {
        Self {
            one_grid: false,
            label_columns: 1,
            header_rows: 1,
            padded: false,
            tight: false,
            outer_in_every_row: false,
            spans_repeated: false,
            note_in_header: false,
            title_in_two_lines: false,
            older_wording: false,
        }
    }

    /// Any honest layout.
    pub fn random(rng: &mut Rng) -> Self {
        Self {
            one_grid: rng.chance(0.5),
            label_columns: rng.below(3) + 1,
            header_rows: *rng.pick(&[1, 3]),
            padded: rng.chance(0.3),
            tight: rng.chance(0.4),
            outer_in_every_row: rng.chance(0.4),
            spans_repeated: rng.chance(0.2),
            note_in_header: rng.chance(0.5),
            title_in_two_lines: rng.chance(0.1),
            older_wording: rng.chance(0.1),
        }
    }
}

/// One kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Flaw {
    /// Tables two and three split at a page break: a blank header row and another width after it.
    PageBreak,
    /// After a page break the header rows are repeated (alone: before a random row of section three).
    RepeatedHeader,
    /// A header row that the columns can be told without is lost.
    LostHeader,
    /// Outer labels (三、/（三）) lost.
    LostOuterLabel,
    /// A row's label moved to the first column, its outer labels gone; a group label moved one to the left.
    ShiftedLabel,
    /// Values pushed one column to the right behind a label that uses all label columns.
    PushedValues,
    /// `<br>` inside labels.
    Breaks,
    /// Blanks inside labels and around them.
    Blanks,
    /// Half-width brackets in labels.
    HalfWidthBrackets,
    /// `1. ` or `1、` for `1.`
    Ordinals,
    /// Middle characters of a long label lost.
    LostCharacters,
    /// All-blank rows.
    BlankRows,
    /// The printed rule 勾稽关系 as a row of its own.
    NoteRow,
    /// A row in section two that the form does not have.
    LocalRow,
    /// 件 or 元 inside cells.
    Units,
    /// Full-width digits.
    FullWidthDigits,
    /// Thousands commas.
    Commas,
    /// `总 计`.
    LetterSpacing,
    /// Heading levels drift, bold marks inside headings.
    HeadingDrift,
    /// A paragraph cut in mid-word by a page break.
    CutParagraph,
    /// Blank cells hold ideographic spaces or no-break spaces.
    IdeographicSpaces,
    /// A section heading with a wrong ordinal.
    WrongOrdinal,
    /// 年度 and the year in the title are set apart by blanks.
    SpacedTitle,
}

impl Flaw {
    /// All of them, for tests that try each alone.
    pub const ALL: [Self; 23] = [
        Self::PageBreak,
        Self::RepeatedHeader,
        Self::LostHeader,
        Self::LostOuterLabel,
        Self::ShiftedLabel,
        Self::PushedValues,
        Self::Breaks,
        Self::Blanks,
        Self::HalfWidthBrackets,
        Self::Ordinals,
        Self::LostCharacters,
        Self::BlankRows,
        Self::NoteRow,
        Self::LocalRow,
        Self::Units,
        Self::FullWidthDigits,
        Self::Commas,
        Self::LetterSpacing,
        Self::HeadingDrift,
        Self::CutParagraph,
        Self::IdeographicSpaces,
        Self::WrongOrdinal,
        Self::SpacedTitle,
    ];
}

/// A set of flaws.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Flaws(u32);

impl Flaws {
    /// A clean report.
    pub const NONE: Self = Self(0);

    /// Every flaw at once.
    pub fn all() -> Self {
        Flaw::ALL.into_iter().fold(Self::NONE, Self::with)
    }

    /// The set whose members are the bits of a number, for property tests; other bits are ignored.
    pub fn from_bits(bits: u32) -> Self {
        Self(bits & Self::all().0)
    }

    /// Each flaw with the given probability.
    pub fn random(rng: &mut Rng, probability: f64) -> Self {
        Flaw::ALL.into_iter().filter(|_| rng.chance(probability)).fold(Self::NONE, Self::with)
    }

    /// What one conversion to Markdown did to one real report, all together.
    pub fn torn_conversion() -> Self {
        [
            Flaw::SpacedTitle,
            Flaw::CutParagraph,
            Flaw::PageBreak,
            Flaw::BlankRows,
            Flaw::HeadingDrift,
            Flaw::NoteRow,
            Flaw::PushedValues,
            Flaw::LostOuterLabel,
            Flaw::ShiftedLabel,
            Flaw::Breaks,
            Flaw::HalfWidthBrackets,
            Flaw::Ordinals,
        ]
        .into_iter()
        .fold(Self::NONE, Self::with)
    }

    /// This set and one more.
    #[must_use]
    pub fn with(self, flaw: Flaw) -> Self {
        Self(self.0 | 1 << flaw as u32)
    }

    /// This set and one less.
    #[must_use]
    pub fn without(self, flaw: Flaw) -> Self {
        Self(self.0 & !(1 << flaw as u32))
    }

    /// True if the flaw is in the set.
    pub fn has(self, flaw: Flaw) -> bool {
        self.0 & (1 << flaw as u32) != 0
    }
}

impl fmt::Debug for Flaws {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(Flaw::ALL.iter().filter(|flaw| self.has(**flaw))).finish()
    }
}
