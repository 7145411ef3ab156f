//! The tables of a finished run, read back: for whoever explains or lays out what was published.
//! Everything is read through one folder, so that a run that ends meanwhile cannot mix in.

use crate::failure::Failure;
use crate::frames;
use crate::tables::{DISTRICT_SUMMARY, Table};
use anyhow::Result;
use polars::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The link through which every published path leads; turning it publishes.
pub(crate) const CURRENT: &str = ".current";
/// What ran, on what, with which outcome.
pub(crate) const RUN: &str = "run.json";

/// The folder of a run, with its tables.
#[derive(Debug)]
pub struct Published {
    folder: PathBuf,
}

impl Published {
    /// What was last published in an output folder.
    ///
    /// # Errors
    /// If nothing was.
    pub fn last(output: &Path) -> Result<Published, Failure> {
        let folder = std::fs::canonicalize(output.join(CURRENT));
        let nothing = |_| Failure::new("还没有发布过结果，请先运行 huizong aggregate", "nothing has been published yet; run huizong aggregate first");
        folder.map(|folder| Published { folder }).map_err(|e| nothing(e).at(output.display()))
    }

    /// The tables in a folder.
    pub fn at(folder: &Path) -> Published {
        Published { folder: folder.to_path_buf() }
    }

    /// The `run.json` of the run.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn run(&self) -> Result<Vec<u8>, Failure> {
        let path = self.folder.join(RUN);
        std::fs::read(&path).map_err(|e| Failure::new("无法读取", "cannot be read").at(path.display()).because_of(&e.into()))
    }

    /// The published years, rising.
    pub fn years(&self) -> Vec<i32> {
        let Ok(entries) = std::fs::read_dir(self.folder.join(DISTRICT_SUMMARY.name)) else { return Vec::new() };
        let year = |name: &str| name.strip_prefix("year=")?.parse().ok();
        let mut years: Vec<i32> = entries.flatten().filter_map(|e| year(&e.file_name().to_string_lossy())).collect();
        years.sort_unstable();
        years
    }

    /// A table of a year, with exactly its declared columns.
    ///
    /// # Errors
    /// If the year was not published, or by a version of the program with other columns.
    pub fn table(&self, table: &Table, year: i32) -> Result<DataFrame> {
        let path = self.folder.join(table.name).join(format!("year={year}")).join(format!("{}.parquet", table.name));
        let missing = |zh: &str, en: &str| Failure::new(zh, en).at(path.display());
        let again = || missing("无法读取，请重新运行 huizong aggregate", "cannot be read; run huizong aggregate again");
        let file = File::open(&path).map_err(|e| again().because_of(&e.into()))?;
        let frame = ParquetReader::new(file).finish().map_err(|e| again().because(e))?;
        let same = |c: &crate::tables::Column| frame.column(c.name).is_ok_and(|found| *found.dtype() == frames::data_type(c.kind));
        if !table.columns.iter().all(same) {
            return Err(missing(
                "是其他版本的程序发布的，请重新运行 huizong aggregate",
                "was published by another version of the program; run huizong aggregate again",
            )
            .into());
        }
        Ok(frame.select(table.columns.iter().map(|c| c.name))?)
    }
}
