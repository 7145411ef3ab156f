//! The words for identifiers, as people read them: `error` is 错误. Names of items come from the
//! catalog, of rules from their titles.

use super::results::Of;
use crate::catalog::joined;
use crate::finding::Lang;
use crate::settings::Statute;
use std::collections::HashMap;

/// Identifier, Chinese, English.
const WORDS: &[(&str, &str, &str)] = &[
    ("error", "错误", "error"),
    ("warning", "警告", "warning"),
    ("info", "提示", "info"),
    ("reported", "已填", "reported"),
    ("blank", "空白", "blank"),
    ("not_applicable", "不适用", "not applicable"),
    ("unreadable", "不能读取", "unreadable"),
    ("inferred", "推出", "inferred"),
    ("exact", "", ""),
    ("at_least", "至少", "at least"),
    ("at_most", "至多", "at most"),
    ("approx", "约", "about"),
    ("current_year", "本年", "this year"),
    ("cumulative", "累计", "cumulative"),
    ("previous_year", "上年", "last year"),
    ("next_year_plan", "下年计划", "plan for next year"),
    ("read", "全部读取", "read"),
    ("partly_read", "部分读取", "partly read"),
    ("duplicate", "重复", "duplicate"),
    ("active_disclosure", "表二 主动公开", "table 2, disclosure"),
    ("applications", "表三 依申请公开", "table 3, applications"),
    ("reviews", "表四 复议诉讼", "table 4, reviews"),
    ("narrative", "正文", "prose"),
    ("district", "区县", "district"),
    ("city", "市", "city"),
    ("province", "省", "province"),
    ("ratio", "比率", "ratio"),
];

/// The word for an identifier; the identifier itself where there is none.
pub fn word(id: &str, lang: Lang) -> &str {
    WORDS.iter().find(|w| w.0 == id).map_or(id, |w| lang.of(w.1, w.2))
}

/// The Chinese words of published tables.
pub struct Words<'s> {
    statute: &'s Statute,
    indicators: HashMap<&'s str, String>,
    applicants: HashMap<&'s str, &'s str>,
}

impl<'s> Words<'s> {
    /// Those of all indicators and applicants.
    pub fn new(statute: &'s Statute) -> Words<'s> {
        let (mut indicators, mut applicants) = (HashMap::new(), HashMap::new());
        for (item, at) in statute.catalog.items.iter().zip(0u16..) {
            let by_applicant = item.applicant.as_deref();
            let plain = || name(&Of { item: at, channel: None }, statute, Lang::Zh);
            let row = || row_name(&item.indicator, &item.zh.0, Lang::Zh);
            indicators.entry(item.indicator.as_str()).or_insert_with(|| if by_applicant.is_some() { row() } else { plain() });
            applicants.extend(by_applicant.map(|id| (id, item.zh.1.as_str())));
        }
        Words { statute, indicators, applicants }
    }

    /// The word for what stands in a column; the text itself where there is none.
    pub fn of<'t>(&'t self, column: &str, text: &'t str) -> &'t str {
        match column {
            "indicator" => self.indicators.get(text).map_or(text, String::as_str),
            "applicant" => self.applicants.get(text).copied().unwrap_or(text),
            "channel" => channel_name(text, self.statute, Lang::Zh),
            _ => word(text, Lang::Zh),
        }
    }
}

/// The name of an item, with its channel: 主动公开信息（网站）.
pub fn name(of: &Of, statute: &Statute, lang: Lang) -> String {
    let item = statute.catalog.item(of.item);
    let (row, column) = if lang == Lang::Zh { &item.zh } else { &item.en };
    let name = joined(&row_name(&item.indicator, row, lang), column);
    match &of.channel {
        None => name,
        Some(channel) => format!("{name}{}{}{}", lang.of("（", " ("), channel_name(channel, statute, lang), lang.of("）", ")")),
    }
}

/// The name of a row that can stand by itself: 办理结果（七）总计, not （七）总计.
pub fn row_name(indicator: &str, row: &str, lang: Lang) -> String {
    let bare = lang == Lang::Zh && indicator.starts_with("outcomes.");
    format!("{}{row}", if bare { "办理结果" } else { "" })
}

/// The name of a channel.
pub fn channel_name<'s>(id: &'s str, statute: &'s Statute, lang: Lang) -> &'s str {
    statute.narrative.channels().iter().find(|c| c.id == id).map_or(id, |c| lang.of(&c.zh, &c.en))
}
