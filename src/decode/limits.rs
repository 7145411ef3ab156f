//! How much one file may ask for, from `config/limits.toml`. All limits count things in the file, so
//! that the same file is read the same way on any machine; only foreign programs are timed.

use serde::Deserialize;

/// What one file may ask for. Reaching a limit is a finding, never the end of a run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Largest file, in MiB.
    pub file_mib: u64,
    /// Largest content of a packed file (DOCX, XLSX, OFD, zip) after unpacking, all parts together, in MiB.
    pub unpacked_mib: u64,
    /// Most files in an archive, those in archives within it among them.
    pub archive_files: usize,
    /// How deep archives may lie in archives.
    pub archive_depth: usize,
    /// How deep elements of HTML and XML, and dictionaries of PDF, may be nested.
    pub nesting: usize,
    /// Most elements and pieces of text of one HTML page; one element may have 1/50 as many attributes.
    pub html_nodes: usize,
    /// Most cells of one table, those covered by spanning cells among them.
    pub table_cells: usize,
    /// Most pages.
    pub pages: usize,
    /// Most glyphs and lines on one page.
    pub page_marks: usize,
    /// Most scanned pages of one file that are recognised.
    pub recognised_pages: usize,
    /// Most dots of the picture of one page, in millions.
    pub page_megadots: usize,
    /// How sure the recognition of a number must be, of 100; else the number is unreadable.
    pub recognition_confidence: u8,
    /// Time a foreign program may take over one file, or over the picture of one page, in seconds.
    pub program_seconds: u64,
}

/// A limit that a file has reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Its name in `config/limits.toml`.
    pub name: &'static str,
    /// Its value there.
    pub value: u64,
}

impl Reached {
    /// A limit by its name in the configuration, and its value.
    pub fn new(name: &'static str, value: usize) -> Reached {
        Reached { name, value: value as u64 }
    }
}

/// Whether what was found of something is still within a limit.
///
/// # Errors
/// The limit, by its name in the configuration, if it is not.
pub fn within(name: &'static str, found: usize, limit: usize) -> Result<(), Reached> {
    if found > limit { Err(Reached::new(name, limit)) } else { Ok(()) }
}

impl Limits {
    /// Reads the text of `config/limits.toml`.
    ///
    /// # Errors
    /// Names the line and the valid names.
    pub fn parse(text: &str) -> Result<Limits, toml::de::Error> {
        toml::from_str(text)
    }
}
