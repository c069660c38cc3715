"""Hypothesis strategies for arbitrary states."""

from __future__ import annotations

from hypothesis import strategies as st

from collector.model.images import Config, Image, Layer, State, Step
from collector.model.platforms import Platform
from collector.model.times import Time
from tests.diff.builders import named

TEXTS = st.one_of(
    st.sampled_from(
        [
            "ADD file:" + "0" * 64 + " in /",
            "ENV A=1 B=2",
            "ENV A=2",
            "EXPOSE map[80/tcp:{}]",
            "VOLUME [/data]",
            "LABEL <script>=](javascript:x)",
            "WORKDIR \u202e..",
            "CMD []",
            "RUN Install update 10",
            "HEALTHCHECK NONE",
            "ENV =",
            "#(nop) ",
        ]
    ),
    st.text(max_size=20),
)
TIMES = st.sampled_from([None, *map(Time, ("2018-01-29T12:00:00Z", "2018-01-30T12:00:00Z", "0000-99-99T99:99:99Z"))])
PLATFORMS = st.builds(
    Platform,
    os=st.sampled_from(["linux", "windows", "unknown"]),
    architecture=st.sampled_from(["amd64", "unknown"]),
    variant=st.sampled_from(["", "v8"]),
    os_version=st.sampled_from(["", "10.0.1.1", "10.0.1.2", "10.0.2.1"]),
)
DIGESTS = st.sampled_from([named(str(number)) for number in range(6)])
LAYERS = st.builds(
    lambda number: Layer(digest=named(str(number)), size=number, media_type=".foreign." * (number % 2)),
    st.integers(min_value=0, max_value=6),
)
WORDS = st.one_of(st.none(), st.lists(st.text(max_size=3), max_size=3).map(tuple))
IMAGES = st.builds(
    Image,
    manifest=DIGESTS,
    media_type=st.just("m"),
    platform=PLATFORMS,
    config=st.builds(
        Config,
        digest=DIGESTS,
        platform=PLATFORMS,
        history=st.lists(st.builds(Step, created=TIMES, text=TEXTS), max_size=6).map(tuple),
        docker_version=st.sampled_from([None, "1"]),
        entrypoint=WORDS,
        cmd=WORDS,
        shell=WORDS,
    ),
    layers=st.lists(LAYERS, max_size=4).map(tuple),
)
STATES = st.builds(
    State, digest=DIGESTS, media_type=st.sampled_from(["a", "b"]), all_images=st.lists(IMAGES, max_size=4).map(tuple)
)
