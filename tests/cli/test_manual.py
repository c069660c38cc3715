"""`site_src/command-line.md` matches the program: its examples are run, and its keys are compared with the JSON."""

from __future__ import annotations

import re
import shlex
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from collector.archive.tree import TreeReport
from collector.archive.upgrade import UpgradeReport
from collector.cli import main
from collector.cli.description_sources import DescribeReport, PushReport
from collector.cli.export import TablesReport
from collector.cli.feed import FeedLine
from collector.cli.pages import PagesReport
from collector.cli.shards import Assignment
from collector.cli.verify import Verdict
from collector.collect.report import CollectReport
from collector.describe.link_check import LinkReport
from collector.diff.changes import Reason
from collector.importer.archive_import import ImportReport
from collector.lookup.build_changes import FileChanges
from collector.lookup.found import Found
from collector.lookup.resolve import Resolved
from collector.lookup.tag_history import TagHistory
from collector.lookup.tag_packages import Licences, TagPackages
from collector.pages.reason_text import ReasonText
from collector.publish.new_files import InitReport
from collector.publish.site_changes import SiteReport
from tests.cli.conftest import Run
from tests.support.package_archives import write_package_archive
from tests.support.registry import push_index, raw_image, running_registry

COUNTS_MOVE = ("pages", "build", "merge")
"""Other tests check the numbers of files; here only the words count."""

SCHEMAS: dict[str, type[msgspec.Struct] | types.UnionType] = {
    "init": InitReport,
    "find": Found,
    "resolve": Resolved,
    "packages": TagPackages,
    "licences": Licences,
    "history": TagHistory,
    "verify": Verdict,
    "upgrade": UpgradeReport,
    "import": ImportReport,
    "collect": CollectReport,
    "describe": DescribeReport | LinkReport | PushReport,
    "export": TreeReport | TablesReport,
    "pages": PagesReport,
    "build": SiteReport,
    "shards": Assignment,
    "why": FileChanges,
    "feed": FeedLine,
    "merge": SiteReport,
}


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    """The manual's sections by heading."""
    text = (root / "site_src/command-line.md").read_text(encoding="utf-8")
    _, *parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture
def workplace(in_folder: Path, root: Path) -> Path:
    """A folder with the sample, and a definition file with its parts."""
    (in_folder / "examples").symlink_to(root / "examples")
    write_package_archive(in_folder / "archive")
    (in_folder / "read.json").write_text('{"seen": {"docker.io/library/app": "2025-10-01T12:00:00Z"}}')
    for name in ("library", "docs"):
        (in_folder / name).symlink_to(root / "tests" / "describe" / "fixtures" / name)
    return in_folder


def test_every_verb_has_its_section(sections: dict[str, str]) -> None:
    assert sorted(sections.keys() - {"What all verbs have in common"}) == sorted(main.commands)


def examples_in(section: str) -> Iterator[tuple[list[str], str]]:
    """Arguments and output of each example."""
    for block in re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
        for line, output in re.findall(r"^\$ repo-info (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield shlex.split(line), output


def check(run: Run, verb: str, section: str) -> None:
    examples = list(examples_in(section))
    assert examples
    for arguments, output in examples:
        assert arguments[0] == verb
        shown = run(*arguments).stdout, output
        told, written = (re.sub(r"[\d,]+", "0", text) for text in shown) if verb in COUNTS_MOVE else shown
        assert told == written


@pytest.mark.parametrize(
    "verb", [verb for verb in main.commands if verb not in ("import", "collect", "serve", "demo", "merge")]
)
def test_the_examples_give_what_is_shown(run: Run, sections: dict[str, str], workplace: Path, verb: str) -> None:
    check(run, verb, sections[verb])


def test_the_example_of_a_merge_gives_what_is_shown(run: Run, sections: dict[str, str], workplace: Path) -> None:
    for number in (1, 2):
        run("build", "--archive", "examples/archive", "--site", f"part-{number}", "--shard", f"{number}/2")
    check(run, "merge", sections["merge"])


def test_the_example_of_an_import_gives_what_is_shown(
    run: Run, sections: dict[str, str], workplace: Path, bundle: Path
) -> None:
    (workplace / bundle.name).symlink_to(bundle)
    check(run, "import", sections["import"])


def test_the_example_of_a_collection_gives_what_is_shown(run: Run, sections: dict[str, str], in_folder: Path) -> None:
    with running_registry(in_folder / "registry") as registry:
        amd64, arm64 = raw_image(), raw_image(architecture="arm64", variant="v8")
        for tag in ("1.0", "1", "latest"):
            push_index(registry, "team/app", tag, [amd64, arm64])
        check(run, "collect", sections["collect"].replace("localhost:5000", registry.address))


@pytest.mark.parametrize("verb", ["serve", "demo"])
def test_the_others_name_options_that_there_are(sections: dict[str, str], verb: str) -> None:
    (line,) = re.findall(r"^repo-info (.*)$", sections[verb], re.MULTILINE)
    words = shlex.split(line)
    options = {option for parameter in main.commands[verb].params for option in parameter.opts}
    assert words[0] == verb
    assert {word for word in words if word.startswith("-")} <= options


def keys_of(kind: Any) -> set[str]:
    """Every key of a value's JSON, at any depth."""
    if isinstance(kind, types.UnionType) or get_args(kind):
        return set().union(*(keys_of(one) for one in get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        # Reasons are printed in words.
        fields = msgspec.structs.fields(ReasonText if kind is Reason else kind)
        return {field.encode_name for field in fields}.union(*(keys_of(field.type) for field in fields))
    return set()


@pytest.mark.parametrize("verb", SCHEMAS)
def test_every_key_of_the_json_is_documented_and_no_other(sections: dict[str, str], verb: str) -> None:
    (paragraph,) = re.findall(r"^JSON: (.*?)(?:\n\n|\Z)", sections[verb], re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`(\w+)`", paragraph))
    keys = keys_of(SCHEMAS[verb])
    assert keys
    assert keys <= named
    values = {"null", "full", "index", "manifest", "config", "layer", "statement", "artifact", "missing"}
    assert named - keys <= values


def test_every_verb_with_json_documents_it(sections: dict[str, str]) -> None:
    having = {name for name, command in main.commands.items() if any("--json" in one.opts for one in command.params)}
    assert having == {*SCHEMAS, "diff"}
    assert {name for name, section in sections.items() if "\nJSON: " in section} == having
