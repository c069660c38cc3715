"""After a kill at any moment, the archive has no faults, and the next run gives the result of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.archive.verify import verify
from tests.cli.processes import COMMAND
from tests.collect.conftest import Desk
from tests.collect.image_store import Shelf
from tests.support.registry import RunningRegistry, attestation_of, push_image, push_index, raw_image
from tests.support.stub import Reply, Seen, reply

MOMENTS = 25

_FORKER = """
import os, signal, sys, time
from pathlib import Path
from collector.archive.store import Archive
from collector.collect.run import collect
from collector.collect.run_context import CollectOptions
from collector.collect.selection import from_arguments
from collector.registry.client import RegistryClient

def run(archive, image):
    with RegistryClient(environment={}) as client:
        collect(
            client, Archive(Path(archive), create=True), from_arguments([image]),
            now=lambda: "2026-11-20T08:00:00Z", options=CollectOptions(threads=4),
        )

for line in sys.stdin:
    archive, image, delay = line.split()
    child = os.fork()
    if child == 0:
        run(archive, image)
        os._exit(0)
    time.sleep(float(delay))
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    print(os.WIFSIGNALED(status), flush=True)
"""


class Killer:
    """Runs collections in separate processes that are ready at once, and kills them after a while."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def kill(self, archive: Path, name: str, delay: float) -> bool:
        """Whether it was still running."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{archive} {name} {delay}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline() == "True\n"


@contextmanager
def running_killer() -> Iterator[Killer]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", _FORKER], text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Killer(process)
        process.stdin.close()


@pytest.fixture
def full(registry: RunningRegistry, app: str) -> str:
    """A repository with much in common between its tags."""
    shared = raw_image(architecture="s390x")
    for number in range(8):
        one = raw_image(content=str(number))
        push_index(registry, app, f"v{number}", [one, raw_image(architecture="arm64"), shared, attestation_of(one)])
        push_image(registry, app, one, tag=f"single{number}")
    push_index(registry, app, "latest", [raw_image(content="7"), raw_image(architecture="arm64"), shared])
    return f"{registry.address}/{app}"


@pytest.mark.slow
def test_a_run_that_is_killed_and_then_completed_equals_an_undisturbed_one(full: str, tmp_path: Path) -> None:
    undisturbed = Desk(tmp_path / "undisturbed")
    began = time.monotonic()
    assert undisturbed.collect(full).changed == 17
    took = time.monotonic() - began
    expected, chance, killed, cut = undisturbed.timeless(), random.Random(50), 0, 0
    with running_killer() as killer:
        for number in range(MOMENTS * 10):
            root, delay = tmp_path / str(number), chance.uniform(0, took)
            if killer.kill(root, full, delay):
                killed += 1
            else:  # it was done before: runs take less time now than was thought
                took = delay
            desk = Desk(root)
            assert [fault for fault in verify(desk.archive) if not fault.is_torn] == []
            cut += 0 < len(desk.facts()) < len(expected)
            assert desk.collect(full).failed == 0
            assert desk.timeless() == expected
            desk.check()
            if killed == MOMENTS:
                break
    assert killed == MOMENTS
    assert cut > 0


def test_a_second_run_at_the_same_time_stops_with_an_error(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    shelf.point("1", raw_image())
    asked, answer = threading.Event(), threading.Event()
    good = shelf.stub.routes[shelf.manifest_path("1")]

    def wait(seen: Seen) -> Reply:
        asked.set()
        answer.wait(30)
        return good(seen)

    shelf.stub.on(shelf.manifest_path("1"), wait)
    line = [*COMMAND, "collect", f"{shelf.name}:1", "--archive", str(desk.root)]
    with subprocess.Popen(line, stdout=subprocess.PIPE) as first:
        assert asked.wait(30)
        second = subprocess.run(line, capture_output=True, text=True, check=False)
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr == (
            f"repo-info: {desk.root}: another process is writing to it "
            "(wait until that process is done, then run the same command again)\n"
        )
        answer.set()
        out, _ = first.communicate()
    assert (first.returncode, out) == (0, b"1 image, 1 tag looked at: 1 changed, 0 gone; 1 pull\n")


def test_an_interruption_does_not_wait_for_the_registry(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    shelf.point("1", raw_image())
    asked, answer = threading.Event(), threading.Event()

    def wait(seen: Seen) -> Reply:
        asked.set()
        answer.wait(30)
        return reply("", 500)

    shelf.stub.on(shelf.manifest_path("1"), wait)
    line = [*COMMAND, "collect", f"{shelf.name}:1", "--archive", str(desk.root)]
    with subprocess.Popen(line, stderr=subprocess.PIPE) as process:
        assert asked.wait(30)
        os.kill(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
        answer.set()
    assert process.returncode == 130
    assert told == b"repo-info: interrupted; the archive is intact (run the same command again to continue)\n"
