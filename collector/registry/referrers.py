"""The manifests that refer to another one (distribution-spec, "Listing Referrers")."""

from __future__ import annotations

from collector.errors import InvalidValue, UntrustedAnswer
from collector.model.digests import Digest
from collector.model.documents import MAX_ENTRIES, Descriptor, parse_index
from collector.model.images import OCI_INDEX
from collector.model.references import Repository
from collector.registry.endpoint import Endpoint
from collector.registry.error_answers import raise_for
from collector.registry.media_types import plain_type
from collector.registry.pagination import iter_pages

_NOT_OFFERED = frozenset({400, 404, 405, 406, 501})


def list_referrers(endpoint: Endpoint, repository: Repository, digest: Digest) -> tuple[Descriptor, ...] | None:
    """The manifests that refer to a manifest, each once; None if the registry has no such lists.

    Raises:
        UntrustedAnswer: the list is invalid, or does not end.
    """
    subject = f"{repository.name}@{digest}"
    found: dict[Digest, Descriptor] = {}
    url = f"{endpoint.url}{repository.path}/referrers/{digest}"
    for answer in iter_pages(endpoint, repository, url, subject, OCI_INDEX):
        is_index = plain_type(answer.header("Content-Type")) == OCI_INDEX
        if answer.status in _NOT_OFFERED or (answer.status == 200 and not is_index):
            return None
        raise_for(answer, subject)
        try:
            found |= {entry.digest: entry for entry in parse_index(answer.body, OCI_INDEX).manifests}
        except InvalidValue as error:
            raise UntrustedAnswer(f"{subject}: the list of referrers: {error}") from None
        if len(found) > MAX_ENTRIES:
            raise UntrustedAnswer(f"{subject}: more than {MAX_ENTRIES} referrers")
    return tuple(found.values())
