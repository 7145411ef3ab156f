//! `attempt.json` in the output folder: when a run last tried to publish, and how that ended. It is not
//! part of what is published, so that a run that fails can still be seen to have failed.

use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

const FILE: &str = "attempt.json";

/// One try to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The identifier of the run.
    #[serde(default)]
    pub run: String,
    /// When it began, RFC 3339.
    pub started: String,
    /// When it ended; none while it runs, or if it was killed.
    pub finished: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Its process.
    pub pid: u32,
    /// Why it failed, in Chinese.
    pub message_zh: Option<String>,
    /// Why it failed, in English.
    pub message_en: Option<String>,
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It has not ended, or was killed.
    Running,
    /// Published.
    Published,
    /// Nothing had changed; what was published holds.
    Unchanged,
    /// Could not be done.
    Failed,
    /// Ended by a signal.
    Interrupted,
}

impl Outcome {
    /// The identifier in the file.
    pub fn id(self) -> &'static str {
        match self {
            Outcome::Running => "running",
            Outcome::Published => "published",
            Outcome::Unchanged => "unchanged",
            Outcome::Failed => "failed",
            Outcome::Interrupted => "interrupted",
        }
    }
}

/// The most memory that this process ever had, in MiB; none where the system does not say.
pub fn peak_memory_mib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib: u64 = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()?;
    Some(kib.div_ceil(1024))
}

impl Attempt {
    /// A try that begins.
    pub fn began(run: &str, started: chrono::DateTime<chrono::Local>) -> Attempt {
        let started = started.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
        Attempt { run: run.to_string(), started, finished: None, outcome: Outcome::Running, pid: std::process::id(), message_zh: None, message_en: None }
    }

    /// The same, ended.
    #[must_use]
    pub fn ended(self, outcome: Outcome, why: Option<(&str, &str)>) -> Attempt {
        let finished = Some(chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, false));
        let (message_zh, message_en) = (why.map(|w| w.0.to_string()), why.map(|w| w.1.to_string()));
        Attempt { finished, outcome, message_zh, message_en, ..self }
    }

    /// Writes it into an output folder that is there. Where that cannot be done the run itself says why.
    pub fn note(&self, output: &Path) {
        let new = output.join(format!(".{FILE}"));
        let text = serde_json::to_vec_pretty(self).unwrap_or_default();
        let noted = fs::write(&new, text).and_then(|()| fs::rename(&new, output.join(FILE)));
        if noted.is_err() {
            let _ = fs::remove_file(&new);
        }
    }

    /// The last one in an output folder, if there is one that can be read.
    pub fn last(output: &Path) -> Option<Attempt> {
        serde_json::from_slice(&fs::read(output.join(FILE)).ok()?).ok()
    }
}
