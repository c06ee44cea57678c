"""What a user of Python expects of memory, threads, errors and Ctrl-C."""
import ctypes
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
import requirement

from vemkernels import _arrays, _native, backend, kernel_ridge, lasso, ridge, scoring


def kernels(rng, n=30, t=4, dtype=np.float64):
    X = rng.randn(2, n, 6).astype(dtype)
    Y = rng.randn(n, t).astype(dtype)
    return X @ X.transpose(0, 2, 1), Y - Y.mean(0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_contiguous_inputs_are_not_copied(dtype, order):
    array = np.ones((5, 7), dtype, order=order)
    used = _arrays.floats(array)
    assert used is array
    described = _arrays.describe(used)[0]
    assert described.data == array.ctypes.data
    assert (described.row_stride, described.column_stride) == ((7, 1) if order == "C" else (1, 5))


CALLS = {
    "kernel_ridge": lambda Ks, Y, X: kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y),
    "kernel_ridge_cv": lambda Ks, Y, X: kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10]),
    "random_search": lambda Ks, Y, X: kernel_ridge.solve_multiple_kernel_ridge_random_search(
        Ks, Y, n_iter=2, random_state=0, progress_bar=False, return_weights="dual"),
    "hyper_gradient": lambda Ks, Y, X: kernel_ridge.solve_multiple_kernel_ridge_hyper_gradient(
        Ks, Y, max_iter=2, random_state=0, progress_bar=False, return_weights="dual"),
    "weighted": lambda Ks, Y, X: kernel_ridge.solve_weighted_kernel_ridge_conjugate_gradient(Ks, Y, np.zeros(2)),
    "ridge": lambda Ks, Y, X: ridge.solve_ridge_svd(X, Y),
    "banded_ridge": lambda Ks, Y, X: ridge.solve_group_ridge_random_search(
        [X, X], Y, n_iter=2, random_state=0, progress_bar=False, return_weights=True),
    "lasso": lambda Ks, Y, X: lasso.solve_sparse_group_lasso(X, Y, progress_bar=False),
    "predict": lambda Ks, Y, X: kernel_ridge.predict_weighted_kernel_ridge(Ks, Y, np.zeros((2, 4))),
    "rbf": lambda Ks, Y, X: kernel_ridge.rbf_kernel(X)}


@pytest.fixture
def described(monkeypatch):
    """The addresses of all matrices that the C library is given."""
    given, original = [], _arrays.pack_matrix

    def pack_matrix(memory, offset, address, *layout):
        given.append(address)
        original(memory, offset, address, *layout)

    monkeypatch.setattr(_arrays, "pack_matrix", pack_matrix)
    return given


@pytest.mark.parametrize("kind", ["numpy", "torch"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("name", CALLS)
def test_no_call_copies_its_data(name, dtype, order, kind, rng, described):
    Ks, Y = kernels(rng, dtype=dtype)
    X = rng.randn(30, 5).astype(dtype)
    Ks, Y, X = (np.asarray(array, order=order) for array in (Ks, Y, X))
    if kind == "torch":
        torch = requirement.module("torch")
        Ks, Y, X = (torch.from_numpy(array) for array in (Ks, Y, X))
    found = CALLS[name](Ks, Y, X)

    def address(array):
        return array.data_ptr() if kind == "torch" else array.ctypes.data

    for array in {"rbf": (X,), "ridge": (X, Y), "banded_ridge": (X, Y), "lasso": (X, Y)}.get(name, (Ks, Y)):
        assert address(array) in described
    results = found if isinstance(found, tuple) else (found,)
    weights = [result for result in results if result is not None and result.ndim == 2]
    assert any(address(array) in described for array in weights), "results are what the library wrote"


@pytest.mark.parametrize("name", CALLS)
def test_python_allocates_no_more_than_the_results(name, rng):
    import tracemalloc
    Ks, Y = kernels(rng, n=200, t=4)
    X = rng.randn(200, 150)
    CALLS[name](Ks, Y, X)
    tracemalloc.start()
    found = CALLS[name](Ks, Y, X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    results = found if isinstance(found, tuple) else (found,)
    assert peak < sum(result.nbytes for result in results if result is not None) + 60_000  # a kernel is 320_000


def test_odd_memory_is_copied_and_gives_the_same(rng):
    Ks, Y = kernels(rng)
    expected = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y)
    buffer = bytearray(Y.nbytes + 1)
    misaligned = np.ndarray(Y.shape, np.float64, buffer, offset=1)
    misaligned[...] = Y
    assert not misaligned.flags.aligned
    np.testing.assert_array_equal(kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], misaligned), expected)
    np.testing.assert_array_equal(kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0].astype(">f8"), Y), expected)
    np.testing.assert_array_equal(kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0].tolist(), Y.tolist()), expected)
    Y.flags.writeable = False
    np.testing.assert_array_equal(kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y), expected)


