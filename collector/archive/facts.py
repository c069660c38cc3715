"""The facts of a journal, one JSON object a line, told apart by their key `fact`.

ARCHITECTURE.md has the table of what each says. They refer to one another by digest or id; the
values that the rest of the program speaks in (collector.model) are resolved from them.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

from collector.model import digests, times
from collector.model.digests import Digest
from collector.model.images import Gone, MediaType
from collector.model.platforms import Platform
from collector.model.times import Time


def _whole(pattern: str) -> msgspec.Meta:
    """A pattern of a schema, as Python must have it: `$` alone would let a line feed through at the end."""
    return msgspec.Meta(pattern=pattern.removesuffix("$") + r"\Z")


_Digest = Annotated[Digest, _whole(digests.PATTERN)]
_Time = Annotated[Time, _whole(times.PATTERN)]
_StepId = Annotated[str, _whole(r"^(?:[0-9a-f]{16}|[0-9a-f]{64})$")]
_TextId = Annotated[str, _whole(r"^[0-9a-f]{64}$")]
_Size = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
_Tag = Annotated[str, _whole(r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
PAGE_SOURCE = "git:"
"""What the source of an observation made from a page begins with; a commit's id follows."""

_Words = tuple[str, ...] | None


class _Fact(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="fact",
    forbid_unknown_fields=False,
    gc=False,
):
    """Unknown keys are left for later versions of the same format to use."""


class StepFact(_Fact, frozen=True, kw_only=True, tag="step"):
    id: _StepId
    text: str


class LayerFact(_Fact, frozen=True, kw_only=True, tag="layer"):
    digest: _Digest
    size: _Size
    media_type: MediaType
    last_modified: _Time | None = None


class ConfigFact(_Fact, frozen=True, kw_only=True, tag="config"):
    digest: _Digest
    platform: Platform
    history: tuple[tuple[_Time | None, _StepId], ...] = ()
    """When, and the id of the step."""
    docker_version: str | None = None
    entrypoint: _Words = None
    cmd: _Words = None
    shell: _Words = None


class ManifestFact(_Fact, frozen=True, kw_only=True, tag="manifest"):
    digest: _Digest
    media_type: MediaType
    config: _Digest
    layers: tuple[_Digest, ...]


class IndexEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    digest: _Digest
    platform: Platform


class IndexFact(_Fact, frozen=True, kw_only=True, tag="index"):
    digest: _Digest
    media_type: MediaType
    manifests: tuple[IndexEntry, ...]


class TextFact(_Fact, frozen=True, kw_only=True, tag="text"):
    """A classic page, or one section of it, kept as it was. Bytes that are no UTF-8 are kept in base64."""

    id: _TextId
    text: str | None = None
    base64: bytes | None = None

    @property
    def content(self) -> bytes:
        """The bytes that were kept."""
        return self.base64 if self.base64 is not None else (self.text or "").encode()


class ObservationFact(_Fact, frozen=True, kw_only=True, tag="observation"):
    tag: _Tag
    time: _Time
    source: str
    digest: _Digest | None = None
    announced: _Digest | None = None
    """What the registry calls the digest, where that is something else: some get it wrong, and HEAD repeats it."""
    gone: Gone | None = None
    page: _TextId | None = None
    """Id of the text of the whole page, where it was kept."""
    sections: dict[str, _TextId] | None = None
    """Ids of the texts of single sections, by their place from 0, where these were kept."""
    form: Literal["counted"] | None = None
    """How the classic page was written, where it was not in the usual form."""


class RawFact(_Fact, frozen=True, kw_only=True, tag="raw"):
    """An index, manifest or config exactly as a registry gave it, so that anyone can hash it again."""

    digest: _Digest
    media_type: MediaType
    text: str | None = None
    base64: bytes | None = None
    """Instead of `text`, for bytes that are no UTF-8."""

    @property
    def content(self) -> bytes:
        """The exact bytes."""
        return self.base64 if self.base64 is not None else (self.text or "").encode()


class StatementFact(_Fact, frozen=True, kw_only=True, tag="statement"):
    """What was read from an attestation; the statement itself is not kept."""

    digest: _Digest
    predicate_type: str
    size: _Size
    builder: str = ""
    source: str = ""
    revision: str = ""
    packages: int | None = None


class AbsentFact(_Fact, frozen=True, kw_only=True, tag="absent"):
    """An index names this manifest, and the registry does not have it."""

    digest: _Digest
    time: _Time


class HubImage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    platform: Platform
    digest: _Digest | None = None
    size: _Size | None = None
    status: str = ""
    pushed: _Time | None = None


class HubFact(_Fact, frozen=True, kw_only=True, tag="hub"):
    """What Docker Hub's own API says of a tag, beside its manifest."""

    tag: _Tag
    time: _Time
    pushed: _Time | None = None
    status: str = ""
    media_type: MediaType = ""
    digest: _Digest | None = None
    images: tuple[HubImage, ...] = ()


PageFact = StepFact | LayerFact | ConfigFact | ManifestFact | IndexFact | TextFact
"""From repo-info pages."""
RegistryFact = RawFact | StatementFact | AbsentFact | HubFact
"""From registries."""
Fact = ObservationFact | PageFact | RegistryFact

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Fact)


def encode_fact(fact: Fact) -> bytes:
    """One canonical line, with its line feed."""
    return _ENCODER.encode(fact) + b"\n"


def decode_fact(line: bytes) -> Fact:
    """One line.

    Raises:
        msgspec.MsgspecError: it is no fact; the message ends with the path to the bad field.
    """
    try:
        fact: Fact = _DECODER.decode(line)
    except RecursionError:
        raise msgspec.ValidationError("nested too deeply") from None
    return fact


def content_id(content: bytes) -> str:
    """The sha256 of a step's or a kept page's content, in hex. A step goes by the first 16 digits of it."""
    return hashlib.sha256(content).hexdigest()


def key_of(fact: Fact) -> tuple[str, ...]:
    """What makes a fact the same fact: two with one key are a duplicate, or a contradiction."""
    match fact:
        case StepFact() | TextFact():
            return (type(fact).__name__, fact.id)
        case ObservationFact():
            return ("ObservationFact", fact.tag, fact.time, fact.source)
        case HubFact():
            return ("HubFact", fact.tag, fact.time)
        case _:
            return (type(fact).__name__, fact.digest)
