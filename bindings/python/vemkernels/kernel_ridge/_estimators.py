"""Kernel ridge estimators in scikit-learn's form."""
from __future__ import annotations

import warnings
from typing import Any, Callable, Dict, List, Optional, Sequence, Union

import numpy as np

from .. import _arrays, _sklearn
from .._typing import Array, CrossValidation, RandomState
from ..scoring import r2_score, r2_score_split
from ..validation import check_cv
from ._kernels import PAIRWISE_KERNEL_FUNCTIONS, pairwise_kernels
from ._predictions import (
    predict_and_score_weighted_kernel_ridge, predict_weighted_kernel_ridge, primal_weights_kernel_ridge,
    primal_weights_weighted_kernel_ridge)
from ._search import KERNEL_RIDGE_CV_SOLVERS, MULTIPLE_KERNEL_RIDGE_SOLVERS
from ._solvers import KERNEL_RIDGE_SOLVERS, WEIGHTED_KERNEL_RIDGE_SOLVERS


class KernelRidge(_sklearn.Regressor):
    """Kernel ridge regression: w = (K + alpha I)^-1 Y.

    Parameters
    ----------
    alpha : float, or array of shape (n_targets, )
    kernel : 'linear', 'polynomial', 'rbf', 'sigmoid', 'cosine', 'precomputed', or a function of two samples
    kernel_params : dict or None
    solver : 'auto', 'eigenvalues', 'conjugate_gradient' or 'gradient_descent'
    solver_params : dict or None
    fit_intercept : bool
    warn : bool, whether to say that ridge would be faster
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    dual_coef_ : array of shape (n_samples, ) or (n_samples, n_targets)
    intercept_ : float or array of shape (n_targets, ), only with fit_intercept
    X_fit_ : array of shape (n_samples, n_features), or None with a precomputed kernel
    """

    ALL_KERNELS = PAIRWISE_KERNEL_FUNCTIONS
    ALL_SOLVERS = KERNEL_RIDGE_SOLVERS

    def __init__(
            self, alpha: Union[float, Array] = 1, kernel: Union[str, Callable] = "linear",
            kernel_params: Optional[Dict[str, Any]] = None, solver: str = "auto",
            solver_params: Optional[Dict[str, Any]] = None, fit_intercept: bool = False, force_cpu: bool = False,
            warn: bool = True) -> None:
        self.alpha = alpha
        self.kernel = kernel
        self.kernel_params = kernel_params
        self.solver = solver
        self.solver_params = solver_params
        self.fit_intercept = fit_intercept
        self.force_cpu = force_cpu
        self.warn = warn

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None, sample_weight: Optional[Array] = None) -> KernelRidge:
        """Fits. X (n_samples, n_features) or a kernel; y (n_samples, ) or (n_samples, n_targets); weights (n_samples, )
        or None."""
        K, y, vector, _ = self._prepare(X, y, None)
        roots = _sklearn.validate_weights(sample_weight, K, len(y))
        self.solver_ = self.solver
        if self.solver == "auto":
            self.solver_ = "eigenvalues" if np.size(_arrays.to_numpy(self.alpha)) == 1 else "conjugate_gradient"
        found = self._call_solver(
            K=K, Y=y, alpha=self.alpha, fit_intercept=self.fit_intercept,
            sample_weights=None if roots is None else roots[:, 0] ** 2)
        self._store(*(found if self.fit_intercept else (found, None)), vector, None)
        return self

    @_sklearn.force_cpu_backend
    def predict(self, X: Array) -> Array:
        """Predictions, (n_samples_test, ) or (n_samples_test, n_targets). X as in `fit`; a kernel is (n_samples_test,
        n_samples)."""
        _sklearn.check_is_fitted(self)
        x = _sklearn.validate(self, X, reset=False, accept_sparse=self.kernel != "precomputed", dtype=self.dtype_)
        K = self._kernel(x, None if self.X_fit_ is None else _sklearn.beside(self.X_fit_, x))
        predictions = K @ _sklearn.beside(self.dual_coef_, K)
        return predictions + _sklearn.beside(self.intercept_, K) if hasattr(self, "intercept_") else predictions

    def get_primal_coef(self, X_fit: Optional[Array] = None) -> Union[Array, List[Array]]:
        """Weights of features, (n_features, n_targets), where the kernel is linear; X_fit is needed if it was
        precomputed."""
        _sklearn.check_is_fitted(self)
        if self.kernel == "linear":
            X_fit = self.X_fit_
        elif self.kernel != "precomputed":
            raise ValueError("The primal coefficients can only be computed when using a linear kernel.")
        elif X_fit is None:
            raise ValueError(
                "get_primal_coef requires the training features `X_fit`. If you used a Kernelizer, you can use the "
                "method `get_X_fit`.")
        dual = self.dual_coef_[:, None] if self.dual_coef_.ndim == 1 else self.dual_coef_
        primal = primal_weights_kernel_ridge(dual, X_fit)
        return primal[:, 0] if self.dual_coef_.ndim == 1 else primal

    def _prepare(self, X, y, sample_weight):
        x = _sklearn.validate(self, X, reset=True, accept_sparse=self.kernel != "precomputed")
        self.dtype_ = _sklearn.dtype_of(x)
        y, vector = _sklearn.validate_targets(y, x, len(x), type(self).__name__)
        roots = _sklearn.validate_weights(sample_weight, x, len(x))
        if self.warn and self.kernel == "linear" and x.shape[0] > x.shape[1]:
            warnings.warn(
                "Solving linear kernel ridge is slower than solving ridge when n_samples > n_features (here "
                f"{x.shape[0]} > {x.shape[1]}). Using vemkernels.ridge would be faster. Use warn=False to silence this "
                "warning.",
                UserWarning, stacklevel=4)  # beyond fit and its decorator
        K = self._kernel(x)
        self.X_fit_ = None if self.kernel == "precomputed" else x
        if roots is not None:
            K, y = K * (roots @ roots.T), y * roots
        return K, y, vector, roots

    def _kernel(self, X, Y=None):
        K = pairwise_kernels(X, Y, metric=self.kernel, **(self.kernel_params or {}))
        return _sklearn.beside(K, X)

    def _store(self, dual, intercept, vector, roots):
        dual = dual if roots is None else dual * roots
        self.dual_coef_ = dual[:, 0] if vector else dual
        if intercept is not None:
            self.intercept_ = intercept[0] if vector else intercept

    @property
    def _pairwise(self):
        return self.kernel == "precomputed"

    def _more_tags(self):
        return {"requires_y": True, "pairwise": self.kernel == "precomputed"}


