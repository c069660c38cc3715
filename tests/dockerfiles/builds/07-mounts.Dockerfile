FROM python:3.6 AS build
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=bind,from=alpine:3.6,source=/etc,target=/mnt/etc \
    pip install tox
