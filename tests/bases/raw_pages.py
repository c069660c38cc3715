"""A second finder of bases: from the text of classic pages, by comparing strings, without code of the first."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_DIGEST = r"sha256:[0-9a-f]{64}"
_PULL = re.compile(rf"^\$ docker pull [^@\n]+@({_DIGEST})$", re.MULTILINE)
_LAYER = re.compile(rf"^\t-\t`({_DIGEST})`  $", re.MULTILINE)
_HTTP_DATE = r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"
_STEP = re.compile(rf"^# ({_HTTP_DATE})\n(.*?)(?=^# {_HTTP_DATE}\n|^```$)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^### `[^`\n]+` - (.+)$", re.MULTILINE)
_PATH = re.compile(r"repos/([^/]+)/remote/(.+)\.md")

Tag = tuple[str, str]
"""An image and a tag."""


class RawImage(NamedTuple):
    """One platform of a page."""

    system: str
    manifest: str
    layers: tuple[str, ...]
    dates: tuple[str, ...]
    steps: tuple[str, ...]


def read_images(text: str) -> Iterator[RawImage]:
    """The images of a page."""
    head = _PULL.search(text)
    places = [*_SECTION.finditer(text)]
    ends = [*(found.start() for found in places[1:]), len(text)][: len(places)]
    for found, end in zip(places, ends, strict=True):
        section = text[found.end() : end]
        pull = _PULL.search(section) or head
        steps = _STEP.findall(section)
        if pull:
            yield RawImage(
                re.sub(r" (?:version|variant) \S+", "", found[1]),
                pull[1],
                tuple(_LAYER.findall(section)),
                tuple(date for date, _ in steps),
                tuple(step.strip() for _, step in steps),
            )


def read_history(bare_repo: Path, images: Sequence[str]) -> Iterator[tuple[Tag, str]]:
    """All page versions of these images: each tag with a page that it once had, oldest first."""
    git = ["git", "-C", str(bare_repo)]
    log = [*git, "log", "--reverse", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "--format="]
    folders = [f"repos/{image}/remote" for image in images]
    lines = subprocess.run([*log, "--", *folders], check=True, capture_output=True, text=True).stdout.splitlines()
    pages = [(found, line.split()[3]) for line in lines if (found := _PATH.fullmatch(line.partition("\t")[2]))]
    pages = [(found, blob) for found, blob in pages if set(blob) != {"0"}]
    blobs = sorted({blob for _, blob in pages})
    answer = subprocess.run(
        [*git, "cat-file", "--batch"], check=True, capture_output=True, input="\n".join(blobs).encode()
    ).stdout
    texts, place = {}, 0
    for blob in blobs:
        end = answer.index(b"\n", place)
        size = int(answer[place:end].split()[2])
        texts[blob] = answer[end + 1 : end + 1 + size].decode()
        place = end + size + 2
    for found, blob in pages:
        yield (found[1], found[2]), texts[blob]


class RawArchive:
    """All images of all page versions of some repositories."""

    def __init__(self, bare_repo: Path, images: Sequence[str]) -> None:
        self.newest: dict[Tag, list[RawImage]] = {}
        """By tag the images of its last page."""
        self.tags: dict[RawImage, set[Tag]] = defaultdict(set)
        """By image the tags that ever had it."""
        known: dict[str, list[RawImage]] = {}
        for tag, text in read_history(bare_repo, images):
            if text not in known:
                known[text] = list(read_images(text))
            self.newest[tag] = known[text]
            for image in known[text]:
                self.tags[image].add(tag)
        self._by_layers: dict[tuple[str, tuple[str, ...]], list[RawImage]] = defaultdict(list)
        for image in self.tags:
            self._by_layers[image.system, image.layers].append(image)

    def bases_of(self, image: RawImage) -> dict[Tag, RawImage]:
        """The tags that had the nearest base of an image."""
        for length in range(len(image.layers) - 1, 0, -1):
            bases = {
                tag: base
                for base in self._by_layers.get((image.system, image.layers[:length]), ())
                if base.steps == image.steps[: len(base.steps)] and not self.tags[base] & self._alike(image)
                for tag in self.tags[base]
            }
            if bases:
                return bases
        return {}

    def _alike(self, image: RawImage) -> set[Tag]:
        """The tags that had an image of these layers and steps."""
        alike = self._by_layers[image.system, image.layers]
        return {tag for other in alike if other.steps == image.steps for tag in self.tags[other]}


def steps_by_command(image: RawImage) -> int | None:
    """How many steps came from a base, by the last CMD that a step that makes files follows; None: there is none."""
    makers = [place for place, step in enumerate(image.steps) if step.split(" ")[0] in ("RUN", "COPY", "ADD")]
    ends = [place + 1 for place, step in enumerate(image.steps) if step.startswith("CMD ") and place < makers[-1]]
    return ends[-1] if makers and ends else None
