//! Documents in other documents: a Word document in one XML file, others put into it whole, web pages saved with their
//! parts. Each says what it says by itself.

use super::docx::drawn;
use super::pack::{deflated, official, pieces};
use super::support::html::{Dress, page};
use super::support::prose::{self, Length, Office};
use super::support::{Case, Flaws, Rng, official as report};
use super::{SETTINGS, parsed, said, wrong_cells};
use huizong::finding::Lang;
use huizong::read::Status;
use std::io::Read;

/// The parts of a Word document, one behind the other.
fn flat(docx: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).expect("a zip");
    let mut parts = String::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).expect("a part");
        let (name, mut text) = (String::from_utf8_lossy(part.name_raw()).into_owned(), String::new());
        part.read_to_string(&mut text).expect("a text");
        let xml = text.split_once("?>").map_or(text.as_str(), |(_, rest)| rest);
        parts += &format!("<pkg:part pkg:name=\"/{name}\" pkg:contentType=\"application/xml\"><pkg:xmlData>{xml}</pkg:xmlData></pkg:part>");
    }
    let namespace = "http://schemas.microsoft.com/office/2006/xmlPackage";
    format!("<?xml version=\"1.0\"?>\n<?mso-application progid=\"Word.Document\"?>\n<pkg:package xmlns:pkg=\"{namespace}\">{parts}</pkg:package>")
}

/// A document with nothing but another one in it.
fn around(name: &str, inner: &[u8]) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = format!(r#"<Relationships><Relationship Id="r7" Type="{kind}/aFChunk" Target="{name}"/></Relationships>"#);
    let body = r#"<w:document xmlns:w="w" xmlns:r="r"><w:body><w:altChunk r:id="r7"/><w:sectPr/></w:body></w:document>"#;
    deflated(&[("word/document.xml", body.as_bytes()), ("word/_rels/document.xml.rels", links.as_bytes()), (&format!("word/{name}"), inner)])
}

/// A page in UTF-8 and its encoding in base 64 or with every byte written out, as mail programs do.
fn message(page: &str, charset: &str, base64: bool) -> Vec<u8> {
    let bytes = if charset == "utf-8" { page.as_bytes().to_vec() } else { encoding_rs::GBK.encode(page).0.into_owned() };
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let four = |three: &[u8]| {
        let bits = three.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        (0..4).map(|n| if n <= three.len() { char::from(DIGITS[(bits >> (18 - 6 * n) & 63) as usize]) } else { '=' }).collect::<String>()
    };
    let text: String = match base64 {
        true => bytes.chunks(3).map(four).collect::<Vec<_>>().chunks(19).map(|line| line.concat() + "\r\n").collect(),
        false => bytes.iter().map(|b| format!("={b:02X}")).collect::<Vec<_>>().chunks(25).map(|line| line.concat() + "=\r\n").collect(),
    };
    let encoding = if base64 { "base64" } else { "quoted-printable" };
    let head =
        "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----=_Next\"\r\n\r\nA message.\r\n";
    let part = format!("------=_Next\r\nContent-Type: text/html; charset=\"{charset}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{text}");
    let picture = "\r\n------=_Next\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------=_Next--\r\n";
    [head, &part, picture].concat().into_bytes()
}

#[test]
fn a_word_document_in_one_file_says_the_same() {
    for seed in 0..12 {
        let (form, pieces) = official(seed);
        let docx = drawn(&pieces, true);
        let (known, read) = (parsed("2020/report.docx", &docx), parsed("2020/report.xml", flat(&docx).as_bytes()));
        assert_eq!((read.format.as_str(), wrong_cells(&form, &read), said(&read)), ("word-xml", Vec::new(), said(&known)));
    }
}

