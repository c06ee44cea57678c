"""Writes repeats.json and run_splits.json: explainable variance and splits that leave runs out, by numpy.

    python3 make_repeat_vectors.py

Doubles are written with the fewest digits that read back as the same bits.
"""
import json

import numpy as np


def write(name, value):
    with open(name, "w") as file:
        json.dump(value, file)
        file.write("\n")


def repeats(seed, count, samples, targets, noise):
    """Responses rounded to float32, so that both types read the same; targets last."""
    state = np.random.RandomState(seed)
    signal = state.randn(samples, targets)
    data = signal[None] + noise * state.randn(count, samples, targets) + 3
    data = data.astype(np.float32).astype(np.float64)
    case = {"seed": seed, "data": data.tolist()}
    for zscore in (False, True):
        z = (data - data.mean(1, keepdims=True)) / data.std(1, keepdims=True) if zscore else data
        raw = z.mean(0).var(0, ddof=1) / z.var(1, ddof=1).mean(0)
        corrected = raw - (1 - raw) / (count - 1)
        name = "zscored" if zscore else "as_given"
        case[name] = [raw.tolist()]
        case[name + "_corrected"] = [corrected.tolist()]
    return case


def splits(seed, samples, onsets, runs_out):
    state = np.random.RandomState(seed)
    orders = [state.permutation(len(onsets)) for _ in range(runs_out)]
    run_of_sample = np.searchsorted(onsets, np.arange(samples), side="right") - 1
    left = [np.isin(run_of_sample, [order[i] for order in orders]) for i in range(len(onsets))]
    return {"seed": seed, "samples": samples, "onsets": onsets, "runs_out": runs_out,
            "train": [np.flatnonzero(~mask).tolist() for mask in left],
            "validation": [np.flatnonzero(mask).tolist() for mask in left]}


write("repeats.json", [repeats(0, 2, 12, 3, 1.0), repeats(1, 5, 9, 4, 0.3), repeats(2, 3, 20, 2, 4.0)])
write("run_splits.json", [splits(0, 20, [0, 5, 9, 15], 1), splits(42, 30, [0, 4, 8, 16, 20, 27], 2),
                          splits(7, 11, [0, 3, 6], 2)])
