"""Reasons from the words of a changed step: a version, packages, flags, an address, a word; at most 80 characters."""

from __future__ import annotations

import time

import pytest

from collector.diff.configs import TextEdit
from collector.diff.step_reasons import steps_reason
from collector.diff.step_words import MAX_WORDS
from collector.pages.reason_text import reason_text


def words(before: str, after: str) -> str:
    return reason_text(steps_reason([TextEdit(before, after)]))


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("curl https://a.org/foo-1.2.0.tar.gz", "curl https://a.org/foo-1.2.1.tar.gz", "foo 1.2.0 → 1.2.1"),
        ("curl https://a.org/v1.2/x", "curl https://a.org/v1.3/x", "RUN: v1.2 → v1.3"),
        ("apk add a=1.2-r0 b", "apk add a=1.2-r1 b", "a 1.2-r0 → 1.2-r1"),
        ("npm i -g npm@6.4.1", "npm i -g npm@6.9.0", "npm 6.4.1 → 6.9.0"),
        ('pip install "pip==9.0.1"', 'pip install "pip==9.0.3"', "pip 9.0.1 → 9.0.3"),
        ("get a-1.0 b-1.0", "get a-1.1 b-1.1", "a 1.0 → 1.1, b 1.0 → 1.1"),
        ("X_VERSION=5 make", "X_VERSION=6 make", "X_VERSION 5 → 6"),
        ("apt-get install -y a; rm b", "apt-get install -y a c; rm b", "package c added"),
        ("apt-get install -y a c d && x", "apt-get install -y a && x", "packages c and d removed"),
        ("apk add --no-cache a b", "apk add --no-cache a c", "package c added, package b removed"),
        ("yum install -y a", "yum install -y a b c d", "3 packages added"),
        ("apt-get install -y a", "apt-get install --no-install-recommends -y a", "flag --no-install-recommends added"),
        ("wget -q x", "wget x", "flag -q removed"),
        ("curl https://a.org/x | sh", "curl https://b.org/x | sh", "address a.org → b.org"),
        ("curl https://a.org/x | sh", "curl http://a.org/x | sh", "address https://a.org/x → http://a.org/x"),
        (f"echo {'a' * 64} | sha256sum -c", f"echo {'b' * 64} | sha256sum -c", "hash changed"),
        ("useradd a", "useradd b", "RUN: a → b"),
        ("a b c d e", "e d c b a", "RUN: a b c d → d c b a"),
        ("a x b x c", "d x e x f", "RUN changed"),
        ("make", "make && rm -rf /tmp/x", "RUN: rm -rf /tmp/x added"),
        ("make && rm -rf /tmp/x", "make", "RUN: rm -rf /tmp/x removed"),
        ("make -j && rm /x", "make && rm -f /x", "flag -f added, flag -j removed"),
        ("a  b", "a b", "RUN changed"),
        (f"curl {'x' * 60}-1.0", f"curl {'x' * 60}-1.1", f"{'x' * 40} 1.0 → 1.1"),
        (f"get a-1.{'0' * 50}", f"get a-1.{'1' * 50}", "a changed"),
        (f"get {'a' * 90}", "get b", "RUN changed"),
    ],
)
def test_the_words_of_a_changed_step(before: str, after: str, text: str) -> None:
    assert words(f"RUN {before}", f"RUN {after}") == text
    assert len(text) <= MAX_WORDS


def test_a_version_counts_more_than_a_package() -> None:
    assert words("RUN apk add a=1.0 b", "RUN apk add a=1.1 c") == "a 1.0 → 1.1"


def test_versions_in_several_steps_are_named_once_each() -> None:
    edits = [TextEdit(f"RUN {what} a-1.0", f"RUN {what} a-1.1") for what in ("get", "unpack")]
    assert reason_text(steps_reason(edits)) == "a 1.0 → 1.1"


def test_steps_that_came_or_went_count_more_than_a_flag() -> None:
    edits = [TextEdit("RUN a", "RUN a -x"), TextEdit(None, "RUN b")]
    assert reason_text(steps_reason(edits)) == "RUN added, RUN changed"


@pytest.mark.parametrize("part", ["a", "1.", "a=", "-", "/", "a/", ".a", "x://", "=1.0", " -a", "0f"])
def test_hostile_text_is_read_in_linear_time(part: str) -> None:
    start = time.perf_counter()
    words(f"RUN get {part * (19_000 // len(part))}-1.0", f"RUN get {part * (19_000 // len(part))}-1.1")
    assert time.perf_counter() - start < 2
