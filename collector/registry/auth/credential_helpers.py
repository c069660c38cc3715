"""Docker's credential helpers: programs named `docker-credential-…` that ask a key store (docker/cli, login.md)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping

import msgspec

from collector.errors import InvalidValue
from collector.model.json_text import NOT_DECODABLE

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_NOTHING = "credentials not found"
_SECONDS = 30


class _Found(msgspec.Struct):
    username: str = msgspec.field(name="Username")
    secret: str = msgspec.field(name="Secret")


def ask_helper(suffix: str, server: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The user name and the secret for a server, or two empty texts. The user name `<token>` marks an identity token.

    Raises:
        InvalidValue: the helper is not installed, or fails. Its output is not shown: it may contain a secret.
    """
    name = f"docker-credential-{suffix}"
    program = shutil.which(name, path=environment.get("PATH", "")) if _NAME.match(suffix) else None
    if program is None:
        raise InvalidValue(
            f"{name[:80]!r}, the credential helper for {server}, is not installed", hint="install it, or log in again"
        )
    try:
        result = subprocess.run(
            [program, "get"],
            input=server.encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env=dict(environment),
        )
    except (subprocess.TimeoutExpired, OSError):
        raise InvalidValue(
            f"{name} gave no answer for {server}", hint="unlock its key store, or log in again"
        ) from None
    if result.returncode:
        if _NOTHING in result.stdout.decode(errors="replace").lower():
            return "", ""
        raise InvalidValue(f"{name} failed for {server}, with exit code {result.returncode}", hint=f"try: {name} list")
    try:
        found = msgspec.json.decode(result.stdout, type=_Found)
    except NOT_DECODABLE:
        raise InvalidValue(f"{name} printed no credentials for {server}", hint=f"try: {name} list") from None
    return found.username, found.secret
