#!/usr/bin/env bash
# All checks that need an NVIDIA GPU, in one go: run in the folder that prepare.sh made. Needs the driver, CUDA's libraries
# (of a toolkit or of PyTorch) and python3 with PyTorch; neither .NET nor a network.
#
#   ./run.sh RESULTS [--small]       --small: small sizes, to try the way through without a GPU; VEM_LIMITS=10 gives each
#                                    step ten times its limit, which a slow machine needs
#
# What matters most comes first, each step has a limit, and one that fails does not stop the others. RESULTS gets a log and
# the data of each step, and summary.md.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=$(mkdir -p "$1" && cd "$1" && pwd)
small=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -c "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" "$here/payload.tar.xz" "$work" || exit 1
cp "$work/commit" "$results/commit"
cd "$work/bin" || exit 1
chmod +x VemKernels.Runner
export VEM_CACHE="$work/cache" VEM_SHARED="$work" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_gcServer=0
device=cuda:0

# Runs a step under a limit and says how long it took: step NAME SECONDS COMMAND...
step() {
  local name=$1 limit=$(($2 * ${VEM_LIMITS:-1})) start code
  shift 2
  start=$(date +%s)
  timeout --signal=INT --kill-after=5 "$limit" "$@" >"$results/$name.log" 2>&1
  code=$?
  echo "$name: exit $code after $(($(date +%s) - start)) s" | tee -a "$results/steps.txt"
  return $code
}

: >"$results/steps.txt"
(nvidia-smi; nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.sm,clocks.mem --format=csv) >"$results/card.txt" 2>&1
step devices 60 ./VemKernels.Runner exec vem.dll devices --warm || { cat "$results/devices.log"; exit 1; }

# The contract of the backend on the device, with and without cuBLAS and cuSOLVER, then every solver and golden case.
step contract 110 ./VemKernels.Runner test VemKernels.Cuda.Tests.dll --filter ".*cuda:0.*" --xml "$results/contract.xml"
VEM_TEST_BACKEND=$device step solvers 150 ./VemKernels.Runner test VemKernels.Solvers.Tests.dll --xml "$results/solvers.xml"

# Kernels beside their floors, fits of the tutorial's size, and the same in PyTorch on the same card.
step kernels 70 ./VemKernels.Runner exec VemKernels.Gpu.dll kernels --backend $device $small
step products-without-tensors 20 ./VemKernels.Runner exec VemKernels.Gpu.dll kernels --backend $device --no-tensors --filter gemm $small
step kernels-torch 50 python3 "$here/peers.py" kernels $small
step tutorial 60 ./VemKernels.Runner exec VemKernels.Gpu.dll tutorial --backend $device --candidates 20 $small
step tutorial-torch 50 python3 "$here/peers.py" tutorial $small

# Accesses out of bounds and races in every operation, on small odd shapes.
sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer 2>/dev/null)
if [ -n "$sanitizer" ]; then
  for tool in memcheck racecheck; do
    step $tool 60 "$sanitizer" --tool $tool --error-exitcode 9 ./VemKernels.Runner test VemKernels.Cuda.Tests.dll \
      --filter ".*EveryOperationTests.*cuda:0.*"
  done
else
  echo "no compute-sanitizer here" >>"$results/steps.txt"
fi

step bench 45 ./VemKernels.Runner exec vem.dll bench --quick --backend $device --out "$results/bench.json"
python3 "$here/report.py" "$results" >"$results/summary.md"
cat "$results/summary.md"
