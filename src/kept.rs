//! `.cache` in the output folder: what was read of each file, so that a file that has not changed is not read again.
//! Each entry says itself of which content it speaks, so it does not matter what became of the run that wrote it. A
//! shelf that is damaged, or was filled by another program or under another configuration, is as good as none, and the
//! whole may be deleted at any time.

use crate::convert;
use crate::discover::Source;
use crate::manifest::{Digest, Stamp};
use crate::publish::{KEPT, Output};
use crate::read::{FileReadings, Status};
use crate::recognise;
use crate::settings::Settings;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Shelves over which the readings are spread by the names of the files. A night in which one report changed writes
/// one of them anew.
const SHELVES: usize = 32;
/// Bytes of the checksum before everything else.
const CHECKSUM: usize = 32;

/// What was read of the files of earlier runs.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
    /// By which program and settings.
    by: [u8; 32],
}

/// Of which content an entry speaks.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Label {
    name: String,
    stamp: Stamp,
    settled: bool,
    content: [u8; 32],
    /// The years of reports that were not read to the end, for nobody had asked for these years.
    cut_short: Vec<i32>,
    /// How many bytes of readings follow.
    length: usize,
}

/// A part of what is kept.
#[derive(Debug, Default)]
struct Shelf {
    bytes: Vec<u8>,
    entries: HashMap<String, (Label, Range<usize>)>,
}

/// What became of a shelf.
#[derive(Debug, Default)]
pub struct Looked {
    /// The files that belong on it, by their places among the sources, and whether it had what was read of each.
    files: Vec<(usize, bool)>,
    /// Whether all that stands on it is right as it is.
    right: bool,
}

impl Kept {
    /// What is kept in an output folder, as far as this program would read it alike under these settings, scanned pages
    /// `recognised` or not.
    pub fn of(output: &Path, settings: &Settings, recognised: bool) -> Kept {
        let mut by = Digest::default();
        by.text(env!("CARGO_PKG_VERSION")).program(std::env::current_exe().ok()).program(convert::program()).text(&settings.reading_hash);
        if recognised {
            by.text("ocr").program(recognise::program());
        }
        Kept { folder: output.join(KEPT), by: by.bytes() }
    }

    /// The digest of the program and settings by which files are read.
    pub fn by(&self) -> [u8; 32] {
        self.by
    }

    /// What was read of each of these files, if it has not changed and was read as far as is `needed` now; and what the
    /// shelves were like.
    pub fn recall(&self, sources: &[Source], needed: &[i32]) -> (Vec<Option<FileReadings>>, Vec<Looked>) {
        let mut shelves: Vec<Looked> = (0..SHELVES).map(|_| Looked::default()).collect();
        for (at, source) in sources.iter().enumerate() {
            let shelf = blake3::hash(source.relative.as_bytes()).as_bytes()[0];
            shelves[usize::from(shelf) % SHELVES].files.push((at, false));
        }
        let look = |(number, looked): (usize, &mut Looked)| {
            let Some(shelf) = self.shelf(number) else { return Vec::new() };
            let mut found = Vec::new();
            let mut touched = false;
            for (at, had) in &mut looked.files {
                if let Some((readings, anew)) = shelf.find(&sources[*at], needed) {
                    found.push((*at, readings));
                    *had = true;
                    touched |= anew;
                }
            }
            looked.right = found.len() == shelf.entries.len() && !touched;
            found
        };
        let found: Vec<_> = shelves.par_iter_mut().enumerate().map(look).collect();
        let mut files: Vec<Option<FileReadings>> = sources.iter().map(|_| None).collect();
        for (at, readings) in found.into_iter().flatten() {
            files[at] = Some(readings);
        }
        (files, shelves)
    }

    /// Keeps what these files gave, as far as was `needed`: on shelves on which something is new or no longer right.
    ///
    /// # Errors
    /// If a shelf cannot be written. What stands on it then is right, or is seen not to be.
    pub fn keep(&self, sources: &[Source], files: &[FileReadings], shelves: &[Looked], needed: &[i32], output: &Output) -> io::Result<()> {
        shelves.par_iter().enumerate().try_for_each(|(number, looked)| {
            if looked.right && looked.files.iter().all(|&(at, had)| had || files[at].content.is_none()) {
                return Ok(());
            }
            let before = self.shelf(number).unwrap_or_default();
            let mut content = vec![0; CHECKSUM];
            for &(at, had) in &looked.files {
                let entry = if had { before.entry(&sources[at]) } else { entry(&sources[at], &files[at], needed) };
                content.extend(entry.unwrap_or_default());
            }
            match content.split_first_chunk_mut::<CHECKSUM>() {
                Some((checksum, entries)) if !entries.is_empty() => *checksum = blake3::keyed_hash(&self.by, entries).into(),
                _ => content.clear(),
            }
            output.keep(&name(number), &content)
        })
    }

