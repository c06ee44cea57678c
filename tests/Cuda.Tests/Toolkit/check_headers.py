#!/usr/bin/env python3
"""Compares what src/Kernels.Cuda/Native declares with a toolkit's own headers, and looks its functions up in libraries.

    tests/Cuda.Tests/Toolkit/check_headers.py INCLUDE [LIBRARIES ...]

INCLUDE is the folder with cuda.h, nvrtc.h, cublas_v2.h and cusolverDn.h; LIBRARIES are folders with the toolkit's
shared objects (a folder stubs/ with libcuda.so too). A C++ compiler does the comparing: number, sizes and kinds of
arguments, the layout of structures, the values of enumerations. Ends with 1, and the compiler's words, where something
differs.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

NATIVE = pathlib.Path(__file__).resolve().parents[3] / "src" / "Kernels.Cuda" / "Native"
SOURCES = ["CudaDriver.cs", "Nvrtc.cs", "CuBlas.cs", "CuSolver.cs"]
OBJECTS = ["libcuda.so*", "libnvrtc.so*", "libcublas.so*", "libcusolver.so*"]

# C# types as the checks below name them.
TYPES = {
    "int": "int32_t", "uint": "uint32_t", "long": "int64_t", "nuint": "uint64_t", "nint": "Word", "sbyte": "int8_t",
    "byte": "uint8_t", "void": "void", "float": "float", "double": "double", "RowsCopy": "CUDA_MEMCPY2D",
    "DeviceAttribute": "int32_t", "FunctionAttribute": "int32_t", "PointerAttribute": "int32_t",
}

CHECKS = r"""
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <cuda.h>
#include <nvrtc.h>
#include <cublas_v2.h>
#include <cusolverDn.h>

struct Word;    // a handle, or an address of the device

template <class Ours, class Theirs>
constexpr bool fits()
{
    using T = std::remove_cv_t<Theirs>;
    if constexpr (std::is_same_v<Ours, Word>)
    {
        return sizeof(T) == sizeof(void *) && (std::is_pointer_v<T> || std::is_integral_v<T>);
    }
    else if constexpr (std::is_void_v<Ours> || std::is_class_v<Ours> || std::is_floating_point_v<Ours>)
    {
        return std::is_same_v<Ours, T>;
    }
    else if constexpr (std::is_pointer_v<Ours> && std::is_pointer_v<T>)
    {
        using Pointee = std::remove_pointer_t<T>;
        return std::is_void_v<std::remove_pointer_t<Ours>> || fits<std::remove_pointer_t<Ours>, Pointee>();
    }
    else if constexpr (std::is_pointer_v<Ours> || std::is_pointer_v<T>)
    {
        return false;
    }
    else
    {
        return sizeof(Ours) == sizeof(T) && (std::is_integral_v<T> || std::is_enum_v<T>);
    }
}

template <class R, class... Ours, class S, class... Theirs>
constexpr bool same(R (*)(Ours...), S (*)(Theirs...))
{
    if constexpr (sizeof...(Ours) == sizeof...(Theirs))
    {
        return fits<R, S>() && (fits<Ours, Theirs>() && ...);
    }

    return false;
}

