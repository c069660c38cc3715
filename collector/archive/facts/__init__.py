"""The facts of a journal, one JSON object a line; the member `fact` names the kind.

site_src/archive-format.md describes every field. Facts refer to one another by digest or id; `Holdings` resolves them
to the values of collector.model. A new kind of fact is one module here, a table in `FactTables` for it to enter, and
its name in `codec`.
"""

from __future__ import annotations

from collector.archive.facts.absent import AbsentFact
from collector.archive.facts.codec import (
    Fact,
    PackageFact,
    PageFact,
    RegistryFact,
    content_id,
    decode_fact,
    encode_fact,
    is_canonical,
)
from collector.archive.facts.config import ConfigFact
from collector.archive.facts.docker_hub import HubFact, HubImage
from collector.archive.facts.index import IndexEntry, IndexFact, UnreadEntry
from collector.archive.facts.inventory import InventoryFact
from collector.archive.facts.kept_text import TextFact
from collector.archive.facts.layer import LayerFact
from collector.archive.facts.manifest import ManifestFact
from collector.archive.facts.observation import PAGE_SOURCE, ObservationFact
from collector.archive.facts.package_list import PackagesFact
from collector.archive.facts.raw import RawFact
from collector.archive.facts.statement import StatementFact
from collector.archive.facts.step import StepFact
from collector.archive.facts.tables import FactTables

__all__ = [
    "PAGE_SOURCE",
    "AbsentFact",
    "ConfigFact",
    "Fact",
    "FactTables",
    "HubFact",
    "HubImage",
    "IndexEntry",
    "IndexFact",
    "InventoryFact",
    "LayerFact",
    "ManifestFact",
    "ObservationFact",
    "PackageFact",
    "PackagesFact",
    "PageFact",
    "RawFact",
    "RegistryFact",
    "StatementFact",
    "StepFact",
    "TextFact",
    "UnreadEntry",
    "content_id",
    "decode_fact",
    "encode_fact",
    "is_canonical",
]
