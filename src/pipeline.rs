//! The whole job on one screen: discover → recall what has not changed, read the rest in parallel → settle → assemble
//! each year → add up → publish. The only place that reads reports in parallel; the books of a run balance here.

use crate::assemble::{self, Year};
use crate::batch::Batch;
use crate::console::{Console, Stages};
use crate::convert;
use crate::decode::{self, Packed, Strip};
use crate::discover::{Found, Source, discover, is_leftover, reason};
use crate::failure::{Cause, Failure};
use crate::finding::Severity;
use crate::foreign::Trouble;
use crate::form::Memo;
use crate::kept::Kept;
use crate::manifest::{Digest, Manifest, TablesOfYear};
use crate::news::{self, News};
use crate::publish::Output;
use crate::published::Published;
use crate::read::{FileReadings, Reading, Status, read_scan, read_with};
use crate::recognise::{Lack, Tesseract};
use crate::settings::{Settings, Statute};
use crate::tables::{DISTRICT_SUMMARY, DIVISION_TOTALS, FACTS, FINDINGS, REPORTS, TABLES};
use crate::{aggregate, frames, report};
use anyhow::Result;
use polars::prelude::DataFrame;
use rayon::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Set by a signal; the work stops at the next file or batch.
pub static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// All files of a run, read.
#[derive(Debug)]
pub struct Readings {
    /// What was read, by path.
    pub readings: Vec<Reading>,
    /// Of the years before those to process, for comparison only.
    pub earlier: Vec<Reading>,
    /// The years to process.
    pub years: Vec<i32>,
    /// Files found.
    pub files: usize,
    /// Files of other years than those asked for.
    pub other_years: usize,
    /// Files that systems leave behind, not looked at.
    pub left_out: usize,
    /// Whether another try may give something else though no file changes: a disk failed, a program was late.
    pub fleeting: bool,
    /// Files that had not changed and were not read again.
    pub recalled: usize,
    /// The digest of the program and settings by which they were read.
    pub by: [u8; 32],
}

/// The results of a year, for the closing words.
#[derive(Debug)]
pub struct Outcome {
    /// The year.
    pub year: i32,
    /// The district summary.
    pub districts: DataFrame,
    /// What was written, or was there already.
    pub tables: TablesOfYear,
    /// What changed since the year was last published; none if it was not.
    pub news: Option<News>,
}

/// Makes `run.json` of what was written and of the years, and the manifest.
pub type Report<'a> = dyn Fn(&[Outcome], &[Year<'_>]) -> (Vec<u8>, Manifest) + 'a;

/// Files that are read by one thread in a row, with one memo of labels.
const CHUNK: usize = 32;
/// Readings whose facts make one row group and one piece of CSV.
const BATCH: usize = 128;

/// Finds all files under `input`, but not the results in `output`.
///
/// # Errors
/// If the input folder cannot be read.
pub fn find(input: &Path, output: &Path, console: &Console) -> Result<Found> {
    let progress = console.spinner("查找报告", "finding reports");
    let found = console.stages.time("discover", || discover(input, output, &|| progress.inc(1)))?;
    progress.finish_and_clear();
    Ok(found)
}

