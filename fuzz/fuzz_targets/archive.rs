//! Any bytes as an archive: the files in it, but not what stands in them.
#![no_main]

use huizong::decode::{is_archive, unpack};
use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

fuzz_target!(|bytes: &[u8]| {
    if is_archive(bytes) {
        unpack("a.zip", bytes, &SETTINGS.limits);
    }
});
