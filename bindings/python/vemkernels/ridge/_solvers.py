"""Ridge with given alphas, with cross-validation, and banded ridge by random search."""
from __future__ import annotations

import ctypes
import warnings
from typing import Optional, Sequence, Tuple, Union

import numpy as np

from .. import _arrays, _native, _running, _search, validation
from .._typing import Array, CrossValidation, RandomState, ScoreFunction
from ..scoring import l2_neg_loss


def _warn_wide(X, warn):
    n, p = X.shape
    if warn and p > n:
        warnings.warn(
            f"Solving ridge is slower than solving kernel ridge when n_features > n_samples (here {p} > {n}). Using a "
            "linear kernel in KernelRidge or solve_kernel_ridge_eigenvalues gives the same predictions. Here the "
            "kernel is used inside; this says only that weights are many.", UserWarning, stacklevel=3)


def solve_ridge_svd(
        X: Array, Y: Array, alpha: Union[float, Array] = 1., method: str = "svd", fit_intercept: bool = False,
        negative_eigenvalues: str = "zeros", n_targets_batch: Optional[int] = None,
        warn: bool = True) -> Union[Array, Tuple[Array, Array]]:
    """Ridge: b = argmin |X b - Y|^2 + alpha |b|^2.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
    Y : array of shape (n_samples, n_targets)
    alpha : float, or array of shape (n_targets, )
    fit_intercept : bool
    method, negative_eigenvalues, n_targets_batch : accepted; what is factored is chosen by size

    Returns
    -------
    weights : array of shape (n_features, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    if method != "svd":
        raise ValueError(f"Unknown method={method!r}.")
    y = _arrays.floats(Y, name="Y")
    x = _arrays.floats(X, y.dtype, name="X", near=y)
    validation.require_samples(y, x)
    _warn_wide(x, warn)
    options = _native.defaults(_native.RidgeOptions)
    keep = _arrays.set_list(options, "alphas", alpha)
    options.fit_intercept = bool(fit_intercept)
    weights = _arrays.empty((x.shape[1], y.shape[1]), y.dtype, y)
    intercept = _arrays.empty((1, y.shape[1]), y.dtype, y) if fit_intercept else None
    _running.run(
        "vem_ridge", _search.pointer(x), _search.pointer(y), ctypes.byref(options), _search.pointer(weights),
        _search.pointer(intercept),
        None, work=2.0 * x.size * (min(x.shape) + y.shape[1]), near=y)
    del keep
    weights = _arrays.like(weights, Y)
    return (weights, _arrays.like(intercept[0], Y)) if fit_intercept else weights


def solve_ridge_cv_svd(
        X: Array, Y: Array, alphas: Array = 1.0, fit_intercept: bool = False,
        score_func: ScoreFunction = l2_neg_loss, cv: CrossValidation = 5, local_alpha: bool = True,
        n_targets_batch: Optional[int] = None, n_targets_batch_refit: Optional[int] = None,
        n_alphas_batch: Optional[int] = None, conservative: bool = False, Y_in_cpu: bool = False,
        warn: bool = True) -> Tuple[Optional[Array], ...]:
    """Ridge, alpha by cross-validation.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
    Y : array of shape (n_samples, n_targets)
    alphas : float or array of shape (n_alphas, )
    fit_intercept, score_func, cv, local_alpha, conservative :
        as of `vemkernels.kernel_ridge.solve_multiple_kernel_ridge_random_search`

    Returns
    -------
    best_alphas : array of shape (n_targets, )
    coefs : array of shape (n_features, n_targets)
    cv_scores : array of shape (1, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    y = _arrays.floats(Y, name="Y")
    x = _arrays.floats(X, y.dtype, name="X", near=y)
    validation.require_samples(y, x)
    _warn_wide(x, warn)
    search = _search.Search(y, alphas, score_func, fit_intercept, local_alpha, conservative, reference=Y)
    search.outputs(1, 1)
    weights = search.output("primal_weights", x.shape[1])
    intercept = search.output("intercept", 1) if fit_intercept else None
    splits = validation.Splits.of(cv, y)
    n, t = y.shape
    _running.run(
        "vem_ridge_cv", _search.pointer(x), _search.pointer(y), splits.pointer, ctypes.byref(search.options),
        ctypes.byref(search.results),
        work=search.alphas * n * min(x.shape) * (n + t), score=search.score, near=y)
    results = [search.best_alphas[0], weights, search.cv_scores] + ([intercept[0]] if fit_intercept else [])
    return tuple(_arrays.like(result, Y) for result in results)


def solve_group_ridge_random_search(
        Xs: Sequence[Array], Y: Array, n_iter: Union[int, Array] = 100,
        concentration: Union[float, Array] = [0.1, 1.0], alphas: Array = 1.0, fit_intercept: bool = False,
        score_func: ScoreFunction = l2_neg_loss, cv: CrossValidation = 5, return_weights: bool = False,
        local_alpha: bool = True, jitter_alphas: bool = False, random_state: RandomState = None,
        n_targets_batch: Optional[int] = None, n_targets_batch_refit: Optional[int] = None,
        n_alphas_batch: Optional[int] = None, progress_bar: bool = True, conservative: bool = False,
        Y_in_cpu: bool = False, diagonalize_method: str = "svd", warn: bool = True) -> Tuple[Optional[Array], ...]:
    """Banded ridge: ridge on feature spaces whose scalings are found by random search and cross-validation.

    Parameters
    ----------
    Xs : list of arrays of shape (n_samples, n_features)
    Y : array of shape (n_samples, n_targets)
    n_iter : int, or array of shape (n_iter, n_spaces)
    return_weights : bool, whether to refit on all samples and return the weights
    others : as of `vemkernels.kernel_ridge.solve_multiple_kernel_ridge_random_search`

    Returns
    -------
    deltas : array of shape (n_spaces, n_targets), log(gamma / alpha)
    refit_weights : array of shape (n_features, n_targets), or None
    cv_scores : array of shape (n_iter, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    y = _arrays.floats(Y, name="Y")
    xs = [_arrays.floats(X, y.dtype, name="Xs", near=y) for X in Xs]
    validation.require_samples(y, *xs, name="Xs")
    if not xs:
        raise ValueError("Xs is empty; expected one array a feature space.")
    gammas = _search.gammas_of(n_iter, len(xs), concentration, random_state)
    search = _search.Search(
        y, alphas, score_func, fit_intercept, local_alpha, conservative, "eigh", jitter_alphas, random_state, Y)
    search.outputs(len(xs), len(gammas))
    features = sum(X.shape[1] for X in xs)
    weights = search.output("primal_weights", features) if return_weights or fit_intercept else None
    intercept = search.output("intercept", 1) if fit_intercept else None
    splits = validation.Splits.of(cv, y)
    n, t = y.shape
    size = min(n, features)
    _running.run(
        "vem_banded_ridge", _arrays.describe_all(xs), ctypes.c_int64(len(xs)), _search.pointer(y),
        _search.pointer(gammas), splits.pointer,
        ctypes.byref(search.options), ctypes.byref(search.results),
        work=len(gammas) * search.alphas * n * size * (n + t),
        progress_bar=progress_bar, score=search.score, near=y)
    results = [search.deltas, weights if return_weights else None, search.cv_scores] + (
        [intercept[0]] if fit_intercept else [])
    return tuple(_arrays.like(result, Y) for result in results)


solve_banded_ridge_random_search = solve_group_ridge_random_search

RIDGE_SOLVERS = {"svd": solve_ridge_svd}
GROUP_RIDGE_SOLVERS = {"random_search": solve_group_ridge_random_search}
BANDED_RIDGE_SOLVERS = GROUP_RIDGE_SOLVERS
