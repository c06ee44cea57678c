"""Peak memory of the same fit from C#, from C and from Python: a random search over two kernels, in float.

    ./build-native.sh
    dotnet build -c Release bench/Bench
    /usr/bin/python3 bench/peak_memory.py [SAMPLES TARGETS]        1,000 and 20,000 by default

Each of the three, in a process of its own, fills the same kernels and responses, and room for the weights (but
Python's, which are made inside the call), fits a small problem and then this one. Printed is, in MiB, what the fit
added to the resident memory at its peak (VmHWM of Linux, started again before the fit), and the peak of the process,
which holds the data, the runtime and the interpreter too. The library is that of dist/, or of the folder that VEM_DIST
names.
"""
import ctypes
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
DIST = pathlib.Path(os.environ.get("VEM_DIST", ROOT / "dist"))
RUNS = 3


def status(name):
    """A line of /proc/self/status, in MiB."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/self/status has no {name}.")


def fit(samples, targets):
    """The fit from Python: what it added at its peak, and the process's peak."""
    from vemkernels import kernel_ridge
    i, j = np.arange(samples, dtype=np.int64), np.arange(targets, dtype=np.int64)
    distance = np.abs(i[:, None] - i)
    Ks = np.empty((2, samples, samples), np.float32)
    Ks[0], Ks[1] = 1 / (1 + distance), np.exp(-distance / 5)
    Y = np.empty((samples, targets), np.float32)
    for row in range(samples):
        Y[row] = (row * 7919 + j * 104729) % 1009 / 504.5 - 1
    del distance
    gammas = kernel_ridge.generate_dirichlet_samples(4, 2, random_state=0)
    ctypes.CDLL(None).malloc_trim(0)  # what numpy's temporaries left in the heap would be used again, unseen
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    found = kernel_ridge.solve_multiple_kernel_ridge_random_search(
        Ks, Y, n_iter=gammas, alphas=[0.1, 1, 10, 100], cv=5, return_weights="dual", progress_bar=False)
    peak = status("VmHWM")
    return peak - before, peak, found


def child(samples, targets):
    """The process that fits from Python."""
    sys.path.insert(0, str(ROOT / "bindings/python"))
    fit(100, 300)
    added, peak, _ = fit(samples, targets)
    print(f"{added:.1f} {peak:.1f}")


def main():
    samples, targets = map(int, sys.argv[1:3] or (1000, 20000))
    lib = DIST / "lib"
    v4 = "avx512vl" in pathlib.Path("/proc/cpuinfo").read_text()
    library = lib / ("glibc-hwcaps/x86-64-v4/libvemkernels.so.0" if v4 else "libvemkernels.so.0")
    program = next((ROOT / "bench/Bench/bin/Release").glob("*/*Bench.dll"))
    sizes = [str(samples), str(targets)]
    weights = samples * targets * 4 / 2 ** 20
    with tempfile.TemporaryDirectory() as folder:
        compiled = pathlib.Path(folder) / "peak_memory"
        subprocess.run(
            ["cc", "-O2", str(ROOT / "bench/peak_memory.c"), f"-I{DIST}/include", f"-L{lib}", "-lvemkernels", "-lm",
             f"-Wl,-rpath,{lib}", "-o", str(compiled)], check=True)
        commands = {
            "C#": ["dotnet", str(program), "peak-memory", *sizes], "C": [str(compiled), *sizes],
            "Python": [sys.executable, __file__, "--child", *sizes]}
        found = {name: [] for name in commands}
        for _ in range(RUNS):
            for name, command in commands.items():
                output = subprocess.run(
                    command, check=True, stdout=subprocess.PIPE, text=True,
                    env={**os.environ, "VEM_LIBRARY": str(library)}).stdout
                found[name].append([float(word) for word in output.split()])
    print(f"{samples} samples, {targets} targets, 2 kernels, float; MiB, medians of {RUNS} (least to greatest)")
    print(f"weights, which Python's call allocates and the others have: {weights:.1f}")
    print(f"{'from':<8} {'added by the fit':>24} {'less the weights':>17} {'process':>9}")
    for name, pairs in found.items():
        added, peak = (sorted(values) for values in zip(*pairs))
        middle = statistics.median(added)
        own = middle - (weights if name == "Python" else 0)
        print(f"{name:<8} {middle:8.1f} ({added[0]:.1f} to {added[-1]:.1f}) {own:17.1f} {statistics.median(peak):9.1f}")


if __name__ == "__main__":
    child(*map(int, sys.argv[2:])) if sys.argv[1:2] == ["--child"] else main()
