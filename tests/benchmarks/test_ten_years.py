"""The row of ten years: its usual day, its disk use, and the commands that it takes from the guide."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sending import choose_days, sending_commands
from benchmarks.sizes import occupied


def test_a_usual_day_is_of_the_median_number_of_observations() -> None:
    days = {"2017-01-01": 5, "2017-01-02": 5, "2017-01-03": 900, "2017-01-05": 7, "2017-01-09": 1}
    assert choose_days(days) == ("2017-01-01", "2017-01-02")
    assert choose_days({**days, "2017-01-11": 8}) == ("2017-01-03", "2017-01-05")


def test_space_is_counted_in_whole_blocks_with_folders(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    empty = occupied(tmp_path)
    (tmp_path / "one" / "file").write_bytes(b"x")
    (tmp_path / "hole").touch()
    assert occupied(tmp_path) >= empty + 512
    assert occupied(tmp_path) % 512 == 0


def test_the_commands_are_those_of_the_guide_after_the_build() -> None:
    lines = sending_commands().splitlines()
    assert [line.split()[1] for line in lines] == ["copyto", "copy", "copy", "delete", "copyto"]
    assert lines[1].startswith("rclone copy site ")
