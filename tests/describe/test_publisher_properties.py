"""Any archive and any folder of parts give a description that can be pushed, checked by another parser."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.describe.files import decode
from collector.describe.length_limit import MAX_BYTES, MAX_SHORT_BYTES, limit_length
from collector.describe.publisher import describe_published
from collector.describe.site import Site
from collector.errors import InvalidValue
from collector.model.platforms import Platform
from collector.model.references import parse_repository
from tests.describe.hostile_texts import EXAMPLES, TEXTS, more
from tests.describe.judge import faults_of, html_of
from tests.support.archives import ArchiveBuilder, docker_image, single

PARTS = (
    *("content.md", "license.md", "maintainer.md", "issues.md", "get-help.md", "deprecated.md", "variant.md"),
    *("variant-slim.md", "compose.yaml", "compose.md", "github-repo", "README-short.txt"),
)
TAGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,30}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
PLATFORMS = st.builds(
    lambda *names: Platform(os=names[0], architecture=names[1], variant=names[2]), WORDS, WORDS, WORDS
)
PART = st.one_of(TEXTS, st.builds(lambda text, times: f"{text}\n\n" * times, TEXTS, st.integers(1, 3_000)))


def is_taken(text: str) -> bool:
    """Whether a part may contain the text; others are refused with an error."""
    try:
        decode(text.encode(), "part")
    except InvalidValue:
        return False
    return True


@settings(more, max_examples=EXAMPLES or 30)
@given(st.dictionaries(TAGS, PLATFORMS, max_size=30), st.dictionaries(st.sampled_from(PARTS), PART.filter(is_taken)))
def test_any_archive_and_any_parts(tags: dict[str, Platform], parts: dict[str, str]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        builder = ArchiveBuilder(folder / "archive")
        builder.see("acme/web:first", "2024-01-01", single(docker_image("first")))
        for tag, platform in tags.items():
            builder.see(f"acme/web:{tag}", "2024-01-02", single(docker_image(tag, platform=platform)))
        (folder / "docs" / "web").mkdir(parents=True)
        for name, text in parts.items():
            (folder / "docs" / "web" / name).write_text(text[: 10**6], encoding="utf-8", newline="")
        archive = builder.archive
        site = Site("https://acme.example/images", archive.repositories())
        described = describe_published(archive.load(parse_repository("acme/web")), site, docs=folder / "docs")
        fitted = limit_length(described)
    finally:
        shutil.rmtree(folder)
    assert not faults_of(fitted.text, limit=MAX_BYTES), fitted.text
    assert len(fitted.short.encode()) <= MAX_SHORT_BYTES
    if not fitted.notices:
        html = html_of(fitted.text)
        assert all(f'href="https://acme.example/images/repos/acme/web/{tag}/"' in html for tag in ["first", *tags])
