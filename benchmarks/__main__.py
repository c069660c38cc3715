"""`python -m benchmarks`: measures, and prints the table as Markdown on standard output."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench import ARCHIVE, LOCAL_SOURCE, SOURCE, Bench
from benchmarks.data import LOCAL_BUNDLE, find_source
from benchmarks.measurements import MEASUREMENTS
from benchmarks.reader import QUIET_FOR
from benchmarks.report import render_report
from collector.errors import RepoInfoError, UsageError

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "examples" / "archive"

NAMED = {measure.__module__.rpartition(".")[2]: measure for measure in MEASUREMENTS}
"""The measurements by the names of their files."""

# About a tenth of the real archive: single platforms and many, Windows, long histories and short ones.
FEW = ("alpine", "busybox", "golang", "hello-world", "nginx", "redis")


def main() -> None:
    """Read the arguments, measure, print."""
    arguments = _parse_arguments()
    try:
        source = None if arguments.sample else find_source(arguments.source, os.environ, ROOT)
        _measure(source, arguments)
    except RepoInfoError as error:
        sys.exit(f"benchmarks: {error}" + (f"; {error.hint}" if error.hint else ""))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the whole archive, not a few of its images")
    parser.add_argument("--source", type=Path, help="a repo-info git archive or bundle; by default the real data")
    parser.add_argument(
        "--sample", action="store_true", help="the sample in examples/archive, and only the measurements that it allows"
    )
    parser.add_argument(
        "--tags", type=int, metavar="N",
        help="live tags of the larger synthetic archive (32,000 with --full, else 3,200, beside the sample 320), "
        "and of each collected image up to 1,000",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", type=int, default=2, help="processes of our build (default: 2, for which the aims are stated)"
    )
    parser.add_argument(
        "--only", nargs="+", default=list(NAMED), choices=list(NAMED), metavar="NAME",
        help=f"only these, which need those that they compare with: {', '.join(NAMED)}",
    )  # fmt: skip
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this new folder, and keep it")
    return parser.parse_args()


def _measure(source: Path | None, arguments: argparse.Namespace) -> None:
    if source is None:
        _say("measuring the small sample in examples/archive: aims are for the whole of a real archive")
    few = () if arguments.full or source is None or arguments.source else FEW
    with _folder(arguments.keep) as folder:
        if source:
            _say(f"cloning {source.name}")
            subprocess.run(["git", "clone", "--quiet", "--bare", source, folder / SOURCE], check=True)
            if (local := source.parent / LOCAL_BUNDLE).exists():
                subprocess.run(["git", "clone", "--quiet", "--bare", local, folder / LOCAL_SOURCE], check=True)
        else:
            shutil.copytree(SAMPLE, folder / ARCHIVE)
        tags = arguments.tags or (32_000 if arguments.full else 3_200 if source else 320)
        days = 7 if arguments.full else 3
        lookups, quiet_for = (7, QUIET_FOR) if source else (2, QUIET_FOR // 4)
        bench = Bench(
            folder,
            images=few,
            jobs=arguments.jobs,
            days=days,
            tags=tags,
            lookups=lookups,
            quiet_for=quiet_for,
            say=_say,
        )
        rows = [row for name, measure in NAMED.items() if name in arguments.only for row in measure(bench)]
        report = render_report(bench, rows, full=arguments.full)
    sys.stdout.write(report)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        if kept.exists():
            raise UsageError(f"{kept} is there already", hint="name a new folder")
        kept.mkdir(parents=True)
        yield kept.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="repo-info-bench-") as folder:
            yield Path(folder)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
