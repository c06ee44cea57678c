"""Estimators: scikit-learn's own checks, and that they are the functions in another form."""
import pickle

import numpy as np
import pytest
import requirement

sklearn_checks = requirement.module("sklearn.utils.estimator_checks")

from vemkernels import kernel_ridge, lasso, ridge  # noqa: E402

SEARCH = {"n_iter": 2, "progress_bar": False}

ESTIMATORS = [
    ridge.Ridge(), ridge.Ridge(fit_intercept=True), ridge.RidgeCV(cv=2), ridge.GroupRidgeCV(cv=2, solver_params=SEARCH),
    kernel_ridge.KernelRidge(), kernel_ridge.KernelRidge(fit_intercept=True),
    kernel_ridge.KernelRidge(solver="conjugate_gradient"),
    kernel_ridge.KernelRidgeCV(cv=2), kernel_ridge.MultipleKernelRidgeCV(cv=2, solver_params=SEARCH),
    kernel_ridge.WeightedKernelRidge(),
    lasso.SparseGroupLassoCV(cv=2, solver_params={"progress_bar": False}), kernel_ridge.Kernelizer(),
    kernel_ridge.KernelCenterer(),
    kernel_ridge.Kernelizer(kernel="rbf"), kernel_ridge.KernelRidgeCV(cv=2, kernel="rbf"),
    kernel_ridge.MultipleKernelRidgeCV(cv=2, solver="hyper_gradient",
        solver_params={"progress_bar": False, "max_iter": 5}),
    kernel_ridge.WeightedKernelRidge(kernels=("rbf", "cosine"), solver="gradient_descent",
        solver_params={"tol": 1e-10, "max_iter": 3000}),
    kernel_ridge.ColumnKernelizer([("all", kernel_ridge.Kernelizer(), slice(None))]),
    ridge.ColumnTransformerNoStack([("all", "passthrough", slice(None))])]


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
    dual = make_pipeline(
        kernelizer, kernel_ridge.MultipleKernelRidgeCV(kernels="precomputed", cv=4, solver_params=params)).fit(X, Y)
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
        kernels=["linear", "rbf"], solver_params={"n_iter": 4, "alphas": [1., 10.], "progress_bar": False},
        random_state=0).fit(X, Y)
    refit = kernel_ridge.WeightedKernelRidge(
        alpha=1., deltas=search.deltas_, kernels=["linear", "rbf"],
        solver_params={"tol": 1e-8, "max_iter": 1000}).fit(X, Y)
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


def test_a_list_of_spaces_is_checked(data):
    X, Y = data
    model = ridge.GroupRidgeCV(groups="input", solver_params=SEARCH)
    for wrong, message in (
            ([X[:, 0]], "2D"), ([X * np.nan], "NaN"), ([X[:, :0]], "0 feature"),
            ([X, X[:9]], "Inconsistent number of samples")):
        with pytest.raises(ValueError, match=message):
            model.fit(wrong, Y)
    with pytest.raises(ValueError, match="expecting 9 features"):
        model.fit([X[:, :4], X[:, 4:]], Y).predict([X[:, :4], X[:, 4:8]])


def test_column_transformers_name_weigh_and_drop(data):
    X, _ = data
    from sklearn.preprocessing import StandardScaler
    columns = ridge.ColumnTransformerNoStack(
        [("a", StandardScaler(), [0, 2]), ("b", "drop", [1]), ("c", "passthrough", slice(3, 3)),
            ("d", StandardScaler(), [])],
        remainder="passthrough", transformer_weights={"a": 3})
    first, none, rest = columns.fit_transform(X)
    np.testing.assert_allclose(first, 3 * StandardScaler().fit_transform(X[:, [0, 2]]))
    assert none.shape == (40, 0)
    np.testing.assert_array_equal(rest, X[:, 3:])
    assert list(columns.get_feature_names_out())[:3] == ["a__x0", "a__x2", "remainder__x3"]
    assert set(columns.named_transformers_) == {"a", "c", "remainder"}
    kernels = kernel_ridge.ColumnKernelizer(
        [("a", kernel_ridge.Kernelizer(), [0]), ("b", kernel_ridge.Kernelizer(), [1])],
        transformer_weights={"b": 2}).fit_transform(X)
    np.testing.assert_allclose(kernels[1], 2 * np.outer(X[:, 1], X[:, 1]))


