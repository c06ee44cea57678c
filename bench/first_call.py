#!/usr/bin/python3
"""Time to the first result of a small fit, the start of the process included: `vem fit` beside Python with himalaya on numpy.

    /usr/bin/python3 bench/first_call.py --himalaya FOLDER [--repeats N]

Both read the same .npy files, choose alpha for each of 500 targets by five folds (ridge on 100 features, 300 samples) and write scores and
weights. `vem` runs twice: as `dotnet build` leaves it, and published with code compiled ahead (ReadyToRun), as an installed command is.
Medians of alternating runs.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILT = ROOT / "src/Cli/bin/Release/net10.0/vem.dll"
SAMPLES, FEATURES, TARGETS = 300, 100, 500
ALPHAS = "0.1,1,10,100,1000"

PEER = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from himalaya.ridge import RidgeCV
X, Y = np.load(sys.argv[2]), np.load(sys.argv[3])
model = RidgeCV(alphas=[0.1, 1, 10, 100, 1000], cv=5, fit_intercept=False).fit(X, Y)
np.save(sys.argv[4] + "/cv_scores.npy", model.cv_scores_)
np.save(sys.argv[4] + "/primal.npy", model.coef_)
"""


def run(command):
    environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    start = time.perf_counter()
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--himalaya", required=True, help="folder that holds the package himalaya")
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        quiet = ["dotnet", "build", "-c", "Release", "-v", "quiet", str(ROOT / "src/Cli")]
        subprocess.run(quiet, check=True, stdout=sys.stderr)
        publish = ["dotnet", "publish", "-c", "Release", "-v", "quiet", "-r", "linux-x64", "--self-contained", "false",
                   "-p:PublishReadyToRun=true", "-o", folder + "/vem", str(ROOT / "src/Cli")]
        subprocess.run(publish, check=True, stdout=sys.stderr)
        rng = np.random.RandomState(0)
        X = rng.randn(SAMPLES, FEATURES).astype(np.float32)
        Y = (X @ rng.randn(FEATURES, TARGETS) + 3 * rng.randn(SAMPLES, TARGETS)).astype(np.float32)
        np.save(folder + "/X.npy", X - X.mean(0))
        np.save(folder + "/Y.npy", Y - Y.mean(0))
        fit = ["fit", "--model", "ridge", "--features", f"x={folder}/X.npy", "--responses", f"{folder}/Y.npy", "--cv", "5",
               "--alphas", ALPHAS]
        sides = {
            "vem, as built": lambda i: ["dotnet", str(BUILT), *fit, "--out", f"{folder}/built{i}"],
            "vem, published (ReadyToRun)": lambda i: [f"{folder}/vem/vem", *fit, "--out", f"{folder}/published{i}"],
            "Python with himalaya, numpy": lambda i: [
                sys.executable, "-c", PEER, arguments.himalaya, f"{folder}/X.npy", f"{folder}/Y.npy", folder],
        }
        seconds = {name: [] for name in sides}
        for i in range(arguments.repeats + 1):
            for name, command in sides.items():
                spent = run(command(i))
                if i > 0:  # the first run warms the file cache
                    seconds[name].append(spent)
        medians = {name: statistics.median(values) for name, values in seconds.items()}
        peer = medians["Python with himalaya, numpy"]
        ours = np.load(f"{folder}/built1/cv_scores.npy").ravel()
        theirs = np.load(folder + "/cv_scores.npy").ravel()
        print(f"{SAMPLES} samples x {TARGETS} targets, {FEATURES} features, 5 alphas, 5 folds, float32; process start to files written; medians of "
              f"{arguments.repeats}, alternating; load average {os.getloadavg()[0]:.1f}. Scores differ by {np.abs(ours - theirs).max():.0e} at most.\n")
        print("| | seconds | Python / this |\n| --- | ---: | ---: |")
        for name, median in medians.items():
            print(f"| {name} | {median:.2f} | {peer / median:.2f} |")


if __name__ == "__main__":
    main()
