"""`find` returns everything that a digest or a name can mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.store import Archive
from collector.lookup.find import find
from collector.lookup.found import Use
from collector.model.digests import hex_of
from collector.model.times import Time
from tests.support.archives import DAY, ArchiveBuilder, deb, digest, docker_image, index, single

ARM = "linux/arm64/v8"
OLD = single(docker_image("old", layers=("base", "old layer")))
NEW = index(
    "new",
    docker_image("new", layers=("base", "new layer")),
    docker_image("new arm", platform=ARM, layers=("base", "arm layer")),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    builder = ArchiveBuilder(tmp_path_factory.mktemp("archive") / "a")
    builder.see("tool:1", "2017-01-01", OLD)
    builder.see("tool:1.0", "2017-01-01", OLD)
    builder.see("tool:1", "2017-02-01", NEW)
    builder.see("tool:1.0", "2017-02-01", NEW)
    builder.see("tool:1.0", "2017-03-01", gone="removed")
    builder.see("owner/Tool-less:1".lower(), "2017-03-01", OLD)
    builder.see("ghcr.io/owner/name:edge", "2017-04-01", gone="missing")
    builder.see("ghcr.io/owner/name:tooled", "2017-04-01")
    return builder.archive


def use(name: str, tags: str, since: str, until: str | None, platform: str = "linux/amd64") -> Use:
    """The tags of an image from noon of one day to noon of another."""
    return Use(
        image=name,
        since=Time(since + DAY),
        until=Time(until + DAY) if until else None,
        platforms=(platform,),
        tags=tuple(tags.split()),
    )


def uses(archive: Archive, text: str) -> tuple[str, tuple[Use, ...]]:
    (found,) = find(archive, text).digests
    return f"{found.kind} {found.digest}", found.uses


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("new index", "index"),
        ("new arm manifest", "manifest"),
        ("new arm config", "config"),
        ("arm layer", "layer"),
        ("old manifest", "manifest"),
    ],
)
def test_every_kind_is_found_in_every_form(archive: Archive, name: str, kind: str) -> None:
    whole = digest(name)
    digits = hex_of(whole)
    for form in (whole, digits, digits[:7], digits[:12].upper(), f"sha256-{digits}", f"tool:1@{whole}", f" {whole}\n"):
        assert uses(archive, form)[0] == f"{kind} {whole}"


def test_a_use_has_tags_platforms_and_time(archive: Archive) -> None:
    assert uses(archive, digest("arm layer"))[1] == (
        use("tool", "1", "2017-02-01", None, ARM),
        use("tool", "1.0", "2017-02-01", "2017-03-01", ARM),
    )


def test_tags_with_the_same_time_share_a_row_and_images_do_not(archive: Archive) -> None:
    assert uses(archive, digest("old layer"))[1] == (
        use("tool", "1.0 1", "2017-01-01", "2017-02-01"),
        use("owner/tool-less", "1", "2017-03-01", None),
    )


def test_states_that_follow_one_another_with_the_same_layer_are_one_time(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    for day, name in (("2017-01-01", "a"), ("2017-01-02", "b"), ("2017-01-03", "c")):
        builder.see("tool:1", day, single(docker_image(name, layers=("base", name))))
    builder.see("tool:1", "2017-01-04", gone="missing")
    builder.see("tool:1", "2017-01-05", single(docker_image("c", layers=("base", "c"))))
    spans = [(use.since[:10], use.until and use.until[:10]) for use in uses(builder.archive, digest("base"))[1]]
    assert spans == [("2017-01-05", None), ("2017-01-01", "2017-01-04")]


def test_a_digest_that_no_tag_pointed_at_is_found_without_uses(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    builder.see("tool:1", "2017-01-01", OLD)
    (journal,) = (tmp_path / "a").rglob("2017-01.*.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(line for line in lines if b'"fact":"layer"' in line or b'"fact":"config"' in line))
    assert uses(builder.archive, digest("old layer")) == (f"layer {digest('old layer')}", ())
    assert uses(builder.archive, digest("old config")) == (f"config {digest('old config')}", ())


@pytest.mark.parametrize("text", ["0000000", "sha256:" + "0" * 64, digest("base")[7:13], "nothing-so-called", "", " "])
def test_what_is_not_there_is_not_found(archive: Archive, text: str) -> None:
    assert find(archive, text).is_empty


@pytest.mark.parametrize(
    ("text", "images", "tags"),
    [
        ("tool", ["tool", "owner/tool-less"], ["ghcr.io/owner/name:tooled"]),
        ("library/tool", ["tool", "owner/tool-less"], ["ghcr.io/owner/name:tooled"]),
        ("docker.io/library/TOOL:1", [], ["tool:1", "tool:1.0"]),
        ("1.0", [], ["tool:1.0"]),
        ("1", [], ["owner/tool-less:1", "tool:1", "tool:1.0"]),
        ("name:", [], ["ghcr.io/owner/name:edge", "ghcr.io/owner/name:tooled"]),
        ("ghcr.io", ["ghcr.io/owner/name"], []),
    ],
)
def test_names_are_found_by_any_part_with_the_exact_one_first(
    archive: Archive, text: str, images: list[str], tags: list[str]
) -> None:
    found = find(archive, text)
    assert [one.image for one in found.images] == images
    assert [f"{one.image}:{one.tag}" for one in found.tags] == tags


def test_a_tag_says_what_it_is_now(archive: Archive) -> None:
    now, gone = find(archive, "tool:1").tags
    assert (now.digest, now.gone, now.since, now.states) == (NEW.digest, None, "2017-02-01T12:00:00Z", 2)
    assert (gone.digest, gone.gone, gone.since, gone.states) == (None, "not-followed", "2017-03-01T12:00:00Z", 2)


def test_an_image_counts_its_tags(archive: Archive) -> None:
    (found,) = find(archive, "ghcr.io").images
    assert (found.tags, found.gone, found.since) == (1, 1, "2017-04-01T12:00:00Z")


def test_tags_are_in_the_order_in_which_people_read_them(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    for tag in ("1.10", "1.9", "edge", "1.9-slim", "1.11rc1"):
        builder.see(f"tool:{tag}", "2017-01-01", OLD)
    builder.see("other:1.10", "2017-01-01", OLD)
    expected = "1.11rc1 1.10 1.9 1.9-slim edge"
    (_, (_, in_tool)) = uses(builder.archive, OLD.digest)
    assert " ".join(in_tool.tags) == expected
    assert " ".join(found.tag for found in find(builder.archive, "tool:").tags) == expected


def test_a_package_is_found_by_the_exact_name_first_and_else_in_lower_case(tmp_path: Path) -> None:
    builder = ArchiveBuilder(tmp_path / "a")
    built = docker_image("any", layers=("one",))
    builder.see("tool:1", "2017-01-01", single(built))
    builder.scan("tool", "2017-01-01", built, [deb("GConf2", "3"), deb("gconf2", "4"), deb("openssl", "1")])
    found = {
        text: [package.source for package in find(builder.archive, text).packages]
        for text in ("GConf2", "gconf2", "GCONF2", "OpenSSL", "pkg:deb/debian/OpenSSL@1", "OpenSSL@2")
    }
    assert found == {
        "GConf2": ["GConf2"],
        "gconf2": ["gconf2"],
        "GCONF2": ["gconf2"],
        "OpenSSL": ["openssl"],
        "pkg:deb/debian/OpenSSL@1": ["openssl"],
        "OpenSSL@2": [],
    }
