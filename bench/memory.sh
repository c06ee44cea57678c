#!/usr/bin/env bash
# Peak anonymous memory of a large fit under a budget. The inputs are memory-mapped files: their pages belong to the page cache and do not
# count (RssAnon of /proc/PID/status). Prints a table; exit code 1 where the peak is over the bound.
#
#   bench/memory.sh
#
# Ctrl-C stops the fit and prints the peak until then.
#
# Smaller sizes for a quick look: SAMPLES, TARGETS, FEATURES (of each of 2 spaces), and EXTRA_BYTES, the bound beyond inputs and outputs.
set -euo pipefail
cd "$(dirname "$0")/.."

samples=${SAMPLES:-3000}
targets=${TARGETS:-50000}
features=${FEATURES:-2000}
extra=${EXTRA_BYTES:-2500000000}
budget=2GB
alphas=1e0:1e6:10
folds=5
candidates=2
poll_seconds=0.02

dotnet build -c Release -v quiet bench/Bench >&2
dotnet build -c Release -v quiet src/Cli >&2
bench=bench/Bench/bin/Release/net10.0/VemKernels.Bench.dll
vem=src/Cli/bin/Release/net10.0/vem.dll

work=$(mktemp -d "${TMPDIR:-/tmp}/vem-memory.XXXXXX")
fit=
cleanup() {
  [ -z "$fit" ] || kill "$fit" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

mapfile -t files < <(dotnet "$bench" fit-inputs "$work" \
  --samples "$samples" --targets "$targets" --spaces 2 --features "$features")

stopped=
trap 'stopped=1' INT TERM
started=$(date +%s)
dotnet "$vem" fit --features "a=${files[0]}" --features "b=${files[1]}" --responses "${files[2]}" --out "$work/fit" \
  --alphas "$alphas" --cv "$folds" --iterations "$candidates" --memory "$budget" --no-progress >&2 &
fit=$!

peak_kib=0
while [ -z "$stopped" ] && anonymous_kib=$(awk '/^RssAnon:/ { print $2 }' "/proc/$fit/status" 2>/dev/null) && [ -n "$anonymous_kib" ]; do
  ((anonymous_kib > peak_kib)) && peak_kib=$anonymous_kib
  sleep "$poll_seconds" || true
done
if [ -n "$stopped" ]; then
  kill -9 "$fit" && wait "$fit" 2>/dev/null || true
else
  wait "$fit"
fi
fit=
seconds=$(($(date +%s) - started))

bytes_of() { stat -c %s "$@" | awk '{ sum += $1 } END { printf "%.0f", sum }'; }
inputs=$(bytes_of "${files[@]}")
outputs=0
[ -n "$stopped" ] || outputs=$(bytes_of "$work"/fit/*.npy)
peak=$((peak_kib * 1024))
bound=$((inputs + outputs + extra))
verdict=$([ "$peak" -lt "$bound" ] && echo "under the bound" || echo "OVER the bound")

gigabytes() { awk -v bytes="$1" 'BEGIN { printf "%.2f", bytes / 1e9 }'; }
cat <<TABLE
vem fit, $samples samples x $targets targets, 2 spaces of $features features, float32, 10 alphas, $folds folds, $candidates candidates, --memory $budget, inputs mapped ($seconds s).

| what | GB (10^9 bytes) |
| --- | ---: |
| peak of anonymous memory (RssAnon) | $(gigabytes "$peak") |
| inputs | $(gigabytes "$inputs") |
| outputs | $(gigabytes "$outputs") |
| bound: inputs + outputs + $(gigabytes "$extra") | $(gigabytes "$bound") |

$([ -z "$stopped" ] || echo "Stopped before the end, so outputs count as nothing. ")The peak is $verdict.
TABLE
[ -z "$stopped" ] && [ "$peak" -lt "$bound" ]
