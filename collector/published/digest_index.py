"""The index of digests of a published site: from the first digits to the objects that have them."""

from __future__ import annotations

import re
from functools import cached_property

from collector.model.digests import Digest, DigestPrefix, hex_of
from collector.pages.search_indexes import PREFIX, SCRIPT, DigestShard
from collector.published.site_files import SiteFiles

_DIGITS = re.compile(rb"SHARD = ([1-3]);")


class DigestIndex:
    """Finds objects by the digests in them."""

    def __init__(self, files: SiteFiles) -> None:
        self._files = files

    def numbers(self, digest: Digest) -> dict[str, list[int]]:
        """The objects of each image that may have a digest."""
        return self.find(DigestPrefix(hex_of(digest)))

    def find(self, digits: DigestPrefix) -> dict[str, list[int]]:
        """The objects of each image that may have a digest with this prefix of 7 or more hex digits.

        Raises:
            RegistryError: the site does not answer, or its file is malformed.
        """
        path = self._files.data_path(f"api/v1/digests/{digits[: self._digits]}.json")
        shard = self._files.need(path, DigestShard)
        asked = digits[self._digits : PREFIX]
        found = {
            image: [number for rest, numbers in known.items() if rest.startswith(asked) for number in _all(numbers)]
            for image, known in shard.items()
        }
        return {image: numbers for image, numbers in found.items() if numbers}

    @cached_property
    def _digits(self) -> int:
        """The number of digits in the name of a file: it depends on the size of the site."""
        script = self._files.raw(SCRIPT) or b""
        match = _DIGITS.search(script)
        if match is None:
            raise self._files.fault(SCRIPT, "does not say how many digits the name of a file has")
        return int(match[1])


def _all(numbers: int | list[int]) -> list[int]:
    return numbers if isinstance(numbers, list) else [numbers]