    /// A shelf, an empty one where nothing was kept; none if it is damaged, or of another program or configuration.
    fn shelf(&self, number: usize) -> Option<Shelf> {
        match fs::read(self.folder.join(name(number))) {
            Ok(bytes) => Shelf::parse(bytes, &self.by),
            Err(error) => (error.kind() == io::ErrorKind::NotFound).then(Shelf::default),
        }
    }
}

/// The name of the file of a shelf.
fn name(number: usize) -> String {
    format!("{number:02}")
}

impl Shelf {
    fn parse(bytes: Vec<u8>, by: &[u8; 32]) -> Option<Shelf> {
        let (checksum, mut rest) = bytes.split_first_chunk::<CHECKSUM>()?;
        if blake3::keyed_hash(by, rest) != *checksum {
            return None;
        }
        let mut entries = HashMap::new();
        while !rest.is_empty() {
            let (label, behind) = postcard::take_from_bytes::<Label>(rest).ok()?;
            let start = bytes.len() - behind.len();
            rest = behind.get(label.length..)?;
            entries.insert(label.name.clone(), (label.clone(), start..start + label.length));
        }
        Some(Shelf { bytes, entries })
    }

    /// What was read of a file, if it has not changed and was read as far as is `needed` now; and whether the entry is
    /// to be written anew, for the file was touched.
    fn find(&self, source: &Source, needed: &[i32]) -> Option<(FileReadings, bool)> {
        let (label, readings) = self.entries.get(&source.relative)?;
        let wanted = |year: i32| needed.is_empty() || needed.contains(&year);
        if label.cut_short.iter().any(|&year| wanted(year)) {
            return None;
        }
        let stamp = source.stamp?;
        let same = label.stamp == stamp && label.settled == source.settled;
        if !(same && label.settled) {
            let is_content = |bytes: Vec<u8>| *blake3::hash(&bytes).as_bytes() == label.content;
            if label.stamp.length() != stamp.length() || !fs::read(&source.path).is_ok_and(is_content) {
                return None;
            }
        }
        let mut file: FileReadings = postcard::from_bytes(&self.bytes[readings.clone()]).ok()?;
        file.content = Some(label.content);
        // Reports of other years are only counted.
        for reading in file.readings.iter_mut().filter(|r| r.year.is_some_and(|year| !wanted(year))) {
            reading.empty();
        }
        Some((file, !same))
    }

    /// The entry of a file under the stamp that the file has now.
    fn entry(&self, source: &Source) -> Option<Vec<u8>> {
        let (label, readings) = self.entries.get(&source.relative)?;
        let label = Label { stamp: stamp(source)?, settled: source.settled, ..label.clone() };
        Some([postcard::to_stdvec(&label).ok()?.as_slice(), &self.bytes[readings.clone()]].concat())
    }
}

/// The stamp of a file; none if it has changed since it was found, so that it cannot be told which of two was read.
fn stamp(source: &Source) -> Option<Stamp> {
    let now = Stamp::of(&fs::metadata(&source.path).ok()?);
    source.stamp.filter(|stamp| *stamp == now)
}

