"""Scores of predictions: himalaya's functions, computed by the C library."""
from __future__ import annotations

import ctypes
import warnings

from . import _arrays, _namespaces, _native
from ._typing import Array


def _pair(y_true, y_pred):
    y = _arrays.floats(y_true, ndim=(1, 2), name="y_true")
    p = _arrays.floats(y_pred, y.dtype, ndim=(1, 2, 3), name="y_pred", near=y)
    values = p.native if isinstance(p, _arrays.DeviceArray) else p
    functions = _namespaces.of(values)
    if functions.owns(values) and not functions.isfinite(values).all():
        warnings.warn(
            "nan in y_pred." if functions.isnan(values).any() else "inf in y_pred.", UserWarning, stacklevel=4)
        values = functions.where(functions.isfinite(values), values, functions.zeros_like(values))
        p = _arrays.floats(values, y.dtype, ndim=(1, 2, 3), name="y_pred", near=y)
    return y, p


def _score(kind, y_true, y_pred):
    y, p = _pair(y_true, y_pred)
    vector = y.ndim == 1
    y2 = y[:, None] if vector else y
    if vector:
        p = p[:, None] if p.ndim == 1 else p[:, :, None]
    stack = p[None] if p.ndim == 2 else p
    if stack.shape[1:] != y2.shape:
        raise ValueError(f"y_pred has shape {stack.shape[1:]}; expected {y2.shape}, as y_true.")
    result = _arrays.empty((len(stack), y2.shape[1]), y.dtype, y)
    backend = _arrays.backend_of(y)
    for i, predictions in enumerate(stack):
        _native.call(
            "vem_score_predictions", backend, ctypes.c_int32(kind), _arrays.describe(y2),
            _arrays.describe(predictions), _arrays.describe(result[i:i + 1]))
    result = _arrays.like(result, y_true)
    result = result[0] if p.ndim == 2 else result
    return result[..., 0] if vector else result


def l2_neg_loss(y_true: Array, y_pred: Array) -> Array:
    """Minus the mean squared error.

    Parameters
    ----------
    y_true : array of shape (n_samples, n_targets)
    y_pred : array of shape (n_samples, n_targets) or (n_predictions, n_samples, n_targets)

    Returns
    -------
    l2 : array of shape (n_targets, ) or (n_predictions, n_targets)
    """
    return _score(0, y_true, y_pred)


def r2_score(y_true: Array, y_pred: Array) -> Array:
    """R2: 1 - squared error / variance; 0 where y_true is constant. Shapes as of `l2_neg_loss`."""
    return _score(1, y_true, y_pred)


def correlation_score(y_true: Array, y_pred: Array) -> Array:
    """Pearson's correlation; 0 where either is constant. Shapes as of `l2_neg_loss`."""
    return _score(2, y_true, y_pred)


l2_neg_loss.vem_kind = 0
r2_score.vem_kind = 1
correlation_score.vem_kind = 2


def _split(function, y_true, y_pred, *arguments):
    y, p = _pair(y_true, y_pred)
    if y.ndim != 2:
        raise ValueError(f"y_true has {y.ndim} dimensions; expected 2.")
    single = p.ndim == 2
    stack = p[None] if single else p
    spaces = len(stack)
    if stack.shape[1:] != y.shape:
        raise ValueError(f"y_pred has shape {stack.shape[1:]}; expected {y.shape}, as y_true.")
    rows = stack.native if isinstance(stack, _arrays.DeviceArray) else stack
    rows = _arrays.floats(rows.reshape(spaces * y.shape[0], y.shape[1]), near=y)
    result = _arrays.empty((spaces, y.shape[1]), y.dtype, y)
    _native.call(
        function, _arrays.backend_of(y), _arrays.describe(y), _arrays.describe(rows),
        ctypes.c_int64(spaces), *arguments, _arrays.describe(result))
    result = _arrays.like(result, y_true)
    return result[0] if single else result


def _require_centred(y_true, score):
    y = _arrays.floats(y_true, name="y_true")
    y = y.native if isinstance(y, _arrays.DeviceArray) else y
    if (abs(y.mean(0)) > 1e-6).any():
        warnings.warn(
            f"y_true has to be zero-mean over samples to compute the split {score} scores.", UserWarning, stacklevel=3)


def r2_score_split(y_true: Array, y_pred: Array, include_correlation: bool = True) -> Array:
    """R2 split over feature spaces by the product measure; the parts add up to the joint R2.

    Parameters
    ----------
    y_true : array of shape (n_samples, n_targets), zero-mean over samples
    y_pred : array of shape (n_kernels, n_samples, n_targets) or (n_samples, n_targets)
    include_correlation : bool, whether products between spaces count.

    Returns
    -------
    r2 : array of shape (n_kernels, n_targets) or (n_targets, )
    """
    _require_centred(y_true, "r2")
    return _split("vem_r2_split", y_true, y_pred, ctypes.c_int32(bool(include_correlation)))


def r2_score_split_svd(y_true: Array, y_pred: Array) -> Array:
    """R2 split over feature spaces by relative weights (Johnson 2000). Shapes as of `r2_score_split`."""
    _require_centred(y_true, "r2")
    return _split("vem_r2_split_relative_weights", y_true, y_pred)


def correlation_score_split(y_true: Array, y_pred: Array) -> Array:
    """The joint correlation split over feature spaces. Shapes as of `r2_score_split`."""
    return _split("vem_correlation_split", y_true, y_pred)
