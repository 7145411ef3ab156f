//! Scanned reports through tesseract, where it is installed: no number may be wrong, those in doubt are unreadable. And
//! what is said of scans where it is not installed, or not asked for.

mod pipeline;

use huizong::fact::{Fact, State};
use huizong::finding::Lang;
use huizong::read::{Reading, Status, read};
use huizong::recognise::Tesseract;
use huizong::settings::Settings;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A page of an invented report, printed and scanned: 200 dots an inch, black or white, a little askew.
const SCAN: &[u8] = include_bytes!("files/scan/柳堤镇人民政府2022.pdf");
/// What is printed on it.
const PRINT: &[u8] = include_bytes!("files/scan/柳堤镇人民政府2022.md");

#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn installed() -> bool {
    let found = Tesseract::find(Duration::from_secs(60), &|| false);
    if let Err(lack) = &found {
        eprintln!("skipped: {}", lack.told().1);
    }
    found.is_ok()
}

fn settings() -> Settings {
    Settings::load_for_parsing(Path::new("config")).expect("the project's configuration")
}

fn rules(reading: &Reading) -> Vec<&str> {
    reading.findings.iter().map(|f| f.rule.as_ref()).collect()
}

/// Numbers by what they count.
fn facts(reading: &Reading) -> BTreeMap<(u16, Option<u8>), &Fact> {
    reading.facts.iter().map(|fact| ((fact.item, fact.channel), fact)).collect()
}

/// The same page laid on its side.
fn turned() -> Vec<u8> {
    let place = memchr::memmem::find(SCAN, b"/Type /Page\n").or_else(|| memchr::memmem::find(SCAN, b"/Type /Page ")).expect("a page");
    let mut bytes = SCAN.to_vec();
    bytes.splice(place..place, *b"/Rotate 90 ");
    bytes
}

