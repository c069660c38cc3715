"""Challenges: the header `WWW-Authenticate` of a 401 (RFC 9110, 11.6.1; distribution, spec/auth/token.md)."""

from __future__ import annotations

import re

import msgspec

_SCHEME = re.compile(r"\s*,?\s*([A-Za-z][A-Za-z0-9-]*)(?=\s|,|$)(?!\s*=)")
_PARAMETER = re.compile(r'\s*,?\s*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))')
_TOKEN68 = re.compile(r"\s+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))")


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """One way to authenticate."""

    scheme: str
    """In lower case: `bearer`, `basic`, or an unknown scheme."""
    realm: str = ""
    """For Bearer, the address that issues tokens."""
    service: str = ""
    scope: str = ""
    """Empty in the answer to `GET /v2/`."""
    error: str = ""
    """`insufficient_scope` or `invalid_token`, if a token was sent."""


def parse_challenges(header: str) -> list[Challenge]:
    """All challenges of a header, in its order. Parsing stops at the first text that is not understood."""
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
    """The challenge to answer: Bearer if offered, else Basic; None if only other schemes are offered."""
    challenges = parse_challenges(header)
    usable = [
        challenge
        for scheme in ("bearer", "basic")
        for challenge in challenges
        if challenge.scheme == scheme and (scheme == "basic" or challenge.realm)
    ]
    return usable[0] if usable else None
