#!/usr/bin/env bash
# The whole reading of files, to facts and findings, against a Python library that reads only their text and tables. Both
# on one thread and in one run; the ratio is what counts. What is not installed is left out, with a reason.
#   benches/formats.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
python=${PYTHON:-python3}
cargo build --release --locked --quiet --no-default-features --example time_reading
target=${CARGO_TARGET_DIR:-target}

compare() { # format, module, wanted ratio, files...
  local format=$1 module=$2 wanted=$3
  shift 3
  local own other
  own=$("$target/release/examples/time_reading" "$rounds" "$@" | cut -d' ' -f1)
  if ! "$python" -c "import $module" 2>/dev/null; then
    echo "$format: $# files in $own s; $python has no $module: not compared (PYTHON=... to choose another)"
    return
  fi
  other=$("$python" benches/formats.py "$format" "$rounds" "$@" | cut -d' ' -f1)
  printf '%s: %d files in %s s, %s %s s: %.1f times as fast (wanted: at least %s)\n' "$format" $# "$own" "$module" "$other" "$(echo "$other / $own" | bc -l)" "$wanted"
}

samples() {
  mapfile -t files < <(find data/reports -name "*.$1" | sort)
}

samples html && compare html pandas 20 "${files[@]}"
samples docx && compare docx docx 20 "${files[@]}"
samples pdf && compare pdf pdfplumber 15 "${files[@]}"
