//! Writes the sample data of the repository: `data/reports` and `config/offices.csv`, always the same.
//!
//! `cargo run --example make_samples -- [ROOT]`; remove `data/reports` first to be rid of old files.

mod oddities;
mod offices;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use oddities::{Format, Oddity};
use offices::{CITY, DISTRICTS, official_name};
use support::ofd::{Producer, ofd};
use support::prose::{self, Activity};
use support::{FilledForm, Flaws, History, Layout, Length, Office, Rng, Temperament};
use support::{generate, html, official, render};

const SEED: u64 = 20_230_131;
const YEARS: std::ops::RangeInclusive<u16> = 2019..=2022;

fn main() -> io::Result<()> {
    let root = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    write(&root.join("config/offices.csv"), offices::registry().as_bytes())?;
    let reports = root.join("data/reports");
    for district in &DISTRICTS {
        for (number, (code, place, busy)) in district.offices.iter().enumerate() {
            let code = format!("{}{code}", district.code);
            Sample { reports: &reports, district: district.name, place, code, number, busy: *busy }.write_all()?;
        }
    }
    write_unregistered(&reports)?;
    let notice = reports.join("2021/临溪区/关于举办全区政务公开业务培训班的通知.md");
    write(&notice, oddities::NOT_A_REPORT.as_bytes())
}

/// One office and its reports.
struct Sample<'a> {
    reports: &'a Path,
    district: &'a str,
    place: &'a str,
    code: String,
    number: usize,
    busy: bool,
}

/// What one report is to be like, besides its form.
#[derive(Clone, Copy)]
struct Draft<'a> {
    activity: Activity,
    layout: &'a Layout,
    oddity: Option<Oddity>,
    format: Format,
    /// The date of the sign-off, where it is not any day of January.
    date: Option<(u16, u8, u8)>,
}

impl Sample<'_> {
    fn write_all(&self) -> io::Result<()> {
        let mut rng = Rng::for_name(SEED, &self.code);
        let mut history = History::default();
        if self.busy {
            history.carried_out[0] = rng.between(0, 2);
        }
        let first = Activity::random(&mut rng);
        let layout = Layout { padded: rng.chance(0.15), ..Layout::random(&mut rng) };
        for year in YEARS {
            let oddity = oddities::of(year, self.district, self.place);
            if oddity == Some(Oddity::CarryOverBreak) {
                history.carried_out[0] += 2;
            }
            let temperament = oddities::temperament(oddity, self.busy);
            let mut form = generate::form(&mut rng, year, temperament, &mut history);
            oddities::spoil(&mut form, oddity);
            let activity = drifted(&mut rng, first, year);
            if oddity != Some(Oddity::Missing) {
                self.write_year(&form, activity, &layout, oddity)?;
            }
        }
        Ok(())
    }

    fn write_year(&self, form: &FilledForm, activity: Activity, layout: &Layout, oddity: Option<Oddity>) -> io::Result<()> {
        let year = form.year;
        let format = oddities::format_of(year, self.district, self.place);
        let folder = if oddity == Some(Oddity::WrongFolder) { year + 1 } else { year };
        let folder = self.reports.join(folder.to_string()).join(self.district);
        let layout = oddities::layout(oddity, layout.clone());
        let draft = Draft { activity, layout: &layout, oddity, format, date: None };
        let bytes = self.report(form, draft);
        let ending = match format {
            Format::Markdown => "md",
            Format::Text | Format::Gb18030 => "txt",
            Format::Ofd => "ofd",
            Format::Page(_) | Format::GbkPage(_) => "html",
        };
        write(&folder.join(format!("{}.{ending}", self.file_name(year))), &bytes)?;
        match oddity {
            Some(Oddity::Copied) => write(&folder.join(format!("补报/{}（副本）.md", self.place)), &bytes),
            Some(Oddity::Resubmitted) => {
                let draft = Draft { date: Some((year + 1, 2, 18)), ..draft };
                let bytes = self.report(&oddities::corrected(form), draft);
                write(&folder.join(format!("{}（修订稿）.md", self.place)), &bytes)
            }
            _ => Ok(()),
        }
    }

    /// The bytes of one report; prose differs from year to year and from office to office.
    fn report(&self, form: &FilledForm, draft: Draft<'_>) -> Vec<u8> {
        let Draft { activity, layout, oddity, format, date } = draft;
        let mut rng = Rng::for_name(SEED, &oddities::wording_of(&self.code, form.year, oddity));
        let mut office = Office::new(CITY, self.district, self.place);
        if oddity == Some(Oddity::ShortTitle) {
            office.title_name = official_name(self.place);
        } else if self.number % 3 == 1 {
            office.title_name = format!("{}{}", self.district, official_name(self.place));
        }
        let mut prose = prose::write_with(&mut rng, &office, form, Length::Full, activity);
        prose.date = date.unwrap_or(prose.date);
        let flaws = oddities::flaws(oddity);
        let mut page = |dress, charset| html::page(&official::pieces(form, &prose, flaws, &mut rng.clone()), dress, charset, &mut rng);
        match format {
            Format::Ofd => ofd(&render::markdown(form, &prose, layout, flaws, &mut rng).text, layout.label_columns, Producer::USUAL, &mut rng),
            Format::Markdown => render::markdown(form, &prose, layout, flaws, &mut rng).text.into_bytes(),
            Format::Text => render::plain_text(form, &prose, layout, flaws, &mut rng).text.into_bytes(),
            Format::Gb18030 => encoding_rs::GB18030.encode(&render::plain_text(form, &prose, layout, flaws, &mut rng).text).0.into_owned(),
            Format::Page(dress) => page(dress, "utf-8").into_bytes(),
            Format::GbkPage(dress) => encoding_rs::GBK.encode(&page(dress, "gb2312")).0.into_owned(),
        }
    }

    /// Offices have habits of naming files; some name them all alike, some by code.
    fn file_name(&self, year: u16) -> String {
        let official = official_name(self.place);
        match (self.number + usize::from(self.district == "临溪区")) % 5 {
            0 => official,
            1 => self.place.to_owned(),
            2 => format!("{official}{year}年政府信息公开工作年度报告"),
            3 => format!("{}-{year}", self.place),
            _ => self.code.clone(),
        }
    }
}

/// An office's activity moves a little from year to year.
fn drifted(rng: &mut Rng, first: Activity, year: u16) -> Activity {
    let years = i64::from(year - YEARS.start());
    let mut drift = |value: i64, percent: i64| value * (100 + years * percent + rng.between(-6, 6)) / 100;
    let (website, wechat, hotline) = (drift(first.website, 4), drift(first.wechat, 7), drift(first.hotline, 5));
    let completed = rng.between(968, 1_000);
    let fee = if year > 2021 && rng.chance(0.06) { rng.between(2, 18) * 10 } else { 0 };
    Activity { website, wechat, hotline, completed, fee }
}

/// The report of a body that stands in no registry.
fn write_unregistered(reports: &Path) -> io::Result<()> {
    let mut rng = Rng::for_name(SEED, "云雾山");
    let form = generate::form(&mut rng, 2021, Temperament::Quiet, &mut History::default());
    let mut office = Office::new(CITY, "青岚区", "云雾山风景区");
    office.title_name = "云州市青岚区云雾山风景区管理委员会".to_owned();
    office.sign_name = "青岚区云雾山风景区管理委员会".to_owned();
    let prose = prose::write(&mut rng, &office, &form, Length::Full);
    let made = render::markdown(&form, &prose, &Layout::plain(), Flaws::NONE, &mut rng);
    write(&reports.join("2021/青岚区/云雾山风景区管理委员会.md"), made.text.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
