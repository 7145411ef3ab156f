//! What must hold of any text: numerals read back, traps state nothing, nothing panics, time stays linear.

use crate::eval::{CONFIG, Fact, cases, facts, reader};
use huizong::document::Place;
use huizong::narrative::{Passage, sentences};
use huizong::numeral;
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The ways offices write the same numeral.
#[derive(Debug, Clone, Copy)]
struct Style {
    /// 两百 for 二百.
    pair: bool,
    /// 一十六 for 十六.
    full_ten: bool,
    /// 〇 for 零.
    circle: bool,
}

fn section(value: u64, style: Style, leading: bool, out: &mut String) {
    let mut zero = false;
    for (place, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = (value / place % 10) as usize;
        if digit == 0 {
            zero |= !leading || value >= place;
            continue;
        }
        let pending = zero && (value % (place * 10) != value || !leading);
        if pending {
            out.push(if style.circle { '〇' } else { '零' });
        }
        zero = false;
        let bare_ten = place == 10 && digit == 1 && out.is_empty() && !style.full_ten;
        if !bare_ten {
            out.push(if digit == 2 && style.pair && place >= 100 { '两' } else { DIGITS[digit] });
        }
        out.push_str(name);
    }
}

/// A numeral below a hundred million in characters.
fn written(value: u64, style: Style) -> String {
    let mut out = String::new();
    if value == 0 {
        return if style.circle { "〇" } else { "零" }.to_owned();
    }
    let (high, low) = (value / 10_000, value % 10_000);
    if high > 0 {
        if high == 2 && style.pair {
            out.push('两');
        } else {
            section(high, style, true, &mut out);
        }
        out.push('万');
    }
    if low > 0 {
        section(low, style, high == 0, &mut out);
    }
    out
}

fn styles() -> impl Strategy<Value = Style> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(pair, full_ten, circle)| Style { pair, full_ten, circle })
}

#[test]
fn small_numerals_read_back() {
    for value in 0..100_000 {
        for style in [Style { pair: false, full_ten: false, circle: false }, Style { pair: true, full_ten: true, circle: true }] {
            let text = written(value, style);
            assert_eq!(numeral::number(&text), Some(value as f64), "{text}");
        }
    }
}

/// Traps of section (d) of the inventory, none of which states a figure.
const TRAPS: [&str; 34] = [
    "群众可拨打12345、12315咨询。",
    "依据《条例》第二十条、第四十四条规定执行。",
    "按照国办发〔2021〕30号文件要求办理。",
    "根据〔202130号文件精神推进。",
    "统计期限为20231月1日至20231231日。",
    "联系电话：0951-6012345，邮编750004。",
    "地址：桐花路18号3楼。",
    "网址为www.example.gov.cn/2023/12/t20231201_3344.html。",
    "坚持三审三校和五公开要求。",
    "建立“1+3+N”工作体系。",
    "开展5·15政务公开日筹备。",
    "落实“稳增长42条”措施。",
    "每周三固定学习1次。",
    "自收到之日起20个工作日内办结。",
    "召开第3次专题会议研究部署。",
    "街道下辖12个社区、8.6万居民。",
    "同比增长15.6%，提高2.3个百分点。",
    "网站类占62.5%。",
    "多次深入社区，走访数百户。",
    "“十四五”规划顺利推进。",
    "打造15分钟服务圈。",
    "涉及26个试点领域。",
    "会议于10月18日9:30召开。",
    "行政规范性文件制发2件、废止1件。",
    "咨询电话：6012345，监督电话12388。",
    "网站按期整改错敏词36处。",
    "在全区考核中位列第3，得分96.5分。",
    "新办业务12.6万件，网办率达98%。",
    "平均答复时长6.8个工作日。",
    "报送专报42篇，获区级采用15篇。",
    "调解矛盾纠纷86起。",
    "每场听众不少于30人。",
    "全市共收到政府信息公开申请5300件。",
    "在3楼302会议室集中学习。",
];

fn extra(before: &[Fact], after: &[Fact]) -> Vec<Fact> {
    after.iter().filter(|fact| !before.contains(fact)).cloned().collect()
}

#[test]
fn traps_state_nothing() {
    let reader = reader();
    for trap in TRAPS {
        assert_eq!(facts(reader, trap, 2023), [], "{trap}");
    }
}

