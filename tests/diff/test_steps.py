from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.diff.steps import align, describe_edit


def shown(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Kind and text of each edit; of a changed step the words that changed."""
    changes = [describe_edit(edit, before, after) for edit in align(before, after).edits]
    return [
        (change.kind, change.text or "".join(f"{word.op}{word.text}" for word in change.words if word.op in "-+"))
        for change in changes
    ]


def test_equal_steps_are_kept() -> None:
    steps = ["ADD file:0 in /", "RUN a", "RUN a"]
    assert align(steps, steps).kept == [(0, 0), (1, 1), (2, 2)]
    assert shown(steps, steps) == []


def test_added_removed_and_moved_steps() -> None:
    assert shown(["RUN a", "RUN c"], ["RUN a", "USER b", "RUN c"]) == [("added", "USER b")]
    assert shown(["RUN a", "USER b", "RUN c"], ["RUN a", "RUN c"]) == [("removed", "USER b")]
    assert shown(["USER a", "RUN make", "WORKDIR /b"], ["RUN make", "WORKDIR /b", "USER a"]) == [
        ("removed", "USER a"),
        ("added", "USER a"),
    ]


def test_a_rewritten_step_that_moved_past_a_kept_one_is_one_edit() -> None:
    """As that of python:3.6 on 2017-05-02: its RUN went before an ENV that stayed."""
    before = ["ENV P=1", "ENV S=1", "RUN get a && build b && test c && clean d", "RUN link x && link y"]
    after = ["RUN get a && build b && test c", "RUN link x && link y && link z", "ENV P=1"]
    assert [(kind, text.split()) for kind, text in shown(before, after)] == [
        ("changed", ["-", "&&", "clean", "d"]),
        ("changed", ["+", "&&", "link", "z"]),
        ("removed", ["ENV", "S=1"]),
    ]
    # What only moved did not change.
    assert shown(["RUN a", "USER b"], ["USER b", "RUN a"]) == [("removed", "RUN a"), ("added", "RUN a")]


def test_a_variable_that_changed_is_paired_with_itself() -> None:
    before = ["ENV PYTHON_VERSION=3.6.3", "ENV PYTHON_PIP_VERSION=9.0.1"]
    after = ["ENV PYTHON_PIP_VERSION=9.0.2", "ENV PYTHON_VERSION=3.6.4"]
    assert sorted(shown(before, after)) == [("changed", "-3.6.3+3.6.4"), ("changed", "-9.0.1+9.0.2")]


def test_another_variable_is_another_step() -> None:
    assert shown(["ENV A=1"], ["ENV B=1"]) == [("removed", "ENV A=1"), ("added", "ENV B=1")]


def test_copies_are_paired_by_destination() -> None:
    before = ["COPY file:aa in /bin/", "COPY file:bb in /etc/"]
    after = ["COPY file:cc in /etc/", "COPY file:dd in /lib/"]
    assert shown(before, after) == [
        ("removed", "COPY file:aa in /bin/"),
        ("changed", "-bb+cc"),
        ("added", "COPY file:dd in /lib/"),
    ]


def test_runs_are_paired_with_the_likest() -> None:
    before = ["RUN apk add curl tar xz", "RUN make install clean"]
    after = ["RUN make install clean all", "RUN apk add curl tar gzip", "RUN ldconfig -v"]
    assert shown(before, after) == [("changed", "+ all"), ("changed", "- xz+ gzip"), ("added", "RUN ldconfig -v")]


def test_runs_that_have_little_in_common_are_not_one_step() -> None:
    assert shown(["RUN apk add curl"], ["RUN ldconfig -v"]) == [
        ("removed", "RUN apk add curl"),
        ("added", "RUN ldconfig -v"),
    ]


STEPS = st.lists(
    st.sampled_from(["RUN a", "RUN a b c", "RUN a b d", "ENV A=1", "ENV A=2", "CMD x", "junk"]), max_size=9
)


@given(STEPS, STEPS)
def test_every_step_is_in_one_pair_or_edit(before: list[str], after: list[str]) -> None:
    alignment = align(before, after)
    lefts = [left for left, _ in alignment.kept] + [edit.before for edit in alignment.edits if edit.before is not None]
    rights = [right for _, right in alignment.kept] + [edit.after for edit in alignment.edits if edit.after is not None]
    assert sorted(lefts) == list(range(len(before)))
    assert sorted(rights) == list(range(len(after)))
    assert all(before[left] == after[right] for left, right in alignment.kept)


def test_thousands_of_other_steps_count_as_replaced() -> None:
    before, after = [f"RUN a{number}" for number in range(2_000)], [f"RUN b{number}" for number in range(2_000)]
    edits = align(["ENV A=1", *before], ["ENV A=1", *after]).edits
    assert len(edits) == 4_000
    assert all((edit.before is None) != (edit.after is None) for edit in edits)