MODELS = {
    "Ridge": ridge.Ridge(), "RidgeCV": ridge.RidgeCV(cv=2),
    "GroupRidgeCV": ridge.GroupRidgeCV(cv=2, solver_params=SEARCH, random_state=0),
    "KernelRidge": kernel_ridge.KernelRidge(warn=False), "KernelRidgeCV": kernel_ridge.KernelRidgeCV(cv=2, warn=False),
    "MultipleKernelRidgeCV": kernel_ridge.MultipleKernelRidgeCV(cv=2, solver_params=SEARCH, random_state=0),
    "WeightedKernelRidge": kernel_ridge.WeightedKernelRidge(),
    "SparseGroupLassoCV": lasso.SparseGroupLassoCV(cv=2, solver_params={"progress_bar": False})}


@pytest.mark.parametrize("name", MODELS)
def test_models_survive_pickling_cloning_and_joblib(name, data, tmp_path):
    import joblib
    from sklearn.base import clone
    X, Y = data
    model = clone(MODELS[name])
    assert model is not MODELS[name] and str(model) == str(MODELS[name])
    expected = model.fit(X, Y).predict(X)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), expected)
    joblib.dump(model, tmp_path / "model")
    np.testing.assert_array_equal(joblib.load(tmp_path / "model").predict(X), expected)
    np.testing.assert_array_equal(clone(model).fit(X, Y).predict(X), expected)


def test_grid_search_in_pipelines_and_processes(data):
    from sklearn.model_selection import GridSearchCV, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    X, Y = data
    kernelizer = kernel_ridge.make_column_kernelizer(
        (kernel_ridge.Kernelizer(), [0, 1, 2]), (kernel_ridge.Kernelizer(), slice(3, None)))
    pipeline = make_pipeline(
        StandardScaler(), kernelizer, kernel_ridge.MultipleKernelRidgeCV(kernels="precomputed", cv=2,
            solver_params=SEARCH, random_state=0))
    grid = {"columnkernelizer__kernelizer-1__kernel": ["linear", "rbf"],
        "columnkernelizer__kernelizer-2__kernel": ["cosine"]}
    alone = GridSearchCV(pipeline, grid, cv=2, scoring="r2").fit(X, Y)
    # joblib's workers are new processes (loky), so they start the library anew: this process has it loaded already
    together = GridSearchCV(pipeline, grid, cv=2, scoring="r2", n_jobs=2).fit(X, Y)
    np.testing.assert_array_equal(alone.cv_results_["mean_test_score"], together.cv_results_["mean_test_score"])
    assert set(alone.best_params_) == set(grid)
    scores = cross_val_score(ridge.RidgeCV(alphas=(1., 10.)), X, Y[:, 0], cv=3)
    assert scores.shape == (3,) and np.isfinite(scores).all()


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize("name", MODELS)
def test_attributes_and_predictions_are_of_the_kind_of_the_data(name, library, data):
    from sklearn.base import clone
    X, Y = data
    expected = clone(MODELS[name]).fit(X, Y)
    kind = np.ndarray
    if library == "torch":
        torch = requirement.module("torch")
        X, Y, kind = torch.from_numpy(X), torch.from_numpy(Y), torch.Tensor
    model = clone(MODELS[name]).fit(X, Y)
    for attribute in ("coef_", "dual_coef_", "deltas_", "best_alphas_", "cv_scores_", "X_fit_"):
        if hasattr(expected, attribute):
            assert isinstance(getattr(model, attribute), kind), attribute
            np.testing.assert_array_equal(np.asarray(getattr(model, attribute)), getattr(expected, attribute))
    assert isinstance(model.predict(X), kind) and isinstance(model.score(X, Y), kind)
    np.testing.assert_allclose(np.asarray(model.predict(X)), expected.predict(np.asarray(X)), rtol=1e-12)
    assert isinstance(model.predict(np.asarray(X)), np.ndarray)  # the kind of what is predicted from, not of the fit
    assert model.dtype_ == "float64"


def test_backend_names_of_himalaya_choose_the_kind(data):
    from vemkernels import backend
    torch = requirement.module("torch")
    X, Y = data
    chosen = backend.set_backend("torch")
    try:
        model = ridge.RidgeCV().fit(X, Y)
        assert isinstance(model.coef_, torch.Tensor) and isinstance(ridge.solve_ridge_svd(X, Y), torch.Tensor)
        assert isinstance(chosen.asarray(X), torch.Tensor) and chosen.to_numpy(chosen.asarray(X)) is not None
        assert pickle.loads(pickle.dumps(chosen)).name == "torch"
    finally:
        backend.set_backend("numpy")
    assert isinstance(ridge.RidgeCV().fit(X, Y).coef_, np.ndarray)
    with pytest.warns(UserWarning, match="Falling back to numpy"):
        assert backend.set_backend("torch_cuda", on_error="warn").name == "numpy"
