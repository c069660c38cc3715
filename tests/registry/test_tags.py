"""Lists of tags: in one piece or in pages, and dirty."""

from __future__ import annotations

import time

import pytest

from collector.errors import RegistryError, UntrustedAnswer
from collector.model.references import Repository
from collector.registry.client import RegistryClient
from collector.registry.link_header import next_page
from collector.registry.settings import Ceilings
from tests.registry.conftest import MakesClients
from tests.support.stub import Seen, Stub, reply

LIST = "/v2/team/app/tags/list"


def test_lists_with_pages_of_any_length(stub: Stub, app: Repository, client: RegistryClient) -> None:
    pages = {
        "": reply({"tags": ["a", "b"]}, link='</v2/team/app/tags/list?n=2&last=b>; rel="next"'),
        "n=2&last=b": reply({"tags": []}, link='<list?n=2&last=c%2Bd>; rel=next; title="more"'),
        "n=2&last=c%2Bd": reply({"tags": ["b", "e"]}, link=f'<{stub.url}{LIST}?last=e>;rel="next"'),
        "last=e": reply({"tags": ["f"]}),
    }
    stub.on(LIST, lambda seen: pages[seen.target.partition("?")[2]])
    assert list(client.iter_tags(app)) == ["a", "b", "e", "f"]
    assert len(stub.seen) == 4


