#!/usr/bin/env python3
"""Opens everything a run published with the readers analysts use, and adds the totals up again.

    tests/outputs.py OUT PROGRAM

OUT is the output of a run over the repository's sample data, every year; PROGRAM is the built program,
for one more run over cells that a spreadsheet would take for formulas. Needs duckdb, pandas, pyarrow
and polars, and knows nothing of how the program works: only what the contract says of its files.
"""

import csv
import glob
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.dataset
import pyarrow.parquet

REPO = Path(__file__).resolve().parent.parent
TEXT, NUMBER, COUNT, DAY = "VARCHAR", "DOUBLE", "UINTEGER", "DATE"

# The columns of the contract in its order; more may stand between them.
TABLES = {
    "facts": {
        "district_code": TEXT, "district": TEXT, "office_code": TEXT, "office": TEXT, "section": TEXT, "indicator": TEXT,
        "applicant": TEXT, "channel": TEXT, "value": NUMBER, "unit": TEXT, "qualifier": TEXT, "scope": TEXT, "state": TEXT,
        "raw": TEXT, "source_file": TEXT, "source_page": COUNT, "source_line": COUNT, "source_cell": TEXT,
    },
    "reports": {
        "district_code": TEXT, "district": TEXT, "office_code": TEXT, "office": TEXT, "source_file": TEXT, "format": TEXT,
        "encoding": TEXT, "form": TEXT, "title": TEXT, "published_on": DAY, "content_hash": TEXT, "status": TEXT,
        "cells_expected": COUNT, "cells_found": COUNT,
    },
    "findings": {
        "severity": TEXT, "rule": TEXT, "district_code": TEXT, "district": TEXT, "office_code": TEXT, "office": TEXT,
        "indicator": TEXT, "applicant": TEXT, "expected": NUMBER, "actual": NUMBER, "suggestion": TEXT, "source_file": TEXT,
        "source_page": COUNT, "source_line": COUNT, "message_zh": TEXT, "message_en": TEXT,
    },
    "division_totals": {
        "level": TEXT, "division_code": TEXT, "division": TEXT, "section": TEXT, "indicator": TEXT, "applicant": TEXT,
        "channel": TEXT, "value": NUMBER, "unit": TEXT, "qualifier": TEXT, "minimum": NUMBER, "maximum": NUMBER,
        "offices_expected": COUNT, "offices_reported": COUNT, "offices_with_value": COUNT,
    },
    "district_summary": {
        "district_code": TEXT, "district": TEXT, "city": TEXT, "offices_expected": COUNT, "offices_reported": COUNT,
        "offices_missing": COUNT, "items_disclosed": NUMBER, "hotline_cases": NUMBER, "completion_rate": NUMBER,
        "applications_received": NUMBER, "applications_carried_in": NUMBER, "applications_closed": NUMBER,
        "applications_carried_out": NUMBER, "application_completion_rate": NUMBER, "reviews_total": NUMBER,
        "reviews_corrected": NUMBER, "lawsuits_total": NUMBER, "lawsuits_corrected": NUMBER, "licensing_decisions": NUMBER,
        "penalty_decisions": NUMBER, "coercive_decisions": NUMBER, "errors": COUNT, "warnings": COUNT,
    },
}  # fmt: skip

# What no two rows of a year have in common. In facts only the cells of the forms have a key.
KEYS = {
    "facts": ["source_file", "section", "indicator", "applicant"],
    "reports": ["source_file"],
    "division_totals": ["level", "division_code", "section", "indicator", "applicant", "channel"],
    "district_summary": ["district_code"],
}

VALUES = {
    ("facts", "state"): {"reported", "blank", "not_applicable", "unreadable", "inferred"},
    ("facts", "qualifier"): {"exact", "at_least", "at_most", "approx"},
    ("facts", "scope"): {"current_year", "cumulative", "previous_year", "next_year_plan"},
    ("facts", "section"): {"active_disclosure", "applications", "reviews", "narrative"},
    ("reports", "form"): {"2019", "2021", "mixed", "legacy", "none"},
    ("reports", "status"): {"read", "partly_read", "unreadable", "duplicate"},
    ("findings", "severity"): {"error", "warning", "info"},
    ("division_totals", "level"): {"district", "city", "province"},
}

