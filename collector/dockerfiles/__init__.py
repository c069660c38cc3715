"""Finds the images that a Dockerfile names, and pins them. Reads no archive, and never runs anything."""

from __future__ import annotations

from collector.dockerfiles.dockerfile import NamedImage, parse_dockerfile
from collector.dockerfiles.pins import Pin, write_pins

__all__ = ["NamedImage", "Pin", "parse_dockerfile", "write_pins"]
