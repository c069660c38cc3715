# Comment
FROM index.docker.io/library/alpine:3.7
RUN true
