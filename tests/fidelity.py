"""`python -m tests.fidelity`: proves on the whole real archive that an import loses nothing.

Every version of every page is imported, exported again, and compared with git's own hash of it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.importer.source_repository import open_source
from tests.support.exports import iter_checked

BUNDLE = "repo-info-2018.bundle"
MOST_NAMED = 20


def check(source: Path) -> bool:
    """Print the number of versions that are reproduced byte for byte, and the others; returns whether all are."""
    with tempfile.TemporaryDirectory(prefix="repo-info-fidelity-") as folder, open_source(source) as git_dir:
        archive = Archive(Path(folder, "archive"), create=True)
        import_source(git_dir, archive, progress=lambda done, total: _tell(f"imported {done:,} of {total:,}"))
        versions = same = 0
        different: dict[str, list[str]] = {}
        blobs: set[str] = set()
        for checked in iter_checked(git_dir, archive):
            if not checked.is_same:
                different.setdefault(checked.blob, []).append(checked.name)
            if checked.blob:
                versions += 1
                blobs.add(checked.blob)
                same += checked.is_same
            if versions % 1000 == 0:
                _tell(f"compared {versions:,}")
    _tell("")
    identical = len(blobs - different.keys())
    print(f"{identical:,} of {len(blobs):,} page versions identical ({same:,} with repeats)")
    for blob, names in list(different.items())[:MOST_NAMED]:
        print(f"  different: {names[0]}, in git {blob or 'deleted'}")
    if len(different) > MOST_NAMED:
        print(f"  and {len(different) - MOST_NAMED:,} more")
    return not different and bool(blobs)


def _tell(progress: str) -> None:
    """Show the progress on a terminal, in one line that is overwritten."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Exit with 1 if a version differs, and with 2 if the data is missing."""
    data = Path(os.environ.get("REPO_INFO_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    parser = argparse.ArgumentParser(prog="python -m tests.fidelity", description=__doc__)
    parser.add_argument("--source", type=Path, default=data / BUNDLE, help="another git repository or bundle")
    source: Path = parser.parse_args().source
    if not source.exists():
        parser.error(f"{source}: not found; set REPO_INFO_DATA, or name a source with --source")
    sys.exit(0 if check(source) else 1)


if __name__ == "__main__":
    main()
