"""The store of objects: everything that the states of an image ever contained, numbered, without repetitions.

`shapes` defines the published objects, `encoder` makes them from states, `chunks` writes the files with the uses of
each, `package_lists` those of package lists. site_src/api.md describes how they fit together.
"""

from collector.pages.objects.chunks import iter_chunk_files
from collector.pages.objects.encoder import ObjectStore, fill_store
from collector.pages.objects.package_lists import PackageListStore
from collector.pages.objects.uses import Uses

__all__ = ["ObjectStore", "PackageListStore", "Uses", "fill_store", "iter_chunk_files"]
