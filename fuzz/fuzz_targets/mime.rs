//! Any bytes called a web page saved in one file, through the whole reading of one report.
#![no_main]

use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

fuzz_target!(|bytes: &[u8]| {
    huizong::read::read("2021/report.mht", bytes, &[], &SETTINGS);
});
