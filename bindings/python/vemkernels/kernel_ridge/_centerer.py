"""Centring of kernels."""
from __future__ import annotations

import ctypes
from typing import Optional

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from .. import _arrays, _namespaces, _native, _sklearn
from .._typing import Array


class KernelCenterer(TransformerMixin, BaseEstimator):
    """Centres kernels as if features had been centred by the means of the training samples (Schoelkopf et al. 1998).

    Parameters
    ----------
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose

    Attributes
    ----------
    K_fit_rows_ : array of shape (n_samples_fit, ), means of the columns of the training kernel
    K_fit_all_ : float, their mean
    n_features_in_ : int, n_samples_fit
    dtype_ : str, "float32" or "float64"
    """

    def __init__(self, force_cpu: bool = False) -> None:
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, K: Array, y: Optional[Array] = None) -> KernelCenterer:
        """Learns the means of a training kernel, (n_samples, n_samples); returns self."""
        k = _arrays.floats(_sklearn.validate(self, K, reset=True), name="K")
        if k.shape[0] != k.shape[1]:
            raise ValueError(f"Kernel matrix must be a square matrix. Input is a {k.shape[0]}x{k.shape[1]} matrix.")
        means = np.empty((1, len(k)))
        _native.call("vem_kernel_means", _arrays.backend_of(k), _arrays.describe(k), _arrays.describe(means))
        self._means = means
        self.K_fit_rows_ = _arrays.like(means[0].astype(k.dtype), K)
        self.K_fit_all_ = float(means.mean())
        self.dtype_ = str(k.dtype)
        return self

    @_sklearn.force_cpu_backend
    def transform(self, K: Array, copy: bool = True) -> Array:
        """Centres a kernel (n_samples, n_samples_fit); in place if not `copy` and K is an array of float32 or
        float64."""
        _sklearn.check_is_fitted(self)
        checked = _sklearn.validate(self, K, reset=False)
        result = _namespaces.of(checked).copy(checked) if copy else checked
        k = _arrays.floats(result, name="K")
        _native.call(
            "vem_kernel_centre", _arrays.backend_of(k), _arrays.describe(self._means), _arrays.describe(k))
        return result

    def _more_tags(self):
        return {"pairwise": True}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = True
        return tags
