//! The published tables: every column with its type and its names. Writers, dictionary and tests all
//! read this one list; the order of columns here is the order in the files.

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// 64-bit float.
    Number,
    /// Unsigned 32-bit integer.
    Count,
    /// 32-bit integer.
    Year,
    /// Calendar day.
    Day,
}

/// A column of a published table.
#[derive(Debug)]
pub struct Column {
    /// Name in the files.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Definition in Chinese.
    pub definition_zh: &'static str,
    /// Definition in English.
    pub definition_en: &'static str,
}

/// A published table.
#[derive(Debug)]
pub struct Table {
    /// Name of its folder and files.
    pub name: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// Its columns without `year`, which is the partition in Parquet and the first column in CSV.
    pub columns: &'static [Column],
}

const fn column(name: &'static str, kind: Kind, zh: &'static str, en: &'static str, definition_zh: &'static str, definition_en: &'static str) -> Column {
    Column { name, kind, zh, en, definition_zh, definition_en }
}

use Kind::{Count, Day, Number, Text};

/// The partition column of every table.
pub const YEAR: Column = column("year", Kind::Year, "年份", "year", "报告年份", "Year the report speaks of");

const DISTRICT_CODE: Column =
    column("district_code", Text, "区县代码", "district code", "6位统计区划代码；未登记单位为空", "6-digit division code; empty for an unregistered office");
const DISTRICT: Column = column("district", Text, "区县", "district", "区县名称", "Name of the district");
const OFFICE_CODE: Column =
    column("office_code", Text, "单位代码", "office code", "12位统计区划代码；未登记单位为空", "12-digit division code; empty for an unregistered office");
const OFFICE: Column = column(
    "office",
    Text,
    "单位",
    "office",
    "名录中的单位名称；未登记的为报告中的写法",
    "Name in the registry; of an unregistered office as the report writes it",
);
const SECTION: Column = column(
    "section",
    Text,
    "部分",
    "section",
    "active_disclosure（表二）、applications（表三）、reviews（表四）、narrative（正文）",
    "active_disclosure, applications, reviews (tables two to four) or narrative (prose)",
);
const INDICATOR: Column = column("indicator", Text, "指标", "indicator", "指标代号，见指标部分", "Identifier, see the indicators");
const APPLICANT: Column = column("applicant", Text, "申请人", "applicant", "表三的申请人类别", "Applicant column of table three");
const CHANNEL: Column = column("channel", Text, "渠道", "channel", "正文数字的公开或受理渠道", "Channel of a figure in the prose");
const UNIT: Column = column("unit", Text, "单位（计量）", "unit", "计量单位；金额一律为元，比率为 ratio", "Unit; money is in yuan, rates are `ratio`");
const SOURCE_FILE: Column = column("source_file", Text, "来源文件", "source file", "相对于输入文件夹的路径", "Path relative to the input folder");
const SOURCE_PAGE: Column = column("source_page", Count, "来源页", "source page", "页码，仅PDF", "Page, for PDF only");
const SOURCE_LINE: Column = column("source_line", Count, "来源行", "source line", "文件中的行号，从1起", "Line in the file, from 1");

/// One row per form cell and per figure in the prose.
pub const FACTS: Table = Table {
    name: "facts",
    zh: "明细",
    en: "facts",
    columns: &[
        DISTRICT_CODE,
        DISTRICT,
        OFFICE_CODE,
        OFFICE,
        SECTION,
        INDICATOR,
        APPLICANT,
        CHANNEL,
        column("value", Number, "数值", "value", "报告所填的数；没有填的为空，不是0", "The number stated; empty, not 0, where none is"),
        UNIT,
        column("qualifier", Text, "确切程度", "qualifier", "exact 确数、at_least 至少、at_most 至多、approx 约数", "exact, at_least, at_most or approx"),
        column(
            "scope",
            Text,
            "时间范围",
            "scope",
            "current_year 本年、cumulative 累计、previous_year 上年、next_year_plan 下年计划",
            "current_year, cumulative, previous_year or next_year_plan",
        ),
        column(
            "state",
            Text,
            "填报状态",
            "state",
            "reported 已填、blank 空白、not_applicable 不适用、unreadable 不是数字、inferred 由勾稽关系推出",
            "reported, blank, not_applicable, unreadable, or inferred from the form's own arithmetic",
        ),
        column("raw", Text, "原文", "raw text", "报告中的原文；报告中没有这一格的为空", "The text as it stands; empty where the report has no such cell"),
        SOURCE_FILE,
        SOURCE_PAGE,
        SOURCE_LINE,
        column("source_cell", Text, "来源单元格", "source cell", "第几张表、第几行、第几列，如 t3:r7:c5", "Table, row and column in the file, like t3:r7:c5"),
    ],
};

