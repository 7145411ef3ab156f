//! One function per command: settings, then the library, then what to print and the exit status.

use crate::assemble::Year;
use crate::attempt::{self, Attempt};
use crate::cli::{Cli, Command, Common, FailOn, Language, Log};
use crate::console::{Console, LogFormat, Stages};
use crate::discover::{Found, Source};
use crate::divisions::Divisions;
use crate::failure::{Cause, Failure};
use crate::finding::{Finding, Lang, Severity, shown};
use crate::form::Memo;
use crate::kept::Kept;
use crate::manifest::{Digest, Manifest, TablesOfYear, Told};
use crate::marked::{self, Marks};
use crate::pipeline::{self, INTERRUPTED, Outcome, Readings};
use crate::publish::Output;
use crate::published::Published;
use crate::read::{FileReadings, Reading, Status};
use crate::run_report;
use crate::settings::{self, Settings, Statute};
use crate::show::{self, Format, Heading};
use crate::status::Health;
use crate::tables::{DISTRICT_SUMMARY, FACTS, FINDINGS, Table, YEAR};
use crate::trace::{self, Question};
use crate::{assemble, convert, dictionary, frames, news, recognise, wording};
use anyhow::Result;
use polars::prelude::*;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Done,
    /// Published, but not everything was readable or clean.
    DoneWithFaults,
}

/// What a run is asked for.
#[derive(Debug, Clone, Copy)]
struct Wanted<'a> {
    /// Report years; none means every year found.
    years: &'a [i32],
    /// Whether scanned pages are to be recognised.
    recognise: bool,
    /// Whether to make what people open.
    for_people: bool,
}

/// Runs a command and gives the exit status.
pub fn run(cli: &Cli) -> ExitCode {
    let console = console(&cli.common);
    match start(cli, &console) {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::DoneWithFaults) => ExitCode::from(3),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<Failure>() {
            Some(failure) => {
                console.fail(&failure.zh, &failure.en);
                ExitCode::from(match failure.cause {
                    Cause::Failed => 1,
                    Cause::Locked => 4,
                    Cause::Interrupted => 130,
                })
            }
            None => {
                console.fail(&format!("没有完成：{error:#}"), &format!("not done: {error:#}"));
                ExitCode::from(1)
            }
        },
    }
}

fn start(cli: &Cli, console: &Console) -> Result<End> {
    if let Some(threads) = cli.common.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build_global()
            .map_err(|e| Failure::new("线程无法启动", "threads cannot be started").because(e))?;
    }
    match &cli.command {
        Command::Aggregate { years, scans, report } => {
            let wanted = Wanted { years: &years.years, recognise: scans.recognise, for_people: *report };
            noted(&cli.common.output, console, |attempt| aggregate(&cli.common, wanted, attempt, console))
        }
        Command::Report { years, division } => report_for_people(&cli.common, years, division.as_deref(), console),
        Command::Check { years, scans } => check(&cli.common, Wanted { years: &years.years, recognise: scans.recognise, for_people: false }, console),
        Command::Parse { files, scans } => parse(&cli.common, files, scans.recognise, console),
        Command::Trace { year, division, indicator, applicant, channel } => {
            let question = Question { year: *year, division, indicator, applicant: applicant.as_deref(), channel: channel.as_deref() };
            trace(&cli.common, &question, console)
        }
        Command::Status { max_age } => status(&cli.common, *max_age, console),
        Command::Init { district, force } => init(&cli.common, district, *force, console),
        Command::Dictionary => {
            let frame = dictionary::frame(&Statute::load(&cli.common.config)?)?;
            to_stdout(|out| show::print(&frame, cli.common.format, out))?;
            Ok(End::Done)
        }
    }
}

