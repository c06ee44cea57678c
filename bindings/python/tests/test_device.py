"""Arrays on a GPU. There is none here: VEM_CUDA_PATH names the fake CUDA (tests/Cuda.Tests/fake), and fake_cupy.py
makes its arrays.

What this cannot show is PyTorch's and CuPy's own side: their streams and allocators on a real device.
"""
import os

import numpy as np
import pytest

if not os.path.exists(os.path.join(os.environ.get("VEM_CUDA_PATH", ""), "libfake.so")):
    pytest.skip(
        "VEM_CUDA_PATH names no fake CUDA: tests/Cuda.Tests/fake/build.sh FOLDER makes one", allow_module_level=True)

import fake_cupy  # noqa: E402

from vemkernels import _arrays, _dlpack, _native, backend, kernel_ridge, lasso, ridge, scoring, utils  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def cupy():
    yield fake_cupy.install()
    backend.set_backend("numpy")


@pytest.fixture
def data(rng):
    Xs = [rng.randn(24, p) for p in (3, 5)]
    Y = rng.randn(24, 4)
    return Xs, np.stack([X @ X.T for X in Xs]), Y - Y.mean(0)


class Bare:
    """A tensor of a library that nobody knows: DLPack and nothing else."""

    def __init__(self, array):
        self._array = array

    def __dlpack_device__(self):
        return 2, 0

    def __dlpack__(self, stream=None):
        return self._array.__dlpack__(stream=stream)


def copies():
    return fake_cupy.driver.fake_calls(b"cuMemcpyHtoDAsync") + fake_cupy.driver.fake_calls(b"cuMemcpyDtoHAsync")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_address_on_the_device_is_what_the_library_gets(rng, dtype, order, cupy):
    array = cupy.asarray(np.asarray(rng.randn(5, 7), dtype, order=order))
    before = copies()
    described = _arrays.describe(_arrays.floats(array))[0]
    assert described.data == array.address
    assert described.memory == _native.CUDA
    assert (described.row_stride, described.column_stride) == ((7, 1) if order == "C" else (1, 5))
    assert described.stream == cupy.cuda.get_current_stream().ptr
    part = _arrays.floats(array)[1:4, None][:, 0]
    assert _arrays.describe(part)[0].data == array.address + part.strides[0]
    assert copies() == before


def test_capsules_live_as_long_as_what_was_made_of_them(rng, cupy):
    found = _dlpack.device_array(cupy.asarray(rng.randn(3, 2)))
    count = len(fake_cupy.freed)
    view = found[1:]
    del found
    assert len(fake_cupy.freed) == count
    del view
    assert len(fake_cupy.freed) == count + 1


def test_an_element_is_not_read(rng, cupy):
    found = _dlpack.device_array(cupy.asarray(rng.randn(3, 2)))
    with pytest.raises(TypeError, match="on a GPU"):
        found[1, 1]
    with pytest.raises(TypeError, match="on a GPU"):
        found[[0, 1]]


