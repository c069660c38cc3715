"""Compares the words of two forms of a step."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from collector.diff.changes import Segment
from collector.diff.sequences import common_pairs

MAX_COMPARED = 20_000
"""Characters; a longer step is not compared word by word, but shown as replaced."""

MAX_VALUE_LENGTH = 8_000
"""Characters of a single value that are published; `…` replaces the rest."""

_MAX_DIFFERENT = 300
"""The number of differing words above which two steps count as completely different."""

_CONTEXT = 40
"""Characters of kept text that are shown around a changed word."""

# White space belongs to the word after it, and is not compared. A version (3.6.4rc1, v1.6.0, 10.0.14393.2007, jdk8u151)
# is one word, and so is a digest. Every character that is not ASCII is a separate word, because which of them are
# letters depends on the version of Unicode in Python or the browser. Punctuation is listed, as the set of all other
# characters takes 15 ms to compile.
_WORD = re.compile(r"\s*(?:[A-Za-z0-9_]+(?:\.[0-9][A-Za-z0-9_]*)*|[\x00-\x08\x0e-\x1b!-/:-@\[-^`{-~\x7f]+|[^\s])|\s+\Z")
_HAS_LETTER = re.compile(r"[A-Za-z0-9_]|[^\x00-\x7f\s]")


def bounded(text: str) -> str:
    """The text, or its first 8,000 characters and `…`."""
    return text if len(text) <= MAX_VALUE_LENGTH else text[:MAX_VALUE_LENGTH] + "…"


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a step: with the white space before them, and without it."""
    whole = tuple(_WORD.findall(text))
    return whole, tuple(word.strip() for word in whole)


def likeness(before: str, after: str) -> float:
    """The similarity of two steps, from 0 to 1: the number of common words divided by the words of the longer step."""
    if len(before) > MAX_COMPARED or len(after) > MAX_COMPARED:
        return 0.0
    left, right = _word_counts(before), _word_counts(after)
    return (left & right).total() / max(left.total(), right.total(), 1)


@lru_cache(maxsize=256)
def _word_counts(text: str) -> Counter[str]:
    return Counter(words_of(text)[1])


@lru_cache(maxsize=1024)
def compare_words(before: str, after: str) -> tuple[Segment, ...]:
    """The text of a step as kept, removed and added segments. Kept text far from any change is left out."""
    if len(before) > MAX_COMPARED or len(after) > MAX_COMPARED:
        return (Segment("-", bounded(before)), Segment("+", bounded(after)))
    (left, left_bare), (right, right_bare) = words_of(before), words_of(after)
    segments: list[Segment] = []
    done_left = done_right = 0
    kept: list[str] = []
    for at_left, at_right in [
        *common_pairs(left_bare, right_bare, limit=_MAX_DIFFERENT),
        (len(left), len(right)),
    ]:
        if (at_left, at_right) != (done_left, done_right):
            _add(segments, "".join(kept), "".join(left[done_left:at_left]), "".join(right[done_right:at_right]))
            kept = []
        kept.extend(right[at_right : at_right + 1])
        done_left, done_right = at_left + 1, at_right + 1
    _add(segments, "".join(kept), "", "")
    return _shortened(segments)


def _add(segments: list[Segment], kept: str, removed: str, added: str) -> None:
    """Append a kept run and the change after it. A run of only punctuation between two changes joins them."""
    if segments and kept and (removed or added) and not _HAS_LETTER.search(kept):
        last_added = segments.pop().text if segments[-1].op == "+" else ""
        last_removed = segments.pop().text if segments and segments[-1].op == "-" else ""
        removed, added, kept = last_removed + kept + removed, last_added + kept + added, ""
    parts = (Segment("=", kept), Segment("-", removed), Segment("+", added))
    segments.extend(part for part in parts if part.text)


def _shortened(segments: list[Segment]) -> tuple[Segment, ...]:
    """Shorten kept runs to some words beside the changes, and bound changed runs."""
    shortened: list[Segment] = []
    last = len(segments) - 1
    for place, segment in enumerate(segments):
        text = segment.text
        if segment.op != "=":
            shortened.append(Segment(segment.op, bounded(text)))
        elif len(text) <= 3 * _CONTEXT:
            shortened.append(segment)
        else:
            head = _head(text) if place else ""
            tail = _tail(text) if place < last else ""
            left_out = Segment("…", str(len(text) - len(head) - len(tail)))
            shortened.extend(part for part in (Segment("=", head), left_out, Segment("=", tail)) if part.text)
    return tuple(shortened)


def _head(text: str) -> str:
    """The first words, up to about 40 characters."""
    cut = text[:_CONTEXT]
    return cut[: cut.rfind(" ") + 1] or cut


def _tail(text: str) -> str:
    """The last words, up to about 40 characters."""
    cut = text[-_CONTEXT:]
    return cut[cut.find(" ") + 1 :] or cut
