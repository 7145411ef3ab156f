//! Facts, reports and findings as polars frames, column by column as `tables` declares them.

use crate::assemble::{Filed, Year};
use crate::fact::Fact;
use crate::finding::Lang;
use crate::read::Reading;
use crate::settings::Settings;
use crate::tables::{Column as Declared, DISTRICT_SUMMARY, FACTS, FINDINGS, Kind, REPORTS, Table};
use polars::prelude::*;

/// Texts that repeat are stored once and pointed to: the frames of a large district stay small.
struct Pointed {
    texts: Vec<Option<String>>,
    rows: Vec<IdxSize>,
}

impl Pointed {
    fn new() -> Self {
        Pointed { texts: Vec::new(), rows: Vec::new() }
    }

    /// Adds a text and gives its number.
    fn text(&mut self, text: Option<&str>) -> IdxSize {
        self.texts.push(text.map(str::to_string));
        (self.texts.len() - 1) as IdxSize
    }

    fn column(self, name: &str) -> PolarsResult<Column> {
        let texts: StringChunked = self.texts.iter().map(Option::as_deref).collect();
        let rows = IdxCa::from_vec("".into(), self.rows);
        Ok(texts.take(&rows)?.with_name(name.into()).into_column())
    }
}

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
    let facts = || readings.iter().flat_map(|r| r.facts.iter().map(move |f| (*r, f)));
    let height: usize = readings.iter().map(|r| r.facts.len()).sum();
    let of_reading = |name: &str, text: &dyn Fn(&Reading) -> Option<String>| {
        let mut column = Pointed::new();
        for reading in readings {
            let at = column.text(text(reading).as_deref());
            column.rows.extend(std::iter::repeat_n(at, reading.facts.len()));
        }
        column.column(name)
    };
    let of_list = |name: &str, list: &mut dyn Iterator<Item = Option<&str>>, which: &dyn Fn(&Fact) -> usize| {
        let mut column = Pointed::new();
        list.for_each(|text| {
            column.text(text);
        });
        column.rows.extend(facts().map(|(_, f)| which(f) as IdxSize));
        column.column(name)
    };
    let catalog = &settings.catalog.items;
    let office = |r: &Reading| r.office.map(|o| &settings.registry.offices[o as usize]);
    let item = |f: &Fact| usize::from(f.item);
    let mut texts = StringChunkedBuilder::new("raw".into(), height);
    let mut units = StringChunkedBuilder::new("unit".into(), height);
    let mut cells = StringChunkedBuilder::new("source_cell".into(), height);
    let (mut cell, mut digits) = (String::new(), itoa::Buffer::new());
    for (reading, fact) in facts() {
        texts.append_option(fact.raw.of(&reading.text));
        let item = &catalog[item(fact)];
        units.append_option(if item.section == "narrative" { fact.unit.of(&reading.text) } else { Some(&item.unit) });
        cell.clear();
        let (grid, row, column) = fact.cell;
        for (mark, number) in [("t", grid), (":r", row), (":c", column)] {
            cell.push_str(mark);
            cell.push_str(digits.format(number));
        }
        cells.append_option((grid > 0).then_some(cell.as_str()));
    }
    let number = |name: &str, value: &dyn Fn(&Fact) -> u32| {
        let some = |n: u32| (n > 0).then_some(n);
        facts().map(|(_, f)| some(value(f))).collect::<UInt32Chunked>().with_name(name.into()).into_column()
    };
    let channels = settings.narrative.channels();
    declared(
        &FACTS,
        vec![
            of_reading("district_code", &|r| office(r).map(|o| o.district_code.clone()))?,
            of_reading("district", &|r| office(r).map(|o| o.district.clone()))?,
            of_reading("office_code", &|r| office(r).map(|o| o.code.clone()))?,
            of_reading("office", &|r| office(r).map(|o| o.name.clone()).or_else(|| r.unregistered.clone()))?,
            of_list("section", &mut catalog.iter().map(|i| Some(i.section.as_str())), &item)?,
            of_list("indicator", &mut catalog.iter().map(|i| Some(i.indicator.as_str())), &item)?,
            of_list("applicant", &mut catalog.iter().map(|i| i.applicant.as_deref()), &item)?,
            of_list("channel", &mut std::iter::once(None).chain(channels.iter().map(|c| Some(c.id.as_str()))), &|f| {
                f.channel.map_or(0, |c| usize::from(c) + 1)
            })?,
            facts().map(|(_, f)| f.number()).collect::<Float64Chunked>().with_name("value".into()).into_column(),
            units.finish().into_column(),
            of_list("qualifier", &mut ["exact", "at_least", "at_most", "approx"].into_iter().map(Some), &|f| f.qualifier as usize)?,
            of_list("scope", &mut ["current_year", "cumulative", "previous_year", "next_year_plan"].into_iter().map(Some), &|f| f.scope as usize)?,
            of_list("state", &mut ["reported", "blank", "not_applicable", "unreadable", "inferred"].into_iter().map(Some), &|f| f.state as usize)?,
            texts.finish().into_column(),
            of_reading("source_file", &|r| Some(r.source_file.clone()))?,
            number("source_page", &|f| f.at.page),
            number("source_line", &|f| f.at.line),
            cells.finish().into_column(),
        ],
    )
}

/// The files of a year.
pub fn reports(year: &Year<'_>, settings: &Settings) -> PolarsResult<DataFrame> {
    let rows = &year.readings;
    let office = |r: &Reading| r.office.map(|o| &settings.registry.offices[o as usize]);
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
    let office = |f: &Filed<'_>| f.office.map(|o| &settings.registry.offices[o as usize]);
    let item = |f: &Filed<'_>| f.finding.item.map(|i| &settings.catalog.items[usize::from(i)]);
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
