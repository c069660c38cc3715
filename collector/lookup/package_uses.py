"""Which tags had a package, and when."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.errors import InvalidValue
from collector.lookup.found import FoundPackage, Use
from collector.lookup.repository_facts import RepositoryFacts
from collector.lookup.uses import Span, as_uses, extend_spans
from collector.model.digests import Digest
from collector.model.packages import DATABASES, MAX_NAME, MAX_VERSION, ImagePackages, Package
from collector.model.purls import parse_purl

PURL = "pkg:"
_ASSIGNED = re.compile(r"(?<=[^\s=])==?(?=[^\s=])")
"""Between a name and a version, as apt and pip write it."""


class PackageQuery(NamedTuple):
    """A query for a package."""

    name: str
    """The name of an installed package or of a source package."""
    version: str
    """Empty: any."""
    type: str = ""
    """Empty: any."""

    @property
    def is_only_name(self) -> bool:
        """Whether it may also be the name of an image or a tag."""
        return not self.version and not self.type

    @property
    def spellings(self) -> tuple[PackageQuery, ...]:
        """As it is written; if that finds nothing, in lower case, as most packages are named: `OpenSSL`."""
        lower = self._replace(name=self.name.lower())
        return (self,) if lower == self else (self, lower)

    def matches(self, package: Package) -> bool:
        """Whether the query means this package, or its source package."""
        if self.type and package.type != self.type:
            return False
        is_named = self.name in (package.name, package.bare_name) and self.version in ("", package.version)
        return is_named or (package.source_name == self.name and self.version in ("", package.version_of_source))


class SourceVersion(NamedTuple):
    """A source package in one version."""

    type: str
    source: str
    version: str


Matches = Mapping[SourceVersion, frozenset[str]]
"""The installed packages that match, by their source."""


def parse_package_query(text: str) -> PackageQuery | None:
    """Read `openssl`, `openssl@3.0.11-1`, `openssl=3.0.11-1`, `openssl 3.0.11-1`, these with a type, or a package URL.

    A type stands before the name: `deb/openssl`.

    Returns:
        None if the text cannot be a package.
    """
    text = text.strip()
    if text.startswith(PURL):
        try:
            purl = parse_purl(text)
        except InvalidValue:
            return None
        return PackageQuery(purl.name, purl.version, purl.type)
    before, _, rest = text.partition("/")
    is_typed = before in DATABASES
    name, version = _name_and_version(rest if is_typed else text)
    is_one = 0 < len(name) <= MAX_NAME and len(version) <= MAX_VERSION and "sha256:" not in text
    return PackageQuery(name, version, before if is_typed else "") if is_one else None


def _name_and_version(text: str) -> tuple[str, str]:
    name, _, version = text.rpartition("@")
    if name:
        return name, version
    words = _ASSIGNED.sub(" ", text, count=1).split()
    return (words[0], " ".join(words[1:])) if 0 < len(words) <= 2 else ("", "")


def find_packages(archive: Archive, query: PackageQuery, *, now: bool = False) -> tuple[FoundPackage, ...]:
    """Every source package that matches, or with an installed package that matches, and the tags that had it.

    Args:
        now: only packages that tags have now.
    """
    answers = (_find_spelled(archive, spelled, now=now) for spelled in query.spellings)
    return next(filter(None, answers), ())


def _find_spelled(archive: Archive, query: PackageQuery, *, now: bool) -> tuple[FoundPackage, ...]:
    repositories = map(archive.load, archive.naming_package(query.name))
    found = ((holdings, _matches_by_config(holdings, query)) for holdings in repositories)
    return joined_uses((package_uses(holdings, matches.get) for holdings, matches in found if matches), now=now)


class PackageUses(NamedTuple):
    """A source package in one repository."""

    names: set[str]
    """The installed packages that match."""
    uses: tuple[Use, ...]


def joined_uses(found: Iterable[Mapping[SourceVersion, PackageUses]], *, now: bool) -> tuple[FoundPackage, ...]:
    """The uses in several repositories, by source package. `now`: only packages that tags have now."""
    uses: dict[SourceVersion, list[Use]] = defaultdict(list)
    names: dict[SourceVersion, set[str]] = defaultdict(set)
    for of_repository in found:
        for source, one in of_repository.items():
            uses[source] += [use for use in one.uses if not now or use.until is None]
            names[source] |= one.names
    return tuple(
        FoundPackage(
            type=source.type,
            source=source.source,
            version=source.version,
            packages=tuple(sorted(names[source])),
            uses=tuple(uses[source]),
        )
        for source in sorted(uses)
        if uses[source]
    )


def package_uses(
    facts: RepositoryFacts, matches_of: Callable[[Digest], Matches | None]
) -> dict[SourceVersion, PackageUses]:
    """The matching packages that tags had. `matches_of`: Image ID → the matching packages of the image."""
    spans: dict[SourceVersion, dict[Span, list[str]]] = defaultdict(dict)
    names: dict[SourceVersion, set[str]] = defaultdict(set)
    for tag in facts.tags:
        for source, of_tag in _spans_of(facts, tag, matches_of, names).items():
            for span in of_tag:
                spans[source].setdefault(span, []).append(tag)
    image = facts.repository.familiar
    return {source: PackageUses(names[source], as_uses(image, found)) for source, found in spans.items()}


def _matches_by_config(holdings: Holdings, query: PackageQuery) -> dict[str, Matches]:
    """Image ID → the matching packages of the image. Images with the same list share them."""
    by_list: dict[str, Matches] = {}
    found: dict[str, Matches] = {}
    for config in holdings.inventories:
        known = holdings.image_packages(config)
        if known is None:
            continue
        if known.packages.id not in by_list:
            by_list[known.packages.id] = matches_in(known, query)
        if matches := by_list[known.packages.id]:
            found[config] = matches
    return found


def matches_in(known: ImagePackages, query: PackageQuery) -> Matches:
    """The packages of an image that match, by their source."""
    found: dict[SourceVersion, set[str]] = defaultdict(set)
    for package in filter(query.matches, known.packages.packages):
        found[SourceVersion(package.type, package.source_name, package.version_of_source)].add(package.name)
    return {source: frozenset(names) for source, names in found.items()}


def _spans_of(
    facts: RepositoryFacts,
    tag: str,
    matches_of: Callable[[Digest], Matches | None],
    names: Mapping[SourceVersion, set[str]],
) -> dict[SourceVersion, list[Span]]:
    """When a tag had each package; successive states with it on the same platforms are one span. Adds to `names`."""
    spans: dict[SourceVersion, list[Span]] = defaultdict(list)
    for period in facts.periods(tag):
        state = facts.state(period.digest) if period.digest else None
        having: dict[SourceVersion, list[str]] = defaultdict(list)
        for image in state.images if state else ():
            for source, matched in (matches_of(image.config.digest) or {}).items():
                having[source].append(str(image.platform))
                names[source].update(matched)
        for source, platforms in having.items():
            extend_spans(spans[source], (period.since, period.until, tuple(platforms)))
    return spans
