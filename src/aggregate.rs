//! Facts to totals, with polars: sums by district, city and province, and one line per district for
//! people. Sums are taken in whole hundredths, so that their order cannot change a digit.

use crate::assemble::Year;
use crate::catalog::{Catalog, Item};
use crate::fact::{Fact, Qualifier, Scope, State};
use crate::finding::Severity;
use crate::form::Forms;
use crate::frames;
use crate::narrative::Reader;
use crate::read::Reading;
use crate::registry::Office;
use crate::settings::Settings;
use crate::tables::DIVISION_TOTALS;
use polars::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// Parts of one that amounts are counted in while they are added: money has two decimals.
const PARTS: f64 = 100.0;
/// Parts of one that rates are counted in.
const RATE_PARTS: f64 = 1e6;
/// The largest count by which a rate is weighted; what is above is no count of an office's cases.
const HEAVIEST: f64 = 1e9;
/// Offices whose contributions are laid out in rows at a time: of a whole country they would fill the memory.
const OFFICES: usize = 2048;
/// The number that stands for "no channel" while grouping.
const NO_CHANNEL: u32 = u32::MAX;

/// The totals of a year.
#[derive(Debug)]
pub struct Totals {
    /// One row per division, item and channel.
    pub divisions: DataFrame,
    /// One row per district.
    pub districts: DataFrame,
}

/// What the offices contribute: one row per office, item and channel, column by column.
#[derive(Default)]
struct Contributions {
    /// The district of the office, by the number of its first office in the registry.
    district: Vec<u32>,
    item: Vec<u32>,
    channel: Vec<u32>,
    value: Vec<f64>,
    amount: Vec<i64>,
    weight: Vec<Option<i64>>,
    rank: Vec<u32>,
}

/// What one office contributes to a total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The item, in the catalog.
    pub item: u16,
    /// The channel of a narrative figure.
    pub channel: Option<u8>,
    /// The number that is added; of a rate the rate.
    pub value: f64,
    /// Of a rate the count it refers to, 0 where the office states none.
    pub weight: Option<f64>,
    /// How exactly it is stated.
    pub qualifier: Qualifier,
}

impl Contributions {
    fn add(&mut self, district: u32, contribution: Contribution) {
        let Contribution { item, channel, value, weight, qualifier } = contribution;
        self.district.push(district);
        self.item.push(u32::from(item));
        self.channel.push(channel.map_or(NO_CHANNEL, u32::from));
        self.value.push(value);
        self.amount.push((value * if weight.is_some() { RATE_PARTS } else { PARTS }).round() as i64);
        self.weight.push(weight.map(|w| w.min(HEAVIEST).round() as i64));
        self.rank.push(qualifier as u32);
    }

    fn frame(self) -> PolarsResult<DataFrame> {
        df!(
            "district" => self.district, "item" => self.item, "channel" => self.channel, "value" => self.value,
            "amount" => self.amount, "weight" => self.weight, "rank" => self.rank,
        )
    }
}

/// Adds up a year.
///
/// # Errors
/// Only what polars reports, which would be a fault of this program.
pub fn totals(year: &Year<'_>, settings: &Settings) -> PolarsResult<Totals> {
    let counted: Vec<(&Reading, u32)> = year.readings.iter().filter(|r| r.counts() && r.year.is_some()).filter_map(|r| Some((*r, r.office?))).collect();
    let mut people = People::default();
    let derived = Derived::new(&settings.forms, &settings.catalog);
    let mut parts = Vec::new();
    for some in counted.chunks(OFFICES) {
        let mut contributions = Contributions::default();
        for (reading, office) in some {
            let district = settings.registry.district(*office);
            let figures = contribute(&reading.open(), &derived, &settings.catalog, &settings.narrative, &mut |one| contributions.add(district, one));
            people.add(*office, &figures, settings);
        }
        parts.push(by_district(contributions.frame()?.lazy()).collect()?.lazy());
    }
    let offices = offices(year.year, &counted, settings)?;
    let contributed = if parts.is_empty() { by_district(Contributions::default().frame()?.lazy()) } else { concat(parts, UnionArgs::default())? };
    let divisions = divisions(contributed, &offices, year.year, settings)?;
    let districts = districts(&divisions, people.frame()?, &offices, year, settings)?;
    Ok(Totals { divisions: published(divisions, settings)?, districts })
}

