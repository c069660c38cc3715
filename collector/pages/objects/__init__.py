"""The store of objects: everything that the states of an image ever contained, each thing once, numbered.

`shapes` contains what is published, `encoder` makes it from states, `chunks` files it with where each thing was used.
site_src/api.md says how the parts fit together.
"""

from collector.pages.objects.chunks import iter_chunk_files
from collector.pages.objects.encoder import ObjectStore, fill_store
from collector.pages.objects.uses import Uses

__all__ = ["ObjectStore", "Uses", "fill_store", "iter_chunk_files"]