def test_tensors_of_other_types_become_doubles(rng):
    torch = requirement.module("torch")
    X = torch.arange(12).reshape(4, 3)
    for dtype in (torch.int32, torch.float16, torch.bfloat16):
        found = kernel_ridge.linear_kernel(X.to(dtype))
        assert found.dtype == torch.float64
        np.testing.assert_array_equal(found.numpy(), (X @ X.T).numpy())
    assert kernel_ridge.linear_kernel(X.float().requires_grad_()).dtype == torch.float32


def test_host_tensors_of_any_library_come_in_by_dlpack(rng):
    class Tensor:
        def __init__(self, array):
            self.array = array

        def __dlpack__(self, stream=None):
            return self.array.__dlpack__()

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    X = rng.randn(5, 3)
    assert _arrays.to_numpy(Tensor(X)).ctypes.data == X.ctypes.data
    np.testing.assert_allclose(kernel_ridge.linear_kernel(Tensor(X)), X @ X.T)


def test_views_are_not_copied():
    array = np.arange(60.).reshape(6, 10)
    described = _arrays.describe(array[::2, 9::-3])[0]
    assert described.data == array.ctypes.data + 9 * 8
    assert (described.rows, described.columns, described.row_stride, described.column_stride) == (3, 4, 20, -3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("form", ["csr_matrix", "csc_matrix", "coo_matrix", "csr_array"])
def test_a_linear_kernel_of_sparse_features_makes_nothing_dense(form, dtype, rng, monkeypatch):
    sparse = requirement.module("scipy.sparse")
    X, Z = (sparse.random(n, 40, 0.1, random_state=n, dtype=dtype, format="csr") for n in (13, 7))
    x, z = (getattr(sparse, form)(matrix) for matrix in (X, Z))
    dense, other = X.toarray(), Z.toarray()
    for matrix in (sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix, sparse.csr_array):
        monkeypatch.setattr(matrix, "toarray", None)
    rtol = 1e-5 if dtype == np.float32 else 1e-13
    K = kernel_ridge.linear_kernel(x)
    assert K.dtype == dtype and (K == K.T).all()
    np.testing.assert_allclose(K, dense @ dense.T, rtol, rtol)
    np.testing.assert_allclose(kernel_ridge.linear_kernel(x, z), dense @ other.T, rtol, rtol)
    np.testing.assert_allclose(kernel_ridge.linear_kernel(x, other), dense @ other.T, rtol, rtol)
    np.testing.assert_allclose(kernel_ridge.pairwise_kernels(other, x), other @ dense.T, rtol, rtol)


def test_sparse_features_are_not_copied(rng):
    sparse = requirement.module("scipy.sparse")
    X = sparse.random(13, 40, 0.1, random_state=0, format="csr")
    described = _arrays.Sparse(X, X.dtype, "X").structure
    assert described.values == X.data.ctypes.data
    assert described.column_indices == X.indices.ctypes.data
    assert described.row_pointers == X.indptr.ctypes.data
    with pytest.raises(ValueError, match="features"):
        kernel_ridge.linear_kernel(X, X[:, :30])
    X.data[0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        kernel_ridge.linear_kernel(X)


def test_structures_have_the_sizes_of_the_library():
    for structure in _native._INITIALISED:
        value = _native.defaults(structure)
        assert value.size == ctypes.sizeof(structure)
        too_large = structure()
        name = _native._INITIALISED[structure]
        initialise = getattr(_native.library(), name)
        assert initialise(ctypes.byref(too_large), ctypes.c_int64(ctypes.sizeof(structure) + 8)) != 0


def test_results_do_not_depend_on_memory_order(rng):
    Ks, Y = kernels(rng)
    first = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10])
    second = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(
        np.asfortranarray(Ks[0]), np.asfortranarray(Y), alphas=[1, 10])
    for a, b in zip(first, second):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_tensors_come_back_as_tensors(rng):
    torch = requirement.module("torch")
    Ks, Y = kernels(rng)
    found = kernel_ridge.solve_multiple_kernel_ridge_random_search(
        torch.from_numpy(Ks), torch.from_numpy(Y), n_iter=3, random_state=0, progress_bar=False, return_weights="dual")
    expected = kernel_ridge.solve_multiple_kernel_ridge_random_search(
        Ks, Y, n_iter=3, random_state=0, progress_bar=False, return_weights="dual")
    for a, b in zip(found, expected):
        assert isinstance(a, torch.Tensor)
        np.testing.assert_array_equal(a.numpy(), b)


