"""repo-info: what container image tags contained over time, kept and published."""

__version__ = "0.1.0"
