"""Linters for files that other services read: unsafe parts, and parts that their schemas reject."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def _findings(*command: str | Path) -> str:
    """The output of a linter; empty without findings."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def zizmor(*paths: Path) -> str:
    """Unsafe parts of workflows and of Dependabot's settings."""
    return _findings(Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--quiet", *paths)


def schema(name: str, *paths: Path) -> str:
    """Parts that do not match a schema: `github-workflows`, `gitlab-ci` or `dependabot`."""
    return _findings(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", *paths)
