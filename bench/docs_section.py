#!/usr/bin/python3
"""Replaces a generated section of a Markdown file with what comes on standard input.

    some-script | /usr/bin/python3 bench/docs_section.py docs/performance.md SECTION

The section lies between the lines `<!-- SECTION: begin -->` and `<!-- SECTION: end -->`, which stay.
"""
import pathlib
import sys


def main():
    path, section = pathlib.Path(sys.argv[1]), sys.argv[2]
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    text, generated = path.read_text(), sys.stdin.read().strip()
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"{path}: needs one line '{begin}' and one '{end}'")
    if not generated:
        raise SystemExit(f"{section}: nothing came on standard input; {path} stays as it is")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    path.write_text(f"{before}{begin}\n{generated}\n{end}{after}")


if __name__ == "__main__":
    main()
