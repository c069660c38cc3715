"""Steps in configs, from builders with and without a Dockerfile."""

from __future__ import annotations

import pytest

from collector.model.configs import instruction_of, step_of


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ('/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("|1 VERSION=3 /bin/sh -c make", "RUN make"),
        ("RUN /bin/sh -c make # buildkit", "RUN /bin/sh -c make # buildkit"),
        ('CMD ["bash"]', 'CMD ["bash"]'),
        ("COPY a /b # buildkit", "COPY a /b # buildkit"),
        ("/bin/bash -o pipefail -c make", "RUN /bin/bash -o pipefail -c make"),
        ("|1 A=b /bin/ash -c make", "RUN |1 A=b /bin/ash -c make"),
        ("powershell -Command Write-Host", "RUN powershell -Command Write-Host"),
        ("C:\\Windows\\System32\\cmd.exe /S /C dir", "RUN C:\\Windows\\System32\\cmd.exe /S /C dir"),
        ("cmd /S /C #(nop)  WORKDIR C:\\app", "RUN cmd /S /C #(nop)  WORKDIR C:\\app"),
        ("Apply image 1809-amd64", "RUN Apply image 1809-amd64"),
        ("Install update 10.0.17763.1", "RUN Install update 10.0.17763.1"),
        ("jib-maven-plugin:3.3.1", "jib-maven-plugin:3.3.1"),
        ("bazel build //app:layer", "bazel build //app:layer"),
        ("Layer: 'jre', Created by buildpack: a/b@9.0.0", "Layer: 'jre', Created by buildpack: a/b@9.0.0"),
        ("buildah", "buildah"),
    ],
)
def test_only_commands_of_a_build_are_runs(created_by: str, instruction: str) -> None:
    assert instruction_of(created_by) == instruction


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"created_by": "jib-maven-plugin:3.3.1", "comment": "classes"}, "jib-maven-plugin:3.3.1 # classes"),
        ({"created_by": "RUN make # buildkit", "comment": "buildkit.dockerfile.v0"}, "RUN make # buildkit"),
        ({"created_by": "/bin/sh -c make", "comment": "FROM docker.io/library/alpine:3.19"}, "RUN make"),
        ({"created_by": "bazel build //a"}, "bazel build //a"),
        ({"comment": "Imported from -"}, "Imported from -"),
        ({}, ""),
    ],
)
def test_the_comment_of_a_tool_is_part_of_its_step(entry: dict[str, object], text: str) -> None:
    assert step_of(entry).text == text
