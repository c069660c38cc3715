"""Classic pages for tests: small real ones, and pages rendered from values."""

from __future__ import annotations

from pathlib import Path

from collector.classic.pages import Head, render_page
from collector.classic.sections import Section, render_platform_line, render_section
from collector.model.digests import Digest
from collector.model.images import State

FOLDER = Path(__file__).resolve().parent.parent / "classic" / "pages"
FORMS = sorted(path.name for path in FOLDER.glob("*.md"))
"""The names of the files: one real page of each form."""


def real_page(form: str) -> tuple[str, str, bytes]:
    """The image, the tag and the content of a real page."""
    raw = (FOLDER / form).read_bytes()
    image, _, tag = raw.split(b"`", 2)[1].decode().partition(":")
    return image, tag, raw


def page_of(image: str, tag: str, state: State, *, counted: bool = False) -> str:
    """The page of a tag that points at a state."""
    head = Head(
        digest=state.digest,
        media_type=state.media_type if state.is_index else None,
        platforms=tuple(render_platform_line(one.platform) for one in state.all_images),
        counted=counted,
    )
    sections = (
        Section(
            platform=one.platform,
            digest=one.manifest if state.is_index else None,
            media_type=one.media_type,
            config=one.config,
            layers=one.layers,
        )
        for one in state.all_images
    )
    return render_page(image, tag, head, (render_section(image, section) for section in sections))


def missing_page(image: str, tag: str) -> str:
    """The page of a tag that does not exist."""
    return render_page(image, tag, Head(digest=None), ())


def page_with_packages(*packages: str, config: Digest, title: str = "tool:1") -> str:
    """A `local/` page in the form of 2017; each package is its own source."""
    head = f"# `{title}`\n\n## Docker Metadata\n\n- Image ID: `{config}`\n- Arch: `linux`/`amd64`\n- Environment:\n"
    licences = "Licenses: (parsed from: `x`)\n\n- `MIT`\n\n"
    sections = [
        f"\n### `dpkg` source package: `{one}`\n\nBinary Packages:\n\n- `{one}`\n\n{licences}" for one in packages
    ]
    return head + ("\n## `dpkg` (`.deb`-based packages)\n" + "".join(sections) if packages else "")
