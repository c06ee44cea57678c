#!/usr/bin/python3
"""Runs ours and other libraries side by side on the same inputs and prints a Markdown report.

    /usr/bin/python3 bench/compare.py --himalaya FOLDER [--quick] [--repeats N] [--filter PART,PART]
        [--backend opencl:0] [--peers PART,PART]

Each case runs alternately, ours, peer, ours, peer, in processes that stay alive; the report holds medians, and what is
wanted of a case (targets.py). FOLDER holds the Python package himalaya; without the option its rows are left out.
Ctrl-C, or the end of --seconds, ends with a report of what was measured until then. With another backend than the
processor's, the processor's is a peer too: peer / ours is then the share of its speed that the device reaches.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from targets import target_of

BENCH = pathlib.Path(__file__).resolve().parent
OURS = BENCH / "Bench/bin/Release/net10.0/VemKernels.Bench.dll"

# Settings of the machine's administrator for other programs: they would hold OpenBLAS to kernels of an older processor.
OPENBLAS_OVERRIDES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")

MINIMUM_REPEATS = 3
DEFAULT_REPEATS = 5

# A peer that would run for longer than this in all is not run again: its median is then of fewer runs.
LONGEST_PEER_SECONDS = 70

# A first run that takes longer than this counts: what warms up is little of it.
LONG_SECONDS = 5

# Between two sides: threads of the one that ran stop polling for work.
PAUSE_SECONDS = 0.1


class Child:
    """A process that answers one line of JSON to each line."""

    def __init__(self, command, environment=None):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment,
            start_new_session=True)  # Ctrl-C is for this script alone.

    def read(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(map(str, self._process.args))} ended with exit code {self._process.wait()}")
        return json.loads(line)

    def ask(self, *request):
        self._process.stdin.write(" ".join(request) + "\n")
        return self.read()

    def close(self):
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()


class Ours:
    """VemKernels.Bench serve."""

    def __init__(self, folder, backend):
        self._child = Child(["dotnet", str(OURS), "serve", folder, "--backend", backend])
        self._case = None
        self.close = self._child.close
        self.roofs = {}
        self.backend = {}
        self.kind = backend.split(":")[0]  # Of device.
        self.name = f"ours, {backend}"
        self.versions = f"{self.name}: commit {commit()}"

    def measure_roofs(self):
        """Keeps the best of each rate over the whole session: load can only lower it."""
        answer = self._child.ask("roofs")
        self.backend = answer["backend"]
        self.roofs = {name: max(value, self.roofs.get(name, 0)) for name, value in answer["roofs"].items()}

    def floor(self, cost):
        """Seconds: arithmetic at the peak, or memory traffic at the bandwidth of reading."""
        return max(
            cost["singleFlops"] / self.roofs["singleFlops"] + cost["doubleFlops"] / self.roofs["doubleFlops"],
            cost["bytes"] / self.roofs["readBandwidth"])

    def prepare(self, case):
        """Seconds of a first run."""
        self._case = case["name"]
        return self.run()

    def run(self):
        return self._child.ask("run", self._case)["seconds"]

    def result(self, path):
        self._child.ask("result", self._case, path)
        return np.load(path)


class Peer:
    """One engine of peers.py."""

    def __init__(self, engine, himalaya):
        environment = {name: value for name, value in os.environ.items() if name not in OPENBLAS_OVERRIDES}
        extra = ["--himalaya", himalaya] if himalaya else []
        self._child = Child([sys.executable, str(BENCH / "peers.py"), "--engine", engine, *extra], environment)
        self.close = self._child.close
        hello = self._child.read()
        self.name, self.versions, self.operations = hello["name"], hello["versions"], hello["operations"]

    def prepare(self, case):
        """Seconds of a first run."""
        return self._child.ask("prepare", json.dumps(case))["seconds"]

    def run(self):
        return self._child.ask("run")["seconds"]

    def result(self, path):
        self._child.ask("result", path)
        return np.load(path)


def compare(case, ours, peer, repeats, folder):
    """Medians of alternating runs, the spread of each, and how much the results differ."""
    ours.prepare(case)
    first = peer.prepare(case)
    times = ([], [])
    if first > LONG_SECONDS:
        times = ([ours.run()], [first])
    while len(times[1]) < repeats and (not times[1] or sum(times[1]) + times[1][0] < LONGEST_PEER_SECONDS):
        for side, seconds in zip((ours, peer), times):
            time.sleep(PAUSE_SECONDS)
            seconds.append(side.run())
    found, expected = ours.result(f"{folder}/result-ours.npy"), peer.result(f"{folder}/result-peer.npy")
    if found.shape != expected.shape:
        found = np.sort(found, axis=None).reshape(expected.shape)
    floor = ours.floor(case["cost"])
    return {
        "case": case, "name": case["name"], "peer": peer.name,
        "ratio": statistics.median(times[1]) / statistics.median(times[0]), "floor": floor,
        "share": floor / statistics.median(times[0]), "runs": len(times[1]), "ours": statistics.median(times[0]),
        "theirs": statistics.median(times[1]),
        "spreads": [(max(seconds) - min(seconds)) / statistics.median(seconds) for seconds in times],
        "pairs": sorted(theirs / mine for mine, theirs in zip(*times)),
        "difference": float(np.max(np.abs(found.astype(float) - expected)) / np.max(np.abs(expected))),
    }


def takes(peer, case):
    """Whether a peer is compared on a case. PyTorch's linear algebra is, on many small matrices."""
    many = case["parameters"].get("count", [1])[0] > 1
    skipped = any(
        case["parameters"].get(f"skip_{library}", [0])[0] > 0 and library in peer.name
            for library in ("numpy", "torch"))
    return isinstance(
        peer, Ours) or (case["operation"] in peer.operations and not skipped and (many or peer.name != "torch"))


