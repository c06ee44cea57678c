"""Feature spaces as columns of one array, each with a transformer of its own."""
from __future__ import annotations

import numbers
from typing import Any, Dict, Optional

import numpy as np
from sklearn.base import TransformerMixin, clone
from sklearn.utils.metaestimators import _BaseComposition
from sklearn.utils.validation import check_is_fitted

from . import _sklearn
from ._typing import Array

try:
    from sklearn.utils._indexing import _get_column_indices  # scikit-learn 1.5 and later
except ImportError:
    from sklearn.utils import _get_column_indices


class Columns(TransformerMixin, _BaseComposition):
    """Base of transformers with one part a feature space; what they take is said where they are."""

    _required_parameters = ["transformers"]

    @property
    def _transformers(self):
        return [(name, transformer) for name, transformer, _ in self.transformers]

    @_transformers.setter
    def _transformers(self, value):
        self.transformers = [
            (name, transformer, columns) for (name, transformer), (_, _, columns) in zip(value, self.transformers)]

    def get_params(self, deep: bool = True) -> Dict[str, Any]:
        """Parameters of this and, if deep, of its parts."""
        return self._get_params("_transformers", deep=deep)

    def set_params(self, **kwargs: Any) -> Any:
        """Sets parameters by name."""
        self._set_params("_transformers", **kwargs)
        return self

    #: Checks of scikit-learn's that cannot pass, and why; a tag of theirs (see `_more_tags`).
    _impossible = {}

    def _more_tags(self):
        return {"_xfail_checks": self._impossible}

    @property
    def named_transformers_(self) -> Dict[str, Any]:
        """The fitted transformers by name."""
        return {name: transformer for name, transformer, _ in self.transformers_}

    def _wrap(self, transformer):
        return transformer

    def fit(self, X: Array, y: Optional[Array] = None) -> Columns:
        """Fits each part to its columns of X, (n_samples, n_features); returns self."""
        self.fit_transform(X, y)
        return self

    def _fit_transform(self, X, y):
        X = self._seen(X, reset=True)
        parts = [(name, transformer, _indices(X, columns(X) if callable(columns) else columns))
                 for name, transformer, columns in self.transformers]
        named = {i for _, _, columns in parts for i in columns}
        rest = [i for i in range(X.shape[1]) if i not in named]
        if rest:
            parts.append(("remainder", self.remainder, rest))
        self.transformers_, results = [], []
        for name, transformer, columns in parts:
            if transformer == "drop" if isinstance(transformer, str) else len(columns) == 0:
                continue
            fitted = self._wrap(transformer if isinstance(transformer, str) else clone(transformer))
            results.append(self._weighted(name, fitted.fit_transform(_take(X, columns), y)))
            self.transformers_.append((name, fitted, columns))
        if not results:
            raise ValueError("No column is transformed: all are dropped.")
        return results

    def _transform(self, X):
        check_is_fitted(self, "transformers_")
        X = self._seen(X, reset=False)
        return [
            self._weighted(name, transformer.transform(_take(X, columns)))
            for name, transformer, columns in self.transformers_]

    def _weighted(self, name, result):
        return result * (self.transformer_weights or {}).get(name, 1) if self.transformer_weights else result

    def _seen(self, X, reset):
        """X as something with a shape whose columns can be taken: frames, tensors and sparse matrices as they are."""
        if hasattr(X, "iloc"):
            _sklearn.check_names(self, X, reset)
        elif not hasattr(X, "detach") and not hasattr(X, "__cuda_array_interface__"):
            X = X.tocsc() if hasattr(X, "tocsc") else np.asarray(X)
            if X.ndim != 2:
                raise ValueError(
                    f"Expected 2D array, got {X.ndim}D array instead. Reshape your data by X.reshape(-1, 1) or "
                    "X.reshape(1, -1).")
        if "complex" in str(getattr(X, "dtype", "")):
            raise ValueError(f"Complex data not supported: X has dtype {X.dtype}.")
        for what, count in zip(("sample", "feature"), X.shape):
            if count == 0:
                raise ValueError(
                    f"Found array with 0 {what}(s) (shape={tuple(X.shape)}) while a minimum of 1 is required.")
        _sklearn.count_features(self, X.shape[1], reset)
        return X


def _indices(X, columns):
    if isinstance(columns, slice) and all(
            end is None or isinstance(end, numbers.Integral) for end in (columns.start, columns.stop)):
        return list(range(*columns.indices(X.shape[1])))
    return _get_column_indices(X, columns)


def _take(X, columns):
    return X.iloc[:, columns] if hasattr(X, "iloc") else X[:, columns]
