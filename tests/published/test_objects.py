"""Published objects read back are the states that they were made of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.errors import UntrustedAnswer
from collector.model.images import State
from collector.pages.addresses import objects_path
from collector.pages.data_files import SUFFIX
from collector.pages.objects import ObjectStore
from collector.published.objects import Objects
from collector.published.site_files import SiteFiles
from tests.diff.strange import pairs_alike

ADDRESS = "repos/app/"


NAMES = b'{"images":[],"exceptions":{},"compressed":true}'


class Files:
    """The files of a store, as a site serves them."""

    address = "https://images.example.org/"

    def __init__(self, store: ObjectStore) -> None:
        self.contents = {
            objects_path(ADDRESS, number) + SUFFIX: b'{"objects":[%b],"where_of":[],"where":[]}' % bytes(file.content)
            for number, file in enumerate(store.files)
        }
        self.contents["api/v1/names.json"] = NAMES

    def get(self, path: str) -> bytes | None:
        return self.contents.get(path)


def read_back(store: ObjectStore) -> Objects:
    return Objects(SiteFiles(Files(store)), ADDRESS)


@settings(max_examples=40)
@given(st.lists(pairs_alike(), min_size=1, max_size=6))
def test_any_state_is_read_as_it_was_written(pairs: list[tuple[State | None, State | None]]) -> None:
    store = ObjectStore()
    states = {state.digest: state for pair in pairs for state in pair if state}
    for digest, state in states.items():
        store.add(digest, state)
    objects = read_back(store)
    for digest, state in states.items():
        number = store.number(digest)
        assert number is not None
        assert objects.state(number) == state


@given(st.binary(max_size=60))
def test_anything_else_is_an_error_that_names_the_file(content: bytes) -> None:
    store = ObjectStore()
    files = Files(store)
    files.contents[objects_path(ADDRESS, 0) + SUFFIX] = b'{"objects":[' + content + b'],"where_of":[],"where":[]}'
    with pytest.raises(UntrustedAnswer, match=r"api/v1/repos/app/objects/-0\.json\.gz"):
        Objects(SiteFiles(files), ADDRESS).state(0)


@pytest.mark.parametrize("part", [[0], [1, 1], [-1], [2**40], ["a"]])
def test_an_object_is_no_part_of_itself_or_of_another_kind(part: list[object]) -> None:
    digest = "sha256:" + "a" * 64
    objects = [{"state": digest, "images": part}, {"layer": digest, "size": 1}]
    files = Files(ObjectStore())
    files.contents[objects_path(ADDRESS, 0) + SUFFIX] = json.dumps(
        {"objects": objects, "where_of": [], "where": []}
    ).encode()
    with pytest.raises(UntrustedAnswer):
        Objects(SiteFiles(files), ADDRESS).state(0)
