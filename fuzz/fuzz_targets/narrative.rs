//! Any text as prose: passages parted by NUL, the first byte the section. What is marked must lie in the text.
#![no_main]

use huizong::document::Place;
use huizong::narrative::{Passage, Reader, sentences};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::parse(include_str!("../../config/narrative.toml")).expect("built-in configuration"));

fuzz_target!(|bytes: &[u8]| {
    let (&first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(rest);
    let section = ["overview", "problems", "other"][usize::from(first % 3)];
    let passages: Vec<Passage<'_>> =
        text.split('\0').zip(0u32..).map(|(text, line)| Passage { text, at: Place::line(line + 1), section, heading: first & 64 != 0 && line % 2 == 0 }).collect();
    let marked = READER.read_marked(&passages, 2023);
    for one in &marked {
        let text = passages[one.passage as usize].text;
        assert!(text.get(one.span.0 as usize..one.span.1 as usize).is_some(), "a figure outside its text");
        assert!(one.figure.value.is_finite() && one.figure.value >= 0.0, "no number");
    }
    let shown = sentences(&passages, &marked);
    assert_eq!(shown.iter().map(|sentence| sentence.figures.len()).sum::<usize>(), marked.len(), "a figure without its sentence");
    for sentence in &shown {
        for figure in &sentence.figures {
            assert!(sentence.text.get(figure.span.0 as usize..figure.span.1 as usize).is_some(), "a mark outside its sentence");
        }
    }
});
