"""Searches: kernel ridge and multiple-kernel ridge with cross-validation."""
from __future__ import annotations

import ctypes
import numbers
from typing import Optional, Sequence, Tuple, Union

import numpy as np

from .. import _arrays, _native, _running, _search, validation
from .._typing import Array, CrossValidation, RandomState, ScoreFunction
from ..scoring import l2_neg_loss


def generate_dirichlet_samples(
        n_samples: int, n_kernels: int, concentration: Union[float, Array] = [.1, 1.],
        random_state: RandomState = None) -> Array:
    """Draws from Dirichlet distributions, the concentrations in turn; the same draws as himalaya's from the same seed.

    Parameters
    ----------
    n_samples, n_kernels : int
    concentration : float, or list of float; infinity gives equal weights.
    random_state : int, RandomState or None

    Returns
    -------
    gammas : array of shape (n_samples, n_kernels), each row sums to one
    """
    concentration = [concentration] if isinstance(concentration, numbers.Number) else list(concentration)
    if isinstance(random_state, numbers.Integral):
        gammas = np.empty((n_samples, n_kernels))
        values = _arrays.doubles(concentration)
        _native.call(
            "vem_dirichlet_samples", values.ctypes.data_as(_native.c_double_p), ctypes.c_int64(values.size),
            ctypes.c_int64(int(random_state)), _arrays.describe(gammas))
        return _arrays.like(gammas, gammas)
    state = validation.check_random_state(random_state)
    counts = [len(range(i, n_samples, len(concentration))) for i in range(len(concentration))]
    gammas = np.empty((n_samples, n_kernels))
    for i, (value, count) in enumerate(zip(concentration, counts)):
        gammas[i::len(concentration)] = (
            np.full((count, n_kernels), 1.0 / n_kernels) if value == np.inf
                else state.dirichlet([value] * n_kernels, count))
    return _arrays.like(gammas, gammas)


def _check_kernels(Ks, Y):
    y = _arrays.floats(Y, name="Y")
    K = _arrays.floats(Ks, y.dtype, ndim=(3,), name="Ks", near=y)
    validation.require_samples(y, K, name="Ks", square=True)
    return K, y


def _check_weights(return_weights, allowed):
    if return_weights not in allowed:
        raise ValueError(f"Unknown parameter return_weights={return_weights!r}; expected one of {allowed}.")


def _weights(search, return_weights, y, Xs):
    """Memory for weights, and the features that primal ones need."""
    if return_weights == "primal":
        if Xs is None:
            raise ValueError("Xs is needed to compute the primal weights.")
        features = [_arrays.floats(X, y.dtype, name="Xs", near=y) for X in Xs]
        return search.output(
            "primal_weights", sum(X.shape[1] for X in features)), features, _arrays.describe_all(features)
    weights = search.output("dual_weights", len(y)) if return_weights == "dual" else None
    return weights, None, None


