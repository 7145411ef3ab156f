//! `.cache` in the output folder: what was read of each file, so that a file that has not changed is not read again.
//! Each entry says itself of which content it speaks, so it does not matter what became of the run that wrote it. A
//! shelf that is damaged, or was filled by another program or under another configuration, is as good as none, and the
//! whole may be deleted at any time.

use crate::convert;
use crate::discover::Source;
use crate::manifest::{Digest, Stamp};
use crate::publish::{KEPT, Output};
use crate::read::{FileReadings, Status};
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
const SHELVES: usize = 16;
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
    /// What is kept in an output folder, as far as this program would read it alike under these settings.
    pub fn of(output: &Path, settings: &Settings) -> Kept {
        let mut by = Digest::default();
        by.text(env!("CARGO_PKG_VERSION")).program(std::env::current_exe().ok()).program(convert::program()).text(&settings.reading_hash);
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
            let shelf = self.shelf(number);
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
            let before = self.shelf(number);
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

    /// A shelf; an empty one if it is not there, damaged, or of another program or configuration.
    fn shelf(&self, number: usize) -> Shelf {
        fs::read(self.folder.join(name(number))).ok().and_then(|bytes| Shelf::parse(bytes, &self.by)).unwrap_or_default()
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
            (reading.facts, reading.text, reading.sketch) = Default::default();
        }
        Some((file, !same))
    }

    /// The entry of a file under the stamp that the file has now.
    fn entry(&self, source: &Source) -> Option<Vec<u8>> {
        let (label, readings) = self.entries.get(&source.relative)?;
        let label = Label { stamp: source.stamp?, settled: source.settled, ..label.clone() };
        Some([postcard::to_stdvec(&label).ok()?.as_slice(), &self.bytes[readings.clone()]].concat())
    }
}

/// The entry of a file that was read just now, as far as was `needed`.
fn entry(source: &Source, file: &FileReadings, needed: &[i32]) -> Option<Vec<u8>> {
    let (stamp, content, readings) = (source.stamp?, file.content?, postcard::to_stdvec(file).ok()?);
    let years = file.readings.iter().filter(|r| r.status != Status::Unreadable).filter_map(|r| r.year);
    let cut_short = years.filter(|year| !needed.is_empty() && !needed.contains(year)).collect();
    let label = Label { name: source.relative.clone(), stamp, settled: source.settled, content, cut_short, length: readings.len() };
    Some([postcard::to_stdvec(&label).ok()?, readings].concat())
}
