#!/usr/bin/env bash
# All checks that need an NVIDIA GPU, in one go: run in the folder that prepare.sh made. Needs the driver, CUDA's
# libraries (of a toolkit or of PyTorch) and python3 with PyTorch; neither .NET nor a network.
#
#   ./run.sh RESULTS [--small]       --small: small sizes, to try the way through without a GPU
#
#   VEM_LIMITS=10                    gives each step ten times its limit, which a slow machine needs
#   VEM_PYTHON=/path/to/python3      a Python that has PyTorch, where python3 is another
#   VEM_STEPS="kernels tutorial"     these steps only
#
# What matters most comes first. Each step has a limit, and their sum is 565 s; one that fails, or is stopped,
# says so in a line and the others go on. RESULTS gets a log and the data of each step, steps.txt, and summary.md, which
# is written anew after every step, so that a run which is cut off loses nothing.
set -uo pipefail
begin=$(date +%s)
limits=${VEM_LIMITS:-1}
total=$((565 * limits))
python=${VEM_PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
results=$(mkdir -p "$1" && cd "$1" && pwd)
small=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT
"$python" -c "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" "$here/payload.tar.xz" "$work" || exit 1
rm -f "$results"/*.log "$results"/*.xml "$results/bench.json" "$results/summary.md"
cp "$work/commit" "$results/commit"
mkdir "$work/no-opencl"
cd "$work/bin" || exit 1
chmod +x VemKernels.Runner
export VEM_CACHE="$work/cache" VEM_SHARED="$work" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_gcServer=0
device=cuda:0

# A line about a step, for people and for report.py.
say() {
  echo "$1" | tee -a "$results/steps.txt"
  "$python" "$here/report.py" "$results" >"$work/summary" && cp "$work/summary" "$results/summary.md"
}

# The line of a log that tells how the step ended: the counts of tests, the first error, or the last line.
ending() {
  local error='^Unhandled exception|^(VemKernels|System)\.[A-Za-z.]+Exception: |^vem: [^t]'
  { grep -m1 -E "^(Passed|Failed|Stopped)!|$error" "$1" || grep -v '^[[:space:]]*$' "$1" | tail -n 1 | grep . || echo "no output"; } |
    cut -c 1-300
}

# Runs a step under a limit, and what is left of the whole, and says how it ended: step NAME SECONDS COMMAND...
step() {
  local name=$1 limit=$(($2 * limits)) start code how left
  shift 2
  [[ -z ${VEM_STEPS:-} || " $VEM_STEPS " == *" $name "* ]] || return 0
  start=$(date +%s)
  left=$((begin + total - start))
  [ "$limit" -le "$left" ] || limit=$left
  if [ "$limit" -lt 2 ]; then
    say "$name: left out, no time was left"
    return 1
  fi
  timeout --kill-after=3 "$limit" "$@" >"$results/$name.log" 2>&1
  code=$?
  case $code in
    0) how=done ;;
    124 | 137) how="stopped at its limit" ;;
    *) how="FAILED, exit $code" ;;
  esac
  say "$name: $how after $(($(date +%s) - start)) s; $(ending "$results/$name.log")"
  return $code
}

: >"$results/steps.txt"
(nvidia-smi; nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.sm,clocks.mem --format=csv) >"$results/card.txt" 2>&1

# All kernels compiled, those of CUDA only: an empty folder of OpenCL's vendors hides the card's other face. Where this
# fails the others tell more, so they run all the same.
step devices 50 env OCL_ICD_VENDORS="$work/no-opencl" ./VemKernels.Runner exec vem.dll devices --warm
if [ -e "$results/devices.log" ] && ! grep -q "$device" "$results/devices.log"; then
  say "devices: FAILED, $device was not listed; $(grep -m1 '^cuda: ' "$results/devices.log" | cut -c 1-300)"
fi

# Every solver and golden case on the device, then the contract of the backend, with and without cuBLAS and cuSOLVER.
VEM_TEST_BACKEND=$device step solvers 125 ./VemKernels.Runner test VemKernels.Solvers.Tests.dll --xml "$results/solvers.xml"
step contract 50 ./VemKernels.Runner test VemKernels.Cuda.Tests.dll --filter ".*cuda:0.*" --xml "$results/contract.xml"

# Kernels beside their floors, fits of the tutorial's size, and the same in PyTorch on the same card.
step kernels 75 ./VemKernels.Runner exec VemKernels.Gpu.dll kernels --backend $device $small
step tutorial 50 ./VemKernels.Runner exec VemKernels.Gpu.dll tutorial --backend $device --candidates 20 $small
step kernels-torch 45 "$python" "$here/peers.py" kernels $small
step tutorial-torch 35 "$python" "$here/peers.py" tutorial $small

# Accesses out of bounds and races in every operation, on small odd shapes.
sanitizer=$(command -v compute-sanitizer || ls "${CUDA_HOME:-/usr/local/cuda}"/bin/compute-sanitizer 2>/dev/null)
for tool in memcheck racecheck; do
  if [ -n "$sanitizer" ]; then
    step $tool 40 "$sanitizer" --tool $tool --error-exitcode 9 ./VemKernels.Runner test VemKernels.Cuda.Tests.dll \
      --filter ".*EveryOperationTests.*cuda:0.*"
  else
    say "$tool: left out, no compute-sanitizer here"
  fi
done

step products-without-tensors 15 ./VemKernels.Runner exec VemKernels.Gpu.dll kernels --backend $device \
  --no-tensors --filter gemm $small
step bench 40 ./VemKernels.Runner exec vem.dll bench --quick --backend $device --out "$results/bench.json"
echo
cat "$results/summary.md"
