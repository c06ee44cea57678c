"""Voxelwise encoding models, fitted fast: himalaya's functions and estimators over the C library of VemKernels."""
from . import backend, kernel_ridge, lasso, progress_bar, ridge, scoring, utils, viz

__version__ = "0.1.0"
__all__ = ["backend", "kernel_ridge", "lasso", "progress_bar", "ridge", "scoring", "utils", "viz"]
