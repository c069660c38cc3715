"""Unusual states, including those for which JavaScript and Python differ."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from collector.model.annotations import BASE_DIGEST, BASE_NAME, REVISION, SOURCE, VERSION
from collector.model.images import Artifact, Config, Healthcheck, Image, Layer, Runtime, State, Step
from collector.model.packages import ImagePackages, Inventory, Package, PackageList, package_list
from collector.model.platforms import Platform
from collector.model.times import Time
from tests.diff.builders import AMD64, ROOT, image, layer, named, state

SMILE = "\U0001f600"
"""One code point, two units of UTF-16; before U+FF01 by units, behind it by code points."""
WIDE = "\uff01"
SPACES = "\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2028\u2029\u202f\u205f\u3000"
"""White space in Python; the first five are not white space in JavaScript."""
NO_SPACE = "\ufeff\u200b\u180e"
"""The first is white space only in JavaScript."""

WORDS = [
    *(
        "3.6.4",
        "v1.0rc1",
        "10.0.14393.2007",
        "\u0663.\u0664",
        "wget",
        "apt-get",
        "a" * 45,
        "&&",
        "\\",
        "...",
        "=",
        ":{}",
    ),
    *(
        "\u017fHA256",
        "KEY\u0131",
        "\u212aEY",
        "caf\u00e9",
        "\u4e16\u754c",
        SMILE,
        SMILE * 3,
        WIDE,
        "\x00",
        "<b>",
        "NONE",
    ),
    *(
        " ",
        "  ",
        "\t",
        "\n",
        *SPACES,
        *NO_SPACE,
        "/data",
        "C:\\data",
        "/",
        "..",
        '"',
        "'",
        "[",
        "]",
        "{",
        "}",
        ",",
        "$",
    ),
    *("APP_VERSION=1.0", "APP_VERSION=1.1", "A=1", "B=2 C=3", "opts=-a level=3", "__proto__=1", "constructor=x", "7=8"),
    *("file:" + "0" * 64, "file:" + "1" * 64, "in", " /", " # buildkit", "#(nop) ", "map[80/tcp:{}", "53/udp", "80"),
]
BEGINNINGS = [
    *("# ARGS: A=1\nRUN ", '# ARG: "A" => "1"\n# ARG: "B" => ""\nENV ', "# unable to parse it:\n", "# ARGS: A=1"),
    *(
        "RUN ",
        "RUN ",
        "RUN ",
        "ENV ",
        "ENV ",
        "ARG ",
        "LABEL ",
        "EXPOSE ",
        "VOLUME ",
        "WORKDIR ",
        "USER ",
        "STOPSIGNAL ",
    ),
    'HEALTHCHECK &{["CMD-SHELL" "a \\" b"] "1m30s" "1.5s" "0s" \'\\x03\'}',
    *("MAINTAINER ", "HEALTHCHECK ", "ADD ", "COPY ", "CMD ", "ONBUILD ", "SHELL ", "ENTRYPOINT ", "", "run ", "CMD"),
    *("RUN cmd /S /C #(nop)  ENV ", "RUN Apply image 10.0.", "RUN Install update 10.0.", "Install update "),
]
ENDINGS = ["", "", " ", "3.6.5", " and a good many words that are the same on both sides " * 3]


@st.composite
def steps_alike(draw: st.DrawFn) -> list[str]:
    """A step, and the same with a word exchanged."""
    beginning, ending = draw(st.sampled_from(BEGINNINGS)), draw(st.sampled_from(ENDINGS))
    words = draw(st.lists(st.sampled_from(WORDS), max_size=8))
    other = list(words)
    if words:
        other[draw(st.integers(min_value=0, max_value=len(words) - 1))] = draw(st.sampled_from(WORDS))
    return [f"{beginning}{''.join(some)}{ending}" for some in (words, other)]


TIMES = st.sampled_from(
    [
        *(None, "2018-01-29T12:00:00Z", "2018-01-29T12:01:00Z", "2018-01-29T12:01:01Z", "2020-02-29T00:00:00Z"),
        *("0000-01-01T00:00:00Z", "2018-02-30T00:00:00Z", "2018-01-29T24:00:00Z", "2018-01-29T12:00:60Z"),
        *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    ]
).map(lambda text: text and Time(text))
NAMES = st.sampled_from(["PATH", "__proto__", "constructor", "1", "10", "2", SMILE, WIDE, "", "a b", f"{SMILE}{WIDE}"])
VALUES = st.sampled_from(["", "1", "2", SMILE * 41, SMILE * 40, "x" * 41, f"a{SPACES}b", "3.6.4", "3.6.5", "0"])
PAIRS_OF_TEXT = st.lists(st.tuples(NAMES, VALUES), max_size=4).map(lambda some: tuple(sorted(dict(some).items())))
NANOSECONDS = st.one_of(
    st.sampled_from([0, 1, 500_000_000, 10**9, 30 * 10**9, 60 * 10**9, 90 * 10**9, 90 * 10**9 + 1, 2**53 - 1]),
    st.integers(min_value=0, max_value=2**53 - 1),
)
RUNTIMES = st.builds(
    Runtime,
    environment=st.lists(st.builds("{}={}".format, NAMES, VALUES), max_size=3).map(tuple),
    labels=PAIRS_OF_TEXT,
    exposed_ports=st.lists(st.sampled_from(["80", "80/tcp", "53/udp", SMILE]), max_size=2).map(tuple),
    volumes=st.lists(st.sampled_from(["/data", "C:\\", SMILE, WIDE]), max_size=2).map(tuple),
    working_directory=st.sampled_from(["", "/", "/app"]),
    user=VALUES,
    stop_signal=st.sampled_from(["", "SIGQUIT"]),
    healthcheck=st.one_of(
        st.none(),
        st.builds(
            Healthcheck,
            test=st.lists(st.sampled_from(["NONE", "CMD", "CMD-SHELL", "true", ""]), max_size=3).map(tuple),
            interval=NANOSECONDS,
            timeout=NANOSECONDS,
            retries=st.integers(min_value=0, max_value=3),
            start_period=NANOSECONDS,
            start_interval=NANOSECONDS,
        ),
    ),
    on_build=st.lists(st.sampled_from(["RUN a", "COPY . /", SMILE]), max_size=2).map(tuple),
    stop_timeout=st.sampled_from([None, 0, 5]),
)
PLATFORMS = st.just(AMD64) | st.builds(
    Platform,
    os=st.sampled_from(["linux", "windows", "unknown", "", SMILE * 51, "a/b"]),
    architecture=st.sampled_from(["amd64", "arm64", "unknown", ""]),
    variant=st.sampled_from(["", "v8", "2"]),
    os_version=st.sampled_from(["", "10.0.1.1", "10.0.1.2", "10.0.2.1", SMILE * 41]),
)
DIGESTS = st.sampled_from([named(str(number)) for number in range(30)])
SIZES = st.one_of(st.integers(min_value=0, max_value=9), st.sampled_from([2**31, 2**48]))
"""Sums of them stay below 2**53: beyond, a browser's numbers are no longer exact, and two sizes may become equal."""
LAYERS = st.builds(
    lambda number, size, kind: Layer(digest=named(str(number)), size=size, media_type=kind),
    st.integers(min_value=0, max_value=6),
    SIZES,
    st.sampled_from(["", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"]),
)
COMMANDS = st.one_of(st.none(), st.lists(st.sampled_from(WORDS), max_size=3).map(tuple))
ANNOTATIONS = st.lists(
    st.tuples(
        st.sampled_from([BASE_NAME, BASE_DIGEST, VERSION, REVISION, SOURCE, "__proto__"]),
        st.sampled_from(["", "debian:12", "debian:13", "0" * 40, "1" * 40, f" {SMILE * 41} ", "a\x85b", "1.0", "1.1"]),
    ),
    max_size=6,
).map(lambda some: tuple(sorted(dict(some).items())))
ARTIFACTS = st.lists(st.builds(Artifact, digest=DIGESTS, kind=st.just("k"), size=SIZES), max_size=3).map(tuple)


def images_of(steps: list[str], platforms: list[Platform]) -> st.SearchStrategy[Image]:
    """Images for these platforms, made of these steps."""
    configs = st.builds(
        Config,
        digest=DIGESTS,
        platform=PLATFORMS,
        history=st.lists(st.builds(Step, created=TIMES, text=st.sampled_from(steps)), max_size=8).map(tuple),
        docker_version=st.sampled_from([None, "1"]),
        entrypoint=COMMANDS,
        cmd=COMMANDS,
        shell=COMMANDS,
        built=TIMES,
        runtime=st.none() | RUNTIMES,
    )
    return st.builds(
        Image,
        manifest=DIGESTS,
        media_type=st.just("m"),
        platform=st.sampled_from(platforms),
        config=configs,
        layers=st.lists(LAYERS, max_size=4).map(tuple),
        annotations=ANNOTATIONS,
    )


@st.composite
def pairs_alike(draw: st.DrawFn) -> tuple[State | None, State | None]:
    """Two states with common platforms and steps."""
    steps = draw(st.lists(steps_alike(), min_size=1, max_size=4))
    platforms = draw(st.lists(PLATFORMS, min_size=1, max_size=3))
    images = images_of([text for some in steps for text in some], platforms)
    states = st.builds(
        State,
        digest=DIGESTS,
        media_type=st.sampled_from(["a", "b"]),
        all_images=st.lists(images, min_size=1, max_size=3).map(tuple),
        artifacts=ARTIFACTS,
        unread=st.lists(st.sampled_from(platforms), max_size=1).map(tuple),
    )
    before, after = draw(states), draw(states)
    return draw(st.sampled_from([*[(before, after)] * 20, (None, after), (before, None), (before, before)]))


_PACKAGES = st.builds(
    Package,
    type=st.sampled_from(["deb", "deb", "rpm", "apk", "npm"]),
    name=st.sampled_from(["openssl", "libc6:i386", "libc6", "@babel/core", SMILE, WIDE, "<b>", "__proto__", "7"]),
    version=st.sampled_from(["", "1", "1:1", "32:1", "\u0663:1", "2, 3", SMILE, WIDE, "constructor"]),
    source=st.sampled_from(["", "", "openssl", "glibc:x", "__proto__", WIDE]),
    source_version=st.sampled_from(["", "", "1", SMILE]),
)


@st.composite
def packages_alike(draw: st.DrawFn) -> tuple[ImagePackages | None, ImagePackages | None]:
    """The packages of two images, which have some in common; of one scanner or of two."""
    common = draw(st.lists(_PACKAGES, max_size=6))
    lists = st.lists(_PACKAGES, max_size=4).map(lambda some: package_list([*common, *some]))
    known = st.none() | st.builds(known_packages, lists, st.sampled_from(["page", "page", "syft 1"]))
    return draw(known), draw(known)


def known_packages(packages: PackageList, by: str) -> ImagePackages:
    """The packages of any image."""
    time = Time("2018-01-29T12:00:00Z")
    return ImagePackages(Inventory(config=named("any"), packages=packages.id, by=by, time=time), packages)


def _pair(before: list[str], after: list[str]) -> tuple[State, State]:
    old = image("old", *before, layers=(layer("root"), layer("old")))
    new = image("new", *after, layers=(layer("root"), layer("new")))
    return state(old), state(new)


def _collected(before: Runtime, after: Runtime) -> tuple[State, State]:
    images = []
    for name, runtime in (("old", before), ("new", after)):
        bare = image(name, ROOT)
        images.append(msgspec.structs.replace(bare, config=msgspec.structs.replace(bare.config, runtime=runtime)))
    return state(images[0]), state(images[1])


def _cut_at(length: int) -> tuple[State, State]:
    """Texts around a length: of code points that are one unit, of such that are two, and of both."""
    texts = [
        f"{mark}{unit * (length + more)}"
        for mark in ("", "RUN ")
        for unit in ("x", SMILE, f" {SMILE}")
        for more in (-1, 0, 1)
    ]
    return _pair([f"RUN {text}" for text in texts], [f"ENV A={text} {text}" for text in texts])


def _changed_at(length: int) -> tuple[State, State]:
    """Two words with so many characters between them that stay."""
    steps = [f"RUN {{}} {(SMILE + ' ') * (length + more)}{{}}" for more in (-1, 0, 1)]
    return _pair([step.format("a", "b") for step in steps], [step.format("c", "d") for step in steps])


def _linux(variant: str) -> Platform:
    return Platform(os="linux", architecture="amd64", variant=variant)


def _exchanged(count: int, added: int, most: int) -> tuple[list[str], list[str]]:
    """So many words, of which every other one is exchanged up to a count, and some that are only in the second list."""
    before = [f"w{number}" for number in range(most)]
    after = [f"x{word}" if place % 2 and place < 2 * count else word for place, word in enumerate(before)]
    return before, after[:1] + [f"y{number}" for number in range(added)] + after[1:]


def _words_different(added: int) -> tuple[State, State]:
    before, after = _exchanged(150, added, 400)
    return _pair([f"RUN {' '.join(before)}"], [f"RUN {' '.join(after)}"])


def _steps_different(added: int) -> tuple[State, State]:
    before, after = _exchanged(200, added, 500)
    return _pair([f"ENV {name}=1" for name in before], [f"ENV {name}=1" for name in after])


def _compared_up_to(length: int) -> tuple[State, State]:
    """One word is another, in steps of so many characters."""
    steps = [f"RUN {SMILE * (length + more - 6)} " for more in (-1, 0, 1)]
    return _pair([f"{step}a" for step in steps], [f"{step}b" for step in steps])


EDGES: dict[str, tuple[State, State]] = {
    **{f"cut at {length}": _cut_at(length) for length in (20, 40, 60, 500, 8_000, 10_000, 20_000)},
    **{f"changed at {length}": _changed_at(length) for length in (20, 40, 60, 120)},
    **{f"{300 + added} words differ": _words_different(added) for added in (0, 1)},
    **{f"{400 + added} steps differ": _steps_different(added) for added in (0, 1)},
    "compared up to 20,000": _compared_up_to(20_000),
    "settings by code points": _collected(
        Runtime(labels=((WIDE, "1"), (SMILE, "1"))), Runtime(labels=((WIDE, "2"), (SMILE, "2"), ("__proto__", "3")))
    ),
    "numbers as names": _collected(
        Runtime(labels=(("10", "1"), ("2", "1"))), Runtime(labels=(("-1", "1"), ("10", "2"), ("2", "2")))
    ),
    "bookkeeping far behind": _pair(
        [f"RUN {SMILE * length} #(nop) CMD x" for length in (485, 487, 488, 489, 490, 492)], [ROOT]
    ),
    "spaces": _pair(
        [f"RUN a{space}b" for space in SPACES + NO_SPACE], [f"RUN a {space}c{space}" for space in SPACES + NO_SPACE]
    ),
    "many volumes of nothing": _pair([ROOT], ["VOLUME " + "," * 200_000 + "x"]),
    "a hundred thousand steps": _pair(
        [f"ENV A{number}=1" for number in range(100_000)], [f"ENV A{number}=2" for number in range(100_000)]
    ),
    "twenty thousand that stay": _pair(
        [ROOT, *(f"RUN {number}" for number in range(20_000))], [f"RUN {number}" for number in range(20_000)]
    ),
    "the most that is looked at for pairs": _pair(
        [f"RUN make {number} of {number % 7}" for number in range(40)],
        [f"RUN made {number} of {number % 5}" for number in range(40)],
    ),
    "thousands of images for one platform": (
        state(*(image("old", platform=AMD64) for _ in range(4_000))),
        state(*(image(f"{number}", platform=AMD64) for number in range(4_000))),
    ),
    "a slug that a number has taken": (
        state(*(image(f"a{variant}", platform=_linux(variant)) for variant in ("2", "", "", "2"))),
        state(*(image(f"b{variant}", platform=_linux(variant)) for variant in ("", "", "2-2", "2", ""))),
    ),
    "the largest sizes that a double holds exactly": (
        state(image("old", ROOT, layers=(layer("a", 2**51), layer("b", 2**51)))),
        state(image("new", ROOT, layers=(layer("a", 2**51), layer("c", 2**51), layer("d", 2**51), layer("e", 1)))),
    ),
}
"""Each is an example for which the two languages could differ."""
