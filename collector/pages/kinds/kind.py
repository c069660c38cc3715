"""The interface of a kind of page, which each module of this package implements once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

import msgspec

from collector.model.invisible import show_invisible
from collector.model.times import Time
from collector.pages.documents import Document, Item, Past, key_of
from collector.pages.left_out import Rank
from collector.pages.markdown_templates import PageContext, render_page
from collector.pages.repository_context import RepositoryContext

JSON = "application/json"


class View(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """The content of a page as plain values. Its JSON twin contains them, and its template formats them.

    Times are RFC 3339 in UTC, sizes are in bytes, digests are complete. The JSON schema of the twins is made from these
    types and published at `api/v1/schema.json`.
    """

    address: str
    """The address of the page, relative to the site's root."""


class PublishedFile(msgspec.Struct, frozen=True):
    """A kind of published file, as openapi.json lists it."""

    path: str
    name: str
    summary: str
    definition: str = ""
    """The type in schema.json, without `#/$defs/`. Bars separate several types. Empty for any object."""
    media_type: str = JSON


class Kind:
    """One kind of page: its views, its template `<name>.md.j2`, and the pages of a repository or of a tag."""

    name: ClassVar[str]
    """The page's body has the class `ri-<name>`."""
    views: ClassVar[tuple[type[View], ...]]
    """The types of its JSON twins."""
    files: ClassVar[tuple[PublishedFile, ...]] = ()
    """The JSON twins, as openapi.json lists them."""
    filters: ClassVar[Mapping[str, Callable[..., object]]] = {}
    """The filters of its template, in addition to those of all templates."""

    def image_items(self, context: RepositoryContext) -> Iterator[Item]:
        """The items of a whole repository."""
        yield from ()

    def tag_items(self, context: RepositoryContext, tag: str) -> Iterator[Item]:
        """The items of one tag."""
        yield from ()

    def document(
        self,
        view: View,
        title: str,
        description: str,
        updated: Time | None,
        context: PageContext = PageContext(),  # noqa: B008 - frozen
        *,
        current: str = "",
        rank: Rank = 0,
    ) -> Document:
        """One page. Its key covers all inputs of its Markdown: the view, as in the twin, and the context.

        Args:
            current: for a page of an edition, the address of the current page. Editions have no twins, because the
            objects of the current site contain every state.
            rank: the rank of the page among those that a site with limits leaves out.
        """
        twin = encode_twin(view)
        past = Past(edition=context.edition, now=current) if context.edition else None
        title = f"{title} ({context.edition})" if past else title
        return Document(
            address=view.address,
            title=title,
            description=show_invisible(description),
            kind=self.name,
            key=key_of(title, description, updated, twin, context.key, current),
            render=lambda: render_page(self.name, self.filters, view, context),
            twin=b"" if past else twin,
            updated=updated,
            past=past,
            rank=rank,
        )


def encode_twin(view: View) -> bytes:
    """The JSON twin of a page."""
    return msgspec.json.encode(view)
