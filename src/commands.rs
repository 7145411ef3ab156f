//! One function per command: settings, then the library, then what to print and the exit status.

use crate::assemble::{Year, full_name};
use crate::cli::{Cli, Command, Common, FailOn, Language, Log};
use crate::console::{Console, LogFormat, Stages};
use crate::dictionary;
use crate::discover::Source;
use crate::finding::{Lang, Severity};
use crate::form::Memo;
use crate::pipeline::{self, INTERRUPTED, Interrupted, Outcome, Readings};
use crate::publish::{Output, Taken};
use crate::read::Status;
use crate::run_report;
use crate::settings::{Settings, Statute};
use crate::show::{self, Format};
use crate::{assemble, frames};
use anyhow::{Context, Result, bail};
use polars::prelude::*;
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    /// Published, but not everything was readable or clean.
    DoneWithFaults,
    Locked,
}

/// Runs a command and gives the exit status.
pub fn run(cli: &Cli) -> ExitCode {
    let console = console(&cli.common);
    match start(cli, &console) {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::DoneWithFaults) => ExitCode::from(3),
        Ok(End::Locked) => ExitCode::from(4),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let text = format!("{error:#}");
            console.fail(&text, &text);
            ExitCode::from(if error.is::<Interrupted>() { 130 } else { 1 })
        }
    }
}

fn start(cli: &Cli, console: &Console) -> Result<End> {
    if let Some(threads) = cli.common.threads {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global().context("threads cannot be started")?;
    }
    match &cli.command {
        Command::Aggregate(years) => aggregate(&cli.common, &years.years, console),
        Command::Check(years) => check(&cli.common, &years.years, console),
        Command::Parse { files } => parse(&cli.common, files, console),
        Command::Dictionary => {
            let frame = dictionary::frame(&Statute::load(&cli.common.config)?)?;
            show::print(&frame, cli.common.format, &mut stdout())?;
            Ok(End::Done)
        }
    }
}

fn aggregate(common: &Common, wanted: &[i32], console: &Console) -> Result<End> {
    watch_signals()?;
    let started = chrono::Local::now();
    let settings = Settings::load(&common.config)?;
    let output = match Output::open(&common.output) {
        Ok(output) => output,
        Err(Taken::Failed(error)) => return Err(error),
        Err(Taken::Locked(holder)) => {
            let zh = format!("另一次运行正在写 {}（{holder}）。请等它结束后再运行。", common.output.display());
            let en = format!("another run is writing to {} ({holder}); wait for it to end and run again", common.output.display());
            console.fail(&zh, &en);
            return Ok(End::Locked);
        }
    };
    let all = collect(common, wanted, &settings, console)?;
    let worst = std::cell::Cell::new(None);
    let summary = std::cell::RefCell::new(Vec::new());
    let report = |outcomes: &[Outcome], years: &[Year<'_>]| {
        worst.set(pipeline::worst(years, &settings));
        *summary.borrow_mut() = closing_words(common, &all, years, &settings, console.lang);
        let run = run_report::json(common, started, &console.stages, &all, years, outcomes, &settings);
        serde_json::to_vec_pretty(&run).unwrap_or_default()
    };
    let outcomes = pipeline::publish(output, &all, &settings, console, &report)?;
    if !console.quiet {
        let out = &mut stdout();
        match common.format {
            Format::Table => {
                for line in summary.take() {
                    writeln!(out, "{line}")?;
                }
                for outcome in &outcomes {
                    writeln!(out)?;
                    show::print(&for_people(&outcome.districts, outcome.year)?, Format::Table, out)?;
                }
            }
            format => show::print(&stacked(outcomes.iter().map(|o| (o.year, o.districts.clone())))?, format, out)?,
        }
    }
    Ok(end(common, worst.get(), all.has_unreadable()))
}

fn check(common: &Common, wanted: &[i32], console: &Console) -> Result<End> {
    let settings = Settings::load(&common.config)?;
    let all = collect(common, wanted, &settings, console)?;
    let years: Vec<Year<'_>> = all.years.iter().map(|&year| assemble::year(year, &all.readings, &settings)).collect();
    let out = &mut stdout();
    if common.format == Format::Table {
        for year in &years {
            print_findings(year, &settings, console.lang, out)?;
        }
    } else {
        let each = years.iter().map(|y| Ok((y.year, frames::findings(&y.findings, &settings)?))).collect::<Result<Vec<_>>>()?;
        show::print(&stacked(each.into_iter())?, common.format, out)?;
    }
    Ok(end(common, pipeline::worst(&years, &settings), all.has_unreadable()))
}

