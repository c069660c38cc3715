"""The templates of the files that `init` writes."""

from __future__ import annotations

import json
from functools import cache

import jinja2


def render(template: str, **values: object) -> str:
    """The text of a file."""
    return _templates().get_template(f"{template}.j2").render(**values)


@cache
def _templates() -> jinja2.Environment:
    """In other marks than usual, because workflows have `${{ … }}` themselves."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("collector.publish"),
        undefined=jinja2.StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 -- no HTML: values are numbers, words of a list, or have a filter
        keep_trailing_newline=True,
    )
    environment.filters["toml"] = _render_toml
    return environment


def _render_toml(value: str | tuple[str, ...]) -> str:
    """A string, or an array of strings. TOML has JSON's escapes, and wants one for U+007F as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
