//! The files under the input folder, in the order of their paths. Follows links, notices loops, and
//! leaves out what systems put into folders; what is left out is counted.

use crate::failure::Failure;
use crate::finding::Lang;
use crate::manifest::{Digest, Stamp};
use crate::read::Reading;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use walkdir::{DirEntry, WalkDir};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// Path relative to the input folder, parted by `/`.
    pub relative: String,
    /// What tells that it was changed; none if the system does not say.
    pub stamp: Option<Stamp>,
    /// Whether any later change would show in its stamp.
    pub settled: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The files, sorted by path; archives among them, which hold more.
    pub sources: Vec<Source>,
    /// Places that could not be entered.
    pub failed: Vec<Reading>,
    /// Files that systems and programs leave behind: hidden ones, thumbnails, locks.
    pub left_out: usize,
    /// The digest of all names and stamps; none where a later change of a file might not show in it.
    pub stamp: Option<String>,
}

/// Walks the input folder. The folder of the results may lie in it and is passed over.
///
/// # Errors
/// If there is no such folder.
pub fn discover(input: &Path, output: &Path, tick: &dyn Fn()) -> Result<Found, Failure> {
    let failure = |zh: &str, en: &str| Failure::new(zh, en).at(input.display());
    let metadata = std::fs::metadata(input).map_err(|e| failure("输入文件夹无法读取", "the input folder cannot be read").because_of(&e.into()))?;
    if !metadata.is_dir() {
        return Err(failure("不是文件夹；--input 应为存放报告的文件夹", "is no folder; --input takes the folder with the reports"));
    }
    let mut found = Found::default();
    let now = SystemTime::now();
    let relative = |path: &Path| {
        let parts = path.strip_prefix(input).unwrap_or(path).components();
        parts.map(|p| p.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let mut left_out = 0;
    let walk = WalkDir::new(input).follow_links(true).sort_by_file_name();
    let output = std::fs::canonicalize(output).ok();
    let is_output = |entry: &DirEntry| output.is_some() && entry.file_type().is_dir() && std::fs::canonicalize(entry.path()).ok() == output;
    let keep = |entry: &DirEntry| {
        if entry.depth() > 0 && is_output(entry) {
            return false;
        }
        let kept = entry.depth() == 0 || !is_leftover(&entry.file_name().to_string_lossy());
        left_out += usize::from(!kept);
        kept
    };
    for entry in walk.into_iter().filter_entry(keep) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let stamp = entry.metadata().ok().map(|metadata| Stamp::of(&metadata));
                let settled = stamp.is_some_and(|stamp| stamp.is_settled(now));
                found.sources.push(Source { relative: relative(entry.path()), path: entry.into_path(), stamp, settled });
                tick();
            }
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => found.failed.push(Reading::unreadable(
                &relative(entry.path()),
                "不是普通文件，未读取。请放入文件本身。",
                "It is no regular file and was not read. Put the file itself there.",
            )),
            Err(error) => {
                let path = error.path().map(relative).unwrap_or_default();
                let (zh, en) = match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => (
                        "符号链接绕回了上级文件夹，已跳过。请删除这个链接。".to_string(),
                        "The link leads back to a folder above it and was not followed. Remove the link.".to_string(),
                    ),
                    (None, Some(io)) => reason(io),
                    _ => ("无法进入。".to_string(), "It cannot be entered.".to_string()),
                };
                found.failed.push(Reading::unreadable(&path, &zh, &en));
            }
        }
    }
    found.left_out = left_out;
    // walkdir sorts within each folder; published order is that of whole paths.
    found.sources.sort_by(|a, b| a.relative.cmp(&b.relative));
    let mut digest = Digest::default();
    for failed in &found.failed {
        digest.text(&failed.source_file).text(failed.findings.iter().filter_map(|f| f.value("reason_en", Lang::En)).collect::<String>());
    }
    digest.text(left_out.to_string());
    let settled = found.sources.iter().try_for_each(|source| {
        let stamp = source.stamp.filter(|_| source.settled)?;
        digest.text(source.path.as_os_str().as_encoded_bytes()).stamp(&stamp);
        Some(())
    });
    found.stamp = settled.map(|()| digest.hex());
    Ok(found)
}

/// Why the system refuses a file, in both languages.
pub fn reason(error: &std::io::Error) -> (String, String) {
    use std::io::ErrorKind;
    let (zh, en) = match error.kind() {
        ErrorKind::PermissionDenied => ("没有读取权限。请修改文件权限后重新运行。", "No permission to read it. Change the permissions and run again."),
        ErrorKind::NotFound => {
            ("文件不存在，或链接指向的文件已移走。请放入文件本身。", "It does not exist, or the link leads nowhere. Put the file itself there.")
        }
        _ => {
            return (
                format!("系统报告读取失败（{error}）。请检查磁盘或网络后重新运行。"),
                format!("The system could not read it ({error}). Check disk and network, and run again."),
            );
        }
    };
    (zh.to_string(), en.to_string())
}

/// Whether a file or folder of this name is what systems and programs leave behind.
pub fn is_leftover(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || matches!(name, "Thumbs.db" | "desktop.ini" | "__MACOSX")
}
