"""Which images of an archive were built on which, both ways.

The outlines are read several times, one at a time, so that memory holds only the index and the bases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import NamedTuple

from collector.bases.layer_index import LayerIndex
from collector.bases.outline import Content, ImageOutline, Outline
from collector.bases.parts import Base, Dependent, RepositoryBases
from collector.bases.stated import StatedBase, Target, target_of
from collector.bases.tag_choice import Span, TagChoice
from collector.model.digests import Digest
from collector.model.references import Repository, parse_repository
from collector.model.times import Time

Load = Callable[[str], Outline]
"""Full name of a repository → its outline."""


class _Users(NamedTuple):
    """The tags of one repository that are built on an image."""

    ever: set[str]
    now: set[str]


def find_bases(names: Iterable[str], load: Load) -> dict[str, RepositoryBases]:
    """Full name of a repository → the bases of its images."""
    return _Relations(sorted(names), load).find()


class _Relations:
    def __init__(self, names: list[str], load: Load) -> None:
        self._names = names
        self._load = load
        self._index = LayerIndex()
        self._labels: dict[Content, StatedBase] = {}
        """What the labels of an image state of its base. Images that are built on it repeat these labels."""
        self._bases: dict[str, list[Content | None]] = {}
        """Repository → the base of each image of its outline."""
        self._stated: dict[Digest, dict[str, Content]] = {}
        """Stated digest and platform → the image."""
        self._spans: dict[Content, list[Span]] = defaultdict(list)
        self._users: dict[Content, dict[str, _Users]] = defaultdict(dict)
        self._tags: dict[str, frozenset[str]] = {}
        self._contents: dict[str, frozenset[Content]] = {}
        """Repository → its images."""

    def find(self) -> dict[str, RepositoryBases]:
        for name in self._names:
            self._enter(name, self._load(name))
        self._find_stated()
        for name in self._names:
            outline = self._load(name)
            self._bases[name] = list(self._iter_bases(outline))
            self._note_users(name, outline)
        for name in self._names:
            if not self._users.keys().isdisjoint(self._contents[name]):
                for content, span in _iter_spans(parse_repository(name), self._load(name), self._users.keys()):
                    self._spans[content].append(span)
        choices = {content: TagChoice(spans) for content, spans in self._spans.items()}
        return {name: self._part(name, self._load(name), choices) for name in self._names}

    def _enter(self, name: str, outline: Outline) -> None:
        self._tags[name] = frozenset(outline.tags)
        self._contents[name] = frozenset(image.content for image in outline.images)
        for image in outline.images:
            self._index.add(image)
            if image.stated and image.stated.is_label:
                self._labels[image.content] = image.stated
            if image.stated and image.stated.digest:
                self._stated[image.stated.digest] = {}

    def _find_stated(self) -> None:
        """Find the images whose digests are stated as those of bases."""
        for name in self._names if self._stated else ():
            outline = self._load(name)
            for digest, platforms in outline.states:
                for slug, place in platforms:
                    image = outline.images[place]
                    for known in {digest, image.manifest} & self._stated.keys():
                        self._stated[known].setdefault(slug, image.content)

    def _iter_bases(self, outline: Outline) -> Iterator[Content | None]:
        siblings = _Siblings(outline)
        for image in outline.images:
            deduced = self._index.base_of(image, siblings.share_tag)
            yield self._stated_content(image, deduced) or deduced

    def _stated_content(self, image: ImageOutline, deduced: Content | None) -> Content | None:
        """The image whose digest is stated."""
        if image.stated is None or image.stated.digest is None or self._is_inherited(image.stated, deduced):
            return None
        found = self._stated[image.stated.digest]
        content = found.get(image.slug) or min(found.values(), default=None)
        return content if content != image.content else None

    def _is_inherited(self, stated: StatedBase, base: Content | None) -> bool:
        return stated.is_label and base is not None and self._labels.get(base) == stated

    def _note_users(self, name: str, outline: Outline) -> None:
        bases = self._bases[name]
        of_states = [{base for _, place in images if (base := bases[place])} for _, images in outline.states]
        for tag, periods in outline.tags.items():
            for base in {base for _, state in periods if state is not None for base in of_states[state]}:
                self._users[base].setdefault(name, _Users(set(), set())).ever.add(tag)
            last = periods[-1][1]
            for base in of_states[last] if last is not None else ():
                self._users[base][name].now.add(tag)

    def _part(self, name: str, outline: Outline, choices: Mapping[Content, TagChoice]) -> RepositoryBases:
        repository = parse_repository(name)
        known: dict[Base, int] = {}
        places: dict[Digest, int] = {}
        for place, image in enumerate(outline.images):
            content = self._bases[name][place]
            stated = image.stated
            if stated and self._is_inherited(stated, content):
                stated = None
            choice = choices.get(content) if content is not None else None
            base = self._base(repository, image, choice, stated)
            if base is not None:
                places.setdefault(image.manifest, known.setdefault(base, len(known)))
        used = self._used_by_tag(name, outline)
        return RepositoryBases(
            known=tuple(known),
            places=places,
            dependents={tag: self._dependents_of(contents) for tag, contents in used.items()},
            of_all=self._dependents_of(set().union(*used.values())),
        )

    def _base(
        self, repository: Repository, image: ImageOutline, choice: TagChoice | None, stated: StatedBase | None
    ) -> Base | None:
        target = target_of(stated.name) if stated else None
        if stated and target:
            of_tag = choice.of_tag(target.repository, target.tag) if choice else None
            return (
                _base_of(of_tag.choose(repository, image.first_seen, image.slug), is_stated=True)
                if of_tag
                else self._stated_alone(target, stated)
            )
        if choice is None:
            return None
        return _base_of(
            choice.choose(repository, image.first_seen, image.slug),
            is_stated=bool(stated and stated.digest in self._stated),
        )

    def _stated_alone(self, target: Target, stated: StatedBase) -> Base:
        """What is stated, where the archive has no such image."""
        return Base(
            repository=target.repository.name,
            tag=target.tag,
            manifest=stated.digest,
            since=None,
            moved=None,
            is_stated=True,
            is_here=target.tag in self._tags.get(target.repository.name, ()),
        )

    def _used_by_tag(self, name: str, outline: Outline) -> dict[str, set[Content]]:
        """Tag → the images that it ever had and that others are built on."""
        used = self._users.keys() & self._contents[name]
        if not used:
            return {}
        of_states = [{outline.images[place].content for _, place in images} & used for _, images in outline.states]
        found = {
            tag: {content for _, state in periods if state is not None for content in of_states[state]}
            for tag, periods in sorted(outline.tags.items())
        }
        return {tag: contents for tag, contents in found.items() if contents}

    def _dependents_of(self, contents: Iterable[Content]) -> tuple[Dependent, ...]:
        """What is built on any of these images."""
        users: dict[str, _Users] = {}
        for content in contents:
            for name, of_content in self._users[content].items():
                together = users.setdefault(name, _Users(set(), set()))
                together.ever.update(of_content.ever)
                together.now.update(of_content.now)
        return tuple(Dependent(name, tuple(sorted(users[name].now)), len(users[name].ever)) for name in sorted(users))


def _base_of(span: Span, *, is_stated: bool) -> Base:
    return Base(
        repository=span.repository.name,
        tag=span.tag,
        manifest=span.manifest,
        since=span.since,
        moved=span.until,
        is_stated=is_stated,
        is_here=True,
    )


class _Siblings:
    """The tags of one repository's images."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._contents = {image.content for image in outline.images}

    def share_tag(self, one: Content, other: Content) -> bool:
        """Whether a tag ever had both of two images, of which the first is of this repository."""
        return other in self._contents and not self._tags_of[one].isdisjoint(self._tags_of[other])

    @cached_property
    def _tags_of(self) -> dict[Content, set[str]]:
        """Image → the tags that ever had it."""
        tags: dict[Content, set[str]] = defaultdict(set)
        for tag, periods in self._outline.tags.items():
            for state in {state for _, state in periods if state is not None}:
                for _, place in self._outline.states[state][1]:
                    tags[self._outline.images[place].content].add(tag)
        return tags


def _iter_spans(repository: Repository, outline: Outline, used: Set[Content]) -> Iterator[tuple[Content, Span]]:
    """The times in which tags had images that are bases, platform by platform."""
    for tag, periods in outline.tags.items():
        opened: dict[str, tuple[Content, Span]] = {}
        states = 0
        for since, state in periods:
            if state is None:
                continue
            states += 1
            for slug, place in outline.states[state][1]:
                image, last = outline.images[place], opened.get(slug)
                if last is None or last[0] != image.content:
                    if last:
                        yield from _closed(last, since, used)
                    span = Span(repository, tag, slug, image.manifest, since, None, states)
                    opened[slug] = image.content, span
        for last in opened.values():
            yield from _closed(last, None, used)


def _closed(opened: tuple[Content, Span], until: Time | None, used: Set[Content]) -> Iterator[tuple[Content, Span]]:
    content, span = opened
    if content in used:
        yield content, Span(span.repository, span.tag, span.slug, span.manifest, span.since, until, span.states)
