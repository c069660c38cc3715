"""Single values on a page."""

from __future__ import annotations

from collector.diff.changes import Segment, StepChange
from collector.model.sizes import render_exact_size
from collector.model.times import Time
from collector.pages.kinds.image import GroupRow, default_tag
from collector.pages.markdown_templates import render_step_change


def changed(*words: tuple[str, str]) -> list[str]:
    step = StepChange(
        kind="changed",
        instruction="RUN",
        words=tuple(Segment(op, text) for op, text in words),  # type: ignore[arg-type]
    )
    return render_step_change(step, ()).split("\n")[3:-1]


def test_a_changed_step_is_broken_where_its_dockerfile_was() -> None:
    words = [
        ("=", "RUN apt-get install \t\tcurl"),
        ("-", " \t\tlibffi6"),
        ("+", " \t\tlibffi7 \t\tzlib1g"),
        ("=", " \t&& rm x"),
    ]
    assert changed(*words) == [
        "  RUN apt-get install",
        "  \tcurl",
        "- \tlibffi6",
        "+ \tlibffi7",
        "+ \tzlib1g",
        "  \t&& rm x",
    ]


def test_white_space_alone_is_kept_where_it_is_what_changed() -> None:
    assert changed(("=", "RUN a"), ("+", "\t"), ("…", "40"), ("=", "b")) == [
        "  RUN a",
        "+ \t",
        "  … 40 characters …",
        "  b",
    ]


def group(*tags: str, artifact: str = "") -> GroupRow:
    since = Time("2018-01-01T00:00:00Z")
    return GroupRow(tags=tags, platforms={"linux/amd64": 1}, size=1, since=since, reasons=(), artifact=artifact)


def test_the_tag_to_pull_of_an_image_is_latest() -> None:
    alpha, newest, chart = group("3.7.0a4", "3.7-rc"), group("3.6.4", "3.6", "latest"), group("chart", artifact="x")
    assert default_tag([alpha, newest]) == "latest"
    assert default_tag([chart, alpha]) == "3.7.0a4"
    assert default_tag([chart]) is None


def test_exact_sizes_have_their_bytes_in_groups_of_three() -> None:
    assert render_exact_size(274_601_627) == "274.6 MB (274,601,627 bytes)"
    assert render_exact_size(232) == "232 B"