faults = []


def check(holds, what):
    if not holds:
        faults.append(what)
        print(f"FAULT  {what}", flush=True)


def readers(out, table):
    """Every reader finds the same rows, the year among the columns, and the types of the contract."""
    files = sorted(glob.glob(f"{out}/{table}/*/{table}.parquet"))
    pattern = f"{out}/{table}/*/*.parquet"
    years = sorted(int(re.search(r"year=(\d+)", f)[1]) for f in files)
    check(years == [2019, 2020, 2021, 2022], f"{table}: years {years}")

    relation = duckdb.sql(f"from read_parquet('{pattern}', hive_partitioning = true, hive_types = {{'year': INTEGER}})")
    types = dict(zip(relation.columns, map(str, relation.types)))
    wanted = TABLES[table]
    for column, kind in wanted.items():
        check(types.get(column) == kind, f"{table}.{column} is {types.get(column)} for DuckDB, not {kind}")
    check([c for c in relation.columns if c in wanted] == list(wanted), f"{table}: order of columns {relation.columns}")
    rows = relation.aggregate("count(*)").fetchall()[0][0]

    data = pyarrow.dataset.dataset(files, format="parquet", partitioning=pyarrow.dataset.partitioning(flavor="hive"), partition_base_dir=f"{out}/{table}")
    whole = pyarrow.dataset.dataset(f"{out}/{table}", format="parquet", partitioning="hive", exclude_invalid_files=True).to_table()
    check(whole.num_rows == rows, f"{table}: pyarrow finds {whole.num_rows} rows, DuckDB {rows}")
    check(whole.schema.field("year").type == pyarrow.int32(), f"{table}: year is {whole.schema.field('year').type} for pyarrow")
    check(data.count_rows() == rows, f"{table}: pyarrow finds {data.count_rows()} rows in the files")

    frame = polars.scan_parquet(pattern, hive_partitioning=True).collect()
    check(frame.height == rows and "year" in frame.columns, f"{table}: polars finds {frame.height} rows in {frame.columns}")
    each = [pandas.read_parquet(f) for f in files]
    check(sum(map(len, each)) == rows, f"{table}: pandas finds {sum(map(len, each))} rows")
    for file in files:
        parquet = pyarrow.parquet.ParquetFile(file)
        check("year" not in parquet.schema_arrow.names, f"{file}: year is a column of the file")
        groups = [parquet.metadata.row_group(g) for g in range(parquet.num_row_groups)]
        packed = {g.column(c).compression for g in groups for c in range(g.num_columns)}
        check(packed <= {"ZSTD"}, f"{file}: compressed with {packed}")

    # The CSV through the same readers.
    texts = sorted(glob.glob(f"{out}/{table}/*/{table}.csv"))
    count = duckdb.sql(f"select count(*) from read_csv('{out}/{table}/*/*.csv', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')").fetchall()[0][0]
    check(count == rows, f"{table}: DuckDB finds {count} rows in the CSV and {rows} in the Parquet files")
    codes = {c: "str" for c in wanted if c.endswith("_code")}
    lengths = sum(len(pandas.read_csv(f, dtype=codes, encoding="utf-8-sig")) for f in texts)
    check(lengths == rows, f"{table}: pandas finds {lengths} rows in the CSV")
    height = sum(polars.read_csv(f, infer_schema=False).height for f in texts)
    check(height == rows, f"{table}: polars finds {height} rows in the CSV")
    for parquet, text in zip(files, texts):
        same(parquet, text)
    return rows


