//! Pages made by hand, and what must be read from them.

use super::{Glyph, Page, Ruling, Text, document};
use crate::decode::{Limits, Reached};
use crate::document::{Block, Document};

const LIMITS: &str = include_str!("../../../config/limits.toml");

fn limits() -> Limits {
    Limits::parse(LIMITS).expect("the project's limits")
}

fn page() -> Page {
    Page { width: 600.0, height: 800.0, ..Page::default() }
}

impl Page {
    /// Writes a text; Han characters are as wide as the font is large, others half as wide.
    fn write(mut self, x: f32, y: f32, size: f32, text: &str) -> Page {
        let mut x = x;
        for c in text.chars() {
            let width = if c.is_ascii() { size / 2.0 } else { size };
            self.glyphs.push(Glyph { text: Text::One(c), x, y, width, size });
            x += width;
        }
        self
    }

    fn level(mut self, left: f32, right: f32, y: f32) -> Page {
        self.rulings.push(Ruling { left, top: y, right, bottom: y });
        self
    }

    fn upright(mut self, top: f32, bottom: f32, x: f32) -> Page {
        self.rulings.push(Ruling { left: x, top, right: x, bottom });
        self
    }

    /// A lattice without merged cells.
    fn lattice(mut self, xs: &[f32], ys: &[f32]) -> Page {
        for y in ys {
            self = self.level(xs[0], xs[xs.len() - 1], *y);
        }
        for x in xs {
            self = self.upright(ys[0], ys[ys.len() - 1], *x);
        }
        self
    }
}

fn read(pages: &[Page]) -> Document<'static> {
    document(pages, &limits()).expect("within the limits")
}

