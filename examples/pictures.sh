#!/usr/bin/env bash
# Takes the pictures of the README from the sample reports: examples/pictures.sh [PROGRAM]
#
# Needs chromium, soffice (LibreOffice) and pdftoppm (poppler), and a Chinese font.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:-target/release/huizong}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$program" aggregate --report --output "$scratch/out" --quiet
results="$scratch/out/publish/year=2020"

cp "$results/index.html" "$scratch/page.html"
chromium --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars --user-data-dir="$scratch/browser" \
    --window-size=1000,1350 --screenshot="$scratch/page.png" "file://$scratch/page.html" 2> /dev/null
mv "$scratch/page.png" docs/page.png

# The first page on which a statutory table is printed.
cp "$results/汇总.xlsx" "$scratch/book.xlsx"
soffice "-env:UserInstallation=file://$scratch/office" --headless --convert-to pdf --outdir "$scratch" "$scratch/book.xlsx" > /dev/null
page=1
until pdftotext -f "$page" -l "$page" "$scratch/book.pdf" - | grep -q '第二十条'; do page=$((page + 1)); done
pdftoppm -f "$page" -l "$page" -r 120 -x 80 -y 80 -W 1000 -H 860 -png -singlefile "$scratch/book.pdf" docs/workbook

for picture in docs/page.png docs/workbook.png; do
    [ "$(stat -c %s "$picture")" -lt 200000 ] || { echo "$picture is too large" >&2; exit 1; }
done
