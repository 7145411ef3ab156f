//! Reports of many offices over some years: where they agree nothing is found, and a planted break of
//! each rule is found in its place and nowhere else.

#[path = "support/mod.rs"]
mod support;

use huizong::assemble::{self, Year};
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use std::path::Path;
use std::sync::LazyLock;
use support::{CellText, FilledForm, Flaws, History, Layout, Length, Office, Prose, Rng, Temperament, generate, prose, render};

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load(Path::new("config")).expect("the project's configuration"));

const RULES: [&str; 5] = ["carry_over", "normative_documents.continuity", "items.continuity", "copy.previous_year", "copy.sibling_office"];

/// One report before it is written.
#[derive(Clone)]
struct Draft {
    code: String,
    district: String,
    form: FilledForm,
    prose: Prose,
}

impl Draft {
    fn file(&self) -> String {
        format!("{}/{}/{}.md", self.form.year, self.district, self.code)
    }
}

/// All offices of the sample registry over some years, each consistent with itself.
fn drafts(seed: u64, years: std::ops::RangeInclusive<u16>, temperament: Temperament, length: Length) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for office in &SETTINGS.registry.offices {
        let mut rng = Rng::for_name(seed, &office.code);
        let mut history = History::default();
        let place = office.name.trim_end_matches("办事处").trim_end_matches("人民政府");
        for year in years.clone() {
            let form = generate::form(&mut rng, year, temperament, &mut history);
            let who = Office::new(&office.city, &office.district, place);
            let prose = prose::write(&mut rng, &who, &form, length);
            drafts.push(Draft { code: office.code.clone(), district: office.district.clone(), form, prose });
        }
    }
    drafts
}

fn readings(drafts: &[Draft]) -> Vec<Reading> {
    let one = |draft: &Draft| {
        let made = render::markdown(&draft.form, &draft.prose, &Layout::plain(), Flaws::NONE, &mut Rng::new(1));
        read(&draft.file(), made.text.as_bytes(), &[], &SETTINGS)
    };
    drafts.iter().map(one).collect()
}

