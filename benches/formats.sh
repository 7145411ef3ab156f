#!/usr/bin/env bash
# Files of each format, to paragraphs and tables, against a Python library that reads the same, and beside it our whole
# reading, to facts and findings. All on one thread and in one run; the ratio is what counts. What is not installed is left
# out, with a reason.
#   benches/formats.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
python=${PYTHON:-python3}
cargo build --release --locked --quiet --example time_reading
target=${CARGO_TARGET_DIR:-target}

compare() { # format, module, wanted ratio, files...
  local format=$1 module=$2 wanted=$3
  shift 3
  local whole decoding other
  read -r whole decoding < <("$target/release/examples/time_reading" "$rounds" "$@")
  if ! "$python" -c "import $module" 2>/dev/null; then
    echo "$format: $# files decoded in $decoding s, read in $whole s; $python has no $module: not compared (PYTHON=... to choose another)"
    return
  fi
  other=$("$python" benches/formats.py "$format" "$rounds" "$@" | cut -d' ' -f1)
  printf '%s: %d files, %s %s s; decoded in %s s, %.1f times as fast (wanted: at least %s); read to facts in %s s, %.1f times as fast\n' \
    "$format" $# "$module" "$other" "$decoding" "$(echo "$other / $decoding" | bc -l)" "$wanted" "$whole" "$(echo "$other / $whole" | bc -l)"
}

samples() {
  mapfile -t files < <(find data/reports -name "*.$1" | sort)
}

samples html && compare html pandas 20 "${files[@]}"
samples docx && compare docx docx 20 "${files[@]}"
samples pdf && compare pdf pdfplumber 15 "${files[@]}"
