FROM alpine:3.7
COPY --from=hello-world:latest /hello /usr/local/bin/hello
COPY --chown=1000:1000 --from=alpine:3.5 /etc/alpine-release /old-release
