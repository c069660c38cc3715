"""Pages about packages: which there are, and what they are made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.configuration import PackagePages, SiteSettings
from collector.pages.addresses import twin_path
from collector.pages.documents import Document, Redirect
from tests.pages.archives import files_of, iter_items
from tests.support.archives import ArchiveBuilder, deb, docker_image, index, single


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two tags share an image; another image has the same list; of arm64 nothing is known."""
    builder = ArchiveBuilder(tmp_path / "archive")
    one, rebuilt = (docker_image(name, layers=(name,)) for name in ("one", "rebuilt"))
    arm = docker_image("arm", platform="linux/arm64/v8", layers=("arm",))
    builder.see("tool:1.0", "2018-01-01", index("first", one, arm))
    builder.see("tool:1", "2018-01-01", index("first", one, arm))
    builder.see("tool:2", "2018-01-02", single(rebuilt))
    for built in (one, rebuilt):
        builder.scan("tool", "2018-01-03", built, [deb("bash", "4.4-5"), deb("libssl1.1", "1.1.0f-3", "openssl")])
    return tmp_path / "archive"


def items(archive: Path, packages: PackagePages = "ever") -> dict[str, Document | Redirect]:
    found = iter_items(archive, SiteSettings(packages=packages))
    return {item.address: item for item in found if isinstance(item, Document | Redirect)}


def test_a_list_has_one_page_and_its_other_addresses_lead_there(archive: Path) -> None:
    lists = {address: item for address, item in items(archive).items() if address.endswith("/packages/")}
    (page,) = (address for address, item in lists.items() if isinstance(item, Document))
    assert {address: item.to for address, item in lists.items() if isinstance(item, Redirect)} == {
        address: page for address in lists if address != page
    }
    assert sorted(lists) == sorted(f"repos/tool/{tag}/linux-amd64/packages/" for tag in ("1.0", "1", "2"))


def test_the_page_of_a_platform_leads_to_its_list(archive: Path) -> None:
    found = items(archive)
    view = json.loads(found["repos/tool/2/linux-amd64/"].twin)
    assert isinstance(found[view["packages"]["list"]], Document)
    assert (view["packages"]["packages"], view["packages"]["sources"]) == (2, 2)


def test_the_twin_of_a_list_says_where_it_is_and_which_licences_have_an_identifier(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    for number, day in enumerate(("2018-01-01", "2018-01-02")):
        built = docker_image(day, layers=(day,))
        builder.see(f"tool:{number}", day, single(built))
        packages = [
            deb("bash", f"4.{number}", licence="GPL-3; mine"),
            deb("jq", "1", licence="MIT"),
            deb("sed", "4"),
            deb("tar", "1"),
        ]
        builder.scan("tool", day, built, packages)
    view = json.loads(items(tmp_path / "archive")["repos/tool/1/linux-amd64/packages/"].twin)
    assert (view["list_number"], view["spdx"]) == (1, {"GPL-3": "GPL-3.0-only", "MIT": "MIT"})
    assert "sources" not in view


def test_a_list_that_is_not_known(archive: Path) -> None:
    found = items(archive)
    page = found["repos/tool/1.0/linux-arm64-v8/"]
    assert isinstance(page, Document)
    assert "| Packages | unknown |" in page.markdown
    assert "packages" not in json.loads(page.twin)


def test_a_site_without_packages_does_not_mention_them(archive: Path) -> None:
    found = items(archive, "")
    assert not [address for address in found if "packages" in address]
    page = found["repos/tool/1.0/linux-amd64/"]
    assert isinstance(page, Document)
    assert "ackages" not in page.markdown.partition("\n## Steps")[0]


@pytest.mark.parametrize(("packages", "is_named"), [("ever", True), ("now", True), ("", False)])
def test_changes_name_packages_only_if_the_site_has_them(
    tmp_path: Path, packages: PackagePages, is_named: bool
) -> None:
    builder = ArchiveBuilder(tmp_path / "archive")
    for day, version in (("2018-01-01", "1.1.0f-3"), ("2018-02-01", "1.1.0f-3+deb9u1")):
        built = docker_image(day, layers=(day,))
        builder.see("tool:1", day, single(built))
        builder.scan("tool", day, built, [deb("libssl1.1", version, "openssl")])
    settings = SiteSettings(packages=packages, editions=("2018-02-02",))
    described = ("api/v1/schema.json", "api/v1/openapi.json")
    published = files_of(iter_items(tmp_path / "archive", settings))
    texts = [content for path, content in published if path not in described]
    assert any(b"packages updated" in text for text in texts) == is_named
    assert any(b"openssl" in text for text in texts) == is_named


def test_the_key_of_a_page_covers_whether_packages_are_shown(archive: Path) -> None:
    address = "repos/tool/1.0/linux-arm64-v8/"
    with_packages, without = (items(archive, packages)[address] for packages in ("ever", ""))
    assert isinstance(with_packages, Document)
    assert isinstance(without, Document)
    assert with_packages.key != without.key


def test_twins_of_lists_are_beside_those_of_platforms() -> None:
    assert twin_path("repos/tool/1/linux-amd64/packages/") == "api/v1/repos/tool/1/linux-amd64/packages.json"
