"""Views to Markdown, through the templates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache

import jinja2
import msgspec

from collector.diff.changes import ReasonCode, Segment, StepChange
from collector.model.sizes import render_size
from collector.model.times import render_day, render_minute
from collector.pages import markdown, matrix, table_rows
from collector.pages.addresses import Links
from collector.pages.documents import Kind, Lead
from collector.pages.histories import Moment
from collector.pages.platform_history import SizePoint
from collector.pages.views import ChangeRow, HistoryView, HomeView, ImageView, PlatformView, TagView, View

_REASONS: Mapping[ReasonCode, str] = {
    "first-seen": "first seen",
    "gone": "gone",
    "unreadable": "could not be read",
    "back": "back",
    "dockerfile-changed": "Dockerfile changed",
    "source-changed": "source changed",
    "files-changed": "files changed",
    "platform-removed": "platform removed",
    "platform-added": "platform added",
    "base-moved": "base image moved",
    "rebuilt": "rebuilt",
    "repacked": "layers packed anew",
    "artifacts": "artifacts changed",
    "metadata": "only metadata",
    "index": "same image, another index",
    "same": "no change",
}


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is made from beside its view."""

    addresses: dict[str, str] = {}
    """Of the image's tags."""
    exceptions: dict[str, str] = {}
    """Those that do not follow from the tag's name. They alone belong to the key: a new tag is no news to most."""
    changes: tuple[ChangeRow, ...] = ()
    """What a tag's page has of its history."""
    newest: Moment | None = None
    """The difference to show in full."""
    sizes: tuple[SizePoint, ...] = ()
    """Of a tag's first platform over time."""
    edition: str = ""
    """Where the page is of one, its day."""
    editions: tuple[str, ...] = ()
    """Those that the site has, where the page leads to them."""

    @property
    def known_sizes(self) -> list[int]:
        """In bytes, oldest first."""
        return [point.size for point in self.sizes if point.size is not None]

    @property
    def key(self) -> tuple[object, ...]:
        newest = self.newest and (self.newest.period.since, self.newest.difference.key)
        return self.exceptions, self.changes, newest, self.sizes, self.edition, self.editions


def render_view(view: View, context: Context) -> str:
    """The Markdown of a page."""
    paired = isinstance(view, PlatformView) and any(step.layer is not None for step in view.steps)
    return _template(kind_of(view)).render(view=view, context=context, links=Links(view.address), paired=paired)


def render_lead(lead: Lead) -> str:
    """The Markdown of what leads on to another page."""
    address, _, part = lead.to.partition("#")
    target = Links(lead.address).to(address) + (f"#{part}" if part else "")
    return f"# {markdown.text(lead.title)}\n\n{markdown.link('This is told on another page.', target)}\n"


def kind_of(view: View) -> Kind:
    """Which kind of page a view is of."""
    match view:
        case HomeView():
            return "home"
        case ImageView():
            return "image"
        case TagView():
            return "tag"
        case HistoryView():
            return "history"
        case PlatformView():
            return "platform"


def render_words(words: Sequence[str]) -> str:
    """A command as Dockerfiles write it: `["python3"]`."""
    return json.dumps(list(words), ensure_ascii=False)


def render_step_change(step: StepChange, platforms: Sequence[str]) -> str:
    """A step that changed, as a fenced difference: `-` went, `+` came, and around them a few words that stayed.

    Args:
        step: what changed.
        platforms: those on which it did, where it did not on all.
    """
    if step.kind != "changed":
        sign = "+" if step.kind == "added" else "-"
        lines = [f"{sign} {line}" for line in markdown.instruction(step.text).split("\n")]
    else:
        signs = {"=": "  ", "-": "- ", "+": "+ ", "…": "  "}
        lines = [f"{signs[part.op]}{line}" for part in step.words for line in _lines_of(part)]
    title = f"{step.instruction} {step.kind}" if step.words or step.text else f"{step.instruction}: white space"
    title += f" (on {', '.join(platforms)})" if platforms else ""
    return f"{markdown.text(title)}:\n\n{markdown.fence(chr(10).join(lines), 'diff')}"


def _lines_of(part: Segment) -> list[str]:
    """Its words in the lines of the Dockerfile. White space alone is kept where there is nothing else."""
    if part.op == "…":
        return [f"… {part.text} characters …"]
    words = part.text.strip(" ")
    return [line for line in markdown.instruction(words).split("\n") if line.strip("\t ")] or [words]


def render_sizes(points: Sequence[SizePoint]) -> str:
    """The data of a picture, which the site draws: a line for each change, its day and the size in bytes or `-`."""
    lines = (f"{render_day(point.time)} {'-' if point.size is None else point.size}" for point in points)
    return markdown.fence("\n".join(lines), "sizes")


def _render_value(value: str | Sequence[str] | None) -> str:
    if value is None:
        return "none"
    return table_rows.bounded_code(value if isinstance(value, str) else render_words(value))


@cache
def _template(kind: Kind) -> jinja2.Template:
    return _templates().get_template(f"{kind}.md.j2")


@cache
def _templates() -> jinja2.Environment:
    """The templates, compiled once a process. Nothing is escaped by itself: every value names its filter.

    What they share, the macros, is global to all: an `import` in each would be done again for every page.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("collector.pages"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701 -- Markdown, not HTML; the site renders it with raw HTML off
        keep_trailing_newline=True,
    )
    environment.filters.update(
        text=markdown.text,
        code=markdown.code,
        cell=markdown.cell_code,
        fence=markdown.fence,
        instruction=markdown.instruction,
        link=markdown.link,
        size=render_size,
        exact_size=table_rows.render_exact_size,
        number=lambda number: f"{number:,}",
        day=render_day,
        minute=render_minute,
        clock=lambda time: render_minute(time).removesuffix(" UTC"),
        parent=lambda address: f"{address.rstrip('/').rpartition('/')[0]}/",
        sizes=render_sizes,
        reasons=lambda codes: ", ".join(_REASONS[code] for code in codes),
        columns=matrix.columns,
        cells=matrix.cells,
        pulled=matrix.pulled,
        label=table_rows.render_label,
        words=render_words,
        value_cell=_render_value,
        step_block=render_step_change,
        bounded_cell=table_rows.bounded_code,
        bounded_text=table_rows.bounded_text,
        setting_rows=table_rows.setting_rows,
        origin_rows=table_rows.origin_rows,
        annotation_rows=table_rows.annotation_rows,
        statement_name=table_rows.statement_name,
        statement_facts=table_rows.statement_facts,
        artifact_name=table_rows.artifact_name,
    )
    for name, file in (("macros", "macros"), ("difference", "change")):
        environment.globals[name] = environment.get_template(f"{file}.md.j2").module
    return environment
