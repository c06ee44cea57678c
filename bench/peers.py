"""The other side of compare.py: runs the same work with numpy and scipy, or with himalaya, when asked to on standard
input.

Requests and answers are those of `VemKernels.Bench serve`: one line `prepare JSON`, `run` or `result FILE`, one line of
JSON back.
"""
import argparse
import json
import statistics
import sys
import time

import numpy as np

BURST_SECONDS = 0.05


class Numpy:
    """Linear algebra by numpy and scipy on the BLAS they are linked with."""

    name = "numpy/scipy"
    operations = ("gemm", "syrk", "trsm", "cholesky", "inverse", "eigh", "svd", "rbf", "score-R2", "score-Correlation",
                  "split-moments")

    def versions(self):
        import scipy
        import threadpoolctl
        blas = [f"{item['internal_api']} {item['version']} {item.get('architecture', '')} x {item['num_threads']}"
                for item in threadpoolctl.threadpool_info() if item["user_api"] == "blas"]
        return f"numpy {np.__version__}, scipy {scipy.__version__}, " + ", ".join(blas)

    def prepare(self, case):
        inputs = {name: np.load(path) for name, path in case["inputs"].items()}
        count = int(case["parameters"].get("count", [1])[0])
        if case["operation"] == "split-moments":
            return self.split_moments(inputs)
        operation, _, kind = case["operation"].partition("-")
        return getattr(self, operation)(inputs, kind or count)

    def gemm(self, inputs, _):
        a, b = inputs["A"], inputs["B"]
        c = np.empty((a.shape[0], b.shape[1]), a.dtype)
        return Work(lambda: np.matmul(a, b, out=c), same)

    def syrk(self, inputs, _):
        from scipy.linalg import blas
        a = inputs["A"]
        syrk = blas.ssyrk if a.dtype == np.float32 else blas.dsyrk
        # The transpose of a C-ordered array is Fortran-ordered: no copy is timed.
        return Work(lambda: syrk(1, a.T, trans=1, lower=1), mirror)

    def trsm(self, inputs, _):
        from scipy.linalg import blas
        a, b = np.asfortranarray(inputs["A"]), inputs["B"]
        trsm = blas.strsm if a.dtype == np.float32 else blas.dtrsm
        return Work(lambda x: trsm(1, a, x, lower=1, overwrite_b=1), same, lambda: np.asfortranarray(b.copy()))

    def cholesky(self, inputs, count):
        from scipy.linalg import lapack
        a = inputs["A"]
        if count > 1:
            stacked = a.reshape(count, -1, a.shape[1])
            return Work(lambda: np.linalg.cholesky(stacked), lambda factors: factors.reshape(a.shape))
        potrf = lapack.spotrf if a.dtype == np.float32 else lapack.dpotrf
        return Work(lambda x: potrf(x, lower=1, clean=1, overwrite_a=1)[0], same, lambda: np.array(a, order="F"))

    def inverse(self, inputs, count):
        from scipy.linalg import lapack
        a = inputs["A"]
        if count > 1:
            stacked = a.reshape(count, -1, a.shape[1])
            return Work(lambda: np.linalg.inv(stacked), lambda inverses: inverses.reshape(a.shape))
        potrf, potri = (lapack.spotrf, lapack.spotri) if a.dtype == np.float32 else (lapack.dpotrf, lapack.dpotri)
        return Work(
            lambda x: potri(potrf(x, lower=1, overwrite_a=1)[0], lower=1, overwrite_c=1)[0], mirror,
            lambda: np.array(a, order="F"))

    def eigh(self, inputs, count):
        from scipy.linalg import eigh
        a = inputs["A"]
        if count > 1:
            stacked = a.reshape(count, -1, a.shape[1])
            return Work(lambda: np.linalg.eigh(stacked), lambda result: result[0])
        return Work(
            lambda x: eigh(x, driver="evd", overwrite_a=True, check_finite=False), lambda result: result[0][None],
            lambda: np.array(a, order="F"))

    def svd(self, inputs, count):
        from scipy.linalg import svd
        a = inputs["A"]
        if count > 1:
            stacked = a.reshape(count, -1, a.shape[1])
            return Work(lambda: np.linalg.svd(stacked, full_matrices=False), lambda result: result[1])
        return Work(
            lambda x: svd(x, full_matrices=False, overwrite_a=True, check_finite=False, lapack_driver="gesdd"),
            lambda result: result[1][None], lambda: np.array(a, order="F"))

    def rbf(self, inputs, _):
        a, gamma = inputs["A"], 1 / inputs["A"].shape[1]

        def kernel():
            norms = np.einsum("ij,ij->i", a, a)
            distances = a @ a.T
            distances *= -2
            distances += norms[:, None]
            distances += norms
            distances *= -gamma
            return np.exp(distances, out=distances)

        return Work(kernel, same)

    def score(self, inputs, kind):
        y, p = inputs["Y"], inputs["P"]

        def r2():
            return 1 - ((y - p) ** 2).sum(0) / ((y - y.mean(0)) ** 2).sum(0)

        def correlation():
            a, b = y - y.mean(0), p - p.mean(0)
            return (a * b).sum(0) / np.sqrt((a * a).sum(0) * (b * b).sum(0))

        return Work(r2 if kind == "R2" else correlation, lambda scores: scores[None])

    def split_moments(self, inputs):
        """Sums of squares and products from which himalaya splits scores by space, summed in float as numpy does."""
        y = inputs["Y"]
        parts = inputs["P"].reshape(-1, *y.shape)
        moments = np.empty((1 + len(parts) + len(parts) ** 2, y.shape[1]), y.dtype)

        def run():
            moments[0] = (y * y).sum(0)
            for i, part in enumerate(parts):
                moments[1 + i] = (y * part).sum(0)
                for k, other in enumerate(parts[:i + 1]):
                    product = (part * other).sum(0)
                    moments[1 + len(parts) + i * len(parts) + k] = product
                    moments[1 + len(parts) + k * len(parts) + i] = product
            return moments

        return Work(run, same)


