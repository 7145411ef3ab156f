//! Word documents: reports drawn as such, what word processors do to them, and hostile ones.

use super::pack::{Piece, deflated, merge, official, pieces, zip};
use super::support::{Case, Flaws};
use super::{parsed, said, wrong_cells};
use huizong::decode::{Decoder, Limits, Read, Unreadable, decoder};
use huizong::document::{Block, Document};
use huizong::read::{Reading, Status};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;

const STYLES: &str = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>"#;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "</w:t><w:br/><w:t xml:space=\"preserve\">")
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

fn paragraph(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

/// A document of this body and these further parts.
fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(r#"<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>{body}<w:sectPr/></w:body></w:document>"#);
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(r#"<Relationships><Relationship Id="r1" Type="{kind}/officeDocument" Target="word/document.xml"/></Relationships>"#);
    let links: String = parts.iter().map(|(name, _)| format!(r#"<Relationship Id="{name}" Type="{kind}/{name}" Target="{name}.xml"/>"#)).collect();
    let links = format!("<Relationships>{links}</Relationships>");
    let mut files = vec![("[Content_Types].xml".to_string(), "<Types/>"), ("_rels/.rels".to_string(), root.as_str())];
    files.push(("word/document.xml".to_string(), &document));
    files.push(("word/_rels/document.xml.rels".to_string(), &links));
    files.extend(parts.iter().map(|(name, text)| (format!("word/{name}.xml"), *text)));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    deflated(&files)
}

pub fn drawn(pieces: &[Piece], merged: bool) -> Vec<u8> {
    let mut body = String::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph { text, heading } => {
                let style = if *heading { "<w:pPr><w:pStyle w:val=\"1\"/></w:pPr>" } else { "" };
                body += &format!("<w:p>{style}{}</w:p>", run(text));
            }
            Piece::Table(rows) => {
                body += "<w:tbl><w:tblPr/>";
                for row in rows {
                    body += "<w:tr>";
                    let mut column = 0;
                    while column < row.len() {
                        let (columns, covered) = if merged { merge(row, column) } else { (1, false) };
                        let below = if !merged || column > 1 || row.len() != 10 || columns > 1 {
                            ""
                        } else if covered {
                            "<w:vMerge/>"
                        } else {
                            "<w:vMerge w:val=\"restart\"/>"
                        };
                        let text = paragraph(&row[column]);
                        body += &format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{columns}\"/>{below}</w:tcPr>{text}</w:tc>");
                        column += columns;
                    }
                    body += "</w:tr>";
                }
                body += "</w:tbl>";
            }
        }
    }
    docx(&body, &[("styles", STYLES)])
}

fn sorted(reading: &Reading) -> Vec<String> {
    let mut said = said(reading);
    said.sort();
    said
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, rng_seed: RngSeed::Fixed(2021), ..ProptestConfig::default() })]

    #[test]
    fn a_merged_form_is_read_cell_by_cell(seed in any::<u64>()) {
        let (form, pieces) = official(seed);
        let reading = parsed("2020/report.docx", &drawn(&pieces, true));
        let wrong = wrong_cells(&form, &reading);
        prop_assert!(wrong.is_empty(), "{seed}\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_document_says_what_the_same_markdown_says(seed in any::<u64>(), flaws in any::<u32>(), torn in any::<bool>()) {
        let flaws = if torn { Flaws::from_bits(flaws) } else { Flaws::NONE };
        let case = Case { plain_text: false, ..Case::any(seed, flaws) };
        let markdown = case.make().report.text;
        let (text, word) = (parsed("2020/report.md", markdown.as_bytes()), parsed("2020/report.docx", &drawn(&pieces(&markdown), false)));
        let (text, word) = (sorted(&text), sorted(&word));
        let only = |these: &[String], those: &[String]| these.iter().filter(|l| !those.contains(l)).cloned().collect::<Vec<_>>();
        prop_assert!(text == word, "{case:?}\nonly in Markdown: {:#?}\nonly in Word: {:#?}\n{markdown}", only(&text, &word), only(&word, &text));
    }

    #[test]
    fn no_cut_or_broken_document_ends_the_program(cut in 0.0f64..1.0, place in 0.0f64..1.0, byte in any::<u8>()) {
        let mut bytes = drawn(&official(7).1, true);
        let at = (bytes.len() as f64 * place) as usize;
        bytes[at] = byte;
        bytes.truncate((bytes.len() as f64 * cut) as usize);
        parsed("2020/report.docx", &bytes);
    }
}

