//! Spreadsheets: reports drawn as XLSX, what people do with sheets, and hostile ones.

use super::pack::{Piece, deflated, merge, official, pieces, zip};
use super::support::{Case, Flaws};
use super::{parsed, wrong_cells};
use huizong::document::Block;
use huizong::fact::Fact;
use huizong::read::{Reading, Status};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet};

/// How an office draws its sheet.
#[derive(Clone, Copy, Debug)]
struct Habit {
    merged: bool,
    borders: bool,
    numbers_as_text: bool,
    gaps: bool,
    sheet_per_table: bool,
    from: u16,
}

impl Habit {
    fn of(bits: u32) -> Habit {
        let bit = |n: u32| bits >> n & 1 == 1;
        Habit { merged: bit(0), borders: bit(1), numbers_as_text: bit(2), gaps: bit(3), sheet_per_table: bit(4), from: u16::from(bit(5)) * 2 }
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, text: &str, habit: Habit) {
    let format = if habit.borders { Format::new().set_border(FormatBorder::Thin) } else { Format::new() };
    let number = text.parse::<f64>().ok().filter(|_| !habit.numbers_as_text);
    match number {
        Some(number) => sheet.write_number_with_format(row, column, number, &format),
        None if text.is_empty() && !habit.borders => return,
        None if text.is_empty() => sheet.write_blank(row, column, &format),
        None => sheet.write_string_with_format(row, column, text, &format),
    }
    .expect("a cell");
}

fn drawn(pieces: &[Piece], habit: Habit) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut sheet = Worksheet::new();
    let (mut row, mut name) = (u32::from(habit.from), 1);
    for piece in pieces {
        match piece {
            Piece::Paragraph { text, .. } => {
                if habit.sheet_per_table && ["二、", "三、", "四、", "五、"].iter().any(|n| text.starts_with(n)) && text.chars().count() < 40 {
                    sheet.set_name(format!("表{name}")).expect("a name");
                    book.push_worksheet(std::mem::replace(&mut sheet, Worksheet::new()));
                    (row, name) = (u32::from(habit.from), name + 1);
                }
                if habit.merged {
                    sheet.merge_range(row, habit.from, row, habit.from + 9, text, &Format::new()).expect("merged");
                } else {
                    sheet.write_string(row, habit.from, text).expect("a cell");
                }
                row += 1 + u32::from(habit.gaps);
            }
            Piece::Table(rows) => {
                for cells in rows {
                    let mut column = 0;
                    while column < cells.len() {
                        let (columns, _) = if habit.merged { merge(cells, column) } else { (1, false) };
                        let at = habit.from + column as u16;
                        if columns > 1 {
                            sheet.merge_range(row, at, row, at + columns as u16 - 1, &cells[column], &Format::new()).expect("merged");
                        } else {
                            write(&mut sheet, row, at, &cells[column], habit);
                        }
                        column += columns;
                    }
                    row += 1;
                }
                row += u32::from(habit.gaps);
            }
        }
    }
    sheet.set_name(format!("表{name}")).expect("a name");
    book.push_worksheet(sheet);
    book.save_to_buffer().expect("a workbook")
}

/// The facts of a reading but for their source and their writing: a number has none in a spreadsheet.
fn facts(reading: &Reading) -> Vec<String> {
    let fact = |f: &Fact| {
        let item = &super::SETTINGS.catalog.items[usize::from(f.item)];
        format!("{} {:?} {:?} {:?} {} {} {}", item.indicator, item.applicant, f.channel, f.number(), f.state.id(), f.qualifier.id(), f.scope.id())
    };
    let mut facts: Vec<String> = reading.facts.iter().map(fact).collect();
    facts.sort();
    facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, rng_seed: RngSeed::Fixed(2021), ..ProptestConfig::default() })]

    #[test]
    fn a_form_in_a_sheet_is_read_cell_by_cell(seed in any::<u64>(), habit in any::<u32>()) {
        let (form, pieces) = official(seed);
        let habit = Habit::of(habit);
        let reading = parsed("2020/report.xlsx", &drawn(&pieces, habit));
        let wrong = wrong_cells(&form, &reading);
        prop_assert!(wrong.is_empty(), "{seed} {habit:?}\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_sheet_says_what_the_same_markdown_says(seed in any::<u64>(), merged in any::<bool>(), gaps in any::<bool>()) {
        let case = Case { plain_text: false, ..Case::any(seed, Flaws::NONE) };
        let markdown = case.make().report.text;
        let habit = Habit { merged, gaps, borders: true, numbers_as_text: false, sheet_per_table: false, from: 0 };
        let (text, sheet) = (parsed("2020/report.md", markdown.as_bytes()), parsed("2020/report.xlsx", &drawn(&pieces(&markdown), habit)));
        prop_assert_eq!(facts(&text), facts(&sheet), "{:?} {:?}\n{}", case, habit, markdown);
        prop_assert_eq!((text.title, text.year), (sheet.title, sheet.year));
    }

    #[test]
    fn no_cut_or_broken_workbook_ends_the_program(cut in 0.0f64..1.0, place in 0.0f64..1.0, byte in any::<u8>()) {
        let mut bytes = drawn(&official(7).1, Habit::of(7));
        let at = (bytes.len() as f64 * place) as usize;
        bytes[at] = byte;
        bytes.truncate((bytes.len() as f64 * cut) as usize);
        parsed("2020/report.xlsx", &bytes);
    }
}

