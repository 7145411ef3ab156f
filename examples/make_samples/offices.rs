//! The invented offices of the sample data: two districts of 云州市, 江岭省, which exist nowhere.

/// The invented city and province.
pub const CITY: &str = "云州市";
/// The invented province.
pub const PROVINCE: &str = "江岭省";

/// A district: code and name.
pub struct District {
    /// Six digits that no real district has.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its offices: the last six digits of the code, the place, whether much happens there.
    pub offices: &'static [(&'static str, &'static str, bool)],
}

/// Both districts.
pub const DISTRICTS: [District; 2] = [
    District {
        code: "990101",
        name: "青岚区",
        offices: &[
            ("001000", "望湖街街道", true),
            ("002000", "鼓楼东街街道", true),
            ("003000", "梧桐路街道", false),
            ("004000", "双塔街道", false),
            ("005000", "新桥街道", false),
            ("006000", "松涛街道", false),
            ("007000", "北苑街道", true),
            ("100000", "城关镇", false),
            ("101000", "青石镇", false),
            ("102000", "柳溪镇", true),
            ("200000", "云台乡", false),
            ("201000", "竹园乡", false),
        ],
    },
    District {
        code: "990102",
        name: "临溪区",
        offices: &[
            ("001000", "滨河路街道", false),
            ("002000", "文昌街街道", true),
            ("003000", "东湖街道", false),
            ("004000", "溪口街道", false),
            ("005000", "丰乐街道", false),
            ("006000", "杏花街街道", false),
            ("100000", "城关镇", false),
            ("101000", "白鹭镇", true),
            ("102000", "石门镇", true),
            ("103000", "三河镇", false),
            ("200000", "枫林乡", false),
            ("201000", "长岭乡", false),
        ],
    },
];

/// What a place's office is called officially.
pub fn official_name(place: &str) -> String {
    if place.ends_with("街道") { format!("{place}办事处") } else { format!("{place}人民政府") }
}

/// Other ways in which it is written: 街道 is taken off once only, so that 望湖街街道 becomes 望湖街办事处.
fn aliases(place: &str) -> String {
    match place.strip_suffix("街道") {
        Some(stem) => format!("{place};{stem}办事处"),
        None => format!("{place};{place}政府"),
    }
}

/// `config/offices.csv`.
pub fn registry() -> String {
    let mut csv = "code,name,aliases,district,district_code,city,province\n".to_owned();
    for district in &DISTRICTS {
        for (code, place, _) in district.offices {
            csv.push_str(&format!(
                "{}{code},{},{},{},{},{CITY},{PROVINCE}\n",
                district.code,
                official_name(place),
                aliases(place),
                district.name,
                district.code,
            ));
        }
    }
    csv
}
