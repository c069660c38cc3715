"""Temporary overload, and limits that last."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from collector.errors import Overloaded, PullLimitReached, RegistryError
from collector.model.digests import digest_of
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.pulls import PullLimit, pull_limit
from collector.registry.transport.http import Answer
from tests.support.clocks import CountingClock
from tests.support.registry import OCI_MANIFEST, raw_image
from tests.support.stub import Reply, Stub, reply

ONE = Tag("1.0")
MANIFEST = "/v2/team/app/manifests/1.0"
GOOD = reply(raw_image().manifest.raw, content_type=OCI_MANIFEST, docker_content_digest=raw_image().digest)
PULL_LIMIT = "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading"


@pytest.mark.parametrize(
    ("refusal", "slept"),
    [
        (reply("", 429), 1.0),
        (reply("Too Many Requests (HAP429).", 429, content_type="text/plain"), 1.0),
        (reply("", 429, retry_after="30"), 30.0),
        (reply("", 429, retry_after="Fri, 20 Nov 2026 08:00:45 GMT"), 45.0),
        (reply("", 429, retry_after="Fri, 20 Nov 2026 07:00:00 GMT"), 0.0),
        (reply("", 429, retry_after="Friday, 20-Nov-26 08:00:45 GMT"), 45.0),
        (reply("", 429, retry_after="Fri Nov 20 08:00:45 2026"), 45.0),
        (reply("", 429, retry_after="Fri, 20 Nov 99999999 08:00:45 GMT"), 1.0),
        (reply("", 429, retry_after="soon"), 1.0),
        (reply("", 429, x_retry_after="1795161610"), 10.0),
        (reply("", 429, x_ratelimit_remaining="0", x_ratelimit_reset="1795161620"), 20.0),
        (reply({"errors": [{"code": "TOOMANYREQUESTS", "message": "Rate exceeded"}]}, 429), 1.0),
        (reply("", 429, ratelimit_limit="100;w=30", ratelimit_remaining="0;w=30"), 1.0),
        (reply("", 429, ratelimit_limit="100;w=21600", ratelimit_remaining="5;w=21600"), 1.0),
        (reply("", 503, retry_after="5"), 5.0),
        (reply("<html>Bad Gateway</html>", 502, content_type="text/html"), 1.0),
        (reply("", 500), 1.0),
        (reply("", 504), 1.0),
        (reply("", 408), 1.0),
        (reply("", 522), 1.0),
    ],
)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_temporary_refusal_is_tried_again(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock, refusal: Reply, slept: float, method: str
) -> None:
    stub.on(MANIFEST, refusal, GOOD)
    ask = client.head_manifest if method == "HEAD" else client.get_manifest
    assert ask(app, ONE).digest == raw_image().digest
    assert sum(clock.slept) == pytest.approx(slept)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 501])
def test_a_permanent_refusal_is_not_tried_again(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock, status: int
) -> None:
    stub.on(MANIFEST, reply("", status))
    with pytest.raises(RegistryError, match=r"team/app:1\.0"):
        client.get_manifest(app, ONE)
    assert (len(stub.seen), clock.slept) == (1, [])


def test_a_lasting_overload_is_an_error(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock
) -> None:
    stub.on(MANIFEST, reply("", 429))
    with pytest.raises(Overloaded, match="asks for fewer requests") as refused:
        client.get_manifest(app, ONE)
    assert (len(stub.seen), refused.value.until) == (5, None)
    assert clock.slept == [1, 2, 4, 8]


def test_a_long_wait_is_for_the_caller_to_plan(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(MANIFEST, reply("", 429, retry_after="7200"))
    with pytest.raises(Overloaded) as refused:
        client.head_manifest(app, ONE)
    assert refused.value.until == "2026-11-20T10:00:00Z"
    with pytest.raises(Overloaded, match="this host gets no more requests for a while"):
        list(client.iter_tags(app))
    assert len(stub.seen) == 1


def test_a_pause_on_one_host_does_not_affect_another(
    stub: Stub, elsewhere: Stub, app: Repository, client: RegistryClient, clock: CountingClock
) -> None:
    stub.on(MANIFEST, reply("", 429, retry_after="7200"))
    with pytest.raises(Overloaded):
        client.head_manifest(app, ONE)
    elsewhere.on(MANIFEST, GOOD)
    assert client.head_manifest(parse_repository(f"{elsewhere.address}/team/app"), ONE).digest
    assert clock.slept == []


@pytest.mark.parametrize(
    ("refusal", "until"),
    [
        (reply({"errors": [{"code": "TOOMANYREQUESTS", "message": PULL_LIMIT}]}, 429), None),
        (reply(PULL_LIMIT, 429, content_type="text/plain"), None),
        (reply({"message": PULL_LIMIT}, 429, retry_after="3600"), "2026-11-20T09:00:00Z"),
        (reply({"message": PULL_LIMIT}, 429, ratelimit_remaining="0;w=21600"), "2026-11-20T14:00:00Z"),
        (reply("", 429, ratelimit_limit="100;w=21600", ratelimit_remaining="0;w=21600"), "2026-11-20T14:00:00Z"),
        (reply("", 429, ratelimit_limit="100;w=3600", ratelimit_remaining="0"), "2026-11-20T09:00:00Z"),
        (reply("", 429, ratelimit_remaining="0"), None),
        (reply("", 429, ratelimit_remaining="0;w=21600", retry_after="90"), "2026-11-20T08:01:30Z"),
    ],
)
def test_a_limit_of_pulls_is_not_waited_for(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock, refusal: Reply, until: str | None
) -> None:
    stub.on(MANIFEST, refusal)
    with pytest.raises(PullLimitReached, match="the limit of pulls is reached") as refused:
        client.get_manifest(app, ONE)
    assert refused.value.until == until
    assert (until or "some hours") in refused.value.hint
    assert (len(stub.seen), clock.slept) == (1, [])


def test_requests_that_are_not_pulls_continue(
    stub: Stub, app: Repository, client: RegistryClient, clock: CountingClock
) -> None:
    refusal = reply({"message": PULL_LIMIT}, 429, retry_after="3600")
    stub.on(MANIFEST, refusal)
    stub.on("/v2/team/app/manifests/2.0", GOOD)
    stub.on("/v2/team/app/tags/list", reply({"tags": ["1.0"]}))
    stub.on(f"/v2/team/app/blobs/{digest_of(b'x')}", reply(b"x"))
    with pytest.raises(PullLimitReached):
        client.get_manifest(app, ONE)
    # Manifests are not asked for again, under no name.
    for reference in (ONE, Tag("2.0"), digest_of(b"x")):
        with pytest.raises(PullLimitReached) as refused:
            client.get_manifest(app, reference)
        assert refused.value.until == "2026-11-20T09:00:00Z"
    assert len(stub.seen) == 1
    assert client.head_manifest(app, Tag("2.0")).digest == raw_image().digest
    assert client.get_blob(app, digest_of(b"x"), 1) == b"x"
    assert list(client.iter_tags(app)) == ["1.0"]
    # When it is time, they are.
    clock.passed = 3600
    assert client.get_manifest(app, Tag("2.0")).digest == raw_image().digest


def test_a_limit_that_applies_to_heads_too(stub: Stub, app: Repository, client: RegistryClient) -> None:
    stub.on(MANIFEST, reply("", 429, ratelimit_remaining="0;w=21600"))
    for ask in (client.head_manifest, client.head_manifest, client.get_manifest):
        with pytest.raises(PullLimitReached):
            ask(app, ONE)
    assert len(stub.seen) == 1


@pytest.mark.parametrize(
    ("headers", "limit"),
    [
        ({}, None),
        ({"ratelimit_limit": "100;w=21600", "ratelimit_remaining": "76;w=21600"}, (100, 76, 21600)),
        ({"RateLimit-Limit": "200;w=3600", "RateLimit-Remaining": "0;w=3600"}, (200, 0, 3600)),
        ({"ratelimit_limit": "100, 100;w=60;burst=10", "ratelimit_remaining": "5"}, (100, 5, None)),
        ({"ratelimit_remaining": " 5 ; w=60"}, (None, 5, 60)),
        ({"ratelimit_remaining": "-1"}, None),
        ({"ratelimit_remaining": "many"}, None),
        ({"ratelimit_remaining": "9" * 400}, (None, 999999999, None)),
    ],
)
def test_the_remaining_pulls(headers: dict[str, str], limit: tuple[int | None, int | None, int | None] | None) -> None:
    named = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    expected = PullLimit(limit=limit[0], remaining=limit[1], window=limit[2]) if limit else None
    assert pull_limit(Answer(status=200, headers=named, body=b"", url="https://registry.example/v2/")) == expected


def test_warnings_are_shown_once(
    stub: Stub, app: Repository, client: RegistryClient, caplog: pytest.LogCaptureFixture
) -> None:
    warnings = (
        ("Warning", '299 - "This tag is \\"old\\""'),
        ("Warning", '299 - "Moves to registry.example\x1b[0m?token=geheim"'),
        ("Warning", '214 proxy "Transformation applied"'),
        ("Content-Type", OCI_MANIFEST),
    )
    stub.on(MANIFEST, Reply(headers=(warnings[0], warnings[3]), body=raw_image().manifest.raw))
    client.get_manifest(app, ONE)
    client.get_manifest(app, ONE)
    assert [record.getMessage() for record in caplog.records] == [f'{stub.address} says: This tag is "old"']
    stub.on(MANIFEST, Reply(headers=(warnings[2], *warnings[2:]), body=raw_image().manifest.raw))
    client.get_manifest(app, ONE)
    assert len(caplog.records) == 1
