"""Facts as lines of a journal."""

from __future__ import annotations

import hashlib
from functools import cache

import msgspec

from collector.archive.facts.absent import AbsentFact
from collector.archive.facts.config import ConfigFact
from collector.archive.facts.docker_hub import HubFact
from collector.archive.facts.forms import with_patterns
from collector.archive.facts.index import IndexFact
from collector.archive.facts.inventory import InventoryFact
from collector.archive.facts.kept_text import TextFact
from collector.archive.facts.layer import LayerFact
from collector.archive.facts.manifest import ManifestFact
from collector.archive.facts.observation import ObservationFact
from collector.archive.facts.package_list import PackagesFact
from collector.archive.facts.raw import RawFact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.facts.statement import StatementFact
from collector.archive.facts.step import StepFact
from collector.archive.line_sums import is_damaged
from collector.model.json_text import NOT_DECODABLE

PageFact = StepFact | LayerFact | ConfigFact | ManifestFact | IndexFact | TextFact
"""The facts made from repo-info pages."""
RegistryFact = RawFact | StatementFact | AbsentFact | HubFact
"""The facts made from answers of registries."""
PackageFact = PackagesFact | InventoryFact
"""The facts about packages, from pages and registries; since format 2."""
Fact = ObservationFact | PageFact | RegistryFact | PackageFact

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Fact)


def encode_fact(fact: Fact) -> bytes:
    """One canonical line without a sum, with its line feed."""
    return _ENCODER.encode(fact) + b"\n"


def decode_fact(line: bytes, shared: SharedValues | None = None) -> Fact:
    """One line, with or without a sum.

    Args:
        line: with its line feed.
        shared: the values of other lines, which this one then shares.

    Raises:
        msgspec.MsgspecError: it is not a fact, and the message ends with the path to the bad field; or it is damaged.
    """
    if is_damaged(line):
        raise msgspec.ValidationError("its sum is that of another text")
    try:
        fact: Fact = _DECODER.decode(line)
        (shared or SharedValues()).replace_in(fact)
    except NOT_DECODABLE as error:
        raise _exact_fault(line) or error from None
    return fact


def _exact_fault(line: bytes) -> Exception | None:
    """Decode a line once more, with the pattern of each text: the first fault in it, with its path."""
    try:
        _exact_decoder().decode(line)
    except RecursionError:
        return msgspec.ValidationError("nested too deeply")
    except NOT_DECODABLE as error:
        return error
    return None


@cache
def _exact_decoder() -> msgspec.json.Decoder[object]:
    return msgspec.json.Decoder(with_patterns(Fact))


def is_canonical(line: bytes) -> bool:
    """Whether a line without a sum is canonical JSON."""
    try:
        return _ENCODER.encode(msgspec.json.decode(line)) + b"\n" == line
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False


def content_id(content: bytes) -> str:
    """The sha256 of the content of a step or a kept page, in hex. The id of a step is its first 16 digits."""
    return hashlib.sha256(content).hexdigest()
