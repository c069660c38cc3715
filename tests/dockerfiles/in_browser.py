"""Reads files with the scripts of `site_src/assets/javascripts/dockerfiles` in Chromium, and with Python."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from playwright.sync_api import Page

from collector.dockerfiles import NamedImage, parse_images
from collector.errors import InvalidValue

_READ = """async (texts) => {
  const { parseImages } = await import("/dockerfiles/files.js");
  const { Problem } = await import("/references.js");
  return texts.map((text) => {
    try {
      return { images: parseImages(text), problem: "" };
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      return { images: [], problem: problem.message };
    }
  });
}"""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a file."""

    images: tuple[NamedImage, ...] = ()
    problem: str = ""
    """Why nothing was read."""


def read_in_browser(page: Page, texts: Sequence[str]) -> list[Read]:
    """What the scripts read of each text."""
    found = msgspec.convert(page.evaluate(_READ, list(texts)), list[Read])
    return [_in_code_points(read, text) for read, text in zip(found, texts, strict=True)]


def read_in_python(text: str) -> Read:
    """What `collector.dockerfiles` reads of it."""
    try:
        return Read(images=tuple(parse_images(text.encode())))
    except InvalidValue as error:
        return Read(problem=str(error))


def _in_code_points(read: Read, text: str) -> Read:
    """JavaScript counts places in UTF-16."""
    units = text.encode("utf-16-le")
    images = (
        msgspec.structs.replace(
            image, span=image.span and tuple(len(units[: 2 * place].decode("utf-16-le")) for place in image.span)
        )
        for image in read.images
    )
    return msgspec.structs.replace(read, images=tuple(images))
