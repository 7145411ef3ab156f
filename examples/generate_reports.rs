//! Writes many reports with known cells, for benches and for trying the program out on a big folder.
//!
//! ```text
//! cargo run --release --example generate_reports -- --reports 10000 --out DIR [--seed N] [--torn 0.5]
//! ```
//!
//! makes `DIR/reports/<year>/<district>/<office>.md` for the years 2019 to 2022, `DIR/config/offices.csv`, and
//! `DIR/known_cells.csv` (`source_file,indicator,applicant,value,state`) with every cell of about a thousand of the
//! reports, evenly spread: of all of them it would be bigger than the reports. The same seed gives the same files.
#![expect(clippy::print_stderr, reason = "a command line tool of the benches")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use support::{Flaws, History, Layout, Length, Office, Rendered, Rng, State, Temperament};
use support::{generate, prose, render};

const USAGE: &str = "usage: generate_reports --reports N --out DIR [--seed N] [--torn 0.0-1.0]";
const YEARS: [u16; 4] = [2019, 2020, 2021, 2022];
const OFFICES_PER_DISTRICT: usize = 16;
const DISTRICTS_PER_CITY: usize = 12;
/// Reports whose cells are listed.
const LISTED: usize = 1_000;
/// The share of flaws in a torn report.
const FLAW_SHARE: f64 = 0.3;

fn main() -> ExitCode {
    let wish = match Wish::from_arguments(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write_all(&wish) {
        Ok(bytes) => {
            let (out, reports) = (wish.out.display(), wish.reports);
            eprintln!("{reports} reports, {:.1} MB, in {out}", bytes as f64 / 1e6);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", wish.out.display());
            ExitCode::FAILURE
        }
    }
}

/// What the arguments ask for.
struct Wish {
    reports: usize,
    out: PathBuf,
    seed: u64,
    torn: f64,
}

impl Wish {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wish = Self { reports: 0, out: PathBuf::new(), seed: 1, torn: 0.5 };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
            let wrong = |_| format!("{name} cannot be `{value}`");
            match name.as_str() {
                "--reports" => wish.reports = value.parse().map_err(|_| wrong(()))?,
                "--out" => wish.out = PathBuf::from(&value),
                "--seed" => wish.seed = value.parse().map_err(|_| wrong(()))?,
                "--torn" => wish.torn = value.parse().map_err(|_| wrong(()))?,
                _ => return Err(format!("there is no option {name}")),
            }
        }
        if wish.reports == 0 || wish.out.as_os_str().is_empty() {
            return Err("--reports and --out are needed".to_owned());
        }
        if !(0.0..=1.0).contains(&wish.torn) {
            return Err("--torn is a share between 0 and 1".to_owned());
        }
        Ok(wish)
    }
}

/// Writes everything; returns the bytes of the reports.
fn write_all(wish: &Wish) -> io::Result<u64> {
    let reports = wish.out.join("reports");
    fs::create_dir_all(wish.out.join("config"))?;
    let mut registry = BufWriter::new(File::create(wish.out.join("config/offices.csv"))?);
    let mut cells = BufWriter::new(File::create(wish.out.join("known_cells.csv"))?);
    writeln!(registry, "code,name,aliases,district,district_code,city,province")?;
    writeln!(cells, "source_file,indicator,applicant,value,state")?;

    let step = wish.reports.div_ceil(LISTED);
    let (mut written, mut bytes) = (0, 0);
    for number in 0..wish.reports.div_ceil(YEARS.len()) {
        let place = Place::number(number);
        writeln!(registry, "{}", place.registry_row())?;
        let mut rng = Rng::for_name(wish.seed, &place.code);
        let mut history = History::default();
        let usual = if rng.chance(0.5) { Temperament::Quiet } else { Temperament::Busy };
        for year in YEARS.into_iter().take(wish.reports - written) {
            let temperament = if rng.chance(0.3) { Temperament::random(&mut rng) } else { usual };
            let torn = rng.chance(wish.torn);
            let made = report(&mut rng, &place, year, temperament, torn, &mut history);
            let source = format!("{year}/{}/{}.md", place.district, place.official);
            write_report(&reports.join(&source), &made, number % OFFICES_PER_DISTRICT == 0)?;
            if written % step == 0 {
                list_cells(&mut cells, &source, &made)?;
            }
            written += 1;
            bytes += made.text.len() as u64;
        }
    }
    registry.flush()?;
    cells.flush()?;
    Ok(bytes)
}

fn report(rng: &mut Rng, place: &Place, year: u16, temperament: Temperament, torn: bool, history: &mut History) -> Rendered {
    let form = generate::form(rng, year, temperament, history);
    let prose = prose::write(rng, &place.office, &form, Length::Short);
    // Padding makes a report twice as long; a few are padded, as a few are in life.
    let layout = Layout { padded: rng.chance(0.05), ..Layout::random(rng) };
    let flaws = if torn { Flaws::random(rng, FLAW_SHARE) } else { Flaws::NONE };
    render::markdown(&form, &prose, &layout, flaws, rng)
}

