//! What a run says in words: the closing summary with its books, and findings as people read them.

use crate::assemble::{Filed, Year};
use crate::catalog::joined;
use crate::cli::Common;
use crate::console::severity_word;
use crate::finding::{Finding, Lang, Severity, number, shown};
use crate::news::News;
use crate::pipeline::{Outcome, Readings};
use crate::reviewed::Verdict;
use crate::run_report;
use crate::settings::{Settings, Statute};
use crate::show::Heading;
use crate::tables::FACTS;
use crate::trace::{Question, Trace};
use anyhow::Result;
use polars::prelude::*;
use std::collections::BTreeMap;
use std::io::Write;

/// How many notes of one rule are printed; the others are counted.
const NOTES: usize = 3;
/// How many missing offices the closing summary names.
const NAMES: usize = 12;
/// The rule whose findings are printed together.
const MISSING: &str = "report.missing";

/// A number of things in English: 1 note, 2 notes.
pub fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Years with the number of their reports, so that a stray report is seen.
pub fn years(all: &Readings, lang: Lang) -> String {
    let one = |year: &i32| match lang {
        Lang::Zh => format!("{year}（{} 份）", all.of_year(*year)),
        Lang::En => format!("{year} ({})", counted(all.of_year(*year), "report")),
    };
    all.years.iter().map(one).collect::<Vec<_>>().join(lang.of("、", ", "))
}

/// The closing summary: the books of the run.
pub fn closing(common: &Common, all: &Readings, years: &[Year<'_>], outcomes: &[Outcome], settings: &Settings, lang: Lang) -> Vec<String> {
    let books = run_report::books(all);
    let mut lines = vec![match lang {
        Lang::Zh => format!(
            "共找到 {} 个文件：计入汇总 {}，重复 {}，不是年报 {}，年份不明 {}，无法读取 {}，其他年份 {}；另略过系统文件 {}。",
            all.files, books.counted, books.duplicate, books.not_a_report, books.without_year, books.unreadable, books.other_years, all.left_out
        ),
        Lang::En => format!(
            "{} found: {} added up, {} duplicate, {} not a report, {} without a year, {} unreadable, {} of other years; {} left out.",
            counted(all.files, "file"),
            books.counted,
            books.duplicate,
            books.not_a_report,
            books.without_year,
            books.unreadable,
            books.other_years,
            counted(all.left_out, "system file")
        ),
    }];
    for year in years {
        lines.push(offices_of(year, settings, lang));
        let findings = common.output.join(format!("findings/year={}/findings.csv", year.year));
        lines.push(match lang {
            Lang::Zh => format!("  {}，见 {}", findings_of(year, settings, lang), findings.display()),
            Lang::En => format!("  {}: see {}", findings_of(year, settings, lang), findings.display()),
        });
        lines.extend(outcomes.iter().find(|o| o.year == year.year).and_then(|o| changed(o.news.as_ref()?, lang)));
    }
    lines.push(match lang {
        Lang::Zh => format!("结果已写入 {}", common.output.display()),
        Lang::En => format!("Results are in {}", common.output.display()),
    });
    lines
}

/// How many offices of a year reported, and which did not.
fn offices_of(year: &Year<'_>, settings: &Settings, lang: Lang) -> String {
    let offices = settings.registry.offices.iter().filter(|o| o.exists_in(year.year)).count();
    let missing = year.missing(settings);
    let names = missing.iter().take(NAMES).map(|o| o.full_name()).collect::<Vec<_>>().join("、");
    let names = if missing.len() > NAMES { format!("{names} …") } else { names };
    match (lang, missing.is_empty()) {
        (Lang::Zh, true) => format!("{} 年：应报 {offices} 个单位，全部已报。", year.year),
        (Lang::Zh, false) => format!("{} 年：应报 {offices} 个单位，已报 {}，缺报 {}：{names}。", year.year, offices - missing.len(), missing.len()),
        (Lang::En, true) => format!("{}: {}, all reported.", year.year, counted(offices, "office")),
        (Lang::En, false) => {
            format!("{}: {}, {} reported, {} missing: {names}.", year.year, counted(offices, "office"), offices - missing.len(), missing.len())
        }
    }
}

/// What changed since the last published run; nothing where nothing did.
fn changed(news: &News, lang: Lang) -> Option<String> {
    let (new, resolved) = (news.new.len(), news.resolved.len());
    let errors = news.new.iter().filter(|item| item.severity == Severity::Error.id()).count();
    (new + resolved > 0).then(|| match lang {
        Lang::Zh => format!("  与上次发布相比：新增 {new}（其中错误 {errors}），消除 {resolved}"),
        Lang::En => format!("  since the last published run: {new} new ({}), {resolved} resolved", counted(errors, "error")),
    })
}

/// How many findings of each severity a year has.
fn findings_of(year: &Year<'_>, settings: &Settings, lang: Lang) -> String {
    let count = |severity| year.count(severity, settings);
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let all = match lang {
        Lang::Zh => format!("错误 {errors}，警告 {warnings}，提示 {notes}"),
        Lang::En => format!("{}, {}, {}", counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")),
    };
    match (year.accepted(), lang) {
        (0, _) => all,
        (accepted, Lang::Zh) => format!("{all}（其中已认可 {accepted}）"),
        (accepted, Lang::En) => format!("{all} ({accepted} of them accepted)"),
    }
}

/// A finding about a file on one line, without its severity.
pub fn line(source_file: &str, finding: &Finding, settings: &Settings, lang: Lang) -> String {
    let rule = settings.rules.get(&finding.rule);
    let mut line =
        format!("{} {} — {}{}{}", rule.name(), rule.title.of(lang), place(source_file, finding), lang.of("：", ": "), finding.message(&settings.rules, lang));
    if !finding.suggestion.is_empty() {
        line = format!("{line} {} {}", FITS.of(lang), finding.suggestion);
    }
    line
}

struct Label(&'static str, &'static str);

impl Label {
    fn of(&self, lang: Lang) -> &'static str {
        lang.of(self.0, self.1)
    }
}

const FITS: Label = Label("改法（仅供核对）：", "would fit (to be checked):");

fn place(source_file: &str, finding: &Finding) -> String {
    let line = if finding.at.line > 0 { format!(":{}", finding.at.line) } else { String::new() };
    format!("{}{line}", shown(source_file))
}

/// Prints the findings of a year: errors, warnings, notes, each by office. Missing offices are listed
/// together, and of many notes of one rule only the first are printed.
///
/// # Errors
/// If they cannot be written out.
pub fn findings(year: &Year<'_>, settings: &Settings, lang: Lang, out: &mut dyn Write) -> Result<()> {
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let of_severity = year.findings.iter().filter(|f| f.rule(settings).severity == severity);
        let (missing, others): (Vec<&Filed<'_>>, Vec<&Filed<'_>>) = of_severity.partition(|f| f.rule(settings).name() == MISSING);
        let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
        for filed in others {
            let number = by_rule.entry(&filed.finding.rule).or_default();
            *number += 1;
            if severity > Severity::Info || *number <= NOTES {
                finding(filed, year.year, settings, lang, out)?;
            }
        }
        for (id, number) in by_rule.into_iter().filter(|(_, number)| severity == Severity::Info && *number > NOTES) {
            let (rule, more) = (settings.rules.get(id), number - NOTES);
            let title = format!("{} {} {}", severity_word(severity, lang), rule.name(), rule.title.of(lang));
            match lang {
                Lang::Zh => writeln!(out, "{title}：另有 {more} 条，用 --format csv 查看全部")?,
                Lang::En => writeln!(out, "{title}: {more} more, all with --format csv")?,
            }
        }
        if !missing.is_empty() {
            missing_offices(&missing, year.year, settings, lang, out)?;
        }
    }
    let total = findings_of(year, settings, lang);
    match lang {
        Lang::Zh => writeln!(out, "{} 年：{total}", year.year)?,
        Lang::En => writeln!(out, "{}: {total}", year.year)?,
    }
    Ok(())
}

