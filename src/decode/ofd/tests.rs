//! Small packages made by hand: each says one thing that producers do, or that an attacker might.

use super::outline::Leaf;
use super::{is_ofd, leaves, read};
use crate::decode::page::Text;
use crate::decode::{Limits, Reached, Unreadable};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn limits() -> Limits {
    Limits::parse(include_str!("../../../config/limits.toml")).expect("limits")
}

fn package(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        zip.start_file(*path, SimpleFileOptions::default()).expect("a file");
        zip.write_all(content.as_bytes()).expect("content");
    }
    zip.finish().expect("a zip").into_inner()
}

const ROOT: &str = "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
const DOCUMENT: &str = "<ofd:Document><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>\
    <ofd:Pages><ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/></ofd:Pages></ofd:Document>";

/// One page with this content.
fn page(content: &str) -> Vec<u8> {
    let page = format!("<ofd:Page><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>");
    package(&[("OFD.xml", ROOT), ("Doc_0/Document.xml", DOCUMENT), ("Doc_0/Pages/Page_0/Content.xml", &page)])
}

fn drawn(content: &str) -> Leaf {
    leaves(&page(content), &limits(), None).expect("a page").remove(0)
}

/// Text and place of each glyph, in tenths of a millimetre.
fn glyphs(leaf: &Leaf) -> Vec<(String, i32, i32)> {
    let tenths = |points: f32| (points / super::draw::POINTS * 10.0).round() as i32;
    let text = |text: &Text| match text {
        Text::One(c) => c.to_string(),
        Text::Several(several) => several.to_string(),
    };
    leaf.page.glyphs.iter().map(|g| (text(&g.text), tenths(g.x), tenths(g.y))).collect()
}

fn at(text: &str, x: i32, y: i32) -> (String, i32, i32) {
    (text.to_string(), x, y)
}

fn rulings(leaf: &Leaf) -> Vec<[i32; 4]> {
    let tenths = |points: f32| (points / super::draw::POINTS * 10.0).round() as i32;
    leaf.page.rulings.iter().map(|r| [tenths(r.left), tenths(r.top), tenths(r.right), tenths(r.bottom)]).collect()
}

#[test]
fn distances_are_told_singly_and_in_runs() {
    let leaf = drawn("<ofd:TextObject Boundary='10 20 50 5' Size='4'><ofd:TextCode X='1' Y='3' DeltaX='4 g 2 2 4'>年12月共</ofd:TextCode></ofd:TextObject>");
    assert_eq!(glyphs(&leaf), [at("年", 110, 230), at("1", 150, 230), at("2", 170, 230), at("月", 190, 230), at("共", 230, 230)]);
}

#[test]
fn a_short_list_goes_on_and_a_missing_one_is_natural() {
    let leaf = drawn("<TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4' DeltaX='5'>一二三</TextCode></TextObject>");
    assert_eq!(glyphs(&leaf), [at("一", 0, 40), at("二", 50, 40), at("三", 100, 40)]);
    let leaf = drawn("<TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4'>共12件</TextCode></TextObject>");
    assert_eq!(glyphs(&leaf), [at("共", 0, 40), at("1", 40, 40), at("2", 60, 40), at("件", 80, 40)]);
}

#[test]
fn a_gap_to_the_next_column_is_no_width() {
    let leaf = drawn("<TextObject Boundary='0 0 90 9' Size='4'><TextCode X='0' Y='4' DeltaX='30'>12</TextCode></TextObject>");
    assert!(leaf.page.glyphs[0].width < 3.0 * super::draw::POINTS);
}

#[test]
fn transformations_scale_shift_and_mirror() {
    let leaf = drawn("<TextObject CTM='0.5 0 0 0.5 1 2' Boundary='10 10 9 9' Size='8'><TextCode X='2' Y='8' DeltaX='8'>一二</TextCode></TextObject>");
    assert_eq!(glyphs(&leaf), [at("一", 120, 160), at("二", 160, 160)]);
    assert!((leaf.page.glyphs[0].size - 4.0 * super::draw::POINTS).abs() < 0.01);
    let leaf = drawn("<PathObject CTM='1 0 0 -1 20 30' Boundary='0 0 210 297' LineWidth='0.35'><AbbreviatedData>M 0 0 L 0 -100</AbbreviatedData></PathObject>");
    assert_eq!(rulings(&leaf), [[200, 300, 200, 1300]]);
}

