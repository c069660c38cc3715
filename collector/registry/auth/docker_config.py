"""The files that `docker login` and `podman login` write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from collector.errors import InvalidValue, UsageError
from collector.model.json_text import NOT_DECODABLE

T = TypeVar("T")

_MAX_BYTES = 2**20


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The login for a registry, or for a part of it. All members may be missing if a helper has the login."""

    auth: str | None = None
    username: str | None = None
    password: str | None = None
    identity_token: str | None = msgspec.field(default=None, name="identitytoken")
    registry_token: str | None = msgspec.field(default=None, name="registrytoken")

    def __repr__(self) -> str:
        return "Entry(…)"


class _Config(msgspec.Struct, kw_only=True):
    auths: dict[str, msgspec.Raw] | None = None
    helpers: dict[str, Any] | None = msgspec.field(default=None, name="credHelpers")
    store: str | None = msgspec.field(default=None, name="credsStore")


class AuthFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file, with its keys in a common form: `quay.io`, `quay.io/org`, `docker.io`."""

    name: str
    entries: Mapping[str, msgspec.Raw] = {}
    """Undecoded: `read_entry` decodes them one by one, so that an invalid entry does not hide the others."""
    helpers: Mapping[str, str] = {}
    """For each registry, the last part of the name of its `docker-credential-…`."""
    store: str = ""
    """The helper for all other registries."""


def read_auth_file(path: Path) -> AuthFile | None:
    """Read Docker's config.json or Podman's auth.json; None if there is no such file.

    Raises:
        UsageError: it cannot be read or understood.
    """
    raw = _read(path)
    return None if raw is None else read_auth_text(raw, str(path))


def read_auth_text(raw: bytes, name: str) -> AuthFile:
    """Read the content of such a file; `name` is for errors.

    Raises:
        UsageError: it cannot be understood.
    """
    config = _decode(raw, _Config, name)
    return AuthFile(
        name=name,
        entries=_normal(config.auths or {}),
        helpers={_key(key): str(value) for key, value in (config.helpers or {}).items()},
        store=config.store or "",
    )


def read_legacy_file(path: Path) -> AuthFile | None:
    """Read `~/.dockercfg`, which has the entries at its top level; None if there is no such file.

    Raises:
        UsageError: it cannot be read or understood.
    """
    raw = _read(path)
    if raw is None:
        return None
    return AuthFile(name=str(path), entries=_normal(_decode(raw, dict[str, msgspec.Raw], str(path))))


def read_entry(file: AuthFile, key: str) -> Entry | None:
    """The entry for a key, or None.

    Raises:
        InvalidValue: it cannot be understood.
    """
    try:
        return msgspec.json.decode(file.entries.get(key, b"null"), type=Entry | None)
    except NOT_DECODABLE as error:
        raise InvalidValue(f"{file.name}: {key}: {_why(error)}", hint="log in again") from None


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read: {error.strerror}", hint="it has the registries' credentials"
        ) from None


def _decode(raw: bytes, kind: type[T], name: str) -> T:
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except NOT_DECODABLE as error:
        hint = "it has the registries' credentials; log in again"
        raise UsageError(f"{name}: {_why(error)}", hint=hint) from None


def _why(error: Exception) -> str:
    """The reason. Errors of msgspec contain the path to the invalid field, but never its value."""
    return str(error) if isinstance(error, msgspec.MsgspecError) else "not JSON"


def _normal(entries: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """Bring keys into a common form. A plain key takes precedence over an address: `quay.io` over
    `https://quay.io/v1/`.
    """
    normal: dict[str, msgspec.Raw] = {}
    for key in sorted(entries, key=lambda key: "://" in key):
        if bytes(entries[key]) != b"null":
            normal.setdefault(_key(key), entries[key])
    return normal


def _key(key: str) -> str:
    """`index.docker.io` for `https://index.docker.io/v1/`; a key with a namespace stays unchanged."""
    return re.sub(r"/v[12]/?\Z", "", re.sub(r"\Ahttps?://", "", key)).rstrip("/")
