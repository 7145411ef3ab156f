//! Reads files as a run does, up to where it would publish: for tests of what other programs have a hand in.

use huizong::console::{Console, LogFormat, Stages};
use huizong::finding::Lang;
use huizong::kept::Kept;
use huizong::pipeline::{self, Readings};
use huizong::settings::Settings;
use std::path::Path;

/// Reads files, given by name and content; with `recognise`, scanned pages too.
pub fn read_all(files: &[(&str, &[u8])], recognise: bool) -> Readings {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("reports");
    for (name, bytes) in files {
        let path = input.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
    }
    let console = Console { lang: Lang::En, quiet: true, log: LogFormat::Text, run: String::new(), stages: Stages::default() };
    let settings = Settings::load(Path::new("config")).expect("the project's configuration");
    let output = folder.path().join("out");
    let found = pipeline::find(&input, &output, &console).expect("files");
    pipeline::read_all(found, &[], recognise, &settings, &Kept::of(&output, &settings, recognise), None, &console).expect("readings")
}
