"""Reads the JSON files of a site. All of it is untrusted: an error names the file."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar
from zlib import crc32

import msgspec

from collector.errors import InvalidValue, NotFound, UntrustedAnswer
from collector.model.json_text import NOT_DECODABLE, check_count
from collector.pages.search_indexes import NameIndex

T = TypeVar("T")

NAMES = "api/v1/names.json"
MAX_VALUES = 2**21
"""In one file. The states of an image with 10,000 tags and ten years of history have a million."""


class Fetched(Protocol):
    """Where the files come from: `PublishedFiles`."""

    address: str
    """The address of the site's home page."""

    def get(self, path: str) -> bytes | None:
        """The content of a file, decompressed; None if the site does not have it."""


class SiteFiles:
    """The files of one site, each fetched once in a run."""

    def __init__(self, published: Fetched) -> None:
        self.address = published.address
        self.raw = published.get
        """The content of a file."""
        self._read: dict[str, Any] = {}

    @property
    def names(self) -> NameIndex:
        """The images and tags of the site.

        Raises:
            NotFound, RegistryError, UntrustedAnswer: as `need`.
        """
        return self.need(NAMES, NameIndex)

    def data_path(self, path: str) -> str:
        """The path of a file that only programs read: sites of older versions do not compress it.

        Raises:
            NotFound, RegistryError, UntrustedAnswer: as `need`.
        """
        return self.names.data_path(path)

    def hashed_path(self, folder: str, key: str, digits: int) -> str:
        """The path of the file that has a key: `collector.pages.hashed_files`."""
        name = f"{crc32(key.encode(errors='replace')):08x}"[:digits]
        return self.data_path(f"{folder}/{name}.json")

    def get(self, path: str, kind: type[T]) -> T | None:
        """A file; None if the site does not have it.

        Raises:
            RegistryError: the site does not answer.
            UntrustedAnswer: the file is malformed.
        """
        if path not in self._read:
            body = self.raw(path)
            self._read[path] = None if body is None else self._decode(path, body, kind)
        found: T | None = self._read[path]
        return found

    def need(self, path: str, kind: type[T]) -> T:
        """A file that every site has.

        Raises:
            NotFound: it does not.
            RegistryError, UntrustedAnswer: as `get`.
        """
        found = self.get(path, kind)
        if found is None:
            hint = "give the address of the home page of a site that this version of repo-info built, or a newer one"
            raise NotFound(f"{self.address}: not a site of repo-info, or an older one: it has no {path}", hint=hint)
        return found

    def fault(self, path: str, problem: str) -> UntrustedAnswer:
        """The error for a file that contradicts itself or another."""
        return UntrustedAnswer(f"{self.address}{path}: {problem}", hint="tell the publisher of the site")

    def _decode(self, path: str, body: bytes, kind: type[T]) -> T:
        try:
            check_count(body, MAX_VALUES)
            return msgspec.json.decode(body, type=kind)
        except (*NOT_DECODABLE, InvalidValue) as error:
            hint = "check that the address is that of the site's home page, or tell its publisher"
            raise UntrustedAnswer(f"{self.address}{path}: not understood: {error}", hint=hint) from None
