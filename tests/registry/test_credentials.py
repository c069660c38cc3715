"""Where credentials come from. The helpers are real programs, made here."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from collector.errors import UsageError
from collector.model.references import parse_repository
from collector.registry.auth.credentials import ANONYMOUS, Credential, Credentials
from collector.registry.transport.redaction import Secret


def auth(username: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{username}:{password}".encode()).decode()}


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def find(name: str, environment: Mapping[str, str], home: Path | None = None) -> Credential:
    return Credentials(environment, home).find(parse_repository(name))


def user(name: str, environment: Mapping[str, str], home: Path | None = None) -> str:
    found = find(name, environment, home)
    assert bool(found) == bool(found.username)
    return found.username


def given(**auths: dict[str, str]) -> dict[str, str]:
    return given_entries(auths)


def given_entries(auths: Mapping[str, object]) -> dict[str, str]:
    return {"DOCKER_AUTH_CONFIG": json.dumps({"auths": auths})}


def test_no_credentials(tmp_path: Path) -> None:
    assert find("python", {}) is ANONYMOUS
    assert find("python", {}, tmp_path) is ANONYMOUS


@pytest.mark.parametrize(
    "key",
    ["quay.io", "https://quay.io", "http://quay.io/", "https://quay.io/v1/", "https://quay.io/v2/", "quay.io/v2"],
)
def test_keys_in_every_spelling(key: str) -> None:
    assert user("quay.io/org/app", given(**{key: auth("me", "it")})) == "me"
    assert user("quay.io.example/org/app", given(**{key: auth("me", "it")})) == ""


@pytest.mark.parametrize("key", ["https://index.docker.io/v1/", "docker.io", "index.docker.io", "registry-1.docker.io"])
def test_docker_hub_has_many_names(key: str) -> None:
    environment = given(**{key: auth("me", "it")})
    assert user("python", environment) == user("docker.io/bitnami/redis", environment) == "me"
    assert user("quay.io/org/app", environment) == ""


def test_the_most_specific_key_wins() -> None:
    environment = given(
        **{
            "quay.io": auth("host", "x"),
            "quay.io/org": auth("namespace", "x"),
            "quay.io/org/app": auth("repository", "x"),
            "docker.io/library/python": auth("python", "x"),
            "https://index.docker.io/v1/": auth("hub", "x"),
        }
    )
    names = ["quay.io/org/app", "quay.io/org/other", "quay.io/organ", "python", "python3"]
    assert [user(name, environment) for name in names] == ["repository", "namespace", "host", "python", "hub"]


def test_a_plain_key_comes_before_an_address() -> None:
    environment = given(**{"https://quay.io/v1/": auth("old", "x"), "quay.io": auth("new", "x")})
    assert user("quay.io/app", environment) == "new"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (auth("me", "pa:ss:word"), ("me", "pa:ss:word")),
        (auth("me", "it\0\0"), ("me", "it")),
        (auth("mé", "ït"), ("mé", "ït")),
        ({"username": "me", "password": "it"}, ("me", "it")),
        ({**auth("decoded", "it"), "username": "said"}, ("decoded", "it")),
    ],
)
def test_forms_of_an_entry(entry: dict[str, str], expected: tuple[str, str]) -> None:
    found = find("quay.io/app", given(**{"quay.io": entry}))
    assert (found.username, found.password.reveal()) == expected


def test_tokens_in_an_entry() -> None:
    found = find("quay.io/app", given(**{"quay.io": {"identitytoken": "i", "registrytoken": "r"}}))
    assert (found.identity_token, found.registry_token) == (Secret("i"), Secret("r"))


def test_files_and_their_order(tmp_path: Path) -> None:
    home, runtime, config, docker = (tmp_path / name for name in ("home", "run", "config", "docker"))
    everywhere = {"XDG_RUNTIME_DIR": str(runtime), "XDG_CONFIG_HOME": str(config), "DOCKER_CONFIG": str(docker)}
    steps = [
        (home / ".dockercfg", "legacy"),
        (docker / "config.json", "docker"),
        (config / "containers" / "auth.json", "config"),
        (runtime / "containers" / "auth.json", "runtime"),
    ]
    for path, name in steps:
        entries = {"quay.io": auth(name, "x")}
        write(path, entries if name == "legacy" else {"auths": entries})
        assert user("quay.io/app", everywhere, home) == name
    named = write(tmp_path / "named.json", {"auths": {"quay.io": auth("named", "x")}})
    assert user("quay.io/app", {**everywhere, "REGISTRY_AUTH_FILE": str(named)}, home) == "named"
    # What is named takes the place of all that lies in folders.
    write(named, {"auths": {}})
    assert user("quay.io/app", {**everywhere, "REGISTRY_AUTH_FILE": str(named)}, home) == ""
    assert user("quay.io/app", {**everywhere, **given(**{"quay.io": auth("text", "x")})}, home) == "text"


def test_the_usual_places_in_the_home_directory(tmp_path: Path) -> None:
    write(tmp_path / ".docker" / "config.json", {"auths": {"quay.io": auth("docker", "x")}})
    assert user("quay.io/app", {}, tmp_path) == "docker"
    write(tmp_path / ".config" / "containers" / "auth.json", {"auths": {"quay.io": auth("podman", "x")}})
    assert user("quay.io/app", {}, tmp_path) == "podman"


def test_a_file_without_anything_for_the_registry_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / ".config" / "containers" / "auth.json", {"auths": {"quay.io": {}, "ghcr.io": None}})
    write(
        tmp_path / ".docker" / "config.json", {"auths": {"quay.io": auth("me", "x")}, "HttpHeaders": {}, "proxies": {}}
    )
    assert user("quay.io/app", {}, tmp_path) == "me"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "Input data was truncated"),
        (b"\xff", "JSON is malformed"),
        (b'{"auths": []}', r"Expected `object \| null`, got `array` - at `\$.auths`"),
    ],
)
def test_invalid_files(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "auth.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=why) as refused:
        find("quay.io/app", {"REGISTRY_AUTH_FILE": str(path)})
    assert str(path) in str(refused.value)
    assert "geheim" not in str(refused.value) + refused.value.hint


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"auth": 7}, "Expected `str | null`, got `int` - at `$.auth`"),
        ([], "Expected `object | null`, got `array`"),
        ({"auth": "geheim!"}, "its auth is not base64"),
        ({"auth": "Z2VoZWlt"}, "its auth contains no password"),
    ],
)
def test_an_invalid_entry_affects_only_the_login_of_its_registry(
    entry: object, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    credentials = Credentials(given_entries({"quay.io": entry, "ghcr.io": auth("me", "it")}), None)
    assert credentials.find(parse_repository("ghcr.io/app")).username == "me"
    assert not caplog.messages
    for _ in range(2):
        assert credentials.find(parse_repository("quay.io/app")) is ANONYMOUS
    (warning,) = caplog.messages
    assert warning.startswith(f"DOCKER_AUTH_CONFIG: quay.io: {why}")
    assert warning.endswith("; the registry is asked without this login (log in again)")
    assert "geheim" not in warning


def test_podman_without_a_runtime_folder_in_the_environment(tmp_path: Path) -> None:
    write(tmp_path / "containers" / str(os.getuid()) / "auth.json", {"auths": {"quay.io": auth("podman", "x")}})
    found = Credentials({}, None, tmp_path).find(parse_repository("quay.io/app"))
    assert found.username == "podman"
    named = Credentials({"XDG_RUNTIME_DIR": str(tmp_path / "none")}, None, tmp_path)
    assert named.find(parse_repository("quay.io/app")) is ANONYMOUS


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"REGISTRY_AUTH_FILE: the file .* does not exist"):
        Credentials({"REGISTRY_AUTH_FILE": str(tmp_path / "none.json")}, None)


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / ".docker" / "config.json").mkdir(parents=True)
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        Credentials({}, tmp_path)


HELPER = """#!/bin/sh
read server
echo "$1 $server" >> "{log}"
case "$server" in
  {server}) echo '{answer}' ;;
  *) echo "credentials not found in native keychain"; exit 1 ;;
