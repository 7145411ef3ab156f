-- Five questions to the published tables, for DuckDB. Run in the folder with the results:
--   cd out && duckdb < duckdb.sql
-- Each question is one query; `check.py` runs them by their names.

-- granted: Which district answers least of its applications in full?
SELECT year, division AS district, round(100.0 * g.value / t.value, 1) AS percent
FROM read_parquet('division_totals/*/*.parquet', hive_partitioning = true) g
JOIN read_parquet('division_totals/*/*.parquet', hive_partitioning = true) t USING (year, level, division_code, division, section, applicant)
WHERE level = 'district' AND applicant = 'total' AND g.indicator = 'outcomes.granted' AND t.indicator = 'outcomes.total' AND t.value > 0
ORDER BY percent, year, district;

-- channels: How do the channels of disclosure shift over the years?
SELECT year, channel, value AS items, round(100.0 * value / sum(value) OVER (PARTITION BY year), 1) AS percent
FROM read_parquet('division_totals/*/*.parquet', hive_partitioning = true)
WHERE level = 'province' AND indicator = 'info_disclosed' AND channel IS NOT NULL AND value > 0
ORDER BY year, channel;

-- sums: Which offices' sums do not hold?
SELECT year, district, office, rule, count(*) AS findings
FROM read_parquet('findings/*/*.parquet', hive_partitioning = true)
WHERE severity = 'error' AND (rule LIKE 'applications.%' OR rule LIKE 'reviews.%')
GROUP BY ALL
ORDER BY year, district, office, rule;

-- missing: Who has not reported?
SELECT year, district, count(*) AS offices, string_agg(office, '、' ORDER BY office) AS missing
FROM read_parquet('findings/*/*.parquet', hive_partitioning = true)
WHERE rule = 'report.missing'
GROUP BY ALL
ORDER BY year, district;

-- persons: What share of applications comes from natural persons?
SELECT year, division AS district, n.value AS persons, t.value AS applications, round(100.0 * n.value / t.value, 1) AS percent
FROM read_parquet('division_totals/*/*.parquet', hive_partitioning = true) n
JOIN read_parquet('division_totals/*/*.parquet', hive_partitioning = true) t USING (year, level, division_code, division, section, indicator)
WHERE level = 'district' AND indicator = 'applications.received' AND n.applicant = 'natural_person' AND t.applicant = 'total' AND t.value > 0
ORDER BY year, district;
