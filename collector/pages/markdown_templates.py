"""Renders views as Markdown with the templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Protocol

import jinja2
import msgspec

from collector.diff.changes import Segment, SourceChange, StepChange
from collector.model.sizes import render_exact_size, render_size, render_sizes_alike
from collector.model.times import render_day, render_minute
from collector.pages import image_metadata, markdown
from collector.pages.addresses import Links, divided
from collector.pages.compiled_templates import CompiledTemplates
from collector.pages.documents import Redirect
from collector.pages.histories import ReleaseChange
from collector.pages.reason_text import reason_name
from collector.pages.release_text import release_text
from collector.pages.steps_in_settings import shown_steps

_FEW = 3
"""Rows that are not worth folding away."""
_MAX_NAMES = 12
"""Packages that are named of one source."""

Filters = Mapping[str, Callable[..., object]]


class _Context(jinja2.runtime.Context):
    """Calls functions directly. Jinja first looks, at each call, whether the function wants the context: none does."""

    def call(self, function: Callable[..., object], /, *args: object, **kwargs: object) -> object:
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return function(*args, **kwargs)


class Addressed(Protocol):
    """A view of any kind of page."""

    @property
    def address(self) -> str: ...


class PageContext(msgspec.Struct, frozen=True, kw_only=True):
    """The context of a template, in addition to its view. Kinds of pages add their own fields, also to the key."""

    addresses: dict[str, str] = {}
    """The addresses of the image's tags."""
    exceptions: dict[str, str] = {}
    """The addresses that do not follow from the tag's name. The key covers only these, so that a new tag changes few
    pages.
    """
    hides_packages: bool = False
    """Whether the site has no word on packages."""
    edition: str = ""
    """The day of the page's edition; empty for the current site."""

    @property
    def key(self) -> tuple[object, ...]:
        """Covers everything except the view that the page depends on."""
        return self.exceptions, self.hides_packages, self.edition


def comparison_key(found: ReleaseChange | None) -> tuple[object, ...] | None:
    """The part of a page's key that covers a change shown in full."""
    if found is None:
        return None
    return found.release.since, release_text(found.release), found.change.shared.key, found.is_whole


def render_page(kind: str, filters: Filters, view: Addressed, context: PageContext) -> str:
    """Render the Markdown of a page with the template of its kind."""
    return load_template(kind, filters).render(view=view, context=context, links=Links(view.address))


def render_redirect(redirect: Redirect) -> str:
    """The Markdown of a redirect."""
    page, rest = divided(redirect.to)
    target = f"{Links(redirect.address).to(page)}{rest}"
    return f"# {markdown.text(redirect.title)}\n\n{markdown.link('This is on another page.', target)}\n"


def render_words(words: Sequence[str]) -> str:
    """A command as Dockerfiles write it: `["python3"]`."""
    return json.dumps(list(words), ensure_ascii=False)


def render_step_change(step: StepChange, platforms: Sequence[str]) -> str:
    """A changed step as a fenced difference: removed (`-`) and added (`+`) words, with a few unchanged words around
    them.

    Args:
        step: the changed step.
        platforms: the platforms on which it changed, unless it changed on all.
    """
    if step.kind != "changed":
        sign = "+" if step.kind == "added" else "-"
        lines = [f"{sign} {line}" for line in markdown.instruction(step.text).split("\n")]
    else:
        signs = {"=": "  ", "-": "- ", "+": "+ ", "…": "  "}
        lines = [f"{signs[part.op]}{line}" for part in step.words for line in _lines_of(part)]
    name = step.instruction or "Step"
    title = f"{name} {step.kind}" if step.words or step.text else f"{name}: white space"
    title += f" (on {', '.join(platforms)})" if platforms else ""
    return f"{markdown.text(title)}:\n\n{markdown.fence(chr(10).join(lines), 'diff')}"


def _lines_of(part: Segment) -> list[str]:
    """Its words in the lines of the Dockerfile. White space alone is kept only if there is nothing else."""
    if part.op == "…":
        return [f"… {part.text} characters …"]
    words = part.text.strip(" ")
    return [line for line in markdown.instruction(words).split("\n") if line.strip("\t ")] or [words]


def render_installed(source: SourceChange) -> str:
    """The packages of a source that differ: `libssl1.1, openssl`; of very many the first."""
    names = source.names
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more


def _folded(rows: Sequence[object], count: int) -> list[Sequence[object]]:
    """The first rows of a list, and those that the site folds away; few more are all shown."""
    return [rows[:count], rows[count:]] if len(rows) > count + _FEW else [rows]


def _render_value(value: str | Sequence[str] | None) -> str:
    if value is None:
        return "none"
    return image_metadata.bounded_code(value if isinstance(value, str) else render_words(value))


def load_template(kind: str, filters: Filters) -> jinja2.Template:
    """The template of a kind of page, compiled once per process."""
    return _template(kind, tuple(filters.items()))


@cache
def _template(kind: str, filters: tuple[tuple[str, Callable[..., object]], ...]) -> jinja2.Template:
    environment = _templates().overlay()
    environment.filters = {**environment.filters, **dict(filters)}
    return environment.get_template(f"{kind}.md.j2")


@cache
def _templates() -> jinja2.Environment:
    """All templates. Nothing is escaped automatically: every value names its filter.

    The macros are global, because an `import` in each template would be repeated for every page.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("collector.pages"),
        bytecode_cache=CompiledTemplates(),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701 -- Markdown, not HTML; the site renders it with raw HTML off
        keep_trailing_newline=True,
        optimized=False,  # costs more than it saves, because our templates have few constants
    )
    environment.context_class = _Context
    environment.getattr = getattr  # type: ignore[method-assign, assignment]  # `a.b` is never a key `b`, so none is searched for
    environment.filters.update(
        text=markdown.text,
        code=markdown.code,
        cell=markdown.cell_code,
        fence=markdown.fence,
        instruction=markdown.instruction,
        link=markdown.link,
        size=render_size,
        sizes_alike=render_sizes_alike,
        exact_size=render_exact_size,
        unbroken=lambda text: text.replace(" ", "\xa0"),  # for sentences: cells with sizes do not wrap
        number=lambda number: f"{number:,}",
        day=render_day,
        minute=render_minute,
        clock=lambda time: render_minute(time).removesuffix(" UTC"),
        parent=lambda address: f"{address.rstrip('/').rpartition('/')[0]}/",
        folded=_folded,
        any_has=lambda rows, name: any(getattr(row, name) for row in rows),
        release_text=release_text,
        reasons=lambda codes: ", ".join(map(reason_name, codes)),
        label=image_metadata.render_label,
        words=render_words,
        value_cell=_render_value,
        step_block=render_step_change,
        shown_steps=shown_steps,
        installed_names=render_installed,
        bounded_cell=image_metadata.bounded_code,
        bounded_text=image_metadata.bounded_text,
        setting_rows=image_metadata.setting_rows,
        origin_rows=image_metadata.origin_rows,
        annotation_rows=image_metadata.annotation_rows,
        statement_name=image_metadata.statement_name,
        statement_facts=image_metadata.statement_facts,
        artifact_name=image_metadata.artifact_name,
    )
    environment.globals.clear()  # jinja2's own: unused here, and copied for each page
    for name, file in (("macros", "macros"), ("difference", "change")):
        environment.globals[name] = environment.get_template(f"{file}.md.j2").module
    return environment