#define FUNCTION(symbol, ...) static_assert(same((__VA_ARGS__)nullptr, (decltype(&symbol))nullptr), #symbol)
#define VALUE(ours, theirs) static_assert(ours == (long)theirs, #theirs)
#define FIELD(at, theirs) static_assert(at == offsetof(CUDA_MEMCPY2D, theirs), #theirs)
"""

# Where a number stands in C#, and the header's name for it.
VALUES = """
DeviceAttribute.cs MaxThreadsPerBlock CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK
DeviceAttribute.cs MaxSharedMemoryPerBlock CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK
DeviceAttribute.cs Multiprocessors CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT
DeviceAttribute.cs CapabilityMajor CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
DeviceAttribute.cs CapabilityMinor CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR
FunctionAttribute.cs MaxThreadsPerBlock CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK
FunctionAttribute.cs SharedBytes CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES
FunctionAttribute.cs LocalBytes CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES
FunctionAttribute.cs Registers CU_FUNC_ATTRIBUTE_NUM_REGS
FunctionAttribute.cs MaxDynamicSharedBytes CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
MemoryType.cs Host CU_MEMORYTYPE_HOST
MemoryType.cs Device CU_MEMORYTYPE_DEVICE
PointerAttribute.cs MemoryType CU_POINTER_ATTRIBUTE_MEMORY_TYPE
PointerAttribute.cs DeviceOrdinal CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL
ResultCodes.cs Success CUDA_SUCCESS
ResultCodes.cs OutOfMemory CUDA_ERROR_OUT_OF_MEMORY
ResultCodes.cs StubLibrary CUDA_ERROR_STUB_LIBRARY
ResultCodes.cs InvalidImage CUDA_ERROR_INVALID_IMAGE
ResultCodes.cs NoBinaryForDevice CUDA_ERROR_NO_BINARY_FOR_GPU
ResultCodes.cs UnsupportedPtx CUDA_ERROR_UNSUPPORTED_PTX_VERSION
ResultCodes.cs IllegalAddress CUDA_ERROR_ILLEGAL_ADDRESS
ResultCodes.cs LaunchTimeout CUDA_ERROR_LAUNCH_TIMEOUT
ResultCodes.cs LaunchFailed CUDA_ERROR_LAUNCH_FAILED
ResultCodes.cs InvalidPtx CUDA_ERROR_INVALID_PTX
ResultCodes.cs CompilerNotFound CUDA_ERROR_JIT_COMPILER_NOT_FOUND
ResultCodes.cs EccUncorrectable CUDA_ERROR_ECC_UNCORRECTABLE
ResultCodes.cs HardwareStackError CUDA_ERROR_HARDWARE_STACK_ERROR
ResultCodes.cs IllegalInstruction CUDA_ERROR_ILLEGAL_INSTRUCTION
ResultCodes.cs MisalignedAddress CUDA_ERROR_MISALIGNED_ADDRESS
ResultCodes.cs InvalidAddressSpace CUDA_ERROR_INVALID_ADDRESS_SPACE
ResultCodes.cs InvalidProgramCounter CUDA_ERROR_INVALID_PC
ResultCodes.cs DeviceUnavailable CUDA_ERROR_DEVICE_UNAVAILABLE
Failures.cs BlasAllocationFailed CUBLAS_STATUS_ALLOC_FAILED
Failures.cs BlasExecutionFailed CUBLAS_STATUS_EXECUTION_FAILED
Failures.cs SolverAllocationFailed CUSOLVER_STATUS_ALLOC_FAILED
CuBlas.cs Lower CUBLAS_FILL_MODE_LOWER
CuBlas.cs Upper CUBLAS_FILL_MODE_UPPER
CuBlas.cs AsIs CUBLAS_OP_N
CuBlas.cs Transpose CUBLAS_OP_T
CuBlas.cs Left CUBLAS_SIDE_LEFT
CuBlas.cs Right CUBLAS_SIDE_RIGHT
CuBlas.cs GivenDiagonal CUBLAS_DIAG_NON_UNIT
CuBlas.cs UnitDiagonal CUBLAS_DIAG_UNIT
CuSolver.cs WithVectors CUSOLVER_EIG_MODE_VECTOR
../Runtime/ComputeStream.cs NonBlocking CU_STREAM_NON_BLOCKING
../Runtime/ComputeStream.cs WithoutTiming CU_EVENT_DISABLE_TIMING
"""

FIELDS = """
SourceX srcXInBytes SourceY srcY SourceType srcMemoryType SourceHost srcHost SourceDevice srcDevice
SourceArray srcArray SourcePitch srcPitch DestinationX dstXInBytes DestinationY dstY DestinationType dstMemoryType
DestinationHost dstHost DestinationDevice dstDevice DestinationArray dstArray DestinationPitch dstPitch
WidthBytes WidthInBytes Rows Height
"""


def text(name):
    return (NATIVE / name).read_text(encoding="utf-8")


def functions():
    """(symbol, [types of arguments and the result]) of every function that is looked up."""
    for name in SOURCES:
        source = re.sub(r"\s+", " ", text(name))
        declared = re.findall(r"delegate\* unmanaged<([^<>]*)> (\w+);", source)
        types = {field: signature for signature, field in declared}
        symbols = re.findall(r'\b(\w+) = [^;]*?\(?(?:library, |library\.Function\()"(\w+)"', source)
        if set(types) != {field for field, _ in symbols}:
            sys.exit(f"{name}: not understood: {set(types) ^ {field for field, _ in symbols}}")
        for field, symbol in symbols:
            if re.sub(r"_v2$", "", symbol) != field:
                sys.exit(f"{name}: {field} is {symbol}")
            yield symbol, [part.strip() for part in types[field].split(",")]


def type_of(name):
    base = name.rstrip("*")
    return TYPES[base] + name[len(base):]


def fields():
    """Offset and header's name of every field of RowsCopy: as the C# compiler lays fields out in their order."""
    names = FIELDS.split()
    theirs = dict(zip(names[::2], names[1::2]))
    at = 0
    for kind, name in re.findall(r"public ([\w*]+) (\w+);", text("RowsCopy.cs")):
        size = 4 if kind == "MemoryType" else 8
        at = -(-at // size) * size
        yield at, theirs.pop(name)
        at += size
    if theirs:
        sys.exit(f"RowsCopy.cs: lacks {theirs}")
    yield at, None


def program():
    lines = [CHECKS]
    for symbol, types in functions():
        arguments = ", ".join(type_of(name) for name in types[:-1])
        lines.append(f"FUNCTION({symbol}, {type_of(types[-1])} (*)({arguments}));")
    for entry in VALUES.split("\n"):
        if entry:
            file, ours, theirs = entry.split()
            found = re.search(rf"\b{ours} = (\d+)\b", text(file))
            if not found:
                sys.exit(f"{file}: no {ours}")
            lines.append(f"VALUE({found[1]}, {theirs});")
    for at, name in fields():
        lines.append(f"FIELD({at}, {name});" if name else f'static_assert({at} == sizeof(CUDA_MEMCPY2D), "size");')
    return "\n".join(lines) + "\nint main() {}\n"


def exported(folders):
    """The functions that no library in the folders has; those of libraries that are not there are not asked for."""
    symbols = {symbol for symbol, _ in functions()}
    found, prefixes = set(), set()
    for folder in map(pathlib.Path, folders):
        for pattern, prefix in zip(OBJECTS, ["cu[A-Z]", "nvrtc", "cublas", "cusolver"]):
            for file in folder.glob(pattern):
                listing = subprocess.run(["nm", "-D", str(file)], capture_output=True, text=True, check=True).stdout
                found |= {line.split()[-1].split("@")[0] for line in listing.splitlines() if " T " in line}
                prefixes.add(prefix)
    asked = {symbol for symbol in symbols if any(re.match(prefix, symbol) for prefix in prefixes)}
    return len(asked), sorted(asked - found)


def main(include, *folders):
    source = program()
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "check.cpp"
        file.write_text(source, encoding="utf-8")

        # A part of libcu++ that cuda_fp16.h includes; no toolkit's own package has it on Debian.
        (pathlib.Path(work) / "nv").mkdir()
        (pathlib.Path(work) / "nv" / "target").write_text("#define NV_IF_ELSE_TARGET(...)\n#define NV_IF_TARGET(...)\n")
        compiler = ["c++", "-std=c++17", "-fsyntax-only", "-w", f"-I{include}", f"-idirafter{work}", str(file)]
        done = subprocess.run(compiler, check=False)
    asked, missing = exported(folders)
    functions_compared = len(re.findall(r"^FUNCTION\(", source, re.M))
    values, offsets = len(re.findall(r"^VALUE\(", source, re.M)), len(re.findall(r"^FIELD\(", source, re.M))
    print(f"{functions_compared} functions, {values} values and {offsets} fields compared; "
          f"{asked} functions looked up, missing: {missing or 'none'}")
    return 1 if done.returncode or missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
