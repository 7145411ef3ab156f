//! Reads files as a run does, on one thread and with the allocator of the program, and prints the least seconds that one
//! round over all of them took: the whole reading, to facts and findings, and within it decoding alone, to paragraphs and tables.
//!
//! ```text
//! cargo run --release --example time_reading -- ROUNDS FILE…
//! ```
#![expect(clippy::print_stdout, reason = "a command line tool of the benches")]

use huizong::decode::{self, Read};
use huizong::form::Memo;
use huizong::read::read_with;
use huizong::settings::Settings;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

#[cfg(feature = "totals")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rounds: u32 = arguments.next().unwrap_or_default().parse()?;
    let files = arguments.map(|path| std::fs::read(&path).map(|bytes| (path, bytes))).collect::<Result<Vec<_>, _>>()?;
    let settings = Settings::load_for_parsing(Path::new("config")).map_err(|_| "the configuration cannot be read")?;
    let mut memo = Memo::default();
    let whole = least(rounds, || files.iter().map(|(path, bytes)| read_with(&mut memo, path, bytes, &[], &settings).facts.len()).sum());
    let decoding = least(rounds, || files.iter().map(|(path, bytes)| blocks(path, bytes, &settings)).sum());
    println!("{whole:.6} {decoding:.6}");
    Ok(())
}

/// The least seconds of a round. What it counts is kept from being left out.
fn least(rounds: u32, mut round: impl FnMut() -> usize) -> f64 {
    let timed = (0..rounds).map(|_| {
        let from = Instant::now();
        std::hint::black_box(round());
        from.elapsed().as_secs_f64()
    });
    timed.fold(f64::INFINITY, f64::min)
}

/// Paragraphs and tables of a file.
fn blocks(path: &str, bytes: &[u8], settings: &Settings) -> usize {
    match decode::decoder(Path::new(path), bytes).map(|decoder| &decoder.read) {
        Ok(Read::Text(read)) => decode::to_text(bytes).map_or(0, |(text, _)| read(&text).blocks.len()),
        Ok(Read::Bytes(read)) => read(bytes, &settings.limits).map_or(0, |decoded| decoded.document.blocks.len()),
        Ok(Read::Pages(read)) => read(bytes, &settings.limits, None).map_or(0, |decoded| decoded.document.blocks.len()),
        Err(_) => 0,
    }
}
