from __future__ import annotations

import pytest

from collector.diff.base_image import base_length, root_version
from collector.model.images import Step
from collector.model.times import Time
from tests.diff.builders import DAY, ROOT


def length(*texts: str, created: tuple[str, ...] = ()) -> int:
    times = [Time(time) for time in created] or [DAY] * len(texts)
    return base_length([Step(created=time, text=text) for time, text in zip(times, texts, strict=True)])


def test_a_command_with_files_made_after_it_ends_a_base() -> None:
    assert length(ROOT, 'CMD ["bash"]', "ENV A=1", "RUN a", 'CMD ["a"]') == 2


def test_the_last_such_command_ends_the_nearest_base() -> None:
    assert length(ROOT, 'CMD ["bash"]', "RUN a", 'CMD ["php" "-a"]', "RUN b", 'CMD ["b"]') == 4


def test_a_command_at_the_end_is_the_image_s_own() -> None:
    assert length(ROOT, 'CMD ["sh"]') == 0
    assert length(ROOT, 'CMD ["sh"]', "ENV A=1", 'CMD ["bash"]') == 0
    assert length(ROOT, "RUN set -xe", "RUN mkdir -p /run/systemd", 'CMD ["/bin/bash"]') == 0


def test_windows_is_a_base_without_a_command() -> None:
    windows = ("RUN Apply image 10.0.14393.0", "RUN Install update 10.0.14393.2007")
    assert length(*windows, "RUN cmd /S /C #(nop) COPY file:0 in C:", 'RUN cmd /S /C #(nop)  CMD ["cmd"]') == 2
    assert length(*windows) == 0


def test_a_root_filesystem_long_before_the_next_step_is_a_base() -> None:
    early, late = "2016-06-23T19:55:18Z", "2016-06-23T20:17:11Z"
    assert length(ROOT, "ENV A=1", "RUN apk add curl", created=(early, late, late)) == 1
    assert length(ROOT, "ENV A=1", "RUN apk add curl", created=(early, early, early)) == 0


DEBIAN = "RUN # debian.sh --arch 'amd64' out/ 'bookworm' '@1787529600'"
BUSYBOX = "RUN BusyBox 1.37.0 (glibc), Buildroot 2024.08, Debian 13"


@pytest.mark.parametrize("root", [DEBIAN, f"{DEBIAN} # buildkit", BUSYBOX])
def test_a_first_step_that_names_what_made_its_root_is_a_base(root: str) -> None:
    assert length(root, "RUN apt-get update", 'CMD ["a"]') == 1
    assert length(root, "ENV A=1") == 1
    assert length(root) == 0
    assert length(root, 'CMD ["sh"]') == 0
    assert length(root, "RUN a", 'CMD ["a"]', "RUN b") == 3
    assert length("RUN a", root, "RUN b") == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (DEBIAN, ("debian bookworm", "2026-08-24")),
        (BUSYBOX, ("BusyBox", "1.37.0")),
        ("RUN # debian.sh --arch 'amd64' out/ 'bookworm' '@17875296001787529600'", ("", "")),
        ("RUN # debian.sh", ("", "")),
        (ROOT, ("", "")),
    ],
)
def test_the_version_of_a_root_filesystem(text: str, found: tuple[str, str]) -> None:
    assert root_version(text) == found


def test_dates_outside_the_calendar_are_ignored() -> None:
    assert length(ROOT, "RUN apk add curl", created=("2016-02-31T00:00:00Z", "2016-06-23T20:17:11Z")) == 0


def test_steps_without_a_base_have_length_zero() -> None:
    assert length() == 0
    assert length("CMD a") == 0
    assert length("CMD a", "RUN b") == 0
