"""Linters for files that other services read. They find unsafe parts, and parts that a schema rejects."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import kubernetes_validate

_KUBERNETES = "1.33"
"""A version that every release of the linter has schemas for."""


def _findings(*command: str | Path) -> str:
    """The findings of a linter; empty if there are none."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def zizmor(*paths: Path) -> str:
    """The unsafe parts of workflows and of Dependabot's settings."""
    return _findings(Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--quiet", *paths)


def schema(name: str, *paths: Path) -> str:
    """The parts that do not match a schema: `github-workflows`, `gitlab-ci` or `dependabot`."""
    return _findings(sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", *paths)


def kubernetes(resource: object) -> str:
    """The error with which Kubernetes would refuse a resource, also for an unknown field; empty if it accepts it."""
    try:
        kubernetes_validate.validate(resource, _KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return str(error.message)
    return ""
