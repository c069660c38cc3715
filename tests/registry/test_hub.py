"""Docker Hub's own API, with answers as observed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collector.errors import AccessDenied, NotFoundInRegistry, Overloaded, UntrustedAnswer, UsageError
from collector.model.digests import Digest
from collector.model.platforms import Platform
from collector.model.references import Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.hub.client import HubClient
from collector.registry.hub.tags import HubImage
from tests.registry.conftest import MakesClients
from tests.support.clocks import CountingClock
from tests.support.stub import Reply, Seen, Stub, reply

APP = parse_repository("team/app")
TAGS = "/v2/namespaces/team/repositories/app/tags"
DIGEST = Digest("sha256:" + "0" * 64)
TOO_DEEP = {"message": "pagination offset too large for anonymous requests; sign in to page further"}

FULL: dict[str, Any] = {
    "creator": 7483000,
    "id": 765505602,
    "images": [
        {
            "architecture": "arm64",
            "features": "",
            "variant": "v8",
            "digest": DIGEST,
            "os": "linux",
            "os_features": "",
            "os_version": None,
            "size": 17464159,
            "status": "active",
            "last_pulled": "2025-08-29T09:30:26.034071986Z",
            "last_pushed": "2021-09-01T16:03:27Z",
        }
    ],
    "last_updated": "2024-09-30T12:03:00.807746Z",
    "last_updater": 7483000,
    "last_updater_username": "somebody",
    "name": "latest",
    "repository": 15269894,
    "full_size": 17464159,
    "v2": True,
    "tag_status": "active",
    "tag_last_pulled": "2025-08-29T09:30:26.034071986Z",
    "tag_last_pushed": "2024-09-30T12:03:00.80774Z",
    "media_type": "application/vnd.docker.distribution.manifest.list.v2+json",
    "content_type": "image",
    "digest": DIGEST,
}


@pytest.fixture
def hub(stub: Stub, client: RegistryClient) -> HubClient:
    return HubClient(client, address=stub.url)


def logged_in(make_client: MakesClients, stub: Stub) -> HubClient:
    auths = {"https://index.docker.io/v1/": {"username": "me", "password": "geheim"}}
    return HubClient(make_client(environment={"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})}), address=stub.url)


def with_two_logins(make_client: MakesClients, stub: Stub) -> HubClient:
    """One login for the namespace `team`, another for `guest`."""
    auths = {f"docker.io/{name}": {"username": name, "password": f"word-of-{name}"} for name in ("team", "guest")}
    return HubClient(make_client(environment={"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})}), address=stub.url)


def page(*names: str, following: str | None = None, count: int | None = None) -> Reply:
    results = [{**FULL, "name": name} for name in names]
    return reply({"count": count, "next": following, "previous": None, "results": results})


def test_the_kept_data_of_a_tag(stub: Stub, hub: HubClient) -> None:
    stub.on(f"{TAGS}/latest", reply(FULL))
    tag = hub.tag(APP, Tag("latest"))
    assert tag is not None
    assert (tag.name, tag.last_pushed, tag.status, tag.digest) == ("latest", "2024-09-30T12:03:00Z", "active", DIGEST)
    assert tag.media_type == "application/vnd.docker.distribution.manifest.list.v2+json"
    assert tag.images == (
        HubImage(
            platform=Platform(os="linux", architecture="arm64", variant="v8"),
            digest=DIGEST,
            size=17464159,
            status="active",
            last_pushed="2021-09-01T16:03:27Z",  # type: ignore[arg-type]
        ),
    )


EMPTY_IMAGE = HubImage(platform=Platform(os="", architecture=""), digest=None, size=None, status="", last_pushed=None)


@pytest.mark.parametrize(
    "change",
    [
        {"images": [dict.fromkeys(FULL["images"][0])]},
        {"images": [{}]},
        {"images": [{"size": -1, "digest": "", "last_pushed": "never", "os": "", "os_version": ""}]},
        {"images": None},
        {"images": [None]},
        {},
    ],
)
@pytest.mark.parametrize("nothing", [None, ""])
def test_every_field_may_be_missing(stub: Stub, hub: HubClient, change: dict[str, Any], nothing: object) -> None:
    # As tags of more than eight years are: without dates, and some without a digest.
    fields = {key: nothing for key, value in FULL.items() if isinstance(value, str)}
    stub.on(f"{TAGS}/old", reply({**fields, "name": "old", **change}))
    tag = hub.tag(APP, Tag("old"))
    assert tag is not None
    assert (tag.last_pushed, tag.status, tag.media_type, tag.digest) == (None, "", "", None)
    assert set(tag.images) <= {EMPTY_IMAGE}


def test_the_older_names_of_fields(stub: Stub, hub: HubClient) -> None:
    stub.on(f"{TAGS}/x", reply({"name": "x", "last_updated": "2020-01-02T03:04:05.123456789Z", "status": "inactive"}))
    tag = hub.tag(APP, Tag("x"))
    assert tag is not None
    assert (tag.last_pushed, tag.status) == ("2020-01-02T03:04:05Z", "inactive")


def test_images_may_repeat_and_attestations_are_among_them(stub: Stub, hub: HubClient) -> None:
    unknown = {"architecture": "unknown", "os": "unknown", "size": 12}
    stub.on(f"{TAGS}/x", reply({**FULL, "images": [unknown, FULL["images"][0], unknown, FULL["images"][0]]}))
    tag = hub.tag(APP, Tag("x"))
    assert tag is not None
    assert [image.platform.is_attestation for image in tag.images] == [True, False, True, False]


def test_a_tag_that_is_not_there(hub: HubClient) -> None:
    assert hub.tag(APP, Tag("none")) is None


def test_pages(stub: Stub, hub: HubClient) -> None:
    stub.on(
        TAGS,
        page("a", "b", following=f"{stub.url}{TAGS}?page=2&page_size=100", count=4),
        page("b", "c", following=f"{stub.url}{TAGS}/?page=3&page_size=100", count=4),
    )
    stub.on(f"{TAGS}/", page("d", count=4))
    found = hub.tags(APP)
    assert ([tag.name for tag in found.tags], found.count, found.truncated) == (["a", "b", "c", "d"], 4, "")
    assert stub.asked()[0] == f"GET {TAGS}?page=1&page_size=100"


def test_official_images_have_a_namespace(stub: Stub, hub: HubClient) -> None:
    stub.on("/v2/namespaces/library/repositories/python/tags", page("3.13"))
    assert len(hub.tags(parse_repository("python")).tags) == 1


def test_at_most_the_requested_number(stub: Stub, hub: HubClient) -> None:
    stub.on(TAGS, page("a", "b", following=f"{stub.url}{TAGS}?page=2", count=9))
    found = hub.tags(APP, most=2)
    assert (len(found.tags), found.count, found.truncated) == (2, 9, "only these were requested")


def test_deep_pages_are_only_for_those_who_log_in(stub: Stub, hub: HubClient) -> None:
    stub.on(TAGS, page("a", following=f"{stub.url}{TAGS}?page=2", count=4000), reply(TOO_DEEP, 403))
    found = hub.tags(APP)
    assert ([tag.name for tag in found.tags], found.count) == (["a"], 4000)
    assert found.truncated == "Docker Hub requires a login for the rest of the list"


def test_a_list_that_becomes_shorter(stub: Stub, hub: HubClient) -> None:
    stub.on(TAGS, page("a", following=f"{stub.url}{TAGS}?page=2"), reply({"message": "page not found"}, 404))
    assert "shorter" in hub.tags(APP).truncated


@pytest.mark.parametrize("status", [401, 403])
def test_a_private_repository(stub: Stub, hub: HubClient, status: int) -> None:
    stub.on(TAGS, page("a", following=f"{stub.url}{TAGS}?page=2"), reply({"message": "access denied"}, status))
    with pytest.raises(AccessDenied):
        hub.tags(APP)


def test_a_repository_that_is_not_there(stub: Stub, hub: HubClient) -> None:
    stub.on(TAGS, reply({"message": "httperror 404: object not found", "errinfo": {}}, 404))
    with pytest.raises(NotFoundInRegistry, match="object not found"):
        hub.tags(APP)


@pytest.mark.parametrize("name", ["ghcr.io/team/app", "docker.io/a/b/c"])
def test_other_registries_are_not_docker_hub(hub: HubClient, name: str) -> None:
    with pytest.raises(UsageError, match="is not on Docker Hub"):
        hub.tags(parse_repository(name))


@pytest.mark.parametrize("following", ["http://evil.example{}?page=2", "{}?page=2", "http://127.0.0.1{}?page=2", "x:"])
def test_a_next_page_on_an_unexpected_path(stub: Stub, hub: HubClient, following: str) -> None:
    stub.on(TAGS, page("a", following=following.format(TAGS)))
    with pytest.raises(UntrustedAnswer):
        hub.tags(APP)
    assert len(stub.seen) == 1


def test_a_next_page_of_another_repository(stub: Stub, hub: HubClient) -> None:
    stub.on(TAGS, page("a", following=f"{stub.url}/v2/auth/token"))
    with pytest.raises(UntrustedAnswer, match="the next page is on another host"):
        hub.tags(APP)


def test_pages_without_end(stub: Stub, hub: HubClient) -> None:
    def endless(seen: Seen) -> Reply:
        return page("a", following=f"{stub.url}{TAGS}?page={len(stub.seen) + 1}")

    stub.on(TAGS, endless)
    with pytest.raises(UntrustedAnswer, match="does not end"):
        hub.tags(APP)
    assert len(stub.seen) == 2


@pytest.mark.parametrize(
    "body", [b"[]", b"<html>", b"", b'{"results": 7}', b'{"results": [{"name": 7}]}', b"[" * 10**5]
)
def test_invalid_answers(stub: Stub, hub: HubClient, body: bytes) -> None:
    stub.on(TAGS, reply(body))
    with pytest.raises(UntrustedAnswer, match=r"Docker Hub's answer (is not JSON|has an unknown form)"):
        hub.tags(APP)
    stub.on(f"{TAGS}/x", reply({"name": "../x"}))
    with pytest.raises(UntrustedAnswer, match="contains no tag"):
        hub.tag(APP, Tag("x"))


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"retry_after": "17"}, 17),
        ({"x_retry_after": "1795161630"}, 30),
        ({"x_ratelimit_limit": "180", "x_ratelimit_remaining": "0", "x_ratelimit_reset": "1795161640"}, 40),
        ({"x_ratelimit_remaining": "12", "x_ratelimit_reset": "1795161640"}, 1),
    ],
)
def test_its_limit_of_requests(
    stub: Stub, hub: HubClient, clock: CountingClock, headers: dict[str, str], slept: float
) -> None:
    stub.on(TAGS, reply({"detail": "Rate limit exceeded", "error": False}, 429, **headers), page("a"))
    assert len(hub.tags(APP).tags) == 1
    assert clock.slept == [slept]


def test_a_lasting_limit_is_an_error(stub: Stub, hub: HubClient) -> None:
    stub.on(TAGS, reply({"detail": "Rate limit exceeded"}, 429))
    with pytest.raises(Overloaded, match="Rate limit exceeded"):
        hub.tags(APP)


def test_logging_in(stub: Stub, make_client: MakesClients, clock: CountingClock) -> None:
    hub = logged_in(make_client, stub)
    stub.on("/v2/auth/token", reply({"access_token": "first"}), reply({"access_token": "second"}))
    stub.on(TAGS, page("a"))
    for passed in (0, 0, 539, 540):
        clock.passed = passed
        hub.tags(APP)
    logins = [seen for seen in stub.seen if seen.path == "/v2/auth/token"]
    assert [json.loads(seen.body) for seen in logins] == [{"identifier": "me", "secret": "geheim"}] * 2
    sent = [seen.headers["authorization"] for seen in stub.seen if seen.path == TAGS]
    assert sent == ["Bearer first"] * 3 + ["Bearer second"]


def test_each_login_has_its_own_token(stub: Stub, make_client: MakesClients) -> None:
    hub = with_two_logins(make_client, stub)
    stub.on("/v2/auth/token", lambda seen: reply({"access_token": f"of-{json.loads(seen.body)['identifier']}"}))
    of_guest = "/v2/namespaces/guest/repositories/app/tags"
    stub.on(TAGS, page("a"))
    stub.on(of_guest, page("a"))
    for repository in (APP, parse_repository("guest/app"), APP):
        hub.tags(repository)
    sent = [(seen.path, seen.headers["authorization"]) for seen in stub.seen if seen.path != "/v2/auth/token"]
    assert sent == [(TAGS, "Bearer of-team"), (of_guest, "Bearer of-guest"), (TAGS, "Bearer of-team")]
    assert len(stub.seen) == len(sent) + 2


def test_a_refused_login_does_not_stop_another(stub: Stub, make_client: MakesClients) -> None:
    hub = with_two_logins(make_client, stub)
    stub.on(
        "/v2/auth/token",
        lambda seen: reply({}, 401) if json.loads(seen.body)["identifier"] == "guest" else reply({"access_token": "t"}),
    )
    stub.on(TAGS, page("a"))
    with pytest.raises(AccessDenied):
        hub.tags(parse_repository("guest/app"))
    assert len(hub.tags(APP).tags) == 1


def test_a_token_that_expires_before_its_time(stub: Stub, make_client: MakesClients) -> None:
    hub = logged_in(make_client, stub)
    stub.on("/v2/auth/token", reply({"access_token": "old"}), reply({"access_token": "new"}))
    stub.on(TAGS, lambda seen: page("a") if seen.headers["authorization"] == "Bearer new" else reply({}, 401))
    assert len(hub.tags(APP).tags) == 1
    stub.on(TAGS, reply({"message": "no"}, 401))
    with pytest.raises(AccessDenied):
        hub.tags(APP)


def test_a_password_that_is_refused_is_not_tried_again(stub: Stub, make_client: MakesClients) -> None:
    hub = logged_in(make_client, stub)
    stub.on("/v2/auth/token", reply({"detail": "Incorrect authentication credentials"}, 401))
    for _ in range(3):
        with pytest.raises(AccessDenied, match="Incorrect authentication") as denied:
            hub.tags(APP)
        assert "geheim" not in str(denied.value)
    assert len(stub.seen) == 1


@pytest.mark.parametrize(
    "answer", [{"token": "x"}, {"access_token": ""}, {"access_token": "a\nb"}, [], {"access_token": 1}]
)
def test_logins_without_a_token(stub: Stub, make_client: MakesClients, answer: object) -> None:
    hub = logged_in(make_client, stub)
    stub.on("/v2/auth/token", reply(answer))
    with pytest.raises(UntrustedAnswer, match=r"did not return a token|with invalid characters"):
        hub.tags(APP)


def test_the_password_is_not_redirected(stub: Stub, elsewhere: Stub, make_client: MakesClients) -> None:
    hub = logged_in(make_client, stub)
    stub.on("/v2/auth/token", reply(b"", 308, location=f"{elsewhere.url}/v2/auth/token"))
    with pytest.raises(UntrustedAnswer, match="contains credentials"):
        hub.tags(APP)
    assert not elsewhere.seen
