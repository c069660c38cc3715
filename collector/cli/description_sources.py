"""The sources of the description for `repo-info describe`."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.cli.common import load
from collector.describe.descriptions import SECTIONS, Description, Section
from collector.errors import UsageError
from collector.model.references import Repository


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """The options that name sources."""

    archive: Path | None
    library_dir: Path | None
    docs_dir: Path | None
    arch: str | None
    site_url: str
    source_url: str
    sections: tuple[Section, ...]


class PushReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a push."""

    image: str
    """The repository on Docker Hub."""
    changed: tuple[str, ...]
    """The texts that differed: `short`, `full`."""
    loses: tuple[str, ...]
    """The texts among these that another author had written."""
    written: bool


class DescribeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A description, as `--json` prints it."""

    image: str
    text: str
    size: int
    """Bytes of the text."""
    short: str
    notices: tuple[str, ...]
    """Messages about the parts that were left out because of the limits."""


def report_on(name: Repository, sources: Sources, *, is_fitted: bool) -> DescribeReport:
    """Make the description of an image. That of a Docker Official Image is limited only if `is_fitted`."""
    from collector.describe.length_limit import limit_length

    description = describe(name, sources)
    fitted = limit_length(description)
    is_whole = sources.library_dir and not is_fitted
    text = description.text if is_whole else fitted.text
    return DescribeReport(
        image=name.familiar,
        text=text,
        size=len(text.encode()),
        short=fitted.short,
        notices=() if is_whole else fitted.notices,
    )


def describe(name: Repository, sources: Sources) -> Description:
    """The description of an image, from the archive or from a definition file.

    Raises:
        UsageError: the options do not go together, or a file is missing.
        RepoInfoError: a source is invalid.
    """
    if sources.library_dir:
        return _official(name, sources.library_dir, sources)
    if sources.archive:
        return _published(name, sources.archive, sources)
    hint = "give --archive DIR or, for a Docker Official Image, --library-dir DIR"
    raise UsageError("a source for the description is missing", hint=hint)


def _official(name: Repository, library: Path, sources: Sources) -> Description:
    from collector.describe.official import describe_official
    from collector.describe.site import Site

    if name.registry != "docker.io" or not name.path.startswith("library/"):
        raise UsageError(f"{name} is not a Docker Official Image", hint="name one, such as python")
    if not sources.docs_dir:
        raise UsageError("--library-dir needs --docs-dir", hint="a checkout of docker-library/docs")
    _refuse(source_url=sources.source_url, section=sources.sections)
    all_tags = Site(sources.site_url).image(name) if sources.site_url else ""
    return describe_official(
        name.familiar, library=library, docs=sources.docs_dir, architecture=sources.arch, all_tags=all_tags
    )


def _published(name: Repository, path: Path, sources: Sources) -> Description:
    from collector.describe.publisher import describe_published
    from collector.describe.site import Site

    if not sources.site_url:
        raise UsageError("--archive needs --site-url", hint="the address of the site, which the tags link to")
    _refuse(arch=sources.arch)
    archive = Archive(path)
    return describe_published(
        load(archive, name),
        Site(sources.site_url, archive.repositories()),
        docs=sources.docs_dir,
        source_url=sources.source_url,
        sections=sources.sections or SECTIONS,
    )


def _refuse(**options: object) -> None:
    """Refuse options that have no effect here."""
    for name, value in options.items():
        if value:
            raise UsageError(f"--{name.replace('_', '-')} does not go with these options", hint="see --help")
