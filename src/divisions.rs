//! The built-in list of divisions (`data/divisions`), from which `huizong init` writes a registry for any
//! district, city or province of the country.

use crate::failure::Failure;
use std::io::Read;

const PACKED: &[u8] = include_bytes!("../data/divisions/divisions.zip");

/// Provinces, cities, districts and street-level units, in the order of their codes.
#[derive(Debug)]
pub struct Divisions {
    text: String,
}

/// A registry that was made from the list.
#[derive(Debug)]
pub struct Drawn {
    /// The content of `offices.csv`.
    pub csv: String,
    /// What it is of: `银川市兴庆区`.
    pub title: String,
    /// Its streets, towns and townships.
    pub offices: usize,
    /// Units that are no local government: development zones, farms.
    pub others: usize,
}

/// What the codes of all divisions within one begin with: 6401 for 640100, 64 for 640000, a district's own code.
pub fn stem(code: &str) -> &str {
    code.strip_suffix("0000").or_else(|| code.strip_suffix("00")).unwrap_or(code)
}

impl Divisions {
    /// Unpacks the list.
    ///
    /// # Errors
    /// If it is damaged, which would be a fault of this program.
    pub fn load() -> Result<Divisions, Failure> {
        let mut text = String::new();
        let unpack = |text: &mut String| -> std::io::Result<()> {
            let mut packed = zip::ZipArchive::new(std::io::Cursor::new(PACKED)).map_err(std::io::Error::other)?;
            packed.by_index(0).map_err(std::io::Error::other)?.read_to_string(text)?;
            Ok(())
        };
        unpack(&mut text).map_err(|e| Failure::new("内置区划代码无法读取", "the built-in divisions cannot be read").because(e))?;
        Ok(Divisions { text })
    }

    /// Code and name of each line; a street's code has three digits.
    fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text.lines().filter_map(|line| line.split_once(' '))
    }

    /// The registry of a district (six digits), or of all districts of a city or province (`640100`, `640000`).
    ///
    /// # Errors
    /// If there is no such division; names those most like it.
    pub fn registry(&self, code: &str) -> Result<Drawn, Failure> {
        let exact = self.lines().any(|(known, _)| known == code && known.len() == 6);
        let stem = match exact {
            true => code,
            false => stem(code),
        };
        let is_code = matches!(code.len(), 2 | 4 | 6) && code.bytes().all(|b| b.is_ascii_digit());
        if !is_code || !self.lines().any(|(known, _)| known == stem) {
            return Err(self.unknown(code));
        }
        let mut drawn = Drawn { csv: "code,name,aliases,district,district_code,city,province,kind\n".to_string(), title: String::new(), offices: 0, others: 0 };
        let (mut province, mut city, mut district) = (("", ""), ("", ""), ("", ""));
        for (known, name) in self.lines() {
            match known.len() {
                2 => province = (known, name),
                4 => city = (known, name),
                6 => district = (known, name),
                _ if district.0.starts_with(stem) => {
                    let office = Office::of(known, name);
                    let of = if is_placeholder(city.1) { province.1 } else { city.1 };
                    let fields = [&format!("{}{known}000", district.0), &office.name, &office.aliases, district.1, district.0, of, province.1, office.kind];
                    drawn.csv += &(fields.join(",") + "\n");
                    drawn.offices += usize::from(!office.other);
                    drawn.others += usize::from(office.other);
                }
                _ => {}
            }
            if known == stem && known.len() != 3 {
                let above = if known.len() == 6 && !is_placeholder(city.1) && city.1 != name { city.1 } else { "" };
                drawn.title = format!("{above}{name}");
            }
        }
        Ok(drawn)
    }

    /// Says that there is no such division, and which are near: of the same city, or of that name.
    fn unknown(&self, code: &str) -> Failure {
        const NEAR: usize = 12;
        let districts = || self.lines().filter(|(known, _)| known.len() == 6);
        let named: Vec<(&str, &str)> = districts().filter(|(_, name)| !code.is_empty() && name.contains(code)).collect();
        let near = [4, 2].into_iter().map(|digits| districts().filter(|(known, _)| code.get(..digits).is_some_and(|stem| known.starts_with(stem))).collect());
        let near = std::iter::once(named).chain(near).find(|found: &Vec<_>| !found.is_empty());
        let near = near.unwrap_or_else(|| self.lines().filter(|(known, _)| known.len() == 2).collect());
        let list = near.iter().take(NEAR).map(|(code, name)| format!("{code} {name}")).collect::<Vec<_>>();
        let more = if near.len() > NEAR { " …" } else { "" };
        Failure::new(
            format!("--district {code}：没有这个区划代码。相近的有：{}{more}", list.join("、")),
            format!("--district {code}: there is no such division code; near it: {}{more}", list.join(", ")),
        )
    }
}

