"""Images of any publisher: tags, platforms, sizes and dates from the archive, text from a folder of parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.describe.descriptions import SECTIONS, Description, Section
from collector.describe.length_limit import MAX_BYTES, limit_length
from collector.describe.publisher import describe_published
from collector.describe.site import Site
from collector.errors import InvalidValue, NotFound, UsageError
from collector.model.references import parse_repository
from tests.describe.judge import faults_of, html_of
from tests.support.archives import ArchiveBuilder, docker_image, index, single
from tests.support.golden import Golden
from tests.support.publisher import DOCS

SITE = "https://acme.example/images"
SOURCE = "https://github.com/acme/images/blob/main/docs/web/content.md"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Three images of a publisher; one has the address that a tag of another would have."""
    builder = ArchiveBuilder(tmp_path_factory.mktemp("publisher") / "archive")
    amd64, arm64 = docker_image("2.1", size=12_345_678), docker_image("2.1 arm", platform="linux/arm64/v8")
    for tag in ("2.1.0", "2.1", "latest"):
        builder.see(f"acme/web:{tag}", "2024-05-01", index("2.1", amd64, arm64))
    slim = docker_image("slim", layers=("slim",), size=2_000_000)
    for tag in ("2.1.0-slim", "slim"):
        builder.see(f"acme/web:{tag}", "2024-05-03", single(slim))
    builder.see("acme/web:1.9", "2024-01-01", single(docker_image("1.9")))
    builder.see("acme/web:1.9", "2024-05-04", gone="removed")
    builder.see("acme/web/slim:1", "2024-05-01", single(slim))
    builder.see("ghcr.io/acme/db:gone", "2024-05-01", gone="missing")
    return builder.archive


def describe(
    archive: Archive,
    name: str = "acme/web",
    *,
    sections: tuple[Section, ...] = SECTIONS,
    docs: Path | None = DOCS,
    source_url: str = "",
) -> Description:
    repository = parse_repository(name)
    site = Site(SITE, archive.repositories())
    return describe_published(archive.load(repository), site, docs=docs, source_url=source_url, sections=sections)


def test_an_image_with_all_that_the_form_has(golden: Golden, archive: Archive) -> None:
    described = describe(archive, source_url=SOURCE)
    fitted = limit_length(described)
    golden("published-web.md", fitted.text)
    assert not faults_of(fitted.text, limit=MAX_BYTES)
    assert (fitted.short, fitted.notices) == ("The website of Acme, ready to run.", ())
    assert described.full_url == SOURCE


def test_an_image_without_parts_and_without_tags(golden: Golden, archive: Archive) -> None:
    described = describe(archive, "ghcr.io/acme/db", docs=None)
    golden("published-db.md", limit_length(described).text)
    assert described.full_url == f"{SITE}/repos/ghcr.io/acme/db/"


