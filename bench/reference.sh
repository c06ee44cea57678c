#!/usr/bin/env bash
# Measures the rates of the machine that scores 100 (src/Benchmark/Scoring/reference.json) anew, on the processor, and shows how they
# changed. For the reference machine, when it is quiet; a few minutes. Two runs: the higher rate of each workload counts.
#
#   bench/reference.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-2}
work=$(mktemp -d "${TMPDIR:-/tmp}/vem-reference.XXXXXX")
trap 'rm -rf "$work"' EXIT

dotnet build -c Release -v quiet -nodeReuse:false src/Cli >&2
for run in $(seq "$runs"); do
  dotnet src/Cli/bin/Release/net10.0/vem.dll bench --backend simd --no-progress --out "$work/$run.json" >&2
done
/usr/bin/python3 bench/reference.py "$work"/*.json
git --no-pager diff --stat -- src/Benchmark/Scoring/reference.json
git --no-pager diff -U0 -- src/Benchmark/Scoring/reference.json | grep '^[-+] ' || echo "no rate changed"
