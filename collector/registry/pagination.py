"""Reads lists page by page (distribution-spec, "Listing tags")."""

from __future__ import annotations

from collections.abc import Iterator

from collector.errors import UntrustedAnswer
from collector.model.references import Repository
from collector.registry.endpoint import Endpoint
from collector.registry.link_header import next_page
from collector.registry.transport.http import Answer

_MAX_PAGES = 10_000
_MAX_SECONDS = 1800


def iter_pages(
    endpoint: Endpoint, repository: Repository, url: str, subject: str, accept: str = ""
) -> Iterator[Answer]:
    """The answers for all pages, beginning with the first; the caller checks them.

    Only links show whether another page follows: a page may be shorter than requested without being the last.

    Raises:
        UntrustedAnswer: the pages form a circle, do not end, or take too long.
    """
    seen: set[str] = set()
    started = endpoint.clock.monotonic()
    following: str | None = url
    while following is not None:
        if following in seen or len(seen) == _MAX_PAGES:
            raise UntrustedAnswer(f"{subject}: the list does not end")
        if endpoint.clock.monotonic() - started > _MAX_SECONDS:
            raise UntrustedAnswer(f"{subject}: the list took more than {_MAX_SECONDS} s", hint="try again later")
        seen.add(following)
        answer = endpoint.ask("GET", repository, following, subject, ceiling=endpoint.page_ceiling, accept=accept)
        yield answer
        # Relative to the requested address, not to that of a redirect.
        following = next_page(following, answer.headers.get("Link") or "") if answer.status == 200 else None
