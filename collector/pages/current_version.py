"""The version of what a tag contains, as the image itself says: `PYTHON_VERSION 3.6.4`, since a release."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from collector.diff.config_settings import settings_of_config
from collector.model.images import Config
from collector.model.times import Time
from collector.releases import Release
from collector.releases.version_spans import variable_of

_MAX_VALUE = 40


class CurrentVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version that an image names."""

    variable: str
    """The environment variable: that of the image's own name, or the one that its releases move."""
    value: str
    since: Time
    """When the tag became this version, or when it was first seen."""


def current_version(image: str, config: Config, releases: Sequence[Release]) -> CurrentVersion | None:
    """The version of an image; None if it names none, or one that no reader would call a version.

    Args:
        image: its name, as `bitnami/redis`.
        config: of the image on its main platform.
        releases: of the tag, oldest first.
    """
    settings = settings_of_config(config)
    for variable in (variable_of(image), *_moved(releases)):
        value = settings.get(("environment", variable))
        if isinstance(value, str) and 0 < len(value) <= _MAX_VALUE and any(map(str.isdigit, value)):
            return CurrentVersion(variable=variable, value=value, since=_since(releases, variable, value))
    return None


def _moved(releases: Sequence[Release]) -> list[str]:
    """The variables that the newest release about a version moved."""
    newest = next((release for release in reversed(releases) if release.cause == "version"), None)
    return [one.name for reason in newest.reasons for one in reason.moved] if newest else []


def _since(releases: Sequence[Release], variable: str, value: str) -> Time:
    for release in reversed(releases):
        if any(one.name == variable and one.after == value for reason in release.reasons for one in reason.moved):
            return release.since
    return next((one.since for one in releases if one.cause == "first-seen"), releases[0].since)
