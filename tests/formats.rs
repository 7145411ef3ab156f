//! Any filled form, written in any format that offices publish, is read back cell by cell, and says what
//! the same report says in Markdown. One module a format.

#[path = "formats/archive.rs"]
mod archive;
#[path = "formats/docx.rs"]
mod docx;
#[path = "formats/pack.rs"]
mod pack;
#[path = "formats/sheet.rs"]
mod sheet;
#[path = "formats/html.rs"]
mod html;
#[path = "support/mod.rs"]
mod support;
#[path = "formats/wrapped.rs"]
mod wrapped;

use huizong::fact::{Fact, State};
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use std::path::Path;
use std::sync::LazyLock;
use support::filled::section_keys;
use support::statute::Section;
use support::{CellText, FilledForm};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("the project's configuration"));

fn parsed(name: &str, bytes: &[u8]) -> Reading {
    read(name, bytes, &[], &SETTINGS)
}

/// The cells that were read otherwise than the form has them.
fn wrong_cells(form: &FilledForm, reading: &Reading) -> Vec<String> {
    let mut wrong = Vec::new();
    for (section, edition) in Section::ALL.into_iter().zip([form.section_two, form.section_three, form.section_three]).filter(|(s, _)| form.has(*s)) {
        for key in section_keys(section, edition) {
            let fact = reading.facts.iter().find(|f| {
                let item = &SETTINGS.catalog.items[usize::from(f.item)];
                item.indicator == key.0 && item.applicant.as_deref() == key.1
            });
            let Some(fact) = fact else {
                wrong.push(format!("{} {:?}: no fact", key.0, key.1));
                continue;
            };
            let fits = match (form.text(key), fact.state) {
                (CellText::Number(number), State::Reported) => fact.number() == Some(*number as f64),
                (CellText::Blank, State::Blank) | (CellText::Mark(_), State::NotApplicable) | (CellText::Words(_), State::Unreadable) => true,
                (CellText::Blank, State::Inferred) => fact.number() == Some(form.meant(key) as f64),
                _ => false,
            };
            if !fits {
                wrong.push(format!("{} {:?}: {:?} at line {} read as {:?} {:?}", key.0, key.1, form.text(key), fact.at.line, fact.state, fact.number()));
            }
        }
    }
    wrong
}

/// What a reading says, without where it stands in the file.
fn said(reading: &Reading) -> Vec<String> {
    let fact = |f: &Fact| {
        let item = &SETTINGS.catalog.items[usize::from(f.item)];
        let (raw, unit) = (f.raw.of(&reading.text), f.unit(&reading.text));
        format!(
            "{} {} {:?} {:?} {:?} {} {} {raw:?} {unit:?} {:?}",
            item.section,
            item.indicator,
            item.applicant,
            f.channel,
            f.number(),
            f.qualifier.id(),
            f.scope.id(),
            f.state
        )
    };
    let head = format!("{:?} {:?} {} {:?} {:?}", reading.year, reading.office, reading.form, reading.title, reading.published_on);
    [head].into_iter().chain(reading.facts.iter().map(fact)).collect()
}

/// The figures of the prose, without the words around them.
fn figures(reading: &Reading) -> Vec<String> {
    let narrative = |f: &&Fact| SETTINGS.catalog.items[usize::from(f.item)].section == "narrative";
    let figure = |f: &Fact| {
        let item = &SETTINGS.catalog.items[usize::from(f.item)];
        format!("{} {:?} {:?} {:?} {} {}", item.indicator, f.channel, f.number(), f.unit(&reading.text), f.qualifier.id(), f.scope.id())
    };
    reading.facts.iter().filter(narrative).map(figure).collect()
}
