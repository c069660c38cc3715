"""Answers of a hostile registry: every attack in every field of a modern image."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collector.archive.facts import HubFact, StatementFact
from collector.model.digests import parse_digest
from collector.model.packages import PackageListBuilder, Scan
from collector.model.times import Time
from tests.support.modern import OCI, Collected, artifact, attested, tool, write_collected
from tests.support.registry import Blob, Image, encode, index

NAME = "modern/app"
LABELS = 5_000
LONG = 100_000
PACKAGES = 3_000


def write_hostile_registry(root: Path, attacks: Sequence[str]) -> Path:
    """A repository `modern/app` in an archive: `latest` is an index that changed once, `chart` an artifact."""
    seen = [_release(attacks, Time(f"2018-01-0{day}T00:00:00Z"), moved) for day, moved in ((2, "before"), (3, "after"))]
    chart = artifact(attacks[0], b"chart")
    return write_collected(
        root, NAME, *seen, Collected(tag="chart", time=Time("2018-01-02T00:00:00Z"), top=chart.manifest, images=[chart])
    )


def _release(attacks: Sequence[str], time: Time, moved: str) -> Collected:
    image = tool(moved, settings=_settings(attacks, moved), annotations=_annotations(attacks, moved))
    strange = _with_history(attacks, tool(moved, architecture=attacks[0]))
    attestation = attested(image)
    statements = [
        StatementFact(
            digest=parse_digest(layer.digest), predicate_type=attacks[place], size=len(layer.raw),
            builder="](javascript:document.title=1) " + attacks[2], source=attacks[4], revision=attacks[6],
        )
        for place, layer in enumerate(attestation.layers)
    ]  # fmt: skip
    other = artifact(attacks[3], moved.encode())
    return Collected(
        tag="latest",
        time=time,
        top=index([image, strange, attestation, other], annotations=_annotations(attacks, moved)),
        images=[image, strange, attestation, other],
        statements=statements,
        hub=HubFact(tag="latest", time=time, pushed=time, status=attacks[0]),
        scans={parse_digest(one.config.digest): _scan(attacks, moved) for one in (image, strange)},
    )


def _scan(attacks: Sequence[str], moved: str) -> Scan:
    """Packages whose every field is an attack, with names that could be paths; and thousands of others."""
    builder = PackageListBuilder()
    names = [*attacks, "..", "../../etc/passwd", "index.json", "__proto__", "constructor", "a/../b", "x" * LONG]
    for kind in ("deb", "apk", "npm", "x.y+z-1", "..", *attacks):
        for name in names:
            builder.add(
                type=kind, name=name, version=f"{attacks[2]} {moved}"[:100], source=attacks[3],
                source_version=attacks[1], licences=attacks, architecture=attacks[0],
            )  # fmt: skip
    for number in range(PACKAGES):
        builder.add(type="deb", name=f"many-{number:05}", version=moved, source="many")
    return Scan(packages=builder.build(), by=attacks[0], system=attacks[3], left_out=builder.left_out)


def _settings(attacks: Sequence[str], moved: str) -> dict[str, Any]:
    """All fields of a config that a page shows; thousands of labels, and long ones."""
    return {
        "Labels": {
            **{attack: f"{other} {moved}" for attack, other in zip(attacks, reversed(attacks), strict=True)},
            "a-long-one": f"{moved} " + "x" * LONG,
            **{f"many-{number:04}": moved for number in range(LABELS)},
        },
        "Env": [f"{attack}={moved}" for attack in attacks] + [f"E{n}={attack}" for n, attack in enumerate(attacks)],
        "ExposedPorts": {attack: {} for attack in attacks},
        "Volumes": {f"{attack} {moved}": {} for attack in attacks},
        "WorkingDir": attacks[6],
        "User": attacks[0] + moved,
        "StopSignal": attacks[1],
        "Entrypoint": list(attacks),
        "Cmd": [attacks[4]],
        "Healthcheck": {"Test": ["CMD-SHELL", *attacks], "Interval": 2**61, "Retries": 2**61},
    }


def _annotations(attacks: Sequence[str], moved: str) -> dict[str, str]:
    return {
        f"{OCI}.base.name": attacks[6] + moved,
        f"{OCI}.base.digest": f"sha256:{attacks[2]} {moved}",
        f"{OCI}.source": "javascript:document.title=1" + attacks[2],
        f"{OCI}.revision": attacks[0] + moved,
        f"{OCI}.version": attacks[5],
        f"{OCI}.created": attacks[7],
        **{attack: f"{attack} {moved}" for attack in attacks},
        **{f"z{number}": "y" * 9_000 for number in range(300)},
    }


def _with_history(attacks: Sequence[str], image: Image) -> Image:
    """An image whose history is full of attacks, and says of too many steps that they made a layer."""
    said = json.loads(image.config.raw)
    said["history"] = [{"created_by": attack, "comment": attack, "created": attack} for attack in attacks]
    config = Blob(raw=encode(said), media_type=image.config.media_type)
    manifest = json.loads(image.manifest.raw) | {"config": config.descriptor}
    return Image(
        manifest=Blob(raw=encode(manifest), media_type=image.manifest.media_type),
        config=config,
        layers=image.layers,
        platform={"os": "linux", "architecture": attacks[0]},
    )
