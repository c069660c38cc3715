"""The kinds of pages, one module each. A new kind needs a module, a template, and an entry in this list."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from collector.pages.documents import Item
from collector.pages.kinds.history import HISTORY
from collector.pages.kinds.home import HOME
from collector.pages.kinds.image import IMAGE
from collector.pages.kinds.kind import Kind
from collector.pages.kinds.package import PACKAGE
from collector.pages.kinds.package_list import PACKAGE_LIST
from collector.pages.kinds.platform import PLATFORM
from collector.pages.kinds.tag import TAG
from collector.pages.markdown_templates import load_template
from collector.pages.repository_context import RepositoryContext

KINDS: tuple[Kind, ...] = (HOME, IMAGE, TAG, HISTORY, PLATFORM, PACKAGE_LIST, PACKAGE)


def load_templates() -> None:
    """Compile the templates of all kinds, so that forked processes have them already."""
    for kind in KINDS:
        load_template(kind.name, kind.filters)


def iter_repository_items(context: RepositoryContext) -> Iterator[Item]:
    """All pages of a repository, with their other files. An edition has no pages for tags that were gone by then."""
    for kind in KINDS:
        yield from kind.image_items(context)
    for tag in context.live_tags if context.edition else context.histories.changes:
        rank = context.rank(tag)
        for kind in KINDS:
            for item in kind.tag_items(context, tag):
                yield msgspec.structs.replace(item, rank=rank) if rank else item
