"""Transformers from features to kernels."""
from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose._column_transformer import _get_transformer_list
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

from .. import _columns, _sklearn
from .._typing import Array
from ._kernels import PAIRWISE_KERNEL_FUNCTIONS, check_kernel, pairwise_kernels


class Kernelizer(TransformerMixin, BaseEstimator):
    """A kernel between samples and the samples of `fit`.

    Parameters
    ----------
    kernel : as of `KernelRidge`
    kernel_params : dict or None
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    X_fit_ : array of shape (n_samples_fit, n_features), or None with a precomputed kernel
    """

    ALL_KERNELS = PAIRWISE_KERNEL_FUNCTIONS
    kernelizer = True

    def __init__(
            self, kernel: Union[str, Callable] = "linear", kernel_params: Optional[Dict[str, Any]] = None,
            force_cpu: bool = False) -> None:
        self.kernel = kernel
        self.kernel_params = kernel_params
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None) -> Kernelizer:
        """Keeps the training samples, (n_samples, n_features), or learns how many a precomputed kernel is of; returns
        self."""
        check_kernel(self.kernel)
        x = _sklearn.validate(self, X, reset=True, accept_sparse=self.kernel != "precomputed")
        self.dtype_ = _sklearn.dtype_of(x)
        self.X_fit_ = None if self.kernel == "precomputed" else x
        return self

    @_sklearn.force_cpu_backend
    def fit_transform(self, X: Array, y: Optional[Array] = None) -> Array:
        """The kernel of the training samples, (n_samples, n_samples)."""
        self.fit(X)
        return self.transform(X)

    @_sklearn.force_cpu_backend
    def transform(self, X: Array) -> Array:
        """The kernel (n_samples, n_samples_fit)."""
        check_is_fitted(self)
        x = _sklearn.validate(self, X, reset=False, accept_sparse=self.kernel != "precomputed", dtype=self.dtype_)
        fitted = None if self.X_fit_ is None else _sklearn.beside(self.X_fit_, x)
        return _sklearn.beside(pairwise_kernels(x, fitted, metric=self.kernel, **(self.kernel_params or {})), x)

    def get_X_fit(self) -> Union[Array, List[Array]]:
        """The training samples."""
        check_is_fitted(self)
        if self.kernel == "precomputed":
            raise ValueError("Cannot get X_fit, kernel is precomputed.")
        return self.X_fit_

    def _more_tags(self):
        return {"pairwise": self.kernel == "precomputed"}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.kernel == "precomputed"
        tags.input_tags.sparse = self.kernel != "precomputed"
        return tags


def _ends_with_a_kernel(transformer):
    """Whether what a transformer returns is a kernel."""
    last = transformer.steps[-1][1] if isinstance(transformer, Pipeline) else transformer
    return getattr(last, "kernelizer", False) or isinstance(last, ColumnKernelizer)


class ColumnKernelizer(_columns.Columns):
    """Kernels of feature spaces that are columns of one array.

    Parameters
    ----------
    transformers : list of (name, transformer, columns); a transformer is a Kernelizer, a pipeline that ends in one,
        'passthrough' (a linear
        kernel), 'drop', or another transformer, which a linear kernel then follows
    remainder : the same, for the columns that no part names

    transformer_weights : dict of a factor of each kernel by name, or None
    n_jobs, verbose, force_int_remainder_cols : accepted, not used
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose

    `fit_transform` and `transform` give an array of shape (n_kernels, n_samples, n_samples_fit).
    """

    kernelizer = False  # several kernels are not one
    _impossible = dict.fromkeys(
        ("check_transformer_data_not_an_array", "check_transformer_general", "check_methods_sample_order_invariance"),
        "the first axis of the result is that of kernels, not of samples.")

    def __init__(
            self, transformers: Sequence[Tuple], remainder: Any = "drop", n_jobs: Optional[int] = None,
            transformer_weights: Optional[Dict[str, float]] = None, verbose: bool = False, force_cpu: bool = False,
            force_int_remainder_cols: bool = True) -> None:
        self.transformers = transformers
        self.remainder = remainder
        self.n_jobs = n_jobs
        self.transformer_weights = transformer_weights
        self.verbose = verbose
        self.force_cpu = force_cpu
        self.force_int_remainder_cols = force_int_remainder_cols

    def _wrap(self, transformer):
        if isinstance(transformer, str):
            return Kernelizer()
        return transformer if _ends_with_a_kernel(transformer) else make_pipeline(transformer, Kernelizer())

    @_sklearn.force_cpu_backend
    def fit_transform(self, X: Array, y: Optional[Array] = None) -> Array:
        """Kernels of the training samples, (n_kernels, n_samples, n_samples)."""
        return self._stack(self._fit_transform(X, y))

    @_sklearn.force_cpu_backend
    def transform(self, X: Array) -> Array:
        """Kernels (n_kernels, n_samples, n_samples_fit)."""
        return self._stack(self._transform(X))

    def get_X_fit(self) -> Union[Array, List[Array]]:
        """The features of the training samples that each kernel saw: a list of (n_samples_fit, n_features)."""
        check_is_fitted(self, "transformers_")
        found = []
        for _, transformer, _ in self.transformers_:
            last = transformer.steps[-1][1] if isinstance(transformer, Pipeline) else transformer
            features = last.get_X_fit()
            found.extend(features if isinstance(features, list) else [features])
        return found

    @staticmethod
    def _stack(kernels):
        return _sklearn.functions_of(kernels[0]).concatenate([K[None] if K.ndim == 2 else K for K in kernels])


def make_column_kernelizer(*transformers: Tuple, **kwargs: Any) -> ColumnKernelizer:
    """A ColumnKernelizer of (transformer, columns) pairs; names are given by type, as scikit-learn's
    make_column_transformer does."""
    return ColumnKernelizer(_get_transformer_list(transformers), **kwargs)
