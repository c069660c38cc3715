"""Blocks of code end as code, and in the right place."""

from __future__ import annotations

import pytest

from collector.describe.fences import closed_fences
from tests.describe.judge import html_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\nx", "```\nx\n```"),
        ("a\n\n```", "a\n\n```\n```"),
        ("````\n```\nx\n\ny", "````\n```\nx\n\ny\n````"),
        ("~~~ sh\n```", "~~~ sh\n```\n~~~"),
        ("- ```sh\n  x\n\ny", "- ```sh\n  x\n\n  ```\ny"),
        ("> ~~~~\n> a\n\nb", "> ~~~~\n> a\n> ~~~~\n\nb"),
        ("10. a\n\n    ```\n    x", "10. a\n\n    ```\n    x\n    ```"),
    ],
)
def test_fences_are_closed_where_their_code_ends(text: str, expected: str) -> None:
    made = closed_fences(text)
    assert made == expected
    assert html_of(f"{made}\n") == html_of(f"{text}\n")


@pytest.mark.parametrize("text", ["```\nx\n```", "```\n    ```\n```\n\na", "    ```\n\na", "`` ``` ``", "\\```"])
def test_what_is_closed_stays(text: str) -> None:
    assert closed_fences(text) == text
