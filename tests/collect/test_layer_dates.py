"""The dates of layers, which a registry tells when it is asked about the blob."""

from __future__ import annotations

from collector.archive.facts import LayerFact
from tests.collect.conftest import Desk
from tests.collect.image_store import Shelf
from tests.support.registry import blob, raw_image
from tests.support.stub import reply

DATES = ("Thu, 17 Sep 2026 20:37:26 GMT", "2026-09-17T20:37:26Z")


def test_the_dates_of_new_layers(shelf: Shelf, desk: Desk) -> None:
    first = raw_image(layers=[blob(b"base"), blob(b"one")])
    second = raw_image(layers=[blob(b"base"), blob(b"two")])
    dates = {layer.digest: DATES[0] for layer in (*first.layers, *second.layers)}
    shelf.put(first, second, dates=dates)
    shelf.point("1", first)
    desk.collect(shelf.name)
    shelf.point("2", second)
    desk.collect(shelf.name)
    for tag in ("1", "2"):
        assert [layer.last_modified for layer in desk.state(f"{shelf.name}:{tag}").images[0].layers] == [DATES[1]] * 2
    asked = [line for line in shelf.stub.asked("HEAD") if "/blobs/" in line]
    assert sorted(asked) == sorted(f"HEAD {shelf.blob_path(digest)}" for digest in dates)
    desk.check()


def test_a_registry_without_dates_is_soon_not_asked_again(shelf: Shelf, desk: Desk) -> None:
    for number in range(20):
        shelf.put(raw_image(content=str(number)))
        shelf.point(f"t{number}", raw_image(content=str(number)))
    desk.collect(shelf.name, threads=1)
    asked = [line for line in shelf.stub.asked("HEAD") if "/blobs/" in line]
    assert len(asked) == 4
    assert not [fact for fact in desk.facts() if isinstance(fact, LayerFact)]
    shelf.forget()
    shelf.put(raw_image(content="new"))
    shelf.point("new", raw_image(content="new"))
    desk.collect(shelf.name, layer_dates=False)
    assert not [line for line in shelf.stub.asked("HEAD") if "/blobs/" in line]


def test_a_layer_that_cannot_be_asked_about_has_no_date(shelf: Shelf, desk: Desk) -> None:
    one = raw_image()
    shelf.put(one)
    shelf.point("1", one)
    shelf.stub.on(shelf.blob_path(one.layers[0].digest), reply("", 403))
    assert desk.collect(shelf.name).failed == 0
    assert desk.state(f"{shelf.name}:1").images[0].layers[0].last_modified is None
