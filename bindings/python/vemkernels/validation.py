"""Splits of cross-validation and seeds, as scikit-learn's users give them."""
from __future__ import annotations

import ctypes
import functools
import numbers
import sys
from typing import Any, Sequence, Tuple, Union

import numpy as np

from . import _arrays, _namespaces, _native
from ._typing import Array, CrossValidation, RandomState
from .backend import current_functions


def check_random_state(seed: RandomState) -> np.random.RandomState:
    """A RandomState of None, a seed, or a RandomState."""
    if seed is None or seed is np.random:
        return np.random.mtrand._rand
    if isinstance(seed, numbers.Integral):
        return np.random.RandomState(seed)
    if isinstance(seed, np.random.RandomState):
        return seed
    raise ValueError(f"{seed!r} cannot be used to seed a numpy.random.RandomState instance.")


def seed_of(random_state: RandomState) -> int:
    """A seed for the C library; without one, drawn from numpy's global generator, so that `numpy.random.seed`
    decides."""
    if isinstance(random_state, numbers.Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(2 ** 31 - 1))


#: Folds of more indices than this are made anew for each call.
_KEPT_INDICES = 100_000


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
            raise ValueError(
                f"Cannot have number of splits n_splits={self._count} greater than the number of samples: "
                f"n_samples={n}, or under 2.")
        samples = np.arange(n)
        ends = np.cumsum([n // self._count + (i < n % self._count) for i in range(self._count)])
        for first, end in zip((0, *ends[:-1]), ends):
            yield np.concatenate((samples[:first], samples[end:])), samples[first:end]

    def get_n_splits(self, X=None, y=None, groups=None):
        return self._count


def check_cv(cv: CrossValidation, y: Array) -> Any:
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
            raise ValueError(f"Indices in cv exceed number of samples: {n}.")
    return _Folds(pairs)


def require_samples(Y: Array, *arrays: Array, name: str = "X", square: bool = False) -> None:
    """Raises ValueError unless arrays have the samples of Y along their last axis but one and, if square, along
    both."""
    for array in arrays:
        if array.shape[-2] != Y.shape[0]:
            raise ValueError(f"{name} and Y must have the same number of samples: {array.shape[-2]} and {Y.shape[0]}.")
        if square and array.shape[-2] != array.shape[-1]:
            raise ValueError(f"Kernels must be square: {name} is {array.shape[-2]} x {array.shape[-1]}.")


class Splits:
    """vem_splits of what `cv` gives, with the memory that it points to."""

    def __init__(self, pairs: Sequence[Tuple[Array, Array]]) -> None:
        train, test = zip(*pairs)
        self._memory = [
            np.concatenate(parts).astype(np.int64) for parts in (train, test)
        ] + [np.cumsum([len(part) for part in parts]).astype(np.int64) for parts in (train, test)]
        self.count = len(train)
        self.structure = _native.Splits(
            ctypes.sizeof(_native.Splits), self.count,
            *(self._memory[i].ctypes.data for i in (0, 2, 1, 3)))

    @classmethod
    def of(cls, cv: CrossValidation, y: Array) -> Splits:
        """The splits of the samples of y; those of a number of folds are kept for the next call, where they are
        small."""
        samples = y.shape[0]
        if (type(cv) is int or isinstance(cv, numbers.Integral)) and cv * samples <= _KEPT_INDICES:
            return _folds(int(cv), samples)
        return cls(check_cv(cv, y).split())

    @property
    def pointer(self) -> Any:
        """What a call of the C library takes."""
        return ctypes.byref(self.structure)


@functools.lru_cache(maxsize=16)
def _folds(count, samples):
    return Splits(_KFold(count).split(range(samples)))


def _assumes_finite():
    """What scikit-learn's users set by `sklearn.set_config(assume_finite=True)`, where it is imported at all."""
    sklearn = sys.modules.get("sklearn")
    return sklearn is not None and sklearn.get_config()["assume_finite"]


def check_array(
        array: Array, accept_sparse: Union[bool, str, Sequence[str]] = False,
        dtype: Union[str, Sequence[str], None] = ("float32", "float64"), copy: bool = False,
        force_all_finite: Union[bool, str] = True, ndim: Union[int, Sequence[int], None] = 2,
        ensure_min_samples: int = 1, ensure_min_features: int = 1, device: Any = "default") -> Array:
    """An array as himalaya's estimators want it: real, finite, of float32 or float64, with as many dimensions as are
    asked for.

    Parameters
    ----------
    array : array-like
    accept_sparse : bool, or str or list of str, the formats of scipy's sparse matrices that may come back
    dtype : str, list of str, or None; other types become the first of a list
    copy : bool, whether the result must be other memory
    force_all_finite : bool, or 'allow-nan'
    ndim : int, list of int, or None
    ensure_min_samples, ensure_min_features : int
    device : 'default', where the array lies; 'cpu'

    Returns
    -------
    array : array of the kind that came, or of the library that `set_backend` chose; scipy's sparse matrix where that is
        accepted
    """
    if array is None:
        raise ValueError("Expected array-like (array or non-string sequence), got None")
    names = [dtype] if isinstance(dtype, str) else dtype
    if names is not None and not set(names) <= {"float32", "float64"}:
        raise ValueError(f"Unknown dtype={dtype!r}; expected float32, float64, both, or None.")
    if hasattr(array, "toarray"):
        if accept_sparse is False:
            raise TypeError(
                "A sparse matrix was passed, but dense data is required. Use X.toarray() to convert to a dense numpy "
                "array.")
        formats = [accept_sparse] if isinstance(accept_sparse, str) else accept_sparse
        array = array if formats is True or array.format in formats else array.asformat(formats[0])
        values, functions = array.data, _namespaces.named("numpy")
        if names is not None and array.dtype.name not in names:
            array = array.astype(names[0])
    else:
        functions = _namespaces.of(array)
        functions = current_functions() or functions if functions.module is np else functions
        if device == "cpu" and functions.on_device:
            functions = _namespaces.named("numpy")
        own = _namespaces.dtype_name(getattr(array, "dtype", None))
        if own is not None and "complex" in own:
            raise ValueError("Complex data not supported.")
        kept = functions.asarray(array, dtype=own if names is None or own in names else names[0])
        array = values = functions.copy(kept) if copy and kept is array else kept
        if ndim is not None and array.ndim not in np.atleast_1d(ndim):
            raise ValueError(
                f"Found array with ndim {array.ndim}, expected {ndim}. Reshape your data or change the input.")
    if force_all_finite and not _assumes_finite() and "float" in _namespaces.dtype_name(values.dtype):
        wrong = functions.isinf(values) if force_all_finite == "allow-nan" else ~functions.isfinite(values)
        if wrong.any():
            raise ValueError(
                "Input contains NaN, infinity or a value too large for "
                f"dtype({_namespaces.dtype_name(array.dtype)!r}).")
    if array.shape[0] < ensure_min_samples:
        raise ValueError(
            f"Found array with {array.shape[0]} sample(s) while a minimum of {ensure_min_samples} is required.")
    if array.ndim == 2 and array.shape[1] < ensure_min_features:
        raise ValueError(
            f"Found array with {array.shape[1]} feature(s) while a minimum of {ensure_min_features} is required.")
    return array


def validate_data(
        estimator: Any, X: Array = "no_validation", y: Array = "no_validation", reset: bool = True,
        feature_axis: int = -1, **check_params: Any) -> Any:
    """`check_array` of X and y, and the number of features of an estimator: kept, or compared if not `reset`.

    Parameters
    ----------
    estimator : object whose n_features_in_ is set
    X, y : array-like, or 'no_validation'
    reset : bool
    feature_axis : int, the axis of X that features are counted along
    check_params : as of `check_array`

    Returns
    -------
    X, y : what was validated of them; 'no_validation' if nothing was
    """
    found = []
    if not (isinstance(X, str) and X == "no_validation"):
        X = check_array(X, **check_params)
        if reset:
            estimator.n_features_in_ = X.shape[feature_axis]
        elif X.shape[feature_axis] != getattr(estimator, "n_features_in_", X.shape[feature_axis]):
            raise ValueError(
                f"X has {X.shape[feature_axis]} features, but {type(estimator).__name__} is expecting "
                f"{estimator.n_features_in_} features "
                "as input.")
        found.append(X)
    if not (isinstance(y, str) and y == "no_validation"):
        params = {
            name: check_params[name] for name in ("dtype", "accept_sparse", "copy", "force_all_finite", "device")
                if name in check_params}
        found.append(check_array(y, **{"ndim": [1, 2], **params}))
    return tuple(found) if len(found) == 2 else found[0] if found else "no_validation"