def same(parquet, text):
    """A CSV holds what its Parquet file holds: mark, line ends, quotes, empty for nothing, defused formulas."""
    raw = Path(text).read_bytes()
    year = re.search(r"year=(\d+)", text)[1]
    check(raw.startswith(b"\xef\xbb\xbf") and not raw[3:].startswith(b"\xef\xbb\xbf"), f"{text}: byte order mark")
    outside = re.sub(rb'"(?:[^"]|"")*"', b"", raw)
    check(raw.endswith(b"\r\n") and outside.count(b"\n") == outside.count(b"\r\n") == outside.count(b"\r"), f"{text}: line ends")
    header, *lines = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
    table = pyarrow.parquet.ParquetFile(parquet).read()
    check(header == ["year", *table.column_names], f"{text}: columns {header}")
    check(len(lines) == table.num_rows, f"{text}: {len(lines)} rows, {table.num_rows} in the Parquet file")
    wrong = []
    for line, row in zip(lines, table.to_pylist()):
        expected = [year] + [row[name] for name in table.column_names]
        for name, found, value in zip(header, line, expected):
            if value is None or value == "":
                fits = found == ""
            elif isinstance(value, float):
                fits = found != "" and float(found) == value and "e" not in found.lower() and not found.endswith(".0")
            elif isinstance(value, str) and name != "year":
                fits = found == (f"'{value}" if value[0] in "=+-@\t\r＝＋－＠" else value)
            else:
                fits = found == str(value)
            if not fits:
                wrong.append(f"{name}: {found!r} for {value!r}")
    check(not wrong, f"{text}: {len(wrong)} cells differ from Parquet, as {wrong[:3]}")


def load(connection, out):
    for table in TABLES:
        connection.sql(
            f"create view {table} as from read_parquet('{out}/{table}/*/*.parquet', hive_partitioning = true, hive_types = {{'year': INTEGER}})"
        )
    connection.sql(f"create table registry as from read_csv('{REPO}/config/offices.csv', all_varchar = true)")


def keys(connection):
    for table, columns in KEYS.items():
        where = "where section <> 'narrative'" if table == "facts" else ""
        twice = connection.sql(f"select year, {', '.join(columns)}, count(*) from {table} {where} group by all having count(*) > 1 limit 3").fetchall()
        check(not twice, f"{table}: rows with the same key: {twice}")
    for (table, column), allowed in VALUES.items():
        found = {row[0] for row in connection.sql(f"select distinct {column} from {table}").fetchall()}
        check(found <= allowed, f"{table}.{column}: {found - allowed}")
    for question, what in {
        "select count(*) from facts where (state in ('reported', 'inferred')) <> (value is not null)": "facts: a value without a state that has one, or the reverse",
        "select count(*) from facts where isinf(value) or isnan(value)": "facts: values that are no numbers",
        "select count(*) from facts where (section = 'applications') <> (applicant is not null)": "facts: applicants outside of applications",
        "select count(*) from facts where channel is not null and section <> 'narrative'": "facts: channels outside of the prose",
        "select count(*) from facts where (office_code is null) <> (district_code is null)": "facts: half-registered offices",
        "select count(*) from facts where not regexp_matches(coalesce(office_code, '000000000000'), '^[0-9]{12}$')": "facts: office codes",
        "select count(*) from facts where section <> 'narrative' and scope <> 'current_year'": "facts: form cells of another scope",
        "select count(*) from facts join reports using (year, source_file) where raw is not null and source_line is null and format not in ('pdf', 'ofd', 'docx')": "facts: raw text without a line",
        "select count(*) from facts join reports using (year, source_file) where raw is not null and source_page is null and format in ('pdf', 'ofd')": "facts: raw text without a page",
        "select count(*) from facts where source_cell is not null and not regexp_matches(source_cell, '^t[0-9]+:r[0-9]+:c[0-9]+$')": "facts: source_cell",
        "select count(*) from facts anti join reports using (year, source_file)": "facts of a file that reports does not know",
        "select count(*) from facts semi join (select * from reports where status in ('duplicate', 'unreadable')) using (year, source_file)": "facts of a duplicate",
        "select count(*) from division_totals where offices_with_value > offices_reported or offices_reported > offices_expected": "division_totals: more offices than there are",
        "select count(*) from division_totals where (value is null) <> (offices_with_value = 0) and unit <> 'ratio'": "division_totals: sums over nothing",
        "select count(*) from division_totals where value < minimum and unit <> 'ratio' and minimum >= 0": "division_totals: less than the smallest part",
        "select count(*) from division_totals where unit = 'ratio' and (value < minimum - 1e-9 or value > maximum + 1e-9)": "division_totals: a mean outside of its parts",
        "select count(*) from findings where message_zh = '' or message_en = '' or message_zh is null or message_en is null or contains(message_zh, '{') or contains(message_en, '{')": "findings: messages",
        "select count(*) from reports where content_hash is null or length(content_hash) <> 64": "reports: hashes",
    }.items():
        number = connection.sql(question).fetchall()[0][0]
        check(number == 0, f"{what}: {number} rows")
    check(connection.sql("select count(*) from facts").fetchall()[0][0] > 10_000, "facts: hardly any")
    order = connection.sql("select * from division_totals").fetchall()
    check(len(order) > 1000, "division_totals: hardly any")


