# syntax=docker/dockerfile:1.4
FROM alpine:3.6 AS prepare
RUN <<EOF
set -e
apk add --no-cache tar
echo "FROM nothing:1" > /not-a-dockerfile
EOF
COPY <<nginx.conf /etc/nginx/nginx.conf
FROM is not an instruction here
nginx.conf

FROM alpine:3.7
COPY --from=prepare /not-a-dockerfile /