#[test]
fn traps_add_nothing_to_any_case() {
    let own = include_str!("third.jsonl").lines().step_by(3).map(|line| serde_json::from_str(line).expect("a case per line"));
    let cases: Vec<serde_json::Value> = own.chain(cases("narrative_dev.jsonl").unwrap_or_default()).collect();
    let reader = reader();
    for case in &cases {
        let text = case["text"].as_str().unwrap_or_default();
        let year = case["year"].as_i64().unwrap_or_default() as i32;
        let plain = facts(reader, text, year);
        for trap in TRAPS {
            let ends = text.match_indices('。').map(|(at, stop)| at + stop.len());
            for at in std::iter::once(0).chain(ends) {
                let with = format!("{}{trap}{}", &text[..at], &text[at..]);
                let added: Vec<_> = extra(&plain, &facts(reader, &with, year))
                    .into_iter()
                    // The trap may part a figure from the carrier named before it.
                    .filter(|fact| !plain.iter().any(|known| known.0 == fact.0 && known.2 == fact.2))
                    // Or name the subject of a fact that is stated, and that the reader misses without it.
                    .filter(|fact| {
                        !case["expect"]
                            .as_array()
                            .into_iter()
                            .flatten()
                            .any(|known| known["indicator"] == fact.0.as_str() && known["value"].as_f64().is_some_and(|value| format!("{value}") == fact.2))
                    })
                    .collect();
                assert_eq!(added, [], "{with}");
            }
        }
    }
}

#[test]
fn full_width_digits_change_nothing() {
    let Some(cases) = cases("narrative_dev.jsonl") else {
        return;
    };
    let reader = reader();
    for case in &cases {
        let text = case["text"].as_str().unwrap_or_default();
        let year = case["year"].as_i64().unwrap_or_default() as i32;
        let wide: String = text.chars().map(|ch| if ch.is_ascii_digit() { char::from_u32(ch as u32 + 0xFEE0).unwrap_or(ch) } else { ch }).collect();
        assert_eq!(facts(reader, text, year), facts(reader, &wide, year), "{wide}");
    }
}

#[test]
fn line_breaks_between_characters_change_nothing() {
    let Some(cases) = cases("narrative_dev.jsonl") else {
        return;
    };
    let reader = reader();
    for case in &cases {
        let text = case["text"].as_str().unwrap_or_default();
        let year = case["year"].as_i64().unwrap_or_default() as i32;
        let plain = facts(reader, text, year);
        let chars: Vec<char> = text.chars().collect();
        for at in 1..chars.len() {
            // Within a number a line break and a blank may mean two numbers.
            if [chars[at - 1], chars[at]].iter().all(|&ch| numeral::plain(ch).is_ascii()) {
                continue;
            }
            let torn: String = chars[..at].iter().chain(['\n', ' '].iter()).chain(&chars[at..]).collect();
            assert_eq!(plain, facts(reader, &torn, year), "{torn}");
        }
    }
}

#[test]
fn long_sentences_take_linear_time() {
    let reader = reader();
    let time = |text: &str| {
        let begin = Instant::now();
        facts(reader, text, 2023);
        begin.elapsed()
    };
    let pieces = ["发布信息12条、", "12345热线", "1", "一", "（", "“", "其中网站3条，", "2019-", "分别", "结转", "1,", "《", "第", "均", "未收到"];
    for (number, piece) in pieces.iter().enumerate() {
        // Ten megabytes for the first, less for the others, so that the tests stay quick.
        let size = if number == 0 { 10_000_000 } else { 1_000_000 };
        let little = time(&piece.repeat(size / 20 / piece.len()));
        let much = time(&piece.repeat(size / piece.len()));
        // Twenty times the text; a quadratic reader would take four hundred times as long.
        assert!(much < little * 100 + Duration::from_millis(300), "{piece}: {little:?} {much:?}");
    }
}

/// Every numeral there is, in every style: ten minutes of an optimised build. Tried once for each change of `numeral`.
#[test]
#[ignore = "takes minutes"]
fn every_numeral_reads_back() {
    for value in 0..100_000_000 {
        for bits in 0..8 {
            let style = Style { pair: bits & 1 != 0, full_ten: bits & 2 != 0, circle: bits & 4 != 0 };
            let text = written(value, style);
            assert_eq!(numeral::number(&text), Some(value as f64), "{text}");
        }
    }
}

#[test]
fn every_figure_is_marked_in_its_sentence() {
    let reader = reader();
    for case in include_str!("third.jsonl").lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a case per line")) {
        let text = format!("开头没有数字。\n{}结尾也没有。", case["text"].as_str().unwrap_or_default());
        let passages = [Passage { text: &text, at: Place::line(3), section: "overview", heading: false }];
        let marked = reader.read_marked(&passages, case["year"].as_i64().unwrap_or_default() as i32);
        let shown = sentences(&passages, &marked);
        assert_eq!(shown.iter().map(|sentence| sentence.figures.len()).sum::<usize>(), marked.len(), "{text}");
        for sentence in &shown {
            assert!(!sentence.text.contains("开头") && !sentence.text.contains("结尾") && !sentence.text.contains('\n'), "{}", sentence.text);
            for figure in &sentence.figures {
                let mark = sentence.text.get(figure.span.0 as usize..figure.span.1 as usize).unwrap_or_default();
                let original = marked.iter().find(|one| one.figure == figure.figure).expect("the figure");
                let there = text.get(original.span.0 as usize..original.span.1 as usize).unwrap_or_default();
                let plain = |text: &str| text.chars().filter(|ch| !ch.is_whitespace()).collect::<String>();
                assert_eq!(plain(mark), plain(there), "{}", sentence.text);
                assert!(!mark.is_empty(), "{}", sentence.text);
            }
        }
    }
}

