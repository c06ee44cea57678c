#!/usr/bin/python3
"""Writes src/Benchmark/Scoring/reference.json, the rates of the machine that scores 100, from reports of `vem bench`.

    /usr/bin/python3 bench/reference.py [--processor-time] REPORT.json [REPORT.json ...]

The reports are of this machine and of one version of the workloads, and together have every workload on the backend
"simd"; the highest rate of each counts, since other load can only lower it. With --processor-time, for a machine that
is busy with other things, a workload's rate is taken from the processor time of its samples, spread over all threads,
where that is shorter than its time by the clock.
"""
import json
import pathlib
import statistics
import sys

TARGET = pathlib.Path(__file__).parent.parent / "src/Benchmark/Scoring/reference.json"
BACKEND = "simd"

# What the device can do at most: every report has the best that was measured, whatever its workloads.
ROOFS = {"peak-float32": "single_flops", "peak-float64": "double_flops", "bandwidth": "bandwidth"}


def rates_of(backend, processor_time):
    """Rate of each workload that ran."""
    threads = backend["backend"]["threads"]
    for name, roof in ROOFS.items():
        yield name, backend["roofs"][roof]
    for workload in backend["workloads"]:
        if not workload["samples"] or not workload["is_right"]:
            raise SystemExit(f"{workload['name']}: did not run, or gave wrong results; it cannot be a reference")
        median = workload["median_seconds"]
        amount = workload["rate"] * median
        if workload["name"] in ROOFS:
            continue
        if processor_time:
            busy = statistics.median(sample["processor_seconds"] for sample in workload["samples"]) / threads
            median = min(median, busy)
        yield workload["name"], amount / median


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--processor-time"]
    if not arguments:
        raise SystemExit(__doc__)
    reports = [json.loads(pathlib.Path(path).read_text()) for path in arguments]
    backends = [next(b for b in report["backends"] if b["backend"]["id"] == BACKEND) for report in reports]
    machines = {(b["backend"]["name"], b["backend"]["threads"], r["version"]) for b, r in zip(backends, reports)}
    if len(machines) != 1:
        raise SystemExit(f"the reports are of different machines, threads or versions: {machines}")
    rates = {}
    for backend in backends:
        for name, rate in rates_of(backend, len(arguments) < len(sys.argv) - 1):
            rates[name] = max(rate, rates.get(name, 0))
    (processor, threads, version), = machines
    reference = {
        "processor": processor,
        "threads": threads,
        "date": max(report["date"] for report in reports)[:10],
        "version": version,
        "rates": {name: float(f"{rate:.4g}") for name, rate in rates.items()},
    }
    TARGET.write_text(json.dumps(reference, indent=2) + "\n")


if __name__ == "__main__":
    main()
