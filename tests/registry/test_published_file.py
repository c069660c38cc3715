"""A file of a published site is fetched within bounds."""

from __future__ import annotations

import pytest

from collector.errors import RegistryError, UntrustedAnswer, UsageError
from collector.registry.published_file import fetch_published_file
from collector.registry.settings import Backoff, Settings
from tests.support.stub import Stub, reply


def fetch(url: str, ceiling: int = 10) -> bytes | None:
    settings = Settings(backoff=Backoff(tries=1))
    return fetch_published_file(url, environment={}, ceiling=ceiling, settings=settings)


def test_a_file_and_none(stub: Stub) -> None:
    stub.on("/files.txt", reply("content"))
    stub.on("/moved.txt", reply("", 301, location="/files.txt"))
    stub.on("/gone.txt", reply("<html>", 410))
    assert fetch(f"{stub.url}/files.txt") == b"content"
    assert fetch(f"{stub.url}/moved.txt") == b"content"
    assert fetch(f"{stub.url}/gone.txt") is None
    assert fetch(f"{stub.url}/none.txt") is None


def test_another_answer_is_not_taken_for_a_missing_file(stub: Stub) -> None:
    for status in (403, 500, 503):
        stub.on("/files.txt", reply("", status))
        with pytest.raises(RegistryError, match=r"files\.txt"):
            fetch(f"{stub.url}/files.txt")
    stub.on("/files.txt", reply("12345678901"))
    with pytest.raises(UntrustedAnswer, match="the limit is 10"):
        fetch(f"{stub.url}/files.txt")


@pytest.mark.parametrize("url", ["ftp://host/files.txt", "https://me:secret@host/files.txt", "https://"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not an address of http or https"):
        fetch(url)
