#!/usr/bin/env bash
# Measures what docs/performance.md reports and rewrites its generated sections, each as soon as it is measured. Best on a quiet machine.
#
#   bench/report.sh [--himalaya FOLDER] [--seconds N] [--published VEM] [--library libvemkernels.so] [--list] [SECTION ...]
#
# Without sections: all, in the order of --list, which tells how long each takes on two quiet cores. A section that takes longer than its
# bound (--seconds N for all) is stopped and reports what it has; one that fails leaves its text as it was. Ctrl-C stops all. Sections that
# run beside himalaya are left out without --himalaya. For the first call: --published is what `dotnet publish -r linux-x64 src/Cli` made
# (made anew otherwise), --library what build-native.sh made (left out otherwise). Exit code 1 where a section failed or was stopped.
set -uo pipefail
cd "$(dirname "$0")/.."

# Section, seconds on two quiet cores, bound in seconds.
plan='
products 50 180
factorisations 100 240
batched 50 180
scores 20 90
ridge 95 240
random-search 150 300
hyper-gradient 260 420
tutorial 290 420
first-call 80 300
scaling 30 150
allocation 30 120
roofline 45 180
opencl 180 300
sending-ahead 60 180
cancel 100 240
memory 120 300
targets 1 30
'

himalaya=
published=
library=
seconds=
sections=()
while [ $# -gt 0 ]; do
  case $1 in
    --himalaya) himalaya=$(realpath "${2:?--himalaya needs a folder}"); shift 2 ;;
    --published) published=$(realpath "${2:?--published needs a file}"); shift 2 ;;
    --library) library=$(realpath "${2:?--library needs a file}"); shift 2 ;;
    --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
    --list) awk 'NF { printf "%-15s about %4d s, at most %4d s\n", $1, $2, $3 }' <<<"$plan"; exit ;;
    -*) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) sections+=("$1"); shift ;;
  esac
done
if [ ${#sections[@]} -eq 0 ]; then
  mapfile -t sections < <(awk 'NF { print $1 }' <<<"$plan")
fi
for section in "${sections[@]}"; do
  awk -v s="$section" '$1 == s { found = 1 } END { exit !found }' <<<"$plan" || { echo "report.sh: no section $section; see --list" >&2; exit 2; }
done

# Inputs are shared by the sections, and what compare.py found is kept for the table of targets.
work=$(mktemp -d "${TMPDIR:-/tmp}/vem-report.XXXXXX")
results=bench/results
mkdir -p "$results"
stopped=
trap 'stopped=1' INT
trap 'rm -rf "$work"' EXIT

dotnet build -c Release -v quiet -nodeReuse:false bench/Bench >&2 && dotnet build -c Release -v quiet -nodeReuse:false src/Cli >&2 || exit 1
bench=(dotnet bench/Bench/bin/Release/net10.0/VemKernels.Bench.dll)

status=0
complain() {
  echo "report.sh: $*" >&2
  status=1
}

# Runs a command within the section's bound and writes what it printed, whole or not, between the section's marks.
rewrite() {
  local section=$1 bound code=0
  shift
  bound=${seconds:-$(awk -v s="$section" '$1 == s { print $3 }' <<<"$plan")}
  SECONDS=0
  # SIGINT asks for a report of what there is; in the foreground Ctrl-C reaches the command, too.
  timeout --foreground --signal=INT --kill-after=30 "$bound" "$@" >"$work/printed" || code=$?
  case $code in
    0) ;;
    124 | 130) complain "$section: stopped after $SECONDS s" ;;
    *) complain "$section: exit code $code" ;;
  esac
  if [ -s "$work/printed" ]; then
    /usr/bin/python3 bench/docs_section.py docs/performance.md "$section" <"$work/printed" || complain "$section: not written"
  else
    complain "$section: printed nothing; its text stays as it was"
  fi
  echo "report.sh: $section took $SECONDS s" >&2
}

# compare SECTION CASES [option ...]
compare() {
  local section=$1 filter=$2
  shift 2
  rewrite "$section" /usr/bin/python3 bench/compare.py --filter "$filter" --inputs "$work/inputs" --results "$results/$section.json" \
    --no-build ${himalaya:+--himalaya "$himalaya"} "$@"
}

needs_himalaya() {
  [ -n "$himalaya" ] || { complain "$1: needs --himalaya"; return 1; }
}

for section in "${sections[@]}"; do
  [ -z "$stopped" ] || { complain "stopped before $section"; break; }
  case $section in
    roofline) rewrite roofline "${bench[@]}" roofline --inputs "$work/inputs" ;;
    products) compare products gemm-,syrk-,trsm- ;;
    factorisations) compare factorisations cholesky-300,cholesky-1200,cholesky-3600,inverse-300,inverse-1200,inverse-3600,eigh-300-,eigh-600-,eigh-1200-,eigh-2400-,eigh-3600-,svd-300x300-,svd-3600x600,svd-1200x1200 ;;
    batched) compare batched eigh-20000x,eigh-5000x,eigh-1200x,eigh-300x,eigh-80x,eigh-20x,eigh-8x,svd-20000x,svd-5000x,svd-1200x16,svd-300x32,svd-80x,svd-20x,svd-8x,cholesky-1000x64,inverse-1000x64 ;;
    scores) compare scores score-,split-moments,rbf- ;;
    ridge) needs_himalaya ridge && compare ridge kernel_ridge_cv-1000 ;;
    random-search) needs_himalaya random-search && compare random-search mkr-1000,mkr-300 ;;
    hyper-gradient) needs_himalaya hyper-gradient && compare hyper-gradient hyper- ;;
    tutorial) needs_himalaya tutorial && compare tutorial mkr-3600 ;;
    opencl)
      # The processor as a device of OpenCL: products beside our own CPU backend, the random search beside himalaya on numpy.
      if dotnet src/Cli/bin/Release/net10.0/vem.dll devices 2>/dev/null | grep -q 'opencl:0'; then
        compare opencl gemm-512,gemm-1024,gemm-2048,gemm-3000,gemm-1000,mkr-1000 --backend opencl:0 --peers simd,himalaya-numpy
      else
        complain "opencl: no device"
      fi ;;
    sending-ahead)
      if dotnet src/Cli/bin/Release/net10.0/vem.dll devices 2>/dev/null | grep -q 'opencl:0'; then
        rewrite sending-ahead "${bench[@]}" sending-ahead
      else
        complain "sending-ahead: no device"
      fi ;;
    first-call) needs_himalaya first-call && rewrite first-call /usr/bin/python3 bench/first_call.py \
      --himalaya "$himalaya" ${published:+--published "$published"} ${library:+--library "$library"} ;;
    scaling) rewrite scaling "${bench[@]}" scaling ;;
    allocation) rewrite allocation "${bench[@]}" allocation ;;
    memory) rewrite memory bench/memory.sh ;;
    cancel) rewrite cancel bench/cancel.sh ;;
    targets) rewrite targets /usr/bin/python3 bench/targets.py "$results"/{products,factorisations,batched,scores,ridge,random-search,hyper-gradient,tutorial,opencl}.json ;;
  esac
done
exit "$status"
