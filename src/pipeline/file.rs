//! One file, or one archive of files, from the disk to its readings. Whatever goes wrong on the way, even a fault of
//! this program, is a finding about the file and no more.

use super::{CHUNK, stopped};
use crate::decode::{self, Packed};
use crate::discover::{Source, is_leftover, reason};
use crate::form::Memo;
use crate::read::{FileReadings, Reading, read_with};
use crate::settings::Settings;
use rayon::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads one file.
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

/// Reads the content of a file.
pub fn read_bytes(name: &str, bytes: &[u8], wanted: &[i32], settings: &Settings, memo: &mut Memo) -> Reading {
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

/// What is said of a file at which this program failed.
pub fn broke(name: &str) -> Reading {
    let zh = "读取时程序内部出错，未计入汇总。请把这个文件发给开发者。";
    let en = "The program failed inside while reading it; it was not added up. Send the file to the developers.";
    Reading::unreadable(name, zh, en)
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs the reading of one file; none if it panicked. The panic is not printed.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
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
