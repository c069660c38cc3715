"""`python -m benchmarks.synthetic --tags N --to DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.synthetic.generate import Wish, write_archive
from collector.errors import RepoInfoError
from collector.model.times import parse_as_of


def main() -> None:
    """Read the arguments, write the archive."""
    arguments = _parse_arguments()
    try:
        wish = Wish(
            tags=arguments.tags,
            seed=arguments.seed,
            days=arguments.days,
            until=parse_as_of(arguments.until) if arguments.until else None,
            images=arguments.images,
        )
        write_archive(arguments.to, wish, _show if sys.stderr.isatty() else lambda done, total: None)
    except RepoInfoError as error:
        sys.exit(f"benchmarks.synthetic: {error}" + (f"; {error.hint}" if error.hint else ""))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic", description="Write a synthetic archive.")
    parser.add_argument(
        "--tags", type=_count, required=True, help="live tags at the end, about: 3200 are a real archive"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new archive, or one to be continued")
    parser.add_argument("--seed", type=int, default=Wish(tags=1).seed)
    parser.add_argument("--days", type=_count, default=Wish(tags=1).days, help="how long the history is")
    parser.add_argument("--until", metavar="DATE", help="cut it off here; a later date continues it, byte for byte")
    parser.add_argument("--images", type=_count, help="deal the tags to so many images; fewer have more each")
    return parser.parse_args()


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"not a number from 1 on: {text!r}")
    return int(text)


def _show(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done} of {total} images" + ("\n" if done == total else ""))


if __name__ == "__main__":
    main()
