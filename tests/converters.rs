//! What converters make of tables: labels that break below their values, numbers broken over two rows, columns made one,
//! blank cells lost. What is certain is read, what is not is unreadable; nothing is laid elsewhere.

use huizong::fact::State;
use huizong::read::{Reading, read};
use huizong::settings::Settings;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("the project's configuration"));

const TITLE: &str = "# 云州市青岚区望湖街道办事处2021年政府信息公开工作年度报告\n\n";
const HEADER: &str = "|  | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n|---|---|---|---|---|---|---|---|\n";

fn reading(body: &str) -> Reading {
    read("2021/report.md", format!("{TITLE}{body}").as_bytes(), &[], &SETTINGS)
}

/// States and numbers of an indicator, column by column.
fn row(reading: &Reading, indicator: &str) -> Vec<(State, Option<f64>)> {
    let of = |f: &&huizong::fact::Fact| SETTINGS.catalog.items[usize::from(f.item)].indicator == indicator;
    let mut facts: Vec<_> = reading.facts.iter().filter(of).collect();
    facts.sort_by_key(|f| f.cell.2);
    facts.iter().map(|f| (f.state, f.number())).collect()
}

fn reported(numbers: [f64; 7]) -> Vec<(State, Option<f64>)> {
    numbers.iter().map(|n| (State::Reported, Some(*n))).collect()
}

#[test]
fn values_stand_in_the_first_line_of_their_label() {
    let reading = reading(&format!(
        "## 三、收到和处理政府信息公开申请情况\n\n{HEADER}| （一） | 4 | 1 | 0 | 0 | 0 | 0 | 5 |\n|  |  |  |  |  |  |  |  |\n| 予以公开 |  |  |  |  |  |  |  |\n\
         | （三）不予公开1 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |\n| ．属于国家秘密 |  |  |  |  |  |  |  |\n| （三）不予公开 | 3 | 0 | 0 | 0 | 0 | 0 | 3 |\n| 2. 其他法律行政法规禁止公开 |  |  |  |  |  |  |  |\n"
    ));
    assert_eq!(row(&reading, "outcomes.granted"), reported([4.0, 1.0, 0.0, 0.0, 0.0, 0.0, 5.0]));
    assert_eq!(row(&reading, "outcomes.refused.state_secret"), reported([2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]));
    assert_eq!(row(&reading, "outcomes.refused.prohibited_by_law"), reported([3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0]));
}

#[test]
fn a_number_broken_at_the_end_of_a_page_is_not_its_beginning() {
    let broken = reading(&format!(
        "## 三、收到和处理政府信息公开申请情况\n\n{HEADER}| 一、本年新收政府信息 | 2674 | 2900 | 3127 | 2873 | 2878 | 4639 | 1909 |\n\n\
         | 公开申请数量 | 7 | 9 | 8 | 6 | 1 | 4 | 45 |\n|---|---|---|---|---|---|---|---|\n| 二、上年结转政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n"
    ));
    assert!(row(&broken, "applications.received").iter().all(|cell| *cell == (State::Unreadable, None)), "{:?}", row(&broken, "applications.received"));
    assert_eq!(row(&broken, "applications.carried_in"), reported([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]));
    // A sum that is wrong in print stays what is printed.
    let wrong = reading(&format!(
        "## 三、收到和处理政府信息公开申请情况\n\n{HEADER}| 一、本年新收政府信息公开申请数量 | 5 | 0 | 0 | 0 | 0 | 0 | 6 |\n| 二、上年结转政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n"
    ));
    assert_eq!(row(&wrong, "applications.received"), reported([5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 6.0]));
}

#[test]
fn a_dash_above_a_number_is_no_sign() {
    let header = "|  | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他<br>总计 |\n|---|---|---|---|---|---|---|\n";
    let reading = reading(&format!(
        "## 三、收到和处理政府信息公开申请情况\n\n{header}| 一、本年新收政府信息公开申请数量 | 3 | - | - | - | - | -<br>3 |\n| 二、上年结转政府信息公开申请数量 | 2 | - | - | - | - | -<br>2 |\n"
    ));
    for (indicator, number) in [("applications.received", 3.0), ("applications.carried_in", 2.0)] {
        let cells = row(&reading, indicator);
        assert_eq!((cells[0], cells[6]), ((State::Reported, Some(number)), (State::Reported, Some(number))), "{indicator}");
        assert_eq!(cells[5], (State::NotApplicable, None), "{indicator}");
    }
}

