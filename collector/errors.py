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


class RegistryError(RepoInfoError):
    """A registry, or Docker Hub, did not give what it was asked for."""


class NotFoundInRegistry(RegistryError):
    """There is no such thing in the registry.

    `code` is what the registry calls it: `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`; empty where it gave no reason that a
    registry gives (a HEAD has no body, and a proxy's page of HTML is no word of the registry's).
    """

    def __init__(self, message: str, *, code: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


class AccessDenied(RegistryError):
    """The registry wants credentials, or refuses the ones that were given."""


class PullLimitReached(RegistryError):
    """The registry's limit of pulls is used up: nothing but waiting helps, and that for hours."""

    def __init__(self, message: str, *, until: str | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.until = until
        """When to come back (RFC 3339, UTC); None where the registry does not say."""


class Overloaded(RegistryError):
    """The registry asks for fewer requests, or fails for the moment, and went on to."""

    def __init__(self, message: str, *, until: str | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.until = until
        """When to come back (RFC 3339, UTC); None where the registry does not say."""


class Unreachable(RegistryError):
    """No connection, no certificate to trust, or no answer in time."""


class UntrustedAnswer(RegistryError):
    """An answer that is too large, malformed, or not what its digest says."""


class BuildError(RepoInfoError):
    """The site cannot be built."""
