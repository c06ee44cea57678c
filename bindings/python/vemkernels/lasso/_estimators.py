"""The sparse group lasso in scikit-learn's form."""
from __future__ import annotations

from typing import Any, Dict, Optional

from .. import _sklearn
from .._typing import Array, CrossValidation
from ..validation import check_cv
from ._solvers import solve_sparse_group_lasso_cv


class SparseGroupLassoCV(_sklearn.PrimalRegressor):
    """Sparse group lasso, penalties by cross-validation for each target.

    Parameters
    ----------
    groups : array of shape (n_features, ) or None
    l1_regs, l21_regs : array, the penalties to try
    solver : 'proximal_gradient'
    solver_params : dict or None, see `solve_sparse_group_lasso_cv`
    cv : int, splitter, or list of (train, test)
    force_cpu : bool, whether to compute on the processor, whatever `set_backend` chose and wherever arrays lie

    Attributes
    ----------
    coef_ : array of shape (n_features, ) or (n_features, n_targets)
    best_l21_reg_, best_l1_reg_ : array of shape (n_targets, )
    cv_scores_ : array of shape (n_l21_regs * n_l1_regs, n_targets)
    """

    ALL_SOLVERS = {"proximal_gradient": solve_sparse_group_lasso_cv}

    def __init__(
            self, groups: Optional[Array] = None, l1_regs: Array = (0,), l21_regs: Array = (0,),
            solver: str = "proximal_gradient", solver_params: Optional[Dict[str, Any]] = None,
            cv: CrossValidation = 5, force_cpu: bool = False) -> None:
        self.groups = groups
        self.l1_regs = l1_regs
        self.l21_regs = l21_regs
        self.solver = solver
        self.solver_params = solver_params
        self.cv = cv
        self.force_cpu = force_cpu

    @_sklearn.force_cpu_backend
    def fit(self, X: Array, y: Array) -> SparseGroupLassoCV:
        """Fits. X (n_samples, n_features), y (n_samples, ) or (n_samples, n_targets); returns self."""
        x = _sklearn.validate(self, X, reset=True)
        self.dtype_ = _sklearn.dtype_of(x)
        y, vector = _sklearn.validate_targets(y, x, len(x), type(self).__name__)
        coef, self.best_l21_reg_, self.best_l1_reg_, self.cv_scores_ = self._call_solver(
            X=x, Y=y, groups=self.groups, l21_regs=self.l21_regs, l1_regs=self.l1_regs, cv=check_cv(self.cv, y))
        self._store(coef, None, vector)
        return self
