//! Reads files as a run does, on one thread, and prints the least seconds that one round over all of them took.
//!
//! ```text
//! cargo run --release --no-default-features --example time_reading -- ROUNDS FILE…
//! ```
#![expect(clippy::print_stdout, reason = "a command line tool of the benches")]

use huizong::form::Memo;
use huizong::read::read_with;
use huizong::settings::Settings;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rounds: u32 = arguments.next().unwrap_or_default().parse()?;
    let files = arguments.map(|path| std::fs::read(&path).map(|bytes| (path, bytes))).collect::<Result<Vec<_>, _>>()?;
    let settings = Settings::load_for_parsing(Path::new("config")).map_err(|_| "the configuration cannot be read")?;
    let mut memo = Memo::default();
    let mut round = || {
        let from = Instant::now();
        let facts = files.iter().map(|(path, bytes)| read_with(&mut memo, path, bytes, &[], &settings).facts.len()).sum::<usize>();
        (from.elapsed().as_secs_f64(), facts)
    };
    let best = (0..rounds).map(|_| round()).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
    println!("{:.6} {}", best.0, best.1);
    Ok(())
}
