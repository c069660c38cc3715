ARG IMAGE="python:3.6-slim"
FROM $IMAGE AS quoted
FROM "alpine:3.7"
