"""The images that compose files and Kubernetes manifests name, and the files of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.dockerfiles import find_files, parse_images, parse_yaml, read_images
from collector.errors import InvalidValue, UsageError
from tests.dockerfiles.files import COMPOSE, INLINE, INVALID, MANIFESTS, YAML_WITH_FROM


def test_a_compose_file() -> None:
    found = [(image.line, image.written, image.reference) for image in parse_yaml(COMPOSE)]
    assert found == [
        (3, "nginx:1.13", "nginx:1.13"),
        (7, "python:${TAG:-3.6}", "python:3.6"),
        (9, "${NOT_SET}", ""),
    ]


@pytest.mark.parametrize(
    ("written", "reference"),
    [("C:\\x\\y", "C:\\x\\y"), ("a$$b", "a$b"), ("it's", "it's"), ("${A:-a}$$", "a$"), ("$${A}", "${A}")],
)
def test_only_the_dollar_is_special_in_a_compose_file(written: str, reference: str) -> None:
    (image,) = parse_yaml(f"image: |-\n  {written}\n")
    assert (image.written, image.reference) == (written, reference)


def test_a_dockerfile_in_a_compose_file() -> None:
    assert [(image.line, image.reference, image.problem) for image in parse_yaml(INLINE)] == [
        (3, "a:1", "only Dockerfiles are written"),
        (8, "b:2", "only Dockerfiles are written"),
        (10, "d:3", "only Dockerfiles are written"),
        (11, "", "ARG X has no default"),
        (13, "e:4", "only Dockerfiles are written"),
        (13, "f:5", "only Dockerfiles are written"),
        (16, "", "no FROM in it"),
    ]
    assert not any(image.span for image in parse_yaml(INLINE))
    assert [image.line for image in parse_yaml("dockerfile_inline: >\n  FROM a\n\n  FROM b\n")] == [1, 1]


def test_kubernetes_manifests() -> None:
    references = [image.reference for image in parse_yaml(MANIFESTS)]
    assert references == ["alpine:3.7", "redis:4", f"ghcr.io/owner/name@sha256:{'a' * 64}"]


@pytest.mark.parametrize("text", INVALID, ids=range(8))
def test_invalid_yaml_is_reported(text: str) -> None:
    with pytest.raises(InvalidValue, match="unreadable YAML"):
        parse_yaml(text)


def test_aliases_do_not_multiply() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert [image.reference for image in parse_yaml(f"a0: &a0 {{image: x}}\n{levels}")] == ["x"]


def test_an_alias_names_the_image_of_its_anchor_once() -> None:
    text = "x-base: &base python:3.6\nservices:\n  a:\n    image: *base\n  b:\n    image: *base\n"
    assert [(image.line, image.reference) for image in parse_yaml(text)] == [(1, "python:3.6")]


def test_the_order_is_that_of_the_file() -> None:
    text = "a:\n  build: {image: x:1}\n  image: y:2\n  image: z:3\n"
    assert [image.reference for image in parse_yaml(text)] == ["x:1", "y:2", "z:3"]


@pytest.mark.parametrize("nothing", ["", "~", "null", "''", "{repository: a}", "[a]"])
def test_an_image_without_a_text_is_ignored(nothing: str) -> None:
    assert parse_yaml(f"image: {nothing}\n") == []


def test_bounds() -> None:
    with pytest.raises(InvalidValue, match="longer than 1 MiB"):
        parse_yaml(" " * (2**20 + 1))
    with pytest.raises(InvalidValue, match="more than 1000 images"):
        parse_yaml("\n".join(f"- {{image: a{n}}}" for n in range(1_001)))


@given(st.text(alphabet="image: \n-{}[],&*x'\"#|>%@!", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        images = parse_yaml(text)
    except InvalidValue:
        return
    assert all(image.written for image in images)


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("Dockerfile", "api/Dockerfile.dev", "api/web.dockerfile", "deploy/pod.yaml", "Containerfile", "x.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("FROM alpine\n")
    for name in (".git/Dockerfile", "node_modules/Dockerfile", "readme.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("FROM no\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "x.yml")
    found = [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)]
    assert found == [
        "Containerfile",
        "Dockerfile",
        "x.yml",
        "api/Dockerfile.dev",
        "api/web.dockerfile",
        "deploy/pod.yaml",
    ]
    assert list(find_files(tmp_path / "readme.md")) == [tmp_path / "readme.md"]
    with pytest.raises(UsageError, match="no such file or folder"):
        list(find_files(tmp_path / "none"))


def test_without_a_name_a_mark_of_byte_order_hides_no_from() -> None:
    assert [image.reference for image in parse_images("\ufeffFROM alpine".encode())] == ["alpine"]


@pytest.mark.parametrize("text", YAML_WITH_FROM.values(), ids=YAML_WITH_FROM)
def test_yaml_with_a_line_that_begins_with_from_is_yaml(text: str) -> None:
    assert [image.reference for image in parse_images(text.encode())] == ["a:1"]


def test_a_manifest_of_another_name_is_read_by_its_content() -> None:
    found = parse_images(b'{"kind": "Pod", "spec": {"containers": [{"image": "a:1"}]}}', "pod.json")
    assert [image.reference for image in found] == ["a:1"]


def test_a_template_of_a_dockerfile_is_not_yaml() -> None:
    assert [image.reference for image in parse_images(b"{{ if a }}\nFROM alpine\n{{ end }}\n")] == ["alpine"]


def test_a_file_is_read_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("image: alpine\n")
    (tmp_path / "b").write_text("FROM alpine\n")
    assert [image.reference for name in ("a.yml", "b") for image in read_images(tmp_path / name)] == ["alpine"] * 2
    (tmp_path / "Dockerfile").write_text("image: alpine\n")
    with pytest.raises(InvalidValue, match="no FROM in it"):
        read_images(tmp_path / "Dockerfile")
    (tmp_path / "c").write_bytes(b"#" * (2**22 + 1))
    with pytest.raises(InvalidValue, match="larger than 4 MiB"):
        read_images(tmp_path / "c")
