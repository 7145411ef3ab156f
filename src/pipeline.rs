//! The whole job on one screen: discover → recall what has not changed, read the rest in parallel → settle → assemble
//! each year → add up → publish. The books of a run balance here. One file is read in `file`, and once more with the
//! help of another program in `again`.

mod again;
mod file;

pub use again::{convert_legacy, recognise_scans};
pub use file::read_file;

use crate::assemble::{self, Year};
use crate::batch::Batch;
use crate::console::{Console, Stages};
use crate::discover::{Found, Source, discover};
use crate::failure::{Cause, Failure};
use crate::finding::Severity;
use crate::form::Memo;
use crate::kept::Kept;
use crate::manifest::{Digest, Manifest, TablesOfYear};
use crate::news::{self, News};
use crate::publish::Output;
use crate::published::Published;
use crate::read::{FileReadings, Reading, Status};
use crate::settings::{Settings, Statute};
use crate::tables::{DISTRICT_SUMMARY, DIVISION_TOTALS, FACTS, FINDINGS, REPORTS, TABLES};
use crate::{aggregate, frames, report};
use anyhow::Result;
use polars::prelude::DataFrame;
use rayon::prelude::*;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

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

/// Adds up and publishes the years of a run, all together, with what people open if `for_people`. `report` makes
/// `run.json` of what was written and of the years, and the manifest.
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
    report: impl FnOnce(&[Outcome], &[Year<'_>]) -> (Vec<u8>, Manifest),
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
