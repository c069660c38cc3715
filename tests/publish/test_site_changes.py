"""The lists of what to send: whatever is sent of them, and whenever it ends, the host has the site in the end."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import BuildError, InvalidValue
from collector.publish.hosts import HOSTS, iter_exceeded
from collector.publish.manifest import HEADER, Line, line_of, read_manifest
from collector.publish.site_changes import ChangeReport, write_changes
from collector.site.record_store import SiteFile, file_digest, folders_above

PATHS = ["api/v1/a.json", "feed.xml", "index.html", "repos/a/index.html", "repos/é b/index.html", "x#[*].js"]
Site = dict[str, bytes]
SITES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from([b"", b"1", b"2", b"33"]))


def lines(site: Site) -> list[Line]:
    return [line_of(SiteFile(path, len(content), file_digest(content))) for path, content in sorted(site.items())]


class Bucket:
    """A host that is sent what the lists name, in the order of the guide, up to some step."""

    def __init__(self) -> None:
        self.files: Site = {}
        self.manifest: bytes | None = None

    def receive(self, site: Site, *, steps: int) -> ChangeReport:
        old = read_manifest(BytesIO(self.manifest)) if self.manifest is not None else ()
        with TemporaryDirectory() as name:
            folder = Path(name)
            report = write_changes(folder, old=old, new=lines(site), max_loss=1)
            lists = {path.name: path.read_bytes() for path in folder.iterdir()}
        if steps > 0:
            self.manifest = lists["sending.txt"]
        for step, name in enumerate(("data.txt", "pages.txt"), 1):
            for path in lists[name].decode().splitlines() if steps > step else ():
                self.files[path] = site[path]
        for path in lists["gone.txt"].decode().splitlines() if steps > 3 else ():
            self.files.pop(path, None)
        if steps > 4:
            self.manifest = lists["files.txt"]
        return report


@given(st.lists(st.tuples(SITES, st.integers(0, 5)), max_size=4), SITES)
def test_after_any_interruptions_a_complete_run_makes_the_site(earlier: list[tuple[Site, int]], site: Site) -> None:
    bucket = Bucket()
    for one, steps in earlier:
        bucket.receive(one, steps=steps)
    bucket.receive(site, steps=5)
    assert bucket.files == site
    assert bucket.receive(site, steps=5) == ChangeReport()


def test_a_list_has_only_the_differences(tmp_path: Path) -> None:
    old = {"a.json": b"1", "b.json": b"1", "c/index.html": b"1", "d/index.html": b"1", "e.xml": b"1"}
    new = old | {"b.json": b"2", "c/index.html": b"22", "f.json": b"333"}
    del new["d/index.html"]
    assert write_changes(tmp_path, old=lines(old), new=lines(new)) == ChangeReport(changed=2, new=1, gone=1, size=6)
    texts = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert (texts["data.txt"], texts["pages.txt"], texts["gone.txt"]) == (
        "b.json\nf.json\n",
        "c/index.html\n",
        "d/index.html\n",
    )
    assert texts["files.txt"].splitlines()[:2] == ["repo-info-files 1", "6b86b273ff34fce19d6b804eff5a3f57 1 a.json"]
    assert [line[0] for line in texts["sending.txt"].splitlines()[1:]] == list("6---6-")


def test_a_link_in_the_folder_is_replaced(tmp_path: Path) -> None:
    theirs, lists = tmp_path / "theirs", tmp_path / "lists"
    theirs.write_text("important")
    lists.mkdir()
    for name in ("files.txt", ".files.txt.new", "files.txt.new"):
        (lists / name).symlink_to(theirs)
    write_changes(lists, old=(), new=lines({"a.json": b"1"}))
    assert theirs.read_text() == "important"
    assert not (lists / "files.txt").is_symlink()


def test_a_site_that_lost_most_of_its_pages_is_refused(tmp_path: Path) -> None:
    old = {f"repos/{name}/index.html": b"" for name in "abcd"} | {f"{number}.json": b"" for number in range(9)}
    some = {path: content for path, content in old.items() if path > "repos/c"}
    assert write_changes(tmp_path, old=lines(old), new=lines(some)).gone == 11
    del some["repos/c/index.html"]
    with pytest.raises(BuildError, match="3 of the 4 pages that were sent last are gone"):
        write_changes(tmp_path, old=lines(old), new=lines(some))
    assert list(tmp_path.iterdir()) == []
    left_out = {"repos/a/index.html", "repos/b/index.html"}
    assert write_changes(tmp_path, old=lines(old), new=lines(some), left_out=left_out).gone == 12


LINE = b"6b86b273ff34fce19d6b804eff5a3f57 1 "


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not a manifest"),
        (b"repo-info-files 2\n", "a manifest of version 2, and"),
        (b"repo-info-files 1 \n", "not a manifest"),
        (b"repo-info-files " + b"9" * 30_000, "not a manifest"),
        (b"<html>", "not a manifest"),
        (HEADER + LINE + b"b\n" + LINE + b"a\n", "line 3: paths are not sorted"),
        (HEADER + LINE + b"a\n" + LINE + b"a\n", "line 3: paths are not sorted"),
        *((HEADER + LINE + path + b"\n", "line 2 is invalid") for path in (b"", b"../a", b"a/../b", b"/a", b"a//b")),
        *((HEADER + LINE + path + b"\n", "line 2 is invalid") for path in (b"a/", b"./a", b"a\\b", b"a\x1bb", b"\xff")),
        (HEADER + LINE + b"a\r\n", "line 2 is invalid"),
        (HEADER + LINE + b"a", "line 2 is invalid"),
        (HEADER + b"6B" + LINE[2:] + b"a\n", "line 2 is invalid"),
        (HEADER + LINE.replace(b" 1 ", b" 01 ") + b"a\n", "line 2 is invalid"),
        (HEADER + LINE.replace(b" 1 ", b" " + b"9" * 5000 + b" ") + b"a\n", "line 2 is invalid"),
        (HEADER + LINE + b"a" * 5_000_000 + b"\n", "line 2 is invalid"),
    ],
)
def test_a_manifest_of_a_host_is_checked(tmp_path: Path, content: bytes, problem: str) -> None:
    with pytest.raises(InvalidValue, match=problem):
        write_changes(tmp_path / "changes", old=read_manifest(BytesIO(content)), new=())
    assert not any((tmp_path / "changes").glob("*"))


def exceeded(*, files: int, size: int, folders: int = 0) -> list[str]:
    return list(iter_exceeded(files=files, size=size, count_folders=lambda: folders))


def test_hosts_are_named_with_the_limit_that_is_exceeded() -> None:
    assert exceeded(files=15_000, size=500 * 10**6) == []
    assert exceeded(files=36_224, size=118 * 10**6) == [
        "Cloudflare Pages without a paid plan (20,000 files)",
        "Vercel (15,000 files)",
    ]
    everything = exceeded(files=780_000, size=32 * 10**8)
    assert [name.partition(" (")[0] for name in everything] == [host.name for host in HOSTS]
    assert everything[0] == "GitHub Pages (1,000 MB)"


def test_gitlab_counts_folders() -> None:
    assert exceeded(files=150_000, size=1, folders=50_000) == exceeded(files=150_000, size=1)
    assert exceeded(files=150_000, size=1, folders=50_001)[0] == "GitLab Pages (200,000 files and folders)"


@given(st.sets(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join)))
def test_folders_are_counted_once(paths: set[str]) -> None:
    expected = {str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"."}
    assert folders_above(paths) == expected
