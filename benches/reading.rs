//! What one report costs, stage by stage, and what adding up a year costs. Ratios within one run are
//! what counts; the whole job is measured by `benches/compare.sh`.

#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use huizong::batch::Batch;
use huizong::decode::{self, Decoder, Read};
use huizong::form::{Memo, outline};
use huizong::read::{Reading, read_with};
use huizong::settings::Settings;
use huizong::{aggregate, assemble};
use std::path::Path;
use support::glued::{self, Glue};
use support::html::{self, Dress};
use support::{Case, Flaws, Rng, official};

fn reports(flaws: Flaws) -> Vec<String> {
    (0..64).map(|seed| Case::any(seed, flaws).make().report.text).collect()
}

fn one_report(c: &mut Criterion) {
    let settings = Settings::load(Path::new("config")).expect("the project's configuration");
    for (name, flaws) in [("clean", Flaws::NONE), ("torn", Flaws::torn_conversion())] {
        let texts = reports(flaws);
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes as u64));
        let decode_all =
            || texts.iter().map(|t| decode::to_text(t.as_bytes()).map(|(text, _)| decode::read_text(&text).blocks.len()).unwrap_or_default()).sum::<usize>();
        group.bench_function("decode", |b| b.iter(decode_all));
        let documents: Vec<_> = texts.iter().map(|t| decode::read_text(t)).collect();
        group.bench_function("extract", |b| {
            b.iter(|| {
                let mut memo = Memo::default();
                let place = |d| {
                    let outline = outline(d, &settings.forms, Some(2020), &mut memo);
                    (0..outline.tables.len()).filter_map(|t| outline.tables[t].place(&settings.forms, t)).map(|t| t.cells.len()).sum::<usize>()
                };
                documents.iter().map(place).sum::<usize>()
            });
        });
        group.bench_function("read", |b| {
            b.iter(|| {
                let mut memo = Memo::default();
                texts.iter().map(|t| read_with(&mut memo, "2020/report.md", t.as_bytes(), &[], &settings).facts.len()).sum::<usize>()
            });
        });
        group.finish();
    }
}

/// Reports that lost their cell borders: their digits are split by the arithmetic.
fn a_glued_report(c: &mut Criterion) {
    let settings = Settings::load(Path::new("config")).expect("the project's configuration");
    let glued = |seed| {
        let made = Case::any(seed, Flaws::NONE).make();
        let mut rng = Rng::new(seed);
        let glue = Glue::random(&mut rng);
        glued::render(&made.form, &made.prose, &glue, &mut rng)
    };
    let texts: Vec<String> = (0..64).map(glued).collect();
    let mut group = c.benchmark_group("glued");
    group.throughput(Throughput::Bytes(texts.iter().map(String::len).sum::<usize>() as u64));
    group.bench_function("read", |b| {
        b.iter(|| {
            let mut memo = Memo::default();
            texts.iter().map(|t| read_with(&mut memo, "2020/report.txt", t.as_bytes(), &[], &settings).facts.len()).sum::<usize>()
        });
    });
    group.finish();
}

/// The same reports as web pages: a content system's around text from Word, and tag soup.
fn pages(c: &mut Criterion) {
    let limits = Settings::load(Path::new("config")).expect("the project's configuration").limits;
    let Some(Decoder { read: Read::Bytes(read), .. }) = decode::DECODERS.iter().find(|d| d.format == "html") else { return };
    for (name, dress) in [("pasted", Dress::Pasted), ("soup", Dress::Soup)] {
        let page = |seed| {
            let made = Case::any(seed, Flaws::NONE).make();
            let mut rng = Rng::new(seed);
            let pieces = official::pieces(&made.form, &made.prose, Flaws::NONE, &mut rng);
            html::page(&pieces, dress, "utf-8", &mut rng)
        };
        let pages: Vec<String> = (0..32).map(page).collect();
        let mut group = c.benchmark_group(format!("html {name}"));
        group.throughput(Throughput::Bytes(pages.iter().map(|p| p.len() as u64).sum()));
        let blocks = |page: &String| read(page.as_bytes(), &limits).map(|d| d.document.blocks.len()).unwrap_or_default();
        group.bench_function("decode", |b| b.iter(|| pages.iter().map(blocks).sum::<usize>()));
        group.finish();
    }
}

fn a_year(c: &mut Criterion) {
    let settings = Settings::load(Path::new("config")).expect("the project's configuration");
    let mut memo = Memo::default();
    let readings: Vec<Reading> = reports(Flaws::NONE)
        .iter()
        .cycle()
        .take(512)
        .enumerate()
        .map(|(n, text)| {
            let mut reading = read_with(&mut memo, &format!("{n}.md"), text.as_bytes(), &[], &settings);
            reading.year = Some(2020);
            reading.office = Some((n % settings.registry.offices.len()) as u32);
            reading
        })
        .collect();
    let mut group = c.benchmark_group("512 reports");
    group.bench_function("aggregate", |b| {
        b.iter_batched(
            || assemble::year(2020, &readings, &[], &settings),
            |year| aggregate::totals(&year, &settings).expect("totals").divisions.height(),
            BatchSize::LargeInput,
        );
    });
    let all: Vec<&Reading> = readings.iter().collect();
    group.bench_function("batch", |b| b.iter(|| Batch::facts(&all, &settings).height));
    let batch = Batch::facts(&all, &settings);
    group.bench_function("csv", |b| b.iter(|| huizong::publish::csv_rows(&batch, Some(2020)).expect("csv").len()));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).without_plots();
    targets = one_report, a_glued_report, pages, a_year
}
criterion_main!(benches);
