"""A caching reader gives the same results as reading and writing each section from scratch."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.classic.pages import parse_head, split_page
from collector.classic.section_reader import SectionReader
from collector.classic.sections import Section, parse_platform_line, render_section
from collector.errors import InvalidValue
from collector.model.images import Image
from collector.model.platforms import Platform
from tests.classic.values import images, parse_section
from tests.support.pages import FORMS, real_page

NAME = "owner/tool"
LINUX = Platform(os="linux", architecture="amd64")
_ODD_LINES = [
    "# Fri, 01 Jul 2016 19:39:26 GMT\n",
    "# Sat, 01 Jul 2016 19:39:26 GMT\n",
    "# Fri, 99 Jul 2016 19:39:26 GMT\n",
    "# Fri, 01 Jul ٢٠١٦ 19:39:26 GMT\n",
    "# \n",
    "\n",
    "```\n",
    "\t-\t`\n",
    "\t\tSize: 01.0 B  \n",
    "\t\tSize: 2.0 KB (1999 bytes)  \n",
    f"$ docker pull other@sha256:{'0' * 64}\n",
    "-\tDefault Command: `[ ]`\n",
]


def read_afresh(name: str, platform: Platform, body: str) -> tuple[Section, bool] | None:
    """The values of a section and whether it is reproduced; None if it is not understood."""
    try:
        section = parse_section(platform, body)
        return section, render_section(name, section) == body
    except InvalidValue:
        return None


def read_with(reader: SectionReader, platform: Platform, body: str) -> tuple[Section, bool] | None:
    try:
        return reader.read(platform, body)
    except InvalidValue:
        return None


@pytest.mark.parametrize("form", FORMS)
def test_real_sections_are_exact_the_first_time_and_the_second(form: str) -> None:
    image, tag, raw = real_page(form)
    head, parts = split_page(image, tag, raw)
    assert len(parts) == len(parse_head(image, tag, head.decode()).platforms)
    reader = SectionReader(image)
    for part in [*parts, *parts]:
        line, _, body = part.decode().partition("\n")
        platform = parse_platform_line(line)
        assert reader.read(platform, body) == (parse_section(platform, body), True)


def test_equal_sections_are_one_object() -> None:
    _, _, raw = real_page("2016-single.md")
    body = raw.decode().split("### ")[1].partition("\n")[2]
    reader = SectionReader("hello-world")
    first, _ = reader.read(LINUX, body)
    second, _ = reader.read(LINUX, body.replace("1.10.3", "1.10.4"))
    assert first != second
    assert [id(step) for step in first.config.history] == [id(step) for step in second.config.history]
    assert [id(layer) for layer in first.layers] == [id(layer) for layer in second.layers]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(images(), st.data())
def test_any_section_with_any_damage(image: Image, data: st.DataObject) -> None:
    """Read the section, then with a line removed, doubled, moved or changed, then unchanged again."""
    section = Section(
        platform=image.platform,
        digest=image.manifest if data.draw(st.booleans()) else None,
        media_type=image.media_type,
        config=image.config,
        layers=image.layers,
    )
    body = render_section(NAME, section)
    lines = body.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.sampled_from(lines) | st.sampled_from(_ODD_LINES))
    kept = data.draw(st.booleans())
    damaged = "".join([*lines[:place], other, *lines[place + (not kept) :]])
    reader = SectionReader(NAME)
    for text in (body, damaged, damaged[: data.draw(st.integers(0, len(damaged)))], body):
        assert read_with(reader, section.platform, text) == read_afresh(NAME, section.platform, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Fri, 01 Jul 2016 19:39:26", "# Sat, 01 Jul 2016 19:39:26"),
        ("Last Modified: Fri, 01 Jul 2016 19:39:34", "Last Modified: Sat, 01 Jul 2016 19:39:34"),
        ("\t\tSize: 974.0 B", "\t\tSize: 1.0 KB (0974 bytes)"),
        ("Total Size: **974.0 B**", "Total Size: **975.0 B**"),
        ('Command: `["\\/hello"]`', 'Command: `["/hello"]`'),
        ("\n-\tDocker", f"\n```console\n$ docker pull other@sha256:{'0' * 64}\n```\n\n-\tDocker"),
    ],
)
def test_unusual_spelling_is_reported_each_time(old: str, new: str) -> None:
    _, _, raw = real_page("2016-single.md")
    body = raw.decode().split("### ")[1].partition("\n")[2]
    odd = body.replace(old, new)
    assert odd != body
    reader = SectionReader("hello-world")
    read = [reader.read(LINUX, text) for text in (odd, body, odd, body)]
    assert [is_exact for _, is_exact in read] == [False, True, False, True]
    assert read[0][0] == read[2][0] == parse_section(LINUX, odd)


def test_a_step_full_of_lines_that_look_like_dates() -> None:
    """They are divided in one pass: joining them again one by one would take hours."""
    _, _, raw = real_page("2016-single.md")
    body = raw.decode().split("### ")[1].partition("\n")[2]
    odd = body.replace('CMD ["\\/hello"]', "RUN cat <<EOF\n" + "# \n" * 300_000 + "EOF")
    section, is_exact = SectionReader("hello-world").read(LINUX, odd)
    assert (len(section.config.history), is_exact) == (2, True)
