"""All errors that repo-info raises on purpose.

    RepoInfoError                a problem outside the program; the command line exits with 1
    ├── UsageError               wrong use: an invalid argument, reference, digest or date; exits with 2
    ├── InvalidValue             untrusted text is invalid
    ├── ArchiveError             the archive on disk cannot be used
    │   └── NewerArchive         its format is newer than this program
    ├── SourceError              the git repository or bundle cannot be read
    ├── NotFound                 nothing in the archive answers the question
    ├── RegistryError            a registry, or Docker Hub, did not return the requested content
    │   ├── NotFoundInRegistry   it has no such repository, manifest or blob
    │   ├── AccessDenied         it requires credentials, or refuses the given ones
    │   ├── PullLimitReached     the limit of pulls is used up
    │   ├── Overloaded           it asks for fewer requests, or fails temporarily
    │   ├── Unreachable          no connection, no trusted certificate, or no answer in time
    │   └── UntrustedAnswer      the answer is too large, or malformed
    │       └── WrongDigest      its bytes do not have the requested digest
    └── BuildError               the site cannot be built

Low layers raise; only the command line prints and exits. A message is one line: what is wrong, and where. `hint` says
what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class RepoInfoError(Exception):
    """The base of all errors raised on purpose."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(RepoInfoError):
    """Wrong use: an argument, a reference, a digest, a date or a configuration is invalid."""


class InvalidValue(RepoInfoError):
    """Untrusted text is invalid."""


class ArchiveError(RepoInfoError):
    """The archive on disk cannot be used."""


class NewerArchive(ArchiveError):
    """The format of the archive is newer than this program."""


class SourceError(RepoInfoError):
    """The git repository or bundle cannot be read."""


class NotFound(RepoInfoError):
    """Nothing in the archive answers the question."""


class RegistryError(RepoInfoError):
    """A registry, or Docker Hub, did not return the requested content."""


class NotFoundInRegistry(RegistryError):
    """The registry has no such repository, manifest or blob.

    `code` is the registry's own: `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`. It is empty if the answer had none: a HEAD has
    no body, and a proxy's page of HTML is no answer of the registry.
    """

    def __init__(self, message: str, *, code: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


class AccessDenied(RegistryError):
    """The registry wants credentials, or refuses those that it got."""


class _ComeBackLater(RegistryError):
    def __init__(self, message: str, *, until: str | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.until = until
        """When to try again (RFC 3339, UTC); None if the registry does not give it."""


class PullLimitReached(_ComeBackLater):
    """The registry's limit of pulls is used up. Only waiting helps, for hours."""


class Overloaded(_ComeBackLater):
    """The registry asks for fewer requests, or fails for the moment, and did so again at every attempt."""


class Unreachable(RegistryError):
    """No connection, no trusted certificate, or no answer in time."""


class UntrustedAnswer(RegistryError):
    """The answer is too large, or malformed."""


class WrongDigest(UntrustedAnswer):
    """The bytes of an answer have another digest than what was asked for."""


class BuildError(RepoInfoError):
    """The site cannot be built."""


@contextmanager
def naming(path: Path | str) -> Iterator[None]:
    """Add the path to an error of the system that has none: a write to a full disk, a sync, or a lock."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
