"""Redirects to names whose addresses only a look-up shows."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from collector.errors import Unreachable, UntrustedAnswer
from collector.model.digests import digest_of
from collector.model.references import Repository, Tag, parse_repository
from collector.registry.client import RegistryClient
from collector.registry.settings import Backoff, HostSettings
from collector.registry.transport.hosts import Nearness, Origin, resolved_nearness
from collector.registry.transport.redirects import check_target
from tests.registry.conftest import MakesClients
from tests.support.stub import Stub, reply

CONTENT = b"a config"
BLOB = f"/v2/team/app/blobs/{digest_of(CONTENT)}"
MANIFEST = "/v2/team/app/manifests/1.0"
PUBLIC = parse_repository("registry.example/team/app")

Names = Callable[[Mapping[str, list[str]]], None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Sets what names resolve to."""
    resolve = socket.getaddrinfo

    def set_names(table: Mapping[str, list[str]]) -> None:
        def look_up(host: str, port: Any, *args: Any, **more: Any) -> Any:
            return [entry for each in table.get(host, [host]) for entry in resolve(each, port, *args, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return set_names


def through_a_proxy(stub: Stub, make_client: MakesClients, *trusted: str) -> RegistryClient:
    """A client for which the stub is the internet, but for the hosts of a table that are reached directly."""
    settings = HostSettings(insecure=True, trusted_hosts=frozenset(trusted))
    environment = {"HTTP_PROXY": stub.url, "NO_PROXY": "cdn.example"}
    return make_client(environment=environment, hosts={"registry.example": settings}, backoff=Backoff(tries=1))


@pytest.fixture
def cdn(elsewhere: Stub, names: Names) -> str:
    """The address of `elsewhere` under a name that looks public."""
    names({"cdn.example": ["127.0.0.1"]})
    elsewhere.on("/there", reply(CONTENT))
    elsewhere.on("/token", reply({"token": "t"}))
    return f"http://cdn.example:{elsewhere.address.rpartition(':')[2]}"


def test_a_redirect_to_a_name_of_this_machine(stub: Stub, elsewhere: Stub, make_client: MakesClients, cdn: str) -> None:
    stub.on(f"http://registry.example{BLOB}", reply(b"", 307, location=f"{cdn}/there"))
    with pytest.raises(UntrustedAnswer, match=r"cdn\.example:[0-9]+: resolves to a private address") as refused:
        through_a_proxy(stub, make_client).get_blob(PUBLIC, digest_of(CONTENT), len(CONTENT))
    assert "trusted_hosts" in refused.value.hint
    assert not elsewhere.seen
    trusting = through_a_proxy(stub, make_client, "cdn.example")
    assert trusting.get_blob(PUBLIC, digest_of(CONTENT), len(CONTENT)) == CONTENT


def test_a_connection_that_is_open_for_another_registry_is_not_used(
    stub: Stub, elsewhere: Stub, make_client: MakesClients, cdn: str
) -> None:
    """To the one it is home, for the other it is forbidden."""
    stub.on(f"http://registry.example{BLOB}", reply(b"", 307, location=f"{cdn}/there"))
    own = cdn.removeprefix("http://")
    hosts = {own: HostSettings(insecure=True), "registry.example": HostSettings(insecure=True)}
    client = make_client(environment={"HTTP_PROXY": stub.url, "NO_PROXY": "cdn.example"}, hosts=hosts)
    elsewhere.on(BLOB, reply(CONTENT))
    assert client.get_blob(parse_repository(f"{own}/team/app"), digest_of(CONTENT), len(CONTENT)) == CONTENT
    with pytest.raises(UntrustedAnswer, match="resolves to a private address"):
        client.get_blob(PUBLIC, digest_of(CONTENT), len(CONTENT))
    assert len(elsewhere.seen) == 1


def test_a_token_server_with_a_name_of_this_machine(
    stub: Stub, elsewhere: Stub, make_client: MakesClients, names: Names
) -> None:
    names({"cdn.example": ["127.0.0.1"]})
    realm = f"https://cdn.example:{elsewhere.address.rpartition(':')[2]}/token"
    stub.on(f"http://registry.example{MANIFEST}", reply({}, 401, www_authenticate=f'Bearer realm="{realm}"'))
    client = through_a_proxy(stub, make_client)
    with pytest.raises(UntrustedAnswer, match="resolves to a private address"):
        client.head_manifest(PUBLIC, Tag("1.0"))
    assert not elsewhere.seen


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest",
        "http://[fe80::1]/",
        "http://metadata.example/",
        "http://[::ffff:169.254.169.254]/",
    ],
)
def test_redirects_to_link_local_addresses_are_refused(
    stub: Stub, app: Repository, make_client: MakesClients, names: Names, target: str
) -> None:
    """Not even by a registry on this machine."""
    names({"metadata.example": ["169.254.169.254"]})
    stub.on(BLOB, reply(b"", 307, location=target))
    with pytest.raises(UntrustedAnswer, match="private address"):
        make_client(backoff=Backoff(tries=1)).get_blob(app, digest_of(CONTENT), len(CONTENT))


def test_a_private_registry_does_not_send_to_this_machine() -> None:
    corporate = Origin("https", "10.1.2.3", 443)
    for host in ("127.0.0.1", "localhost", "169.254.169.254"):
        with pytest.raises(UntrustedAnswer, match="redirects to a private address"):
            check_target(corporate, Origin("https", host, 443), HostSettings())


def test_the_network_of_a_registry_is_that_of_its_nearest_address(names: Names) -> None:
    names({
        "registry.corp": ["10.0.0.1"], "both.example": ["1.1.1.1", "10.0.0.1"], "near.example": ["127.0.0.1"],
        "metadata.example": ["169.254.169.254"], "public.example": ["1.1.1.1", "2606:4700::1111"],
    })  # fmt: skip
    hosts = [
        "registry.corp",
        "both.example",
        "near.example",
        "metadata.example",
        "public.example",
        "10.0.0.2",
        "1.1.1.1",
    ]
    assert [resolved_nearness(host) for host in hosts] == [
        Nearness.PRIVATE, Nearness.PRIVATE, Nearness.LOOPBACK, Nearness.LOOPBACK, Nearness.PUBLIC, Nearness.PRIVATE,
        Nearness.PUBLIC,
    ]  # fmt: skip


def test_a_name_with_very_many_addresses(stub: Stub, make_client: MakesClients, names: Names) -> None:
    port = stub.address.rpartition(":")[2]
    app = parse_repository(f"many.example:{port}/team/app")
    client = make_client(hosts={app.registry: HostSettings(insecure=True)}, backoff=Backoff(tries=1))
    stub.on(MANIFEST, reply({}))
    names({"many.example": ["127.0.0.2", "127.0.0.3", "127.0.0.1"]})
    client.head_manifest(app, Tag("1.0"))
    assert len(stub.seen) == 1
    client.http.close()
    names({"many.example": [f"127.0.0.{number}" for number in range(2, 250)] + ["127.0.0.1"]})
    with pytest.raises(Unreachable, match="refuses the connection"):
        client.head_manifest(app, Tag("1.0"))