fn finding(filed: &Filed<'_>, year: i32, settings: &Settings, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let rule = filed.rule(settings);
    let office = filed.office.map(|o| settings.registry.office(o).full_name()).or(filed.unregistered.map(str::to_string));
    let office = office.map_or_else(String::new, |name| format!("{} ", shown(&name)));
    writeln!(out, "{} {} {} — {office}{year}", severity_word(rule.severity, lang), rule.name(), rule.title.of(lang))?;
    if let Some(file) = filed.source_file {
        writeln!(out, "  {} {}", lang.of("位置：", "where:"), place(file, &filed.finding))?;
    }
    writeln!(out, "  {} {}", lang.of("发现：", "found:"), filed.finding.message(&settings.rules, lang))?;
    if !filed.finding.suggestion.is_empty() {
        writeln!(out, "  {} {}", FITS.of(lang), filed.finding.suggestion)?;
    }
    if let Some(decision) = &filed.decision {
        let verdict = match decision.verdict {
            Verdict::Accepted => lang.of("已认可", "accepted"),
            Verdict::Confirmed => lang.of("属实", "confirmed"),
        };
        let (note, by) = (shown(&decision.note), shown(&decision.by));
        writeln!(out, "  {} {verdict} — {note} ({by} {})", lang.of("认定：", "decided:"), decision.on)?;
    }
    Ok(())
}

