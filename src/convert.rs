//! Files of old word processors become DOCX, by LibreOffice: one process for many files, since it takes
//! seconds to start, with a profile of its own, so that it meddles with nobody's.

use crate::foreign::{self, End, Trouble};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Names the program, where it is not on the search path.
const VARIABLE: &str = "HUIZONG_SOFFICE";
/// Files that one process converts. A process that hangs or dies takes no more than these with it.
const BATCH: usize = 50;

/// Files converted, as long as this lives.
#[derive(Debug)]
pub struct Converted {
    /// For each file given its DOCX, or why there is none.
    pub files: Vec<Result<PathBuf, Trouble>>,
    _folder: TempDir,
}

/// LibreOffice, if it is installed.
pub fn program() -> Option<PathBuf> {
    const ELSEWHERE: [&str; 2] = ["/usr/lib/libreoffice/program/soffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice"];
    let found = foreign::find(VARIABLE, &["soffice", "libreoffice"]);
    found.or_else(|| ELSEWHERE.iter().map(PathBuf::from).find(|p| std::env::var_os(VARIABLE).is_none() && p.is_file()))
}

/// Converts so many files; `put` puts one of them at a path. A process that gives no file for longer than `patience` is
/// ended; what a batch leaves over is tried one by one, so that a file that hangs or crashes the program takes no other with it.
///
/// # Errors
/// If there is no room for temporary files.
pub fn to_docx(
    program: &Path,
    files: usize,
    mut put: impl FnMut(usize, &Path) -> io::Result<()>,
    patience: Duration,
    stopped: &dyn Fn() -> bool,
) -> io::Result<Converted> {
    let folder = tempfile::Builder::new().prefix("huizong-").tempdir()?;
    let suite = Suite { program, folder: folder.path(), patience, stopped };
    let places: Vec<usize> = (0..files).collect();
    let mut all = Vec::with_capacity(files);
    for batch in places.chunks(BATCH) {
        let converted = suite.convert(batch, &mut put)?;
        for (place, converted) in batch.iter().zip(converted) {
            all.push(match converted {
                Err(_) if batch.len() > 1 && !stopped() => suite.convert(&[*place], &mut put)?.remove(0),
                converted => converted,
            });
        }
    }
    Ok(Converted { files: all, _folder: folder })
}

/// The program with a place to work.
struct Suite<'a> {
    program: &'a Path,
    folder: &'a Path,
    patience: Duration,
    stopped: &'a dyn Fn() -> bool,
}

impl Suite<'_> {
    /// Converts files in one process.
    fn convert(&self, files: &[usize], put: &mut impl FnMut(usize, &Path) -> io::Result<()>) -> io::Result<Vec<Result<PathBuf, Trouble>>> {
        // A folder for each process: one that was killed leaves its profile locked.
        let work = tempfile::tempdir_in(self.folder)?.keep();
        let [from, to, profile, scratch] = ["in", "out", "profile", "scratch"].map(|name| work.join(name));
        for folder in [&from, &to, &scratch] {
            fs::create_dir_all(folder)?;
        }
        // Plain names: what a file is called must not decide what it is taken for. The program looks at the content.
        let copies: Vec<PathBuf> = files.iter().map(|place| from.join(format!("{place}.doc"))).collect();
        for (place, copy) in files.iter().zip(&copies) {
            // One that has gone meanwhile is refused like any other that gives no DOCX.
            let _ = put(*place, copy);
        }
        let mut command = Command::new(self.program);
        command
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard", "--convert-to", "docx:MS Word 2007 XML"])
            .arg("--outdir")
            .arg(&to)
            .args(&copies)
            .env("TMPDIR", &scratch)
            .env("HOME", &scratch);
        let written = || fs::read_dir(&to).map_or(0, Iterator::count);
        let end = foreign::run(&mut command, self.patience, &written, self.stopped);
        for folder in [&from, &profile, &scratch] {
            // What the program still holds open goes with the whole folder.
            let _ = fs::remove_dir_all(folder);
        }
        let of = |place: &usize| {
            let docx = to.join(format!("{place}.docx"));
            match (fs::read(&docx).is_ok_and(|bytes| is_whole(&bytes)), end) {
                (true, _) => Ok(docx),
                (false, End::Late) => Err(Trouble::Late),
                (false, _) => Err(Trouble::Refused),
            }
        };
        Ok(files.iter().map(of).collect())
    }
}

/// Whether a DOCX was written to its end: a process that is killed leaves half a file.
fn is_whole(docx: &[u8]) -> bool {
    zip::ZipArchive::new(io::Cursor::new(docx)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::os::unix::fs::PermissionsExt;

    /// A stand-in for the program: a script that is given the output folder as `$out` and each input as `$in`.
    fn suite(folder: &Path, each: &str) -> PathBuf {
        let program = folder.join("suite");
        let script = format!(
            "#!/bin/sh\nwhile [ \"$1\" != --outdir ]; do shift; done\nout=$2; shift 2\nfor in; do\nto=$out/$(basename \"$in\" .doc).docx\n{each}\ndone\n"
        );
        fs::write(&program, script).expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("permissions");
        program
    }

    /// Files with these contents, converted.
    fn convert(each: &str, contents: &[&str]) -> Vec<Result<String, Trouble>> {
        let folder = tempfile::tempdir().expect("a folder");
        let paths: Vec<PathBuf> = (0..contents.len()).map(|n| folder.path().join(format!("{n}.wps"))).collect();
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        zip.start_file("a", zip::write::SimpleFileOptions::default()).expect("a file");
        fs::write(folder.path().join("whole"), zip.finish().expect("a zip").into_inner()).expect("a zip");
        for (path, content) in paths.iter().zip(contents) {
            fs::write(path, content).expect("a file");
        }
        let each = each.replace("WHOLE", &folder.path().join("whole").display().to_string());
        let put = |place: usize, to: &Path| fs::copy(&paths[place], to).map(drop);
        let converted = to_docx(&suite(folder.path(), &each), paths.len(), put, Duration::from_secs(2), &|| false).expect("room");
        let name = |docx: PathBuf| docx.file_stem().map(|n| n.to_string_lossy().to_string()).unwrap_or_default();
        converted.files.into_iter().map(|f| f.map(name)).collect()
    }

    #[test]
    fn a_file_that_fails_takes_no_other_with_it() {
        let all = convert("case $(cat $in) in bad) exit 1;; esac; cp WHOLE $to", &["one", "bad", "two", "three"]);
        assert_eq!(all, [Ok("0".into()), Err(Trouble::Refused), Ok("2".into()), Ok("3".into())]);
    }

    #[test]
    fn a_file_that_hangs_takes_no_other_with_it() {
        let all = convert("case $(cat $in) in bad) sleep 600;; esac; cp WHOLE $to", &["bad", "one"]);
        assert_eq!(all, [Err(Trouble::Late), Ok("1".into())]);
    }

    #[test]
    fn half_a_file_is_none() {
        assert_eq!(convert("head -c 20 WHOLE > $to", &["one"]), [Err(Trouble::Refused)]);
        assert_eq!(convert("head -c 20 WHOLE > $to; sleep 600", &["one"]), [Err(Trouble::Late)]);
    }

    #[test]
    fn an_interrupt_ends_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let asked = Cell::new(0);
        let stopped = || asked.replace(asked.get() + 1) > 3;
        let converted = to_docx(&suite(folder.path(), "sleep 600"), 2, |_, to| fs::write(to, "x"), Duration::from_secs(600), &stopped).expect("room");
        assert_eq!(converted.files, [Err(Trouble::Refused), Err(Trouble::Refused)]);
    }
}