/// One row per file.
pub const REPORTS: Table = Table {
    name: "reports",
    zh: "报告",
    en: "reports",
    columns: &[
        DISTRICT_CODE,
        DISTRICT,
        OFFICE_CODE,
        OFFICE,
        SOURCE_FILE,
        column("format", Text, "文件格式", "format", "按内容判定的格式", "Format, told by the content"),
        column("encoding", Text, "编码", "encoding", "文本编码", "Encoding of a text"),
        column("form", Text, "表格格式", "form", "2019、2021、mixed 混用、legacy 旧格式、none 无", "2019, 2021, mixed, legacy (before 2019) or none"),
        column("title", Text, "标题", "title", "报告标题", "Title of the report"),
        column("published_on", Day, "发布日期", "published on", "落款或发布日期", "Date of the sign-off or publication"),
        column("content_hash", Text, "内容哈希", "content hash", "文件内容的BLAKE3", "BLAKE3 of the content"),
        column(
            "status",
            Text,
            "读取状态",
            "status",
            "read 全部读取、partly_read 部分读取、unreadable 不能读取、duplicate 重复",
            "read, partly_read, unreadable or duplicate",
        ),
        column("cells_expected", Count, "应有单元格", "cells expected", "格式规定的单元格数", "Cells that the form has"),
        column("cells_found", Count, "找到单元格", "cells found", "在报告中找到的单元格数，含空白", "Cells found in the report, blank ones among them"),
    ],
};

/// One row per thing a person should look at.
pub const FINDINGS: Table = Table {
    name: "findings",
    zh: "问题",
    en: "findings",
    columns: &[
        column("severity", Text, "程度", "severity", "error 错误、warning 警告、info 提示", "error, warning or info"),
        column("rule", Text, "规则", "rule", "规则代号，见规则部分", "Identifier, see the rules"),
        DISTRICT_CODE,
        DISTRICT,
        OFFICE_CODE,
        OFFICE,
        INDICATOR,
        APPLICANT,
        column("expected", Number, "应为", "expected", "按规则应有的数", "The number the rule asks for"),
        column("actual", Number, "实为", "actual", "报告所填的数", "The number that stands there"),
        column(
            "suggestion",
            Text,
            "建议",
            "suggestion",
            "能使各项关系全部成立的唯一改法，仅供核对",
            "The one change that would make all relations hold; to be checked, never applied",
        ),
        SOURCE_FILE,
        SOURCE_PAGE,
        SOURCE_LINE,
        column("message_zh", Text, "说明（中文）", "message in Chinese", "给人看的说明", "What a person should know, in Chinese"),
        column("message_en", Text, "说明（英文）", "message in English", "给人看的说明", "What a person should know, in English"),
        column(
            "finding_id",
            Text,
            "问题编号",
            "finding id",
            "每次运行不变；数变了就是新的问题，行号变了不是",
            "The same from run to run; with another number it is another finding, on another line it is not",
        ),
        column("first_seen", Day, "首次发布日期", "first seen", "首次发布这个问题的日期", "Day on which the finding was first published"),
        column(
            "decision",
            Text,
            "认定",
            "decision",
            "accepted 认可（不再使运行失败）、confirmed 属实，见 reviewed.csv；没有认定的为空",
            "accepted (no longer fails a run) or confirmed, from reviewed.csv; empty where nobody decided",
        ),
        column("decision_note", Text, "认定理由", "decision note", "认定的理由", "The reason given"),
        column("decided_by", Text, "认定人", "decided by", "认定的人", "Who decided"),
        column("decided_on", Day, "认定日期", "decided on", "认定的日期", "When it was decided"),
    ],
};

const OFFICES_EXPECTED: Column = column("offices_expected", Count, "应报单位", "offices expected", "该年名录中的单位数", "Registered offices of the year");
const OFFICES_REPORTED: Column = column("offices_reported", Count, "已报单位", "offices reported", "计入汇总的报告数", "Offices whose report was added up");

