"""The JSON of a built site, whether a file is compressed or not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any


def read_json(file: Path) -> Any:
    """What a file contains."""
    content = file.read_bytes()
    return json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)
