"""The images that Dockerfiles name: forms from the reference of Dockerfiles, and what people write."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.dockerfiles import NamedImage, Pin, parse_dockerfile, write_pins
from collector.errors import InvalidValue, UsageError
from collector.model.digests import Digest
from collector.model.references import Tag
from tests.dockerfiles.files import FILES, HEX


@pytest.mark.parametrize("name", FILES)
def test_every_image_is_found(name: str) -> None:
    text, references = FILES[name]
    assert [image.reference for image in parse_dockerfile(text)] == references


def pinned(text: str) -> str:
    """The text with every image pinned that can be."""
    images = [image for image in parse_dockerfile(text) if image.span]
    return write_pins(text, [Pin(image=one, tag=Tag("1"), digest=Digest(f"sha256:{HEX}")) for one in images])


PIN = f":1@sha256:{HEX}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("FROM python:3.6 AS a # b\r\n", f"FROM python{PIN} AS a # b\r\n"),
        ("FROM python", f"FROM python{PIN}"),
        (f"FROM python:3@sha256:{'b' * 64}\n", f"FROM python{PIN}\n"),
        ('FROM  "docker.io/library/python:3"\n', f'FROM  "docker.io/library/python{PIN}"\n'),
        ("FROM localhost:5000/app\n", f"FROM localhost:5000/app{PIN}\n"),
        ("ARG A='x:3' B=2\nFROM $A\nFROM ${A}\n", f"ARG A='x{PIN}' B=2\nFROM $A\nFROM ${{A}}\n"),
        ("ARG V=3\nFROM python:$V\n", "ARG V=3\nFROM python:$V\n"),
        ("FROM pyth\\\non:3\n", "FROM pyth\\\non:3\n"),
        ("FROM \\\n  python:3 \\\n  AS a\n", f"FROM \\\n  python{PIN} \\\n  AS a\n"),
        ("FROM a\nCOPY --from=b:2 /a /\n", f"FROM a{PIN}\nCOPY --from=b{PIN} /a /\n"),
    ],
)
def test_a_pin_changes_the_name_and_nothing_else(before: str, after: str) -> None:
    assert pinned(before) == after
    assert pinned(after) == after


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ARG V=3\nFROM python:$V\n", "its name depends on ARG V"),
        ("FROM python:$V\n", "ARG V has no default"),
        ("FROM python:${V#3}\n", "it has a variable of a form that is not supported"),
        ('FROM ""\n', "its name is empty, or split over lines"),
        ("FROM pyth\\\non:3\n", "its name is empty, or split over lines"),
    ],
)
def test_a_name_that_cannot_be_pinned_has_a_reason(text: str, problem: str) -> None:
    (image,) = parse_dockerfile(text)
    assert (image.span, image.problem) == (None, problem)


def test_a_line_is_that_of_the_instruction() -> None:
    assert [image.line for image in parse_dockerfile("# a\n\nFROM a\nRUN b \\\n c\nFROM \\\n d\n")] == [3, 6]


@pytest.mark.parametrize(
    "text", ["", "# FROM python\n\n  # FROM alpine\n", "ARG A=1\nRUN <<E\nFROM a\nE\n", "image: python"]
)
def test_a_text_without_from_is_not_a_dockerfile(text: str) -> None:
    with pytest.raises(InvalidValue, match="no FROM in it"):
        parse_dockerfile(text)


def test_bounds() -> None:
    with pytest.raises(InvalidValue, match="longer than 1 MiB"):
        parse_dockerfile(" " * (2**20 + 1))
    with pytest.raises(InvalidValue, match="more than 1000 images"):
        parse_dockerfile("FROM a\n" * 1_001)
    (image,) = parse_dockerfile(
        "".join(f"ARG A{n}=${{A{n - 1}:-aa}}$A{n - 1}\n" for n in range(1, 40)) + "FROM a$A39\n"
    )
    assert not image.reference


@pytest.mark.parametrize(
    "text",
    [
        "ARG " + " ".join(f"A{number}=1" for number in range(50_000)) + "\nFROM a\n",
        "".join(f"FROM scratch AS s{number}\n" for number in range(25_000)) + "COPY --from=s1 a b\n" * 25_000,
    ],
    ids=["arguments", "stages"],
)
def test_a_file_takes_time_in_proportion(text: str) -> None:
    began = process_time()
    parse_dockerfile(text)
    assert process_time() - began < 5  # a tenth of a second; with a look at all of them for each it is a minute


def test_a_date_is_no_reference_of_a_build() -> None:
    (image,) = parse_dockerfile("FROM python:3.6@2018-01-01\n")
    with pytest.raises(UsageError, match="a build knows no dates"):
        _ = image.asked


WORDS = ["FROM ", "from", "ARG ", "A=1", "RUN ", "COPY ", "--from=", "a:1", "AS ", "@sha256:", "é", "--mount=from="]
SIGNS = [
    "$A",
    "${A}",
    "${",
    "}",
    "\\\n",
    "\n",
    "\r\n",
    "<<E",
    "E\n",
    "\t",
    " ",
    "'",
    '"',
    "`",
    "# escape=`\n",
    "\ufeff",
]
PIECES = st.sampled_from([*WORDS, *SIGNS])


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_pinned_within_its_own_places(text: str) -> None:
    with suppress(InvalidValue):  # it has no FROM
        check_places(parse_dockerfile(text))


def check_places(images: list[NamedImage]) -> None:
    for image in images:
        assert (image.span is None) == bool(image.problem)
    places = sorted({image.span for image in images if image.span})
    assert all(start < end for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