#[test]
fn lines_come_as_strokes_fills_boxes_and_pictures() {
    let path = |attributes: &str, data: &str| {
        rulings(&drawn(&format!("<PathObject Boundary='10 10 100 50' {attributes}><AbbreviatedData>{data}</AbbreviatedData></PathObject>")))
    };
    assert_eq!(path("", "M 0 0 L 50 0"), [[100, 100, 600, 100]]);
    assert_eq!(path("", "S0 0L50 0 50 20 C"), [[100, 100, 600, 100], [600, 100, 600, 300]], "glued commands; the closing line is at a slant");
    assert_eq!(path("Stroke='false' Fill='true'", "M 0 0 L 50 0 L 50 0.4 L 0 0.4 C"), [[100, 102, 600, 102]]);
    assert_eq!(path("Stroke='false' Fill='true'", "M 0 0 L 50 0 L 50 10 L 0 10 C"), [[0; 4]; 0], "shading is no line");
    assert_eq!(path("Stroke='false' Fill='true'", "M 0 0 L 50 0 L 50 0.4 L 0 0.4 C M 0 9 L 50 9 L 50 9.4 L 0 9.4 C").len(), 2);
    assert_eq!(path("Stroke='false'", "M 0 0 L 50 0"), [[0; 4]; 0], "neither stroked nor filled");
    assert_eq!(path("", "M 0 0 B 10 0 20 0 50 0"), [[0; 4]; 0], "bent");
    let leaf = drawn("<ImageObject Boundary='10 10 100 0.2'/><ImageObject Boundary='10 20 100 80'/>");
    assert_eq!(rulings(&leaf), [[100, 101, 1100, 101]]);
    assert!((leaf.covered() - 8000.0 / (210.0 * 297.0)).abs() < 0.001);
}

#[test]
fn one_glyph_may_stand_for_several_characters() {
    let leaf = drawn(
        "<TextObject Boundary='0 0 9 9' Size='4'><CGTransform CodePosition='1' CodeCount='2' GlyphCount='1'><Glyphs>9</Glyphs></CGTransform>\
         <TextCode X='0' Y='4' DeltaX='4 3'>of件</TextCode></TextObject>",
    );
    assert_eq!(glyphs(&leaf), [at("o", 0, 40), at("f件", 40, 40)]);
}

#[test]
fn text_on_a_page_that_lies_on_its_side_can_be_read() {
    let leaf = drawn("<TextObject CTM='0 1 -1 0 0 0' Boundary='100 50 9 9' Size='4'><TextCode X='0' Y='0' DeltaX='4'>年报</TextCode></TextObject>");
    assert_eq!(glyphs(&leaf), [at("年", 500, 1100), at("报", 540, 1100)]);
    assert!(leaf.page.width > leaf.page.height);
}

#[test]
fn a_watermark_at_a_slant_is_left_out_and_a_turned_label_is_one_glyph() {
    let level = "<TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4'>政府信息公开</TextCode></TextObject>";
    let slant = "<TextObject CTM='0.7 0.7 -0.7 0.7 0 0' Boundary='50 50 9 9' Size='20'><TextCode X='0' Y='4'>样本</TextCode></TextObject>";
    let turned = "<TextObject CTM='0 -1 1 0 0 0' Boundary='100 50 9 9' Size='4'><TextCode X='0' Y='0' DeltaX='2'>12</TextCode></TextObject>";
    let leaf = drawn(&format!("{level}{slant}{turned}"));
    let texts: String = glyphs(&leaf).into_iter().map(|g| g.0 + "|").collect();
    assert_eq!(texts, "政|府|信|息|公|开|12|");
}

