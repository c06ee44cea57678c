#!/usr/bin/env bash
# Builds the fake CUDA libraries into a folder: build.sh FOLDER. Needs c++.
#
#   VEM_FAKE_KEPT=FOLDER     a folder that keeps what was compiled, this library and kernels, for the next that needs it
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"

# What the compiler of kernels reads lies beside the library, which finds it there.
cp places.h fibres.h host.h "$folder/"

# One library under all names: what they share is one state.
kept=${VEM_FAKE_KEPT:+$VEM_FAKE_KEPT/$(cat build.sh ./*.cpp fake.h | sha256sum | cut -c1-32).so}
if [ -n "$kept" ] && [ -e "$kept" ]; then
  cp "$kept" "$folder/libfake.so.new"
else
  c++ -std=c++17 -O2 -march=native -fassociative-math -fno-signed-zeros -fno-trapping-math -shared -fPIC \
    -fvisibility=hidden -o "$folder/libfake.so.new" driver.cpp compiler.cpp blas.cpp solver.cpp -ldl
  if [ -n "$kept" ]; then
    cp "$folder/libfake.so.new" "$kept.$$"
    mv "$kept.$$" "$kept"
  fi
fi
mv "$folder/libfake.so.new" "$folder/libfake.so"
for name in libcuda.so.1 libnvrtc.so.12 libcublas.so.12 libcusolver.so.11; do
  ln -sf libfake.so "$folder/$name"
done
