"""Describes a change in a few sentences: platforms added and removed, sizes, numbers of layers, steps and settings."""

from __future__ import annotations

from collections.abc import Iterator

from collector.diff.changes import Change, ImageChange, LayersChange, PlatformFact
from collector.model.sizes import render_size, render_sizes_alike
from collector.pages.plain_text import cut

_MAX_PLATFORMS = 4
_MAIN_PLATFORM = "linux-amd64"
_MAX_NAME = 100
"""Characters of a platform's name; an index may contain any text."""


def render_change(change: Change) -> str:
    """The text of a feed's entry after the reasons; empty if there is nothing to compare."""
    return " ".join(_iter_sentences(change))


def _iter_sentences(change: Change) -> Iterator[str]:
    if change.platforms_added:
        yield f"{'Added' if change.before else 'Platforms'}: {_named(change.platforms_added)}."
    if change.platforms_removed:
        yield f"Removed: {_named(change.platforms_removed)}."
    if change.images:
        yield _of_image(next((image for image in change.images if image.slug == _MAIN_PLATFORM), change.images[0]))
        if others := len(change.images) - 1:
            yield f"{_count(others, 'other platform')} changed too."
    if change.unchanged and (change.images or change.platforms_added or change.platforms_removed):
        yield f"{_count(change.unchanged, 'platform')} unchanged."


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


def _of_layers(layers: LayersChange) -> str:
    return f"{_count(len(layers.new), 'new layer')} ({render_size(layers.fetch_bytes)})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
