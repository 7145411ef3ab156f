//! One file, from its bytes to its facts and findings: decode, identify, recognise, place, infer,
//! check. A pure function of the bytes, the path and the settings; knows nothing of other files.

use crate::check;
use crate::decode::{self, Charset, Decoded, Decoder, Reached, Read, Recogniser, Unreadable};
use crate::document::{Place, SEAM};
use crate::fact::{Fact, Qualifier, Scope, Span, State};
use crate::finding::Finding;
use crate::form::infer::{Known, infer};
use crate::form::value::CellText;
use crate::form::{Doubt, FoundTable, Memo, Outline, Placed, PlacedTable, outline};
use crate::identify::{self, identify, is_title};
use crate::narrative::{Passage, Sentence, sentences};
use crate::settings::Settings;
use crate::sketch::Sketch;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::path::Path;

/// The rule that old formats break until they are converted.
const NOT_CONVERTED: &str = "report.not_converted";
/// The rules that pictures of pages break until somebody reads them.
const SCANNED: [&str; 2] = ["report.scanned", "report.pages_scanned"];

/// The rule that tables break which may be pictures.
const PICTURES: &str = "report.pictures";

/// What stands behind the format of files of which pages were recognised.
const RECOGNISED: &str = "-ocr";

/// How far a file could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// All parts of the form.
    Read,
    /// Some cells or tables were not found.
    PartlyRead,
    /// Nothing could be read.
    Unreadable,
    /// Another file of the same office and year was taken.
    Duplicate,
}

impl Status {
    /// The identifier that stands in the published tables.
    pub fn id(self) -> &'static str {
        match self {
            Status::Read => "read",
            Status::PartlyRead => "partly_read",
            Status::Unreadable => "unreadable",
            Status::Duplicate => "duplicate",
        }
    }
}

/// What one file gave.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Path relative to the input folder, parted by `/`.
    pub source_file: String,
    /// Format, as far as known.
    pub format: String,
    /// Encoding, for formats that are text.
    #[serde(deserialize_with = "kept_charset")]
    pub encoding: Option<Charset>,
    /// BLAKE3 of the bytes, in hexadecimal; none if they could not be had.
    pub content_hash: Option<String>,
    /// How far it could be read.
    pub status: Status,
    /// Report year.
    pub year: Option<i32>,
    /// Registered office.
    pub office: Option<u32>,
    /// Name of an office that is not registered.
    pub unregistered: Option<String>,
    /// `2019`, `2021`, `mixed`, `legacy` or `none`.
    pub form: String,
    /// Title as it stands.
    pub title: Option<String>,
    /// When it was published.
    #[serde(with = "kept_day")]
    pub published_on: Option<chrono::NaiveDate>,
    /// Cells that its form has.
    pub cells_expected: u32,
    /// Cells that were found, blank ones among them.
    pub cells_found: u32,
    /// Facts in the order of the catalog; none once they are packed.
    pub facts: Vec<Fact>,
    /// The facts, in half the room.
    pub packed: Vec<u8>,
    /// The texts of the facts.
    pub text: String,
    /// What its prose is like.
    pub sketch: Sketch,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// The sentences that hold figures; kept only where a person looks at a single report.
    #[serde(skip)]
    pub sentences: Vec<Sentence>,
}

impl Reading {
    /// A file of which nothing is known but its path.
    pub fn unread(source_file: &str) -> Reading {
        Reading {
            source_file: source_file.to_string(),
            format: Path::new(source_file).extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default(),
            encoding: None,
            content_hash: None,
            status: Status::Unreadable,
            year: identify::path_year(source_file),
            office: None,
            unregistered: None,
            form: "none".to_string(),
            title: None,
            published_on: None,
            cells_expected: 0,
            cells_found: 0,
            facts: Vec::new(),
            packed: Vec::new(),
            text: String::new(),
            sketch: Sketch::default(),
            findings: Vec::new(),
            sentences: Vec::new(),
        }
    }

    /// Packs the facts: of many reports, those that nobody looks at should lie close.
    pub fn pack(&mut self) {
        if let Ok(packed) = postcard::to_stdvec(&self.facts) {
            (self.packed, self.facts) = (packed.as_slice().into(), Vec::new());
        }
    }

