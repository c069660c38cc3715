"""States, images and configs from the exact raw text that a registry gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TypeVar

import msgspec

from collector.archive.facts import AbsentFact, RawFact, StatementFact
from collector.errors import InvalidValue
from collector.model.configs import parse_config
from collector.model.digests import Digest, parse_digest
from collector.model.documents import (
    SCHEMA_1_TYPES,
    Descriptor,
    ManifestDocument,
    parse_index,
    parse_manifest,
)
from collector.model.images import INDEX_TYPES, Artifact, Config, Image, Layer, MediaType, State, Statement, Step
from collector.model.platforms import Platform
from collector.model.schema1 import parse_schema_1

T = TypeVar("T", str, Layer, Step, Image)

_REFERENCE_TYPE = "vnd.docker.reference.type"
_REFERENCE_DIGEST = "vnd.docker.reference.digest"
_ATTESTATION = "attestation-manifest"
_ATTESTATION_ARTIFACT = "application/vnd.docker.attestation.manifest.v1+json"
_IN_TOTO = "application/vnd.in-toto+json"
_UNKNOWN = Platform(os="unknown", architecture="unknown")
_UNSPECIFIED = Platform(os="unknown", architecture="unspecified")
"""The platform of a single image whose config names none. It can be pulled, and must not be taken for an
attestation.
"""
_ATTACHED = (
    "application/vnd.dev.cosign.",
    "application/vnd.dev.sigstore.",
    "application/vnd.dsse.",
    "application/vnd.cyclonedx",
    "application/spdx",
    "text/spdx",
)
"""Media types of layers that are not file systems (cosign, specs/SIGNATURE_SPEC.md and SBOM_SPEC.md)."""
_MAX_DEPTH = 4
"""Levels of indexes within indexes; deeper ones are left out."""


class RawObjects:
    """The objects that the raw facts of a repository contain."""

    def __init__(
        self,
        raws: Mapping[str, RawFact],
        raw_configs: Mapping[str, RawFact],
        layers: Mapping[str, Layer],
        statements: Mapping[str, StatementFact],
        absent: Mapping[str, AbsentFact],
    ) -> None:
        self._raws = raws
        self._raw_configs = raw_configs
        self._layers = layers
        self._statements = statements
        self._absent = absent
        self._configs: dict[Digest, Config] = {}
        self._known: dict[object, object] = {}
        """Equal parts of configs and manifests, each kept once: builds of one image differ in few parts, and copies
        would take two thirds of the memory of a large image's pages.
        """

    def state(self, digest: Digest) -> State | None:
        """The object of a digest; None if a part of it is missing or invalid."""
        raw = self._raws.get(digest)
        if raw is None:
            return None
        try:
            return self._state(raw)
        except InvalidValue:
            return None

    def _state(self, raw: RawFact) -> State | None:
        found: list[Image | Artifact] = []
        absent: list[Digest] = []
        annotations: tuple[tuple[str, str], ...] = ()
        if raw.media_type in INDEX_TYPES:
            annotations = parse_index(raw.content, raw.media_type).annotations
            for entry in iter_children(self._raws, raw):
                child = self.child(entry)
                if child is not None:
                    found.append(child)
                elif entry.digest in self._absent:
                    absent.append(entry.digest)
                else:
                    return None
        else:
            child = self._manifest(raw, None)
            if child is None:
                return None
            found.append(child)
        return State(
            digest=raw.digest,
            media_type=raw.media_type,
            all_images=tuple(one for one in found if isinstance(one, Image)),
            annotations=annotations,
            artifacts=tuple(one for one in found if isinstance(one, Artifact)),
            absent=tuple(absent),
        )

    def child(self, entry: Descriptor) -> Image | Artifact | None:
        """The object of one entry of an index; None if a part of it is missing."""
        raw = self._raws.get(entry.digest)
        return self._manifest(raw, entry) if raw else None

    def _manifest(self, raw: RawFact, entry: Descriptor | None) -> Image | Artifact | None:
        if raw.media_type in SCHEMA_1_TYPES:
            return parse_schema_1(raw.digest, raw.content, raw.media_type, self._layers)
        document = parse_manifest(raw.content, raw.media_type)
        attests = attested_by(entry, document)
        attached = _attached_kind(document)
        if attests is None and (attached or not document.is_image):
            kind = document.artifact_type or attached or (document.config and document.config.media_type) or "unknown"
            size = sum(layer.size for layer in document.layers)
            return Artifact(digest=raw.digest, kind=kind, size=size)
        config = self._config(document, is_attestation=attests is not None)
        if config is None:
            return None
        platform = entry.platform if entry and entry.platform else config.platform
        if platform.is_attestation and not (entry and entry.platform):
            platform = _UNSPECIFIED
        image = Image(
            manifest=raw.digest,
            media_type=raw.media_type,
            platform=_UNKNOWN if attests else platform,
            config=config,
            layers=tuple(self._layer(layer) for layer in document.layers),
            annotations=_together(entry.annotations if entry else (), document.annotations),
            attests=attests,
            statements=tuple(self._iter_statements(document)) if attests else (),
        )
        return self._once(image)

    def _config(self, document: ManifestDocument, *, is_attestation: bool) -> Config | None:
        if document.config is None:
            return None
        raw = self._raw_configs.get(document.config.digest)
        if raw is not None:
            if raw.digest not in self._configs:
                self._configs[raw.digest] = self._share(parse_config(raw.digest, raw.content))
            return self._configs[raw.digest]
        # Some versions of BuildKit give an attestation the config `{}`; nothing is missing without it.
        return Config(digest=document.config.digest, platform=_UNKNOWN) if is_attestation else None

    def _layer(self, descriptor: Descriptor) -> Layer:
        known = self._layers.get(descriptor.digest)
        layer = Layer(
            digest=descriptor.digest,
            size=descriptor.size,
            media_type=descriptor.media_type,
            last_modified=known.last_modified if known else None,
        )
        return self._once(layer)

    def _share(self, config: Config) -> Config:
        """An equal config that shares its texts with others."""
        once, runtime = self._once, config.runtime
        return msgspec.structs.replace(
            config,
            history=tuple(once(msgspec.structs.replace(step, text=once(step.text))) for step in config.history),
            runtime=runtime
            and msgspec.structs.replace(
                runtime,
                environment=tuple(map(once, runtime.environment)),
                labels=tuple((once(name), once(text)) for name, text in runtime.labels),
            ),
        )

    def _once(self, value: T) -> T:
        """An equal value that is known, or else this one."""
        found: T = self._known.setdefault(value, value)  # type: ignore[assignment]
        return found

    def _iter_statements(self, document: ManifestDocument) -> Iterator[Statement]:
        for layer in statement_layers(document):
            fact = self._statements.get(layer.digest)
            yield _statement(fact) if fact else statement_of(layer)


def _statement(fact: StatementFact) -> Statement:
    return Statement(
        digest=fact.digest,
        predicate_type=fact.predicate_type,
        size=fact.size,
        builder=fact.builder,
        source=fact.source,
        revision=fact.revision,
        packages=fact.packages,
    )


def statement_layers(document: ManifestDocument) -> tuple[Descriptor, ...]:
    """The layers of an attestation manifest that are statements. Others are to be ignored, according to BuildKit."""
    return tuple(layer for layer in document.layers if layer.media_type == _IN_TOTO)


def statement_of(layer: Descriptor) -> Statement:
    """A statement, as its descriptor alone describes it."""
    predicate_type = dict(layer.annotations).get("in-toto.io/predicate-type", "")
    return Statement(digest=layer.digest, predicate_type=predicate_type, size=layer.size)


def _together(
    of_entry: tuple[tuple[str, str], ...], of_manifest: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """The annotations of both. Those of the entry take precedence: its `created` is the time of the build, that of the
    manifest may be constant.
    """
    return tuple(sorted({**dict(of_manifest), **dict(of_entry)}.items()))


def _attached_kind(document: ManifestDocument) -> MediaType:
    """The kind of a classic cosign signature, attestation or SBOM. Its config is that of an image; only its layers
    differ.
    """
    kinds = {layer.media_type for layer in document.layers}
    return min(kinds) if kinds and all(kind.startswith(_ATTACHED) for kind in kinds) else ""


def attested_by(entry: Descriptor | None, document: ManifestDocument) -> Digest | None:
    """The manifest that an attestation manifest describes, in any of BuildKit's three forms; None for other
    manifests.
    """
    annotations = dict(entry.annotations) if entry else {}
    if annotations.get(_REFERENCE_TYPE) == _ATTESTATION:
        with suppress(InvalidValue):
            return parse_digest(annotations.get(_REFERENCE_DIGEST, ""))
    if document.artifact_type == _ATTESTATION_ARTIFACT and document.subject:
        return document.subject.digest
    return None


def iter_children(raws: Mapping[str, RawFact], raw: RawFact, depth: int = 1) -> Iterator[Descriptor]:
    """The manifests of an index and of the indexes within it."""
    for entry in parse_index(raw.content, raw.media_type).manifests:
        nested = raws.get(entry.digest)
        if nested is not None and nested.media_type in INDEX_TYPES:
            if depth < _MAX_DEPTH:
                yield from iter_children(raws, nested, depth + 1)
        else:
            yield entry
