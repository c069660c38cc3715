"""Compiled templates, kept from one process to the next where Python keeps the compiled modules of this program.

A compiled template is code that will run, so it is kept in no folder of an archive or a site. Who can write to this
folder can change the program itself.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from collector.pages.program_key import program_key

_HASH_BYTES = 32


class CompiledTemplates(BytecodeCache):
    """A file for each template, as `__pycache__/tag.md.cpython-311.pyc`.

    It begins with a hash of its content and of the program, because it contains results of filters. A file that is
    missing, damaged or from another program is made again.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The path of the file."""
        return cache_from_source(filename or name)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a file."""
        with suppress(OSError):
            found = Path(bucket.key).read_bytes()
            content = found[_HASH_BYTES:]
            if found[:_HASH_BYTES] == _hash(content):
                bucket.bytecode_from_string(content)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a file, where Python may write compiled modules."""
        if sys.dont_write_bytecode:
            return
        content = bucket.bytecode_to_string()
        path = Path(bucket.key)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(_hash(content) + content)
            beside.replace(path)


def _hash(content: bytes) -> bytes:
    return sha256(program_key().encode() + content).digest()
