"""Functions against their formulas in numpy."""
import numpy as np
import pytest
import requirement

from vemkernels import backend, kernel_ridge, lasso, ridge, scoring, utils


@pytest.fixture(params=[np.float32, np.float64])
def dtype(request):
    return request.param


@pytest.fixture
def tolerance(dtype):
    return 2e-3 if dtype == np.float32 else 1e-8


def problem(rng, dtype, n=37, t=5):
    Xs = [rng.randn(n, p).astype(dtype) for p in (3, 11)]
    Y = rng.randn(n, t).astype(dtype)
    return Xs, np.stack([X @ X.T for X in Xs]), Y - Y.mean(0)


def test_kernel_ridge(rng, dtype, tolerance):
    _, Ks, Y = problem(rng, dtype)
    K = Ks.sum(0)
    expected = np.linalg.solve(K.astype(float) + 2 * np.eye(len(K)), Y)
    for solve in (kernel_ridge.solve_kernel_ridge_eigenvalues, kernel_ridge.solve_kernel_ridge_conjugate_gradient):
        found = solve(K, Y, alpha=2.)
        assert found.dtype == dtype
        np.testing.assert_allclose(
            found, expected,
            atol=max(tolerance, 2e-3 if solve is not kernel_ridge.solve_kernel_ridge_eigenvalues else 0))


def test_weighted_kernel_ridge(rng, dtype):
    _, Ks, Y = problem(rng, dtype)
    deltas = rng.randn(2, Y.shape[1])
    expected = np.stack([
        np.linalg.solve(np.tensordot(np.exp(deltas[:, j]), Ks, 1) + 2 * np.eye(len(Y)), Y[:, j])
            for j in range(Y.shape[1])], 1)
    found = kernel_ridge.solve_weighted_kernel_ridge_conjugate_gradient(Ks, Y, deltas, alpha=2., tol=1e-6, max_iter=500)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_predictions(rng, dtype, tolerance):
    _, Ks, Y = problem(rng, dtype)
    deltas, dual = rng.randn(2, 5).astype(dtype), rng.randn(*Y.shape).astype(dtype)
    test = Ks[:, :9]
    split = np.stack([np.exp(deltas[i]) * (test[i] @ dual) for i in range(2)])
    np.testing.assert_allclose(kernel_ridge.predict_weighted_kernel_ridge(test, dual, deltas, split=True), split,
        rtol=tolerance, atol=10 * tolerance)
    offset = np.arange(5).astype(dtype)
    np.testing.assert_allclose(
        kernel_ridge.predict_weighted_kernel_ridge(test, dual, deltas, intercept=offset), split.sum(0) + offset,
        rtol=tolerance,
        atol=10 * tolerance)
    scores = kernel_ridge.predict_and_score_weighted_kernel_ridge(
        test, dual, deltas, Y[:9], scoring.r2_score, n_targets_batch=2)
    np.testing.assert_allclose(scores, scoring.r2_score(Y[:9], split.sum(0).astype(dtype)), rtol=10 * tolerance)


def test_primal_weights(rng, dtype, tolerance):
    Xs, _, Y = problem(rng, dtype)
    np.testing.assert_allclose(
        kernel_ridge.primal_weights_kernel_ridge(Y, Xs[0]), Xs[0].T @ Y, rtol=tolerance, atol=tolerance)
    deltas = rng.randn(2, 5).astype(dtype)
    for found, X, delta in zip(kernel_ridge.primal_weights_weighted_kernel_ridge(Y, deltas, Xs), Xs, deltas):
        np.testing.assert_allclose(found, np.exp(delta) * (X.T @ Y), rtol=tolerance, atol=tolerance)


def test_ridge(rng, dtype, tolerance):
    Xs, _, Y = problem(rng, dtype)
    X = Xs[1]
    expected = np.linalg.solve(X.T.astype(float) @ X + 3 * np.eye(11), X.T.astype(float) @ Y)
    np.testing.assert_allclose(ridge.solve_ridge_svd(X, Y, alpha=3.), expected, atol=tolerance)


def test_kernels(rng, dtype, tolerance):
    A, B = rng.randn(7, 4).astype(dtype), rng.randn(5, 4).astype(dtype)
    products = A @ B.T
    distances = ((A[:, None] - B[None]) ** 2).sum(-1)
    lengths = np.linalg.norm(A, axis=1)[:, None] * np.linalg.norm(B, axis=1)
    for found, expected in (
            (kernel_ridge.linear_kernel(A, B), products),
            (kernel_ridge.polynomial_kernel(A, B, degree=2), (products / 4 + 1) ** 2),
            (kernel_ridge.rbf_kernel(A, B, gamma=0.3), np.exp(-0.3 * distances)),
            (kernel_ridge.sigmoid_kernel(A, B, coef0=0.5), np.tanh(products / 4 + 0.5)),
            (kernel_ridge.cosine_similarity_kernel(A, B), products / lengths),
            (kernel_ridge.pairwise_kernels(A, B, metric=lambda x, y: x @ y + 1), products + 1)):
        assert found.dtype == dtype
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


