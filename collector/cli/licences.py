"""`repo-info licences`: the licences that packages name, and these packages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import click

from collector.cli.common import json_option, load, print_json, source_options
from collector.cli.program import Verb
from collector.cli.renderers import render_count
from collector.cli.terminal import Styled, write, write_bytes
from collector.errors import NotFound, UsageError
from collector.lookup.repository_facts import Source
from collector.lookup.tag_packages import UNKNOWN, Licence, Licences, read_licences
from collector.model.references import Asked, parse_image_or_asked

_COLUMNS = ("licence", "spdx", "type", "package", "version", "source")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The beginnings of cells that a spreadsheet takes for formulas (OWASP, "CSV Injection")."""
_MAX_NAMES = 12


@click.command("licences", cls=Verb)
@click.argument("asked", type=parse_image_or_asked, metavar="IMAGE[:TAG]")
@click.option("--csv", "as_csv", is_flag=True, help="Print one line for each licence of each package, as CSV.")
@click.option("--all", "show_all", is_flag=True, help="Name every package of a licence.")
@source_options
@json_option
def licences_command(*, asked: Asked, as_csv: bool, show_all: bool, source: Source, as_json: bool) -> None:
    """Print the licences that the packages of an image name.

    IMAGE stands for all tags that the image has now. Licences are in the packages' own words. An SPDX identifier
    follows in brackets if the words as a whole mean one. The licence of an image cannot be deduced from them:
    scanners find only what is packaged, and take licences from files in the image.

    Examples:
        repo-info licences app:1 --archive archive
        repo-info licences app --csv --archive archive
    """
    if as_csv and as_json:
        raise UsageError("--csv and --json", hint="give only one of them")
    found = read_licences(load(source, asked.repository), asked)
    if as_json:
        print_json(found)
    if not found.known:
        raise NotFound(f"{asked.repository.familiar}: the packages are not known", hint=UNKNOWN)
    if as_csv:
        write_bytes(_csv(found).encode())
    elif not as_json:
        for licence in found.licences:
            _render(licence, show_all=show_all)
        more = f"; the packages of {found.unknown:,} more are not known" if found.unknown else ""
        write(f"in {render_count(found.known, 'image')}{more}")


def _render(licence: Licence, *, show_all: bool) -> None:
    names = sorted({package.name for package in licence.packages})
    shown = names if show_all else names[:_MAX_NAMES]
    more = f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
    spdx = f"  [{licence.spdx}]" if licence.spdx and licence.spdx != licence.licence else ""
    write(Styled(licence.licence or "not said", "bold"), f"{spdx}  {render_count(len(names), 'package')}")
    write(Styled(f"  {', '.join(shown)}{more}", "dim"))


def _csv(found: Licences) -> str:
    """RFC 4180. No cell begins as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_iter_rows(found))
    return text.getvalue()


def _iter_rows(found: Licences) -> Iterator[list[str]]:
    for licence in found.licences:
        for package in licence.packages:
            cells = (licence.licence, licence.spdx, package.type, package.name, package.version, package.source)
            yield [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
