"""Kernel ridge and weighted kernel ridge with given alphas."""
from __future__ import annotations

import ctypes
from typing import Optional, Tuple, Union

import numpy as np

from .. import _arrays, _native, _running, _search, validation
from .._typing import Array, RandomState

_NEGATIVE = {"zeros": 0, "error": 1, "nan": 2}


def _solve(name, kernels, Y, alpha, arguments, reference, initial_dual_weights, fit_intercept, work, keep, options):
    y = Y
    keep.append(_arrays.set_list(options, "alphas", alpha))
    options.fit_intercept = bool(fit_intercept)
    start = None if initial_dual_weights is None else _arrays.floats(
        initial_dual_weights, y.dtype, name="initial_dual_weights", near=y)
    dual = _arrays.empty(y.shape, y.dtype, y)
    intercept = _arrays.empty((1, y.shape[1]), y.dtype, y) if fit_intercept else None
    _running.run(
        name, *kernels, _search.pointer(y), *arguments, ctypes.byref(options), _search.pointer(start),
        _search.pointer(dual),
        _search.pointer(intercept), None, work=work, near=y)
    dual = _arrays.like(dual, reference)
    return (dual, _arrays.like(intercept[0], reference)) if fit_intercept else dual


def _single(K, Y, alpha, solver, fit_intercept, initial_dual_weights=None, **fields):
    y = _arrays.floats(Y, name="Y")
    k = _arrays.floats(K, y.dtype, name="K", near=y)
    validation.require_samples(y, k, name="K", square=True)
    options = _native.defaults(_native.KernelRidgeOptions)
    options.solver = solver
    keep = _fill(options, fields)
    n, t = y.shape
    return _solve(
        "vem_kernel_ridge", (_search.pointer(k),), y, alpha, (), Y, initial_dual_weights, fit_intercept,
        n * n * (n + 100.0 * t), keep,
        options)


def _weighted(Ks, Y, deltas, alpha, solver, fit_intercept, initial_dual_weights=None, **fields):
    y = _arrays.floats(Y, name="Y")
    k = _arrays.floats(Ks, y.dtype, ndim=(3,), name="Ks", near=y)
    validation.require_samples(y, k, name="Ks", square=True)
    d = _arrays.floats(deltas, y.dtype, ndim=(1, 2), name="deltas", near=y)
    d = d[:, None] if d.ndim == 1 else d
    options = _native.defaults(_native.WeightedKernelRidgeOptions)
    options.solver = solver
    keep = _fill(options, fields)
    n, t = y.shape
    return _solve(
        "vem_weighted_kernel_ridge", (_arrays.describe_all(k), ctypes.c_int64(len(k))), y, alpha, (_search.pointer(d),),
        Y,
        initial_dual_weights, fit_intercept, 100.0 * len(k) * n * n * t, keep, options)


def _fill(options, fields):
    keep = []
    for field, value in fields.items():
        if field in ("sample_weights", "step_sizes", "lipschitz_constants", "neumann_factors"):
            keep.append(_arrays.set_list(options, field, value))
        elif value is not None:
            setattr(options, field, value)
    return keep