class Torch:
    """Batched factorisations by PyTorch."""

    name = "torch"
    operations = ("eigh", "svd")

    def versions(self):
        import torch
        return f"torch {torch.__version__} x {torch.get_num_threads()}"

    def prepare(self, case):
        import torch
        a = np.load(case["inputs"]["A"])
        count = int(case["parameters"]["count"][0])
        stacked = torch.from_numpy(a.reshape(count, -1, a.shape[1]))
        if case["operation"] == "eigh":
            return Work(lambda: torch.linalg.eigh(stacked), lambda result: result[0])
        return Work(lambda: torch.linalg.svd(stacked, full_matrices=False), lambda result: result[1])


class Himalaya:
    """himalaya's solvers on one of its backends."""

    operations = ("kernel_ridge_cv", "ridge_cv", "multiple_kernel_ridge", "hyper_gradient")

    def __init__(self, path, backend):
        sys.path.insert(0, path)
        from himalaya.backend import set_backend
        self.name = f"himalaya, {backend}"
        self._backend = set_backend(backend)

    def versions(self):
        import himalaya
        library = np
        if self.name.endswith("torch"):
            import torch as library
        return f"himalaya {himalaya.__version__} on {library.__name__} {library.__version__}"

    def prepare(self, case):
        inputs = {
            name: self._backend.asarray(np.load(path).astype(np.float32)) for name, path in case["inputs"].items()}
        if case["operation"] == "hyper_gradient":
            return self.hyper_gradient(inputs, case["parameters"])
        alphas = np.array(case["parameters"]["alphas"], np.float32)
        return getattr(self, case["operation"])(inputs, alphas, int(case["parameters"]["folds"][0]))

    def kernel_ridge_cv(self, inputs, alphas, folds):
        from himalaya.kernel_ridge import KernelRidgeCV
        model = KernelRidgeCV(alphas=alphas, cv=folds, warn=False)
        return Work(lambda: model.fit(inputs["X"], inputs["Y"]), lambda fitted: self._row(fitted.cv_scores_))

    def ridge_cv(self, inputs, alphas, folds):
        from himalaya.ridge import RidgeCV
        model = RidgeCV(alphas=alphas, cv=folds)
        return Work(lambda: model.fit(inputs["X"], inputs["Y"]), lambda fitted: self._row(fitted.cv_scores_))

    def multiple_kernel_ridge(self, inputs, alphas, folds):
        from himalaya.kernel_ridge import solve_multiple_kernel_ridge_random_search
        kernels = inputs["Ks"].reshape(-1, inputs["Ks"].shape[1], inputs["Ks"].shape[1])
        return Work(
            lambda: solve_multiple_kernel_ridge_random_search(
                kernels, inputs["Y"], n_iter=inputs["gammas"], alphas=self._backend.asarray(alphas), cv=folds,
                return_weights="dual", progress_bar=False),
            lambda result: self._backend.to_numpy(result[2]))

    def hyper_gradient(self, inputs, parameters):
        from himalaya.kernel_ridge import solve_multiple_kernel_ridge_hyper_gradient
        kernels = inputs["Ks"].reshape(-1, inputs["Ks"].shape[1], inputs["Ks"].shape[1])

        def final_mean(result):
            scores = self._backend.to_numpy(result[2])
            return scores[np.any(scores != 0, axis=1)][-1:].mean(keepdims=True)

        return Work(
            lambda: solve_multiple_kernel_ridge_hyper_gradient(
                kernels, inputs["Y"], max_iter=int(parameters["iterations"][0]), cv=int(parameters["folds"][0]),
                random_state=0, progress_bar=False),
            final_mean)

    def _row(self, scores):
        return self._backend.to_numpy(scores).reshape(1, -1)


