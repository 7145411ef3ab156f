//! Keeps the directions of knowledge that ARCHITECTURE.md states, and the size of files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("folder of sources") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("source");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new("src"), &mut found);
    found.sort();
    assert!(found.len() > 20, "the sources were not found");
    found
}

/// The module of `lib.rs` that a file belongs to.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix("src").expect("under src");
    let first = inside.components().next().expect("a part").as_os_str().to_string_lossy().to_string();
    first.trim_end_matches(".rs").to_string()
}

/// Code without comments and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_module_knows_only_those_above_it() {
    let list = std::fs::read_to_string("src/lib.rs").expect("lib.rs");
    let order: Vec<&str> = list.lines().filter_map(|l| l.strip_prefix("pub mod ")).filter_map(|l| l.strip_suffix(';')).collect();
    let rank: BTreeMap<&str, usize> = order.iter().enumerate().map(|(i, m)| (*m, i)).collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        let Some(&here) = rank.get(own.as_str()) else { continue };
        for (at, _) in code(&text).match_indices("crate::") {
            let code = code(&text);
            let rest = &code[at + 7..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default().split(',').map(|n| n.trim().split("::").next().unwrap_or_default()).collect(),
                None => vec![rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()],
            };
            wrong.extend(names.into_iter().filter(|n| rank.get(n).is_some_and(|r| *r > here)).map(|n| format!("{} uses {n}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words that only some modules may use: what is fenced, and who is inside the fence.
const FENCES: [(&str, &[&str]); 4] = [
    (
        "polars",
        &["batch", "frames", "aggregate", "publish", "published", "news", "trace", "status", "report", "show", "dictionary", "pipeline", "wording", "commands"],
    ),
    ("rayon", &["across", "kept", "pipeline", "publish", "report", "commands"]),
    ("fs::", &["discover", "convert", "recognise", "kept", "pipeline", "settings", "publish", "published", "manifest", "attempt"]),
    ("stdout()", &["commands"]),
];

#[test]
fn disk_threads_and_frames_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let (own, code) = (module(&path), code(&text));
        for (word, inside) in FENCES {
            if code.contains(word) && !inside.contains(&own.as_str()) && own != "lib" {
                wrong.push(format!("{} uses {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_small_and_say_why_they_exist() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if text.lines().count() > 600 {
            wrong.push(format!("{} has more than 600 lines", path.display()));
        }
        if !text.starts_with("//!") && module(&path) != "lib" {
            wrong.push(format!("{} does not say why it exists", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_names_every_module() {
    let map = std::fs::read_to_string("ARCHITECTURE.md").expect("ARCHITECTURE.md");
    let list = std::fs::read_to_string("src/lib.rs").expect("lib.rs");
    let modules = list.lines().filter_map(|l| l.strip_prefix("pub mod ")).filter_map(|l| l.strip_suffix(';'));
    let missing: Vec<&str> = modules.filter(|m| !map.contains(&format!("`{m}"))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name: {}", missing.join(", "));
}