#[test]
fn paths_of_any_kind_are_followed() {
    let document = "<Document><Pages><Page ID='1' BaseLoc='\\Doc_0\\pages\\P0\\content.xml'/><Page ID='2' BaseLoc='Doc_0/Pages/P1/Content.xml'/>\
        <Page ID='3' BaseLoc='./../DOC_0/Pages/P2'/></Pages></Document>";
    let content = |text: &str| {
        format!("<Page><Content><Layer><TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4'>{text}</TextCode></TextObject></Layer></Content></Page>")
    };
    let (one, two, three) = (content("一"), content("二"), content("三"));
    let root = ROOT.replace("Doc_0/Document.xml", "/doc_0/Document.xml");
    let files = [
        ("ofd.xml", root.as_str()),
        ("Doc_0/Document.xml", document),
        ("Doc_0/Pages/P0/Content.xml", &one),
        ("Doc_0\\Pages\\P1\\Content.xml", &two),
        ("/Doc_0/Pages/P2/Content.xml", &three),
    ];
    let pages = leaves(&package(&files), &limits(), None).expect("three pages");
    let texts: Vec<String> = pages.iter().map(|p| glyphs(p)[0].0.clone()).collect();
    assert_eq!(texts, ["一", "二", "三"]);
}

/// A document with a template under its page, a unit used twice on it, and notes.
fn layered(template: &str, page: &str, unit: &str, note: &str) -> Vec<u8> {
    let document = "<Document><Pages><Page ID='1' BaseLoc='P.xml'/></Pages><CommonData><TemplatePage ID='7' BaseLoc='T.xml'/>\
        <PublicRes>R.xml</PublicRes><DocumentRes>none.xml</DocumentRes></CommonData><Annotations>A.xml</Annotations></Document>";
    let page = format!("<Page><Content><Layer>{page}</Layer></Content><Template TemplateID='7'/><Template TemplateID='8'/></Page>");
    let template = format!("<Page><Content><Layer>{template}</Layer></Content></Page>");
    let resources = format!(
        "<Res BaseLoc='Res'><CompositeGraphicUnits><CompositeGraphicUnit ID='5'><Content>{unit}</Content></CompositeGraphicUnit></CompositeGraphicUnits></Res>"
    );
    let notes = "<Annotations><Page PageID='1'><FileLoc>N.xml</FileLoc></Page></Annotations>";
    let files = [
        ("OFD.xml", ROOT),
        ("Doc_0/Document.xml", document),
        ("Doc_0/P.xml", &page),
        ("Doc_0/T.xml", &template),
        ("Doc_0/R.xml", &resources),
        ("Doc_0/A.xml", notes),
        ("Doc_0/N.xml", note),
    ];
    package(&files)
}

fn word(text: &str) -> String {
    format!("<TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4'>{text}</TextCode></TextObject>")
}

#[test]
fn templates_units_and_typed_notes_are_part_of_the_page() {
    let note = |kind: &str, text: &str| format!("<Annot {kind}><Appearance Boundary='50 50 9 9'>{}</Appearance></Annot>", word(text));
    let notes =
        format!("<PageAnnot>{}{}{}</PageAnnot>", note("Type='Stamp' Subtype='FreeText'", "注"), note("Type='Watermark'", "水"), note("Type='Stamp'", "章"));
    let unit = "<CompositeObject ResourceID='5' CTM='2 0 0 2 0 0' Boundary='10 10 50 50'/>";
    let bytes = layered(&word("底"), &format!("{}{unit}", word("面")), &word("元"), &notes);
    let pages = leaves(&bytes, &limits(), None).expect("a page");
    assert_eq!(glyphs(&pages[0]), [at("底", 0, 40), at("面", 0, 40), at("元", 100, 180), at("注", 500, 540)]);
}

#[test]
fn units_that_contain_themselves_are_refused() {
    let itself = "<CompositeObject ResourceID='5' Boundary='0 0 1 1'/>";
    assert_eq!(read(&layered("", itself, itself, "<A/>"), &limits(), None).map(|_| ()), Err(Unreadable::Damaged));
    let many = itself.repeat(1000);
    assert!(read(&layered("", &many, &many, "<A/>"), &limits(), None).is_err());
}

