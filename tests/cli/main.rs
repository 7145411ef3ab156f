//! Black-box runs of the built program: arguments in, exit status, both streams and files out.
//!
//! What a run prints stands in `tests/expect/<name>.txt`; `UPDATE_EXPECT=1 cargo test --test cli`
//! rewrites these texts, and the difference is to be read.

mod commands;
mod configuration;
mod crash;
mod fixture;
mod input;
mod kept;
mod nightly;
mod output;
mod prose;
mod report;
mod sample;
mod sandbox;
mod trace;
mod unchanged;

/// Every text in `tests/expect` belongs to a test: none stays behind when its test goes.
#[test]
fn expected_texts_are_all_in_use() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut source = String::new();
    for file in std::fs::read_dir(here.join("cli")).expect("tests/cli") {
        source += &std::fs::read_to_string(file.expect("entry").path()).expect("source");
    }
    for file in std::fs::read_dir(here.join("expect")).expect("tests/expect") {
        let name = file.expect("entry").file_name().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".txt").unwrap_or(&name);
        assert!(source.contains(&format!("\"{stem}\"")), "tests/expect/{name}: no test uses it");
    }
}
