//! Facts, reports and findings as polars frames, column by column as `tables` declares them.

use crate::assemble::{Filed, Year};
use crate::batch::{Batch, Values};
use crate::finding::Lang;
use crate::read::Reading;
use crate::settings::Settings;
use crate::tables::{Column as Declared, DISTRICT_SUMMARY, FACTS, FINDINGS, Kind, REPORTS, Table};
use polars::prelude::*;

/// Checks that a frame has exactly the declared columns.
fn declared(table: &Table, columns: Vec<Column>) -> PolarsResult<DataFrame> {
    let height = columns.first().map_or(0, Column::len);
    debug_assert!(table.columns.iter().map(|c| c.name).eq(columns.iter().map(|c| c.name().as_str())), "columns of {}", table.name);
    DataFrame::new(height, columns)
}

/// An empty frame of a table, with its types.
pub fn empty(table: &Table) -> PolarsResult<DataFrame> {
    let column = |c: &Declared| Column::new_empty(c.name.into(), &data_type(c.kind));
    DataFrame::new(0, table.columns.iter().map(column).collect())
}

/// The polars type of a kind.
pub fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Number => DataType::Float64,
        Kind::Count => DataType::UInt32,
        Kind::Year => DataType::Int32,
        Kind::Day => DataType::Date,
    }
}

/// The facts of some readings of a year, in their order.
pub fn facts(readings: &[&Reading], settings: &Settings) -> PolarsResult<DataFrame> {
    let column = |(values, declared): (Values, &Declared)| {
        let column = match values {
            Values::Pointed(texts) => texts.iter().collect::<StringChunked>().into_column(),
            Values::Plain(column) => column,
        };
        column.with_name(declared.name.into())
    };
    declared(&FACTS, Batch::facts(readings, settings).columns.into_iter().zip(FACTS.columns).map(column).collect())
}

/// The files of a year.
pub fn reports(year: &Year<'_>, settings: &Settings) -> PolarsResult<DataFrame> {
    let rows = &year.readings;
    let office = |r: &Reading| r.office.map(|o| settings.registry.office(o));
    let text =
        |name: &str, value: &dyn Fn(&Reading) -> Option<String>| rows.iter().map(|r| value(r)).collect::<StringChunked>().with_name(name.into()).into_column();
    let count =
        |name: &str, value: &dyn Fn(&Reading) -> u32| rows.iter().map(|r| Some(value(r))).collect::<UInt32Chunked>().with_name(name.into()).into_column();
    declared(
        &REPORTS,
        vec![
            text("district_code", &|r| office(r).map(|o| o.district_code.clone())),
            text("district", &|r| office(r).map(|o| o.district.clone())),
            text("office_code", &|r| office(r).map(|o| o.code.clone())),
            text("office", &|r| office(r).map(|o| o.name.clone()).or_else(|| r.unregistered.clone())),
            text("source_file", &|r| Some(r.source_file.clone())),
            text("format", &|r| Some(r.format.clone())),
            text("encoding", &|r| r.encoding.map(str::to_string)),
            text("form", &|r| Some(r.form.clone())),
            text("title", &|r| r.title.clone()),
            rows.iter().map(|r| r.published_on.map(|d| d.to_epoch_days())).collect::<Int32Chunked>().with_name("published_on".into()).into_date().into_column(),
            text("content_hash", &|r| r.content_hash.clone()),
            text("status", &|r| Some(r.status.id().to_string())),
            count("cells_expected", &|r| r.cells_expected),
            count("cells_found", &|r| r.cells_found),
        ],
    )
}

/// The findings of a year.
pub fn findings(rows: &[Filed<'_>], settings: &Settings) -> PolarsResult<DataFrame> {
    let office = |f: &Filed<'_>| f.office.map(|o| settings.registry.office(o));
    let item = |f: &Filed<'_>| f.finding.item.map(|i| settings.catalog.item(i));
    let text =
        |name: &str, value: &dyn Fn(&Filed<'_>) -> Option<String>| rows.iter().map(value).collect::<StringChunked>().with_name(name.into()).into_column();
    let number =
        |name: &str, value: &dyn Fn(&Filed<'_>) -> Option<f64>| rows.iter().map(value).collect::<Float64Chunked>().with_name(name.into()).into_column();
    let count = |name: &str, value: &dyn Fn(&Filed<'_>) -> u32| {
        rows.iter().map(|f| Some(value(f)).filter(|n| *n > 0)).collect::<UInt32Chunked>().with_name(name.into()).into_column()
    };
    let day = |name: &str, value: &dyn Fn(&Filed<'_>) -> Option<chrono::NaiveDate>| {
        let days = rows.iter().map(|f| value(f).map(|d| d.to_epoch_days()));
        days.collect::<Int32Chunked>().with_name(name.into()).into_date().into_column()
    };
    declared(
        &FINDINGS,
        vec![
            text("severity", &|f| Some(f.rule(settings).severity.id().to_string())),
            text("rule", &|f| Some(f.rule(settings).name().to_string())),
            text("district_code", &|f| office(f).map(|o| o.district_code.clone())),
            text("district", &|f| office(f).map(|o| o.district.clone())),
            text("office_code", &|f| office(f).map(|o| o.code.clone())),
            text("office", &|f| office(f).map(|o| o.name.clone()).or_else(|| f.unregistered.map(str::to_string))),
            text("indicator", &|f| item(f).map(|i| i.indicator.clone())),
            text("applicant", &|f| item(f).and_then(|i| i.applicant.clone())),
            number("expected", &|f| f.finding.expected),
            number("actual", &|f| f.finding.actual),
            text("suggestion", &|f| Some(f.finding.suggestion.clone()).filter(|s| !s.is_empty())),
            text("source_file", &|f| f.source_file.map(str::to_string)),
            count("source_page", &|f| f.finding.at.page),
            count("source_line", &|f| f.finding.at.line),
            text("message_zh", &|f| Some(f.finding.message(&settings.rules, Lang::Zh))),
            text("message_en", &|f| Some(f.finding.message(&settings.rules, Lang::En))),
            text("finding_id", &|f| Some(f.id.clone())),
            day("first_seen", &|f| f.first_seen),
            text("decision", &|f| f.decision.as_ref().map(|d| d.verdict.id().to_string())),
            text("decision_note", &|f| f.decision.as_ref().map(|d| d.note.clone()).filter(|n| !n.is_empty())),
            text("decided_by", &|f| f.decision.as_ref().map(|d| d.by.clone()).filter(|n| !n.is_empty())),
            day("decided_on", &|f| f.decision.as_ref().map(|d| d.on)),
        ],
    )
}

/// The frame of the district summary in its declared order.
pub fn summary(frame: DataFrame) -> PolarsResult<DataFrame> {
    frame.select(DISTRICT_SUMMARY.columns.iter().map(|c| c.name))
}
