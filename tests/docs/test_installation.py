"""The wheel works where it is installed: the program, the sample, the man pages, the completion of a shell."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tomllib
from pathlib import Path
from urllib.request import urlopen

from collector import __version__
from tests.support.archives import docker_image, single
from tests.support.histories import START, History, page
from tests.support.pages import page_of


def run(prefix: Path, *command: str | Path, cwd: Path) -> str:
    """What a command prints, with the programs of the installation before all others."""
    env = os.environ | {"PATH": f"{prefix / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd, env=env).stdout


def test_the_program_is_that_of_the_wheel(prefix: Path, tmp_path: Path) -> None:
    assert run(prefix, "repo-info", "--version", cwd=tmp_path) == f"repo-info {__version__}\n"
    where = run(prefix, "python", "-c", "import collector; print(collector.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(prefix)


def test_the_demo_needs_no_checkout(prefix: Path, tmp_path: Path) -> None:
    run(prefix, "repo-info", "demo", "--no-serve", "--site", "site", cwd=tmp_path)
    assert (tmp_path / "site" / "repos" / "python" / "3.6-slim" / "index.html").is_file()


def test_the_man_pages_are_where_man_looks(prefix: Path, root: Path) -> None:
    installed = prefix / "share" / "man" / "man1"
    assert {page.name for page in installed.iterdir()} == {page.name for page in (root / "man").iterdir()}


def test_bash_completes_verbs_and_options(prefix: Path, root: Path, tmp_path: Path) -> None:
    guide = (root / "site_src" / "command-line.md").read_text(encoding="utf-8")
    setup = 'eval "$(_REPO_INFO_COMPLETE=bash_source repo-info)"'
    assert setup in guide
    script = f"""
        {setup}
        complete -p repo-info >&2
        COMP_WORDS=(repo-info hi) COMP_CWORD=1; _repo_info_completion repo-info; echo "${{COMPREPLY[@]}}"; COMPREPLY=()
        COMP_WORDS=(repo-info find --arch) COMP_CWORD=2; _repo_info_completion repo-info; echo "${{COMPREPLY[@]}}"
    """
    assert run(prefix, "bash", "-c", script, cwd=tmp_path).split() == ["history", "--archive"]


def readme_scripts(root: Path) -> list[str]:
    """The blocks of commands in README.md."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_first_commands_of_readme(prefix: Path, root: Path, tmp_path: Path) -> None:
    demo, test, install, init, archive = readme_scripts(root)
    # Their targets run in other tests, and are these.
    assert "repo-info demo" in run(prefix, "make", "-n", *demo.split()[1:], cwd=root)
    assert "pytest" in run(prefix, "make", "-n", *test.split()[1:], cwd=root)
    # PyPI is not asked: the wheel that is installed here has this name.
    assert re.findall(r"pipx install (\S+).*uvx (\S+)", install) == [("repo-info", "repo-info")]
    assert "Name: repo-info\n" in run(prefix, "python", "-m", "pip", "show", "repo-info", cwd=tmp_path)
    run(prefix, "bash", "-euc", init, cwd=tmp_path)
    settings = tomllib.loads((tmp_path / "images" / "repo-info.toml").read_text())
    assert [image["name"] for image in settings["images"]] == ["python", "alpine"]
    assert archive.startswith("git clone")


def test_the_commands_of_readme_run_as_they_stand(prefix: Path, root: Path, tmp_path: Path) -> None:
    history = History(tmp_path / "source.git")
    images = ("hello-world", "alpine")
    files = {page(name, "latest"): page_of(name, "latest", single(docker_image(name))) for name in images}
    history.commit(files, at=START)
    script, serve = readme_scripts(root)[-1].rsplit("\n", 2)[:2]
    # The only thing that is not as it stands: git gets the repository from here.
    here = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{tmp_path}/source.git.insteadOf"}
    here["GIT_CONFIG_VALUE_0"] = "https://github.com/docker-library/repo-info.git"
    env = os.environ | here | {"PATH": f"{prefix / 'bin'}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-euc", script], check=True, cwd=tmp_path, env=env, capture_output=True)
    assert (tmp_path / "site" / "repos" / "alpine" / "latest" / "index.html").is_file()
    with subprocess.Popen(serve.split(), cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
        with urlopen(f"{address}repos/hello-world/latest/") as answer:
            assert b"hello-world:latest" in answer.read()
        server.send_signal(signal.SIGINT)
