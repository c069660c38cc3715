"""The page /why/ and `repo-info why` read the same images, lines and places of a file.

The scripts may refuse YAML that Python reads, and say so; they never read it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.dockerfiles.any_files import DOCKERFILES, YAML_FILES
from tests.dockerfiles.files import BUILDS, COMPOSE, FILES, IMAGES, INLINE, INVALID, MANIFESTS, YAML_WITH_FROM
from tests.dockerfiles.in_browser import read_in_browser, read_in_python
from tests.support.script_page import script_page

pytestmark = pytest.mark.browser

FORMS = {
    "compose": COMPOSE,
    "manifests": MANIFESTS,
    "a Dockerfile in a compose file": INLINE,
    **YAML_WITH_FROM,
    "a template": "{{ if a }}\nFROM alpine\n{{ end }}\n",
    "an alias": "x-base: &base python:3.6\nservices:\n  a:\n    image: *base\n  b: {image: *base}\n",
    "a comment at an alias": "x: &x d\nimage: *x # c\n",
    "a merge": "x: &x\n  restart: always\nservices:\n  a:\n    <<: *x\n    image: a:1\n",
    "two in one mapping": "a:\n  build: {image: x:1}\n  image: y:2\n  image: z:3\n",
    "no text": "image: ~\n---\nimage: ''\n---\nimage: {repository: a}\n---\nimage:\n- a\n",
    "JSON": '{"kind": "Pod",\n "spec": {"containers": [{"name": "a", "image": "python:3.6"}]}}\n',
    "commands": (
        "spec:\n  containers:\n  - args: [\"--image: no\", 'it''s']\n    command:\n    - sh\n    - -c\n    - |\n"
        "      cat <<E\n      image: no\n      E\n    image: a:1 # image: no\n  - image: b:2\n"
    ),
    "texts of several lines": "a: one\n  two - three\nb: 'image\n  no'\nc: \"x \\\n  y\"\nimage: c:3\n",
    "line ends of Windows": "services:\r\n  a:\r\n    image: a:1\r\n\r\n    ports: ['80:80']\r\n",
    "a mark of byte order": "\ufeffimage: a:1\n",
    "neither": "hello: world\n",
    "nothing": "",
}
LONG = {
    "longer than 1 MiB": " " * (2**20 + 1),
    "too many images": "FROM a\n" * 1_001,
    "too many images in YAML": "\n".join(f"- {{image: a{n}}}" for n in range(1_001)),
    "too long a value": "".join(f"ARG A{n}=${{A{n - 1}:-aa}}$A{n - 1}\n" for n in range(1, 40)) + "FROM a$A39\n",
}


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[Page]:
    with script_page(chromium) as page:
        yield page


def assert_same(page: Page, texts: list[str]) -> None:
    for text, there in zip(texts, read_in_browser(page, texts), strict=True):
        assert there == read_in_python(text), text


def assert_no_other(page: Page, texts: list[str]) -> None:
    """As Python reads it, or refused."""
    for text, there in zip(texts, read_in_browser(page, texts), strict=True):
        here = read_in_python(text)
        assert there == here or (there.problem and not there.images), text


def test_the_twenty_dockerfiles(reader: Page) -> None:
    assert_same(reader, [(BUILDS / f"{name}.Dockerfile").read_bytes().decode() for name in IMAGES])


def test_every_form_of_a_dockerfile(reader: Page) -> None:
    assert_same(reader, [text for text, _ in FILES.values()])


@pytest.mark.parametrize("name", FORMS)
def test_compose_files_and_manifests(reader: Page, name: str) -> None:
    assert_same(reader, [FORMS[name]])


@pytest.mark.parametrize("name", LONG)
def test_bounds(reader: Page, name: str) -> None:
    assert_same(reader, [LONG[name]])


def test_invalid_yaml_is_refused(reader: Page) -> None:
    texts = [*INVALID, "x: &x d\nimage: *x# c", "a: &a b\nc: &a d", "[a,,b]", "a: {b: c", "a: b\n c: image\nimage: d"]
    assert all(read.problem for read in read_in_browser(reader, texts))
    assert all(read_in_python(text).problem for text in texts)


@settings(max_examples=10, suppress_health_check=[*HealthCheck])
@given(st.lists(DOCKERFILES, min_size=100, max_size=150))
def test_any_dockerfile(reader: Page, texts: list[str]) -> None:
    assert_same(reader, [f"{text}\nFROM ${{A:-a}}\n" for text in texts])


@settings(max_examples=10, suppress_health_check=[*HealthCheck])
@given(st.lists(YAML_FILES, min_size=100, max_size=150))
def test_any_yaml(reader: Page, texts: list[str]) -> None:
    assert_no_other(reader, texts)