#[test]
fn a_scan_gives_the_numbers_that_are_printed() {
    if !installed() {
        return;
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("柳堤镇.pdf", zip::write::SimpleFileOptions::default()).expect("a file");
    zip.write_all(SCAN).expect("content");
    let zip = zip.finish().expect("a zip").into_inner();
    let expected = read("2022/a.md", PRINT, &[], &settings());
    for (name, bytes, inside) in [("2022/a.zip", zip, "2022/a.zip!/柳堤镇.pdf"), ("2022/b.pdf", turned(), "2022/b.pdf")] {
        // Each in a run of its own: side by side they would be copies of each other.
        let all = pipeline::read_all(&[(name, &bytes)], true);
        let reading = &all.readings[0];
        assert_eq!((reading.source_file.as_str(), reading.format.as_str(), reading.status), (inside, "pdf-ocr", Status::PartlyRead));
        assert!(rules(reading).contains(&"report.pages_recognised"), "{:?}", rules(reading));
        assert_eq!((reading.year, &reading.title), (expected.year, &expected.title));
        let found = facts(reading);
        let (mut right, mut unreadable) = (0, 0);
        for (key, printed) in facts(&expected) {
            let fact = found.get(&key).unwrap_or_else(|| panic!("{name}: item {} is lost", key.0));
            match fact.state {
                State::Unreadable => unreadable += 1,
                state => {
                    assert_eq!((state, fact.number()), (printed.state, printed.number()), "{name}: item {}", key.0);
                    right += 1;
                }
            }
        }
        assert!(right > 170 && unreadable * 20 < right, "{name}: {right} right, {unreadable} unreadable");
    }
}

#[test]
fn a_scan_is_told_as_such_where_nobody_asks_to_recognise_it() {
    let all = pipeline::read_all(&[("2022/a.pdf", SCAN)], false);
    let reading = &all.readings[0];
    assert_eq!((reading.format.as_str(), reading.status, rules(reading)), ("pdf", Status::Unreadable, vec!["report.scanned"]));
    let message = |lang| reading.findings[0].message(&settings().rules, lang);
    for message in [message(Lang::Zh), message(Lang::En)] {
        assert!(message.contains("--ocr") && message.contains("tesseract-ocr-chi-sim"), "{message}");
    }
}

/// Runs the program on the scan, with this for tesseract.
fn parse(tesseract: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huizong"));
    command.env("PATH", "").env("HUIZONG_TESSERACT", tesseract).args(["parse", "--config", "config"]).args(arguments);
    let done = command.arg("tests/files/scan/柳堤镇人民政府2022.pdf").output().expect("the program runs");
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[test]
fn what_is_missing_is_named() {
    for (lang, missing) in [("zh", "本机没有找到"), ("en", "none was found here")] {
        let (status, said) = parse("", &["--ocr", "--lang", lang]);
        assert_eq!(status, Some(3));
        assert_eq!(said.matches(missing).count(), 1, "{said}");
        assert!(said.contains("report.unreadable") && said.contains("apt install tesseract-ocr tesseract-ocr-chi-sim"), "{said}");
        let (_, said) = parse("", &["--lang", lang]);
        assert!(!said.contains(missing) && said.contains("--ocr"), "{said}");
    }
}

/// A stand-in for tesseract.
fn stand_in(folder: &Path, does: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.join("tesseract");
    std::fs::write(&program, format!("#!/bin/sh\nPATH=/bin:/usr/bin\n{does}\n")).expect("a script");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    program.display().to_string()
}

#[test]
fn a_tesseract_without_chinese_or_that_fails_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = stand_in(folder.path(), "case $* in *chi_sim*) exit 1;; esac");
    let (status, said) = parse(&program, &["--ocr", "--lang", "en"]);
    assert!(status == Some(3) && said.contains("for chi_sim, which are not installed here"), "{said}");
    // It knows its languages, and then gives nothing for the strips of a page.
    let program = stand_in(folder.path(), "case $1 in *list*) exit 1;; esac");
    let (status, said) = parse(&program, &["--ocr", "--lang", "en"]);
    assert!(status == Some(3) && said.contains("tesseract did not read the scanned pages"), "{said}");
    // One that sees nothing leaves no cell blank.
    let program = stand_in(folder.path(), "case $1 in *list*) echo level > $2.tsv;; esac");
    let (status, said) = parse(&program, &["--ocr", "--lang", "en"]);
    assert!(status == Some(0) && said.contains("not_a_report"), "{status:?} {said}");
}

/// The page of the sample as a picture, by a program that is part of the same package as many others.
fn picture(format: &str) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().ok()?;
    let scan = folder.path().join("scan.pdf");
    std::fs::write(&scan, SCAN).ok()?;
    let done = Command::new("pdftoppm").args(["-r", "200", "-singlefile", format]).arg(&scan).arg(folder.path().join("page")).status().ok()?;
    let extension = if format == "-png" { "png" } else { "jpg" };
    std::fs::read(folder.path().join(format!("page.{extension}"))).ok().filter(|_| done.success())
}

#[test]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn a_picture_is_a_page_and_this_is_told() {
    let expected = read("2022/a.md", PRINT, &[], &settings());
    for (format, name) in [("-png", "2022/a.png"), ("-jpeg", "2022/a.jpg")] {
        let Some(bytes) = picture(format) else {
            eprintln!("skipped: pdftoppm is not installed");
            return;
        };
        let unread = read(name, &bytes, &[], &settings());
        assert_eq!((unread.status, rules(&unread)), (Status::Unreadable, vec!["report.picture_file", "report.scanned"]));
        if !installed() {
            return;
        }
        let all = pipeline::read_all(&[(name, &bytes)], true);
        let reading = &all.readings[0];
        assert!(reading.is_recognised() && reading.status == Status::PartlyRead && rules(reading).contains(&"report.picture_file"));
        assert_seen(name, &expected, reading);
    }
}

/// No number is wrong, and more than nine of ten are there.
fn assert_seen(name: &str, expected: &Reading, reading: &Reading) {
    let (known, seen) = (facts(expected), facts(reading));
    let wrong = seen.iter().filter(|(key, fact)| fact.number().is_some() && known.get(key).and_then(|f| f.number()) != fact.number()).count();
    let right = known.iter().filter(|(key, fact)| fact.number().is_some() && seen.get(key).and_then(|f| f.number()) == fact.number()).count();
    assert!(wrong == 0 && right * 10 > known.values().filter(|f| f.number().is_some()).count() * 9, "{name}: {wrong} wrong, {right} right");
}

