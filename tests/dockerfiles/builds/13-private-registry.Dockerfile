ARG REGISTRY=registry.example.org:5000
FROM ${REGISTRY}/team/base:2018.1
FROM ghcr.io/owner/tool:1
FROM alpine
