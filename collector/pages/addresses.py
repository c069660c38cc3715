"""The address of every page (the contract of addresses), and the rules that keep two pages apart.

A tag's folder is its name, `repos/python/3.6/`. Three rules keep addresses apart:

- A name that is also a file in the folder above it, or in that of its JSON twin (`index.html`, `index.md`, `feed.xml`,
  and all names that end in `.json`), gets a `~` before it, which no tag and no image can contain:
  `repos/python/~feed.xml/`.
- If there is an image `owner/name` and also an image `owner` with a tag `name`, the image gets the address and the tag
  gets another `~`: `repos/owner/~name/`. The same applies to longer paths.
- The colon of a registry's port is written `+`, because file systems and upload tools refuse colons. The registry
  `[::1]:5000` is written `++1_+5000`.

Addresses below a tag never collide: the slug of a platform contains a hyphen, so it is never `history`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from collector.model.references import Repository

_SAFE = re.compile(r"[A-Za-z0-9/~+._-]*\Z")
_FILES = frozenset({"index.html", "index.md", "feed.xml"})


class Addresses:
    """The addresses of an archive's pages, which depend only on the names of its images."""

    def __init__(self, repositories: Iterable[Repository]) -> None:
        self.current: Addresses = self
        """The addresses of the current site."""
        self._taken: set[str] = set()
        for repository in repositories:
            parts = self.image(repository).rstrip("/").split("/")
            self._taken.update("/".join(parts[:end]) for end in range(2, len(parts) + 1))

    def key(self, repository: Repository) -> str:
        """Covers everything in the names of other images that affects the addresses of this one."""
        image = self.image(repository)
        return "\n".join(sorted(taken for taken in self._taken if taken.startswith(image)))

    def image(self, repository: Repository) -> str:
        """`repos/python/`."""
        return _image_address(repository)

    def tag(self, repository: Repository, tag: str) -> str:
        """`repos/python/3.6/`."""
        image = self.image(repository)
        folder = _beside_files(tag)
        while f"{image}{folder}" in self._taken:
            folder = f"~{folder}"
        return f"{image}{folder}/"

    def platform(self, repository: Repository, tag: str, slug: str) -> str:
        """`repos/python/3.6/linux-arm64-v8/`."""
        return f"{self.tag(repository, tag)}{slug}/"

    def history(self, repository: Repository, tag: str) -> str:
        """`repos/python/3.6/history/`."""
        return f"{self.tag(repository, tag)}history/"


@lru_cache(1024)
def _image_address(repository: Repository) -> str:
    first, *rest = repository.familiar_folder.split("/")
    first = f"~{first}" if first.endswith(".json") else first
    return "/".join(["repos", first, *map(_beside_files, rest), ""])


def _beside_files(name: str) -> str:
    return f"~{name}" if name in _FILES or name.endswith(".json") else name


def twin_path(address: str) -> str:
    """The path of a page's JSON twin, from the site's root: `api/v1/repos/python/3.6.json`."""
    return f"api/v1/{address.rstrip('/') or 'index'}.json"


def objects_path(image_address: str, number: int) -> str:
    """The path of a JSON file of an image's objects, from the site's root.

    No name of an image or a tag begins with a hyphen, so the hyphen avoids a collision with an image `owner/objects`.
    """
    return f"api/v1/{image_address}objects/-{number}.json"


def package_lists_path(image_address: str, number: int) -> str:
    """The path of a JSON file of an image's package lists, from the site's root; the hyphen as of `objects_path`."""
    return f"api/v1/{image_address}package-lists/-{number}.json"


def divided(address: str) -> tuple[str, str]:
    """An address without its query and fragment, and these: `repos/python/`, `?of=3#changes`."""
    end = min((place for place in map(address.find, "?#") if place >= 0), default=len(address))
    return address[:end], address[end:]


class Links:
    """Links from one page, in a form that works for the Markdown files: relative, ending in `index.md`."""

    def __init__(self, address: str) -> None:
        self._here = address.rstrip("/").split("/") if address else []

    def to(self, address: str) -> str:
        """A link to another page, or to its part after a `#`."""
        page, mark, part = address.partition("#")
        return f"{self.to_file(page)}index.md{mark}{part}"

    def to_lookup(self, name: str) -> str:
        """A link to a page that answers what its address asks, as `compare`: it has no Markdown file."""
        return self.to_file(f"{name}/")

    def to_file(self, path: str) -> str:
        """A link to any path from the site's root; characters with a meaning in addresses are escaped."""
        here, there = self._here, path.split("/")
        shared, most = 0, min(len(here), len(there) - 1)
        while shared < most and here[shared] == there[shared]:
            shared += 1
        rest = "/".join(there[shared:])
        return "../" * (len(here) - shared) + (rest if _SAFE.match(rest) else quote(rest, safe="/~+"))