#[test]
fn fewer_values_than_columns_are_not_laid_from_the_left() {
    let body = "四、政府信息公开行政复议、行政诉讼情况\n\n  行政复议                                           行政诉讼\n  \
        结果维持   结果纠正   其他结果   尚未审结   总计   未经复议直接起诉                                           复议后起诉\n                                                     \
        结果维持           结果纠正   其他结果   尚未审结   总计   结果维持     结果纠正   其他结果   尚未审结   总计\n                        \
        5                     5      7                                                   7                                                    0\n\n五、存在的主要问题及改进情况\n";
    let text = format!("云州市青岚区望湖街道办事处2021年政府信息公开工作年度报告\n\n{body}");
    let reading = read("2021/report.txt", text.as_bytes(), &[], &SETTINGS);
    let is_review = |f: &&huizong::fact::Fact| SETTINGS.catalog.items[usize::from(f.item)].indicator.starts_with("reconsideration");
    let found: Vec<_> = reading.facts.iter().filter(is_review).map(|f| (f.state, f.number())).collect();
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|cell| *cell == (State::Unreadable, None)), "{found:?}");
}

#[test]
fn the_title_of_a_page_is_its_own() {
    let page = |list: &str, title: &str| {
        let head = "云州市青岚区望湖街道办事处2021年政府信息公开工作年度报告";
        format!(
            "<html><head><title>{head}_青岚区人民政府</title></head><body><ul>{list}</ul>{title}{head}<p>本报告数据统计期限为2021年1月1日至12月31日。</p><p>一、总体情况</p></body></html>"
        )
    };
    let list =
        "<li><a>云州市青岚区石桥街道办事处2020年政府信息公开工作年度报告</a></li><li><a>云州市青岚区石桥街道办事处2019年政府信息公开工作年度报告</a></li>";
    for title in ["<h1>", "<div class=\"bt\">"] {
        let reading = read("report.html", page(list, title).as_bytes(), &[], &SETTINGS);
        assert_eq!(reading.year, Some(2021), "{title}");
        let titles: Vec<_> = reading.title.iter().collect();
        assert!(titles.iter().all(|t| t.contains("望湖")), "{title}: {titles:?}");
    }
}

#[test]
fn of_titles_of_several_offices_the_one_above_the_report_counts() {
    let text = "云州市青岚区石桥街道办事处2021年政府信息公开工作年度报告\n云州市青岚区云溪镇2021年政府信息公开工作年度报告\n\n\
        云州市青岚区望湖街道办事处2021年政府信息公开工作年度报告\n\n本报告数据统计期限为2021年1月1日至12月31日。\n\n一、总体情况\n";
    let reading = read("report.txt", text.as_bytes(), &[], &SETTINGS);
    assert_eq!(reading.unregistered.as_deref(), Some("云州市青岚区望湖街道办事处"));
    // A title that says the same once more, with a mark before it, is none.
    let twice = "* 云州市青岚区望湖街道办事处2021年政府信息公开工作年度报告\n:ID: 云州市青岚区望湖街道办事处2021年政府信息公开工作年度报告\n\n\
        本报告数据统计期限为2021年1月1日至12月31日。\n";
    assert_eq!(read("report.txt", twice.as_bytes(), &[], &SETTINGS).unregistered.as_deref(), Some("云州市青岚区望湖街道办事处"));
}

#[test]
fn values_between_the_lines_of_their_label_are_its_own() {
    let reading = reading(&format!(
        "## 三、收到和处理政府信息公开申请情况\n\n{HEADER}| 2.没有现成信息需要另行 |  |  |  |  |  |  |  |\n|  | 3 | 1 | 0 | 0 | 2 | 0 | 6 |\n| 制作 |  |  |  |  |  |  |  |\n"
    ));
    assert_eq!(row(&reading, "outcomes.unavailable.requires_creation"), reported([3.0, 1.0, 0.0, 0.0, 2.0, 0.0, 6.0]));
}

#[test]
fn a_cell_beside_numbers_without_a_label_is_not_blank() {
    let reading = reading(&format!(
        "## 三、收到和处理政府信息公开申请情况\n\n{HEADER}|  | 140 |  |  |  |  |  | 243 |\n| 一、本年新收政府信息公开申请数量 |  | 525 | 0 | 0 | 0 | 0 |  |\n|  | 36 |  |  |  |  |  | 84 |\n\
         | 二、上年结转政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n"
    ));
    let received = row(&reading, "applications.received");
    assert_eq!(received.iter().filter(|cell| **cell == (State::Unreadable, None)).count(), 2, "{received:?}");
    assert!(received.contains(&(State::Reported, Some(525.0))));
    assert_eq!(row(&reading, "applications.carried_in"), reported([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]));
}

#[test]
fn a_column_torn_in_two_may_have_torn_its_numbers() {
    let purchase = |row: &str| {
        reading(&format!("## 二、主动公开政府信息情况\n\n|||||\n|---|---|---|---|\n||第二十条第（九|）项||\n|信息内容|采购项目数量|采购|总金额|\n{row}\n"))
    };
    let torn = purchase("|政府集中采购|12|306|3291|");
    assert_eq!(row(&torn, "procurement.amount"), [(State::Unreadable, None)]);
    assert_eq!(row(&purchase("|政府集中采购|12||3291|"), "procurement.amount"), [(State::Reported, Some(3291.0))]);
}