/// Reads all files found, scanned pages too if asked to `recognise` them, but not those of which `kept` has what was read
/// of the same content. `wanted` are the years asked for; none means every year found. What was read is kept in `keep`, if
/// there is such.
///
/// # Errors
/// If a signal came.
pub fn read_all(found: Found, wanted: &[i32], recognise: bool, settings: &Settings, kept: &Kept, keep: Option<&Output>, console: &Console) -> Result<Readings> {
    let progress = console.bar("读取报告", "reading reports", found.sources.len());
    // Each year is compared with the one before it.
    let needed: Vec<i32> = wanted.iter().flat_map(|year| [*year, year - 1]).collect();
    let (mut files, shelves) = console.stages.time("recall", || kept.recall(&found.sources, &needed));
    let recalled = files.iter().flatten().count();
    progress.inc(recalled as u64);
    let some = |memo: &mut Memo, sources: &mut [(&Source, &mut Option<FileReadings>)]| -> Result<()> {
        for (source, file) in &mut *sources {
            stopped()?;
            let mut read = read_file(source, &needed, settings, memo);
            for reading in &mut read.readings {
                // Only `parse` shows them.
                reading.sentences = Vec::new();
                reading.pack();
            }
            **file = Some(read);
        }
        progress.inc(sources.len() as u64);
        Ok(())
    };
    let mut unread: Vec<(&Source, &mut Option<FileReadings>)> = found.sources.iter().zip(&mut files).filter(|(_, file)| file.is_none()).collect();
    console.stages.time("read", || unread.par_chunks_mut(CHUNK).try_for_each_init(Memo::default, some))?;
    progress.finish_and_clear();
    let mut files: Vec<FileReadings> = files.into_iter().flatten().collect();
    convert_legacy(&found.sources, &mut files, &needed, settings, console)?;
    if recognise {
        recognise_scans(&found.sources, &mut files, &needed, settings, console)?;
    }
    stopped()?;
    if let Some(output) = keep {
        // What cannot be kept is read again another time.
        let _ = console.stages.time("keep", || kept.keep(&found.sources, &files, &shelves, &needed, output));
    }
    let left_out = found.left_out + files.iter().map(|f| f.left_out).sum::<usize>();
    let fleeting = files.iter().any(|f| f.fleeting);
    let mut readings: Vec<Reading> = files.into_iter().flat_map(|f| f.readings).collect();
    readings.extend(found.failed);
    let files = readings.len();
    readings.sort_by(|a, b| a.source_file.cmp(&b.source_file));
    assemble::tie_unreadable(&mut readings, &settings.registry);
    assemble::settle_duplicates(&mut readings, &settings.registry);
    let is_wanted = |r: &Reading| wanted.is_empty() || r.year.is_none_or(|y| wanted.contains(&y));
    let (readings, mut earlier): (Vec<Reading>, Vec<Reading>) = readings.into_iter().partition(is_wanted);
    let other_years = earlier.len();
    earlier.retain(|r| r.counts() && r.year.is_some_and(|y| needed.contains(&y)));
    let years = if wanted.is_empty() { assemble::years(&readings) } else { wanted.to_vec() };
    Ok(Readings { readings, earlier, years, files, other_years, left_out, fleeting, recalled, by: kept.by() })
}

/// Reads one file. Whatever goes wrong inside is a finding about this file.
pub fn read_file(source: &Source, wanted: &[i32], settings: &Settings, memo: &mut Memo) -> FileReadings {
    let length = std::fs::metadata(&source.path).map_or(0, |m| m.len());
    let most = settings.limits.file_mib;
    if length > most << 20 {
        let megabytes = length >> 20;
        let zh = format!("文件有 {megabytes} MB，超过 {most} MB 的上限，未读取。请确认是否为年度报告。");
        let en = format!("The file has {megabytes} MB, more than the limit of {most} MB, and was not read. Check whether it is a report.");
        return Reading::unreadable(&source.relative, &zh, &en).into();
    }
    let bytes = match std::fs::read(&source.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let (zh, en) = reason(&error);
            return FileReadings { fleeting: true, ..Reading::unreadable(&source.relative, &zh, &en).into() };
        }
    };
    if guarded(|| decode::is_archive(&bytes)) == Some(true) {
        return read_archive(&source.relative, &bytes, wanted, settings);
    }
    read_bytes(&source.relative, &bytes, wanted, settings, memo).into()
}

/// What a foreign program may take to start, beside its time for one file.
const START: Duration = Duration::from_secs(30);