/// Items that are the sum of others, as the forms declare them: （六） of the form of 2021.
#[derive(Debug)]
pub struct Derived(Vec<Option<u16>>);

impl Derived {
    /// The sums that the forms declare.
    pub fn new(forms: &Forms, catalog: &Catalog) -> Derived {
        let mut of = vec![None; catalog.items.len()];
        for (index, item) in catalog.items.iter().enumerate() {
            let targets = forms.forms.iter().flat_map(|f| &f.sums).filter(|s| s.covers(&item.section, &item.indicator));
            for sum in targets {
                of[index] = catalog.find(&item.section, &sum.indicator, item.applicant.as_deref()).or(of[index]);
            }
        }
        Derived(of)
    }

    /// The item that an item is a part of.
    pub fn whole(&self, part: u16) -> Option<u16> {
        self.0.get(usize::from(part)).copied().flatten()
    }
}

/// Whether a fact is about the year and states a number: only such are added.
pub fn adds(fact: &Fact) -> bool {
    matches!(fact.state, State::Reported | State::Inferred) && fact.scope == Scope::CurrentYear && fact.number().is_some()
}

/// What the facts of one report contribute to the totals; gives its figures in prose.
pub fn contribute(facts: &[Fact], derived: &Derived, catalog: &Catalog, narrative: &Reader, add: &mut dyn FnMut(Contribution)) -> Vec<Figure> {
    let mut sums: BTreeMap<u16, f64> = BTreeMap::new();
    let mut figures: Vec<Figure> = Vec::new();
    let exact = |item, value| Contribution { item, channel: None, value, weight: None, qualifier: Qualifier::Exact };
    for fact in facts.iter().filter(|f| adds(f)) {
        if catalog.item(fact.item).section == "narrative" {
            Figure::merge(&mut figures, fact, fact.value);
            continue;
        }
        add(exact(fact.item, fact.value));
        if let Some(whole) = derived.whole(fact.item) {
            *sums.entry(whole).or_default() += fact.value;
        }
    }
    for (whole, value) in sums {
        add(exact(whole, value));
    }
    for figure in &figures {
        let Some(indicator) = catalog.narrative_index(figure.item).map(|i| &narrative.indicators()[i]) else { continue };
        let Figure { item, channel, value, qualifier, .. } = *figure;
        if indicator.unit == "ratio" {
            let weight = weight(figure, &indicator.weighted_by, &figures, catalog).unwrap_or(0.0);
            add(Contribution { item, channel, value, weight: Some(weight), qualifier });
        } else if indicator.summable {
            add(Contribution { item, channel, value, weight: None, qualifier });
        }
    }
    figures
}

/// What an office states in prose for one indicator and channel.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    item: u16,
    channel: Option<u8>,
    value: f64,
    qualifier: Qualifier,
    /// Its parts are stated too, and not added to it.
    whole: bool,
}

impl Figure {
    /// Adds a fact to the figures of its indicator and channel. The upper bound of a range is left
    /// out: 20至30 adds "at least 20", not 50.
    fn merge(figures: &mut Vec<Figure>, fact: &Fact, value: f64) {
        let same = figures.iter_mut().find(|f| f.item == fact.item && f.channel == fact.channel);
        match (same, fact.qualifier) {
            (None, qualifier) => figures.push(Figure { item: fact.item, channel: fact.channel, value, qualifier, whole: fact.whole }),
            (Some(known), _) if known.whole && !fact.whole => {}
            (Some(known), qualifier) if fact.whole && !known.whole => *known = Figure { value, qualifier, whole: true, ..*known },
            (Some(known), Qualifier::AtMost) if known.qualifier == Qualifier::AtLeast => {}
            (Some(known), Qualifier::AtLeast) if known.qualifier == Qualifier::AtMost => {
                known.value = value;
                known.qualifier = Qualifier::AtLeast;
            }
            (Some(known), qualifier) => {
                known.value += value;
                known.qualifier = known.qualifier.max(qualifier);
            }
        }
    }
}

