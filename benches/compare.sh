#!/usr/bin/env bash
# The whole job on N reports (10,000 unless told) against (a) the Python script that an analyst would write and
# (b) a search that only reads, and beside what the disk alone takes for the same bytes. Prints the best of some runs
# of each, and the ratios; they are what counts, as all ran on the same machine a moment apart. What is not installed is
# left out, with a reason.
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

best() { # runs, command...: the least wall seconds of some runs
  local runs=$1 least=""
  shift
  for _ in $(seq "$runs"); do
    local from to
    from=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    to=$(date +%s%N)
    local took=$(((to - from) / 1000))
    if [ -z "$least" ] || [ "$took" -lt "$least" ]; then least=$took; fi
  done
  echo "$least"
}

row() { # name, microseconds, remark
  printf '%-26s %8.3f s %8.2f   %s\n' "$1" "$(echo "$2 / 1000000" | bc -l)" "$(echo "$2 / $huizong" | bc -l)" "${3:-}"
}

night() {
  "$target/release/huizong" aggregate --input "$work/input/reports" --config "$work/input/config" --output "$work/out" --quiet
}

# A run that knows nothing of the one before.
forget() { rm -rf "$work/out/.cache" "$work/out/.current/.manifest"; }
whole_job() {
  forget
  night
}

# A night in which one report has changed.
one_changed() {
  echo >>"$(find "$work/input/reports" -type f | head -n 1)"
  night
}

# What the disk takes for the same bytes if nothing is computed: no program that publishes them durably can be faster.
write_again() {
  find "$work"/out/.run-* -type f -exec cat {} + >"$work/again"
  sync "$work/again"
}

huizong=$(best 5 whole_job)
printf '%-26s %10s %8s\n' "$reports reports" 'wall' '÷ huizong'
row 'huizong aggregate' "$huizong" "$(du -sm "$work/out/.current/" | cut -f1) MB published and made durable"
row 'write and sync these bytes' "$(best 5 write_again)" 'the part of the disk'
rm -f "$work/again"
row 'a night without a change' "$(best 5 night)" 'wanted: at most 0.1'
row 'a walk over the input' "$(best 5 find "$work/input/reports" -type f -printf '%s\n')" 'find with the lengths; wanted: at least a third of that night'
row 'a night with one change' "$(best 3 one_changed)" 'reads one report, writes its year'
if command -v rg >/dev/null; then
  row 'rg -c zzzz' "$(best 5 rg -c zzzz "$work/input/reports")" 'a search that only reads; wanted: at least 0.17'
else
  echo 'rg is not installed: not compared with a search'
fi
python=${PYTHON:-python3}
if "$python" -c 'import polars' 2>/dev/null; then
  row 'the Python script' "$(best 2 "$python" benches/baseline.py "$work/input/reports" "$work/input/config/offices.csv" "$work/script")" 'wanted: at least 20'
else
  echo "$python has no polars: not compared with the script (pip install polars; PYTHON=... to choose another)"
fi
if [ -x /usr/bin/time ]; then
  forget
  /usr/bin/time -f 'huizong: %U s user, %S s system, peak memory %M kB' "$target/release/huizong" aggregate \
    --input "$work/input/reports" --config "$work/input/config" --output "$work/out" --quiet || true
fi
