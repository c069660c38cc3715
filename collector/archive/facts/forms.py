"""The forms of texts in facts, as patterns.

A decoder that matches every text with its pattern takes half of its time for that, and most texts of a journal occur in
many lines. So the kinds of facts mark their texts with forms, which decoders ignore, and `SharedValues` checks each
different text once. `with_patterns` makes of such a type one whose decoder checks all, and says where a fault is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

SHARED = "shared"
"""Marks, as an annotation, the type of a value that many facts have, and for which no form is prescribed."""


class Form:
    """The form of a text, as an annotation of its type."""

    def __init__(self, pattern: str, fits: Callable[[str], object] | None = None, fault: str = "") -> None:
        """Make a form.

        Args:
            pattern: a pattern of a schema, which begins with `^` and ends with `$`.
            fits: whether a text has the form, if the pattern does not tell that alone.
            fault: what is wrong with a text that only matches the pattern.
        """
        # As Python needs it: `$` alone would allow a line feed at the end.
        self._pattern = re.compile(pattern.removesuffix("$") + r"\Z")
        self.fits = fits or self._pattern.match
        """Whether a text has the form: anything that is true."""
        self._fault = fault

    def fault_of(self, text: str) -> str:
        """What is wrong with a text that does not have the form."""
        return f"{self._fault}: {text}"

    @property
    def meta(self) -> msgspec.Meta:
        """The pattern for decoders."""
        return msgspec.Meta(pattern=self._pattern.pattern)


def form_of(kind: Any) -> Form | None:
    """The form in the annotation of a type."""
    marks = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return next((mark for mark in marks if isinstance(mark, Form)), None)


def with_patterns(kind: Any) -> Any:
    """The same type, for a decoder that checks the forms of all texts."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct_with_patterns(kind)
    if form := form_of(kind):
        return Annotated[get_args(kind)[0], form.meta]
    parts = tuple(map(with_patterns, get_args(kind)))
    if get_origin(kind) in (Union, UnionType):
        return reduce(or_, parts)
    return get_origin(kind)[parts] if get_origin(kind) in (tuple, dict) else kind


def _struct_with_patterns(kind: type[msgspec.Struct]) -> type[msgspec.Struct]:
    config = kind.__struct_config__
    members = [
        (one.name, with_patterns(one.type), msgspec.field(default=one.default, name=one.encode_name))
        for one in msgspec.structs.fields(kind)
    ]
    return msgspec.defstruct(kind.__name__, members, kw_only=True, tag_field=config.tag_field, tag=config.tag)
