"""`repo-info find`: where and when a digest, a prefix of one, or a name was in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from collector.archive.store import Archive
from collector.cli.common import json_option, print_json, source_options
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import Styled, write
from collector.errors import NotFound, UsageError
from collector.lookup.find import find
from collector.lookup.found import Found, FoundDigest, FoundImage, FoundPackage, FoundTag, FoundVersion, Use
from collector.model.digests import short
from collector.model.times import render_minute

if TYPE_CHECKING:
    from collector.published.site import PublishedSite

_MAX_ROWS = 50
"""The number of names, and of images with a digest, that are shown."""
_MAX_USES = 8
"""The number of uses of a digest that are shown separately; if there are more, their images are shown."""
_MAX_TAGS = 12
_KINDS = {
    "index": "index",
    "manifest": "manifest",
    "config": "Image ID",
    "layer": "layer",
    "statement": "attestation statement",
    "artifact": "artifact",
}


@click.command("find", cls=Verb)
@click.argument("text")
@click.option("--all", "show_all", is_flag=True, help="Show every use, tag and name.")
@click.option("--now", is_flag=True, help="Show only tags that have the package now.")
@source_options
@json_option
def find_command(*, text: str, show_all: bool, now: bool, source: Archive | PublishedSite, as_json: bool) -> None:
    """Find where a digest, a version, a package or a name was in use.

    TEXT may be:

    A digest of an index, a manifest, a config (Image ID) or a layer, or its first 7 or more digits. It may begin with
    sha256:, sha256- or NAME@. The answer shows its kind, and which tags had it on which platforms and when.

    A version, such as 3.6.2 or python 3.6.2. The answer shows which tags are or were this version, and when.

    A package: NAME@VERSION or a package URL (pkg:deb/debian/openssl@…), with or without the version. NAME is that of a
    source package or of an installed package; in lower case, if nothing has it in its capitals. The answer shows which
    tags had it, as far as their packages are known.

    The name of an image or a tag, or a part of it. If no image or tag has the name, it is taken for a package.

    Examples:
        repo-info find 33a5a60a9a15 --archive examples/archive
        repo-info find python:3.6-sl --archive examples/archive
        repo-info find 3.6.2 --archive examples/archive
        repo-info find openssl@3.0.17-1~deb12u3 --now --archive archive
    """
    # Arguments may contain bytes that are not text.
    text = text.encode(errors="surrogateescape").decode(errors="replace")
    if not text.strip():
        raise UsageError("nothing to look for", hint="give a digest, a name or a package")
    found = find(source, text, now=now) if isinstance(source, Archive) else source.find(text, now=now)
    if as_json:
        print_json(found)
    else:
        _render(found, show_all=show_all)
    if found.is_empty:
        hint = "give 7 or more digits of a digest, any part of a name, a version, or a package as openssl@3.0.11-1"
        raise NotFound(f"{text}: not in this archive", hint=hint)


def _render(found: Found, *, show_all: bool) -> None:
    most = None if show_all else _MAX_ROWS
    for digest in found.digests:
        _render_digest(digest, show_all=show_all)
    for (variable, version), uses in groupby(found.versions[:most], key=lambda one: (one.variable, one.version)):
        write(Styled(f"version {variable} {version}", "bold"))
        for use in uses:
            _render_version_use(use)
    for package in found.packages[:most]:
        _render_package(package, show_all=show_all)
    for image in found.images[:most]:
        _render_image(image)
    for tag in found.tags[:most]:
        _render_tag(tag)
    for what, count in (
        ("versions", len(found.versions)),
        ("packages", len(found.packages)),
        ("images", len(found.images)),
        ("tags", len(found.tags)),
    ):
        if most and count > most:
            write(f"and {count - most:,} more {what}; give more of the name, or use --all")


def _render_digest(found: FoundDigest, *, show_all: bool) -> None:
    write(Styled(f"{_KINDS[found.kind]} {found.digest}", "bold"))
    if not found.uses:
        write("  no tag pointed at it")
    _render_uses(found.uses, show_all=show_all)


def _render_package(found: FoundPackage, *, show_all: bool) -> None:
    others = [name for name in found.packages if name != found.source]
    shown = others if show_all else others[:_MAX_TAGS]
    more = f" and {len(others) - len(shown)} more" if len(others) > len(shown) else ""
    names = f"  with {', '.join(shown)}{more}" if others else ""
    write(Styled(f"package {found.source} {found.version} ({found.type})", "bold"), names)
    _render_uses(found.uses, show_all=show_all)


def _render_version_use(found: FoundVersion) -> None:
    more = found.count - len(found.tags)
    write(f"  {found.image}: {', '.join(found.tags)}{f' and {more:,} more tags' if more else ''}")
    write(Styled(f"    {_span([found])}", "dim"))


def _render_uses(uses: Sequence[Use], *, show_all: bool) -> None:
    if len(uses) > _MAX_USES:
        _render_summary(uses, show_all=show_all)
    if show_all or len(uses) <= _MAX_USES:
        for use in uses:
            _render_use(use, len(use.tags) if show_all else _MAX_TAGS)


def _render_summary(uses: Sequence[Use], *, show_all: bool) -> None:
    """The numbers of images and tags; then a line for each image, beginning with the first that had the digest."""
    by_image: dict[str, list[Use]] = defaultdict(list)
    for use in sorted(uses, key=lambda use: (use.since, use.image)):
        by_image[use.image].append(use)
    tags = sum(len(_tags_of(of_image)) for of_image in by_image.values())
    images = render_count(len(by_image), "image")
    order = ", beginning with the first that had it" if len(by_image) > 1 else ""
    write(f"  in {render_count(tags, 'tag')} of {images}{order}{'' if show_all else '; --all shows each use'}:")
    if show_all:
        return
    for image, of_image in list(by_image.items())[:_MAX_ROWS]:
        write(f"  {image}: {_cut_tags(_tags_of(of_image), _MAX_TAGS)}", Styled(f"  {_span(of_image)}", "dim"))
    if len(by_image) > _MAX_ROWS:
        write(f"  and {len(by_image) - _MAX_ROWS:,} more images")


def _tags_of(uses: Sequence[Use]) -> list[str]:
    """Each tag once, beginning with the first that had the digest."""
    return list(dict.fromkeys(tag for use in uses for tag in use.tags))


def _render_use(use: Use, most: int) -> None:
    write(f"  {use.image}: {_cut_tags(use.tags, most)}")
    write(Styled("    " + "; ".join(filter(None, [_span([use]), ", ".join(use.platforms)])), "dim"))


def _cut_tags(tags: Sequence[str], most: int) -> str:
    more = f" and {len(tags) - most:,} more tags" if len(tags) > most else ""
    return f"{', '.join(tags[:most])}{more}"


def _span(uses: Sequence[Use | FoundVersion]) -> str:
    """From the first moment of some uses to the last."""
    ends = [use.until for use in uses]
    last = "the end of the archive" if None in ends else render_minute(max(end for end in ends if end))
    return f"{render_minute(min(use.since for use in uses))} to {last}"


def _render_image(found: FoundImage) -> None:
    gone = f", {found.gone:,} gone" if found.gone else ""
    when = f"seen from {render_minute(found.since)}, last change {render_minute(found.latest)}"
    write(Styled(f"image {found.image}", "bold"), f"  {found.tags:,} tags{gone}; {when}")


def _render_tag(found: FoundTag) -> None:
    now = "gone" if found.gone else short(found.digest) if found.digest else "not understood"
    states = f"{found.states:,} {'state' if found.states == 1 else 'states'} from {render_minute(found.first)}"
    write(Styled(f"tag {found.image}:{found.tag}", "bold"), f"  {now} since {render_minute(found.since)}; {states}")
