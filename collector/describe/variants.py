"""The variants of an image in its description, and the notes on the default variant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec

from collector.describe.markdown_templates import render
from collector.describe.parts import Parts
from collector.model.references import Tag

DEBIAN = frozenset("wheezy jessie stretch buster bullseye bookworm trixie forky duke sid".split())
"""Code names of Debian's releases, as used in tags."""
UBUNTU = frozenset("precise trusty xenial bionic focal jammy noble oracular plucky questing resolute stonking".split())
_FULL_BASE = "buildpack-deps"


class DefaultNote(msgspec.Struct, frozen=True, kw_only=True):
    """A note on the default variant."""

    text: str
    """The text, with placeholders."""
    suites: tuple[str, ...] = ()
    """Code names in the tags, if the text describes them."""


class Variants(msgspec.Struct, frozen=True, kw_only=True):
    """The texts on an image's variants, with placeholders."""

    default: str
    """Texts on the default variant."""
    notes: tuple[DefaultNote, ...]
    texts: tuple[str, ...]
    """The text of each other variant, in the order of the tags."""


def variants_of(tags: Sequence[Tag], parts: Parts) -> Variants | None:
    """The variants that occur in tags and are explained in the parts; None if there are none."""
    texts = tuple(text for text in _texts(tags, parts) if text)
    if not texts:
        return None
    return Variants(default=parts.find("variant.md") or "", notes=tuple(_notes(tags, parts)), texts=texts)


def render_variants(tags: Sequence[Tag], parts: Parts, filled: Callable[..., str]) -> str:
    """The section on variants; empty if there are none.

    Args:
        filled: fills in the placeholders of a part, and further ones by keyword.
    """
    variants = variants_of(tags, parts)
    if variants is None:
        return ""
    notes = [filled(note.text, DEB_SUITES=render_choice(note.suites)) for note in variants.notes]
    texts = [filled(text) for text in variants.texts]
    return render("shared/variants", default=filled(variants.default), notes=notes, variants=texts)


def render_choice(names: Sequence[str]) -> str:
    """`bookworm`; `bookworm or trixie`; `bookworm, bullseye, or trixie`."""
    if len(names) < 3:
        return " or ".join(names)
    return f"{', '.join(names[:-1])}, or {names[-1]}"


def _notes(tags: Sequence[Tag], parts: Parts) -> Iterator[DefaultNote]:
    """Notes on the suites in the names of the tags, and on a large base image."""
    words = {word for tag in tags for word in tag.split("-")}
    for name, suites in (("debian", DEBIAN), ("ubuntu", UBUNTU)):
        text = parts.find(f"variant-default-{name}.md")
        if text and (found := words & suites):
            yield DefaultNote(text=text, suites=tuple(sorted(found)))
    text = parts.find(f"variant-default-{_FULL_BASE}.md")
    if text and any(_is_full(base) for base in parts.bases):
        yield DefaultNote(text=text)


def _texts(tags: Sequence[Tag], parts: Parts) -> Iterator[str]:
    """The text of each variant, once. An image's own text takes precedence over the shared one."""
    own, shared = parts.own_variants(), parts.shared_variants()
    seen: set[str] = set()
    for tag in tags:
        name = _variant(tag, own) or _variant(tag, shared)
        if name and name not in seen:
            seen.add(name)
            yield own[name] if name in own else shared[name]


def _variant(tag: str, known: Collection[str]) -> str:
    """The variant in a tag: the longest known name, or the last of several equally long ones; empty for none."""
    within = f"-{tag}-"
    named = [name for name in known if f"-{name}-" in within]
    return max(named, key=lambda name: (name.count("-"), within.rfind(f"-{name}-")), default="")


def _is_full(base: str) -> bool:
    """Whether a base is `buildpack-deps:trixie`; `buildpack-deps:trixie-scm` and `-curl` contain much less."""
    name, _, tag = base.partition(":")
    return name == _FULL_BASE and "-" not in tag
