"""`repo-info describe --check`: finds links from a description to a built site that lead nowhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from collector.cli.common import MAX_NOTICES, notices
from collector.cli.description_sources import Sources, report_on
from collector.cli.renderers import render_count
from collector.cli.terminal import Styled, write
from collector.errors import UsageError
from collector.model.references import Repository

if TYPE_CHECKING:
    from collector.describe.link_check import LinkReport

_STDIN = Path("-")


def check(name: Repository | None, sources: Sources, *, site: Path | None, text: Path | None) -> LinkReport:
    """Check the links of the given text or, without one, of the rendered description.

    Raises:
        UsageError: the options contradict each other, or the text or the site does not exist.
    """
    from collector.describe.built_site import BuiltSite
    from collector.describe.link_check import check_links
    from collector.describe.site import Site

    if site is None or not sources.site_url:
        hint = "--site is the folder of the built site, --site-url its address"
        raise UsageError("--check needs --site and --site-url", hint=hint)
    url, built = Site(sources.site_url).url, BuiltSite(site)
    if text is not None:
        given = _read(text)
    elif name is not None:
        given = report_on(name, sources, is_fitted=True).text
    else:
        raise UsageError("--check needs a description", hint="give --text FILE or the name of an image")
    return check_links(given, url, built)


def render_link_report(checked: LinkReport) -> None:
    """Print the report as text."""
    count = render_count(checked.links, "link")
    if not checked.dead:
        write(f"{count} into the site, none of them dead")
    else:
        write(f"{count} into the site, {len(checked.dead):,} of them dead:")
    for dead in checked.dead:
        write(f"  line {dead.line}: {dead.link}", Styled(f"  {dead.reason}", "removed"))
    for image, tags in checked.unlinked.items():
        more = f" and {len(tags) - MAX_NOTICES:,} more" if len(tags) > MAX_NOTICES else ""
        notices(iter([", ".join(tags[:MAX_NOTICES]) + more]), f"{image}: no link to {render_count(len(tags), 'tag')}:")


def _read(path: Path) -> str:
    from collector.describe.files import MAX_FILE, decode

    try:
        if path == _STDIN:
            raw = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", hint="name a file that can be read") from None
    if len(raw) > MAX_FILE:
        raise UsageError(f"{path}: larger than {MAX_FILE} bytes", hint="check that it is a description")
    return decode(raw, str(path))
