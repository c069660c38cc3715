"""A site with millions of digests, as far as looking digests up goes.

A look-up reads two files: one of the index, and one of objects. To render all else of such a site would take an hour
and change nothing that is measured. So the images of a built site are repeated under other names and with other
digests; the index of all of them is made by the functions that make it for every site, and of the objects those files
are written that the chosen look-ups lead to, as long as those they are copies of.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from collector.model.compression import compress, decompress
from collector.model.digests import Digest, hex_of
from collector.pages.addresses import objects_path
from collector.pages.data_files import SUFFIX, iter_data_files
from collector.pages.objects.shapes import PLACES
from collector.pages.search_indexes import PREFIX, DigestShard, iter_digest_assets, pack_digests

_INDEX = Path("api", "v1", "digests")
_NAMES = Path("api", "v1", "names.json")
_MAX_FILE = 2**30
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the index of the site that is repeated."""

    image: str
    digits: str
    """The first `PREFIX` hex digits."""
    number: int
    """Of the object."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """One digest to look up."""

    digest: Digest
    address: str
    """Of the image that the search box tells of: the first that has it."""


class Multiplied(msgspec.Struct, frozen=True, kw_only=True):
    """What was made."""

    digests: int
    """In the index; one that several images have counts for each."""
    sought: tuple[Sought, ...]


def multiply(template: Path, site: Path, *, digests: int, sought: int) -> Multiplied:
    """Make the folder `site` one of about so many digests; so many, from everywhere in it, can be looked up."""
    _copy_frame(template, site)
    known = list(_iter_known(template / _INDEX))
    copies = max(1, round(digests / len(known)))
    packed = {
        f"{image}-{copy}": pack_digests((_digest(copy, one.digits), one.number) for one in of_image)
        for copy in range(copies)
        for image, of_image in _by_image(known).items()
    }
    for asset in iter_data_files(iter_digest_assets(packed), plain=False):
        _write(site / asset.path, asset.content)
    chosen = (
        _add_objects(template, site, _digest(place * copies // sought, known[place * len(known) // sought].digits))
        for place in range(sought)
    )
    return Multiplied(digests=copies * len(known), sought=tuple(chosen))


def _copy_frame(template: Path, site: Path) -> None:
    """All but the pages of images and the JSON, and of that the names, which the search box loads."""
    shutil.copytree(template, site, ignore=lambda folder, _: ["repos", "api"] if Path(folder) == template else [])
    _write(site / _NAMES, (template / _NAMES).read_bytes())


def _iter_known(index: Path) -> Iterator[_Known]:
    for path in sorted(index.iterdir()):
        for image, digests in _read(path).items():
            for digits, numbers in digests.items():
                for number in [numbers] if isinstance(numbers, int) else numbers:
                    yield _Known(image=image, digits=_beginning(path) + digits, number=number)


def _by_image(known: list[_Known]) -> dict[str, list[_Known]]:
    found: dict[str, list[_Known]] = {}
    for one in known:
        found.setdefault(one.image, []).append(one)
    return found


def _digest(copy: int, digits: str) -> Digest:
    """In a copy, of what begins with these digits where it is copied from."""
    return Digest("sha256:" + sha256(f"{copy} {digits}".encode()).hexdigest())


def _add_objects(template: Path, site: Path, digest: Digest) -> Sought:
    """Write the file of objects that the search box asks for when a digest is put into it."""
    digits = hex_of(digest)[:PREFIX]
    shard = next(path for path in (site / _INDEX).iterdir() if digits.startswith(_beginning(path)))
    rest = digits.removeprefix(_beginning(shard))
    image, numbers = next((image, known[rest]) for image, known in _read(shard).items() if rest in known)
    file = (numbers if isinstance(numbers, int) else numbers[0]) // PLACES
    original, _, copy = image.rpartition("-")
    text = _content(template / (objects_path(f"repos/{original}/", file) + SUFFIX)).decode()
    renamed = _DIGEST.sub(lambda match: _digest(int(copy), hex_of(Digest(match[0]))[:PREFIX]), text)
    address = f"repos/{image}/"
    _write(site / (objects_path(address, file) + SUFFIX), compress(renamed.encode()))
    return Sought(digest=digest, address=address)


def _beginning(shard: Path) -> str:
    """The first digits of the digests in a file: `33` of `33.json.gz`."""
    return shard.name.partition(".")[0]


def _read(shard: Path) -> DigestShard:
    return msgspec.json.decode(_content(shard), type=DigestShard)


def _content(file: Path) -> bytes:
    return decompress(file.read_bytes(), _MAX_FILE)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
