"""A picture of what cross-validation chose."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import _arrays
from ._typing import Array


def plot_alphas_diagnostic(best_alphas: Array, alphas: Array, ax: Any = None) -> Any:
    """How many targets chose each alpha: many at an end of the grid say that the grid is too short there. Needs
    matplotlib.

    Parameters
    ----------
    best_alphas : array of shape (n_targets, )
    alphas : array of shape (n_alphas, ), the grid
    ax : axes of matplotlib's, or None for a new figure

    Returns
    -------
    ax : the axes
    """
    import matplotlib.pyplot as plt
    grid = np.sort(np.asarray(_arrays.to_numpy(alphas), np.float64))
    nearest = np.abs(np.asarray(_arrays.to_numpy(best_alphas))[:, None] - grid).argmin(1)
    ax = plt.subplots()[1] if ax is None else ax
    ax.plot(np.log10(grid), np.bincount(nearest, minlength=len(grid)), ".-", markersize=12)
    ax.set_xlabel("log10(alpha)")
    ax.set_ylabel("Number of targets")
    ax.grid(True)
    return ax
