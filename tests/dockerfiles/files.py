"""Files that name images, and what they name."""

from __future__ import annotations

from pathlib import Path

BUILDS = Path(__file__).with_name("builds")
"""Twenty Dockerfiles as people write them; a person read their images and lines."""
PINNED = "python:3.6-slim@sha256:a3b08174237fd5e247b0091ce0462cbfb10b73140b984b7cdebf2e16f9e0be28"
IMAGES: dict[str, list[tuple[int, str]]] = {
    "01-django": [(1, "python:3.6-slim")],
    "02-two-stages": [(2, "python:3.6"), (7, "python:3.6-slim")],
    "03-version-argument": [(4, "python:3.6-slim")],
    "04-pinned": [(1, PINNED)],
    "05-heredoc": [(2, "alpine:3.6"), (12, "alpine:3.7")],
    "06-copy-from-images": [(1, "alpine:3.7"), (2, "hello-world:latest"), (3, "alpine:3.5")],
    "07-mounts": [(1, "python:3.6"), (2, "alpine:3.6")],
    "08-windows-line-ends": [(1, "hello-world:nanoserver"), (6, "python:3.6-windowsservercore")],
    "09-escape-backtick": [(2, "python:3.6-windowsservercore")],
    "10-target-per-platform": [(1, "golang:1.9"), (5, "alpine:3.7")],
    "11-small-letters": [(1, "python:3.6")],
    "12-scratch": [(1, "alpine:3.6")],
    "13-private-registry": [
        (2, "registry.example.org:5000/team/base:2018.1"),
        (3, "ghcr.io/owner/tool:1"),
        (4, "alpine"),
    ],
    "14-continued-from": [(1, "python:3.6-slim")],
    "15-defaults-in-braces": [(2, "python:3.6-slim"), (4, "alpine:3.7")],
    "16-no-end-of-line": [(1, "docker.io/library/python:3-slim")],
    "17-byte-order-mark": [(2, "index.docker.io/library/alpine:3.7")],
    "18-quotes": [(2, "python:3.6-slim"), (3, "alpine:3.7")],
    "19-onbuild-and-comments": [(3, "python:3.6")],
    "20-many-stages": [(1, "hello-world:latest"), (2, "alpine:3.7"), (7, "python:3.6-slim")],
}

HEX = "a" * 64

