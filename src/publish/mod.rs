//! Writing the published tables so that a reader sees all of one run or all of the run before.
//!
//! Everything is written into a new folder and made durable there; then one symbolic link, through
//! which every published path leads, is turned to it. `out/facts` is `out/.current/facts`.

mod csv;
mod parquet;
mod step;

pub use csv::rows as csv_rows;

use crate::batch::Batch;
use crate::datapackage;
use crate::failure::{Cause, Failure};
use crate::manifest::{self, Manifest, Written};
use crate::published::{CURRENT, Published, RUN};
use crate::report::Sheet;
use crate::tables::{TABLES, Table};
use anyhow::Result;
use parquet::RowGroup;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::Write;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Duration;
use step::step;

/// The folder that is written to.
const NEXT: &str = ".next";
/// Folders of finished runs are called so, with a number behind.
const FINISHED: &str = ".run-";
/// Links that are about to be turned are called so, with the name behind.
const LINK: &str = ".link-";
/// Held while a run publishes.
const LOCK: &str = ".lock";
/// Where readings are kept for the next run.
pub(crate) const KEPT: &str = ".cache";
/// What is about to be kept ends so.
const NEW: &str = ".new";
/// What lies beside it, for programs.
const DESCRIPTION: &str = "datapackage.json";
/// What people open stands under this name.
const PEOPLE: &str = "publish";

/// The output folder, held by this process.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    _lock: File,
}