    /// The facts, packed or not.
    pub fn open(&self) -> Cow<'_, [Fact]> {
        match self.packed.is_empty() {
            true => Cow::Borrowed(&self.facts),
            false => Cow::Owned(postcard::from_bytes(&self.packed).unwrap_or_default()),
        }
    }

    /// Leaves nothing but what is known of the file and the office.
    pub fn empty(&mut self) {
        (self.facts, self.packed, self.text, self.sketch) = Default::default();
    }

    /// A file that could not be read, with the reason in both languages.
    pub fn unreadable(source_file: &str, zh: &str, en: &str) -> Reading {
        let finding = Finding::new("report.unreadable").both("reason_zh", zh, zh).both("reason_en", en, en);
        Reading { findings: vec![finding], ..Reading::unread(source_file) }
    }

    /// Whether it is of an old format that has to be converted before it can be read.
    pub fn is_legacy(&self) -> bool {
        self.findings.iter().any(|f| f.rule == NOT_CONVERTED)
    }

    /// Whether it has pages that are pictures, in a format that may be read through a recogniser.
    pub fn is_scan(&self) -> bool {
        let may_be = |decoder: &Decoder| decoder.format == self.format && matches!(decoder.read, Read::Pages(_));
        decode::DECODERS.iter().any(may_be) && self.findings.iter().any(|f| SCANNED.contains(&f.rule.as_ref()))
    }

    /// Whether any of its pages was recognised from a picture.
    pub fn is_recognised(&self) -> bool {
        self.format.ends_with(RECOGNISED)
    }

    /// A file that cannot be read for a reason known by now.
    pub fn refused(source_file: &str, reason: &Unreadable) -> Reading {
        let unread = Reading::unread(source_file);
        Reading { findings: vec![reason_of(reason, &unread.format)], ..unread }
    }

    /// Whether its facts are worth keeping: it is a report and can be told which year it speaks of.
    pub fn counts(&self) -> bool {
        self.status != Status::Unreadable && self.status != Status::Duplicate && self.form != "none"
    }
}

/// What a file of the input gave: an archive gives the readings of all files in it.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileReadings {
    /// What was read.
    pub readings: Vec<Reading>,
    /// Files in an archive that systems leave behind.
    pub left_out: usize,
    /// BLAKE3 of the bytes; none if they could not be had, or the program broke over them.
    #[serde(skip)]
    pub content: Option<[u8; 32]>,
    /// Whether the disk failed, so that another try may give something else.
    #[serde(skip)]
    pub fleeting: bool,
}

impl From<Reading> for FileReadings {
    fn from(reading: Reading) -> FileReadings {
        let content = reading.content_hash.as_ref().and_then(|hash| blake3::Hash::from_hex(hash).ok());
        FileReadings { content: content.map(Into::into), readings: vec![reading], ..FileReadings::default() }
    }
}

/// Reads one file. If `wanted` names years, a report of another year is only identified.
pub fn read(source_file: &str, bytes: &[u8], wanted: &[i32], settings: &Settings) -> Reading {
    read_with(&mut Memo::default(), source_file, bytes, wanted, settings)
}

/// The same, with a memo of labels that outlives the file. It changes nothing but the time it takes.
pub fn read_with(memo: &mut Memo, source_file: &str, bytes: &[u8], wanted: &[i32], settings: &Settings) -> Reading {
    read_by(memo, source_file, bytes, wanted, settings, None)
}

/// Reads a scan, by what `recognise` sees on the pages that are pictures. It may err, so the report is never read whole.
pub fn read_scan(source_file: &str, bytes: &[u8], wanted: &[i32], settings: &Settings, recognise: &Recogniser<'_>) -> Reading {
    read_by(&mut Memo::of_recognised(), source_file, bytes, wanted, settings, Some(recognise))
}

