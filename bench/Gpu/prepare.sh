#!/usr/bin/env bash
# Packs all that bench/Gpu/run.sh needs on a machine with an NVIDIA GPU, its CUDA and PyTorch, but without .NET, into one
# folder: run.sh, what makes the tables, and an archive with a runtime of .NET, the tests, golden data and the benchmarks.
#
#   bench/Gpu/prepare.sh FOLDER [SHARED]        SHARED: the folder that holds golden/; ../shared
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."
shared=$(cd "${2:-../shared}" && pwd)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

build() { dotnet "$@" -c Release -nodeReuse:false -nologo -v:quiet; }
build publish tests/Runner -r linux-x64 --self-contained -m:1 -o "$stage/bin"
for project in tests/Solvers.Tests tests/Cuda.Tests bench/Gpu src/Cli; do
  build build "$project" -m:2
  # The runner loads them; what it has itself, it has in its own build.
  cp -n "$project"/bin/Release/net10.0/*.dll "$stage/bin/"
done

# Test hosts and their adapters are not needed: the runner takes their place.
(cd "$stage/bin" && rm -f Microsoft.TestPlatform* Microsoft.Testing* Microsoft.VisualStudio* Microsoft.ApplicationInsights.dll \
  testhost* NUnit3.TestAdapter* nunit.engine* testcentric* ./*.pdb ./*.xml createdump)
cp -r "$shared/golden" "$stage/golden"
git rev-parse HEAD >"$stage/commit"
git diff --quiet HEAD || echo "with changes that are not committed" >>"$stage/commit"
tar -C "$stage" -cf - . | xz -T2 -6 >"$out/payload.tar.xz"
cp bench/Gpu/run.sh bench/Gpu/peers.py bench/Gpu/report.py "$out/"
du -sh "$out" | cut -f1
