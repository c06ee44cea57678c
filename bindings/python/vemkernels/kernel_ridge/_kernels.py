"""Pairwise kernels and their centring."""
from __future__ import annotations

import ctypes
from typing import Any, Callable, Optional, Union

import numpy as np

from .. import _arrays, _native, _running
from .._typing import Array


def _pair(X, Y):
    x = _arrays.floats(X, name="X")
    if Y is None:
        return x, None
    y = _arrays.floats(Y, name="Y", near=x)
    if x.dtype != y.dtype:
        x, y = _arrays.floats(
            X, np.dtype(np.float64), name="X"), _arrays.floats(Y, np.dtype(np.float64), name="Y", near=x)
    return x, y


def _kernel(kind, X, Y, **parameters):
    x, y = _pair(X, Y)
    options = _native.defaults(_native.KernelParameters)
    for field, value in parameters.items():
        if value is not None:
            setattr(options, field, value)
    K = _arrays.empty((len(x), len(x) if y is None else len(y)), x.dtype, x)
    _running.run(
        "vem_pairwise_kernel", kind.encode(), ctypes.byref(options), _arrays.describe(x),
        None if y is None else _arrays.describe(y), _arrays.describe(K), work=2.0 * K.size * x.shape[1], near=x)
    return _arrays.like(K, X)


def _sparse_linear_kernel(X, Y):
    """The linear kernel where one of X and Y at least is sparse, none of them made dense."""
    if not _arrays.is_sparse(X):
        return np.ascontiguousarray(_sparse_linear_kernel(Y, X).T)
    others = X if Y is None else Y
    dtype = np.dtype(np.float32 if X.dtype == others.dtype == np.float32 else np.float64)
    x = _arrays.Sparse(X, dtype, "X")
    call, y = "vem_csr_kernel", None
    if Y is not None:
        y = _arrays.Sparse(
            Y, dtype, "Y") if _arrays.is_sparse(Y) else _arrays.floats(_arrays.to_numpy(Y), dtype, name="Y")
        call = call if _arrays.is_sparse(Y) else "vem_csr_dense_kernel"
    K = np.empty((x.shape[0], (x if y is None else y).shape[0]), dtype)
    others = None if y is None else y.pointer if isinstance(y, _arrays.Sparse) else _arrays.describe(y)
    _native.call(call, x.pointer, others, _arrays.describe(K), None)
    return K


def linear_kernel(X: Array, Y: Optional[Array] = None) -> Array:
    """<x, y>.

    Parameters
    ----------
    X : array of shape (n_samples_X, n_features), or a sparse matrix of scipy's, which is never made dense
    Y : array of shape (n_samples_Y, n_features), or a sparse matrix; None for X

    Returns
    -------
    K : array of shape (n_samples_X, n_samples_Y)
    """
    if _arrays.is_sparse(X) or _arrays.is_sparse(Y):
        return _arrays.like(_sparse_linear_kernel(X, Y), X)
    return _kernel("linear", X, Y)


def polynomial_kernel(
        X: Array, Y: Optional[Array] = None, degree: float = 3, gamma: Optional[float] = None,
        coef0: float = 1) -> Array:
    """(gamma <x, y> + coef0)^degree; gamma is 1 / n_features unless given. Shapes as of `linear_kernel`."""
    return _kernel("polynomial", X, Y, degree=degree, gamma=gamma, coef0=coef0)


def rbf_kernel(X: Array, Y: Optional[Array] = None, gamma: Optional[float] = None) -> Array:
    """exp(-gamma |x - y|^2); gamma is 1 / n_features unless given. Shapes as of `linear_kernel`."""
    return _kernel("rbf", X, Y, gamma=gamma)


def sigmoid_kernel(X: Array, Y: Optional[Array] = None, gamma: Optional[float] = None, coef0: float = 1) -> Array:
    """tanh(gamma <x, y> + coef0); gamma is 1 / n_features unless given. Shapes as of `linear_kernel`."""
    return _kernel("sigmoid", X, Y, gamma=gamma, coef0=coef0)


def cosine_similarity_kernel(X: Array, Y: Optional[Array] = None) -> Array:
    """<x, y> / (|x| |y|). Shapes as of `linear_kernel`."""
    return _kernel("cosine", X, Y)


PAIRWISE_KERNEL_FUNCTIONS = {
    "linear": linear_kernel, "polynomial": polynomial_kernel, "poly": polynomial_kernel, "rbf": rbf_kernel,
    "sigmoid": sigmoid_kernel,
    "cosine": cosine_similarity_kernel}


def check_kernel(metric: Union[str, Callable]) -> None:
    """Raises ValueError unless metric is the name of a kernel, 'precomputed' or a function."""
    if not callable(metric) and metric != "precomputed" and metric not in PAIRWISE_KERNEL_FUNCTIONS:
        raise ValueError(
            f"Unknown metric {metric!r}; expected one of {sorted(PAIRWISE_KERNEL_FUNCTIONS)}, 'precomputed' or a "
            "function.")


def pairwise_kernels(
        X: Array, Y: Optional[Array] = None, metric: Union[str, Callable] = "linear", n_jobs: Optional[int] = None,
        **params: Any) -> Array:
    """A kernel by name, "precomputed", or a function of two samples.

    Returns an array of shape (n_samples_X, n_samples_Y). `n_jobs` is accepted and not used: all processors are.
    """
    if isinstance(metric, str) and metric == "precomputed":
        K = _arrays.floats(X)
        if Y is None and K.shape[0] != K.shape[1]:
            raise ValueError(
                f"Precomputed metric requires shape (n_queries, n_indexed); got {K.shape}, which is not square.")
        return X
    if callable(metric):
        x, y = (None if array is None else _arrays.floats(_arrays.to_numpy(array)) for array in (X, Y))
        y = x if y is None else y
        return _arrays.like(
            np.array([[metric(a, b, **params) for b in y] for a in x], x.dtype).reshape(len(x), len(y)), X)
    check_kernel(metric)
    return PAIRWISE_KERNEL_FUNCTIONS[metric](X, Y, **params)
