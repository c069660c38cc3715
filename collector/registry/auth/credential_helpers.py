"""Docker's credential helpers: programs named `docker-credential-…` that ask a key store (docker/cli, login.md)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping

import msgspec

from collector.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_NOTHING = "credentials not found"
_SECONDS = 30


class _Found(msgspec.Struct):
    username: str = msgspec.field(name="Username")
    secret: str = msgspec.field(name="Secret")


def ask_helper(suffix: str, server: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """User name and secret for a server, or two empty texts. The name `<token>` marks an identity token.

    Raises:
        UsageError: there is no such helper, or it fails. What it printed is not shown: it may be a secret.
    """
    name = f"docker-credential-{suffix}"
    program = shutil.which(name, path=environment.get("PATH", "")) if _NAME.match(suffix) else None
    if program is None:
        raise UsageError(
            f"there is no {name[:80]!r} for the credentials of {server}", hint="install it, or log in again"
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
        raise UsageError(f"{name} gave no answer for {server}", hint="is its key store locked?") from None
    if result.returncode:
        if _NOTHING in result.stdout.decode(errors="replace").lower():
            return "", ""
        raise UsageError(f"{name} failed for {server}, with exit code {result.returncode}", hint=f"try: {name} list")
    try:
        found = msgspec.json.decode(result.stdout, type=_Found)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UsageError(f"{name} gave something else than credentials for {server}") from None
    return found.username, found.secret
