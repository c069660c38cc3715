"""Logins for registries that do not ask for one, and the meaning of their refusals."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from collector.errors import AccessDenied, NotFoundInRegistry
from collector.model.references import Repository, Tag
from collector.registry.client import RegistryClient
from tests.registry.conftest import MakesClients
from tests.support.registry import OCI_MANIFEST, raw_image
from tests.support.stub import Reply, Seen, Stub, reply

ONE = Tag("1.0")
MANIFEST, TAGS = "/v2/team/app/manifests/1.0", "/v2/team/app/tags/list"
GOOD = reply(raw_image().manifest.raw, content_type=OCI_MANIFEST, docker_content_digest=raw_image().digest)
BASIC = "Basic " + base64.b64encode(b"me:it").decode()
UNKNOWN = reply({"errors": [{"code": "MANIFEST_UNKNOWN"}]}, 404)


@pytest.fixture
def member(stub: Stub, make_client: MakesClients) -> RegistryClient:
    """A client with a login for the stub."""
    auths = {stub.address: {"username": "me", "password": "it"}}
    return make_client(environment={"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})})


def members_only(good: Reply, refusal: Reply) -> Callable[[Seen], Reply]:
    return lambda seen: good if seen.headers.get("authorization") == BASIC else refusal


@pytest.mark.parametrize(
    "refusal", [UNKNOWN, reply({"errors": [{"code": "DENIED"}]}, 403), reply("", 401, www_authenticate="Negotiate")]
)
def test_a_refusal_without_a_challenge_is_checked_with_the_login(
    stub: Stub, app: Repository, member: RegistryClient, refusal: Reply
) -> None:
    stub.on(MANIFEST, members_only(GOOD, refusal))
    assert member.head_manifest(app, ONE).digest == raw_image().digest
    assert stub.asked() == ["GET /v2/", f"HEAD {MANIFEST}", f"HEAD {MANIFEST}"]
    # From then on the login goes with every request.
    stub.seen.clear()
    member.head_manifest(app, ONE)
    assert stub.asked() == [f"HEAD {MANIFEST}"]


def test_a_challenge_in_a_successful_answer(stub: Stub, app: Repository, member: RegistryClient) -> None:
    stub.on("/v2/", reply({}, www_authenticate='Basic realm="here"'))
    stub.on(TAGS, members_only(reply({"tags": ["1.0"]}), reply({"tags": []})))
    assert list(member.iter_tags(app)) == ["1.0"]
    assert stub.asked() == ["GET /v2/", f"GET {TAGS}"]


def test_a_tag_that_is_missing_with_the_login_too(stub: Stub, app: Repository, member: RegistryClient) -> None:
    stub.on(MANIFEST, UNKNOWN)
    for _ in range(2):
        with pytest.raises(NotFoundInRegistry):
            member.head_manifest(app, ONE)
    assert stub.asked() == ["GET /v2/", *[f"HEAD {MANIFEST}"] * 4]


def test_a_refused_login_does_not_prove_that_a_tag_is_missing(
    stub: Stub, app: Repository, member: RegistryClient
) -> None:
    stub.on(MANIFEST, lambda seen: reply("", 401) if "authorization" in seen.headers else UNKNOWN)
    with pytest.raises(AccessDenied):
        member.head_manifest(app, ONE)
    # What everybody may see is still asked for without it.
    stub.on(TAGS, lambda seen: reply("", 401) if "authorization" in seen.headers else reply({"tags": ["2.0"]}))
    assert list(member.iter_tags(app)) == ["2.0"]


def test_a_registry_is_not_asked_twice_without_a_login(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(MANIFEST, UNKNOWN)
    with pytest.raises(NotFoundInRegistry):
        client.head_manifest(app, ONE)
    assert stub.asked() == [f"HEAD {MANIFEST}"]


def test_the_login_is_not_sent_to_other_hosts(
    stub: Stub, elsewhere: Stub, app: Repository, member: RegistryClient
) -> None:
    # Nor does another place choose the form in which it is sent.
    stub.on("/v2/", reply(b"", 307, location=f"{elsewhere.url}/v2/"))
    elsewhere.on("/v2/", reply("", 401, www_authenticate=f'Bearer realm="{elsewhere.url}/token"'))
    stub.on(MANIFEST, reply(b"", 307, location=f"{elsewhere.url}/there"))
    with pytest.raises(NotFoundInRegistry):
        member.head_manifest(app, ONE)
    assert elsewhere.asked() == ["GET /v2/", "HEAD /there"]
    assert [seen.headers.get("authorization") for seen in elsewhere.seen] == [None, None]