#[test]
fn what_asks_for_too_much_is_refused_in_time() {
    let limits = limits();
    let refused = |bytes: &[u8]| match read(bytes, &limits, None) {
        Err(Unreadable::Limit(Reached { name, .. })) => name,
        Err(_) => "other",
        Ok(_) => "read",
    };
    let run = "<TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4' DeltaX='g 1000000000 1 g 99999999999999999999 1'>12</TextCode></TextObject>";
    assert_eq!(glyphs(&drawn(run)).len(), 2, "a run is as long as its text");
    assert_eq!(refused(&page(&word(&"一".repeat(limits.page_marks + 1)))), "page_marks");
    assert_eq!(refused(&page(&"<PathObject/>".repeat(limits.page_marks + 1))), "page_marks");
    let pages = DOCUMENT.replace("<ofd:Page ID='1' BaseLoc='Pages/Page_0/Content.xml'/>", &"<ofd:Page ID='1' BaseLoc='P.xml'/>".repeat(1_000_000));
    assert_eq!(refused(&package(&[("OFD.xml", ROOT), ("Doc_0/Document.xml", &pages), ("Doc_0/P.xml", "<Page/>")])), "pages");
    let documents = ROOT.replace("</ofd:DocBody>", &"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>".repeat(2000)) + "</ofd:DocBody></ofd:OFD>";
    assert_ne!(refused(&package(&[("OFD.xml", &documents), ("Doc_0/Document.xml", DOCUMENT)])), "read");
    let small = Limits { unpacked_mib: 1, ..limits.clone() };
    let bomb = page(&" ".repeat(2 << 20));
    assert!(bomb.len() < 10_000);
    assert_eq!(read(&bomb, &small, None).map(|_| ()), Err(Unreadable::Limit(Reached { name: "unpacked_mib", value: 1 })));
}

#[test]
fn entities_are_not_expanded_and_depth_is_no_matter() {
    let bomb = "<!DOCTYPE a [<!ENTITY a '1234567890'><!ENTITY b '&a;&a;&a;&a;'>]>".to_string() + ROOT;
    let page = "<Page><Content><Layer><TextObject Boundary='0 0 9 9' Size='4'><TextCode X='0' Y='4'>&b;&amp;&#49;<![CDATA[<2>]]></TextCode></TextObject></Layer></Content></Page>";
    let bytes = package(&[("OFD.xml", &bomb), ("Doc_0/Document.xml", DOCUMENT), ("Doc_0/Pages/Page_0/Content.xml", page)]);
    let texts: String = glyphs(&leaves(&bytes, &limits(), None).expect("a page")[0]).into_iter().map(|g| g.0).collect();
    assert_eq!(texts, "\u{fffd}&1<2>");
    let deep = "<PageBlock>".repeat(200_000) + &word("深") + &"</PageBlock>".repeat(200_000);
    assert_eq!(glyphs(&drawn(&deep)), [at("深", 0, 40)]);
}

#[test]
fn locked_cut_and_empty_files_say_so() {
    let locked = package(&[("OFD.xml", ROOT), ("Encryptions.xml", "<Encryptions/>"), ("Doc_0/Document.xml", "x")]);
    assert!(is_ofd(&locked));
    assert_eq!(read(&locked, &limits(), None).map(|_| ()), Err(Unreadable::Encrypted));
    let whole = page(&word("一"));
    assert!(is_ofd(&whole) && read(&whole, &limits(), None).is_ok());
    for length in [whole.len() - 1, whole.len() / 2, 60] {
        assert!(is_ofd(&whole[..length]), "{length}");
        assert_eq!(read(&whole[..length], &limits(), None).map(|_| ()), Err(Unreadable::Damaged), "{length}");
    }
    let missing = package(&[("OFD.xml", ROOT), ("Doc_0/Document.xml", DOCUMENT)]);
    assert_eq!(read(&missing, &limits(), None).map(|_| ()), Err(Unreadable::Damaged), "a page that is not there");
    let cut = package(&[("OFD.xml", ROOT), ("Doc_0/Document.xml", DOCUMENT), ("Doc_0/Pages/Page_0/Content.xml", "<Page><Content><Layer>")]);
    assert_eq!(read(&cut, &limits(), None).map(|_| ()), Err(Unreadable::Damaged));
    assert_eq!(read(&page("<ImageObject Boundary='0 0 210 297'/>"), &limits(), None).map(|_| ()), Err(Unreadable::Scan));
    let outlines = "<PathObject><AbbreviatedData>M 0 0 Q 1 2 3 4</AbbreviatedData></PathObject>".repeat(100);
    assert_eq!(read(&page(&outlines), &limits(), None).map(|_| ()), Err(Unreadable::Scan));
    assert_eq!(read(&page(""), &limits(), None).map(|_| ()), Err(Unreadable::Empty));
    assert!(!is_ofd(&package(&[("word/document.xml", "<a/>")])) && !is_ofd(b"PK") && !is_ofd(b""));
}

