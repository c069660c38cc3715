"""Sources are untrusted: nothing that they name is run, fetched or believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collector.archive.export import ClassicExporter
from collector.archive.store import Archive
from collector.errors import SourceError
from collector.model.references import parse_repository
from tests.importer.conftest import Import
from tests.support.histories import History, git, page
from tests.support.pages import missing_page

TOOL = parse_repository("tool")
ONE = page("tool", "1")


def test_nothing_that_a_source_names_is_run(
    grown: History, take: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor", "core.pager", "pager.log", "pager.cat-file", "gpg.program", "core.sshCommand", "core.editor",
        "diff.external", "core.alternateRefsCommand", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
    ):  # fmt: skip
        git(grown.path, "config", name, str(trap))
    for name, value in [
        ("log.showSignature", "true"), ("log.follow", "true"), ("color.ui", "always"), ("log.diffMerges", "off"),
        ("remote.origin.url", str(tmp_path)), ("remote.origin.promisor", "true"),
        ("extensions.partialClone", "origin"), ("diff.renames", "copies"),
    ]:  # fmt: skip
        git(grown.path, "config", name, value)
    signed = git(grown.path, "cat-file", "commit", "main").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1
    )
    commit = git(grown.path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=signed.encode() + b"\n")
    git(grown.path, "update-ref", "refs/heads/main", commit)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (grown.path / "hooks").mkdir(exist_ok=True)
        (grown.path / "hooks" / hook).symlink_to(trap)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    assert take(grown.path).versions == 16
    assert not sprung.exists()


@pytest.mark.parametrize(
    "config",
    ["[include]\n\tpath = pipe\n", '[includeIf "gitdir:/**"]\n\tpath = pipe\n', "[", "[mailmap]\n\tfile = pipe\n"],
)
def test_the_git_configuration_of_a_source_is_ignored(
    grown: History, take: Import, tmp_path: Path, config: str
) -> None:
    """Opening the pipe would wait for ever."""
    tip = grown.tip
    os.mkfifo(grown.path / "pipe")
    (grown.path / "config").write_text(config.replace("pipe", str(grown.path / "pipe")))
    (grown.path / "info").mkdir(exist_ok=True)
    (grown.path / "info" / "grafts").write_text(f"{tip}\n")  # a history of one commit
    assert take(grown.path).versions == 16


def test_a_partial_clone_fetches_nothing(grown: History, take: Import, tmp_path: Path) -> None:
    git(grown.path, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{grown.path}", "partial")
    with pytest.raises(SourceError, match=r"is missing|cannot be read"):
        take(tmp_path / "partial")
    assert git(tmp_path / "partial", "cat-file", "--batch-check", "--batch-all-objects").count(" blob ") == 0


def test_objects_are_what_their_ids_say(history: History, take: Import, tmp_path: Path) -> None:
    """A replacement would give other bytes under the same id."""
    history.commit({ONE: missing_page("tool", "1"), page("tool", "2"): "other"})
    git(history.path, "replace", *(git(history.path, "rev-parse", f"main:{page('tool', tag)}") for tag in "12"))
    take(history.path)
    exporter = ClassicExporter(Archive(tmp_path / "archive").load(TOOL))
    assert dict(exporter.iter_pages())["1"] == missing_page("tool", "1").encode()
