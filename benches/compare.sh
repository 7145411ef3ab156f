#!/usr/bin/env bash
# The whole job on N reports (10,000 unless told) against (a) the Python script that an analyst would write and
# (b) a search that only reads. Prints the best of some runs of each, and the ratios; they are what counts, as all
# ran on the same machine a moment apart. What is not installed is left out, with a reason.
#   benches/compare.sh [reports] [folder]     the folder holds input and output; on a RAM disk the disk is left out
set -euo pipefail
cd "$(dirname "$0")/.."
reports=${1:-10000}
work=${2:-$(mktemp -d)}
mkdir -p "$work"
[ $# -ge 2 ] || trap 'rm -rf "$work"' EXIT

cargo build --release --locked --quiet
cargo build --release --locked --quiet --example generate_reports
target=${CARGO_TARGET_DIR:-target}
rm -rf "$work/input"
"$target/release/examples/generate_reports" --reports "$reports" --out "$work/input" --torn 0

best() { # name, runs, command...: the least wall seconds of some runs
  local name=$1 runs=$2 least=""
  shift 2
  for _ in $(seq "$runs"); do
    local from to
    from=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    to=$(date +%s%N)
    local took=$(((to - from) / 1000))
    if [ -z "$least" ] || [ "$took" -lt "$least" ]; then least=$took; fi
  done
  printf '%-10s %8.3f s\n' "$name" "$(echo "$least / 1000000" | bc -l)" >&2
  echo "$least"
}

huizong=$(best huizong 5 "$target/release/huizong" aggregate --input "$work/input/reports" --config "$work/input/config" --output "$work/out" --quiet)
if command -v rg >/dev/null; then
  rg=$(best 'rg' 5 rg -c zzzz "$work/input/reports")
  printf 'huizong takes %.1f times as long as a search that only reads (wanted: at most 6)\n' "$(echo "$huizong / $rg" | bc -l)"
else
  echo 'rg is not installed: not compared with a search'
fi
python=${PYTHON:-python3}
if "$python" -c 'import polars' 2>/dev/null; then
  script=$(best 'script' 2 "$python" benches/baseline.py "$work/input/reports" "$work/input/config/offices.csv" "$work/script")
  printf 'huizong is %.1f times as fast as the script (wanted: at least 20)\n' "$(echo "$script / $huizong" | bc -l)"
else
  echo "$python has no polars: not compared with the script (pip install polars; PYTHON=... to choose another)"
fi
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f 'peak memory %M kB' "$target/release/huizong" aggregate --input "$work/input/reports" --config "$work/input/config" --output "$work/out" --quiet || true
fi
