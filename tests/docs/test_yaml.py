"""Every YAML of the project and its guide passes a linter: workflows, Dependabot's settings, parts of mkdocs.yml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mkdocs.utils.yaml import yaml_load

from collector.site.mkdocs.plugin import RepoInfoConfig
from tests.support.linters import kubernetes, schema, zizmor

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "site_src").glob("*.md")), *sorted(ROOT.glob("*.md"))]
BLOCKS = [
    (f"{page.name}-{number}", text)
    for page in PAGES
    for number, text in enumerate(re.findall(r"^```ya?ml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL), 1)
]
OURS = {path.stem: path.read_text() for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
WORKFLOWS = OURS | {name: text for name, text in BLOCKS if "\njobs:" in text}
PIPELINES = {name: text for name, text in BLOCKS if "\n  script:" in text}
KUBERNETES = {name: text for name, text in BLOCKS if text.startswith("apiVersion:")}
SETTINGS = {name: text for name, text in BLOCKS if name not in WORKFLOWS | PIPELINES | KUBERNETES}

# The first version of each action that runs on Node 24, or without Node: GitHub's runners no longer start older ones.
FIRST_THAT_STARTS = {
    "actions/checkout": 5,
    "actions/download-artifact": 7,
    "actions/setup-python": 6,
    "actions/upload-artifact": 6,
    "example/repo-info": 0,
    "pypa/gh-action-pypi-publish": 1,
}


@pytest.fixture
def workflow(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / ".github" / "workflows" / "shown.yml"
    path.parent.mkdir(parents=True)
    path.write_text(request.param)
    return path


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS, indirect=True)
def test_workflows_are_valid_and_safe(workflow: Path) -> None:
    assert schema("github-workflows", workflow) == ""
    assert zizmor(workflow) == ""


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_workflows_use_actions_that_start(text: str) -> None:
    uses = re.findall(r"uses: (\S+)@[0-9a-f]{40} # v(\d+)", text)
    assert len(uses) == text.count("uses:")
    assert [use for use in uses if int(use[1]) < FIRST_THAT_STARTS[use[0]]] == []


@pytest.mark.parametrize("text", PIPELINES.values(), ids=PIPELINES)
def test_pipelines_are_valid(tmp_path: Path, text: str) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(text)
    assert schema("gitlab-ci", path) == ""


@pytest.mark.parametrize("text", KUBERNETES.values(), ids=KUBERNETES)
def test_resources_of_kubernetes_are_valid(text: str) -> None:
    resource = yaml_load(text)
    assert kubernetes(resource) == ""
    resource["spec"]["completionmode"] = resource["spec"].pop("completionMode")
    assert "completionmode" in kubernetes(resource)


def test_the_settings_of_dependabot_are_valid_and_safe() -> None:
    path = ROOT / ".github" / "dependabot.yml"
    assert schema("dependabot", path) == ""
    assert zizmor(path) == ""


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_parts_of_mkdocs_yml_name_settings_that_exist(text: str) -> None:
    [[(name, settings)]] = [entry.items() for entry in yaml_load(text)["plugins"]]
    assert name == "repo-info"
    config = RepoInfoConfig()
    config.load_dict(settings)
    assert config.validate() == ([], [])


def test_the_action_is_valid_and_safe() -> None:
    assert schema("github-actions", ROOT / "action.yml") == ""
    assert zizmor(ROOT / "action.yml") == ""


def test_the_settings_of_renovate_are_valid(tmp_path: Path) -> None:
    (text,) = re.findall(r"^```json\n(.*?)^```$", (ROOT / "site_src/pinning.md").read_text(), re.MULTILINE | re.DOTALL)
    path = tmp_path / "renovate.json"
    path.write_text(text)
    assert schema("renovate", path) == ""


def test_a_workflow_with_old_actions_is_reported(tmp_path: Path) -> None:
    path = tmp_path / ".github" / "workflows" / "old.yml"
    path.parent.mkdir(parents=True)
    path.write_text("on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: actions/checkout@v4}]}}\n")
    assert "unpinned-uses" in zizmor(path)
    path.write_text("on: push\njobs: {a: {runs_on: ubuntu-24.04}}\n")
    assert "runs_on" in schema("github-workflows", path)
