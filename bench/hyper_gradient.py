#!/usr/bin/python3
"""Multiple-kernel ridge by hyper-gradient descent: VemKernels beside himalaya (numpy and torch), same inputs, one machine, one run.

    python3 bench/hyper_gradient.py --himalaya PATH [--large] [--skip-numpy]

PATH is the folder that holds the package `himalaya`. The runs of a configuration alternate; medians of three, but numpy runs once.
Build first: dotnet build -c Release bench/HyperGradient
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

import numpy as np

ITERATIONS = 5
FOLDS = 5
KERNELS = 3
FEATURES = 200
RUNS = 3
RUNNER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "HyperGradient", "bin", "Release", "net10.0",
                      "VemKernels.HyperGradient.dll")

# What a peer's process runs: one fit for each line read, answered by a line "seconds score".
PEER = """
import sys, time
import numpy as np
sys.path.insert(0, {path!r})
from himalaya.backend import set_backend
backend = set_backend({backend!r})
from himalaya.kernel_ridge import solve_multiple_kernel_ridge_hyper_gradient as solve
Ks, Y = (backend.asarray(np.load(name)) for name in ({kernels!r}, {responses!r}))
for _ in sys.stdin:
    start = time.perf_counter()
    scores = solve(Ks, Y, cv={folds}, max_iter={iterations}, random_state=0, progress_bar=False)[2]
    seconds = time.perf_counter() - start
    scores = backend.to_numpy(scores)
    last = [row for row in scores if np.any(row != 0)][-1]
    print(seconds, last.mean(), flush=True)
"""


def make_inputs(samples, targets, folder):
    """Three kernels of 200 features and responses that two of them explain in part, float32, centred."""
    rng = np.random.RandomState(0)
    Xs = [rng.randn(samples, FEATURES) for _ in range(KERNELS)]
    Xs = [X - X.mean(0) for X in Xs]
    shares = rng.dirichlet(np.full(KERNELS, 0.3), size=targets)
    Y = sum(X @ rng.randn(FEATURES, targets) * np.sqrt(shares[:, i] / FEATURES) for i, X in enumerate(Xs))
    Y += rng.randn(samples, targets)
    Y -= Y.mean(0)
    Y /= Y.std(0)
    names = os.path.join(folder, "kernels.npy"), os.path.join(folder, "responses.npy")
    np.save(names[0], np.stack([X @ X.T for X in Xs]).astype(np.float32))
    np.save(names[1], Y.astype(np.float32))
    return names


class Worker:
    """A process that fits once for each line written to it."""

    def __init__(self, command):
        environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.seconds = []
        self.score = float("nan")

    def run(self, keep=True):
        self.process.stdin.write("fit\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("A worker ended without an answer.")
        seconds, self.score = (float(word) for word in answer.split())
        if keep:
            self.seconds.append(seconds)

    @property
    def median(self):
        return statistics.median(self.seconds)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare(samples, targets, himalaya, peers):
    with tempfile.TemporaryDirectory() as folder:
        kernels, responses = make_inputs(samples, targets, folder)
        ours = Worker(["dotnet", RUNNER, kernels, responses, str(ITERATIONS)])
        others = {
            peer: Worker([sys.executable, "-c", PEER.format(
                path=himalaya, backend=peer, kernels=kernels, responses=responses, folds=FOLDS, iterations=ITERATIONS)])
            for peer in peers
        }
        ours.run(keep=False)  # the just-in-time compiler's share
        for run in range(RUNS):
            ours.run()
            for peer, worker in others.items():
                if run == 0 or peer != "numpy":
                    worker.run()
        print(f"{samples} samples x {targets} targets, {KERNELS} kernels of {FEATURES} features, {FOLDS} folds, {ITERATIONS} iterations, float32; "
              f"load average {os.getloadavg()[0]:.1f}.\n")
        print("| | seconds | himalaya / ours | mean score at the end |\n| --- | ---: | ---: | ---: |")
        print(f"| ours | {ours.median:.3g} | | {ours.score:.6f} |")
        for peer, worker in others.items():
            ratio = worker.median / ours.median
            print(f"| himalaya, {peer} | {worker.median:.3g} | {ratio:.1f} | {worker.score:.6f} |", flush=True)
        print()
        for worker in (ours, *others.values()):
            worker.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--himalaya", required=True, help="folder that holds the package himalaya")
    parser.add_argument("--large", action="store_true", help="also 1,000 samples x 5,000 targets (torch only)")
    parser.add_argument("--skip-numpy", action="store_true", help="leave out numpy, which takes minutes")
    arguments = parser.parse_args()
    compare(300, 500, arguments.himalaya, ["torch"] if arguments.skip_numpy else ["numpy", "torch"])
    if arguments.large:
        compare(1000, 5000, arguments.himalaya, ["torch"])


if __name__ == "__main__":
    main()
