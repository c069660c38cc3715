"""Hypothesis strategies for all states that a classic page can show."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import msgspec
from hypothesis import strategies as st

from collector.classic.sections import Section, assemble_section, parse_layer, parse_step, split_section
from collector.model.digests import NO_IMAGE_ID, Digest, unnamed_config
from collector.model.images import DOCKER_LIST, INDEX_TYPES, OCI_INDEX, Config, Image, Layer, State, Step
from collector.model.platforms import Platform
from collector.model.times import time_of

_HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
_WORD = st.text(string.ascii_letters + string.digits + ".-_", min_size=1, max_size=12)
_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=40)
_SPAN = st.text(st.characters(codec="utf-8", exclude_characters="\n`"), max_size=40)
_TEXT = st.text(st.characters(codec="utf-8"), max_size=80)
_WORDS = st.none() | st.lists(_TEXT, max_size=4).map(tuple)

digests = st.builds(lambda text: Digest(f"sha256:{text}"), _HEX)
image_ids = digests | st.builds(lambda text: Digest(f"v1:{text}"), _HEX)
times = st.datetimes(min_value=datetime(1, 1, 1)).map(lambda moment: time_of(moment.replace(tzinfo=UTC)))  # noqa: DTZ001
steps = st.builds(Step, created=times, text=_TEXT)
layers = st.builds(
    Layer,
    digest=digests,
    size=st.integers(0, 10**18 - 1),
    media_type=_SPAN,
    last_modified=st.none() | times,
) | st.builds(
    Layer, digest=digests, size=st.just(0), has_size=st.just(False), media_type=_SPAN, last_modified=st.none() | times
)
_features = st.lists(_WORD, max_size=2).map(tuple)
platforms = st.builds(
    Platform,
    os=_WORD,
    architecture=_WORD,
    variant=st.just("") | _WORD,
    os_version=st.just("") | _WORD,
    os_features=_features,
    features=_features,
)


@st.composite
def images(draw: st.DrawFn) -> Image:
    """A platform, as a section of a page shows it."""
    platform = draw(platforms)
    config = Config(
        digest=draw(image_ids | st.just(Digest(NO_IMAGE_ID))),
        platform=platform,
        history=tuple(draw(st.lists(steps, max_size=4))),
        docker_version=draw(st.none() | _LINE),
        entrypoint=draw(_WORDS),
        cmd=draw(_WORDS),
        shell=draw(_WORDS),
    )
    if config.digest == NO_IMAGE_ID:
        config = msgspec.structs.replace(config, digest=unnamed_config(msgspec.json.encode(config)))
    return Image(
        manifest=draw(digests),
        media_type=draw(_SPAN.filter(lambda text: text not in INDEX_TYPES)),
        platform=platform,
        config=config,
        layers=tuple(draw(st.lists(layers, max_size=3))),
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    """An index, or a single manifest."""
    if draw(st.booleans()):
        one = draw(images())
        return State(digest=one.manifest, media_type=one.media_type, all_images=(one,))
    media_type = draw(st.sampled_from([DOCKER_LIST, OCI_INDEX]))
    return State(digest=draw(digests), media_type=media_type, all_images=tuple(draw(st.lists(images(), max_size=3))))


def parse_section(platform: Platform, body: str) -> Section:
    """Read a section below its heading line.

    Raises:
        InvalidValue: the form is unknown.
    """
    text = split_section(body)
    return assemble_section(platform, text.head, map(parse_step, text.steps), map(parse_layer, text.layers))
