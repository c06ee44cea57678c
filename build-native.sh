#!/usr/bin/env bash
# Builds the C library: ./build-native.sh [FOLDER], by default dist/. Needs the .NET SDK 10, and clang or gcc as linker.
#
#   FOLDER/include/vemkernels.h, vemkernels.hpp
#   FOLDER/lib/libvemkernels.so -> libvemkernels.so.0        for AVX2 (x86-64-v3)
#   FOLDER/lib/glibc-hwcaps/x86-64-v4/libvemkernels.so.0     for AVX-512; the dynamic loader prefers it where the processor has it
#   FOLDER/lib/pkgconfig/vemkernels.pc
#
# The library is compiled ahead of time: no .NET is needed to use it.
set -euo pipefail
cd "$(dirname "$0")"
dist=$(realpath -m "${1:-dist}")

# Names of instruction sets as the ahead-of-time compiler has them.
v3=x86-64-v3
v4=x86-64-v4
runtime=linux-x64

publish() { # level, folder of the library
  echo "compiling the library for $1: a minute or some"
  rm -rf src/Interop/obj/Release/net10.0/"$runtime"/native
  local output
  output=$(mktemp -d)
  dotnet publish -c Release -r "$runtime" src/Interop -m:1 -nodeReuse:false -nologo -v:quiet \
    -p:IlcInstructionSet="$1" -o "$output"
  mkdir -p "$2"
  # The file name of each library is its soname; the loader finds the better one by that.
  install -m 755 "$output/VemKernels.Interop.so" "$2/libvemkernels.so.0"
  ln -sf libvemkernels.so.0 "$2/libvemkernels.so"
  rm -r "$output"
}

publish "$v3" "$dist/lib"
publish "$v4" "$dist/lib/glibc-hwcaps/x86-64-v4"

mkdir -p "$dist/include" "$dist/lib/pkgconfig"
cp native/include/vemkernels.h* "$dist/include/"
version=$(sed -nE 's:.*<Version>([^<]+)</Version>.*:\1:p' Directory.Build.props)
cat > "$dist/lib/pkgconfig/vemkernels.pc" <<PC
prefix=\${pcfiledir}/../..
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: vemkernels
Description: Kernels and solvers for voxelwise encoding models
Version: $version
Libs: -L\${libdir} -lvemkernels -Wl,-rpath,\${libdir}
Cflags: -I\${includedir}
PC
echo "$dist: $(du -sh "$dist/lib/libvemkernels.so.0" | cut -f1) for AVX2, as much again for AVX-512"
