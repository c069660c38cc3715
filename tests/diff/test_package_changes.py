"""The differences between two package lists, and their reasons."""

from __future__ import annotations

import pytest

from collector.diff import compare
from collector.diff.changes import Moved, SourceChange
from collector.diff.package_changes import compare_packages
from collector.model.digests import Digest
from collector.model.images import Image
from collector.model.packages import ImagePackages, Inventory, Package, package_list
from collector.model.times import Time
from collector.pages.reason_text import reason_text
from tests.diff.builders import ROOT, image, layer, state
from tests.support.archives import deb, digest

OTHER_ROOT = ROOT.replace("0" * 64, "1" * 64)
LIBSSL, OPENSSL = deb("libssl1.1", "1.1.0f-3", "openssl"), deb("openssl", "1.1.0f-3")
NEW_LIBSSL, NEW_OPENSSL = (package._replace(version="1.1.0f-3+deb9u1") for package in (LIBSSL, OPENSSL))
TZDATA, NEW_TZDATA = deb("tzdata", "2017b-1"), deb("tzdata", "2017c-0")


def known(*packages: Package, by: str = "page") -> ImagePackages:
    found = package_list(packages)
    inventory = Inventory(config=digest("config"), packages=found.id, by=by, time=Time("2018-01-29T12:00:00Z"))
    return ImagePackages(inventory, found)


def changes(before: ImagePackages, after: ImagePackages) -> list[tuple[str, str, str, str]]:
    difference = compare_packages(before, after)
    assert difference is not None
    return [(change.kind, change.name, change.before, change.after) for change in difference.changes]


def test_packages_are_compared_by_source() -> None:
    difference = compare_packages(known(LIBSSL, OPENSSL, TZDATA), known(NEW_LIBSSL, NEW_OPENSSL, TZDATA))
    assert difference is not None
    assert difference.kept == 1
    moved = (Moved("libssl1.1", "1.1.0f-3", "1.1.0f-3+deb9u1"), Moved("openssl", "1.1.0f-3", "1.1.0f-3+deb9u1"))
    assert difference.changes == (
        SourceChange(
            kind="changed", type="deb", name="openssl", before="1.1.0f-3", after="1.1.0f-3+deb9u1", packages=moved
        ),
    )


def test_added_and_removed_come_behind_changed() -> None:
    before, after = known(deb("wget", "1.18-5"), TZDATA), known(deb("curl", "7.52.1-5"), NEW_TZDATA)
    assert changes(before, after) == [
        ("changed", "tzdata", "2017b-1", "2017c-0"),
        ("added", "curl", "", "7.52.1-5"),
        ("removed", "wget", "1.18-5", ""),
    ]


def test_a_further_package_of_a_source_is_a_change_of_the_source() -> None:
    assert changes(known(OPENSSL), known(OPENSSL, LIBSSL)) == [("changed", "openssl", "1.1.0f-3", "1.1.0f-3")]


def test_a_package_has_the_source_that_another_version_of_it_names() -> None:
    same = deb("kernel", "1", "linux"), deb("headers", "9", "linux")
    assert changes(known(*same), known(*same, deb("kernel", "2"))) == [("changed", "linux", "1, 9", "1, 2, 9")]


def test_a_package_of_a_common_source_is_added_or_removed() -> None:
    difference = compare_packages(known(OPENSSL, TZDATA), known(LIBSSL, deb("curl", "7")))
    assert difference is not None
    assert [change.names for change in difference.changes] == [
        ("libssl1.1 added", "openssl removed"),
        ("curl",),
        ("tzdata",),
    ]


def test_a_source_that_was_built_again_has_the_versions_of_its_packages() -> None:
    before, after = (known(Package("deb", "bash", version, "", "4.4-4")) for version in ("4.4-4+b1", "4.4-4+b2"))
    assert changes(before, after) == [("changed", "bash", "4.4-4+b1", "4.4-4+b2")]


def test_several_versions_of_one_name() -> None:
    before, after = (
        known(*(Package("npm", "ms", version) for version in versions)) for versions in (["1", "2"], ["2", "3"])
    )
    assert changes(before, after) == [("changed", "ms", "1, 2", "2, 3")]


def test_licences_and_sources_are_not_versions() -> None:
    assert changes(known(OPENSSL), known(OPENSSL._replace(licence="OpenSSL", source_version="1"))) == []


APK = Package("apk", "libssl3", "3.5.1-r0")


def test_a_list_that_names_no_sources_is_compared_by_those_of_the_other() -> None:
    newer = APK._replace(version="3.5.2-r0", source="openssl")
    assert changes(known(APK), known(newer, by="docker-scout 1")) == [("changed", "openssl", "3.5.1-r0", "3.5.2-r0")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (known(OPENSSL), known(APK, by="syft 1")),
        (known(Package("npm", "ms", "1"), by="syft 1"), known(Package("npm", "ms", "2"), by="syft 2")),
        (known(OPENSSL), known(by="syft 1")),
        (known(), known()),
        (known(OPENSSL), None),
    ],
    ids=["no type in common", "no packages of a system", "an empty list", "two empty lists", "unknown"],
)
def test_lists_that_cannot_be_compared(before: ImagePackages, after: ImagePackages | None) -> None:
    assert compare_packages(before, after) is None
    assert compare_packages(after, before) is None


