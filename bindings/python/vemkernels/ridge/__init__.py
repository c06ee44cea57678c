"""Ridge and banded (group) ridge: himalaya's functions and estimators."""
from ._solvers import (
    BANDED_RIDGE_SOLVERS, GROUP_RIDGE_SOLVERS, RIDGE_SOLVERS, solve_banded_ridge_random_search,
    solve_group_ridge_random_search,
    solve_ridge_cv_svd, solve_ridge_svd)

_ESTIMATORS = {
    "Ridge": "_estimators", "RidgeCV": "_estimators", "GroupRidgeCV": "_estimators", "BandedRidgeCV": "_estimators",
    "ColumnTransformerNoStack": "_column", "make_column_transformer_no_stack": "_column"}


def __getattr__(name):
    """Estimators need scikit-learn, functions do not: it is imported when one is asked for."""
    if name in _ESTIMATORS:
        import importlib
        return getattr(importlib.import_module(f"{__name__}.{_ESTIMATORS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_ESTIMATORS])
