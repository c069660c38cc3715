"""The images that a Dockerfile names in FROM, COPY --from and RUN --mount (docs.docker.com/reference/dockerfile)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from collector.dockerfiles.instructions import Instruction, iter_instructions
from collector.dockerfiles.variables import expand
from collector.errors import InvalidValue, UsageError
from collector.model.references import Asked, parse_asked

MAX_CHARACTERS = 2**20
MAX_IMAGES = 1_000
_WORD = re.compile(r"\S+")
_ARGUMENT = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")
_ONE_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))\Z")
_MOUNT = re.compile(r"--mount=(?:\S*,)?from=([^\s,]+)")
_NUMBER = re.compile(r"[0-9]+\Z")
_NOTHING = "scratch"


class NamedImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image that a file names."""

    line: int
    written: str
    """The name as it is written in the file, with its variables."""
    reference: str
    """The name with the defaults of its variables; empty if one has none."""
    span: tuple[int, int] | None
    """The place in the file of the name that a pin replaces; None: it cannot be pinned, for the reason in `problem`."""
    problem: str = ""

    @property
    def asked(self) -> Asked:
        """The reference, parsed.

        Raises:
            UsageError: it is not one.
        """
        asked = parse_asked(self.reference)
        if asked.as_of:
            raise UsageError(f"{self.reference[:300]!r}: a build knows no dates", hint="write IMAGE:TAG@sha256:…")
        return asked


def parse_dockerfile(text: str) -> list[NamedImage]:
    """The images that a Dockerfile names, in order, without its own stages and `scratch`.

    Raises:
        InvalidValue: the text has no FROM, is longer than 1 MiB, or names more than 1,000 images.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidValue("longer than 1 MiB", hint="name a Dockerfile")
    found: list[NamedImage] = []
    dockerfile = _Dockerfile(text)
    for image in dockerfile.iter_images():
        if len(found) == MAX_IMAGES:
            raise InvalidValue(f"more than {MAX_IMAGES} images", hint="name a Dockerfile")
        found.append(image)
    if not dockerfile.has_stage:
        raise InvalidValue("no FROM in it", hint="name a Dockerfile")
    return found


class _Dockerfile:
    """The stages and global arguments of a Dockerfile so far."""

    def __init__(self, text: str) -> None:
        self._instructions = list(iter_instructions(text))
        self._stages = {_NOTHING}
        """The names of the stages in small letters, and the name of the empty image."""
        self._all_stages = self._stages.union(map(_stage_of, self._instructions))
        """The same, with those of the stages that follow."""
        self._values: dict[str, str] = {}
        """The default of each global ARG."""
        self._spans: dict[str, tuple[int, int] | None] = {}
        """Its place in the file; None: it has variables, or is split over lines."""
        self.has_stage = False

    def iter_images(self) -> Iterator[NamedImage]:
        for instruction in self._instructions:
            if instruction.name == "ARG" and not self.has_stage:
                self._add_arguments(instruction)
            elif instruction.name == "FROM":
                yield from self._base(instruction)
            elif instruction.name in {"COPY", "RUN"}:
                yield from self._sources(instruction)

    def _add_arguments(self, instruction: Instruction) -> None:
        """ARG before the first FROM: a FROM may use only the defaults of these."""
        for match in _ARGUMENT.finditer(instruction.text):
            name, equals, default = match[0].partition("=")
            if not equals:
                continue
            start, end = _unquoted(default, match.end() - len(default), match.end())
            try:
                expanded = expand(default, self._values)
            except InvalidValue:
                continue
            self._values[name] = expanded.text
            self._spans[name] = None if expanded.names else instruction.span(start, end)

    def _base(self, instruction: Instruction) -> Iterator[NamedImage]:
        self.has_stage = True
        words = _words_of(instruction)
        if not words:
            return
        image = self._image(instruction, *words[0].span())
        if image.reference.lower() not in self._stages:
            yield image
        self._stages.add(_stage_of(instruction))

    def _sources(self, instruction: Instruction) -> Iterator[NamedImage]:
        """COPY --from=IMAGE and RUN --mount=…,from=IMAGE, unless they name a stage or its number.

        The stage may follow: BuildKit's dockerfile2llb/convert.go names all stages before it reads their steps.
        """
        pattern = re.compile(r"--from=(\S+)") if instruction.name == "COPY" else _MOUNT
        for flag in _flags_of(instruction.text):
            match = pattern.match(flag[0])
            if match:
                start = flag.start() + match.start(1)
                image = self._image(instruction, start, start + len(match[1]))
                name = image.reference.lower()
                if not _NUMBER.match(name) and name not in self._all_stages:
                    yield image

    def _image(self, instruction: Instruction, start: int, end: int) -> NamedImage:
        written = instruction.text[start:end]
        try:
            expanded = expand(written, self._values)
        except InvalidValue as error:
            return NamedImage(line=instruction.line, written=written, reference="", span=None, problem=str(error))
        span, problem = instruction.span(*_unquoted(written, start, end)), ""
        if expanded.names:
            span, problem = self._span_of_default(written), f"its name depends on ARG {expanded.names[0]}"
        elif span is None:
            problem = "its name is empty, or split over lines"
        return NamedImage(
            line=instruction.line,
            written=written,
            reference=expanded.text,
            span=span,
            problem="" if span else problem,
        )

    def _span_of_default(self, written: str) -> tuple[int, int] | None:
        """The place of the ARG whose default is the whole name; None if a variable is only a part of it."""
        variable = _ONE_VARIABLE.match(written)
        return self._spans.get(variable[1] or variable[2]) if variable else None


def _words_of(instruction: Instruction) -> list[re.Match[str]]:
    """The words of a FROM, without its flags."""
    return [match for match in _WORD.finditer(instruction.text) if not match[0].startswith("--")]


def _stage_of(instruction: Instruction) -> str:
    """The name that a FROM gives to its stage, in small letters; that of the empty image if it gives none."""
    words = _words_of(instruction) if instruction.name == "FROM" else []
    return words[2][0].lower() if len(words) == 3 and words[1][0].lower() == "as" else _NOTHING


def _flags_of(text: str) -> Iterator[re.Match[str]]:
    """The words before the first that is no flag."""
    for match in _WORD.finditer(text):
        if not match[0].startswith("--"):
            return
        yield match


def _unquoted(word: str, start: int, end: int) -> tuple[int, int]:
    """The place of a word without the quotes around it."""
    is_quoted = len(word) >= 2 and word[0] == word[-1] and word[0] in "\"'"
    return (start + 1, end - 1) if is_quoted else (start, end)
