"""Archives in older formats."""

from __future__ import annotations

import json
from pathlib import Path

from collector.archive.layout import journal_of, month_in
from collector.archive.line_sums import without_sum
from collector.archive.store import Archive


def as_format_1(root: Path) -> Path:
    """Turn an archive of format 2 into one of format 1, without sums and without marks in the names of journals."""
    for repository in Archive(root).repositories():
        for path in sorted((root / repository.folder).glob("*.jsonl")):
            lines = path.read_bytes().splitlines(keepends=True)
            path.unlink()
            content = b"".join(map(without_sum, lines))
            journal_of(path.parent, month_in(path)).write_bytes(content)
    header = root / "archive.json"
    header.write_text(json.dumps(json.loads(header.read_text()) | {"format": 1}, indent=2) + "\n")
    return root
