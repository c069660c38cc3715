from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.failed_commands import show_output


@pytest.mark.parametrize("text", [True, False])
def test_a_failed_command_shows_what_it_printed(text: bool) -> None:
    script = "import sys; print('out'); sys.exit('err')"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=text)
    report = pytest.TestReport("name", ("file", 1, "name"), {}, "failed", None, "call")
    show_output(report, caught.value)
    assert report.sections == [("stdout of the command", "out\n"), ("stderr of the command", "err\n")]


def test_other_errors_have_no_such_output() -> None:
    report = pytest.TestReport("name", ("file", 1, "name"), {}, "failed", None, "call")
    show_output(report, AssertionError())
    show_output(report, None)
    assert report.sections == []
