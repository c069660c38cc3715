"""Linters for files that other services read: unsafe parts, and parts that their schemas reject."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import kubernetes_validate

_KUBERNETES = "1.33"
"""A version whose schemas every release of the linter brings."""


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


def kubernetes(resource: object) -> str:
    """What Kubernetes would refuse in a resource: also a name that it does not know."""
    try:
        kubernetes_validate.validate(resource, _KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return str(error.message)
    return ""
