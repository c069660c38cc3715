"""What all images of one archive have in common."""

from __future__ import annotations

import msgspec

from benchmarks.synthetic.bases import Bases
from benchmarks.synthetic.clock import Clock


class World(msgspec.Struct, frozen=True, kw_only=True):
    """When things happen, and what is under everything."""

    seed: int
    clock: Clock
    bases: Bases
