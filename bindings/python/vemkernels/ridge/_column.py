"""Feature spaces as a list of arrays."""
import numpy as np
from sklearn.compose._column_transformer import _get_transformer_list
from sklearn.preprocessing import FunctionTransformer

from .. import _arrays, _columns


class ColumnTransformerNoStack(_columns.Columns):
    """Transforms columns of one array space by space: a list of arrays, as `GroupRidgeCV(groups="input")` takes it."""

    def _wrap(self, transformer):
        return FunctionTransformer() if isinstance(transformer, str) else transformer

    def fit_transform(self, X, y=None):
        """A list of (n_samples, n_features_of_space)."""
        return self._fit_transform(X if hasattr(X, "iloc") else np.asarray(_arrays.to_numpy(X)), y)

    def transform(self, X):
        """A list of (n_samples, n_features_of_space)."""
        return self._transform(X if hasattr(X, "iloc") else np.asarray(_arrays.to_numpy(X)))


def make_column_transformer_no_stack(*transformers, **kwargs):
    """A ColumnTransformerNoStack of (transformer, columns) pairs, named by type."""
    return ColumnTransformerNoStack(_get_transformer_list(transformers), **kwargs)
