"""Random Dockerfiles and YAML files, with what the two readers of each could read differently."""

from __future__ import annotations

from hypothesis import strategies as st

_DOCKERFILE = [
    *("FROM ", "from ", "FROM\t", "FROM a\n", "FROM $A\n", "FROM ${A}\n", "FROM b AS c\n", "--platform=$B "),
    *("ARG ", "ARG A=", "A=1", "B='x'", 'C="y"', "=", "$A", "${A}", "${A:-x}", "${A:+y}", "${A-", "${", "}"),
    *("RUN ", "COPY ", "ADD ", "ONBUILD ", "--from=", "--mount=", "from=", "type=bind,", "0", "²", "٣"),
    *("a:1", "alpine", "python:3.6-slim", f"@sha256:{'a' * 64}", "AS ", "as ", "s1", "s1 ", "scratch", "ß", "İ", "😀"),
    *("\\\n", "\\", "`\n", "`", "\n", "\n", "\r\n", "\r", "<<E", "<<-E", '<<"E"', "E\n", "\tE\n", "\n E\n"),
    *("# escape=`\n", "#escape=\\\n", "# syntax=x\n", "# c\n", "\ufeff"),
    *("\t", " ", "  ", "'", '"', "\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u2028", "\u3000"),
]
DOCKERFILES = st.lists(st.sampled_from(_DOCKERFILE), max_size=20).map("".join)
_YAML = [
    *("dockerfile_inline: |\n  FROM a", "dockerfile_inline: FROM b", "dockerfile_inline:", "FROM c", "|+"),
    *("image: a", "image: 'b:1'", 'image: "c"', "image:", "image: *x", "image: ${A:-q}", "image: &x d", "x: &x e"),
    *(
        "- image: f",
        "  image: g",
        "{image: i}",
        "[image: j]",
        '{"image":"k"}',
        '"image": h',
        "image",
        "a:",
        "b: c",
        ":a",
    ),
    *(
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "\n  - ",
        "- ",
        " ",
        "  ",
        "\r\n",
        "\r",
        "\t",
        "\x85",
        "\u2028",
        "\ufeff",
    ),
    *("{", "}", "[", "]", ",", ": ", ":", "'", '"', "''", "|", "|-", ">-", ">", "# c", " # c", "#", "&y ", "*y", "!t "),
    *(
        "!!str ",
        "---",
        "\n---\n",
        "...",
        "? ",
        "?",
        "%",
        "~",
        "null",
        "\\",
        "\\n",
        "-",
        "foo bar",
        "é",
        "a:b",
        "$$",
        "@",
    ),
]
PIECES_OF_YAML = st.lists(st.sampled_from(_YAML), max_size=14).map("".join)

_KEYS = ("image", "dockerfile_inline", "name", "command", "spec", "x-a", '"image"', "'image'", "image ", "a b")
_VALUES = (
    *("FROM a", "'FROM a'", "|\n      FROM a\n      FROM b", "|-\n\n      FROM a", ">-\n      FROM a", "|+\n"),
    *(
        "nginx:1.13",
        "'py:3'",
        '"r:4"',
        "${T:-a}",
        "a$$b",
        "it's",
        "'it''s'",
        "-1",
        "3.6",
        "http://x/y?z=1",
        "a, b",
        "a]",
    ),
    *("|\n      text\n      image: no", "|-\n      redis:4", ">-\n      redis:4\n      more", "|\n  image: no", "|-"),
    *(
        "[a, b, 'c']",
        "{image: q:1, name: b}",
        '{a: {image: "z"}}',
        "[{image: w}, {x: [1,2]}]",
        "{\n  image: x,\n  b: c }",
    ),
    *(
        "",
        "",
        "&a",
        "&b val",
        "*b",
        "*a",
        "~",
        "null",
        "!x y",
        "!!str 5",
        "a # image: no",
        "#c",
        " # c",
        "- no",
        "a: b",
    ),
    *(
        "'two\n      lines'",
        '"two\n image: no\n  lines"',
        "plain\n      goes on\n      - and on",
        '"a\\nb"',
        '"\\d"',
        "@x",
    ),
)


@st.composite
def _lines(draw: st.DrawFn) -> str:
    """Keys and items with values, usually indented as YAML wants it."""
    column, lines = 0, []
    for _ in range(draw(st.integers(1, 8))):
        item = draw(st.sampled_from(("", "", "", "- ")))
        key, value = draw(st.sampled_from(_KEYS)), draw(st.sampled_from(_VALUES))
        lines.append(f"{' ' * column}{item}{key}:{' ' if value else ''}{value}")
        deeper = [column + 2] * 3 if not value else []
        column = draw(st.sampled_from([column + len(item)] * 4 + deeper + [max(column - 2, 0), 0]))
    return "\n".join(lines)


YAML_FILES = st.one_of(_lines(), PIECES_OF_YAML)
