//! The examples of the configuration itself, and its messages.

use crate::eval::{CONFIG, reader};
use huizong::document::Place;
use huizong::narrative::{Passage, Reader};

#[test]
fn examples_and_counterexamples_hold() {
    let reader = reader();
    let mut faults = Vec::new();
    for (number, indicator) in reader.indicators().iter().enumerate() {
        assert!(!indicator.examples.is_empty() && !indicator.counterexamples.is_empty(), "{} has no examples", indicator.id);
        let read = |text: &str| {
            let figures = reader.read(&[Passage { text, at: Place::line(1), section: &indicator.section, heading: false }], 2023);
            figures.into_iter().filter(|figure| usize::from(figure.indicator) == number).collect::<Vec<_>>()
        };
        for example in &indicator.examples {
            let found = read(&example.text).iter().any(|figure| {
                let channel = figure.channel.map(|channel| reader.channels()[usize::from(channel)].id.clone());
                figure.value == example.value
                    && channel == example.channel
                    && figure.qualifier.id() == example.qualifier.as_deref().unwrap_or("exact")
                    && figure.scope.id() == example.scope.as_deref().unwrap_or("current_year")
            });
            if !found {
                faults.push(format!("{}: {} — read {:?}", indicator.id, example.text, read(&example.text)));
            }
        }
        for text in &indicator.counterexamples {
            if !read(text).is_empty() {
                faults.push(format!("{}: must not be read in: {text} — {:?}", indicator.id, read(text)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_fault_in_the_configuration_is_told_with_its_line() {
    let line = CONFIG.lines().position(|line| line == "topic = \"outlet\"").map_or(0, |at| at + 1);
    let wrong = CONFIG.replacen("topic = \"outlet\"", "topic = \"outlett\"", 1);
    let error = Reader::parse(&wrong).expect_err("an unknown topic");
    assert_eq!(error.line, line);
    assert!(error.message.contains("`outlett`") && error.message.contains("information, outlet, board"), "{error}");

    let wrong = CONFIG.replacen("summable = true", "summabel = true", 1);
    let error = Reader::parse(&wrong).expect_err("an unknown key");
    assert!(error.line > 1 && error.message.contains("summabel"), "{error}");

    let line = CONFIG.lines().position(|line| line == "unit = \"条\"").map_or(0, |at| at + 1);
    for (value, told) in [("5", "`unit`: invalid type: integer `5`"), ("\"tiao\"", "unknown measure `tiao`")] {
        let error = Reader::parse(&CONFIG.replacen("unit = \"条\"", &format!("unit = {value}"), 1)).expect_err("no unit");
        assert_eq!(error.line, line);
        assert!(error.message.contains(told) && error.message.contains("条, 件, 篇"), "{error}");
    }
    let error = Reader::parse(&CONFIG.replacen("kind = \"count\"", "kind = \"total\"", 1)).expect_err("no kind");
    assert!(error.message.contains("`kind`") && error.message.contains("count") && error.message.contains("stock"), "{error}");

    for (family, told) in [("{门户|政务网站", "no family like {甲|乙}率"), ("门户}网", "no family"), ("{无|其中}", "`其中` stands in two lists")]
    {
        let wrong = CONFIG.replacen("\nnil = [", &format!("\nnil = [\"{family}\", "), 1);
        let error = Reader::parse(&wrong).expect_err("no family of words");
        assert!(error.line > 1 && error.message.contains(told), "{family}: {error}");
    }

    let error = Reader::parse("measures = [\"条\"").expect_err("no TOML");
    assert_eq!(error.line, 1);
}
