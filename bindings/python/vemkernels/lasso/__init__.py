"""Sparse group lasso: himalaya's functions and estimator."""
from ._solvers import solve_sparse_group_lasso, solve_sparse_group_lasso_cv


def __getattr__(name):
    """The estimator needs scikit-learn, functions do not: it is imported when asked for."""
    if name == "SparseGroupLassoCV":
        from ._estimators import SparseGroupLassoCV
        return SparseGroupLassoCV
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), "SparseGroupLassoCV"])
