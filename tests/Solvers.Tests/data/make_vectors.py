"""Writes the test vectors of this folder: what numpy, scikit-learn and himalaya give for fixed seeds.

    PYTHONPATH=<folder of himalaya> python3 make_vectors.py <folder of the golden files>

Doubles are written with the fewest digits that read back as the same bits.
"""
import json
import sys

import numpy as np
from himalaya.kernel_ridge import generate_dirichlet_samples
from himalaya.utils import generate_multikernel_dataset
from sklearn.model_selection import KFold

SHAPES = [0.05, 0.3, 1.0, 2.5, 10.0]
RANGES = [(0, 10), (-5, 7), (3, 4), (0, 2**32), (-(2**31), 2**40), (-(2**63), 2**63 - 1)]


def write(name, value):
    with open(name, "w") as file:
        json.dump(value, file)
        file.write("\n")


def golden(folder):
    states = []
    for seed in [0, 123]:
        case = np.load(f"{folder}/randomstate_{seed}.npz")
        arrays = {key[4:]: case[key].tolist() for key in case.files if key.startswith("out_")}
        states.append({"seed": seed, **arrays})
    samples = []
    for name in ["0_2", "1_3", "42_3", "5_4"]:
        case = np.load(f"{folder}/dirichlet_{name}.npz")
        meta = json.loads(str(case["meta"]))
        samples.append({"seed": meta["random_state"], "kernels": meta["n_kernels"],
                        "concentration": meta["concentration"], "gammas": case["out_gammas"].tolist()})
    write("golden_random.json", {"randomstate": states, "dirichlet": samples})


def numpy_state(seed):
    """Draws follow each other in this order; of long rows every 97th value is kept."""
    state = np.random.RandomState(seed)
    return {
        "seed": seed,
        "rand": state.rand(3000)[::97].tolist(),
        "randn": state.randn(3001)[::97].tolist(),
        "exponential": state.standard_exponential(500)[::97].tolist(),
        "gamma": [state.standard_gamma(shape, 1000)[::97].tolist() for shape in SHAPES],
        "dirichlet": state.dirichlet([0.1, 1.0, 3.0], 20).tolist(),
        "permutation": state.permutation(1000).tolist(),
        "randint": [state.randint(low, high, 50).tolist() for low, high in RANGES],
        "randn_last": state.randn(5).tolist(),
    }


def folds(samples, count, seed):
    splits = KFold(count, shuffle=True, random_state=seed).split(np.zeros((samples, 1)))
    return {"samples": samples, "folds": count, "seed": seed, "validation": [test.tolist() for _, test in splits]}


def himalaya_samples(samples, kernels, concentration, seed):
    gammas = generate_dirichlet_samples(samples, kernels, concentration, random_state=seed)
    return {"samples": samples, "kernels": kernels, "concentration": [str(c) for c in concentration],
            "seed": seed, "gammas": gammas.tolist()}


def multikernel(seed, features, targets, train, test, noise):
    names = ["XTrain", "XTest", "YTrain", "YTest", "KernelWeights"]
    arrays = generate_multikernel_dataset(len(features), targets, train, test, noise, None, features, seed)
    return {"seed": seed, "features": features, "targets": targets, "train": train, "test": test, "noise": noise,
            **{name: array.astype(float).tolist() for name, array in zip(names, arrays)}}


golden(sys.argv[1])
write("numpy_random.json", [numpy_state(seed) for seed in [0, 1, 42, 2**32 - 1]])
write("sklearn_kfold.json", [folds(10, 3, 0), folds(23, 5, 42), folds(100, 7, 1)])
write("himalaya_dirichlet.json", [himalaya_samples(7, 3, [np.inf, 0.1, 1.0], 0), himalaya_samples(1, 4, [0.1, 1.0], 7),
                                  himalaya_samples(20, 2, [0.1, 1.0], 1)])
write("himalaya_multikernel.json", [multikernel(3, [3, 2], 5, 7, 4, 0.1), multikernel(0, [4, 1, 6], 3, 9, 5, 0.5)])
