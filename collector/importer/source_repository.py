"""Opens a source: a git repository (bare or not), a worktree, or a bundle.

Each becomes a git directory of ours: a bundle is unpacked into it, a repository's objects and refs are linked from it.
What else a repository has, as configuration, hooks and grafts, git never sees.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.errors import SourceError, naming
from collector.importer.git import FILE_TRANSPORT, run, try_run

_HINT = "name a git repository or a bundle of one"
_BUNDLE_HINT = "name a git repository, or a bundle that contains a whole history"

_SHA_256 = b"\n@object-format=sha256\n"
"""The first bytes of a bundle (gitformat-bundle)."""
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/|[^/@]+@[^/:]+:")
"""`https://host/path`, which as a path loses its second slash, and `git@host:path`."""
_CONFIG = "[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = {}\n"
_MAX_POINTER = 4096
"""Bytes of HEAD, `.git` or `commondir`: each has one line, with a name or a path."""


@contextmanager
def open_source(source: Path) -> Iterator[Path]:
    """A git directory with the objects and refs of a source, while it is read. Errors name the source.

    Raises:
        SourceError: there is nothing at `source`, or git cannot read it.
    """
    with tempfile.TemporaryDirectory(prefix="repo-info-", ignore_cleanup_errors=True) as folder:
        try:
            with naming(folder):
                _open(source, Path(folder))
            yield Path(folder)
        except SourceError as error:
            raise SourceError(f"{source}: {error}", hint=error.hint) from None


def _open(source: Path, folder: Path) -> None:
    if source.is_dir():
        _link(_git_dir(source.resolve()), folder)
    elif source.is_file():
        _unpack(source.resolve(), folder)
    elif _REMOTE.match(str(source)):
        hint = "clone it first with `git clone --bare URL repo-info.git`, and name the clone"
        raise SourceError("is an address; only folders and files can be read", hint=hint)
    else:
        raise SourceError("not found", hint=_HINT)


def _git_dir(source: Path) -> Path:
    """The repository itself, or what `.git` is or names in its working tree (gitrepository-layout)."""
    beside = source / ".git"
    git_dir = source / _read_pointer(beside).removeprefix("gitdir: ") if beside.is_file() else beside
    git_dir = git_dir if git_dir.is_dir() else source
    if (git_dir / "HEAD").is_file() and (_common_dir(git_dir) / "objects").is_dir():
        return git_dir
    raise SourceError("not a git repository", hint=_HINT)


def _common_dir(git_dir: Path) -> Path:
    """Where the objects and refs are: a worktree's are those of its repository."""
    return git_dir / _read_pointer(git_dir / "commondir") if (git_dir / "commondir").is_file() else git_dir


def _read_pointer(path: Path) -> str:
    with path.open("rb") as file:
        return os.fsdecode(file.read(_MAX_POINTER).partition(b"\n")[0])


def _link(git_dir: Path, folder: Path) -> None:
    """Make a git directory that leads to the objects and refs of another one."""
    common = _common_dir(git_dir)
    (folder / "config").write_text(_CONFIG.format(_object_format(folder, common / "config")))
    (folder / "HEAD").write_bytes(os.fsencode(_read_pointer(git_dir / "HEAD")) + b"\n")
    for name in ("objects", "refs"):
        (folder / name).symlink_to(common / name)
    for name in ("packed-refs", "shallow"):
        if (common / name).is_file():
            (folder / name).symlink_to(common / name)


def _object_format(folder: Path, config: Path) -> str:
    """The one setting that is taken from a repository; git, in our empty folder, reads its file as text."""
    if not config.is_file():
        return "sha1"
    wanted = ("config", "--file", str(config), "--no-includes", "--get", "extensions.objectFormat")
    return "sha256" if try_run(folder, *wanted).stdout.strip().lower() == b"sha256" else "sha1"


def main_branch(git_dir: Path) -> str:
    """The last commit to import: that of HEAD if it exists, else of the only branch, else of `main` or `master`.

    Raises:
        SourceError: there is no commit, or the branch is ambiguous.
    """
    branches = run(git_dir, "for-each-ref", "--format=%(refname)", "refs/heads").decode(errors="replace").split()
    head = try_run(git_dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head.returncode == 0:
        return head.stdout.decode().strip()
    if not branches:
        raise SourceError("the repository has no commit", hint="name a repository that has a history")
    known = [ref for ref in ("refs/heads/main", "refs/heads/master") if ref in branches]
    wanted = branches if len(branches) == 1 else known
    if not wanted:
        hint = "make HEAD point at the branch to import"
        raise SourceError(f"has {len(branches)} branches, and HEAD is none of them", hint=hint)
    return run(git_dir, "rev-parse", "--verify", "--end-of-options", f"{wanted[0]}^{{commit}}").decode().strip()


def is_shallow(git_dir: Path) -> bool:
    """Whether the clone lacks the oldest part of the history."""
    return run(git_dir, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _unpack(bundle: Path, folder: Path) -> None:
    """Fetch a bundle's branches into a new repository, with the bundle's HEAD if it has one."""
    with bundle.open("rb") as file:
        hashes = "sha256" if _SHA_256 in file.read(1024).partition(b"\n\n")[0] else "sha1"
    run(folder, "init", "--quiet", "--bare", "--initial-branch=main", "--template=", f"--object-format={hashes}")
    listed = try_run(folder, "bundle", "list-heads", str(bundle))
    if listed.returncode:
        raise SourceError("not a git bundle", hint=_BUNDLE_HINT)
    heads = [line.split(b" ", 1) for line in listed.stdout.splitlines()]
    wanted = ["+refs/heads/*:refs/heads/*"]
    if any(name == b"HEAD" for _, name in heads):
        wanted.append("+HEAD:refs/bundle/head")
    fetched = try_run(folder, "fetch", "--quiet", "--no-tags", str(bundle), *wanted, transport=FILE_TRANSPORT)
    if fetched.returncode:
        message = fetched.stderr.decode(errors="replace").strip().partition("\n")[0][:300]
        raise SourceError(f"git cannot read the bundle: {message}", hint=_BUNDLE_HINT)
    for commit, name in heads:
        if name == b"HEAD":
            run(folder, "update-ref", "--no-deref", "HEAD", commit.decode())
