#!/usr/bin/env bash
# How long `vem fit` takes to stop after Ctrl-C (SIGINT), at several moments of every stage of a large fit, and whether it leaves anything
# behind. A first, undisturbed run tells when the stages are; a signal counts for the stage that it was aimed at. Prints a table; exit code 1
# where a run ended otherwise than with 130 or left a file or folder. Never fails on a time.
#
#   bench/cancel.sh
#
# A signal to this script ends it with a table of what was measured until then.
#
# Other sizes: SAMPLES, TARGETS, FEATURES (of each of 2 spaces), MOMENTS (signals a stage).
set -euo pipefail
set -m # Without job control a shell starts background processes deaf to SIGINT.
cd "$(dirname "$0")/.."

samples=${SAMPLES:-3000}
targets=${TARGETS:-20000}
features=${FEATURES:-2000}
moments=${MOMENTS:-4}
interrupted=130

dotnet build -c Release -v quiet bench/Bench >&2
dotnet build -c Release -v quiet src/Cli >&2
bench=bench/Bench/bin/Release/net10.0/VemKernels.Bench.dll
vem=src/Cli/bin/Release/net10.0/vem.dll

work=$(mktemp -d "${TMPDIR:-/tmp}/vem-cancel.XXXXXX")
fit=
cleanup() {
  [ -z "$fit" ] || kill -9 "$fit" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
mkdir "$work/inputs" "$work/outputs"

mapfile -t files < <(dotnet "$bench" fit-inputs "$work/inputs" \
  --samples "$samples" --targets "$targets" --spaces 2 --features "$features")

start_fit() {
  dotnet "$vem" fit --features "a=${files[0]}" --features "b=${files[1]}" --responses "${files[2]}" --out "$work/outputs/fit" \
    --alphas 1e0:1e6:10 --cv 5 --iterations 1 --no-progress >/dev/null 2>"$work/messages" &
  fit=$!
}

now() { echo "$EPOCHREALTIME"; }

load_before=$(cut -d' ' -f1 /proc/loadavg)
started=$(now)
start_fit
wait "$fit"
ended=$(now)

# One line a moment: the stage, seconds after the start. What no stage accounts for is the start of the program.
python3 - "$work/outputs/fit/summary.json" "$started" "$ended" "$moments" >"$work/plan" <<'PLAN'
import json
import sys

SHORTEST_SHARE = 0.01
JOINED = {"set-up of folds": "cross-validation"}  # They take turns.

path, started, ended, moments = sys.argv[1:]
total = float(ended) - float(started)
stages = {}
for name, seconds in json.load(open(path))["timings_seconds"].items():
    name = JOINED.get(name, name)
    stages[name] = stages.get(name, 0) + seconds
begin = total - sum(stages.values())
for name, seconds in [("start", begin), *stages.items()]:
    first = 0 if name == "start" else begin
    if seconds >= SHORTEST_SHARE * total:
        for moment in range(int(moments)):
            print(f"{name}\t{first + seconds * (moment + 0.5) / int(moments):.3f}")
    if name != "start":
        begin += seconds
PLAN
rm -rf "$work/outputs/fit"

failures=0
stopped=
trap 'stopped=1' INT TERM
while [ -z "$stopped" ] && IFS=$'\t' read -r stage moment; do
  start_fit
  sleep "$moment" || true
  [ -z "$stopped" ] || break
  signalled=$(now)
  if ! kill -INT "$fit" 2>/dev/null; then
    echo "$stage at $moment s: had ended" >&2
    wait "$fit" || true
    rm -rf "$work/outputs/fit"
    continue
  fi
  code=0
  wait "$fit" || code=$?
  ended=$(now)
  left=$(ls -A "$work/outputs")
  if [ "$code" -eq 0 ] && [ "$left" = fit ]; then
    echo "$stage at $moment s: ended by itself" >&2
    rm -rf "$work/outputs/fit"
    continue
  fi
  if [ "$code" -ne "$interrupted" ] || [ -n "$left" ]; then
    echo "$stage at $moment s: exit code $code, left: ${left:-nothing}; $(cat "$work/messages")" >&2
    failures=$((failures + 1))
    rm -rf "${work:?}/outputs/"*
  fi
  printf '%s\t%s\t%s\n' "$stage" "$signalled" "$ended" >>"$work/latencies"
  echo "$stage at $moment s: $(awk -v a="$signalled" -v b="$ended" 'BEGIN { printf "%.3f s", b - a }')" >&2
done <"$work/plan"
if [ -n "$stopped" ]; then
  echo "Stopped before the end." >&2
  kill -9 "$fit" 2>/dev/null || true
  [ -e "$work/latencies" ] || exit 1
fi
fit=

python3 - "$work/latencies" <<'TABLE'
import statistics
import sys

stages = {}
for line in open(sys.argv[1]):
    stage, signalled, stopped = line.rstrip("\n").split("\t")
    stages.setdefault(stage, []).append((float(stopped) - float(signalled)) * 1e3)
print("| stage aimed at | signals | median, ms | maximum, ms |\n| --- | ---: | ---: | ---: |")
for stage, latencies in [*stages.items(), ("all", sum(stages.values(), []))]:
    print(f"| {stage} | {len(latencies)} | {statistics.median(latencies):.0f} | {max(latencies):.0f} |")
TABLE
cat <<NOTE

vem fit, $samples samples x $targets targets, 2 spaces of $features features, 10 alphas, 5 folds; load average $load_before before, $(cut -d' ' -f1 /proc/loadavg) after.
Runs that ended otherwise than with exit code $interrupted, or left a file or folder: $failures.
NOTE
[ "$failures" -eq 0 ]
