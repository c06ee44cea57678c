"""Reference values of the field's implementation (himalaya 0.4, numpy, float64)."""
import numpy as np
import pytest

from vemkernels import kernel_ridge, lasso, ridge, scoring, utils

SCORES = {
    "l2": scoring.l2_neg_loss, "l2_neg_loss": scoring.l2_neg_loss, "r2": scoring.r2_score, "r2_score": scoring.r2_score,
          "corr": scoring.correlation_score, "correlation": scoring.correlation_score,
          "correlation_score": scoring.correlation_score}


def close(found, expected, tolerance=1e-8):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    np.testing.assert_array_equal(np.isneginf(found), np.isneginf(expected))
    kept = np.isfinite(expected)
    assert np.abs(found[kept] - expected[kept]).max() <= tolerance * np.abs(expected[kept]).max()


@pytest.mark.parametrize(
    "name", ["mkr_dual_kfold5", "mkr_dual_r2", "mkr_dual_corr", "mkr_dual_runs", "mkr_conservative", "mkr_intercept"])
def test_random_search(golden, name):
    case = golden(name)
    found = kernel_ridge.solve_multiple_kernel_ridge_random_search(
        case.in_Ks, case.in_Y, n_iter=case.in_gammas, alphas=case.in_alphas, cv=case.cv,
        score_func=SCORES[case.meta.get("score", "l2")],
        conservative=name == "mkr_conservative", fit_intercept=name == "mkr_intercept", return_weights="dual",
        return_alphas=True,
        progress_bar=False)
    close(found[0], case.out_deltas)
    close(found[1], case.out_weights)
    close(found[2], case.out_cv_scores)
    close(found[3], case.out_best_alphas)
    if name == "mkr_intercept":
        close(found[4], case.out_intercept)


def test_random_search_shared_alpha(golden):
    case = golden("mkr_global_alpha")
    found = kernel_ridge.solve_multiple_kernel_ridge_random_search(
        case.in_Ks, case.in_Y, n_iter=case.in_gammas, alphas=case.in_alphas, cv=case.cv, local_alpha=False,
        return_weights="dual",
        progress_bar=False)
    close(found[0], case.out_deltas)
    close(found[1], case.out_weights)


def test_random_search_primal_weights(golden):
    case = golden("mkr_primal")
    found = kernel_ridge.solve_multiple_kernel_ridge_random_search(
        case.in_Ks, case.in_Y, n_iter=case.in_gammas, alphas=case.in_alphas, cv=case.cv, Xs=case.matching("in_X"),
        return_weights="primal", progress_bar=False)
    close(found[1], case.out_weights)


@pytest.mark.parametrize("splits", ["kfold5", "runs"])
@pytest.mark.parametrize("local", [0, 1])
@pytest.mark.parametrize("intercept", [0, 1])
def test_ridge_cv(golden, splits, local, intercept):
    case = golden(f"ridge_cv_{splits}_local{local}_intercept{intercept}")
    found = ridge.solve_ridge_cv_svd(
        case.in_X, case.in_Y, alphas=case.in_alphas, cv=case.cv, local_alpha=bool(local), fit_intercept=bool(intercept),
        score_func=SCORES[case.meta.get("score", "l2")], warn=False)
    close(found[0], case.out_best_alphas)
    close(found[1], case.out_coefs)
    close(np.ravel(found[2]), np.ravel(case.out_cv_scores))


@pytest.mark.parametrize("kind", ["scalar", "per_target"])
@pytest.mark.parametrize("intercept", [0, 1])
def test_given_alphas(golden, kind, intercept):
    case = golden(f"ridge_svd_{kind}_intercept{intercept}")
    found = ridge.solve_ridge_svd(case.in_X, case.in_Y, alpha=case.in_alpha, fit_intercept=bool(intercept), warn=False)
    close(found[0] if intercept else found, case.out_weights)
    case = golden(f"kernel_ridge_{kind}_intercept{intercept}")
    found = kernel_ridge.solve_kernel_ridge_eigenvalues(
        case.in_K, case.in_Y, alpha=case.in_alpha, fit_intercept=bool(intercept))
    close(found[0] if intercept else found, case.out_dual)
    if intercept:
        close(found[1], case.out_intercept)