fn parse(common: &Common, files: &[std::path::PathBuf], console: &Console) -> Result<End> {
    let settings = Settings::load_for_parsing(&common.config)?;
    let out = &mut stdout();
    let mut end = End::Done;
    let mut each = Vec::new();
    for path in files {
        let relative = path.to_string_lossy().replace('\\', "/");
        let reading = pipeline::read_file(&Source { path: path.clone(), relative }, &[], &settings, &mut Memo::default());
        for finding in &reading.findings {
            let place = if finding.at.line > 0 { format!(":{}", finding.at.line) } else { String::new() };
            let text = |lang| format!("{}{place}: {}", reading.source_file, finding.message(&settings.rules, lang));
            console.warn(&text(Lang::Zh), &text(Lang::En));
        }
        if reading.status == Status::Unreadable {
            end = End::DoneWithFaults;
            continue;
        }
        let frame = frames::facts(&[&reading], &settings)?;
        if common.format == Format::Table {
            let office = reading.office.map(|o| full_name(&settings.registry.offices[o as usize])).or(reading.unregistered).unwrap_or_default();
            let year = reading.year.map(|y| y.to_string()).unwrap_or_default();
            writeln!(out, "{}  {office} {year}  {} {}", reading.source_file, console.lang.of("格式", "form"), reading.form)?;
            let columns = ["section", "indicator", "applicant", "channel", "value", "unit", "qualifier", "state", "raw", "source_line", "source_cell"];
            show::print(&frame.select(columns)?, Format::Table, out)?;
        } else {
            each.push((reading.year.unwrap_or_default(), frame));
        }
    }
    if common.format != Format::Table {
        show::print(&stacked(each.into_iter())?, common.format, out)?;
    }
    Ok(end)
}

/// Finds and reads the reports; refuses to go on where there is nothing to add up.
fn collect(common: &Common, wanted: &[i32], settings: &Settings, console: &Console) -> Result<Readings> {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let all = pipeline::read_all(&common.input, &wanted, settings, console)?;
    if all.files == 0 {
        bail!("{}: no reports in this folder; nothing was published (文件夹中没有报告，未发布)", common.input.display());
    }
    let listed = |years: &[i32]| years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    if assemble::years(&all.readings).is_empty() {
        match wanted.is_empty() {
            true => bail!("{}: none of the {} files is a yearly report; nothing was published (没有可用的年度报告，未发布)", common.input.display(), all.files),
            false => bail!("{}: no report of {} among {} files; nothing was published (没有所选年份的报告，未发布)", common.input.display(), listed(&wanted), all.files),
        }
    }
    if wanted.is_empty() {
        let years = listed(&all.years);
        console.info(&format!("未指定年份，处理找到的全部年份：{years}"), &format!("no year given: processing every year found: {years}"));
    }
    Ok(all)
}

fn end(common: &Common, worst: Option<Severity>, unreadable: bool) -> End {
    let reached = match common.fail_on {
        FailOn::Never => false,
        FailOn::Warning => worst >= Some(Severity::Warning),
        FailOn::Error => worst >= Some(Severity::Error),
    };
    if reached || unreadable { End::DoneWithFaults } else { End::Done }
}

