//! Passages: torn by page ends, headings, sections, places, quotations.

use crate::eval::reader;
use huizong::document::Place;
use huizong::narrative::Passage;

fn passage(text: &str, line: u32) -> Passage<'_> {
    Passage { text, at: Place { page: 2, line }, section: "overview", heading: false }
}

#[test]
fn a_sentence_torn_by_a_page_end_is_joined() {
    let passages = [passage("全年通过政府网站公开政府信\n息1", 10), passage("24条，推送微信", 14), passage("公众号信息36条。", 20)];
    let figures = reader().read(&passages, 2023);
    let values: Vec<(f64, u32)> = figures.iter().map(|figure| (figure.value, figure.at.line)).collect();
    assert_eq!(values, [(124.0, 11), (36.0, 20)]);
    assert_eq!(&*figures[0].raw, "全年通过政府网站公开政府信\n息124条");
    assert_eq!(figures[0].at.page, 2);
}

#[test]
fn a_new_point_is_not_joined() {
    let passages = [passage("全年公开信息", 1), passage("（二）收到申请3件。", 2)];
    let figures = reader().read(&passages, 2023);
    assert_eq!(figures.iter().map(|figure| figure.value).collect::<Vec<_>>(), [3.0]);
}

#[test]
fn a_heading_gives_the_topic_and_no_figure() {
    let heading = Passage { heading: true, ..passage("（二）依申请公开12件", 1) };
    let reader = reader();
    let figures = reader.read(&[heading, passage("全年受理3件，均已答复。", 2)], 2023);
    let found: Vec<(&str, f64)> = figures.iter().map(|figure| (reader.indicators()[usize::from(figure.indicator)].id.as_str(), figure.value)).collect();
    assert_eq!(found, [("applications_received", 3.0), ("application_reply_rate", 1.0)]);
}

#[test]
fn sections_decide_what_is_read() {
    let reader = reader();
    let problems = Passage { section: "problems", ..passage("2023年培训仅2次。2024年计划开展培训4次。", 1) };
    let other = Passage { section: "other", ..passage("2023年收取信息处理费350元，公开信息20条。", 2) };
    let figures = reader.read(&[problems, other], 2023);
    let found: Vec<(&str, f64, &str)> =
        figures.iter().map(|figure| (reader.indicators()[usize::from(figure.indicator)].id.as_str(), figure.value, figure.scope.id())).collect();
    assert_eq!(found, [("training_sessions", 4.0, "next_year_plan"), ("processing_fee", 350.0, "current_year")]);
    for none in ["本年度未收取信息处理费。", "2023年，未发生政府信息公开收费事项。", "收取信息处理费0元。", "发出收费通知0件，收取的总金额为0元。"]
    {
        let figures = reader.read(&[Passage { section: "other", ..passage(none, 1) }], 2023);
        assert_eq!(figures.iter().map(|figure| figure.value).collect::<Vec<_>>(), [0.0], "{none}");
    }
}

#[test]
fn the_span_is_the_number() {
    let text = "公众号发布信息１，０４８条，均已办结。";
    let marked = reader().read_marked(&[passage(text, 1)], 2023);
    assert_eq!(marked.len(), 1);
    let (from, to) = (marked[0].span.0 as usize, marked[0].span.1 as usize);
    assert_eq!(&text[from..to], "１，０４８");
}

#[test]
fn facts_are_stated_once() {
    let figures = reader().read(&[passage("全年公开信息96条。", 1), passage("综上，公开信息96条。", 2)], 2023);
    assert_eq!(figures.len(), 1);
}

/// Indicator, channel and value of each figure.
fn read(passages: &[Passage<'_>], year: i32) -> Vec<String> {
    let reader = reader();
    let name = |channel: u8| reader.channels()[usize::from(channel)].id.clone();
    let figures = reader.read(passages, year);
    figures
        .iter()
        .map(|figure| {
            let indicator = &reader.indicators()[usize::from(figure.indicator)].id;
            format!("{indicator} {} {}", figure.channel.map_or("-".to_owned(), name), figure.value)
        })
        .collect()
}

#[test]
fn an_unmarked_heading_lends_no_carrier_and_is_not_joined() {
    let expected = ["requests_handled hotline_12345 1728", "request_completion_rate hotline_12345 0.96"];
    let sentence = "2023年共办结12345热线工单1728件，办结率96%。";
    for heading in ["（三）平台建设", "三、平台建设", "3.互动平台建设", "（三）平台建设。", "一是加强平台建设。"] {
        let lines = format!("{heading}\n{sentence}");
        assert_eq!(read(&[passage(&lines, 1)], 2023), expected, "{heading}");
        assert_eq!(read(&[passage(heading, 1), passage(sentence, 2)], 2023), expected, "{heading}");
        let run_in = format!("{heading}{sentence}");
        assert_eq!(read(&[passage(&run_in, 1)], 2023), expected, "{heading}");
    }
    let topic = [passage("（二）依申请公开情况", 1), passage("全年收到3件，均已答复。", 2)];
    assert_eq!(read(&topic, 2023), ["applications_received - 3", "application_reply_rate - 1"]);
}

#[test]
fn a_lone_one_is_mostly_no_figure() {
    for idiom in [
        "谁产生信息谁负责公开，办结一件、公开一件。",
        "2023年公开一件、办结一件。",
        "限期返工后再公布一次。",
        "各站所各出一名联络员，互相替补。",
        "编一本简明的工作手册。",
        "凡发布一条信息，都要经过一次审核。",
        "每村明确一名联络员。",
        "指定一名工作人员专门跟踪期限。",
    ] {
        assert!(read(&[passage(idiom, 1)], 2023).is_empty(), "{idiom}");
    }
    for (text, expected) in [
        ("全年受理申请一件。", "applications_received - 1"),
        ("举办一期培训班。", "training_sessions - 1"),
        ("配备一名专职人员。", "staff_count - 1"),
        ("召开新闻发布会一场。", "press_conferences - 1"),
    ] {
        assert_eq!(read(&[passage(text, 1)], 2023), [expected], "{text}");
    }
}

#[test]
fn an_area_is_the_office_only_where_the_office_says_so() {
    let area = "全市公开信息126万条，全区公开信息7万条，我区受理申请30件。";
    assert_eq!(read(&[passage(area, 1)], 2023), ["info_disclosed - 70000", "applications_received - 30"]);
    let street = "我街道公开信息300条，我街道在我区排名靠前，全区公开信息7万条。";
    assert_eq!(read(&[passage(street, 1)], 2023), ["info_disclosed - 300"]);
}

#[test]
fn items_about_one_subject_are_no_more_totals() {
    let text = "全年共公开政府信息2599条。推进财政公开，全年共发布信息291条。公众号发布信息96条。";
    assert_eq!(read(&[passage(text, 1)], 2023), ["info_disclosed - 2599", "info_disclosed wechat 96"]);
}