/// The entry of a file that was read just now, as far as was `needed`.
fn entry(source: &Source, file: &FileReadings, needed: &[i32]) -> Option<Vec<u8>> {
    let (stamp, content, readings) = (stamp(source)?, file.content?, postcard::to_stdvec(file).ok()?);
    let years = file.readings.iter().filter(|r| r.status != Status::Unreadable).filter_map(|r| r.year);
    let cut_short = years.filter(|year| !needed.is_empty() && !needed.contains(year)).collect();
    let label = Label { name: source.relative.clone(), stamp, settled: source.settled, content, cut_short, length: readings.len() };
    Some([postcard::to_stdvec(&label).ok()?, readings].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Reading, read};
    use std::time::{Duration, SystemTime};
    use walkdir::WalkDir;

    const BY: [u8; 32] = [7; 32];

    fn shelf(entries: &[u8]) -> Vec<u8> {
        [blake3::keyed_hash(&BY, entries).as_bytes(), entries].concat()
    }

    /// A file as it lies on the disk.
    fn source(path: &Path, settled: bool) -> Source {
        let stamp = fs::metadata(path).map(|metadata| Stamp::of(&metadata)).ok();
        Source { path: path.to_path_buf(), relative: path.to_string_lossy().to_string(), stamp, settled }
    }

    fn sample() -> (Settings, Vec<PathBuf>) {
        let files = WalkDir::new("data/reports").sort_by_file_name().into_iter().flatten().filter(|e| e.file_type().is_file());
        (Settings::load(Path::new("config")).expect("settings"), files.map(walkdir::DirEntry::into_path).take(12).collect())
    }

    #[test]
    fn a_reading_comes_back_as_it_was() {
        let (settings, files) = sample();
        let read = |path: &PathBuf| FileReadings::from(read(&path.to_string_lossy(), &fs::read(path).expect("a report"), &[], &settings));
        let mut all: Vec<(Source, FileReadings)> = files.iter().map(|path| (source(path, true), read(path))).collect();
        assert!(all.iter().flat_map(|(_, file)| &file.readings[0].facts).count() > 1000 && all.iter().any(|(_, file)| !file.readings[0].findings.is_empty()));
        all.iter_mut().for_each(|(_, file)| file.readings[0].sentences.clear());
        let entries: Vec<u8> = all.iter().filter_map(|(source, file)| entry(source, file, &[])).flatten().collect();
        let shelf = Shelf::parse(shelf(&entries), &BY).expect("whole");
        assert_eq!(shelf.entries.len(), all.len());
        for (source, file) in &all {
            let (back, anew) = shelf.find(source, &[]).expect("kept");
            assert_eq!((format!("{back:?}"), anew), (format!("{file:?}"), false), "{}", source.relative);
            // Nobody asks for this year now; what is kept stays whole.
            let (counted, _) = shelf.find(source, &[1999]).expect("kept");
            assert_eq!(counted.readings[0].facts.len(), 0);
            assert_eq!(shelf.entry(source), entry(source, file, &[]));
        }
    }

    #[test]
    fn a_damaged_shelf_is_none() {
        let reading = Reading::unreadable("a", "甲", "a");
        let file = FileReadings { content: Some([1; 32]), ..FileReadings::from(reading) };
        let whole = shelf(&entry(&source(Path::new("config/rules.toml"), true), &file, &[]).expect("an entry"));
        assert!(Shelf::parse(whole.clone(), &BY).is_some_and(|shelf| shelf.entries.len() == 1));
        assert!(Shelf::parse(whole.clone(), &[8; 32]).is_none(), "of another program");
        for at in 0..whole.len() {
            assert!(Shelf::parse(whole[..at].to_vec(), &BY).is_none(), "cut at {at}");
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert!(Shelf::parse(damaged, &BY).is_none(), "damaged at {at}");
        }
        // What has the right checksum and makes no sense is none either.
        assert!(Shelf::parse(shelf(&whole), &BY).is_none());
    }

    #[test]
    fn only_the_same_content_is_found() {
        let folder = tempfile::TempDir::new().expect("folder");
        let path = folder.path().join("a.md");
        let written = |content: &str| fs::write(&path, content).expect("written");
        written("one");
        let file = FileReadings::from(Reading { content_hash: Some(blake3::hash(b"one").to_hex().to_string()), ..Reading::unread("a.md") });
        let kept = |settled| Shelf::parse(shelf(&entry(&source(&path, settled), &file, &[]).expect("an entry")), &BY).expect("whole");
        let (settled, unsettled) = (kept(true), kept(false));
        let found = |shelf: &Shelf, settled| shelf.find(&source(&path, settled), &[]).map(|(_, anew)| anew);
        assert_eq!(
            (found(&settled, true), found(&settled, false), found(&unsettled, true), found(&unsettled, false)),
            (Some(false), Some(true), Some(true), Some(false))
        );
        // Another content of the same length and time: the system tells, or the content is looked at.
        let time = fs::metadata(&path).expect("metadata").modified().expect("a time");
        std::thread::sleep(Duration::from_millis(30));
        written("two");
        fs::File::options().write(true).open(&path).expect("file").set_modified(time).expect("set back");
        assert_eq!((found(&settled, true), found(&unsettled, true), found(&unsettled, false)), (None, None, None));
        written("one");
        fs::File::options().write(true).open(&path).expect("file").set_modified(SystemTime::now()).expect("touched");
        assert_eq!((found(&settled, true), found(&unsettled, false)), (Some(true), Some(true)));
        // A file that changes while the run reads is not kept.
        let before = source(&path, true);
        written("three");
        assert!(entry(&before, &file, &[]).is_none() && settled.entry(&before).is_none());
        fs::remove_file(&path).expect("removed");
        assert_eq!(found(&settled, true), None);
    }

    #[test]
    fn what_was_not_read_to_the_end_serves_only_where_that_is_enough() {
        let source = source(Path::new("config/rules.toml"), true);
        let of = |year| Reading { year, status: Status::Read, ..Reading::unread("a") };
        let file = FileReadings { content: Some([1; 32]), readings: vec![of(Some(2020)), of(Some(2017)), of(None)], ..FileReadings::default() };
        let shelf = Shelf::parse(shelf(&entry(&source, &file, &[2020, 2019]).expect("an entry")), &BY).expect("whole");
        for (needed, serves) in [([2020, 2019].as_slice(), true), (&[2022, 2021], true), (&[2018, 2017], false), (&[], false)] {
            assert_eq!(shelf.find(&source, needed).is_some(), serves, "{needed:?}");
        }
    }
}
