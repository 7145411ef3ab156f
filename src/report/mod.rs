//! What people open: the workbook, the page, the official form filled in, the letters to offices. All
//! of it is made of one published year, and stands under `publish/year=…` beside the data sets.

mod letter;
mod official_form;
mod page;
mod results;
mod word;
mod words;
mod workbook;

pub use results::{Division, Found, Of, Office, Report, Results, Stated, Total};

use crate::published::Published;
use crate::settings::Statute;
use anyhow::Result;

/// A file for people.
#[derive(Debug)]
pub struct Sheet {
    /// Path below `publish/year=…`, parted by `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Makes everything for a published year, whole or of one division (the code of a district, city or province).
///
/// # Errors
/// If the year was not published, or knows no such division.
pub fn sheets(published: &Published, year: i32, division: Option<&str>, statute: &Statute) -> Result<Vec<Sheet>> {
    let results = Results::read(published, year, division, statute)?;
    let sheet = |path: &str, bytes: Vec<u8>| Sheet { path: path.to_string(), bytes };
    // The workbook takes as long as all the rest.
    let rest = || {
        let mut rest = vec![sheet("index.html", page::page(&results, statute))];
        rest.extend(official_form::official_forms(&results, statute)?);
        rest.extend(letter::letters(&results, statute)?);
        anyhow::Ok(rest)
    };
    let (workbook, rest) = rayon::join(|| workbook::workbook(&results, published, division, statute), rest);
    let mut sheets = rest?;
    sheets.push(sheet("汇总.xlsx", workbook?));
    Ok(sheets)
}