/// One row per division, indicator, applicant and channel.
pub const DIVISION_TOTALS: Table = Table {
    name: "division_totals",
    zh: "分级汇总",
    en: "division totals",
    columns: &[
        column("level", Text, "级别", "level", "district 区县、city 市、province 省", "district, city or province"),
        column("division_code", Text, "区划代码", "division code", "6位统计区划代码", "6-digit division code"),
        column("division", Text, "区划", "division", "区划名称", "Name of the division"),
        SECTION,
        INDICATOR,
        APPLICANT,
        CHANNEL,
        column(
            "value",
            Number,
            "合计",
            "value",
            "各单位之和；比率为以所指件数加权的平均；没有任何单位填数的为空",
            "Sum over the offices; for a rate the mean weighted by the count it refers to; empty if no office states a number",
        ),
        UNIT,
        column("qualifier", Text, "确切程度", "qualifier", "各单位中最弱的一个", "The weakest of the parts"),
        column("minimum", Number, "最小值", "minimum", "单个单位的最小值", "Smallest value of any one office"),
        column("maximum", Number, "最大值", "maximum", "单个单位的最大值", "Largest value of any one office"),
        OFFICES_EXPECTED,
        OFFICES_REPORTED,
        column("offices_with_value", Count, "有数单位", "offices with a value", "该项填了数（含推出）的单位数", "Offices that state (or let infer) a number"),
    ],
};

/// One row per district, for people.
pub const DISTRICT_SUMMARY: Table = Table {
    name: "district_summary",
    zh: "区县汇总",
    en: "district summary",
    columns: &[
        DISTRICT_CODE,
        DISTRICT,
        column("city", Text, "市", "city", "所属市", "City"),
        OFFICES_EXPECTED,
        OFFICES_REPORTED,
        column("offices_missing", Count, "缺报单位", "offices missing", "应报减已报", "Expected less reported"),
        column(
            "items_disclosed",
            Number,
            "主动公开信息数",
            "items disclosed",
            "各单位所述总数之和；未述总数的，为其各渠道之和",
            "Sum of the stated totals; of an office that states none, the sum of its channels",
        ),
        column("items_disclosed_qualifier", Text, "主动公开信息数确切程度", "items disclosed, qualifier", "各部分中最弱的一个", "The weakest of the parts"),
        column(
            "hotline_cases",
            Number,
            "热线办件量",
            "hotline cases",
            "12345热线（或与其他渠道合述）办理数之和；未述办理数的取受理数",
            "Requests handled through 12345, or a figure shared by several channels; of an office that states only requests received, those",
        ),
        column("hotline_cases_qualifier", Text, "热线办件量确切程度", "hotline cases, qualifier", "各部分中最弱的一个", "The weakest of the parts"),
        column(
            "completion_rate",
            Number,
            "诉求办结率",
            "completion rate",
            "以本单位件数加权，仅含两者都述明的单位",
            "Weighted by the office's own cases, over the offices that state both",
        ),
        column("completion_rate_qualifier", Text, "诉求办结率确切程度", "completion rate, qualifier", "各部分中最弱的一个", "The weakest of the parts"),
        column("applications_received", Number, "新收申请", "applications received", "表三一、总计栏", "Table three, received this year, total"),
        column("applications_carried_in", Number, "上年结转", "carried in", "表三二、总计栏", "Table three, carried in, total"),
        column("applications_closed", Number, "办结申请", "applications closed", "表三（七）总计栏", "Table three, all outcomes, total"),
        column("applications_carried_out", Number, "结转下年", "carried over", "表三四、总计栏", "Table three, carried over, total"),
        column(
            "application_completion_rate",
            Number,
            "申请办结率",
            "application completion rate",
            "办结 ÷（新收＋上年结转），由合计数计算",
            "Closed / (received + carried in), from the sums",
        ),
        column("reviews_total", Number, "行政复议", "reviews", "表四行政复议总计", "Table four, reconsideration, total"),
        column("reviews_corrected", Number, "复议纠正", "reviews corrected", "表四行政复议结果纠正", "Table four, reconsideration, corrected"),
        column("lawsuits_total", Number, "行政诉讼", "lawsuits", "表四两类行政诉讼总计之和", "Table four, both kinds of lawsuit, total"),
        column("lawsuits_corrected", Number, "诉讼纠正", "lawsuits corrected", "表四两类行政诉讼结果纠正之和", "Table four, both kinds of lawsuit, corrected"),
        column("licensing_decisions", Number, "行政许可决定", "licensing decisions", "表二行政许可处理决定数量", "Table two, licensing decisions"),
        column("penalty_decisions", Number, "行政处罚决定", "penalty decisions", "表二行政处罚处理决定数量", "Table two, penalty decisions"),
        column("coercive_decisions", Number, "行政强制决定", "coercive decisions", "表二行政强制处理决定数量", "Table two, coercive decisions"),
        column("errors", Count, "错误数", "errors", "该区县的错误", "Findings of severity error"),
        column("warnings", Count, "警告数", "warnings", "该区县的警告", "Findings of severity warning"),
    ],
};

/// All published tables.
pub const TABLES: [&Table; 5] = [&FACTS, &REPORTS, &FINDINGS, &DIVISION_TOTALS, &DISTRICT_SUMMARY];