/// Does a run, and notes in the output folder that it was tried and how it ended. A run that finds another
/// one at work leaves the note to that one.
fn noted(output: &Path, console: &Console, run: impl FnOnce(&Attempt) -> Result<(End, attempt::Outcome)>) -> Result<End> {
    let attempt = Attempt::began(&console.run, chrono::Local::now());
    let result = run(&attempt);
    let failure = result.as_ref().err().filter(|e| !is_closed_pipe(e));
    let outcome = match failure.map(|e| e.downcast_ref::<Failure>().map_or(Cause::Failed, |f| f.cause)) {
        None => result.as_ref().map_or(attempt::Outcome::Published, |(_, outcome)| *outcome),
        Some(Cause::Locked) => return result.map(|(end, _)| end),
        Some(Cause::Failed) => attempt::Outcome::Failed,
        Some(Cause::Interrupted) => attempt::Outcome::Interrupted,
    };
    let why = failure.map(|e| e.downcast_ref::<Failure>().map_or_else(|| (format!("{e:#}"), format!("{e:#}")), |f| (f.zh.clone(), f.en.clone())));
    attempt.ended(outcome, why.as_ref().map(|(zh, en)| (zh.as_str(), en.as_str()))).note(output);
    result.map(|(end, _)| end)
}

fn aggregate(common: &Common, wanted: Wanted<'_>, attempt: &Attempt, console: &Console) -> Result<(End, attempt::Outcome)> {
    watch_signals()?;
    let started = chrono::Local::now();
    let config = settings::config_hash(&common.config);
    // A configuration with which results were published was proved then.
    let proved = config.is_some() && Manifest::last(&common.output).map(|m| m.config) == config;
    let settings = if proved { None } else { Some(Settings::load(&common.config)?) };
    let output = Output::open(&common.output)?;
    attempt.note(&common.output);
    let found = pipeline::find(&common.input, &common.output, console)?;
    let made_of = config.as_ref().and_then(|config| made_of(common, wanted, config, &found));
    if let Some(manifest) = made_of.as_ref().and_then(|made_of| output.unchanged(made_of)) {
        let run = Published::last(&common.output)?.run()?;
        if let Some(run) = run_report::again(&run, started, console) {
            output.confirm(&serde_json::to_vec_pretty(&run).unwrap_or_default())?;
            return Ok((unchanged(common, &manifest, &run, console)?, attempt::Outcome::Unchanged));
        }
    }
    let settings = match settings {
        Some(settings) => settings,
        None => Settings::load(&common.config)?,
    };
    let statute = if wanted.for_people { Some(Statute::load(&common.config)?) } else { None };
    let all = collect(common, found, wanted, &settings, Some(&output), console)?;
    let made_of = made_of.filter(|_| !all.fleeting && config.as_ref() == Some(&settings.config_hash));
    let (mut worst, mut summary, mut numbers) = (None, Vec::new(), serde_json::Value::Null);
    let report = |outcomes: &[Outcome], years: &[Year<'_>]| {
        worst = pipeline::worst(years, &settings);
        summary = wording::closing(common, &all, years, outcomes, &settings, console.lang);
        let run = run_report::json(common, started, console, &all, years, outcomes, &settings);
        let manifest = Manifest {
            config: settings.config_hash.clone(),
            made_of: made_of.clone().unwrap_or_default(),
            holds: String::new(),
            years: all.years.clone(),
            worst,
            told: unreadable(&all, &settings),
            tables: outcomes.iter().map(|outcome| (outcome.year, outcome.tables.clone())).collect(),
            // Of what did not change there is no news.
            summary_zh: wording::closing(common, &all, years, &[], &settings, Lang::Zh),
            summary_en: wording::closing(common, &all, years, &[], &settings, Lang::En),
        };
        let bytes = serde_json::to_vec_pretty(&run).unwrap_or_default();
        numbers = run.told;
        (bytes, manifest)
    };
    let outcomes = pipeline::publish(output, &all, &settings, console, statute.as_ref(), started.date_naive(), report)?;
    tell(&unreadable(&all, &settings), console);
    console.ended("已发布", "published", run_report::numbers(&numbers, &console.stages));
    let end = end(common, worst, all.unreadable().next().is_some());
    Ok((close(common, end, &summary, &outcomes, console)?, attempt::Outcome::Published))
}

