"""The image that an attestation describes, if no page tells it."""

from __future__ import annotations

import msgspec

from collector.model.images import Subject
from collector.model.platforms import Platform
from tests.diff.builders import image, named, state

UNKNOWN = Platform(os="unknown", architecture="unknown")


def test_an_attestation_after_an_image_describes_it() -> None:
    first, second = image("first"), image("second")
    one, two = image("one", platform=UNKNOWN), image("two", platform=UNKNOWN)
    assert state(first, one, second, two).subjects == {
        one.manifest: Subject(first.manifest, is_deduced=True),
        two.manifest: Subject(second.manifest, is_deduced=True),
    }


def test_an_ambiguous_order_deduces_nothing() -> None:
    first, second = image("first"), image("second")
    one, two = image("one", platform=UNKNOWN), image("two", platform=UNKNOWN)
    assert state(one, first).subjects == {}
    assert state(first, second, one, two).subjects == {}


def test_an_attestation_takes_precedence() -> None:
    first, one = image("first"), image("one", platform=UNKNOWN)
    said = msgspec.structs.replace(one, attests=named("other"))
    assert state(first, said).subjects == {said.manifest: Subject(named("other"), is_deduced=False)}
