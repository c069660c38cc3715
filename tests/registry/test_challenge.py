from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.registry.auth.challenge import Challenge, choose_challenge, parse_challenges

HUB = (
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
    'scope="repository:library/python:pull",error="insufficient_scope"'
)


def test_the_challenge_of_docker_hub() -> None:
    assert parse_challenges(HUB) == [
        Challenge(
            scheme="bearer",
            realm="https://auth.docker.io/token",
            service="registry.docker.io",
            scope="repository:library/python:pull",
            error="insufficient_scope",
        )
    ]


@pytest.mark.parametrize(
    ("header", "schemes"),
    [
        ("", []),
        ("Basic", ["basic"]),
        ('Basic realm="a, Bearer b"', ["basic"]),
        ('Basic realm="say \\"hi\\"", Bearer realm=x', ["basic", "bearer"]),
        ('Negotiate, NTLM, Bearer realm="x"', ["negotiate", "ntlm", "bearer"]),
        ('Negotiate YWJjZA==, Basic realm="x"', ["negotiate", "basic"]),
        ('BEARER REALM = "x" , SERVICE=y', ["bearer"]),
        ('Bearer error="e", realm="x"', ["bearer"]),
        ("=, =", []),
    ],
)
def test_schemes(header: str, schemes: list[str]) -> None:
    assert [challenge.scheme for challenge in parse_challenges(header)] == schemes


def test_parameters_may_be_spelled_in_many_ways() -> None:
    (challenge,) = parse_challenges('BEARER REALM = "a\\"b" , SERVICE=y,Scope="s1 s2", scope=later, other="z"')
    assert challenge == Challenge(scheme="bearer", realm='a"b', service="y", scope="s1 s2")


@pytest.mark.parametrize(
    ("header", "scheme"),
    [
        ('Basic realm="r", Bearer realm="x"', "bearer"),
        ('Bearer, Basic realm="r"', "basic"),
        ("Negotiate", None),
        ("", None),
    ],
)
def test_the_choice_among_challenges(header: str, scheme: str | None) -> None:
    chosen = choose_challenge(header)
    assert (chosen.scheme if chosen else None) == scheme


@given(st.text(alphabet='Bearesic =,"\\realm/x\t', max_size=200))
def test_any_header_is_parsed(header: str) -> None:
    for challenge in parse_challenges(header):
        assert challenge.scheme
