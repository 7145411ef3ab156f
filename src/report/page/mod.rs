//! index.html: what the director opens. One file without network: the template, its style and script,
//! and the data as JSON, which the script shows as text only.

use super::results::{Division, Of, Office, Results};
use super::words::{channel_name, name, row_name};
use crate::divisions::stem;
use crate::finding::Lang;
use crate::settings::Statute;
use base64::Engine;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

const TEMPLATE: &str = include_str!("template.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The figures on top: section, indicator, applicant, channel.
const MAIN: [(&str, &str, Option<&str>, Option<&str>); 14] = [
    ("narrative", "info_disclosed", None, None),
    ("narrative", "requests_handled", None, Some("hotline_12345")),
    ("narrative", "request_completion_rate", None, Some("hotline_12345")),
    ("applications", "applications.received", Some("total"), None),
    ("applications", "applications.carried_in", Some("total"), None),
    ("applications", "outcomes.total", Some("total"), None),
    ("applications", "outcomes.granted", Some("total"), None),
    ("applications", "applications.carried_out", Some("total"), None),
    ("reviews", "reconsideration.total", None, None),
    ("reviews", "litigation.direct.total", None, None),
    ("reviews", "litigation.after_reconsideration.total", None, None),
    ("active_disclosure", "licensing.decisions", None, None),
    ("active_disclosure", "penalties.decisions", None, None),
    ("active_disclosure", "coercive_measures.decisions", None, None),
];
/// Those that stand beside each office.
const OF_OFFICE: [&str; 4] = ["applications.received", "outcomes.total", "applications.carried_out", "reconsideration.total"];
/// Those drawn over the years.
const OVER_YEARS: [&str; 3] = ["applications.received", "outcomes.total", "applications.carried_out"];

/// The page of a year.
pub fn page(results: &Results, statute: &Statute) -> Vec<u8> {
    let hash = |text: &str| format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)));
    // In a script element only `<` can end or begin anything.
    let data = Data::new(results, statute).json().to_string().replace('<', "\\u003c");
    let title = format!("{}年政府信息公开年报汇总", results.year);
    let year = results.year.to_string();
    let (style_hash, script_hash) = (hash(STYLE), hash(SCRIPT));
    let parts = [
        ("title", title.as_str()),
        ("year", &year),
        ("style_hash", &style_hash),
        ("script_hash", &script_hash),
        ("style", STYLE),
        ("script", SCRIPT),
        ("data", &data),
    ];
    filled(TEMPLATE, &parts).into_bytes()
}

/// A template with its `{names}` replaced, each once and in one pass: what is put in is not searched.
fn filled(template: &str, parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        page.push_str(before);
        let part = from[1..].split_once('}').and_then(|(name, after)| Some((parts.iter().find(|p| p.0 == name)?.1, after)));
        match part {
            Some((text, after)) => {
                page.push_str(text);
                rest = after;
            }
            None => {
                page.push('{');
                rest = &from[1..];
            }
        }
    }
    page + rest
}

/// Everything that the script shows.
struct Data<'r> {
    results: &'r Results,
    statute: &'r Statute,
    /// What the numbers on the page are of; the script names them by their place here.
    items: Vec<Of>,
    places: HashMap<Of, usize>,
}