fn read_by(memo: &mut Memo, source_file: &str, bytes: &[u8], wanted: &[i32], settings: &Settings, recognise: Option<&Recogniser<'_>>) -> Reading {
    let mut reading = Reading::unread(source_file);
    reading.content_hash = Some(blake3::hash(bytes).to_hex().to_string());
    let path = Path::new(source_file);
    let found = decode::decoder(path, bytes).and_then(|decoder| {
        reading.format = decoder.format.to_string();
        reading.findings.extend(wrong_extension(decoder, path));
        match decoder.read {
            Read::Text(read) => decode::to_text(bytes).map(|(text, encoding)| (Some((text, read)), Decoded { encoding: Some(encoding), ..Decoded::default() })),
            Read::Bytes(read) => read(bytes, &settings.limits).map(|decoded| (None, decoded)),
            Read::Pages(read) => read(bytes, &settings.limits, recognise).map(|decoded| (None, decoded)),
        }
    });
    if decode::is_picture(bytes) {
        reading.findings.push(Finding::new("report.picture_file"));
    }
    let (text, decoded) = match found {
        Ok(found) => found,
        Err(reason) => {
            if let Unreadable::Legacy(format) = reason {
                reading.format = format.to_string();
            }
            let finding = reason_of(&reason, &reading.format);
            reading.findings.push(finding);
            return reading;
        }
    };
    reading.encoding = decoded.encoding;
    reading.findings.extend(decoded.findings);
    let recognised = recognise.is_some() && reading.findings.iter().any(|f| f.rule == "report.pages_recognised");
    if recognised {
        reading.format += RECOGNISED;
    }
    let mut document = match &text {
        Some((text, read)) => read(text),
        None => decoded.document,
    };
    if settings.traditional.simplify(&mut document) {
        reading.findings.push(Finding::new("report.traditional"));
    }
    settings.forms.unframe(&mut document, memo);
    settings.forms.spread(&mut document, memo);
    let identity = identify(&document, source_file, &settings.registry);
    reading.year = identity.year;
    reading.office = identity.office;
    reading.published_on = identity.published_on;
    // What is recognised may be wrong.
    reading.status = if recognised { Status::PartlyRead } else { Status::Read };
    let outside = identity.year.is_some_and(|y| !wanted.is_empty() && !wanted.contains(&y));
    if outside {
        reading.findings.retain(|f| f.rule != PICTURES);
        return reading;
    }
    let outline = outline(&document, &settings.forms, identity.year, memo);
    let titled = identity.title.as_deref().is_some_and(is_title);
    reading.form = form_of(&outline, settings, identity.year, titled);
    reading.title = identity.title;
    if reading.form == "none" {
        reading.findings.push(Finding::new("report.not_a_report"));
        return reading;
    }
    reading.unregistered = identity.unregistered;
    reading.findings.extend(identity.findings);
    if identity.year.is_none() {
        reading.findings.push(Finding::new("report.year_unknown"));
    }
    if reading.form != "legacy" {
        missing_sections(&outline, settings, &mut reading);
        for (index, table) in outline.tables.iter().enumerate() {
            read_table(index, table, settings, &mut reading);
        }
    }
    // Pictures are worth a word only where a table may be one.
    if !reading.findings.iter().any(|f| f.rule == "report.table_missing") {
        reading.findings.retain(|f| f.rule != PICTURES);
    }
    read_prose(&outline, settings, &mut reading);
    reading.sketch = sketch(&outline, settings, &reading);
    if reading.cells_found < reading.cells_expected {
        reading.status = Status::PartlyRead;
    }
    let channels = settings.narrative.channels();
    let channel = |f: &Fact| f.channel.map(|c| channels[usize::from(c)].id.as_str());
    let later = |a: &Fact, b: &Fact| (channel(a), a.at, a.scope, a.qualifier).cmp(&(channel(b), b.at, b.scope, b.qualifier));
    reading.facts.sort_by(|a, b| a.item.cmp(&b.item).then_with(|| later(a, b)));
    reading.findings.sort_by_key(|f| f.at);
    // They are kept until all files are read. A copy is as small as it can be; what shrinks in its place often is not.
    reading.text = reading.text.as_str().into();
    reading.findings = reading.findings.drain(..).collect();
    reading
}

/// A file whose name says that it is of another format than its content.
fn wrong_extension(decoder: &Decoder, path: &Path) -> Option<Finding> {
    let extension = decode::extension(path);
    // 报告.2020 and 某街道.定稿 have no extension, though there is a dot in the name.
    let is_one = extension.len() <= 5 && extension.starts_with(|c: char| c.is_ascii_alphabetic()) && extension.is_ascii();
    let wrong = is_one && !decoder.extensions.contains(&extension.as_str());
    wrong.then(|| Finding::new("report.wrong_extension").with("found", extension).with("actual_format", decoder.format))
}