/// A workbook of these sheets: state, and what stands in the part.
fn book(sheets: &[(&str, &str)], styles: &str) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(r#"<Relationships><Relationship Id="r" Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#);
    let listed: String =
        sheets.iter().enumerate().map(|(n, (state, _))| format!(r#"<sheet name="{n}" sheetId="{n}9" state="{state}" r:id="s{n}"/>"#)).collect();
    let links: String = (0..sheets.len()).map(|n| format!(r#"<Relationship Id="s{n}" Type="{kind}/worksheet" Target="worksheets/s{n}.xml"/>"#)).collect();
    let links = format!(r#"<Relationships>{links}<Relationship Id="y" Type="{kind}/styles" Target="/xl/styles.xml"/></Relationships>"#);
    let workbook = format!("<workbook><sheets>{listed}</sheets></workbook>").replace(r#" sheetId"#, r#" x:sheetId"#);
    let mut files = vec![("_rels/.rels".to_string(), root), ("xl/workbook.xml".to_string(), workbook), ("xl/_rels/workbook.xml.rels".to_string(), links)];
    files.push(("xl/styles.xml".to_string(), styles.to_string()));
    files.extend(sheets.iter().enumerate().map(|(n, (_, part))| (format!("xl/worksheets/s{n}.xml"), format!("<worksheet>{part}</worksheet>"))));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    deflated(&files)
}

fn shown(bytes: &[u8]) -> Vec<String> {
    let decoder = huizong::decode::decoder(std::path::Path::new("a.xlsx"), bytes).expect("known by its content");
    let huizong::decode::Read::Bytes(read) = decoder.read else { panic!("read from bytes") };
    let mut lines = Vec::new();
    for block in &read(bytes, &super::SETTINGS.limits).expect("readable").document.blocks {
        match block {
            Block::Paragraph(p) => lines.push(format!("{}: {}", p.at.line, p.text)),
            Block::Grid(grid) => lines.extend(grid.rows.iter().map(|row| {
                let cell = |c: &huizong::document::Cell<'_>| format!("{}+{}x{} {}", c.column, c.columns, c.rows, c.text);
                format!("t{} r{}: {}", grid.number, row.number, row.cells.iter().map(cell).collect::<Vec<_>>().join(" | "))
            })),
        }
    }
    lines
}

#[test]
fn cells_are_read_as_a_person_sees_them() {
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0&quot;件&quot;"/></numFmts>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let first = r#"<dimension ref="A1:XFD1048576"/><cols><col min="5" max="6" hidden="1"/></cols><sheetData>
        <row r="3"><c r="B3" t="inlineStr"><is><r><t>标</t></r><r><t>题</t></r><rPh><t>biao</t></rPh></is></c></row>
        <row r="5"><c r="B5" t="str"><f>X</f><v>规章</v></c><c r="C5"><v>12</v></c><c r="D5" s="1"><v>0.985</v></c><c r="E5"><v>99</v></c></row>
        <row r="6" hidden="1"><c r="B6" t="inlineStr"><is><t>藏</t></is></c><c r="C6"><v>1</v></c></row>
        <row r="7"><c r="B7" t="inlineStr"><is><t>乙</t></is></c><c r="C7" s="3"><f>SUM(C5)</f><v>7.0</v></c><c r="D7" s="2"><v>44581</v></c></row>
        <row r="8"><c t="inlineStr"><is><t>甲</t></is></c><c t="e"><v>#REF!</v></c><c><v>1E2</v></c></row>
        </sheetData><mergeCells><mergeCell ref="B3:D3"/><mergeCell ref="B7:B8"/></mergeCells>"#;
    let hidden = r#"<sheetData><row r="1"><c r="A1"><v>5</v></c><c r="B1"><v>5</v></c></row></sheetData>"#;
    let expected = [
        "3: 标题",
        "t2 r5: 1+1x1 规章 | 2+1x1 12 | 3+1x1 98.5%",
        "t2 r6: 1+1x1  | 2+1x1  | 3+1x1 ",
        "t2 r7: 0+1x1  | 1+1x2 乙 | 2+1x1 7件 | 3+1x1 2022年1月20日",
        "t2 r8: 0+1x1 甲 | 2+1x1 100 | 3+1x1 ",
        "t2 r9: 0+1x1  | 1+1x1  | 2+1x1  | 3+1x1 ",
    ];
    assert_eq!(shown(&book(&[("hidden", hidden), ("visible", first)], styles)), expected);
}

#[test]
fn lone_texts_are_paragraphs_and_blank_rows_stay_rows() {
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let row = |n: u32, cells: &str| format!(r#"<row r="{n}">{cells}</row>"#);
    let rows = [
        row(1, &text("A1", "某办事处报告")),
        row(2, &text("A2", "一、总体情况")),
        row(3, &text("A3", "公开82条。")),
        row(4, &text("A4", "二、主动公开")),
        row(5, &(text("A5", "内容") + &text("B5", "数量"))),
        row(6, &text("A6", "规章")),
        row(7, &(text("A7", "许可") + r#"<c r="B7"><v>3</v></c>"#)),
        row(9, &text("A9", "落款")),
    ];
    let sheet = format!("<sheetData>{}</sheetData>", rows.concat());
    let read = shown(&book(&[("visible", &sheet)], "<styleSheet/>"));
    assert_eq!(read[..4], ["1: 某办事处报告", "2: 一、总体情况", "3: 公开82条。", "4: 二、主动公开"]);
    assert!(read.contains(&"t1 r6: 0+1x1 规章 | 1+1x1 ".to_string()), "{read:#?}");
    assert!(read.contains(&"t1 r7: 0+1x1 许可 | 1+1x1 3".to_string()), "{read:#?}");
    assert_eq!(read.last().map(String::as_str), Some("9: 落款"));
}

fn refused(name: &str, bytes: &[u8]) -> String {
    let reading = parsed(name, bytes);
    assert_eq!(reading.status, Status::Unreadable, "{name}");
    reading.findings.iter().map(|f| f.message(&super::SETTINGS.rules, huizong::finding::Lang::En)).collect()
}

#[test]
fn hostile_workbooks_are_refused_or_cost_little() {
    let corners = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>
        <mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>"#;
    parsed("a.xlsx", &book(&[("visible", corners)], ""));
    let wide: String = (1..=30).map(|r| format!(r#"<row r="{r}"><c r="A{r}"><v>1</v></c><c r="XFD{r}"><v>1</v></c></row>"#)).collect();
    assert!(refused("a.xlsx", &book(&[("visible", &format!("<sheetData>{wide}</sheetData>"))], "<a/>")).contains("table_cells"));
    let many = format!("<sheetData><row>{}</row></sheetData>", "<c><v>1</v></c>".repeat(300_000));
    assert!(refused("a.xlsx", &book(&[("visible", &many)], "<a/>")).contains("table_cells"));
    let deep = "<x>".repeat(100_000) + &"</x>".repeat(100_000);
    assert!(refused("a.xlsx", &book(&[("visible", &deep)], "<a/>")).contains("nesting"));
    assert!(refused("a.xlsx", &zip(&[(b"xl/workbook.xml", b"<workbook>")])).contains("damaged"));
    assert!(refused("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("doc"));
    let none = parsed("a.xlsx", &book(&[], "<a/>"));
    assert_eq!(none.form, "none");
    let repeated = r#"<office:document-content><table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell
        table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row></table:table></office:document-content>"#;
    let ods = zip(&[(b"mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), (b"content.xml", repeated.as_bytes())]);
    assert!(refused("a.ods", &ods).contains("table_cells"));
}
