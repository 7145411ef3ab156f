"""Five questions to the published tables, with polars. Run in the folder with the results."""

import polars as pl


def table(name):
    return pl.scan_parquet(f"{name}/*/*.parquet", hive_partitioning=True)


def percent(part, whole):
    return (100.0 * pl.col(part) / pl.col(whole)).round(1, mode="half_away_from_zero").alias("percent")


def granted():
    """Which district answers least of its applications in full?"""
    totals = table("division_totals").filter(pl.col("level") == "district", pl.col("applicant") == "total")
    of = lambda indicator, name: totals.filter(pl.col("indicator") == indicator).select("year", district="division", **{name: "value"})
    both = of("outcomes.granted", "granted").join(of("outcomes.total", "total"), on=["year", "district"]).filter(pl.col("total") > 0)
    return both.select("year", "district", percent("granted", "total")).sort("percent", "year", "district").collect()


def channels():
    """How do the channels of disclosure shift over the years?"""
    wanted = (pl.col("level") == "province") & (pl.col("indicator") == "info_disclosed") & pl.col("channel").is_not_null() & (pl.col("value") > 0)
    share = (100.0 * pl.col("value") / pl.col("value").sum().over("year")).round(1, mode="half_away_from_zero").alias("percent")
    return table("division_totals").filter(wanted).select("year", "channel", pl.col("value").alias("items"), share).sort("year", "channel").collect()


def sums():
    """Which offices' sums do not hold?"""
    arithmetic = pl.col("rule").str.starts_with("applications.") | pl.col("rule").str.starts_with("reviews.")
    wrong = table("findings").filter(pl.col("severity") == "error", arithmetic)
    keys = ["year", "district", "office", "rule"]
    return wrong.group_by(keys).agg(pl.len().alias("findings")).sort(keys).collect()


def missing():
    """Who has not reported?"""
    names = pl.col("office").sort().str.join("、").alias("missing")
    found = table("findings").filter(pl.col("rule") == "report.missing")
    return found.group_by("year", "district").agg(pl.len().alias("offices"), names).sort("year", "district").collect()


def persons():
    """What share of applications comes from natural persons?"""
    totals = table("division_totals").filter(pl.col("level") == "district", pl.col("indicator") == "applications.received")
    of = lambda applicant, name: totals.filter(pl.col("applicant") == applicant).select("year", district="division", **{name: "value"})
    both = of("natural_person", "persons").join(of("total", "applications"), on=["year", "district"]).filter(pl.col("applications") > 0)
    return both.select("year", "district", "persons", "applications", percent("persons", "applications")).sort("year", "district").collect()


QUESTIONS = [granted, channels, sums, missing, persons]

if __name__ == "__main__":
    for question in QUESTIONS:
        print(question.__doc__, question(), sep="\n")
