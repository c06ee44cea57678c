"""Estimators: scikit-learn's own checks, and that they are the functions in another form."""
import pickle

import numpy as np
import pytest

sklearn_checks = pytest.importorskip("sklearn.utils.estimator_checks", reason="python3-sklearn is not installed")

from vemkernels import kernel_ridge, lasso, ridge  # noqa: E402

SEARCH = {"n_iter": 2, "progress_bar": False}

ESTIMATORS = [
    ridge.Ridge(), ridge.Ridge(fit_intercept=True), ridge.RidgeCV(cv=2), ridge.GroupRidgeCV(cv=2, solver_params=SEARCH),
    kernel_ridge.KernelRidge(), kernel_ridge.KernelRidge(fit_intercept=True), kernel_ridge.KernelRidge(solver="conjugate_gradient"),
    kernel_ridge.KernelRidgeCV(cv=2), kernel_ridge.MultipleKernelRidgeCV(cv=2, solver_params=SEARCH), kernel_ridge.WeightedKernelRidge(),
    lasso.SparseGroupLassoCV(cv=2, solver_params={"progress_bar": False}), kernel_ridge.Kernelizer()]


@pytest.mark.filterwarnings("ignore")
@sklearn_checks.parametrize_with_checks(ESTIMATORS)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


@pytest.fixture
def data(rng):
    X = rng.randn(40, 9)
    Y = X @ rng.randn(9, 3) + rng.randn(40, 3)
    return X - X.mean(0), Y - Y.mean(0)


def test_ridge_and_kernel_ridge_predict_alike(data):
    X, Y = data
    primal = ridge.Ridge(alpha=2, fit_intercept=True).fit(X, Y)
    dual = kernel_ridge.KernelRidge(alpha=2, fit_intercept=True, warn=False).fit(X, Y)
    np.testing.assert_allclose(primal.predict(X), dual.predict(X), rtol=1e-9)
    np.testing.assert_allclose(dual.get_primal_coef(), primal.coef_, rtol=1e-8)
    np.testing.assert_allclose(primal.score(X, Y), dual.score(X, Y))


def test_sample_weights_repeat_samples(data):
    X, Y = data
    repeated = np.r_[np.arange(40), np.arange(10)]
    weights = np.where(np.arange(40) < 10, 2., 1)
    model = kernel_ridge.KernelRidge(fit_intercept=True, warn=False)
    first = model.fit(X, Y, sample_weight=weights).predict(X)
    second = model.fit(X[repeated], Y[repeated]).predict(X)
    np.testing.assert_allclose(first, second, rtol=1e-8)


def test_column_kernelizer_and_banded_ridge_agree(data):
    X, Y = data
    gammas = np.array([[.5, .5], [.1, .9], [.8, .2]])
    alphas = np.logspace(-1, 3, 5)
    from sklearn.pipeline import make_pipeline
    kernelizer = kernel_ridge.make_column_kernelizer(
        (kernel_ridge.Kernelizer(), [0, 1, 2]), (kernel_ridge.Kernelizer(), slice(3, 9)))
    params = {"n_iter": gammas, "alphas": alphas, "progress_bar": False}
    dual = make_pipeline(kernelizer, kernel_ridge.MultipleKernelRidgeCV(kernels="precomputed", cv=4, solver_params=params)).fit(X, Y)
    primal = ridge.GroupRidgeCV(groups=[0] * 3 + [1] * 6, cv=4, solver_params=params).fit(X, Y)
    np.testing.assert_allclose(dual[-1].deltas_, primal.deltas_, rtol=1e-9)
    np.testing.assert_allclose(dual.predict(X), primal.predict(X), atol=1e-8)
    np.testing.assert_allclose(primal.predict(X, split=True).sum(0), primal.predict(X), atol=1e-10)
    np.testing.assert_allclose(dual[-1].score(dual[0].transform(X), Y, split=True).sum(0), dual.score(X, Y), atol=1e-8)
    weights = np.concatenate(dual[-1].get_primal_coef(dual[0].get_X_fit()))
    np.testing.assert_allclose(weights, primal.coef_, atol=1e-8)


def test_refit_by_weighted_kernel_ridge(data):
    X, Y = data
    search = kernel_ridge.MultipleKernelRidgeCV(
        kernels=["linear", "rbf"], solver_params={"n_iter": 4, "alphas": [1., 10.], "progress_bar": False}, random_state=0).fit(X, Y)
    refit = kernel_ridge.WeightedKernelRidge(
        alpha=1., deltas=search.deltas_, kernels=["linear", "rbf"], solver_params={"tol": 1e-8, "max_iter": 1000}).fit(X, Y)
    np.testing.assert_allclose(refit.predict(X), search.predict(X), atol=1e-4)


def test_lists_of_spaces(data):
    X, Y = data
    columns = ridge.make_column_transformer_no_stack(("passthrough", [0, 1, 2]), ("passthrough", slice(3, 9)))
    spaces = columns.fit_transform(X)
    params = {"n_iter": 3, "progress_bar": False}
    by_list = ridge.GroupRidgeCV(groups="input", solver_params=params, random_state=0).fit(spaces, Y)
    by_label = ridge.GroupRidgeCV(groups=[0] * 3 + [1] * 6, solver_params=params, random_state=0).fit(X, Y)
    np.testing.assert_array_equal(by_list.coef_, by_label.coef_)
    np.testing.assert_array_equal(by_list.predict(columns.transform(X)), by_label.predict(X))


def test_models_survive_pickling(data):
    X, Y = data
    model = ridge.RidgeCV(alphas=[1., 10.]).fit(X, Y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
