"""Logins: credentials, tokens, and where Docker and Podman keep them."""
