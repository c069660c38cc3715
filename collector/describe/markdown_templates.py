"""Renders values as Markdown. The templates have the wording, other modules choose the values."""

from __future__ import annotations

from functools import cache

import jinja2

from collector.model.sizes import render_size
from collector.model.times import render_day
from collector.pages import markdown


def render(name: str, **values: object) -> str:
    """The text of a template, without line feeds around it; `official/tags` is `templates/official/tags.md.j2`."""
    return _templates().get_template(f"{name}.md.j2").render(values).strip("\n")


@cache
def _templates() -> jinja2.Environment:
    """The templates, compiled once a process."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("collector.describe"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701 -- Markdown, not HTML
    )
    environment.filters.update(
        code=markdown.code,
        codes=lambda names: ", ".join(f"`{name}`" for name in names),
        day=render_day,
        size=render_size,
        text=markdown.text,
    )
    return environment
