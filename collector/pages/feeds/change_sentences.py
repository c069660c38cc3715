"""The change that began a release in sentences: sizes, numbers of layers, steps and settings, and the packages."""

from __future__ import annotations

from collector.diff.changes import Change, ImageChange, LayersChange, PlatformFact
from collector.diff.configs import MAX_LISTED
from collector.diff.package_reasons import moved_source
from collector.model.sizes import render_size, render_sizes_alike
from collector.pages.plain_text import cut
from collector.pages.reason_text import moved_text

_MAX_PLATFORMS = 4
_MAX_PACKAGES = 12
_MAIN_PLATFORM = "linux-amd64"
_MAX_NAME = 100
"""Characters of a platform's name; an index may contain any text."""


def render_opening(change: Change) -> str:
    """What the first state of a release brought: the platforms of a first one, or the change of the main image.

    Nothing is said of platforms that the state left out, as most of them follow.
    """
    if change.before is None:
        return f"Platforms: {_named(change.platforms_added)}." if change.platforms_added else ""
    if not change.images:
        return ""
    image = next((image for image in change.images if image.slug == _MAIN_PLATFORM), change.images[0])
    return " ".join(filter(None, [_of_image(image), _of_packages(change, image)]))


def _named(facts: tuple[PlatformFact, ...]) -> str:
    names = [f"{cut(fact.platform, _MAX_NAME)} ({render_size(fact.size)})" for fact in facts[:_MAX_PLATFORMS]]
    return ", ".join(names) + (f" and {len(facts) - _MAX_PLATFORMS} more" if len(facts) > _MAX_PLATFORMS else "")


def _of_image(image: ImageChange) -> str:
    """As `linux/amd64: 74.1 MB → 74.3 MB, 3 new layers (12.1 MB), 4 steps changed.`."""
    facts: list[str] = []
    if image.size:
        facts.append(" → ".join(dict.fromkeys(render_sizes_alike((image.size.before, image.size.after)))))
    if image.layers and image.layers.new:
        facts.append(_of_layers(image.layers))
    changed = {"step": len(image.steps), "setting": len(image.settings)}
    facts.extend(f"{_count(number, noun)} changed" for noun, number in changed.items() if number)
    return f"{cut(image.platform, _MAX_NAME)}: {', '.join(facts) or 'other metadata'}."


def _of_packages(change: Change, image: ImageChange) -> str:
    """As `Packages: openssl 1.1.0f-3 → 1.1.0f-3+deb9u1, curl 7.52.1-5 added and 5 more.`, by source."""
    if not image.packages:
        return "Same packages." if image.packages_kept is not None else ""
    listed = [moved_text(moved_source(change.packages[place])) for place in image.packages[:_MAX_PACKAGES]]
    count = len(image.packages) - len(listed)
    at_least = "at least " if len(image.packages) == MAX_LISTED else ""
    more = f" and {at_least}{count} more" if count else ""
    return f"Packages: {', '.join(listed)}{more}."


def _of_layers(layers: LayersChange) -> str:
    return f"{_count(len(layers.new), 'new layer')} ({render_size(layers.fetch_bytes)})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