/// The digest of all that decides the results of a run, and the words about them; none where it cannot be told.
fn made_of(common: &Common, wanted: Wanted<'_>, config: &str, found: &Found) -> Option<String> {
    let mut digest = Digest::default();
    digest.text(env!("CARGO_PKG_VERSION")).program(std::env::current_exe().ok()).program(convert::program());
    digest.text(config).text(found.stamp.as_ref()?).text(std::env::current_dir().ok()?.as_os_str().as_encoded_bytes());
    for path in [&common.input, &common.output, &common.config] {
        digest.text(path.as_os_str().as_encoded_bytes());
    }
    let mut years = wanted.years.to_vec();
    years.sort_unstable();
    years.dedup();
    for year in &years {
        digest.text(year.to_string());
    }
    digest.text(if wanted.for_people { "report" } else { "" });
    if wanted.recognise {
        digest.text("ocr").program(recognise::program());
    }
    Some(digest.hex())
}

/// Says again what was said when the results were published.
fn unchanged(common: &Common, manifest: &Manifest, run: &serde_json::Value, console: &Console) -> Result<End> {
    console.info(
        "文件、配置和程序都没有变，上次发布的结果仍然有效，未重新读取",
        "no file, setting or program has changed: what was last published holds; nothing was read again",
    );
    tell(&manifest.told, console);
    console.ended("没有变化", "unchanged", run_report::numbers(run, &console.stages));
    let end = end(common, manifest.worst, !manifest.told.is_empty());
    if console.quiet {
        return Ok(end);
    }
    let published = Published::last(&common.output)?;
    let outcome = |&year: &i32| Ok(Outcome { year, districts: published.table(&DISTRICT_SUMMARY, year)?, tables: TablesOfYear::default(), news: None });
    let outcomes = manifest.years.iter().map(outcome).collect::<Result<Vec<_>>>()?;
    let summary = match console.lang {
        Lang::Zh => &manifest.summary_zh,
        Lang::En => &manifest.summary_en,
    };
    close(common, end, summary, &outcomes, console)
}

/// Prints the summary, unless nobody wants it.
fn close(common: &Common, end: End, summary: &[String], outcomes: &[Outcome], console: &Console) -> Result<End> {
    if console.quiet {
        return Ok(end);
    }
    match to_stdout(|out| print_outcomes(common, summary, outcomes, console.lang, out)) {
        Err(error) if !is_closed_pipe(&error) => {
            console.fail(&format!("已发布，但屏幕输出没有写完：{error:#}"), &format!("published, but the summary could not be written out: {error:#}"));
            Ok(End::DoneWithFaults)
        }
        _ => Ok(end),
    }
}

fn report_for_people(common: &Common, wanted: &[i32], division: Option<&str>, console: &Console) -> Result<End> {
    watch_signals()?;
    let statute = Statute::load(&common.config)?;
    let output = Output::open(&common.output)?;
    let years = pipeline::publish_report(output, wanted, division, &statute, console)?;
    let folders = years.iter().map(|year| common.output.join(format!("publish/year={year}")).display().to_string()).collect::<Vec<_>>();
    console.info(&format!("已生成：{}", folders.join("、")), &format!("made: {}", folders.join(", ")));
    Ok(End::Done)
}

fn print_outcomes(common: &Common, summary: &[String], outcomes: &[Outcome], lang: Lang, out: &mut dyn Write) -> Result<()> {
    if common.format != Format::Table {
        return show::print(&stacked(&DISTRICT_SUMMARY, outcomes.iter().map(|o| (o.year, o.districts.clone())))?, common.format, out);
    }
    for line in summary {
        writeln!(out, "{line}")?;
    }
    for outcome in outcomes {
        writeln!(out)?;
        let (frame, headings) = for_people(&outcome.districts, outcome.year, lang)?;
        show::table(&frame, &headings, out)?;
    }
    Ok(())
}