SOLVERS = {
    "random_search": lambda Xs, Ks, Y: kernel_ridge.solve_multiple_kernel_ridge_random_search(
        Ks, Y, n_iter=3, alphas=[0.1, 1, 10], random_state=0, progress_bar=False, return_weights="dual",
        return_alphas=True,
        fit_intercept=True),
    "primal_weights": lambda Xs, Ks, Y: kernel_ridge.solve_multiple_kernel_ridge_random_search(
        Ks, Y, n_iter=3, alphas=[0.1, 1, 10], random_state=0, progress_bar=False, return_weights="primal", Xs=Xs),
    "own_score": lambda Xs, Ks, Y: kernel_ridge.solve_kernel_ridge_cv_eigenvalues(
        Ks[0], Y, alphas=[1, 10], score_func=lambda y, p: -((y - p) ** 2).mean(0)),
    "hyper_gradient": lambda Xs, Ks, Y: kernel_ridge.solve_multiple_kernel_ridge_hyper_gradient(
        Ks, Y, max_iter=3, random_state=0, progress_bar=False, return_weights="dual"),
    "kernel_ridge": lambda Xs, Ks, Y: (kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y, alpha=2.),),
    "conjugate_gradient": lambda Xs, Ks, Y: (
        kernel_ridge.solve_weighted_kernel_ridge_conjugate_gradient(Ks, Y, np.zeros(2)),),
    "kernel_ridge_cv": lambda Xs, Ks, Y: kernel_ridge.solve_kernel_ridge_cv_eigenvalues(
        Ks[0], Y, alphas=[1, 10], fit_intercept=True),
    "ridge": lambda Xs, Ks, Y: ridge.solve_ridge_svd(Xs[1], Y, fit_intercept=True),
    "ridge_cv": lambda Xs, Ks, Y: ridge.solve_ridge_cv_svd(Xs[1], Y, alphas=[1, 10]),
    "banded_ridge": lambda Xs, Ks, Y: ridge.solve_group_ridge_random_search(
        Xs, Y, n_iter=3, alphas=[1, 10], random_state=0, progress_bar=False, return_weights=True),
    "lasso": lambda Xs, Ks, Y: (lasso.solve_sparse_group_lasso(Xs[1], Y, progress_bar=False),),
    "lasso_cv": lambda Xs, Ks, Y: lasso.solve_sparse_group_lasso_cv(
        Xs[1], Y, l21_regs=[0.1, 1], l1_regs=[0.1], progress_bar=False, max_iter=20),
    "kernels": lambda Xs, Ks, Y: [
        function(Xs[0], *others) for function in kernel_ridge.PAIRWISE_KERNEL_FUNCTIONS.values()
            for others in ((), (Xs[0],))],
    "predictions": lambda Xs, Ks, Y: [
        kernel_ridge.predict_weighted_kernel_ridge(Ks, Y, np.zeros((2, 4)), split=split) for split in (False, True)],
    "prediction_scores": lambda Xs, Ks, Y: (kernel_ridge.predict_and_score_weighted_kernel_ridge(
        Ks, Y, np.zeros((2, 4)), Y, scoring.r2_score, n_targets_batch=3),),
    "primal": lambda Xs, Ks, Y: [
        kernel_ridge.primal_weights_kernel_ridge(Y, Xs[0]),
        *kernel_ridge.primal_weights_weighted_kernel_ridge(Y, np.zeros((2, 4)), Xs)],
    "scores": lambda Xs, Ks, Y: [score(Y, Ks[0] @ Y) for score in (scoring.r2_score, scoring.l2_neg_loss,
        scoring.correlation_score)],
    "split_scores": lambda Xs, Ks, Y: [
        score(Y, Ks @ Y) for score in (scoring.r2_score_split, scoring.r2_score_split_svd,
            scoring.correlation_score_split)],
    "centring": lambda Xs, Ks, Y: (kernel_ridge.KernelCenterer().fit_transform(Ks[0]),),
    "lipschitz": lambda Xs, Ks, Y: (utils.compute_lipschitz_constants(Ks, "X", random_state=0),)}


@pytest.mark.parametrize("name", SOLVERS)
def test_results_are_on_the_device_and_those_of_the_host(name, data, cupy):
    Xs, Ks, Y = data
    expected = SOLVERS[name](Xs, Ks, Y)
    found = SOLVERS[name]([cupy.asarray(X) for X in Xs], cupy.asarray(Ks), cupy.asarray(Y))
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert isinstance(one, cupy.ndarray)
        np.testing.assert_allclose(one.get(), other, rtol=1e-6, atol=1e-9)
    assert fake_cupy.driver.fake_corrupted() == 0


def test_what_lies_elsewhere_is_taken_along(data, cupy):
    Xs, Ks, Y = data
    expected = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y)
    on_device = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], cupy.asarray(Y))
    on_host = kernel_ridge.solve_kernel_ridge_eigenvalues(cupy.asarray(Ks[0]), Y)
    assert isinstance(on_device, cupy.ndarray) and isinstance(on_host, np.ndarray)
    np.testing.assert_allclose(on_device.get(), expected, rtol=1e-8)
    np.testing.assert_allclose(on_host, expected, rtol=1e-12)


