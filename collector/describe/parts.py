"""The folder of parts of which descriptions are made: one folder for each image, and one that all share.

    docs/<image>/content.md, license.md, maintainer.md, github-repo, …    what is particular to an image
    docs/.template-helpers/…                                              the wording that they share
    docs/logos.json, bases.json                                           what else there is to know, by image

A part holds placeholders as `%%IMAGE%%`. What they stand for is filled in once, and never looked at again: a
placeholder within a part that is put into another stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.describe.files import read_text
from collector.errors import InvalidValue, UsageError

T = TypeVar("T")

SHARED = ".template-helpers"
MAX_FILLED = 4 * 2**20
"""Characters of what a part becomes when it is filled in."""

_PLACEHOLDER = re.compile(r"%%([A-Z][A-Z-]*)%%")


class Logo(msgspec.Struct, frozen=True, kw_only=True):
    """An image's logo, as logos.json has it."""

    file: str
    commit: str
    """Which last changed it."""


class Parts:
    """The parts of one image. A part that is empty is there: it stands for nothing, in place of the shared one."""

    def __init__(self, folder: Path | None, image: str) -> None:
        """`image` is the name of the image's own folder; without a folder of parts there are none.

        Raises:
            UsageError: there is no such folder.
        """
        self._folder = folder
        self._image = image
        if folder and not (folder / image).is_dir():
            raise UsageError(f"{folder / image}: no such folder", hint="the parts of an image lie in a folder")

    def own(self, name: str) -> str | None:
        """The image's own part, without the line feeds at its end; None where it has none."""
        return self._read(f"{self._image}/{name}")

    def shared(self, name: str) -> str | None:
        """The part that all images share."""
        return self._read(f"{SHARED}/{name}")

    def find(self, name: str) -> str | None:
        """The image's own part or, without one, the shared one; None where there is neither."""
        own = self.own(name)
        return self.shared(name) if own is None else own

    def need(self, name: str) -> str:
        """The image's own part or, without one, the shared one.

        Raises:
            UsageError: there is neither.
        """
        text = self.find(name)
        if text is None:
            hint = "this form of a description is made from it"
            raise UsageError(f"{self._folder}/{self._image}/{name}: not found, and none in {SHARED}", hint=hint)
        return text

    def own_variants(self) -> dict[str, str]:
        """What the image itself says of its variants, by their names: `slim` has variant-slim.md."""
        return self._variants(self._image)

    def shared_variants(self) -> dict[str, str]:
        """What all images share on variants."""
        return self._variants(SHARED)

    @property
    def logo(self) -> Logo | None:
        """What logos.json says of the image."""
        return self._listed("logos.json", dict[str, Logo])

    @property
    def bases(self) -> list[str]:
        """What the image's tags are built on, as far as bases.json says: `buildpack-deps:trixie`."""
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
        except (msgspec.MsgspecError, RecursionError) as error:
            raise InvalidValue(f"{self._folder}/{name}: {error}") from None


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; those without a value stay.

    Raises:
        InvalidValue: it becomes too long.
    """
    length = len(text)

    def filled(match: re.Match[str]) -> str:
        nonlocal length
        value = values.get(match[1], match[0])
        length += len(value) - len(match[0])
        if length > MAX_FILLED:
            raise InvalidValue(f"the parts make more than {MAX_FILLED} characters of text", hint="shorten them")
        return value

    return _PLACEHOLDER.sub(filled, text)
