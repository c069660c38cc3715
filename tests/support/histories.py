"""Small git repositories, grown with real git from folders of files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

DAY = 86400
START = 1_480_000_000
"""2016-11-24T15:06:40Z, the time of the first commit of a history."""

Files = Mapping[str, bytes | str | None]
"""Path → new content; None deletes the file."""


def git(folder: Path, *arguments: str, stdin: bytes | None = None) -> str:
    """Run git in a folder, without the user's configuration, and return its output."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    variables |= {
        f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, input=stdin, env=variables).stdout.decode().strip()


class History:
    """A bare repository that grows commit by commit; its branch is `main`."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True)
        git(path, "init", "--quiet", "--bare", "--initial-branch=main")
        self.path = path
        self._clock = START - DAY
        self._has_commit = False

    def commit(self, files: Files, *, at: int | None = None, parents: str = "", mode: str = "100644") -> None:
        """Add a commit to the branch, a day after the last one.

        Args:
            at: its Unix time, instead of a day later.
            parents: lines of fast-import that name its parents, instead of the last commit of the branch.
            mode: the mode of its files in git.
        """
        self._clock = self._clock + DAY if at is None else at
        lines = [b"commit refs/heads/main", f"committer Test <test@example.org> {self._clock} +0000".encode()]
        lines += [b"data 4", b"test", *(line.encode() for line in parents.splitlines())]
        for path, content in files.items():
            name = _quoted(path)
            if content is None:
                lines.append(b"D " + name)
            else:
                raw = content.encode() if isinstance(content, str) else content
                lines += [f"M {mode} inline ".encode() + name, b"data %d" % len(raw), raw]
        first = b"from refs/heads/main^0\n" if self._has_commit and not parents else b""
        stream = b"\n".join(lines[:4]) + b"\n" + first + b"\n".join(lines[4:]) + b"\n"
        git(self.path, "fast-import", "--quiet", "--force", stdin=stream)
        self._has_commit = True

    @property
    def tip(self) -> str:
        """The id of the last commit."""
        return git(self.path, "rev-parse", "refs/heads/main")

    def bundle(self, path: Path, *revisions: str) -> Path:
        git(self.path, "bundle", "create", "--quiet", str(path), *(revisions or ("main",)))
        return path


def page(image: str, tag: str) -> str:
    """The address of a page in a repo-info archive."""
    return f"repos/{image}/remote/{tag}.md"


def _quoted(path: str) -> bytes:
    """A path quoted for fast-import; it may contain any characters."""
    raw = path.encode("utf-8", "surrogateescape")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
