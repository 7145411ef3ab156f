//! Web pages.

use super::support::html::{Dress, from_markdown, page};
use super::support::prose::{self, Length, Office};
use super::support::{Case, FilledForm, Flaws, Prose, Rng, official};
use super::{figures, parsed, said, wrong_cells};
use huizong::finding::Lang;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn report(seed: u64) -> (FilledForm, Prose, Rng) {
    let form = Case::any(seed, Flaws::NONE).form();
    let mut rng = Rng::for_name(seed, "page");
    let prose = prose::write(&mut rng, &Office::new("云州市", "青岚区", "望湖街街道"), &form, Length::Short);
    (form, prose, rng)
}

/// A report in some dress is read cell by cell, its figures in prose as those of the clean page, and without a doubt.
fn check(seed: u64, dress: Dress, gbk: bool) -> Result<(), TestCaseError> {
    let (form, prose, mut rng) = report(seed);
    let pieces = official::pieces(&form, &prose, Flaws::NONE, &mut rng);
    let text = page(&pieces, dress, if gbk { "gb2312" } else { "utf-8" }, &mut rng);
    let bytes = if gbk { encoding_rs::GBK.encode(&text).0.into_owned() } else { text.clone().into_bytes() };
    let reading = parsed("2020/report.html", &bytes);
    let wrong = wrong_cells(&form, &reading);
    prop_assert!(wrong.is_empty(), "{seed} {dress:?}\n{}\n\n{text}", wrong.join("\n"));
    prop_assert_eq!(reading.encoding, Some(if gbk { "gb18030" } else { "UTF-8" }));
    let clean = parsed("2020/report.html", page(&pieces, Dress::Clean, "utf-8", &mut rng).as_bytes());
    prop_assert_eq!(figures(&reading), figures(&clean), "{} {:?}\n{}", seed, dress, text);
    prop_assert_eq!(&reading.title, &clean.title);
    let told = |r: &huizong::read::Reading| {
        let rules = &super::SETTINGS.rules;
        r.findings
            .iter()
            .filter(|f| !matches!(f.rule.as_str(), "report.year_mismatch" | "report.unregistered_office"))
            .map(|f| f.message(rules, Lang::En))
            .collect::<Vec<_>>()
    };
    prop_assert_eq!(told(&reading), told(&clean), "{} {:?}\n{}", seed, dress, text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, rng_seed: RngSeed::Fixed(2021), ..ProptestConfig::default() })]

    #[test]
    fn a_clean_page_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Clean, gbk)?;
    }

    #[test]
    fn a_page_pasted_from_word_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Pasted, gbk)?;
    }

    #[test]
    fn tag_soup_is_read_cell_by_cell(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Soup, gbk)?;
    }

    #[test]
    fn cells_that_are_paragraphs_are_read(seed in any::<u64>(), gbk in any::<bool>()) {
        check(seed, Dress::Lines, gbk)?;
    }

    #[test]
    fn a_page_says_what_the_same_markdown_says(seed in any::<u64>(), flaws in any::<u32>(), torn in any::<bool>()) {
        let case = Case { plain_text: false, ..Case::any(seed, if torn { Flaws::from_bits(flaws) } else { Flaws::NONE }) };
        let markdown = case.make().report.text;
        let (text, html) = (parsed("2020/report.md", markdown.as_bytes()), parsed("2020/report.html", from_markdown(&markdown).as_bytes()));
        prop_assert_eq!(said(&text), said(&html), "{:?}\n{}", case, markdown);
    }
}
