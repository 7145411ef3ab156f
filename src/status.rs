//! How the nightly run is doing: age and outcome, missing offices, findings that nobody has accepted.
//! For people, and by its exit status for monitoring.

use crate::attempt::{Attempt, Outcome};
use crate::failure::Failure;
use crate::finding::{Lang, Severity};
use crate::published::Published;
use crate::tables::{DISTRICT_SUMMARY, FINDINGS};
use anyhow::Result;
use chrono::{DateTime, Duration, FixedOffset};
use polars::prelude::*;
use serde::Deserialize;
use std::path::Path;

/// The state of an output folder.
#[derive(Debug)]
pub struct Health {
    /// When the results were published.
    pub published: DateTime<FixedOffset>,
    /// How long ago that is.
    pub age: Duration,
    /// Files that the last run could not read.
    pub unreadable: u64,
    /// The last try to publish, where it is known.
    pub attempt: Option<Attempt>,
    /// Whether a run is at work.
    pub running: bool,
    /// The published years.
    pub years: Vec<OfYear>,
}

/// One published year.
#[derive(Debug, Default)]
pub struct OfYear {
    /// The year.
    pub year: i32,
    /// Registered offices.
    pub expected: u32,
    /// Offices without a report: district and name.
    pub missing: Vec<String>,
    /// Findings that nobody has accepted: errors, warnings, notes.
    pub open: [u32; 3],
    /// Findings that somebody has accepted.
    pub accepted: u32,
}

/// What is needed of `run.json`.
#[derive(Deserialize)]
struct Run {
    finished: String,
    files: Files,
}

#[derive(Deserialize)]
struct Files {
    unreadable: u64,
}

/// Why all is not well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The results are older than they may be.
    Stale,
    /// The last run failed, was interrupted or was killed.
    LastRunFailed,
    /// Some files could not be read.
    Unreadable,
    /// A finding is as severe as was asked about.
    Findings,
}

impl Health {
    /// Reads the state of an output folder.
    ///
    /// # Errors
    /// If nothing was published, or it cannot be read.
    pub fn read(output: &Path, now: DateTime<chrono::Local>) -> Result<Health> {
        let attempt = Attempt::last(output);
        let running = attempt.as_ref().is_some_and(|a| a.outcome == Outcome::Running && is_alive(a.pid));
        let published = Published::last(output).map_err(|failure| match attempt.as_ref().and_then(|a| a.message_zh.as_ref().zip(a.message_en.as_ref())) {
            Some((zh, en)) => Failure { zh: format!("{}。上次运行：{zh}", failure.zh), en: format!("{}; the last run: {en}", failure.en), ..failure },
            None => failure,
        })?;
        let wrong =
            |detail: String| Failure::new("run.json 有误，请重新运行 huizong aggregate", "run.json is wrong; run huizong aggregate again").because(detail);
        let run: Run = serde_json::from_slice(&published.run()?).map_err(|e| wrong(e.to_string()))?;
        let finished = DateTime::parse_from_rfc3339(&run.finished).map_err(|e| wrong(e.to_string()))?;
        let years = published.years().into_iter().map(|year| of_year(&published, year)).collect::<Result<Vec<_>>>()?;
        Ok(Health { published: finished, age: now.fixed_offset() - finished, unreadable: run.files.unreadable, attempt, running, years })
    }

    /// All that is not well. `least` is the severity from which on open findings count.
    pub fn troubles(&self, max_age: Option<Duration>, least: Option<Severity>) -> Vec<Trouble> {
        let ended_badly = match self.attempt.as_ref().map(|a| a.outcome) {
            None | Some(Outcome::Published | Outcome::Unchanged) => false,
            Some(Outcome::Running) => !self.running,
            Some(Outcome::Failed | Outcome::Interrupted) => true,
        };
        let open = |which: usize| self.years.iter().any(|y| y.open[which] > 0);
        let findings = match least {
            None => false,
            Some(Severity::Error) => open(0),
            Some(_) => open(0) || open(1),
        };
        let all = [
            (Trouble::Stale, max_age.is_some_and(|most| self.age > most)),
            (Trouble::LastRunFailed, ended_badly),
            (Trouble::Unreadable, self.unreadable > 0),
            (Trouble::Findings, findings),
        ];
        all.into_iter().filter(|(_, is)| *is).map(|(trouble, _)| trouble).collect()
    }

