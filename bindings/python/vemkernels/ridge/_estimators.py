"""Ridge estimators in scikit-learn's form."""
from __future__ import annotations

from typing import Any, Dict, Optional, Union

import numpy as np

from .. import _arrays, _sklearn
from .._typing import Array, CrossValidation, RandomState
from ..scoring import r2_score, r2_score_split
from ..validation import check_cv
from ._solvers import GROUP_RIDGE_SOLVERS, RIDGE_SOLVERS, solve_ridge_cv_svd


class Ridge(_sklearn.PrimalRegressor):
    """Ridge regression: b = argmin |X b - Y|^2 + alpha |b|^2.

    Parameters
    ----------
    alpha : float, or array of shape (n_targets, )
    fit_intercept : bool
    solver : 'svd'
    solver_params : dict or None, see `solve_ridge_svd`
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    coef_ : array of shape (n_features, ) or (n_features, n_targets)
    intercept_ : float or array of shape (n_targets, ), only with fit_intercept
    n_features_in_ : int
    dtype_ : dtype of the training data
    """

    ALL_SOLVERS = RIDGE_SOLVERS

    def __init__(
            self, alpha: Union[float, Array] = 1, fit_intercept: bool = False, solver: str = "svd",
            solver_params: Optional[Dict[str, Any]] = None, force_cpu: bool = False) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.solver_params = solver_params
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None) -> Ridge:
        """Fits. X (n_samples, n_features), y (n_samples, ) or (n_samples, n_targets); returns self."""
        x = _sklearn.validate(self, X, reset=True)
        self.dtype_ = _sklearn.dtype_of(x)
        y, vector = _sklearn.validate_targets(y, x, len(x), type(self).__name__)
        found = self._call_solver(X=x, Y=y, alpha=self.alpha, fit_intercept=self.fit_intercept)
        coef, intercept = found if self.fit_intercept else (found, None)
        self._store(coef, intercept, vector)
        return self


class RidgeCV(Ridge):
    """Ridge regression, alpha by cross-validation for each target.

    Parameters
    ----------
    alphas : array of shape (n_alphas, )
    fit_intercept : bool
    solver : 'svd'
    solver_params : dict or None, see `solve_ridge_cv_svd`
    cv : int, splitter, or list of (train, test)
    Y_in_cpu : accepted, not used
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    best_alphas_ : array of shape (n_targets, )
    cv_scores_ : array of shape (n_targets, )
    and those of `Ridge`
    """

    ALL_SOLVERS = {"svd": solve_ridge_cv_svd}

    def __init__(
            self, alphas: Array = (0.1, 1), fit_intercept: bool = False, solver: str = "svd",
            solver_params: Optional[Dict[str, Any]] = None, cv: CrossValidation = 5, Y_in_cpu: bool = False,
            force_cpu: bool = False) -> None:
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.solver_params = solver_params
        self.cv = cv
        self.Y_in_cpu = Y_in_cpu
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None) -> RidgeCV:
        """Fits. X (n_samples, n_features), y (n_samples, ) or (n_samples, n_targets); returns self."""
        x = _sklearn.validate(self, X, reset=True)
        self.dtype_ = _sklearn.dtype_of(x)
        y, vector = _sklearn.validate_targets(y, x, len(x), type(self).__name__)
        found = self._call_solver(
            X=x, Y=y, cv=check_cv(self.cv, y), alphas=self.alphas, fit_intercept=self.fit_intercept)
        self.best_alphas_, coef, scores = found[:3]
        self.cv_scores_ = scores[0]
        self._store(coef, found[3] if self.fit_intercept else None, vector)
        return self


