//! datapackage.json: what lies beside it, for programs (Frictionless Data Package, version 2). Made of
//! `tables`, which also makes the files and the dictionary.

use crate::tables::{Column, Kind, TABLES, Table, YEAR};
use serde_json::{Value, json};

/// The description of the CSV files of these years.
pub fn json(years: &[i32]) -> Value {
    let resources: Vec<Value> = TABLES.iter().flat_map(|table| years.iter().map(move |year| resource(table, *year))).collect();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "huizong",
        "title": "政府信息公开工作年度报告汇总",
        "description": "Totals of yearly disclosure reports; the same tables lie beside the CSV files as Parquet.",
        "resources": resources,
    })
}

fn resource(table: &Table, year: i32) -> Value {
    let name = table.name;
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": format!("{name}-{year}").replace('_', "-"),
        "title": format!("{}（{year}）", table.zh),
        "description": table.en,
        "path": format!("{name}/year={year}/{name}.csv"),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": std::iter::once(&YEAR).chain(table.columns).map(field).collect::<Vec<_>>(),
            "missingValues": [""],
        },
    })
}

fn field(column: &Column) -> Value {
    let kind = match column.kind {
        Kind::Text => "string",
        Kind::Number => "number",
        Kind::Count | Kind::Year => "integer",
        Kind::Day => "date",
    };
    json!({ "name": column.name, "type": kind, "title": column.zh, "description": format!("{}；{}", column.definition_zh, column.definition_en) })
}
