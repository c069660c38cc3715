from python:3.6 as base
run python --version

from base as test
run python -m unittest

from base
cmd python