/// The blocks of a document, as lines: paragraphs, and rows with their cells' columns, widths and texts.
fn shown(bytes: &[u8]) -> Vec<String> {
    let Ok(Decoder { read: Read::Bytes(read), .. }) = decoder(Path::new("a.docx"), bytes) else { panic!("known by its content") };
    let Document { blocks } = read(bytes, &super::SETTINGS.limits).expect("readable").document;
    let mut lines = Vec::new();
    for block in &blocks {
        match block {
            Block::Paragraph(p) => lines.push(format!("{}{}", if p.heading { "# " } else { "" }, p.text)),
            Block::Grid(grid) => lines.extend(grid.rows.iter().map(|row| {
                let cell = |c: &huizong::document::Cell<'_>| format!("{}+{}x{} {}", c.column, c.columns, c.rows, c.text);
                row.cells.iter().map(cell).collect::<Vec<_>>().join(" | ")
            })),
        }
    }
    lines
}

fn row(cells: &[&str]) -> String {
    let cell = |c: &&str| if c.starts_with("<w:tc>") { (*c).to_string() } else { format!("<w:tc>{}</w:tc>", paragraph(c)) };
    format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>())
}

#[test]
fn generated_numbers_stand_before_their_text() {
    let level =
        |l: u8, format: &str, text: &str| format!(r#"<w:lvl w:ilvl="{l}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>"#);
    let numbering = format!(
        r#"<w:numbering><w:abstractNum w:abstractNumId="0">{}{}{}</w:abstractNum><w:abstractNum w:abstractNumId="1">{}</w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>"#,
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3."),
        level(0, "bullet", "•"),
    );
    let item = |list: u8, level: u8, text: &str| {
        format!(r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr>{}</w:p>"#, run(text))
    };
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", item(1, 2, text));
    let body = [
        item(1, 0, "总体情况"),
        item(1, 1, "主动公开"),
        item(1, 1, "依申请公开"),
        item(1, 0, "其他"),
        item(1, 1, "又一"),
        format!("<w:tbl>{}{}</w:tbl>", row(&[&cell("属于国家秘密"), "0"]), row(&[&cell("2021年"), "1"])),
        item(2, 0, "圆点"),
        item(3, 1, "重新开始"),
        item(0, 0, "无编号"),
    ];
    let expected = [
        "一、总体情况",
        "（一）主动公开",
        "（二）依申请公开",
        "二、其他",
        "（一）又一",
        "0+1x1 1. 属于国家秘密 | 1+1x1 0",
        "0+1x1 2. 2021年 | 1+1x1 1",
        "圆点",
        "（一）重新开始",
        "无编号",
    ];
    assert_eq!(shown(&docx(&body.concat(), &[("numbering", &numbering)])), expected);
}

#[test]
fn numbers_of_styles_count_too() {
    let styles = r#"<w:styles><w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="b"><w:name w:val="x"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style></w:styles>"#;
    let numbering = r#"<w:numbering><w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl></w:abstractNum>
        <w:num w:numId="5"><w:abstractNumId w:val="9"/></w:num></w:numbering>"#;
    let body =
        r#"<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>"#;
    assert_eq!(shown(&docx(body, &[("styles", styles), ("numbering", numbering)])), ["# 第一章 甲", "第二章 乙"]);
}

#[test]
fn what_is_deleted_or_hidden_is_not_read() {
    let body = r#"<w:p><w:r><w:t>公开</w:t></w:r><w:del><w:r><w:delText>12</w:delText><w:t>13</w:t></w:r></w:del><w:ins><w:r><w:t>14</w:t></w:r></w:ins><w:r><w:t>件</w:t></w:r></w:p>
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p><w:p><w:r><w:t>后半</w:t></w:r></w:p>
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:r><w:t>看得见</w:t></w:r></w:p>
        <w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>
        <w:tr><w:tc><w:p><w:r><w:t>留</w:t></w:r></w:p></w:tc><w:tc><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击输入</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc></w:tr></w:tbl>
        <w:p><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo></w:p>
        <w:p><w:r><w:instrText>PAGE 99</w:instrText></w:r><w:r><w:t>3</w:t></w:r></w:p>"#;
    assert_eq!(shown(&docx(body, &[])), ["公开14件", "前半后半", "看得见", "0+1x1 留 | 1+1x1 ", "移来", "3"]);
}

#[test]
fn text_boxes_controls_and_notes_are_read_once() {
    let body = r#"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>
        <mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>框外</w:t></w:r></w:p>
        <w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>
        <w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
        <w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:noBreakHyphen/><w:t>丙</w:t><w:softHyphen/><w:t>丁</w:t><w:br/><w:t>下行</w:t></w:r></w:p>
        <w:p><w:r><w:sym w:font="Wingdings" w:char="F083"/></w:r><w:r><w:t>&lt;&amp;&unknown;</w:t></w:r></w:p>"#;
    let notes = r#"<w:footnotes><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    assert_eq!(shown(&docx(body, &[("footnotes", notes)])), ["框外", "框内", "控件", "正文", "注", "甲\t乙-丙丁", "下行", "③<&&unknown;"]);
}

#[test]
fn merged_and_shifted_cells_keep_their_columns() {
    let cell = |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text));
    let (first, below) = ("<w:vMerge w:val=\"restart\"/>", "<w:vMerge/>");
    let body = format!(
        "<w:tbl>{}{}<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}{}</w:tr>{}</w:tbl>",
        row(&[&cell(first, "组"), &cell("<w:gridSpan w:val=\"2\"/>", "宽"), "1"]),
        row(&[&cell(below, ""), "甲", "乙", "2"]),
        cell("", "后"),
        cell("<w:gridSpan w:val=\"1000000\"/>", "3"),
        row(&[&cell("<w:hMerge w:val=\"restart\"/>", "旧"), &cell("<w:hMerge/>", ""), "4", "5"]),
    );
    let expected = ["0+1x2 组 | 1+2x1 宽 | 3+1x1 1", "1+1x1 甲 | 2+1x1 乙 | 3+1x1 2", "1+1x1 后 | 2+64x1 3", "0+2x1 旧 | 2+1x1 4 | 3+1x1 5"];
    assert_eq!(shown(&docx(&body, &[])), expected);
}