def missing_note(missing):
    """What there was no time for."""
    return [f"Not measured, for want of time: {', '.join(missing)}."] if missing else []


def save(path, rows, ours, loads):
    """What targets.py makes its table from."""
    for row in rows:
        row["floor"] = ours.floor(row["case"]["cost"])
        row["share"] = row["floor"] / row["ours"]
    pathlib.Path(path).write_text(json.dumps({
        "date": f"{datetime.date.today():%d %B %Y}", "commit": commit(), "load": [min(loads), max(loads)],
        "backend": ours.kind, "roofs": ours.roofs, "rows": [{key: value for key, value in row.items() if key != "case"} for row in rows],
    }, indent=1))


def commit():
    return output("git", "-C", str(BENCH), "rev-parse", "--short", "HEAD")


def verdict(row, rows, kind):
    """What is wanted of a case on a kind of device, and whether it is met beside its best peer."""
    target = target_of(row["name"], kind)
    if target is None or not target.counts(row):
        return " | "
    best = min(other["ratio"] for other in rows if other["name"] == row["name"] and target.counts(other))
    met = target.is_met(best, row["share"])
    return f"{target.wanted} | {'yes' if met else 'no'}" if target.ratio or target.share else f"{target.wanted} | "


def report(rows, ours, peers, loads, repeats, missing):
    """The whole report in Markdown."""
    roofs, backend = ours.roofs, ours.backend
    lines = [
        f"{datetime.date.today():%d %B %Y}; {processor()}, {os.cpu_count()} processors seen; {platform.system()} "
        f"{platform.release()}; "
        f".NET {output('dotnet', '--version')} SDK; commit {commit()}.",
        f"Ours: {backend['instructionSet']}, {backend['threads']} threads. Peers: "
            + "; ".join(peer.versions for peer in peers) + ".",
        f"Load average (1 minute) {loads[0]:.1f} before, {max(loads):.1f} at most, {loads[-1]:.1f} after; {repeats} "
        "runs a side, alternating (fewer of a peer that takes long).",
        *missing_note(missing),
        "",
        "Measured roofs, all threads: "
        f"{roofs['singleFlops'] / 1e9:.0f} Gflop/s float, {roofs['doubleFlops'] / 1e9:.0f} Gflop/s double (fused "
        "multiply-add); memory "
        f"{roofs['readBandwidth'] / 1e9:.0f} GB/s read, {roofs['copyBandwidth'] / 1e9:.0f} copy, "
        f"{roofs['triadBandwidth'] / 1e9:.0f} triad.",
        "",
        "| work | type | ours, ms | floor / ours | peer | peer, ms | peer / ours | pairs | spread ours, peer | results "
        "differ | wanted | met |",
        "| --- | --- | ---: | ---: | --- | ---: | ---: | --- | --- | ---: | --- | --- |",
    ]
    for row in rows:
        case = row["case"]
        lines.append(
            f"| {case['work']} | {case['elementType']} | {row['ours'] * 1e3:.3g} | {row['share']:.0%} | {row['peer']} "
            "| "
            f"{row['theirs'] * 1e3:.3g} | {row['theirs'] / row['ours']:.2f} | {row['pairs'][0]:.2f} to "
            f"{row['pairs'][-1]:.2f} | "
            f"{row['spreads'][0]:.0%}, {row['spreads'][1]:.0%} | {row['difference']:.0e} | {verdict(row, rows, ours.kind)} |")
    return "\n".join(lines)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--himalaya", metavar="FOLDER", help="folder that holds the Python package himalaya")
    parser.add_argument("--quick", action="store_true", help="small cases, three runs")
    parser.add_argument("--filter", metavar="PART,PART", default="", help="only cases with one of these in their name")
    parser.add_argument("--without", metavar="PART", default="\0", help="leave out cases with this in their name")
    parser.add_argument("--backend", metavar="ID", default="simd", help="where ours computes: simd, opencl:0")
    parser.add_argument("--peers", metavar="PART,PART", default="", help="only peers with one of these in their name")
    parser.add_argument("--repeats", type=int, help=f"runs of each side, at least {MINIMUM_REPEATS}")
    parser.add_argument("--inputs", metavar="FOLDER", help="keeps the inputs there for the next run")
    parser.add_argument("--results", metavar="FILE", help="saves what was measured, for targets.py")
    parser.add_argument("--no-build", action="store_true", help="ours is built already")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begins no case after so many seconds")
    options = parser.parse_args()
    repeats = max(MINIMUM_REPEATS, options.repeats or (MINIMUM_REPEATS if options.quick else DEFAULT_REPEATS))
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    if not options.no_build:
        subprocess.run(
            ["dotnet", "build", "-c", "Release", "-v", "quiet", str(BENCH / "Bench")], check=True, stdout=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="vem-compare-") as folder:
        run(options, repeats, folder, pathlib.Path(options.inputs or folder))


