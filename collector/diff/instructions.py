"""A step's text as an instruction of a Dockerfile.

The classic builder on Windows leaves its bookkeeping in (`RUN cmd /S /C #(nop)  CMD ["cmd"]`); BuildKit adds
`# buildkit`; some versions of Docker leave a space at the end (`ADD file:… in / `), and some wrote single values in
brackets (`USER [groovy]`). Pages show the arguments of a build in lines of their own above the step, and note there
what their generator could not read:

    # ARGS: MAVEN_VERSION=3.5.2
    RUN curl -fsSL …
"""

from __future__ import annotations

import re
from functools import lru_cache

INSTRUCTIONS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME "
    "WORKDIR".split()
)

FILE_INSTRUCTIONS = frozenset({"ADD", "COPY", "RUN", ""})
"""Those that make files, and with them a layer; steps of tools without a Dockerfile do so too."""

_NOTES = re.compile(r"(?:# (?:ARGS?: |unable to parse )[^\n]*(?:\n|\Z))+")
_BOOKKEEPING = "#(nop) "
_SHELL_LENGTH = 500
"""Characters within which a shell's own words end, before the bookkeeping mark."""

_SHORT = 2_000
"""Characters of a step that is worth remembering."""


def bare_step(text: str) -> str:
    """A step's text without what the builder left around it, which is no part of the Dockerfile.

    >>> bare_step('RUN cmd /S /C #(nop)  CMD ["cmd"]')
    'CMD ["cmd"]'
    """
    return _bare_often(text) if len(text) <= _SHORT else _bare(text)


def _bare(text: str) -> str:
    if text.startswith("RUN "):
        mark = text.find(_BOOKKEEPING, 4, _SHELL_LENGTH)
        if mark > 0:
            text = text[mark + len(_BOOKKEEPING) :].lstrip()
    return text.rstrip().removesuffix("# buildkit").rstrip()


def notes_of(text: str) -> str:
    r"""The lines that the generator of a page put above a step.

    >>> notes_of("# ARGS: A=1\nRUN make")
    '# ARGS: A=1\n'
    """
    notes = _NOTES.match(text)
    return notes[0] if notes else ""


def split_step(text: str) -> tuple[str, str]:
    """A step's instruction and what follows it; steps of tools without a Dockerfile (Jib, Bazel) have no instruction.

    >>> split_step("EXPOSE map[80/tcp:{}]")
    ('EXPOSE', 'map[80/tcp:{}]')
    """
    return _split_often(text) if len(text) <= _SHORT else _split(text)


def _split(text: str) -> tuple[str, str]:
    bare = _bare(text[len(notes_of(text)) :])
    name, _, rest = bare.partition(" ")
    return (name, rest.strip()) if name in INSTRUCTIONS else ("", bare)


# A step is met in many images, and more than once in each; these hold at most some 50 MB.
_bare_often = lru_cache(maxsize=8192)(_bare)
_split_often = lru_cache(maxsize=8192)(_split)


def destination_of(rest: str) -> str:
    """Where an ADD or COPY puts its files: `/usr/local/bin/`."""
    return rest.rpartition(" ")[2]


def without_brackets(value: str) -> str:
    """`[groovy]` as `groovy`."""
    return value[1:-1].strip() if value.startswith("[") and value.endswith("]") else value
