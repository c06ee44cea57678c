"""The sparse group lasso, with given penalties and with cross-validation."""
from __future__ import annotations

import ctypes
from typing import Optional, Tuple, Union

import numpy as np

from .. import _arrays, _native, _running, _search, validation
from .._typing import Array, CrossValidation

_WITHOUT_GROUP_PENALTY = 1


def _options(groups, features, l21, l1, max_iter, tol, momentum):
    options = _native.defaults(_native.SparseGroupLassoOptions)
    keep = [_arrays.set_list(options, "l21", l21),
            _arrays.set_list(options, "l1", l1)]
    if groups is not None:
        labels = np.ascontiguousarray(_arrays.to_numpy(groups), np.int32).reshape(-1)
        if labels.size != features:
            raise ValueError(f"groups has {labels.size} labels; expected {features}, one a feature.")
        options.groups, options.groups_count = labels.ctypes.data, labels.size
        keep.append(labels)
    options.max_iterations, options.tolerance, options.momentum = max_iter, 0 if tol is None else tol, bool(momentum)
    options.negative_groups = _WITHOUT_GROUP_PENALTY
    return options, keep


def solve_sparse_group_lasso(
        X: Array, Y: Array, groups: Optional[Array] = None, l21_reg: Union[float, Array] = 0.05,
        l1_reg: Union[float, Array] = 0.05, max_iter: int = 300, tol: Optional[float] = 1e-4, momentum: bool = True,
        initial_coef: Optional[Array] = None, lipschitz: Optional[float] = None,
        n_targets_batch: Optional[int] = None, progress_bar: bool = True, debug: bool = False) -> Array:
    """b = argmin |X b - Y|^2 / (2 n_samples) + l1_reg |b|_1 + l21_reg sum_g |b_g|_2.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
    Y : array of shape (n_samples, n_targets)
    groups : array of shape (n_features, ) or None for one group; features of a negative label are in none
    l21_reg, l1_reg : float, or array of shape (n_targets, )
    max_iter : int
    tol : float or None
    momentum : bool
    initial_coef : array of shape (n_features, n_targets) or None
    lipschitz : float or None

    Returns
    -------
    coef : array of shape (n_features, n_targets)
    """
    y = _arrays.floats(Y, name="Y")
    x = _arrays.floats(X, y.dtype, name="X", near=y)
    validation.require_samples(y, x)
    options, keep = _options(groups, x.shape[1], l21_reg, l1_reg, max_iter, tol, momentum)
    if lipschitz is not None:
        options.lipschitz = float(lipschitz)
    results = _native.defaults(_native.SparseGroupLassoResults)
    coef = _arrays.output(results, "weights", x.shape[1], y.shape[1], y.dtype, y)
    start = None if initial_coef is None else _arrays.floats(initial_coef, y.dtype, name="initial_coef", near=y)
    _running.run(
        "vem_sparse_group_lasso", _search.pointer(x), _search.pointer(y), ctypes.byref(options), _search.pointer(start),
        ctypes.byref(results), work=2.0 * max_iter * x.size * y.shape[1], progress_bar=progress_bar, near=y)
    del keep
    return _arrays.like(coef, Y)


def solve_sparse_group_lasso_cv(
        X: Array, Y: Array, groups: Optional[Array] = None, l21_regs: Array = [0.05], l1_regs: Array = [0.05],
        cv: CrossValidation = 5, max_iter: int = 300, tol: Optional[float] = 1e-4, momentum: bool = True,
        n_targets_batch: Optional[int] = None, progress_bar: bool = True) -> Tuple[Array, Array, Array, Array]:
    """`solve_sparse_group_lasso`, penalties by cross-validation of r2.

    Returns
    -------
    coef : array of shape (n_features, n_targets)
    best_l21_reg, best_l1_reg : array of shape (n_targets, )
    all_cv_scores : array of shape (n_l21_regs * n_l1_regs, n_targets), penalties decreasing, l1 fastest
    """
    y = _arrays.floats(Y, name="Y")
    x = _arrays.floats(X, y.dtype, name="X", near=y)
    validation.require_samples(y, x)
    options, keep = _options(groups, x.shape[1], l21_regs, l1_regs, max_iter, tol, momentum)
    results = _native.defaults(_native.SparseGroupLassoResults)
    t = y.shape[1]
    pairs = options.l21_count * options.l1_count
    coef = _arrays.output(results, "weights", x.shape[1], t, y.dtype, y)
    scores = _arrays.output(results, "cv_scores", pairs, t, y.dtype, y)
    l21 = _arrays.output(results, "best_l21", 1, t, y.dtype, y)
    l1 = _arrays.output(results, "best_l1", 1, t, y.dtype, y)
    splits = validation.Splits.of(cv, y)
    _running.run(
        "vem_sparse_group_lasso_cv", _search.pointer(x), _search.pointer(y), splits.pointer, ctypes.byref(options),
        ctypes.byref(results),
        work=2.0 * max_iter * pairs * splits.count * x.size * t, progress_bar=progress_bar, near=y)
    del keep
    return tuple(_arrays.like(result, Y) for result in (coef, l21[0], l1[0], scores))
