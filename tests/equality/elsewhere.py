"""`python -m tests.equality.elsewhere DAYS ARGUMENT…`: repo-info on another day, with files listed in another order.

DAYS from now; the arguments are those of repo-info. The order is turned round by replacing what Python asks the system.
"""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections.abc import Iterator
from typing import Any, ClassVar


class _Listing:
    """The entries of os.scandir, the last name first."""

    def __init__(self, *arguments: Any) -> None:
        with _scandir(*arguments) as entries:
            self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __enter__(self) -> Iterator[os.DirEntry[str]]:
        return self._entries

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self._entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def close(self) -> None:
        pass


class _Moved(datetime.datetime):
    """The clock of another day."""

    by: ClassVar[datetime.timedelta]

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return super().now(tz) + cls.by

    @classmethod
    def utcnow(cls) -> Any:
        return cls.now(datetime.UTC).replace(tzinfo=None)

    @classmethod
    def today(cls) -> Any:
        return cls.now()


_scandir, _listdir, _time = os.scandir, os.listdir, time.time


def main() -> None:
    """Replace, then run; no module of repo-info is imported before."""
    _Moved.by = datetime.timedelta(days=int(sys.argv[1]))
    datetime.datetime = _Moved  # type: ignore[misc]
    time.time = lambda: _time() + _Moved.by.total_seconds()
    os.scandir = _Listing  # type: ignore[assignment]
    os.listdir = lambda *arguments: sorted(_listdir(*arguments), reverse=True)  # type: ignore[assignment]
    sys.argv[:2] = ["repo-info"]
    from collector.cli import main as repo_info

    repo_info()


if __name__ == "__main__":
    main()
