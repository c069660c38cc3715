"""Records the states in `fixtures/` from a real repo-info archive.

    python -m tests.diff.record_fixtures SOURCE       a git repository or bundle

A pair is a state with the one before it: what the tag's page said at the given moment, and what the last page said that
could be read. What comes out is compared with its golden file; see `test_real_pairs.py`.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from collector.archive.holdings import Holdings
from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.model.images import State
from collector.model.references import parse_repository
from collector.model.timelines import Period
from tests.diff.cases import FIXTURES, History, Pair

PAIRS = [
    ("alpine", "3.1", "2016-09-23T17:38:49Z", "new-root"),
    ("alpine", "3.1", "2017-11-03T23:50:20Z", "only-metadata"),
    ("alpine", "3.1", "2017-05-10T19:08:57Z", "command"),
    ("alpine", "3.4", "2017-09-13T17:48:01Z", "became-an-index"),
    ("amazonlinux", "2016.09", "2017-09-12T21:55:13Z", "other-index"),
    ("busybox", "1-uclibc", "2018-01-09T03:52:52Z", "platforms-removed"),
    ("centos", "6", "2017-05-11T20:41:21Z", "label"),
    ("composer", "1.1", "2016-12-01T19:39:19Z", "volume-removed"),
    ("docker", "17.03-dind", "2017-03-30T21:42:51Z", "base-version"),
    ("gazebo", "gzserver4", "2017-01-27T22:40:58Z", "maintainer"),
    ("golang", "1.8-nanoserver", "2016-12-02T00:54:07Z", "shell"),
    ("hello-world", "latest", "2017-11-15T06:55:39Z", "windows-updated"),
    ("hello-world", "latest", "2017-11-02T00:49:56Z", "platform-added"),
    ("hello-world", "latest", "2017-09-15T17:46:42Z", "files-on-windows"),
    ("nats", "nanoserver", "2017-07-19T21:43:42Z", "many-settings"),
    ("nginx", "stable", "2017-04-19T20:42:26Z", "ports-and-signal"),
    ("nginx", "1.10", "2016-09-23T21:38:21Z", "base-moved"),
    ("node", "9-alpine", "2017-11-15T21:51:41Z", "version-before-other-platforms"),
    ("oraclelinux", "7.1", "2016-09-28T22:40:01Z", "rebuilt"),
    ("oraclelinux", "6", "2016-09-28T22:40:01Z", "same-image-id"),
    ("php", "7", "2016-12-19T20:41:05Z", "entrypoint"),
    ("python", "3.6-slim", "2017-07-19T00:46:26Z", "version"),
    ("python", "3.6-slim", "2016-09-16T21:43:12Z", "version-and-base"),
    ("redis", "3.0-alpine", "2017-05-18T22:40:25Z", "environment"),
    ("ros", "kinetic-ros-core", "2017-06-13T00:41:45Z", "version-inside-run"),
]
"""Image, tag, the moment of the state after, and what it is an example of."""

HISTORIES = [("oraclelinux", "7.1"), ("hello-world", "nanoserver"), ("centos", "5.11")]


def record(source: Path) -> None:
    images = {image for image, *_ in PAIRS} | {image for image, _ in HISTORIES}
    with TemporaryDirectory() as folder:
        archive = Archive(Path(folder) / "archive", create=True)
        import_source(source, archive, images=[parse_repository(image) for image in images])
        for image, pairs in groupby(PAIRS, key=lambda pair: pair[0]):
            for _, tag, since, example in pairs:
                write(f"{image}-{example}", record_pair(archive, image, tag, since))
        for image, tag in HISTORIES:
            write(f"{image}-{tag}-history", record_history(archive, image, tag))


def state_in(holdings: Holdings, period: Period) -> State | None:
    return holdings.state(period.digest) if period.digest else None


def record_pair(archive: Archive, image: str, tag: str, since: str) -> Pair:
    holdings = archive.load(parse_repository(image))
    states = [
        state for period in holdings.periods(tag) if period.since <= since and (state := state_in(holdings, period))
    ]
    return Pair(image=image, tag=tag, since=since, before=states[-2], after=states[-1])


def record_history(archive: Archive, image: str, tag: str) -> History:
    holdings = archive.load(parse_repository(image))
    periods = holdings.periods(tag)
    states = {period.digest: state for period in periods if (state := state_in(holdings, period))}
    return History(image=image, tag=tag, periods=periods, states=tuple(states.values()))


def write(name: str, value: Pair | History) -> None:
    (FIXTURES / f"{name}.json").write_bytes(msgspec.json.encode(value, order="sorted") + b"\n")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
