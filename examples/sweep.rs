//! Reads many generated reports and prints every number that is read wrong: a longer look than the tests take.
//!
//! ```text
//! cargo run --release --example sweep -- dense 0 20000      # half of all flaws at once
//! cargo run --release --example sweep -- sparse 0 20000     # a quarter
//! cargo run --release --example sweep -- glued 0 20000      # cell borders lost
//! cargo run --release --example sweep -- faulty 0 20000     # cell borders lost and a fault planted
//! ```
#![expect(clippy::print_stdout, reason = "a command line tool")]

#[path = "../tests/support/mod.rs"]
mod support;

use huizong::fact::State;
use huizong::form::Memo;
use huizong::read::{Reading, read_with};
use huizong::settings::Settings;
use std::path::Path;
use support::glued::{self, Glue};
use support::{Case, CellText, Fault, FilledForm, Flaws, Rng, plant};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: usize, other: u64| arguments.get(n).and_then(|a| a.parse().ok()).unwrap_or(other);
    let kind = arguments.first().map_or("dense", String::as_str);
    let settings = Settings::load_for_parsing(Path::new("config"))?;
    let mut memo = Memo::default();
    let (mut bad, mut cells, mut read, mut tables) = (0, 0, 0, 0);
    for seed in number(1, 0)..number(2, 1000) {
        let (form, text) = report(kind, seed);
        let reading = read_with(&mut memo, "2020/report.md", text.as_bytes(), &[], &settings);
        if number(2, 1000) == number(1, 0) + 1 {
            println!("{text}");
            let findings = reading.findings.iter().map(|f| f.message(&settings.rules, huizong::finding::Lang::En));
            findings.for_each(|message| println!("{message}"));
        }
        let wrong = wrong_numbers(&form, &reading, &settings);
        if !wrong.is_empty() {
            bad += 1;
            println!("{kind} {seed}: {}", wrong.join("; "));
        }
        if form.is_complete() {
            tables += 1;
            for key in form.cells.keys().filter(|k| k.1.is_some() || k.0.starts_with("reconsideration") || k.0.starts_with("litigation")) {
                cells += 1;
                read += usize::from(found(&reading, &settings, key.0, key.1).is_some_and(|(_, number)| number.is_some()));
            }
        }
    }
    println!("{bad} reports with wrong numbers; of {tables} complete ones {read} of {cells} cells of tables three and four were read");
    Ok(())
}

fn report(kind: &str, seed: u64) -> (FilledForm, String) {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    if kind == "glued" || kind == "faulty" {
        let case = Case::any(x, Flaws::NONE);
        let mut form = case.form();
        if kind == "faulty" {
            plant(&mut form, &mut Rng::new(x), Fault::ALL[(x % Fault::ALL.len() as u64) as usize]);
        }
        let made = case.make_with(form);
        let mut rng = Rng::for_name(x, "glue");
        let glue = Glue::random(&mut rng);
        let text = glued::render(&made.form, &made.prose, &glue, &mut rng);
        return (made.form, text);
    }
    let flaws = if kind == "sparse" { (x as u32) & ((x >> 32) as u32) } else { (x >> 16) as u32 };
    let made = Case::any(seed, Flaws::from_bits(flaws)).make();
    (made.form, made.report.text)
}

fn found(reading: &Reading, settings: &Settings, indicator: &str, applicant: Option<&str>) -> Option<(State, Option<f64>)> {
    let is_it = |f: &&huizong::fact::Fact| {
        let item = &settings.catalog.items[usize::from(f.item)];
        item.indicator == indicator && item.applicant.as_deref() == applicant
    };
    reading.facts.iter().find(is_it).map(|f| (f.state, f.number()))
}

/// Numbers read that were not written, and were not meant where a blank may be inferred.
fn wrong_numbers(form: &FilledForm, reading: &Reading, settings: &Settings) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, text) in &form.cells {
        let Some((state, Some(number))) = found(reading, settings, key.0, key.1) else { continue };
        let right = match text {
            CellText::Number(written) => number == *written as f64,
            CellText::Blank => state == State::Inferred && number == form.meant(*key) as f64,
            _ => false,
        };
        if !right {
            wrong.push(format!("{} {}: {text:?} read as {number} {}", key.0, key.1.unwrap_or(""), state.id()));
        }
    }
    wrong
}
