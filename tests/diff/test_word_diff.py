from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.diff.changes import Segment
from collector.diff.word_diff import MAX_COMPARED, bounded, compare_words, likeness


def shown(before: str, after: str) -> str:
    return " ".join(f"{segment.op}<{segment.text}>" for segment in compare_words(before, after))


def test_a_long_run_with_one_new_version_reads_as_that_version() -> None:
    start, end = "RUN set -ex" + " \t&& mkdir -p /usr/src" * 20, " \t&& make install" * 100
    step = f"{start} \t&& wget https://www.python.org/ftp/python-{{}}.tar.xz{end}"
    segments = compare_words(step.format("3.6.3"), step.format("3.6.4"))
    assert [segment for segment in segments if segment.op in "-+"] == [Segment("-", "3.6.3"), Segment("+", "3.6.4")]
    assert sum(len(segment.text) for segment in segments) < 150
    assert (segments[0].op, segments[-1].op) == ("…", "…")


def test_omitted_words_are_counted() -> None:
    kept = " a" * 300
    left_out = [int(segment.text) for segment in compare_words(f"RUN x{kept}", f"RUN y{kept}") if segment.op == "…"]
    shown_text = [segment.text for segment in compare_words(f"RUN x{kept}", f"RUN y{kept}") if segment.op == "="]
    assert sum(left_out) + sum(map(len, shown_text)) == len(f"RUN{kept}")


def test_versions_digests_and_revisions_stay_whole() -> None:
    assert shown("RUN a 3.6.4rc1 b", "RUN a 3.6.4 b") == "=<RUN a> -< 3.6.4rc1> +< 3.6.4> =< b>"
    assert shown("go1.9.2.linux", "go1.9.3.linux") == "-<go1.9.2> +<go1.9.3> =<.linux>"
    assert shown("file:" + "ab1" * 20, "file:" + "ab2" * 20) == f"=<file:> -<{'ab1' * 20}> +<{'ab2' * 20}>"
    assert shown("jdk=8u151-b12-1~deb9u1", "jdk=8u162-b12-1~deb9u1") == "=<jdk=> -<8u151> +<8u162> =<-b12-1~deb9u1>"


def test_characters_outside_ascii_are_words_of_their_own_in_any_version_of_unicode() -> None:
    assert shown("RUN a né→→b", "RUN a nè→→b") == "=<RUN a n> -<é> +<è> =<→→b>"
    newest = "\U0001c89a"  # a letter since Unicode 16
    assert shown(f"a x{newest}y b", f"a z{newest}w b") == f"=<a> -< x> +< z> =<{newest}> -<y> +<w> =< b>"


def test_added_and_removed_words() -> None:
    assert shown("RUN apk add curl", "RUN apk add tar curl") == "=<RUN apk add> +< tar> =< curl>"
    assert shown("RUN apk add tar curl", "RUN apk add curl") == "=<RUN apk add> -< tar> =< curl>"


def test_changes_with_mere_punctuation_between_them_are_one() -> None:
    assert shown("RUN get one/two", "RUN get three/four") == "=<RUN get> -< one/two> +< three/four>"


def test_white_space_is_not_a_difference() -> None:
    assert shown("RUN a \t\tb", "RUN a b") == "=<RUN a b>"


def test_texts_too_long_to_compare_are_shown_as_replaced_and_cut() -> None:
    before, after = "RUN a " + "x " * MAX_COMPARED, "RUN b " + "x " * MAX_COMPARED
    assert compare_words(before, after) == (Segment("-", bounded(before)), Segment("+", bounded(after)))
    assert len(bounded(before)) == 8_001
    assert likeness(before, after) == 0.0


def test_texts_that_differ_everywhere_are_shown_as_replaced() -> None:
    before, after = (" ".join(f"{letter}{number}" for number in range(2_000)) for letter in "ab")
    assert [segment.op for segment in compare_words(before, after)] == ["-", "+"]


def test_likeness_is_the_share_of_words_in_common() -> None:
    assert likeness("RUN a b c", "RUN a b d") == 0.75
    assert likeness("RUN a", "RUN a") == 1.0
    assert likeness("", "") == 0.0


TEXTS = st.text(alphabet="ab1. -/\t&", max_size=40)


@given(TEXTS, TEXTS)
def test_kept_and_removed_words_are_the_text_before_and_kept_and_added_the_text_after(before: str, after: str) -> None:
    segments = compare_words(before, after)
    assert "".join(segment.text for segment in segments if segment.op in "=+") == after
    kept_and_removed = "".join(segment.text for segment in segments if segment.op in "=-")
    assert kept_and_removed.split() == before.split() or "".join(kept_and_removed.split()) == "".join(before.split())


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(segment.op == "=" for segment in compare_words(text, text))