/// What is found across years and offices: (rule, file, applicant).
fn found(readings: &[Reading]) -> Vec<(String, String, Option<String>)> {
    let mut found = Vec::new();
    for year in assemble::years(readings) {
        let year: Year<'_> = assemble::year(year, readings, &[], &SETTINGS);
        for filed in &year.findings {
            let rule = filed.rule(&SETTINGS).name();
            if RULES.contains(&rule) {
                let applicant = filed.finding.item.and_then(|i| SETTINGS.catalog.items[usize::from(i)].applicant.clone());
                found.push((rule.to_string(), filed.source_file.unwrap_or_default().to_string(), applicant));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn offices_that_agree_with_themselves_are_left_alone() {
    for (seed, temperament) in Temperament::ALL.into_iter().enumerate() {
        // Two years of either form, and the change between them.
        let length = if seed % 2 == 0 { Length::Short } else { Length::Full };
        let readings = readings(&drafts(seed as u64, 2019..=2022, temperament, length));
        assert_eq!(found(&readings), [], "{temperament:?} {length:?}");
    }
}

/// A number that is one more than it was meant to be.
fn raised(draft: &mut Draft, indicator: &'static str, applicant: Option<&'static str>) {
    let key = (indicator, applicant);
    let number = draft.form.number(key).unwrap_or_else(|| panic!("{indicator} holds a number"));
    draft.form.write(key, CellText::Number(number + 1));
}

fn draft_of(drafts: &mut [Draft], year: u16, nth: usize) -> &mut Draft {
    drafts.iter_mut().filter(|d| d.form.year == year).nth(nth).expect("a report")
}

#[test]
fn a_break_between_two_years_is_found_in_the_later_one() {
    type Planted = (u16, &'static str, Option<&'static str>, &'static [(&'static str, u16, Option<&'static str>)]);
    let planted: [Planted; 8] = [
        (2020, "applications.carried_in", Some("total"), &[("carry_over", 2020, Some("total"))]),
        (2020, "applications.carried_out", Some("natural_person"), &[("carry_over", 2021, Some("natural_person"))]),
        // The change of form makes no difference to what is carried over.
        (2021, "applications.carried_in", Some("commercial_enterprise"), &[("carry_over", 2021, Some("commercial_enterprise"))]),
        (2022, "normative_documents.in_force", None, &[("normative_documents.continuity", 2022, None), ("normative_documents.continuity", 2023, None)]),
        (2022, "normative_documents.issued", None, &[("normative_documents.continuity", 2022, None)]),
        (2023, "normative_documents.repealed", None, &[("normative_documents.continuity", 2023, None)]),
        // Items moved by their change: what 2019 says decides what 2020 must say.
        (2020, "licensing.items_last_year", None, &[("items.continuity", 2020, None)]),
        (2019, "penalties.items_change", None, &[("items.continuity", 2020, None)]),
    ];
    for (number, (year, indicator, applicant, wanted)) in planted.into_iter().enumerate() {
        let mut drafts = drafts(40 + number as u64, 2019..=2023, Temperament::Busy, Length::Short);
        let draft = draft_of(&mut drafts, year, 3 + number);
        raised(draft, indicator, applicant);
        let file = |of: u16| draft.file().replace(&year.to_string(), &of.to_string());
        let wanted: Vec<_> = wanted.iter().map(|(rule, of, applicant)| ((*rule).to_string(), file(*of), applicant.map(str::to_string))).collect();
        assert_eq!(found(&readings(&drafts)), wanted, "{year} {indicator} {applicant:?}");
    }
}

#[test]
fn a_blank_neither_holds_nor_breaks() {
    let mut drafts = drafts(5, 2020..=2021, Temperament::Busy, Length::Short);
    for applicant in support::statute::APPLICANTS.map(|(applicant, _)| applicant) {
        for indicator in ["applications.carried_in", "applications.received"] {
            draft_of(&mut drafts, 2021, 2).form.write((indicator, Some(applicant)), CellText::Blank);
        }
        draft_of(&mut drafts, 2020, 4).form.write(("applications.carried_out", Some(applicant)), CellText::Mark("—"));
    }
    assert_eq!(found(&readings(&drafts)), []);
}

/// Last year's prose under this year's tables, with every figure of `changed` paragraphs made new.
fn copied(from: &Prose, to: &Prose, changed: usize) -> Prose {
    let year = |text: &str| text.replace(&(from.date.0 - 1).to_string(), &(to.date.0 - 1).to_string());
    let name = |text: &str| year(text).replace(&from.office.place, &to.office.place);
    let figures = |text: &str| text.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_digit((d + 3) % 10, 10).unwrap_or(c))).collect::<String>();
    let mut copy = from.clone();
    for (n, paragraph) in copy.overview.iter_mut().enumerate() {
        paragraph.text = name(&if n < changed { figures(&paragraph.text) } else { paragraph.text.clone() });
    }
    copy.problems.iter_mut().for_each(|p| p.text = name(&p.text));
    Prose { office: to.office.clone(), date: to.date, preamble: to.preamble.clone(), ..copy }
}

#[test]
fn copied_prose_is_found_even_with_new_figures() {
    for (seed, changed) in [(1, 0), (2, 2), (3, 9)] {
        let mut drafts = drafts(seed, 2020..=2021, Temperament::Quiet, Length::Full);
        let last_year = draft_of(&mut drafts, 2020, 5).prose.clone();
        let own = draft_of(&mut drafts, 2021, 5);
        own.prose = copied(&last_year, &own.prose, changed);
        let own = own.file();
        let original = draft_of(&mut drafts, 2021, 8).clone();
        let other = draft_of(&mut drafts, 2021, 16);
        other.prose = copied(&original.prose, &other.prose, changed);
        let mut wanted = vec![
            ("copy.previous_year".to_string(), own, None),
            ("copy.sibling_office".to_string(), original.file(), None),
            ("copy.sibling_office".to_string(), other.file(), None),
        ];
        wanted.sort();
        assert_eq!(found(&readings(&drafts)), wanted, "{changed} paragraphs with new figures");
    }
}

/// What everybody is told to write is nobody's copy; less than half of the offices saying the same is.
#[test]
fn wording_of_the_whole_district_is_no_copy() {
    let statute = "依照《中华人民共和国政府信息公开条例》及上级部署，坚持以公开为常态、不公开为例外，切实保障公民、法人和其他组织依法获取政府信息的权利，\
        不断提高政府工作的透明度，充分发挥政府信息对人民群众生产、生活和经济社会活动的服务作用，着力推进决策、执行、管理、服务和结果公开，\
        做到应公开尽公开，主动接受社会各界和人民群众的监督。";
    for (having, wanted) in [(24, 0), (5, 5)] {
        let mut drafts = drafts(9, 2021..=2021, Temperament::Quiet, Length::Full);
        for draft in drafts.iter_mut().take(having) {
            draft.prose.overview.truncate(1);
            draft.prose.overview[0].text = format!("{statute}全年公开信息{}条。", draft.form.number(("regulations.issued", None)).unwrap_or(0) + 7);
            draft.prose.problems.truncate(1);
            draft.prose.problems[0].text = "人手不足，下一步充实力量。".to_string();
        }
        assert_eq!(found(&readings(&drafts)).len(), wanted, "{having} offices have the same wording");
    }
}

/// Where the threshold of `across::copies` comes from.
#[test]
fn honest_reports_and_copies_lie_far_apart() {
    let (mut honest, mut copies) = (0.0f64, 1.0f64);
    for seed in 100..103 {
        let drafts = drafts(seed, 2021..=2022, Temperament::Busy, Length::Full);
        let read = readings(&drafts);
        for (pair, drafts) in read.chunks(2).zip(drafts.chunks(2)) {
            honest = honest.max(pair[0].sketch.likeness(&pair[1].sketch, 0.0).unwrap_or(1.0));
            let copy = Draft { prose: copied(&drafts[0].prose, &drafts[1].prose, 9), ..drafts[1].clone() };
            copies = copies.min(pair[0].sketch.likeness(&readings(&[copy])[0].sketch, 0.0).unwrap_or(0.0));
        }
        for (n, a) in read.iter().enumerate().step_by(2) {
            honest = read.iter().skip(n + 2).step_by(2).fold(honest, |most, b| most.max(a.sketch.likeness(&b.sketch, 0.0).unwrap_or(1.0)));
        }
    }
    assert!(honest < 0.5, "honest reports are alike by {honest}");
    assert!(copies > 0.7, "copies are alike by {copies}");
}
