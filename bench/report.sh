#!/usr/bin/env bash
# Measures everything that docs/performance.md reports and rewrites its generated sections. Best on a quiet machine.
#
#   bench/report.sh --himalaya FOLDER [other options of compare.py]
set -uo pipefail
cd "$(dirname "$0")/.."

status=0
rewrite() {
  local section=$1 printed
  shift
  printed=$("$@") || status=1
  /usr/bin/python3 bench/docs_section.py docs/performance.md "$section" <<<"$printed" || status=1
}

rewrite compare /usr/bin/python3 bench/compare.py "$@"
himalaya=$(sed -nE 's/.*--himalaya[ =]+([^ ]+).*/\1/p' <<<"$*")
if [ -n "$himalaya" ]; then
  dotnet build -c Release -v quiet bench/HyperGradient >&2
  rewrite hyper-gradient /usr/bin/python3 bench/hyper_gradient.py --himalaya "$himalaya" --large
  rewrite first-call /usr/bin/python3 bench/first_call.py --himalaya "$himalaya"
fi
rewrite scaling dotnet run -c Release --project bench/Bench -- scaling
rewrite memory bench/memory.sh
rewrite cancel bench/cancel.sh
exit "$status"
