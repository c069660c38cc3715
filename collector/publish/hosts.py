"""What hosts of static sites take, as their documentation said in November 2026."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A host with limits."""

    name: str
    max_bytes: int | None = None
    max_files: int | None = None


HOSTS = (
    Host(name="GitHub Pages", max_bytes=10**9),
    Host(name="GitLab Pages", max_bytes=10**9, max_files=200_000),  # GitLab.com counts folders as well
    Host(name="Cloudflare Pages", max_files=100_000),
    Host(name="Cloudflare Pages without a paid plan", max_files=20_000),
    Host(name="Azure Static Web Apps", max_bytes=500 * 10**6),
    Host(name="Vercel", max_files=15_000),
)


def iter_exceeded(*, files: int, size: int) -> Iterator[str]:
    """The hosts that do not take a site of this many files and bytes, each with the limit that it exceeds."""
    for host in HOSTS:
        if host.max_bytes is not None and size > host.max_bytes:
            yield f"{host.name} ({host.max_bytes // 10**6:,} MB)"
        elif host.max_files is not None and files > host.max_files:
            yield f"{host.name} ({host.max_files:,} files)"
