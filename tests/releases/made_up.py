"""Invented histories: a test names only the parts that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from collector.diff.differ import Differ
from collector.model.images import Gone, Image, State, Step
from collector.model.platforms import Platform
from collector.model.timelines import Period
from collector.model.times import Time, time_of
from collector.releases import ImageUpdates, Release, TagState, releases_of
from tests.diff.builders import image, layer, state

AMD64, ARM, S390X = (Platform(os="linux", architecture=name) for name in ("amd64", "arm64", "s390x"))
WINDOWS = Platform(os="windows", architecture="amd64", os_version="10.0.14393.1770")
START = datetime(2018, 1, 1, tzinfo=UTC)

Shown = Sequence[Image] | Gone | None


def built(platform: Platform = AMD64, *, version: str = "1", run: str = "make", base: int = 1, again: int = 0) -> Image:
    """An image of a Dockerfile with a version and a step, on a base that was made on a day of 2017."""
    day = Time(f"2017-01-{base:02}T00:00:00Z")
    name = f"{platform} {version} {run} {base} {again}"
    steps = (
        Step(created=day, text="ADD file:" + f"{base:064x}" + " in /"),
        Step(created=day, text='CMD ["bash"]'),
        Step(created=day, text=f"ENV TOOL_VERSION={version}"),
        Step(created=day, text=f"RUN {run}"),
    )
    return image(name, *steps, platform=platform, layers=(layer(f"base {platform} {base}"), layer(name)))


def base_of(platform: Platform = AMD64, base: int = 1) -> Image:
    """The base of such an image."""
    above = built(platform, base=base)
    return image(f"base {platform} {base}", *above.config.history[:2], platform=platform, layers=above.layers[:1])


def on(*platforms: Platform, version: str = "1", run: str = "make", base: int = 1) -> list[Image]:
    return [built(platform, version=version, run=run, base=base) for platform in platforms]


def state_of(images: Sequence[Image]) -> State:
    """An index of these images, and of nothing else."""
    return state(*images)


def history(*shown: tuple[float, Shown]) -> list[TagState]:
    """States by the day, from the first of January, on which each began."""
    times = [time_of(START + timedelta(days=day)) for day, _ in shown]
    periods, states = [], {}
    for since, until, (_, images) in zip(times, [*times[1:], None], shown, strict=True):
        found = state_of(images) if images is not None and not isinstance(images, str) else None
        if found:
            states[found.digest] = found
        periods.append(
            Period(
                tag="1",
                since=since,
                until=until,
                source="test",
                digest=found.digest if found else None,
                gone=images if isinstance(images, str) else None,
            )
        )
    return [
        TagState(period=period, state=states[period.digest] if period.digest else None, reasons=change.reasons)
        for period, change in Differ().history(periods, states.__getitem__)
    ]


def fold(*shown: tuple[float, Shown], until: float = 0) -> tuple[Release, ...]:
    """The releases of such a history, of which the archive knows up to its last state or a later day."""
    states = history(*shown)
    known = max(states[-1].period.since, time_of(START + timedelta(days=until)))
    return releases_of(states, ImageUpdates(Differ().images).between, known_until=known)
