//! What the program says while it works: messages in the language asked for, as text or as JSON
//! lines, and progress bars on a terminal. All of it goes to stderr.

use crate::finding::{Lang, Severity};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// JSON lines for collectors.
    Json,
}

/// The stderr of the program.
#[derive(Debug)]
pub struct Console {
    /// Language of messages.
    pub lang: Lang,
    /// Whether only failures are told.
    pub quiet: bool,
    /// How messages are written.
    pub log: LogFormat,
    /// The identifier of the run, in each JSON line.
    pub run: String,
    /// How long the stages of the run took.
    pub stages: Stages,
}

/// How long each stage of a run took, in their order.
#[derive(Debug, Default)]
pub struct Stages(Mutex<Vec<(&'static str, Duration)>>);

impl Stages {
    /// Does the work of a stage and notes how long it took. Work of the same name adds up.
    pub fn time<T>(&self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let mut stages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match stages.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, total)) => *total += took,
            None => stages.push((stage, took)),
        }
        result
    }

    /// The stages with their seconds.
    pub fn seconds(&self) -> Vec<(&'static str, f64)> {
        let stages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stages.iter().map(|(name, took)| (*name, (took.as_secs_f64() * 1000.0).round() / 1000.0)).collect()
    }
}

/// A severity as people say it.
pub fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Error => lang.of("错误", "error"),
        Severity::Warning => lang.of("警告", "warning"),
        Severity::Info => lang.of("提示", "note"),
    }
}

impl Console {
    /// Tells what is going on.
    pub fn info(&self, zh: &str, en: &str) {
        if !self.quiet {
            self.say("info", ("", ""), zh, en);
        }
    }

    /// Tells collectors in numbers how a run ended; people have the summary.
    pub fn ended(&self, zh: &str, en: &str, numbers: serde_json::Value) {
        if self.log == LogFormat::Json && !self.quiet {
            self.line("info", self.lang.of(zh, en), numbers);
        }
    }

    /// Tells why the job was not done.
    pub fn fail(&self, zh: &str, en: &str) {
        self.say("error", ("错误：", "error: "), zh, en);
    }

    /// Tells of a finding, with its severity in front.
    pub fn finding(&self, severity: Severity, zh: &str, en: &str) {
        let word = |lang| format!("{} ", severity_word(severity, lang));
        self.say(severity.id(), (&word(Lang::Zh), &word(Lang::En)), zh, en);
    }

    fn say(&self, level: &str, prefix: (&str, &str), zh: &str, en: &str) {
        let text = self.lang.of(zh, en);
        // A closed stderr is no reason to stop.
        let _ = match self.log {
            LogFormat::Text => writeln!(std::io::stderr(), "{}{text}", self.lang.of(prefix.0, prefix.1)),
            LogFormat::Json => {
                self.line(level, text, serde_json::json!({}));
                Ok(())
            }
        };
    }

    fn line(&self, level: &str, message: &str, numbers: serde_json::Value) {
        let time = chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
        let mut line = serde_json::json!({ "time": time, "level": level, "run": self.run, "message": message });
        if let (Some(line), serde_json::Value::Object(numbers)) = (line.as_object_mut(), numbers) {
            line.extend(numbers);
        }
        let _ = writeln!(std::io::stderr(), "{line}");
    }

    /// A bar for a known number of steps.
    pub fn bar(&self, zh: &str, en: &str, steps: usize) -> ProgressBar {
        let style = ProgressStyle::with_template("{msg} {bar:30} {human_pos}/{human_len} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
        self.progress(ProgressBar::new(steps as u64).with_style(style), zh, en)
    }

    /// A counter for an unknown number of steps.
    pub fn spinner(&self, zh: &str, en: &str) -> ProgressBar {
        let style = ProgressStyle::with_template("{spinner} {msg} {human_pos}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        self.progress(ProgressBar::no_length().with_style(style), zh, en)
    }

    fn progress(&self, bar: ProgressBar, zh: &str, en: &str) -> ProgressBar {
        if self.quiet || self.log == LogFormat::Json || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        bar.with_message(self.lang.of(zh, en).to_string())
    }
}
