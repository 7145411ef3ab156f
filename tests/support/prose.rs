//! Writes the prose of a report, with figures that agree with its tables, and says which figures it states.

use super::filled::FilledForm;
use super::phrases::*;
use super::rng::Rng;
use super::statute::Section;
use super::topics::TOPICS;

/// What kind of office reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 街道
    Street,
    /// 镇
    Town,
    /// 乡
    Township,
}

/// The office that speaks.
#[derive(Clone, Debug)]
pub struct Office {
    /// The name in the title, such as 云州市青岚区望湖街街道办事处.
    pub title_name: String,
    /// The name of the sign-off.
    pub sign_name: String,
    /// The place, such as 望湖街街道.
    pub place: String,
    /// The district.
    pub district: String,
    /// How it calls itself.
    pub kind: Kind,
}

impl Office {
    /// An office by its place name: its kind and official name follow from the ending.
    pub fn new(city: &str, district: &str, place: &str) -> Self {
        let kind = match place.chars().last() {
            Some('镇') => Kind::Town,
            Some('乡') => Kind::Township,
            _ => Kind::Street,
        };
        let ending = if kind == Kind::Street { "办事处" } else { "人民政府" };
        Self {
            title_name: format!("{city}{district}{place}{ending}"),
            sign_name: format!("{district}{place}{ending}"),
            place: place.to_owned(),
            district: district.to_owned(),
            kind,
        }
    }

    fn we(&self) -> &'static str {
        match self.kind {
            Kind::Street => "我街道",
            Kind::Town => "我镇",
            Kind::Township => "我乡",
        }
    }

    /// The name of the office's account, of the place without its class.
    fn account(&self) -> String {
        let stem = self.place.strip_suffix("街道").or_else(|| self.place.strip_suffix(['镇', '乡'])).unwrap_or(&self.place);
        format!("{stem}发布")
    }
}

/// How much there is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// About a page: for reports made by the thousand.
    Short,
    /// As offices write.
    Full,
}

/// One figure that the prose states.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The narrative indicator.
    pub indicator: &'static str,
    /// The channel, if the sentence names one.
    pub channel: Option<&'static str>,
    /// The value; a rate as a fraction.
    pub value: f64,
    /// The measure word, or `ratio`.
    pub unit: &'static str,
}

/// A paragraph, under a heading of its own or not.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// The heading without ordinal.
    pub heading: Option<String>,
    /// The text.
    pub text: String,
}

/// Everything of a report but its tables.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Who reports.
    pub office: Office,
    /// Year, month and day of the sign-off.
    pub date: (u16, u8, u8),
    /// The paragraph before section one.
    pub preamble: Option<String>,
    /// Section one.
    pub overview: Vec<Paragraph>,
    /// Section five.
    pub problems: Vec<Paragraph>,
    /// Section six.
    pub other: String,
    /// Every figure stated, in order.
    pub figures: Vec<Figure>,
}

/// The numbers that the tables do not hold.
#[derive(Clone, Copy, Debug)]
pub struct Activity {
    /// Items on the website.
    pub website: i64,
    /// Items through the account.
    pub wechat: i64,
    /// Cases of the hotline.
    pub hotline: i64,
    /// Their completion rate in tenths of a percent.
    pub completed: i64,
    /// 信息处理费 in yuan, from 2021 on.
    pub fee: i64,
}

impl Activity {
    /// What a street of ordinary size does in a year.
    pub fn random(rng: &mut Rng) -> Self {
        Self { website: rng.between(38, 260), wechat: rng.between(60, 640), hotline: rng.between(120, 3_600), completed: rng.between(962, 1_000), fee: 0 }
    }
}

/// Prose with an activity of its own.
pub fn write(rng: &mut Rng, office: &Office, form: &FilledForm, length: Length) -> Prose {
    let activity = Activity::random(rng);
    write_with(rng, office, form, length, activity)
}

/// Prose about a given activity.
pub fn write_with(rng: &mut Rng, office: &Office, form: &FilledForm, length: Length, activity: Activity) -> Prose {
    let mut writer = Writer { rng, office, year: form.year, figures: Vec::new() };
    let overview = writer.overview(form, length, activity);
    let problems = writer.problems(length);
    let other = writer.other(activity.fee);
    let figures = writer.figures;
    let preamble = rng.chance(if length == Length::Full { 0.6 } else { 0.2 }).then(|| {
        let phrase = rng.pick(&PREAMBLES);
        fill(phrase, office, form.year, &[])
    });
    let date = (form.year + 1, 1, rng.between(6, 29) as u8);
    Prose { office: office.clone(), date, preamble, overview, problems, other, figures }
}

