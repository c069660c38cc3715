"""The home page: all images, and the latest releases."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from collector.model.times import Time
from collector.pages.documents import Document
from collector.pages.examples import Example, best_example, example_of
from collector.pages.kinds.kind import Kind, PublishedFile, View
from collector.pages.left_out import LeftOut, render_left_out
from collector.pages.markdown_templates import PageContext
from collector.pages.release_rows import ImageReleaseRow
from collector.pages.repository_context import RepositoryContext

_MAX_RELEASES = 30


class ImageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One image on the home page."""

    image: str
    address: str
    tags: int
    gone: int
    updated: Time


class HomeView(View, frozen=True, kw_only=True, tag="home"):
    """All images, and the latest releases."""

    images: tuple[ImageRow, ...]
    changes: tuple[ImageReleaseRow, ...]
    """The latest releases, newest first."""
    tags: int
    digests: int
    first_seen: Time | None
    updated: Time | None
    known_until: Time | None = None
    """When a tag was last observed."""
    example: Example | None = None
    """A tag to try the look-ups with; null in an edition."""
    left_out: LeftOut | None = None
    """The pages that the site leaves out to stay within its limits; null if it leaves out none."""


class HomeContext(PageContext, frozen=True, kw_only=True):
    """What the template receives beside its view."""

    editions: tuple[str, ...] = ()
    """The editions to which the page links."""

    @property
    def key(self) -> tuple[object, ...]:
        return *super().key, self.editions


class HomeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The data of one repository for the home page."""

    row: ImageRow
    first_seen: Time
    changes: tuple[ImageReleaseRow, ...]
    digests: int
    """The number of its digests."""
    known_until: Time
    example: Example | None = None


class HomeKind(Kind):
    """The home page of a site or of an edition, made from the summaries of all repositories."""

    name = "home"
    views = (HomeView,)
    files = (
        PublishedFile("/api/v1/index.json", "home", "The home page: all images, and the latest changes.", "HomeView"),
    )
    filters = {"left_out": render_left_out}  # noqa: RUF012

    def summary(self, context: RepositoryContext, digests: int) -> HomeSummary:
        """The summary of a repository. `digests`: the number of its digests."""
        return HomeSummary(
            row=ImageRow(
                image=context.image,
                address=context.address,
                tags=len(context.live_tags),
                gone=len(context.gone_tags),
                updated=context.updated,
            ),
            first_seen=context.first_seen,
            changes=context.latest_releases(_MAX_RELEASES),
            digests=digests,
            known_until=context.histories.holdings.known_until,
            example=None if context.edition else example_of(context),
        )

    def page(
        self, summaries: Sequence[HomeSummary], editions: tuple[str, ...] = (), left_out: LeftOut | None = None
    ) -> Document:
        """The home page of the current site, which links to these editions."""
        view = msgspec.structs.replace(_home_view(summaries, ""), left_out=left_out)
        about = f"What {len(view.images)} container images contained, and when: search by name or digest."
        return self.document(view, "Container image history", about, view.updated, HomeContext(editions=editions))

    def edition_page(self, summaries: Sequence[HomeSummary], edition: str) -> Document:
        """The home page of an edition."""
        view = _home_view(summaries, f"{edition}/")
        about = f"What {len(view.images)} container images contained at the end of {edition}."
        return self.document(view, "Container image history", about, view.updated, HomeContext(edition=edition))


def _home_view(summaries: Sequence[HomeSummary], address: str) -> HomeView:
    found = sorted(summaries, key=lambda one: one.row.image)
    changes = sorted(
        (row for one in found for row in one.changes), key=lambda row: (row.since, row.image), reverse=True
    )
    return HomeView(
        address=address,
        images=tuple(one.row for one in found),
        changes=tuple(changes[:_MAX_RELEASES]),
        tags=sum(one.row.tags + one.row.gone for one in found),
        digests=sum(one.digests for one in found),
        first_seen=min((one.first_seen for one in found), default=None),
        updated=max((one.row.updated for one in found), default=None),
        known_until=max((one.known_until for one in found), default=None),
        example=best_example(one.example for one in found),
    )


HOME = HomeKind()