/// The closing summary: the books of the run.
fn closing_words(common: &Common, all: &Readings, years: &[Year<'_>], settings: &Settings, lang: Lang) -> Vec<String> {
    let books = run_report::books(all);
    let mut lines = vec![match lang {
        Lang::Zh => format!(
            "共找到 {} 个文件：计入汇总 {}，重复 {}，不是年报 {}，年份不明 {}，无法读取 {}，其他年份 {}；另略过系统文件 {}。",
            all.files, books.counted, books.duplicate, books.not_a_report, books.without_year, books.unreadable, books.other_years, all.left_out
        ),
        Lang::En => format!(
            "{} files found: {} added up, {} duplicate, {} not a report, {} without a year, {} unreadable, {} of other years; {} system files left out.",
            all.files, books.counted, books.duplicate, books.not_a_report, books.without_year, books.unreadable, books.other_years, all.left_out
        ),
    }];
    for year in years {
        let offices = settings.registry.offices.iter().filter(|o| o.exists_in(year.year)).count();
        let missing = year.missing(settings);
        let names = missing.iter().take(12).map(|o| full_name(o)).collect::<Vec<_>>().join("、");
        let names = if missing.len() > 12 { format!("{names} …") } else { names };
        let (errors, warnings, infos) = (year.count(Severity::Error, settings), year.count(Severity::Warning, settings), year.count(Severity::Info, settings));
        let findings = common.output.join(format!("findings/year={}/findings.csv", year.year));
        lines.push(match (lang, missing.is_empty()) {
            (Lang::Zh, true) => format!("{} 年：应报 {offices} 个单位，全部已报。", year.year),
            (Lang::Zh, false) => format!("{} 年：应报 {offices} 个单位，已报 {}，缺报 {}：{names}。", year.year, offices - missing.len(), missing.len()),
            (Lang::En, true) => format!("{}: {offices} offices, all reported.", year.year),
            (Lang::En, false) => format!("{}: {offices} offices, {} reported, {} missing: {names}.", year.year, offices - missing.len(), missing.len()),
        });
        lines.push(match lang {
            Lang::Zh => format!("  错误 {errors}，警告 {warnings}，提示 {infos}，见 {}", findings.display()),
            Lang::En => format!("  {errors} errors, {warnings} warnings, {infos} notes: see {}", findings.display()),
        });
    }
    lines.push(match lang {
        Lang::Zh => format!("结果已写入 {}", common.output.display()),
        Lang::En => format!("Results are in {}", common.output.display()),
    });
    lines
}

fn print_findings(year: &Year<'_>, settings: &Settings, lang: Lang, out: &mut dyn Write) -> Result<()> {
    for filed in &year.findings {
        let rule = filed.rule(settings);
        let severity = match rule.severity {
            Severity::Error => lang.of("错误", "error"),
            Severity::Warning => lang.of("警告", "warning"),
            Severity::Info => lang.of("提示", "note"),
        };
        let office = filed.office.map(|o| full_name(&settings.registry.offices[o as usize])).or(filed.unregistered.map(str::to_string)).unwrap_or_default();
        writeln!(out, "{severity} {} {} — {office} {}", rule.name(), rule.title.of(lang), year.year)?;
        if let Some(file) = filed.source_file {
            let line = filed.finding.at.line;
            let line = if line > 0 { format!(":{line}") } else { String::new() };
            writeln!(out, "  {} {}{line}", lang.of("位置：", "where:"), crate::finding::shown(file))?;
        }
        writeln!(out, "  {} {}", lang.of("发现：", "found:"), filed.finding.message(&settings.rules, lang))?;
        if !filed.finding.suggestion.is_empty() {
            writeln!(out, "  {} {}", lang.of("改法（仅供核对）：", "would fit (to be checked):"), filed.finding.suggestion)?;
        }
    }
    let (errors, warnings, infos) = (year.count(Severity::Error, settings), year.count(Severity::Warning, settings), year.count(Severity::Info, settings));
    let total = match lang {
        Lang::Zh => format!("{} 年：错误 {errors}，警告 {warnings}，提示 {infos}", year.year),
        Lang::En => format!("{}: {errors} errors, {warnings} warnings, {infos} notes", year.year),
    };
    Ok(writeln!(out, "{total}")?)
}

/// The columns of the district summary that fit on a screen.
fn for_people(districts: &DataFrame, year: i32) -> Result<DataFrame> {
    let columns = ["district", "offices_expected", "offices_missing", "items_disclosed", "hotline_cases", "completion_rate", "applications_received", "applications_closed", "reviews_total", "lawsuits_total", "errors"];
    let mut frame = districts.select(columns)?;
    frame.apply("completion_rate", |c| c.cast(&DataType::Float64).map(|c| c.f64().map(|v| v.apply_values(|x| (x * 10_000.0).round() / 10_000.0).into_column()).unwrap_or(c)).unwrap_or_else(|_| c.clone()))?;
    frame.insert_column(0, Column::new("year".into(), vec![year.to_string(); districts.height()]))?;
    Ok(frame)
}

/// Frames of several years under each other, with the year in front.
fn stacked(each: impl Iterator<Item = (i32, DataFrame)>) -> Result<DataFrame> {
    let mut all: Option<DataFrame> = None;
    for (year, mut frame) in each {
        frame.insert_column(0, Column::new("year".into(), vec![year; frame.height()]))?;
        match &mut all {
            None => all = Some(frame),
            Some(all) => {
                all.vstack_mut(&frame)?;
            }
        }
    }
    Ok(all.unwrap_or_default())
}

fn console(common: &Common) -> Console {
    let lang = match common.lang {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => lang_of_locale(),
    };
    let log = match common.log_format {
        Log::Text => LogFormat::Text,
        Log::Json => LogFormat::Json,
    };
    Console { lang, quiet: common.quiet, log, stages: Stages::default() }
}

/// The language of the locale; Chinese where the locale says nothing, as under cron.
fn lang_of_locale() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    match set.as_deref() {
        None | Some("C" | "POSIX" | "C.UTF-8" | "C.utf8") => Lang::Zh,
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        Some(_) => Lang::En,
    }
}

fn watch_signals() -> Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).context("signals cannot be watched")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            INTERRUPTED.store(true, Ordering::Relaxed);
        }
    });
    Ok(())
}

fn stdout() -> std::io::BufWriter<std::io::StdoutLock<'static>> {
    std::io::BufWriter::new(std::io::stdout().lock())
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|e| e.downcast_ref::<std::io::Error>()).any(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}
