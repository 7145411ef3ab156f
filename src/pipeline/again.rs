//! Files that need another program are read again: old formats through LibreOffice, scanned pages through tesseract.
//! Both follow the same rule: what the program fails at is not kept, and where it was late, another try may succeed.

use super::file::{broke, guarded, read_bytes};
use super::{INTERRUPTED, stopped};
use crate::console::Console;
use crate::convert;
use crate::decode::{self, Packed, Strip};
use crate::discover::Source;
use crate::failure::Failure;
use crate::finding::Severity;
use crate::foreign::Trouble;
use crate::form::Memo;
use crate::read::{FileReadings, Reading, Status, read_scan};
use crate::recognise::{Lack, Tesseract};
use crate::settings::Settings;
use anyhow::Result;
use rayon::prelude::*;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

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
