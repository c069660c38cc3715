"""Opens a source: a git repository (bare or not), a worktree, or a bundle."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.errors import SourceError
from collector.importer.git import FILE_TRANSPORT, run, try_run

_BUNDLE_HINT = "name a git repository, or a bundle that contains a whole history"

_SHA_256 = b"\n@object-format=sha256\n"
"""The first bytes of a bundle (gitformat-bundle)."""
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/|[^/@]+@[^/:]+:")
"""`https://host/path`, which as a path loses its second slash, and `git@host:path`."""


@contextmanager
def open_source(source: Path) -> Iterator[Path]:
    """The git directory of a repository or of a bundle, which is unpacked while it is read.

    Raises:
        SourceError: there is nothing at `source`, or git cannot read it.
    """
    if source.is_dir():
        yield Path(run(source, "rev-parse", "--absolute-git-dir").decode().removesuffix("\n"))
    elif source.is_file():
        with tempfile.TemporaryDirectory(prefix="repo-info-") as folder:
            _unpack(source.resolve(), Path(folder))
            yield Path(folder)
    elif _REMOTE.match(str(source)):
        hint = "clone it first with `git clone --bare URL repo-info.git`, and name the clone"
        raise SourceError(f"{source}: is an address; only folders and files can be read", hint=hint)
    else:
        raise SourceError(f"{source}: not found", hint="name a git repository or a bundle of one")


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
        raise SourceError(f"{git_dir}: the repository has no commit", hint="name a repository that has a history")
    known = [ref for ref in ("refs/heads/main", "refs/heads/master") if ref in branches]
    wanted = branches if len(branches) == 1 else known
    if not wanted:
        hint = "make HEAD point at the branch to import"
        raise SourceError(f"{git_dir}: has {len(branches)} branches, and HEAD is none of them", hint=hint)
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
        raise SourceError(f"{bundle}: not a git bundle", hint=_BUNDLE_HINT)
    heads = [line.split(b" ", 1) for line in listed.stdout.splitlines()]
    wanted = ["+refs/heads/*:refs/heads/*"]
    if any(name == b"HEAD" for _, name in heads):
        wanted.append("+HEAD:refs/bundle/head")
    fetched = try_run(folder, "fetch", "--quiet", "--no-tags", str(bundle), *wanted, transport=FILE_TRANSPORT)
    if fetched.returncode:
        message = fetched.stderr.decode(errors="replace").strip().partition("\n")[0][:300]
        raise SourceError(f"{bundle}: git cannot read the bundle: {message}", hint=_BUNDLE_HINT)
    for commit, name in heads:
        if name == b"HEAD":
            run(folder, "update-ref", "--no-deref", "HEAD", commit.decode())
