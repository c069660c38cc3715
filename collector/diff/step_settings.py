"""What the steps of an image say of its settings, for images whose config is known by its history only.

A config keeps ENV, EXPOSE, VOLUME, WORKDIR, USER, LABEL, STOPSIGNAL and HEALTHCHECK in fields of their own, which
repo-info pages do not show; but each is set by a step, the last one wins, and the steps are shown. Entrypoint,
command and shell are not read from steps: pages and registries always state them, and an ENTRYPOINT of one Dockerfile
silently resets the CMD of another, which steps do not show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from posixpath import join

from collector.diff.changes import SettingChange, SettingKind
from collector.diff.healthchecks import healthcheck_words, printed_healthcheck
from collector.diff.instructions import split_step, without_brackets
from collector.diff.word_diff import bounded

Settings = dict[tuple[SettingKind, str], str]
"""Values by kind and name. Ports and volumes are named by themselves; kinds with one value have the name `""`."""

_IN_SETS = frozenset({"exposed_port", "volume", "on_build"})

# Quotes are gone from the history, so that a value may run on over spaces. What splits a step into several pairs is
# one space and then a name and `=`.
_VARIABLE = re.compile(r"(?:\A|(?<=\S) )([A-Za-z_][A-Za-z0-9_]*)=")
_LABEL = re.compile(r"(?:\A|(?<=\S) )([A-Za-z0-9][A-Za-z0-9._/-]*)=")
# Only from the start of a run: from within a long one that no path follows, each attempt would run to its end.
_BEFORE_PATH = re.compile(r'(?<!["\s,])["\s,]+(?=/|[A-Za-z]:)')


def parse_variables(rest: str) -> dict[str, str]:
    """The pairs of an ENV or ARG.

    `PHP_LDFLAGS=-Wl,-O1 -Wl,--hash-style=both` is one pair, `ZOO_USER=zookeeper ZOO_PORT=2181` two. Behind a
    name in capitals only names in capitals count, so that `OPTS=-a level=3` stays whole.
    """
    matches = list(_VARIABLE.finditer(rest))
    if matches and matches[0][1].isupper():
        matches = [match for match in matches if match[1].isupper()]
    return _pairs(rest, matches)


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


def _set_pairs(kind: SettingKind, parse: Callable[[str], dict[str, str]]) -> Callable[[Settings, str], None]:
    return lambda settings, rest: settings.update({(kind, name): value for name, value in parse(rest).items()})


def _set_items(kind: SettingKind, parse: Callable[[str], list[str]]) -> Callable[[Settings, str], None]:
    return lambda settings, rest: settings.update({(kind, item): item for item in parse(rest)})


def _set_value(kind: SettingKind) -> Callable[[Settings, str], None]:
    return lambda settings, rest: settings.update({(kind, ""): without_brackets(rest)})


def _set_directory(settings: Settings, rest: str) -> None:
    """A relative WORKDIR goes on from the one before it; one with a drive of Windows (`C:`) is never relative."""
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
    """What holds after all steps, given as texts, oldest first."""
    settings: Settings = {}
    for text in steps:
        instruction, rest = split_step(text)
        setter = _SETTERS.get(instruction)
        if setter and rest:
            setter(settings, rest)
    return settings


def compare_settings(before: Settings, after: Settings) -> list[SettingChange]:
    """What was added, removed and changed, by kind and name."""
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
