"""Checks a text as Docker Hub would read it, with comrak: another parser than the one that prepared it."""

from __future__ import annotations

import re

from comrak import ExtensionOptions, render_markdown

_EXTENSIONS = ExtensionOptions()
_EXTENSIONS.table = True

_ADDRESS = re.compile(r'(?:href|src)="([^"]*)"')
_AFTERWARDS = "What comes behind it"


def html_of(text: str) -> str:
    """The HTML of a text, in comrak's safe mode."""
    return render_markdown(text, extension_options=_EXTENSIONS)


def faults_of(text: str, *, limit: int) -> list[str]:
    """The problems of a text for Docker Hub."""
    html = html_of(text)
    faults = [f"leads to {address!r}" for address in _ADDRESS.findall(html) if not _is_absolute(address)]
    # Text cannot look like this: comrak escapes its `<`.
    if "<!-- raw HTML omitted -->" in html:
        faults.append("has HTML")
    if (size := len(text.encode())) > limit:
        faults.append(f"has {size} bytes")
    if not html_of(f"{text}\n{_AFTERWARDS}\n").endswith(f"<p>{_AFTERWARDS}</p>\n"):
        faults.append("goes on into what follows")
    return faults


def _is_absolute(address: str) -> bool:
    return re.match(r"((https?|ftp)://[^/]|mailto:)", address, re.IGNORECASE) is not None
