#!/usr/bin/python3
"""Time to the first result of a small fit, the start of the process included: ours beside Python with himalaya on
numpy.

    /usr/bin/python3 bench/first_call.py --himalaya FOLDER [--published VEM] [--library libvemkernels.so] [--repeats N]

All read the same .npy files, choose alpha for each of 500 targets by five folds (ridge on 100 features, 300 samples)
and write scores and weights. `vem` runs twice: as `dotnet build` leaves it, and as `dotnet publish -r linux-x64` makes
it, one file compiled ahead (made here unless --published names it). With --library, the C library through the Python
package, too. Medians of alternating runs.
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

# Arguments: folder of the package, its name, X, Y, folder to write to.
PEER = """
import importlib
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
RidgeCV = importlib.import_module(sys.argv[2] + ".ridge").RidgeCV
X, Y = np.load(sys.argv[3]), np.load(sys.argv[4])
model = RidgeCV(alphas=[0.1, 1, 10, 100, 1000], cv=5, fit_intercept=False).fit(X, Y)
np.save(sys.argv[5] + "/cv_scores.npy", model.cv_scores_)
np.save(sys.argv[5] + "/primal.npy", model.coef_)
"""


def run(command, library=None):
    """Seconds of one process."""
    environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    if library:
        environment["VEM_LIBRARY"] = library
    start = time.perf_counter()
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return time.perf_counter() - start


def publish(folder):
    """The program as it is installed."""
    command = ["dotnet", "publish", "-c", "Release", "-v", "quiet", "-nodeReuse:false", "-r", "linux-x64", "-o", folder,
        str(ROOT / "src/Cli")]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return f"{folder}/vem"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--himalaya", required=True, help="folder that holds the package himalaya")
    parser.add_argument("--published", metavar="VEM", help="what dotnet publish made")
    parser.add_argument("--library", metavar="FILE", help="libvemkernels.so, for the Python package over it")
    parser.add_argument("--repeats", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not BUILT.exists():
            subprocess.run(["dotnet", "build", "-c", "Release", "-v", "quiet", str(ROOT / "src/Cli")], check=True,
                stdout=sys.stderr)
        published = arguments.published or publish(folder + "/publish")
        rng = np.random.RandomState(0)
        X = rng.randn(SAMPLES, FEATURES).astype(np.float32)
        Y = (X @ rng.randn(FEATURES, TARGETS) + 3 * rng.randn(SAMPLES, TARGETS)).astype(np.float32)
        np.save(folder + "/X.npy", X - X.mean(0))
        np.save(folder + "/Y.npy", Y - Y.mean(0))
        measure(arguments, folder, published)


def measure(arguments, folder, published):
    """Runs all sides in turn and prints the table."""
    fit = ["fit", "--model", "ridge", "--features", f"x={folder}/X.npy", "--responses", f"{folder}/Y.npy", "--cv", "5",
        "--alphas", ALPHAS]

    def python(place, package):
        target = pathlib.Path(folder, package)
        target.mkdir()
        return [sys.executable, "-c", PEER, str(place), package, f"{folder}/X.npy", f"{folder}/Y.npy", str(target)]

    himalaya = python(arguments.himalaya, "himalaya")
    sides = {
        "vem, as built": lambda: run(["dotnet", str(BUILT), *fit, "--out", f"{folder}/built"]),
        "vem, published as one file": lambda: run([published, *fit, "--out", f"{folder}/published"]),
        "Python with himalaya, numpy": lambda: run(himalaya),
    }
    if arguments.library:
        ours = python(ROOT / "bindings/python", "vemkernels")
        library = str(pathlib.Path(arguments.library).resolve())
        sides["Python with vemkernels, C library"] = lambda: run(ours, library)
    seconds = {name: [] for name in sides}
    for i in range(arguments.repeats + 1):
        for name, side in sides.items():
            spent = side()
            if i > 0:  # The first run warms the file cache.
                seconds[name].append(spent)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    peer = medians["Python with himalaya, numpy"]
    theirs = np.load(folder + "/himalaya/cv_scores.npy").ravel()
    differences = [
        np.abs(np.load(file).ravel() - theirs).max() for file in pathlib.Path(folder).glob("*/cv_scores.npy")]
    print(
        f"{SAMPLES} samples x {TARGETS} targets, {FEATURES} features, 5 alphas, 5 folds, float32; process start to "
        "files written; medians of "
          f"{arguments.repeats}, alternating; load average {os.getloadavg()[0]:.1f}. Scores differ by "
          f"{max(differences):.0e} at most.\n")
    print("| | seconds | shortest | himalaya / this |\n| --- | ---: | ---: | ---: |")
    for name, median in medians.items():
        print(f"| {name} | {median:.2f} | {min(seconds[name]):.2f} | {peer / median:.2f} |")


if __name__ == "__main__":
    main()
