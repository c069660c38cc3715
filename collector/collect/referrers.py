"""SBOMs that refer to an image instead of standing in its index, as cosign, oras and GitHub attach them.

They are asked for where the configuration wants it: one request for each new image. A registry that has no lists of
referrers is not asked again in the same run.
"""

from __future__ import annotations

import logging

from collector.collect.run_context import ImageContext
from collector.collect.statement_reader import StatementReader
from collector.collect.worker_pool import Routine, ask
from collector.errors import InvalidValue, NotFoundInRegistry, UntrustedAnswer
from collector.model.digests import Digest
from collector.model.documents import Descriptor, parse_manifest
from collector.registry.client import RawManifest
from collector.sbom.formats import is_sbom

_KINDS = (
    "application/spdx+json",
    "application/vnd.cyclonedx+json",
    "application/vnd.dev.sigstore.bundle.",
    "application/vnd.dsse.envelope.",
    "application/vnd.in-toto+json",
    "text/spdx+json",
)
"""What artifact types of SBOMs, and of attestations that may be such, begin with; and media types of their layers."""
_PREDICATE = ("dev.sigstore.bundle.predicateType", "in-toto.io/predicate-type")
"""Annotations that say what an attestation is about."""
_MAX_SBOMS = 10
"""The number of SBOMs of one image that are read."""

_LOG = logging.getLogger(__name__)


class ReferrerReader:
    """The referrers of one image's manifests."""

    def __init__(self, image: ImageContext, statements: StatementReader) -> None:
        self._run = image.run
        self._repository = image.repository
        self._statements = statements

    @property
    def is_wanted(self) -> bool:
        """Whether the registry is to be asked, and offers lists of referrers as far as this run knows."""
        return self._run.options.referrers and self._repository.registry not in self._run.without_referrers

    def list_sboms(self, manifest: Digest) -> Routine[list[Descriptor]]:
        """The manifests of SBOMs that refer to the manifest of an image."""
        try:
            listed = yield from ask(self._list, manifest)
        except (NotFoundInRegistry, UntrustedAnswer) as error:
            _LOG.warning("image=%s event=no-referrers reason=%s", self._repository.familiar, error)
            return []
        return [entry for entry in listed if _may_be_sbom(entry)][:_MAX_SBOMS]

    def _list(self, manifest: Digest) -> tuple[Descriptor, ...]:
        """Asks, unless an answer has shown meanwhile that the registry has no such lists."""
        if not self.is_wanted:
            return ()
        listed = self._run.client.list_referrers(self._repository, manifest)
        if listed is None:
            self._run.without_referrers.add(self._repository.registry)
        return listed or ()

    def read(self, got: RawManifest, attested: Digest) -> Routine[None]:
        """Adds the packages of an SBOM whose manifest was pulled."""
        try:
            document = parse_manifest(got.raw, got.media_type)
        except InvalidValue as error:
            _LOG.warning("image=%s event=no-sbom reason=%s", self._repository.familiar, error)
            return
        if document.subject is not None and document.subject.digest == attested:
            for layer in document.layers[:_MAX_SBOMS]:
                if layer.media_type.startswith(_KINDS):
                    yield from self._statements.read(layer, attested)


def _may_be_sbom(entry: Descriptor) -> bool:
    """Whether an entry may be an SBOM: by its artifact type, if the list has it, and by its annotated predicate."""
    annotations = dict(entry.annotations)
    predicates = [annotations[name] for name in _PREDICATE if name in annotations]
    is_kind = not entry.artifact_type or entry.artifact_type.startswith(_KINDS)
    return is_kind and all(map(is_sbom, predicates))
