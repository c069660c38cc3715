FROM --platform=$BUILDPLATFORM golang:1.9 AS build
ARG TARGETOS TARGETARCH
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .

FROM --platform=linux/amd64 alpine:3.7
COPY --from=build /app /app
