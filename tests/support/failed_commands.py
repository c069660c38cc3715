"""The output of failed commands in the reports of tests."""

from __future__ import annotations

import subprocess

import pytest


def show_output(report: pytest.TestReport, error: BaseException | None) -> None:
    """Add the output of a failed command to the report, because `CalledProcessError` shows only its exit code."""
    if not isinstance(error, subprocess.CalledProcessError | subprocess.TimeoutExpired):
        return
    for name, output in (("stdout", error.stdout), ("stderr", error.stderr)):
        if output:
            text = output.decode(errors="replace") if isinstance(output, bytes) else output
            report.sections.append((f"{name} of the command", text))