/// Reads files of old formats again, from what LibreOffice makes of them, if it is there. `files` are what the sources
/// gave. What it fails at is not kept, and where it was late, another try may succeed.
///
/// # Errors
/// If there is no room for temporary files, or a signal came.
pub fn convert_legacy(sources: &[Source], files: &mut [FileReadings], wanted: &[i32], settings: &Settings, console: &Console) -> Result<()> {
    let legacy = readings_that(files, Reading::is_legacy);
    let Some(program) = convert::program().filter(|_| !legacy.is_empty()) else { return Ok(()) };
    let progress = console.spinner("转换旧格式文件", "converting files of old formats");
    let seconds = settings.limits.program_seconds;
    let names: Vec<&str> = legacy.iter().map(|&(file, at)| files[file].readings[at].source_file.as_str()).collect();
    let mut stored = Stored { sources, settings, archive: None };
    let put = |place: usize, to: &Path| std::fs::write(to, stored.bytes(names[place])?);
    let patience = START + Duration::from_secs(seconds);
    let converted = console.stages.time("convert", || convert::to_docx(&program, names.len(), put, patience, &|| INTERRUPTED.load(Ordering::Relaxed)));
    let failure =
        |e: std::io::Error| Failure::new("无法写入临时文件，旧格式文件没有转换", "no room for temporary files to convert old formats").because_of(&e.into());
    let converted = converted.map_err(failure)?;
    stopped()?;
    let read = |(name, docx): (&&str, &Result<PathBuf, Trouble>)| {
        let docx = std::fs::read(docx.as_ref().map_err(|trouble| *trouble)?).map_err(|_| Trouble::Refused)?;
        Ok(read_bytes(name, &docx, wanted, settings, &mut Memo::default()))
    };
    let again: Vec<Result<Reading, Trouble>> = names.par_iter().zip(&converted.files).map(read).collect();
    for ((file, at), again) in legacy.into_iter().zip(again) {
        let file = &mut files[file];
        if let Err(trouble) = again {
            file.content = None;
            file.fleeting |= trouble == Trouble::Late;
        }
        let reading = &mut file.readings[at];
        let again = again.unwrap_or_else(|trouble| not_converted(&reading.source_file, trouble, seconds));
        // The file is the one that came in, whatever it was read through.
        let (format, content_hash) = (reading.format.clone(), reading.content_hash.clone());
        *reading = Reading { format, content_hash, ..again };
    }
    progress.finish_and_clear();
    Ok(())
}

/// The readings that need another program: by file, and place among the readings of that file.
fn readings_that(files: &[FileReadings], need: impl Fn(&Reading) -> bool) -> Vec<(usize, usize)> {
    let places = files.iter().enumerate().flat_map(|(file, gave)| (0..gave.readings.len()).map(move |at| (file, at)));
    places.filter(|&(file, at)| need(&files[file].readings[at])).collect()
}

/// The files of a run, to be had again by the names of their readings.
struct Stored<'a> {
    sources: &'a [Source],
    settings: &'a Settings,
    /// The archive that was opened last, by its name.
    archive: Option<(&'a str, Vec<Packed>)>,
}

impl Stored<'_> {
    /// The content of a file, of one in an archive too.
    fn bytes(&mut self, name: &str) -> std::io::Result<Vec<u8>> {
        let holder = name.split_once("!/").map_or(name, |(archive, _)| archive);
        let gone = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let source = self.sources.iter().find(|s| s.relative == name || s.relative == holder).ok_or_else(gone)?;
        if source.relative == name {
            return std::fs::read(&source.path);
        }
        if self.archive.as_ref().is_none_or(|(open, _)| *open != source.relative) {
            let bytes = std::fs::read(&source.path)?;
            let files = guarded(|| decode::unpack(&source.relative, &bytes, &self.settings.limits)).unwrap_or_default();
            self.archive = Some((&source.relative, files));
        }
        let files = self.archive.iter().flat_map(|(_, files)| files);
        files.filter(|f| f.name == name).find_map(|f| f.content.as_ref().ok()).cloned().ok_or_else(gone)
    }
}

