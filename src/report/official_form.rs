//! 政府信息公开工作年度报告统计表.docx: sections two, three and four of a district's own report, in the
//! layout of the year's form, filled with the totals and ready to paste.

use super::Sheet;
use super::letter::file_name;
use super::results::{Division, Of, Results};
use super::word::{Document, Style};
use super::workbook::printed_value;
use crate::finding::number as written;
use crate::settings::Statute;
use anyhow::Result;

/// The file of all districts.
const NAME: &str = "政府信息公开工作年度报告统计表";

/// The filled forms: one file of all districts, one after the other, and where there are several
/// districts, one of each as well, ready for its own report.
///
/// # Errors
/// Only what the library reports.
pub fn official_forms(results: &Results, statute: &Statute) -> Result<Vec<Sheet>> {
    let districts: Vec<&Division> = results.districts().collect();
    let mut sheets = vec![Sheet { path: format!("{NAME}.docx"), bytes: filled(&districts, results.year, statute)? }];
    if districts.len() > 1 {
        for district in &districts {
            let shared = districts.iter().filter(|d| d.name == district.name).count() > 1;
            let name = file_name(&if shared { format!("{}{}", district.name, district.code) } else { district.name.clone() });
            sheets.push(Sheet { path: format!("{NAME}-{name}.docx"), bytes: filled(&[district], results.year, statute)? });
        }
    }
    Ok(sheets)
}

fn filled(districts: &[&Division], year: i32, statute: &Statute) -> Result<Vec<u8>> {
    let mut document = Document::new();
    let Some(form) = statute.forms.of_year(year) else { return document.bytes() };
    let declared = &statute.forms.forms[form];
    for district in districts {
        document = document.paragraph(&format!("{}{}年政府信息公开工作年度报告统计表", district.name, year), Style::Title);
        for (index, table) in declared.tables.iter().enumerate() {
            let title = declared.section(&table.id).map_or_else(|| table.zh.clone(), |s| format!("{}、{}", s.ordinal, s.title));
            let item = |cell: usize| statute.catalog.cell(form, index, cell);
            let number = |cell: usize| printed_value(district, table, item(cell), cell).map(written).unwrap_or_default();
            document = document.paragraph(&title, Style::Heading).table(&table.print, &number);
            let filled = |cell: &usize| district.totals.get(&Of { item: item(*cell), channel: None }).map_or(0, |t| t.offices_with_value);
            let gaps = (0..table.cells.len()).filter(|cell| filled(cell) < district.offices_reported).count();
            let missing = district.offices_expected.saturating_sub(district.offices_reported);
            let mut note = Vec::new();
            if missing > 0 {
                note.push(format!("应报 {} 个单位中 {missing} 个未报送，未计入", district.offices_expected));
            }
            if gaps > 0 {
                note.push(format!("{gaps} 格有已报送的单位未填，空白不作零计"));
            }
            if !note.is_empty() {
                document = document.paragraph(&format!("注：{}，详见《汇总.xlsx》。", note.join("；")), Style::Note);
            }
        }
    }
    document.bytes()
}