#[test]
fn documents_within_a_document_are_read_in_their_place() {
    for seed in 0..12 {
        let markdown = Case { plain_text: false, ..Case::any(seed, Flaws::NONE) }.make().report.text;
        let docx = drawn(&pieces(&markdown), false);
        let known = said(&parsed("2020/report.docx", &docx));
        assert_eq!(said(&parsed("2020/report.docx", &around("inner.docx", &docx))), known);
        assert_eq!(said(&parsed("2020/report.docx", &around("again.docx", &around("inner.docx", &docx)))), known);
        let read = parsed("2020/report.docx", &around("inner.txt", markdown.as_bytes()));
        assert_eq!(said(&read)[1..].len(), known[1..].len());
    }
    // One that lies in itself without end, as far as a file can.
    let mut deep = drawn(&official(1).1, true);
    (0..20).for_each(|_| deep = around("inner.docx", &deep));
    let reading = parsed("2020/report.docx", &deep);
    let message: String = reading.findings.iter().map(|f| f.message(&SETTINGS.rules, Lang::En)).collect();
    assert!(reading.status == Status::Unreadable && message.contains("archive_depth"), "{message}");
}

#[test]
fn the_word_format_of_2003_is_read() {
    let cell = |text: &str, merge: &str| format!("<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let number = "<w:pPr><w:listPr><w:ilvl w:val=\"0\"/><w:ilfo w:val=\"1\"/><wx:t wx:val=\"二、\"/></w:listPr></w:pPr>";
    let table = [
        row(&[cell("信息内容", ""), cell("本年制发件数", ""), cell("本年废止件数", ""), cell("现行有效件数", "")]),
        row(&[cell("规章", "<w:vmerge w:val=\"restart\"/>"), cell("4", ""), cell("5", ""), cell("6", "")]),
        row(&[cell("行政规范性文件", ""), cell("7", ""), cell("8", ""), cell("9", "")]),
    ];
    let body = format!(
        "<wx:sect><w:p><w:r><w:t>三河镇人民政府2022年政府信息公开工作年度报告</w:t></w:r></w:p>\
         <w:p>{number}<w:r><w:t>主动公开政府信息情况</w:t></w:r></w:p><w:tbl>{}</w:tbl></wx:sect>",
        table.concat()
    );
    let spaces = "xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\" xmlns:wx=\"wx\" xmlns:o=\"o\"";
    let file = format!(
        "<?xml version=\"1.0\"?><w:wordDocument {spaces}><o:DocumentProperties><o:Title>9</o:Title></o:DocumentProperties><w:body>{body}</w:body></w:wordDocument>"
    );
    let reading = parsed("2022/report.doc", file.as_bytes());
    let markdown = "# 三河镇人民政府2022年政府信息公开工作年度报告\n\n二、主动公开政府信息情况\n\n|信息内容|本年制发件数|本年废止件数|现行有效件数|\n|-|-|-|-|\n|规章|4|5|6|\n|行政规范性文件|7|8|9|\n";
    assert_eq!((reading.format.as_str(), said(&reading)), ("word-xml", said(&parsed("2022/report.md", markdown.as_bytes()))));
    assert_eq!(reading.facts.iter().filter_map(huizong::fact::Fact::number).sum::<f64>(), 39.0);
}

#[test]
fn a_page_saved_with_its_parts_says_the_same() {
    for seed in 0..12 {
        let form = Case::any(seed, Flaws::NONE).form();
        let mut rng = Rng::for_name(seed, "page");
        let prose = prose::write(&mut rng, &Office::new("云州市", "青岚区", "望湖街街道"), &form, Length::Short);
        let pieces = report::pieces(&form, &prose, Flaws::NONE, &mut rng);
        let charset = if seed % 2 == 0 { "utf-8" } else { "gb2312" };
        let text = page(&pieces, Dress::Clean, charset, &mut rng);
        let known = said(&parsed("2020/report.html", text.as_bytes()));
        let read = parsed("2020/report.mht", &message(&text, charset, seed % 3 == 0));
        assert_eq!((read.format.as_str(), wrong_cells(&form, &read), said(&read)), ("mhtml", Vec::new(), known));
    }
}
