//! 汇总.xlsx: what the clerk opens. Plain values, codes as text, headers frozen and filterable, ready
//! for A4.

use super::results::{Division, Of, Office, Results};
use super::words::{Words, name, word};
use crate::dictionary;
use crate::finding::Lang;
use crate::form::Content;
use crate::published::Published;
use crate::settings::Statute;
use crate::tables::{Column as Declared, DISTRICT_SUMMARY, FACTS, FINDINGS, Kind, Table, YEAR};
use anyhow::Result;
use polars::prelude::{AnyValue, DataFrame};
use rayon::prelude::*;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use unicode_width::UnicodeWidthStr;

/// Rows that a sheet can hold, its header left out.
const LONGEST: usize = 1_048_575;
/// Characters that a cell can hold.
const LARGEST: usize = 32_767;
/// Widest column, in half-width characters; longer texts wrap.
const WIDEST: usize = 48;

/// As many half-width characters as are readable side by side on a sheet of A4.
const READABLE: f64 = 240.0;

/// Height of a line, in points.
const LINE: f64 = 14.0;
/// Highest row that a sheet can have, in points.
const TALLEST: f64 = 409.0;
/// Widths of the columns of a statutory table; those that follow are as wide as the last.
const PRINTED: [usize; 4] = [14, 14, 30, 9];

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Blank,
    Text(String),
    Number(f64),
    Rate(f64),
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Value {
        text.filter(|t| !t.is_empty()).map_or(Value::Blank, Value::Text)
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Value {
        number.map_or(Value::Blank, Value::Number)
    }
}

struct Styles {
    title: Format,
    caption: Format,
    heading: Format,
    text: Format,
    number: Format,
    rate: Format,
    label: Format,
    figure: Format,
}

impl Styles {
    fn new() -> Styles {
        let base = Format::new().set_font_name("宋体").set_font_size(10).set_align(FormatAlign::VerticalCenter);
        let boxed = base.clone().set_border(FormatBorder::Thin).set_text_wrap();
        Styles {
            title: base.clone().set_bold().set_font_size(16),
            caption: base.clone().set_bold(),
            heading: boxed.clone().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0x00DD_E7F0)),
            number: base.clone().set_num_format("#,##0.##;-#,##0.##;0"),
            rate: base.clone().set_num_format("0.00%"),
            text: base.set_text_wrap(),
            label: boxed.clone().set_align(FormatAlign::Center),
            figure: boxed.set_align(FormatAlign::Right).set_num_format("#,##0.####;-#,##0.####;0"),
        }
    }
}

/// The workbook of a year.
///
/// # Errors
/// If a table cannot be read back.
pub fn workbook(results: &Results, published: &Published, division: Option<&str>, statute: &Statute) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    let words = Words::new(statute);
    // A file of the same content has the same bytes: the clock stands in run.json only.
    let created = ExcelDateTime::from_ymd(u16::try_from(results.year + 1).unwrap_or(2000), 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(format!("{}年政府信息公开年报汇总", results.year)).set_creation_datetime(&created));
    about(workbook.add_worksheet().set_name("说明")?, results, &styles)?;
    let mine = |codes: Vec<Option<String>>| -> Vec<usize> {
        let wanted = |code: &Option<String>| division.is_none_or(|d| code.as_deref().is_some_and(|c| super::results::within(c, d)));
        (0..codes.len()).filter(|row| wanted(&codes[*row])).collect()
    };
    let rows_of = |frame: &DataFrame| -> Result<Vec<usize>> { Ok(mine(frame.column("district_code")?.str()?.iter().map(|c| c.map(str::to_string)).collect())) };
    let districts = published.table(&DISTRICT_SUMMARY, results.year)?;
    let rows = rows_of(&districts)?;
    framed(workbook.add_worksheet().set_name("区县汇总")?, &DISTRICT_SUMMARY, &districts, &rows, results.year, &words, &styles)?;
    offices(workbook.add_worksheet().set_name("各单位一览")?, results, statute, &styles)?;
    printed_tables(workbook.add_worksheet().set_name("三张表汇总")?, results, statute, &styles)?;
    findings(workbook.add_worksheet().set_name("问题清单")?, results, statute, &styles)?;
    let facts = published.table(&FACTS, results.year)?;
    let rows = rows_of(&facts)?;
    for (sheet, rows) in (1..).zip(rows.chunks(LONGEST)) {
        let title = if sheet == 1 { "明细".to_string() } else { format!("明细{sheet}") };
        framed(workbook.add_worksheet().set_name(title)?, &FACTS, &facts, rows, results.year, &words, &styles)?;
    }
    let dictionary = dictionary::frame(statute)?;
    let headings = ["类别", "代号", "中文名", "英文名", "单位", "定义", "英文定义"].map(str::to_string);
    let rows = (0..dictionary.height()).map(|row| row_of(&dictionary, row)).collect::<Result<Vec<_>>>()?;
    table(workbook.add_worksheet().set_name("字段说明")?, &headings, &rows, 0, &styles)?;
    Ok(workbook.save_to_buffer()?)
}

