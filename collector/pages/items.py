"""From views to the items of a site: a page, what is said of it in its head, and what lies beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from collector.model.times import Time
from collector.pages.badges import badge_assets
from collector.pages.documents import Document, Item, Lead, Past, key_of
from collector.pages.markdown import visible
from collector.pages.markdown_templates import Context, kind_of, render_view
from collector.pages.parts import split_image
from collector.pages.view_builder import ViewBuilder
from collector.pages.views import ImageView, LeadView, PlatformView, TagView, Twin, View


def image_documents(image: ImageView, context: Context, now: str = "") -> Iterator[Document]:
    """The page of an image, and where it has very many tags the further parts of their list."""
    for part in split_image(image):
        title = f"{image.image}: tags and their history{f', part {part.part}' if part.part > 1 else ''}"
        about = f"The {image.tags} tags of the container image {image.image}: what they point at, and every change."
        yield document_of(part, title, about, image.updated, context, now=now)


def tag_items(builder: ViewBuilder, context: Context, tag: str, *, badges: bool) -> Iterator[Item]:
    """The pages of a tag, of its history and of its platforms, and its badges where they are asked for."""
    view = builder.tag(tag)
    if badges and not view.gone:
        yield from badge_assets(view)
    newest = builder.newest_difference(tag)
    of_tag = msgspec.structs.replace(
        context,
        changes=builder.changes_on_tag(tag),
        newest=newest if builder.is_short(tag) else None,
        sizes=builder.sizes(tag),
    )
    yield tag_document(view, of_tag)
    name = f"{view.image}:{tag}"
    for history in builder.history(tag):
        title = f"History of {name}"
        if builder.is_short(tag):
            yield Lead(address=history.address, to=builder.told_at(tag), title=title, twin=_encode(history))
        else:
            about = f"Every state of {name} since {view.first_seen[:10]}, with what changed and why."
            is_newest = history.address == view.history
            yield document_of(history, title, about, view.since, Context(newest=newest if is_newest else None))
    titles = PlatformTitles(name)
    for platform in builder.platforms(tag):
        if isinstance(platform, LeadView):
            yield Lead(address=platform.address, to=platform.to, title=name, twin=_encode(platform))
        else:
            yield platform_document(platform, titles.next(platform), context)


def tag_document(view: TagView, context: Context, now: str = "") -> Document:
    """The page of a tag."""
    return document_of(view, f"{view.image}:{view.tag}", _about_tag(view), view.since, context, now=now)


def platform_document(view: PlatformView, title: str, context: Context, now: str = "") -> Document:
    """The page of one platform of a tag."""
    about = f"{title}: manifest {view.manifest}, steps and layers."
    return document_of(view, title, about, view.since, context, now=now)


class PlatformTitles:
    """Titles for the platforms of a tag, told apart where two have one name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._named: Counter[str] = Counter()

    def next(self, view: PlatformView) -> str:
        """`python:3.6 on linux/amd64`, and of the second of that name `python:3.6 on linux/amd64 (2)`."""
        self._named[view.platform] += 1
        which = self._named[view.platform]
        return f"{self._name} on {view.platform}{f' ({which})' if which > 1 else ''}"


def document_of(
    view: View,
    title: str,
    description: str,
    updated: Time | None,
    context: Context = Context(),  # noqa: B008 - frozen
    *,
    now: str = "",
) -> Document:
    """One page. What its Markdown is made from stands in its key: the view, as the twin has it, and all the rest.

    Args:
        now: of an edition's page, where it is told how it is now. Editions have no twins: what was is in the objects.
    """
    twin = _encode(view)
    past = Past(edition=context.edition, now=now) if context.edition else None
    title = f"{title} ({context.edition})" if past else title
    return Document(
        address=view.address,
        title=title,
        description=visible(description),
        kind=kind_of(view),
        key=key_of(title, description, updated, twin, context.key, now),
        render=lambda: render_view(view, context),
        twin=b"" if past else twin,
        updated=updated,
        past=past,
    )


def _encode(view: Twin) -> bytes:
    return msgspec.json.encode(view)


def _about_tag(view: TagView) -> str:
    if view.gone and not view.digest:
        return f"{view.image}:{view.tag} was not there whenever it was looked for, since {view.first_seen[:10]}."
    if view.gone:
        return f"{view.image}:{view.tag} is gone since {view.since[:10]}; its last state and its history."
    return f"{view.image}:{view.tag} since {view.since[:10]}: {view.change.summary}. Its digests, and every change."
