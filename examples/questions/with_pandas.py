"""Five questions to the published tables, with pandas. Run in the folder with the results."""

from pathlib import Path

import numpy as np
import pandas as pd


def table(name):
    # The folders hold CSV files too, so the Parquet files are named one by one.
    frame = pd.read_parquet([str(path) for path in sorted(Path(name).glob("*/*.parquet"))])
    return frame.assign(year=frame["year"].astype(int))


def percent(part, whole):
    """Rounded half away from zero, as SQL does."""
    return np.floor(1000.0 * part / whole + 0.5) / 10


def ordered(frame, *keys):
    return frame.sort_values(list(keys)).reset_index(drop=True)


def granted():
    """Which district answers least of its applications in full?"""
    totals = table("division_totals").query("level == 'district' and applicant == 'total'")
    wide = totals.pivot_table(index=["year", "division"], columns="indicator", values="value").reset_index()
    wide = wide[wide["outcomes.total"] > 0]
    wide["percent"] = percent(wide["outcomes.granted"], wide["outcomes.total"])
    return ordered(wide.rename(columns={"division": "district"})[["year", "district", "percent"]], "percent", "year", "district")


def channels():
    """How do the channels of disclosure shift over the years?"""
    totals = table("division_totals").query("level == 'province' and indicator == 'info_disclosed' and channel.notna() and value > 0")
    share = percent(totals["value"], totals.groupby("year")["value"].transform("sum"))
    return ordered(totals.assign(items=totals["value"], percent=share)[["year", "channel", "items", "percent"]], "year", "channel")


def sums():
    """Which offices' sums do not hold?"""
    wrong = table("findings").query("severity == 'error' and rule.str.match('applications|reviews')")
    keys = ["year", "district", "office", "rule"]
    return ordered(wrong.groupby(keys, dropna=False).size().reset_index(name="findings"), *keys)


def missing():
    """Who has not reported?"""
    found = table("findings").query("rule == 'report.missing'").sort_values("office")
    return ordered(found.groupby(["year", "district"])["office"].agg(offices="size", missing="、".join).reset_index(), "year", "district")


def persons():
    """What share of applications comes from natural persons?"""
    totals = table("division_totals").query("level == 'district' and indicator == 'applications.received'")
    wide = totals.pivot_table(index=["year", "division"], columns="applicant", values="value").reset_index()
    wide = wide[wide["total"] > 0].rename(columns={"division": "district", "natural_person": "persons", "total": "applications"})
    wide["percent"] = percent(wide["persons"], wide["applications"])
    return ordered(wide[["year", "district", "persons", "applications", "percent"]], "year", "district")


QUESTIONS = [granted, channels, sums, missing, persons]

if __name__ == "__main__":
    for question in QUESTIONS:
        print(question.__doc__, question(), sep="\n")
