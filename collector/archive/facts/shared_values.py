"""Equal values of a repository's facts, each in memory once, and checked once.

The decoder makes every text anew, and most texts of a journal occur in many of its lines: a digest in the facts of
the image, of its manifest and of every index that lists it, a step's time in the config of every image that has the
step. Kept once, the facts of a large image take a third of the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from operator import call
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec.structs import force_setattr

from collector.archive.facts.forms import SHARED, Form, form_of

_Find = Callable[[Any], Any]
"""Finds for a value the equal one that was seen first.

Raises:
    msgspec.ValidationError: the value does not have the form of its type.
"""

_Members = list[tuple[str, _Find]]
"""The members of a struct with values that are checked or shared."""


class SharedValues:
    """The values that were seen. It is as large as they are, so it is given up when the facts have been read."""

    def __init__(self, *, checks_forms: bool = True) -> None:
        """`checks_forms`: False if whoever uses a value checks its form."""
        self._checks_forms = checks_forms
        self._known: dict[Any, _Find] = {}
        """The type of values → finds those that were seen."""
        self._members: dict[type[msgspec.Struct], _Members] = {}

    def replace_in(self, fact: msgspec.Struct) -> None:
        """Check the forms of all values in a fact, and put those that were seen first in the place of equal ones.

        Raises:
            msgspec.ValidationError: a value does not have the form of its type.
        """
        kind = type(fact)
        if kind not in self._members:
            self._members[kind] = self._members_of(kind)
        _replace(self._members[kind], fact)

    def _members_of(self, kind: type[msgspec.Struct]) -> _Members:
        return [(name, self._find_for(type_)) for name, type_ in _marked_members(kind)]

    def _find_for(self, kind: Any) -> _Find:
        if kind not in self._known:
            known = self._new(kind) if _is_marked(kind) else _unchanged
            if isinstance(known, dict):
                known = (known if self._checks_forms else _Values()).__getitem__
            self._known[kind] = known
        return self._known[kind]

    def _new(self, kind: Any) -> _Find | dict[Any, Any]:
        if get_origin(kind) is Annotated:
            form = form_of(kind)
            return _Texts(form) if form else _Values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return _Structs(self._members_of(kind))
        parts = get_args(kind)
        if get_origin(kind) in (Union, UnionType):
            return self._find_for(next(filter(_is_marked, parts)))
        if get_origin(kind) is dict:
            return partial(_in_dict, self._find_for(parts[1]))
        if parts[-1] is Ellipsis:
            return partial(_in_tuple, self._find_for(parts[0]))
        return _Rows([self._find_for(part) for part in parts])


@cache
def _marked_members(kind: type[msgspec.Struct]) -> list[tuple[str, Any]]:
    """The names and types of the members of a struct with values that are checked or shared."""
    return [(one.name, one.type) for one in msgspec.structs.fields(kind) if _is_marked(one.type)]


@cache
def _is_marked(kind: Any) -> bool:
    """Whether values of a type are checked or shared, or have such values in them."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return bool(_marked_members(kind))
    if get_origin(kind) is Annotated:
        return SHARED in get_args(kind) or form_of(kind) is not None
    return get_origin(kind) in (Union, UnionType, tuple, dict) and any(map(_is_marked, get_args(kind)))


class _Values(dict[Any, Any]):
    """The values of one type that were seen, and None."""

    def __init__(self) -> None:
        super().__init__({None: None})

    def __missing__(self, value: Any) -> Any:
        self[value] = value
        return value


class _Texts(_Values):
    """Texts of one form."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._fits = form.fits

    def __missing__(self, text: str) -> str:
        if not self._fits(text):
            raise msgspec.ValidationError(self._form.fault_of(text))
        self[text] = text
        return text


class _Rows(_Values):
    """Tuples with values of several types."""

    def __init__(self, finds: Sequence[_Find]) -> None:
        super().__init__()
        self._finds = finds

    def __missing__(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        kept = tuple(map(call, self._finds, row))
        self[kept] = kept
        return kept


class _Structs(_Values):
    """Structs of one type."""

    def __init__(self, members: _Members) -> None:
        super().__init__()
        self._members = members

    def __missing__(self, struct: msgspec.Struct) -> msgspec.Struct:
        _replace(self._members, struct)
        self[struct] = struct
        return struct


def _replace(members: _Members, struct: msgspec.Struct) -> None:
    """The struct stays equal, even if it is frozen."""
    for name, find in members:
        value = getattr(struct, name)
        if value is not None:
            force_setattr(struct, name, find(value))


def _unchanged(value: Any) -> Any:
    return value


def _in_tuple(find: _Find, values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(map(find, values))


def _in_dict(find: _Find, values: dict[str, Any]) -> dict[str, Any]:
    return {name: find(value) for name, value in values.items()}
