"""What whoever publishes a site decides of the files that the archive's pages come with."""

from __future__ import annotations

import msgspec


class SiteOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The same for every task of a build."""

    site_url: str = ""
    """The site's own address, with a slash at its end; empty: not known, and feeds have relative links."""
    badges: bool = False
    """Whether each tag that is there has badges: eight files a tag."""
    images: tuple[str, ...] = ()
    """Full names of all images, where the archive holds only some of them: addresses depend on which there are."""


DEFAULTS = SiteOptions()
