"""Variables in a Dockerfile's words (docs.docker.com/reference/dockerfile, "Environment replacement", "ARG")."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from collector.errors import InvalidValue

_MAX_EXPANDED = 4_096
_PART = re.compile(
    r"""
    \\(?P<escaped>.)
    | '(?P<literal>[^']*)'
    | (?P<quote>")
    | \$(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | \$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<operator>:?[-+?])(?P<word>[^${}]*))?\}
    | (?P<text>[^\\'"$]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Expanded(msgspec.Struct, frozen=True, kw_only=True):
    """A word without its quotes and with its variables replaced."""

    text: str
    names: tuple[str, ...]
    """The names of the variables in it."""


def expand(word: str, values: Mapping[str, str]) -> Expanded:
    """Replace the variables of a word.

    Args:
        values: of the arguments that have a default.

    Raises:
        InvalidValue: an argument has no default, or the form of a variable is not supported.
    """
    names: list[str] = []
    parts: list[str] = []
    for match in _PART.finditer(word):
        if match["other"]:
            raise InvalidValue("it has a variable of a form that is not supported")
        name = match["name"] or match["braced"]
        if name:
            names.append(name)
            parts.append(_value_of(name, match["operator"] or "", match["word"] or "", values))
        else:
            parts.append(match["escaped"] or match["literal"] or match["text"] or "")
    text = "".join(parts)
    if len(text) > _MAX_EXPANDED:
        raise InvalidValue(f"its value has more than {_MAX_EXPANDED} characters")
    return Expanded(text=text, names=tuple(names))


def _value_of(name: str, operator: str, word: str, values: Mapping[str, str]) -> str:
    value = values.get(name)
    is_set = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return word if is_set else ""
    if operator.endswith("-") and not is_set:
        return word
    if value is None:
        raise InvalidValue(f"ARG {name} has no default")
    return value
