"""Descriptions for the images of any publisher: tags from the archive, text from a folder of parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from collector.archive.holdings import Holdings
from collector.describe.descriptions import SECTIONS, Description, Section
from collector.describe.length_limit import MAX_READ, clean_markdown
from collector.describe.markdown_structure import parse
from collector.describe.markdown_templates import render
from collector.describe.parts import Parts, fill
from collector.describe.site import Site, check_url
from collector.describe.variants import render_variants
from collector.errors import NotFound
from collector.model.references import Repository, names_digest, parse_tag
from collector.pages.histories import Histories
from collector.pages.kinds.image import ImageView, image_view
from collector.pages.repository_context import RepositoryContext


class TagLink(msgspec.Struct, frozen=True, kw_only=True):
    """A tag and its page."""

    name: str
    url: str


class TagGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Tags that share an image."""

    tags: tuple[TagLink, ...]
    platforms: tuple[str, ...]
    size: int
    """Compressed bytes, for the first of the platforms."""
    since: str
    artifact: str
    """The kind of artifact, if the tags are not images."""


def describe_published(
    holdings: Holdings,
    site: Site,
    *,
    docs: Path | None = None,
    source_url: str = "",
    sections: Sequence[Section] = SECTIONS,
) -> Description:
    """The description of an image in the archive.

    Args:
        holdings: the facts of the image in the archive.
        site: the published site.
        docs: folder of the parts, which contains a folder with the last part of the image's name; None for no parts.
        source_url: the web address of the parts; the image's page if empty.
        sections: the sections of the description, in order.

    Raises:
        NotFound: the archive has no tags of the image.
        UsageError: the address of the parts is invalid, or the folder does not exist.
        InvalidValue: a part is invalid; the message names it and the line.
    """
    repository = holdings.repository
    if not holdings.tags:
        raise NotFound(f"{repository}: not in the archive", hint="collect it with repo-info collect")
    view = image_view(RepositoryContext(Histories(holdings), site.addresses))
    parts = Parts(docs, repository.path.rpartition("/")[2])
    full_url = check_url(source_url) if source_url else site.image(repository)
    published = _PublisherDescription(repository, view, parts, site, full_url)
    return Description(
        text=published.text(sections, published.tags()),
        without_tags=published.text(sections, published.tags_link()),
        full_url=full_url,
        short=(parts.own("README-short.txt") or "").strip(),
    )


def _tag_groups(view: ImageView, repository: Repository, site: Site) -> tuple[TagGroup, ...]:
    """The image's tags for people; signatures and lists of referrers are left out."""
    groups = []
    for row in view.groups:
        tags = tuple(TagLink(name=tag, url=site.tag(repository, tag)) for tag in row.tags if not names_digest(tag))
        if tags:
            groups.append(
                TagGroup(
                    tags=tags,
                    platforms=tuple(row.platforms),
                    size=row.size,
                    since=row.since,
                    artifact=row.artifact,
                )
            )
    return tuple(groups)


class _PublisherDescription:
    """The sections of one description. Each part is cleaned separately, so a block that it leaves open ends with it."""

    def __init__(self, repository: Repository, image: ImageView, parts: Parts, site: Site, full_url: str) -> None:
        self._repository = repository
        self._groups = _tag_groups(image, repository, site)
        self._parts = parts
        self._site = site
        self._full_url = full_url
        self._page = site.image(repository)
        self._names = {
            "IMAGE": repository.familiar,
            "REPO": repository.path.rpartition("/")[2],
            "GITHUB-REPO": parts.find("github-repo") or "",
            "SITE": self._page,
        }

    def text(self, sections: Sequence[Section], tags: str) -> str:
        """The full text, with this list of tags."""
        texts = {
            "quick-reference": lambda: self._quick_reference(with_feed="feed" in sections),
            "feed": lambda: "" if "quick-reference" in sections else render("publisher/feed", feed=self._feed),
            "tags": lambda: tags,
            "content": self._content,
            "variants": self._variants,
            "license": self._license,
        }
        shown = [texts[section]() for section in dict.fromkeys(sections)]
        return (
            render(
                "publisher/description",
                deprecated=self._filled(self._parts.own("deprecated.md")),
                sections=[text for text in shown if text],
            )
            + "\n"
        )

    def tags(self) -> str:
        """The list of tags, each a link to its page."""
        return render("publisher/tags", groups=self._groups, page=self._page)

    def tags_link(self) -> str:
        """A link instead of the list."""
        count = sum(len(group.tags) for group in self._groups)
        return render("publisher/tags-elsewhere", count=count, page=self._page)

    @property
    def _feed(self) -> str:
        return self._site.feed(self._repository)

    @property
    def _names_of_tags(self) -> list[str]:
        return [tag.name for group in self._groups for tag in group.tags]

    def _quick_reference(self, *, with_feed: bool) -> str:
        tags = self._names_of_tags
        main = "latest" if "latest" in tags else next(iter(tags), "")
        names = ("maintainer", "get-help", "issues")
        parts = {name: _after_label(self._filled(self._parts.find(f"{name}.md"))) for name in names}
        return render(
            "publisher/quick-reference",
            image=self._repository.familiar,
            page=self._page,
            main=TagLink(name=main, url=self._site.history(self._repository, main)) if main else None,
            feed=self._feed if with_feed else "",
            platforms=list(dict.fromkeys(one for group in self._groups for one in group.platforms)),
            maintainer=parts["maintainer"],
            help=parts["get-help"],
            issues=parts["issues"],
        )

    def _content(self) -> str:
        compose = self._parts.own("compose.yaml")
        block = render("shared/compose", compose=compose) if compose is not None else ""
        around = fill(self._parts.find("compose.md") or "%%COMPOSE-YAML%%", {**self._names, "COMPOSE-YAML": block})
        issues = fill(self._parts.find("issues.md") or "", self._names)
        return self._filled(self._parts.own("content.md"), COMPOSE=around if block else "", ISSUES=issues, LOGO="")

    def _variants(self) -> str:
        return render_variants([parse_tag(tag) for tag in self._names_of_tags], self._parts, self._filled)

    def _license(self) -> str:
        own = self._filled(self._parts.own("license.md"))
        common = self._filled(self._parts.find("license-common.md"))
        return render("shared/license", own=own, common=common) if own else ""

    def _filled(self, text: str | None, **more: str) -> str:
        filled = fill(text or "", self._names | {name.replace("_", "-"): value for name, value in more.items()})
        # A longer part is not cleaned here: then the full text is too long, and is cleaned and shortened as a whole.
        return filled if len(filled) > MAX_READ else clean_markdown(filled, self._full_url).strip("\n")


def _after_label(text: str) -> str:
    """A part after its label: on the same line if it begins with a paragraph, else below it."""
    if not text or len(text) > MAX_READ:
        return text
    begins_with_paragraph = [token.type for token in parse(text).tokens[:1]] == ["paragraph_open"]
    return f" {text}" if begins_with_paragraph else f"\n\n{text}"
