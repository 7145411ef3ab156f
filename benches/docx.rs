//! What one Word document costs: the sample reports in DOCX, decoded, and read down to their facts.
//! `benches/docx.sh` sets it beside python-docx on the same files.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huizong::decode::{self, Read};
use huizong::form::Memo;
use huizong::read::read_with;
use huizong::settings::Settings;
use std::path::{Path, PathBuf};

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sample reports").flatten() {
        let path = entry.path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|e| e == "docx") {
            found.push(path);
        }
    }
}

fn docx(c: &mut Criterion) {
    let settings = Settings::load(Path::new("config")).expect("the project's configuration");
    let mut paths = Vec::new();
    documents(Path::new("data/reports"), &mut paths);
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(|p| std::fs::read(p).expect("a sample")).collect();
    let mut group = c.benchmark_group("docx");
    group.throughput(Throughput::Elements(files.len() as u64));
    let decoder = decode::DECODERS.iter().find(|d| d.format == "docx").expect("a decoder");
    let Read::Bytes(read) = decoder.read else { unreachable!("read from bytes") };
    group.bench_function("decode", |b| b.iter(|| files.iter().map(|f| read(f, &settings.limits).expect("readable").document.blocks.len()).sum::<usize>()));
    group.bench_function("read", |b| {
        b.iter(|| {
            let mut memo = Memo::default();
            files.iter().map(|f| read_with(&mut memo, "2021/report.docx", f, &[], &settings).facts.len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).without_plots();
    targets = docx
}
criterion_main!(benches);