impl Output {
    /// Takes hold of the output folder, creating it if need be, and clears what a killed run left.
    ///
    /// # Errors
    /// If another run holds it, or it cannot be written to.
    pub fn open(root: &Path) -> Result<Output, Failure> {
        let fail =
            |error: std::io::Error| Failure::new("输出文件夹无法写入", "the output folder cannot be written to").at(root.display()).because_of(&error.into());
        fs::create_dir_all(root).map_err(fail)?;
        let path = root.join(LOCK);
        let mut lock = File::options().create(true).read(true).write(true).truncate(false).open(&path).map_err(fail)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(locked(root, &holder(&path))),
            Err(fs::TryLockError::Error(error)) => return Err(fail(error)),
        }
        let started = chrono::Local::now().format("%Y-%m-%d %H:%M:%S");
        // On a share, the pid alone does not say where to look.
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let holder = format!("pid {}, {}, {started}\n", std::process::id(), host.trim());
        lock.set_len(0).and_then(|()| lock.write_all(holder.as_bytes())).map_err(fail)?;
        let output = Output { root: root.to_path_buf(), _lock: lock };
        output.nothing_in_the_way()?;
        output.clear_up()?;
        Ok(output)
    }

    /// Removes what a killed run left: what it had not published, what it had not removed, links not turned.
    fn clear_up(&self) -> Result<(), Failure> {
        self.clear(NEXT)?;
        let current = match fs::read_link(self.root.join(CURRENT)) {
            Ok(run) => Some(run),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            // Where it cannot be told which run is published, none is removed.
            Err(error) => return Err(unwritable(&self.root.join(CURRENT))(error)),
        };
        // Nothing depends on what is kept.
        for entry in fs::read_dir(self.root.join(KEPT)).into_iter().flatten().flatten().filter(|e| e.file_name().to_string_lossy().ends_with(NEW)) {
            step();
            let _ = fs::remove_file(entry.path());
        }
        let entries = fs::read_dir(&self.root).map_err(unwritable(&self.root))?;
        for name in entries.flatten().map(|entry| entry.file_name()) {
            let is_old = |name: &str| name.strip_prefix(FINISHED).is_some_and(|n| n.parse::<u64>().is_ok()) && current.as_deref() != Some(Path::new(name));
            match name.to_str() {
                Some(name) if is_old(name) => self.clear(name)?,
                Some(name) if name.strip_prefix(LINK).is_some_and(is_linked) => {
                    let path = self.root.join(name);
                    step();
                    fs::remove_file(&path).map_err(unwritable(&path))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What stands under a published name must be a link of ours.
    fn nothing_in_the_way(&self) -> Result<(), Failure> {
        for name in published() {
            let path = self.root.join(name);
            let ours = fs::symlink_metadata(&path).map_or(true, |m| m.file_type().is_symlink());
            if !ours {
                let failure = Failure::new("不是本程序写的，占了结果的位置，请移走", "is in the way and was not written by this program; move it elsewhere");
                return Err(failure.at(path.display()));
            }
        }
        Ok(())
    }

    /// Writes the table of a year. Its rows are made, encoded and compressed in parallel, batch by batch; another
    /// thread writes them in their order meanwhile.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, table: &Table, year: i32, parts: usize, part: &(dyn Fn(usize) -> Result<Batch> + Sync), tick: &dyn Fn()) -> Result<Vec<Written>> {
        let folder = self.root.join(NEXT).join(table.name).join(format!("year={year}"));
        step();
        fs::create_dir_all(&folder).map_err(unwritable(&folder))?;
        let path = |ending: &str| folder.join(format!("{}.{ending}", table.name));
        let (parquet_path, csv_path) = (path("parquet"), path("csv"));
        let create = |path: &Path| {
            step();
            File::create(path).map_err(unwritable(path))
        };
        let mut parquet = parquet::Writer::create(create(&parquet_path)?, table).map_err(unwritable(&parquet_path))?;
        let mut csv = create(&csv_path)?;
        step();
        csv.write_all(&csv::header(table)).map_err(unwritable(&csv_path))?;
        let types = parquet.types();
        let encode = |number: &usize| {
            let batch = part(*number)?;
            let (group, text) = rayon::join(|| parquet::encode(&batch, &types), || csv::rows(&batch, Some(year)));
            Ok((batch.height, group?, text?))
        };
        let write = |batches: Receiver<(usize, RowGroup, Vec<u8>)>| -> Result<Vec<Written>> {
            let mut rows = 0;
            for (height, group, text) in batches {
                rows += height;
                step();
                parquet.write(height, &group).map_err(unwritable(&parquet_path))?;
                step();
                csv.write_all(&text).map_err(unwritable(&csv_path))?;
            }
            let finish = |ending: &str, file: File| -> std::io::Result<Written> {
                step();
                file.sync_all()?;
                let bytes = file.metadata()?.len();
                Ok(Written { path: format!("{0}/year={year}/{0}.{ending}", table.name), rows, bytes })
            };
            let finish_parquet = || parquet.finish().and_then(|file| Ok(finish("parquet", file)?)).map_err(unwritable(&parquet_path));
            let finish_csv = || finish("csv", csv).map_err(unwritable(&csv_path));
            let (one, other) = rayon::join(finish_parquet, finish_csv);
            Ok(vec![one?, other?])
        };
        let threads = rayon::current_num_threads();
        let numbers: Vec<usize> = (0..parts).collect();
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(threads);
            let writing = scope.spawn(|| write(receiver));
            for batch in numbers.chunks(threads) {
                let encoded: Vec<Result<_>> = batch.par_iter().map(encode).collect();
                for one in encoded {
                    // Where nobody receives, writing has failed, and its end says why.
                    let _ = sender.send(one?);
                }
                tick();
            }
            drop(sender);
            writing.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }

    /// The output folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Keeps something for the next run, under a name, in the place of what was kept there; nothing is not kept. It is
    /// not made durable: whoever finds it must see by itself whether it is whole.
    ///
    /// # Errors
    /// If it cannot be written; then what was kept before is still there.
    pub fn keep(&self, name: &str, content: &[u8]) -> std::io::Result<()> {
        let folder = self.root.join(KEPT);
        let (path, new) = (folder.join(name), folder.join(format!("{name}{NEW}")));
        step();
        if content.is_empty() {
            return fs::remove_file(&path).or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) });
        }
        fs::create_dir_all(&folder)?;
        step();
        let written = fs::write(&new, content).and_then(|()| {
            step();
            fs::rename(&new, &path)
        });
        written.inspect_err(|_| drop(fs::remove_file(&new)))
    }

    /// Results are worth more than what is kept for the next run: where they could not be written, perhaps for want of
    /// room, it goes, and with it what was written so far. Gives whether there was anything to go.
    pub fn make_room(&self) -> bool {
        self.forget() && self.clear(NEXT).is_ok()
    }

    fn forget(&self) -> bool {
        step();
        fs::remove_dir_all(self.root.join(KEPT)).is_ok()
    }

    /// What this run has written so far.
    pub fn unpublished(&self) -> Published {
        Published::at(&self.root.join(NEXT))
    }

    /// Writes what people open of a year.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_sheets(&self, year: i32, sheets: &[Sheet]) -> Result<()> {
        let folder = self.root.join(NEXT).join(PEOPLE).join(format!("year={year}"));
        sheets.par_iter().try_for_each(|sheet| {
            let path = folder.join(&sheet.path);
            let write = || -> std::io::Result<()> {
                step();
                fs::create_dir_all(path.parent().unwrap_or(&folder))?;
                create_whole(&path, &sheet.bytes)
            };
            Ok(write().map_err(unwritable(&path))?)
        })
    }

    /// Takes over from what was published before: the tables of years that this run has not written,
    /// and what people open of all years but `laid_out`, which are made anew.
    ///
    /// # Errors
    /// If a file can neither be linked nor copied.
    pub fn carry_over(&self, laid_out: &[i32]) -> Result<()> {
        let next = self.root.join(NEXT);
        let anew: Vec<String> = laid_out.iter().map(|year| format!("year={year}")).collect();
        for name in TABLES.iter().map(|t| t.name).chain([PEOPLE]) {
            let Ok(years) = fs::read_dir(self.root.join(CURRENT).join(name)) else { continue };
            for year in years {
                let year = year?;
                let to = next.join(name).join(year.file_name());
                let made_anew = name == PEOPLE && anew.iter().any(|y| year.file_name() == y.as_str());
                if !made_anew && !to.exists() {
                    link_tree(&year.path(), &to).map_err(unwritable(&to))?;
                }
            }
        }
        Ok(())
    }

    /// Puts what was written, and carried over, in the place of what was published before.
    ///
    /// # Errors
    /// If the files cannot be made durable or the link cannot be turned; then nothing has changed.
    pub fn publish(self, run: &[u8], manifest: Option<Manifest>) -> Result<(), Failure> {
        let turned = self.nothing_in_the_way().and_then(|()| self.turn(run, manifest).map_err(|e| self.unpublishable(&e)));
        if turned.is_err() {
            self.abandon();
        }
        turned
    }

    fn unpublishable(&self, error: &anyhow::Error) -> Failure {
        Failure::new("无法发布", "cannot be published").at(self.root.display()).because_of(error)
    }

    /// The manifest of what was last published, if it was made of the same and is still there, whole and under its names.
    pub fn unchanged(&self, made_of: &str) -> Option<Manifest> {
        let manifest = Manifest::last(&self.root).filter(|m| m.made_of == made_of)?;
        let is_linked = |name: &str| fs::read_link(self.root.join(name)).is_ok_and(|to| to == Path::new(CURRENT).join(name));
        (published().all(is_linked) && self.holds(&manifest)).then_some(manifest)
    }

    /// The manifest of what was last published, if that is still there, whole.
    pub fn whole(&self) -> Option<Manifest> {
        Manifest::last(&self.root).filter(|manifest| self.holds(manifest))
    }

    fn holds(&self, manifest: &Manifest) -> bool {
        fs::canonicalize(self.root.join(CURRENT)).and_then(|folder| manifest::holds(&folder)).is_ok_and(|holds| holds == manifest.holds)
    }

    /// Takes over the table of a year as it was last published, instead of writing the same again.
    ///
    /// # Errors
    /// If a file can neither be linked nor copied.
    pub fn take_over(&self, table: &Table, year: i32) -> Result<()> {
        let inside = Path::new(table.name).join(format!("year={year}"));
        let to = self.root.join(NEXT).join(&inside);
        Ok(link_tree(&self.root.join(CURRENT).join(&inside), &to).map_err(unwritable(&to))?)
    }

    /// Puts another `run.json` beside tables that are as they should be.
    ///
    /// # Errors
    /// If it cannot be written; then nothing has changed.
    pub fn confirm(self, run: &[u8]) -> Result<(), Failure> {
        let next = self.root.join(NEXT);
        let replace = || -> Result<()> {
            step();
            fs::create_dir(&next)?;
            create_whole(&next.join(RUN), run)?;
            step();
            Ok(fs::rename(next.join(RUN), self.root.join(CURRENT).join(RUN))?)
        };
        let replaced = replace().map_err(|e| self.unpublishable(&e));
        self.abandon();
        replaced
    }

    fn turn(&self, run: &[u8], manifest: Option<Manifest>) -> Result<()> {
        let next = self.root.join(NEXT);
        let described = serde_json::to_vec_pretty(&datapackage::json(&self.unpublished().years()))?;
        let describe = || -> Result<()> {
            create_whole(&next.join(RUN), run)?;
            create_whole(&next.join(DESCRIPTION), &described)?;
            if let Some(manifest) = &manifest {
                let holds = manifest::holds(&next)?;
                create_whole(&next.join(manifest::FILE), &Manifest { holds, ..manifest.clone() }.bytes())?;
            }
            Ok(())
        };
        describe().or_else(|error| if self.forget() { describe() } else { Err(error) })?;
        sync_folders(&next)?;
        let old = self.finished()?;
        let number = old.iter().map(|(n, _)| n + 1).max().unwrap_or(1);
        let name = format!("{FINISHED}{number}");
        step();
        fs::rename(&next, self.root.join(&name))?;
        self.link(CURRENT, Path::new(&name))?;
        for name in published() {
            self.link(name, &Path::new(CURRENT).join(name))?;
        }
        step();
        File::open(&self.root)?.sync_all()?;
        // Readers that have the old files open keep them.
        for (_, path) in old {
            step();
            fs::remove_dir_all(&path)?;
        }
        Ok(())
    }

    /// Makes `name` a link to `target`, in one step.
    fn link(&self, name: &str, target: &Path) -> std::io::Result<()> {
        let path = self.root.join(name);
        if fs::read_link(&path).is_ok_and(|known| known == target) {
            return Ok(());
        }
        let new = self.root.join(format!("{LINK}{name}"));
        step();
        let _ = fs::remove_file(&new);
        step();
        std::os::unix::fs::symlink(target, &new)?;
        step();
        fs::rename(&new, &path)
    }

    /// The folders of runs that were finished before.
    fn finished(&self) -> Result<Vec<(u64, PathBuf)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().to_string();
            if let Some(number) = name.strip_prefix(FINISHED).and_then(|n| n.parse().ok()) {
                found.push((number, entry.path()));
            }
        }
        Ok(found)
    }

    fn clear(&self, name: &str) -> Result<(), Failure> {
        let path = self.root.join(name);
        step();
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Leaves what was published before and removes what this run has written.
    pub fn abandon(self) {
        let _ = self.clear(NEXT);
    }
}