/// Levels that exist only in the code: 市辖区 of a municipality, 省直辖县级行政区划.
fn is_placeholder(city: &str) -> bool {
    matches!(city, "市辖区" | "县" | "省直辖县级行政区划" | "自治区直辖县级行政区划")
}

/// A street-level unit as an office.
struct Office {
    name: String,
    aliases: String,
    kind: &'static str,
    other: bool,
}

impl Office {
    /// Official name and usual aliases of a unit, by the ending of its name.
    fn of(code: &str, unit: &str) -> Office {
        let office = |name: String, aliases: Vec<String>, kind| Office { name, aliases: aliases.join(";"), kind, other: false };
        let government = |kind| office(format!("{unit}人民政府"), vec![unit.to_string(), format!("{unit}政府")], kind);
        if let Some(stem) = unit.strip_suffix("街道办事处").or_else(|| unit.strip_suffix("街道")) {
            return office(format!("{stem}街道办事处"), vec![format!("{stem}街道"), format!("{stem}办事处")], "街道");
        }
        // The first digit of a unit's code says what it is: 4 and above are no local governments.
        match (code.as_bytes().first(), unit) {
            (Some(b'0'..=b'3'), _) if unit.ends_with('镇') => government("镇"),
            (Some(b'0'..=b'3'), _) if unit.ends_with('乡') || unit.ends_with("苏木") => government("乡"),
            (Some(b'0'..=b'3'), _) => office(unit.to_string(), Vec::new(), "其他"),
            _ => Office { other: true, ..office(unit.to_string(), Vec::new(), "非政府单位") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::{Lookup, Registry};

    #[test]
    fn a_district_is_written_with_its_aliases() {
        let drawn = Divisions::load().expect("the list").registry("640104").expect("a district");
        assert_eq!((drawn.title.as_str(), drawn.offices, drawn.others), ("银川市兴庆区", 16, 0));
        assert!(drawn.csv.contains("640104011000,丽景街街道办事处,丽景街街道;丽景街办事处,兴庆区,640104,银川市,宁夏回族自治区,街道\n"));
        assert!(drawn.csv.contains("640104100000,掌政镇人民政府,掌政镇;掌政镇政府,兴庆区,640104,银川市,宁夏回族自治区,镇\n"));
        let registry = Registry::parse(drawn.csv.as_bytes()).expect("a registry");
        for name in ["丽景街街道办事处", "银川市兴庆区丽景街办事处", "宁夏回族自治区银川市兴庆区丽景街街道"] {
            assert!(matches!(registry.by_name(name, None), Lookup::Found(_)), "{name}");
        }
    }

    #[test]
    fn every_division_makes_a_registry() {
        let divisions = Divisions::load().expect("the list");
        let mut units = 0;
        for province in divisions.lines().filter(|(code, _)| code.len() == 2).map(|(code, _)| code) {
            let drawn = divisions.registry(province).expect(province);
            let registry = Registry::parse(drawn.csv.as_bytes()).unwrap_or_else(|e| panic!("{province}: {}", e.en));
            assert_eq!(registry.offices.len(), drawn.offices + drawn.others, "{province}");
            units += registry.offices.len();
        }
        assert_eq!(units, 41_352);
        let titles = ["110101", "441900", "640100", "6401", "640000", "64", "419001"].map(|code| divisions.registry(code).map(|d| d.title).expect(code));
        assert_eq!(titles, ["东城区", "东莞市", "银川市", "银川市", "宁夏回族自治区", "宁夏回族自治区", "济源市"]);
    }

    #[test]
    fn an_unknown_code_names_those_near() {
        let divisions = Divisions::load().expect("the list");
        let message = |code: &str| divisions.registry(code).expect_err("unknown").zh;
        assert!(message("640199").contains("640104 兴庆区"));
        assert!(message("兴庆区").contains("640104 兴庆区"));
        assert!(message("649999").contains("640104 兴庆区"));
        assert!(message("99").contains("11 北京市"));
        assert!(message("").contains("11 北京市"));
        assert!(message("011").contains("北京市"), "the code of a street alone is none");
        assert!(message("640104011000").contains("640104 兴庆区"));
    }
}