def test_kernel_centring(rng, dtype, tolerance):
    X, X_test = rng.randn(9, 4).astype(dtype) + 2, rng.randn(6, 4).astype(dtype) + 2
    centred, centred_test = X - X.mean(0), X_test - X.mean(0)
    centerer = kernel_ridge.KernelCenterer()
    np.testing.assert_allclose(centerer.fit_transform(X @ X.T), centred @ centred.T, atol=10 * tolerance)
    np.testing.assert_allclose(centerer.transform(X_test @ X.T), centred_test @ centred.T, atol=10 * tolerance)


def test_lasso_without_penalties_is_least_squares(rng):
    X, Y = rng.randn(60, 4), rng.randn(60, 3)
    found = lasso.solve_sparse_group_lasso(X, Y, l21_reg=0, l1_reg=0, max_iter=5000, tol=1e-12, progress_bar=False)
    np.testing.assert_allclose(found, np.linalg.lstsq(X, Y, rcond=None)[0], atol=1e-6)


def test_scores_of_vectors_and_constants():
    y = np.array([1., 2, 3, 4])
    assert scoring.r2_score(y, y) == 1
    assert scoring.correlation_score(y, -y) == pytest.approx(-1)
    assert scoring.r2_score(np.ones((4, 1)), y[:, None]) == 0
    with pytest.warns(UserWarning, match="nan"):
        scoring.r2_score(y, y * np.nan)


def test_splits_of_all_kinds_agree(rng):
    _, Ks, Y = problem(rng, np.float64)
    model_selection = requirement.module("sklearn.model_selection")
    kfold = model_selection.KFold(4)
    results = [
        kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[1], Y, alphas=[0.1, 1, 10], cv=cv)[2]
        for cv in (4, kfold, list(kfold.split(Y)))]
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_lipschitz_constants(rng):
    X = rng.randn(2, 30, 4)
    expected = [np.linalg.eigvalsh(x.T @ x)[-1] for x in X]
    np.testing.assert_allclose(utils.compute_lipschitz_constants(X, "XTX", 0), expected, rtol=0.1)


def test_dataset_is_what_it_says():
    train, test, Y_train, Y_test, weights, features = utils.generate_multikernel_dataset(
        n_kernels=3, n_targets=4, n_samples_train=50, n_samples_test=20, n_features_list=[2, 3, 4], random_state=0)
    assert (train.shape, test.shape, Y_train.shape, Y_test.shape) == ((50, 9), (20, 9), (50, 4), (20, 4))
    np.testing.assert_allclose(weights.sum(1), 1, rtol=1e-6)
    np.testing.assert_allclose(Y_train.mean(0), 0, atol=1e-5)
    assert {array.dtype for array in (train, test, Y_train, Y_test, weights)} == {np.dtype(np.float32)}


def test_dataset_is_of_the_library_that_was_chosen():
    torch = pytest.importorskip("torch")
    arguments = dict(n_kernels=2, n_targets=4, n_samples_train=9, n_samples_test=5, n_features_list=[2, 3],
        random_state=0)
    expected = utils.generate_multikernel_dataset(**arguments)
    backend.set_backend("torch")
    try:
        found = utils.generate_multikernel_dataset(**arguments)
    finally:
        backend.set_backend("numpy")
    for one, other in zip(found[:5], expected[:5]):
        assert isinstance(one, torch.Tensor) and one.dtype == torch.float32
        np.testing.assert_array_equal(one.numpy(), other)


def test_the_seed_of_numpy_decides_where_none_is_given(rng):
    _, Ks, Y = problem(rng, np.float64)

    def draw():
        np.random.seed(3)
        samples = kernel_ridge.generate_dirichlet_samples(4, 2)
        search = kernel_ridge.solve_multiple_kernel_ridge_random_search(
            Ks, Y, n_iter=4, jitter_alphas=True, progress_bar=False)
        return samples, search[0], search[2]

    for one, other in zip(draw(), draw()):
        np.testing.assert_array_equal(one, other)
    np.random.seed(3)
    np.testing.assert_array_equal(
        kernel_ridge.generate_dirichlet_samples(4, 2, concentration=1.),
        np.random.RandomState(3).dirichlet([1., 1.], 4))
