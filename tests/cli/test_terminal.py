"""Text from an archive cannot control a terminal."""

from __future__ import annotations

import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.cli.terminal import OutputClosed, Styled, visible, write


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("a\r\nb", r"a\x0d\x0ab"),
        ("\x07\x08\x7f", r"\x07\x08\x7f"),
        ("user\u202egnp.exe", r"user\u202egnp.exe"),
        ("\u2066x\u2069\u200b\ufeff", r"\u2066x\u2069\u200b\ufeff"),
        ("\u2028", r"\u2028"),
        ("\U000e0041", r"\U000e0041"),
        ("\udc80", r"\udc80"),
        ("RUN set -ex \t&& apt-get", "RUN set -ex  && apt-get"),
        ("Zürich 東京 → ok", "Zürich 東京 → ok"),
    ],
)
def test_control_characters_are_written_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_that_is_left_acts_on_a_terminal(text: str) -> None:
    assert not {unicodedata.category(char) for char in visible(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_style_does_not_let_through_what_is_inside(capsys: pytest.CaptureFixture[str]) -> None:
    write("a", Styled("b\x1b]0;title\x07", "added"))
    assert capsys.readouterr().out == "ab\\x1b]0;title\\x07\n"


def test_a_closed_pipe_differs_from_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(OutputClosed):
        write("a")
