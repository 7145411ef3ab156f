"""Asks the five questions with DuckDB, polars and pandas and compares the answers: check.py OUT"""

import os
import re
import sys
from pathlib import Path

import duckdb

here = Path(__file__).parent
sys.path.insert(0, str(here))
import with_pandas
import with_polars

script = (here / "duckdb.sql").read_text(encoding="utf-8")
os.chdir(sys.argv[1])
queries = {name: query for name, query in re.findall(r"^-- (\w+): [^\n]*\n(.*?;)", script, re.M | re.S)}


def rows(columns, values):
    plain = lambda v: round(v, 6) if isinstance(v, float) else int(v) if hasattr(v, "__int__") and not isinstance(v, str) else v
    return list(columns), [tuple(plain(v) for v in row) for row in values]


wrong = 0
for polars_question, pandas_question in zip(with_polars.QUESTIONS, with_pandas.QUESTIONS, strict=True):
    name = polars_question.__name__
    sql = duckdb.sql(queries[name])
    pandas_frame = pandas_question()
    polars_frame = polars_question()
    answers = {
        "duckdb": rows(sql.columns, sql.fetchall()),
        "polars": rows(polars_frame.columns, polars_frame.rows()),
        "pandas": rows(pandas_frame.columns, pandas_frame.itertuples(index=False)),
    }
    columns, values = answers["duckdb"]
    assert values, f"{name}: no answer at all"
    if any(answer != answers["duckdb"] for answer in answers.values()):
        wrong += 1
        print(f"{name}: the answers differ", *answers.items(), sep="\n  ")
    else:
        print(f"{name}: {len(values)} rows, equal in DuckDB, polars and pandas")
sys.exit(1 if wrong else 0)
