#!/bin/sh
# Word documents: this program and python-docx (pip install python-docx) on the sample reports, in one run.
set -eu
cd "$(dirname "$0")/.."
cargo bench --locked --bench docx
find data/reports -name '*.docx' -exec "${PYTHON:-python3}" benches/docx.py {} +
echo 'Criterion gives the time of all files together; python-docx the time of one.'
