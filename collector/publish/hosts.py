"""The limits of hosts of static sites, as documented in November 2026."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A host with limits."""

    name: str
    max_bytes: int | None = None
    max_files: int | None = None
    counts_folders: bool = False
    """Whether a folder counts as a file."""


HOSTS = (
    Host(name="GitHub Pages", max_bytes=10**9),
    Host(name="GitLab Pages", max_bytes=10**9, max_files=200_000, counts_folders=True),
    Host(name="Cloudflare Pages", max_files=100_000),
    Host(name="Cloudflare Pages without a paid plan", max_files=20_000),
    Host(name="Azure Static Web Apps", max_bytes=500 * 10**6),
    Host(name="Vercel", max_files=15_000),
)


def iter_exceeded(*, files: int, size: int, count_folders: Callable[[], int]) -> Iterator[str]:
    """The hosts whose limits a site of this many files and bytes exceeds, each with the limit.

    Args:
        count_folders: called only where it decides. Sites have fewer folders than files.
    """
    for host in HOSTS:
        if host.max_bytes is not None and size > host.max_bytes:
            yield f"{host.name} ({host.max_bytes // 10**6:,} MB)"
        elif host.max_files is not None:
            decides = host.counts_folders and host.max_files // 2 < files <= host.max_files
            if files + (count_folders() if decides else 0) > host.max_files:
                what = "files and folders" if host.counts_folders else "files"
                yield f"{host.name} ({host.max_files:,} {what})"
