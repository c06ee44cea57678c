"""Predictions of multiple-kernel ridge, and primal weights from dual ones."""
from __future__ import annotations

import ctypes
from typing import List, Optional, Sequence

from .. import _arrays, _namespaces, _running, _search
from .._typing import Array, ScoreFunction


def _inputs(Ks, dual_weights, deltas):
    dual = _arrays.floats(dual_weights, name="dual_weights")
    k = _arrays.floats(Ks, dual.dtype, ndim=(3,), name="Ks", near=dual)
    d = _arrays.floats(deltas, dual.dtype, ndim=(1, 2), name="deltas", near=dual)
    return k, dual, d[:, None] if d.ndim == 1 else d


def predict_weighted_kernel_ridge(
        Ks: Array, dual_weights: Array, deltas: Array, split: bool = False, n_targets_batch: Optional[int] = None,
        progress_bar: bool = False, intercept: Optional[Array] = None) -> Array:
    """Predictions, typically of a test set.

    Parameters
    ----------
    Ks : array of shape (n_kernels, n_samples_test, n_samples_train)
    dual_weights : array of shape (n_samples_train, n_targets)
    deltas : array of shape (n_kernels, n_targets) or (n_kernels, )
    split : bool, predictions of each kernel by itself; the intercept is then left out
    intercept : array of shape (n_targets, ) or None

    Returns
    -------
    Y_hat : array of shape (n_samples_test, n_targets) or, with split, (n_kernels, n_samples_test, n_targets)
    """
    k, dual, d = _inputs(Ks, dual_weights, deltas)
    n, t = k.shape[1], dual.shape[1]
    views, count = _arrays.describe_all(k), ctypes.c_int64(len(k))
    work = 2.0 * k.size * t
    if split:
        result = _arrays.empty((len(k) * n, t), dual.dtype, dual)
        _running.run(
            "vem_predict_split", views, count, _search.pointer(dual), _search.pointer(d), _search.pointer(result),
            work=work,
            progress_bar=progress_bar, near=dual)
        return _arrays.like(result, dual_weights).reshape(len(k), n, t)
    offset = None if intercept is None else _arrays.floats(
        intercept, dual.dtype, ndim=(1,), name="intercept", near=dual)[None]
    result = _arrays.empty((n, t), dual.dtype, dual)
    _running.run(
        "vem_predict", views, count, _search.pointer(dual), _search.pointer(d), _search.pointer(offset),
        _search.pointer(result), work=work,
        progress_bar=progress_bar, near=dual)
    return _arrays.like(result, dual_weights)


def predict_and_score_weighted_kernel_ridge(
        Ks: Array, dual_weights: Array, deltas: Array, Y: Array, score_func: ScoreFunction, split: bool = False,
        n_targets_batch: Optional[int] = None, progress_bar: bool = False,
        intercept: Optional[Array] = None) -> Array:
    """Predicts and scores without keeping predictions of all targets.

    Parameters
    ----------
    Y : array of shape (n_samples_test, n_targets)
    score_func : callable of (y_true, y_pred); with split, of (n_samples, n_targets) and (n_kernels, n_samples,
        n_targets)
    others : as of `predict_weighted_kernel_ridge`

    Returns
    -------
    scores : array of shape (n_targets, ) or, with split, (n_kernels, n_targets)
    """
    dual = _arrays.floats(dual_weights, name="dual_weights")
    y = _arrays.floats(Y, dual.dtype, name="Y", near=dual)
    d = _arrays.floats(deltas, dual.dtype, ndim=(1, 2), name="deltas", near=dual)
    batch = n_targets_batch or max(1, min(dual.shape[1], 10_000_000 // max(1, y.shape[0] * (len(d) if split else 1))))
    scores = []
    for first in range(0, dual.shape[1], batch):
        part = slice(first, first + batch)
        predictions = predict_weighted_kernel_ridge(
            Ks, dual[:, part], d if d.ndim == 1 else d[:, part], split=split, progress_bar=progress_bar,
            intercept=None if intercept is None or split else intercept[part])
        scores.append(score_func(_arrays.like(y[:, part], dual_weights), predictions))
    return scores[0] if len(scores) == 1 else _namespaces.of(scores[0]).concatenate(scores, -1)


def primal_weights_kernel_ridge(dual_weights: Array, X_fit: Array) -> Array:
    """X' w. dual_weights (n_samples_fit, n_targets), X_fit (n_samples_fit, n_features); returns (n_features,
    n_targets)."""
    dual = _arrays.floats(dual_weights, name="dual_weights")
    x = _arrays.floats(X_fit, dual.dtype, name="X_fit", near=dual)
    primal = _arrays.empty((x.shape[1], dual.shape[1]), dual.dtype, dual)
    _running.run(
        "vem_primal_weights", _search.pointer(dual), None, _arrays.describe_all([x]), ctypes.c_int64(1),
        _arrays.describe_all([primal]),
        work=2.0 * x.size * dual.shape[1], near=dual)
    return _arrays.like(primal, dual_weights)


def primal_weights_weighted_kernel_ridge(dual_weights: Array, deltas: Array, Xs_fit: Sequence[Array]) -> List[Array]:
    """exp(delta_i) X_i' w for each space.

    Parameters
    ----------
    dual_weights : array of shape (n_samples_fit, n_targets)
    deltas : array of shape (n_kernels, n_targets)
    Xs_fit : list of arrays of shape (n_samples_fit, n_features)

    Returns
    -------
    primal_weights : list of arrays of shape (n_features, n_targets)
    """
    dual = _arrays.floats(dual_weights, name="dual_weights")
    d = _arrays.floats(deltas, dual.dtype, ndim=(1, 2), name="deltas", near=dual)
    d = d[:, None] if d.ndim == 1 else d
    xs = [_arrays.floats(X, dual.dtype, name="Xs_fit", near=dual) for X in Xs_fit]
    primal = [_arrays.empty((x.shape[1], dual.shape[1]), dual.dtype, dual) for x in xs]
    _running.run(
        "vem_primal_weights", _search.pointer(dual), _search.pointer(d), _arrays.describe_all(xs),
        ctypes.c_int64(len(xs)),
        _arrays.describe_all(primal), work=2.0 * sum(x.size for x in xs) * dual.shape[1], near=dual)
    return [_arrays.like(weights, dual_weights) for weights in primal]
