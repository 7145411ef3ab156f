//! Facts of many readings, column by column. In nearly every row their texts repeat those of others: each
//! different text is kept once and pointed to, so that no writer has to look at it row by row.

use crate::fact::Fact;
use crate::read::Reading;
use crate::settings::Settings;
use polars::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;

/// Rows of a published table.
#[derive(Debug)]
pub struct Batch {
    /// How many.
    pub height: usize,
    /// Their columns, as `tables` declares them.
    pub columns: Vec<Values>,
}

/// A column of a batch.
#[derive(Debug)]
pub enum Values {
    /// Texts that repeat.
    Pointed(Pointed),
    /// Anything else.
    Plain(Column),
}

/// A reading, and its facts unpacked.
type Open<'r> = (&'r Reading, Cow<'r, [Fact]>);

/// A column of texts that repeat.
#[derive(Debug, Default)]
pub struct Pointed {
    /// The different texts, in the order in which they first come.
    pub texts: Vec<Box<str>>,
    /// For each row the number of its text, from 1; 0 where there is none.
    pub rows: Vec<u32>,
    known: HashMap<Box<str>, u32>,
}

impl Pointed {
    /// The number of a text.
    fn number(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        self.texts.push(text.into());
        let number = self.texts.len() as u32;
        self.known.insert(text.into(), number);
        number
    }

    /// All facts of a reading have the same text.
    fn by_reading<'r>(readings: &[Open<'r>], text: impl Fn(&'r Reading) -> Option<&'r str>) -> Values {
        let mut column = Pointed::default();
        for (reading, facts) in readings.iter().filter(|(_, facts)| !facts.is_empty()) {
            let number = column.number(text(reading));
            column.rows.extend(std::iter::repeat_n(number, facts.len()));
        }
        Values::Pointed(column)
    }

    /// All facts of a key have the same text; keys are small numbers.
    fn by_key<'t>(readings: &[Open<'_>], key: impl Fn(&Fact) -> usize, text: impl Fn(&Fact) -> Option<&'t str>) -> Values {
        let mut column = Pointed::default();
        let mut numbers: Vec<Option<u32>> = Vec::new();
        for fact in readings.iter().flat_map(|(_, facts)| facts.iter()) {
            let key = key(fact);
            if key >= numbers.len() {
                numbers.resize(key + 1, None);
            }
            let number = *numbers[key].get_or_insert_with(|| column.number(text(fact)));
            column.rows.push(number);
        }
        Values::Pointed(column)
    }

    /// Each fact has a text of its own, often one that another has too; mostly a small number, which tells it.
    fn by_fact<'r>(readings: &[Open<'r>], text: impl Fn(&'r Reading, &Fact) -> Option<&'r str>) -> Values {
        let mut column = Pointed::default();
        let mut numbers: Vec<Option<u32>> = vec![None; SMALL];
        for (reading, fact) in readings.iter().flat_map(|(reading, facts)| facts.iter().map(move |fact| (*reading, fact))) {
            let text = text(reading, fact);
            let number = match text.and_then(small_number) {
                Some(small) => *numbers[small].get_or_insert_with(|| column.number(text)),
                None => column.number(text),
            };
            column.rows.push(number);
        }
        Values::Pointed(column)
    }

    /// The unit of a cell is that of its item; a figure in prose has its own.
    fn units<'t>(readings: &[Open<'_>], in_prose: &[bool], unit: impl Fn(&Fact) -> &'t str) -> Values {
        let mut column = Pointed::default();
        let mut numbers: Vec<Option<u32>> = vec![None; in_prose.len()];
        for (reading, fact) in readings.iter().flat_map(|(reading, facts)| facts.iter().map(move |fact| (*reading, fact))) {
            let item = usize::from(fact.item);
            let number = match in_prose[item] {
                true => column.number(fact.unit(&reading.text)),
                false => *numbers[item].get_or_insert_with(|| column.number(Some(unit(fact)))),
            };
            column.rows.push(number);
        }
        Values::Pointed(column)
    }

    /// The cells that facts stand in: `t3:r7:c5`. Most are in the first rows and columns of the first grids.
    fn cells(readings: &[Open<'_>]) -> Values {
        const NEAR: (u16, u16, u16) = (16, 64, 32);
        let mut column = Pointed::default();
        let mut near: Vec<Option<u32>> = vec![None; usize::from(NEAR.0 * NEAR.1 * NEAR.2)];
        let mut far: HashMap<(u16, u16, u16), u32> = HashMap::new();
        for cell in readings.iter().flat_map(|(_, facts)| facts.iter()).map(|f| f.cell) {
            let mut number = || column.number((cell.0 > 0).then(|| format!("t{}:r{}:c{}", cell.0, cell.1, cell.2)).as_deref());
            let number = match cell.0 < NEAR.0 && cell.1 < NEAR.1 && cell.2 < NEAR.2 {
                true => *near[usize::from((cell.0 * NEAR.1 + cell.1) * NEAR.2 + cell.2)].get_or_insert_with(number),
                false => *far.entry(cell).or_insert_with(&mut number),
            };
            column.rows.push(number);
        }
        Values::Pointed(column)
    }

    /// The text of each row.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.rows.iter().map(|&number| Some(&*self.texts[number.checked_sub(1)? as usize]))
    }
}

