"""The store of objects: everything that the states of an image ever contained, each thing once, numbered.

`shapes` says what is published, `encoding` makes it of states, `chunks` files it with where each thing was used. How
the parts fit together is in ARCHITECTURE.md.
"""

from collector.pages.objects.chunks import iter_chunk_files
from collector.pages.objects.encoder import ObjectStore, fill_store
from collector.pages.objects.uses import Uses

__all__ = ["ObjectStore", "Uses", "fill_store", "iter_chunk_files"]
