"""The facts of one repository in memory."""

from __future__ import annotations

from collections import defaultdict

from collector.archive.facts.absent import AbsentFact
from collector.archive.facts.config import ConfigFact
from collector.archive.facts.docker_hub import HubFact
from collector.archive.facts.index import IndexFact
from collector.archive.facts.kept_text import TextFact
from collector.archive.facts.manifest import ManifestFact
from collector.archive.facts.observation import ObservationFact
from collector.archive.facts.package_list import PackagesFact
from collector.archive.facts.raw import RawFact
from collector.archive.facts.statement import StatementFact
from collector.model.images import Layer
from collector.model.packages import Inventory


class FactTables:
    """The facts of one repository, each in the table of its kind."""

    def __init__(self) -> None:
        self.steps: dict[str, str] = {}
        """Texts by id."""
        self.layers: dict[str, Layer] = {}
        self.config_facts: dict[str, ConfigFact] = {}
        self.manifests: dict[str, ManifestFact] = {}
        self.indexes: dict[str, IndexFact] = {}
        self.texts: dict[str, TextFact] = {}
        self.observations: dict[str, list[ObservationFact]] = defaultdict(list)
        """Tag → its observations in the order of time."""
        self.dates: dict[tuple[str, str], ObservationFact] = {}
        """Tag and time → the first observation whose dates of layers differ from those in the facts of the layers."""
        self.raws: dict[str, RawFact] = {}
        """Indexes and manifests."""
        self.raw_configs: dict[str, RawFact] = {}
        self.statements: dict[str, StatementFact] = {}
        self.absent: dict[str, AbsentFact] = {}
        self.hub: dict[str, HubFact] = {}
        """The newest fact of each tag."""
        self.packages: dict[str, PackagesFact] = {}
        """Lists of packages, by id; in the order in which they were written."""
        self.inventories: dict[str, list[Inventory]] = {}
        """The digest of a config → its inventories in the order in which they were written."""

    def order_observations(self) -> None:
        """Sort the observations of each tag by time. Of several for the same event, the earliest counts: a later import
        may find, from the commits that follow, that the clock of a commit ran ahead; the archive then has both times.
        """
        for tag, seen in self.observations.items():
            seen.sort(key=lambda fact: fact.time)
            if len({fact.source for fact in seen}) < len(seen):
                events: dict[tuple[str, ...], ObservationFact] = {}
                for fact in seen:
                    events.setdefault(fact.event, fact)
                self.observations[tag] = list(events.values())