    /// What a person should know, line by line.
    pub fn lines(&self, troubles: &[Trouble], lang: Lang) -> Vec<String> {
        let at = self.published.format("%Y-%m-%d %H:%M:%S");
        let (hours, minutes) = (self.age.num_hours(), self.age.num_minutes() % 60);
        let mut lines = vec![match lang {
            Lang::Zh => format!("结果发布于 {at}（{hours} 小时 {minutes} 分钟前）"),
            Lang::En => format!("published at {at}, {hours} h {minutes} min ago"),
        }];
        if let Some(attempt) = self.attempt.as_ref().filter(|a| a.outcome != Outcome::Published) {
            let why = lang.of(attempt.message_zh.as_deref().unwrap_or_default(), attempt.message_en.as_deref().unwrap_or_default());
            let how = match (attempt.outcome, self.running) {
                (Outcome::Running, true) => lang.of("正在运行", "is at work"),
                (Outcome::Running, false) => lang.of("中途被终止，没有留下原因", "was killed without a word"),
                (Outcome::Published | Outcome::Unchanged, _) => lang.of("没有发现变化，结果仍然有效", "found nothing changed: the results hold"),
                (Outcome::Interrupted, _) => lang.of("被中断", "was interrupted"),
                (Outcome::Failed, _) => lang.of("失败", "failed"),
            };
            let tail = if why.is_empty() { String::new() } else { format!("{}{why}", lang.of("：", ": ")) };
            lines.push(match lang {
                Lang::Zh => format!("{} 开始的运行{how}{tail}", attempt.started),
                Lang::En => format!("the run of {} {how}{tail}", attempt.started),
            });
        }
        for year in &self.years {
            let ([errors, warnings, notes], missing) = (year.open, year.missing.len());
            lines.push(match lang {
                Lang::Zh => format!(
                    "{} 年：应报 {} 个单位，缺报 {missing}；未认可的错误 {errors}、警告 {warnings}、提示 {notes}，已认可 {}",
                    year.year, year.expected, year.accepted
                ),
                Lang::En => format!(
                    "{}: offices {}, missing {missing}; open errors {errors}, warnings {warnings}, notes {notes}; accepted {}",
                    year.year, year.expected, year.accepted
                ),
            });
            if !year.missing.is_empty() {
                lines.push(format!("  {}{}", lang.of("缺报：", "missing: "), year.missing.join("、")));
            }
        }
        lines.extend(troubles.iter().map(|trouble| {
            let said = match trouble {
                Trouble::Stale => ("结果过旧", "the results are too old"),
                Trouble::LastRunFailed => ("上次运行没有完成", "the last run did not end well"),
                Trouble::Unreadable => ("有文件无法读取，见 findings", "some files could not be read, see findings"),
                Trouble::Findings => ("有未认可的问题", "there are open findings"),
            };
            format!("{}{}", lang.of("注意：", "attention: "), lang.of(said.0, said.1))
        }));
        lines
    }

    /// The same as rows, one a published year.
    ///
    /// # Errors
    /// Only what polars reports, which would be a fault of this program.
    pub fn frame(&self, troubles: &[Trouble]) -> PolarsResult<DataFrame> {
        let years = &self.years;
        let ids = |trouble: &Trouble| match trouble {
            Trouble::Stale => "stale",
            Trouble::LastRunFailed => "last_run_failed",
            Trouble::Unreadable => "unreadable",
            Trouble::Findings => "findings",
        };
        let troubles = troubles.iter().map(ids).collect::<Vec<_>>().join(";");
        let each = |text: &str| vec![text.to_string(); years.len()];
        let count = |value: &dyn Fn(&OfYear) -> u32| years.iter().map(value).collect::<Vec<u32>>();
        df!(
            "ok" => each(if troubles.is_empty() { "true" } else { "false" }),
            "troubles" => each(&troubles),
            "published" => each(&self.published.to_rfc3339()),
            "age_seconds" => vec![self.age.num_seconds() as f64; years.len()],
            "last_attempt" => vec![self.attempt.as_ref().map(|a| a.started.clone()); years.len()],
            "last_outcome" => vec![self.attempt.as_ref().map(|a| a.outcome.id()); years.len()],
            "year" => years.iter().map(|y| y.year).collect::<Vec<i32>>(),
            "offices_expected" => count(&|y| y.expected),
            "offices_missing" => count(&|y| u32::try_from(y.missing.len()).unwrap_or(u32::MAX)),
            "missing" => years.iter().map(|y| y.missing.join(";")).collect::<Vec<_>>(),
            "errors" => count(&|y| y.open[0]),
            "warnings" => count(&|y| y.open[1]),
            "notes" => count(&|y| y.open[2]),
            "accepted" => count(&|y| y.accepted),
        )
    }
}

/// Whether a process is there. One of another user answers that it may not be signalled.
fn is_alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| !matches!(rustix::process::test_kill_process(pid), Err(rustix::io::Errno::SRCH)))
}

fn of_year(published: &Published, year: i32) -> Result<OfYear> {
    let mut found = OfYear { year, ..OfYear::default() };
    found.expected = published.table(&DISTRICT_SUMMARY, year)?.column("offices_expected")?.u32()?.iter().flatten().sum();
    let findings = published.table(&FINDINGS, year)?;
    let text = |name: &str| findings.column(name)?.str();
    let (severity, rule, decision, district, office) = (text("severity")?, text("rule")?, text("decision")?, text("district")?, text("office")?);
    for row in 0..findings.height() {
        if rule.get(row) == Some("report.missing") {
            found.missing.push(format!("{}{}", district.get(row).unwrap_or_default(), office.get(row).unwrap_or_default()));
        }
        if decision.get(row) == Some("accepted") {
            found.accepted += 1;
            continue;
        }
        let which = [Severity::Error, Severity::Warning, Severity::Info].iter().position(|s| severity.get(row) == Some(s.id()));
        if let Some(which) = which {
            found.open[which] += 1;
        }
    }
    Ok(found)
}

/// A span of time as people write it: `26h`, `90m`, `2d`, `3600s`.
///
/// # Errors
/// Says what would be valid.
pub fn span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}`: should be a number with s, m, h or d behind it, like 26h");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: i64 = text.strip_suffix(unit).and_then(|n| n.parse().ok()).filter(|n| (0..1_000_000).contains(n)).ok_or_else(wrong)?;
    match unit {
        's' => Ok(Duration::seconds(number)),
        'm' => Ok(Duration::minutes(number)),
        'h' => Ok(Duration::hours(number)),
        'd' => Ok(Duration::days(number)),
        _ => Err(wrong()),
    }
}
