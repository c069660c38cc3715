from __future__ import annotations

import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from collector.configuration import SiteTable
from collector.errors import BuildError
from collector.pages.addresses import twin_path
from collector.pages.documents import Asset, Redirect
from collector.pages.kinds import KINDS
from collector.site.mkdocs.config_file import config_file
from collector.site.mkdocs.frame import Frame, render_frame
from collector.site.mkdocs.frame_facts import FrameSources
from collector.site.page_html import render_page, render_redirect, splice
from collector.site.shell import parse_shell
from tests.site.fake import page
from tests.support.html import Element, elements

SITE = SiteTable(url="https://example.org/some/path/", name="The <b>archive</b>")


@pytest.fixture(scope="module")
def frame() -> Frame:
    return render_frame(FrameSources(config_file=config_file(), site=SITE))


def found(html: str, tag: str, /, **attributes: str) -> list[Element]:
    return [
        element
        for element in elements(html)
        if element.name == tag and attributes.items() <= element.attributes.items()
    ]


def test_the_shell_is_small(frame: Frame) -> None:
    assert frame.shell.size < 1536


def test_the_frame_has_no_scripts_of_the_theme(frame: Frame) -> None:
    scripts = {path for path in frame.files if path.endswith(".js")}
    assert scripts == {path for path in scripts if (config_file().parent / "site_src" / path).is_file()}
    assert not [path for path in frame.files if path.endswith(".map") or "search_index" in path or "overrides" in path]
    assert {"404.html", "about/index.html", "digest/index.html", "how-to-read/index.html"} <= frame.files.keys()
    assert not [path for path in frame.files if "repo-info-shell" in path or path in {"index.html", "sitemap.xml"}]


def test_pages_contain_no_inline_scripts_or_styles(frame: Frame) -> None:
    pages = [render_page(page("a/b/"), frame.shell)]
    pages += [content.decode() for path, content in frame.files.items() if path.endswith(".html")]
    for html in pages:
        assert all(element.attributes.get("src") for element in elements(html) if element.name == "script")
        assert not [element for element in elements(html) if element.name == "style" or "style" in element.attributes]
        [policy] = found(html, "meta", **{"http-equiv": "Content-Security-Policy"})
        assert "default-src 'self';" in policy.attributes["content"]


@pytest.mark.parametrize(("address", "root"), [("", "."), ("a/", ".."), ("a/b/c/d/e/f/g/", "../../../../../../..")])
def test_all_links_of_the_frame_fit_the_depth(frame: Frame, address: str, root: str) -> None:
    html = render_page(page(address, kind="history", markdown="body"), frame.shell)
    links = [
        element.attributes.get("href") or element.attributes.get("src") or element.attributes.get("action", "")
        for element in elements(html)
        if element.name in {"link", "script", "form", "a"} and element.attributes.get("rel") != "canonical"
    ]
    inner = [link for link in links if not link.startswith("#")]
    assert len(inner) >= 11
    for link in inner:
        assert link.startswith(f"{root}/"), link
        assert not link.startswith(f"{root}/../"), link
    assert "repo-info-root" not in html


def test_a_page_in_its_frame(frame: Frame) -> None:
    document = page(
        "repos/localhost:5000/a/~feed.xml/",
        title='<script>"&\u202e\u3164\n',
        description='"><script>',
        kind="platform",
        markdown="# Body\n\n@repo-info-title@ {{ 7*7 }} {% raw %}\n",
    )
    html = render_page(document, frame.shell)
    assert "<title>&lt;script&gt;&quot;&amp;⟨U+202E⟩⟨U+3164⟩ · The &lt;b&gt;archive&lt;/b&gt;</title>" in html
    assert found(html, "meta", name="description")[0].attributes["content"] == '"><script>'
    address = "repos/localhost:5000/a/~feed.xml/"
    assert found(html, "link", rel="canonical")[0].attributes["href"] == f"https://example.org/some/path/{address}"
    assert found(html, "link", type="application/json")[0].attributes["href"] == f"../../../../{twin_path(address)}"
    assert "ri-platform" in found(html, "article")[0].attributes["class"].split()
    assert "<p>@repo-info-title@ {{ 7*7 }} {% raw %}</p>" in html


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_pages_that_have_a_feed_announce_it(frame: Frame, kind: str) -> None:
    html = render_page(page("a/b/", kind=kind), frame.shell)
    announced = [link.attributes["href"] for link in found(html, "link", type="application/atom+xml", rel="alternate")]
    assert announced == (["feed.xml"] if kind in {"home", "image", "tag"} else [])
    assert "\n\n" not in html.partition("<body>")[0]