/// How many unreadable files are told one by one.
const TOLD: usize = 10;

/// Which files could not be read, and why: this is what a run fails of, and tells even if it is quiet.
fn unreadable(all: &Readings, settings: &Settings) -> Vec<Told> {
    let mut told: Vec<Told> = all.unreadable().take(TOLD).flat_map(|reading| findings_of(reading, settings)).collect();
    let more = all.unreadable().count().saturating_sub(TOLD);
    if more > 0 {
        let (zh, en) = (format!("另有 {more} 个文件无法读取"), format!("{} more cannot be read", wording::counted(more, "file")));
        told.push(Told { severity: Severity::Error, zh, en });
    }
    told
}

fn findings_of(reading: &Reading, settings: &Settings) -> Vec<Told> {
    let line = |finding: &Finding, lang| wording::line(&reading.source_file, finding, settings, lang);
    let told = |f: &Finding| Told { severity: settings.rules.get(&f.rule).severity, zh: line(f, Lang::Zh), en: line(f, Lang::En) };
    reading.findings.iter().map(told).collect()
}

fn tell(told: &[Told], console: &Console) {
    told.iter().for_each(|told| console.finding(told.severity, &told.zh, &told.en));
}

fn check(common: &Common, wanted: Wanted<'_>, console: &Console) -> Result<End> {
    let settings = Settings::load(&common.config)?;
    let found = pipeline::find(&common.input, &common.output, console)?;
    let all = collect(common, found, wanted, &settings, None, console)?;
    let mut years: Vec<Year<'_>> = all.years.iter().map(|&year| assemble::year(year, &all.readings, &all.earlier, &settings)).collect();
    let published = Published::last(&common.output).ok();
    for year in &mut years {
        news::compare(year, published.as_ref(), None, &settings);
    }
    to_stdout(|out| {
        if common.format == Format::Table {
            return years.iter().try_for_each(|year| wording::findings(year, &settings, console.lang, out));
        }
        let each = years.iter().map(|y| Ok((y.year, frames::findings(&y.findings, &settings)?))).collect::<Result<Vec<_>>>()?;
        show::print(&stacked(&FINDINGS, each.into_iter())?, common.format, out)
    })?;
    Ok(end(common, pipeline::worst(&years, &settings), all.unreadable().next().is_some()))
}

fn parse(common: &Common, files: &[std::path::PathBuf], recognise: bool, console: &Console) -> Result<End> {
    let settings = Settings::load_for_parsing(&common.config)?;
    let mut worst = None;
    let mut unreadable = false;
    to_stdout(|out| {
        let mut each = Vec::new();
        let source =
            |path: &std::path::PathBuf| Source { relative: path.to_string_lossy().replace('\\', "/"), path: path.clone(), stamp: None, settled: false };
        let sources: Vec<Source> = files.iter().map(source).collect();
        let mut files: Vec<FileReadings> = sources.iter().map(|s| pipeline::read_file(s, &[], &settings, &mut Memo::default())).collect();
        pipeline::convert_legacy(&sources, &mut files, &[], &settings, console)?;
        if recognise {
            pipeline::recognise_scans(&sources, &mut files, &[], &settings, console)?;
        }
        for reading in files.into_iter().flat_map(|f| f.readings) {
            worst = worst.max(reading.findings.iter().map(|f| settings.rules.get(&f.rule).severity).max());
            let failed = reading.status == Status::Unreadable;
            if failed || !console.quiet {
                tell(&findings_of(&reading, &settings), console);
            }
            unreadable |= failed;
            if failed {
                continue;
            }
            let frame = frames::facts(&[&reading], &settings)?;
            if common.format == Format::Table {
                print_reading(&reading, &frame, &settings, console.lang, out)?;
            } else {
                each.push((reading.year.unwrap_or_default(), frame));
            }
        }
        match common.format {
            Format::Table => Ok(()),
            format => show::print(&stacked(&FACTS, each.into_iter())?, format, out),
        }
    })?;
    Ok(end(common, worst, unreadable))
}

