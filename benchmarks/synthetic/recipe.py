"""An image's own Dockerfile: its steps, the causes of their changes, and their lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

import msgspec

from benchmarks.synthetic.draws import Draws, hash_of, quantile

_LENGTHS = (0, 1, 2, 3, 4, 5, 7, 9, 11, 15, 28)
"""Own steps of an image, at every tenth."""
_COMMANDS = (1, 1, 2, 2, 3, 4, 6, 9, 14, 22, 60)
"""Commands of a RUN, at every tenth."""
_SIZES = (150, 400, 900, 20_000, 200_000, 4_000_000, 20_000_000, 34_000_000, 60_000_000, 240_000_000)
"""Bytes of the layer that a RUN makes."""
_SMALL_SIZES = (120, 150, 310, 420, 500, 900, 2_500, 9_000)
"""Of one that a COPY makes."""
_WORDS = (
    "autoconf bzip2 cmake dirmngr fontconfig gettext git icu libc libevent libffi libjpeg libpng libssl libxml2 "
    "locales make mercurial ncurses openssh patch pcre pkg-config procps readline sqlite tar tk tzdata unzip xz zlib"
).split()


_JOINT = "; \t"
_FIELD = re.compile(r"\{(version|line|revision|variant|hash)\}")


class Kind(Enum):
    """What a step is, and with it what makes it change."""

    VERSION = "version"
    """Changes with every release."""
    CHECKSUM = "checksum"
    RUN = "run"
    """Changes when the Dockerfile is edited."""
    COPY = "copy"
    """Changes when a file beside the Dockerfile does."""
    SETTING = "setting"
    """ENV that an edit may change."""
    FIXED = "fixed"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a Dockerfile."""

    kind: Kind
    text: str
    """With `{version}`, `{revision}`, `{variant}` and `{hash}` where these belong."""
    size: int = 0
    """Bytes of the layer that it makes, about; 0 where it makes none."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of an image's own, in order. A distribution has none: it is its base."""

    places: tuple[Place, ...]
    entrypoint: tuple[str, ...] | None
    command: tuple[str, ...] | None

    @property
    def version_place(self) -> int:
        """The first step that a release changes; all lines of an image share the layers before it."""
        return self._first(Kind.VERSION, 0)

    def edited(self, draws: Draws) -> int:
        """A step that an edit of the Dockerfile changes."""
        return self._one_of(draws, (Kind.RUN, Kind.SETTING))

    def copied(self, draws: Draws) -> int | None:
        """A step that a changed file changes; None where nothing is copied."""
        return self._one_of(draws, (Kind.COPY,)) if any(place.kind is Kind.COPY for place in self.places) else None

    def _first(self, kind: Kind, default: int) -> int:
        return next((number for number, place in enumerate(self.places) if place.kind is kind), default)

    def _one_of(self, draws: Draws, kinds: tuple[Kind, ...]) -> int:
        return draws.one_of([number for number, place in enumerate(self.places) if place.kind in kinds] or [0])


NOTHING = Recipe(places=(), entrypoint=None, command=None)


