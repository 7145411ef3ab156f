//! The command line: names, defaults and help. No logic.

use crate::show::Format;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// 政府信息公开年报汇总 · totals of yearly disclosure reports
///
/// Reads every report under a folder, checks its arithmetic and publishes district totals as Parquet and CSV.
#[derive(Debug, Parser)]
#[command(name = "huizong", version, after_help = EXIT, max_term_width = 100)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// Options of all commands
    #[command(flatten)]
    pub common: Common,
}

const EXIT: &str = "Exit status: 0 done · 1 could not do the job, previous output untouched · 2 wrong usage · \
3 published, but some input could not be read or a finding reached --fail-on · 4 another run holds the lock · 130 interrupted\n\n\
HUIZONG_SOFFICE names the program soffice of LibreOffice, through which doc, wps, rtf and odt are read, where it is not on the search path; HUIZONG_TESSERACT names tesseract, for --ocr";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find, read, check, total and publish 汇总并发布
    Aggregate {
        /// Years
        #[command(flatten)]
        years: Years,
        /// How to read them
        #[command(flatten)]
        scans: Scans,
        /// Make workbook, page, official form and letters as well
        #[arg(long)]
        report: bool,
    },
    /// Read single reports and print their facts 读取单个报告
    Parse {
        /// Reports to read
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// How to read them
        #[command(flatten)]
        scans: Scans,
    },
    /// As aggregate, but print the findings and publish nothing 只检查，不发布
    Check {
        /// Years
        #[command(flatten)]
        years: Years,
        /// How to read them
        #[command(flatten)]
        scans: Scans,
    },
    /// From a published total to the offices, files and cells it came from 追溯一个合计数的来源
    Trace {
        /// Published year
        #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(2000..2100))]
        year: i32,
        /// District, city or province, by its code of six digits
        #[arg(long, value_name = "CODE")]
        division: String,
        /// Indicator, as in the dictionary
        #[arg(long, value_name = "ID")]
        indicator: String,
        /// Applicant column of the table of applications; default the total
        #[arg(long, value_name = "ID")]
        applicant: Option<String>,
        /// Channel of a figure in prose; default each channel
        #[arg(long, value_name = "ID")]
        channel: Option<String>,
    },
    /// Make workbook, page, official form and letters from what was published 生成工作簿、网页、统计表和退回通知
    Report {
        /// Report year; may be repeated. Without it every published year
        #[arg(long = "year", value_name = "YEAR", value_parser = clap::value_parser!(i32).range(2000..2100))]
        years: Vec<i32>,
        /// Only this district, city or province, by its code of six digits
        #[arg(long, value_name = "CODE")]
        division: Option<String>,
    },
    /// Age and outcome of the last run, missing offices, open findings; status 3 if something is wrong 运行状况
    Status {
        /// Oldest results that are still fine, such as 26h, 90m or 2d
        #[arg(long, value_name = "AGE", value_parser = crate::status::span)]
        max_age: Option<chrono::Duration>,
    },
    /// Write offices.csv for a district from the built-in division codes 生成单位名录
    Init {
        /// District by its code of six digits; a city (640100) or province (640000) for all its districts
        #[arg(long, value_name = "CODE")]
        district: String,
        /// Replace an offices.csv that is there
        #[arg(long)]
        force: bool,
    },
    /// Print every indicator, rule and column with its names, unit and definition 数据字典
    Dictionary,
}

/// Which years to process.
#[derive(Debug, Args)]
pub struct Years {
    /// Report year; may be repeated. Without it every year found
    #[arg(long = "year", value_name = "YEAR", value_parser = clap::value_parser!(i32).range(2000..2100))]
    pub years: Vec<i32>,
}

/// What becomes of scanned pages.
#[derive(Debug, Clone, Copy, Args)]
pub struct Scans {
    /// Read scanned pages through tesseract with Chinese data; their figures are to be compared with the print
    #[arg(long = "ocr")]
    pub recognise: bool,
}

/// Options of all commands.
#[derive(Debug, Args)]
pub struct Common {
    /// Folder with the reports
    #[arg(long, global = true, value_name = "DIR", default_value = "data/reports")]
    pub input: PathBuf,
    /// Folder for the results
    #[arg(long, global = true, value_name = "DIR", default_value = "out")]
    pub output: PathBuf,
    /// Folder with offices.csv; its forms, rules and words replace those built in
    #[arg(long, global = true, value_name = "DIR", default_value = "config")]
    pub config: PathBuf,
    /// Threads to use; default one per core
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// Language of messages; default from the locale
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
    /// Say nothing unless something failed
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Messages as text or as JSON lines
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub log_format: Log,
    /// How results are printed
    #[arg(long, global = true, value_enum, default_value = "table")]
    pub format: Format,
    /// Exit with status 3 if a finding is this severe
    #[arg(long, global = true, value_enum, default_value = "never")]
    pub fail_on: FailOn,
}

/// Languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Chinese 中文
    Zh,
    /// English 英文
    En,
}

/// Formats of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Log {
    /// Lines for people
    Text,
    /// JSON lines
    Json,
}

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any error
    Error,
    /// Any error or warning
    Warning,
    /// No finding
    Never,
}
