"""Kernel ridge, weighted and multiple: himalaya's functions and estimators."""
from ._kernels import (
    PAIRWISE_KERNEL_FUNCTIONS, cosine_similarity_kernel, linear_kernel, pairwise_kernels, polynomial_kernel, rbf_kernel,
    sigmoid_kernel)
from ._predictions import (
    predict_and_score_weighted_kernel_ridge, predict_weighted_kernel_ridge, primal_weights_kernel_ridge,
    primal_weights_weighted_kernel_ridge)
from ._search import (
    KERNEL_RIDGE_CV_SOLVERS, MULTIPLE_KERNEL_RIDGE_SOLVERS, generate_dirichlet_samples,
    solve_kernel_ridge_cv_eigenvalues,
    solve_kernel_ridge_cv_svd, solve_multiple_kernel_ridge_hyper_gradient, solve_multiple_kernel_ridge_random_search)
from ._solvers import (
    KERNEL_RIDGE_SOLVERS, WEIGHTED_KERNEL_RIDGE_SOLVERS, solve_kernel_ridge_conjugate_gradient,
    solve_kernel_ridge_eigenvalues,
    solve_kernel_ridge_gradient_descent, solve_weighted_kernel_ridge_conjugate_gradient,
    solve_weighted_kernel_ridge_gradient_descent,
    solve_weighted_kernel_ridge_neumann_series)

_ESTIMATORS = {
    "KernelRidge": "_estimators", "KernelRidgeCV": "_estimators", "WeightedKernelRidge": "_estimators",
    "MultipleKernelRidgeCV": "_estimators", "Kernelizer": "_kernelizer", "ColumnKernelizer": "_kernelizer",
    "make_column_kernelizer": "_kernelizer", "KernelCenterer": "_centerer"}


def __getattr__(name):
    """Estimators need scikit-learn, functions do not: it is imported when one is asked for."""
    if name in _ESTIMATORS:
        import importlib
        return getattr(importlib.import_module(f"{__name__}.{_ESTIMATORS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_ESTIMATORS])