impl<'r> Data<'r> {
    fn new(results: &'r Results, statute: &'r Statute) -> Data<'r> {
        let stated = results.offices.iter().flat_map(|o| o.values.keys());
        let mut items: BTreeSet<Of> = results.divisions.iter().flat_map(|d| d.totals.keys()).chain(stated).cloned().collect();
        items.extend(MAIN.iter().filter_map(|(s, i, a, c)| Some(Of { item: statute.catalog.find(s, i, *a)?, channel: c.map(str::to_string) })));
        let items: Vec<Of> = items.into_iter().collect();
        let places = items.iter().cloned().enumerate().map(|(place, of)| (of, place)).collect();
        Data { results, statute, items, places }
    }

    fn json(&self) -> Value {
        let years: Vec<i32> = self.results.other_years.keys().copied().chain([self.results.year]).collect::<BTreeSet<_>>().into_iter().collect();
        let last_year = Some(self.results.year - 1).filter(|year| self.results.other_years.contains_key(year));
        let over_years = self.named(&OVER_YEARS);
        json!({
            "year": self.results.year,
            "lastYear": last_year,
            "divisions": self.by_size().into_iter().map(|d| self.division(d)).collect::<Vec<_>>(),
            "items": self.items.iter().map(|of| self.item(of)).collect::<Vec<_>>(),
            "main": self.main(),
            "before": last_year.map(|year| self.values_by_division(year, &self.main())),
            "trend": { "years": years, "items": over_years, "values": self.trend(&years, &over_years) },
            "outcomes": self.outcomes(),
            "applicants": self.applicants().iter().map(|(_, zh, en)| json!({ "zh": zh, "en": en })).collect::<Vec<_>>(),
            "channels": self.channels(),
            "officeItems": self.named(&OF_OFFICE),
            "offices": self.results.offices.iter().map(|o| self.office(o)).collect::<Vec<_>>(),
            "rules": self.rules(),
            "findings": self.findings(),
        })
    }

    /// The titles of the rules by their published names; of several of one name the first.
    fn rules(&self) -> Map<String, Value> {
        let mut rules = Map::new();
        for rule in self.statute.rules.iter() {
            rules.entry(rule.name().to_string()).or_insert_with(|| json!({ "zh": rule.title.zh, "en": rule.title.en }));
        }
        rules
    }

    /// The divisions, the widest first.
    fn by_size(&self) -> Vec<&'r Division> {
        let rank = |d: &&Division| ["province", "city", "district"].iter().position(|l| *l == d.level);
        let mut divisions: Vec<&Division> = self.results.divisions.iter().collect();
        divisions.sort_by_key(rank);
        divisions
    }

    fn division(&self, division: &Division) -> Value {
        let mut totals: Vec<(usize, Value)> = Vec::new();
        for (of, total) in &division.totals {
            totals.push((self.places[of], json!([self.places[of], total.value, total.qualifier, total.offices_with_value])));
        }
        totals.sort_by_key(|t| t.0);
        json!({
            "level": division.level, "code": division.code, "stem": stem(&division.code), "name": division.name, "expected": division.offices_expected,
            "totals": totals.into_iter().map(|t| t.1).collect::<Vec<_>>(),
        })
    }

    fn item(&self, of: &Of) -> Value {
        let item = self.statute.catalog.item(of.item);
        let mut value = json!({ "id": item.indicator, "unit": item.unit });
        let applicant = item.applicant.is_some();
        value["zh"] = if applicant { row_name(&item.indicator, &item.zh.0, Lang::Zh) } else { name(of, self.statute, Lang::Zh) }.into();
        value["en"] = if applicant { item.en.0.clone() } else { name(of, self.statute, Lang::En) }.into();
        if applicant {
            value["applicantZh"] = item.zh.1.clone().into();
            value["applicantEn"] = item.en.1.clone().into();
        }
        if item.section == "narrative" {
            let none = ("未注明渠道", "no channel named");
            let channel = |lang: Lang| of.channel.as_deref().map_or_else(|| lang.of(none.0, none.1), |c| channel_name(c, self.statute, lang));
            value["channelZh"] = channel(Lang::Zh).into();
            value["channelEn"] = channel(Lang::En).into();
        }
        let sum = self.statute.forms.forms.iter().flat_map(|f| &f.sums).find(|s| s.table == item.section && s.indicator == item.indicator);
        if let Some(sum) = sum {
            let part = |other: &&Of| {
                let part = self.statute.catalog.item(other.item);
                part.applicant == item.applicant && sum.covers(&part.section, &part.indicator)
            };
            value["sumOf"] = self.items.iter().filter(part).map(|of| self.places[of]).collect::<Vec<_>>().into();
        }
        value
    }

    fn place(&self, section: &str, indicator: &str, applicant: Option<&str>, channel: Option<&str>) -> Option<usize> {
        let item = self.statute.catalog.find(section, indicator, applicant)?;
        self.places.get(&Of { item, channel: channel.map(str::to_string) }).copied()
    }

    fn main(&self) -> Vec<usize> {
        MAIN.iter().filter_map(|(section, indicator, applicant, channel)| self.place(section, indicator, *applicant, *channel)).collect()
    }

    fn named(&self, indicators: &[&str]) -> Vec<usize> {
        MAIN.iter()
            .filter(|m| indicators.contains(&m.1))
            .filter_map(|(section, indicator, applicant, channel)| self.place(section, indicator, *applicant, *channel))
            .collect()
    }

    /// Totals of some items in another year, by division.
    fn values_by_division(&self, year: i32, items: &[usize]) -> Map<String, Value> {
        let divisions = if year == self.results.year { Some(&self.results.divisions) } else { self.results.other_years.get(&year) };
        let values = |d: &Division| {
            let value = |item: &usize| Some((item.to_string(), json!(d.totals.get(&self.items[*item])?.value)));
            items.iter().filter_map(value).collect::<Map<_, _>>()
        };
        divisions.into_iter().flatten().map(|d| (d.code.clone(), Value::Object(values(d)))).collect()
    }

    fn trend(&self, years: &[i32], items: &[usize]) -> Value {
        let mut trend: Map<String, Value> = Map::new();
        for year in years {
            for (code, values) in self.values_by_division(*year, items) {
                trend.entry(code).or_insert_with(|| json!({}))[year.to_string()] = values;
            }
        }
        Value::Object(trend)
    }

    /// The applicants that are added up: identifier and both names.
    fn applicants(&self) -> Vec<(&str, &str, &str)> {
        let table = self.statute.forms.of_year(self.results.year).and_then(|f| self.statute.forms.forms[f].tables.iter().find(|t| t.id == "applications"));
        let cells = table.and_then(|t| t.rows.first().map(|row| &t.cells[row.cells.clone()])).unwrap_or_default();
        let applicant = |c: &'r crate::form::FormCell| Some((c.applicant.as_deref().filter(|a| *a != "total")?, c.zh.column.as_str(), c.en.column.as_str()));
        cells.iter().filter_map(applicant).collect()
    }

    /// Each outcome with its places by applicant.
    fn outcomes(&self) -> Vec<Value> {
        let Some(form) = self.statute.forms.of_year(self.results.year) else { return Vec::new() };
        let rows =
            self.statute.forms.forms[form].tables.iter().filter(|t| t.id == "applications").flat_map(|t| t.rows.iter().map(move |r| &t.cells[r.cells.start]));
        let outcome = |c: &&crate::form::FormCell| c.indicator.starts_with("outcomes.") && c.indicator != "outcomes.total";
        let row = |c: &crate::form::FormCell| {
            let items: Vec<Option<usize>> = self.applicants().iter().map(|a| self.place("applications", &c.indicator, Some(a.0), None)).collect();
            let short =
                |text: &str| text.split('（').next_back().map_or(text.to_string(), |t| t.split_once('）').map_or(t.to_string(), |(_, rest)| rest.to_string()));
            let total = self.place("applications", &c.indicator, Some("total"), None);
            json!({ "zh": if c.zh.row.ends_with('）') { c.zh.row.clone() } else { short(&c.zh.row) }, "en": c.en.row, "items": items, "total": total })
        };
        rows.filter(outcome).map(row).collect()
    }

    /// Information disclosed, by channel.
    fn channels(&self) -> Vec<usize> {
        let is_it = |of: &&Of| self.statute.catalog.item(of.item).indicator == "info_disclosed" && of.channel.is_some();
        self.items.iter().filter(is_it).map(|of| self.places[of]).collect()
    }

    fn office(&self, office: &Office) -> Value {
        let mut stated: Vec<(usize, f64)> = office.values.iter().map(|(of, s)| (self.places[of], s.value)).collect();
        stated.sort_by_key(|s| s.0);
        let (zeros, others): (Vec<_>, Vec<_>) = stated.into_iter().partition(|s| s.1 == 0.0);
        let mut runs: Vec<[usize; 2]> = Vec::new();
        for (place, _) in zeros {
            match runs.last_mut() {
                Some(run) if run[1] + 1 == place => run[1] = place,
                _ => runs.push([place, place]),
            }
        }
        let flat: Vec<Value> = others.into_iter().flat_map(|(place, value)| [json!(place), json!(value)]).collect();
        json!({
            "code": office.code, "name": office.name, "district": office.district_code, "districtName": office.district,
            "file": office.report.as_ref().map(|r| &r.source_file), "status": office.report.as_ref().map_or("missing", |r| &r.status),
            "errors": office.errors, "warnings": office.warnings, "stated": flat, "zeros": runs,
        })
    }

    fn findings(&self) -> Vec<Value> {
        let offices: HashMap<(Option<&str>, &str), usize> =
            self.results.offices.iter().enumerate().map(|(at, o)| ((o.district_code.as_deref(), o.name.as_str()), at)).collect();
        let finding = |f: &super::Found| {
            json!({
                "severity": f.severity, "rule": f.rule, "office": offices.get(&(f.district_code.as_deref(), f.office.as_str())), "zh": f.message_zh, "en": f.message_en,
                "expected": f.expected, "actual": f.actual, "suggestion": f.suggestion, "file": f.source_file, "page": f.source_page, "line": f.source_line,
                "decision": f.decision, "note": f.decision_note,
            })
        };
        self.results.findings.iter().map(finding).collect()
    }
}
