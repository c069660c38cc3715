FROM hello-world:latest AS hello
FROM alpine:3.7 AS one
FROM one AS two
FROM two AS three
COPY --from=hello /hello /hello
COPY --from=0 /hello /again
FROM python:3.6-slim AS last
COPY --from=three /hello /hello
