"""Finds everything in an archive that a text can mean: a digest, a part of one, or a name."""

from __future__ import annotations

from collections.abc import Iterator

from collector.archive.store import Archive
from collector.lookup.found import Found, FoundDigest, FoundImage, FoundTag, Use
from collector.lookup.package_uses import find_packages, parse_package_query
from collector.lookup.repository_facts import RepositoryFacts, Source
from collector.lookup.uses import Target, uses_of
from collector.lookup.version_uses import find_versions, parse_version_query
from collector.model.digests import DigestPrefix, parse_digest_prefix
from collector.model.images import published_gone
from collector.model.tag_order import newest_first
from collector.model.timelines import Period


def find(archive: Archive, text: str, *, now: bool = False) -> Found:
    """Search for a digest (full, or 7 and more digits of it), for names of images and tags, for a package, and for a
    version that tags are, or were.

    The name of a package alone is looked for only if there is no digest, image or tag.

    Args:
        now: only packages that tags have now; digests and names are not affected.
    """
    prefix, query = parse_digest_prefix(text), parse_package_query(text)
    images, tags = find_names(archive, text)
    digests = find_digests(archive, prefix) if prefix else ()
    is_asked = query is not None and not (query.is_only_name and (digests or images or tags))
    packages = find_packages(archive, query, now=now) if query and is_asked else ()
    asked = parse_version_query(text)
    versions = find_versions(archive, asked) if asked else ()
    return Found(text=text, digests=digests, images=images, tags=tags, packages=packages, versions=versions)


def find_digests(archive: Archive, prefix: DigestPrefix) -> tuple[FoundDigest, ...]:
    """Every digest with this prefix, sorted, with its uses in all images."""
    uses: dict[Target, list[Use]] = {}
    for repository in archive.mentioning(prefix):
        for target, found in uses_of(archive.load(repository), prefix).items():
            uses.setdefault(target, []).extend(found)
    return tuple(FoundDigest(digest=digest, kind=kind, uses=tuple(uses[digest, kind])) for digest, kind in sorted(uses))


def find_names(source: Source, text: str) -> tuple[tuple[FoundImage, ...], tuple[FoundTag, ...]]:
    """Images, and tags of other images, whose name contains the text; exact matches come first."""
    needle = text.strip().lower().removeprefix("docker.io/").removeprefix("library/")
    images: list[FoundImage] = []
    tags: list[FoundTag] = []
    for repository in source.repositories() if needle else ():
        name = repository.familiar
        facts = source.load_observations(repository)
        if needle in name and facts.tags:
            images.append(_describe_image(facts))
        elif needle not in name:
            tags.extend(_iter_tags(facts, needle))
    images.sort(key=lambda found: (found.image != needle, found.image))
    tags.sort(key=lambda found: (not _is_called(found, needle), found.image))
    return tuple(images), tuple(tags)


def _iter_tags(facts: RepositoryFacts, needle: str) -> Iterator[FoundTag]:
    image = facts.repository.familiar
    for tag in newest_first(facts.tags):
        if needle in f"{image}:{tag}".lower():
            yield _describe_tag(image, facts.periods(tag))


def _is_called(found: FoundTag, needle: str) -> bool:
    return needle in (found.tag.lower(), f"{found.image}:{found.tag}".lower())


def _describe_tag(image: str, periods: tuple[Period, ...]) -> FoundTag:
    last = periods[-1]
    return FoundTag(
        image=image,
        tag=last.tag,
        since=last.since,
        digest=last.digest,
        gone=published_gone(last.gone),
        first=periods[0].since,
        states=sum(period.digest is not None for period in periods),
    )


def _describe_image(facts: RepositoryFacts) -> FoundImage:
    timelines = [facts.periods(tag) for tag in facts.tags]
    gone = sum(periods[-1].gone is not None for periods in timelines)
    return FoundImage(
        image=facts.repository.familiar,
        tags=len(timelines) - gone,
        gone=gone,
        since=min(periods[0].since for periods in timelines),
        latest=max(periods[-1].since for periods in timelines),
    )
