#!/usr/bin/env python3
"""What an analyst would write: read clean Markdown reports with all cores, check row sums, total per district.

    python3 benches/baseline.py DIR/reports DIR/config/offices.csv OUT

The yardstick of `make bench`. It reads tables as they are in clean reports and knows nothing of torn ones, of
blanks that can be inferred, of prose, or of where a number stood.
"""

import multiprocessing
import re
import sys
import time
from pathlib import Path

import polars as pl

APPLICANTS = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_organization",
    "other_organization",
    "total",
]

APPLICATION_ROWS = {
    "一、本年新收政府信息公开申请数量": "applications.received",
    "二、上年结转政府信息公开申请数量": "applications.carried_in",
    "（一）予以公开": "outcomes.granted",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "outcomes.partly_granted",
    "1.属于国家秘密": "outcomes.refused.state_secret",
    "2.其他法律行政法规禁止公开": "outcomes.refused.prohibited_by_law",
    "3.危及“三安全一稳定”": "outcomes.refused.security_and_stability",
    "4.保护第三方合法权益": "outcomes.refused.third_party_rights",
    "5.属于三类内部事务信息": "outcomes.refused.internal_affairs",
    "6.属于四类过程性信息": "outcomes.refused.deliberative_process",
    "7.属于行政执法案卷": "outcomes.refused.enforcement_files",
    "8.属于行政查询事项": "outcomes.refused.administrative_inquiry",
    "1.本机关不掌握相关政府信息": "outcomes.unavailable.not_held",
    "2.没有现成信息需要另行制作": "outcomes.unavailable.requires_creation",
    "3.补正后申请内容仍不明确": "outcomes.unavailable.unclear_after_correction",
    "1.信访举报投诉类申请": "outcomes.not_processed.petition_or_complaint",
    "2.重复申请": "outcomes.not_processed.duplicate",
    "3.要求提供公开出版物": "outcomes.not_processed.public_publication",
    "4.无正当理由大量反复申请": "outcomes.not_processed.excessive_requests",
    "5.要求行政机关确认或重新出具已获取信息": "outcomes.not_processed.reconfirmation",
    "（六）其他处理": "outcomes.other",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "outcomes.other.correction_overdue",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "outcomes.other.fee_overdue",
    "3.其他": "outcomes.other.remaining",
    "（七）总计": "outcomes.total",
    "四、结转下年度继续办理": "applications.carried_out",
}

DISCLOSURE_ROWS = {
    "规章": "regulations",
    "规范性文件": "normative_documents",
    "行政规范性文件": "normative_documents",
    "行政许可": "licensing",
    "其他对外管理服务事项": "public_services",
    "行政处罚": "penalties",
    "行政强制": "coercive_measures",
    "行政事业性收费": "fees",
    "政府集中采购": "procurement",
}

DISCLOSURE_COLUMNS = {
    "本年新制作数量": "made",
    "本年新公开数量": "newly_disclosed",
    "对外公开总数量": "total_disclosed",
    "上一年项目数量": "items_last_year",
    "本年增/减": "items_change",
    "处理决定数量": "decisions",
    "采购项目数量": "projects",
    "采购总金额": "amount",
    "本年制发件数": "issued",
    "本年废止件数": "repealed",
    "现行有效件数": "in_force",
    "本年处理决定数量": "decisions",
    "本年收费金额（单位：万元）": "amount",
}

REVIEWS = [
    f"{group}.{result}"
    for group in ["reconsideration", "litigation.direct", "litigation.after_reconsideration"]
    for result in ["upheld", "corrected", "other", "pending", "total"]
]

# A joined label ends with the row's own label; longer labels are tried first.
OWN_LABELS = sorted(APPLICATION_ROWS, key=len, reverse=True)
SECTIONS = [
    ("主动公开政府信息情况", "active_disclosure"),
    ("收到和处理政府信息公开申请情况", "applications"),
    ("行政复议、", "reviews"),
]
TITLE = re.compile(r"^(.+?)(20\d\d)年度?政府信息公开工作年度报告$")


def number(cell):
    """A cell's number; none for blanks and marks."""
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        return None


def application_row(cells):
    """The indicator of a row of section three, by the last of its labels."""
    labels = [cell for cell in cells[:-7] if cell]
    if not labels:
        return None
    label = labels[-1]
    if label in APPLICATION_ROWS:
        return APPLICATION_ROWS[label]
    for own in OWN_LABELS:
        if label.endswith(own):
            return APPLICATION_ROWS[own]
    return None


