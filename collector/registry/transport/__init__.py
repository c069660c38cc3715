"""Requests to a registry: connections, hosts, redirects, rate limits, and what of it may be shown."""
