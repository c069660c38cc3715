"""A built site on disk, and whether an address leads somewhere in it."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import msgspec

from collector.errors import InvalidValue, UsageError
from collector.model.compression import decompress
from collector.model.digests import parse_digest
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import names_digest
from collector.pages.search_indexes import DigestShard, NameEntry, NameIndex, digest_paths

T = TypeVar("T")

_CLASSIC = re.compile(r"repos/(.+)/(?:remote|local)(?:/(?:([^/]+?)(?:\.md)?)?)?\Z")
_DIGEST = re.compile(r"d/([^/]+)/?\Z")
_MAX_FILE = 64 * 2**20
"""The largest page or index that is read, in bytes."""


class BuiltSite:
    """The files of a site, and the addresses that its 404 page redirects."""

    def __init__(self, folder: Path) -> None:
        """Open a built site.

        Raises:
            UsageError: the folder contains no site.
        """
        self._folder = folder
        if not (folder / "index.html").is_file():
            raise UsageError(f"{folder}: not a built site", hint="build it: repo-info build --archive DIR --site DIR")

    def dead_reason(self, path: str, fragment: str) -> str:
        """Why a path below the site's root leads nowhere; empty if it leads somewhere."""
        path = unquote(path)
        parts = [part for part in path.split("/") if part not in {"", "."}]
        if ".." in parts or "\\" in path or "\0" in path:
            return "leads out of the site"
        file = self._folder.joinpath(*parts)
        if file.is_dir():
            file /= "index.html"
        elif path.endswith("/"):
            return self._redirect_fault(path)
        if not file.is_file():
            return self._redirect_fault(path)
        if fragment and file.suffix == ".html" and not self._has_id(file, unquote(fragment)):
            return f"the page has no anchor #{unquote(fragment)}"
        return ""

    def unlinked(self, paths: set[str]) -> dict[str, list[str]]:
        """The tags whose pages are not among these paths, by image.

        Images without any linked tag are left out, and so are tags that hold signatures or lists of referrers.
        """
        found = {}
        for image in self._names.images:
            tags = {tag: self._tag_address(image, tag) for tag in image.tags.split() if not names_digest(tag)}
            linked = [tag for tag, address in tags.items() if address in paths]
            if linked and len(linked) < len(tags):
                found[image.name] = [tag for tag in tags if tag not in linked]
        return found

    def _redirect_fault(self, path: str) -> str:
        if digest := _DIGEST.match(path):
            return self._digest_fault(digest[1])
        if classic := _CLASSIC.match(path):
            name = re.sub(r"^(docker\.io/)?(library/)?", "", classic[1])
            image = next((one for one in self._names.images if one.name in {classic[1], name}), None)
            if image is None:
                return f"the site has no image {classic[1]}"
            tags = [*image.tags.split(), *image.gone.split()]
            return "" if classic[2] in {None, *tags} else f"{image.name} has no tag {classic[2]}"
        return "no such page"

    def _digest_fault(self, text: str) -> str:
        try:
            digits = parse_digest(text.replace("-", ":", 1)).partition(":")[2]
        except InvalidValue:
            return "not a digest"
        for path in digest_paths(digits):
            shard = self._read(self._names.data_path(path), DigestShard) or {}
            begin = path[len("api/v1/digests/") : -len(".json")]
            if any(digits.startswith(begin + rest) for known in shard.values() for rest in known):
                return ""
        return "the site does not know this digest"

    @cached_property
    def _names(self) -> NameIndex:
        return self._read("api/v1/names.json", NameIndex) or NameIndex(images=(), exceptions={})

    def _tag_address(self, image: NameEntry, tag: str) -> str:
        return self._names.exceptions.get(f"{image.name}:{tag}", f"{image.address}{tag}/")

    def _has_id(self, file: Path, place: str) -> bool:
        with file.open("rb") as page:
            return f'id="{place}"'.encode() in page.read(_MAX_FILE)

    def _read(self, path: str, kind: type[T]) -> T | None:
        try:
            with (self._folder / path).open("rb") as file:
                return msgspec.json.decode(decompress(file.read(_MAX_FILE), _MAX_FILE), type=kind)
        except OSError:
            return None
        except (*NOT_DECODABLE, InvalidValue) as error:
            raise InvalidValue(f"{self._folder / path}: {error}", hint="build the site again") from None