/// Cells as `column+columns×rows text`, a line for each row.
fn cells(document: &Document<'_>) -> Vec<String> {
    let grids = document.blocks.iter().filter_map(|b| if let Block::Grid(g) = b { Some(g) } else { None });
    let cell = |c: &crate::document::Cell<'_>| match (c.columns, c.rows) {
        (1, 1) => c.text.replace('\n', "/"),
        (columns, rows) => format!("{}[{columns}x{rows}]", c.text.replace('\n', "/")),
    };
    grids.flat_map(|g| &g.rows).map(|r| r.cells.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn paragraphs<'d>(document: &'d Document<'_>) -> Vec<&'d str> {
    document.blocks.iter().filter_map(|b| if let Block::Paragraph(p) = b { Some(p.text.as_ref()) } else { None }).collect()
}

#[test]
fn missing_lines_merge_cells() {
    let page = page()
        .level(50.0, 350.0, 100.0)
        .level(150.0, 350.0, 120.0)
        .level(50.0, 350.0, 140.0)
        .upright(100.0, 140.0, 50.0)
        .upright(100.0, 140.0, 150.0)
        .upright(120.0, 140.0, 250.0)
        .upright(100.0, 140.0, 350.0)
        .write(60.0, 124.0, 10.0, "规章")
        .write(220.0, 114.0, 10.0, "申请人")
        .write(190.0, 134.0, 10.0, "12")
        .write(290.0, 134.0, 10.0, "345");
    assert_eq!(cells(&read(&[page])), ["规章[1x2]|申请人[2x1]", "12|345"]);
}

#[test]
fn lines_of_every_make_are_lines() {
    // Drawn cell by cell, twice, in dashes, and with joints that are a little off.
    let mut page = page();
    for (row, y) in [100.0, 120.0, 140.0].into_iter().enumerate() {
        for x in [50.0, 150.0] {
            page = page.level(x + 0.4, x + 99.0, y + row as f32 * 0.3).level(x, x + 100.0, y + 1.5);
        }
    }
    for x in [50.0, 150.5, 250.0] {
        for y in 0..10 {
            page = page.upright(100.0 + y as f32 * 4.0, 102.5 + y as f32 * 4.0, x);
        }
    }
    let page = page.write(60.0, 115.0, 10.0, "一").write(200.0, 115.0, 10.0, "2").write(60.0, 135.0, 10.0, "三").write(200.0, 135.0, 10.0, "4");
    assert_eq!(cells(&read(&[page])), ["一|2", "三|4"]);
}

#[test]
fn a_table_may_lack_its_outer_borders() {
    let page = page().level(50.0, 250.0, 120.0).upright(100.0, 140.0, 150.0);
    let page = page.write(60.0, 115.0, 10.0, "甲").write(200.0, 115.0, 10.0, "乙").write(60.0, 135.0, 10.0, "丙").write(200.0, 135.0, 10.0, "丁");
    // Two lines that cross are a mark of some kind; three are a table.
    assert!(cells(&read(std::slice::from_ref(&page))).is_empty());
    assert_eq!(cells(&read(&[page.level(50.0, 250.0, 140.0)])), ["甲|乙", "丙|丁"]);
}

#[test]
fn numbers_stay_whole() {
    let narrow = page().lattice(&[50.0, 150.0, 170.0, 270.0], &[100.0, 130.0, 160.0]);
    let page = narrow
        .write(60.0, 115.0, 10.0, "收费")
        // Wider than its column.
        .write(141.0, 115.0, 10.0, "96171.6")
        .write(200.0, 115.0, 10.0, "7")
        // Broken by its column.
        .write(152.0, 140.0, 10.0, "123")
        .write(152.0, 152.0, 10.0, "4")
        // Two numbers below one another are no number.
        .write(200.0, 140.0, 10.0, "5")
        .write(200.0, 152.0, 10.0, "6");
    assert_eq!(cells(&read(&[page])), ["收费|96171.6|7", "|123\u{2060}4|5/6"]);
    // Digits as wide as Han characters.
    let page = page_of_wide_digits().write(160.0, 112.0, 10.0, "６５７３").write(160.0, 124.0, 10.0, "５").write(212.0, 118.0, 10.0, "１２");
    let page = page.write(160.0, 142.0, 10.0, "６").write(160.0, 154.0, 10.0, "５").write(212.0, 148.0, 10.0, "３４");
    assert_eq!(cells(&read(&[page])), ["许可|６５７３\u{2060}５|１２", "处罚|６/５|３４"]);
}

fn page_of_wide_digits() -> Page {
    page().lattice(&[50.0, 155.0, 205.0, 255.0], &[100.0, 130.0, 160.0]).write(60.0, 118.0, 10.0, "许可").write(60.0, 148.0, 10.0, "处罚")
}

#[test]
fn a_table_goes_on_over_the_page_end() {
    let xs = [50.0, 150.0, 300.0, 400.0];
    let header = |page: Page, y: f32| page.write(60.0, y, 10.0, "类别").write(160.0, y, 10.0, "情形").write(310.0, y, 10.0, "总计");
    // The group label spans both rows of the first page and goes on, cut in two, on the second.
    let first = page().level(50.0, 400.0, 700.0).level(50.0, 400.0, 720.0).level(150.0, 400.0, 740.0).level(50.0, 400.0, 760.0);
    let first = xs.iter().fold(first, |page, x| page.upright(700.0, 760.0, *x));
    let first = header(first, 714.0)
        .write(60.0, 744.0, 10.0, "（四）无")
        .write(160.0, 734.0, 10.0, "1.本机关")
        .write(310.0, 734.0, 10.0, "3")
        .write(160.0, 754.0, 10.0, "2.没有现成")
        .write(310.0, 754.0, 10.0, "14")
        .write(280.0, 785.0, 9.0, "— 1 —");
    let second = page().lattice(&xs, &[60.0, 80.0, 100.0, 120.0]);
    let second = header(second, 74.0)
        .write(60.0, 94.0, 10.0, "法提供")
        .write(160.0, 94.0, 10.0, "3.补正后")
        .write(310.0, 94.0, 10.0, "15")
        .write(60.0, 114.0, 10.0, "（五）其他")
        .write(310.0, 114.0, 10.0, "92")
        .write(280.0, 785.0, 9.0, "— 2 —");
    let document = read(&[first, second]);
    assert_eq!(cells(&document), ["类别|情形|总计", "（四）无/法提供[1x3]|1.本机关|3", "2.没有现成|14", "3.补正后|15", "（五）其他||92"]);
    assert!(paragraphs(&document).is_empty(), "page numbers are no text");
    let Some(Block::Grid(grid)) = document.blocks.first() else { panic!("a table") };
    assert_eq!(grid.rows.iter().map(|r| r.at.page).collect::<Vec<_>>(), [1, 1, 1, 2, 2]);
}

#[test]
fn a_row_cut_by_the_page_end_is_one_row() {
    let xs = [50.0, 150.0, 200.0];
    let first = page().lattice(&xs, &[700.0, 720.0, 760.0]).write(55.0, 714.0, 10.0, "1.重复").write(160.0, 714.0, 10.0, "8");
    let first = first.write(55.0, 734.0, 10.0, "2.无正当理由逾期不").write(160.0, 744.0, 10.0, "21");
    let second = page().lattice(&xs, &[60.0, 80.0, 100.0]).write(55.0, 74.0, 10.0, "补正").write(55.0, 94.0, 10.0, "3.其他").write(160.0, 94.0, 10.0, "4");
    assert_eq!(cells(&read(&[first.clone(), second])), ["1.重复|8", "2.无正当理由逾期不/补正|21", "3.其他|4"]);
    // A row of its own, though blank, stays one.
    let blank = page().lattice(&xs, &[60.0, 80.0]).write(55.0, 74.0, 10.0, "3.其他");
    assert_eq!(cells(&read(&[first, blank])), ["1.重复|8", "2.无正当理由逾期不|21", "3.其他|"]);
}

#[test]
fn numbers_and_their_label_may_stand_on_two_pages() {
    let xs = [50.0, 100.0, 200.0, 250.0, 300.0];
    let above =
        |page: Page| page.write(55.0, 714.0, 10.0, "（六）").write(105.0, 714.0, 10.0, "1.甲").write(210.0, 714.0, 10.0, "8").write(260.0, 714.0, 10.0, "0");
    let below = |page: Page| page.write(105.0, 94.0, 10.0, "3.丙").write(210.0, 94.0, 10.0, "4").write(260.0, 94.0, 10.0, "-");
    // Numbers stand in the middle of a tall row, the label of which begins on the second page, or ends on the first.
    let first = above(page().lattice(&xs, &[700.0, 720.0, 760.0])).write(210.0, 754.0, 10.0, "2").write(260.0, 754.0, 10.0, "-");
    let second = below(page().lattice(&xs, &[60.0, 80.0, 100.0])).write(105.0, 74.0, 10.0, "2.乙");
    assert_eq!(cells(&read(&[first.clone(), second.clone()])), ["（六）|1.甲|8|0", "|2.乙|2|-", "|3.丙|4|-"]);
    let label = above(page().lattice(&xs, &[700.0, 720.0, 760.0])).write(105.0, 734.0, 10.0, "2.乙").write(210.0, 754.0, 10.0, "2");
    let rest = below(page().lattice(&xs, &[60.0, 80.0, 100.0])).write(260.0, 74.0, 10.0, "-");
    assert_eq!(cells(&read(&[label.clone(), rest])), ["（六）|1.甲|8|0", "|2.乙|2|-", "|3.丙|4|-"]);
    // Two numbers of one column are of two rows, and so are a header and the numbers below it.
    let other = below(page().lattice(&xs, &[60.0, 80.0, 100.0])).write(210.0, 74.0, 10.0, "5");
    assert_eq!(cells(&read(&[label, other])), ["（六）|1.甲|8|0", "|2.乙|2|", "||5|", "|3.丙|4|-"]);
    // Unless the digits of the first fill their cell, so that nobody can say.
    let narrow = [50.0, 100.0, 200.0, 216.0, 250.0];
    let torn = page().lattice(&narrow, &[700.0, 720.0]).write(105.0, 714.0, 10.0, "1.甲").write(203.0, 714.0, 10.0, "12").write(230.0, 714.0, 10.0, "0");
    let rest = page().lattice(&narrow, &[60.0, 80.0, 100.0]).write(203.0, 74.0, 10.0, "5").write(105.0, 94.0, 10.0, "2.乙").write(203.0, 94.0, 10.0, "4");
    assert_eq!(cells(&read(&[torn, rest])), ["|1.甲|12/5|0", "|2.乙|4|"]);
    let header = page().lattice(&xs, &[700.0, 720.0]).write(55.0, 714.0, 10.0, "类别").write(105.0, 714.0, 10.0, "情形").write(210.0, 714.0, 10.0, "维持");
    let numbers = page().lattice(&xs, &[60.0, 80.0]).write(210.0, 74.0, 10.0, "7").write(260.0, 74.0, 10.0, "7");
    assert_eq!(cells(&read(&[header, numbers])), ["类别|情形|维持|", "||7|7"]);
}

#[test]
fn a_cell_over_many_rows_may_have_no_borders_on_the_next_page() {
    let xs = [50.0, 100.0, 200.0, 250.0];
    let first = page().level(50.0, 250.0, 700.0).level(100.0, 250.0, 720.0).level(50.0, 250.0, 740.0);
    let first = xs.iter().fold(first, |page, x| page.upright(700.0, 740.0, *x));
    let first = first.write(55.0, 724.0, 10.0, "三、").write(105.0, 714.0, 10.0, "1.甲").write(210.0, 714.0, 10.0, "8");
    let first = first.write(105.0, 734.0, 10.0, "2.乙").write(210.0, 734.0, 10.0, "9");
    let second = page().lattice(&xs[1..], &[60.0, 80.0, 100.0]).write(105.0, 74.0, 10.0, "3.丙").write(210.0, 74.0, 10.0, "4");
    let second = second.write(105.0, 94.0, 10.0, "4.丁").write(210.0, 94.0, 10.0, "5");
    assert_eq!(cells(&read(&[first, second])), ["三、[1x4]|1.甲|8", "2.乙|9", "3.丙|4", "4.丁|5"]);
}

#[test]
fn columns_end_where_level_lines_meet() {
    // Each cell has a line of its own above and below it; a label over all columns has one that no joint parts.
    let xs = [50.0, 150.0, 200.0, 250.0];
    let mut drawn = page();
    for y in [100.0, 120.0, 140.0, 160.0] {
        drawn = xs.windows(2).fold(drawn, |page, column| page.level(column[0], column[1], y));
    }
    let drawn = drawn.write(60.0, 114.0, 10.0, "行政许可").write(60.0, 134.0, 10.0, "第二十条第五项及其他各项").write(60.0, 154.0, 10.0, "行政处罚");
    let drawn = drawn.write(160.0, 114.0, 10.0, "12").write(210.0, 114.0, 10.0, "3").write(210.0, 154.0, 10.0, "4");
    assert_eq!(cells(&read(&[drawn])), ["行政许可|12|3", "第二十条第五项及其他各项[2x1]|", "行政处罚||4"]);
    // Two numbers that nearly touch where cells meet stay two.
    let mut narrow = page();
    for y in [100.0, 120.0, 140.0, 160.0] {
        narrow = xs.windows(2).fold(narrow, |page, column| page.level(column[0], column[1], y));
    }
    let narrow = narrow.write(60.0, 114.0, 10.0, "合计").write(153.0, 114.0, 18.0, "64862").write(201.0, 114.0, 18.0, "24749");
    assert_eq!(cells(&read(&[narrow])), ["合计|64862|24749", "||", "||"]);
    // Where nothing meets, lines are no table.
    let ruled = [100.0, 120.0, 140.0].into_iter().fold(page(), |page, y| page.level(50.0, 250.0, y));
    assert!(cells(&read(&[ruled.write(60.0, 114.0, 10.0, "以上为本年度情况")])).is_empty());
}

#[test]
fn a_frame_around_text_is_no_table() {
    let page = page().lattice(&[50.0, 550.0], &[100.0, 300.0]).write(60.0, 120.0, 10.0, "本街道全年公开信息30条。");
    let document = read(&[page]);
    assert!(cells(&document).is_empty());
    assert_eq!(paragraphs(&document), ["本街道全年公开信息30条。"]);
}

#[test]
fn lines_join_to_paragraphs() {
    let line = "本街道认真落实公开条例，全年主动公开各类政府信息，其中网站发布一千余条次，累";
    let page = |number: &str| page().write(200.0, 40.0, 9.0, "望湖街街道办事处年度报告").write(290.0, 785.0, 9.0, number);
    let first = page("1")
        .write(200.0, 100.0, 18.0, "某街道2021年政府信息公开")
        .write(230.0, 124.0, 18.0, "工作年度报告")
        .write(70.0, 160.0, 12.0, "一、总体情况")
        .write(70.0, 180.0, 12.0, &line[..line.len() - 6])
        .write(46.0, 200.0, 12.0, line)
        .write(46.0, 220.0, 12.0, "计点击12")
        .write(70.0, 240.0, 12.0, &line[..line.len() - 6])
        .write(46.0, 260.0, 12.0, &line[..line.len() - 6])
        .write(478.0, 260.0, 12.0, "共34");
    let second = page("2").write(46.0, 100.0, 12.0, "56件，办结率99.5%。").write(70.0, 120.0, 12.0, "二、其他").write(46.0, 140.0, 12.0, line);
    let third = page("3").write(70.0, 100.0, 12.0, "三、完。");
    let document = read(&[first, second, third]);
    let found = paragraphs(&document);
    assert_eq!(found[0], "某街道2021年政府信息公开工作年度报告");
    assert_eq!(found[1], "一、总体情况");
    assert!(found[2].ends_with("累计点击12"), "{}", found[2]);
    assert!(found[3].ends_with("共3456件，办结率99.5%。"), "{}", found[3]);
    assert_eq!(found.len(), 7, "{found:?}");
}

#[test]
fn what_a_reader_sees_is_what_is_read() {
    let twice = page().write(50.0, 100.0, 10.0, "申请33件").write(50.3, 100.2, 10.0, "申请33件");
    assert_eq!(paragraphs(&read(&[twice])), ["申请33件"]);
    let raised = page().write(50.0, 100.0, 10.0, "面积120").write(85.0, 96.0, 6.0, "2").write(90.0, 100.0, 10.0, "亩");
    assert_eq!(paragraphs(&read(&[raised])), ["面积120²亩"]);
    let mut spaced = page();
    for (index, c) in "二〇二一年2021".chars().enumerate() {
        spaced = spaced.write(50.0 + 18.0 * index as f32, 100.0, 10.0, &c.to_string());
    }
    assert!(paragraphs(&read(&[spaced]))[0].starts_with("二〇二一年"));
    let behind = page().write(40.0, 130.0, 90.0, "样稿").write(50.0, 100.0, 10.0, "全年公开信息302条，其中网站100条。");
    assert_eq!(paragraphs(&read(&[behind])), ["全年公开信息302条，其中网站100条。"]);
}

#[test]
fn numbers_below_one_another_are_a_table() {
    let mut page = page().write(60.0, 80.0, 14.0, "二、主动公开").write(60.0, 100.0, 10.0, "信息内容");
    for (column, label) in ["制发件数", "废止件数", "现行有效"].into_iter().enumerate() {
        page = page.write(200.0 + 100.0 * column as f32, 100.0, 10.0, label);
    }
    for (row, label) in ["规章", "行政规范性文件", "其他"].into_iter().enumerate() {
        let y = 120.0 + 20.0 * row as f32;
        page = page.write(60.0, y, 10.0, label).write(215.0, y, 10.0, "12").write(315.0, y, 10.0, "0").write(410.0, y, 10.0, "1234");
    }
    let document = read(&[page]);
    assert_eq!(cells(&document), ["信息内容|制发件数|废止件数|现行有效", "规章|12|0|1234", "行政规范性文件|12|0|1234", "其他|12|0|1234"]);
    assert_eq!(paragraphs(&document), ["二、主动公开"]);
}

#[test]
fn parts_of_a_broken_number_are_no_rows() {
    let mut page = page().write(60.0, 100.0, 10.0, "信息内容");
    for (column, label) in ["制发件数", "废止件数", "现行有效"].into_iter().enumerate() {
        page = page.write(200.0 + 100.0 * column as f32, 100.0, 10.0, label);
    }
    for (row, label) in ["规章", "行政规范性文件", "其他"].into_iter().enumerate() {
        let y = 130.0 + 30.0 * row as f32;
        page = page.write(60.0, y, 10.0, label).write(215.0, y, 10.0, "12").write(315.0, y, 10.0, "0");
        page = page.write(410.0, y - 6.5, 10.0, "1234").write(410.0, y + 6.5, 10.0, "5");
    }
    assert_eq!(cells(&read(&[page])), ["信息内容|制发件数|废止件数|现行有效", "规章|12|0|1234/5", "行政规范性文件|12|0|1234/5", "其他|12|0|1234/5"]);
}

/// Rows of the same three columns, of which the middle one is blank.
fn with_a_blank_column(mut page: Page, labels: [&str; 3], top: f32) -> Page {
    for (row, label) in labels.into_iter().enumerate() {
        let y = top + 20.0 * row as f32;
        page = page.write(60.0, y, 10.0, label).write(215.0, y, 10.0, "12").write(410.0, y, 10.0, "1234");
    }
    page
}

#[test]
fn a_column_without_numbers_keeps_its_place() {
    let mut first = page().write(60.0, 100.0, 10.0, "信息内容");
    for (column, label) in ["制发件数", "废止件数", "现行有效"].into_iter().enumerate() {
        first = first.write(200.0 + 100.0 * column as f32, 100.0, 10.0, label);
    }
    let first = with_a_blank_column(first, ["规章", "行政规范性文件", "其他"], 120.0);
    let second = with_a_blank_column(page(), ["甲类", "乙类", "丙类"], 80.0);
    let rows = cells(&read(&[first, second]));
    assert!(rows.iter().skip(1).all(|row| row.ends_with("|12||1234")), "{rows:?}");
    assert_eq!(rows.len(), 7, "{rows:?}");
}

/// Two rows of a table without lines, whose labels take three lines and two, below a row of one; the numbers stand as
/// far below the first line of their label as told.
fn with_long_labels(numbers: [f32; 2]) -> Page {
    let mut page = page().write(60.0, 100.0, 10.0, "信息内容");
    for (column, name) in ["制发件数", "废止件数"].into_iter().enumerate() {
        page = page.write(200.0 + 100.0 * column as f32, 100.0, 10.0, name);
    }
    page = page.write(60.0, 130.0, 10.0, "许可和").write(215.0, 130.0, 10.0, "7").write(315.0, 130.0, 10.0, "8");
    page = page.write(60.0, 158.0, 10.0, "其他事").write(60.0, 171.0, 10.0, "项和备").write(60.0, 184.0, 10.0, "案");
    page = page.write(215.0, 158.0 + numbers[0], 10.0, "12").write(315.0, 158.0 + numbers[0], 10.0, "34");
    page = page.write(60.0, 206.0, 10.0, "处罚和").write(60.0, 219.0, 10.0, "强制");
    let y = 206.0 + numbers[1];
    page.write(215.0, y, 10.0, "5").write(315.0, y, 10.0, "6")
}

#[test]
fn labels_of_many_lines_stand_beside_their_numbers_in_the_middle_at_the_top_or_at_the_bottom() {
    for numbers in [[13.0, 6.5], [0.0, 0.0], [26.0, 13.0]] {
        let rows = cells(&read(&[with_long_labels(numbers)]));
        assert_eq!(rows, ["信息内容|制发件数|废止件数", "许可和|7|8", "其他事/项和备/案|12|34", "处罚和/强制|5|6"], "{numbers:?}");
    }
}

/// A table without lines: names of two lines above three rows of three numbers, and where each begins.
fn with_names(names: [(f32, [&str; 2]); 3], numbers: [f32; 3]) -> Page {
    let mut page = page().write(60.0, 100.0, 10.0, "信息");
    for (x, [upper, lower]) in names {
        page = page.write(x, 94.0, 10.0, upper).write(x, 106.0, 10.0, lower);
    }
    for (y, label, of_row) in [(126.0, "许可", ["1", "2", "3"]), (146.0, "处罚", ["4", "5", "9"]), (166.0, "强制", ["0", "7", "7"])] {
        page = page.write(60.0, y, 10.0, label);
        for (x, number) in numbers.into_iter().zip(of_row) {
            page = page.write(x, y, 10.0, number);
        }
    }
    page
}

#[test]
fn numbers_set_to_the_right_stand_below_names_set_to_the_left() {
    let page = with_names([(150.0, ["甲", "类"]), (200.0, ["乙", "类"]), (250.0, ["总", "计"])], [185.0, 235.0, 285.0]);
    let rows = cells(&read(&[page]));
    assert_eq!(rows, ["|甲|乙|总", "信息|||", "|类|类|计", "许可|1|2|3", "处罚|4|5|9", "强制|0|7|7"]);
}

#[test]
fn numbers_of_which_no_name_is_certain_make_no_table() {
    // The first column has no name, the last no number.
    let page = with_names([(200.0, ["甲", "类"]), (250.0, ["乙", "类"]), (300.0, ["总", "计"])], [185.0, 235.0, 285.0]);
    assert_eq!(cells(&read(&[page])), Vec::<String>::new());
}

#[test]
fn a_page_beyond_the_limit_is_named() {
    let mut few = limits();
    few.page_marks = 3;
    let page = page().write(50.0, 100.0, 10.0, "一二三四");
    assert_eq!(document(&[page], &few), Err(Reached { name: "page_marks", value: 3 }));
}

#[test]
fn a_label_too_long_for_its_cell_is_not_mixed_with_the_numbers_under_it() {
    let lattice = || page().lattice(&[50.0, 100.0, 130.0, 160.0], &[100.0, 120.0, 140.0]);
    // Set from the left, over the numbers beside it.
    let left = lattice().write(54.0, 114.0, 10.0, "其他处理情况说明").write(110.0, 114.0, 10.0, "27").write(141.0, 114.0, 10.0, "30");
    let left = left.write(54.0, 134.0, 10.0, "重复").write(110.0, 134.0, 10.0, "5").write(141.0, 134.0, 10.0, "6");
    assert_eq!(cells(&read(&[left])), ["其他处理情况说明|27|30", "重复|5|6"]);
    // Set in the middle of a narrow cell.
    let middle = lattice().write(60.0, 114.0, 10.0, "内容").write(95.0, 114.0, 10.0, "公益组织").write(141.0, 114.0, 10.0, "30");
    let middle = middle.write(60.0, 134.0, 10.0, "重复").write(110.0, 134.0, 10.0, "5").write(141.0, 134.0, 10.0, "6");
    assert_eq!(cells(&read(&[middle])), ["内容|公益组织|30", "重复|5|6"]);
    // Beyond the table and of no cell: it is text beside the table, and not lost.
    let beyond = lattice()
        .write(54.0, 114.0, 10.0, "内容")
        .write(145.0, 114.0, 10.0, "全年办理情况说明")
        .write(54.0, 134.0, 10.0, "重复")
        .write(110.0, 134.0, 10.0, "5");
    let document = read(&[beyond]);
    let all = format!("{:?} {:?}", cells(&document), paragraphs(&document));
    assert!("全年办理情况说明".chars().all(|c| all.contains(c)), "{all}");
}

#[test]
fn a_blank_corner_of_a_header_is_no_label_cut_by_the_page_end() {
    let header = page().level(50.0, 250.0, 700.0).level(150.0, 250.0, 720.0).level(50.0, 250.0, 740.0);
    let header = header.upright(700.0, 740.0, 50.0).upright(700.0, 740.0, 150.0).upright(720.0, 740.0, 200.0).upright(700.0, 740.0, 250.0);
    let header = header.write(180.0, 714.0, 10.0, "申请人").write(160.0, 734.0, 10.0, "个人").write(210.0, 734.0, 10.0, "总计");
    let rows = page().lattice(&[50.0, 150.0, 200.0, 250.0], &[60.0, 80.0, 100.0]);
    let rows = rows.write(54.0, 74.0, 10.0, "一、新收").write(170.0, 74.0, 10.0, "4").write(220.0, 74.0, 10.0, "4");
    let rows = rows.write(54.0, 94.0, 10.0, "二、结转").write(170.0, 94.0, 10.0, "5").write(220.0, 94.0, 10.0, "5");
    assert_eq!(cells(&read(&[header, rows])), ["[1x2]|申请人[2x1]", "个人|总计", "一、新收|4|4", "二、结转|5|5"]);
}