class KernelRidgeCV(KernelRidge):
    """Kernel ridge regression, alpha by cross-validation for each target.

    Parameters
    ----------
    alphas : array of shape (n_alphas, )
    solver : 'eigenvalues' or 'svd'
    cv : int, splitter, or list of (train, test)
    others : as of `KernelRidge`

    Attributes
    ----------
    best_alphas_ : array of shape (n_targets, )
    cv_scores_ : array of shape (n_targets, )
    and those of `KernelRidge`
    """

    ALL_SOLVERS = KERNEL_RIDGE_CV_SOLVERS

    def __init__(
            self, alphas: Array = (0.1, 1), kernel: Union[str, Callable] = "linear",
            kernel_params: Optional[Dict[str, Any]] = None, solver: str = "eigenvalues",
            solver_params: Optional[Dict[str, Any]] = None, fit_intercept: bool = False, cv: CrossValidation = 5,
            Y_in_cpu: bool = False, force_cpu: bool = False, warn: bool = True) -> None:
        self.alphas = alphas
        self.kernel = kernel
        self.kernel_params = kernel_params
        self.solver = solver
        self.solver_params = solver_params
        self.fit_intercept = fit_intercept
        self.cv = cv
        self.Y_in_cpu = Y_in_cpu
        self.force_cpu = force_cpu
        self.warn = warn

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None, sample_weight: Optional[Array] = None) -> KernelRidgeCV:
        """Fits; arguments as of `KernelRidge.fit`."""
        K, y, vector, roots = self._prepare(X, y, sample_weight)
        found = self._call_solver(
            K=K, Y=y, cv=check_cv(self.cv, y), alphas=self.alphas, fit_intercept=self.fit_intercept)
        self.best_alphas_, dual, scores = found[:3]
        self.cv_scores_ = scores[0]
        self._store(dual, found[3] if self.fit_intercept else None, vector, roots)
        return self

    def _more_tags(self):
        return {**super()._more_tags(), "_xfail_checks": _WEIGHTS_AND_SPLITS}


_WEIGHTS_AND_SPLITS = {
    "check_sample_weights_invariance": "a weight of zero is not a sample left out, because of the splits of "
        "cross-validation."}


