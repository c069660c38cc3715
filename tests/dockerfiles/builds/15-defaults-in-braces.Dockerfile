ARG BASE
FROM ${BASE:-python:3.6-slim} AS app
ARG BASE=alpine:3.5
FROM alpine:${ALPINE:-3.7}