/// The count that a rate refers to: the office's own, in the same channel or, failing that, in any.
fn weight(rate: &Figure, by: &[String], figures: &[Figure], catalog: &Catalog) -> Option<f64> {
    let counts = |indicator: &String| catalog.find("narrative", indicator, None);
    let of = |item: u16, same: bool| figures.iter().find(|f| f.item == item && (!same || f.channel == rate.channel)).map(|f| f.value);
    let items: Vec<u16> = by.iter().filter_map(counts).collect();
    items.iter().find_map(|&i| of(i, true)).or_else(|| items.iter().find_map(|&i| of(i, false)))
}

/// The figures of the district summary that are picked per office before they are added.
#[derive(Default)]
struct People {
    office: Vec<u32>,
    disclosed: Vec<Option<i64>>,
    disclosed_rank: Vec<Option<u32>>,
    cases: Vec<Option<i64>>,
    cases_rank: Vec<Option<u32>>,
    completed: Vec<Option<i64>>,
    completed_weight: Vec<Option<i64>>,
    completed_rank: Vec<Option<u32>>,
}

impl People {
    fn add(&mut self, office: u32, figures: &[Figure], settings: &Settings) {
        let item = |id: &str| settings.catalog.find("narrative", id, None);
        let of = |id: &str| {
            let wanted = item(id);
            figures.iter().filter(move |f| Some(f.item) == wanted)
        };
        let disclosed = of("info_disclosed").find(|f| f.channel.is_none()).copied().or_else(|| together(of("info_disclosed").filter(|f| f.whole)));
        let disclosed = disclosed.or_else(|| together(of("info_disclosed")));
        // One figure of the hotline, else one that several channels share; handled before received.
        let shared = ["hotline_12345", "all"].map(|id| settings.narrative.channel(id));
        let case = |id: &str| shared.iter().flatten().find_map(|c| of(id).find(|f| f.channel == Some(*c)).copied());
        let cases = case("requests_handled").or_else(|| case("requests_received"));
        let rate = cases
            .and_then(|c| of("request_completion_rate").find(|f| f.channel == c.channel))
            .or_else(|| shared.iter().flatten().find_map(|c| of("request_completion_rate").find(|f| f.channel == Some(*c))))
            .or_else(|| of("request_completion_rate").next());
        let both = cases.zip(rate.copied());
        self.office.push(office);
        let (amount, rank) = (|f: Figure| (f.value * PARTS).round() as i64, |f: Figure| f.qualifier as u32);
        self.disclosed.push(disclosed.map(amount));
        self.disclosed_rank.push(disclosed.map(rank));
        self.cases.push(cases.map(amount));
        self.cases_rank.push(cases.map(rank));
        self.completed.push(both.map(|(c, r)| (r.value * RATE_PARTS).round() as i64 * c.value.min(HEAVIEST).round() as i64));
        self.completed_weight.push(both.map(|(c, _)| c.value.min(HEAVIEST).round() as i64));
        self.completed_rank.push(both.map(|(_, r)| rank(r)));
    }

    fn frame(self) -> PolarsResult<DataFrame> {
        df!(
            "office" => self.office, "disclosed" => self.disclosed, "disclosed_rank" => self.disclosed_rank,
            "cases" => self.cases, "cases_rank" => self.cases_rank, "completed" => self.completed,
            "completed_weight" => self.completed_weight, "completed_rank" => self.completed_rank,
        )
    }
}

fn together<'f>(figures: impl Iterator<Item = &'f Figure>) -> Option<Figure> {
    figures.copied().reduce(|a, b| Figure { value: a.value + b.value, qualifier: a.qualifier.max(b.qualifier), ..a })
}