def solve_kernel_ridge_eigenvalues(
        K: Array, Y: Array, alpha: Union[float, Array] = 1., method: str = "eigh", fit_intercept: bool = False,
        negative_eigenvalues: str = "zeros", n_targets_batch: Optional[int] = None, random_state: RandomState = None,
        sample_weights: Optional[Array] = None) -> Union[Array, Tuple[Array, Array]]:
    """Kernel ridge by eigenvalues.

    Parameters
    ----------
    K : array of shape (n_samples, n_samples)
    Y : array of shape (n_samples, n_targets)
    alpha : float, or array of shape (n_targets, )
    method : 'eigh' or 'svd'
    fit_intercept : bool
    negative_eigenvalues : 'zeros', 'nan' or 'error'
    sample_weights : array of shape (n_samples, ) or None; with an intercept, centring is weighted too

    Returns
    -------
    dual_weights : array of shape (n_samples, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    if method not in ("eigh", "svd"):
        raise ValueError(f"Unknown method={method!r}.")
    if negative_eigenvalues not in _NEGATIVE:
        raise ValueError(f"Unknown negative_eigenvalues={negative_eigenvalues!r}.")
    return _single(K, Y, alpha, 1 if method == "svd" else 0, fit_intercept, sample_weights=sample_weights,
        negative_eigenvalues=_NEGATIVE[negative_eigenvalues])


def solve_kernel_ridge_conjugate_gradient(
        K: Array, Y: Array, alpha: Union[float, Array] = 1., fit_intercept: bool = False,
        initial_dual_weights: Optional[Array] = None, max_iter: int = 100, tol: Optional[float] = 1e-3,
        random_state: RandomState = None, n_targets_batch: Optional[int] = None,
        sample_weights: Optional[Array] = None) -> Union[Array, Tuple[Array, Array]]:
    """Kernel ridge by conjugate gradient. Shapes and results as of `solve_kernel_ridge_eigenvalues`."""
    return _single(K, Y, alpha, 2, fit_intercept, initial_dual_weights, sample_weights=sample_weights,
        max_iterations=max_iter, tolerance=tol)


def solve_kernel_ridge_gradient_descent(
        K: Array, Y: Array, alpha: Union[float, Array] = 1., fit_intercept: bool = False,
        step_sizes: Optional[Array] = None, lipschitz_Ks: Optional[Array] = None,
        initial_dual_weights: Optional[Array] = None, max_iter: int = 100, tol: Optional[float] = 1e-3,
        double_K: bool = False, random_state: RandomState = None, debug: bool = False,
        n_targets_batch: Optional[int] = None,
        sample_weights: Optional[Array] = None) -> Union[Array, Tuple[Array, Array]]:
    """Kernel ridge by gradient descent. Shapes and results as of `solve_kernel_ridge_eigenvalues`."""
    return _single(
        K, Y, alpha, 3, fit_intercept, initial_dual_weights, sample_weights=sample_weights, step_sizes=step_sizes,
        lipschitz_constants=lipschitz_Ks,
        max_iterations=max_iter, tolerance=tol, double_k=bool(double_K), seed=validation.seed_of(random_state))


def solve_weighted_kernel_ridge_gradient_descent(
        Ks: Array, Y: Array, deltas: Array, alpha: Union[float, Array] = 1., fit_intercept: bool = False,
        step_sizes: Optional[Array] = None, lipschitz_Ks: Optional[Array] = None,
        initial_dual_weights: Optional[Array] = None, max_iter: int = 100, tol: Optional[float] = 1e-3,
        double_K: bool = False, random_state: RandomState = None, debug: bool = False,
        n_targets_batch: Optional[int] = None) -> Union[Array, Tuple[Array, Array]]:
    """Kernel ridge on sum_i exp(deltas[i]) Ks[i], by gradient descent.

    Parameters
    ----------
    Ks : array of shape (n_kernels, n_samples, n_samples)
    Y : array of shape (n_samples, n_targets)
    deltas : array of shape (n_kernels, ) or (n_kernels, n_targets), log kernel weights
    alpha : float, or array of shape (n_targets, )
    fit_intercept : bool
    step_sizes : float, or array of shape (n_targets, ), or None
    lipschitz_Ks : array of shape (n_kernels, ) or None
    initial_dual_weights : array of shape (n_samples, n_targets) or None
    max_iter : int
    tol : float
    double_K : bool

    Returns
    -------
    dual_weights : array of shape (n_samples, n_targets)
    intercept : array of shape (n_targets, ), only with fit_intercept
    """
    return _weighted(
        Ks, Y, deltas, alpha, 1, fit_intercept, initial_dual_weights, step_sizes=step_sizes,
        lipschitz_constants=lipschitz_Ks,
        max_iterations=max_iter, tolerance=tol, double_k=bool(double_K), seed=validation.seed_of(random_state))


def solve_weighted_kernel_ridge_conjugate_gradient(
        Ks: Array, Y: Array, deltas: Array, alpha: Union[float, Array] = 1., fit_intercept: bool = False,
        initial_dual_weights: Optional[Array] = None, max_iter: int = 100, tol: Optional[float] = 1e-4,
        n_targets_batch: Optional[int] = None,
        random_state: RandomState = None) -> Union[Array, Tuple[Array, Array]]:
    """The same by conjugate gradient. Arguments and results as of `solve_weighted_kernel_ridge_gradient_descent`."""
    return _weighted(
        Ks, Y, deltas, alpha, 0, fit_intercept, initial_dual_weights, max_iterations=max_iter, tolerance=tol)


def solve_weighted_kernel_ridge_neumann_series(
        Ks: Array, Y: Array, deltas: Array, alpha: Union[float, Array] = 1., fit_intercept: bool = False,
        max_iter: int = 10, factor: Union[float, Array] = 0.0001, n_targets_batch: Optional[int] = None,
        tol: Optional[float] = None, random_state: RandomState = None,
        debug: bool = False) -> Union[Array, Tuple[Array, Array]]:
    """The same by max_iter terms of a Neumann series: fast and far from exact. `factor` scales the terms.

    Other arguments and results as of `solve_weighted_kernel_ridge_gradient_descent`; `tol` and `debug` have no effect.
    """
    return _weighted(Ks, Y, deltas, alpha, 2, fit_intercept, max_iterations=max_iter, neumann_factors=factor)


KERNEL_RIDGE_SOLVERS = {
    "eigenvalues": solve_kernel_ridge_eigenvalues, "conjugate_gradient": solve_kernel_ridge_conjugate_gradient,
    "gradient_descent": solve_kernel_ridge_gradient_descent}

WEIGHTED_KERNEL_RIDGE_SOLVERS = {
    "gradient_descent": solve_weighted_kernel_ridge_gradient_descent,
    "conjugate_gradient": solve_weighted_kernel_ridge_conjugate_gradient,
    "neumann_series": solve_weighted_kernel_ridge_neumann_series}
