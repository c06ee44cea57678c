"""What a call from Python costs above the same call from C#, for problems so small that little else counts.

    dotnet build -c Release bench/Bench
    /usr/bin/python3 bench/python_call.py

The package is the one of bindings/python, over the library that VEM_LIBRARY names, or dist/. C# and Python are timed
alternately, each after a warm-up, by the first decile of the calls of 0.3 seconds (calls that other processes disturb
are above it); what is printed is the median, the least and the greatest of the pairs, and the difference between the
best of each, which a busy machine disturbs least. Under `taskset -c 0` both compute with one thread.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAIRS = 7
WINDOW = 0.3

library = ROOT / "dist/lib/libvemkernels.so.0"
if "VEM_LIBRARY" not in os.environ:
    v4 = ROOT / "dist/lib/glibc-hwcaps/x86-64-v4/libvemkernels.so.0"
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    os.environ["VEM_LIBRARY"] = str(v4 if "avx512vl" in flags else library)
sys.path.insert(0, str(ROOT / "bindings/python"))

from vemkernels import kernel_ridge, scoring  # noqa: E402


def time_of_calls(call):
    """First decile of a call's time in microseconds."""
    for duration, keep in ((WINDOW / 2, False), (WINDOW, True)):
        times, end = [], time.perf_counter() + duration
        while time.perf_counter() < end:
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
    return 1e6 * sorted(times)[len(times) // 10]


def main():
    random = np.random.RandomState(0)
    X = random.rand(2, 30, 6) - 0.5
    Ks, Y, predictions = X @ X.transpose(0, 2, 1), random.rand(30, 4) - 0.5, random.rand(30, 4) - 0.5
    gammas = kernel_ridge.generate_dirichlet_samples(3, 2, random_state=0)
    calls = {
        "score": lambda: scoring.r2_score(Y, predictions),
        "kernel_ridge": lambda: kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y),
        "kernel_ridge_cv": lambda: kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10], cv=5),
        "random_search": lambda: kernel_ridge.solve_multiple_kernel_ridge_random_search(
            Ks, Y, n_iter=gammas, alphas=[1, 10], cv=5, return_weights="dual", progress_bar=False)}
    program = next((ROOT / "bench/Bench/bin/Release").glob("*/*Bench.dll"))
    child = subprocess.Popen(
        ["dotnet", str(program), "small-calls"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    print("30 samples, 4 targets, 2 kernels, double; microseconds")
    print(f"{'call':<16} {'C#':>8} {'Python':>8} {'above C#':>9} {'pairs':>16} {'of the best':>12}")
    for name, call in calls.items():
        theirs, ours = [], []
        for _ in range(PAIRS):
            child.stdin.write(name + "\n")
            child.stdin.flush()
            theirs.append(float(child.stdout.readline()))
            ours.append(time_of_calls(call))
        above = [b - a for a, b in zip(theirs, ours)]
        medians = [statistics.median(values) for values in (theirs, ours, above)]
        print(f"{name:<16} {medians[0]:8.1f} {medians[1]:8.1f} {medians[2]:9.1f} {min(above):7.1f} to "
              f"{max(above):5.1f} {min(ours) - min(theirs):12.1f}")
    child.stdin.close()
    child.wait()


if __name__ == "__main__":
    main()
