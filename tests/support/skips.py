"""The rule that CI skips no test silently.

With CI=true or REPO_INFO_NO_SKIP=1, a skipped test counts as failed. The only exception is a test that needs the real
data, which is not part of the project. If REPO_INFO_DATA names a folder, it must exist (`tests/conftest.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

NO_DATA = "the real data is not here"
"""The beginning of the only reason that is allowed everywhere."""


def forbids_skips(environment: Mapping[str, str]) -> bool:
    return environment.get("CI", "").lower() in {"true", "1"} or environment.get("REPO_INFO_NO_SKIP") == "1"


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, unless the data is missing or the failure is expected."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not reason.removeprefix("Skipped: ").startswith(NO_DATA):
        report.outcome = "failed"
        report.longrepr = f"no test may skip here (CI or REPO_INFO_NO_SKIP is set), and this one did: {reason}"