class GroupRidgeCV(_sklearn.PrimalRegressor):
    """Banded (group) ridge: ridge on feature spaces whose scalings are found by random search and cross-validation.

    Parameters
    ----------
    groups : array of shape (n_features, ), 'input' (X is a list of arrays), or None for one space; features of a
        negative label are ignored
    solver : 'random_search'
    solver_params : dict or None, see `solve_group_ridge_random_search`
    fit_intercept : bool
    cv : int, splitter, or list of (train, test)
    random_state : int, RandomState or None
    Y_in_cpu : accepted, not used
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    coef_ : array of shape (n_features, ) or (n_features, n_targets), the features of all spaces by ascending label
    intercept_ : float or array of shape (n_targets, ), only with fit_intercept
    deltas_ : array of shape (n_spaces, ) or (n_spaces, n_targets)
    cv_scores_ : array of shape (n_iter, n_targets)
    best_alphas_ : array of shape (n_targets, ), 1 / sum(exp(deltas_))
    """

    ALL_SOLVERS = GROUP_RIDGE_SOLVERS

    def __init__(
            self, groups: Union[str, Array, None] = None, solver: str = "random_search",
            solver_params: Optional[Dict[str, Any]] = None, fit_intercept: bool = False, cv: CrossValidation = 5,
            random_state: RandomState = None, Y_in_cpu: bool = False, force_cpu: bool = False) -> None:
        self.groups = groups
        self.solver = solver
        self.solver_params = solver_params
        self.fit_intercept = fit_intercept
        self.cv = cv
        self.random_state = random_state
        self.Y_in_cpu = Y_in_cpu
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None) -> GroupRidgeCV:
        """Fits. X (n_samples, n_features), or a list of such with groups='input'; y (n_samples, ) or (n_samples,
        n_targets)."""
        spaces = self._spaces(X, reset=True)
        self.dtype_ = _sklearn.dtype_of(spaces[0])
        y, vector = _sklearn.validate_targets(y, spaces[0], len(spaces[0]), type(self).__name__)
        found = self._call_solver(
            Xs=spaces, Y=y, cv=check_cv(self.cv, y), return_weights=True, random_state=self.random_state,
            fit_intercept=self.fit_intercept)
        deltas, coef, self.cv_scores_ = found[:3]
        self.best_alphas_ = 1. / _sklearn.functions_of(deltas).exp(deltas).sum(0)
        self.deltas_ = deltas[:, 0] if vector else deltas
        self._store(coef, found[3] if self.fit_intercept else None, vector)
        return self

    @_sklearn.force_cpu_backend
    def predict(self, X: Array, split: bool = False) -> Array:
        """Predictions; with split, of each space by itself, on a first axis: they add up to those without an intercept.

        Parameters
        ----------
        X : array of shape (n_samples_test, n_features), or a list of such as in `fit`

        Returns
        -------
        Y_hat : array of shape ([n_spaces, ] n_samples_test[, n_targets])
        """
        _sklearn.check_is_fitted(self)
        spaces = self._spaces(X, reset=False)
        if split and self.fit_intercept:
            raise NotImplementedError("Splitting the predictions is not implemented with fit_intercept=True.")
        coef, parts, first = _sklearn.beside(self.coef_, spaces[0]), [], 0
        for space in spaces:
            parts.append(space @ coef[first:first + space.shape[1]])
            first += space.shape[1]
        if split:
            return _sklearn.functions_of(spaces[0]).stack(parts)
        predictions = sum(parts[1:], parts[0])
        return predictions + _sklearn.beside(
            self.intercept_, predictions) if hasattr(self, "intercept_") else predictions

    @_sklearn.force_cpu_backend
    def score(self, X: Array, y: Array, split: bool = False) -> Union[float, Array]:
        """R2 of predictions, or with split its product-measure split: (n_targets, ) or (n_spaces, n_targets)."""
        predictions = self.predict(X, split=split)
        samples = predictions.shape[1 if split else 0]
        y_true, vector = _sklearn.validate_targets(y, predictions, samples, type(self).__name__)
        scores = (r2_score_split if split else r2_score)(y_true, predictions[..., None] if vector else predictions)
        return scores[..., 0] if vector else scores

    def _spaces(self, X, reset):
        dtype = _sklearn.FLOATS if reset else self.dtype_
        if isinstance(self.groups, str) and self.groups == "input":
            spaces = [_sklearn.validate_space(x, dtype) for x in X]
            _sklearn.count_features(self, sum(x.shape[1] for x in spaces), reset)
            if any(len(x) != len(spaces[0]) for x in spaces):
                raise ValueError("Inconsistent number of samples.")
            return [_sklearn.beside(x, spaces[0]) for x in spaces]
        x = _sklearn.validate(self, X, reset=reset, dtype=dtype)
        groups = np.zeros(x.shape[1]) if self.groups is None else np.asarray(_arrays.to_numpy(self.groups))
        if groups.shape != (x.shape[1],):
            raise ValueError(f"groups has shape {groups.shape}; expected ({x.shape[1]},), a label a feature.")
        return [_columns_of(x, np.flatnonzero(groups == label)) for label in np.unique(groups[groups >= 0])]


def _columns_of(x, columns):
    """Columns of a matrix: a view where they stand side by side, else a copy."""
    first, last = int(columns[0]), int(columns[-1])
    return x[:, first:last + 1] if last - first + 1 == len(columns) else x[:, columns]


BandedRidgeCV = GroupRidgeCV
