#!/usr/bin/env bash
# Builds the fake CUDA libraries into a folder: build.sh FOLDER. Needs c++.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"

# What the compiler of kernels reads lies beside the library, which is kept when the sources it came from may be gone.
cp host.h "$folder/host.h"

# One library under all names: what they share is one state.
c++ -std=c++17 -O2 -march=native -fassociative-math -fno-signed-zeros -fno-trapping-math -shared -fPIC \
  -fvisibility=hidden "-DFAKE_FOLDER=\"$folder\"" -o "$folder/libfake.so.new" driver.cpp compiler.cpp blas.cpp solver.cpp -ldl
mv "$folder/libfake.so.new" "$folder/libfake.so"
for name in libcuda.so.1 libnvrtc.so.12 libcublas.so.12 libcusolver.so.11; do
  ln -sf libfake.so "$folder/$name"
done
