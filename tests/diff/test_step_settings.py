"""Most of these lines occur in real pages."""

from __future__ import annotations

import pytest

from collector.diff.changes import SettingChange
from collector.diff.instructions import bare_step, split_step
from collector.diff.step_settings import (
    compare_settings,
    parse_labels,
    parse_ports,
    parse_variables,
    parse_volumes,
    settings_of,
)


@pytest.mark.parametrize(
    ("text", "instruction", "rest"),
    [
        ("ENV LANG=C.UTF-8", "ENV", "LANG=C.UTF-8"),
        ('RUN cmd /S /C #(nop)  CMD ["cmd" "/C" "type C:\\\\hello.txt"]', "CMD", '["cmd" "/C" "type C:\\\\hello.txt"]'),
        ("RUN powershell -Command $x = 'Stop'; #(nop)  ENV GOPATH=C:\\gopath", "ENV", "GOPATH=C:\\gopath"),
        ("ADD alpine-minirootfs-3.24.2-x86_64.tar.gz / # buildkit", "ADD", "alpine-minirootfs-3.24.2-x86_64.tar.gz /"),
        ("RUN Apply image 10.0.14393.0", "RUN", "Apply image 10.0.14393.0"),
        ("# debian.sh --arch 'amd64'", "", "# debian.sh --arch 'amd64'"),
        ("", "", ""),
        ("VOLUME", "VOLUME", ""),
    ],
)
def test_a_step_is_an_instruction_and_the_rest(text: str, instruction: str, rest: str) -> None:
    assert split_step(text) == (instruction, rest)


def test_comments_of_builders_are_left_out() -> None:
    assert bare_step("ADD file:0 in / ") == "ADD file:0 in /"
    assert bare_step("RUN apk add curl # buildkit") == "RUN apk add curl"
    assert bare_step("RUN cmd /S /C #(nop) WORKDIR C:\\gnatsd") == "WORKDIR C:\\gnatsd"


@pytest.mark.parametrize(
    ("rest", "variables"),
    [
        ("PYTHON_VERSION=3.6.4", {"PYTHON_VERSION": "3.6.4"}),
        ("PATH=/usr/local/bin:/usr/bin", {"PATH": "/usr/local/bin:/usr/bin"}),
        ("PHP_LDFLAGS=-Wl,-O1 -Wl,--hash-style=both -pie", {"PHP_LDFLAGS": "-Wl,-O1 -Wl,--hash-style=both -pie"}),
        ("PHP_SHA256=6c6c PHP_MD5=", {"PHP_SHA256": "6c6c", "PHP_MD5": ""}),
        ("RABBITMQ_LOGS=- RABBITMQ_SASL_LOGS=-", {"RABBITMQ_LOGS": "-", "RABBITMQ_SASL_LOGS": "-"}),
        ("PHPIZE_DEPS=autoconf \t\tfile \t\tg++", {"PHPIZE_DEPS": "autoconf \t\tfile \t\tg++"}),
        ("URL=https://a.example/?action=download&filename=", {"URL": "https://a.example/?action=download&filename="}),
        ("LAUNCHER_DEBUG=-Djvmcheck=nofail", {"LAUNCHER_DEBUG": "-Djvmcheck=nofail"}),
        ("JAVA_OPTS=-a level=3", {"JAVA_OPTS": "-a level=3"}),
        ("lower=1 UPPER=2", {"lower": "1", "UPPER": "2"}),
        ("NODE_ENV $NODE_ENV", {"NODE_ENV": "$NODE_ENV"}),
        ("NODE_ENV", {"NODE_ENV": ""}),
        ("", {}),
    ],
)
def test_variables(rest: str, variables: dict[str, str]) -> None:
    assert parse_variables(rest) == variables


@pytest.mark.parametrize(
    ("rest", "labels"),
    [
        (
            "maintainer=NGINX Docker Maintainers <docker-maint@nginx.com>",
            {"maintainer": "NGINX Docker Maintainers <docker-maint@nginx.com>"},
        ),
        (
            "name=CentOS Base Image vendor=CentOS license=GPLv2 build-date=20180107",
            {"name": "CentOS Base Image", "vendor": "CentOS", "license": "GPLv2", "build-date": "20180107"},
        ),
        ("org.opencontainers.image.version=24.04", {"org.opencontainers.image.version": "24.04"}),
    ],
)
def test_labels(rest: str, labels: dict[str, str]) -> None:
    assert parse_labels(rest) == labels