esac
"""


def helper(folder: Path, name: str, *, server: str, answer: str) -> dict[str, str]:
    """A credential helper for one server, and the environment in which it is found."""
    path = folder / f"docker-credential-{name}"
    path.write_text(HELPER.format(log=folder / "log", server=server, answer=answer))
    path.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def with_config(environment: Mapping[str, str], **config: object) -> dict[str, str]:
    return {**environment, "DOCKER_AUTH_CONFIG": json.dumps(config)}


def test_a_helper_for_one_registry_comes_before_the_store(tmp_path: Path) -> None:
    one = helper(tmp_path, "one", server="quay.io", answer='{"Username": "one", "Secret": "x"}')
    helper(tmp_path, "all", server="ghcr.io", answer='{"ServerURL": "", "Username": "all", "Secret": "x"}')
    environment = with_config(one, credHelpers={"quay.io": "one"}, credsStore="all", auths={"quay.io": {}})
    credentials = Credentials(environment, None)
    names = ["quay.io/app", "quay.io/other", "ghcr.io/app", "gcr.io/app"]
    found = [credentials.find(parse_repository(name)).username for name in names]
    assert found == ["one", "one", "all", ""]
    assert (tmp_path / "log").read_text().splitlines() == ["get quay.io", "get ghcr.io", "get gcr.io"]


def test_the_file_has_credentials_that_the_helper_lacks(tmp_path: Path) -> None:
    environment = helper(tmp_path, "store", server="quay.io", answer="{}")
    auths = {"ghcr.io": auth("file", "x")}
    assert user("ghcr.io/app", with_config(environment, credsStore="store", auths=auths)) == "file"


def test_docker_hub_in_a_helper(tmp_path: Path) -> None:
    answer = '{"Username": "me", "Secret": "it"}'
    environment = helper(tmp_path, "store", server="https://index.docker.io/v1/", answer=answer)
    assert user("python", with_config(environment, credsStore="store")) == "me"
    environment = helper(tmp_path, "store", server="docker.io", answer=answer)
    assert user("python", with_config(environment, credHelpers={"docker.io": "store"})) == "me"


def test_an_identity_token_from_a_helper(tmp_path: Path) -> None:
    environment = helper(tmp_path, "store", server="quay.io", answer='{"Username": "<token>", "Secret": "identity"}')
    found = find("quay.io/app", with_config(environment, credsStore="store"))
    assert (found.username, found.password, found.identity_token) == ("", Secret(""), Secret("identity"))


@pytest.mark.parametrize("name", ["missing", "../store", "store\0", "-x"])
def test_a_helper_that_is_not_installed(tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    environment = helper(tmp_path, "store", server="quay.io", answer="{}")
    assert find("quay.io/app", with_config(environment, credsStore=name)) is ANONYMOUS
    assert "the credential helper for quay.io, is not installed" in caplog.text


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo geheim", "printed no credentials for quay.io"),
        ("echo geheim; echo geheim >&2; exit 3", "failed for quay.io, with exit code 3"),
        ("echo 'No stored credential for geheim'; exit 1", "failed for quay.io, with exit code 1"),
    ],
)
def test_a_failing_helper_affects_only_the_login_of_its_registry(
    tmp_path: Path, script: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    environment = helper(tmp_path, "store", server="quay.io", answer="{}")
    (tmp_path / "docker-credential-store").write_text(f"#!/bin/sh\necho >> {tmp_path}/log\n{script}\n")
    auths = {"ghcr.io": auth("me", "it")}
    credentials = Credentials(with_config(environment, credHelpers={"quay.io": "store"}, auths=auths), None)
    for _ in range(2):
        assert credentials.find(parse_repository("quay.io/app")) is ANONYMOUS
    assert credentials.find(parse_repository("ghcr.io/app")).username == "me"
    (warning,) = caplog.messages
    assert f"docker-credential-store {why}; the registry is asked without this login" in warning
    assert "geheim" not in warning
    assert len((tmp_path / "log").read_text()) == 1  # asked once


@pytest.mark.parametrize(
    "script",
    [
        "echo 'credentials not found in native keychain'; exit 1",
        """echo '{"ServerURL":"","Username":"","Secret":""}'""",
    ],
)
def test_a_helper_that_has_nothing(tmp_path: Path, script: str, caplog: pytest.LogCaptureFixture) -> None:
    environment = helper(tmp_path, "store", server="quay.io", answer="{}")
    (tmp_path / "docker-credential-store").write_text(f"#!/bin/sh\n{script}\n")
    assert not find("quay.io/app", with_config(environment, credsStore="store"))
    assert not caplog.messages


def test_credentials_show_nothing() -> None:
    found = find("quay.io/app", given(**{"quay.io": {**auth("me", "geheim"), "identitytoken": "heimlich"}}))
    assert repr(found) == str(found) == "Credential(…)"
    assert f"{found.password} {found.password!r} %s" % found.identity_token == "Secret(…) Secret(…) Secret(…)"
