"""Helpers of himalaya's `utils`."""
from __future__ import annotations

import ctypes
from typing import List, Optional, Sequence, Tuple

import numpy as np

from . import _arrays, _native, backend, validation
from ._typing import Array, RandomState
from .validation import check_random_state

_PRODUCTS = {"XTX": 0, "XXT": 1, "X": 2}


def compute_lipschitz_constants(Xs: Array, kernelize: str = "XTX", random_state: RandomState = None) -> Array:
    """The largest eigenvalue of X'X, XX' or X for several X, by power iteration.

    Parameters
    ----------
    Xs : array of shape (n_kernels, n_samples, n_features) or (n_kernels, n_samples, n_samples)
    kernelize : 'XTX', 'XXT' or 'X'
    random_state : int, RandomState or None

    Returns
    -------
    lipschitz : array of shape (n_kernels, )
    """
    if kernelize not in _PRODUCTS:
        raise ValueError(f"Unknown parameter kernelize={kernelize!r}; expected one of {sorted(_PRODUCTS)}.")
    xs = _arrays.floats(Xs, ndim=(3,), name="Xs")
    constants = np.empty(len(xs))
    _native.call(
        "vem_lipschitz_constants", _arrays.backend_of(xs), _arrays.describe_all(xs), ctypes.c_int64(len(xs)),
        ctypes.c_int32(_PRODUCTS[kernelize]), ctypes.c_int64(validation.seed_of(random_state)),
        constants.ctypes.data_as(_native.c_double_p))
    return _arrays.like(constants.astype(xs.dtype), Xs)


def generate_multikernel_dataset(
        n_kernels: int = 4, n_targets: int = 500, n_samples_train: int = 1000, n_samples_test: int = 400,
        noise: float = 0.1, kernel_weights: Optional[Array] = None, n_features_list: Optional[Sequence[int]] = None,
        random_state: RandomState = None) -> Tuple[Array, Array, Array, Array, Array, List[int]]:
    """A dataset whose targets are sums of linear functions of several feature spaces.

    Returns
    -------
    Arrays in float32, of the library that `set_backend` chose.

    X_train, X_test : arrays of shape (n_samples, n_features)
    Y_train, Y_test : arrays of shape (n_samples, n_targets)
    kernel_weights : array of shape (n_targets, n_kernels)
    n_features_list : list of int
    """
    from .kernel_ridge import generate_dirichlet_samples
    if kernel_weights is None:
        kernel_weights = generate_dirichlet_samples(n_targets, n_kernels, concentration=[.3], random_state=random_state)
    kernel_weights = np.asarray(_arrays.to_numpy(kernel_weights))
    if n_features_list is None:
        n_features_list = [1000 for _ in range(n_kernels)]
    state = check_random_state(random_state)  # from the seed again, where it is one: the same draws as himalaya's
    trains, tests = [], []
    Y_train, Y_test = np.zeros((n_samples_train, n_targets)), np.zeros((n_samples_test, n_targets))
    for i, features in enumerate(n_features_list):
        train, test = state.randn(n_samples_train, features), state.randn(n_samples_test, features)
        train, test = train - train.mean(0), test - test.mean(0)
        weights = state.randn(features, n_targets) * np.sqrt(kernel_weights[:, i]) / features
        Y_train += train @ weights
        Y_test += test @ weights
        trains.append(train)
        tests.append(test)
    deviations = Y_train.std(0)
    for Y in (Y_train, Y_test):
        Y /= deviations
        Y += state.randn(*Y.shape) * noise
        Y -= Y.mean(0)
    made = (np.concatenate(trains, 1), np.concatenate(tests, 1), Y_train, Y_test, kernel_weights)
    chosen = backend.get_backend()
    return (*(chosen.asarray(array, dtype="float32") for array in made), list(n_features_list))


def assert_array_almost_equal(x: Array, y: Array, decimal: int = 6, err_msg: str = "", verbose: bool = True) -> None:
    """numpy's, of arrays of any kind."""
    np.testing.assert_array_almost_equal(_arrays.to_numpy(x), _arrays.to_numpy(y), decimal, err_msg, verbose)


def to_numpy_float64(result: Array) -> np.ndarray:
    """An array of any kind as numpy's, in float64 if it was float32."""
    result = _arrays.to_numpy(result)
    return result.astype(np.float64) if result.dtype == np.float32 else result
