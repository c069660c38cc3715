"""Reads settings from the steps of an image, for images whose config is known only by its history.

A config has ENV, EXPOSE, VOLUME, WORKDIR, USER, LABEL, STOPSIGNAL and HEALTHCHECK in separate fields, which repo-info
pages do not show. But steps set them, pages show the steps, and the last step counts. Entrypoint, command and shell are
not read from steps: pages and registries always contain them, and an ENTRYPOINT of one Dockerfile silently resets the
CMD of another, which steps do not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from posixpath import join

from collector.diff.changes import SettingChange, SettingKind
from collector.diff.healthchecks import healthcheck_words, printed_healthcheck
from collector.diff.instructions import split_step, without_brackets
from collector.diff.word_diff import bounded

Settings = dict[tuple[SettingKind, str], str]
"""Values by kind and name. The name of a port or volume is itself; kinds with a single value have the name `""`."""

_SHORT = 2_000
"""Characters of variables that are worth remembering: many images of a tag have the same."""

_IN_SETS = frozenset({"exposed_port", "volume", "on_build"})

# The history has lost its quotes, so a value may contain spaces. A new pair begins after one space with a name and `=`.
_VARIABLE = re.compile(r"(?:\A|(?<=\S) )([A-Za-z_][A-Za-z0-9_]*)=")
_LABEL = re.compile(r"(?:\A|(?<=\S) )([A-Za-z0-9][A-Za-z0-9._/-]*)=")
# Matches only at the start of a run: each attempt inside a long run without a path would read the rest of it.
_BEFORE_PATH = re.compile(r'(?<!["\s,])["\s,]+(?=/|[A-Za-z]:)')


def parse_variables(rest: str) -> Mapping[str, str]:
    """The pairs of an ENV or ARG.

    `PHP_LDFLAGS=-Wl,-O1 -Wl,--hash-style=both` is one pair, `ZOO_USER=zookeeper ZOO_PORT=2181` two. After a name in
    capitals, only names in capitals begin a pair, so that `OPTS=-a level=3` is one pair.
    """
    return _variables_often(rest) if len(rest) <= _SHORT else _variables(rest)


def _variables(rest: str) -> dict[str, str]:
    matches = list(_VARIABLE.finditer(rest))
    if matches and matches[0][1].isupper():
        matches = [match for match in matches if match[1].isupper()]
    return _pairs(rest, matches)


_variables_often = lru_cache(maxsize=1024)(_variables)


def parse_labels(rest: str) -> dict[str, str]:
    """The pairs of a LABEL: `name=CentOS Base Image vendor=CentOS` has two."""
    return _pairs(rest, list(_LABEL.finditer(rest)))


def _pairs(rest: str, matches: list[re.Match[str]]) -> dict[str, str]:
    if not matches or matches[0].start():
        name, _, value = rest.partition(" ")
        return {name: value} if name else {}
    ends = [*(match.start() for match in matches[1:]), len(rest)]
    return {match[1]: rest[match.end() : end] for match, end in zip(matches, ends, strict=True)}


def parse_ports(rest: str) -> list[str]:
    """The ports of an EXPOSE, with their protocol: `80/tcp`. Also reads `map[8080/tcp:{}]`."""
    bare = without_brackets(rest.removeprefix("map")).replace(":{}", " ")
    return [port if "/" in port else f"{port}/tcp" for port in bare.split()]


def parse_volumes(rest: str) -> list[str]:
    r"""The paths of a VOLUME: `[/data /datalog]`, `["/data"]`, `[C:\data]`."""
    return [path for path in _BEFORE_PATH.split(without_brackets(rest).strip('" ')) if path]


def _set_pairs(kind: SettingKind, parse: Callable[[str], Mapping[str, str]]) -> Callable[[Settings, str], None]:
    return lambda settings, rest: settings.update({(kind, name): value for name, value in parse(rest).items()})


def _set_items(kind: SettingKind, parse: Callable[[str], list[str]]) -> Callable[[Settings, str], None]:
    return lambda settings, rest: settings.update({(kind, item): item for item in parse(rest)})


def _set_value(kind: SettingKind) -> Callable[[Settings, str], None]:
    return lambda settings, rest: settings.update({(kind, ""): without_brackets(rest)})


def _set_directory(settings: Settings, rest: str) -> None:
    """A relative WORKDIR is appended to the previous one; a path with a drive of Windows (`C:`) is never relative."""
    directory, now = without_brackets(rest), settings.get(("working_directory", ""), "/")
    settings["working_directory", ""] = directory if ":" in directory else join(now, directory)


def _set_healthcheck(settings: Settings, rest: str) -> None:
    if rest.strip('{}&[]" ') == "NONE":
        settings.pop(("healthcheck", ""), None)
    else:
        printed = printed_healthcheck(rest)
        settings["healthcheck", ""] = healthcheck_words(printed) if printed else rest


_SETTERS: dict[str, Callable[[Settings, str], None]] = {
    "ENV": _set_pairs("environment", parse_variables),
    "LABEL": _set_pairs("label", parse_labels),
    "EXPOSE": _set_items("exposed_port", parse_ports),
    "VOLUME": _set_items("volume", parse_volumes),
    "WORKDIR": _set_directory,
    "USER": _set_value("user"),
    "STOPSIGNAL": _set_value("stop_signal"),
    "MAINTAINER": _set_value("maintainer"),
    "HEALTHCHECK": _set_healthcheck,
}


def has_settings(text: str | None) -> bool:
    """Whether a step sets anything."""
    return text is not None and split_step(text)[0] in _SETTERS


def settings_of(steps: Iterable[str]) -> Settings:
    """The settings after all steps. `steps`: their texts, oldest first."""
    settings: Settings = {}
    for text in steps:
        instruction, rest = split_step(text)
        setter = _SETTERS.get(instruction)
        if setter and rest:
            setter(settings, rest)
    return settings


def compare_settings(before: Settings, after: Settings) -> list[SettingChange]:
    """Settings that were added, removed or changed, by kind and name."""
    if before == after:
        return []
    names = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return [
        SettingChange(
            kind=kind,
            name="" if kind in _IN_SETS else bounded(name),
            before=_shown(before.get((kind, name))),
            after=_shown(after.get((kind, name))),
        )
        for kind, name in names
    ]


def _shown(value: str | None) -> str | None:
    return None if value is None else bounded(value)
