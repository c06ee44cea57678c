"""What all estimators share: solvers by name, validation by scikit-learn, scores."""
import numpy as np
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_array, check_is_fitted

from . import _arrays
from .scoring import r2_score

FLOATS = [np.float64, np.float32]


def validate(estimator, X, reset, accept_sparse=False, dtype=FLOATS):
    """X as a float array, with scikit-learn's checks of features; sparse matrices become dense."""
    X = _arrays.to_numpy(X) if not hasattr(X, "toarray") and not hasattr(X, "columns") else X
    options = {"reset": reset, "accept_sparse": ("csr", "csc") if accept_sparse else False, "dtype": dtype}
    if hasattr(estimator, "_validate_data"):
        X = estimator._validate_data(X, **options)
    else:
        from sklearn.utils.validation import validate_data
        X = validate_data(estimator, X, **options)
    return X.toarray() if hasattr(X, "toarray") else X


def validate_kernels(estimator, Ks, reset):
    """Precomputed kernels, (n_kernels, n_samples, n_samples_fit)."""
    Ks = check_array(_arrays.to_numpy(Ks), allow_nd=True, dtype=FLOATS)
    if Ks.ndim != 3:
        raise ValueError(f"Precomputed kernels have {Ks.ndim} dimensions; expected 3: (n_kernels, n_samples, n_samples_fit).")
    if reset:
        estimator.n_features_in_ = Ks.shape[-1]
    elif Ks.shape[-1] != estimator.n_features_in_:
        raise ValueError(
            f"X has {Ks.shape[-1]} features, but {type(estimator).__name__} is expecting {estimator.n_features_in_} features as input.")
    return Ks


def validate_targets(y, X_samples, dtype, name):
    """y as (n_samples, n_targets) of a dtype, and whether it was a vector."""
    if y is None:
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    y = check_array(_arrays.to_numpy(y), ensure_2d=False, dtype=dtype, input_name="y")
    if y.ndim not in (1, 2):
        raise ValueError(f"y has {y.ndim} dimensions; expected 1 or 2.")
    if y.shape[0] != X_samples:
        raise ValueError(f"Inconsistent number of samples: X has {X_samples}, y has {y.shape[0]}.")
    return (y[:, None], True) if y.ndim == 1 else (y, False)


def validate_weights(sample_weight, samples, dtype):
    """Square roots of sample weights, (n_samples, 1), or None."""
    if sample_weight is None:
        return None
    weights = check_array(_arrays.to_numpy(sample_weight), ensure_2d=False, dtype=dtype, input_name="sample_weight")
    if weights.shape != (samples,):
        raise ValueError(f"Inconsistent number of samples: sample_weight has shape {weights.shape}; expected ({samples},).")
    return np.sqrt(weights)[:, None]


class Regressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    """Base of all estimators."""

    def _call_solver(self, **direct):
        solver = getattr(self, "solver_", self.solver)
        if solver not in self.ALL_SOLVERS:
            raise ValueError(f"Unknown solver={solver!r}; expected one of {sorted(self.ALL_SOLVERS)}.")
        params = self.solver_params or {}
        both = sorted(set(direct) & set(params))
        if both:
            raise ValueError(
                f"Parameters {both} should not be given in solver_params, since they are either fixed or have a direct parameter in "
                f"{type(self).__name__}.")
        return self.ALL_SOLVERS[solver](**direct, **params)

    def score(self, X, y):
        """R2 of predictions.

        Parameters
        ----------
        X : array of shape (n_samples_test, n_features)
        y : array of shape (n_samples_test, ) or (n_samples_test, n_targets)

        Returns
        -------
        score : float, or array of shape (n_targets, )
        """
        predictions = _arrays.to_numpy(self.predict(X))
        y_true, vector = validate_targets(y, len(predictions), predictions.dtype, type(self).__name__)
        scores = r2_score(y_true, predictions.reshape(y_true.shape))
        return scores[0] if vector else _arrays.like(scores, y)

    def _more_tags(self):
        return {"requires_y": True}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


class PrimalRegressor(Regressor):
    """Estimators whose predictions are X @ coef_ + intercept_."""

    def predict(self, X):
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
        return _arrays.like(x @ _arrays.to_numpy(self.coef_) + _arrays.to_numpy(getattr(self, "intercept_", 0)), X)

    def _store(self, coef, intercept, vector):
        self.coef_ = coef[:, 0] if vector else coef
        if intercept is not None:
            self.intercept_ = intercept[0] if vector else intercept


__all__ = [
    "FLOATS", "PrimalRegressor", "Regressor", "check_is_fitted", "validate", "validate_kernels",
    "validate_targets", "validate_weights"]