@pytest.mark.parametrize(
    ("rest", "ports"),
    [
        ("80/tcp", ["80/tcp"]),
        ("25672/tcp 4369/tcp", ["25672/tcp", "4369/tcp"]),
        ("map[8080/tcp:{} 53/udp:{}]", ["8080/tcp", "53/udp"]),
        ("[80/tcp]", ["80/tcp"]),
        ("80", ["80/tcp"]),
        ("8000-8010/tcp", ["8000-8010/tcp"]),
    ],
)
def test_ports(rest: str, ports: list[str]) -> None:
    assert parse_ports(rest) == ports


@pytest.mark.parametrize(
    ("rest", "volumes"),
    [
        ("[/data]", ["/data"]),
        ("[/data /datalog]", ["/data", "/datalog"]),
        ('["/data", "/log files"]', ["/data", "/log files"]),
        ("/data /log", ["/data", "/log"]),
        (r"[C:\data D:\log]", [r"C:\data", r"D:\log"]),
    ],
)
def test_volumes(rest: str, volumes: list[str]) -> None:
    assert parse_volumes(rest) == volumes


def test_a_long_run_that_no_path_follows_is_one_volume() -> None:
    rest = "," * 1_000_000 + "x"
    assert parse_volumes(rest) == [rest]


def test_the_last_step_wins_and_sets_grow() -> None:
    steps = [
        "ENV A=1 B=2",
        "ENV A=3",
        "EXPOSE 80/tcp",
        "EXPOSE 443/tcp 80/tcp",
        "VOLUME [/data]",
        "WORKDIR /usr/src",
        "WORKDIR app",
        "USER [groovy]",
        "USER [1000]",
        "STOPSIGNAL [SIGTERM]",
        "MAINTAINER Jane Doe <jane@example.com>",
        'HEALTHCHECK &{["CMD-SHELL" "true"] "5s" "0s" "0s" \'\\x00\'}',
        "RUN USER=root make",
        "ENV",
    ]
    assert settings_of(steps) == {
        ("environment", "A"): "3",
        ("environment", "B"): "2",
        ("exposed_port", "80/tcp"): "80/tcp",
        ("exposed_port", "443/tcp"): "443/tcp",
        ("volume", "/data"): "/data",
        ("working_directory", ""): "/usr/src/app",
        ("user", ""): "1000",
        ("stop_signal", ""): "SIGTERM",
        ("maintainer", ""): "Jane Doe <jane@example.com>",
        ("healthcheck", ""): "true (every 5 s)",
    }


def test_directories_of_windows_and_a_healthcheck_taken_back() -> None:
    steps = [r"WORKDIR C:\gopath", r"WORKDIR C:\gnatsd", "HEALTHCHECK &{[CMD true]}", 'HEALTHCHECK &{["NONE"]}']
    assert settings_of(steps) == {("working_directory", ""): r"C:\gnatsd"}


def test_settings_added_removed_and_changed() -> None:
    before = settings_of(["ENV A=1 B=2", "EXPOSE 80/tcp", "USER a", "LABEL x=1"])
    after = settings_of(["ENV A=1 B=3", "EXPOSE 443/tcp", "WORKDIR /app", "LABEL x=1 y=2"])
    assert compare_settings(before, after) == [
        SettingChange(kind="environment", name="B", before="2", after="3"),
        SettingChange(kind="exposed_port", after="443/tcp"),
        SettingChange(kind="exposed_port", before="80/tcp"),
        SettingChange(kind="label", name="y", after="2"),
        SettingChange(kind="user", before="a"),
        SettingChange(kind="working_directory", after="/app"),
    ]


def test_an_empty_variable_is_not_a_removed_one() -> None:
    assert compare_settings(settings_of(["ENV A=1"]), settings_of(["ENV A="])) == [
        SettingChange(kind="environment", name="A", before="1", after="")
    ]