def run(options, repeats, folder, inputs):
    started = time.monotonic()
    engines = ["numpy", "torch"] + (["himalaya-numpy", "himalaya-torch"] if options.himalaya else [])
    parts = options.peers.split(",")
    peers = [Peer(engine, options.himalaya) for engine in engines if any(part in engine for part in parts)]
    inputs.mkdir(parents=True, exist_ok=True)
    besides_simd = options.backend != "simd" and any(part in "simd" for part in parts)
    operations = ",".join(sorted({operation for peer in peers for operation in peer.operations}))
    cases = json.loads(output(
        "dotnet", str(OURS), "inputs", str(inputs), "--filter", options.filter,
        *([] if besides_simd else ["--operations", operations]),  # Ours does all.
        *(["--quick"] if options.quick else [])))
    cases = [case for case in cases if options.without not in case["name"]]
    for peer in [peer for peer in peers if not any(takes(peer, case) for case in cases)]:
        peer.close()
        peers.remove(peer)
    ours = Ours(str(inputs), options.backend)
    if besides_simd:
        peers.insert(0, Ours(str(inputs), "simd"))
    rows, loads, measured = [], [os.getloadavg()[0]], set()
    try:
        ours.measure_roofs()
        for case in cases:
            if time.monotonic() - started > options.seconds:
                break
            ours.measure_roofs()
            for peer in (peer for peer in peers if takes(peer, case)):
                row = compare(case, ours, peer, repeats, folder)
                rows.append(row)
                loads.append(os.getloadavg()[0])
                print(f"{case['name']}: {peer.name} / ours {row['theirs'] / row['ours']:.2f}", file=sys.stderr,
                    flush=True)
                if options.results:
                    save(options.results, rows, ours, loads)
            measured.add(case["name"])
        ours.measure_roofs()
    except KeyboardInterrupt:
        print("Interrupted: the report has what was measured until then.", file=sys.stderr)
    if options.results and rows:
        save(options.results, rows, ours, loads)
    for side in (ours, *peers):
        side.close()
    if not rows:
        raise SystemExit("nothing was measured")
    print(report(rows, ours, peers, loads, repeats, [case["work"] for case in cases if case["name"] not in measured]))


if __name__ == "__main__":
    main()
