"""Referrers: from the list, from the fallback tag, and from registries that only look as if they had one."""

from __future__ import annotations

import pytest

from collector.errors import Overloaded, UntrustedAnswer
from collector.model.digests import Digest, digest_of
from collector.model.references import Repository
from collector.registry.client import RegistryClient
from collector.registry.referrers import Referrer, fallback_tag, names_a_digest
from tests.support.registry import DOCKER_LIST, OCI_INDEX, OCI_MANIFEST, encode
from tests.support.stub import Reply, Stub, reply

SUBJECT = digest_of(b"subject")
LIST = f"/v2/team/app/referrers/{SUBJECT}"
FALLBACK = f"/v2/team/app/manifests/{fallback_tag(SUBJECT)}"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def entry(content: bytes, **more: object) -> dict[str, object]:
    return {"mediaType": OCI_MANIFEST, "digest": digest_of(content), "size": len(content), **more}


def listed(*entries: object, content_type: str = OCI_INDEX, link: str = "") -> Reply:
    said = {"schemaVersion": 2, "mediaType": content_type, "manifests": list(entries)}
    return reply(encode(said), content_type=content_type, link=link)


def test_a_list_in_pages(stub: Stub, app: Repository, client: RegistryClient) -> None:
    first = entry(b"1", artifactType=BUNDLE, annotations={"a": "b", "c": None})
    stub.on(LIST, listed(first, entry(b"2"), link="<?page=2>; rel=next"), listed(entry(b"3"), first))
    found = client.referrers(app, SUBJECT)
    assert found[0] == Referrer(
        digest=digest_of(b"1"), media_type=OCI_MANIFEST, size=1, artifact_type=BUNDLE, annotations={"a": "b"}
    )
    assert [referrer.digest for referrer in found] == [digest_of(b"1"), digest_of(b"2"), digest_of(b"3")]


def test_one_kind_of_them_whether_the_registry_filters_or_not(
    stub: Stub, app: Repository, client: RegistryClient
) -> None:
    stub.on(LIST, listed(entry(b"1", artifactType=BUNDLE), entry(b"2", artifactType="other"), entry(b"3")))
    assert [found.digest for found in client.referrers(app, SUBJECT, artifact_type=BUNDLE)] == [digest_of(b"1")]


def test_an_empty_list_is_an_answer(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(LIST, listed())
    assert client.referrers(app, SUBJECT) == ()
    assert len(stub.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        reply("404 page not found\n", 404, content_type="text/plain"),
        reply("<html>Not here</html>", 404, content_type="text/html"),
        reply("<html>Log in</html>", 200, content_type="text/html"),
        reply({"errors": [{"code": "UNSUPPORTED"}]}, 400),
        reply("", 405),
        reply("", 406),
        reply({"manifests": []}, 200),
    ],
)
def test_without_a_list_the_fallback_tag_is_looked_at(
    stub: Stub, app: Repository, client: RegistryClient, answer: Reply
) -> None:
    stub.on(LIST, answer)
    stub.on(FALLBACK, listed(entry(b"1")))
    assert [found.digest for found in client.referrers(app, SUBJECT)] == [digest_of(b"1")]


def test_that_there_is_no_list_is_remembered_for_the_repository(
    stub: Stub, app: Repository, client: RegistryClient
) -> None:
    other = digest_of(b"another subject")
    assert client.referrers(app, SUBJECT) == client.referrers(app, other) == ()
    # No pull for a fallback tag that is not there.
    assert stub.asked() == [f"GET {LIST}", f"HEAD {FALLBACK}", f"HEAD /v2/team/app/manifests/{fallback_tag(other)}"]


@pytest.mark.parametrize(
    "answer",
    [
        reply({"config": {}, "layers": []}, content_type=OCI_MANIFEST),
        listed(content_type=DOCKER_LIST),
    ],
)
def test_a_fallback_tag_without_a_list(stub: Stub, app: Repository, client: RegistryClient, answer: Reply) -> None:
    stub.on(FALLBACK, answer)
    assert client.referrers(app, SUBJECT) == ()


def test_entries_that_cannot_be_fetched_are_left_out(stub: Stub, app: Repository, client: RegistryClient) -> None:
    dirty = [None, {}, entry(b"1", size=-1), entry(b"2", size=None), entry(b"3", digest="sha256:x"), entry(b"4")]
    stub.on(LIST, listed(*dirty))
    assert [found.digest for found in client.referrers(app, SUBJECT)] == [digest_of(b"4")]


def test_a_list_that_makes_no_sense(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(LIST, reply(b'{"manifests": 1}', content_type=OCI_INDEX))
    with pytest.raises(UntrustedAnswer, match="the list of referrers is none"):
        client.referrers(app, SUBJECT)


def test_a_registry_that_fails_is_not_one_without_a_list(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(LIST, reply("", 500))
    with pytest.raises(Overloaded):
        client.referrers(app, SUBJECT)
    stub.on(LIST, listed(entry(b"1")))
    assert len(client.referrers(app, SUBJECT)) == 1


def test_the_fallback_tag_of_each_algorithm() -> None:
    assert fallback_tag(Digest("sha256:" + "a" * 64)) == "sha256-" + "a" * 64
    assert fallback_tag(Digest("sha512:" + "b" * 128)) == "sha512-" + "b" * 64


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("sha256-" + "a" * 64, True),
        ("sha256-" + "a" * 64 + ".sig", True),
        ("sha256-" + "a" * 64 + ".sbom", True),
        ("sha512-" + "a" * 64, True),
        ("sha256-" + "a" * 63, False),
        ("3.6-slim", False),
        ("sha256-" + "a" * 64 + "-slim", False),
    ],
)
def test_tags_that_are_for_tools(tag: str, expected: bool) -> None:
    assert names_a_digest(tag) is expected
