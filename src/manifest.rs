//! `.manifest` in the folder of a run: what the run was made of and what it said. A night in which nothing
//! changed is told by it from a walk over the input alone, and says the same again. It stands beside the tables
//! that it speaks of, comes and goes with them, and may be deleted: then the next run writes everything anew.

use crate::finding::Severity;
use crate::published::{CURRENT, RUN};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// Its name in the folder of a run.
pub(crate) const FILE: &str = ".manifest";
/// Digits of the checksum on its first line.
const CHECKSUM: usize = 64;

/// What a finished run was made of, what it published, and what it said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// BLAKE3 of all configuration.
    pub config: String,
    /// The digest of all that decides the results; empty where a later change might not show in it.
    pub made_of: String,
    /// The digest of the list of published files.
    pub holds: String,
    /// The years it processed.
    pub years: Vec<i32>,
    /// The worst severity among its open findings.
    pub worst: Option<Severity>,
    /// What it told of the files that could not be read.
    pub told: Vec<Told>,
    /// What was published of each of them.
    pub tables: BTreeMap<i32, TablesOfYear>,
    /// Its closing summary in Chinese.
    pub summary_zh: Vec<String>,
    /// Its closing summary in English.
    pub summary_en: Vec<String>,
}

/// What was published of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablesOfYear {
    /// The digest of all that decides its facts, which are most of it.
    pub facts_made_of: String,
    /// The digest of all that decides its tables.
    pub made_of: String,
    /// The files of the facts.
    pub facts: Vec<Written>,
    /// The files of the other tables.
    pub others: Vec<Written>,
}

/// A written file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Path relative to the output folder.
    pub path: String,
    /// Rows in it.
    pub rows: usize,
    /// Its length.
    pub bytes: u64,
}

/// A finding that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its severity.
    pub severity: Severity,
    /// The line in Chinese.
    pub zh: String,
    /// The line in English.
    pub en: String,
}

impl Manifest {
    /// That of what was last published; none if there is none, or it is damaged.
    pub fn last(output: &Path) -> Option<Manifest> {
        let bytes = fs::read(output.join(CURRENT).join(FILE)).ok()?;
        let (checksum, rest) = bytes.split_at_checked(CHECKSUM + 1)?;
        let whole = checksum.strip_suffix(b"\n")? == blake3::hash(rest).to_hex().as_bytes();
        serde_json::from_slice(rest).ok().filter(|_| whole)
    }

    /// The content of its file.
    pub fn bytes(&self) -> Vec<u8> {
        let rest = serde_json::to_vec_pretty(self).unwrap_or_default();
        [blake3::hash(&rest).to_hex().as_bytes(), b"\n", &rest].concat()
    }
}

/// A digest of things that have names and stamps: where two are the same, nothing has changed.
#[derive(Debug, Default)]
pub struct Digest(blake3::Hasher);

impl Digest {
    /// Adds a text.
    pub fn text(&mut self, text: impl AsRef<[u8]>) -> &mut Digest {
        let text = text.as_ref();
        self.0.update(&(text.len() as u64).to_le_bytes()).update(text);
        self
    }

    /// Adds the stamp of a file.
    pub fn stamp(&mut self, stamp: &Stamp) -> &mut Digest {
        for part in stamp.0 {
            self.0.update(&part.to_le_bytes());
        }
        self
    }

    /// Adds a program by its path and stamp: another edition reads otherwise.
    pub fn program(&mut self, path: Option<PathBuf>) -> &mut Digest {
        let Some(path) = path.and_then(|path| fs::canonicalize(path).ok()) else { return self.text("") };
        if let Ok(metadata) = fs::metadata(&path) {
            self.stamp(&Stamp::of(&metadata));
        }
        self.text(path.as_os_str().as_encoded_bytes())
    }

    /// The digest.
    pub fn bytes(&self) -> [u8; 32] {
        self.0.finalize().into()
    }

    /// The digest in hexadecimal.
    pub fn hex(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// What tells that a file was changed, without reading it: which file it is, its length, and when it was written, by
/// its own word and by that of the system, which nobody can set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp([i64; 6]);

/// Of a file that was written so short a time ago, a later change may have the same stamp. Clocks of file systems
/// tick at least so often,
const TICK: Duration = Duration::from_millis(20);
/// but for those that count in whole seconds, or two.
const COARSE_TICK: Duration = Duration::from_secs(3);

impl Stamp {
    /// The stamp of a file.
    pub fn of(metadata: &fs::Metadata) -> Stamp {
        let (length, number) = (metadata.len() as i64, metadata.ino() as i64);
        Stamp([length, number, metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()])
    }

    /// The length of the file.
    pub fn length(&self) -> u64 {
        self.0[0] as u64
    }

    /// When the system says that it was changed.
    fn changed(&self) -> Duration {
        let [.., seconds, nanoseconds] = self.0;
        Duration::new(seconds.try_into().unwrap_or(0), nanoseconds.try_into().unwrap_or(0))
    }

    /// Whether any later change would show.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let changed = self.changed();
        let tick = if changed.subsec_nanos() == 0 { COARSE_TICK } else { TICK };
        now.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|now| changed + tick < now)
    }
}

/// The digest of what lies in the folder of a run, but for what each night writes. Links between the files of
/// two runs change the system's time of them, so only their length and their own time count.
///
/// # Errors
/// If the folder cannot be read.
pub fn holds(folder: &Path) -> io::Result<String> {
    let mut digest = Digest::default();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_dir() || entry.depth() == 1 && [RUN, FILE].iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let metadata = entry.metadata()?;
        let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        digest.text(inside.as_os_str().as_encoded_bytes()).text(format!("{} {} {}", metadata.len(), metadata.mtime(), metadata.mtime_nsec()));
    }
    Ok(digest.hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(output: &Path, bytes: &[u8]) -> Option<Manifest> {
        fs::create_dir_all(output.join(CURRENT)).expect("folder");
        fs::write(output.join(CURRENT).join(FILE), bytes).expect("manifest");
        Manifest::last(output)
    }

    #[test]
    fn a_damaged_manifest_is_none() {
        let folder = tempfile::TempDir::new().expect("folder");
        assert_eq!(Manifest::last(folder.path()), None);
        let manifest = Manifest { made_of: "abc".to_string(), years: vec![2020], worst: Some(Severity::Error), ..Manifest::default() };
        let bytes = manifest.bytes();
        assert_eq!(written(folder.path(), &bytes), Some(manifest));
        for length in 0..bytes.len() {
            assert_eq!(written(folder.path(), &bytes[..length]), None, "cut at {length}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(written(folder.path(), &damaged), None, "damaged at {at}");
        }
    }

    #[test]
    fn a_file_just_written_is_not_settled() {
        let file = tempfile::NamedTempFile::new().expect("file");
        let metadata = file.as_file().metadata().expect("metadata");
        let stamp = Stamp::of(&metadata);
        let written = SystemTime::UNIX_EPOCH + stamp.changed();
        assert!(!stamp.is_settled(written));
        assert!(stamp.is_settled(written + Duration::from_secs(4)));
        assert!(!stamp.is_settled(written - Duration::from_secs(4)), "the clock was set back");
    }
}
