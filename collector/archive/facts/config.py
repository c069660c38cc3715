"""A config, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable

from collector.archive.facts.fact import DigestFact, StepId, TimeText, Words
from collector.archive.facts.shared_values import SharedValues
from collector.model.platforms import Platform
from collector.model.times import Time


class ConfigFact(DigestFact, frozen=True, kw_only=True, tag="config"):
    table = "config_facts"
    platform: Platform
    history: tuple[tuple[TimeText | None, StepId], ...] = ()
    """The time, and the id of the step."""
    docker_version: str | None = None
    entrypoint: Words = None
    cmd: Words = None
    shell: Words = None

    @property
    def times(self) -> Iterable[Time | None]:
        return (created for created, _ in self.history)

    def share(self, shared: SharedValues) -> None:
        shared.replace(self, "digest", "platform", "docker_version", "entrypoint", "cmd", "shell")
        shared.replace_each(self, "history")
