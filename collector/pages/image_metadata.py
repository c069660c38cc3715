"""The metadata of images as Markdown for tables: settings, annotations, statements. All of it is bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from collector.errors import InvalidValue
from collector.model.annotations import BASE_DIGEST, BASE_NAME, CREATED, ORIGIN, REVISION, SOURCE, VERSION
from collector.model.digests import parse_digest
from collector.model.images import Statement
from collector.model.times import parse_time, render_minute
from collector.pages import markdown

MAX_SHOWN = 1_000
"""The number of characters of a value that a page shows; the JSON has the rest."""
_MAX_ROWS = 100
"""The number of settings of one kind, or of annotations, that a page shows."""

_LABELS = {
    "cmd": "Command",
    "environment": "Environment",
    "exposed_port": "Port",
    "healthcheck": "Health check",
    "on_build": "On build",
    "stop_signal": "Stop signal",
    "stop_timeout": "Stop timeout",
    "working_directory": "Working directory",
}
_ANNOTATIONS = {VERSION: "Version", SOURCE: "Source", REVISION: "Revision", CREATED: "Annotated date"}
_ARTIFACTS = (
    ("application/vnd.cncf.helm.", "Helm chart"),
    ("application/vnd.wasm.", "WebAssembly module"),
    ("application/vnd.module.wasm.", "WebAssembly module"),
    ("application/vnd.dev.cosign.", "signature"),
    ("application/vnd.dev.sigstore.", "signature"),
    ("application/vnd.cncf.notary.", "signature"),
    ("application/vnd.dsse.envelope.", "signed attestation"),
    ("application/vnd.in-toto", "attestation"),
    ("application/spdx", "SBOM"),
    ("text/spdx", "SBOM"),
    ("application/vnd.cyclonedx", "SBOM"),
)
_PREDICATES = (
    ("https://slsa.dev/provenance/", "Provenance"),
    ("https://spdx.dev/Document", "SBOM"),
    ("https://cyclonedx.org/", "SBOM"),
)

Row = tuple[str, str]
"""A label and a value, both Markdown for a table's cell."""


def render_label(kind: str) -> str:
    """The name of a setting for people: `Working directory` for `working_directory`."""
    return _LABELS.get(kind) or kind.replace("_", " ").capitalize()


def bounded_code(value: str) -> str:
    """A code span in a table's cell; for a long value its beginning, and the number of characters left out."""
    more = len(value) - MAX_SHOWN
    return (
        markdown.cell_code(value)
        if more <= 0
        else f"{markdown.cell_code(value[:MAX_SHOWN])} … {more:,} characters more"
    )


def bounded_text(value: str) -> str:
    """The same without a code span."""
    return markdown.text(value[:MAX_SHOWN]) + _left_out(value)


def _left_out(value: str) -> str:
    return f" … {len(value) - MAX_SHOWN:,} characters more" if len(value) > MAX_SHOWN else ""


def setting_rows(settings: Iterable[tuple[str, str, str]]) -> Iterator[Row]:
    """Rows for settings, given as kind, name and value: the first hundred of a kind, and the number of others."""
    counts: Counter[str] = Counter()
    for kind, name, value in settings:
        counts[kind] += 1
        if counts[kind] <= _MAX_ROWS:
            yield render_label(kind), bounded_code(f"{name}={value}" if name and name != value else name or value)
    for kind, count in counts.items():
        if count > _MAX_ROWS:
            yield render_label(kind), f"and {count - _MAX_ROWS:,} more in the JSON"


def origin_rows(annotations: Sequence[tuple[str, str]]) -> Iterator[Row]:
    """Rows for the origin of an image from its annotations: base image, version, source, revision, and date."""
    said = dict(annotations)
    name, digest = said.get(BASE_NAME, ""), said.get(BASE_DIGEST, "")
    if name or digest:
        yield "Base image", " · ".join([*([bounded_code(name)] if name else []), *_digest_part(digest)])
    for key, label in _ANNOTATIONS.items():
        if value := said.get(key, ""):
            yield label, bounded_text(_moment(value) if key == CREATED else value)


def annotation_rows(annotations: Sequence[tuple[str, str]]) -> Iterator[Row]:
    """Rows for all other annotations."""
    others = [(name, value) for name, value in annotations if name not in ORIGIN]
    for name, value in others[:_MAX_ROWS]:
        yield "Annotation", bounded_code(f"{name}={value}")
    if len(others) > _MAX_ROWS:
        yield "Annotation", f"and {len(others) - _MAX_ROWS:,} more"


def _moment(value: str) -> str:
    """A time as written on pages; any other text unchanged."""
    try:
        return render_minute(parse_time(value))
    except (InvalidValue, OverflowError):
        return value


def _digest_part(value: str) -> list[str]:
    """A digest as a code span, from which the site makes a link; any other text as a bounded code span."""
    try:
        return [markdown.code(parse_digest(value))] if value else []
    except InvalidValue:
        return [bounded_code(value)]


def statement_name(statement: Statement) -> str:
    """The name of a statement: Provenance, SBOM, or its type."""
    known = (name for prefix, name in _PREDICATES if statement.predicate_type.startswith(prefix))
    return next(known, "") or bounded_code(statement.predicate_type or "unknown type")


def statement_facts(statement: Statement) -> list[str]:
    """The facts of a statement: builder, source and revision; the number of packages."""
    said = (("built by", statement.builder), ("from", statement.source), ("revision", statement.revision))
    facts = [f"{words} {bounded_code(value)}" for words, value in said if value]
    if statement.packages is not None:
        facts.append(f"{statement.packages:,} {'package' if statement.packages == 1 else 'packages'}")
    return facts


def artifact_name(kind: str) -> str:
    """The name of an artifact, if its type is known."""
    return next((name for prefix, name in _ARTIFACTS if kind.startswith(prefix)), "artifact")
