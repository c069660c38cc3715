"""`repo-info pages`: the site's Markdown and JSON in a folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.cli.pages import LIST, write_pages
from collector.errors import BuildError
from collector.pages.addresses import twin_path
from collector.pages.documents import Document
from collector.pages.site_pages import SitePages
from tests.cli.conftest import Run
from tests.support.archives import ArchiveBuilder, docker_image, single


@pytest.fixture(scope="module")
def written(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's pages."""
    folder = tmp_path_factory.mktemp("pages") / "pages"
    write_pages(Archive(root / "examples" / "archive"), folder)
    return folder


def test_every_page_of_the_site_is_at_its_address_with_its_twin(written: Path, sample: Path) -> None:
    pages = SitePages(sample)
    documents = [item for task in pages.plan() for item in pages.run(task) if isinstance(item, Document)]
    assert documents
    for document in documents:
        assert (written / document.address / "index.md").read_text(encoding="utf-8") == document.markdown
        assert (written / twin_path(document.address)).read_bytes() == document.twin
    assert (written / "index.md").is_file()


def test_links_between_the_pages_lead_to_pages(written: Path) -> None:
    seen = 0
    for page in written.rglob("index.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#?\s]+)\)", page.read_text(encoding="utf-8")):
            seen += 1
            place = (page.parent / target).resolve()
            # The digest page is one of the hand-written ones, which belong to the site alone.
            assert place.is_file() or place == (written / "digest" / "index.md").resolve(), (page, target)
    assert seen > 600


def test_a_second_run_writes_nothing_and_a_smaller_archive_removes_pages(run: Run, tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", single(docker_image("one")))
    ArchiveBuilder(tmp_path / "b").see("tool:2", "2017-01-01", single(docker_image("one")))
    target = tmp_path / "pages"
    first = json.loads(run("pages", "--archive", tmp_path / "a", "--to", target, "--json").stdout)
    assert first["files"] == first["written"] > 5
    (target / "repos/tool/ours.txt").write_text("ours")
    again = json.loads(run("pages", "--archive", tmp_path / "a", "--to", target, "--json").stdout)
    assert again == {"files": first["files"], "removed": 0, "written": 0}
    other = json.loads(run("pages", "--archive", tmp_path / "b", "--to", target, "--json").stdout)
    assert other["removed"] > 0
    assert not (target / "repos/tool/1").exists()
    assert (target / "repos/tool/2/index.md").is_file()
    assert (target / "repos/tool/ours.txt").read_text() == "ours"


def test_a_foreign_list_removes_nothing_outside_the_site(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("")
    target = tmp_path / "pages"
    target.mkdir()
    (target / LIST).write_text("../precious\n")
    with pytest.raises(BuildError, match="not a path inside"):
        write_pages(Archive(sample), target)
    assert (tmp_path / "precious").exists()


def test_a_link_does_not_lead_out_of_the_target(sample: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "repos").symlink_to(outside)
    with pytest.raises(BuildError, match="a symbolic link leads out"):
        write_pages(Archive(sample), tmp_path / "pages")
    assert not any(outside.iterdir())


def test_a_target_that_is_a_file_is_wrong_use(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run("pages", "--archive", sample, "--to", tmp_path / "file").exit_code == 2
