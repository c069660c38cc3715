"""Headers of HTTP as their specifications and other readers have them.

`WWW-Authenticate`: RFC 9110, section 11.6.1, and the cases of greenbytes.de/tech/tc/httpauth. `Link`: RFC 8288,
section 3.5, and the links of real registries. `Retry-After` and dates: RFC 9110, sections 5.6.7 and 10.2.3.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from requests.structures import CaseInsensitiveDict

from collector.model.times import parse_header_date
from collector.registry.auth.challenge import Challenge, choose_challenge
from collector.registry.link_header import next_page
from collector.registry.transport.http import Answer
from collector.registry.transport.retry_after import seconds_to_wait

HUB = Challenge(
    scheme="bearer",
    realm="https://auth.docker.io/token",
    service="registry.docker.io",
    scope="repository:library/ubuntu:pull",
)


def basic(realm: str) -> Challenge:
    return Challenge(scheme="basic", realm=realm)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Basic realm="foo"', basic("foo")),
        ('BASIC REALM="foo"', basic("foo")),
        ("Basic realm=foo", basic("foo")),
        ('Basic realm = "foo"', basic("foo")),
        ("Basic", basic("")),
        (r'Basic realm="\f\o\o"', basic("foo")),
        (r'Basic realm="\"foo\""', basic('"foo"')),
        ('Basic realm="foo", bar="xyz",, a=b,,,c=d', basic("foo")),
        ('Basic bar="xyz", realm="foo"', basic("foo")),
        ('Basic realm="foo", charset="UTF-8"', basic("foo")),
        ('Basic realm="basic", Newauth realm="newauth"', basic("basic")),
        (', Basic realm="basic", Newauth', basic("basic")),
        ('Newauth realm="newauth", Basic realm="basic"', basic("basic")),
        (r'Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"', basic("simple")),
        ('Newauth realm="Basic realm=\\"x\\"", Basic realm="y, Bearer z"', basic("y, Bearer z")),
        ('Negotiate a87421000492aa874209af8bc028==, Basic realm="x"', basic("x")),
        ('Negotiate, NTLM, Basic realm="x"', basic("x")),
        ('Newauth realm="newauth"', None),
        ("Negotiate", None),
        ("", None),
        (
            'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
            'scope="repository:library/ubuntu:pull"',
            HUB,
        ),
        (
            'bearer service=registry.docker.io , scope="repository:library/ubuntu:pull" , '
            'realm="https://auth.docker.io/token"',
            HUB,
        ),
        (
            'Basic realm="x", Bearer realm="https://a.example/t"',
            Challenge(scheme="bearer", realm="https://a.example/t"),
        ),
        ('Bearer service="no realm", Basic realm="x"', basic("x")),
    ],
)
def test_www_authenticate(header: str, expected: Challenge | None) -> None:
    assert choose_challenge(header) == expected


AT = "https://registry.example/v2/app/tags/list?n=100"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        # RFC 8288, section 3.5.
        ('<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter"', None),
        ('</>; rel="http://example.net/foo"', None),
        ('</terms>; rel="copyright"; anchor="#foo"', None),
        (
            "</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, "
            "</TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
            "https://registry.example/TheBook/chapter4",
        ),
        (
            '</v2/app/tags/list?last=z>; rel="start http://example.net/relation/other next"',
            "https://registry.example/v2/app/tags/list?last=z",
        ),
        # Registries.
        ('</v2/app/tags/list?last=z&n=100>; rel="next"', "https://registry.example/v2/app/tags/list?last=z&n=100"),
        ("</v2/app/tags/list?last=z>;rel=next", "https://registry.example/v2/app/tags/list?last=z"),
        ("<?last=a,b;c>; rel=next", "https://registry.example/v2/app/tags/list?last=a,b;c"),
        ("<list?last=z>; rel=next", "https://registry.example/v2/app/tags/list?last=z"),
        ("<https://registry.example:443/v2/x?last=z>; rel=next", "https://registry.example/v2/x?last=z"),
        ('</v2/x>; title="a, <b>; rel=next"; rel=first, </v2/y>; rel=next', "https://registry.example/v2/y"),
    ],
)
def test_link(header: str, expected: str | None) -> None:
    assert next_page(AT, header) == expected


NOW = datetime(1999, 12, 31, 23, 58, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 60),
        ("Friday, 31-Dec-99 23:59:59 GMT", 60),
        ("Fri Dec 31 23:59:59 1999", 60),
        ("Thu, 30 Dec 1999 00:00:00 GMT", 0),
        ("-1", None),
        ("1e9", None),
        ("0x10", None),
        ("", None),
        ("soon", None),
        ("120, 60", None),
        ("Fri, 32 Dec 1999 23:59:59 GMT", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    answer = Answer(status=429, headers=CaseInsensitiveDict({"Retry-After": value}), body=b"", url=AT)
    assert seconds_to_wait(answer, lambda: NOW) == seconds


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_the_three_forms_of_a_date(text: str) -> None:
    assert parse_header_date(text) == "1994-11-06T08:49:37Z"
