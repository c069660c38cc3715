"""Where one repository used a digest: from layers and configs up to the tags, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from collector.archive.facts import IndexFact
from collector.archive.holdings import Holdings
from collector.lookup.found import Kind, Use
from collector.lookup.repository_facts import RepositoryFacts
from collector.model.digests import Digest, DigestPrefix
from collector.model.images import State
from collector.model.platforms import attested_places
from collector.model.tag_order import newest_first
from collector.model.times import Time

Target = tuple[Digest, Kind]
Platforms = tuple[str, ...]
Targets = dict[Target, Platforms]
"""Targets with the platforms on which a state has them."""
Span = tuple[Time, Time | None, Platforms]
"""When and on which platforms a tag had something."""


def uses_of(holdings: Holdings, prefix: DigestPrefix) -> dict[Target, tuple[Use, ...]]:
    """Every digest of the repository with this prefix, with its uses, the newest first."""
    in_manifests = _targets_by_manifest(holdings, prefix)
    in_states = _targets_by_state(holdings, prefix, in_manifests)
    known = [*in_manifests.values(), *in_states.values(), _unreferred(holdings, prefix)]
    return uses_in(holdings, holdings.tags, in_states, chain.from_iterable(known))


def uses_in(
    facts: RepositoryFacts,
    tags: Iterable[str],
    in_states: Mapping[str, Targets],
    known: Iterable[Target] = (),
) -> dict[Target, tuple[Use, ...]]:
    """The uses of targets by these tags, the newest first; of `known`, also those without any.

    Args:
        in_states: by the digest of a state, the targets in it.
    """
    spans: dict[Target, dict[Span, list[str]]] = {target: {} for target in known}
    for tag in tags:
        for target, of_tag in _spans_of(facts, tag, in_states).items():
            for span in of_tag:
                spans.setdefault(target, {}).setdefault(span, []).append(tag)
    return {target: as_uses(facts.repository.familiar, found) for target, found in spans.items()}


def _targets_by_manifest(holdings: Holdings, prefix: DigestPrefix) -> dict[str, set[Target]]:
    """The manifests that match, or that have a part that matches."""
    found: dict[str, set[Target]] = defaultdict(set)
    for fact in holdings.manifests.values():
        if _fits(fact.digest, prefix):
            found[fact.digest].add((fact.digest, "manifest"))
        if _fits(fact.config, prefix):
            found[fact.digest].add((Digest(fact.config), "config"))
        for layer in fact.layers:
            if _fits(layer, prefix):
                found[fact.digest].add((Digest(layer), "layer"))
    return found


def _targets_by_state(
    holdings: Holdings, prefix: DigestPrefix, in_manifests: dict[str, set[Target]]
) -> dict[str, Targets]:
    """The digests at which tags point, with their matching parts and the platforms of these."""
    found: dict[str, Targets] = {}
    for manifest, targets in in_manifests.items():
        image = holdings.image(manifest)
        found[manifest] = dict.fromkeys(targets, (str(image.platform),) if image else ())
    for index in holdings.indexes.values():
        inside: dict[Target, list[str]] = defaultdict(list)
        for entry, platform in zip(index.manifests, _platforms_of(index), strict=True):
            for target in in_manifests.get(entry.digest, ()):
                inside[target].append(platform)
        if _fits(index.digest, prefix):
            platforms = [entry.platform for entry in index.manifests]
            inside[index.digest, "index"] = [str(one) for one in platforms if not one.is_attestation]
        if inside:
            found[index.digest] = {target: tuple(platforms) for target, platforms in inside.items()}
    for digest in {seen.digest for of_tag in holdings.observations.values() for seen in of_tag if seen.digest}:
        state = holdings.state(digest) if digest in holdings.raws else None
        if state and (inside_state := targets_in(state, prefix)):
            found[digest] = inside_state
    return found


def _platforms_of(index: IndexFact) -> list[str]:
    """The platform of each manifest; for an attestation, that of the image which it is deduced to describe."""
    platforms = [entry.platform for entry in index.manifests]
    names = [str(platform) for platform in platforms]
    return [
        f"{names[before]} (deduced)" if before is not None else name
        for name, before in zip(names, map(attested_places(platforms).get, range(len(names))), strict=True)
    ]


def targets_in(state: State, prefix: DigestPrefix) -> Targets:
    """The matches in a state; an attestation counts for the platform that it describes."""
    inside: dict[Target, dict[str, None]] = defaultdict(dict)
    platforms = _described_platforms(state)
    for image in state.all_images:
        statements = {statement.digest for statement in image.statements}
        members: list[Target] = [(image.manifest, "manifest"), (image.config.digest, "config")]
        members += [(layer.digest, "statement" if layer.digest in statements else "layer") for layer in image.layers]
        for target in members:
            if _fits(target[0], prefix):
                inside[target][platforms[image.manifest]] = None
    others: list[Target] = [(artifact.digest, "artifact") for artifact in state.artifacts]
    others += [(digest, "manifest") for digest in state.absent]
    found: Targets = {target: tuple(names) for target, names in inside.items()}
    found |= {target: () for target in others if _fits(target[0], prefix)}
    if state.is_index and _fits(state.digest, prefix):
        found[state.digest, "index"] = tuple(str(image.platform) for image in state.images)
    return found


def _described_platforms(state: State) -> dict[Digest, str]:
    """The platform of each manifest; for an attestation, that of the image which it describes, if that is known."""
    names = {image.manifest: str(image.platform) for image in state.all_images}
    described = {
        manifest: f"{names[subject.manifest]} (deduced)" if subject.is_deduced else names[subject.manifest]
        for manifest, subject in state.subjects.items()
        if subject.manifest in names
    }
    return names | described


def _unreferred(holdings: Holdings, prefix: DigestPrefix) -> Iterator[Target]:
    """Layers and configs in the archive that no manifest names."""
    yield from ((layer.digest, "layer") for layer in holdings.layers.values() if _fits(layer.digest, prefix))
    yield from ((fact.digest, "config") for fact in holdings.config_facts.values() if _fits(fact.digest, prefix))


def _spans_of(facts: RepositoryFacts, tag: str, in_states: Mapping[str, Targets]) -> dict[Target, list[Span]]:
    """When a tag had each target; successive states with it on the same platforms are one span."""
    spans: dict[Target, list[Span]] = defaultdict(list)
    for period in facts.periods(tag):
        for target, platforms in in_states.get(period.digest or "", {}).items():
            extend_spans(spans[target], (period.since, period.until, platforms))
    return spans


def extend_spans(spans: list[Span], span: Span) -> None:
    """Add a span, or make the last one longer if it ends where this one begins."""
    since, until, platforms = span
    if spans and spans[-1][1:] == (since, platforms):
        spans[-1] = (spans[-1][0], until, platforms)
    else:
        spans.append(span)


def as_uses(image: str, tags: dict[Span, list[str]]) -> tuple[Use, ...]:
    """The uses by one image, the newest first. `tags`: when and on which platforms → the tags that had something."""
    uses = [
        Use(image=image, since=since, until=until, platforms=platforms, tags=tuple(newest_first(names)))
        for (since, until, platforms), names in tags.items()
    ]
    uses.sort(key=lambda use: (use.platforms, use.tags))
    return tuple(sorted(uses, key=lambda use: (use.until or "~", use.since), reverse=True))


def _fits(digest: str, prefix: DigestPrefix) -> bool:
    return digest.partition(":")[2].startswith(prefix)
