from __future__ import annotations

from pathlib import Path

import pytest

from collector.errors import UntrustedAnswer, UsageError
from collector.registry.client import RegistryClient
from collector.registry.settings import HostSettings, Settings
from collector.registry.transport.hosts import Nearness, Origin, endpoint_of, is_loopback, nearness_of, origin_of
from collector.registry.transport.proxies import Proxies


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://r.example/v2/", Origin("https", "r.example", 443)),
        ("https://R.Example.:443/", Origin("https", "r.example", 443)),
        ("http://r.example:5000", Origin("http", "r.example", 5000)),
        ("http://[::1]:80/", Origin("http", "::1", 80)),
    ],
)
def test_origins(url: str, origin: Origin) -> None:
    assert origin_of(url) == origin


def test_origins_in_words() -> None:
    shown = [str(origin_of(url)) for url in ("https://a.example/x", "http://a.example:443/", "http://[::1]:5000/")]
    assert shown == ["a.example", "a.example:443", "[::1]:5000"]


@pytest.mark.parametrize(
    "url", ["", "x", "//a.example/", "ftp://a.example/", "http://", "http://a:b/", "http://u@a.example/"]
)
def test_no_origins(url: str) -> None:
    with pytest.raises(UntrustedAnswer):
        origin_of(url)


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "a.localhost", "127.0.0.1:5000", "127.8.9.1", "127.1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    assert nearness_of(host.partition(":")[0]) is Nearness.LOOPBACK


@pytest.mark.parametrize("host", ["localhost.example", "notlocalhost", "registry.corp:5000", "10.0.0.1", "1.1.1.1"])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["registry.example", "1.1.1.1", "2606:4700::1111", "a.b.c.d"])
def test_on_the_internet(host: str) -> None:
    assert nearness_of(host) is Nearness.PUBLIC


@pytest.mark.parametrize(
    ("nearness", "hosts"),
    [
        (
            Nearness.PRIVATE,
            ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "fd00::1", "224.0.0.1", "2002:a00:5::"],
        ),
        (Nearness.LOOPBACK, ["::1", "0.0.0.0", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0x7f000001"]),
        (Nearness.LINK_LOCAL, ["169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]),
    ],
)
def test_the_network_of_an_address(nearness: Nearness, hosts: list[str]) -> None:
    assert [nearness_of(host) for host in hosts] == [nearness] * len(hosts)


@pytest.mark.parametrize(
    ("host", "settings", "scheme"),
    [
        ("registry.example", HostSettings(), "https"),
        ("10.0.0.1:5000", HostSettings(), "https"),
        ("registry.example", HostSettings(insecure=True), "http"),
        ("localhost:5000", HostSettings(), "http"),
        ("127.0.0.1:5000", HostSettings(ca_file=Path("ca.pem")), "https"),
    ],
)
def test_plain_http_is_for_loopback_or_on_request(host: str, settings: HostSettings, scheme: str) -> None:
    assert settings.scheme_for(host) == scheme


def test_the_address_of_docker_hub(client: RegistryClient) -> None:
    assert endpoint_of("docker.io") == "registry-1.docker.io"
    assert endpoint_of("ghcr.io") == "ghcr.io"
    assert client.endpoint("docker.io").url == "https://registry-1.docker.io/v2/"
    assert client.endpoint("docker.io") is client.endpoint("docker.io")


def test_settings_of_one_host_do_not_apply_to_another() -> None:
    settings = Settings(hosts={"a.example": HostSettings(insecure=True)})
    assert (settings.host("a.example").insecure, settings.host("b.example").insecure) == (True, False)


HTTPS = Origin("https", "a.b.example", 443)


@pytest.mark.parametrize(
    ("environment", "origin", "proxy"),
    [
        ({}, HTTPS, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, HTTPS, "http://proxy:3128"),
        ({"https_proxy": "proxy:3128"}, HTTPS, "http://proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, HTTPS, None),
        ({"ALL_PROXY": "https://proxy"}, HTTPS, "https://proxy"),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "*"}, HTTPS, None),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "c.example, b.example"}, HTTPS, None),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": ".b.example"}, HTTPS, None),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "*.b.example"}, HTTPS, None),
        ({"HTTPS_PROXY": "http://proxy", "no_proxy": "a.b.example:443"}, HTTPS, None),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "a.b.example:444,.example.org,b.exampl,,"}, HTTPS, "http://proxy"),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "10.0.0.0/8"}, Origin("https", "10.1.1.1", 443), None),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "10.0.0.0/8"}, Origin("https", "11.1.1.1", 443), "http://proxy"),
        ({"HTTPS_PROXY": "http://proxy", "NO_PROXY": "fd00::/8"}, Origin("https", "fd00::1", 443), None),
        ({"HTTP_PROXY": "http://proxy"}, Origin("http", "127.0.0.1", 5000), None),
    ],
)
def test_proxies(environment: dict[str, str], origin: Origin, proxy: str | None) -> None:
    assert Proxies(environment).for_origin(origin) == ({origin.scheme: proxy} if proxy else {})


@pytest.mark.parametrize(
    "value",
    [
        "socks5://user:geheim@proxy", "http://[", "http://user:geheim@", "http://", "http://proxy:geheim",
        "proxy:99999",
        "http://pro xy", "http://proxy\r\nX: geheim", "http://..", f"http://{'x' * 64}", "http://proxy:0", "http://proxy:1\\",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_invalid_proxy_addresses(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^{name}: not the http or https address of a proxy$") as error:
        Proxies({name: value})
    assert "geheim" not in str(error.value) + error.value.hint
