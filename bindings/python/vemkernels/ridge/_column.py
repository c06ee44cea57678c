"""Feature spaces as a list of arrays."""
from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np
from sklearn.compose._column_transformer import _get_transformer_list
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from .. import _columns
from .._typing import Array


class ColumnTransformerNoStack(_columns.Columns):
    """Transforms columns of one array space by space: a list of arrays, as `GroupRidgeCV(groups="input")` takes it.

    Parameters
    ----------
    transformers : list of (name, transformer, columns); a transformer is an object, 'passthrough' or 'drop'; columns
        are as scikit-learn's ColumnTransformer takes them
    remainder : 'drop', 'passthrough' or a transformer, for the columns that no part names
    transformer_weights : dict of a factor of each space by name, or None
    verbose_feature_names_out : bool, whether names of features begin with those of their space
    sparse_threshold, n_jobs, verbose : accepted, not used
    """

    def __init__(
            self, transformers: Sequence[Tuple], *, remainder: Any = "drop", sparse_threshold: float = 0.3,
            n_jobs: Optional[int] = None, transformer_weights: Optional[Dict[str, float]] = None,
            verbose: bool = False, verbose_feature_names_out: bool = True) -> None:
        self.transformers = transformers
        self.remainder = remainder
        self.sparse_threshold = sparse_threshold
        self.n_jobs = n_jobs
        self.transformer_weights = transformer_weights
        self.verbose = verbose
        self.verbose_feature_names_out = verbose_feature_names_out

    _impossible = {
        **dict.fromkeys(
            ("check_transformer_data_not_an_array", "check_transformer_general", "check_transformer_preserve_dtypes",
             "check_methods_sample_order_invariance", "check_fit_idempotent"),
            "the result is a list of arrays."),
        "check_dtype_object": "columns of any type pass, as through scikit-learn's ColumnTransformer.",
        "check_estimators_nan_inf": "NaN passes, as through scikit-learn's ColumnTransformer."}

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the features of all spaces, one after another, as scikit-learn's ColumnTransformer gives them.

        Parameters
        ----------
        input_features : array of shape (n_features, ) of str; those seen in `fit`, or x0, x1 ... if None

        Returns
        -------
        names : array of str
        """
        check_is_fitted(self, "transformers_")
        names = np.asarray(_check_feature_names_in(self, input_features), dtype=object)
        found = []
        for space, transformer, columns in self.transformers_:
            features = transformer.get_feature_names_out(names[columns])
            found.extend(f"{space}__{feature}" if self.verbose_feature_names_out else feature for feature in features)
        return np.asarray(found, dtype=object)

    def _wrap(self, transformer):
        return FunctionTransformer(feature_names_out="one-to-one") if isinstance(transformer, str) else transformer

    def fit_transform(self, X: Array, y: Optional[Array] = None) -> Array:
        """A list of (n_samples, n_features_of_space)."""
        return self._fit_transform(X, y)

    def transform(self, X: Array) -> Array:
        """A list of (n_samples, n_features_of_space)."""
        return self._transform(X)


def make_column_transformer_no_stack(*transformers: Tuple, **kwargs: Any) -> ColumnTransformerNoStack:
    """A ColumnTransformerNoStack of (transformer, columns) pairs, named by type."""
    return ColumnTransformerNoStack(_get_transformer_list(transformers), **kwargs)