def test_a_function_as_score(rng):
    Ks, Y = kernels(rng)
    own = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(
        Ks[0], Y, alphas=[1, 10], score_func=lambda y, p: -((y - p) ** 2).mean(0))
    ours = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10], score_func=scoring.l2_neg_loss)
    np.testing.assert_array_equal(own[0], ours[0])
    np.testing.assert_allclose(own[2], ours[2], rtol=1e-9)


def test_what_a_score_raises_is_raised(rng):
    Ks, Y = kernels(rng)

    def score(y, p):
        raise LookupError("no such score")

    with pytest.raises(LookupError, match="no such score"):
        kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10], score_func=score)


def test_bad_input_is_named(rng):
    Ks, Y = kernels(rng)
    with pytest.raises(ValueError, match="alpha"):
        kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y, alpha=-1.)
    with pytest.raises(ValueError, match="targets|samples|30"):
        kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y[:-1])
    with pytest.raises(ValueError, match="dimensions"):
        kernel_ridge.solve_kernel_ridge_eigenvalues(Ks, Y)
    with pytest.raises(ValueError, match="NaN|nan|finite"):
        kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y * np.nan)
    with pytest.raises(ValueError, match="Unknown backend"):
        backend.set_backend("abacus")
    with pytest.warns(UserWarning, match="Falling back to numpy"):
        assert backend.set_backend("abacus", on_error="warn").name == "numpy"
    with pytest.raises(ValueError, match="on_error"):
        backend.set_backend("numpy", on_error="sigh")


