"""The look-up of versions of a published site."""

from __future__ import annotations

from collector.lookup.found import FoundVersion
from collector.lookup.version_uses import VersionQuery, first_versions
from collector.pages.version_uses import FOLDER, VersionsFile
from collector.published.site_files import SiteFiles


def find_versions(files: SiteFiles, digits: int, query: VersionQuery) -> tuple[FoundVersion, ...]:
    """The tags that are, or were, a version, the plainest names first.

    Args:
        files: of the site.
        digits: the number of hex digits that name a file; 0: there is none.
        query: the version.

    Raises:
        RegistryError: the site does not answer, or its file is malformed.
    """
    if not digits:
        return ()
    uses = files.need(files.hashed_path(FOLDER, query.key, digits), VersionsFile).get(query.key, ())
    return first_versions(
        query,
        (
            FoundVersion(
                image=use.image,
                version=use.version,
                variable=use.variable,
                tags=tuple(use.tags.split()),
                count=use.ever,
                since=use.since,
                until=use.until,
            )
            for use in uses
        ),
    )
