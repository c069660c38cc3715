"""The login for a repository: from Docker's files, Podman's files, or the environment.

Sources: docker/cli, login.md; containers-auth.json(5). The environment and the folders to look in are arguments.
A faulty login for one registry affects only that registry: it is asked without a login, and a warning gives the reason.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from collector.errors import InvalidValue, UsageError
from collector.model.references import Repository
from collector.registry.auth.credential_helpers import ask_helper
from collector.registry.auth.docker_config import (
    AuthFile,
    Entry,
    read_auth_file,
    read_auth_text,
    read_entry,
    read_legacy_file,
)
from collector.registry.transport.hosts import HUB
from collector.registry.transport.redaction import Secret

_LOG = logging.getLogger(__name__)
_HUB_NAMES = (HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
HUB_SERVER = "https://index.docker.io/v1/"
"""The name of Docker Hub in Docker's configuration, and for helpers."""


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A login. Its text form contains nothing secret."""

    username: str = ""
    password: Secret = Secret("")
    identity_token: Secret = Secret("")
    """Is exchanged for tokens, instead of a password."""
    registry_token: Secret = Secret("")
    """Is sent unchanged."""

    def __bool__(self) -> bool:
        return bool(self.password or self.identity_token or self.registry_token)

    def __repr__(self) -> str:
        return f"Credential({'…' if self else ''})"


ANONYMOUS = Credential()


class Credentials:
    """All sources of logins, the most explicit first. Each file is read once, and each helper is asked once."""

    def __init__(self, environment: Mapping[str, str], home: Path | None, run: Path | None = None) -> None:
        """Read all files that exist.

        `run`: the folder of runtime files, `/run`. If it or `home` is None, no files are read there.

        Raises:
            UsageError: a file cannot be read or understood.
        """
        self._environment = environment
        self._files = tuple(_iter_files(environment, home, run))
        self._lock = threading.Lock()
        self._helped: dict[tuple[str, str], Credential] = {}
        self._warned: set[str] = set()

    def find(self, repository: Repository) -> Credential:
        """The credential for a repository; `ANONYMOUS` if there is none, or if it cannot be read."""
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
            if key in file.entries and (credential := self._attempt(partial(_credential, file, key))):
                return credential
        return ANONYMOUS

    def _ask(self, helper: str, server: str) -> Credential:
        with self._lock:
            if (helper, server) not in self._helped:
                found = self._attempt(partial(_helped, helper, server, self._environment))
                self._helped[helper, server] = found
            return self._helped[helper, server]

    def _attempt(self, read: Callable[[], Credential]) -> Credential:
        """The credential that `read` returns; if it fails, `ANONYMOUS`, with one warning."""
        try:
            return read()
        except InvalidValue as error:
            text = f"{error}; the registry is asked without this login" + (f" ({error.hint})" if error.hint else "")
            if text not in self._warned:
                self._warned.add(text)
                _LOG.warning("%s", text)
            return ANONYMOUS


def _iter_files(environment: Mapping[str, str], home: Path | None, run: Path | None) -> Iterator[AuthFile]:
    if text := environment.get("DOCKER_AUTH_CONFIG"):
        yield read_auth_text(text.encode(), "DOCKER_AUTH_CONFIG")
    if named := environment.get("REGISTRY_AUTH_FILE"):
        if (file := read_auth_file(Path(named))) is None:
            raise UsageError(f"REGISTRY_AUTH_FILE: the file {named} does not exist", hint="log in first, or unset it")
        yield file
        return
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield from _present(read_auth_file(Path(runtime, "containers", "auth.json")))
    elif run and os.access(own := run / "containers" / str(os.getuid()) / "auth.json", os.R_OK):
        yield from _present(read_auth_file(own))
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
    """`quay.io/org/app`, `quay.io/org`, `quay.io`: the most specific key first, for each name of the registry."""
    parts = path.split("/")
    for length in range(len(parts), -1, -1):
        for name in names:
            yield "/".join([name, *parts[:length]])


def _helped(helper: str, server: str, environment: Mapping[str, str]) -> Credential:
    username, secret = ask_helper(helper, server, environment)
    if username == "<token>":
        return Credential(identity_token=Secret(secret))
    return Credential(username=username, password=Secret(secret))


def _credential(file: AuthFile, key: str) -> Credential:
    entry = read_entry(file, key) or Entry()
    username, password = entry.username or "", entry.password or ""
    if entry.auth:
        username, password = _decode_pair(entry.auth, f"{file.name}: {key}")
    return Credential(
        username=username,
        password=Secret(password),
        identity_token=Secret(entry.identity_token or ""),
        registry_token=Secret(entry.registry_token or ""),
    )


def _decode_pair(auth: str, where: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(auth, validate=True).decode().rstrip("\0")
    except (binascii.Error, ValueError):
        raise InvalidValue(f"{where}: its auth is not base64 of user:password", hint="log in again") from None
    username, colon, password = pair.partition(":")
    if not colon:
        raise InvalidValue(f"{where}: its auth contains no password", hint="log in again")
    return username, password.rstrip("\0")
