//! An office is found by every writing of its name, and never by a name that is not its own.

use huizong::registry::{Lookup, Registry};
use proptest::prelude::*;

const STEMS: [&str; 12] = ["望湖街", "梧桐路", "双塔", "城关", "白鹭", "石门", "新桥", "云台", "北苑", "鼓楼东街", "凤凰北街", "北街"];
const DISTRICTS: [(&str, &str); 3] = [("青岚区", "990101"), ("临溪区", "990102"), ("安化县", "990103")];

/// A kind of office: the tail of its registered name, and the tails it may be written with.
const KINDS: [(&str, &[&str]); 4] = [
    ("街道", &["街道", "街道办事处", "街道办", "办事处"]),
    ("街道办事处", &["街道", "街道办事处", "街道办", "办事处"]),
    ("镇", &["镇", "镇人民政府", "镇政府"]),
    ("乡人民政府", &["乡", "乡人民政府", "乡政府"]),
];

/// Offices as (district, stem, kind); no name twice in a district.
fn offices() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    let office = (0..DISTRICTS.len(), 0..STEMS.len(), 0..KINDS.len());
    proptest::collection::vec(office, 1..12).prop_map(|mut all| {
        all.sort_by_key(|o| (o.0, o.1));
        all.dedup_by_key(|o| (o.0, o.1));
        all
    })
}

fn registry(offices: &[(usize, usize, usize)]) -> Registry {
    let mut text = String::from("code,name,aliases,district,district_code,city,province\n");
    for (n, &(district, stem, kind)) in offices.iter().enumerate() {
        let (name, code) = DISTRICTS[district];
        text.push_str(&format!("{code}{:03}000,{}{},,{name},{code},云州市,江岭省\n", n + 1, STEMS[stem], KINDS[kind].0));
    }
    Registry::parse(text.as_bytes()).expect("a good registry")
}

/// The place of an office in the registry, which sorts them.
fn place(registry: &Registry, office: (usize, usize, usize)) -> Option<u32> {
    let name = format!("{}{}", STEMS[office.1], KINDS[office.2].0);
    let at = registry.offices.iter().position(|o| o.name == name && o.district == DISTRICTS[office.0].0);
    at.and_then(|at| u32::try_from(at).ok())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_writing_of_a_name_finds_its_office(offices in offices(), pick in any::<prop::sample::Index>(), tail in any::<prop::sample::Index>(), places in 0..4usize, blanks in any::<bool>()) {
        let registry = registry(&offices);
        let office = offices[pick.index(offices.len())];
        let tails = KINDS[office.2].1;
        let before = ["", "江岭省", "云州市", "江岭省云州市"][places];
        let mut name = format!("{before}{}{}{}", DISTRICTS[office.0].0, STEMS[office.1], tails[tail.index(tails.len())]);
        if blanks {
            name = name.chars().flat_map(|c| [c, ' ']).collect();
        }
        prop_assert_eq!(Some(registry.by_name(&name, None)), place(&registry, office).map(Lookup::Found), "{}", name);
    }

    #[test]
    fn a_name_with_a_character_lost_or_added_finds_nobody(offices in offices(), pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), added in prop::sample::select(vec!['新', '大', '东']), lost in any::<bool>()) {
        let registry = registry(&offices);
        let office = offices[pick.index(offices.len())];
        let mut stem: Vec<char> = STEMS[office.1].chars().collect();
        let at = at.index(stem.len());
        if lost { stem.remove(at); } else { stem.insert(at, added); }
        let stem: String = stem.into_iter().collect();
        prop_assume!(!STEMS.contains(&stem.as_str()));
        let name = format!("{}{stem}{}", DISTRICTS[office.0].0, KINDS[office.2].1[0]);
        prop_assert_eq!(registry.by_name(&name, None), Lookup::Unknown, "{}", name);
    }

    #[test]
    fn a_name_that_offices_share_is_settled_by_the_district_only(stem in 0..STEMS.len(), kind in 0..KINDS.len(), district in 0..2usize) {
        let registry = registry(&[(0, stem, kind), (1, stem, kind)]);
        let name = format!("{}{}", STEMS[stem], KINDS[kind].1[0]);
        let Lookup::Several(candidates) = registry.by_name(&name, None) else { panic!("{name} is two offices") };
        prop_assert_eq!(registry.in_district(&candidates, &format!("2020/{}/{name}.md", DISTRICTS[district].0)), place(&registry, (district, stem, kind)));
        prop_assert_eq!(registry.in_district(&candidates, "2020/report.md"), None);
    }
}