PARTS = """
create table parts as
with counted as (
    select year, district_code, office_code, source_file, section, indicator, applicant, channel, value, unit, qualifier from facts
    where state in ('reported', 'inferred') and scope = 'current_year' and office_code is not null
), bounded as (
    -- Of a range only the lower bound is added.
    select * from counted where not (qualifier = 'at_most' and exists (
        from counted other where other.year = counted.year and other.source_file = counted.source_file and other.indicator = counted.indicator
        and other.channel is not distinct from counted.channel and other.section = counted.section and other.qualifier = 'at_least'))
), all_names as (
    from bounded
    union all
    -- One series through all years: the three parts of （六） are also added up.
    select year, district_code, office_code, source_file, section, 'outcomes.other', applicant, channel, value, unit, qualifier
    from bounded where starts_with(indicator, 'outcomes.other.')
)
select year, district_code, office_code, section, indicator, applicant, channel, any_value(unit) as unit, sum(value) as value, bool_and(qualifier = 'exact') as exact
from all_names group by all
"""

TOTALS = """
with divisions as (
    select *, 'district' as level, district_code as division_code from parts
    union all select *, 'city', left(district_code, 4) || '00' from parts
    union all select *, 'province', left(district_code, 2) || '0000' from parts
)
select year, level, division_code, section, indicator, applicant, channel,
    sum(value) as value, min(value) as minimum, max(value) as maximum, count(distinct office_code) as offices_with_value, bool_and(exact) as exact
from divisions where unit <> 'ratio' group by all
"""


