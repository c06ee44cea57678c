#!/usr/bin/python3
"""What is wanted of the backends, and whether it is reached: prints a Markdown table from what compare.py saved.

    /usr/bin/python3 bench/targets.py RESULTS.json [RESULTS.json ...]

A case counts with its best peer. A target is met when all its cases meet it; what was not measured is named.
"""
import dataclasses
import json
import pathlib
import re
import sys


@dataclasses.dataclass(frozen=True)
class Target:
    """What is wanted of some cases."""

    work: str
    cases: tuple  # Names; a case name that was not measured is reported.
    ratio: float = None  # Time of the best peer over ours, at least.
    share: float = None  # Of the roofline: floor over our time, at least.
    stretch: float = None  # Of the ratio.
    peer: str = "OpenBLAS"
    backend: str = "simd"  # Where ours computes: the kind of device.
    rival: str = ""  # Only peers with this in their name count.

    def counts(self, row):
        return self.rival in row["peer"]

    @property
    def wanted(self):
        parts = [f"{self.ratio:g} x {self.peer}"] if self.ratio else []
        parts += [f"{self.share:.0%} of the roofline"] if self.share else []
        parts += [f"stretch {self.stretch:g} x"] if self.stretch else []
        return "; ".join(parts) or "reported"

    def is_met(self, ratio, share):
        return (
            not self.ratio or (ratio is not None and ratio >= self.ratio)) and (not self.share or share >= self.share)


def squares(operation, sizes, type_name="float64"):
    return tuple(f"{operation}-{n}-{type_name}" for n in sizes)


def batched(sizes):
    counts = {4: 20000, 8: 5000, 16: 1200, 32: 300, 64: 80, 128: 20, 256: 8}
    return tuple(name for n in sizes for name in (f"eigh-{counts[n]}x{n}-float64", f"svd-{counts[n]}x{n}x{n}-float64"))


def products(*shapes):
    return tuple(f"gemm-{shape}-{type_name}" for type_name in ("float32", "float64") for shape in shapes)


BETTER = "the better of numpy and torch"
HIMALAYA = "himalaya, the better of numpy and torch"
SIZES = (300, 1200, 3600)

TARGETS = (
    Target("gemm, square, 512", products("512x512x512"), 1.05, 0.85),
    Target("gemm, square from 1024; 3000 x 3000 x 2000",
           products("1024x1024x1024", "2048x2048x2048", "4096x4096x4096", "3000x3000x2000"), 1.05, 0.90),
    Target("gemm, thin: 1000 x 100 times 100 x 20000", products("1000x100x20000"), 1.05),
    Target("syrk, double", tuple(f"syrk-{n}x{n}-float64" for n in SIZES), 1.0),
    Target("Cholesky, double", squares("cholesky", SIZES), 1.0),
    Target("Cholesky and inverse, double", squares("inverse", SIZES), 1.0),
    Target("trsm, double", tuple(f"trsm-{n}x{n}-float64" for n in SIZES), 1.0),
    Target("symmetric eigendecomposition, double, to 1200", squares("eigh", (300, 600, 1200)), 1.0),
    Target("symmetric eigendecomposition, double, 2400 and 3600", squares("eigh", (2400, 3600)), 1.3, stretch=1.5),
    Target("symmetric eigendecomposition, float", squares("eigh", (300, 1200, 2400), "float32"), 1.0),
    Target("thin SVD, 3600 x 600", ("svd-3600x600-float64",), 1.5),
    Target("thin SVD, 1200 x 1200", ("svd-1200x1200-float64",), 1.0),
    Target("batched eigendecomposition and SVD, 4 to 16", batched((4, 8, 16)), 15, peer=BETTER),
    Target("the same, 32", batched((32,)), 6, peer=BETTER),
    Target("the same, 64", batched((64,)), 3, peer=BETTER),
    Target("the same, 128 and 256", batched((128, 256)), 1.5, peer=BETTER),
    Target("KernelRidgeCV, 1000 x 20000", ("kernel_ridge_cv-1000x20000x500",), 6, peer=HIMALAYA),
    Target("multiple-kernel random search, 1000 x 5000", ("mkr-1000x5000x3x500-5",), 4, peer=HIMALAYA),
    Target("the same, 300 x 1000", ("mkr-300x1000x3x200-10",), 3, stretch=4, peer=HIMALAYA),
    Target("tutorial scale, 3600 x 10000", ("mkr-3600x10000x2x2000-1",), 10, peer="himalaya on numpy"),
    Target("hyper-gradient, 300 x 500", ("hyper-300x500x3x200",), 6, peer=HIMALAYA),
    Target("hyper-gradient, 1000 x 5000", ("hyper-1000x5000x3x200",), peer="himalaya on torch"),
    Target("rbf kernel, 3600 x 2000", ("rbf-3600x2000-float32",), 2, peer="numpy"),
    Target("scores r2 and correlation, 300 x 100000",
           ("score-R2-300x100000-float32", "score-Correlation-300x100000-float32"), share=0.70),
    Target("split scores, 300 x 100000, 3 spaces", ("split-moments-300x100000-float32",), share=0.70),
    Target("OpenCL on the processor: gemm, 512 to 3000 and thin",
           products("512x512x512", "1024x1024x1024", "2048x2048x2048", "3000x3000x2000", "1000x100x20000"), 0.40,
           peer="our SIMD path", backend="opencl", rival="ours, simd"),
    Target("OpenCL on the processor: random search, 1000 x 5000", ("mkr-1000x5000x3x500-5",), 1.0,
           peer="himalaya on numpy", backend="opencl", rival="himalaya, numpy"),
)