fn trace(common: &Common, question: &Question<'_>, console: &Console) -> Result<End> {
    let statute = Statute::load(&common.config)?;
    let published = Published::last(&common.output)?;
    let traces = trace::trace(&published, question, &statute)?;
    let frame = trace::frame(&traces, question, &statute)?;
    to_stdout(|out| {
        if common.format != Format::Table {
            return show::print(&frame, common.format, out);
        }
        let mut from = 0;
        for (number, trace) in traces.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{}", wording::traced(trace, question, &statute, console.lang))?;
            let of_trace = frame.slice(from, trace.parts.len());
            from += i64::try_from(trace.parts.len())?;
            let (frame, headings) = wording::parts(&of_trace, trace, console.lang)?;
            show::table(&frame, &headings, out)?;
        }
        Ok(())
    })?;
    Ok(End::Done)
}

fn status(common: &Common, max_age: Option<chrono::Duration>, console: &Console) -> Result<End> {
    let status = Health::read(&common.output, chrono::Local::now())?;
    let least = match common.fail_on {
        FailOn::Never => None,
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Error => Some(Severity::Error),
    };
    let troubles = status.troubles(max_age, least);
    if !console.quiet || !troubles.is_empty() {
        to_stdout(|out| match common.format {
            Format::Table => status.lines(&troubles, console.lang).iter().try_for_each(|line| Ok(writeln!(out, "{line}")?)),
            format => show::print(&status.frame(&troubles)?, format, out),
        })?;
    }
    Ok(if troubles.is_empty() { End::Done } else { End::DoneWithFaults })
}

fn init(common: &Common, district: &str, force: bool, console: &Console) -> Result<End> {
    let drawn = Divisions::load()?.registry(district)?;
    let path = settings::write_registry(&common.config, &drawn.csv, force)?;
    let (path, title, offices, others) = (path.display(), &drawn.title, drawn.offices, drawn.others);
    console.info(
        &format!("已写入 {path}：{title} {offices} 个街道、镇、乡（国家统计局 2023 年区划代码）。请核对，补上需要报送的部门。"),
        &format!("{path}: {offices} streets, towns and townships of {title} (division codes of 2023). Check it, and add the departments that report."),
    );
    if others > 0 {
        console.info(
            &format!("另有开发区、农场等 {others} 个（kind 列为“非政府单位”）；不报年报的请删去，否则会算缺报。"),
            &format!("{others} more are development zones, farms and the like (kind 非政府单位): delete those that do not report, or they count as missing."),
        );
    }
    Ok(End::Done)
}

fn print_reading(reading: &Reading, facts: &DataFrame, settings: &Settings, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let registered = reading.office.map(|o| settings.registry.office(o).full_name());
    let office = registered.or_else(|| reading.unregistered.clone()).unwrap_or_default();
    let year = reading.year.map(|y| y.to_string()).unwrap_or_default();
    writeln!(out, "{}  {} {year}  {} {}", shown(&reading.source_file), shown(&office), lang.of("格式", "form"), reading.form)?;
    let columns = ["section", "indicator", "applicant", "channel", "value", "unit", "qualifier", "state", "raw", "source_line", "source_cell"];
    show::print(&facts.select(columns)?, Format::Table, out)?;
    let marks = if coloured() { Marks::COLOUR } else { Marks::BRACKETS };
    marked::print(&reading.sentences, &settings.narrative, marks, lang, out)
}

