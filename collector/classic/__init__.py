"""The classic form: repo-info's own Markdown pages, from text to values and back, byte for byte.

A page consists of a heading, what the tag points at, and one section per platform. The form changed over the years
(digests of platforms in 2017, the number of platforms in 2024). Every form is read, and written again exactly. If that
fails for a page or a section, the caller keeps its text.
"""
