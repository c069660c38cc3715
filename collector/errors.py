"""Every error that repo-info raises on purpose.

    RepoInfoError                a problem in the world; the command line exits with 1
    ├── UsageError               wrong use: a bad argument, reference, digest or date; exits with 2
    ├── InvalidValue             untrusted text that is not what it should be
    ├── ArchiveError             the archive on disk cannot be used
    │   └── NewerArchive         its format version is newer than this program
    ├── SourceError              the git repository or bundle cannot be read
    ├── NotFound                 nothing in the archive answers the question
    └── BuildError               the site cannot be built

Low layers raise; only the command line prints and exits. A message is one line that says what is
wrong and where; `hint` says what to do.
"""

from __future__ import annotations


class RepoInfoError(Exception):
    """The root of all errors raised on purpose."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(RepoInfoError):
    """What was asked for cannot be asked for."""


class InvalidValue(RepoInfoError):
    """Untrusted text that is not what it should be."""


class ArchiveError(RepoInfoError):
    """The archive on disk cannot be used."""


class NewerArchive(ArchiveError):
    """The archive was written by a later version of repo-info."""


class SourceError(RepoInfoError):
    """The git repository or bundle cannot be read."""


class NotFound(RepoInfoError):
    """Nothing in the archive answers the question."""


class BuildError(RepoInfoError):
    """The site cannot be built."""
