"""Pairwise kernels and their centring."""
import ctypes

import numpy as np

from .. import _arrays, _native, _running
from ..backend import get_backend


def _pair(X, Y):
    dtype = None
    if Y is not None and not (_arrays.floats(X).dtype == _arrays.floats(Y).dtype == np.float32):
        dtype = np.dtype(np.float64)
    return _arrays.floats(X, dtype, name="X"), None if Y is None else _arrays.floats(Y, dtype, name="Y")


def _kernel(kind, X, Y, **parameters):
    x, y = _pair(X, Y)
    options = _native.defaults(_native.KernelParameters)
    for field, value in parameters.items():
        if value is not None:
            setattr(options, field, value)
    K = np.empty((len(x), len(x) if y is None else len(y)), x.dtype)
    _running.run(
        "vem_pairwise_kernel", kind.encode(), ctypes.byref(options), ctypes.byref(_arrays.describe(x)),
        None if y is None else ctypes.byref(_arrays.describe(y)), ctypes.byref(_arrays.describe(K)), work=2.0 * K.size * x.shape[1])
    return _arrays.like(K, X)


def linear_kernel(X, Y=None):
    """<x, y>. X (n_samples_X, n_features), Y (n_samples_Y, n_features) or None for X; returns (n_samples_X, n_samples_Y)."""
    return _kernel("linear", X, Y)


def polynomial_kernel(X, Y=None, degree=3, gamma=None, coef0=1):
    """(gamma <x, y> + coef0)^degree; gamma is 1 / n_features unless given. Shapes as of `linear_kernel`."""
    return _kernel("polynomial", X, Y, degree=degree, gamma=gamma, coef0=coef0)


def rbf_kernel(X, Y=None, gamma=None):
    """exp(-gamma |x - y|^2); gamma is 1 / n_features unless given. Shapes as of `linear_kernel`."""
    return _kernel("rbf", X, Y, gamma=gamma)


def sigmoid_kernel(X, Y=None, gamma=None, coef0=1):
    """tanh(gamma <x, y> + coef0); gamma is 1 / n_features unless given. Shapes as of `linear_kernel`."""
    return _kernel("sigmoid", X, Y, gamma=gamma, coef0=coef0)


def cosine_similarity_kernel(X, Y=None):
    """<x, y> / (|x| |y|). Shapes as of `linear_kernel`."""
    return _kernel("cosine", X, Y)


PAIRWISE_KERNEL_FUNCTIONS = {
    "linear": linear_kernel, "polynomial": polynomial_kernel, "poly": polynomial_kernel, "rbf": rbf_kernel, "sigmoid": sigmoid_kernel,
    "cosine": cosine_similarity_kernel}


def pairwise_kernels(X, Y=None, metric="linear", n_jobs=None, **params):
    """A kernel by name, "precomputed", or a function of two samples.

    Returns an array of shape (n_samples_X, n_samples_Y). `n_jobs` is accepted and not used: all processors are.
    """
    if metric == "precomputed":
        K = _arrays.floats(X)
        if Y is None and K.shape[0] != K.shape[1]:
            raise ValueError(f"Precomputed metric requires shape (n_queries, n_indexed); got {K.shape}, which is not square.")
        return X
    if callable(metric):
        x, y = _pair(X, Y)
        y = x if y is None else y
        return _arrays.like(np.array([[metric(a, b, **params) for b in y] for a in x], x.dtype).reshape(len(x), len(y)), X)
    if metric not in PAIRWISE_KERNEL_FUNCTIONS:
        raise ValueError(f"Unknown kernel {metric!r}; expected one of {sorted(PAIRWISE_KERNEL_FUNCTIONS)}, 'precomputed' or a function.")
    return PAIRWISE_KERNEL_FUNCTIONS[metric](X, Y, **params)


class KernelCenterer:
    """Centres kernels as if features had been centred by the means of the training samples (Schoelkopf et al. 1998).

    Attributes
    ----------
    K_fit_rows_ : array of shape (n_samples_fit, ), means of the columns of the training kernel
    K_fit_all_ : float, their mean
    """

    def fit(self, K, y=None):
        """Learns the means of a training kernel, (n_samples, n_samples)."""
        K_fit = _arrays.floats(K, name="K")
        if K_fit.shape[0] != K_fit.shape[1]:
            raise ValueError(f"Kernel matrix must be a square matrix. Input is a {K_fit.shape[0]}x{K_fit.shape[1]} matrix.")
        self._means = np.empty((1, len(K_fit)))
        _native.call(
            "vem_kernel_means", get_backend().handle, ctypes.byref(_arrays.describe(K_fit)), ctypes.byref(_arrays.describe(self._means)))
        self.K_fit_rows_ = _arrays.like(self._means[0].astype(K_fit.dtype), K)
        self.K_fit_all_ = self._means.mean()
        self.dtype_ = str(K_fit.dtype)
        return self

    def transform(self, K, copy=True):
        """Centres a kernel (n_samples, n_samples_fit); in place if not `copy` and K is a float array of numpy's."""
        if not hasattr(self, "_means"):
            raise AttributeError("This KernelCenterer instance is not fitted yet. Call 'fit' first.")
        result = _arrays.floats(K, name="K")
        if copy or result is not K:
            result = np.array(result, order="C")
        if result.shape[1] != self._means.shape[1]:
            raise ValueError(f"K has {result.shape[1]} columns; expected {self._means.shape[1]}, the samples of fit.")
        _native.call(
            "vem_kernel_centre", get_backend().handle, ctypes.byref(_arrays.describe(self._means)), ctypes.byref(_arrays.describe(result)))
        return _arrays.like(result, K)

    def fit_transform(self, K, y=None):
        """`fit`, then `transform`."""
        return self.fit(K).transform(K)
