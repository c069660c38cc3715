"""Health checks as Go printed them on pages, and in words."""

from __future__ import annotations

import pytest

from collector.diff.config_settings import settings_of_config
from collector.diff.healthchecks import healthcheck_words, printed_healthcheck
from collector.model.configs import parse_config
from collector.model.digests import digest_of
from collector.model.images import Healthcheck


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ('&{["CMD" "true"] "5s" "0s" "0s" \'\\x00\'}', "true (every 5 s)"),
        ('&{["CMD-SHELL" "true"] "30s" "3s" \'\\x03\'}', "true (every 30 s, timeout 3 s, 3 retries)"),
        (
            '&{["CMD-SHELL" "wget -q \\"http://localhost\\" || exit 1"] "1m30s" "1.5s" "1m0s" "500ms" \'\\u0001\'}',
            'wget -q "http://localhost" || exit 1 (every 1 min 30 s, timeout 1.5 s, start period 1 min, '
            "start interval 0.5 s, 1 retry)",
        ),
        ('&{["CMD" "a" "b c"] "0s" "0s" "0s" "0s" \'\\n\'}', "a b c (10 retries)"),
        ('&{["CMD" "a"] "1h0m0s" "0s" "0s" "0s" \'!\'}', "a (every 60 min, 33 retries)"),
        ('&{[] "5s" "0s" \'\\x00\'}', "inherited from the base image (every 5 s)"),
        ('&{["CMD" "\\ud800\\x1b"] "0s" "0s" \'\\x00\'}', "\ufffd\x1b"),
    ],
)
def test_a_printed_health_check_is_read(printed: str, words: str) -> None:
    check = printed_healthcheck(printed)
    assert check is not None
    assert healthcheck_words(check) == words


@pytest.mark.parametrize(
    "text", ["CMD true", "&{[CMD true]}", "NONE", '&{["a] "0s" "0s" \'\\x00\'}', '&{["CMD" "' + "x" * 5000 + '"]}', ""]
)
def test_another_form_is_left_as_it_is(text: str) -> None:
    assert printed_healthcheck(text) is None


def test_the_fields_of_a_config_give_the_words_of_its_step() -> None:
    raw = (
        b'{"os": "linux", "architecture": "amd64", "config": {"OnBuild": ["COPY . /app"], "StopTimeout": 5, '
        b'"Healthcheck": {"Test": ["CMD", "true"], "Interval": 30000000000, "StartPeriod": 60000000000, '
        b'"StartInterval": 1000000000, "Retries": 3}}}'
    )
    settings = settings_of_config(parse_config(digest_of(raw), raw))
    step = printed_healthcheck('&{["CMD" "true"] "30s" "0s" "1m0s" "1s" \'\\x03\'}')
    assert step == Healthcheck(
        test=("CMD", "true"), interval=30 * 10**9, start_period=60 * 10**9, start_interval=10**9, retries=3
    )
    assert settings == {
        ("healthcheck", ""): healthcheck_words(step),
        ("on_build", "COPY . /app"): "COPY . /app",
        ("stop_timeout", ""): "5 s",
    }