class Work:
    """A timed call; what it is given is made afresh, untimed, where it overwrites that."""

    def __init__(self, run, result, fresh=None):
        self._run = run
        self._result = result
        self._fresh = fresh
        self._last = None

    def run(self):
        """Seconds of one call: the median of a burst of calls, as CaseSession.cs does it."""
        seconds = []
        while sum(seconds) < BURST_SECONDS:
            arguments = [] if self._fresh is None else [self._fresh()]
            self._last = None
            start = time.perf_counter()
            self._last = self._run(*arguments)
            seconds.append(time.perf_counter() - start)
        return statistics.median_high(seconds)

    def result(self):
        """What the last call found, to compare with ours."""
        return np.asarray(self._result(self._last))


def same(result):
    return result


def mirror(lower):
    """Both triangles from the lower one."""
    return np.tril(lower) + np.tril(lower, -1).T


ENGINES = {
    "numpy": lambda _: Numpy(),
    "torch": lambda _: Torch(),
    "himalaya-numpy": lambda options: Himalaya(options.himalaya, "numpy"),
    "himalaya-torch": lambda options: Himalaya(options.himalaya, "torch"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", required=True, choices=["numpy", "torch", "himalaya-numpy", "himalaya-torch"])
    parser.add_argument("--himalaya", help="folder that holds the package himalaya")
    options = parser.parse_args()
    engine = ENGINES[options.engine](options)
    answer(name=engine.name, operations=engine.operations, versions=engine.versions())
    work = None
    for line in sys.stdin:
        request, _, argument = line.strip().partition(" ")
        if request == "prepare":
            work = None
            work = engine.prepare(json.loads(argument))
            answer(seconds=work.run())
        elif request == "run":
            answer(seconds=work.run())
        elif request == "result":
            np.save(argument, work.result())
            answer(written=argument)
        else:
            raise ValueError(f"unknown request: {request}")


def answer(**values):
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