/// The offices without a report, by district; those whose file is there but cannot be read, each with its file.
fn missing_offices(missing: &[&Filed<'_>], year: i32, settings: &Settings, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let rule = settings.rules.get(MISSING);
    let number = match lang {
        Lang::Zh => format!("{} 个单位", missing.len()),
        Lang::En => counted(missing.len(), "office"),
    };
    writeln!(out, "{} {} {} — {number} {year}", severity_word(rule.severity, lang), rule.name(), rule.title.of(lang))?;
    let (absent, unreadable): (Vec<&Filed<'_>>, Vec<&Filed<'_>>) = missing.iter().partition(|f| f.finding.rule == MISSING);
    let offices: Vec<_> = absent.iter().filter_map(|f| f.office).map(|o| settings.registry.office(o)).collect();
    for district in offices.chunk_by(|a, b| a.district_code == b.district_code) {
        let names = district.iter().map(|o| o.name.as_str()).collect::<Vec<_>>().join("、");
        writeln!(out, "  {}{}{names}", district[0].district, lang.of("：", ": "))?;
    }
    if !absent.is_empty() {
        let advice = ("请催报；如文件已在，请检查标题中的单位名称和年份。", "Ask for the reports; if a file is there, check the office and year in its title.");
        writeln!(out, "  {}", lang.of(advice.0, advice.1))?;
    }
    for filed in unreadable {
        writeln!(out, "  {}", filed.finding.message(&settings.rules, lang))?;
    }
    Ok(())
}

/// A traced total on one line: what it is of, its value, and how many offices are in it.
pub fn traced(trace: &Trace, question: &Question<'_>, statute: &Statute, lang: Lang) -> String {
    let item = statute.catalog.item(trace.item);
    let (row, column) = match lang {
        Lang::Zh => (&item.zh.0, &item.zh.1),
        Lang::En => (&item.en.0, &item.en.1),
    };
    let ids = [Some(item.indicator.as_str()), item.applicant.as_deref(), trace.channel.as_deref()];
    let ids = ids.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let title = joined(row, column);
    let rate = item.unit == "ratio";
    let total = match (trace.total, rate) {
        (Some(value), true) => format!("{:.2}%", value * 100.0),
        (Some(value), false) => number(value),
        (None, _) => lang.of("无数", "none stated").to_string(),
    };
    let unit = if trace.total.is_none() || rate { "" } else { trace.unit.as_str() };
    let with: std::collections::BTreeSet<&str> = trace.parts.iter().filter(|p| p.added.is_some()).map(|p| p.office_code.as_str()).collect();
    let (division, year, with) = (&trace.division, question.year, with.len());
    match lang {
        Lang::Zh => format!("{year} 年 {division}（{}）{title}（{ids}）：{total}{unit}，{} 个单位中 {with} 个有数", question.division, trace.offices),
        Lang::En => {
            let offices = counted(trace.offices, "office");
            format!("{year} {division} ({}), {title} ({ids}): {total} {unit}, from {with} of {offices}", question.division).replace(" , ", ", ")
        }
    }
}

/// What stands above the columns of a trace, where no published table has them.
const OF_PARTS: [(&str, &str, &str); 3] = [("status", "情况", "status"), ("added", "计入", "added"), ("weight", "权重", "weight")];

/// The parts of a traced total as people read them: columns that say something, in their language.
///
/// # Errors
/// Only what polars reports, which would be a fault of this program.
pub fn parts(frame: &DataFrame, trace: &Trace, lang: Lang) -> PolarsResult<(DataFrame, Vec<Heading>)> {
    const COLUMNS: [&str; 11] =
        ["district", "office", "status", "added", "weight", "qualifier", "raw", "source_file", "source_page", "source_line", "source_cell"];
    let filled = COLUMNS.into_iter().filter(|name| frame.column(name).is_ok_and(|c| c.null_count() < c.len()));
    let mut shown = frame.select(filled)?;
    let status: Vec<&str> = trace.parts.iter().map(|p| lang.of(status_zh(p.status), p.status)).collect();
    shown.replace("status", Column::new("status".into(), status))?;
    let declared = |name: &str| FACTS.columns.iter().find(|c| c.name == name).map(|c| (c.zh, c.en));
    let own = |name: &str| OF_PARTS.iter().find(|(id, ..)| *id == name).map(|(_, zh, en)| (*zh, *en));
    let heading = |c: &Column| {
        let name = c.name().as_str();
        let title = declared(name).or_else(|| own(name)).map_or(name, |(zh, en)| lang.of(zh, en));
        Heading { title: title.to_string(), rate: name == "added" && trace.unit == "ratio" }
    };
    let headings = shown.columns().iter().map(heading).collect();
    Ok((shown, headings))
}

fn status_zh(status: &'static str) -> &'static str {
    match status {
        "added" => "计入",
        "not_added" => "未计入",
        "blank" => "空白",
        "not_applicable" => "不适用",
        "unreadable" => "不是数字",
        "not_stated" => "未述",
        _ => "缺报",
    }
}
