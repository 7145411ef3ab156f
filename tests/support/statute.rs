//! The labels of both statutory forms and the identifiers of their cells, typed from the notices
//! 国办公开办函〔2019〕60号 and 〔2021〕30号: a second source, independent of the product's configuration.

/// Which of the two statutory forms a table follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// Report years 2019 and 2020.
    Y2019,
    /// Report years from 2021 on.
    Y2021,
}

impl Edition {
    /// The form that is prescribed for a report year.
    pub fn of_year(year: u16) -> Self {
        if year < 2021 { Self::Y2019 } else { Self::Y2021 }
    }
}

/// The three parts of the form that hold cells, by the names of the `facts` data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Section two.
    ActiveDisclosure,
    /// Section three.
    Applications,
    /// Section four.
    Reviews,
}

impl Section {
    /// All three, in the order of the form.
    pub const ALL: [Self; 3] = [Self::ActiveDisclosure, Self::Applications, Self::Reviews];

    /// The heading's words, without ordinal.
    pub fn heading(self) -> &'static str {
        match self {
            Self::ActiveDisclosure => "主动公开政府信息情况",
            Self::Applications => "收到和处理政府信息公开申请情况",
            Self::Reviews => "政府信息公开行政复议、行政诉讼情况",
        }
    }
}

/// One clause of section two: a caption, column labels, and labelled rows of cells.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The full-width caption row.
    pub caption: &'static str,
    /// Column labels after 信息内容.
    pub columns: &'static [&'static str],
    /// Row label and the identifiers of its cells, one per column.
    pub rows: &'static [(&'static str, &'static [&'static str])],
}

const CLAUSE_1: &str = "第二十条第（一）项";
const CLAUSE_5: &str = "第二十条第（五）项";
const CLAUSE_6: &str = "第二十条第（六）项";
const CLAUSE_8: &str = "第二十条第（八）项";
const CLAUSE_9: &str = "第二十条第（九）项";
const ITEMS: &[&str] = &["上一年项目数量", "本年增/减", "处理决定数量"];

const BLOCKS_2019: &[Block] = &[
    Block {
        caption: CLAUSE_1,
        columns: &["本年新制作数量", "本年新公开数量", "对外公开总数量"],
        rows: &[
            ("规章", &["regulations.made", "regulations.newly_disclosed", "regulations.total_disclosed"]),
            ("规范性文件", &["normative_documents.made", "normative_documents.newly_disclosed", "normative_documents.total_disclosed"]),
        ],
    },
    Block {
        caption: CLAUSE_5,
        columns: ITEMS,
        rows: &[
            ("行政许可", &["licensing.items_last_year", "licensing.items_change", "licensing.decisions"]),
            ("其他对外管理服务事项", &["public_services.items_last_year", "public_services.items_change", "public_services.decisions"]),
        ],
    },
    Block {
        caption: CLAUSE_6,
        columns: ITEMS,
        rows: &[
            ("行政处罚", &["penalties.items_last_year", "penalties.items_change", "penalties.decisions"]),
            ("行政强制", &["coercive_measures.items_last_year", "coercive_measures.items_change", "coercive_measures.decisions"]),
        ],
    },
    Block {
        caption: CLAUSE_8, columns: &["上一年项目数量", "本年增/减"], rows: &[("行政事业性收费", &["fees.items_last_year", "fees.items_change"])]
    },
    Block {
        caption: CLAUSE_9, columns: &["采购项目数量", "采购总金额"], rows: &[("政府集中采购", &["procurement.projects", "procurement.amount"])]
    },
];

const BLOCKS_2021: &[Block] = &[
    Block {
        caption: CLAUSE_1,
        columns: &["本年制发件数", "本年废止件数", "现行有效件数"],
        rows: &[
            ("规章", &["regulations.issued", "regulations.repealed", "regulations.in_force"]),
            ("行政规范性文件", &["normative_documents.issued", "normative_documents.repealed", "normative_documents.in_force"]),
        ],
    },
    Block { caption: CLAUSE_5, columns: &["本年处理决定数量"], rows: &[("行政许可", &["licensing.decisions"])] },
    Block {
        caption: CLAUSE_6,
        columns: &["本年处理决定数量"],
        rows: &[("行政处罚", &["penalties.decisions"]), ("行政强制", &["coercive_measures.decisions"])],
    },
    Block { caption: CLAUSE_8, columns: &["本年收费金额（单位：万元）"], rows: &[("行政事业性收费", &["fees.amount"])] },
];

/// The clauses of section two.
pub fn blocks(edition: Edition) -> &'static [Block] {
    match edition {
        Edition::Y2019 => BLOCKS_2019,
        Edition::Y2021 => BLOCKS_2021,
    }
}

/// True for cells that hold money in yuan; everything else is a count.
pub fn is_money(indicator: &str) -> bool {
    matches!(indicator, "fees.amount" | "procurement.amount")
}

/// The seven columns of section three: identifier and label, 总计 last.
pub const APPLICANTS: [(&str, &str); 7] = [
    ("natural_person", "自然人"),
    ("commercial_enterprise", "商业企业"),
    ("research_institution", "科研机构"),
    ("public_welfare_organization", "社会公益组织"),
    ("legal_service_organization", "法律服务机构"),
    ("other_organization", "其他"),
    ("total", "总计"),
];

/// The label over the seven columns, and the one over the five organisations.
pub const APPLICANT_HEADERS: (&str, &str) = ("申请人情况", "法人或其他组织");

/// The printed rule in the header of section three.
pub const BALANCE_NOTE: &str = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";

/// The outer label of all outcome rows.
pub const RESULTS: &str = "三、本年度办理结果";