/// Whether stdout is a terminal that shows colours.
fn coloured() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Reads the reports; refuses to go on where there is nothing to add up.
fn collect(common: &Common, found: Found, asked: Wanted<'_>, settings: &Settings, keep: Option<&Output>, console: &Console) -> Result<Readings> {
    let mut wanted = asked.years.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let kept = Kept::of(&common.output, settings, asked.recognise);
    let all = pipeline::read_all(found, &wanted, asked.recognise, settings, &kept, keep, console)?;
    let failure = |zh: &str, en: &str| Failure::new(zh, en).at(common.input.display());
    if all.files == 0 {
        return Err(failure("文件夹中没有文件，未发布", "no reports in this folder; nothing was published").into());
    }
    if assemble::years(&all.readings).is_empty() {
        tell(&unreadable(&all, settings), console);
        let files = all.files;
        let years = |mark| wanted.iter().map(i32::to_string).collect::<Vec<_>>().join(mark);
        return Err(match wanted.is_empty() {
            true => failure(
                &format!("{files} 个文件中没有年度报告，未发布"),
                &format!("no yearly report among {}; nothing was published", wording::counted(files, "file")),
            ),
            false => failure(
                &format!("{files} 个文件中没有 {} 年的报告，未发布", years("、")),
                &format!("no report of {} among {}; nothing was published", years(", "), wording::counted(files, "file")),
            ),
        }
        .into());
    }
    if wanted.is_empty() {
        let (zh, en) = (wording::years(&all, Lang::Zh), wording::years(&all, Lang::En));
        console.info(&format!("未指定年份，处理找到的全部年份：{zh}"), &format!("no year given: processing every year found: {en}"));
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

/// The columns of the district summary that fit on a screen.
fn for_people(districts: &DataFrame, year: i32, lang: Lang) -> Result<(DataFrame, Vec<Heading>)> {
    const COLUMNS: [&str; 11] = [
        "district",
        "offices_expected",
        "offices_missing",
        "items_disclosed",
        "hotline_cases",
        "completion_rate",
        "applications_received",
        "applications_closed",
        "reviews_total",
        "lawsuits_total",
        "errors",
    ];
    let mut frame = districts.select(COLUMNS)?;
    // As text, so that it takes no commas.
    frame.insert_column(0, Column::new(YEAR.name.into(), vec![year.to_string(); districts.height()]))?;
    let declared = |name: &str| std::iter::once(&YEAR).chain(DISTRICT_SUMMARY.columns).find(|c| c.name == name);
    let headings = frame.columns().iter().map(|c| {
        let name = c.name().as_str();
        Heading { title: declared(name).map_or(name, |d| lang.of(d.zh, d.en)).to_string(), rate: name.ends_with("_rate") }
    });
    let headings = headings.collect();
    Ok((frame, headings))
}

/// Frames of several years of a table under each other, with the year in front.
fn stacked(table: &Table, each: impl Iterator<Item = (i32, DataFrame)>) -> Result<DataFrame> {
    let mut all = frames::empty(table)?;
    all.insert_column(0, Column::new_empty(YEAR.name.into(), &frames::data_type(YEAR.kind)))?;
    for (year, mut frame) in each {
        frame.insert_column(0, Column::new(YEAR.name.into(), vec![year; frame.height()]))?;
        all.vstack_mut(&frame)?;
    }
    Ok(all)
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
    let run = format!("{}-{}", chrono::Local::now().format("%Y%m%dT%H%M%S"), std::process::id());
    Console { lang, quiet: common.quiet, log, run, stages: Stages::default() }
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
    let mut signals =
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(|e| Failure::new("无法接收中断信号", "signals cannot be watched").because(e))?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            INTERRUPTED.store(true, Ordering::Relaxed);
        }
    });
    Ok(())
}

/// Prints to stdout, to the last byte: what cannot be written is no success.
fn to_stdout(print: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    print(&mut out)?;
    Ok(out.flush()?)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|e| e.downcast_ref::<std::io::Error>()).any(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}