/// The registered offices of a year: where they belong, and whether their report counts.
fn offices(year: i32, counted: &[(&Reading, u32)], settings: &Settings) -> PolarsResult<DataFrame> {
    let reported: HashSet<u32> = counted.iter().map(|c| c.1).collect();
    let all: Vec<(u32, &Office)> = (0u32..).zip(&settings.registry.offices).filter(|(i, o)| o.exists_in(year) || reported.contains(i)).collect();
    let padded = |code: &str, digits: usize| format!("{:0<6}", code.get(..digits).unwrap_or(code));
    df!(
        "office" => all.iter().map(|(i, _)| *i).collect::<Vec<_>>(),
        "district_number" => all.iter().map(|(i, _)| settings.registry.district(*i)).collect::<Vec<_>>(),
        "district_code" => all.iter().map(|(_, o)| o.district_code.clone()).collect::<Vec<_>>(),
        "district" => all.iter().map(|(_, o)| o.district.clone()).collect::<Vec<_>>(),
        "city_code" => all.iter().map(|(_, o)| padded(&o.district_code, 4)).collect::<Vec<_>>(),
        "city" => all.iter().map(|(_, o)| o.city.clone()).collect::<Vec<_>>(),
        "province_code" => all.iter().map(|(_, o)| padded(&o.district_code, 2)).collect::<Vec<_>>(),
        "province" => all.iter().map(|(_, o)| o.province.clone()).collect::<Vec<_>>(),
        "reported" => all.iter().map(|(i, _)| u32::from(reported.contains(i))).collect::<Vec<_>>(),
    )
}

/// What offices contribute, by district, item and channel.
fn by_district(contributions: LazyFrame) -> LazyFrame {
    let weighted = col("weight").is_not_null();
    contributions.group_by([col("district"), col("item"), col("channel")]).agg([
        // A rate without the count it refers to has no weight: it is seen, and not averaged.
        when(weighted.clone()).then(col("amount") * col("weight")).otherwise(col("amount")).sum().alias("amount"),
        col("weight").sum().alias("weight"),
        weighted.any(true).alias("is_rate"),
        col("value").min().alias("minimum"),
        col("value").max().alias("maximum"),
        col("rank").max().alias("rank"),
        len().cast(DataType::UInt32).alias("offices_with_value"),
    ])
}

/// Sums by division, item and channel of what was `contributed` in districts, or in parts of these. Items of the year's
/// form stand there even if nobody fills them.
fn divisions(contributed: LazyFrame, offices: &DataFrame, year: i32, settings: &Settings) -> PolarsResult<DataFrame> {
    let codes = ["district_code", "city_code", "province_code"];
    let where_from = offices.clone().lazy().group_by([col("district_number")]).agg(codes.map(|c| col(c).first()));
    let by_district = contributed.join(where_from, [col("district")], [col("district_number")], JoinArgs::new(JoinType::Inner)).collect()?;
    let of_form: Vec<u32> = year_items(year, settings);
    let mut levels = Vec::new();
    for (level, code, name) in [("district", "district_code", "district"), ("city", "city_code", "city"), ("province", "province_code", "province")] {
        let sums = by_district.clone().lazy().group_by([col(code).alias("division_code"), col("item"), col("channel")]).agg([
            col("amount").sum(),
            col("weight").sum(),
            col("is_rate").any(true),
            col("minimum").min(),
            col("maximum").max(),
            col("rank").max(),
            col("offices_with_value").sum(),
        ]);
        let divisions = offices.clone().lazy().group_by_stable([col(code).alias("division_code")]).agg([
            col(name).first().alias("division"),
            len().cast(DataType::UInt32).alias("offices_expected"),
            col("reported").sum().alias("offices_reported"),
        ]);
        let codes: Vec<String> = offices.column(code)?.str()?.unique()?.iter().flatten().map(str::to_string).collect();
        let expected = df!(
            "division_code" => codes.iter().flat_map(|c| std::iter::repeat_n(c.as_str(), of_form.len())).collect::<Vec<_>>(),
            "item" => codes.iter().flat_map(|_| of_form.iter().copied()).collect::<Vec<u32>>(),
            "channel" => vec![NO_CHANNEL; of_form.len() * codes.len()],
        )?
        .lazy();
        let keys = concat([expected, sums.clone().select([col("division_code"), col("item"), col("channel")])], UnionArgs::default())?
            .unique(None, UniqueKeepStrategy::Any);
        let on = || [col("division_code"), col("item"), col("channel")];
        levels.push(
            keys.join(sums, on(), on(), JoinArgs::new(JoinType::Left))
                .join(divisions, [col("division_code")], [col("division_code")], JoinArgs::new(JoinType::Left))
                .with_column(lit(level).alias("level")),
        );
    }
    let value = when(col("is_rate"))
        .then(
            when(col("weight").gt(lit(0)))
                .then(col("amount").cast(DataType::Float64) / col("weight").cast(DataType::Float64) / lit(RATE_PARTS))
                .otherwise(lit(NULL)),
        )
        .otherwise(col("amount").cast(DataType::Float64) / lit(PARTS));
    concat(levels, UnionArgs::default())?.with_columns([value.alias("value"), col("offices_with_value").fill_null(lit(0u32))]).collect()
}