/// Puts names and figures into a phrase.
fn fill(phrase: &str, office: &Office, year: u16, figures: &[String]) -> String {
    let mut text = phrase
        .replace("{we}", office.we())
        .replace("{place}", &office.place)
        .replace("{district}", &office.district)
        .replace("{account}", &office.account())
        .replace("{year}", &year.to_string());
    for (slot, figure) in ["{a}", "{b}", "{c}"].into_iter().zip(figures) {
        text = text.replace(slot, figure);
    }
    text
}

struct Writer<'a> {
    rng: &'a mut Rng,
    office: &'a Office,
    year: u16,
    figures: Vec<Figure>,
}

impl Writer<'_> {
    fn say(&mut self, pool: &[&str], figures: &[i64]) -> String {
        let figures: Vec<String> = figures.iter().map(i64::to_string).collect();
        let phrase = self.rng.pick(pool);
        fill(phrase, self.office, self.year, &figures)
    }

    fn say_some(&mut self, pool: &[&str], count: usize) -> Vec<String> {
        let phrases: Vec<&str> = self.rng.pick_some(pool, count).into_iter().copied().collect();
        phrases.into_iter().map(|phrase| fill(phrase, self.office, self.year, &[])).collect()
    }

    fn state(&mut self, indicator: &'static str, channel: Option<&'static str>, value: f64, unit: &'static str) {
        self.figures.push(Figure { indicator, channel, value, unit });
    }

    fn overview(&mut self, form: &FilledForm, length: Length, activity: Activity) -> Vec<Paragraph> {
        let full = length == Length::Full;
        let mut paragraphs = vec![Paragraph { heading: None, text: format!("{}。", self.say(&OPENINGS, &[])) }];
        let mut add = |heading: String, sentences: Vec<String>| {
            let text = sentences.join("。") + "。";
            paragraphs.push(Paragraph { heading: Some(heading), text });
        };

        let mut sentences = vec![self.disclosed(activity)];
        if full && self.rng.chance(0.5) {
            sentences.push(self.boards());
        }
        sentences.extend(self.say_some(&TOPICS, if full { 3 } else { 1 }));
        let heading = self.heading(&["突出重点，做好主动公开", "主动公开情况", "围绕民生，推进主动公开"], "主动公开");
        add(heading, sentences);

        let mut sentences = vec![self.applications(form)];
        sentences.extend(self.say_some(&APPLICATION_CARE, if full { 2 } else { 0 }));
        let heading = self.heading(&["规范程序，办好依申请公开", "依申请公开情况", "依法办理公开申请"], "依申请公开");
        add(heading, sentences);

        if full {
            let sentences = self.say_some(&MANAGEMENT, 3);
            let heading = self.heading(&["严格审查，加强信息管理", "信息管理情况", "把好信息发布关口"], "政府信息管理");
            add(heading, sentences);
        }
        let mut sentences = self.say_some(&PLATFORMS, if full { 2 } else { 0 });
        sentences.push(self.hotline(activity));
        if full {
            sentences.extend(self.say_some(&HOTLINE_MORE, 2));
        }
        let heading = self.heading(&["畅通渠道，回应群众诉求", "平台建设和回应关切", "办好平台，接好热线"], "平台建设");
        add(heading, sentences);

        if full {
            let mut sentences = vec![self.training()];
            if form.has(Section::Reviews) && self.rng.chance(0.5) {
                sentences.push(self.reviews(form));
            }
            sentences.extend(self.say_some(&SUPERVISION, 2));
            let heading = self.heading(&["压实责任，强化监督保障", "监督保障情况", "加强培训和监督"], "监督保障");
            add(heading, sentences);
        }
        paragraphs
    }

    /// A heading of the office's own until 2020, since 2021 the customary one.
    fn heading(&mut self, free: &[&str], customary: &str) -> String {
        if self.year < 2021 { self.say(free, &[]) } else { customary.to_owned() }
    }

    fn disclosed(&mut self, activity: Activity) -> String {
        let Activity { website, wechat, .. } = activity;
        let total = website + wechat;
        let with_total = self.rng.chance(0.5);
        if with_total {
            self.state("info_disclosed", None, total as f64, "条");
        }
        self.state("info_disclosed", Some("website"), website as f64, "条");
        self.state("info_disclosed", Some("wechat"), wechat as f64, "条");
        let pool: &[&str] = if with_total { &DISCLOSED_TOTAL } else { &DISCLOSED_PARTS };
        self.say(pool, &[total, website, wechat])
    }

    fn boards(&mut self) -> String {
        let boards = self.rng.between(4, 26);
        self.state("bulletin_boards", Some("bulletin_board"), boards as f64, "个");
        self.say(&BOARDS, &[boards])
    }

    fn applications(&mut self, form: &FilledForm) -> String {
        let received = form.meant(("applications.received", Some("total")));
        let answered = form.meant(("outcomes.total", Some("total")));
        self.state("applications_received", None, received as f64, "件");
        if received == 0 {
            return self.say(&NO_APPLICATIONS, &[]);
        }
        self.state("applications_answered", None, answered as f64, "件");
        self.say(&APPLICATIONS, &[received, answered])
    }

    fn reviews(&mut self, form: &FilledForm) -> String {
        let total = |cell| form.meant((cell, None));
        let reconsiderations = total("reconsideration.total");
        let lawsuits = total("litigation.direct.total") + total("litigation.after_reconsideration.total");
        self.state("reconsiderations", None, reconsiderations as f64, "件");
        self.state("litigations", None, lawsuits as f64, "件");
        let none = reconsiderations + lawsuits == 0;
        let pool: &[&str] = if none { &NO_REVIEWS } else { &REVIEWS };
        self.say(pool, &[reconsiderations, lawsuits])
    }

    fn hotline(&mut self, activity: Activity) -> String {
        let Activity { hotline, completed, .. } = activity;
        self.state("requests_handled", Some("hotline_12345"), hotline as f64, "件");
        let rate = completed as f64 / 1000.0;
        self.state("request_completion_rate", Some("hotline_12345"), rate, "ratio");
        let percent = match completed % 10 {
            0 => (completed / 10).to_string(),
            tenth => format!("{}.{tenth}", completed / 10),
        };
        let phrase = *self.rng.pick(&HOTLINE);
        fill(phrase, self.office, self.year, &[hotline.to_string(), percent])
    }

    fn training(&mut self) -> String {
        let sessions = self.rng.between(1, 6);
        let people = sessions * self.rng.between(14, 46);
        let phrase = *self.rng.pick(&TRAINING);
        let unit = ["次", "期", "场"].into_iter().find(|unit| phrase.contains(&format!("{{a}}{unit}"))).unwrap_or("次");
        self.state("training_sessions", None, sessions as f64, unit);
        self.state("training_participants", None, people as f64, "人次");
        fill(phrase, self.office, self.year, &[sessions.to_string(), people.to_string()])
    }

    fn problems(&mut self, length: Length) -> Vec<Paragraph> {
        let count = if length == Length::Full { 3 } else { 1 };
        let problems = enumerate(&self.say_some(&PROBLEMS, count));
        let plans = enumerate(&self.say_some(&PLANS, count));
        let headed = self.rng.chance(0.6);
        let heading = |text: &str| headed.then(|| text.to_owned());
        vec![
            Paragraph {
                heading: heading("存在的主要问题"), text: format!("对照上级要求和群众期待，{}还有差距：{problems}", self.office.we())
            },
            Paragraph { heading: heading("改进措施"), text: format!("下一步，{plans}") },
        ]
    }

    fn other(&mut self, fee: i64) -> String {
        if self.year < 2021 {
            return self.say(&NOTHING_ELSE, &[]);
        }
        let pool: &[&str] = if fee == 0 { &NO_FEE } else { &FEE };
        self.state("processing_fee", None, fee as f64, "元");
        self.say(pool, &[fee])
    }
}

/// 一是…；二是…。, or the one phrase alone.
fn enumerate(phrases: &[String]) -> String {
    if let [only] = phrases {
        return format!("{only}。");
    }
    let numbered: Vec<String> = ["一是", "二是", "三是", "四是"].iter().zip(phrases).map(|(ordinal, phrase)| format!("{ordinal}{phrase}")).collect();
    numbered.join("；") + "。"
}
