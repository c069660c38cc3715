"""Requests to a registry: connections, hosts, redirects, rate limits, and the redaction of secrets."""