/// Reads files with scanned pages again, by what tesseract sees on these. `files` are what was read of `sources`.
///
/// # Errors
/// If a signal came.
pub fn recognise_scans(sources: &[Source], files: &mut [FileReadings], wanted: &[i32], settings: &Settings, console: &Console) -> Result<()> {
    let scans = readings_that(files, Reading::is_scan);
    if scans.is_empty() {
        return Ok(());
    }
    let interrupted = || INTERRUPTED.load(Ordering::Relaxed);
    let seconds = settings.limits.program_seconds;
    let tesseract = match Tesseract::find(START + Duration::from_secs(seconds), &interrupted) {
        Ok(tesseract) => tesseract,
        Err(lack) => {
            stopped()?;
            let (zh, en) = lack.told();
            console.finding(Severity::Warning, &zh, &en);
            // A language may come, and nothing tells that it did.
            for (file, _) in scans.into_iter().filter(|_| lack != Lack::Program) {
                (files[file].content, files[file].fleeting) = (None, true);
            }
            return Ok(());
        }
    };
    let progress = console.bar("识别扫描件", "recognising scans", scans.len());
    let stored = Mutex::new(Stored { sources, settings, archive: None });
    let names: Vec<&str> = scans.iter().map(|&(file, at)| files[file].readings[at].source_file.as_str()).collect();
    let read = |name: &&str| {
        let bytes = stored.lock().unwrap_or_else(PoisonError::into_inner).bytes(name).ok().filter(|_| !interrupted())?;
        let trouble = Cell::new(None);
        let recognise = |strips: &[&Strip]| tesseract.read(strips, &interrupted).map_err(|why| trouble.set(Some(why))).ok();
        let again = guarded(|| read_scan(name, &bytes, wanted, settings, &recognise)).unwrap_or_else(|| broke(name));
        progress.inc(1);
        Some((again, trouble.get()))
    };
    let again: Vec<Option<(Reading, Option<Trouble>)>> = console.stages.time("recognise", || names.par_iter().map(read).collect());
    progress.finish_and_clear();
    stopped()?;
    for ((file, at), again) in scans.into_iter().zip(again) {
        let file = &mut files[file];
        // One that has gone meanwhile stays what it was.
        let Some((again, trouble)) = again else {
            file.content = None;
            continue;
        };
        if trouble.is_some() || again.content_hash != file.readings[at].content_hash {
            file.content = None;
        }
        file.fleeting |= trouble == Some(Trouble::Late);
        // Outlines of letters are no picture, and nobody recognises those.
        let in_vain = again.is_scan() && again.status == Status::Unreadable;
        file.readings[at] = if in_vain { not_recognised(again, trouble.unwrap_or(Trouble::Refused), seconds) } else { again };
    }
    Ok(())
}

/// Says why nobody could read the pages of a file.
fn not_recognised(reading: Reading, trouble: Trouble, seconds: u64) -> Reading {
    let (zh, en) = match trouble {
        Trouble::Refused => ("tesseract 没有读出扫描页".to_string(), "tesseract did not read the scanned pages".to_string()),
        Trouble::Late => (
            format!("tesseract 识别一页超过 {seconds} 秒（config/limits.toml 中 program_seconds），已放弃"),
            format!("tesseract took more than {seconds} seconds for a page (program_seconds in config/limits.toml) and was ended"),
        ),
    };
    let (zh, en) = (format!("{zh}。请索要可复制文字的文件。"), format!("{en}. Ask for a file with text."));
    let findings = Reading::unreadable(&reading.source_file, &zh, &en).findings;
    Reading { findings, ..reading }
}

fn not_converted(source_file: &str, trouble: Trouble, seconds: u64) -> Reading {
    let (zh, en) = match trouble {
        Trouble::Refused => (
            "LibreOffice 无法打开：文件可能已损坏或设有密码。请索要没有密码的原件，或另存为 docx。".to_string(),
            "LibreOffice cannot open it; it may be damaged or locked with a password. Ask for the original without one, or save it as docx.".to_string(),
        ),
        Trouble::Late => (
            format!("LibreOffice 转换超过 {seconds} 秒（config/limits.toml 中 program_seconds），已放弃。请另存为 docx。"),
            format!("LibreOffice took more than {seconds} seconds (program_seconds in config/limits.toml) and was ended. Save it as docx."),
        ),
    };
    Reading::unreadable(source_file, &zh, &en)
}

fn read_bytes(name: &str, bytes: &[u8], wanted: &[i32], settings: &Settings, memo: &mut Memo) -> Reading {
    guarded(|| read_with(memo, name, bytes, wanted, settings)).unwrap_or_else(|| broke(name))
}

/// Reads all files in an archive, side by side: one archive may hold a whole district.
fn read_archive(name: &str, bytes: &[u8], wanted: &[i32], settings: &Settings) -> FileReadings {
    let Some(mut files) = guarded(|| decode::unpack(name, bytes, &settings.limits)) else { return broke(name).into() };
    let found = files.len();
    let inside = |file: &Packed| file.name.get(name.len()..).is_some_and(|path| path.split('/').any(is_leftover));
    files.retain(|file| !inside(file));
    let one = |file: &Packed, memo: &mut Memo| match &file.content {
        Ok(bytes) => read_bytes(&file.name, bytes, wanted, settings, memo),
        Err(reason) => Reading::refused(&file.name, reason),
    };
    let some = |files: &[Packed]| {
        let mut memo = Memo::default();
        files.iter().take_while(|_| stopped().is_ok()).map(|file| one(file, &mut memo)).collect::<Vec<_>>()
    };
    let content = Some(blake3::hash(bytes).into());
    FileReadings { readings: files.par_chunks(CHUNK).flat_map_iter(some).collect(), left_out: found - files.len(), content, fleeting: false }
}