fn write_report(path: &Path, made: &Rendered, first_of_district: bool) -> io::Result<()> {
    match path.parent() {
        Some(folder) if first_of_district => fs::create_dir_all(folder)?,
        _ => {}
    }
    fs::write(path, &made.text)
}

fn list_cells(cells: &mut impl Write, source: &str, made: &Rendered) -> io::Result<()> {
    for known in &made.known {
        let (indicator, applicant) = known.key;
        let (value, state) = match known.state {
            State::Reported(value) => (value.to_string(), "reported"),
            State::Blank => (String::new(), "blank"),
            State::NotApplicable => (String::new(), "not_applicable"),
            State::Unreadable => (String::new(), "unreadable"),
        };
        let applicant = applicant.unwrap_or("");
        writeln!(cells, "{source},{indicator},{applicant},{value},{state}")?;
    }
    Ok(())
}

/// One invented office and where it lies.
struct Place {
    code: String,
    official: String,
    district: String,
    city: String,
    office: Office,
}

const CITY_STEMS: [&str; 24] =
    ["云", "青", "澜", "嘉", "永", "清", "宁", "泰", "安", "和", "瑞", "襄", "沧", "朔", "岚", "泽", "淳", "汀", "沅", "澧", "涪", "梓", "郁", "芷"];
const CITY_ENDS: [&str; 8] = ["州市", "阳市", "江市", "陵市", "原市", "川市", "山市", "海市"];
const DISTRICT_STEMS: [&str; 40] = [
    "青", "临", "望", "云", "丰", "明", "翠", "秀", "锦", "玉", "金", "银", "长", "永", "安", "平", "昌", "兴", "盛", "泰", "康", "宁", "和", "顺", "福", "禄",
    "祥", "瑞", "嘉", "仁", "义", "礼", "智", "信", "崇", "文", "武", "德", "景", "朝",
];
const DISTRICT_ENDS: [&str; 44] = [
    "岚区", "溪区", "湖区", "江区", "山区", "川区", "原区", "城区", "河区", "泉区", "林区", "谷区", "洲区", "港区", "桥区", "塘区", "坪区", "岭区", "峰区",
    "台区", "屏区", "澜区", "源区", "浦区", "滨区", "海区", "峡区", "潭区", "阳县", "陵县", "口县", "水县", "关县", "丘县", "和县", "乐县", "定县", "化县",
    "远县", "清县", "泽县", "业县", "通县", "善县",
];
const PLACE_STEMS: [&str; 40] = [
    "望湖", "鼓楼", "梧桐", "双塔", "新桥", "松涛", "北苑", "滨河", "文昌", "东湖", "溪口", "丰乐", "杏花", "青石", "柳溪", "云台", "竹园", "白鹭", "石门",
    "三河", "枫林", "长岭", "朝阳", "建设", "和平", "解放", "胜利", "光明", "友谊", "团结", "红旗", "前进", "太平", "安居", "花园", "银杏", "玉带", "金沙",
    "龙泉", "凤鸣",
];

impl Place {
    /// The n-th office of the invented country: sixteen to a district, ten streets, four towns, two townships.
    fn number(number: usize) -> Self {
        let (district_number, seat) = (number / OFFICES_PER_DISTRICT, number % OFFICES_PER_DISTRICT);
        let city_number = district_number / DISTRICTS_PER_CITY;
        let city = format!("{}{}", CITY_STEMS[city_number % CITY_STEMS.len()], CITY_ENDS[city_number / CITY_STEMS.len() % CITY_ENDS.len()],);
        // The stem moves fastest, so that neighbours in a city do not look alike.
        let district = format!(
            "{}{}",
            DISTRICT_STEMS[district_number % DISTRICT_STEMS.len()],
            DISTRICT_ENDS[district_number / DISTRICT_STEMS.len() % DISTRICT_ENDS.len()],
        );
        let stem = PLACE_STEMS[(district_number * 7 + seat * 3) % PLACE_STEMS.len()];
        let (place, class) = match seat {
            0..=3 => (format!("{stem}街道"), seat + 1),
            4..=6 => (format!("{stem}路街道"), seat + 1),
            7..=9 => (format!("{stem}街街道"), seat + 1),
            10..=13 => (format!("{stem}镇"), 90 + seat),
            _ => (format!("{stem}乡"), 186 + seat),
        };
        let ending = if seat < 10 { "办事处" } else { "人民政府" };
        let official = format!("{place}{ending}");
        let code = format!("{:06}{class:03}000", 900_001 + district_number);
        let office = Office::new(&city, &district, &place);
        Self { code, official, district, city, office }
    }

    fn registry_row(&self) -> String {
        let Self { code, official, district, city, office } = self;
        let place = &office.place;
        let alias = match place.strip_suffix("街道") {
            Some(stem) => format!("{place};{stem}办事处"),
            None => format!("{place};{place}政府"),
        };
        format!("{code},{official},{alias},{district},{},{city},江岭省", &code[..6])
    }
}
