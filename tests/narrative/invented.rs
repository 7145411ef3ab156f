//! Invented sentences with all their figures: no more and no fewer may be read.

use crate::eval::reader;
use huizong::document::Place;
use huizong::narrative::Passage;

#[test]
fn invented_sentences_read_as_written_down() {
    let reader = reader();
    let mut expected: Vec<(i32, &str, Vec<&str>)> = Vec::new();
    for line in include_str!("invented.txt").lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("    "), expected.last_mut()) {
            (Some(figure), Some((_, _, figures))) => figures.push(figure),
            _ => {
                let (year, text) = line.split_once(' ').expect("a year and a sentence");
                expected.push((year.parse().expect("a year"), text, Vec::new()));
            }
        }
    }
    let mut faults = Vec::new();
    for (year, text, mut figures) in expected {
        let read = reader.read(&[Passage { text, at: Place::line(1), section: "overview", heading: false }], year);
        let mut found: Vec<String> = read
            .iter()
            .map(|figure| {
                let channel = figure.channel.map_or("-", |channel| &reader.channels()[usize::from(channel)].id);
                let indicator = &reader.indicators()[usize::from(figure.indicator)].id;
                let unit = figure.unit.as_deref().unwrap_or("-");
                format!("{indicator} {channel} {} {unit} {} {}", figure.value, figure.qualifier.id(), figure.scope.id())
            })
            .collect();
        found.sort();
        figures.sort_unstable();
        if found != figures {
            faults.push(format!("{text}\n  expected {figures:?}\n  found    {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