def test_lists_of_different_scanners_are_compared_on_what_both_cover() -> None:
    scout = known(NEW_OPENSSL, Package("npm", "ms", "1"), Package("rpm", "a", "1"), by="docker-scout 1")
    assert changes(known(OPENSSL), scout) == [("changed", "openssl", "1.1.0f-3", "1.1.0f-3+deb9u1")]


def test_only_some_scanners_write_the_epoch_of_an_rpm() -> None:
    before, after = known(Package("rpm", "bind", "9.18-1")), known(Package("rpm", "bind", "32:9.18-1"), by="syft 1")
    assert changes(before, after) == []


def built(name: str, *steps: str, root: str = ROOT) -> Image:
    return image(name, root, 'CMD ["bash"]', *steps, layers=(layer(f"root {name}"), layer(f"own {name}")))


def told(before: Image, after: Image, old: ImagePackages | None, new: ImagePackages | None) -> list[tuple[str, str]]:
    lists: dict[Digest, ImagePackages | None] = {before.config.digest: old, after.config.digest: new}
    change = compare(state(before), state(after), lists.get)
    return [(reason.code, reason_text(reason)) for reason in change.reasons]


def test_packages_updated() -> None:
    before = known(OPENSSL, TZDATA, deb("wget", "1.18-5"))
    after = known(NEW_OPENSSL, NEW_TZDATA, deb("curl", "7.52.1-5"))
    words = "packages updated: openssl 1.1.0f-3 → 1.1.0f-3+deb9u1, tzdata 2017b-1 → 2017c-0 and 2 more"
    assert told(built("one", "RUN a"), built("two", "RUN a"), before, after) == [("packages-updated", words)]


def test_added_and_removed_packages_in_words() -> None:
    words = "packages updated: curl 7.52.1-5 added, wget removed"
    before, after = known(deb("wget", "1.18-5"), TZDATA), known(deb("curl", "7.52.1-5"), TZDATA)
    assert told(built("one"), built("two"), before, after) == [("packages-updated", words)]


def test_one_package_more_or_less_of_a_source_in_words() -> None:
    words = "packages updated: libssl1.1 1.1.0f-3 added"
    assert told(built("one"), built("two"), known(OPENSSL), known(OPENSSL, LIBSSL)) == [("packages-updated", words)]
    words = "packages updated: libssl1.1 removed"
    assert told(built("one"), built("two"), known(OPENSSL, LIBSSL), known(OPENSSL)) == [("packages-updated", words)]
    both = OPENSSL, LIBSSL, deb("libssl-dev", "1.1.0f-3", "openssl")
    words = "packages updated: openssl changed"
    assert told(built("one"), built("two"), known(OPENSSL), known(*both)) == [("packages-updated", words)]


def test_rebuilt_with_the_same_packages() -> None:
    before, after = built("one", "RUN a"), built("two", "RUN a")
    assert told(before, after, known(OPENSSL), known(OPENSSL)) == [("rebuilt", "rebuilt, same packages")]
    assert told(before, after, known(OPENSSL), None) == [("rebuilt", "rebuilt with the same steps")]


def test_packages_within_base_image_moved() -> None:
    before, after = built("one", "RUN a"), built("two", "RUN a", root=OTHER_ROOT)
    for new, words in (
        (known(NEW_OPENSSL), "base image moved: openssl 1.1.0f-3 → 1.1.0f-3+deb9u1"),
        (known(OPENSSL), "base image moved, same packages"),
        (None, "base image moved"),
    ):
        assert told(before, after, known(OPENSSL), new) == [("base-moved", words)]


def test_packages_with_a_changed_dockerfile() -> None:
    before, after = built("one", "ENV A_VERSION=1"), built("two", "ENV A_VERSION=2")
    assert told(before, after, known(OPENSSL), known(NEW_OPENSSL)) == [
        ("dockerfile-changed", "A_VERSION 1 → 2"),
        ("packages-updated", "packages updated: openssl 1.1.0f-3 → 1.1.0f-3+deb9u1"),
    ]
    assert told(before, after, known(OPENSSL), known(OPENSSL)) == [("dockerfile-changed", "A_VERSION 1 → 2")]


def test_equal_layers_have_equal_packages_despite_different_scanners() -> None:
    layers = (layer("root"), layer("own"))
    before, after = (image(name, ROOT, "RUN a", layers=layers) for name in ("one", "two"))
    assert [code for code, _ in told(before, after, known(OPENSSL), known(NEW_OPENSSL))] == ["metadata"]


def test_versions_too_long_for_a_summary() -> None:
    before, after = known(deb("a" * 200, "1" * 41)), known(deb("a" * 200, "2"))
    assert told(built("one"), built("two"), before, after) == [
        ("packages-updated", f"packages updated: {'a' * 40} changed")
    ]


def test_very_many_sources_are_counted() -> None:
    before, after = (known(*(deb(f"p{number}", version) for number in range(300))) for version in "12")
    lists = {built(name).config.digest: packages for name, packages in (("one", before), ("two", after))}
    change = compare(state(built("one")), state(built("two")), lists.get)
    (one,) = change.images
    assert (len(change.packages), len(one.packages), one.packages_kept, one.left_out) == (200, 200, 0, 100)