def test_integers_on_the_device_become_doubles_there(data, cupy):
    X = cupy.asarray(np.arange(12).reshape(4, 3))
    np.testing.assert_array_equal(kernel_ridge.linear_kernel(X).get(), X.get() @ X.get().T)


def test_any_dlpack_tensor_is_read_where_it_lies(data, cupy):
    Xs, Ks, Y = data
    expected = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y)
    found = kernel_ridge.solve_kernel_ridge_eigenvalues(Bare(cupy.asarray(Ks[0])), Bare(cupy.asarray(Y)))
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, expected, rtol=1e-8)
    np.testing.assert_array_equal(_arrays.to_numpy(Bare(cupy.asarray(Ks))), Ks)


@pytest.mark.parametrize("force_cpu", [False, True])
@pytest.mark.parametrize("make", [
    lambda force_cpu: ridge.RidgeCV(alphas=(1., 10.), fit_intercept=True, force_cpu=force_cpu),
    lambda force_cpu: ridge.GroupRidgeCV(
        groups=[0, 0, 1, 0, 1], solver_params={"n_iter": 2, "progress_bar": False}, random_state=0,
        force_cpu=force_cpu),
    lambda force_cpu: kernel_ridge.KernelRidge(kernel="rbf", force_cpu=force_cpu),
    lambda force_cpu: kernel_ridge.KernelRidgeCV(kernel="polynomial", fit_intercept=True, force_cpu=force_cpu),
    lambda force_cpu: kernel_ridge.MultipleKernelRidgeCV(
        kernels=["linear", "rbf"], solver_params={"n_iter": 2, "progress_bar": False}, random_state=0,
        force_cpu=force_cpu),
    lambda force_cpu: kernel_ridge.WeightedKernelRidge(kernels=["linear", "rbf"],
        solver_params={"tol": 1e-10, "max_iter": 1000}, force_cpu=force_cpu),
    lambda force_cpu: lasso.SparseGroupLassoCV(solver_params={"progress_bar": False}, force_cpu=force_cpu)],
    ids=["RidgeCV", "GroupRidgeCV", "KernelRidge", "KernelRidgeCV", "MultipleKernelRidgeCV", "WeightedKernelRidge",
        "SparseGroupLassoCV"])
def test_estimators_stay_where_their_data_are(make, force_cpu, data, cupy):
    Xs, _, Y = data
    expected = make(False).fit(Xs[1], Y)
    model = make(force_cpu).fit(cupy.asarray(Xs[1]), cupy.asarray(Y))
    fitted = model.coef_ if hasattr(model, "coef_") else model.dual_coef_
    assert isinstance(fitted, np.ndarray if force_cpu else cupy.ndarray)
    predictions, scores = model.predict(cupy.asarray(Xs[1])), model.score(cupy.asarray(Xs[1]), cupy.asarray(Y))
    assert isinstance(predictions, np.ndarray if force_cpu else cupy.ndarray)
    np.testing.assert_allclose(_arrays.to_numpy(predictions), expected.predict(Xs[1]), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(_arrays.to_numpy(scores), expected.score(Xs[1], Y), rtol=1e-5, atol=1e-7)


def test_after_set_backend_arrays_of_numpy_go_to_the_device(data, cupy):
    Xs, _, Y = data
    expected = ridge.solve_ridge_svd(Xs[1], Y)
    chosen = backend.set_backend("cupy")
    try:
        found = ridge.solve_ridge_svd(Xs[1], Y)
        assert isinstance(found, cupy.ndarray)
        assert chosen.is_in_gpu(chosen.asarray(Xs[0])) and not chosen.is_in_gpu(Xs[0])
        np.testing.assert_allclose(chosen.to_numpy(found), expected, rtol=1e-8)
        model = ridge.Ridge(force_cpu=True).fit(Xs[1], Y)
        assert isinstance(model.coef_, np.ndarray)
    finally:
        backend.set_backend("numpy")
