"""Synthetic archives of any size, with the proportions of a real one.

    python -m benchmarks.synthetic --tags 32000 --to DIR

The same arguments give the same bytes on every machine, because all numbers come from SHA-256 and integers. A history
with an earlier end is the beginning of one with a later end, journal by journal, as if `repo-info` had run in between.

The way through it: `plan` says which images there are, `bases` and `recipe` what they are made of, `updates` when they
are built anew, `tags` what points at them, `history` what is seen of that, and `pages` or `registry` write it down.
"""