fn about(sheet: &mut Worksheet, results: &Results, styles: &Styles) -> Result<()> {
    let missing = results.offices.iter().filter(|o| o.report.is_none()).count();
    let registered = results.offices.iter().filter(|o| o.code.is_some()).count();
    let count = |severity| results.findings.iter().filter(|f| f.severity == severity).count();
    let lines = [
        format!("区县 {} 个，登记单位 {registered} 个，未收到报告 {missing} 个", results.districts().count()),
        format!("错误 {} 条，警告 {} 条，提示 {} 条，见“问题清单”", count("error"), count("warning"), count("info")),
        "空白表示没有单位填报，不是 0。带“至少”“约”等字样的数，是其中有单位只给出了下限或约数。".to_string(),
        "区县汇总：每个区县一行。　各单位一览：每个单位一行，含未报送的。".to_string(),
        "三张表汇总：每个区县的法定三张表。　问题清单：可筛选，注明文件与位置、应为与实为。".to_string(),
        "明细：报告中每个单元格和正文中每个数字。　字段说明：指标、规则与各列的含义。".to_string(),
        "所有数字均为数值，不含公式；改动本表不影响已发布的结果。".to_string(),
    ];
    sheet.write_string_with_format(0, 0, format!("{}年政府信息公开工作年度报告汇总", results.year), &styles.title)?;
    for (row, line) in (2..).zip(&lines) {
        sheet.write_string_with_format(row, 0, line, &styles.text)?;
    }
    sheet.set_column_width(0, 110)?;
    page(sheet);
    Ok(())
}

/// A4, as wide as the page, numbered.
fn page(sheet: &mut Worksheet) {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&C第 &P 页，共 &N 页");
}

/// A list with its header: frozen, filterable, repeated on every printed page, and so are the first columns, which name the row.
fn table(sheet: &mut Worksheet, headings: &[String], rows: &[Vec<Value>], names: u16, styles: &Styles) -> Result<()> {
    let (mut widths, mut wrapping) = (Vec::new(), Vec::new());
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &styles.heading)?;
        let width = rows.par_iter().map(|row| shown_width(&row[usize::from(column)])).max().unwrap_or(0);
        // A heading takes up to three lines, so that a column of small numbers stays narrow.
        wrapping.extend((width > WIDEST).then_some(usize::from(column)));
        let width = width.max(heading.width().div_ceil(3) + 2).min(WIDEST);
        sheet.set_column_width(column, (width + 2) as f64)?.set_column_format(column, &styles.text)?;
        widths.push(width);
    }
    sheet.set_row_height(0, 3.0 * LINE)?;
    for (at, row) in (1u32..).zip(rows) {
        let lines = wrapping.iter().map(|column| shown_lines(&row[*column], widths[*column])).max().unwrap_or(1);
        if lines > 1 {
            sheet.set_row_height(at, (LINE * lines as f64).min(TALLEST))?;
        }
        for (column, value) in (0u16..).zip(row) {
            put(sheet, at, column, value, styles)?;
        }
    }
    sheet.set_freeze_panes(1, names)?;
    sheet.set_repeat_rows(0, 0)?;
    if names > 0 {
        sheet.set_repeat_columns(0, names - 1)?;
    }
    if let Some(last) = headings.len().checked_sub(1) {
        sheet.autofilter(0, 0, rows.len() as u32, last as u16)?;
    }
    page(sheet);
    let across = widths.iter().map(|width| (width + 2) as f64).sum::<f64>() / READABLE;
    sheet.set_print_fit_to_pages(across.ceil().max(1.0) as u16, 0);
    Ok(())
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, value: &Value, styles: &Styles) -> Result<()> {
    match value {
        Value::Blank => return Ok(()),
        // In the format of its column.
        Value::Text(text) => sheet.write_string(row, column, clipped(text))?,
        Value::Number(number) => sheet.write_number_with_format(row, column, *number, &styles.number)?,
        Value::Rate(rate) => sheet.write_number_with_format(row, column, *rate, &styles.rate)?,
    };
    Ok(())
}

/// As much of a text as a cell can hold, without what no workbook may contain.
fn clipped(text: &str) -> String {
    if text.len() <= LARGEST && !text.chars().any(char::is_control) {
        return text.to_string();
    }
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(LARGEST).collect()
}

