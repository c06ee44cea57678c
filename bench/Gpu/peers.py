"""Times in PyTorch, on the same card, what `Gpu kernels` and `Gpu tutorial` time: lines of JSON with the same names.

    python3 peers.py kernels|tutorial [--small]

What PyTorch has no operation for is put together from those it has, as a careful user would. Products of floats run in
full precision ("highest"); rows whose names end in ", tf32" allow tf32, which loses 13 bits.
"""

import json
import statistics
import sys
import time

import torch

SMALL = "--small" in sys.argv
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
FOLDS = 4 if SMALL else 12
RUN_SECONDS = 0.03


def size(full):
    """A size, as it is or small."""
    return max(1, full // 30) if SMALL else full


def random(*shape, dtype=torch.float32):
    """Numbers between -1 and 1."""
    return torch.rand(*shape, dtype=dtype, device=DEVICE) * 2 - 1


def positive_definite(n, count=None):
    """Symmetric matrices with a dominant diagonal, in double."""
    shape = (n, n) if count is None else (count, n, n)
    a = random(*shape, dtype=torch.float64)
    return a + a.mT + torch.eye(n, dtype=torch.float64, device=DEVICE) * 4 * n


def wait():
    """Waits for the card."""
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def seconds_of(work, calls):
    start = time.perf_counter()
    for _ in range(calls):
        work()
    wait()
    return time.perf_counter() - start


def measure(name, work):
    """The median of some runs, each of as many calls as fill its time; as Timing.cs."""
    try:
        work()
        wait()
        once = seconds_of(work, 1)
        calls = int(min(max(RUN_SECONDS / once, 1), 10_000))
        runs = 1 if once > 1 else 5
        line = {"name": name, "seconds": statistics.median(seconds_of(work, calls) / calls for _ in range(runs))}
    except RuntimeError as error:  # out of memory, or not converged: the others are still to be timed
        line = {"name": name, "error": str(error).splitlines()[0]}
    print(json.dumps(line), flush=True)


def score(y, p, kind):
    """Scores of columns, in double as ours."""
    if kind == "NegativeSquaredError":
        return -((y - p).double() ** 2).mean(0)
    if kind == "R2":
        spread = ((y - y.double().mean(0)) ** 2).sum(0)
        return 1 - ((y - p).double() ** 2).sum(0) / spread
    a = y - y.double().mean(0)
    b = p - p.double().mean(0)
    return (a * b).sum(0) / (a.norm(dim=0) * b.norm(dim=0))


def folds_of(n, folds):
    return torch.arange(n, device=DEVICE).tensor_split(folds)


def residual_tile(n, t, folds, kind):
    q, z, y = random(n, n), random(n, t), random(n, t)
    c = random(n, 1)
    blocks = [(d, random(len(d), len(d))) for d in folds_of(n, folds)]
    corrections = [random(len(d), len(d)) for d in folds_of(n, folds)] if kind == "Correlation" else None

    def work():
        e = q @ (c * z)
        for i, (d, m) in enumerate(blocks):
            f = m @ e[d]
            if corrections is None:
                (f.double() ** 2).mean(0).neg()
            else:
                score(y[d], f - corrections[i] @ y[d], kind)

    measure(f"cross-validation tile, residual, {kind}, {n} x {t}", work)


def kernels():
    n, t, square = size(3600), size(16384), size(4096)
    for dtype, name in ((torch.float32, "float"), (torch.float64, "double")):
        a, b = random(square, square, dtype=dtype), random(square, square, dtype=dtype)
        measure(f"gemm {name}, {square}", lambda: a @ b)
    a, b = random(square, square), random(square, square)
    torch.backends.cuda.matmul.allow_tf32 = True
    measure(f"gemm float, {square}, tf32", lambda: a @ b)
    torch.backends.cuda.matmul.allow_tf32 = False
    wide = size(21_000)
    a, b = random(n, n), random(n, wide)
    measure(f"gemm float, samples x samples x targets, {n} x {n} x {wide}", lambda: a @ b)
    a = random(n, n, dtype=torch.float64)
    measure(f"syrk double, {n}", lambda: a @ a.T)
    spd, b = positive_definite(n), random(n, n, dtype=torch.float64)
    measure(f"trsm double, {n}", lambda: torch.linalg.solve_triangular(spd, b, upper=False))
    measure(f"Cholesky double, {n}", lambda: torch.linalg.cholesky(spd))
    measure(f"Cholesky and inverse double, {n}", lambda: torch.cholesky_inverse(torch.linalg.cholesky(spd)))
    for order in (size(1200), n):
        spd_of_order = positive_definite(order)
        measure(f"eigendecomposition double, {order}", lambda: torch.linalg.eigh(spd_of_order))
    tall = random(n, size(600), dtype=torch.float64)
    measure(f"thin SVD double, {n} x {size(600)}", lambda: torch.linalg.svd(tall, full_matrices=False))
    many = positive_definite(64, size(4000))
    measure(f"Cholesky double, {size(4000)} of 64", lambda: torch.linalg.cholesky(many))
    for order, count in ((4, 20000), (8, 5000), (16, 4000), (32, 4000), (64, 1000)):
        stack = positive_definite(order, size(count))
        measure(f"eigendecomposition double, {size(count)} of {order}", lambda: torch.linalg.eigh(stack))
        stack = random(size(count), order, order, dtype=torch.float64)
        measure(f"thin SVD double, {size(count)} of {order}", lambda: torch.linalg.svd(stack, full_matrices=False))
    r, y = random(n, n).triu(), random(n, t)
    measure(f"triangular norms, {n} x {t}", lambda: ((r @ y).double() ** 2).sum(0))
    p = random(n, n)

    def resolution():
        predictions = p @ y
        for d in folds_of(n, FOLDS):
            score(y[d], predictions[d], "R2")

    measure(f"cross-validation tile, resolution, r2, {n} x {t}", resolution)
    residual_tile(n, t, FOLDS, "NegativeSquaredError")
    residual_tile(n, t, FOLDS, "Correlation")
    residual_tile(size(1000), size(20_000), 5, "NegativeSquaredError")
    residual_tile(size(300), size(84_000), 5, "NegativeSquaredError")
    for samples, count, targets in ((n, 2, t), (size(300), 3, size(84_000))):
        ks, weights, w = random(count, samples, samples), random(count, targets), random(samples, targets)
        measure(
            f"weighted product of {count} kernels, {samples} x {targets}",
            lambda: sum(ks[i] @ (weights[i] * w) for i in range(count)))
    samples, count = size(300), 3
    ks, weights, w, y = random(count, samples, samples), random(count, t), random(samples, t), random(samples, t)

    def moments():
        products = weights[:, None] * (ks @ w)
        residual = products.sum(0) - y
        torch.einsum("irt,rt->it", products.double(), residual.double())
        torch.einsum("irt,krt->ikt", products.double(), products.double())

    measure(f"products by kernel, reduced, {count} kernels, {samples} x {t}", moments)
    samples, targets = size(300), size(84_000)
    y, p = random(samples, targets), random(samples, targets)
    measure(f"score R2, {samples} x {targets}", lambda: score(y, p, "R2"))
    measure(f"score Correlation, {samples} x {targets}", lambda: score(y, p, "Correlation"))
    parts = torch.stack([y, p, p])
    measure(
        f"split moments, 2 spaces, {samples} x {targets}",
        lambda: [
            (parts[i].double() * parts[k]).sum(0)
            for i, k in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2))])
    y = random(n, targets)

    def zscore():
        mean = y.mean(0, dtype=torch.float64).float()
        (y - mean) / y.std(0, unbiased=False)

    measure(f"z-scores of columns, {n} x {targets}", zscore)
    even = torch.arange(0, targets // 2 * 2, 2, device=DEVICE)
    measure(f"columns gathered, half of {n} x {targets}", lambda: y[:, even])
    host = torch.rand(n, targets)
    measure(f"host to device, {n} x {targets}", lambda: host.to(DEVICE))
    measure(f"device to host, {n} x {targets}", lambda: y.cpu())
    features = size(2000)
    x = random(n, features)
    measure(f"rbf kernel, {n} x {features}",
        lambda: torch.exp(-torch.cdist(x.double(), x.double()) ** 2 / features).float())
    targets = size(20_000)
    gradient, w, point = (random(features, targets) for _ in range(3))

    def proximal():
        z = point - 0.01 * gradient
        u = z.sign() * (z.abs() - 1).clamp(min=0)
        groups = u.view(10, -1, targets) if features % 10 == 0 else u[None]
        factor = (1 - 1 / groups.norm(dim=1, keepdim=True)).clamp(min=0)
        new = (factor * groups).view(-1, targets)
        change = new - w[: new.shape[0]]
        new + 0.5 * change, (change.double() ** 2).sum(0), (new.double() ** 2).sum(0)

    measure(f"proximal step, {features} x {targets}", proximal)


def tutorial():
    """One candidate the way today's packages go: an eigendecomposition a fold, then every alpha on every target."""
    n, targets, features = size(3600), size(84_000), size(1200)
    alphas = torch.logspace(-5, 5, 20, dtype=torch.float32, device=DEVICE)
    spaces = [random(n, features) for _ in range(2)]
    host = torch.rand(n, targets) * 2 - 1
    kernel = sum((x.double() @ x.double().T / features / 2) for x in spaces).float()
    wait()
    for run in ("warm-up", "again"):
        start = time.perf_counter()
        y = host.to(DEVICE)
        total = torch.zeros(len(alphas), targets, device=DEVICE)
        for d in folds_of(n, FOLDS):
            train = torch.ones(n, dtype=torch.bool, device=DEVICE)
            train[d] = False
            lam, q = torch.linalg.eigh(kernel[train][:, train].double())
            lam, q = lam.float(), q.float()
            left, right = kernel[d][:, train] @ q, q.T @ y[train]
            for j, alpha in enumerate(alphas):
                predictions = (left / (lam + alpha)) @ right
                total[j] += -((y[d] - predictions) ** 2).mean(0)
        best = total.argmax(0)
        lam, q = torch.linalg.eigh(kernel.double())
        lam, q = lam.float(), q.float()
        z = q.T @ y
        weights = q @ (z / (lam[:, None] + alphas[best][None])) * alphas[best][None]
        weights.cpu()
        print(json.dumps({"name": "tutorial, 1 candidates", "run": run, "seconds": time.perf_counter() - start}),
            flush=True)


if __name__ == "__main__":
    if DEVICE == "cpu" and not SMALL:
        sys.exit("PyTorch sees no GPU here")
    torch.set_float32_matmul_precision("highest")
    print(
        json.dumps({"torch": torch.__version__, "device": torch.cuda.get_device_name() if DEVICE == "cuda" else "cpu"}))
    {"kernels": kernels, "tutorial": tutorial}[sys.argv[1]]()