/// The items that the form of a year has, and those it derives.
fn year_items(year: i32, settings: &Settings) -> Vec<u32> {
    let Some(form) = settings.forms.of_year(year) else { return Vec::new() };
    let sums = &settings.forms.forms[form].sums;
    let has = |item: &Item| item.forms.contains(&form) || sums.iter().any(|s| s.table == item.section && s.indicator == item.indicator);
    (0u32..).zip(&settings.catalog.items).filter(|(_, item)| has(item)).map(|(index, _)| index).collect()
}

/// The table of division totals as published.
fn published(divisions: DataFrame, settings: &Settings) -> PolarsResult<DataFrame> {
    let items = &settings.catalog.items;
    let text = |value: &dyn Fn(&Item) -> Option<String>| items.iter().map(value).collect::<Vec<Option<String>>>();
    let channels = settings.narrative.channels();
    let named = df!(
        "item" => (0..items.len() as u32).collect::<Vec<_>>(),
        "section" => text(&|i| Some(i.section.clone())),
        "indicator" => text(&|i| Some(i.indicator.clone())),
        "applicant" => text(&|i| i.applicant.clone()),
        "unit" => text(&|i| Some(i.unit.clone())),
    )?;
    let channel_names = df!(
        "channel" => (0..channels.len() as u32).collect::<Vec<_>>(),
        "channel_id" => channels.iter().map(|c| c.id.clone()).collect::<Vec<_>>(),
    )?;
    let qualifiers = df!("rank" => Qualifier::ALL.map(|q| q as u32), "qualifier" => Qualifier::ALL.map(Qualifier::id))?;
    let left = || JoinArgs::new(JoinType::Left);
    divisions
        .lazy()
        .join(named.lazy(), [col("item")], [col("item")], left())
        .join(channel_names.lazy(), [col("channel")], [col("channel")], left())
        .join(qualifiers.lazy(), [col("rank")], [col("rank")], left())
        .drop(by_name(["channel"], true, false))
        .with_column(col("channel_id").alias("channel"))
        .sort(["level", "division_code", "section", "indicator", "applicant", "channel"], SortMultipleOptions::default())
        .select(DIVISION_TOTALS.columns.iter().map(|c| col(c.name)).collect::<Vec<_>>())
        .collect()
}

