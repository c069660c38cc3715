"""The change that began a release in a sentence: sizes, numbers of layers, steps and settings."""

from __future__ import annotations

from collector.diff.changes import Change, ImageChange, LayersChange, PlatformFact
from collector.model.sizes import render_size, render_sizes_alike
from collector.pages.plain_text import cut

_MAX_PLATFORMS = 4
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
    return _of_image(next((image for image in change.images if image.slug == _MAIN_PLATFORM), change.images[0]))


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