def totals(connection):
    """division_totals from facts, independently, in SQL."""
    connection.sql(PARTS)
    connection.sql(f"create table again as {TOTALS}")
    keys = " and ".join(f"a.{k} is not distinct from t.{k}" for k in ["year", *KEYS["division_totals"]])
    joined = f"division_totals t left join again a on {keys}"
    for question, what in {
        f"select count(*) from {joined} where t.unit <> 'ratio' and t.offices_with_value <> coalesce(a.offices_with_value, 0)": "offices_with_value",
        f"select count(*) from {joined} where t.unit <> 'ratio' and abs(coalesce(t.value, -1) - coalesce(a.value, -1)) > 1e-6": "value",
        f"select count(*) from {joined} where t.unit <> 'ratio' and abs(coalesce(t.minimum, -1) - coalesce(a.minimum, -1)) > 1e-6": "minimum",
        f"select count(*) from {joined} where t.unit <> 'ratio' and abs(coalesce(t.maximum, -1) - coalesce(a.maximum, -1)) > 1e-6": "maximum",
        f"select count(*) from {joined} where t.unit <> 'ratio' and a.exact and t.qualifier <> 'exact' or not a.exact and t.qualifier = 'exact'": "qualifier",
        f"select count(*) from again a anti join division_totals t on {keys} where a.section <> 'narrative'": "cells that no total holds",
    }.items():
        number = connection.sql(question).fetchall()[0][0]
        check(number == 0, f"division_totals against facts: {what}: {number} rows differ")
    expected = """
        with valid as (select y.year, r.* from registry r, (select distinct year from reports) y)
        select year, district_code, count(*) as expected from valid group by all"""
    reported = "select year, district_code, count(distinct office_code) as reported from reports where status in ('read', 'partly_read') and form <> 'none' and office_code is not null group by all"
    number = connection.sql(f"""
        select count(*) from district_summary s join ({expected}) e using (year, district_code) left join ({reported}) r using (year, district_code)
        where s.offices_expected <> e.expected or s.offices_reported <> coalesce(r.reported, 0) or s.offices_missing <> e.expected - coalesce(r.reported, 0)""").fetchall()[0][0]
    check(number == 0, f"district_summary: offices of {number} rows")
    number = connection.sql(f"""
        select count(*) from division_totals t join ({expected}) e on e.year = t.year and e.district_code = t.division_code
        left join ({reported}) r on r.year = t.year and r.district_code = t.division_code
        where t.level = 'district' and (t.offices_expected <> e.expected or t.offices_reported <> coalesce(r.reported, 0))""").fetchall()[0][0]
    check(number == 0, f"division_totals: offices of {number} rows")


SUMMARY = """
with narrative as (from parts where section = 'narrative'),
disclosed as (
    select year, district_code, office_code, coalesce(sum(value) filter (channel is null), sum(value)) as items
    from narrative where indicator = 'info_disclosed' group by all
),
ranked as (
    -- Handled before received, the hotline before a figure that channels share.
    select *, row_number() over (partition by year, office_code order by indicator, channel = 'all') as choice
    from narrative where indicator in ('requests_handled', 'requests_received') and channel in ('hotline_12345', 'all')
),
cases as (select year, district_code, office_code, value as cases, channel from ranked where choice = 1),
rates as (
    select r.year, r.office_code, r.value as rate, c.cases, row_number() over (partition by r.year, r.office_code order by r.channel is distinct from c.channel, r.channel is distinct from 'hotline_12345') as choice
    from narrative r join cases c using (year, office_code) where r.indicator = 'request_completion_rate'
),
prose as (
    select district_code, year, sum(items) as items_disclosed, null::double as hotline_cases, null::double as completion_rate from disclosed group by all
    union all select district_code, year, null, sum(cases), null from cases group by all
    union all select o.district_code, year, null, null, sum(rate * cases) / sum(cases) from rates join registry o on o.code = rates.office_code where choice = 1 group by all
),
cells as (
    select year, district_code,
        sum(value) filter (indicator = 'applications.received' and applicant = 'total') as applications_received,
        sum(value) filter (indicator = 'applications.carried_in' and applicant = 'total') as applications_carried_in,
        sum(value) filter (indicator = 'outcomes.total' and applicant = 'total') as applications_closed,
        sum(value) filter (indicator = 'applications.carried_out' and applicant = 'total') as applications_carried_out,
        sum(value) filter (indicator = 'reconsideration.total') as reviews_total,
        sum(value) filter (indicator = 'reconsideration.corrected') as reviews_corrected,
        sum(value) filter (indicator in ('litigation.direct.total', 'litigation.after_reconsideration.total')) as lawsuits_total,
        sum(value) filter (indicator in ('litigation.direct.corrected', 'litigation.after_reconsideration.corrected')) as lawsuits_corrected,
        sum(value) filter (indicator = 'licensing.decisions') as licensing_decisions,
        sum(value) filter (indicator = 'penalties.decisions') as penalty_decisions,
        sum(value) filter (indicator = 'coercive_measures.decisions') as coercive_decisions
    from parts where section <> 'narrative' group by all
),
counted as (
    select year, district_code, count(*) filter (severity = 'error') as errors, count(*) filter (severity = 'warning') as warnings
    from findings where district_code is not null group by all
)
select s.year, s.district_code, max(p.items_disclosed) as items_disclosed, max(p.hotline_cases) as hotline_cases, max(p.completion_rate) as completion_rate,
    any_value(columns(c.* exclude (year, district_code))),
    any_value(c.applications_closed / (c.applications_received + c.applications_carried_in)) as application_completion_rate,
    coalesce(any_value(f.errors), 0) as errors, coalesce(any_value(f.warnings), 0) as warnings
from district_summary s left join prose p using (year, district_code) left join cells c using (year, district_code) left join counted f using (year, district_code)
group by s.year, s.district_code
"""


