"""The guide's page on publishing: its commands send only what changed, to a real server of S3's protocol."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publish.object_store import ObjectStore, running_store
from tests.support.folders import read_folder

MARK = ".repo-info-site"


@pytest.fixture(scope="module")
def recipes(root: Path) -> list[str]:
    """The shell of the page."""
    return re.findall(r"^```sh\n(.*?)^```$", (root / "site_src/publishing.md").read_text(), re.MULTILINE | re.DOTALL)


class Workplace:
    """A folder with the sample's archive, as of its end or before its last month."""

    def __init__(self, folder: Path, sample: Path, store: ObjectStore) -> None:
        self.folder = folder
        self.store = store
        self._sample = sample

    def set_archive(self, *, before_last_month: bool) -> None:
        shutil.rmtree(self.folder / "archive", ignore_errors=True)
        shutil.copytree(self._sample, self.folder / "archive")
        if before_last_month:
            for images in (self.folder / "archive").rglob("library/*"):
                max(images.glob("*.jsonl")).unlink()

    def run(self, script: str) -> str:
        variables = {**self.store.variables, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        done = subprocess.run(
            ["bash", "-euc", script], check=False, cwd=self.folder, env=variables,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    def site(self) -> dict[str, bytes]:
        files = read_folder(self.folder / "site")
        del files[MARK]
        return files

    def published(self) -> dict[str, bytes]:
        files = read_folder(self.store.bucket)
        del files["files.txt"]
        return files

    def lines(self, name: str) -> list[str]:
        return (self.folder / "changes" / name).read_text().splitlines()


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Workplace]:
    folder = tmp_path_factory.mktemp("publishing")
    with running_store(folder / "store") as store:
        yield Workplace(folder, root / "examples" / "archive", store)


def test_only_changed_files_are_sent(workplace: Workplace, recipes: list[str]) -> None:
    recipe = recipes[0]
    assert set(re.findall(r"(\w+)=", recipes[1])) == workplace.store.variables.keys() - {"RCLONE_CONFIG"}
    workplace.set_archive(before_last_month=True)
    assert "last.txt does not exist: everything is new\n" in workplace.run(recipe)
    first = workplace.site()
    assert workplace.published() == first
    assert workplace.store.requests()["CREATE OBJECT"] == {*first, "files.txt"}

    workplace.set_archive(before_last_month=False)
    workplace.run(recipe)
    second = workplace.site()
    assert workplace.published() == second
    changed = {path for path, content in second.items() if first.get(path) != content}
    assert len(changed) > 20
    assert len(changed) < len(second) / 2
    requests = workplace.store.requests()
    assert requests["CREATE OBJECT"] == {*changed, "files.txt"}
    assert not requests.keys() & {"LIST BUCKET", "COPY OBJECT", "DELETE"}
    assert set(workplace.lines("data.txt") + workplace.lines("pages.txt")) == changed
    assert {path for path in workplace.lines("data.txt") if path.endswith((".html", ".xml"))} == set()

    workplace.run(recipe)
    requests = workplace.store.requests()
    assert requests == {kind: {"files.txt"} for kind in ("HEAD OBJECT", "GET OBJECT", "CREATE OBJECT")}


def test_a_run_after_an_interruption_leaves_no_stale_file(workplace: Workplace, recipes: list[str]) -> None:
    """The archive is then what it was before, so no file of the site differs from the last complete list."""
    lines = recipes[0].splitlines()
    assert lines[-3].startswith("rclone copy ")
    workplace.set_archive(before_last_month=True)
    workplace.run(recipes[0])
    before = workplace.published()
    workplace.set_archive(before_last_month=False)
    workplace.run("\n".join(lines[:-2]))
    added = workplace.published().keys() - before.keys()
    assert added
    workplace.store.requests()
    workplace.set_archive(before_last_month=True)
    workplace.run(recipes[0])
    assert workplace.published() == before
    requests = workplace.store.requests()
    assert (requests["DELETE"], requests.get("LIST BUCKET")) == (added, None)


def test_each_machine_sends_its_own_pages(workplace: Workplace, recipes: list[str]) -> None:
    fetch, _, begin, *copies, remove, end = recipes[0].splitlines()
    (merge,) = [recipe for recipe in recipes if recipe.startswith("repo-info merge ")]
    workplace.set_archive(before_last_month=False)
    workplace.run("repo-info build --archive archive --site site")
    whole = workplace.site()
    workplace.run("for n in 1 2; do repo-info build --archive archive --site part-$n --shard $n/2; done")
    workplace.run("rm -r site .site.build")
    workplace.run(f"{fetch}\n{merge}\n{begin}")
    assert workplace.site().keys() < whole.keys()
    for copy in copies:
        for folder in ("site", "part-1", "part-2"):
            workplace.run(copy.replace("copy site ", f"copy {folder} "))
    workplace.run(f"{remove}\n{end}")
    assert workplace.published() == whole


def test_compressed_copies_follow_their_files(recipes: list[str], tmp_path: Path) -> None:
    (recipe,) = [recipe for recipe in recipes if recipe.startswith("cd /srv/images\n")]

    def compress() -> dict[str, bytes]:
        script = recipe.replace("/srv/images", str(tmp_path))
        subprocess.run(["bash", "-euc", script], check=True, stdin=subprocess.DEVNULL)
        return {path: gzip.decompress(content) for path, content in read_folder(tmp_path).items() if ".gz" in path}

    (tmp_path / "files.txt").write_text("repo-info-files 1\n0 1 a b/index.html\n0 1 e.json.gz\n")
    (tmp_path / "e.json.gz").write_bytes(gzip.compress(b"the site's own"))
    for path in ("a b/index.html", "c.json", "d.js", "picture.png"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(path)
        os.utime(tmp_path / path, (1, 1))
    own = {"e.json.gz": b"the site's own"}
    assert compress() == own | {"a b/index.html.gz": b"a b/index.html", "c.json.gz": b"c.json", "d.js.gz": b"d.js"}
    kept = (tmp_path / "a b" / "index.html.gz").stat().st_ino
    (tmp_path / "c.json").write_text("new")
    (tmp_path / "d.js").unlink()
    assert compress() == own | {"a b/index.html.gz": b"a b/index.html", "c.json.gz": b"new"}
    assert (tmp_path / "a b" / "index.html.gz").stat().st_ino == kept
