"""A published site: its repositories and digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

from collector.errors import InvalidValue, NotFound, UntrustedAnswer, UsageError
from collector.lookup.find import find_names
from collector.lookup.found import Found, FoundDigest, FoundPackage, FoundVersion, Use
from collector.lookup.package_uses import (
    Matches,
    PackageQuery,
    PackageUses,
    SourceVersion,
    joined_uses,
    matches_in,
    package_uses,
    parse_package_query,
)
from collector.lookup.uses import Target, Targets, targets_in, uses_in
from collector.lookup.version_uses import VersionQuery, parse_version_query
from collector.model.digests import Digest, DigestPrefix, hex_of, parse_digest_prefix
from collector.model.references import Repository, parse_repository, parse_tag
from collector.model.timelines import Period
from collector.pages.addresses import Addresses
from collector.pages.objects.shapes import ImageObject
from collector.pages.objects.uses import Where
from collector.pages.search_indexes import NameEntry
from collector.published.digest_index import DigestIndex
from collector.published.objects import digests_of
from collector.published.package_index import PackageIndex
from collector.published.repository import PublishedRepository
from collector.published.site_files import NAMES, Fetched, SiteFiles
from collector.published.version_index import find_versions
from collector.registry.published_files import PublishedFiles


class PublishedSite:
    """Answers from the JSON of a site."""

    def __init__(self, files: Fetched) -> None:
        self._files = SiteFiles(files)
        self._index = DigestIndex(self._files)
        self._packages = PackageIndex(self._files)
        self._repositories: dict[Repository, PublishedRepository] = {}

    def repositories(self) -> list[Repository]:
        """Every repository.

        Raises:
            NotFound: this is no site.
            RegistryError: the site does not answer, or its file is malformed.
        """
        return sorted(self._entries, key=lambda repository: repository.name)

    def load(self, repository: Repository) -> PublishedRepository:
        """One repository. Each of its files is fetched when it is first needed.

        Raises:
            NotFound: the site has no such repository, or this is no site.
            RegistryError: the site does not answer, or its file is malformed.
        """
        entry = self._entries.get(repository)
        if entry is None:
            hint = "search for it with `repo-info find`"
            raise NotFound(f"{repository.familiar}: no such image on {self._files.address}", hint=hint)
        if repository not in self._repositories:
            self._repositories[repository] = PublishedRepository(
                self._files, self._index, repository, self._addresses, self._tags(entry)
            )
        return self._repositories[repository]

    load_observations = load

    def find(self, text: str, *, now: bool = False) -> Found:
        """Search for a digest (full, or 7 and more digits of it), for names of images and tags, for a package, and for
        a version that tags are, or were.

        The name of a package alone is looked for only if there is no digest, image or tag.

        Args:
            now: only packages that tags have now; digests and names are not affected.

        Raises:
            RegistryError: the site does not answer, or its files are malformed.
        """
        prefix, query = parse_digest_prefix(text), parse_package_query(text)
        asked = parse_version_query(text)
        images, tags = find_names(self, text)
        digests = self._find_digests(prefix) if prefix else ()
        is_asked = query is not None and not (query.is_only_name and (digests or images or tags))
        return Found(
            text=text,
            digests=digests,
            images=images,
            tags=tags,
            packages=self._find_packages(query, now=now) if query and is_asked else (),
            versions=self._find_versions(asked) if asked else (),
        )

    def _find_versions(self, query: VersionQuery) -> tuple[FoundVersion, ...]:
        return find_versions(self._files, self._files.names.version_digits, query)

    @cached_property
    def _addresses(self) -> Addresses:
        return Addresses(self._entries)

    @cached_property
    def _entries(self) -> dict[Repository, NameEntry]:
        try:
            return {parse_repository(entry.name): entry for entry in self._files.names.images}
        except InvalidValue as error:
            raise self._files.fault(NAMES, str(error)) from None

    def _tags(self, entry: NameEntry) -> list[str]:
        try:
            return sorted(map(parse_tag, (*entry.tags.split(), *entry.gone.split())))
        except InvalidValue as error:
            raise self._files.fault(NAMES, f"{entry.name}: {error}") from None

    def _find_digests(self, prefix: DigestPrefix) -> tuple[FoundDigest, ...]:
        uses: dict[Target, list[Use]] = {}
        for image, numbers in sorted(self._index.find(prefix).items()):
            repository = self.load(self._named(image))
            for target, found in _uses_in(repository, numbers, prefix).items():
                uses.setdefault(target, []).extend(found)
        return tuple(
            FoundDigest(digest=digest, kind=kind, uses=tuple(uses[digest, kind])) for digest, kind in sorted(uses)
        )

    def _find_packages(self, query: PackageQuery, *, now: bool) -> tuple[FoundPackage, ...]:
        answers = (self._find_spelled(spelled, now=now) for spelled in query.spellings)
        return next(filter(None, answers), ())

    def _find_spelled(self, query: PackageQuery, *, now: bool) -> tuple[FoundPackage, ...]:
        names = self._packages.images(query)
        repositories = [one for one in self.repositories() if names is None or one.familiar in names]
        found = (_packages_in(self.load(repository), query) for repository in repositories)
        return joined_uses(found, now=now)

    def _named(self, image: str) -> Repository:
        try:
            return parse_repository(image)
        except InvalidValue as error:
            raise self._files.fault("api/v1/digests/", str(error)) from None


def _uses_in(
    repository: PublishedRepository, numbers: list[int], prefix: DigestPrefix
) -> dict[Target, tuple[Use, ...]]:
    """The uses in one repository, from the states of the tags that had the digest."""
    where = list(chain.from_iterable(_where(repository, number, prefix) for number in numbers))
    named = {tag for one in where for tag in one.tags.split()}
    tags = repository.tags if any(one.more for one in where) else sorted(named.intersection(repository.tags))
    in_states: dict[str, Targets] = {}
    for period in chain.from_iterable(map(repository.periods, tags)):
        if period.digest and period.digest not in in_states and any(_may_have(one, period) for one in where):
            state = repository.state(period.digest)
            in_states[period.digest] = targets_in(state, prefix) if state else _unknown(period.digest, prefix)
    return uses_in(repository, tags, in_states)


def _packages_in(repository: PublishedRepository, query: PackageQuery) -> Mapping[SourceVersion, PackageUses]:
    @cache
    def matches_of(config: Digest) -> Matches | None:
        known = repository.image_packages(config)
        return matches_in(known, query) if known else None

    return package_uses(repository, matches_of)


def _where(repository: PublishedRepository, number: int, prefix: DigestPrefix) -> Iterator[Where]:
    found = repository.objects.object(number)
    if isinstance(found, str):
        return
    for digest in digests_of(found):
        if hex_of(digest).startswith(prefix):
            is_config = isinstance(found, ImageObject) and digest == found.config
            yield from repository.objects.where(number, of_config=is_config)


def _may_have(where: Where, period: Period) -> bool:
    """Whether a period overlaps the named times."""
    return (where.until is None or period.since < where.until) and (period.until is None or period.until > where.since)


def _unknown(digest: Digest, prefix: DigestPrefix) -> Targets:
    """The archive lacks parts of such a state, but its own digest is known."""
    return {(digest, "index"): ()} if hex_of(digest).startswith(prefix) else {}


def open_site(address: str, environment: Mapping[str, str]) -> PublishedSite:
    """A site by the address of its home page. Its files are kept in the user's cache until they change.

    Raises:
        UsageError: the address is invalid.
    """
    kept = environment.get("XDG_CACHE_HOME") or (environment.get("HOME") and f"{environment['HOME']}/.cache")
    folder = Path(kept) / "repo-info" if kept else None
    try:
        return PublishedSite(PublishedFiles(address, environment=environment, kept=folder))
    except UntrustedAnswer as error:
        hint = "give the address of its home page, as https://images.example.org/, without a password"
        raise UsageError(f"--site: {error}: {address[:200]!r}", hint=hint) from None
