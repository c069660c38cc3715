"""The files of the theme, listed without its 14,000 icons: MkDocs compares the name of each, and publishes none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.theme import Theme

if TYPE_CHECKING:
    import jinja2


def skip_hidden_folders(theme: Theme) -> None:
    """Make the environment of a theme leave hidden folders out of its list. MkDocs publishes nothing from them."""
    make_environment = theme.get_env

    def get_env() -> jinja2.Environment:
        environment = make_environment()
        assert environment.loader is not None
        environment.loader.list_templates = lambda: sorted(set(_iter_visible(theme.dirs)))  # type: ignore[method-assign]
        return environment

    theme.get_env = get_env  # type: ignore[method-assign]


def _iter_visible(roots: Iterable[str]) -> Iterator[str]:
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (Path(folder, name).relative_to(root).as_posix() for name in files)
