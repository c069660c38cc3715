"""A config, as a page shows it."""

from __future__ import annotations

from collector.archive.facts.fact import DigestFact, SharedPlatform, SharedText, StepId, TimeText, Words


class ConfigFact(DigestFact, frozen=True, kw_only=True, tag="config"):
    table = "config_facts"
    platform: SharedPlatform
    history: tuple[tuple[TimeText | None, StepId], ...] = ()
    """The time, and the id of the step."""
    docker_version: SharedText | None = None
    entrypoint: Words = None
    cmd: Words = None
    shell: Words = None