/// A TIFF of several pages, each with the one fax that the page of the sample is.
fn tiff(pages: usize) -> Vec<u8> {
    let at = memchr::memmem::find(SCAN, b"/CCITTFaxDecode").expect("a fax");
    let begin = at + memchr::memmem::find(&SCAN[at..], b"stream\n").expect("its content") + 7;
    let fax = &SCAN[begin..begin + 33488];
    let mut bytes = [b"II*\0".as_slice(), &(8 + fax.len() as u32).to_le_bytes(), fax].concat();
    for page in 1..=pages {
        // Width, height, bits, Group 4, black is 0, one strip and its size.
        let fields = [(256u16, 1654u32), (257, 2339), (258, 1), (259, 4), (262, 1), (273, 8), (279, fax.len() as u32)];
        bytes.extend((fields.len() as u16).to_le_bytes());
        for (tag, value) in fields {
            bytes.extend([&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat());
        }
        let next = if page < pages { bytes.len() as u32 + 4 } else { 0 };
        bytes.extend(next.to_le_bytes());
    }
    bytes
}

#[test]
fn a_tiff_is_a_scan_of_one_page_or_more() {
    let unread = read("2022/a.tif", &tiff(1), &[], &settings());
    assert_eq!((unread.format.as_str(), rules(&unread)), ("tiff", vec!["report.picture_file", "report.scanned"]));
    let unread = read("2022/a.png", &tiff(2), &[], &settings());
    assert_eq!((rules(&unread), unread.is_scan()), (vec!["report.wrong_extension", "report.scanned"], true));
    if !installed() {
        return;
    }
    let expected = read("2022/a.md", PRINT, &[], &settings());
    let all = pipeline::read_all(&[("2022/a.tif", &tiff(1))], true);
    let reading = &all.readings[0];
    assert_eq!((reading.format.as_str(), reading.status), ("tiff-ocr", Status::PartlyRead), "{:?}", rules(reading));
    assert_seen("2022/a.tif", &expected, reading);
    // The same page twice: both are read, and told.
    let all = pipeline::read_all(&[("2022/a.tif", &tiff(2))], true);
    let told = all.readings[0].findings.iter().find(|f| f.rule == "report.pages_recognised").expect("told");
    assert!(told.message(&settings().rules, Lang::En).contains("Page 1–2"));
}

/// An OFD of these pages, with a picture among its parts.
fn ofd(pages: &[&str], file: &str, picture: &[u8]) -> Vec<u8> {
    let place = |n: usize| format!("Pages/Page_{n}/Content.xml");
    let list: String = (0..pages.len()).map(|n| format!("<ofd:Page ID='{}' BaseLoc='{}'/>", n + 10, place(n))).collect();
    let document = format!(
        "<ofd:Document><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>\
         <ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"
    );
    let resources = format!(
        "<ofd:Res BaseLoc='Res'><ofd:MultiMedias><ofd:MultiMedia ID='5' Type='Image'><ofd:MediaFile>{file}</ofd:MediaFile></ofd:MultiMedia>\
         </ofd:MultiMedias></ofd:Res>"
    );
    let root = "<ofd:OFD><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
    let mut parts: Vec<(String, Vec<u8>)> = vec![("OFD.xml".to_string(), root.into())];
    parts.push(("Doc_0/Document.xml".to_string(), document.into()));
    parts.push(("Doc_0/DocumentRes.xml".to_string(), resources.into()));
    parts.push((format!("Doc_0/Res/{file}"), picture.to_vec()));
    for (n, objects) in pages.iter().enumerate() {
        let page = format!("<ofd:Page><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>");
        parts.push((format!("Doc_0/{}", place(n)), page.into()));
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
        zip.write_all(&content).expect("content");
    }
    zip.finish().expect("a zip").into_inner()
}

#[test]
fn a_picture_in_a_text_may_be_the_table_that_is_missing() {
    const LINES: [&str; 8] = [
        "柳堤镇人民政府2022年政府信息公开工作年度报告",
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
        "六、其他需要报告的事项",
        "本机关2022年没有需要报告的其他事项。",
    ];
    let line = |(n, text): (usize, &&str)| {
        format!("<ofd:TextObject Boundary='20 {} 170 8' Size='5'><ofd:TextCode X='0' Y='5'>{text}</ofd:TextCode></ofd:TextObject>", 20 + 10 * n)
    };
    let text: String = LINES.iter().enumerate().map(line).collect();
    let told = |pictures: &str| {
        let reading = read("2022/a.ofd", &ofd(&[&format!("{text}{pictures}")], "image_5.png", b""), &[], &settings());
        assert!(rules(&reading).contains(&"report.table_missing"), "{:?}", rules(&reading));
        let found = reading.findings.iter().find(|f| f.rule == "report.pictures");
        found.map(|f| (f.at.page, f.message(&settings().rules, Lang::En).contains("has 1 pictures")))
    };
    assert_eq!(told("<ofd:ImageObject ResourceID='5' Boundary='20 120 170 60'/>"), Some((1, true)));
    assert_eq!(told("<ofd:ImageObject ResourceID='5' Boundary='20 120 30 30'/>"), None, "a crest");
    let strips: String = (0..10).map(|n| format!("<ofd:ImageObject ResourceID='5' Boundary='20 {} 170 6'/>", 120 + 6 * n)).collect();
    assert_eq!(told(&strips), Some((1, true)), "one picture in strips");
}

#[test]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
fn a_page_of_an_ofd_may_be_a_scan() {
    const TEXT: &str = "<ofd:TextObject Boundary='20 20 150 6' Size='5'><ofd:TextCode X='0' Y='5'>\
        柳堤镇人民政府于2023年1月发布本报告，各栏数字以附后的扫描页为准，如有疑问请与本机关联系</ofd:TextCode></ofd:TextObject>";
    // As a whole, a little smaller than its page; turned, as a page laid in sideways; and where the file does not say how large it is drawn.
    let upright = "<ofd:ImageObject ResourceID='5' Boundary='5 5 200 283' CTM='200 0 0 283 0 0'/>";
    let turned = "<ofd:ImageObject ResourceID='5' Boundary='0 0 210 297' CTM='0 148 -210 0 210 74'/>";
    let bare = "<ofd:ImageObject ResourceID='5' Boundary='0 0 210 297'/>";
    let (Some(png), Some(jpeg)) = (picture("-png"), picture("-jpeg")) else {
        eprintln!("skipped: pdftoppm is not installed");
        return;
    };
    let scan = ofd(&[upright], "image_5.jpg", &jpeg);
    let unread = read("2022/a.ofd", &scan, &[], &settings());
    assert_eq!((unread.status, rules(&unread), unread.is_scan()), (Status::Unreadable, vec!["report.scanned"], true));
    let unread = read("2022/a.ofd", &ofd(&[TEXT, upright], "image_5.jpg", &jpeg), &[], &settings());
    assert!(rules(&unread).contains(&"report.pages_scanned"), "{:?}", rules(&unread));
    if !installed() {
        return;
    }
    let expected = read("2022/a.md", PRINT, &[], &settings());
    for (name, pages, file, bytes) in [
        ("2022/upright.ofd", &[upright] as &[&str], "image_5.jpg", &jpeg),
        ("2022/mixed.ofd", &[bare, TEXT], "image_5.png", &png),
        ("2022/turned.ofd", &[turned], "image_5.png", &png),
    ] {
        let all = pipeline::read_all(&[(name, &ofd(pages, file, bytes))], true);
        let reading = &all.readings[0];
        assert_eq!((reading.format.as_str(), reading.status), ("ofd-ocr", Status::PartlyRead), "{name}: {:?}", rules(reading));
        let told = reading.findings.iter().find(|f| f.rule == "report.pages_recognised").expect("told");
        assert_eq!(told.at.page, 1);
        assert!(!rules(reading).contains(&"report.pages_scanned"));
        assert_seen(name, &expected, reading);
    }
    // A picture of an unknown kind, one that is not there, and one of which a part is hidden leave the page a scan.
    let masked = "<ofd:ImageObject ResourceID='5' ImageMask='6' Boundary='5 5 200 283' CTM='200 0 0 283 0 0'/>";
    for (objects, file, bytes) in [(upright, "image_5.bmp", b"BM..".as_slice()), (upright, "image_5.jpg", &jpeg[..9]), (masked, "image_5.jpg", &jpeg)] {
        let all = pipeline::read_all(&[("2022/a.ofd", &ofd(&[TEXT, objects], file, bytes))], true);
        assert!(rules(&all.readings[0]).contains(&"report.pages_scanned"), "{:?}", rules(&all.readings[0]));
    }
}