/// One row of section three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplicationRow {
    /// The identifier of the row's cells.
    pub indicator: &'static str,
    /// True for rows under 三、本年度办理结果.
    pub result: bool,
    /// The group label, for rows of （三） to （六）.
    pub group: Option<&'static str>,
    /// The row's own label.
    pub label: &'static str,
}

const fn outer(indicator: &'static str, label: &'static str) -> ApplicationRow {
    ApplicationRow { indicator, result: false, group: None, label }
}

const fn direct(indicator: &'static str, label: &'static str) -> ApplicationRow {
    ApplicationRow { indicator, result: true, group: None, label }
}

const fn item(indicator: &'static str, group: &'static str, label: &'static str) -> ApplicationRow {
    ApplicationRow { indicator, result: true, group: Some(group), label }
}

const REFUSED: &str = "（三）不予公开";
const UNAVAILABLE: &str = "（四）无法提供";
const NOT_PROCESSED: &str = "（五）不予处理";
const OTHER: &str = "（六）其他处理";

const ROWS_BEFORE_OTHER: [ApplicationRow; 20] = [
    outer("applications.received", "一、本年新收政府信息公开申请数量"),
    outer("applications.carried_in", "二、上年结转政府信息公开申请数量"),
    direct("outcomes.granted", "（一）予以公开"),
    direct("outcomes.partly_granted", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    item("outcomes.refused.state_secret", REFUSED, "1.属于国家秘密"),
    item("outcomes.refused.prohibited_by_law", REFUSED, "2.其他法律行政法规禁止公开"),
    item("outcomes.refused.security_and_stability", REFUSED, "3.危及“三安全一稳定”"),
    item("outcomes.refused.third_party_rights", REFUSED, "4.保护第三方合法权益"),
    item("outcomes.refused.internal_affairs", REFUSED, "5.属于三类内部事务信息"),
    item("outcomes.refused.deliberative_process", REFUSED, "6.属于四类过程性信息"),
    item("outcomes.refused.enforcement_files", REFUSED, "7.属于行政执法案卷"),
    item("outcomes.refused.administrative_inquiry", REFUSED, "8.属于行政查询事项"),
    item("outcomes.unavailable.not_held", UNAVAILABLE, "1.本机关不掌握相关政府信息"),
    item("outcomes.unavailable.requires_creation", UNAVAILABLE, "2.没有现成信息需要另行制作"),
    item("outcomes.unavailable.unclear_after_correction", UNAVAILABLE, "3.补正后申请内容仍不明确"),
    item("outcomes.not_processed.petition_or_complaint", NOT_PROCESSED, "1.信访举报投诉类申请"),
    item("outcomes.not_processed.duplicate", NOT_PROCESSED, "2.重复申请"),
    item("outcomes.not_processed.public_publication", NOT_PROCESSED, "3.要求提供公开出版物"),
    item("outcomes.not_processed.excessive_requests", NOT_PROCESSED, "4.无正当理由大量反复申请"),
    item("outcomes.not_processed.reconfirmation", NOT_PROCESSED, "5.要求行政机关确认或重新出具已获取信息"),
];

const OTHER_2019: [ApplicationRow; 1] = [direct("outcomes.other", OTHER)];

const OTHER_2021: [ApplicationRow; 3] = [
    item("outcomes.other.correction_overdue", OTHER, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    item("outcomes.other.fee_overdue", OTHER, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    item("outcomes.other.remaining", OTHER, "3.其他"),
];

const ROWS_AFTER_OTHER: [ApplicationRow; 2] = [direct("outcomes.total", "（七）总计"), outer("applications.carried_out", "四、结转下年度继续办理")];

/// The rows of section three, in the order of the form.
pub fn application_rows(edition: Edition) -> impl Iterator<Item = &'static ApplicationRow> {
    let other: &'static [ApplicationRow] = match edition {
        Edition::Y2019 => &OTHER_2019,
        Edition::Y2021 => &OTHER_2021,
    };
    ROWS_BEFORE_OTHER.iter().chain(other).chain(&ROWS_AFTER_OTHER)
}

/// True for the rows that add up to （七）.
pub fn is_outcome(row: &ApplicationRow) -> bool {
    row.result && row.indicator != "outcomes.total"
}

/// One group of section four: the labels over it, outermost first, and its five cells.
#[derive(Clone, Copy, Debug)]
pub struct ReviewGroup {
    /// 行政复议 or 行政诉讼.
    pub outer: &'static str,
    /// The second label over a group of 行政诉讼.
    pub inner: Option<&'static str>,
    /// The five cells, 总计 last.
    pub cells: [&'static str; 5],
}

/// The five column labels of each group of section four.
pub const REVIEW_COLUMNS: [&str; 5] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];

/// The three groups of section four.
pub const REVIEW_GROUPS: [ReviewGroup; 3] = [
    ReviewGroup {
        outer: "行政复议",
        inner: None,
        cells: ["reconsideration.upheld", "reconsideration.corrected", "reconsideration.other", "reconsideration.pending", "reconsideration.total"],
    },
    ReviewGroup {
        outer: "行政诉讼",
        inner: Some("未经复议直接起诉"),
        cells: ["litigation.direct.upheld", "litigation.direct.corrected", "litigation.direct.other", "litigation.direct.pending", "litigation.direct.total"],
    },
    ReviewGroup {
        outer: "行政诉讼",
        inner: Some("复议后起诉"),
        cells: [
            "litigation.after_reconsideration.upheld",
            "litigation.after_reconsideration.corrected",
            "litigation.after_reconsideration.other",
            "litigation.after_reconsideration.pending",
            "litigation.after_reconsideration.total",
        ],
    },
];