class _WeightedKernels(_sklearn.Regressor):
    """Models with several kernels."""

    ALL_KERNELS = PAIRWISE_KERNEL_FUNCTIONS

    @_sklearn.force_cpu_backend
    def predict(self, X: Array, split: bool = False) -> Array:
        """Predictions; with split, of each kernel by itself on a first axis.

        Parameters
        ----------
        X : array of shape (n_samples_test, n_features), or kernels of shape (n_kernels, n_samples_test, n_samples)

        Returns
        -------
        Y_hat : array of shape ([n_kernels, ] n_samples_test[, n_targets])
        """
        _sklearn.check_is_fitted(self)
        Ks = self._test_kernels(X)
        dual, deltas, vector = self._columns(Ks)
        result = predict_weighted_kernel_ridge(Ks, dual, deltas, split=split, intercept=self._offset(Ks))
        return result[..., 0] if vector else result

    @_sklearn.force_cpu_backend
    def score(self, X: Array, y: Array, split: bool = False) -> Union[float, Array]:
        """R2 of predictions, or with split its product-measure split: (n_targets, ) or (n_kernels, n_targets)."""
        _sklearn.check_is_fitted(self)
        Ks = self._test_kernels(X)
        dual, deltas, vector = self._columns(Ks)
        y, _ = _sklearn.validate_targets(y, Ks, Ks.shape[1], type(self).__name__)
        scores = predict_and_score_weighted_kernel_ridge(
            Ks, dual, deltas, y, r2_score_split if split else r2_score, split=split, intercept=self._offset(Ks))
        return scores[..., 0] if vector else scores

    def get_primal_coef(self, Xs_fit: Sequence[Array]) -> Union[Array, List[Array]]:
        """Weights of features: a list of (n_features, n_targets), for precomputed linear kernels of the features
        Xs_fit."""
        _sklearn.check_is_fitted(self)
        if not self._is_precomputed:
            raise ValueError("The primal coefficients can only be computed when using precomputed kernels.")
        if Xs_fit is None:
            raise ValueError(
                "get_primal_coef requires the training features `Xs_fit`. If you used a ColumnKernelizer, you can use "
                "the method `get_X_fit`.")
        dual, deltas, vector = self._columns(self.dual_coef_)
        primal = primal_weights_weighted_kernel_ridge(dual, deltas, Xs_fit)
        return [weights[:, 0] for weights in primal] if vector else primal

    @property
    def _is_precomputed(self):
        return isinstance(self.kernels, str) and self.kernels == "precomputed"

    def _columns(self, near):
        dual, deltas = _sklearn.beside(self.dual_coef_, near), _sklearn.beside(self.deltas_, near)
        vector = dual.ndim == 1
        return (dual[:, None] if vector else dual), (deltas[:, None] if deltas.ndim == 1 else deltas), vector

    def _offset(self, near):
        return _sklearn.beside(self.intercept_, near).reshape(-1) if hasattr(self, "intercept_") else None

    def _prepare(self, X, y, sample_weight):
        if self._is_precomputed:
            x = _sklearn.validate_kernels(self, X, reset=True)
            samples = x.shape[1]
        else:
            x = _sklearn.validate(self, X, reset=True, accept_sparse=True)
            samples = len(x)
        self.dtype_ = _sklearn.dtype_of(x)
        y, vector = _sklearn.validate_targets(y, x, samples, type(self).__name__)
        roots = _sklearn.validate_weights(sample_weight, x, samples)
        Ks = x if self._is_precomputed else self._kernels(x)
        self.X_fit_ = None if self._is_precomputed else x
        if roots is not None:
            Ks, y = Ks * (roots @ roots.T), y * roots
        return Ks, y, vector, roots

    def _test_kernels(self, X):
        if self._is_precomputed:
            return _sklearn.validate_kernels(self, X, reset=False, dtype=self.dtype_)
        x = _sklearn.validate(self, X, reset=False, accept_sparse=True, dtype=self.dtype_)
        return self._kernels(x, _sklearn.beside(self.X_fit_, x))

    def _kernels(self, X, Y=None):
        if not isinstance(self.kernels, (list, tuple)):
            raise ValueError(
                f"Parameter 'kernels' has to be a list or a tuple of kernel parameters. Got {self.kernels!r} instead.")
        params = self.kernels_params or [{}] * len(self.kernels)
        return _sklearn.functions_of(X).stack([
            _sklearn.beside(pairwise_kernels(X, Y, metric=metric, **(given or {})), X)
            for metric, given in zip(self.kernels, params)])


