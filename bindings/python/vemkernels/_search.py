"""What all searches over alphas and kernel weights share: options, candidates, results."""
import functools
import numbers

import numpy as np

from . import _arrays, _native, _running, validation

_DIAGONALIZE = {"eigh": 0, "svd": 1}

#: Options with more alphas than this are made anew for each call.
_KEPT_ALPHAS = 64


def _options(alphas, kind, fit_intercept, local_alpha, conservative, diagonalization):
    """Options of a search with one of our scores, with the list that they point to."""
    options = _native.defaults(_native.RandomSearchOptions)
    options.keep = _arrays.set_list(options, "alphas", alphas)
    options.score = kind or 0
    options.fit_intercept = bool(fit_intercept)
    options.local_alpha = bool(local_alpha)
    options.conservative = bool(conservative)
    options.diagonalization = diagonalization
    return options


#: The same, kept: the C library reads them only, so calls and threads share them.
_kept_options = functools.lru_cache(maxsize=32)(_options)


class Search:
    """Options and results of a random search, with the memory that they point to."""

    def __init__(self, Y, alphas, score_func, fit_intercept, local_alpha, conservative, diagonalize_method="eigh",
                 jitter_alphas=False, random_state=None, reference=None):
        if diagonalize_method not in _DIAGONALIZE:
            raise ValueError(
                f"Unknown diagonalize_method={diagonalize_method!r}; expected one of {sorted(_DIAGONALIZE)}.")
        kind = getattr(score_func, "vem_kind", None)
        given = (kind, fit_intercept, local_alpha, conservative, _DIAGONALIZE[diagonalize_method])
        kept = _hashable(alphas) if kind is not None and not jitter_alphas else None
        if kept is not None:
            self.options, self.score = _kept_options(kept, *given), None
        else:
            self.options = _options(alphas, *given)
            self.score = _running.Score(score_func, Y.dtype, reference)
            self.score.put(self.options)
            self.options.jitter_alphas = bool(jitter_alphas)
            self.options.seed = validation.seed_of(random_state) if jitter_alphas else -1
        self.results = _native.defaults(_native.RandomSearchResults)
        self.dtype = Y.dtype
        self.targets = Y.shape[1]
        self.alphas = self.options.alphas_count
        self._near = Y
        self._keep = []

    def output(self, field, rows):
        """Memory for a result, rows x targets; written when the call returns."""
        array = _arrays.output(self.results, field, rows, self.targets, self.dtype, self._near)
        self._keep.append(array)
        return array

    def outputs(self, spaces, candidates):
        """Memory for what every search finds."""
        self.deltas = self.output("deltas", spaces)
        self.best_alphas = self.output("best_alphas", 1)
        self.cv_scores = self.output("cv_scores", candidates)


def _hashable(alphas):
    """A short list of plain numbers, or one number, as a key; None for others."""
    if type(alphas) in (list, tuple) and len(alphas) <= _KEPT_ALPHAS:
        return tuple(alphas) if all(type(alpha) in (float, int) for alpha in alphas) else None
    return alphas if type(alphas) in (float, int) else None


def gammas_of(n_iter, spaces, concentration, random_state):
    """Candidates: given as an array, or drawn; the first drawn one is replaced by equal weights."""
    if type(n_iter) is not np.ndarray and isinstance(n_iter, numbers.Integral):
        from .kernel_ridge import generate_dirichlet_samples
        gammas = np.asarray(
            _arrays.to_numpy(generate_dirichlet_samples(int(n_iter), spaces, concentration, random_state)))
        gammas[0] = 1 / spaces
        return gammas
    gammas = np.ascontiguousarray(_arrays.to_numpy(n_iter), np.float64)
    if gammas.ndim != 2 or gammas.shape[1] != spaces:
        raise ValueError(
            f"n_iter, given as an array, has shape {gammas.shape}; expected (n_iter, {spaces}), a column a space.")
    return gammas


def pointer(array):
    """A pointer to the description of a matrix; null for None."""
    return None if array is None else _arrays.describe(array)
