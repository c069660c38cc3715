"""Answers with an error status, and the errors of `collector.errors` that they become.

The body of such an answer may be JSON in any of four forms, plain text, or HTML. Only the codes of the
distribution-spec are relied on, and at most one short line is shown.
"""

from __future__ import annotations

import msgspec

from collector.errors import AccessDenied, NotFoundInRegistry, Overloaded, PullLimitReached, RegistryError
from collector.model.json_text import NOT_DECODABLE
from collector.registry.pulls import pull_limit
from collector.registry.transport.clock import Clock
from collector.registry.transport.http import Answer
from collector.registry.transport.network_errors import TryAgain
from collector.registry.transport.retry_after import seconds_to_wait

_BUSY = frozenset({408, 425, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_SPEAKS_FOR_ALL = frozenset({429, 503, 529})
_NOT_FOUND_CODES = frozenset({"MANIFEST_UNKNOWN", "NAME_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "NOT_FOUND"})
_MAX_CODE = 40


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """The content of an error's body."""

    code: str = ""
    """A code of the distribution-spec, in upper case: `MANIFEST_UNKNOWN`; empty if the body has none."""
    message: str = ""
    """A message for people, safe to print; empty if there is none."""

    def __str__(self) -> str:
        text = ": ".join(part for part in (self.code, self.message) if part)
        return f" ({text})" if text else ""


class _Error(msgspec.Struct):
    code: str | int | None = None
    message: str | None = None


class _Body(msgspec.Struct):
    errors: list[_Error] | None = None
    message: str | None = None
    detail: str | None = None
    details: str | None = None


def complaint_of(answer: Answer) -> Complaint:
    """Read the body of an error as far as possible."""
    try:
        body = msgspec.json.decode(answer.body, type=_Body)
    except NOT_DECODABLE:
        text = answer.body.decode(errors="replace").strip()
        is_text = answer.header("Content-Type").startswith("text/plain") and not text.startswith(("<", "{", "["))
        return Complaint(message=answer.secrets.shown(text) if is_text else "")
    if body.errors:
        first = body.errors[0]
        code = str(first.code or "").upper()
        known = code.isascii() and code.replace("_", "").isalnum() and len(code) <= _MAX_CODE
        known = known and answer.secrets.remove_from(code) == code
        return Complaint(code=code if known else "", message=answer.secrets.shown(first.message or ""))
    return Complaint(message=answer.secrets.shown(body.message or body.detail or body.details or ""))


def raise_if_busy(answer: Answer, subject: str, longest: float, clock: Clock) -> None:
    """Raise if the server is busy, or if a limit is reached.

    `longest`: in seconds; the program does not wait for a limit that lasts longer.

    Raises:
        TryAgain: the server may answer later.
        PullLimitReached: the server will not answer soon.
    """
    if answer.status not in _BUSY:
        return
    complaint = complaint_of(answer)
    wait = seconds_to_wait(answer, clock.now)
    if answer.status == 429 and _is_pull_limit(answer, complaint, wait, longest):
        limit = pull_limit(answer)
        seconds = wait if wait is not None else (limit.window if limit else None)
        until = clock.time_in(seconds) if seconds is not None else None
        hint = f"try again at {until}" if until else "try again in some hours, or log in for a higher limit"
        raise PullLimitReached(f"{subject}: the limit of pulls is reached{complaint}", until=until, hint=hint)
    until = clock.time_in(wait) if wait is not None else None
    what = "asks for fewer requests" if answer.status == 429 else f"fails temporarily, with status {answer.status}"
    hint = f"try again at {until}" if until else "try again later"
    error = Overloaded(f"{subject}: the registry {what}{complaint}", until=until, hint=hint)
    raise TryAgain(error, wait=wait, whole_host=answer.status in _SPEAKS_FOR_ALL)


def _is_pull_limit(answer: Answer, complaint: Complaint, wait: float | None, longest: float) -> bool:
    """Whether a 429 means a quota that is used up for hours, not a temporary load.

    This is the case if the message says so, or if nothing remains in a window that is too long to wait for. The code
    TOOMANYREQUESTS does not decide, because registries send it in both cases.
    """
    if "pull rate limit" in complaint.message.lower():
        return True
    limit = pull_limit(answer)
    if limit is None or limit.remaining != 0:
        return False
    soonest = wait if wait is not None else limit.window
    return soonest is None or soonest > longest


def raise_for(answer: Answer, subject: str) -> None:
    """Raise unless the answer has status 200.

    Raises:
        NotFoundInRegistry: the status is 404.
    """
    if answer.status == 200:
        return
    complaint = complaint_of(answer)
    if answer.status == 404:
        code = complaint.code if complaint.code in _NOT_FOUND_CODES else ""
        raise NotFoundInRegistry(f"{subject}: not in the registry{complaint}", code=code, hint="check the name")
    if answer.status in {401, 403}:
        hint = "the repository does not exist or requires a login: run docker login, then try again"
        raise AccessDenied(f"{subject}: access denied{complaint}", hint=hint)
    raise RegistryError(
        f"{subject}: answered with status {answer.status}{complaint}",
        hint="check that this is the address of a registry",
    )
