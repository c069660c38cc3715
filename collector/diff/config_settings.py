"""The settings of a config, from its own fields or from the steps that set them."""

from __future__ import annotations

from collector.diff.healthchecks import healthcheck_words
from collector.diff.step_settings import Settings, settings_of
from collector.model.images import Config, Runtime


def settings_of_config(config: Config) -> Settings:
    """All settings. The maintainer comes from the steps, because a config has no field for it."""
    by_steps = _by_steps(config)
    if config.runtime is None:
        return by_steps
    return {key: value for key, value in by_steps.items() if key[0] == "maintainer"} | _by_fields(config.runtime)


def comparable_settings(before: Config, after: Config) -> tuple[Settings, Settings]:
    """The settings of both, in a form in which every difference is a change.

    A page shows only steps, and the fields of a config have settings that no step shows (from a squashed base, or from
    the command line of the build). So if one of the two comes from a page, the settings of both are read from their
    steps. The fields of the other are used only for settings that the page's steps set and its own steps do not.
    """
    if (before.runtime is None) == (after.runtime is None):
        return settings_of_config(before), settings_of_config(after)
    page, other = (before, after) if before.runtime is None else (after, before)
    if not page.history or other.runtime is None:
        return {}, {}
    of_page, of_other = _by_steps(page), _by_steps(other)
    fields = _by_fields(other.runtime)
    for key in of_page.keys() & fields.keys() - of_other.keys():
        # A step contains fewer fields of the health check.
        of_other[key] = of_page[key] if key[0] == "healthcheck" else fields[key]
    return (of_page, of_other) if page is before else (of_other, of_page)


def _by_steps(config: Config) -> Settings:
    return settings_of(step.text for step in config.history)


def _by_fields(runtime: Runtime) -> Settings:
    settings: Settings = {}
    for entry in runtime.environment:
        name, _, value = entry.partition("=")
        settings["environment", name] = value
    for port in runtime.exposed_ports:
        with_protocol = port if "/" in port else f"{port}/tcp"
        settings["exposed_port", with_protocol] = with_protocol
    settings.update({("volume", volume): volume for volume in runtime.volumes})
    if runtime.working_directory:
        settings["working_directory", ""] = runtime.working_directory
    if runtime.user:
        settings["user", ""] = runtime.user
    if runtime.stop_signal:
        settings["stop_signal", ""] = runtime.stop_signal
    if runtime.healthcheck:
        settings["healthcheck", ""] = healthcheck_words(runtime.healthcheck)
    settings.update({("on_build", step): step for step in runtime.on_build})
    if runtime.stop_timeout is not None:
        settings["stop_timeout", ""] = f"{runtime.stop_timeout} s"
    settings.update({("label", name): value for name, value in runtime.labels})
    return settings