/// One line per district.
fn districts(divisions: &DataFrame, people: DataFrame, offices: &DataFrame, year: &Year<'_>, settings: &Settings) -> PolarsResult<DataFrame> {
    let item =
        |section: &str, indicator: &str, applicant: Option<&str>| lit(settings.catalog.find(section, indicator, applicant).map_or(NO_CHANNEL, u32::from));
    let cell = |section: &str, indicator: &str, applicant: Option<&str>| col("value").filter(col("item").eq(item(section, indicator, applicant))).first();
    let application = |indicator: &str, name: &str| cell("applications", indicator, Some("total")).alias(name);
    let review = |indicator: &str, name: &str| cell("reviews", indicator, None).alias(name);
    let decision = |indicator: &str, name: &str| cell("active_disclosure", indicator, None).alias(name);
    let from_tables = divisions.clone().lazy().filter(col("level").eq(lit("district"))).group_by([col("division_code").alias("district_code")]).agg([
        application("applications.received", "applications_received"),
        application("applications.carried_in", "applications_carried_in"),
        application("outcomes.total", "applications_closed"),
        application("applications.carried_out", "applications_carried_out"),
        review("reconsideration.total", "reviews_total"),
        review("reconsideration.corrected", "reviews_corrected"),
        review("litigation.direct.total", "direct_total"),
        review("litigation.after_reconsideration.total", "after_total"),
        review("litigation.direct.corrected", "direct_corrected"),
        review("litigation.after_reconsideration.corrected", "after_corrected"),
        decision("licensing.decisions", "licensing_decisions"),
        decision("penalties.decisions", "penalty_decisions"),
        decision("coercive_measures.decisions", "coercive_decisions"),
    ]);
    let left = || JoinArgs::new(JoinType::Left);
    let some = |name: &str| when(col(name).count().gt(lit(0))).then(col(name).sum()).otherwise(lit(NULL));
    let per_district = offices.clone().lazy().join(people.lazy(), [col("office")], [col("office")], left()).group_by([col("district_code")]).agg([
        col("district").first(),
        col("city").first(),
        len().cast(DataType::UInt32).alias("offices_expected"),
        col("reported").sum().alias("offices_reported"),
        (some("disclosed").cast(DataType::Float64) / lit(PARTS)).alias("items_disclosed"),
        col("disclosed_rank").max(),
        (some("cases").cast(DataType::Float64) / lit(PARTS)).alias("hotline_cases"),
        col("cases_rank").max(),
        some("completed").alias("completed"),
        some("completed_weight").alias("completed_weight"),
        col("completed_rank").max(),
    ]);
    let counts = finding_counts(year, settings)?;
    // The sum of two numbers of which one may be blank; blank only if both are.
    let either =
        |a: &str, b: &str| when(col(a).is_null().and(col(b).is_null())).then(lit(NULL)).otherwise(col(a).fill_null(lit(0.0)) + col(b).fill_null(lit(0.0)));
    let qualifier = |rank: &str| {
        let name = |otherwise: Expr, one: Qualifier| when(col(rank).eq(lit(one as u32))).then(lit(one.id())).otherwise(otherwise);
        Qualifier::ALL.into_iter().fold(lit(NULL), name)
    };
    let all_applications = col("applications_received") + col("applications_carried_in");
    let rate = |over: Expr, under: Expr| when(under.clone().gt(lit(0.0))).then(over / under).otherwise(lit(NULL));
    let frame = per_district
        .join(from_tables, [col("district_code")], [col("district_code")], left())
        .join(counts.lazy(), [col("district_code")], [col("district_code")], left())
        .with_columns([
            (col("offices_expected") - col("offices_reported")).alias("offices_missing"),
            qualifier("disclosed_rank").alias("items_disclosed_qualifier"),
            qualifier("cases_rank").alias("hotline_cases_qualifier"),
            qualifier("completed_rank").alias("completion_rate_qualifier"),
            (rate(col("completed").cast(DataType::Float64), col("completed_weight").cast(DataType::Float64)) / lit(RATE_PARTS)).alias("completion_rate"),
            rate(col("applications_closed"), all_applications).alias("application_completion_rate"),
            either("direct_total", "after_total").alias("lawsuits_total"),
            either("direct_corrected", "after_corrected").alias("lawsuits_corrected"),
            col("errors").fill_null(lit(0u32)),
            col("warnings").fill_null(lit(0u32)),
        ])
        .sort(["district_code"], SortMultipleOptions::default())
        .collect()?;
    frames::summary(frame)
}

fn finding_counts(year: &Year<'_>, settings: &Settings) -> PolarsResult<DataFrame> {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for finding in &year.findings {
        let Some(office) = finding.office else { continue };
        let entry = counts.entry(&settings.registry.office(office).district_code).or_default();
        match finding.rule(settings).severity {
            Severity::Error => entry.0 += 1,
            Severity::Warning => entry.1 += 1,
            Severity::Info => {}
        }
    }
    df!(
        "district_code" => counts.keys().copied().collect::<Vec<_>>(),
        "errors" => counts.values().map(|c| c.0).collect::<Vec<_>>(),
        "warnings" => counts.values().map(|c| c.1).collect::<Vec<_>>(),
    )
}
