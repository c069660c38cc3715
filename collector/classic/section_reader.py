"""Reads the sections of one image. Most of their steps and layers occur many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from collector.classic.sections import (
    Section,
    assemble_section,
    parse_layer,
    parse_step,
    render_layer,
    render_section_head,
    render_step,
    split_section,
)
from collector.model.platforms import Platform

T = TypeVar("T", bound=msgspec.Struct)


class SectionReader:
    """Reads sections. A repeated step or layer is the same object, and is parsed and rendered once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._steps = _Pieces(parse_step, render_step)
        self._layers = _Pieces(parse_layer, render_layer)

    def read(self, platform: Platform, body: str) -> tuple[Section, bool]:
        """Read a section below its heading line; also returns whether rendering it gives the same text.

        Raises:
            InvalidValue: the form is unknown.
        """
        text = split_section(body)
        steps, has_exact_steps = self._steps.read(text.steps)
        layers, has_exact_layers = self._layers.read(text.layers)
        section = assemble_section(platform, text.head, steps, layers)
        has_exact_head = render_section_head(self._name, section) == text.head[0]
        return section, has_exact_head and has_exact_steps and has_exact_layers


class _Pieces(Generic[T]):
    """Parses texts. Values that are rendered to the same text are kept and shared."""

    def __init__(self, parse: Callable[[str], T], render: Callable[[T], str]) -> None:
        self._parse = parse
        self._render = render
        self._exact: dict[str, T] = {}

    def read(self, texts: list[str]) -> tuple[list[T], bool]:
        """Parse texts; also returns whether rendering the values gives the texts back."""
        exact = self._exact
        values = [exact.get(text) or self._understand(text) for text in texts]
        return values, all(text in exact for text in texts)

    def _understand(self, text: str) -> T:
        value = self._parse(text)
        if self._render(value) == text:
            self._exact[text] = value
        return value
