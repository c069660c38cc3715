"""Links from a description to a built site, and tags of the site without a link."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from collector.describe.built_site import BuiltSite
from collector.describe.link_check import LinkReport, check_links
from collector.errors import InvalidValue, UsageError
from collector.model.digests import Digest
from collector.pages.search_indexes import NameEntry, NameIndex, iter_digest_assets, pack_digests

URL = "https://acme.example/images/"
DIGEST = "abc" + "0" * 61


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site with an image of three tags for people, one of them at an unusual address, and one that is gone."""
    for address in ("", "digest", "repos/acme/web", "repos/acme/web/1", "repos/acme/web/~slim", "repos/acme/web/old"):
        (tmp_path / address).mkdir(parents=True, exist_ok=True)
        (tmp_path / address / "index.html").write_text('<h2 id="latest-changes">Latest changes</h2>')
    (tmp_path / "repos" / "acme" / "web" / "feed.xml").write_text("<feed/>")
    image = NameEntry(name="acme/web", address="repos/acme/web/", tags=f"1 slim 2 sha256-{DIGEST}.sig", gone="old")
    names = NameIndex(images=(image,), exceptions={"acme/web:slim": "repos/acme/web/~slim/"})
    (tmp_path / "api" / "v1" / "digests").mkdir(parents=True)
    (tmp_path / "api" / "v1" / "names.json").write_bytes(msgspec.json.encode(names))
    for asset in iter_digest_assets({"acme/web": pack_digests([(Digest(f"sha256:{DIGEST}"), 0)])}):
        (tmp_path / asset.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / asset.path).write_bytes(asset.content)
    return tmp_path


def check(text: str, folder: Path, url: str = URL) -> LinkReport:
    return check_links(text, url, BuiltSite(folder))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "repos/acme/web/",
        "repos/acme/web",
        "repos/acme/web/index.html",
        "repos/acme/web/#latest-changes",
        "repos/acme/web/?q=1",
        "repos/acme/web/~slim/",
        "repos/acme/web/%7Eslim/",
        "repos/acme/web/feed.xml",
        "repos/acme/web/remote/1.md",
        "repos/acme/web/local/old.md",
        "repos/acme/web/remote/",
        "repos/docker.io/acme/web/remote/1.md",
        "digest/?q=sha256:abc",
        f"d/sha256-{DIGEST}",
        f"d/sha256:{DIGEST}/",
    ],
)
def test_links_that_lead_somewhere(folder: Path, address: str) -> None:
    checked = check(f"[a]({URL}{address})", folder)
    assert (checked.links, checked.dead) == (1, ())


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("repos/acme/none/", "no such page"),
        ("repos/acme/web/3/", "no such page"),
        ("repos/acme/web/feed.xml/", "no such page"),
        ("repos/acme/web/#gone", "the page has no anchor #gone"),
        ("repos/acme/web/remote/3.md", "acme/web has no tag 3"),
        ("repos/acme/db/remote/1.md", "the site has no image acme/db"),
        ("d/sha256-" + "0" * 64, "the site does not know this digest"),
        ("d/nothing", "not a digest"),
        ("../other", "leads out of the site"),
        ("%2e%2e/%2e%2e/etc/passwd", "leads out of the site"),
        ("repos/acme/web/%00", "leads out of the site"),
    ],
)
def test_links_that_lead_nowhere(folder: Path, address: str, reason: str) -> None:
    (dead,) = check(f"text\n\n- [a]({URL}{address})\n", folder).dead
    assert (dead.line, dead.link, dead.reason) == (3, f"{URL}{address}", reason)


def test_links_of_all_kinds_are_found(folder: Path) -> None:
    text = f"""\
<{URL}a> and {URL}b. And [c]({URL}c "title"), ![d]({URL}d), [e][e].

<a href="{URL}f">f</a>

| {URL}g |
|---|

`{URL}not` [other](https://acme.example/) [other](https://acme.example/imagesx/) [rel](repos/) [bad](http://[)

    {URL}not

[h](HTTP://ACME.example/images/h)

[e]: {URL}e
"""
    dead = check(text, folder).dead
    assert [(one.line, one.link[-1]) for one in dead] == [(1, c) for c in "abcde"] + [(3, "f"), (5, "g"), (12, "h")]


def test_tags_without_a_link(folder: Path) -> None:
    assert check(f"[1]({URL}repos/acme/web/1/)", folder).unlinked == {"acme/web": ["slim", "2"]}
    assert check(f"[slim]({URL}repos/acme/web/~slim)", folder).unlinked == {"acme/web": ["1", "2"]}
    both = f"[1]({URL}repos/acme/web/1/) [2]({URL}repos/acme/web/2/) [s]({URL}repos/acme/web/~slim/)"
    assert check(both, folder).unlinked == {}
    assert check(f"[web]({URL}repos/acme/web/)", folder).unlinked == {}


def test_a_site_at_the_root_of_its_host(folder: Path) -> None:
    assert check("[a](https://x.org) [b](https://x.org/repos/acme/web/)", folder, "https://x.org/").dead == ()


def test_folders_that_are_not_sites(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a built site"):
        BuiltSite(tmp_path / "none")
    (folder / "api" / "v1" / "names.json").write_text("{")
    with pytest.raises(InvalidValue, match=r"names\.json"):
        check(f"[1]({URL}repos/acme/web/1/)", folder)
    (folder / "api" / "v1" / "names.json").unlink()
    assert check(f"[1]({URL}repos/acme/web/1/)", folder).unlinked == {}
