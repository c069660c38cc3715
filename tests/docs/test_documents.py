"""The documents match the project: targets, links, pins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.documents import DOCUMENTS, iter_commands, make_targets


def test_every_make_target_that_is_named_exists(root: Path) -> None:
    calls = list(iter_commands(root, "make"))
    unknown = [
        (document, word)
        for document, words in calls
        for word in words
        if "=" not in word and word not in make_targets(root)
    ]
    assert not unknown
    assert {"demo", "test", "check"} <= {word for _, words in calls for word in words}


def test_every_make_target_has_its_line_in_the_help(root: Path) -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(phony.split()) == make_targets(root)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(root: Path, document: str) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", (root / document).read_text(encoding="utf-8"))
    assert not [target for target in targets if not (root / document).parent.joinpath(target).exists()]


def test_actions_are_pinned_by_commit_with_their_version_beside(root: Path) -> None:
    used = [
        line
        for workflow in sorted((root / ".github" / "workflows").glob("*.yml"))
        for line in workflow.read_text(encoding="utf-8").splitlines()
        if re.search(r"\buses:", line)
    ]
    assert used
    assert not [line for line in used if not re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)]


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_files_that_are_named_exist(root: Path, document: str) -> None:
    named = re.findall(r"`([\w.-]+/[\w./-]+|\w+\.(?:py|md|toml|yml))`", (root / document).read_text(encoding="utf-8"))
    given = {"repo-info.toml", "../shared/data", "archive/", "screenshots/"}
    assert [name for name in named if name not in given and not _exists(root, name)] == []


def _exists(root: Path, name: str) -> bool:
    """Whether a file is in the checkout; ARCHITECTURE.md names those of the package from there."""
    return (root / name).exists() or (root / "collector" / name).exists()


def test_the_pages_of_the_guide_are_in_the_menu(root: Path) -> None:
    menu = re.findall(r"^ +- [^:]+: ([\w-]+)\.md$", (root / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(menu) == sorted({path.stem for path in (root / "site_src").glob("*.md")} | {"index"})
