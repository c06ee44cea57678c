"""What a user of Python expects of memory, threads, errors and Ctrl-C."""
import ctypes
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from vemkernels import _arrays, _native, backend, kernel_ridge, scoring


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
    described = _arrays.describe(used)
    assert described.data == array.ctypes.data
    assert (described.row_stride, described.column_stride) == ((7, 1) if order == "C" else (1, 5))


def test_views_are_not_copied():
    array = np.arange(60.).reshape(6, 10)
    described = _arrays.describe(array[::2, 9::-3])
    assert described.data == array.ctypes.data + 9 * 8
    assert (described.rows, described.columns, described.row_stride, described.column_stride) == (3, 4, 20, -3)


def test_structures_have_the_sizes_of_the_library():
    for structure in _native._INITIALISED:
        value = _native.defaults(structure)
        assert value.size == ctypes.sizeof(structure)
        too_large = structure()
        name = _native._INITIALISED[structure]
        assert getattr(_native.library(), name)(ctypes.byref(too_large), ctypes.c_int64(ctypes.sizeof(structure) + 8)) != 0


def test_results_do_not_depend_on_memory_order(rng):
    Ks, Y = kernels(rng)
    first = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10])
    second = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(np.asfortranarray(Ks[0]), np.asfortranarray(Y), alphas=[1, 10])
    for a, b in zip(first, second):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_tensors_come_back_as_tensors(rng):
    torch = pytest.importorskip("torch", reason="python3-torch is not installed")
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
    own = kernel_ridge.solve_kernel_ridge_cv_eigenvalues(Ks[0], Y, alphas=[1, 10], score_func=lambda y, p: -((y - p) ** 2).mean(0))
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


def test_ctrl_c_stops_a_long_fit(rng):
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


