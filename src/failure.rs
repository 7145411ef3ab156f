//! Why a job cannot be done, in Chinese and English: the words for what ends a run.

use std::fmt::Display;
use std::io;

/// What kind of end it is; each has its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The job could not be done.
    Failed,
    /// Another run holds the output.
    Locked,
    /// A signal came.
    Interrupted,
}

/// What ends a run before anything is published.
#[derive(Debug, thiserror::Error)]
#[error("{en}")]
pub struct Failure {
    /// What kind of end it is.
    pub cause: Cause,
    /// The reason in Chinese.
    pub zh: String,
    /// The reason in English.
    pub en: String,
}

impl Failure {
    /// A job that could not be done, and what to do about it.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Failure {
        Failure { cause: Cause::Failed, zh: zh.into(), en: en.into() }
    }

    /// An end of another kind.
    #[must_use]
    pub fn caused_by(self, cause: Cause) -> Failure {
        Failure { cause, ..self }
    }

    /// Names the file or folder it is about.
    #[must_use]
    pub fn at(self, place: impl Display) -> Failure {
        Failure { zh: format!("{place}：{}", self.zh), en: format!("{place}: {}", self.en), ..self }
    }

    /// Adds what a library says about it, in its own words.
    #[must_use]
    pub fn because(self, detail: impl Display) -> Failure {
        Failure { zh: format!("{}：{detail}", self.zh), en: format!("{}: {detail}", self.en), ..self }
    }

    /// Adds what an error says about it: the system's in both languages, any other in its own words.
    #[must_use]
    pub fn because_of(self, error: &anyhow::Error) -> Failure {
        match error.chain().find_map(|e| e.downcast_ref::<io::Error>()) {
            Some(system) => {
                let zh = format!("{}：{}（{system}）", self.zh, system_words(system.kind()));
                Failure { zh, en: format!("{}: {system}", self.en), ..self }
            }
            None => self.because(format!("{error:#}")),
        }
    }
}

/// The line of a text, from 1, in which the byte `at` stands.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|b| *b == b'\n').count()
}

fn system_words(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "不存在",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "同名文件占了文件夹的位置",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "磁盘已满",
        io::ErrorKind::FileTooLarge => "文件超过系统允许的大小",
        io::ErrorKind::ReadOnlyFilesystem => "磁盘为只读",
        _ => "系统报告出错",
    }
}
