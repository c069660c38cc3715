"""Finds the images that Dockerfiles, compose files and Kubernetes manifests name, and pins those of Dockerfiles.

Reads no archive, and never runs anything.
"""

from __future__ import annotations

from collector.dockerfiles.dockerfile import NamedImage, parse_dockerfile
from collector.dockerfiles.files import MAX_BYTES, find_files, parse_images, read_images
from collector.dockerfiles.pins import Pin, write_pins
from collector.dockerfiles.yaml_files import parse_yaml

__all__ = [
    "MAX_BYTES",
    "NamedImage",
    "Pin",
    "find_files",
    "parse_dockerfile",
    "parse_images",
    "parse_yaml",
    "read_images",
    "write_pins",
]