fn broke(name: &str) -> Reading {
    let zh = "读取时程序内部出错，未计入汇总。请把这个文件发给开发者。";
    let en = "The program failed inside while reading it; it was not added up. Send the file to the developers.";
    Reading::unreadable(name, zh, en)
}

/// Adds up and publishes the years of a run, all together, with what people open if `for_people`.
///
/// # Errors
/// If the output cannot be written, or a signal came; then nothing has changed.
pub fn publish(
    output: Output,
    all: &Readings,
    settings: &Settings,
    console: &Console,
    for_people: Option<&Statute>,
    today: chrono::NaiveDate,
    report: &Report<'_>,
) -> Result<Vec<Outcome>> {
    let assemble = || all.years.iter().map(|&year| assemble::year(year, &all.readings, &all.earlier, settings)).collect();
    let mut years: Vec<Year<'_>> = console.stages.time("assemble", assemble);
    let before = Published::last(output.root()).ok();
    let mut news: Vec<Option<News>> = years.iter_mut().map(|year| news::compare(year, before.as_ref(), Some(today), settings)).collect();
    let batches: usize = years.iter().map(|y| y.readings.len().div_ceil(BATCH)).sum();
    let progress = console.bar("写出结果", "writing results", batches);
    let last = output.whole();
    let write = || -> Result<Vec<Outcome>> {
        let write = |year| write_year(&output, year, all, last.as_ref(), settings, &console.stages, &|| progress.inc(1));
        let outcomes = years.iter().map(write).collect::<Result<Vec<_>>>()?;
        output.carry_over(&all.years)?;
        if let Some(statute) = for_people {
            console.stages.time("report", || outcomes.iter().try_for_each(|o| lay_out(&output, o.year, None, statute)))?;
        }
        stopped().map(|()| outcomes)
    };
    let written = write().or_else(|error| if stopped().is_ok() && output.make_room() { write() } else { Err(error) });
    progress.finish_and_clear();
    let mut outcomes = match written {
        Ok(outcomes) => outcomes,
        Err(error) => {
            output.abandon();
            return Err(error);
        }
    };
    outcomes.iter_mut().zip(&mut news).for_each(|(outcome, news)| outcome.news = news.take());
    let (run, manifest) = report(&outcomes, &years);
    output.publish(&run, Some(manifest))?;
    Ok(outcomes)
}

/// Makes what people open from what was last published, and publishes it beside. Gives the years.
///
/// # Errors
/// If a year was not published, or the output cannot be written; then nothing has changed.
pub fn publish_report(output: Output, wanted: &[i32], division: Option<&str>, statute: &Statute, console: &Console) -> Result<Vec<i32>> {
    let made = console.stages.time("report", || {
        let published = Published::last(output.root())?;
        let run = published.run()?;
        let years = if wanted.is_empty() { published.years() } else { wanted.to_vec() };
        output.carry_over(&years)?;
        years.iter().try_for_each(|&year| lay_out(&output, year, division, statute))?;
        Ok((years, run))
    });
    match made.and_then(|made| stopped().map(|()| made)) {
        Ok((years, run)) => {
            output.publish(&run, None)?;
            Ok(years)
        }
        Err(error) => {
            output.abandon();
            Err(error)
        }
    }
}

fn lay_out(output: &Output, year: i32, division: Option<&str>, statute: &Statute) -> Result<()> {
    stopped()?;
    output.write_sheets(year, &report::sheets(&output.unpublished(), year, division, statute)?)
}

