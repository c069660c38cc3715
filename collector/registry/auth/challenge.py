"""What a 401 asks for: `WWW-Authenticate` (RFC 9110, 11.6.1; distribution, spec/auth/token.md)."""

from __future__ import annotations

import re

import msgspec

_SCHEME = re.compile(r"\s*,?\s*([A-Za-z][A-Za-z0-9-]*)(?=\s|,|$)(?!\s*=)")
_PARAMETER = re.compile(r'\s*,?\s*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))')
_TOKEN68 = re.compile(r"\s+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))")


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """One way to authenticate."""

    scheme: str
    """`bearer`, `basic`, or one that is not known here: lower case."""
    realm: str = ""
    """Bearer: the address that tokens come from."""
    service: str = ""
    scope: str = ""
    """Empty in the answer to `GET /v2/`."""
    error: str = ""
    """`insufficient_scope` or `invalid_token`, where a token was sent."""


def parse_challenges(header: str) -> list[Challenge]:
    """All challenges of a header, in its order. What is not understood ends the list."""
    challenges = []
    position, header = 0, header[:8192]
    while scheme := _SCHEME.match(header, position):
        position = scheme.end()
        parameters: dict[str, str] = {}
        if data := _TOKEN68.match(header, position):
            position = data.end()
        while parameter := _PARAMETER.match(header, position):
            quoted, plain = parameter[2], parameter[3]
            parameters.setdefault(parameter[1].lower(), plain or re.sub(r"\\(.)", r"\1", quoted or ""))
            position = parameter.end()
        known = {name: value for name, value in parameters.items() if name in {"realm", "service", "scope", "error"}}
        challenges.append(Challenge(scheme=scheme[1].lower(), **known))
    return challenges


def choose_challenge(header: str) -> Challenge | None:
    """The challenge to answer: Bearer before Basic, and neither Negotiate nor anything else."""
    challenges = parse_challenges(header)
    usable = [
        challenge
        for scheme in ("bearer", "basic")
        for challenge in challenges
        if challenge.scheme == scheme and (scheme == "basic" or challenge.realm)
    ]
    return usable[0] if usable else None
