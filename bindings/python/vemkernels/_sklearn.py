"""What all estimators share: solvers by name, validation by scikit-learn, scores."""
from __future__ import annotations

from typing import Union

import numpy as np
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_array, check_is_fitted

from . import _arrays, _dlpack, _namespaces
from ._typing import Array
from .backend import current_functions, force_cpu_backend, is_cpu_forced
from .scoring import r2_score

FLOATS = ["float64", "float32"]


def functions_of(array):
    """Functions on arrays of the kind that a fit or a prediction from an array works with: the array's own, or what
    `set_backend` chose."""
    own = _namespaces.of(array)
    if own.module is np:
        return current_functions() or own
    return _namespaces.named(
        "numpy" if own.module.__name__ == "cupy" else "torch") if own.on_device and is_cpu_forced() else own


def _stays(array, functions):
    """Whether an array lies on the GPU that the functions work on: it is then not seen by scikit-learn, which knows
    host memory."""
    return functions.on_device and functions.owns(array)


def _device_floats(array, dtype, ndim, name):
    """The native array of a GPU in a dtype of a list, with the checks that need no look at its values: solvers make the
    others."""
    if dtype is FLOATS:
        dtype = None
    return _arrays._device_floats(_dlpack.device_array(array), dtype, (ndim,), name).native


def dtype_of(array):
    """The dtype of an array of any library as a string."""
    return _namespaces.dtype_name(array.dtype)


def validate_space(X, dtype):
    """One of several feature spaces as a float array of its kind."""
    functions = functions_of(X)
    return _device_floats(
        X, dtype, 2, "X") if _stays(X, functions) else functions.asarray(check_array(_arrays.to_numpy(X), dtype=dtype))


def check_names(estimator, X, reset):
    """Keeps, or compares, the names of the columns of a frame, as scikit-learn does."""
    if hasattr(estimator, "_check_feature_names"):
        estimator._check_feature_names(X, reset=reset)
    else:
        from sklearn.utils.validation import _check_feature_names
        _check_feature_names(estimator, X, reset=reset)


def count_features(estimator, features, reset):
    if reset:
        estimator.n_features_in_ = features
    elif features != estimator.n_features_in_:
        raise ValueError(
            f"X has {features} features, but {type(estimator).__name__} is expecting {estimator.n_features_in_} "
            "features as input.")


def validate(estimator, X, reset, accept_sparse=False, dtype=FLOATS):
    """X as a float array of its kind, with scikit-learn's checks of features; sparse matrices become dense."""
    functions = functions_of(X)
    if _stays(X, functions):
        x = _device_floats(X, dtype, 2, "X")
        count_features(estimator, x.shape[1], reset)
        return x
    X = _arrays.to_numpy(X) if not hasattr(X, "toarray") and not hasattr(X, "columns") else X
    options = {"reset": reset, "accept_sparse": ("csr", "csc") if accept_sparse else False, "dtype": dtype}
    if hasattr(estimator, "_validate_data"):
        X = estimator._validate_data(X, **options)
    else:
        from sklearn.utils.validation import validate_data
        X = validate_data(estimator, X, **options)
    return functions.asarray(X.toarray() if hasattr(X, "toarray") else X)


def validate_kernels(estimator, Ks, reset, dtype=FLOATS):
    """Precomputed kernels, (n_kernels, n_samples, n_samples_fit)."""
    functions = functions_of(Ks)
    if _stays(Ks, functions):
        Ks = _device_floats(Ks, dtype, 3, "Precomputed kernels")
    else:
        Ks = check_array(_arrays.to_numpy(Ks), allow_nd=True, dtype=dtype)
        if Ks.ndim != 3:
            raise ValueError(
                f"Precomputed kernels have {Ks.ndim} dimensions; expected 3: (n_kernels, n_samples, n_samples_fit).")
        Ks = functions.asarray(Ks)
    count_features(estimator, Ks.shape[-1], reset)
    return Ks