fn write_year(
    output: &Output,
    year: &Year<'_>,
    all: &Readings,
    last: Option<&Manifest>,
    settings: &Settings,
    stages: &Stages,
    tick: &dyn Fn(),
) -> Result<Outcome> {
    stopped()?;
    // A file whose year cannot be told stands under every year, but its facts under none.
    let dated: Vec<&Reading> = year.readings.iter().filter(|r| r.year.is_some()).copied().collect();
    let (facts_made_of, made_of) = made_of(year, &dated, all);
    let known = last.and_then(|last| last.tables.get(&year.year));
    if let Some(tables) = known.filter(|known| known.made_of == made_of) {
        TABLES.iter().try_for_each(|table| output.take_over(table, year.year))?;
        let districts = output.unpublished().table(&DISTRICT_SUMMARY, year.year)?;
        return Ok(Outcome { year: year.year, districts, tables: tables.clone(), news: None });
    }
    let batches: Vec<&[&Reading]> = dated.chunks(BATCH).collect();
    let facts = |batch: usize| {
        stopped()?;
        Ok(Batch::facts(batches[batch], settings))
    };
    let write = || match known.filter(|known| known.facts_made_of == facts_made_of) {
        Some(known) => output.take_over(&FACTS, year.year).map(|()| known.facts.clone()),
        None => output.write(&FACTS, year.year, batches.len(), &facts, tick),
    };
    // Facts wait for the disk, totals for the processor.
    let (totals, facts) = thread::scope(|scope| {
        let totals = scope.spawn(|| stages.time("aggregate", || aggregate::totals(year, settings)));
        let facts = stages.time("write", write);
        (totals.join().unwrap_or_else(|panic| resume_unwind(panic)), facts)
    });
    let (totals, facts) = (totals?, facts?);
    let mut others = Vec::new();
    for (table, frame) in [
        (&REPORTS, frames::reports(year, settings)?),
        (&FINDINGS, frames::findings(&year.findings, settings)?),
        (&DIVISION_TOTALS, totals.divisions),
        (&DISTRICT_SUMMARY, totals.districts.clone()),
    ] {
        others.extend(output.write(table, year.year, 1, &|_| Ok(Batch::from(&frame)), &|| {})?);
    }
    let tables = TablesOfYear { facts_made_of, made_of, facts, others };
    Ok(Outcome { year: year.year, districts: totals.districts, tables, news: None })
}

/// The digests of all that decides the facts of a year, and all its tables. Facts are what this program and these
/// settings read in the files, but for those that another file was preferred to, or that could not be converted. All
/// else follows from the files and from the findings, which name whatever they depend on.
fn made_of(year: &Year<'_>, dated: &[&Reading], all: &Readings) -> (String, String) {
    let digest = |readings: &[&Reading]| {
        let mut digest = Digest::default();
        digest.text(all.by);
        for reading in readings {
            digest.text(&reading.source_file).text(reading.content_hash.as_deref().unwrap_or_default()).text(reading.status.id());
        }
        digest
    };
    let mut tables = digest(&year.readings);
    for finding in &year.findings {
        tables.text(finding.said());
    }
    (digest(dated).hex(), tables.hex())
}

impl Readings {
    /// Files of a status.
    pub fn count(&self, status: Status) -> usize {
        self.readings.iter().filter(|r| r.status == status).count()
    }

    /// The files of the processed years that could not be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Reading> {
        let processed = |r: &&Reading| r.year.is_none_or(|y| self.years.contains(&y));
        self.readings.iter().filter(|r| r.status == Status::Unreadable).filter(processed)
    }

    /// Reports of a year that are added up or kept.
    pub fn of_year(&self, year: i32) -> usize {
        self.readings.iter().filter(|r| r.counts() && r.year == Some(year)).count()
    }
}

/// The worst severity among the findings of some years that nobody has accepted.
pub fn worst(years: &[Year<'_>], settings: &Settings) -> Option<Severity> {
    years.iter().flat_map(|y| &y.findings).filter(|f| !f.accepted()).map(|f| f.rule(settings).severity).max()
}

fn stopped() -> Result<()> {
    if !INTERRUPTED.load(Ordering::Relaxed) {
        return Ok(());
    }
    let failure = Failure::new("已中断，原有结果未改动", "interrupted; what was published before is untouched");
    Err(failure.caused_by(Cause::Interrupted).into())
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs the reading of one file; none if it panicked. The panic is not printed.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                loud(info);
            }
        }));
    });
    GUARDED.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    GUARDED.set(false);
    outcome
}