/// Numbers below this are small.
const SMALL: usize = 1000;

/// The value of a small number that is written plainly.
fn small_number(text: &str) -> Option<usize> {
    let plain = matches!(text.as_bytes(), [b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']);
    if plain { text.parse().ok() } else { None }
}

impl From<&DataFrame> for Batch {
    fn from(frame: &DataFrame) -> Batch {
        Batch { height: frame.height(), columns: frame.columns().iter().cloned().map(Values::Plain).collect() }
    }
}

impl Batch {
    /// The facts of some readings of a year, in their order.
    pub fn facts(readings: &[&Reading], settings: &Settings) -> Batch {
        let readings: &[Open<'_>] = &readings.iter().map(|reading| (*reading, reading.open())).collect::<Vec<_>>();
        let (items, channels) = (&settings.catalog.items, settings.narrative.channels());
        let office = |r: &Reading| r.office.map(|o| settings.registry.office(o));
        let facts = || readings.iter().flat_map(|(_, facts)| facts.iter());
        let item = |f: &Fact| usize::from(f.item);
        let in_prose: Vec<bool> = items.iter().map(|i| i.section == "narrative").collect();
        let count = |value: &dyn Fn(&Fact) -> u32| {
            let some = |n: u32| (n > 0).then_some(n);
            Values::Plain(facts().map(|f| some(value(f))).collect::<UInt32Chunked>().into_column())
        };
        let columns = vec![
            Pointed::by_reading(readings, |r| office(r).map(|o| &*o.district_code)),
            Pointed::by_reading(readings, |r| office(r).map(|o| &*o.district)),
            Pointed::by_reading(readings, |r| office(r).map(|o| &*o.code)),
            Pointed::by_reading(readings, |r| office(r).map(|o| &*o.name).or(r.unregistered.as_deref())),
            Pointed::by_key(readings, item, |f| Some(&items[item(f)].section)),
            Pointed::by_key(readings, item, |f| Some(&items[item(f)].indicator)),
            Pointed::by_key(readings, item, |f| items[item(f)].applicant.as_deref()),
            Pointed::by_key(readings, |f| f.channel.map_or(0, |c| usize::from(c) + 1), |f| f.channel.map(|c| &*channels[usize::from(c)].id)),
            Values::Plain(facts().map(Fact::number).collect::<Float64Chunked>().into_column()),
            Pointed::units(readings, &in_prose, |f| &items[item(f)].unit),
            Pointed::by_key(readings, |f| f.qualifier as usize, |f| Some(f.qualifier.id())),
            Pointed::by_key(readings, |f| f.scope as usize, |f| Some(f.scope.id())),
            Pointed::by_key(readings, |f| f.state as usize, |f| Some(f.state.id())),
            Pointed::by_fact(readings, |r, f| f.raw.of(&r.text)),
            Pointed::by_reading(readings, |r| Some(&r.source_file)),
            count(&|f| f.at.page),
            count(&|f| f.at.line),
            Pointed::cells(readings),
        ];
        Batch { height: facts().count(), columns }
    }
}
