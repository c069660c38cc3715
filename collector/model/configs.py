"""Parses an image's config from its raw JSON (OCI image-spec, config.md; Docker's image-spec v1.3 for the rest)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.model.documents import MAX_ENTRIES, Json, parse_json, parse_platform_object
from collector.model.images import Config, Healthcheck, Runtime, Step
from collector.model.platforms import Platform
from collector.model.times import Time, parse_time

_UNKNOWN = Platform(os="unknown", architecture="unknown")
_NEVER = "0001-01-01"
_NOP = "/bin/sh -c #(nop)"
_SHELL = "/bin/sh -c "
_RAN = re.compile(
    r"\|[0-9]+ |(?:[^\s]*[/\\])?(?:ba|da|a|k|z)?sh(?:\.exe)? |(?:[^\s]*[/\\])?(?:cmd|powershell|pwsh)(?:\.exe)? "
    r"|Apply image |Install update ",
    re.IGNORECASE,
)
"""The beginnings of commands that a build ran: arguments, a shell, and the words of Windows' base images."""


def parse_config(digest: Digest, raw: bytes) -> Config:
    """Parse a config. Everywhere, null counts as absent.

    Raises:
        InvalidValue: it is not a JSON object.
    """
    return config_of(digest, parse_json(raw))


def config_of(digest: Digest, document: Json) -> Config:
    """A config from its JSON object."""
    runtime = document.get("config")
    runtime = runtime if isinstance(runtime, dict) else {}
    return Config(
        digest=digest,
        platform=parse_platform_object(document) or _UNKNOWN,
        history=tuple(_steps(document.get("history"))),
        docker_version=_text(document.get("docker_version")) or None,
        # An empty list counts as absent.
        entrypoint=_words(runtime.get("Entrypoint")) or None,
        cmd=_words(runtime.get("Cmd")) or None,
        shell=_words(runtime.get("Shell")) or None,
        built=_time(document.get("created")),
        runtime=Runtime(
            environment=_words(runtime.get("Env")) or (),
            labels=_pairs(runtime.get("Labels")),
            exposed_ports=_keys(runtime.get("ExposedPorts")),
            volumes=_keys(runtime.get("Volumes")),
            working_directory=_text(runtime.get("WorkingDir")),
            user=_text(runtime.get("User")),
            stop_signal=_text(runtime.get("StopSignal")),
            healthcheck=_healthcheck(runtime.get("Healthcheck")),
            on_build=_words(runtime.get("OnBuild")) or (),
            stop_timeout=_number(runtime["StopTimeout"]) if runtime.get("StopTimeout") is not None else None,
        ),
    )


def instruction_of(created_by: str) -> str:
    """The instruction of a history entry, in the form that repo-info has always used.

    `/bin/sh -c #(nop)  CMD ["bash"]` is `CMD ["bash"]`, `/bin/sh -c apt-get update` is `RUN apt-get update`, and
    arguments of a build before it (`|1 VERSION=3`) are removed. A text that already begins with an instruction stays,
    and so does the name of a tool that builds without a Dockerfile, such as `jib-maven-plugin:3.3.1`.
    """
    text = created_by
    if text.startswith("|") and (start := text.find(_SHELL)) >= 0:
        text = text[start:]
    if text.startswith(_NOP):
        return text[len(_NOP) :].lstrip() or text
    if text.startswith(_SHELL):
        return f"RUN {text[len(_SHELL) :].lstrip()}"
    return f"RUN {text}" if _RAN.match(text) and not _is_instruction(text) else text


def _is_instruction(text: str) -> bool:
    first = text.partition(" ")[0]
    return first.isupper() and first.isalpha()


def _steps(history: object) -> Iterator[Step]:
    """The steps; only the first of a very long history, because the image runs and must be found all the same."""
    entries = history[:MAX_ENTRIES] if isinstance(history, list) else []
    return (step_of(entry) for entry in entries if isinstance(entry, dict))


def step_of(entry: Json) -> Step:
    """A step from its entry in the history: its instruction, or the tool and its comment if there is no instruction."""
    created_by, comment = _text(entry.get("created_by")), _text(entry.get("comment"))
    text = instruction_of(created_by) if created_by else comment
    if comment and created_by and not _is_instruction(text):
        text = f"{text} # {comment}"
    return Step(
        created=_time(entry.get("created")),
        text=text,
        made_layer=entry.get("empty_layer") is not True,
    )


def _time(value: object) -> Time | None:
    """A time; None if it is missing, invalid, or Go's zero time."""
    if not isinstance(value, str) or value.startswith(_NEVER):
        return None
    try:
        return parse_time(value)
    except (InvalidValue, OverflowError):
        return None


def _words(value: object) -> tuple[str, ...] | None:
    """A list of words. If a tool writes a command as one text, it is one word."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        return None
    return tuple(word for word in value if isinstance(word, str))


def _keys(value: object) -> tuple[str, ...]:
    return tuple(sorted(value)) if isinstance(value, dict) else ()


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        return ()
    return tuple((name, text) for name, text in sorted(value.items()) if isinstance(text, str))


def _healthcheck(value: object) -> Healthcheck | None:
    if not isinstance(value, dict):
        return None
    return Healthcheck(
        test=_words(value.get("Test")) or (),
        interval=_number(value.get("Interval")),
        timeout=_number(value.get("Timeout")),
        retries=_number(value.get("Retries")),
        start_period=_number(value.get("StartPeriod")),
        start_interval=_number(value.get("StartInterval")),
    )


def _number(value: Any) -> int:
    """An integer in the range that all readers of JSON read alike (RFC 8259, section 6); real values are smaller."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