def read_report(path):
    """The facts of one report: (year, office, section, indicator, applicant, value, source file)."""
    year = office = section = None
    columns = []
    title = ""
    facts = []

    def add(indicator, applicant, value):
        facts.append((year, office, section, indicator, applicant, value, path))

    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
            if year is None:
                # The issuer may stand on a line of its own.
                title += heading
                match = TITLE.match(title)
                if match:
                    office, year = match.group(1), int(match.group(2))
            for words, name in SECTIONS:
                if words in heading:
                    section = name
            if heading.startswith("五、"):
                section = None
        elif line.startswith("|") and section and not line.startswith("|---"):
            cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
            if section == "active_disclosure":
                if cells[0] == "信息内容":
                    columns = [DISCLOSURE_COLUMNS.get(cell) for cell in cells[1:]]
                elif cells[0] in DISCLOSURE_ROWS:
                    seen = set()
                    for column, cell in zip(columns, cells[1:]):
                        if column and column not in seen:
                            seen.add(column)
                            indicator = f"{DISCLOSURE_ROWS[cells[0]]}.{column}"
                            value = number(cell)
                            if indicator == "fees.amount" and value is not None:
                                value *= 10_000
                            add(indicator, None, value)
            elif section == "applications":
                indicator = application_row(cells)
                if indicator == "outcomes.other" and not any(cells[-7:]):
                    continue  # the label over three rows, not a row
                if indicator:
                    for applicant, cell in zip(APPLICANTS, cells[-7:]):
                        add(indicator, applicant, number(cell))
            elif section == "reviews" and len(cells) == 15:
                values = [number(cell) for cell in cells]
                if any(value is not None for value in values):
                    for indicator, value in zip(REVIEWS, values):
                        add(indicator, None, value)
    return facts


def wrong_rows(facts):
    """Rows of section three whose six columns do not add up to 总计."""
    row = ["year", "office_code", "office", "indicator"]
    applications = facts.filter(pl.col("section") == "applications")
    parts = applications.filter(pl.col("applicant") != "total").group_by(row).agg(
        pl.col("value").sum().alias("parts"), pl.col("value").is_not_null().all().alias("complete")
    )
    totals = applications.filter(pl.col("applicant") == "total").select(row + ["value"])
    return parts.join(totals, on=row).filter(
        pl.col("complete") & pl.col("value").is_not_null() & (pl.col("parts") != pl.col("value"))
    )


def main():
    reports, registry, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    started = time.time()
    paths = sorted(str(path) for path in reports.rglob("*.md"))
    with multiprocessing.Pool() as pool:
        per_report = pool.map(read_report, paths, chunksize=64)
    rows = [fact for facts in per_report for fact in facts]
    read = time.time()

    facts = pl.DataFrame(
        rows,
        schema={
            "year": pl.Int32,
            "title_office": pl.String,
            "section": pl.String,
            "indicator": pl.String,
            "applicant": pl.String,
            "value": pl.Float64,
            "source_file": pl.String,
        },
        orient="row",
    )
    offices = pl.read_csv(registry, schema_overrides={"code": pl.String, "district_code": pl.String})
    offices = offices.with_columns(
        (pl.col("city") + pl.col("district") + pl.col("name")).alias("title_office")
    ).select(
        "title_office",
        pl.col("code").alias("office_code"),
        pl.col("name").alias("office"),
        "district_code",
        "district",
    )
    facts = facts.join(offices, on="title_office", how="left").drop("title_office")
    facts = facts.sort("year", "district_code", "office_code", "indicator", "applicant")
    wrong = wrong_rows(facts)
    totals = (
        facts.filter(pl.col("office_code").is_not_null())
        .group_by("year", "district_code", "district", "section", "indicator", "applicant")
        .agg(pl.col("value").sum(), pl.col("value").is_not_null().sum().alias("offices_with_value"))
        .sort("year", "district_code", "indicator", "applicant")
    )
    for name, frame in [("facts", facts), ("totals", totals), ("wrong_rows", wrong)]:
        frame.write_parquet(out / f"{name}.parquet", compression="zstd")
        frame.write_csv(out / f"{name}.csv", include_bom=True)
    done = time.time()
    print(
        f"{len(paths)} reports, {facts.height} facts, {wrong.height} wrong rows; "
        f"reading {read - started:.2f} s, the rest {done - read:.2f} s, "
        f"together {done - started:.2f} s"
    )


if __name__ == "__main__":
    main()
