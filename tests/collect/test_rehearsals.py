"""A history that is tried out: collections as of given times, from a real registry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.archive.facts import ObservationFact
from collector.archive.visits import last_visits
from collector.cli import main
from collector.errors import UsageError
from collector.model.times import Time
from tests.collect.conftest import Desk
from tests.pages.archives import files_of, iter_items
from tests.support.registry import RunningRegistry, push_image, raw_image

FIRST, SECOND = Time("2026-11-01T06:00:00Z"), Time("2026-11-08T06:00:00Z")


def observations(desk: Desk) -> list[ObservationFact]:
    return [fact for fact in desk.facts() if isinstance(fact, ObservationFact)]


def test_a_history_can_be_tried_out(registry: RunningRegistry, app: str, desk: Desk) -> None:
    name = f"{registry.address}/{app}"
    digests = []
    for time, content in ((FIRST, "old"), (SECOND, "new")):
        image = raw_image(content=content)
        push_image(registry, app, image, tag="1")
        assert desk.collect(name, rehearsal=time).failed == 0
        digests.append(image.digest)
    assert desk.seen(f"{name}:1") == list(zip((FIRST, SECOND), digests, strict=True))
    assert [fact.rehearsed for fact in observations(desk)] == [True, True]
    assert last_visits(desk.root).of_repository(name) == SECOND
    desk.check()


def test_a_real_collection_continues_from_it(registry: RunningRegistry, app: str, desk: Desk) -> None:
    """What has not changed keeps its rehearsed time, and what has changed is not marked."""
    name = f"{registry.address}/{app}"
    push_image(registry, app, raw_image(), tag="1")
    desk.collect(name, rehearsal=FIRST)
    assert desk.collect(name).changed == 0
    push_image(registry, app, raw_image(content="new"), tag="1")
    assert desk.collect(name).changed == 1
    assert [(fact.time, fact.rehearsed) for fact in observations(desk)] == [(FIRST, True), (desk.now, False)]


@pytest.mark.parametrize(
    ("time", "message"),
    [("2026-11-20T08:00:01Z", "this is in the future"), ("2026-11-08T05:59:59Z", f"observations of .* until {SECOND}")],
)
def test_only_the_end_of_a_history_can_be_rehearsed(
    registry: RunningRegistry, app: str, desk: Desk, time: str, message: str
) -> None:
    name = f"{registry.address}/{app}"
    push_image(registry, app, raw_image(), tag="1")
    desk.collect(name, rehearsal=SECOND)
    before = desk.facts()
    with pytest.raises(UsageError, match=message):
        desk.collect(name, rehearsal=Time(time))
    assert desk.facts() == before
    assert desk.collect(name, rehearsal=SECOND).changed == 0


def test_another_image_may_begin_earlier(registry: RunningRegistry, app: str, desk: Desk) -> None:
    for path, time in ((app, SECOND), (f"{app}-2", FIRST)):
        push_image(registry, path, raw_image(), tag="1")
        assert desk.collect(f"{registry.address}/{path}", rehearsal=time).changed == 1


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_pages_and_history_say_so(registry: RunningRegistry, app: str, tmp_path: Path) -> None:
    root, name = tmp_path / "archive", f"{registry.address}/{app}"
    for day, content in (("2017-11-01", "old"), ("2017-11-08", "new")):
        push_image(registry, app, raw_image(content=content), tag="1")
        assert run("collect", name, "--archive", root, "--rehearse", day).exit_code == 0
    push_image(registry, app, raw_image(content="newest"), tag="1")
    assert run("collect", name, "--archive", root).exit_code == 0
    states = json.loads(run("history", f"{name}:1", "--archive", root, "--json").stdout)["states"]
    assert [state["is_rehearsed"] for state in states] == [False, True, True]
    newest, *others = run("history", f"{name}:1", "--archive", root, "--states").stdout.splitlines()
    assert not newest.endswith("rehearsal")
    assert [line[:16] for line in others if line.endswith(" · a rehearsal")] == ["2017-11-08 23:59", "2017-11-01 23:59"]
    files = dict(files_of(iter_items(root)))
    pages = [path for path, content in files.items() if content.startswith(b"#") and b"**A rehearsal**" in content]
    image = f"repos/{name.replace(':', '+')}"
    assert pages == [f"{image}/index.html", f"{image}/1/index.html"]
    rows = json.loads(files[f"api/v1/{image}/1/history.json"])["changes"]
    assert [row.get("is_rehearsed", False) for row in rows] == [False, True, True]
    assert run("resolve", f"{name}:1", "--as-of", "2017-11-05", "--archive", root).stdout.count("@sha256:") == 1
    assert run("verify", "--archive", root).exit_code == 0


def test_an_invalid_time_is_a_usage_error(tmp_path: Path) -> None:
    result = run("collect", "app", "--archive", tmp_path / "archive", "--rehearse", "yesterday")
    assert (result.exit_code, "not a date" in result.stderr) == (2, True)
    assert not (tmp_path / "archive").exists()
