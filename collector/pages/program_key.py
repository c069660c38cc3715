"""The key of this program: what an older or a newer one made is recognised by it, and made again."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import collector


@cache
def program_key() -> str:
    """The hash of the code, and of the libraries that affect pages: a change of the code never needs `--full`."""
    package = Path(collector.__file__).parent
    seen = sha256(f"{version('comrak')} {version('jinja2')} {version('msgspec')}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".j2", ".html", ".md"} and path.is_file():
            seen.update(f"\0{path.relative_to(package)}\0".encode() + path.read_bytes())
    return seen.hexdigest()
