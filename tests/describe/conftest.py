from __future__ import annotations

from tests.support.publisher import docs

__all__ = ["docs"]
