//! What is wrong on purpose in the sample data; `data/README.md` lists it for readers.

use crate::support::filled::{CellText, FilledForm};
use crate::support::html::Dress;
use crate::support::{Flaws, Layout, Temperament};

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown in UTF-8.
    Markdown,
    /// Plain text in UTF-8.
    Text,
    /// Plain text in GB18030.
    Gb18030,
    /// Finished pages.
    Ofd,
    /// A web page in UTF-8.
    Page(Dress),
    /// A web page in GBK.
    GbkPage(Dress),
}

/// What is special about one office's report of one year.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// A conversion that tore the tables.
    Torn,
    /// The six applicant columns are blank.
    TotalsOnly,
    /// Section two of 2021 with the single （六） row of 2019.
    Hybrid,
    /// The form of 2019, after the change.
    OldForm,
    /// Zeros are dashes.
    Dashes,
    /// One outcome cell is wrong; the arithmetic leaves one repair.
    WrongSum,
    /// A total of section four is wrong.
    WrongReviewTotal,
    /// There is no report.
    Missing,
    /// A second file with other content.
    Resubmitted,
    /// A second file with the same content.
    Copied,
    /// 二 is not last year's 四.
    CarryOverBreak,
    /// 现行有效件数 does not follow from last year's.
    InForceBreak,
    /// The prose is last year's, with new figures.
    OldProse,
    /// The prose is that of 石门镇, with other figures.
    BorrowedProse,
    /// The report lies in next year's folder.
    WrongFolder,
    /// The title does not say which district.
    ShortTitle,
}

/// The oddity of an office's report, if it has one.
pub fn of(year: u16, district: &str, place: &str) -> Option<Oddity> {
    Some(match (year, district, place) {
        (2020, "青岚区", "望湖街街道") => Oddity::Torn,
        (2020, "临溪区", "丰乐街道") => Oddity::TotalsOnly,
        (2021, "临溪区", "石门镇") => Oddity::Hybrid,
        (2022, "青岚区", "北苑街道") => Oddity::OldForm,
        (2020, "临溪区", "长岭乡") => Oddity::Dashes,
        (2020, "青岚区", "柳溪镇") => Oddity::WrongSum,
        (2021, "临溪区", "文昌街街道") => Oddity::WrongReviewTotal,
        (2020, "青岚区", "云台乡") | (2022, "临溪区", "枫林乡") => Oddity::Missing,
        (2021, "临溪区", "白鹭镇") => Oddity::Resubmitted,
        (2019, "青岚区", "双塔街道") => Oddity::Copied,
        (2021, "青岚区", "鼓楼东街街道") => Oddity::CarryOverBreak,
        (2022, "临溪区", "杏花街街道") => Oddity::InForceBreak,
        (2022, "青岚区", "竹园乡") => Oddity::OldProse,
        (2022, "临溪区", "三河镇") => Oddity::BorrowedProse,
        (2020, "临溪区", "东湖街道") => Oddity::WrongFolder,
        (2021 | 2022, _, "城关镇") => Oddity::ShortTitle,
        _ => return None,
    })
}

/// The format of an office's report.
pub fn format_of(year: u16, district: &str, place: &str) -> Format {
    match (year, district, place) {
        (2019, "临溪区", "滨河路街道") => Format::Gb18030,
        (2019, "青岚区", "青石镇") => Format::GbkPage(Dress::Soup),
        (2020, "青岚区", "松涛街道") => Format::Page(Dress::Pasted),
        (2021, "青岚区", "竹园乡") => Format::Page(Dress::Clean),
        (2022, "青岚区", "双塔街道") => Format::Page(Dress::Lines),
        (2020 | 2022, "青岚区", "新桥街道") | (2021, "临溪区", "三河镇") => Format::Text,
        (2022, "临溪区", "溪口街道") => Format::Ofd,
        _ => Format::Markdown,
    }
}

/// How an office of this size fills a form with this oddity.
pub fn temperament(oddity: Option<Oddity>, busy: bool) -> Temperament {
    match oddity {
        Some(Oddity::TotalsOnly) => Temperament::TotalsOnly,
        Some(Oddity::Hybrid) => Temperament::Hybrid,
        Some(Oddity::OldForm) => Temperament::OldForm,
        Some(Oddity::Dashes) => Temperament::Dashes,
        _ if busy => Temperament::Busy,
        _ => Temperament::Quiet,
    }
}

/// The damage that belongs to an oddity.
pub fn flaws(oddity: Option<Oddity>) -> Flaws {
    if oddity == Some(Oddity::Torn) { Flaws::torn_conversion() } else { Flaws::NONE }
}

/// The layout of a torn conversion is that of the one real example; others keep theirs.
pub fn layout(oddity: Option<Oddity>, usual: Layout) -> Layout {
    if oddity == Some(Oddity::Torn) { Layout::official() } else { usual }
}

/// Writes a wrong number into the form where the oddity is one.
pub fn spoil(form: &mut FilledForm, oddity: Option<Oddity>) {
    match oddity {
        Some(Oddity::WrongSum) => {
            let cell = ("outcomes.granted", Some("natural_person"));
            let right = form.meant(cell);
            form.write(cell, CellText::Number(right + 10));
        }
        Some(Oddity::InForceBreak) => {
            let cell = ("normative_documents.in_force", None);
            let right = form.meant(cell);
            form.write(cell, CellText::Number(right + 3));
        }
        Some(Oddity::WrongReviewTotal) => {
            let parts = [("reconsideration.upheld", 4), ("reconsideration.corrected", 1)];
            let all = ["reconsideration.other", "reconsideration.pending"];
            for (cell, number) in parts.into_iter().chain(all.map(|cell| (cell, 0))) {
                form.truth.insert((cell, None), number);
                form.write((cell, None), CellText::Number(number));
            }
            form.truth.insert(("reconsideration.total", None), 5);
            form.write(("reconsideration.total", None), CellText::Number(0));
        }
        _ => {}
    }
}

/// Whose wording a report has: code and year. The number of 石门镇 is part of the sample registry.
pub fn wording_of(code: &str, year: u16, oddity: Option<Oddity>) -> String {
    match oddity {
        Some(Oddity::OldProse) => format!("{code}/{}", year - 1),
        Some(Oddity::BorrowedProse) => format!("990102102000/{year}"),
        _ => format!("{code}/{year}"),
    }
}

/// What a resubmission corrects: an application that was received and granted had been forgotten.
pub fn corrected(form: &FilledForm) -> FilledForm {
    let mut form = form.clone();
    for row in ["applications.received", "outcomes.granted", "outcomes.total"] {
        for applicant in ["natural_person", "total"] {
            let cell = (row, Some(applicant));
            let number = form.meant(cell) + 1;
            form.truth.insert(cell, number);
            form.write(cell, CellText::Number(number));
        }
    }
    form
}

/// A file in the folder of reports that is none.
pub const NOT_A_REPORT: &str = "\
# 关于举办全区政务公开业务培训班的通知

各街道办事处，各镇、乡人民政府：

为做好下半年政务公开工作，经研究，定于9月16日上午9时在区政务服务中心三楼会议室举办业务培训班，请各单位安排1名联络员参加。

## 培训内容

（一）主动公开目录的编制与更新；（二）答复文书的写法；（三）网站与新媒体信息发布的常见差错。

## 有关要求

请于9月10日前将参训人员姓名、职务和联系电话报区政务公开办。培训期间食宿自理，不得缺席、代训。

临溪区政务公开办公室

2021年9月3日
";
