"""The real descriptions of the Docker Official Images, rendered again from their parts."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from collector.describe.official import describe_official

NOT_IN_THE_INPUTS = {
    "amd64/hello-world": "what `docker images` printed there; content.md has it as printed for `hello-world`, and "
    "nothing tells that it was printed anew for this repository and not for arm64v8, riscv64 and winamd64",
    "i386/hello-world": "what `docker images` printed there: the Image ID and the size of its own image",
}
"""Files whose bytes depend on more than the data: three lines of each are the output of a program."""


def test_every_real_description_is_made_again_byte_for_byte(data_dir: Path) -> None:
    folder = data_dir / "hub-descriptions"
    files = sorted((folder / "expected").glob("*/*.md"))
    assert len(files) == 438
    different = {}
    for path in files:
        branch, image = path.parent.name, path.stem
        architecture = None if branch == "master" else branch
        described = describe_official(
            image, library=folder / "library", docs=folder / "docs", architecture=architecture
        )
        if described.text.encode() != path.read_bytes():
            different[f"{branch}/{image}"] = (described.text, path.read_text(encoding="utf-8"))
    assert set(different) == set(NOT_IN_THE_INPUTS)
    for made, expected in different.values():
        assert _without_images_table(made) == _without_images_table(expected)


def test_more_real_descriptions_are_made_again_byte_for_byte(data_dir: Path, tmp_path: Path) -> None:
    """Images with later parts: shared tags of some architectures only, a `variant.md` of their own."""
    folder, docs = data_dir / "hub-descriptions", tmp_path / "docs"
    for source in (folder / "docs", data_dir / "hub-descriptions-more" / "docs"):
        copytree(source, docs, dirs_exist_ok=True, copy_function=copyfile)
    files = sorted((data_dir / "hub-descriptions-more" / "expected").glob("*/*.md"))
    assert len(files) == 18
    for path in files:
        architecture = None if path.parent.name == "master" else path.parent.name
        described = describe_official(path.stem, library=folder / "library", docs=docs, architecture=architecture)
        assert described.text.encode() == path.read_bytes(), path


def _without_images_table(text: str) -> str:
    without, count = re.subn(r"(?m)(?<=^\$ docker images )(\S+)\n(?:.+\n){2}```$", r"\1\n```", text)
    assert count == 1
    return without


@pytest.mark.parametrize("text", ["58011732f3fb", "9.756kB"])
def test_the_inputs_of_the_exceptions_are_missing(data_dir: Path, text: str) -> None:
    folder = data_dir / "hub-descriptions"
    inputs = [path for part in ("docs", "library") for path in (folder / part).rglob("*") if path.is_file()]
    assert len(inputs) > 600
    assert not [path for path in inputs if text.encode() in path.read_bytes()]
