"""Logins: credentials, tokens, and the files in which Docker and Podman keep them."""
