"""An archive in which everything that can be text is an attack, written through the archive's own writer."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.model.images import DOCKER_LIST, Config, Image, Layer, Step
from collector.model.platforms import Platform
from collector.model.times import Time
from tests.diff.builders import named
from tests.e2e.hostile_registry import write_hostile_registry
from tests.pages.archives import Seen, index_of, write_archive

MARK = "pwned"
"""The title that a page would get if an attack ran."""
SCRIPT = f"<script>document.title='{MARK}'</script>"
IMAGE = f"<img src=x onerror=document.title='{MARK}'>"
LINK = f"](javascript:document.title='{MARK}')"
OVERRIDE = "\u202egnp.exe"
ATTACKS = (
    SCRIPT,
    IMAGE,
    f"{LINK} [click{LINK} ![x{LINK}",
    f"</code></pre></td></table>{SCRIPT}",
    f"`` ``` ````\n~~~\n{SCRIPT}\n# not a heading\n\n| a | b |\n|---|---|\n| c | {IMAGE} |",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {# x #} ${7*7} <%= 7*7 %> @repo-info-body@ @repo-info-title@",
    f"a\\|b|c\\ &#x3c;script&#x3e; &lt;b&gt; {OVERRIDE} zero\u200bwidth \x1b[31m \x00",
    "https://example.org/ www.example.org <https://example.org> mailto:a@example.org",
    '" onmouseover="document.title=1" x="',
    "' autofocus onfocus='document.title=1",
    "--> <!-- x ]]> <![CDATA[",
    "javascript:document.title=1",
)
TAGS = (
    *("latest", "history", "feed.xml", "index.html", "index.json"),
    *("name", "objects", "changes", "0.json", "__proto__"),
)
NAMES = ("owner", "owner/name", "owner/objects", "localhost:5000/app", "constructor", "docker.io/ghcr.io/owner")


def _day(number: int) -> Time:
    return Time(f"2018-01-{number:02}T00:00:00Z")


def _image(name: str, platform: Platform, moved: str) -> Image:
    steps = [
        "ADD file:1 in /",
        *(f"RUN {attack} {moved}" for attack in ATTACKS),
        *(f"ENV {key}={value}" for key, value in (("A", SCRIPT), ("B", f"{LINK}|{moved}"), (f"C{IMAGE}", OVERRIDE))),
        *(f'LABEL "{key}"="{value} {moved}"' for key, value in (("a", IMAGE), (SCRIPT, "b"), ("c|d", "`e`"))),
        f"EXPOSE {LINK}",
        f"VOLUME {SCRIPT}",
        f"WORKDIR /{OVERRIDE}",
        f"USER {SCRIPT}{moved}",
        f"STOPSIGNAL {IMAGE}",
        f"HEALTHCHECK CMD {SCRIPT}",
        f"{SCRIPT} {moved}",
    ]
    return Image(
        manifest=named(f"manifest {name}"),
        media_type=f"application/{SCRIPT}",
        platform=platform,
        config=Config(
            digest=named(f"config {name}"),
            platform=platform,
            history=tuple(Step(created=_day(1), text=text) for text in steps),
            docker_version=f"17{SCRIPT}|{LINK}",
            entrypoint=(SCRIPT, LINK, moved),
            cmd=(*ATTACKS, moved),
            shell=(IMAGE,),
        ),
        layers=tuple(Layer(digest=named(f"{name} {n}"), size=n, media_type=SCRIPT) for n in range(13)),
    )


_PLATFORMS = (
    Platform(os="linux", architecture="amd64"),
    Platform(os=SCRIPT, architecture=LINK, variant=OVERRIDE),
    Platform(os="history", architecture=""),
    Platform(os="..", architecture="..", os_version=f"../../{IMAGE}"),
    Platform(os="linux", architecture="amd64"),
    Platform(os="x" * 3000, architecture="|"),
    Platform(os="unknown", architecture="unknown"),
)


def write_hostile_archive(root: Path) -> Path:
    """Every attack in every place, in images and tags whose names are awkward, with a change between two states."""
    indexes = [
        index_of(*(_image(f"{moved} {n}", platform, moved) for n, platform in enumerate(_PLATFORMS)), name=moved)
        for moved in ("before", f"after {SCRIPT} {OVERRIDE}")
    ]
    # In an index of OCI, pages do not know the media types of manifests; in Docker's they do, and show them.
    states = [msgspec.structs.replace(one, media_type=DOCKER_LIST) for one in indexes]
    seen = [Seen(tag=tag, time=_day(day), state=state) for tag in TAGS for day, state in enumerate(states, 2)]
    gone = [Seen(tag="gone", time=_day(2), state=states[0]), Seen(tag="gone", time=_day(3), gone="missing")]
    write_archive(root, **{name: [*seen, *gone] for name in NAMES})
    return write_hostile_registry(root, ATTACKS)