/// `extension` is what the file is called by.
fn reason_of(reason: &Unreadable, extension: &str) -> Finding {
    let (zh, en) = match reason {
        Unreadable::Unsupported(what) => {
            let supported: Vec<&str> = decode::DECODERS.iter().filter_map(|d| d.extensions.first()).chain(&decode::CONVERTED).copied().chain(["zip"]).collect();
            let kind = if extension.is_empty() || extension == what { what.clone() } else { format!("{extension} ({what})") };
            let (zh, en) = if kind.is_empty() { ("未知", "of an unknown kind") } else { (kind.as_str(), kind.as_str()) };
            let packed = matches!(what.as_str(), "rar" | "7z" | "gzip");
            let (zh, en) = match packed {
                true => (format!("{zh} 压缩包（请解压，或改存为 zip）"), format!("a packed {en} (unpack it, or save it as zip)")),
                false => (zh.to_string(), en.to_string()),
            };
            return Finding::new("report.unsupported_format").both("found", &zh, &en).with("supported", supported.join(", "));
        }
        Unreadable::Legacy(format) => return Finding::new(NOT_CONVERTED).with("found", *format),
        Unreadable::Empty => ("文件是空的。请索要原件。", "The file is empty. Ask for the original."),
        Unreadable::NotText => (
            "文件不是文本（不是 UTF-8、UTF-16 或 GB18030 编码），可能已损坏或扩展名有误。请索要原件。",
            "The file is no text in UTF-8, UTF-16 or GB18030; it may be damaged or wrongly named. Ask for the original.",
        ),
        Unreadable::Damaged => ("文件已损坏或不完整。请索要原件。", "The file is damaged or incomplete. Ask for the original."),
        Unreadable::Encrypted => ("文件设有密码。请索要没有密码的文件。", "The file is locked with a password. Ask for one without."),
        Unreadable::Scan => return Finding::new(SCANNED[0]),
        Unreadable::NoText => (
            "页面没有文字：内容由脚本或框架从别处载入。请在浏览器中打开后另存为网页，或索要原件。",
            "The page holds no text: scripts or frames fetch it from elsewhere. Open it in a browser and save it from there, or ask for the original.",
        ),
        Unreadable::Limit(Reached { name, value }) => {
            let zh = format!("文件超过上限 {name} = {value}（config/limits.toml），未读取。请确认是否为年度报告。");
            let en = format!("The file is beyond the limit {name} = {value} (config/limits.toml) and was not read. Check whether it is a report.");
            return Finding::new("report.unreadable").both("reason_zh", &zh, &zh).both("reason_en", &en, &en);
        }
    };
    Finding::new("report.unreadable").both("reason_zh", zh, zh).both("reason_en", en, en)
}

/// The form of a report: that of the tables that tell, else that of the year; without any table,
/// whether it is a report at all.
fn form_of(outline: &Outline<'_>, settings: &Settings, year: Option<i32>, titled: bool) -> String {
    let id = |form: usize| settings.forms.forms[form].id.clone();
    let mut telling: Vec<usize> = outline.tables.iter().filter(|t| t.telling).filter_map(|t| t.form).collect();
    telling.sort_unstable();
    telling.dedup();
    let any = outline.tables.iter().find_map(|t| t.form);
    let of_year = year.map(|y| settings.forms.of_year(y));
    match (telling.as_slice(), any, of_year) {
        ([one], ..) => id(*one),
        ([_, _, ..], ..) => "mixed".to_string(),
        ([], Some(form), _) => id(form),
        ([], None, _) if !titled => "none".to_string(),
        ([], None, Some(Some(form))) => id(form),
        ([], None, _) => "legacy".to_string(),
    }
}

fn missing_sections(outline: &Outline<'_>, settings: &Settings, reading: &mut Reading) {
    let form = reading.year.and_then(|y| settings.forms.of_year(y)).unwrap_or(0);
    for section in &settings.forms.forms[form].sections {
        let has_table = settings.forms.forms[0].tables.iter().position(|t| t.id == section.id).is_some_and(|t| outline.tables[t].form.is_some());
        if !has_table && !outline.parts.iter().any(|p| p.section == section.id) {
            let name = format!("{}、{}", section.ordinal, section.title);
            reading.findings.push(Finding::new("report.section_missing").with("found", name));
        }
    }
}

