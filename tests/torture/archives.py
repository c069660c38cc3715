"""Archives with every kind of fact: an imported one, and a collected one."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.model.images import Image
from collector.model.packages import Package, Scan, package_list
from collector.model.references import parse_repository
from collector.model.times import Time
from tests.pages import collected
from tests.support.archives import docker_image, index, single
from tests.support.histories import History, page
from tests.support.pages import FORMS, missing_page, page_of, page_with_packages, real_page

_PAGE = page("tool", "1")
_FIRST, _ARM = docker_image("first", layers=("base", "one")), docker_image("arm", platform="linux/arm/v7")


def write_imported(folder: Path) -> Path:
    """An imported archive: one real page of each form, and pages with every kind of fault."""
    history = History(folder / "source.git")
    for form in FORMS:
        image, tag, raw = real_page(form)
        history.commit({page(image, tag): raw})
    for content in (
        missing_page("tool", "1"),
        page_of("tool", "1", single(_FIRST)),
        page_of("tool", "1", index("x", _dated(_FIRST, 1), _ARM)),
        page_of("tool", "1", index("x", _dated(_FIRST, 2), _ARM)),
        page_of("tool", "1", index("x", _dated(_FIRST, 3), _ARM)),
        page_of("tool", "1", index("y", _FIRST, _ARM)).replace("-\tImage ID", "-\tNo line of a page\n-\tImage ID", 1),
        "nobody understands\n",
        b"\xff\n",
        None,
    ):
        history.commit({_PAGE: content})
    for names in (["a=1", "b=1"], ["a=1", "b=2"]):
        history.commit({"repos/tool/local/1.md": page_with_packages(*names, config=_FIRST.config.digest)})
    archive = Archive(folder / "archive", create=True)
    import_source(history.path, archive)
    return archive.root


def _dated(image: Image, day: int) -> Image:
    """The same image, with different dates of its layers on each day."""
    layers = (
        msgspec.structs.replace(layer, last_modified=Time(f"2016-11-{day if place else 1:02}T12:00:00Z"))
        for place, layer in enumerate(image.layers)
    )
    return msgspec.structs.replace(image, layers=tuple(layers))


def write_collected(folder: Path) -> Path:
    """An archive with the facts that collections add."""
    root = collected.write(folder / "archive")
    archive = Archive(root)
    repository = parse_repository(collected.NAME)
    config = next(iter(archive.load(repository).raw_configs.values())).digest
    with archive.writing():
        writer = archive.writer(repository)
        for version in ("1", "2"):
            packages = package_list([Package("deb", "base", "1"), Package("deb", "openssl", version)])
            writer.add_scan(collected.DAYS[0], config, Scan(packages=packages, by=f"syft {version}"))
        writer.flush()
    return root