#[test]
fn tables_that_lay_out_a_page_give_back_what_they_hold() {
    let inner = format!("<w:tbl>{}{}</w:tbl>", row(&["规章", "1"]), row(&["行政许可", "2"]));
    let body = format!("<w:tbl><w:tr><w:tc>{}{inner}{}</w:tc></w:tr></w:tbl>", paragraph("上"), paragraph("下"));
    assert_eq!(shown(&docx(&body, &[])), ["上", "0+1x1 规章 | 1+1x1 1", "0+1x1 行政许可 | 1+1x1 2", "下"]);
    let number = format!("<w:tc><w:tbl>{}</w:tbl><w:p/></w:tc>", row(&["7"]));
    assert_eq!(shown(&docx(&format!("<w:tbl>{}</w:tbl>", row(&["规章", &number])), &[])), ["0+1x1 规章 | 1+1x1 7"]);
    let prose = "<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>二、主动公开</w:t></w:r></w:p></w:tc>";
    let body = format!("<w:tbl>{}{}{}</w:tbl>", row(&["甲", "1"]), row(&[prose]), row(&["乙", "2"]));
    assert_eq!(shown(&docx(&body, &[])), ["0+1x1 甲 | 1+1x1 1", "二、主动公开", "0+1x1 乙 | 1+1x1 2"]);
}

fn refused(name: &str, bytes: &[u8]) -> String {
    let reading = parsed(name, bytes);
    assert_eq!(reading.status, Status::Unreadable);
    reading.findings.iter().map(|f| f.message(&super::SETTINGS.rules, huizong::finding::Lang::En)).collect()
}

#[test]
fn hostile_documents_are_refused_with_a_reason() {
    let deep = docx(&("<w:smartTag>".repeat(100_000) + &"</w:smartTag>".repeat(100_000)), &[]);
    assert!(refused("a.docx", &deep).contains("nesting = 256"));
    let tables = docx(&("<w:tbl><w:tr><w:tc>".repeat(50_000) + &"</w:tc></w:tr></w:tbl>".repeat(50_000)), &[]);
    assert!(refused("a.docx", &tables).contains("nesting"));
    let wide = row(&["<w:tc><w:tcPr><w:gridSpan w:val=\"64\"/></w:tcPr><w:p/></w:tc>"; 100]);
    assert!(refused("a.docx", &docx(&format!("<w:tbl>{}</w:tbl>", wide.repeat(40)), &[])).contains("table_cells"));
    let small = Limits { unpacked_mib: 1, ..super::SETTINGS.limits.clone() };
    let bomb = docx(&" ".repeat(3 << 20), &[]);
    assert!(bomb.len() < 100_000, "packed well");
    let Ok(Decoder { read: Read::Bytes(read), .. }) = decoder(Path::new("a.docx"), &bomb) else { panic!("read from bytes") };
    assert!(matches!(read(&bomb, &small), Err(Unreadable::Limit(reached)) if reached.name == "unpacked_mib"));
    let good = drawn(&official(1).1, true);
    assert!(refused("a.docx", &good[..good.len() / 2]).contains("damaged"));
    assert!(refused("a.docx", &docx("<w:p>", &[])).contains("damaged"));
    assert!(refused("a.docx", &zip(&[(b"word/document.xml", b"\0\xff\xfe")])).contains("damaged"));
    assert!(refused("a.docx", b"no document").contains("damaged"));
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.extend([0; 1000]);
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    for name in ["a.docx", "a.xlsx", "a.doc"] {
        assert!(refused(name, &locked).contains("password"), "{name}");
    }
}

#[test]
fn a_document_is_known_by_its_content() {
    let (form, pieces) = official(3);
    for name in ["2021/a.wps", "2021/a.doc", "2021/a", "2021/a.docm"] {
        let reading = parsed(name, &drawn(&pieces, true));
        assert_eq!((reading.format.as_str(), wrong_cells(&form, &reading)), ("docx", Vec::new()));
    }
}
