"""What a site consists of: each file is of one kind, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kinds import measure_kinds, render_kinds
from benchmarks.measurements.package_site import copy_without_packages
from benchmarks.sizes import count
from collector.archive.store import Archive
from collector.configuration import SiteTable
from collector.model.references import parse_repository
from collector.model.times import Time
from collector.site.build import BuildOptions, build_site
from tests.diff.builders import image
from tests.pages.archives import Seen, alone, index_of, write_archive
from tests.support.package_archives import write_package_archive

DATA = (
    "contents of all states (objects)",
    "index of digests",
    "index of packages",
    "index of versions",
    "package lists",
    "states by date",
)
GONE = Time("2018-02-01T00:00:00Z")


def test_every_file_of_a_site_is_of_one_kind(tmp_path: Path) -> None:
    old, new = image("FROM one"), image("FROM two")
    often = [
        Seen(tag="often", time=Time(f"2017-0{month}-01T00:00:00Z"), state=alone(image(f"FROM {month}")))
        for month in range(1, 10)
    ]
    archive = write_archive(
        tmp_path / "archive",
        app=[
            Seen(tag="1", state=index_of(new)),
            Seen(tag="alias", state=index_of(new)),
            Seen(tag="0", state=alone(old)),
            Seen(tag="0", time=GONE, gone="removed"),
            *often,
        ],
    )
    build_site(archive, tmp_path / "site", BuildOptions(jobs=1))
    kinds = measure_kinds(tmp_path / "site")
    files = {name: kind.files for name, kind in kinds.items() if not name.startswith("home")}
    assert files == {
        "pages: image": 1,
        "pages: tag": 3,
        "pages: tag, gone": 1,
        "pages: platform": 2,
        "pages: history": 1,
        "stubs": 4,
        "JSON: image": 1,
        "JSON: tag": 3,
        "JSON: tag, gone": 1,
        "JSON: platform": 2,
        "JSON: lead": 1,
        "JSON: history": 3,
        "JSON: history, gone": 1,
        "JSON: of the site": 5,
        "contents of all states (objects)": 1,
        "states by date": 1,
        "index of digests": 16,
        "feeds": 6,
    }
    everything = count(tmp_path / "site")
    assert (sum(kind.files for kind in kinds.values()), sum(kind.bytes for kind in kinds.values())) == everything
    told = kinds["JSON: history"]
    assert 0 < told.digests < told.bytes
    assert told.frame == 0
    page = kinds["pages: history"]
    assert 1_000 < page.frame < page.bytes - page.digests
    head, _, *rows = render_kinds(tmp_path / "site").splitlines()
    assert head.startswith("| what | files | bytes | share |")
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [*kinds, "all"]
    assert rows[-1].startswith(f"| all | {everything[0]:,} | ")


def test_uncompressed_copies_have_kinds_of_their_own(tmp_path: Path) -> None:
    write_package_archive(tmp_path / "archive")
    build_site(tmp_path / "archive", tmp_path / "site", BuildOptions(jobs=1, site=SiteTable(plain_data=True)))
    kinds = measure_kinds(tmp_path / "site")
    copied = {name: kind.files for name, kind in kinds.items() if name.endswith(", uncompressed")}
    assert copied == {f"{name}, uncompressed": kinds[name].files for name in DATA if name in kinds}
    assert {"contents of all states (objects), uncompressed", "states by date, uncompressed"} < copied.keys()


def test_files_about_packages_have_kinds_of_their_own(tmp_path: Path) -> None:
    write_package_archive(tmp_path / "archive")
    build_site(tmp_path / "archive", tmp_path / "site", BuildOptions(jobs=1))
    kinds = measure_kinds(tmp_path / "site")
    assert {name: kind.files for name, kind in kinds.items() if "package" in name} == {
        "pages: package": 3,
        "JSON: package": 3,
        "pages: packages": 2,
        "JSON: packages": 2,
        "JSON: packages-lead": 1,
        "index of packages": 32,
        "package lists": 2,
    }


def test_an_archive_without_its_packages_has_all_other_facts(tmp_path: Path) -> None:
    write_package_archive(tmp_path / "archive")
    copy_without_packages(tmp_path / "archive", tmp_path / "copy")
    before, after = (Archive(tmp_path / name).load(parse_repository("app")) for name in ("archive", "copy"))
    assert (len(before.packages), len(before.inventories)) == (2, 2)
    assert (len(after.packages), len(after.inventories), after.faults) == (0, 0, [])
    assert after.observations == before.observations
