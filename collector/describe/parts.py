"""The parts of descriptions: a folder for each image, and a shared one.

    docs/<image>/content.md, license.md, maintainer.md, github-repo, …    the parts of one image
    docs/.template-helpers/…                                              shared parts
    docs/logos.json, bases.json                                           facts by image

A part contains placeholders such as `%%IMAGE%%`. Each is replaced once; placeholders inside a value stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.describe.files import read_text
from collector.errors import InvalidValue, UsageError
from collector.model.json_text import NOT_DECODABLE

T = TypeVar("T")

SHARED = ".template-helpers"
MAX_FILLED = 4 * 2**20
"""The limit of a part with its placeholders filled in, in characters."""

_PLACEHOLDER = re.compile(r"%%([A-Z][A-Z-]*)%%")


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """An image's logo, from logos.json."""

    file: str
    commit: str
    """The commit that last changed it."""


class Parts:
    """The parts of one image. An empty part replaces the shared one, too."""

    def __init__(self, folder: Path | None, image: str) -> None:
        """`image` is the name of the image's own folder; `folder` is None if there are no parts.

        Raises:
            UsageError: the folder does not exist.
        """
        self._folder = folder
        self._image = image
        if folder and not (folder / image).is_dir():
            raise UsageError(f"{folder / image}: not found", hint="put the parts of the image into this folder")

    def own(self, name: str) -> str | None:
        """The image's own part, without the line feeds at its end; None if it does not exist."""
        return self._read(f"{self._image}/{name}")

    def shared(self, name: str) -> str | None:
        """The shared part; None if it does not exist."""
        return self._read(f"{SHARED}/{name}")

    def find(self, name: str) -> str | None:
        """The image's own part or, without one, the shared one; None if there is neither."""
        own = self.own(name)
        return self.shared(name) if own is None else own

    def require(self, name: str) -> str:
        """The image's own part or, without one, the shared part.

        Raises:
            UsageError: neither exists.
        """
        text = self.find(name)
        if text is None:
            hint = "write it: this form of a description needs it"
            raise UsageError(f"{self._folder}/{self._image}/{name}: not found, and none in {SHARED}", hint=hint)
        return text

    def own_variants(self) -> dict[str, str]:
        """The image's own texts on its variants, by name: `slim` has variant-slim.md."""
        return self._variants(self._image)

    def shared_variants(self) -> dict[str, str]:
        """The shared texts on variants, by name."""
        return self._variants(SHARED)

    @property
    def logo(self) -> Logo | None:
        """The image's entry in logos.json."""
        return self._listed("logos.json", dict[str, Logo])

    @property
    def bases(self) -> list[str]:
        """The base images of the image's tags, from bases.json: `buildpack-deps:trixie`."""
        return self._listed("bases.json", dict[str, list[str]]) or []

    def _read(self, name: str) -> str | None:
        text = read_text(self._folder / name, self._folder) if self._folder else None
        return None if text is None else text.rstrip("\n")

    def _variants(self, where: str) -> dict[str, str]:
        files = sorted((self._folder / where).glob("variant-*.md")) if self._folder else ()
        names = (path.stem.removeprefix("variant-") for path in files)
        texts = {name: self._read(f"{where}/variant-{name}.md") for name in names if not name.startswith("default-")}
        return {name: text for name, text in texts.items() if text is not None}

    def _listed(self, name: str, kind: type[dict[str, T]]) -> T | None:
        text = self._read(name)
        if text is None:
            return None
        try:
            return msgspec.json.decode(text, type=kind).get(self._image)
        except NOT_DECODABLE as error:
            raise InvalidValue(f"{self._folder}/{name}: {error}", hint="correct the file") from None


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; placeholders without a value stay.

    Raises:
        InvalidValue: the result is too long.
    """
    length = len(text)

    def filled(match: re.Match[str]) -> str:
        nonlocal length
        value = values.get(match[1], match[0])
        length += len(value) - len(match[0])
        if length > MAX_FILLED:
            raise InvalidValue(f"the parts have more than {MAX_FILLED} characters of text", hint="shorten them")
        return value

    return _PLACEHOLDER.sub(filled, text)