@pytest.mark.parametrize("splits", ["kfold5", "runs"])
@pytest.mark.parametrize("intercept", [0, 1])
def test_kernel_ridge_cv(golden, splits, intercept):
    case = golden(f"kernel_ridge_cv_{splits}_intercept{intercept}")
    found = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(
        case.in_K, case.in_Y, alphas=case.in_alphas, cv=case.cv, fit_intercept=bool(intercept))
    close(found[0], case.out_best_alphas)
    close(found[1], case.out_dual)
    close(found[2], case.out_cv_scores)


@pytest.mark.parametrize("score", ["l2_neg_loss", "r2_score", "correlation_score"])
@pytest.mark.parametrize("intercept", [0, 1])
def test_banded_ridge(golden, score, intercept):
    case = golden(f"banded_ridge_{score}_intercept{intercept}")
    found = ridge.solve_group_ridge_random_search(
        case.matching("in_X"), case.in_Y, n_iter=case.in_gammas, alphas=case.in_alphas, cv=case.cv,
        score_func=SCORES[score],
        fit_intercept=bool(intercept), return_weights=True, progress_bar=False)
    close(found[0], case.out_deltas)
    close(found[1], case.out_weights)
    close(found[2], case.out_cv_scores)
    if intercept:
        close(found[3], case.out_intercept)


@pytest.mark.parametrize("method", ["conjugate_gradient", "neumann", "direct"])
@pytest.mark.parametrize("inner", ["gradient_descent", "conjugate_gradient"])
@pytest.mark.parametrize("start", ["0", "ridgecv"])
def test_hyper_gradient(golden, method, inner, start):
    case = golden(f"hyper_gradient_{method}_{inner}_{start}")
    names = ("max_iter", "tol", "cv", "random_state", "cg_tol", "max_iter_inner_dual")
    meta = {key: value for key, value in case.meta.items() if key in names}
    scores = kernel_ridge.solve_multiple_kernel_ridge_hyper_gradient(
        case.in_Ks, case.in_Y, initial_deltas=0 if start == "0" else start, hyper_gradient_method=method,
        kernel_ridge_method=inner,
        progress_bar=False, **meta)[2]
    expected = [row for row in case.out_cv_scores if np.any(row != 0)][-1]
    assert scores[-1].mean() >= expected.mean() - 5e-3 * abs(expected.mean())


def test_sparse_group_lasso(golden):
    case = golden("lasso_cv")
    found = lasso.solve_sparse_group_lasso_cv(
        case.in_X, case.in_Y, groups=case.in_groups, progress_bar=False, **case.meta)
    close(found[0], case.out_coef, 1e-5)
    close(found[1], case.out_l21)
    close(found[2], case.out_l1)
    close(found[3], case.out_cv_scores, 1e-5)


def test_scores(golden):
    case = golden("scoring")
    Y, P = case.in_Y, case.in_P
    close(scoring.l2_neg_loss(Y, P), case.out_l2)
    close(scoring.r2_score(Y, P), case.out_r2)
    close(scoring.correlation_score(Y, P), case.out_corr)
    close(scoring.r2_score_split(Y, P), case.out_r2_split)
    close(scoring.r2_score_split(Y, P, include_correlation=False), case.out_r2_split_no_corr)
    close(scoring.r2_score_split_svd(Y, P), case.out_r2_split_svd)
    close(scoring.correlation_score_split(Y, P), case.out_corr_split)


def test_lipschitz_constants(golden):
    case = golden("lipschitz")
    seed = case.meta["random_state"]
    close(utils.compute_lipschitz_constants(case.in_Ks, "XTX", seed), case.out_XTX)
    close(utils.compute_lipschitz_constants(case.in_Ks, "X", seed), case.out_X)


@pytest.mark.parametrize("name", ["dirichlet_0_2", "dirichlet_1_3", "dirichlet_42_3", "dirichlet_5_4"])
def test_dirichlet_samples(golden, name):
    case = golden(name)
    found = kernel_ridge.generate_dirichlet_samples(
        len(case.out_gammas), case.meta["n_kernels"], [float(value) for value in case.meta["concentration"]],
        case.meta["random_state"])
    close(found, case.out_gammas, 1e-12)