def write_recipe(draws: Draws, name: str, *, length: int) -> Recipe:
    """A Dockerfile for an image of this name; `length` is its place among the lengths, from 0 up to 2**32."""
    length = quantile(_LENGTHS, length)
    middle = list(_iter_middle(draws, name, length))
    at = min(len(middle), 1 + draws.below(max(1, len(middle) // 2)))
    # What comes behind the version may be said otherwise in each line and variant.
    middle[at:] = map(_with_flavour, middle[at:])
    middle[at:at] = list(_release_places(name))[: max(2, length // 3)]
    script = f"{name}-entrypoint.sh"
    entrypoint = (script,) if draws.percent(42) else None
    ending = []
    if entrypoint:
        ending += [_copy(draws, "/usr/local/bin/"), Place(kind=Kind.FIXED, text=f'ENTRYPOINT ["{script}"]')]
    command = (name,) if draws.percent(97) else None
    if command:
        ending.append(Place(kind=Kind.FIXED, text=f'CMD ["{name}"]'))
    return Recipe(places=(*middle, *ending), entrypoint=entrypoint, command=command)


def render_step(place: Place, *, salt: str, version: str, revision: int, variant: str) -> str:
    """The text of a step as it is at a version, after so many changes, in one variant."""
    digits = hash_of(f"{salt} {version if place.kind is Kind.CHECKSUM else ''} {revision}")
    words = {
        "version": version,
        "revision": str(revision),
        "line": version.rpartition(".")[0],
        "variant": variant,
        "hash": digits,
    }
    return _FIELD.sub(lambda field: words[field[1]], place.text)


def _with_flavour(place: Place) -> Place:
    return msgspec.structs.replace(place, text=place.text.replace("FLAVOUR=any", "FLAVOUR={line}-{variant}"))


def _release_places(name: str) -> Iterator[Place]:
    upper = name.upper()
    yield Place(kind=Kind.VERSION, text=f"ENV {upper}_VERSION={{version}}")
    yield Place(kind=Kind.VERSION, text=f"ENV {upper}_URL=https://dist.{name}.example/{{version}}/")
    yield Place(kind=Kind.CHECKSUM, text=f"ENV {upper}_SHA256={{hash}}")
    commands = (
        f'wget -O {name}.tar.xz "${upper}_URL/{name}-{{version}}.tar.xz"',
        f'echo "${upper}_SHA256 *{name}.tar.xz" | sha256sum -c -',
        'make -j "$(nproc)" FLAVOUR={variant} PATCHES={revision}',
        "make install",
    )
    yield Place(kind=Kind.RUN, text=f"RUN set -eux; \t{_JOINT.join(commands)}", size=24_000_000)


def _iter_middle(draws: Draws, name: str, length: int) -> Iterator[Place]:
    fixed = iter(_fixed(draws, name))
    for number in range(length):
        kind = draws.weighted((38, 18, 12, 32))
        if kind == 0 or number == 0:
            yield _run(draws, name)
        elif kind == 1:
            text = f"ENV {name.upper()}_{draws.one_of(_WORDS).upper().replace('-', '_')}=1.{number}.{{revision}}"
            yield Place(kind=Kind.SETTING, text=text)
        elif kind == 2:
            yield _copy(draws, f"/etc/{name}/{draws.one_of(_WORDS)}.conf")
        else:
            yield next(fixed, Place(kind=Kind.FIXED, text=f"LABEL org.example.{name}.part{number}=yes"))


def _run(draws: Draws, name: str) -> Place:
    commands = [f"apt-get install -y {draws.one_of(_WORDS)}=1.{draws.below(30)}.{{revision}} FLAVOUR=any"]
    commands += [
        f"configure --with-{draws.one_of(_WORDS)}=/opt/{name}/{draws.one_of(_WORDS)}"
        for _ in range(draws.spread(_COMMANDS) - 1)
    ]
    return Place(kind=Kind.RUN, text=f"RUN set -ex; \t{_JOINT.join(commands)}", size=draws.spread(_SIZES))


def _copy(draws: Draws, where: str) -> Place:
    return Place(kind=Kind.COPY, text=f"COPY file:{{hash}} in {where} ", size=draws.spread(_SMALL_SIZES))


def _fixed(draws: Draws, name: str) -> Iterator[Place]:
    texts = (
        f"WORKDIR /usr/src/{name}",
        f"EXPOSE {1024 + draws.below(9000)}/tcp",
        f"VOLUME [/var/lib/{name}]",
        f"ENV PATH=/usr/local/{name}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "ENV LANG=C.UTF-8",
        f"LABEL maintainer={name} <team@{name}.example>",
        "STOPSIGNAL SIGTERM",
        f"ENV HOME=/home/{name}",
    )
    return (Place(kind=Kind.FIXED, text=text) for text in texts)
