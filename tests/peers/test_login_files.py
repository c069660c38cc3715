"""The files of `docker login` and `podman login`, as containers/image and go-containerregistry read them.

The cases are those of containers/image (pkg/docker/config/config_test.go and its testdata) and of go-containerregistry
(pkg/authn/keychain_test.go).
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from collector.model.references import parse_repository
from collector.registry.auth.credentials import Credential, Credentials


def entry(pair: str) -> dict[str, str]:
    return {"auth": base64.b64encode(pair.encode()).decode()}


def find(name: str, config: object, tmp_path: Path) -> Credential:
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return Credentials({"DOCKER_CONFIG": str(tmp_path)}, None).find(parse_repository(name))


FULL = {
    "example.org": entry("example:org"),
    "index.docker.io": entry("index:docker.io"),
    "docker.io": entry("docker:io"),
    "localhost": entry("local:host"),
    "localhost:5000": entry("local:host-5000"),
    "10.10.30.45": entry("10.10:30.45"),
    "10.10.30.45:5000": entry("10.10:30.45-5000"),
    "https://normalize.example.org/v1": entry("normalize:example"),
}
ABNORMAL = {
    "example.org": entry("example:org"),
    "https://index.docker.io/v1": entry("index:docker.io"),
    "https://localhost:5000/v1": entry("local:host-5000"),
}
PATHS = {
    "example.org": entry("local:host"),
    "example.org/repo": entry("example:org"),
    "docker.io": entry("top:level"),
    "docker.io/library": entry("library:other"),
    "docker.io/library/busybox": entry("library:busybox"),
    "docker.io/vendor": entry("first:level"),
}


@pytest.mark.parametrize(
    ("auths", "name", "pair"),
    [
        ({}, "python", ""),
        (FULL, "example.org/app", "example:org"),
        (FULL, "registry.example.org/app", ""),
        (FULL, "python", "docker:io"),
        (FULL, "normalize.example.org/app", "normalize:example"),
        (FULL, "localhost/app", "local:host"),
        (FULL, "localhost:5000/app", "local:host-5000"),
        (FULL, "10.10.30.45:5000/app", "10.10:30.45-5000"),
        (ABNORMAL, "python", "index:docker.io"),
        (ABNORMAL, "localhost:5000/app", "local:host-5000"),
        (PATHS, "example.org/repo/image", "example:org"),
        (PATHS, "example.org/image", "local:host"),
        (PATHS, "busybox", "library:busybox"),
        (PATHS, "notbusybox", "library:other"),
        (PATHS, "vendor/product", "first:level"),
        (PATHS, "other-vendor/other-product", "top:level"),
        ({"https://index.docker.io/v1/": entry("foo:bar")}, "python", "foo:bar"),
        ({"http://test.io/v1/": entry("baz:quux")}, "test.io/app", "baz:quux"),
        ({"http://test.io/v2/": entry("baz:quux")}, "test.io/app", "baz:quux"),
        ({"test.io/my-repo": entry("foo:bar"), "test.io": entry("baz:quux")}, "test.io/my-repo", "foo:bar"),
        ({"test.io/another-repo": entry("bar:baz"), "test.io": {}}, "test.io/my-repo", ""),
        ({"[fc00::1]:5000": entry("six:x")}, "[fc00::1]:5000/app", "six:x"),
    ],
)
def test_the_login_for_an_image(auths: object, name: str, pair: str, tmp_path: Path) -> None:
    found = find(name, {"auths": auths}, tmp_path)
    assert f"{found.username}:{found.password.reveal()}".strip(":") == pair


def test_an_identity_token_is_stored_with_a_user_without_a_password(tmp_path: Path) -> None:
    user = "00000000-0000-0000-0000-000000000000"
    auths = {"example.org": {**entry(f"{user}:"), "identitytoken": "some very long identity token"}}
    found = find("example.org/app", {"auths": auths}, tmp_path)
    assert (found.username, found.password.reveal()) == (user, "")
    assert found.identity_token.reveal() == "some very long identity token"


def test_a_store_that_is_not_installed_does_not_hide_the_file(tmp_path: Path) -> None:
    config = {"credsStore": "#definitely-does-not-exist", "auths": {"test.io": entry("foo:bar")}}
    assert find("test.io/app", config, tmp_path).username == "foo"
