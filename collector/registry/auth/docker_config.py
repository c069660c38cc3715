"""The files that `docker login` and `podman login` leave behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from collector.errors import UsageError

T = TypeVar("T")

_MAX_BYTES = 2**20


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a file has for one registry, or for a part of one. All of it may be missing: a helper has it then."""

    auth: str | None = None
    username: str | None = None
    password: str | None = None
    identity_token: str | None = msgspec.field(default=None, name="identitytoken")
    registry_token: str | None = msgspec.field(default=None, name="registrytoken")

    def __repr__(self) -> str:
        return "Entry(…)"


class _Config(msgspec.Struct, kw_only=True):
    auths: dict[str, Entry | None] | None = None
    helpers: dict[str, str] | None = msgspec.field(default=None, name="credHelpers")
    store: str | None = msgspec.field(default=None, name="credsStore")


class AuthFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file, its keys brought to one form: `quay.io`, `quay.io/org`, `docker.io`."""

    name: str
    entries: Mapping[str, Entry] = {}
    helpers: Mapping[str, str] = {}
    """Registry -> the last part of the name of its `docker-credential-…`."""
    store: str = ""
    """The helper for all other registries."""


def read_auth_file(path: Path) -> AuthFile | None:
    """Read Docker's config.json or Podman's auth.json; None where there is no such file.

    Raises:
        UsageError: it cannot be read or understood.
    """
    raw = _read(path)
    return None if raw is None else read_auth_text(raw, str(path))


def read_auth_text(raw: bytes, name: str) -> AuthFile:
    """Read the content of such a file. `name` is said in errors.

    Raises:
        UsageError: it cannot be understood.
    """
    config = _decode(raw, _Config, name)
    return AuthFile(
        name=name,
        entries=_normal(config.auths or {}),
        helpers={_key(key): value for key, value in (config.helpers or {}).items()},
        store=config.store or "",
    )


def read_legacy_file(path: Path) -> AuthFile | None:
    """Read `~/.dockercfg`, which has the entries at its top level; None where there is no such file.

    Raises:
        UsageError: it cannot be read or understood.
    """
    raw = _read(path)
    if raw is None:
        return None
    return AuthFile(name=str(path), entries=_normal(_decode(raw, dict[str, Entry | None], str(path))))


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
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        # msgspec names the path to a bad field, and never its value.
        why = str(error) if isinstance(error, msgspec.MsgspecError) else "no JSON"
        raise UsageError(f"{name}: {why}", hint="it has the registries' credentials; log in again") from None


def _normal(entries: Mapping[str, Entry | None]) -> dict[str, Entry]:
    """A plain key comes before one that is an address, as `quay.io` before `https://quay.io/v1/`."""
    normal: dict[str, Entry] = {}
    for key in sorted(entries, key=lambda key: "://" in key):
        if entry := entries[key]:
            normal.setdefault(_key(key), entry)
    return normal


def _key(key: str) -> str:
    """`index.docker.io` for `https://index.docker.io/v1/`; a key with a namespace stays as it is."""
    return re.sub(r"/v[12]/?\Z", "", re.sub(r"\Ahttps?://", "", key)).rstrip("/")
