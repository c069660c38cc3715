"""`python -m tests.equality`: proves on the whole real archive that rebuilds equal full builds.

The last days of the archive come one after the other: it grows by a day, and the site is rebuilt. On the first day, on
the last, and on every third between, it is compared file by file with a site built in full. At the end it is built in
all other ways: by more processes, in parts, elsewhere.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.importer.source_repository import open_source
from collector.model.references import parse_repository
from tests.equality.one_after_another import follow
from tests.equality.updates import count_by_day
from tests.equality.ways import iter_ways
from tests.fidelity import BUNDLE


def check(source: Path, days: int, every: int, images: Sequence[str]) -> bool:
    """Print the result of each day and each way. True if all sites are the same."""
    same = True
    with TemporaryDirectory(prefix="repo-info-equality-") as folder:
        archive = Archive(Path(folder, "whole"), create=True)
        with open_source(source) as git_dir:
            import_source(git_dir, archive, images=[parse_repository(name) for name in images])
        counts = count_by_day(archive.root)
        for followed in follow(archive.root, list(counts)[-days - 1 :], Path(folder, "followed"), every=every):
            what = f"{followed.day}: {counts[followed.day]:,} observations, {followed.files:,} files"
            same &= _tell(f"{what}, {followed.written:,} of them written", followed.faults, followed.is_compared)
        for name, faults in iter_ways(archive.root, Path(folder, "ways")):
            same &= _tell(name, faults)
    return same


def _tell(what: str, faults: Sequence[str], is_compared: bool = True) -> bool:
    print(f"{what}: {'DIFFERENT' if faults else 'the same' if is_compared else 'not compared'}", flush=True)
    for fault in faults[:20]:
        print(f"  {fault}")
    return not faults


def main() -> None:
    """Exit with 1 if a site differs, and with 2 if the data is missing."""
    data = Path(os.environ.get("REPO_INFO_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
    parser = argparse.ArgumentParser(prog="python -m tests.equality", description=__doc__)
    parser.add_argument("--source", type=Path, default=data / BUNDLE, help="another git repository or bundle")
    parser.add_argument("--days", type=int, default=30, help="how many updates to follow (default: 30)")
    parser.add_argument(
        "--compare-every",
        type=int,
        default=3,
        choices=range(1, 366),
        metavar="N",
        help="days from one full build to the next (default: 3)",
    )
    parser.add_argument("--image", action="append", default=[], help="only this image; may be given again")
    arguments = parser.parse_args()
    if not arguments.source.exists():
        parser.error(f"{arguments.source}: not found; set REPO_INFO_DATA, or name a source with --source")
    sys.exit(0 if check(arguments.source, arguments.days, arguments.compare_every, arguments.image) else 1)


if __name__ == "__main__":
    main()