fn read_table(index: usize, found: &FoundTable<'_>, settings: &Settings, reading: &mut Reading) {
    let of_year = reading.year.and_then(|y| settings.forms.of_year(y));
    let form = found.form.or(of_year).unwrap_or(0);
    let table = &settings.forms.forms[form].tables[index];
    reading.cells_expected += table.cells.len() as u32;
    let Some(placed) = found.place(&settings.forms, index) else {
        reading.findings.push(Finding::new("report.table_missing").both("table", &table.zh, &table.en));
        return;
    };
    if let Some(expected) = of_year.filter(|f| *f != form) {
        let (expected, actual) = (&settings.forms.forms[expected], &settings.forms.forms[form]);
        let year = reading.year.unwrap_or_default();
        let finding = Finding::new("report.form_outdated").numbers(f64::from(expected.first_year), f64::from(actual.first_year));
        let finding = finding.both("table", &table.zh, &table.en).with("year", year.to_string());
        reading.findings.push(finding.with("expected", expected.id.clone()).with("actual", actual.id.clone()));
    }
    let mut known: Vec<Known> = placed.cells.iter().map(|c| known(c.as_ref())).collect();
    // Where cell borders are lost, a blank cell is as good as not seen: nothing follows from it.
    if !placed.cells.iter().flatten().any(|c| c.split) {
        infer(&table.equations, &mut known);
    }
    let view = check::TableView { table, cells: &placed.cells, known: &known, item: &|cell| settings.catalog.cell(form, index, cell) };
    reading.findings.extend(check::table(&view));
    reading.findings.extend(troubles(&placed, table));
    for &cell in settings.catalog.in_order(form, index) {
        let fact = fact(&placed, cell, known[cell], settings.catalog.cell(form, index, cell), &mut reading.text);
        reading.cells_found += u32::from(placed.cells[cell].is_some());
        reading.facts.push(fact);
    }
}

fn known(cell: Option<&Placed<'_>>) -> Known {
    match cell.map(|c| c.value) {
        Some(CellText::Number(number, _)) if cell.is_some_and(|c| c.split) => Known::Inferred(number),
        Some(CellText::Number(number, _)) => Known::Stated(number),
        Some(CellText::Blank) | None => Known::Open,
        Some(CellText::NotApplicable | CellText::Unreadable) => Known::Closed,
    }
}

fn fact(placed: &PlacedTable<'_>, cell: usize, known: Known, item: u16, text: &mut String) -> Fact {
    let source = placed.cells[cell].as_ref();
    let state = match (known, source.map(|s| s.value)) {
        (Known::Stated(_), _) => State::Reported,
        (Known::Inferred(_), _) => State::Inferred,
        (_, Some(CellText::NotApplicable)) => State::NotApplicable,
        (_, Some(CellText::Unreadable)) => State::Unreadable,
        _ => State::Blank,
    };
    let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    Fact {
        item,
        channel: None,
        qualifier: Qualifier::Exact,
        scope: Scope::CurrentYear,
        state,
        value: known.value().unwrap_or(f64::NAN),
        raw: source.map_or(Span::default(), |s| match s.raw.contains(SEAM) {
            true => Span::store(text, clipped(&s.raw.replace(SEAM, "\n"))),
            false => Span::store(text, clipped(&s.raw)),
        }),
        unit: 0,
        whole: false,
        at: source.map_or(Place::default(), |s| s.at),
        cell: source.map_or((0, 0, 0), |s| (small(s.cell.0), small(s.cell.1), small(s.cell.2))),
    }
}

/// A cell of a broken table may hold half the file; what is kept of it is enough to find it.
fn clipped(raw: &str) -> &str {
    const LONGEST: usize = 400;
    &raw[..raw.floor_char_boundary(LONGEST)]
}

