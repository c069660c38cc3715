"""The tag and the digest that are looked up on every site."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from collector.errors import RepoInfoError

_PREFERRED = "repos/python/remote/3.6-slim.md"
_DIGEST = re.compile(r"@(sha256:[0-9a-f]{64})")


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A tag whose page is opened, and which is searched for by its name and by its digest."""

    image: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """As a person types it."""
        return f"{self.image}:{self.tag}"


def choose_subject(pages: Path) -> Subject:
    """`python:3.6-slim` where it is among the exported pages, else a tag from their middle.

    Raises:
        RepoInfoError: no page names a digest.
    """
    digests = {page: found[1] for page in sorted(pages.glob("repos/**/remote/*.md")) if (found := _find_digest(page))}
    if not digests:
        raise RepoInfoError(f"{pages}: no page names a digest", hint="choose other images")
    preferred = pages / _PREFERRED
    page = preferred if preferred in digests else list(digests)[len(digests) // 2]
    image = page.parent.parent.relative_to(pages / "repos").as_posix()
    return Subject(image=image, tag=page.stem, digest=digests[page])


def _find_digest(page: Path) -> re.Match[str] | None:
    return _DIGEST.search(page.read_text())
