"""Renders a page: its body in the shell, and its JSON twin."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from collector.pages.addresses import Links, divided, twin_path
from collector.pages.documents import AnyAsset, Document, Item, Redirect
from collector.pages.markdown_templates import render_redirect as redirect_markdown
from collector.pages.plain_text import one_line
from collector.site.body import render_body
from collector.site.head import MARKDOWN, render_head
from collector.site.shell import Shell


def splice(item: Item, shell: Shell) -> Iterator[tuple[str, bytes]]:
    """The files of an item: path relative to the site's root, and content."""
    if isinstance(item, AnyAsset):
        yield item.path, item.content
        return
    html = render_redirect(item) if isinstance(item, Redirect) else render_page(item, shell)
    yield f"{item.address}index.html", html.encode()
    if shell.site.has_markdown and (isinstance(item, Redirect) or not item.past):
        markdown = redirect_markdown(item) if isinstance(item, Redirect) else item.markdown
        yield f"{item.address}{MARKDOWN}", markdown.encode()
    if item.twin:
        yield twin_path(item.address), item.twin


def render_page(document: Document, shell: Shell) -> str:
    """The whole HTML of a page."""
    values = {
        "root": "/".join([".."] * document.address.count("/")) or ".",
        "title": as_attribute(document.title),
        "description": as_attribute(document.description),
        "kind": as_attribute(document.kind),
        "body": render_body(document.markdown),
    }
    if past := document.past:
        values |= {"edition": as_attribute(past.edition), "now": _quoted(past.now)}
    else:
        values |= {
            "address": _quoted(document.address),
            "twin": _quoted(twin_path(document.address)),
            "head": render_head(document.kind, document.address, shell.site),
        }
    return shell.fill(values)


def _quoted(path: str) -> str:
    return quote(path, safe="/~:@+,")


def render_redirect(redirect: Redirect) -> str:
    """A page that redirects at once, also without JavaScript; search engines treat it as a redirect."""
    to, rest = divided(redirect.to)
    page = Links(redirect.address).to_file(to)
    href = f"{page}{rest}"
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{as_attribute(redirect.title)}</title>\n'
        f'<link rel="canonical" href="{page}">\n<meta http-equiv="refresh" content="0; url={href}">\n'
        f'<body><a href="{href}">{as_attribute(redirect.title)}</a>\n'
    )


def as_attribute(text: str) -> str:
    """Text on one line, safe between tags and between double quotes.

    A title is also shown outside the page (in the window, in the results of a search engine), where style sheets do not
    apply and a mark of direction would reverse the text after it.
    """
    return escape(one_line(text), quote=True)
