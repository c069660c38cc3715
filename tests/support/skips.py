"""No test is left out in silence where somebody relies on the whole run.

With CI=true or REPO_INFO_NO_SKIP=1 a skipped test counts as failed. One reason is excepted: the real data, which is
no part of the project; and where REPO_INFO_DATA names a folder, that must be there too (`tests/conftest.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

NO_DATA = "the real data is not here"
"""How the reason of a skip begins that is allowed everywhere."""


def forbids_skips(environment: Mapping[str, str]) -> bool:
    return environment.get("CI", "").lower() in {"true", "1"} or environment.get("REPO_INFO_NO_SKIP") == "1"


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make the report of a skip one of a failure, unless it was for want of the data, or is an expected failure."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not reason.removeprefix("Skipped: ").startswith(NO_DATA):
        report.outcome = "failed"
        report.longrepr = f"no test may skip here (CI or REPO_INFO_NO_SKIP is set), and this one did: {reason}"
