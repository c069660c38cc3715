"""The classic form: repo-info's own Markdown pages, from text to values and back, byte for byte.

A page is a heading, what the tag points at, and one section per platform. The form grew over the
years (per-platform digests in 2017, the number of platforms in 2024); all of them are read, and all
of them are written again exactly. What cannot be read or not be written again exactly is for the
caller to keep unchanged.
"""
