"""Finds what changed inside steps: a version, else packages, flags, an address or a passage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from collector.diff.changes import Counted, Moved, Reason
from collector.diff.configs import TextEdit
from collector.diff.instructions import split_step
from collector.diff.word_diff import MAX_COMPARED, compare_words

MAX_WORDS = 80
"""Characters; a step with longer changed words gets no reason from them."""

_MAX_PASSAGE = MAX_WORDS - len(" removed")
_MAX_NAME = 100
_MAX_VALUE = 40
_MAX_LISTED = 2

# No match begins inside a longer word, so that each place is examined once.
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)+[\w.+~-]*", re.ASCII)
_FILE_ENDING = re.compile(
    r"[.-](?:tar|t[gx]z|zip|deb|rpm|apk|jar|war|exe|msi|whl|asc|bin|src|linux|win|windows|x64|x86|amd64|noarch)\b",
    re.ASCII,
)
"""The end of a version in the name of a file."""
_ASSIGNMENT = re.compile(r"(?:.*[^\w.-])?([A-Za-z][\w.-]*)=(.+)\Z", re.ASCII)
_VERSION_NAME = re.compile(r"(?:\A|_)(?:VERSION|VER|RELEASE)(?:_|\Z)", re.ASCII)
_NAME_BEFORE = re.compile(r"([A-Za-z][\w.+]*(?:-[A-Za-z_][\w.+]*)*)[-_=@:~<>]*\Z", re.ASCII)
_ADDRESS = re.compile(r"[a-z][a-z+]{1,9}://([^/\s'\"]+)[^\s'\"]*", re.ASCII)
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])", re.ASCII)
_FLAG = re.compile(r"--?[A-Za-z][\w-]*(?:=\S*)?\Z", re.ASCII)
_PACKAGE = re.compile(r"[A-Za-z0-9@][\w.+:@/-]*\Z", re.ASCII)
_INSTALLERS = frozenset("apk apt apt-get dnf gem microdnf npm pip pip2 pip3 yum zypper".split())
_INSTALL = frozenset({"add", "in", "install", "i"})
_ENDS = frozenset({"&&", "||", "|", ";", "&"})
_ENDS_OF_WORDS = (";", "&&", "||")
"""Those that end a command without a space before them, too."""


class _Differences(NamedTuple):
    """The words that only one form of a step has, in their order."""

    instruction: str
    removed: list[str]
    added: list[str]
    before: list[str]
    """All words of the step."""
    after: list[str]


def words_reason(edits: Sequence[TextEdit]) -> Reason | None:
    """The versions that moved inside changed steps, else other changes inside them.

    None if no version moved, and steps were added or removed or too much changed for a few words.
    """
    differences = _differences(edits)
    if moved := _moved_versions(differences):
        return _listed(moved)
    if any(edit.before is None or edit.after is None for edit in edits):
        return None
    for find in (_packages, _flags, _addresses, _hashes):
        if reason := find(differences):
            return reason
    return _passage(edits[0]) if len(edits) == 1 else None


def _differences(edits: Iterable[TextEdit]) -> list[_Differences]:
    return [
        _difference(edit.before, edit.after)
        for edit in edits
        if edit.before is not None and edit.after is not None and max(len(edit.before), len(edit.after)) <= MAX_COMPARED
    ]


def _difference(before: str, after: str) -> _Differences:
    instruction, rest = split_step(after)
    old, new = _words(split_step(before)[1]), _words(rest)
    before_counts, after_counts = Counter(old), Counter(new)
    return _Differences(
        instruction=instruction,
        removed=[word for word, count in before_counts.items() if count > after_counts[word]],
        added=[word for word, count in after_counts.items() if count > before_counts[word]],
        before=old,
        after=new,
    )


def _words(text: str) -> list[str]:
    """The words of a command; the end of a command is a separate word."""
    words: list[str] = []
    for word in text.split():
        if word.endswith(_ENDS_OF_WORDS):
            length = 1 if word.endswith(";") else 2
            words += filter(None, (word[:-length], word[-length:]))
        else:
            words.append(word)
    return words


def _moved_versions(differences: Iterable[_Differences]) -> list[Moved]:
    """The versions that moved, without repetitions."""
    return list(dict.fromkeys(moved for one in differences for moved in _iter_moved(one)))


def _iter_moved(difference: _Differences) -> Iterator[Moved]:
    """Words that differ only in a version, and variables of the shell whose name means a version."""
    waiting = {_without_versions(word): word for word in reversed(difference.removed) if _VERSION.search(word)}
    for word in difference.added:
        if old := waiting.get(_without_versions(word)):
            yield from _between(old, word, difference.instruction)
    values = {match[1]: match[2] for word in difference.removed if (match := _ASSIGNMENT.match(word))}
    for word in difference.added:
        match = _ASSIGNMENT.match(word)
        if match and _VERSION_NAME.search(match[1]) and match[1] in values and not _VERSION.search(values[match[1]]):
            yield _bounded(match[1], _bare(values[match[1]]), _bare(match[2]))


def _without_versions(word: str) -> str:
    return _VERSION.sub("\0", word)


def _between(before: str, after: str, instruction: str) -> Iterable[Moved]:
    for match, other in zip(_VERSION.finditer(before), _VERSION.finditer(after), strict=True):
        old, new = _FILE_ENDING.split(match[0])[0], _FILE_ENDING.split(other[0])[0]
        if old != new:
            name = _NAME_BEFORE.search(after[max(0, other.start() - _MAX_NAME) : other.start()])
            yield _bounded(name[1] if name else f"{instruction}:", old, new)


def _bounded(name: str, before: str, after: str) -> Moved:
    name = name[:_MAX_VALUE]
    is_long = len(before) > _MAX_VALUE or len(after) > _MAX_VALUE or len(f"{name} {before} → {after}") > MAX_WORDS
    return Moved(name) if is_long else Moved(name, before, after)


def _bare(value: str) -> str:
    return value.strip("'\";,\\") or "…"


def _installed(words: Sequence[str]) -> Iterable[str]:
    """The packages that commands install."""
    installer = installs = False
    for word in words:
        if word in _ENDS:
            installer = installs = False
        elif not installer:
            installer = word.rpartition("/")[2] in _INSTALLERS
        elif not installs:
            installs = word in _INSTALL
        elif _PACKAGE.match(word.partition("=")[0]):
            yield word.partition("=")[0]


def _packages(differences: Sequence[_Differences]) -> Reason | None:
    packages = [(set(_installed(one.before)), set(_installed(one.after))) for one in differences]
    added = [name for before, after in packages for name in sorted(after - before)]
    removed = [name for before, after in packages for name in sorted(before - after)]
    return _counted("packages", added, removed)


def _flags(differences: Sequence[_Differences]) -> Reason | None:
    """Flags, if nothing else changed."""
    added = [word for one in differences for word in one.added]
    removed = [word for one in differences for word in one.removed]
    return _counted("flags", added, removed) if all(map(_FLAG.match, (*added, *removed))) else None


def _counted(detail: Literal["packages", "flags"], added: list[str], removed: list[str]) -> Reason | None:
    """The names, or only their number if there are too many."""
    if not added and not removed:
        return None
    names = list(dict.fromkeys((*added, *removed)))
    is_short = max(len(added), len(removed)) <= _MAX_LISTED and sum(map(len, names)) <= _MAX_VALUE
    kinds: tuple[tuple[Literal["added", "removed"], list[str]], ...] = (("added", added), ("removed", removed))
    counts = [
        counted
        for kind, words in kinds
        if words
        for counted in ([Counted(kind, word, 1) for word in words] if is_short else [Counted(kind, "", len(words))])
    ]
    return Reason(code="dockerfile-changed", detail=detail, counts=tuple(counts))


def _addresses(differences: Sequence[_Differences]) -> Reason | None:
    """The first address that changed; only the hosts if these differ."""
    for one in differences:
        old, new = (_ADDRESS.search(" ".join(words)) for words in (one.removed, one.added))
        if old and new and old[0] != new[0]:
            before, after = (old[1], new[1]) if old[1] != new[1] else (old[0], new[0])
            return Reason(code="dockerfile-changed", moved=(_bounded("address", before, after),))
    return None


def _hashes(differences: Sequence[_Differences]) -> Reason | None:
    """Checksums and commits, whose values are too long to be shown."""
    changed = [all(map(_HASH.search, words)) for one in differences if (words := (*one.removed, *one.added))]
    return Reason(code="dockerfile-changed", moved=(Moved("hash"),)) if changed and all(changed) else None


def _passage(edit: TextEdit) -> Reason | None:
    """The one short passage that was added, removed or replaced."""
    segments = [segment for segment in compare_words(edit.before or "", edit.after or "") if segment.op in "-+"]
    instruction = split_step(edit.after or "")[0]
    texts = [" ".join(segment.text.split()).strip("'\";,&| ") for segment in segments]
    if not all(texts) or len(f"{instruction}: {' '.join(texts)}") > _MAX_PASSAGE:
        return None
    match [segment.op for segment in segments]:
        case ["-", "+"]:
            return Reason(code="dockerfile-changed", moved=(Moved(f"{instruction}:", *texts),))
        case ["+"]:
            return Reason(code="dockerfile-changed", counts=(Counted("added", f"{instruction}: {texts[0]}", 1),))
        case ["-"]:
            return Reason(code="dockerfile-changed", counts=(Counted("removed", f"{instruction}: {texts[0]}", 1),))
    return None


def _listed(values: Sequence[Moved]) -> Reason:
    """The reason with as many of these versions as its sentence has room for."""
    first = list(values[:1])
    for moved in values[1:_MAX_LISTED]:
        if sum(len(f"{one.name} {one.before} → {one.after}, ") for one in (*first, moved)) <= MAX_WORDS - 12:
            first.append(moved)
    return Reason(code="dockerfile-changed", detail="version", moved=tuple(first), more=len(values) - len(first))