def test_only_the_first_part_of_a_list_has_a_feed(frame: Frame) -> None:
    html = render_page(page("repos/python/-tags-2/", kind="image"), frame.shell)
    assert "application/atom+xml" not in html
    assert "og:image" not in html


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_picture_for_links_and_the_search_are_announced(frame: Frame, kind: str) -> None:
    html = render_page(page("a/b/", kind=kind), frame.shell)
    pictures = [meta.attributes["content"] for meta in found(html, "meta", property="og:image")]
    card = "assets/images/card.png"
    assert pictures == ([f"https://example.org/some/path/{card}"] if kind in {"home", "image", "tag"} else [])
    searches = found(html, "link", rel="search", type="application/opensearchdescription+xml")
    assert [(link.attributes["title"], link.attributes["href"]) for link in searches] == (
        [("The <b>archive</b>", "opensearch.xml")] if kind == "home" else []
    )
    assert frame.files[card][:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", frame.files[card][16:24]) == (1200, 630)


def test_the_search_is_described_for_browsers(frame: Frame) -> None:
    root = ElementTree.fromstring(frame.files["opensearch.xml"])
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{space}OpenSearchDescription"
    texts = {element.tag.removeprefix(space): element.text for element in root}
    assert texts["ShortName"] == "The <b>archive</"
    assert 0 < len(texts["Description"] or "") <= 1024
    assert texts["Image"] == "https://example.org/some/path/assets/images/favicon.svg"
    (url,) = root.findall(f"{space}Url")
    assert url.attrib == {"type": "text/html", "template": "https://example.org/some/path/digest/?q={searchTerms}"}


def test_without_an_address_nothing_needs_one() -> None:
    frame = render_frame(FrameSources(config_file=config_file()))
    html = render_page(page("a/", kind="home"), frame.shell)
    assert not any(word in html for word in ('rel="canonical"', 'rel="search"', "og:image"))
    assert "opensearch.xml" not in frame.files


def test_the_key_follows_the_frame(frame: Frame) -> None:
    assert frame.key == render_frame(FrameSources(config_file=config_file(), site=SITE)).key
    assert frame.key != render_frame(FrameSources(config_file=config_file())).key


def test_the_files_of_a_page_and_of_an_asset(frame: Frame) -> None:
    document = page("repos/a/", twin=json.dumps({"a": 1}).encode())
    assert dict(splice(document, frame.shell)).keys() == {"repos/a/index.html", "api/v1/repos/a.json"}
    assert dict(splice(Asset(path="feed.xml", content=b"x"), frame.shell)) == {"feed.xml": b"x"}


def test_a_redirect_has_the_form_that_html_asks_for() -> None:
    """The Living Standard (4.2.5.3) wants white space between the semicolon and the address."""
    html = render_redirect(Redirect(address="repos/a/1/", to="repos/a/2/#x", title="a:1"))
    [refresh] = found(html, "meta", **{"http-equiv": "refresh"})
    assert refresh.attributes["content"] == "0; url=../2/#x"


def test_github_pages_serves_every_file(frame: Frame) -> None:
    assert frame.files[".nojekyll"] == b""


def test_templates_that_leave_out_the_body_are_refused() -> None:
    with pytest.raises(BuildError, match="leave out body"):
        parse_shell("<title>@repo-info-title@</title><article class=ri-@repo-info-kind@>")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "site_src").mkdir()
    (tmp_path / "site_src" / "index.md").write_text("# Home\n")
    return tmp_path / "mkdocs.yml"


def test_what_mkdocs_refuses_is_an_error_of_ours(project: Path) -> None:
    project.write_text("site_name: x\ndocs_dir: site_src\nplugins: []\n")
    with pytest.raises(BuildError, match="does not use the plugin repo-info"):
        render_frame(FrameSources(config_file=project))
    project.write_text("site_name: x\ndocs_dir: none\n")
    with pytest.raises(BuildError, match="MkDocs: "):
        render_frame(FrameSources(config_file=project))
