from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.theme import Theme

from collector.configuration import SiteTable
from collector.site.build import BuildOptions, build_site
from collector.site.destination import MARK
from collector.site.mkdocs.bare_scripts import bare_script
from collector.site.mkdocs.bare_styles import bare_style
from collector.site.mkdocs.config_file import config_file
from collector.site.mkdocs.plugin import RepoInfoPlugin
from collector.site.mkdocs.theme_files import skip_hidden_folders
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, write_archive


def test_mkdocs_build_gives_the_same_site(root: Path, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", python=[Seen(tag="3.6", state=alone(image()))])
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {config_file()}\n"
        f"docs_dir: {root / 'site_src'}\n"
        f"theme: {{custom_dir: {root / 'site_src' / 'overrides'}}}\n"
        "site_url: https://example.org/under/\n"
        "plugins:\n  - repo-info: {archive: archive, badges: true, markdown: true, editions: [2016-12-31]}\n"
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "--config-file",
            config,
            "--site-dir",
            tmp_path / "by-mkdocs",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "NO_MKDOCS_2_WARNING": "1"},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    options = BuildOptions(
        jobs=1, site=SiteTable(badges=True, markdown=True, editions=("2016-12-31",), url="https://example.org/under/")
    )
    build_site(archive, tmp_path / "by-us", options)
    by_mkdocs, by_us = (tree(tmp_path / name) for name in ("by-mkdocs", "by-us"))
    assert by_mkdocs.keys() == by_us.keys()
    assert [path for path in by_us if by_us[path] != by_mkdocs[path] and path != MARK] == []
    assert by_mkdocs.keys() >= {"repos/python/3.6/badge/changed.svg", "repos/python/3.6/index.md", "llms.txt"}


def tree(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("command", "policy"), [("build", True), ("serve", False)])
def test_the_live_reload_of_mkdocs_serve_is_let_through(
    tmp_path: Path, command: Literal["build", "serve"], policy: bool
) -> None:
    config = load_config(str(config_file()), site_dir=str(tmp_path))
    plugin = config.plugins["repo-info"]
    assert isinstance(plugin, RepoInfoPlugin)
    plugin.frame_only = True
    config.plugins.on_startup(command=command, dirty=False)
    build(config)
    assert ("Content-Security-Policy" in "".join(plugin.shell.pieces)) == policy


def refusal(config: Path, text: str) -> str:
    """The output of `mkdocs build` for a refused configuration."""
    config.write_text(text)
    (config.parent / "docs").mkdir()
    (config.parent / "docs" / "index.md").write_text("# Home\n")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", config],
        cwd=config.parent,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    [line] = [line for line in done.stderr.splitlines() if line]
    return line


def test_a_missing_archive_is_one_line(root: Path, tmp_path: Path) -> None:
    text = (
        f"INHERIT: {config_file()}\n"
        f"docs_dir: {root / 'site_src'}\n"
        f"theme: {{custom_dir: {root / 'site_src' / 'overrides'}}}\n"
        "plugins:\n  - repo-info: {archive: no-such}\n"
    )
    assert "no-such" in refusal(tmp_path / "mkdocs.yml", text)


@pytest.mark.parametrize("theme", ["material", "mkdocs", "readthedocs"])
def test_another_theme_is_one_line_that_names_the_way(tmp_path: Path, theme: str) -> None:
    text = f"site_name: X\nsite_url: https://x.example/\ntheme: {theme}\nplugins: [repo-info]\n"
    assert "does not use the site's templates: its own leave out kind" in refusal(tmp_path / "mkdocs.yml", text)


def test_addresses_without_folders_are_one_line(tmp_path: Path) -> None:
    text = "site_name: X\nuse_directory_urls: false\nplugins: [repo-info]\n"
    assert "use_directory_urls: false does not work" in refusal(tmp_path / "mkdocs.yml", text)


def test_style_sheets_are_published_without_comments_and_indentation() -> None:
    style = '/* a\n "b" */\na::before,\nb/* d */ e {\n  content: "/* \\"";\n  /* h */ margin: 0 /* i */1px;\n}\n'
    assert bare_style(style) == '\na::before,b e{content: "/* \\"";margin: 0 1px;}'


def test_scripts_are_published_without_comments_and_indentation() -> None:
    script = "// Why.\n\nexport function f(a) {\n  // How.\n  return `https://x/${a}`; // what\n}\n"
    assert bare_script(script) == "export function f(a) {\nreturn `https://x/${a}`; // what\n}\n"


@pytest.mark.parametrize("script", ["const a = `\n  // text\n`;\n", 'const a = "b\\\n  // c";\n'])
def test_a_script_with_a_text_of_several_lines_stays_as_it_is(script: str) -> None:
    assert bare_script(script) == script


def test_the_theme_lists_all_but_its_hidden_folders(tmp_path: Path) -> None:
    for path in ("main.html", "partials/.hidden.html", "partials/icons/a.svg", ".icons/b.svg", "partials/.icons/c.svg"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    theme = Theme(name=None, custom_dir=str(tmp_path))
    every = theme.get_env().list_templates()
    skip_hidden_folders(theme)
    listed = theme.get_env().list_templates()
    assert set(every) - set(listed) == {".icons/b.svg", "partials/.icons/c.svg"}
    assert listed == [path for path in every if path in listed]
