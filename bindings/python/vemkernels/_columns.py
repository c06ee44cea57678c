"""Feature spaces as columns of one array, each with a transformer of its own."""
import numpy as np
from sklearn.base import TransformerMixin, clone
from sklearn.utils import _get_column_indices
from sklearn.utils.metaestimators import _BaseComposition
from sklearn.utils.validation import check_is_fitted


class Columns(TransformerMixin, _BaseComposition):
    """Base of transformers with one part a feature space.

    Parameters
    ----------
    transformers : list of (name, transformer, columns); a transformer is an object, 'passthrough' or 'drop'; columns are as
        scikit-learn's ColumnTransformer takes them
    remainder : 'drop', 'passthrough' or a transformer, for the columns that no part names
    others : accepted, not used
    """

    def __init__(self, transformers, remainder="drop", n_jobs=None, transformer_weights=None, verbose=False, force_cpu=False):
        self.transformers = transformers
        self.remainder = remainder
        self.n_jobs = n_jobs
        self.transformer_weights = transformer_weights
        self.verbose = verbose
        self.force_cpu = force_cpu

    @property
    def _transformers(self):
        return [(name, transformer) for name, transformer, _ in self.transformers]

    @_transformers.setter
    def _transformers(self, value):
        self.transformers = [
            (name, transformer, columns) for (name, transformer), (_, _, columns) in zip(value, self.transformers)]

    def get_params(self, deep=True):
        """Parameters of this and, if deep, of its parts."""
        return self._get_params("_transformers", deep=deep)

    def set_params(self, **kwargs):
        """Sets parameters by name."""
        self._set_params("_transformers", **kwargs)
        return self

    @property
    def named_transformers_(self):
        """The fitted transformers by name."""
        return {name: transformer for name, transformer, _ in self.transformers_}

    def _wrap(self, transformer):
        return transformer

    def fit(self, X, y=None):
        """Fits each part to its columns."""
        self.fit_transform(X, y)
        return self

    def _fit_transform(self, X, y):
        self.n_features_in_ = X.shape[1]
        parts = [(name, transformer, _get_column_indices(X, columns(X) if callable(columns) else columns))
                 for name, transformer, columns in self.transformers]
        named = {i for _, _, columns in parts for i in columns}
        rest = [i for i in range(X.shape[1]) if i not in named]
        if rest:
            parts.append(("remainder", self.remainder, rest))
        self.transformers_, results = [], []
        for name, transformer, columns in parts:
            if isinstance(transformer, str) and transformer == "drop":
                continue
            fitted = self._wrap(transformer if isinstance(transformer, str) else clone(transformer))
            results.append(fitted.fit_transform(self._take(X, columns), y))
            self.transformers_.append((name, fitted, columns))
        if not results:
            raise ValueError("No column is transformed: all are dropped.")
        return results

    def _transform(self, X):
        check_is_fitted(self, "transformers_")
        if X.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {X.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_} features as input.")
        return [transformer.transform(self._take(X, columns)) for _, transformer, columns in self.transformers_]

    @staticmethod
    def _take(X, columns):
        return X.iloc[:, columns] if hasattr(X, "iloc") else np.ascontiguousarray(X[:, columns]) if isinstance(X, np.ndarray) else X[:, columns]
