"""Tables of what run.sh has left in a folder, as Markdown for docs/performance.md: report.py FOLDER."""

import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])


def lines(name):
    """The lines of JSON of a step's log."""
    path = folder / f"{name}.log"
    found = []
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("{"):
            found.append(json.loads(line))
    return found


def milliseconds(value):
    return "" if value is None else f"{value * 1e3:.4g}"


def text(name):
    path = folder / name
    return path.read_text().strip() if path.exists() else ""


ours, peers = lines("kernels"), {line["name"]: line for line in lines("kernels-torch") if "name" in line}
torch = next((line for line in lines("kernels-torch") if "torch" in line), {})
roofs = next((line for line in ours if "device" in line), {})
if roofs:
    print(f"{roofs['device']}, {roofs['InstructionSet']}; commit {text('commit').replace(chr(10), ', ')}; "
          f"PyTorch {torch.get('torch', 'not run')} on {torch.get('device', '-')}.")
    print(f"\nMeasured roofs: {roofs['SingleFlops'] / 1e12:.1f} Tflop/s float, {roofs['DoubleFlops'] / 1e12:.1f} Tflop/s "
          f"double (multiply-adds outside of tensor cores); memory {roofs['Bandwidth'] / 1e12:.2f} TB/s, copying.\n")
print("| work | ours, ms | ours / floor | bound by | PyTorch, ms | PyTorch / ours |\n| --- | ---: | ---: | --- | ---: | ---: |")
for line in ours:
    if "name" not in line:
        continue
    peer = peers.get(line["name"], {})
    if "error" in line:
        print(f"| {line['name']} | {line['error']} | | | {milliseconds(peer.get('seconds'))} | |")
        continue
    ratio = f"{peer['seconds'] / line['seconds']:.2f}" if "seconds" in peer else peer.get("error", "")
    print(f"| {line['name']} | {milliseconds(line['seconds'])} | {line['seconds'] / line['floor']:.2f} | {line['bound']} "
          f"| {milliseconds(peer.get('seconds'))} | {ratio} |")

print("\n| fit | run | seconds | stages |\n| --- | --- | ---: | --- |")
for owner, name in (("ours", "tutorial"), ("PyTorch", "tutorial-torch")):
    for line in lines(name):
        if "run" in line:
            stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in line.get("stages", {}).items())
            print(f"| {owner}: {line['name']} | {line['run']} | {line['seconds']:.2f} | {stages} |")

print("\nTests and tools:\n")
for line in text("steps.txt").splitlines():
    print(f"- {line}")
for name in ("contract", "solvers", "memcheck", "racecheck"):
    for line in text(f"{name}.log").splitlines():
        if re.match(r"(Passed|Failed)!|=+ ERROR SUMMARY|=+ RACECHECK SUMMARY", line):
            print(f"- {name}: {line}")