/// The words of the configuration, of a family its first; digits, marks and breaks as often as words.
static PIECES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let quoted = CONFIG.lines().filter(|line| !line.starts_with('#')).flat_map(|line| line.split('"').skip(1).step_by(2));
    let mut pieces: Vec<String> = quoted.map(first).filter(|word| !word.is_empty()).collect();
    let marks = [
        "，", "。", "；", "：", "、", "（", "）", "“", "”", "《", "》", "%", "-", "至", "的", "\n", " ", "十", "万", "1", "2,0", "35", "608", "4 1", "2023年",
        "余", "．", "９",
    ];
    let words = pieces.len();
    pieces.extend(marks.iter().cycle().take(words).map(|&mark| mark.to_owned()));
    pieces
});

/// The first word of a family.
fn first(family: &str) -> String {
    match family.split_once('{').and_then(|(head, rest)| rest.split_once('}').map(|(choices, tail)| (head, choices, tail))) {
        Some((head, choices, tail)) => format!("{head}{}{}", choices.split('|').find(|choice| !choice.is_empty()).unwrap_or_default(), first(tail)),
        None => family.to_owned(),
    }
}

proptest! {
    #[test]
    fn no_mixture_of_all_its_words_makes_it_panic(at in prop::collection::vec(any::<prop::sample::Index>(), 0..80), year in 2015i32..2026) {
        let text: String = at.iter().map(|at| PIECES[at.index(PIECES.len())].as_str()).collect();
        let figures = facts(reader(), &text, year);
        prop_assert!(figures.iter().all(|fact| fact.2.parse::<f64>().is_ok_and(f64::is_finite)), "{}", text);
    }

    #[test]
    fn numerals_read_back(value in 0u64..100_000_000, style in styles()) {
        let text = written(value, style);
        prop_assert_eq!(numeral::number(&text), Some(value as f64), "{}", text);
    }

    #[test]
    fn arabic_forms_read_back(value in 0u64..1_000_000_000) {
        let digits = value.to_string();
        let grouped = |mark: &str| {
            let mut out = String::new();
            for (at, ch) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 { out.push_str(mark); }
                out.push(ch);
            }
            out
        };
        let wide: String = grouped("，").chars().map(|ch| if ch.is_ascii_digit() { char::from_u32(ch as u32 + 0xFEE0).unwrap_or(ch) } else { ch }).collect();
        for text in [digits.clone(), grouped(","), grouped(" "), wide] {
            prop_assert_eq!(numeral::number(&text), Some(value as f64), "{}", text);
        }
        let myriads = format!("{}万", value as f64 / 10_000.0);
        let read = numeral::number(&myriads);
        prop_assert!(read.is_some_and(|read| (read - value as f64).abs() < 1e-3), "{} {:?}", myriads, read);
    }

    #[test]
    fn a_figure_reads_the_same_in_each_writing(value in 11u64..99_999_999, style in styles()) {
        let reader = reader();
        let expected = facts(reader, &format!("全年公开政府信息{value}条。"), 2023);
        prop_assert_eq!(expected.len(), 1);
        let chinese = facts(reader, &format!("全年公开政府信息{}条。", written(value, style)), 2023);
        prop_assert_eq!(expected, chinese, "{}", written(value, style));
    }

    #[test]
    fn values_are_finite_and_short(digits in 16usize..500, point in any::<bool>(), ten in prop::sample::select(vec!["", "万", "亿", "%"])) {
        let number = "7".repeat(digits);
        prop_assert_eq!(numeral::number(&number), None);
        let number = if point { format!("3.{number}") } else { number };
        for text in [format!("全年公开政府信息{number}{ten}条。"), format!("12345热线工单办结率{number}{ten}。"), format!("公开信息3至{number}{ten}条。")] {
            let reader = reader();
            let figures = reader.read(&[Passage { text: &text, at: Place::line(1), section: "overview", heading: false }], 2023);
            prop_assert!(figures.iter().all(|figure| figure.value.is_finite() && figure.value < 1e3), "{} {:?}", text, figures);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", year in 1900i32..2200) {
        facts(reader(), &text, year);
    }

    #[test]
    fn no_mixture_of_its_own_words_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "12345", "热线", "工单", "1,2", "3 4", "5件", "%", "百分之", "九成", "（", "）", "“", "”", "《", "》", "、", "，", "。", "；", "：",
        "其中", "分别", "均", "各", "未收到", "无", "申请", "结转", "2022年", "12月", "31日", "-", "至", "万", "余", "条", "公开", "信息",
        "网站", "公众号", "较", "增加", "由", "提升至", "全市", "我局", "将", "第", "〔", "\n", " ", "一", "两千五", "办结率", "满意率", "培训", "人次",
    ]), 0..60), year in 2015i32..2026) {
        let figures = facts(reader(), &parts.concat(), year);
        prop_assert!(figures.iter().all(|fact| fact.2.parse::<f64>().is_ok_and(f64::is_finite)));
    }
}