FILES: dict[str, tuple[str, list[str]]] = {
    "one": ("FROM python:3.6\nRUN true\n", ["python:3.6"]),
    "no end of line": ("FROM python", ["python"]),
    "stages": (
        "FROM golang:1.9 AS build\nFROM build AS test\nFROM alpine:3.7\nCOPY --from=build /a /b\n",
        ["golang:1.9", "alpine:3.7"],
    ),
    "a stage in other letters": ("FROM golang:1.9 AS Build\nFROM BUILD\n", ["golang:1.9"]),
    "a stage's name before it is one": ("FROM build\nFROM golang:1.9 AS build\n", ["build", "golang:1.9"]),
    "scratch": ("FROM scratch\nCOPY a /\n", []),
    "a platform": ("FROM --platform=$BUILDPLATFORM golang:1.9 AS build\n", ["golang:1.9"]),
    "small letters": ("from python:3.6 as a\nfrom a\n", ["python:3.6"]),
    "a digest": (f"FROM python@sha256:{HEX}\n", [f"python@sha256:{HEX}"]),
    "a tag and a digest": (f"FROM ghcr.io/o/n:1@sha256:{HEX}\n", [f"ghcr.io/o/n:1@sha256:{HEX}"]),
    "an argument": ("ARG V=3.6\nFROM python:$V\n", ["python:3.6"]),
    "an argument in braces": ("ARG V=3.6\nFROM python:${V}-slim\n", ["python:3.6-slim"]),
    "a default of its own": ("ARG V\nFROM python:${V:-3.6}\n", ["python:3.6"]),
    "an alternative": ("ARG V=1\nFROM python:3.6${V:+-slim}\n", ["python:3.6-slim"]),
    "an argument of arguments": ('ARG A=3 B=6\nARG V="$A.$B"\nFROM python:${V}\n', ["python:3.6"]),
    "the whole name": ("ARG BASE=python:3.6\nFROM ${BASE}\n", ["python:3.6"]),
    "an argument without a default": ("ARG V\nFROM python:$V\nFROM alpine\n", ["", "alpine"]),
    "an argument of a stage": ("FROM alpine\nARG V=1\nFROM python:${V:-3.6}\n", ["alpine", "python:3.6"]),
    "quotes": ("FROM \"python:3.6\" AS a\nFROM 'alpine'\n", ["python:3.6", "alpine"]),
    "lines that go on": ("FROM \\\n  # a comment\n\n  python:3.6 \\\n  AS a\nFROM a\n", ["python:3.6"]),
    "another escape": ("# escape=`\nFROM `\n python:3.6\nRUN dir C:\\\nFROM alpine\n", ["python:3.6", "alpine"]),
    "an escape that comes too late": ("FROM alpine\n# escape=`\nRUN a \\\n FROM b\n", ["alpine"]),
    "line ends of Windows": ("FROM python:3.6\r\nRUN a \\\r\n  FROM b\r\nFROM alpine\r\n", ["python:3.6", "alpine"]),
    "a mark of byte order": ("\ufeffFROM python:3.6\n", ["python:3.6"]),
    "spaces and tabs": ("\t FROM\t python:3.6  \n", ["python:3.6"]),
    "a here-document": ("FROM alpine\nRUN <<EOF\nFROM no:1\nEOF\nFROM python\n", ["alpine", "python"]),
    "two here-documents": (
        'FROM alpine\nCOPY <<"A" <<-B /\nFROM no:1\nA\nFROM no:2\n\tB\nFROM python\n',
        ["alpine", "python"],
    ),
    "a here-document of a shell": ("FROM alpine\nRUN cat <<EOF > /a\nFROM no\nEOF\nFROM python", ["alpine", "python"]),
    "no here-document": ('FROM alpine\nRUN echo "a <<EOF b"\nFROM python\n', ["alpine", "python"]),
    "a here-document that does not end": ("FROM alpine\nRUN <<EOF\nFROM no\n", ["alpine"]),
    "copied from an image": (
        "FROM alpine AS a\nCOPY --chown=1:1 --from=nginx:1.13 /a /b\nCOPY --from=0 /a /b\nCOPY --from=a /a /b\n",
        ["alpine", "nginx:1.13"],
    ),
    "copied from a stage that follows": (
        "FROM alpine\nCOPY --from=Build /a /b\nRUN --mount=from=build true\nFROM golang:1.9 AS build\n",
        ["alpine", "golang:1.9"],
    ),
    "an escaped escape": ("FROM alpine\nRUN echo C:\\\\\nFROM python\n", ["alpine", "python"]),
    "mounted from an image": (
        "FROM alpine\nRUN --mount=type=bind,from=golang:1.9,target=/go --mount=type=cache,target=/c go build\n",
        ["alpine", "golang:1.9"],
    ),
    "a word that is no flag": ("FROM alpine\nRUN echo --mount=from=no --from=no\nCOPY a --from=no\n", ["alpine"]),
    "a registry with a port": (
        "FROM localhost:5000/app\nFROM [::1]:5000/app:1\n",
        ["localhost:5000/app", "[::1]:5000/app:1"],
    ),
    "digits of another script": ("FROM alpine\nCOPY --from=² /a /b\n", ["alpine", "²"]),
    "FROM alone": ("FROM\nFROM --platform=linux/amd64\n", []),
}

INLINE = """\
services:
  a:
    image: a:1
    build:
      dockerfile_inline: |

        ARG V=2
        FROM b:$$V AS c
        FROM c
        COPY --from=d:${W:-3} / /
        FROM $$X
    command: x
  b: {build: {dockerfile_inline: 'FROM e:4'}, image: f:5}
  c:
    build:
      dockerfile_inline: RUN true
  d:
    build:
      dockerfile_inline: |+

"""

_SQL = "  command: |\n    SELECT a\n    FROM b\n"
YAML_WITH_FROM: dict[str, str] = {
    "compose": f"services:\n a:\n  image: a:1\n{_SQL}",
    "comments": f"\ufeff# FROM\r\n\r\n  # b\r\n'x' :\n  image: a:1\n{_SQL}",
    "a document": f"---\na:\n  image: a:1\n{_SQL}",
    "a list": f"- x:\n- image: a:1\n{_SQL}",
}

COMPOSE = """\
services:
  web: &web
    image: "nginx:1.13"
    build: {context: ., dockerfile: Dockerfile}
  job:
    <<: *web
    image: 'python:${TAG:-3.6}'
  other:
    image: ${NOT_SET}
  none:
    image:
"""

MANIFESTS = """\
apiVersion: v1
kind: Pod
spec:
  initContainers:
  - {name: a, image: alpine:3.7}
  containers:
  - name: b
    image: >-
      redis:4
---
spec: {template: {spec: {containers: [{image: ghcr.io/owner/name@sha256:%s}]}}}
---
""" % ("a" * 64)

INVALID = [
    "a: [",
    "\tb: c",
    "a: *no",
    "&a [*a]: 1\n: :",
    "\x00",
    "{" * 5_000,
    "- " * 3_000,
    "!!python/object:os.system {}: [",
]