#[test]
fn pages_that_cannot_be_read_are_told() {
    let scan = "<ImageObject Boundary='0 0 210 297'/>".to_string() + &word("1");
    let garbled = word(&"\u{fffd}".repeat(9));
    let document = "<Document><Pages><Page BaseLoc='1.xml'/><Page BaseLoc='2.xml'/><Page BaseLoc='2.xml'/><Page BaseLoc='3.xml'/></Pages></Document>";
    let content = |objects: &str| format!("<Page><Content><Layer>{objects}</Layer></Content></Page>");
    let (one, two, three) = (content(&word("政府信息公开")), content(&scan), content(&garbled));
    let files = [("OFD.xml", ROOT), ("Doc_0/Document.xml", document), ("Doc_0/1.xml", &one), ("Doc_0/2.xml", &two), ("Doc_0/3.xml", &three)];
    let findings = read(&package(&files), &limits(), None).expect("a document").findings;
    let told: Vec<(&str, u32)> = findings.iter().map(|f| (f.rule.as_str(), f.at.page)).collect();
    assert_eq!(told, [("report.pages_scanned", 2), ("report.pages_garbled", 4)]);
}

#[test]
fn any_damage_ends_in_a_document_or_a_reason() {
    let unit = "<PathObject Boundary='1 1 90 40'><AbbreviatedData>M 0 0 L 50 0 B 1 2 3 4 5 6 A 1 1 0 1 0 5 5 C</AbbreviatedData></PathObject>";
    let text = "<TextObject CTM='0.5 0 0 0.5 1 2' Boundary='10 10 90 9' Size='8' HScale='0.9'><CGTransform CodePosition='1' CodeCount='2' GlyphCount='3'/>\
        <TextCode X='2' Y='8' DeltaX='g 2 4 8 -3' DeltaY='0'>年度12件&amp;</TextCode></TextObject><CompositeObject ResourceID='5' Boundary='1 1 5 5'/>";
    let whole = layered(unit, text, unit, &format!("<N><Annot Type='Path'><Appearance Boundary='1 2 3 4'>{text}</Appearance></Annot></N>"));
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).expect("a zip");
    let mut files: Vec<(String, String)> = Vec::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).expect("a file");
        files.push((file.name().expect("a name").into_owned(), std::io::read_to_string(&mut file).expect("text")));
    }
    let limits = limits();
    let mut state = 7_u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let bits =
        ["<", ">", "'", "/", "&", " ", "-", "9", "999999999", "1e38", "-1e38", "NaN", "g ", "C", "Q", "<TextCode>", "</TextCode>", "ID='5'", "\u{0}", "元"];
    let mut read_whole = 0;
    for _ in 0..3000 {
        let mut damaged = files.clone();
        for _ in 0..=below(3) {
            let content = &mut damaged[below(files.len())].1;
            let characters: Vec<char> = content.chars().collect();
            let (from, cut) = (below(characters.len()), below(4));
            let after = characters.iter().skip(from + cut);
            *content = characters.iter().take(from).chain(bits[below(bits.len())].chars().collect::<Vec<_>>().iter()).chain(after).collect();
        }
        let parts: Vec<(&str, &str)> = damaged.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
        read_whole += usize::from(read(&package(&parts), &limits, None).is_ok());
    }
    assert!(read_whole > 100, "some damage is small: {read_whole}");
}
