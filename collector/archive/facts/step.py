"""Steps: the instructions of an image's history."""

from __future__ import annotations

from collector.archive.facts.fact import ObjectFact, StepId


class StepFact(ObjectFact, frozen=True, kw_only=True, tag="step"):
    table = "steps"
    id: StepId
    text: str

    @property
    def name(self) -> str:
        return self.id

    @property
    def value(self) -> str:
        return self.text