def test_ten_threads_get_right_results(rng):
    Ks, Y = kernels(rng)
    expected = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y, alpha=1.)
    wrong = []

    def work(scale):
        for _ in range(20):
            found = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y * scale, alpha=1.)
            if not np.allclose(found, expected * scale, rtol=1e-10):
                wrong.append(scale)

    threads = [threading.Thread(target=work, args=(scale,)) for scale in range(1, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.fixture
def interrupts():
    """A process that was started in the background by a shell has SIGINT ignored, and Python leaves it so."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_a_long_fit(rng, interrupts):
    X = rng.randn(600, 800).astype(np.float32)
    Ks = np.stack([X @ X.T, X[:, :100] @ X[:, :100].T])
    Y = rng.randn(600, 4000).astype(np.float32)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        kernel_ridge.solve_multiple_kernel_ridge_random_search(
            Ks, Y, n_iter=5000, alphas=np.logspace(-3, 5, 20), random_state=0, progress_bar=False)
    timer.join()
    small = kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0][:10, :10], Y[:10])  # and all goes on
    assert np.isfinite(small).all()


def test_progress_is_drawn(rng, capfd):
    Ks, Y = kernels(rng)
    kernel_ridge.solve_multiple_kernel_ridge_random_search(Ks, Y, n_iter=3, random_state=0, progress_bar=True)
    assert "100%" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_is_refused():
    script = (
        "import os, numpy as np\n"
        "from vemkernels import scoring\n"
        "scoring.r2_score(np.ones(3), np.ones(3))\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try:\n"
        "        scoring.r2_score(np.ones(3), np.ones(3))\n"
        "    except RuntimeError as error:\n"
        "        os._exit(7 if 'fork' in str(error) else 8)\n"
        "    os._exit(9)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "7", done.stderr


def test_many_small_fits_do_not_grow_memory(rng):
    resource = pytest.importorskip("resource")
    Ks, Y = kernels(rng)

    def fit(times):
        for _ in range(times):
            kernel_ridge.solve_kernel_ridge_eigenvalues(Ks[0], Y)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = fit(1000)
    assert fit(9000) - before < 20_000  # KB


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_before_the_first_call_and_new_processes_work():
    script = (
        "import multiprocessing as mp, numpy as np\n"
        "from vemkernels import scoring\n"
        "def score(scale):\n"
        "    return float(scoring.r2_score(np.arange(3.), scale * np.arange(3.)))\n"
        "if __name__ == '__main__':\n"
        "    with mp.get_context('fork').Pool(2) as pool:\n"
        "        print(pool.map(score, [1, 1]))\n"
        "    score(1)\n"
        "    with mp.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(score, [1]))\n"
        "    with mp.get_context('fork').Pool(1) as pool:\n"
        "        try:\n"
        "            pool.map(score, [1])\n"
        "        except RuntimeError as error:\n"
        "            print('fork' in str(error))\n")
    import pathlib
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "processes.py"
        path.write_text(script)
        done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=120)
    assert done.stdout.split("\n")[:3] == ["[1.0, 1.0]", "[1.0]", "True"], done.stderr


def test_the_build_is_chosen_by_the_flags_of_the_processor(monkeypatch, tmp_path):
    monkeypatch.delenv("VEM_LIBRARY", raising=False)
    lib = tmp_path / "lib"
    v4 = lib / "glibc-hwcaps/x86-64-v4/libvemkernels.so.0"
    v4.parent.mkdir(parents=True)
    v4.touch()
    (lib / "libvemkernels.so.0").touch()
    monkeypatch.setattr(_native, "__file__", str(tmp_path / "_native.py"))
    for flags, chosen in ((_native._V3_FLAGS, lib / "libvemkernels.so.0"), (_native._V3_FLAGS | _native._V4_FLAGS, v4),
                          (None, lib / "libvemkernels.so.0")):
        monkeypatch.setattr(_native, "_processor_flags", lambda flags=flags: flags)
        assert _native.library_path() == str(chosen)
    monkeypatch.setattr(_native, "_processor_flags", lambda: {"sse2"})
    with pytest.raises(ImportError, match="AVX2"):
        _native.library_path()


def test_a_hyper_gradient_descent_of_tolerance_zero_never_stops(rng):
    Ks, Y = kernels(rng)
    runs = [kernel_ridge.solve_multiple_kernel_ridge_hyper_gradient(
        Ks, Y, max_iter=6, tol=tol, random_state=0, progress_bar=False) for tol in (0, None, 1e9)]
    assert np.array_equal(runs[0][0], runs[1][0])
    assert not np.array_equal(runs[0][0], runs[2][0])