/// The names under which results are found.
fn published() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|t| t.name).chain([PEOPLE, RUN, DESCRIPTION])
}

fn is_linked(name: &str) -> bool {
    name == CURRENT || published().any(|known| known == name)
}

/// Writes a whole file and makes it durable.
fn create_whole(path: &Path, content: &[u8]) -> std::io::Result<()> {
    step();
    let mut file = File::create(path)?;
    step();
    file.write_all(content)?;
    step();
    file.sync_all()
}

/// Who holds the lock. It may take a moment to say so.
fn holder(lock: &Path) -> String {
    let said = || fs::read_to_string(lock).ok().filter(|said| said.ends_with('\n'));
    let patient = || std::iter::repeat_with(|| thread::sleep(Duration::from_millis(10))).take(20).find_map(|()| said());
    said().or_else(patient).unwrap_or_default().trim().to_string()
}

fn locked(root: &Path, holder: &str) -> Failure {
    let zh = format!("另一次运行（{holder}）正在写入。请等它结束后再运行");
    let en = format!("another run ({holder}) is writing to it; wait for it to end and run again");
    Failure::new(zh, en).at(root.display()).caused_by(Cause::Locked)
}

/// What becomes of an error in writing a file.
fn unwritable<E: Into<anyhow::Error>>(path: &Path) -> impl Fn(E) -> Failure {
    move |error| Failure::new("无法写入", "cannot be written").at(path.display()).because_of(&error.into())
}

/// The same files under another name: links where the disk can, copies where not.
fn link_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    step();
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            link_tree(&from, &to)?;
            continue;
        }
        step();
        if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to)?;
            File::open(&to)?.sync_all()?;
        }
    }
    Ok(())
}

fn sync_folders(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    step();
    Ok(File::open(folder)?.sync_all()?)
}