def test_a_tag_without_images_has_no_size_and_no_platforms(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    builder.see("acme/web:empty", "2024-05-01", index("empty"))
    text = describe(builder.archive, sections=("tags",), docs=None).text
    assert text == f"# Tags\n\n- [`empty`]({SITE}/repos/acme/web/empty/): 2024-05-01\n"


def test_tags_for_tools_are_left_out(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    for tag in ("1.0", "1.1", f"sha256-{'1' * 64}.sig", f"sha256-{'2' * 64}"):
        builder.see(f"acme/web:{tag}", "2024-05-01", single(docker_image(tag)))
    described = describe(builder.archive, docs=None)
    assert "sha256-" not in described.text
    assert "[`1.0`]" in described.text
    assert "[All 2 tags]" in described.without_tags


@pytest.mark.parametrize("part", [f"{'`' * 90}\ncode\n{'`' * 90}", "| a |\n|---|\n| 1 |", "# Heading", "- one\n- two"])
def test_a_part_that_is_not_a_paragraph_is_below_its_label(archive: Archive, tmp_path: Path, part: str) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "maintainer.md").write_text(part)
    text = limit_length(describe(archive, docs=tmp_path)).text
    assert html_of(part).strip() in re.sub(r"^ +", "", html_of(text), flags=re.MULTILINE)
    assert "<strong>Maintained by</strong>:" in html_of(text)


def test_every_live_tag_links_to_its_page(archive: Archive) -> None:
    html = html_of(limit_length(describe(archive)).text)
    linked = dict(re.findall(r'<a href="([^"]*)"><code>([^<]*)</code></a>', html))
    page = f"{SITE}/repos/acme/web"
    assert linked == {
        f"{page}/2.1.0/": "2.1.0",
        f"{page}/2.1/": "2.1",
        f"{page}/latest/": "latest",
        f"{page}/2.1.0-slim/": "2.1.0-slim",
        f"{page}/~slim/": "slim",
    }


def test_sections_are_chosen_and_ordered(archive: Archive) -> None:
    text = describe(archive, sections=("license", "tags", "license"), docs=DOCS).text
    assert re.findall(r"^# .*", text, re.MULTILINE) == ["# License", "# Tags"]
    assert "feed.xml" not in describe(archive, sections=("quick-reference", "content")).text
    assert "feed.xml" in describe(archive, sections=("quick-reference", "feed")).text
    alone = describe(archive, sections=("feed",), docs=None).text
    assert alone == f"[A feed of all changes]({SITE}/repos/acme/web/feed.xml)\n"


def test_a_list_that_is_too_long_is_a_link(archive: Archive, docs: Path) -> None:
    content = docs / "web" / "content.md"
    content.write_text("")
    room = MAX_BYTES - len(limit_length(describe(archive, docs=docs)).text.encode())
    content.write_text("x" * room)
    fitted = limit_length(describe(archive, docs=docs))
    assert f"[All 5 tags]({SITE}/repos/acme/web/)" in fitted.text
    assert "2.1.0-slim/" not in fitted.text
    assert "x" * room in fitted.text


def test_an_open_block_of_one_part_ends_with_the_part(archive: Archive, docs: Path) -> None:
    (docs / "web" / "maintainer.md").write_text("<!-- nobody\n")
    (docs / "web" / "content.md").write_text("```\n[a]\n\n[a]: https://a.example\n")
    (docs / "web" / "license.md").write_text("[a] <example>\n")
    html = html_of(limit_length(describe(archive, docs=docs)).text)
    assert "<h1>License</h1>\n<p>[a] &lt;example&gt;</p>\n" in html
    assert "Maintained by</strong>: &lt;!-- nobody" in html


def test_a_deprecation_notice_comes_first(archive: Archive, docs: Path) -> None:
    (docs / "web" / "deprecated.md").write_text("Use `acme/site`.\n")
    assert describe(archive, docs=docs, sections=("tags",)).text.startswith(
        "# Deprecated\n\nUse `acme/site`.\n\n# Tags"
    )
    (docs / "web" / "deprecated.md").write_text("# Over\n\nUse another.\n")
    assert describe(archive, docs=docs).text.startswith("# Over\n\nUse another.\n\n# Quick reference")


def test_what_cannot_be_described(archive: Archive, docs: Path) -> None:
    with pytest.raises(NotFound, match="no such image"):
        describe(archive, "acme/none")
    with pytest.raises(UsageError, match="db: not found"):
        describe(archive, "ghcr.io/acme/db", docs=docs)
    with pytest.raises(UsageError, match="not a web address: 'docs/web'"):
        describe(archive, source_url="docs/web")
    with pytest.raises(UsageError, match="not a web address"):
        Site("https://x.org/a) [b](c")
    (docs / "web" / "content.md").write_bytes(b"\n\n\xff")
    with pytest.raises(InvalidValue, match=r"content\.md:3: not UTF-8"):
        describe(archive, docs=docs)