fn shown_width(value: &Value) -> usize {
    match value {
        Value::Blank => 0,
        Value::Text(text) => text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0),
        Value::Number(number) => format!("{number:.0}").len() * 4 / 3,
        Value::Rate(_) => 8,
    }
}

fn shown_lines(value: &Value, width: usize) -> usize {
    match value {
        Value::Text(text) => text.lines().map(|line| line.width().div_ceil(width.max(1)).max(1)).sum(),
        _ => 1,
    }
}

/// Rows of a published table, under the Chinese names of its columns.
fn framed(sheet: &mut Worksheet, table_of: &Table, frame: &DataFrame, rows: &[usize], year: i32, words: &Words<'_>, styles: &Styles) -> Result<()> {
    let columns: Vec<&Declared> = std::iter::once(&YEAR).chain(table_of.columns).collect();
    let headings: Vec<String> = columns.iter().map(|c| c.zh.to_string()).collect();
    let row = |row: &usize| -> Result<Vec<Value>> {
        let mut values = vec![Value::Text(year.to_string())];
        for (declared, value) in table_of.columns.iter().zip(row_of(frame, *row)?) {
            values.push(match value {
                Value::Text(id) if declared.kind == Kind::Text && !declared.name.ends_with("raw") => {
                    Value::from(Some(words.of(declared.name, &id).to_string()))
                }
                Value::Number(rate) if declared.name.ends_with("_rate") => Value::Rate(rate),
                value => value,
            });
        }
        Ok(values)
    };
    let rows = rows.par_iter().map(row).collect::<Result<Vec<_>>>()?;
    table(sheet, &headings, &rows, 3, styles)
}

fn row_of(frame: &DataFrame, row: usize) -> Result<Vec<Value>> {
    let value = |value: AnyValue<'_>| match value {
        AnyValue::Null => Value::Blank,
        AnyValue::Float64(number) => Value::Number(number),
        AnyValue::UInt32(number) => Value::Number(f64::from(number)),
        AnyValue::Int32(number) => Value::Number(f64::from(number)),
        other => Value::from(Some(other.get_str().map_or_else(|| other.to_string(), str::to_string))),
    };
    frame.columns().iter().map(|c| Ok(value(c.get(row)?))).collect()
}

/// The figures that stand for each office: section, indicator, applicant.
const MAIN: [(&str, &str, Option<&str>); 10] = [
    ("applications", "applications.received", Some("total")),
    ("applications", "applications.carried_in", Some("total")),
    ("applications", "outcomes.total", Some("total")),
    ("applications", "applications.carried_out", Some("total")),
    ("reviews", "reconsideration.total", None),
    ("reviews", "litigation.direct.total", None),
    ("reviews", "litigation.after_reconsideration.total", None),
    ("active_disclosure", "licensing.decisions", None),
    ("active_disclosure", "penalties.decisions", None),
    ("active_disclosure", "coercive_measures.decisions", None),
];

fn offices(sheet: &mut Worksheet, results: &Results, statute: &Statute, styles: &Styles) -> Result<()> {
    let items: Vec<Of> = MAIN
        .iter()
        .filter_map(|(section, indicator, applicant)| statute.catalog.find(section, indicator, *applicant))
        .map(|item| Of { item, channel: None })
        .collect();
    let mut headings: Vec<String> =
        ["区县", "单位代码", "单位", "是否收到", "来源文件", "表格格式", "应有单元格", "找到单元格", "错误", "警告"].map(str::to_string).to_vec();
    headings.extend(items.iter().map(|of| name(of, statute, Lang::Zh)));
    headings.push("申请办结率".to_string());
    let row = |office: &Office| {
        let report = office.report.as_ref();
        let count = |count: Option<u32>| Value::from(count.map(f64::from));
        let received = match report.map(|r| r.status.as_str()) {
            None => "未收到",
            Some("unreadable") => "收到，不能读取",
            Some(_) => "收到",
        };
        let mut row = vec![
            Value::from(Some(office.district.clone())),
            Value::from(office.code.clone()),
            Value::from(Some(office.name.clone())),
            Value::from(Some(received.to_string())),
            Value::from(report.map(|r| r.source_file.clone())),
            Value::from(report.map(|r| r.form.clone())),
            count(report.map(|r| r.cells_expected)),
            count(report.map(|r| r.cells_found)),
            count(Some(office.errors)),
            count(Some(office.warnings)),
        ];
        row.extend(items.iter().map(|of| Value::from(office.values.get(of).map(|s| s.value))));
        let stated = |at: usize| items.get(at).and_then(|of| office.values.get(of)).map(|s| s.value);
        let rate = stated(0).zip(stated(1)).zip(stated(2)).filter(|((received, carried), _)| received + carried > 0.0);
        row.push(rate.map_or(Value::Blank, |((received, carried), closed)| Value::Rate(closed / (received + carried))));
        row
    };
    let rows: Vec<Vec<Value>> = results.offices.iter().map(row).collect();
    table(sheet, &headings, &rows, 3, styles)
}

