"""The addresses of pages and files about packages."""

from __future__ import annotations

LIST = "packages/"
"""The folder of a package list, below its platform's page."""