def test_the_pages_are_fetched_as_they_are_needed(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(LIST, reply({"tags": ["a", "b"]}, link="</v2/team/app/tags/list?last=b>; rel=next"))
    assert next(client.iter_tags(app)) == "a"
    assert len(stub.seen) == 1


def test_a_very_long_list_in_one_piece(stub: Stub, app: Repository, client: RegistryClient) -> None:
    names = [f"3.{number}" for number in range(4000)]
    stub.on(LIST, reply({"name": "team/app", "tags": names}))
    assert list(client.iter_tags(app)) == names


@pytest.mark.parametrize("tags", [None, []])
def test_no_tags(stub: Stub, app: Repository, client: RegistryClient, tags: object) -> None:
    stub.on(LIST, reply({"name": "team/app", "tags": tags}))
    assert list(client.iter_tags(app)) == []


def test_invalid_tags_are_left_out(stub: Stub, app: Repository, client: RegistryClient) -> None:
    dirty = [
        "ok",
        None,
        "",
        "sha256:" + "0" * 64,
        "../../etc",
        "a b",
        "-x",
        "x" * 129,
        "ok",
        "sha256-" + "0" * 64 + ".sig",
    ]
    stub.on(LIST, reply({"tags": dirty}))
    assert list(client.iter_tags(app)) == ["ok", "sha256-" + "0" * 64 + ".sig"]


@pytest.mark.parametrize(
    "body", [b"[]", b'{"tags": "a"}', b'{"tags": [1]}', b"<html>", b"", b'{"tags":' + b"[" * 10**5]
)
def test_invalid_lists(stub: Stub, app: Repository, client: RegistryClient, body: bytes) -> None:
    stub.on(LIST, reply(body))
    with pytest.raises(UntrustedAnswer, match="team/app: the list of tags is invalid"):
        list(client.iter_tags(app))


def test_a_list_that_is_too_long(stub: Stub, app: Repository, make_client: MakesClients) -> None:
    client = make_client(ceilings=Ceilings(page=1000))
    stub.on(LIST, reply({"tags": ["a" * 100] * 20}))
    with pytest.raises(UntrustedAnswer, match="the limit is 1000"):
        list(client.iter_tags(app))


def test_pages_in_a_circle(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(LIST, reply({"tags": ["a"]}, link="</v2/team/app/tags/list?last=a>; rel=next"))
    with pytest.raises(UntrustedAnswer, match="team/app: the list does not end"):
        list(client.iter_tags(app))
    assert len(stub.seen) == 2


def test_pages_without_end(
    stub: Stub, app: Repository, client: RegistryClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.registry.pagination._MAX_PAGES", 5)

    def page(seen: Seen) -> object:
        number = int(seen.target.partition("=")[2] or 0)
        return reply({"tags": [f"a{number}"]}, link=f"<?n={number + 1}>; rel=next")

    stub.on(LIST, page)  # type: ignore[arg-type]
    with pytest.raises(UntrustedAnswer, match="team/app: the list does not end"):
        list(client.iter_tags(app))
    assert len(stub.seen) == 5


def test_a_next_page_on_another_host(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(LIST, reply({"tags": ["a"]}, link='<http://evil.example/v2/x>; rel="next"'))
    with pytest.raises(UntrustedAnswer, match="leads to another host"):
        list(client.iter_tags(app))


def test_a_page_that_fails_in_the_middle(stub: Stub, app: Repository, client: RegistryClient) -> None:
    first = reply({"tags": ["a"]}, link="<?last=a>; rel=next")
    stub.on(LIST, first, reply({"errors": [{"code": "PAGINATION_NUMBER_INVALID"}]}, 400))
    with pytest.raises(RegistryError, match="PAGINATION_NUMBER_INVALID"):
        list(client.iter_tags(app))


URL = "https://r.example:444/v2/a/tags/list?n=1"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("<x>; rel=prev", None),
        ("<x>", None),
        ('<x>; title="rel=next"', None),
        ('<x>; title="; rel=next"', None),
        ("<?last=b>; rel=next", "https://r.example:444/v2/a/tags/list?last=b"),
        ('<x>; rel="prev", <?last=b>; rel="next"', "https://r.example:444/v2/a/tags/list?last=b"),
        ('<?last=b>; rel="last next"', "https://r.example:444/v2/a/tags/list?last=b"),
        ("<?last=b>; REL=Next", "https://r.example:444/v2/a/tags/list?last=b"),
        # A registry behind a proxy that speaks TLS for it does not know its own address.
        ("<http://r.example/v2/a/tags/list?last=b#x>; rel=next", "https://r.example:444/v2/a/tags/list?last=b"),
        ("<//r.example:9/v2/?last=b>; rel=next", "https://r.example:444/v2/?last=b"),
        (", ,<?last=b>;;rel=next ; , ", "https://r.example:444/v2/a/tags/list?last=b"),
        ("<?last=b>; rel=prev; rel=next", None),
    ],
)
def test_links(header: str, expected: str | None) -> None:
    assert next_page(URL, header) == expected


@pytest.mark.parametrize(
    "target", ["http://evil.example/", "//evil.example/", "https://r.example.evil/", "http://[", "ftp:x"]
)
def test_links_that_lead_away(target: str) -> None:
    with pytest.raises(UntrustedAnswer):
        next_page(URL, f"<{target}>; rel=next")


@pytest.mark.parametrize(
    "header",
    [
        '/v2/team/app/tags/list?last=b; rel="next"',
        "<?last=b; rel=next",
        '<?last=b>; rel="next',
        "<x>; rel=prev <?last=b>; rel=next",
        "next",
        '<x>; rel=prev, "',
        "<?last=ä" + "x" * 9000 + ">; rel=next",
    ],
)
def test_a_link_that_cannot_be_read(stub: Stub, app: Repository, client: RegistryClient, header: str) -> None:
    with pytest.raises(UntrustedAnswer, match="the Link header of a list cannot be read"):
        next_page(URL, header)
    stub.on(LIST, reply({"tags": ["a"]}, link=header.replace("ä", "\xe4")))
    with pytest.raises(UntrustedAnswer, match="cannot be read"):
        list(client.iter_tags(app))


def test_a_hostile_link_is_read_in_linear_time() -> None:
    started = time.perf_counter()
    for header in ("<x>;a" + " " * 10**6 + '"', "<x>" + ";" * 10**6 + '"', "<x>;a=" * 10**5, "<" * 10**6):
        with pytest.raises(UntrustedAnswer):
            next_page(URL, header)
    assert time.perf_counter() - started < 5