def summary(connection):
    """district_summary from facts and findings, as the contract defines its columns."""
    again = connection.sql(SUMMARY).df().set_index(["year", "district_code"])
    published = connection.sql("from district_summary").df().set_index(["year", "district_code"])
    check(len(published) == 8, f"district_summary: {len(published)} rows")
    for column in again.columns:
        for key, value in again[column].items():
            found = published.loc[key, column]
            close = pandas.isna(found) and pandas.isna(value) or abs(found - value) <= 1e-9 * max(1, abs(value))
            check(close, f"district_summary {key} {column}: {found}, from the facts {value}")
    levels = connection.sql("""
        select count(*) from district_summary s join division_totals t on t.year = s.year and t.division_code = s.district_code and t.level = 'district'
        where t.indicator = 'applications.received' and t.applicant = 'total' and t.value is distinct from s.applications_received""").fetchall()[0][0]
    check(levels == 0, "district_summary and division_totals disagree")


def formulas(program):
    """Cells that a spreadsheet would run: defused in CSV, raw in Parquet."""
    row = "|规章|0|0|0|"
    sample = next(p for p in sorted((REPO / "data/reports/2020").rglob("*.md")) if row in p.read_text("utf-8", errors="replace"))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data/reports/2020").mkdir(parents=True)
        shutil.copytree(REPO / "config", place / "config")
        text = sample.read_text("utf-8").replace(row, '|规章|=HYPERLINK("http://x")|-|@x|')
        (place / "data/reports/2020/=1+1.md").write_text(text, "utf-8")
        subprocess.run([program, "aggregate", "--year", "2020", "--quiet"], cwd=place, check=True)
        files = place / "out/facts/year=2020"
        cells = duckdb.sql(f"select raw, source_file from read_parquet('{files}/facts.parquet') where starts_with(indicator, 'regulations.')").fetchall()
        check(sorted(c[0] for c in cells) == ["-", '=HYPERLINK("http://x")', "@x"], f"formulas in Parquet: {cells}")
        raw = (files / "facts.csv").read_bytes().decode("utf-8-sig")
        lines = [line for line in csv.DictReader(io.StringIO(raw, newline="")) if line["indicator"].startswith("regulations.")]
        check(sorted(line["raw"] for line in lines) == ["'-", "'=HYPERLINK(\"http://x\")", "'@x"], f"formulas in CSV: {[line['raw'] for line in lines]}")
        for table in TABLES:
            same(str(place / f"out/{table}/year=2020/{table}.parquet"), str(place / f"out/{table}/year=2020/{table}.csv"))


def main():
    out, program = sys.argv[1:]
    for table in TABLES:
        print(f"{table}: {readers(out, table)} rows read by DuckDB, pandas, pyarrow and polars", flush=True)
    connection = duckdb.connect()
    load(connection, out)
    for step in (keys, totals, summary):
        step(connection)
    formulas(str(Path(program).resolve()))
    print(f"{len(faults)} faults" if faults else "outputs.py: all outputs are as the contract says")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
