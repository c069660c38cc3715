"""Whose credentials go with which repository: Docker's files, Podman's, and the environment.

Sources: docker/cli, login.md; containers-auth.json(5). The environment is an argument, and so is the home directory.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from collector.errors import UsageError
from collector.model.references import Repository
from collector.registry.auth.credential_helpers import ask_helper
from collector.registry.auth.docker_config import AuthFile, Entry, read_auth_file, read_auth_text, read_legacy_file
from collector.registry.transport.hosts import HUB
from collector.registry.transport.redaction import Secret

_HUB_NAMES = (HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
HUB_SERVER = "https://index.docker.io/v1/"
"""What Docker calls the Hub in its configuration, and asks helpers for."""


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """What one may say to a registry. Never shows what it holds."""

    username: str = ""
    password: Secret = Secret("")
    identity_token: Secret = Secret("")
    """To be exchanged for tokens, in place of a password."""
    registry_token: Secret = Secret("")
    """To be sent as it is."""

    def __bool__(self) -> bool:
        return bool(self.password or self.identity_token or self.registry_token)

    def __repr__(self) -> str:
        return f"Credential({'…' if self else ''})"


ANONYMOUS = Credential()


class Credentials:
    """All places to look in, the most explicit first. Files are read once, helpers asked once."""

    def __init__(self, environment: Mapping[str, str], home: Path | None) -> None:
        """Read what there is. No home: no files there.

        Raises:
            UsageError: a file cannot be read or understood.
        """
        self._environment = environment
        self._files = tuple(_iter_files(environment, home))
        self._lock = threading.Lock()
        self._helped: dict[tuple[str, str], Credential] = {}

    def find(self, repository: Repository) -> Credential:
        """The credential for a repository; `ANONYMOUS` where there is none.

        Raises:
            UsageError: an entry for it makes no sense, or its helper is not there.
        """
        for file in self._files:
            if credential := self._find_in(file, repository):
                return credential
        return ANONYMOUS

    def _find_in(self, file: AuthFile, repository: Repository) -> Credential:
        names = _HUB_NAMES if repository.registry == HUB else (repository.registry,)
        helper = next((file.helpers[name] for name in names if name in file.helpers), file.store)
        if helper:
            asked = (HUB_SERVER, HUB) if repository.registry == HUB else (repository.registry,)
            for server in asked:
                if credential := self._ask(helper, server):
                    return credential
        for key in _iter_keys(names, repository.path):
            if (entry := file.entries.get(key)) and (credential := _credential(entry, f"{file.name}: {key}")):
                return credential
        return ANONYMOUS

    def _ask(self, helper: str, server: str) -> Credential:
        with self._lock:
            if (helper, server) not in self._helped:
                username, secret = ask_helper(helper, server, self._environment)
                is_token = username == "<token>"
                self._helped[helper, server] = Credential(
                    username="" if is_token else username,
                    password=Secret("" if is_token else secret),
                    identity_token=Secret(secret if is_token else ""),
                )
            return self._helped[helper, server]


def _iter_files(environment: Mapping[str, str], home: Path | None) -> Iterator[AuthFile]:
    if text := environment.get("DOCKER_AUTH_CONFIG"):
        yield read_auth_text(text.encode(), "DOCKER_AUTH_CONFIG")
    if named := environment.get("REGISTRY_AUTH_FILE"):
        if (file := read_auth_file(Path(named))) is None:
            raise UsageError(f"REGISTRY_AUTH_FILE names {named}, which is no file", hint="log in first, or unset it")
        yield file
        return
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield from _present(read_auth_file(Path(runtime, "containers", "auth.json")))
    config = environment.get("XDG_CONFIG_HOME") or (home and home / ".config")
    if config:
        yield from _present(read_auth_file(Path(config, "containers", "auth.json")))
    docker = environment.get("DOCKER_CONFIG") or (home and home / ".docker")
    if docker:
        yield from _present(read_auth_file(Path(docker, "config.json")))
    if home:
        yield from _present(read_legacy_file(home / ".dockercfg"))


def _present(file: AuthFile | None) -> tuple[AuthFile, ...]:
    return (file,) if file else ()


def _iter_keys(names: tuple[str, ...], path: str) -> Iterator[str]:
    """`quay.io/org/app`, `quay.io/org`, `quay.io`: the most specific first, under each name of the registry."""
    parts = path.split("/")
    for length in range(len(parts), -1, -1):
        for name in names:
            yield "/".join([name, *parts[:length]])


def _credential(entry: Entry, where: str) -> Credential:
    username, password = entry.username or "", entry.password or ""
    if entry.auth:
        try:
            pair = base64.b64decode(entry.auth, validate=True).decode().rstrip("\0")
        except (binascii.Error, ValueError):
            raise UsageError(f"{where}: its auth is no base64 of user:password", hint="log in again") from None
        username, colon, password = pair.partition(":")
        if not colon:
            raise UsageError(f"{where}: its auth has no password in it", hint="log in again")
        password = password.rstrip("\0")
    return Credential(
        username=username,
        password=Secret(password),
        identity_token=Secret(entry.identity_token or ""),
        registry_token=Secret(entry.registry_token or ""),
    )
