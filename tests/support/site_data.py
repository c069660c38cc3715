"""Reads the JSON files of a built site, compressed or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any


def read_json(file: Path) -> Any:
    """The decoded content of a file."""
    content = file.read_bytes()
    return json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)