def solve_multiple_kernel_ridge_random_search(
        Ks: Array, Y: Array, n_iter: Union[int, Array] = 100, concentration: Union[float, Array] = [0.1, 1.0],
        alphas: Array = 1.0, score_func: ScoreFunction = l2_neg_loss, cv: CrossValidation = 5,
        fit_intercept: bool = False, return_weights: Optional[str] = None, Xs: Optional[Sequence[Array]] = None,
        local_alpha: bool = True, jitter_alphas: bool = False, random_state: RandomState = None,
        n_targets_batch: Optional[int] = None, n_targets_batch_refit: Optional[int] = None,
        n_alphas_batch: Optional[int] = None, progress_bar: bool = True, Ks_in_cpu: bool = False,
        conservative: bool = False, Y_in_cpu: bool = False, diagonalize_method: str = "eigh",
        return_alphas: bool = False) -> Tuple[Optional[Array], ...]:
    """Multiple-kernel ridge, kernel weights by random search and cross-validation.

    Parameters
    ----------
    Ks : array of shape (n_kernels, n_samples, n_samples)
    Y : array of shape (n_samples, n_targets)
    n_iter : int, or array of shape (n_iter, n_kernels): how many candidates to draw, or the candidates
    concentration : float or list of float, of the Dirichlet distributions
    alphas : float or array of shape (n_alphas, )
    score_func : callable of (y_true, y_pred), larger is better
    cv : int, scikit-learn splitter, or list of (train, test)
    fit_intercept : bool; if not, Ks should be centred and Y zero-mean
    return_weights : None, 'primal' or 'dual'
    Xs : list of arrays of shape (n_samples, n_features), for 'primal'
    local_alpha : bool, an alpha a target, or one for all
    jitter_alphas : bool, multiply the alphas of each candidate by 10^(u - 0.5)
    random_state : int, RandomState or None
    progress_bar : bool
    conservative : bool, take the largest alpha within one standard deviation of the best
    diagonalize_method : 'eigh' or 'svd'
    return_alphas : bool

    n_targets_batch, n_targets_batch_refit, n_alphas_batch, Ks_in_cpu and Y_in_cpu are accepted and not needed: memory
        is bounded by tiles.

    Returns
    -------
    deltas : array of shape (n_kernels, n_targets), log(gamma / alpha)
    refit_weights : array of shape (n_samples, n_targets) or (n_features, n_targets), or None
    cv_scores : array of shape (n_iter, n_targets)
    best_alphas : array of shape (n_targets, ), only with return_alphas
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    _check_weights(return_weights, (None, "primal", "dual"))
    K, y = _check_kernels(Ks, Y)
    gammas = _search.gammas_of(n_iter, len(K), concentration, random_state)
    search = _search.Search(
        y, alphas, score_func, fit_intercept, local_alpha, conservative, diagonalize_method, jitter_alphas,
        random_state, Y)
    search.outputs(len(K), len(gammas))
    weights, features, feature_views = _weights(search, return_weights, y, Xs)
    intercept = None
    if fit_intercept:
        if return_weights is None:
            search.output("dual_weights", y.shape[0])  # an intercept comes with weights only
        intercept = search.output("intercept", 1)
    splits = validation.Splits.of(cv, y)
    n, t = y.shape
    _running.run(
        "vem_multiple_kernel_ridge", _arrays.describe_all(K), ctypes.c_int64(len(K)), _search.pointer(y),
        _search.pointer(gammas),
        splits.pointer, ctypes.byref(search.options), feature_views, ctypes.byref(search.results),
        work=len(gammas) * search.alphas * n * n * (n + t), progress_bar=progress_bar, score=search.score, near=y)
    results = [search.deltas, weights, search.cv_scores]
    if return_alphas:
        results.append(search.best_alphas[0])
    if fit_intercept:
        results.append(intercept[0])
    return tuple(_arrays.like(result, Y) for result in results)


def _kernel_ridge_cv(K, Y, alphas, score_func, cv, fit_intercept, local_alpha, conservative, diagonalize_method):
    y = _arrays.floats(Y, name="Y")
    k = _arrays.floats(K, y.dtype, name="K", near=y)
    validation.require_samples(y, k, name="K", square=True)
    search = _search.Search(
        y, alphas, score_func, fit_intercept, local_alpha, conservative, diagonalize_method, reference=Y)
    search.outputs(1, 1)
    dual = search.output("dual_weights", y.shape[0])
    intercept = search.output("intercept", 1) if fit_intercept else None
    splits = validation.Splits.of(cv, y)
    n, t = y.shape
    _running.run(
        "vem_kernel_ridge_cv", _search.pointer(k), _search.pointer(y), splits.pointer, ctypes.byref(search.options),
        ctypes.byref(search.results), work=search.alphas * n * n * (n + t), score=search.score, near=y)
    results = [search.best_alphas[0], dual, search.cv_scores] + ([intercept[0]] if fit_intercept else [])
    best_alphas, dual, *others = (_arrays.like(result, Y) for result in results)
    dual /= best_alphas  # the C library's weights are of K / alpha
    return (best_alphas, dual, *others)


def solve_kernel_ridge_cv_eigenvalues(
        K: Array, Y: Array, alphas: Array = 1.0, score_func: ScoreFunction = l2_neg_loss, cv: CrossValidation = 5,
        fit_intercept: bool = False, local_alpha: bool = True, n_targets_batch: Optional[int] = None,
        n_targets_batch_refit: Optional[int] = None, n_alphas_batch: Optional[int] = None,
        conservative: bool = False, Y_in_cpu: bool = False,
        diagonalize_method: str = "eigh") -> Tuple[Optional[Array], ...]:
    """Kernel ridge, alpha by cross-validation.

    Parameters
    ----------
    K : array of shape (n_samples, n_samples)
    Y : array of shape (n_samples, n_targets)
    alphas, score_func, cv, fit_intercept, local_alpha, conservative, diagonalize_method :
        as of `solve_multiple_kernel_ridge_random_search`

    Returns
    -------
    best_alphas : array of shape (n_targets, )
    dual_weights : array of shape (n_samples, n_targets)
    cv_scores : array of shape (1, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    return _kernel_ridge_cv(K, Y, alphas, score_func, cv, fit_intercept, local_alpha, conservative, diagonalize_method)


def solve_kernel_ridge_cv_svd(
        K: Array, Y: Array, alphas: Array = 1.0, score_func: ScoreFunction = l2_neg_loss, cv: CrossValidation = 5,
        fit_intercept: bool = False, local_alpha: bool = True, n_targets_batch: Optional[int] = None,
        n_targets_batch_refit: Optional[int] = None, n_alphas_batch: Optional[int] = None,
        conservative: bool = False, Y_in_cpu: bool = False,
        diagonalize_method: str = "svd") -> Tuple[Optional[Array], ...]:
    """`solve_kernel_ridge_cv_eigenvalues` by singular value decomposition; arguments, shapes and results are its."""
    return _kernel_ridge_cv(K, Y, alphas, score_func, cv, fit_intercept, local_alpha, conservative, diagonalize_method)


_HYPER_GRADIENT = {"conjugate_gradient": 0, "neumann": 1, "direct": 2}
_INNER = {"gradient_descent": 0, "conjugate_gradient": 1}


def solve_multiple_kernel_ridge_hyper_gradient(
        Ks: Array, Y: Array, score_func: ScoreFunction = l2_neg_loss, cv: CrossValidation = 5,
        fit_intercept: bool = False, return_weights: Optional[str] = None, Xs: Optional[Sequence[Array]] = None,
        initial_deltas: Union[float, Array, str] = 0, max_iter: int = 10, tol: Optional[float] = 1e-2,
        max_iter_inner_dual: int = 1, max_iter_inner_hyper: int = 1, cg_tol: Union[float, Array] = 1e-3,
        n_targets_batch: Optional[int] = None, hyper_gradient_method: str = "conjugate_gradient",
        kernel_ridge_method: str = "gradient_descent", random_state: RandomState = None, progress_bar: bool = True,
        Y_in_cpu: bool = False) -> Tuple[Optional[Array], ...]:
    """Multiple-kernel ridge, kernel weights by hyper-gradient descent on the cross-validation loss.

    Parameters
    ----------
    Ks : array of shape (n_kernels, n_samples, n_samples)
    Y : array of shape (n_samples, n_targets)
    score_func, cv, fit_intercept, return_weights, Xs : as of `solve_multiple_kernel_ridge_random_search`
    initial_deltas : 'ridgecv', float, or array of shape (n_kernels, n_targets)
    max_iter, max_iter_inner_dual, max_iter_inner_hyper : int
    tol : float or None
        None or 0: all iterations.
    cg_tol : float or array of shape (max_iter, )
    hyper_gradient_method : 'conjugate_gradient', 'neumann' or 'direct'
    kernel_ridge_method : 'gradient_descent' or 'conjugate_gradient'
    random_state : int, RandomState or None
    progress_bar : bool

    Returns
    -------
    deltas : array of shape (n_kernels, n_targets)
    refit_weights : array of shape (n_samples, n_targets) or (n_features, n_targets), or None
    cv_scores : array of shape (max_iter * max_iter_inner_hyper, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    _check_weights(return_weights, (None, "primal", "dual"))
    if hyper_gradient_method not in _HYPER_GRADIENT:
        raise ValueError(f"Unknown parameter hyper_gradient_method={hyper_gradient_method!r}.")
    if kernel_ridge_method not in _INNER:
        raise ValueError(f"Unknown parameter kernel_ridge_method={kernel_ridge_method!r}.")
    K, y = _check_kernels(Ks, Y)
    n, t = y.shape
    options = _native.defaults(_native.HyperGradientOptions)
    results = _native.defaults(_native.HyperGradientResults)
    keep = [_arrays.set_list(options, "cg_tolerances", cg_tol)]
    score = _running.Score(score_func, y.dtype, Y)
    score.put(options)
    options.max_iterations, options.max_inner_dual_iterations = max_iter, max_iter_inner_dual
    options.max_inner_hyper_iterations = max_iter_inner_hyper
    options.tolerance = tol or np.nan  # 0, as himalaya's, never stops.
    options.method, options.inner_method = _HYPER_GRADIENT[hyper_gradient_method], _INNER[kernel_ridge_method]
    options.fit_intercept = bool(fit_intercept)
    options.seed = validation.seed_of(random_state)
    start = None
    if isinstance(initial_deltas, str):
        if initial_deltas != "ridgecv":
            raise ValueError(f"Unknown parameter initial_deltas={initial_deltas!r}.")
        options.initial = 2
    elif np.ndim(_arrays.to_numpy(initial_deltas)) == 0:
        options.initial_delta = float(initial_deltas)
    else:
        start = _arrays.floats(initial_deltas, y.dtype, name="initial_deltas", near=y)
        options.initial = 1

    def output(field, rows):
        array = _arrays.output(results, field, rows, t, y.dtype, y)
        keep.append(array)
        return array

    deltas, scores = output("deltas", len(K)), output("cv_scores", max_iter * max_iter_inner_hyper)
    features = feature_views = weights = None
    if return_weights == "primal":
        if Xs is None:
            raise ValueError("Xs is needed to compute the primal weights.")
        features = [_arrays.floats(X, y.dtype, name="Xs", near=y) for X in Xs]
        feature_views = _arrays.describe_all(features)
        weights = output("primal_weights", sum(X.shape[1] for X in features))
    elif return_weights == "dual" or fit_intercept:
        weights = output("dual_weights", n)
    intercept = output("intercept", 1) if fit_intercept else None
    splits = validation.Splits.of(cv, y)
    _running.run(
        "vem_hyper_gradient", _arrays.describe_all(K), ctypes.c_int64(len(K)), _search.pointer(y), splits.pointer,
        ctypes.byref(options),
        _search.pointer(start), None, feature_views, ctypes.byref(results), work=100.0 * max_iter * len(K) * n * n * t,
        progress_bar=progress_bar, score=score, near=y)
    found = [deltas, weights if return_weights else None, scores] + ([intercept[0]] if fit_intercept else [])
    return tuple(_arrays.like(result, Y) for result in found)


KERNEL_RIDGE_CV_SOLVERS = {"eigenvalues": solve_kernel_ridge_cv_eigenvalues, "svd": solve_kernel_ridge_cv_svd}

MULTIPLE_KERNEL_RIDGE_SOLVERS = {
    "random_search": solve_multiple_kernel_ridge_random_search,
    "hyper_gradient": solve_multiple_kernel_ridge_hyper_gradient}
