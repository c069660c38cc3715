"""The requests of a collection, one by one."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from tests.collect.conftest import Desk
from tests.collect.image_store import NO_NAME, PULL_LIMIT, UNKNOWN, Shelf
from tests.support.registry import raw_image
from tests.support.stub import Answering, Reply, Seen, reply


def test_an_unchanged_tag_costs_one_head_and_no_get(shelf: Shelf, desk: Desk) -> None:
    for number in range(300):
        if number % 3:
            shelf.put(raw_image(content=str(number)))
            shelf.point(f"t{number}", raw_image(content=str(number)))
        else:
            shelf.put_index([raw_image(content=str(number))], f"t{number}")
    assert desk.collect(shelf.name, threads=8).changed == 300
    shelf.forget()
    report = desk.collect(shelf.name, threads=8)
    assert (report.looked_at, report.changed, report.pulls) == (300, 0, 0)
    assert (shelf.heads(), shelf.gets()) == (300, [])
    assert [seen.path for seen in shelf.stub.seen if seen.method == "GET"] == [shelf.tags_path]
    shelf.forget()
    desk.collect(*(f"{shelf.name}:t{number}" for number in range(300)))
    assert [seen.method for seen in shelf.stub.seen] == ["HEAD"] * 300


def test_what_many_tags_share_is_fetched_once(shelf: Shelf, desk: Desk) -> None:
    shared = raw_image()
    for number in range(8):
        shelf.put_index([shared, raw_image(content=str(number))], f"own{number}")
    for number in range(8):
        shelf.put_index([shared, raw_image(architecture="arm64")], f"alias{number}")
    report = desk.collect(shelf.name, threads=16)
    assert (report.changed, report.pulls) == (16, 8 + 8 + 1 + 2)
    assert len(shelf.gets()) == len(set(shelf.gets())) == 19
    blobs = [seen.target for seen in shelf.stub.seen if seen.method == "GET" and "/blobs/" in seen.target]
    assert len(blobs) == len(set(blobs)) == 10
    desk.check()


def test_an_object_of_one_tag_is_not_fetched_again_for_another(shelf: Shelf, desk: Desk) -> None:
    shelf.put_index([raw_image()], "1")
    desk.collect(f"{shelf.name}:1")
    shelf.put_index([raw_image(), raw_image(architecture="arm64")], "2")
    shelf.point("3", raw_image())
    shelf.forget()
    assert desk.collect(shelf.name).pulls == 2
    assert raw_image().digest not in shelf.gets()


def test_a_dry_run_pulls_and_writes_nothing(shelf: Shelf, desk: Desk) -> None:
    shelf.put_index([raw_image(), raw_image(architecture="arm64")], "1")
    shelf.put_index([raw_image(), raw_image(architecture="arm64")], "alias")
    shelf.point("single", raw_image())
    shelf.point("silent", raw_image(), docker_content_digest="")
    report = desk.collect(shelf.name, is_dry=True)
    # The index and its two manifests, the single one, and the one of which only GET tells the digest.
    assert (report.looked_at, report.changed, report.pulls) == (4, 4, 5)
    assert (shelf.gets(), shelf.heads(), desk.facts()) == ([], 4, [])
    assert not (desk.root / "visits").exists()
    assert desk.collect(shelf.name).pulls == 4
    shelf.put_index([raw_image(content="new"), raw_image(architecture="arm64")], "1")
    shelf.drop("single")
    shelf.forget()
    before = desk.facts()
    report = desk.collect(shelf.name, is_dry=True)
    # A registry that does not say digests is asked by GET: whether the tag changed, a dry run cannot know.
    assert (report.images[0].changed, report.images[0].gone, report.pulls) == (["1", "silent"], ["single"], 4)
    assert (shelf.gets(), desk.facts()) == ([], before)


class Limit:
    """Allows this many pulls of manifests, and every HEAD."""

    def __init__(self, shelf: Shelf, pulls: int) -> None:
        self.left = pulls
        self._lock = threading.Lock()
        for path, route in list(shelf.stub.routes.items()):
            if "/manifests/" in path:
                shelf.stub.on(path, partial(self.answer, route))

    def answer(self, route: Answering, seen: Seen) -> Reply:
        with self._lock:
            self.left -= seen.method == "GET"
            return PULL_LIMIT if seen.method == "GET" and self.left < 0 else route(seen)


def test_a_limit_of_pulls_stops_the_pulls_and_the_next_runs_make_up_for_it(shelf: Shelf, desk: Desk) -> None:
    for number in range(6):
        shelf.put_index([raw_image(content=f"{number}{part}") for part in range(3)], f"t{number}")
    total, runs, limit = 0, 0, Limit(shelf, 9)
    while total < 6:
        runs += 1
        desk.at(f"2{runs}T08:00:00")
        limit.left = 9
        shelf.forget()
        report = desk.collect(shelf.name, threads=2)
        assert shelf.heads() == 6
        total += report.changed
        assert report.changed >= 1
        assert report.left == 6 - total
        assert (report.failed, report.looked_at) == (0, total)
        if report.left:
            assert (report.limit_reached, report.come_back) == (True, "2026-11-20T10:00:00Z")
            # One that was refused, or two that were under way.
            assert len(shelf.gets()) <= 9 + 2
        desk.check()
    assert 3 <= runs <= 4
    assert desk.collect(shelf.name).pulls == 0


def test_tags_that_were_left_come_first_in_the_next_run(shelf: Shelf, desk: Desk) -> None:
    for number in range(4):
        shelf.put(raw_image(content=str(number)))
        shelf.point(f"t{number}", raw_image(content=str(number)))
    Limit(shelf, 2)
    first = desk.collect(shelf.name, threads=1)
    assert first.images[0].left == ["t2", "t3"]
    desk.at("21T08:00:00")
    for number in range(4):
        shelf.put(raw_image(content=f"{number}b"))
        shelf.point(f"t{number}", raw_image(content=f"{number}b"))
    Limit(shelf, 2)
    assert desk.collect(shelf.name, threads=1).images[0].changed == ["t2", "t3"]
    assert [desk.seen(f"{shelf.name}:t{number}")[-1][1] for number in range(4)] == [
        raw_image(content=content).digest for content in ("0", "1", "2b", "3b")
    ]


def test_images_that_were_not_looked_at_for_longest_come_first(shelf: Shelf, desk: Desk) -> None:
    others = [Shelf(shelf.stub, f"team/x{number}") for number in range(3)]
    for one in others:
        one.put(raw_image())
        one.point("1", raw_image())
    for day, number in (("20", 1), ("21", 2), ("22", 0)):
        desk.at(f"{day}T08:00:00")
        desk.collect(others[number].name)
    shelf.forget()
    desk.at("23T08:00:00")
    desk.collect(*(one.name for one in others), threads=1)
    lists = [seen.path for seen in shelf.stub.seen if seen.method == "GET"]
    assert lists == [others[number].tags_path for number in (1, 2, 0)]


def test_a_head_that_is_limited_too_leaves_the_tag(shelf: Shelf, desk: Desk) -> None:
    shelf.put(raw_image())
    shelf.point("1", raw_image())
    desk.collect(shelf.name)
    shelf.answer("1", PULL_LIMIT)
    report = desk.collect(shelf.name)
    assert (report.left, report.looked_at, report.failed) == (1, 0, 0)


@pytest.mark.parametrize("listing", [NO_NAME, reply("no", 500), reply("<html>", 404, content_type="text/html")])
def test_a_list_of_tags_that_cannot_be_read(shelf: Shelf, desk: Desk, listing: Reply) -> None:
    shelf.stub.on(shelf.tags_path, listing)
    report = desk.collect(shelf.name)
    assert (report.failed, report.images[0].failed[0].tag) == (1, None)
    assert shelf.name in report.images[0].failed[0].reason


def test_a_list_that_shrinks_is_not_believed(shelf: Shelf, desk: Desk) -> None:
    for number in range(5):
        shelf.put(raw_image(content=str(number)))
        shelf.point(f"t{number}", raw_image(content=str(number)))
    desk.collect(shelf.name)
    for number in range(1, 5):
        del shelf.tags[f"t{number}"]
    report = desk.collect(shelf.name)
    assert (report.looked_at, report.gone, report.failed) == (5, 0, 0)
    shelf.stub.on(shelf.tags_path, NO_NAME)
    assert desk.collect(shelf.name).looked_at == 5


def test_a_tag_is_gone_only_when_two_answers_agree(shelf: Shelf, desk: Desk) -> None:
    for tag in ("a", "b", "c", "d"):
        shelf.put(raw_image(content=tag))
        shelf.point(tag, raw_image(content=tag))
    desk.collect(shelf.name)
    # A proxy says 404, and so does its page of HTML: nobody knows.
    shelf.answer("a", reply("<html>not here</html>", 404, content_type="text/html"))
    report = desk.collect(shelf.name)
    assert (report.gone, report.failed) == (0, 1)
    # The registry itself says so.
    shelf.answer("a", UNKNOWN)
    assert desk.collect(shelf.name).images[0].gone == ["a"]
    # The list says so too, and nothing is pulled.
    shelf.drop("b")
    shelf.forget()
    assert desk.collect(f"{shelf.name}:b").images[0].gone == ["b"]
    assert shelf.gets() == []
    # HEAD was wrong.
    good = reply(raw_image(content="c").manifest.raw, content_type=raw_image().manifest.media_type)
    shelf.answer("c", reply("", 404), good)
    report = desk.collect(f"{shelf.name}:c")
    assert (report.gone, report.failed, report.looked_at) == (0, 0, 1)
    desk.check()