class MultipleKernelRidgeCV(_WeightedKernels):
    """Multiple-kernel ridge, kernel weights by cross-validation for each target.

    Parameters
    ----------
    kernels : list of kernels (see `KernelRidge`), or 'precomputed'
    kernels_params : list of dict, or None
    solver : 'random_search' or 'hyper_gradient'
    solver_params : dict or None, see `solve_multiple_kernel_ridge_random_search` and `..._hyper_gradient`
    fit_intercept : bool
    cv : int, splitter, or list of (train, test)
    random_state : int, RandomState or None
    Y_in_cpu : accepted, not used
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    dual_coef_ : array of shape (n_samples, ) or (n_samples, n_targets)
    deltas_ : array of shape (n_kernels, ) or (n_kernels, n_targets)
    intercept_ : array of shape (n_targets, ), only with fit_intercept
    cv_scores_ : array of shape (n_iter, n_targets)
    best_alphas_ : array of shape (n_targets, ), or None with the hyper-gradient
    """

    ALL_SOLVERS = MULTIPLE_KERNEL_RIDGE_SOLVERS

    def __init__(
            self, kernels: Union[str, Sequence] = ("linear", "polynomial"),
            kernels_params: Optional[Sequence[Optional[Dict[str, Any]]]] = None, solver: str = "random_search",
            solver_params: Optional[Dict[str, Any]] = None, fit_intercept: bool = False, cv: CrossValidation = 5,
            random_state: RandomState = None, Y_in_cpu: bool = False, force_cpu: bool = False) -> None:
        self.kernels = kernels
        self.kernels_params = kernels_params
        self.solver = solver
        self.solver_params = solver_params
        self.fit_intercept = fit_intercept
        self.cv = cv
        self.random_state = random_state
        self.Y_in_cpu = Y_in_cpu
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(
            self, X: Array, y: Optional[Array] = None,
            sample_weight: Optional[Array] = None) -> MultipleKernelRidgeCV:
        """Fits. X (n_samples, n_features) or kernels (n_kernels, n_samples, n_samples); y and weights as of
        `KernelRidge.fit`."""
        Ks, y, vector, roots = self._prepare(X, y, sample_weight)
        found = list(self._call_solver(
            Ks=Ks, Y=y, cv=check_cv(self.cv, y), return_weights="dual", Xs=None, random_state=self.random_state,
            fit_intercept=self.fit_intercept))
        deltas, dual, self.cv_scores_ = found[:3]
        rest = found[3:]
        if (self.solver_params or {}).get("return_alphas", False):
            self.best_alphas_ = rest.pop(0)
        elif self.solver == "random_search":
            self.best_alphas_ = 1. / _sklearn.functions_of(deltas).exp(deltas).sum(0)
        else:
            self.best_alphas_ = None
        if self.fit_intercept:
            self.intercept_ = rest.pop(0)
        dual = dual if roots is None else dual * roots
        self.dual_coef_ = dual[:, 0] if vector else dual
        self.deltas_ = deltas[:, 0] if vector else deltas
        return self

    def _more_tags(self):
        return {**super()._more_tags(), "_xfail_checks": _WEIGHTS_AND_SPLITS}


class WeightedKernelRidge(_WeightedKernels):
    """Kernel ridge on sum_i exp(deltas[i]) K_i, the log kernel weights given.

    Parameters
    ----------
    alpha : float, or array of shape (n_targets, )
    deltas : 'zeros', or array of shape (n_kernels, ) or (n_kernels, n_targets)
    kernels, kernels_params : as of `MultipleKernelRidgeCV`
    solver : 'conjugate_gradient', 'gradient_descent' or 'neumann_series'
    solver_params : dict or None
    random_state : int, RandomState or None
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    dual_coef_ : array of shape (n_samples, ) or (n_samples, n_targets)
    deltas_ : array of shape (n_kernels, ) or (n_kernels, n_targets)
    """

    ALL_SOLVERS = WEIGHTED_KERNEL_RIDGE_SOLVERS

    def __init__(
            self, alpha: Union[float, Array] = 1., deltas: Union[str, Array] = "zeros",
            kernels: Union[str, Sequence] = ("linear", "polynomial"),
            kernels_params: Optional[Sequence[Optional[Dict[str, Any]]]] = None, solver: str = "conjugate_gradient",
            solver_params: Optional[Dict[str, Any]] = None, random_state: RandomState = None,
            force_cpu: bool = False) -> None:
        self.alpha = alpha
        self.deltas = deltas
        self.kernels = kernels
        self.kernels_params = kernels_params
        self.solver = solver
        self.solver_params = solver_params
        self.random_state = random_state
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Optional[Array] = None, sample_weight: Optional[Array] = None) -> WeightedKernelRidge:
        """Fits; arguments as of `MultipleKernelRidgeCV.fit`."""
        Ks, y, vector, roots = self._prepare(X, y, sample_weight)
        if isinstance(self.deltas, str) and self.deltas == "zeros":
            deltas = _sklearn.functions_of(Ks).zeros_like(Ks, shape=(len(Ks), 1))
        else:
            deltas = _sklearn.beside(self.deltas, Ks)
            deltas = deltas[:, None] if deltas.ndim == 1 else deltas
        if len(deltas) != len(Ks):
            raise ValueError(f"Inconsistent number of kernels: deltas has {len(deltas)}, there are {len(Ks)}.")
        if deltas.shape[1] not in (1, y.shape[1]):
            raise ValueError(f"Inconsistent number of targets: deltas has {deltas.shape[1]}, y has {y.shape[1]}.")
        dual = self._call_solver(Ks=Ks, Y=y, alpha=self.alpha, deltas=deltas, random_state=self.random_state)
        dual = dual if roots is None else dual * roots
        self.deltas_ = deltas[:, 0] if deltas.shape[1] != dual.shape[1] or vector else deltas
        self.dual_coef_ = dual[:, 0] if vector else dual
        return self
