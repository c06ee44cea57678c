"""Where reference values are: VEM_SHARED/golden. Tests that need them say so when they are skipped."""
import json
import os
import pathlib

import numpy as np
import pytest
import requirement

_NAMED = os.environ.get("VEM_SHARED")
GOLDEN = pathlib.Path(_NAMED or pathlib.Path(__file__).resolve().parents[4] / "shared") / "golden"


class Golden:
    """One case: arrays as attributes (in_Y, out_deltas), arguments in meta."""

    def __init__(self, path):
        with np.load(path) as case:
            self.arrays = {name: case[name] for name in case.files if name != "meta"}
            self.meta = json.loads(str(case["meta"]))

    def __getattr__(self, name):
        try:
            return self.arrays[name]
        except KeyError:
            raise AttributeError(name) from None

    def matching(self, prefix):
        """All arrays prefix0, prefix1 ... in order."""
        return [self.arrays[f"{prefix}{i}"] for i in range(len(self.arrays)) if f"{prefix}{i}" in self.arrays]

    @property
    def cv(self):
        """Splits: a number of folds, or one fold a run."""
        if self.meta["cv"] != "runs":
            return int(str(self.meta["cv"]).replace("kfold", ""))
        n = len(self.in_Y)
        runs = np.split(np.arange(n), self.in_run_onsets[1:])
        return [(np.setdiff1d(np.arange(n), run), run) for run in runs]


@pytest.fixture
def golden():
    """Loads a case by name."""
    def load(name):
        path = GOLDEN / f"{name}.npz"
        if not path.exists():
            requirement.missing(f"{path} is not here: set VEM_SHARED to the folder that holds golden/")
        return Golden(path)
    return load


@pytest.fixture
def rng():
    return np.random.RandomState(0)


@pytest.fixture(autouse=True)
def _backend_of_the_processor():
    """Whatever a test chose, the next one starts on the processor, with numpy's arrays."""
    yield
    from vemkernels import backend
    backend.set_backend("numpy")