fn troubles(placed: &PlacedTable<'_>, table: &crate::form::Table) -> Vec<Finding> {
    let of_table = |rule: &str, at: Place| Finding::new(rule).at(at).both("table", &table.zh, &table.en);
    let titles = |row: usize| {
        let cell = &table.cells[table.rows[row].cells.start];
        match table.rows[row].cores.is_empty() {
            true => (table.zh.clone(), table.en.clone()),
            false => (cell.zh.row.clone(), cell.en.row.clone()),
        }
    };
    let mut findings: Vec<Finding> = Vec::new();
    for trouble in &placed.troubles {
        let of_table = |rule| of_table(rule, trouble.at).with("values", trouble.values.as_str());
        let of_row = |rule, row| {
            let (zh, en) = titles(row);
            of_table(rule).both("row", &zh, &en)
        };
        findings.push(match &trouble.kind {
            Doubt::UnknownRow(label) => of_table("table.row_unknown").with("found", label.as_str()),
            Doubt::Ambiguous(row) => of_row("cell.ambiguous", *row).with("found", trouble.values.as_str()),
            Doubt::AgainstHeader(row) => of_row("table.row_shifted", *row),
            Doubt::ByOrder(row) => of_row("table.row_by_order", *row),
            Doubt::ColumnByOrder(cell, label) => {
                let title = (&table.cells[*cell].zh.column, &table.cells[*cell].en.column);
                of_table("table.column_by_order").both("column", title.0, title.1).with("found", label.as_ref())
            }
            Doubt::ColumnLost(label) => of_table("table.column_lost").with("found", label.as_ref()),
            Doubt::ColumnUnknown(label) => of_table("table.column_unknown").with("found", label.as_ref()),
            Doubt::Mended(cells) => of_table("cell.mended").actual(*cells as f64),
            Doubt::Split(cells) => of_table("cell.split").actual(*cells as f64),
            Doubt::Twice(cell, first, second) => {
                let title = (&table.cells[*cell].zh.column, &table.cells[*cell].en.column);
                of_row("cell.conflict", table.cells[*cell].row)
                    .both("column", title.0, title.1)
                    .with("expected_text", first.as_ref())
                    .with("found", second.as_ref())
            }
        });
    }
    let lost: Vec<&str> = table
        .rows
        .iter()
        .filter(|r| r.cells.clone().all(|c| placed.cells[c].is_none()))
        .map(|r| if r.title.is_empty() { table.zh.as_str() } else { r.title.as_str() })
        .collect();
    if !lost.is_empty() {
        let first = lost.iter().take(5).copied().collect::<Vec<_>>().join("、");
        let (zh, en) = match lost.len() {
            0..=5 => (first.clone(), first),
            n => (format!("{first}等 {n} 行"), format!("{first} and others, {n} rows")),
        };
        findings.push(of_table("table.row_missing", Place::default()).both("found", &zh, &en));
    }
    findings
}

/// The sketch of the parts that are prose: those without a table of the form.
fn sketch(outline: &Outline<'_>, settings: &Settings, reading: &Reading) -> Sketch {
    let names = match (reading.office, &reading.unregistered) {
        (Some(office), _) => settings.registry.writings(office),
        (None, name) => name.as_slice(),
    };
    let has_table = |section: &str| settings.forms.forms[0].tables.iter().any(|t| t.id == section);
    let passages = outline.parts.iter().filter(|p| !has_table(p.section)).flat_map(|p| &p.passages);
    Sketch::of(passages.filter(|p| !p.heading).map(|p| p.text), names)
}

fn read_prose(outline: &Outline<'_>, settings: &Settings, reading: &mut Reading) {
    let Some(year) = reading.year else { return };
    let passages: Vec<Passage<'_>> = outline
        .parts
        .iter()
        .flat_map(|part| part.passages.iter().map(|p| Passage { text: p.text, at: p.at, section: part.section, heading: p.heading }))
        .collect();
    let stated = settings.narrative.read_marked(&passages, year);
    reading.findings.extend(check::prose(&stated, &reading.facts, settings));
    reading.sentences = sentences(&passages, &stated);
    for figure in stated.into_iter().filter(|marked| !marked.wide).map(|marked| marked.figure) {
        let raw = Span::store(&mut reading.text, clipped(&figure.raw));
        reading.facts.push(Fact {
            item: settings.catalog.indicator(figure.indicator),
            channel: figure.channel,
            qualifier: figure.qualifier,
            scope: figure.scope,
            state: State::Reported,
            value: figure.value,
            raw,
            unit: raw.store_behind(&mut reading.text, figure.unit.as_deref()),
            whole: figure.whole,
            at: figure.at,
            cell: (0, 0, 0),
        });
    }
}

fn kept_charset<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Charset>, D::Error> {
    let name = Option::<String>::deserialize(from)?;
    Ok(name.and_then(|name| decode::charset(&name)))
}

/// A day as the number of days since the first.
mod kept_day {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.num_days_from_ce()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        Ok(Option::deserialize(from)?.and_then(NaiveDate::from_num_days_from_ce_opt))
    }
}
