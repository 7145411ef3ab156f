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
