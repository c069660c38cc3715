"""`make fuzz`: every reader of foreign bytes, fed by atheris, which keeps the inputs that reach new code.

Each reader has a process of its own, in which the product's code is instrumented, and the same time. The figures become
a section of RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.torture.fuzz_child import EXAMPLES
from tests.torture.reader_checks import all_readers
from tests.torture.report import RESULTS, replace_section

TITLE = "Inputs that coverage guides"
_ABOUT = """\
Each reader of foreign bytes got inputs from atheris for the same time. A finding is an error that is not of ours, or of
several lines, more than ten seconds, or more than 1 GiB of memory, which the instrumented code and the inputs share."""
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


class Fuzzed(NamedTuple):
    """The result for one reader."""

    reader: str
    executions: int
    findings: tuple[str, ...]


def main() -> int:
    """Fuzz all readers. Exit with 1 if there are findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for all readers together (default: 60)")
    parser.add_argument("--reader", help="only this one")
    arguments = parser.parse_args()
    names = [reader.name for reader in all_readers(EXAMPLES) if arguments.reader in {None, reader.name}]
    done = []
    for name in names:
        done.append(_fuzz(name, arguments.minutes / len(names)))
        print(f"{name}: {done[-1].executions:,} inputs, {len(done[-1].findings)} findings", flush=True)
        for finding in done[-1].findings:
            print(f"  {finding}", flush=True)
    if not arguments.reader:
        RESULTS.write_text(replace_section(RESULTS.read_text(encoding="utf-8"), TITLE, _render(done)), encoding="utf-8")
    return int(any(found.findings for found in done))


def _fuzz(name: str, minutes: float) -> Fuzzed:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.torture.fuzz_child", name, str(round(60 * minutes)), folder]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        findings = list(_read_findings(Path(folder)))
    executed = _EXECUTED.search(ended.stderr)
    if ended.returncode or not executed:
        findings.append(f"it ended with {ended.returncode}: {ended.stderr[-1000:]}")
    return Fuzzed(name, int(executed[1]) if executed else 0, tuple(findings))


def _read_findings(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("finding-*")):
        problem, raw = json.loads(path.read_text())
        yield f"{problem} for {bytes.fromhex(raw)!r}"


def _render(done: list[Fuzzed]) -> str:
    rows = [f"| {found.reader} | {found.executions:,} | {len(found.findings)} |" for found in done]
    total, findings = sum(found.executions for found in done), sum(len(found.findings) for found in done)
    head = [f"{_ABOUT}\n", "| reader | inputs | findings |", "|---|--:|--:|"]
    return "\n".join([*head, *rows, f"\n{total:,} inputs, {findings:,} findings.\n"])


if __name__ == "__main__":
    sys.exit(main())