def _validate_beside(array, x, ndims, name):
    """An array as one of the kind of x, in its dtype and where it lies."""
    functions = _namespaces.of(x)
    if not _stays(array, functions):
        array = check_array(_arrays.to_numpy(array), ensure_2d=False, dtype=dtype_of(x), input_name=name)
    if array.ndim not in ndims:
        raise ValueError(f"{name} has {array.ndim} dimensions; expected {' or '.join(map(str, ndims))}.")
    return functions.asarray_like(array, x)


def validate_targets(y, x, samples, name):
    """y as (n_samples, n_targets) of the kind and dtype of x, and whether it was a vector."""
    if y is None:
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    y = _validate_beside(y, x, (1, 2), "y")
    if y.shape[0] != samples:
        raise ValueError(f"Inconsistent number of samples: X has {samples}, y has {y.shape[0]}.")
    return (y[:, None], True) if y.ndim == 1 else (y, False)


def validate_weights(sample_weight, x, samples):
    """Square roots of sample weights, (n_samples, 1), or None."""
    if sample_weight is None:
        return None
    weights = _validate_beside(sample_weight, x, (1,), "sample_weight")
    if weights.shape[0] != samples:
        raise ValueError(
            f"Inconsistent number of samples: sample_weight has shape {tuple(weights.shape)}; expected ({samples},).")
    return _namespaces.of(x).sqrt(weights)[:, None]


class Regressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """Base of all estimators. Fitted attributes are arrays of the kind of X."""

    def _call_solver(self, **direct):
        solver = getattr(self, "solver_", self.solver)
        if solver not in self.ALL_SOLVERS:
            raise ValueError(f"Unknown solver={solver!r}; expected one of {sorted(self.ALL_SOLVERS)}.")
        params = self.solver_params or {}
        both = sorted(set(direct) & set(params))
        if both:
            raise ValueError(
                f"Parameters {both} should not be given in solver_params, since they are either fixed or have a direct "
                "parameter in "
                f"{type(self).__name__}.")
        return self.ALL_SOLVERS[solver](**direct, **params)

    @force_cpu_backend
    def score(self, X: Array, y: Array) -> Union[float, Array]:
        """R2 of predictions.

        Parameters
        ----------
        X : array of shape (n_samples_test, n_features)
        y : array of shape (n_samples_test, ) or (n_samples_test, n_targets)

        Returns
        -------
        score : float, or array of shape (n_targets, )
        """
        predictions = self.predict(X)
        y_true, vector = validate_targets(y, predictions, len(predictions), type(self).__name__)
        scores = r2_score(y_true, predictions.reshape(y_true.shape))
        return scores[0] if vector else scores

    def _more_tags(self):
        return {"requires_y": True}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


class PrimalRegressor(Regressor):
    """Estimators whose predictions are X @ coef_ + intercept_."""

    @force_cpu_backend
    def predict(self, X: Array) -> Array:
        """Predictions.

        Parameters
        ----------
        X : array of shape (n_samples_test, n_features)

        Returns
        -------
        Y_hat : array of shape (n_samples_test, ) or (n_samples_test, n_targets)
        """
        check_is_fitted(self)
        x = validate(self, X, reset=False, dtype=self.dtype_)
        predictions = x @ beside(self.coef_, x)
        return predictions + beside(self.intercept_, x) if hasattr(self, "intercept_") else predictions

    def _store(self, coef, intercept, vector):
        self.coef_ = coef[:, 0] if vector else coef
        if intercept is not None:
            self.intercept_ = intercept[0] if vector else intercept


def beside(array, x):
    """A fitted attribute as an array of the kind, and on the device, of x."""
    return _namespaces.of(x).asarray_like(array, x)


__all__ = [
    "FLOATS", "PrimalRegressor", "Regressor", "beside", "check_is_fitted", "count_features", "dtype_of",
    "force_cpu_backend",
    "functions_of", "validate", "validate_kernels", "validate_space", "validate_targets", "validate_weights"]
