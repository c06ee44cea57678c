"""Splits of cross-validation and seeds, as scikit-learn's users give them."""
import ctypes
import numbers

import numpy as np

from . import _arrays, _native


def check_random_state(seed):
    """A RandomState of None, a seed, or a RandomState."""
    if seed is None or seed is np.random:
        return np.random.mtrand._rand
    if isinstance(seed, numbers.Integral):
        return np.random.RandomState(seed)
    if isinstance(seed, np.random.RandomState):
        return seed
    raise ValueError(f"{seed!r} cannot be used to seed a numpy.random.RandomState instance.")


def seed_of(random_state):
    """A seed for the C library: -1 for one from the clock."""
    if random_state is None:
        return -1
    if isinstance(random_state, numbers.Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(2 ** 31 - 1))


class _Folds:
    """Given pairs of indices with the face of a scikit-learn splitter."""

    def __init__(self, pairs):
        self._pairs = [(np.asarray(train), np.asarray(test)) for train, test in pairs]

    def split(self, X=None, y=None, groups=None):
        return iter(self._pairs)

    def get_n_splits(self, X=None, y=None, groups=None):
        return len(self._pairs)


class _KFold:
    """Contiguous folds, as scikit-learn's KFold."""

    def __init__(self, n_splits):
        self._count = n_splits

    def split(self, X, y=None, groups=None):
        n = len(X)
        if self._count < 2 or self._count > n:
            raise ValueError(f"Cannot have number of splits n_splits={self._count} greater than the number of samples: n_samples={n}, or under 2.")
        samples = np.arange(n)
        for test in np.array_split(samples, self._count):
            yield np.setdiff1d(samples, test, assume_unique=True), test

    def get_n_splits(self, X=None, y=None, groups=None):
        return self._count


def check_cv(cv, y):
    """A splitter of an int, a splitter, or pairs of indices; indices are checked against the samples of y.

    Parameters
    ----------
    cv : int, scikit-learn splitter, or iterable of (train, test)
    y : array of shape (n_samples, ...)
    """
    n = y.shape[0]
    if cv is None:
        cv = 5
    if isinstance(cv, numbers.Integral):
        cv = _KFold(int(cv))
    elif isinstance(cv, str):
        raise ValueError(f"Expected cv as an integer, a scikit-learn splitter, or a list of (train, test). Got {cv!r}.")
    elif not hasattr(cv, "split"):
        cv = _Folds(cv)
    pairs = [(np.asarray(train), np.asarray(test)) for train, test in cv.split(np.empty(n), None)]
    for train, test in pairs:
        if len(train) and max(train.max(), test.max()) >= n:
            raise ValueError("Incompatible number of samples between y and cv: indices in cv exceed the number of samples in y.")
    return _Folds(pairs)


class Splits:
    """vem_splits of what `cv` gives, with the memory that it points to."""

    def __init__(self, cv, y):
        train, test = zip(*check_cv(cv, y).split())
        self._memory = [
            np.concatenate(parts).astype(np.int64) for parts in (train, test)
        ] + [np.cumsum([len(part) for part in parts]).astype(np.int64) for parts in (train, test)]
        self.count = len(train)
        self.structure = _native.Splits(
            ctypes.sizeof(_native.Splits), self.count,
            *(self._memory[i].ctypes.data_as(_native.c_int64_p) for i in (0, 2, 1, 3)))

    @property
    def pointer(self):
        return ctypes.byref(self.structure)


def check_arrays(Y, *others, names=()):
    """Y as a float array, and the others in its dtype."""
    Y = _arrays.floats(Y, name="Y")
    return (Y, *(_arrays.floats(array, Y.dtype, name=name) for array, name in zip(others, names)))
