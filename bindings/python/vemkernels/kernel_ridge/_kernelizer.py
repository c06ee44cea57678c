"""Transformers from features to kernels."""
import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose._column_transformer import _get_transformer_list
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

from .. import _arrays, _columns, _sklearn
from ._kernels import PAIRWISE_KERNEL_FUNCTIONS, pairwise_kernels


class Kernelizer(TransformerMixin, BaseEstimator):
    """A kernel between samples and the samples of `fit`.

    Parameters
    ----------
    kernel : as of `KernelRidge`
    kernel_params : dict or None
    force_cpu : accepted, not used

    Attributes
    ----------
    X_fit_ : array of shape (n_samples_fit, n_features), or None with a precomputed kernel
    """

    ALL_KERNELS = PAIRWISE_KERNEL_FUNCTIONS

    def __init__(self, kernel="linear", kernel_params=None, force_cpu=False):
        self.kernel = kernel
        self.kernel_params = kernel_params
        self.force_cpu = force_cpu

    def fit(self, X, y=None):
        """Keeps the training samples."""
        x = _sklearn.validate(self, X, reset=True, accept_sparse=self.kernel != "precomputed")
        self.dtype_ = x.dtype
        self.X_fit_ = None if self.kernel == "precomputed" else x
        return self

    def fit_transform(self, X, y=None):
        """The kernel of the training samples, (n_samples, n_samples)."""
        self.fit(X)
        return self.transform(X)

    def transform(self, X):
        """The kernel (n_samples, n_samples_fit)."""
        check_is_fitted(self)
        x = _sklearn.validate(self, X, reset=False, accept_sparse=self.kernel != "precomputed", dtype=self.dtype_)
        K = pairwise_kernels(x, self.X_fit_, metric=self.kernel, **(self.kernel_params or {}))
        return _arrays.like(np.asarray(K, self.dtype_), X)

    def get_X_fit(self):
        """The training samples."""
        check_is_fitted(self)
        if self.kernel == "precomputed":
            raise ValueError("Cannot get X_fit, kernel is precomputed.")
        return self.X_fit_

    def _more_tags(self):
        return {"pairwise": self.kernel == "precomputed"}


class ColumnKernelizer(_columns.Columns):
    """Kernels of feature spaces that are columns of one array.

    Parameters
    ----------
    transformers : list of (name, transformer, columns); a transformer is a Kernelizer, a pipeline that ends in one, 'passthrough' (a linear
        kernel), 'drop', or another transformer, which a linear kernel then follows
    remainder : the same, for the columns that no part names

    `fit_transform` and `transform` give an array of shape (n_kernels, n_samples, n_samples_fit).
    """

    def _wrap(self, transformer):
        if isinstance(transformer, str):
            return Kernelizer()
        last = transformer.steps[-1][1] if isinstance(transformer, Pipeline) else transformer
        return transformer if isinstance(last, (Kernelizer, ColumnKernelizer)) else make_pipeline(transformer, Kernelizer())

    def fit_transform(self, X, y=None):
        """Kernels of the training samples, (n_kernels, n_samples, n_samples)."""
        return self._stack(self._fit_transform(X if hasattr(X, "iloc") else np.asarray(_arrays.to_numpy(X)), y), X)

    def transform(self, X):
        """Kernels (n_kernels, n_samples, n_samples_fit)."""
        return self._stack(self._transform(X if hasattr(X, "iloc") else np.asarray(_arrays.to_numpy(X))), X)

    def get_X_fit(self):
        """The features of the training samples that each kernel saw: a list of (n_samples_fit, n_features)."""
        check_is_fitted(self, "transformers_")
        found = []
        for _, transformer, _ in self.transformers_:
            last = transformer.steps[-1][1] if isinstance(transformer, Pipeline) else transformer
            features = last.get_X_fit()
            found.extend(features if isinstance(features, list) else [features])
        return found

    @staticmethod
    def _stack(kernels, reference):
        return _arrays.like(np.concatenate([K[None] if K.ndim == 2 else K for K in map(_arrays.to_numpy, kernels)]), reference)


def make_column_kernelizer(*transformers, **kwargs):
    """A ColumnKernelizer of (transformer, columns) pairs; names are given by type, as scikit-learn's make_column_transformer does."""
    return ColumnKernelizer(_get_transformer_list(transformers), **kwargs)
