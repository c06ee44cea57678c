"""Tables of what run.sh has left in a folder, as Markdown for docs/performance.md: report.py FOLDER.

Steps that failed, were stopped, or have not run yet leave lines or cells empty; what there is makes the tables.
"""

import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])


def text(name):
    path = folder / name
    return path.read_text(errors="replace").strip() if path.exists() else ""


def lines(name):
    """The lines of JSON of a step's log, but one that was cut off as the step was stopped."""
    found = []
    for line in text(f"{name}.log").splitlines():
        if line.startswith("{"):
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return found


def first(records, key):
    """The first record that has a field."""
    return next((record for record in records if key in record), {})


def number(record, key, format_, scale=1):
    """A field as text: nothing where it is missing; also "NaN" and "Infinity", which are strings in JSON."""
    return format(float(record[key]) * scale, format_) if record.get(key) is not None else ""


def ratio(above, below, key_above="seconds", key_below="seconds"):
    if above.get(key_above) is None or not float(below.get(key_below) or 0):
        return ""
    return f"{float(above[key_above]) / float(below[key_below]):.2f}"


def cell(message):
    return str(message).replace("\n", " ").replace("|", "/")[:160]


def heading(ours, torch):
    roofs = first(ours, "device")
    card = next((line for line in text("card.txt").splitlines() if "MiB" in line and "," in line), "")
    print(f"{roofs.get('device', 'kernels not timed')}, {roofs.get('InstructionSet', '-')}; {card}; "
          f"commit {text('commit').replace(chr(10), ', ')}; PyTorch {torch.get('torch', 'not run')} on "
          f"{torch.get('device', '-')}.")
    if roofs:
        print(f"\nMeasured roofs: {number(roofs, 'SingleFlops', '.1f', 1e-12)} Tflop/s float, "
              f"{number(roofs, 'DoubleFlops', '.1f', 1e-12)} Tflop/s double (multiply-adds outside of tensor cores); "
              f"memory {number(roofs, 'Bandwidth', '.2f', 1e-12)} TB/s, copying.")


def kernels(ours, peers):
    """A row for each case of either side."""
    ours = {line["name"]: line for line in ours if "name" in line}
    peers = {line["name"]: line for line in peers if "name" in line}
    if not ours and not peers:
        return
    print(
        "\n| work | ours, ms | ours / floor | bound by | PyTorch, ms | PyTorch / ours |\n| --- | ---: | ---: | --- | "
        "---: | ---: |")
    for name in dict.fromkeys([*ours, *peers]):
        line, peer = ours.get(name, {}), peers.get(name, {})
        mine = cell(line["error"]) if "error" in line else number(line, "seconds", ".4g", 1e3)
        theirs = cell(peer["error"]) if "error" in peer else number(peer, "seconds", ".4g", 1e3)
        print(f"| {name} | {mine} | {ratio(line, line, key_below='floor')} | {line.get('bound', '')} | {theirs} "
              f"| {ratio(peer, line)} |")


def without_tensors(ours, plain):
    """Products with tensor cores, where the card has them, beside the same without."""
    ours = {line["name"]: line for line in ours if "name" in line}
    rows = [line for line in plain if line.get("seconds") is not None and "name" in line]
    if rows:
        print("\n| product | without tensor cores, ms | without / as chosen |\n| --- | ---: | ---: |")
    for line in rows:
        print(f"| {line['name']} | {number(line, 'seconds', '.4g', 1e3)} | {ratio(line, ours.get(line['name'], {}))} |")


def fits():
    rows = [(owner, line) for owner, name in (("ours", "tutorial"), ("PyTorch", "tutorial-torch"))
            for line in lines(name) if "run" in line]
    if rows:
        print("\n| fit | run | seconds | mean score | stages |\n| --- | --- | ---: | ---: | --- |")
    for owner, line in rows:
        stages = ", ".join(f"{stage} {float(seconds):.2f}" for stage, seconds in line.get("stages", {}).items())
        print(f"| {owner}: {line.get('name', '')} | {line['run']} | {number(line, 'seconds', '.2f')} "
              f"| {number(line, 'meanScore', '.4f')} | {stages} |")


def steps():
    print("\nSteps:\n")
    for line in text("steps.txt").splitlines():
        print(f"- {line}")
    for name in ("memcheck", "racecheck"):
        for line in text(f"{name}.log").splitlines():
            if re.match(r"=+ (ERROR|RACECHECK) SUMMARY", line):
                print(f"- {name}: {line.lstrip('= ')}")


our_kernels, torch_kernels = lines("kernels"), lines("kernels-torch")
heading(our_kernels, first([*torch_kernels, *lines("tutorial-torch")], "torch"))
kernels(our_kernels, torch_kernels)
without_tensors(our_kernels, lines("products-without-tensors"))
fits()
steps()