def target_of(case, backend="simd"):
    """The target that a case belongs to on a kind of device; None where nothing was promised."""
    return next((target for target in TARGETS if case in target.cases and target.backend == backend), None)


def table(results):
    """The table of all targets."""
    measured = {}
    for result in results:
        for row in result["rows"]:
            measured.setdefault((result.get("backend", "simd"), row["name"]), []).append(row)
    lines = [
        "| work | wanted | measured: time of the best peer over ours | of the roofline | met |",
        "| --- | --- | --- | --- | --- |",
    ]
    for target in TARGETS:
        ratios, shares, verdicts = [], [], []
        for case in target.cases:
            rows = [row for row in measured.get((target.backend, case), []) if target.counts(row)]
            ratio = min((row["ratio"] for row in rows if row.get("ratio")), default=None)
            if rows:
                shares.append(max(row["share"] for row in rows))
                ratios += [ratio] if ratio is not None else []
                verdicts.append(target.is_met(ratio, shares[-1]))
        met = sum(verdicts)
        verdict = "not measured" if not verdicts else (
            "-" if not (target.ratio or target.share) else "yes" if met == len(target.cases)
                else f"{met} of {len(target.cases)}")
        if verdicts and len(verdicts) < len(target.cases):
            verdict += f", {len(target.cases) - len(verdicts)} not measured"
        lines.append(
            f"| {target.work} | {target.wanted} | {span(ratios, '{:.2f}')} | {span(shares, '{:.0%}')} | {verdict} |")
    return "\n".join(lines)


def span(values, form):
    if not values:
        return ""
    low, high = form.format(min(values)), form.format(max(values))
    return low if low == high else f"{low} to {high}"


def main():
    paths = sys.argv[1:]
    if not paths or paths[0].startswith("-"):
        raise SystemExit(__doc__)
    results = [json.loads(pathlib.Path(path).read_text()) for path in paths if pathlib.Path(path).exists()]
    if not results:
        raise SystemExit("none of these files is there: nothing was measured")
    loads = {}
    for result in results:
        loads.setdefault((result["date"], result["commit"]), []).extend(result["load"])
    seen = [f"{date}, commit {commit}, load average {min(load):.1f} to {max(load):.1f}"
            for (date, commit), load in sorted(loads.items())]
    print(f"Peers and medians as in the tables below. Measured: {'; '.join(seen)}.\n")
    print(table(results))


if __name__ == "__main__":
    main()