fn findings(sheet: &mut Worksheet, results: &Results, statute: &Statute, styles: &Styles) -> Result<()> {
    let of = |column: &str| FINDINGS.columns.iter().find(|c| c.name == column).map_or(column, |c| c.zh).to_string();
    let headings =
        ["severity", "rule", "district", "office", "message_zh", "expected", "actual", "suggestion", "source_file", "source_page", "source_line"].map(of);
    let title = |rule: &str| statute.rules.iter().find(|r| r.name() == rule).map_or_else(|| rule.to_string(), |r| r.title.zh.clone());
    let rows: Vec<Vec<Value>> = results
        .findings
        .iter()
        .map(|f| {
            vec![
                Value::from(Some(word(&f.severity, Lang::Zh).to_string())),
                Value::from(Some(title(&f.rule))),
                Value::from(Some(f.district.clone())),
                Value::from(Some(f.office.clone())),
                Value::from(Some(f.message_zh.clone())),
                Value::from(f.expected),
                Value::from(f.actual),
                Value::from(f.suggestion.clone()),
                Value::from(f.source_file.clone()),
                Value::from(f.source_page.map(f64::from)),
                Value::from(f.source_line.map(f64::from)),
            ]
        })
        .collect();
    table(sheet, &headings, &rows, 0, styles)
}

/// The statutory tables of each district under each other, as the form of the year prints them.
fn printed_tables(sheet: &mut Worksheet, results: &Results, statute: &Statute, styles: &Styles) -> Result<()> {
    let Some(form) = statute.forms.of_year(results.year) else { return Ok(()) };
    let mut row = 0u32;
    let mut breaks = Vec::new();
    let width = |column: usize| PRINTED[column.min(PRINTED.len() - 1)];
    for district in results.districts() {
        breaks.extend((row > 0).then_some(row));
        sheet.write_string_with_format(
            row,
            0,
            format!("{}（应报 {} 个单位，已报 {} 个）", district.name, district.offices_expected, district.offices_reported),
            &styles.title,
        )?;
        row += 2;
        for (index, table) in statute.forms.forms[form].tables.iter().enumerate() {
            sheet.write_string_with_format(row, 0, &table.zh, &styles.caption)?;
            row += 1;
            for (at, cells) in (row..).zip(&table.print) {
                let lines = cells.iter().map(|cell| match &cell.content {
                    Content::Label(label) if cell.rows == 1 => (label.width() + 2).div_ceil((cell.column..cell.column + cell.columns).map(width).sum()),
                    _ => 1,
                });
                sheet.set_row_height(at, LINE * lines.max().unwrap_or(1) as f64 + 3.0)?;
                for cell in cells {
                    let value = match &cell.content {
                        Content::Label(label) => Value::Text(label.clone()),
                        Content::Number(number) => Value::from(printed_value(district, table, statute.catalog.cell(form, index, *number), *number)),
                    };
                    let (column, last_row, last_column) = (cell.column as u16, at + cell.rows as u32 - 1, (cell.column + cell.columns - 1) as u16);
                    let style = if matches!(cell.content, Content::Label(_)) { &styles.label } else { &styles.figure };
                    if (last_row, last_column) != (at, column) {
                        sheet.merge_range(at, column, last_row, last_column, "", style)?;
                    }
                    match value {
                        Value::Number(number) => sheet.write_number_with_format(at, column, number, style)?,
                        Value::Text(text) => sheet.write_string_with_format(at, column, text, style)?,
                        _ => sheet.write_blank(at, column, style)?,
                    };
                }
            }
            row += table.print.len() as u32 + 1;
        }
        row += 1;
    }
    for column in 0..15u16 {
        sheet.set_column_width(column, width(usize::from(column)) as f64)?;
    }
    sheet.set_page_breaks(&breaks)?;
    page(sheet);
    sheet.set_portrait();
    Ok(())
}

/// The total of a cell of the form, in the unit in which it is printed.
pub(super) fn printed_value(division: &Division, table: &crate::form::Table, item: u16, cell: usize) -> Option<f64> {
    let total = division.totals.get(&Of { item, channel: None })?.value?;
    Some(table.cells[cell].format.printed(total))
}
